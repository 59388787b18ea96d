# ruff: noqa: E501 - sample files as they come
"""What is not read is named: by kind, count, file and row, on the screen and in the ledger."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from kit.corpora import built, column, kept, pdf, reasons

from toolkit.cli import main
from toolkit.corpus import CorpusSettings, corpus_card, corpus_files
from toolkit.corpus.unread import lines_of_empty

CASES = Path(__file__).parents[1] / "data" / "cases"
GOOD = "The harbour board met on Tuesday and agreed to dredge the northern channel before the winter storms arrive.\n"
PDF = pdf([[(40, 500, 11, "The harbour board met on Tuesday.")]])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


WORD, EXCEL = zipped("[Content_Types].xml", "word/document.xml"), zipped("[Content_Types].xml", "xl/workbook.xml")


def checked_lines(folder: Path, files: dict[str, bytes], *options: str) -> tuple[int, list[str]]:
    """Exit code and lines of `toolkit check` on a corpus of these files."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, content in files.items():
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (corpus / name).write_bytes(content)
    (folder / "c.yaml").write_text("name: c\ncorpus: {path: corpus}\ncodebook: null\n")
    done = CliRunner().invoke(
        main, ["check", str(folder / "c.yaml"), "--set", f"store={folder / 'store'}", *options], catch_exceptions=False
    )
    return done.exit_code, done.output.splitlines()


def test_a_corpus_of_unreadable_files_ends_with_one_line_a_file(tmp_path: Path) -> None:
    code, lines = checked_lines(
        tmp_path,
        {
            "empty.txt": b"", "blank.md": b" \n", "photo.txt": PNG, "damaged.docx": WORD[:60], "rows.jsonl": b"no\n[1]\n",
            "secret.pdf": pdf([[(40, 500, 11, "x")]], encrypted=True), "scan.pdf": pdf([[]]), "long.html": b"x" * 2_100_000,
        },
        "--set", "corpus.limits.max_file_mb=2",
    )  # fmt: skip
    assert code == 2 and len(lines) == 9
    assert "no paragraph left of 9 documents" in lines[0]
    faults = dict(line.removeprefix("toolkit: ").split(": ", 1) for line in lines[1:])
    assert faults == {
        "empty.txt": "empty",
        "blank.md": "empty",
        "photo.txt": "binary data, not text: a PNG picture named .txt",
        "damaged.docx": "damaged archive: File is not a zip file",
        "rows.jsonl": "none of its 2 rows can be read; row 1: not JSON",
        "secret.pdf": "encrypted PDF",
        "scan.pdf": "PDF without text (scanned pages?); run a text recognition tool on it",
        "long.html": "2 MB, above corpus.limits.max_file_mb (2)",
    }


def test_more_than_ten_unreadable_files_are_counted(tmp_path: Path) -> None:
    code, lines = checked_lines(tmp_path, {f"{n:02d}.txt": b"" for n in range(14)})
    assert code == 2 and len(lines) == 12
    assert lines[1] == "toolkit: 00.txt: empty" and lines[-1] == "toolkit: and 4 more files of which nothing is left"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a.exe", "a file of a kind that is not read"),
        (".notes.txt", "hidden (a name that begins with a dot); rename it"),
        (".drafts/a.txt", "hidden (a name that begins with a dot); rename it"),
        ("~$minutes.docx", "the lock file of an open Office document, not the document"),
        ("__MACOSX/a.txt", "a file that the system keeps for itself"),
    ],
)
def test_the_only_file_of_a_corpus_is_named_if_it_is_left_out(name: str, why: str, tmp_path: Path) -> None:
    code, lines = checked_lines(tmp_path, {name: GOOD.encode()})
    assert code == 2 and len(lines) == 1
    assert "no file to read" in lines[0] and lines[0].endswith(f"; {name}: {why}")


def test_files_of_other_kinds_and_empty_files_are_one_note(tmp_path: Path) -> None:
    shutil.copytree(CASES / "archive-kinds" / "in", tmp_path / "in")
    corpus = built(tmp_path / "in")
    assert len(kept(corpus)) == 1
    note, *others = corpus.notes
    assert not others
    assert ".doc 1" in note and ".xls 1" in note and "empty" in note
    files = corpus_files(CorpusSettings(path=str(tmp_path / "in")))
    skipped = len(files.skipped)
    assert note.startswith(f"{skipped} files of other kinds not read: ")
    assert f"; {20 - skipped} empty file" in note and ".ris 1" in note


