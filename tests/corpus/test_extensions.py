"""Every extension that is said to be read has a reader, and every reader's files are found."""

from __future__ import annotations

from toolkit.corpus.extensions import EXTENSIONS
from toolkit.corpus.readers import READERS


def test_the_extensions_are_those_of_the_readers() -> None:
    assert tuple(READERS) == EXTENSIONS
