"""What is measured: deciding, ranking, explaining, starting, and the memory that rules take."""
