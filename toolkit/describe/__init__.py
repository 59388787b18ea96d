"""Words, labels and verbatim exemplars for themes."""
