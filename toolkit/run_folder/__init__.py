"""The run folder: its manifest, how it is written whole, and the one reader of its tables."""
