"""The codebook file, and coding paragraphs against it."""
