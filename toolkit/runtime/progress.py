"""Reports progress on stderr: a bar on a terminal if the stage counts, plain lines otherwise, nothing if quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

from toolkit.values import Tick

BAR_CHARACTERS = 30
SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Reports the running stage, its progress and its duration. It never affects results."""

    def __init__(self, stream: TextIO | None = None, quiet: bool = False) -> None:
        self.stream = stream or sys.stderr
        self.quiet = quiet
        self.bars = bool(getattr(self.stream, "isatty", lambda: False)()) and not quiet

    def line(self, text: str) -> None:
        """Report one line."""
        if not self.quiet:
            print(text, file=self.stream, flush=True)

    def ticker(self, stage: str, clock: Callable[[], float] = time.monotonic) -> Tick:
        """A `tick(done, total)` for one stage: a bar on a terminal, else a line every ten seconds."""
        last = clock()
        first: tuple[float, int] | None = None

        def tick(done: int, total: int) -> None:
            nonlocal last, first
            now = clock()
            if self.quiet or total <= 0:
                return
            start, known = first = first or (
                now,
                done,
            )  # items that exist at the start, such as stored vectors, took no time
            left = f"{(now - start) / (done - known) * (total - done):.0f} s left" if done > known else ""
            if self.bars and (now - last > 0.1 or done >= total):
                last = now
                filled = "#" * (BAR_CHARACTERS * done // total)
                end = "\n" if done >= total else ""
                text = f"\r  {stage:<10} [{filled:<{BAR_CHARACTERS}}] {done:,}/{total:,}  {left:>11}"
                print(text, end=end, file=self.stream, flush=True)
            elif not self.bars and now - last > SECONDS_BETWEEN_LINES:
                last = now
                self.line(f"  {stage}: {done:,} of {total:,}" + (f", about {left}" if left else ""))

        return tick


QUIET = Progress(quiet=True)
