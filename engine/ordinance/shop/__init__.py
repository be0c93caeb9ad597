"""The commands and questions of a shop, grouped by who brings them."""
