"""Texts to unit vectors, by the model that the config names."""
