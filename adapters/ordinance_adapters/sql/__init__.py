"""What a store in SQL is, whichever database runs it: its statements, rows and reads."""
