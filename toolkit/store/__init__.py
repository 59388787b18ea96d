"""Finished stages and vectors, addressed by what made them."""
