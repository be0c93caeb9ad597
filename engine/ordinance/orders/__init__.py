"""Orders: what a store hands over, the record that grows from it, and its states."""
