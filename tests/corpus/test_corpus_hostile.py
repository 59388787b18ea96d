# ruff: noqa: E501 - sample lines as they come
"""Broken and hostile files: each gets a reason in the ledger or one clear line; the rest of the corpus is read."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept, pdf, reasons

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
    fault = fault_of(tmp_path, "huge.txt", b"x" * 2_000_001, limits={"max_file_mb": 2})
    assert fault == "unreadable: 2 MB, above corpus.limits.max_file_mb (2)"


def test_one_line_of_megabytes_is_split(tmp_path: Path) -> None:
    began = time.process_time()
    corpus = built(tmp_path, {"line.txt": b"The board met again. " * 150_000})
    assert time.process_time() - began < 60
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
        "unreadable: binary data, not text: a PNG picture named .txt"
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
    fault = fault_of(tmp_path, "bomb.docx", bomb, limits={"max_unzipped_mb": 50})
    assert fault == "unreadable: unpacks to 80 MB, more than 50 (corpus.limits.max_unzipped_mb)"


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
        began = time.process_time()
        corpus = built(tmp_path / tag, {"deep.html": f"<html><body>{page}</body></html>"})
        assert time.process_time() - began < 30
        assert "sentence that counts" in " ".join(kept(corpus))


def test_ragged_rows_and_quotes_in_a_csv(tmp_path: Path) -> None:
    table = f'id,text,date\n1,"{GOOD.strip()} ""quoted""\nsecond line, too",2024-01-01\n2,short row text here\n3,more,2024-01-03,extra,cells\n4,"never closed'
    corpus = built(tmp_path, {"t.csv": table})
    assert column(corpus.documents, "document_id") == ["1", "2", "3", "4"]
    assert any("5 cells, but the header has 3" in note for note in document(corpus, "3")["notes"])
    assert document(corpus, "2")["date"] is None


def test_a_bad_line_of_jsonl_keeps_its_text_in_the_ledger(tmp_path: Path) -> None:
    rows = f'{{"id": "a", "text": "{GOOD.strip()}"}}\n{{"id": "b", "text": broken}}\n[1, 2]\n{"[" * 100_000}\n'
    corpus = built(tmp_path, {"t.jsonl": rows})
    assert column(corpus.documents, "document_id")[0] == "a"
    assert reasons(corpus)['{"id": "b", "text": broken}'] == "unreadable: t.jsonl:2: not JSON"
    assert reasons(corpus)["[1, 2]"] == "unreadable: t.jsonl:3: a JSON list, not an object"


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
    assert corpus.notes[0].endswith("or delete the line metadata from the config.")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"path": "nowhere"}, "no such file or folder"),
        ({"path": "nowhere/*.txt"}, "no file to read"),
        ({"path": ".", "metadata": "nowhere.csv"}, "corpus.metadata: no such file"),
    ],
)
def test_a_corpus_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(GOOD)
    with pytest.raises(CorpusError, match=words):
        corpus_files(CorpusSettings(**settings))  # type: ignore[arg-type]


def test_no_readable_kind_of_file_says_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.pages").write_text("x")
    with pytest.raises(CorpusError, match=r"no file to read .*\.docx.*; a\.pages: "):
        corpus_files(CorpusSettings(path=str(tmp_path)))


def test_two_documents_with_one_id_in_different_files_name_both_places(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"'a\.txt': a\.txt and t\.csv row 1"):
        built(tmp_path, {"t.csv": f"id,text\na.txt,{GOOD}8,{GOOD}", "a.txt": GOOD})


def test_a_column_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no column 'bodi'.*did you mean 'body'"):
        built(tmp_path, {"t.csv": f"id,body\n7,{GOOD}"}, columns={"text": "bodi"})


def test_pipes_devices_and_broken_links_are_named_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    corpus = built(tmp_path, {"good.txt": GOOD})
    odd = "unreadable: no regular file (a pipe, a socket or a device)"
    assert {row["document_id"]: row["notes"] for row in corpus.documents.to_pylist()} == {
        "gone.txt": ["unreadable: a link to nothing"], "good.txt": [], "pipe.txt": [odd], "zero.txt": [odd],
    }  # fmt: skip
    assert corpus.notes[0] == "1 file of other kinds not read: .png 1 (gone.png)"


def test_a_name_in_another_encoding_is_written_out(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(path)).write_text(GOOD)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert column(built(tmp_path).documents, "document_id") == ["caf\\xe9.txt"]


def test_control_characters_of_a_name_are_written_out_and_never_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "\x1b]0;owned\x07\x1b[31mred.txt").write_text(GOOD)
    (tmp_path / "report\u202efdp.exe").write_text(GOOD)
    corpus = built(tmp_path)
    assert column(corpus.documents, "document_id") == ["\\x1b]0;owned\\x07\\x1b[31mred.txt"]
    assert "report\\u202efdp.exe" in corpus.notes[0]


def test_a_packed_table_that_unpacks_to_millions_of_rows_is_one_clear_line(tmp_path: Path) -> None:
    bomb = gzip.compress(b'{"text": "short"}\n' * 200_000)
    with pytest.raises(CorpusError, match=r"row 1001: more than 1,000 documents \(corpus\.limits\.max_documents\)"):
        built(tmp_path, {"b.jsonl.gz": bomb}, limits={"max_documents": 1000})


def test_a_packed_table_with_one_endless_line_or_cut_short(tmp_path: Path) -> None:
    endless = gzip.compress(b'{"text": "' + b"a" * 60_000_000 + b'"}\n')
    corpus = built(tmp_path / "a", {"b.jsonl.gz": endless}, limits={"max_unzipped_mb": 5, "max_row_chars": 100_000})
    assert column(corpus.documents, "paragraphs") == [0]
    assert (
        "unpacks to more than 5 MB" in column(corpus.ledger, "reason")[0]
        or "longer than" in column(corpus.ledger, "reason")[0]
    )
    rows = "".join(f'{{"id": "{n}", "text": "{GOOD.strip()} {n * 7919 % 1000}"}}\n' for n in range(500))
    corpus = built(tmp_path / "b", {"t.jsonl.gz": gzip.compress(rows.encode())[:-200]})
    assert reasons(corpus)[""].startswith("unreadable: damaged: Compressed file ended")
    assert corpus.documents.num_rows > 1  # the rows before the break are read


def test_a_cell_without_end_costs_its_row_and_not_the_memory(tmp_path: Path) -> None:
    table = b'text\n"' + b"The board met again. " * 300_000 + b'"\n' + GOOD.encode()
    corpus = built(tmp_path, {"t.csv": table}, limits={"max_row_chars": 100_000})
    assert next(note for notes in column(corpus.documents, "notes") for note in notes).startswith(
        "unreadable: t.csv:1: field larger than field limit (100000)"
    )
    assert corpus.documents.num_rows <= 3


def sheet(rows: str) -> bytes:
    """A workbook whose sheet is given as XML."""
    import openpyxl

    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    with zipfile.ZipFile(out) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{space}">{rows}</worksheet>'.encode()
    return zipped(parts)


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_a_workbook_that_unpacks_to_too_much_or_claims_millions_of_cells(tmp_path: Path) -> None:
    bomb = sheet("<sheetData>" + f"<row>{cell('A1', 'A' * 40)}</row>" * 600_000 + "</sheetData>")
    assert "unpacks to" in fault_of(tmp_path / "a", "bomb.xlsx", bomb, limits={"max_unzipped_mb": 20})
    rows = f'<row r="1">{cell("A1", "text")}</row><row r="2">{cell("A2", GOOD.strip())}</row>'
    wide = sheet(f'<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>')
    began = time.process_time()
    assert GOOD.strip() in kept(built(tmp_path / "b", {"wide.xlsx": wide}))
    assert time.process_time() - began < 10


def test_entities_of_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "lol">{levels}]>'
    book = sheet("<sheetData/>")
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    row = f'<row r="1">{cell("A1", "text")}</row><row r="2">{cell("A2", "&e9;")}</row>'
    parts["xl/worksheets/sheet1.xml"] = (
        f'{head}<worksheet xmlns="{space}"><sheetData>{row}</sheetData></worksheet>'.encode()
    )
    corpus = built(tmp_path, {"good.txt": GOOD, "lol.xlsx": zipped(parts)})
    assert sum(map(len, kept(corpus))) < 1000


def test_formulas_nested_columns_and_tables_without_a_header(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    meta = [{"a": n, "b": [{"c": n}]} for n in range(2)]
    pq.write_table(
        pa.table({"id": ["a", "b"], "text": [GOOD, GOOD + "Again."], "meta": meta, "raw": [b"\xff", b""]}), out
    )
    formula = f'<row r="1">{cell("A1", "id")}{cell("B1", "text")}</row>'
    formula += f'<row r="2">{cell("A2", "one")}<c r="B2"><f>A1&amp;"x"</f></c></row>'
    files: dict[str, str | bytes] = {
        "n.parquet": out.getvalue(),
        "f.xlsx": sheet(f"<sheetData>{formula}</sheetData>"),
        "o.csv": GOOD + "No header stands above these two lines of prose.\n",
        "u.jsonl": (f'{{"id": "u", "text": "{GOOD.strip()} Twice."}}\n').encode("utf-16"),
    }
    corpus = built(tmp_path, files)
    paragraphs = dict(zip(column(corpus.documents, "document_id"), column(corpus.documents, "paragraphs"), strict=True))
    assert paragraphs["n.parquet#a"] == paragraphs["u.jsonl#u"] == 1
    assert paragraphs["o.csv#row-000001"] == paragraphs["o.csv#row-000002"] == 1
    assert "no row names the columns" in document(corpus, "o.csv#row-000001")["notes"][0]
    assert paragraphs["f.xlsx#one"] == 0  # a formula whose value was never stored


@pytest.mark.parametrize(
    "text",
    ["**" * 30_000 + "[" * 30_000 + "](" * 30_000, "a" * 300_000, "Reporting by " + "A.-_ " * 90 + "x", "a.B" * 30_000],
)
def test_text_made_to_slow_down_patterns_takes_seconds_at_most(tmp_path: Path, text: str) -> None:
    began = time.process_time()
    built(tmp_path, {"a.md": GOOD + "\n" + text, "b.txt": GOOD + "\n" + text})
    assert time.process_time() - began < 20


def test_a_page_that_lies_about_its_encoding(tmp_path: Path) -> None:
    page = '<html><head><meta charset="{}"></head><body><p>{}</p></body></html>'
    french = "Le marché de la chimie a été fermé à Besançon, où l'on s'inquiète déjà des conséquences pour la région."
    chinese = "多地加快布局低空经济，已有二十多个省份将低空经济写入政府工作报告。"
    corpus = built(tmp_path, {
        "a.html": page.format("gb18030", french).encode("utf-8"), "b.html": page.format("utf-8", chinese).encode("gb18030"),
        "c.html": page.format("no-such-code", GOOD).encode(),
    })  # fmt: skip
    assert kept(corpus) == [french, chinese, GOOD.strip()]


@pytest.mark.skipif(shutil.which("setpriv") is None or os.geteuid() != 0, reason="needs root to become somebody else")
def test_check_as_somebody_without_rights_names_the_locked_file(tmp_path: Path, root: Path) -> None:
    with tempfile.TemporaryDirectory() as given:  # pytest's own folders are closed to others
        place = Path(given)
        for name in ("good.txt", "locked.txt"):
            (place / name).write_text(GOOD)
        (place / "locked.txt").chmod(0)
        place.chmod(0o755)
        code = "import sys; from toolkit.corpus import *; s = CorpusSettings(path=sys.argv[1]); print(build_corpus(s, corpus_files(s)).documents['notes'].to_pylist())"
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c", code, given]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
        if done.returncode and "ermission" in done.stderr and given not in done.stderr:
            pytest.skip(f"somebody else cannot start Python here: {done.stderr.strip().splitlines()[-1]}")
        assert done.stdout.strip() == "[[], ['unreadable: permission denied']]", done.stderr
