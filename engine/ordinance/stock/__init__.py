"""Stock: where goods are, who may have them, and which warehouse ships."""
