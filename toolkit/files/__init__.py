"""How things are kept on disk: YAML, JSON, CSV, Arrow tables, frozen values, digests."""