def test_files_that_are_not_empty_are_not_called_so(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": GOOD, "b.zip": b"PK", "c.exe": b"", "d.txt": b"", "e.html": b""})
    assert corpus.notes == (
        "2 files of other kinds not read: .exe 1, .zip 1 (b.zip, c.exe); 1 empty; 2 empty files: d.txt, e.html",
    )


def test_a_corpus_of_files_that_are_not_read_says_so() -> None:
    corpus = built(CASES / "xml-only" / "in")
    (line,) = lines_of_empty(corpus)
    assert line == "d.xml: XML that is no export of EndNote; save its text as .txt or .html"


def test_what_systems_put_into_folders_is_passed_over(tmp_path: Path) -> None:
    junk = (
        "__MACOSX/._ok.txt",
        "__MACOSX/ok.txt",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "._ok.txt",
        "@eaDir/ok.txt",
    )
    files: dict[str, str | bytes] = {"ok.txt": GOOD, **dict.fromkeys(junk, b"\0\5\x16\x07")}
    corpus = built(tmp_path, files)
    assert column(corpus.documents, "document_id") == ["ok.txt"] and corpus.notes == ()
    assert column(built(tmp_path, path=f"{tmp_path}/**/*").documents, "document_id") == ["ok.txt"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.docx", PDF, "a PDF named .docx"),
        ("a.docx", zipped("a.txt"), "a ZIP archive named .docx"),
        ("a.docx", EXCEL, "an Excel workbook named .docx"),
        ("a.docx", b"<!DOCTYPE html><html><p>Not found", "HTML named .docx"),
        ("a.docx", b"{\\rtf1 a}", "RTF named .docx"),
        ("a.docx", GOOD.encode(), "plain text named .docx"),
        ("a.docx", OLE + "WordDocument".encode("utf-16-le"), "an old binary Word document (.doc) named .docx"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted Office document; remove its password"),
        ("a.xlsx", WORD, "a Word document named .xlsx"),
        ("a.xlsx", b"text,date\nhello,2024\n", "plain text named .xlsx"),
        ("a.xlsx", b"<html><table><tr><td>text</td></tr></table></html>", "HTML named .xlsx"),
        ("a.xlsx", b"<?xml version='1.0'?><Workbook/>", "XML named .xlsx"),
        ("a.pdf", b"\n<html><p>404", "HTML named .pdf"),
        ("a.pdf", WORD, "a Word document named .pdf"),
        ("a.txt", PDF, "a PDF named .txt"),
        ("a.md", WORD, "a Word document named .md"),
        ("a.html", EXCEL, "an Excel workbook named .html"),
        ("a.csv", EXCEL, "an Excel workbook named .csv"),
        ("a.csv", b"<html><table></table></html>", "HTML named .csv"),
        ("a.jsonl", gzip.compress(b'{"text": "x"}\n', mtime=0), "a gzip archive named .jsonl"),
        ("a.jsonl.gz", b'{"text": "x"}\n', "JSON named .jsonl.gz"),
        ("a.parquet", b"text\nhello\n", "plain text named .parquet"),
    ],
)
def test_content_that_is_not_what_the_extension_says_is_named(
    name: str, content: bytes, why: str, tmp_path: Path
) -> None:
    corpus = built(tmp_path, {"good.txt": GOOD, name: content})
    assert kept(corpus) == [GOOD.strip()]
    assert column(corpus.ledger, "reason") == [f"unreadable: {why}"]
    assert corpus.notes == (f"1 file cannot be read: {name} ({why})",)


@pytest.mark.parametrize(
    "text", [f"%{GOOD}", f"ID3 tags are kept. {GOOD}", f"PKs and %PDF- are signs. {GOOD}", f"GIF89a is old. {GOOD}"]
)
def test_a_text_that_begins_like_another_format_is_read(text: str, tmp_path: Path) -> None:
    assert kept(built(tmp_path, {"a.txt": text})) == [text.strip()]


def test_a_pdf_with_bytes_before_its_head_is_read(tmp_path: Path) -> None:
    assert kept(built(tmp_path, {"a.pdf": b"\r\nContent-Type: application/pdf\r\n\r\n" + PDF}))


def test_bad_rows_have_file_and_row_in_the_ledger_and_are_counted_on_the_screen(tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": str(n), "text": f"{GOOD.strip()} {n}"}) if n % 4 else f"{{broken {n}" for n in range(1, 13)
    ]
    table = f'id,text\n7,"{GOOD.strip()} Seven."\n8,"never closed\n9,{GOOD.strip()} Nine.\n'
    code, lines = checked_lines(tmp_path, {"t.jsonl": "\n".join(rows).encode(), "r.csv": table.encode()})
    assert code == 0
    assert any(
        "4 rows of tables cannot be read: r.csv:2: a quote that is never closed; t.jsonl:4: not JSON" in line
        for line in lines
    )
    corpus = built(tmp_path / "corpus")
    assert reasons(corpus) == {
        '8,"never closed': "unreadable: r.csv:2: a quote that is never closed",
        **{f"{{broken {n}": f"unreadable: t.jsonl:{n}: not JSON" for n in (4, 8, 12)},
    }
    assert any("Nine." in text for text in kept(corpus))  # the row after the quote
    dropped = {drop.reason: drop.rows for drop in corpus_card(corpus).dropped}
    assert dropped == {"unreadable row: not JSON": 3, "unreadable row: a quote that is never closed": 1}


def test_a_run_says_what_it_did_not_read(tmp_path: Path) -> None:
    from io import StringIO

    from toolkit.experiment.experiment import load
    from toolkit.pipeline import open_study
    from toolkit.runtime.progress import Progress

    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(GOOD)
    (tmp_path / "corpus" / "b.docx").write_bytes(PDF)
    config = tmp_path / "c.yaml"
    config.write_text(f"name: c\ncorpus: {{path: corpus}}\ncodebook: null\nstore: {tmp_path / 'store'}\n")
    screen = StringIO()
    for _ in range(2):  # from the store, too
        _ = open_study(load(config, None, None), Progress(screen)).reading.corpus
    assert screen.getvalue().count("1 file cannot be read: b.docx (a PDF named .docx)\n") == 2
