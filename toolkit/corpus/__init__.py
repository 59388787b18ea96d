"""Raw files read, cleaned and split into paragraphs, every character accounted for."""
