"""A database server that stops hard and starts again while several processes take orders."""
