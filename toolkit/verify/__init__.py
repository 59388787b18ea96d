"""The experiment of a run made again from its manifest, and the grade of the replay."""

from toolkit.verify.verify import verify

__all__ = ["verify"]
