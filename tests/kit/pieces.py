"""Pieces of work that tests hand to other processes, in a module that imports little: each such process imports it."""

from __future__ import annotations

import os
import time
from typing import Any


def scaled(shared: int, number: int) -> tuple[int, int]:
    """The product, and the process that made it."""
    return shared * number, os.getpid()


def slow_square(shared: int, number: int) -> int:
    """The square times `shared`, after a tenth of a second."""
    time.sleep(0.1)
    return shared * number * number


def rows_of(shared: Any, number: int) -> bytes:
    """The bytes of an array times a number, after a tenth of a second."""
    time.sleep(0.1)
    return bytes((shared * number).tobytes())
