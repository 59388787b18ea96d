"""Pieces of work that tests hand to other processes, in a module that imports little: each such process imports it."""

from __future__ import annotations

import os
import time
from typing import Any


def scaled(held: int, number: int) -> tuple[int, int]:
    """The product, and the process that made it."""
    return held * number, os.getpid()


def slow_square(held: int, number: int) -> int:
    """The square times `held`, after a tenth of a second."""
    time.sleep(0.1)
    return held * number * number


def rows_of(held: Any, number: int) -> bytes:
    """The bytes of an array times a number, after a tenth of a second."""
    time.sleep(0.1)
    return bytes((held * number).tobytes())
