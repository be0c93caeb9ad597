"""What is decided: rule sets and orders of a stated shape, drawn from a stated seed."""
