"""Effects: what is asked for outside, under every fault that a port can have."""
