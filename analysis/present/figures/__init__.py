"""Figures, one module per comparison."""
