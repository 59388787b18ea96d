# ruff: noqa: E501 - sample lines as they come
"""Broken and hostile files: each gets a reason in the ledger or one clear line; the rest of the corpus is read."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from corpus_kit import built, column, document, kept, pdf, reasons

from toolkit.corpus import CorpusSettings, build_corpus, corpus_files
from toolkit.errors import CorpusError

GOOD = "The harbour board met on Tuesday and agreed to dredge the northern channel before the winter storms arrive.\n"


def fault_of(folder: Path, name: str, content: bytes, **settings: object) -> str:
    """What the ledger says of a bad file that stands beside a good one."""
    began = time.monotonic()
    corpus = built(folder, {"good.txt": GOOD, name: content}, **settings)
    assert time.monotonic() - began < 20
    assert GOOD.strip() in kept(corpus)
    rows = [row for row in corpus.ledger.to_pylist() if row["document_id"] == name]
    assert len(rows) == 1, rows
    assert document(corpus, name)["paragraphs"] == 0
    return str(rows[0]["reason"])


def test_an_empty_file_stays_as_a_document(tmp_path: Path) -> None:
    assert fault_of(tmp_path, "nothing.txt", b"") == "empty"
    assert fault_of(tmp_path, "blank.md", b" \n\n\t\n") == "empty"


def test_a_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    found = fault_of(tmp_path, "huge.txt", b"x" * 2_000_001, limits={"max_file_mb": 2})
    assert found == "unreadable: 2 MB, above corpus.limits.max_file_mb (2)"


def test_one_line_of_megabytes_is_split(tmp_path: Path) -> None:
    began = time.monotonic()
    corpus = built(tmp_path, {"line.txt": b"The board met again. " * 150_000})
    assert time.monotonic() - began < 60
    assert corpus.paragraphs.num_rows > 1000


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pdf", "a.parquet", "a.jsonl.gz"])
def test_bytes_that_are_no_such_file(tmp_path: Path, name: str) -> None:
    for content in (b"", b"not at all", bytes(range(256)) * 40):
        assert fault_of(tmp_path, name, content).startswith(("unreadable: ", "empty"))


def test_an_encrypted_pdf_and_one_without_text(tmp_path: Path) -> None:
    assert fault_of(tmp_path, "secret.pdf", pdf([[(40, 500, 11, "Nobody reads this.")]], encrypted=True)) == (
        "unreadable: encrypted PDF"
    )
    assert "without text (scanned pages?)" in fault_of(tmp_path, "scan.pdf", pdf([[]]))


def test_binary_data_called_text(tmp_path: Path) -> None:
    assert fault_of(tmp_path, "photo.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50) == (
        "unreadable: binary data, not text"
    )


def test_nul_bytes_and_invisible_characters_are_taken_out_and_noted(tmp_path: Path) -> None:
    text = GOOD.replace("channel", "chan\u200bnel").replace("Tuesday", "Tues\0day").replace("winter", "\u202ewinter")
    corpus = built(tmp_path, {"odd.txt": text})
    assert "channel" in kept(corpus)[0]
    row = document(corpus, "odd.txt")
    assert row["extracted"]
    assert any("NUL" in note for note in row["notes"]) and any("invisible" in note for note in row["notes"])


def test_invalid_utf8_is_read_and_noted(tmp_path: Path) -> None:
    good = ("Ünïcödé wörds äré eñoügh hére. " * 10).encode()
    corpus = built(tmp_path, {"broken.txt": good + b"\xff\xfe broken " + good})
    assert any("invalid bytes" in note for note in document(corpus, "broken.txt")["notes"])


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = zipped({"word/document.xml": b"0" * 80_000_000})
    assert len(bomb) < 200_000
    found = fault_of(tmp_path, "bomb.docx", bomb, limits={"max_unzipped_mb": 50})
    assert found == "unreadable: unpacks to 80 MB, more than 50 (corpus.limits.max_unzipped_mb)"


def test_xml_entities_are_not_expanded(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "lol">{levels}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"{xml}<w:document {space}><w:body><w:p><w:r><w:t>{GOOD}&e9;&x;</w:t></w:r></w:p></w:body></w:document>"
    corpus = built(tmp_path, {"good.txt": GOOD, "lol.docx": zipped({"word/document.xml": body.encode()})})
    assert sum(map(len, kept(corpus))) < 1000
    assert "root:" not in " ".join(kept(corpus))


def test_deep_html_is_read_whole(tmp_path: Path) -> None:
    for tag, depth in (("div", 100_000), ("b", 5000), ("blockquote", 5000), ("table", 5000)):
        page = f"<p>{GOOD}</p>" + f"<{tag}>" * depth + "<p>Deep down there is a sentence that counts.</p>"
        began = time.monotonic()
        corpus = built(tmp_path / tag, {"deep.html": f"<html><body>{page}</body></html>"})
        assert time.monotonic() - began < 30
        assert "sentence that counts" in " ".join(kept(corpus))


def test_ragged_rows_and_quotes_in_a_csv(tmp_path: Path) -> None:
    table = f'id,text,date\n1,"{GOOD.strip()} ""quoted""\nsecond line, too",2024-01-01\n2,short row text here\n3,more,2024-01-03,extra,cells\n4,"never closed'
    corpus = built(tmp_path, {"t.csv": table})
    assert column(corpus.documents, "document_id") == ["1", "2", "3", "4"]
    assert any("5 cells where the header has 3" in note for note in document(corpus, "3")["notes"])
    assert document(corpus, "2")["date"] is None


def test_a_bad_line_of_jsonl_keeps_its_text_in_the_ledger(tmp_path: Path) -> None:
    rows = f'{{"id": "a", "text": "{GOOD.strip()}"}}\n{{"id": "b", "text": broken}}\n[1, 2]\n{"[" * 100_000}\n'
    corpus = built(tmp_path, {"t.jsonl": rows})
    assert column(corpus.documents, "document_id")[0] == "a"
    assert reasons(corpus)['{"id": "b", "text": broken}'] == "unreadable: not JSON"
    assert reasons(corpus)["[1, 2]"] == "unreadable: a JSON list, not an object"


def test_lone_surrogates_and_odd_types_in_jsonl(tmp_path: Path) -> None:
    corpus = built(
        tmp_path,
        {
            "t.jsonl": '{"id": 1, "text": "half \\ud83d pair of a broken emoji"}\n{"id": 2, "text": null}\n{"id": 3, "text": {"a": 1}}\n'
        },
    )
    assert column(corpus.documents, "document_id") == ["1", "2", "3"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    corpus = built(tmp_path, {"good.txt": GOOD})
    assert column(corpus.documents, "document_id").count("good.txt") == 1


def test_a_file_that_vanishes_or_changes_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    settings = CorpusSettings(path=str(tmp_path))
    files = corpus_files(settings)
    (tmp_path / "a.txt").write_text(GOOD * 2)
    with pytest.raises(CorpusError, match=r"a\.txt: changed while the corpus was read; run again"):
        build_corpus(settings, files)
    (tmp_path / "a.txt").unlink()
    with pytest.raises(CorpusError, match=r"a\.txt: vanished while the corpus was read"):
        build_corpus(settings, files)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "locked.txt").write_text(GOOD)
    (tmp_path / "locked.txt").chmod(0)
    corpus = built(tmp_path, {"good.txt": GOOD})
    assert document(corpus, "locked.txt")["notes"] == ["unreadable: permission denied"]


def test_a_sidecar_opens_nothing(tmp_path: Path) -> None:
    side = tmp_path / "meta.csv"
    side.write_text("file,title\n../../etc/passwd,Secrets\n/etc/passwd,Secrets\nnews/a.txt,Named\n..\\a.txt,Windows\n")
    corpus = built(tmp_path / "corpus", {"news/a.txt": GOOD}, metadata=str(side))
    assert column(corpus.documents, "title") == ["Named"]
    assert "3 rows of corpus.metadata match no file" in corpus.notes[0]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"path": "nowhere"}, "no such file or folder"),
        ({"path": "nowhere/*.txt"}, "no file to read"),
        ({"path": ".", "metadata": "nowhere.csv"}, "corpus.metadata: no such file"),
    ],
)
def test_a_corpus_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(GOOD)
    with pytest.raises(CorpusError, match=said):
        corpus_files(CorpusSettings(**settings))  # type: ignore[arg-type]


def test_no_readable_kind_of_file_says_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.pages").write_text("x")
    with pytest.raises(CorpusError, match=r"no file to read .*a\.pages.*\.docx"):
        corpus_files(CorpusSettings(path=str(tmp_path)))


def test_two_rows_with_one_id_name_both_places(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"'7': t\.csv row 1 and t\.csv row 3"):
        built(tmp_path, {"t.csv": f"id,text\n7,{GOOD}8,{GOOD}7,{GOOD}"})


def test_a_column_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no column 'bodi'.*did you mean 'body'"):
        built(tmp_path, {"t.csv": f"id,body\n7,{GOOD}"}, columns={"text": "bodi"})
