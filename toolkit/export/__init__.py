"""A run for an archive or another tool."""

from toolkit.export.export import export

__all__ = ["export"]
