"""Two shops in one store, which have everything in common but their name."""
