"""Regime Workbench."""
