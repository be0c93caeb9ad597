"""Personal data: sealed, found by keyed index, masked, erased."""
