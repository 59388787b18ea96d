"""Texts and names of files command no terminal."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from toolkit.cli import main

TEXT = "The town council met again on Monday and heard the riders of the tram. "


class Screen(io.StringIO):
    """Standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study whose table has control characters in an id, a source and a text, and whose name sets a title."""
    rows = [{"id": "x\x1b[31m", "source": "S\x1b[32m", "text": ""}, {"id": "y", "source": "S\x1b[32m", "text": TEXT}]
    (tmp_path / "corpus").mkdir()
    lines = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "corpus" / "t\x1b]0;owned\x07.jsonl").write_text(lines, encoding="utf-8")
    config = tmp_path / "study.yaml"
    config.write_text("name: x\ncorpus: {path: corpus}\n", encoding="utf-8")
    return config


def shown(stream: io.StringIO, study: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sys, "stdout", stream)
    main(["check", str(study)], standalone_mode=False)
    return stream.getvalue()


def test_no_control_character_of_a_corpus_reaches_the_terminal(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(Screen(), study, monkeypatch)
    assert "\\x1b[32m" in text and "\\x1b[31m" in text
    assert [character for character in text if character < " " and character != "\n"] == []


def test_a_fault_that_quotes_a_name_reaches_the_terminal_written_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with pytest.raises(SystemExit):
        main(["check", str(tmp_path / "a\x1b[31m.yaml")])
    assert "a\\x1b[31m.yaml" in screen.getvalue() and "\x1b" not in screen.getvalue()
