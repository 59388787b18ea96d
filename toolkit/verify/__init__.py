"""Verifies a run: checks its folder, runs its experiment again from the manifest, and grades the replay.

Start with `verify.py`; `promises.py` checks one folder by itself, `replay.py` makes the second run.
"""

from toolkit.verify.verify import verify

__all__ = ["verify"]
