"""One module per engine that is measured: the same rules, by its own best means."""
