"""Texts that were damaged or read in a wrong encoding before they came are restored or told."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built, document, kept

RUSSIAN = (
    "Совет порта решил во вторник повысить плату за стоянку на десятую часть. Судоходные компании переложат повышение "
    "на пассажиров, заявил мэр города."
)
GREEK = "Το συμβούλιο του λιμανιού αποφάσισε την Τρίτη να αυξήσει τα τέλη κατά ένα δέκατο, είπε ο δήμαρχος της πόλης."
GERMAN = (
    "Der Hafenrat hat die Liegegebühren erhöht. Die Reedereien müssen sie an die Fahrgäste weitergeben, auch früher."
)
CHINESE = "港务委员会周二决定将停泊费提高十分之一。航运公司表示将把涨价转嫁给乘客。"


def _notes(folder: Path, name: str, content: bytes) -> tuple[list[str], str]:
    corpus = built(folder, {name: content})
    return kept(corpus), " ".join(document(corpus, name)["notes"])


@pytest.mark.parametrize(("text", "encoding"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (GREEK, "cp1253")])
def test_a_text_saved_after_it_was_read_as_latin_1_is_restored_and_told(
    tmp_path: Path, text: str, encoding: str
) -> None:
    texts, notes = _notes(tmp_path, "a.txt", text.encode(encoding).decode("latin-1").encode())
    assert texts == [text]
    assert "read as Latin-1" in notes and encoding in notes


def test_a_page_that_declares_latin_1_but_is_cyrillic_is_read_as_what_it_is(tmp_path: Path) -> None:
    page = f'<html><head><meta charset="iso-8859-1"></head><body><p>{RUSSIAN}</p></body></html>'
    texts, notes = _notes(tmp_path, "a.html", page.encode("cp1251"))
    assert texts == [RUSSIAN]
    assert "although the file declares" in notes and "corpus.encoding" in notes


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_read_whatever_its_script(tmp_path: Path, encoding: str) -> None:
    texts, notes = _notes(tmp_path, "a.txt", RUSSIAN.encode(encoding))
    assert texts == [RUSSIAN]
    assert "UTF-16" in notes


def test_chinese_in_seven_bits_is_read(tmp_path: Path) -> None:
    texts, notes = _notes(tmp_path, "a.txt", CHINESE.encode("hz"))
    assert texts == [CHINESE]
    assert "hz" in notes


def test_letters_that_were_lost_before_are_told(tmp_path: Path) -> None:
    _, notes = _notes(tmp_path / "mark", "a.txt", GERMAN.replace("ü", "\ufffd").encode())
    assert "letters were lost" in notes
    _, notes = _notes(tmp_path / "question", "a.txt", GERMAN.replace("ü", "?").replace("ö", "?").encode())
    assert "question marks inside words" in notes


def test_plain_french_and_web_addresses_are_nothing_to_tell(tmp_path: Path) -> None:
    text = (
        "L'été où l'île déçue a gêné la forêt: voilà où s'élève l'âme. Voir https://port.example/a?b=c&d?e=f, "
        "https://port.example/x?y et https://port.example/z?w pour la suite."
    )
    corpus = built(tmp_path, {"a.txt": text})
    assert not any("read as" in note or "lost" in note for note in document(corpus, "a.txt")["notes"])
