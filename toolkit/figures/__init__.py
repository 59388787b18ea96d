"""Figures as SVG with the table behind each."""
