"""Data that leaves the project and comes back: sheets for coders."""
