"""Effects: how something is done outside, tried again, and left alone for a while."""
