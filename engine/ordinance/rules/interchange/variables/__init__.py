"""The typed variables of `business-rules`: their operators, in our conditions and back."""
