"""The part on documents: everything of a document once and in order, drawn to scale, and no more than may be shown."""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kit.press import TOPICS
from kit.press_runs import press_run, repeated

from toolkit.figures import RunTables
from toolkit.figures.style import theme_class
from toolkit.report import documents_part, page
from toolkit.report.content import Content, build
from toolkit.report.documents_part import Kept, LeftOut, NotShown
from toolkit.report.sections.documents import documents
from toolkit.run_folder.manifest import write_tables
from toolkit.settings import ReportSettings

SENTENCES = [sentence for pool in TOPICS.values() for sentence in pool]
PATH = re.compile(r'<path class="([^"]+)" d="([^"]+)"/>')
LINE = re.compile(r"M([\d.]+) 0H([\d.]+)")


def content_of(folder: Path, text: str = "full") -> Content:
    return build(RunTables(folder), ReportSettings(text=text))  # type: ignore[arg-type]


def written(content: Content) -> str:
    return str(page.blocks(documents(content).blocks))


def parts_of(written: str) -> dict[int, str]:
    """Row of a document -> its part of the page."""
    pieces = re.split(r'<details class="doc" id="doc-(\d+)"', written)[1:]
    return {int(row): part for row, part in zip(pieces[::2], pieces[1::2], strict=True)}


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / "tables" / f"{name}.parquet").to_pylist()


