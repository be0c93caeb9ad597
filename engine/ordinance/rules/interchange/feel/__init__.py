"""FEEL, the expression language of DMN tables: reading cells into conditions and writing them."""
