"""What the documents hold that is not written by hand: made from the code and from real runs."""
