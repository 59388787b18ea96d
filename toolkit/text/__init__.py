"""How text is cut into sentences, counted, and printed for readers."""
