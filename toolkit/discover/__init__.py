"""Themes found in vectors, with the evidence that they come back."""
