"""What reaches a terminal: texts and names of files may contain control characters, which are written out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO

from toolkit.text.controls import write_out_controls


class Terminal:
    """A stream to a terminal that writes control characters out, except ends of lines and tabs."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write the text without control characters; the number of characters of the stream."""
        return self.stream.write(write_out_controls(text, keep="\n\r\t"))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def safe_terminal() -> Iterator[None]:
    """Stdout and stderr write control characters out if they are terminals; files and pipes get every byte."""
    with redirect_stdout(_shown(sys.stdout)), redirect_stderr(_shown(sys.stderr)):
        yield


def _shown(stream: TextIO) -> Any:
    return Terminal(stream) if stream.isatty() else stream
