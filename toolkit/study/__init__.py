"""One study: its stages in order, and what of them goes into a run folder."""