def spans(folder: Path, document: str) -> list[tuple[int, int, str]]:
    """Everything of a document in order, with the class that the strip must give it."""
    kept = [
        (row["start"], row["end"], theme_class(row["theme"]) + " copy" * (row["duplicate_of"] is not None))
        for row in table(folder, "paragraphs")
        if row["document_id"] == document
    ]
    looks = {"heading": "head", "byline": "about"}
    left = [
        (row["start"], row["end"], looks.get(row["reason"], "left"))
        for row in table(folder, "ledger")
        if row["document_id"] == document
    ]
    return sorted([*kept, *left])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve documents of five paragraphs, one of them with a byline between its paragraphs and a footer."""
    folder = press_run(tmp_path_factory.mktemp("documents") / "run")
    ledger = pq.read_table(folder / "tables" / "ledger.parquet")
    last = max(row["end"] for row in table(folder, "paragraphs") if row["document_id"] == "doc00003.txt")
    left = [(2, 40, "By <b>A. Hand</b>", "byline"), (42, 95, "Cookies?", "cookies")]
    more = [
        {"document_id": "doc00003.txt", "start": last + start, "end": last + end, "text": text, "reason": reason}
        for start, end, text, reason in left
    ]
    write_tables(folder, {"ledger": pa.concat_tables([ledger, pa.Table.from_pylist(more, schema=ledger.schema)])})
    return folder


@pytest.fixture(scope="module")
def content(run: Path) -> Content:
    return content_of(run)


@pytest.fixture(scope="module")
def parts(content: Content) -> dict[int, str]:
    return parts_of(written(content))


def test_every_kept_and_every_left_out_span_is_in_its_document_once_and_in_order(
    run: Path, content: Content, parts: dict[int, str]
) -> None:
    assert len(parts) == len(table(run, "documents")) == 12
    for row, document in enumerate(table(run, "documents")):
        expected = [(start, end) for start, end, _ in spans(run, document["document_id"])]
        passages = content.documents.documents[row].passages
        assert [_ends(passage) for passage in passages] == expected
        shown = re.findall(r"characters (\d+)–(\d+)", parts[row])
        assert [(int(start), int(end)) for start, end in shown] == expected
    assert "By &lt;b&gt;A. Hand&lt;/b&gt;" in parts[3] and "left out: bylines" in parts[3]


def _ends(passage: object) -> tuple[int, int]:
    assert isinstance(passage, Kept | LeftOut)
    return (passage.place.start, passage.place.end) if isinstance(passage, Kept) else (passage.start, passage.end)


def test_the_strip_of_a_document_is_in_proportion_to_its_characters(run: Path, parts: dict[int, str]) -> None:
    for row, document in enumerate(table(run, "documents")):
        expected = spans(run, document["document_id"])
        length = max(end for _, end, _ in expected)
        drawn = parts[row].partition("</summary>")[0]
        looks = {look: LINE.findall(d) for look, d in PATH.findall(drawn) if look != "cut"}
        assert list(looks) == list(dict.fromkeys(look for _, _, look in expected))
        for look, lines in looks.items():
            covered = {
                at
                for start, end, other in expected
                if other == look
                for at in range(round(1000 * start / length), round(1000 * end / length))
            }
            units = {at for start, end in lines for at in range(round(float(start)), round(float(end)))}
            # blank lines between neighbours of one class are drawn with them, and ends are rounded
            assert len(units ^ covered) <= 3 * sum(other == look for _, _, other in expected), (document, look)
        firsts = {look: min(start for start, _, other in expected if other == look) for look in looks}
        for look, lines in looks.items():
            assert float(lines[0][0]) == pytest.approx(1000 * firsts[look] / length, abs=0.06)


def test_the_strip_says_in_words_which_paragraphs_are_of_which_theme(
    run: Path, content: Content, parts: dict[int, str]
) -> None:
    labels = {row["theme"]: row["label"] for row in table(run, "themes")}
    for document in content.documents.documents:
        rows = [row for row in table(run, "paragraphs") if row["document_id"] == document.head.document_id]
        label = html.unescape(re.findall(r'role="img" aria-label="([^"]+)"', parts[document.head.row])[0])
        spelled: dict[int, str] = {}
        for numbers, name in re.findall(r"(?:^Paragraphs? |; )([\d–, ]+): ([^;]+?)(?=;|\.$)", label):
            for first, _, last in (run_.partition("–") for run_ in numbers.split(", ")):
                spelled |= dict.fromkeys(range(int(first), int(last or first) + 1), name)
        assert spelled == {row["position"]: labels.get(row["theme"], "No theme") for row in rows}


def test_a_code_s_lane_names_the_paragraphs_that_carry_it(run: Path, parts: dict[int, str]) -> None:
    names = [entry["id"] for entry in RunTables(run).codebook]
    assigned = {(row["paragraph_id"], row["code"]) for row in table(run, "codes") if row["assigned"]}
    for row, document in enumerate(table(run, "documents")):
        rows = [line for line in table(run, "paragraphs") if line["document_id"] == document["document_id"]]
        lanes = re.findall(r'href="#code-(\d+)">.*?aria-label="Paragraphs? ([\d–, ]+)".*?<td class="n">(\d+) of (\d+)',
                           parts[row].partition("</table>")[0], re.DOTALL)  # fmt: skip
        counts = Counter(code for line in rows for code in names if (line["paragraph_id"], code) in assigned)
        assert {names[int(at)]: (int(hits), int(of)) for at, _, hits, of in lanes} == {
            code: (number, len(rows)) for code, number in counts.items()
        }


def test_a_paragraph_says_where_it_is_quoted_and_what_it_repeats(
    run: Path, content: Content, parts: dict[int, str]
) -> None:
    paragraphs = re.split(r'<div class="para" id="p(\d+)">', "".join(parts.values()))[1:]
    by_row = dict(zip(map(int, paragraphs[::2]), paragraphs[1::2], strict=True))
    quotes = [(theme.anchor, quote) for theme in content.themes for quote in theme.quotes]
    quotes += [(code.anchor, quote) for code in content.codes for quote in code.evidence]
    assert quotes
    for anchor, quote in quotes:
        assert f'href="#{anchor}"' in by_row[quote.place.row].partition("quoted in ")[2], quote.place.paragraph_id
    rows = {line["paragraph_id"]: row for row, line in enumerate(table(run, "paragraphs"))}
    copies = [line for line in table(run, "paragraphs") if line["duplicate_of"]]
    assert copies
    for line in copies:
        assert f'a copy of <a href="#p{rows[line["duplicate_of"]]}">' in by_row[rows[line["paragraph_id"]]]


def test_a_copied_document_says_of_what_and_leads_there(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    rows = table(folder, "documents")
    rows[2]["duplicate_of"] = rows[1]["document_id"]
    schema = pq.read_schema(folder / "tables" / "documents.parquet")
    write_tables(folder, {"documents": pa.Table.from_pylist(rows, schema=schema)})
    part = parts_of(written(content_of(folder)))[2]
    assert '<b>A copy</b> of <a href="#doc-1"><bdi>Notes from the region, part 2</bdi></a>' in part


@pytest.mark.parametrize("text", ["none", "snippet"])
def test_no_more_words_of_the_corpus_than_may_be_shown(run: Path, text: str) -> None:
    content = content_of(run, text)
    shown = html.unescape(written(content))
    assert len(re.findall(r'class="para"', shown)) == 60, "each paragraph has its place, theme and codes"
    if text == "snippet":
        texts = re.findall(r'<p class="text">(.*?)</p>', shown)
        assert 0 < max(len(words.split()) for words in texts) <= 30
        return
    corpus = {row["text"] for name in ("paragraphs", "ledger") for row in table(run, name)}
    corpus |= {row["title"] for row in table(run, "documents")} | {"Part 1", "example.org", *SENTENCES}
    assert [words for words in sorted(corpus) if words in shown] == []


def test_beyond_500_documents_an_index_lists_all_and_only_quoted_ones_have_a_part(tmp_path: Path) -> None:
    folder = repeated(press_run(tmp_path / "run"), 42)
    content = content_of(folder)
    shown = written(content)
    listed = re.findall(r'<th scope="row" class="name">.*?(Notes from the region, part \d+)<', shown)
    titles = [row["title"] for row in table(folder, "documents")]
    assert listed == titles and len(titles) == 504, "all documents, in the order of the table"
    quoted = {quote.place.document_id for theme in content.themes for quote in theme.quotes}
    quoted |= {quote.place.document_id for code in content.codes for quote in code.evidence}
    names = [row["document_id"] for row in table(folder, "documents")]
    assert quoted <= {names[row] for row in parts_of(shown)} and len(parts_of(shown)) < 100
    links = set(re.findall(r'<th scope="row" class="name"><a href="#doc-(\d+)">', shown))
    assert links == {str(row) for row in parts_of(shown)}


def test_an_index_longer_than_the_page_can_hold_says_so(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents_part, "MOST_DOCUMENTS", 3)
    monkeypatch.setattr(documents_part, "MOST_ROWS", 7)
    shown = written(content_of(run))
    assert shown.count('<th scope="row" class="name">') == 7
    assert "The index lists the first 7." in shown and "The first 7 of 12 documents" in shown


def test_what_the_page_leaves_out_of_a_document_is_counted(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents_part, "IN_PAGE", 100)
    monkeypatch.setattr(documents_part, "MANY_QUOTED", 0)
    content = content_of(run)
    part = content.documents
    assert not part.whole and 0 < len(part.rows) < 60
    for document in part.documents:
        kept = [passage for passage in document.passages if isinstance(passage, Kept)]
        gaps = [passage.paragraphs for passage in document.passages if isinstance(passage, NotShown)]
        assert len(kept) + sum(gaps) == 5 and 0 not in gaps
    shown = written(content)
    assert f"The {len(part.rows)} paragraphs that are quoted or next to a quote; what was left out is drawn" in shown
    assert "tables/paragraphs.csv" in shown and "tables/ledger.csv" in shown
    assert 'class="out' not in shown


def test_a_run_without_themes_draws_what_was_kept(tmp_path: Path) -> None:
    shown = written(content_of(press_run(tmp_path / "run", documents=2, per_document=3, coders=False)))
    assert 'class="kept"' in shown and 'class="tn"' not in shown and "No theme" not in shown
