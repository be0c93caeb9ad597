"""The expression language of JDM tables: reading cells into conditions and writing them back."""
