"""Reads and writes files: YAML, JSON, CSV, Arrow tables, frozen values and digests.

Start with `value.py` (how a stored result is written) and `yaml12.py` (how a config is read).
"""
