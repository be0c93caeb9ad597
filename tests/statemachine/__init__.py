"""A shop against a plain model of it, step by step, with Hypothesis choosing the steps (T1)."""
