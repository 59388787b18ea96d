"""A text put together from the pieces of a marked-up document, with the block that each piece became."""

from __future__ import annotations

from toolkit.corpus.decode import repaired
from toolkit.corpus.source import Block, Kind


class Extract:
    """Collects pieces; `text` joins them by blank lines (by one line break if a piece requires it)."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []
        self.notes: list[str] = []

    def add(self, piece: str, kind: Kind = "text", links: float = 0.0, zone: str = "", close: bool = False) -> None:
        """Add a block; `close` puts it on the next line instead of after a blank line. Blank pieces are ignored."""
        fixed = repaired(piece)
        self.notes += [note for note in fixed.notes if note not in self.notes]
        bare = fixed.text.strip()
        if not bare:
            return
        if self._pieces:
            between = "\n" if close else "\n\n"
            self._pieces.append(between)
            self._length += len(between)
        start = self._length
        self._pieces.append(bare)
        self._length += len(bare)
        self.blocks.append(Block(start, self._length, kind, not close, links, zone))

    @property
    def text(self) -> str:
        """All pieces in order."""
        return "".join(self._pieces)
