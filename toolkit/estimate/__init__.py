"""Shares of themes and codes with intervals that respect documents."""
