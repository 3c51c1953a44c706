"""Comparisons: two or more sides in, tidy tables out. Pure functions; nothing here draws or writes."""
