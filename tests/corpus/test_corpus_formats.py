# ruff: noqa: E501 - sample lines as they come
"""Every format is read into documents with the text and the metadata that a researcher expects."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept, reasons

from toolkit.corpus import corpus_card
from toolkit.corpus.dates import date_key, iso_date

ONE = "The harbour board met on Tuesday and agreed to dredge the northern channel before the winter storms arrive."
TWO = "Fishermen had asked for the work since spring, when two boats ran aground within sight of the lighthouse."


def test_front_matter_is_metadata_and_stands_in_the_ledger(tmp_path: Path) -> None:
    text = f'---\ntitle: "Dredging: agreed"\nsource: The Buoy\ndate: 2 May 2024\nurl: https://buoy.example/1\nnorway: NO\n---\n\n# Dredging\n\n{ONE}\n\n## Why now\n\n{TWO}\n'
    corpus = built(tmp_path, {"a.md": text})
    row = document(corpus, "a.md")
    assert (row["title"], row["source"], row["date"], row["url"]) == (
        "Dredging: agreed", "The Buoy", "2024-05-02", "https://buoy.example/1",
    )  # fmt: skip
    assert kept(corpus) == [ONE, TWO]
    assert column(corpus.paragraphs, "heading") == ["Dredging", "Why now"]
    assert sorted(set(reasons(corpus).values())) == ["heading", "metadata"]
    assert not row["extracted"]


def test_labelled_lines_at_the_head_of_a_text_are_metadata(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": f"Title: Dredging\nSource: The Buoy\nDate: 2024/05/02\n\n{ONE}\n"})
    row = document(corpus, "a.txt")
    assert (row["title"], row["source"], row["date"]) == ("Dredging", "The Buoy", "2024-05-02")
    assert kept(corpus) == [ONE]


def test_html_metadata_comes_from_its_head_and_scripts(tmp_path: Path) -> None:
    linked = {
        "@context": "x",
        "@type": "NewsArticle",
        "headline": "Dredging agreed",
        "datePublished": "2024-05-02T10:00:00Z",
        "publisher": {"name": "The Buoy"},
    }
    page = (
        f'<html><head><title>Dredging agreed | The Buoy</title><script type="application/ld+json">{json.dumps(linked)}</script>'
        f'<link rel="canonical" href="https://buoy.example/1"><style>p {{}}</style></head><body><nav><a href="/">Home</a></nav>'
        f"<article><h1>Dredging agreed</h1><p>{ONE}</p><h2>Why now</h2><p>{TWO}</p></article><script>track()</script></body></html>"
    )
    corpus = built(tmp_path, {"a.html": page})
    row = document(corpus, "a.html")
    assert (row["title"], row["source"], row["date"], row["url"], row["extracted"]) == (
        "Dredging agreed", "The Buoy", "2024-05-02", "https://buoy.example/1", True,
    )  # fmt: skip
    assert kept(corpus) == [ONE, TWO]
    assert column(corpus.paragraphs, "heading") == ["Dredging agreed", "Why now"]
    assert "track" not in column(corpus.texts, "text")[0]


def test_docx_keeps_headings_lists_tables_and_properties(tmp_path: Path) -> None:
    import docx

    paper = docx.Document()
    paper.core_properties.title = "Dredging"
    paper.add_heading("Why now", level=1)
    paper.add_paragraph(ONE)
    paper.add_paragraph("A third boat ran aground in June and nobody has reported it so far.", style="List Bullet")
    table = paper.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("Month", "Boats", "June", "3"), strict=True):
        cell.text = text
    paper.sections[0].header.paragraphs[0].text = "The Buoy, internal"
    out = io.BytesIO()
    paper.save(out)
    corpus = built(tmp_path, {"a.docx": out.getvalue()})
    assert document(corpus, "a.docx")["title"] == "Dredging"
    assert kept(corpus)[0] == ONE
    assert set(column(corpus.paragraphs, "heading")) == {"Why now"}
    assert "Month Boats June 3" in " ".join(kept(corpus))
    assert reasons(corpus)["The Buoy, internal"] == "furniture"


def test_tables_map_columns_by_name_and_by_config(tmp_path: Path) -> None:
    rows = f"ref;headline;published;body;region\nx1;Dredging;02.05.2024;{ONE};north\nx2;Boats;bad date;{TWO};south\n"
    corpus = built(tmp_path, {"t.csv": rows}, columns={"id": "ref", "text": "body", "keep": ["region"]})
    assert column(corpus.documents, "document_id") == ["x1", "x2"]
    assert column(corpus.documents, "title") == ["Dredging", "Boats"]
    assert column(corpus.documents, "date") == ["2024-05-02", None]
    assert column(corpus.documents, "region") == ["north", "south"]
    assert document(corpus, "x2")["notes"] == ["date not understood: 'bad date'"]
    assert kept(corpus) == [ONE, TWO]


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "jsonl.gz", "parquet", "xlsx"])
def test_each_kind_of_table_gives_the_same_documents(tmp_path: Path, kind: str) -> None:
    rows = [{"id": "x1", "text": ONE, "date": "2024-05-02"}, {"id": "x2", "text": TWO, "date": "2024-05-03"}]
    corpus = built(tmp_path, {f"t.{kind}": table_bytes(rows, kind)})
    assert column(corpus.documents, "document_id") == ["x1", "x2"]
    assert column(corpus.documents, "date") == ["2024-05-02", "2024-05-03"]
    assert kept(corpus) == [ONE, TWO]


def table_bytes(rows: list[dict[str, str]], kind: str) -> bytes:
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    if kind == "jsonl":
        return lines
    if kind == "jsonl.gz":
        return gzip.compress(lines)
    out = io.BytesIO()
    if kind == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(rows), out)
    elif kind == "xlsx":
        import openpyxl

        book = openpyxl.Workbook()
        for cells in (list(rows[0]), *(list(row.values()) for row in rows)):
            book.active.append(cells)
        book.save(out)
    else:
        text = io.StringIO()
        writer = csv.writer(text, delimiter="\t" if kind == "tsv" else ",")
        writer.writerows([list(rows[0]), *(list(row.values()) for row in rows)])
        out.write(text.getvalue().encode())
    return out.getvalue()


def test_several_tables_name_their_rows_by_file_and_rows_without_id_by_number(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.csv": f"id,text\n1,{ONE}\n", "b.csv": f"text\n{TWO}\n"})
    assert column(corpus.documents, "document_id") == ["a.csv#1", "b.csv#row-000001"]


def test_a_sidecar_names_and_dates_files(tmp_path: Path) -> None:
    side = tmp_path / "meta.csv"
    side.write_text("file,title,outlet,date\nsub/a.txt,Dredging,The Buoy,2024-05-02\nb,Boats,,3 May 2024\n")
    corpus = built(tmp_path / "c", {"sub/a.txt": ONE, "b.txt": TWO}, metadata=str(side))
    assert column(corpus.documents, "document_id") == ["b.txt", "sub/a.txt"]
    assert column(corpus.documents, "title") == ["Boats", "Dredging"]
    assert column(corpus.documents, "date") == ["2024-05-03", "2024-05-02"]
    assert column(corpus.documents, "source") == [None, "The Buoy"]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("utf-8-sig", "byte order mark"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("gb18030", "GB18030")],
)
def test_chinese_text_in_any_encoding(tmp_path: Path, encoding: str, words: str) -> None:
    text = "多地加快布局低空经济。\n\n今年以来,已有二十多个省份将低空经济写入政府工作报告,无人机物流、城市空中交通等项目陆续启动。\n"
    corpus = built(tmp_path, {"a.txt": text.encode(encoding)})
    row = document(corpus, "a.txt")
    assert "今年以来,已有二十多个省份" in " ".join(kept(corpus))
    assert row["language"] == "zh"
    assert any(words in note for note in row["notes"]) and row["extracted"]


def test_latin1_and_mojibake_are_read_right_and_noted(tmp_path: Path) -> None:
    text = "Le marché de la chimie a été fermé à Besançon, où l'on s'inquiète déjà des conséquences pour la région entière."
    mangled = "The price rose to £40 – “too much”, said the café owner in Zürich on Monday.".encode().decode(
        "cp1252", "replace"
    )
    corpus = built(tmp_path, {"a.txt": text.encode("latin-1"), "b.txt": mangled})
    assert kept(corpus)[0] == text
    assert document(corpus, "a.txt")["notes"] == ["read as Latin-1 (cp1252) [corpus.encoding]"]
    assert "£40" in kept(corpus)[1]
    assert any("mojibake" in note for note in document(corpus, "b.txt")["notes"])


def test_offsets_count_the_files_own_newlines(tmp_path: Path) -> None:
    raw = f"{ONE}\r\n\r\n{TWO}\r\n"
    corpus = built(tmp_path, {"a.txt": raw})
    assert column(corpus.texts, "text") == [raw]
    assert column(corpus.paragraphs, "start") == [0, len(ONE) + 4]


def test_only_wanted_languages_stay(tmp_path: Path) -> None:
    german = "Die Regierung hat am Montag neue Regeln für die Ausfuhr von seltenen Erden angekündigt und begründet."
    corpus = built(tmp_path, {"a.txt": ONE, "b.txt": german}, languages=("en",))
    assert column(corpus.documents, "language") == ["en", "de"]
    assert reasons(corpus) == {german: "language: de"}


def test_a_folder_of_mixed_formats_and_a_glob(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.txt": ONE,
        "b/c.md": TWO,
        "t.jsonl": json.dumps({"id": "r", "text": ONE + " Again."}),
    }
    corpus = built(tmp_path, files | {"photo.jpg": b"\xff\xd8", ".hidden.txt": ONE})
    assert column(corpus.documents, "document_id") == ["a.txt", "b/c.md", "r"]
    assert corpus.notes == ("1 file of other kinds not read: .jpg 1 (photo.jpg)",)
    globbed = built(tmp_path, {}, path=str(tmp_path / "**" / "*.md"))
    assert column(globbed.documents, "document_id") == ["b/c.md"]


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2024-05-01", "2024-05-01"), ("2024-05-01T23:59:00+08:00", "2024-05-01"), ("May 1, 2024", "2024-05-01"),
        ("1st of May 2024", "2024-05-01"), ("Wed, 01 May 2024 10:00:00 GMT", "2024-05-01"), ("2024年5月1日", "2024-05-01"),
        ("01.05.2024", "2024-05-01"), ("20240501", "2024-05-01"), ("May 2024", "2024-05"), ("2024", "2024"),
        ("Sept. 3, 2024", "2024-09-03"), ("13/05/2024", "2024-05-13"), ("05/13/2024", "2024-05-13"), ("1714521600", "2024-05-01"),
        ("03/04/2024", None), ("31 February 2024", None), ("yesterday", None), ("", None), ("12", None), ("Published: 3 May 2024", "2024-05-03"),
    ],
)  # fmt: skip
def test_dates_are_read_or_left_alone(given: str, iso: str | None) -> None:
    assert iso_date(given) == iso


def test_an_ambiguous_date_is_read_as_the_config_says() -> None:
    assert (iso_date("03/04/2024", day_first=True), iso_date("03/04/2024", day_first=False)) == (
        "2024-04-03",
        "2024-03-04",
    )
    assert sorted(["2024", "2024-05", "2024-05-01", "2023-12-31", None], key=date_key) == (  # type: ignore[type-var]
        ["2023-12-31", "2024-05-01", "2024-05", "2024", None]
    )


def test_the_card_adds_up_and_loads_nothing_heavy(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": f"Dredging\n\n{ONE}\n\nRead more\n", "b.txt": ""})
    card = corpus_card(corpus)
    total = sum(len("".join(text.split())) for text in column(corpus.texts, "text"))
    assert card.characters == total == card.kept_characters + sum(drop.characters for drop in card.dropped)
    assert any(line.endswith(f"of {total} characters that are not blank") for line in card.lines())
    assert (card.documents, card.empty, card.paragraphs, card.undated) == (2, 1, 1, 2)
    assert {drop.reason: drop.rows for drop in card.dropped} == {"heading": 1, "read_more": 1, "empty": 1}
    example = next(drop for drop in card.dropped if drop.reason == "read_more").examples[0]
    assert example.text == "Read more" and example.before.endswith("arrive.")
    assert any("paragraphs  1" in line for line in card.lines())


def test_reading_texts_imports_neither_pandas_nor_torch(root: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "a.txt").write_text(ONE)
    code = (
        "import sys; from toolkit.corpus import *; s = CorpusSettings(path=sys.argv[1]); corpus_card(build_corpus(s, corpus_files(s)));"
        "print([m for m in ('pandas', 'torch', 'sklearn', 'trafilatura', 'docx', 'py3langid', 'lxml', 'openpyxl') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True, cwd=root
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.slow
def test_memory_grows_by_a_few_kilobytes_a_row_of_a_table(root: Path) -> None:
    import re
    import subprocess
    import sys

    peaks = []
    for rows in (30_000, 90_000):
        command = [sys.executable, str(root / "experiments/benchmarks/corpus_scale.py"), "--rows", str(rows)]
        output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root).stdout
        peak = re.search(r"(\d+) MB", output)
        assert peak is not None, output
        peaks.append(int(peak[1]) * 1e6)
    assert (peaks[1] - peaks[0]) / 60_000 < 6000
