"""Backups: everything of a store in a folder that stands for itself, and its way back."""
