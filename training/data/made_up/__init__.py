"""Products that do not exist: bottles, cans, jars, tubs and cartons with their labels, seen from all sides."""

from training.data.made_up.products import product, view

__all__ = ["product", "view"]
