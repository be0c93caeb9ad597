"""Service: cancellations, after-sale cases, remedies, and matching returns to purchases."""
