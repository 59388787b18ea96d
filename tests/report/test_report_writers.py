"""Three writers of one tree: each writes every type of block, and nothing in a block formats or runs in any of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from html.parser import HTMLParser
from typing import Any, get_args

import pyarrow as pa
import pytest
from markdown_it import MarkdownIt

from toolkit.figures import Figure as Drawing
from toolkit.report.blocks import (
    Block,
    Bullets,
    Card,
    Column,
    Documents,
    Explorer,
    Fact,
    Facts,
    Figure,
    Files,
    Finding,
    Findings,
    Flow,
    Fold,
    Heading,
    LegendEntry,
    Listing,
    OnlyIn,
    Paragraph,
    Quotation,
    Quotes,
    Report,
    Row,
    RowGroup,
    Section,
    Step,
    Table,
)
from toolkit.report.document_blocks import DocumentLine, DocumentText, Facet, Lane, LegendLook, Passage
from toolkit.report.inlines import (
    EVERYWHERE,
    MARKDOWN,
    PAGE,
    PAPER,
    Bar,
    Code,
    Detail,
    Emphasis,
    File,
    Inline,
    Key,
    Link,
    Only,
    Ranges,
    Strong,
    Tag,
    TrendLine,
    Words,
)
from toolkit.report.markdown import markdown
from toolkit.report.page import page
from toolkit.report.pdf import document
from toolkit.report.places import Place
from toolkit.report.spread import Trend
from toolkit.report.strip import Strip
from toolkit.text.format import HIDDEN, visible

ATTACKS = (
    "<script>window.pwned = 1</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7*7 }} {% raw %}",
    "[x](javascript:alert(1)) ![y](https://example.org/y.png)",
    "a | b **c** _d_ `e` ~~f~~ $g$ &lt;h&gt;",
    "# Heading",
    "- point",
    "1. first",
    "> quote",
    "a\n~~~~\n# b\n\n```\n- c",
    "\u202etxet",
    'x" onmouseover="alert(1)',
    "https://example.org/a www.example.org",
)
PLACE = Place(3, "d#1", "d", "Title", "Source", "2024", 1, 9, 0, 5, "")
PAGE_ONLY = {Explorer, Documents}
SET_OFF = ("strong", "emphasis", "code", "link")


def drawing(text: str) -> Drawing:
    return Drawing("map", text, text, text, "<circle r='1'/>", 640, 320, pa.table({"a": [1]}), "tables/x.parquet")


def parts(text: str) -> dict[type, Inline]:
    """Every type of part that a line may have, with `text` where it has words."""
    made: list[Inline] = [text, Words((text,)), Ranges(text), Strong((text,)), Emphasis((text,)), Code(text)]
    made += [
        Link((text,), "https://example.org/?a=<b>&c"),
        Link((text,), "#there"),
        Detail((text,)),
        Tag(text, "missing"),
    ]
    made += [Detail((text,)), Only(EVERYWHERE, (text,)), Key(2), Bar(0.2, 0.1, 0.3, 0.5), File("tables/themes.csv")]
    made += [TrendLine(Trend((("2024", 0.1, 9), ("2025", 0.2, 9)), "rising", "words"), 0.5)]
    return {type(part): part for part in made}


def samples(text: str) -> dict[type, Block]:
    """Every type of block, with `text` wherever it has words."""
    line = (text,)
    row = DocumentLine(text, (text,), "doc-0", text, text, 2, 10, 0, text, ((0,),))
    lane = Lane((text,), Strip((("kept", "M0 0H9"),), text), text)
    passages = tuple(Passage(kind, (text,), "1", "p0", text, text) for kind in ("kept", "heading", "left", "gap"))
    document = DocumentText(row, lane.strip, "p0-0-9", ((text,),), (lane,), passages)
    facets = (Facet("source", text, (text, text)),)
    made: tuple[Block, ...] = (
        Heading(line, 3, "there"),
        Paragraph(line, "lead"),
        Facts((Fact(text, line, long=True),)),
        Table(text, (Column(text), Column(text, "share")), (RowGroup(text, (Row((line, line), "chosen"),)),), line),
        Figure(drawing(text), line, Fold(("Numbers",), (Paragraph(line),))),
        Findings(line, (Finding(line, line, line, Tag(text, "open"), (Link(line, "#there"),)),), None, line),
        Quotes((Quotation(text, "", line), Quotation("", "Not shown.", line)), 1, "q1"),
        Bullets((line, line), "limits"),
        Flow((Step("12", text, text),)),
        Files(("tables/themes.csv", "metrics.json")),
        Listing(text, text, "yaml"),
        Fold(line, (Paragraph(line),)),
        Card((Paragraph(line),), line, "card"),
        OnlyIn(EVERYWHERE, (Paragraph(line),)),
        Explorer(drawing(text), line, (LegendEntry(0, text, "9"),), ((0, text),), (text, "b"), ("2024", "2025")),
        Documents(text, (document,), (row,), facets, (text, text), (LegendLook("t0", text),)),
    )
    return {type(block): block for block in made}


def tree(*blocks: Block, text: str = "Words") -> Report:
    return Report(text, text, "1.0", text, (text,), (Section("part", "Part", text, blocks),))


def pdf_words(report: Report) -> str:
    """Every text that the PDF's template is given to set, a line each; kinds and pictures are left out."""
    return "\n".join(lines(document(report)))


def lines(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from () if key in ("kind", "svg", "fonts") else lines(value)
    elif isinstance(tree, list) and not any(isinstance(part, list) for part in tree):
        parts = ["\n".join(lines(part)) for part in tree]
        yield ("\n" if any(isinstance(part, dict) and part.get("kind") not in SET_OFF for part in tree) else "").join(
            parts
        )
    elif isinstance(tree, list):
        for part in tree:
            yield from lines(part)
    else:
        yield str(tree)


class Shown(HTMLParser):
    """The words that a reader sees of a page, and what could act in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.silent += tag in {"script", "style", "title", "desc"}

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style", "title", "desc"}

    def handle_data(self, data: str) -> None:
        self.words += [] if self.silent else [data]

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def rendered(text: str) -> Shown:
    """Markdown as a place that knows tables shows it."""
    return Shown(MarkdownIt("gfm-like", {"linkify": False}).render(text))


SHOWN: dict[str, Callable[[Report], str]] = {
    "page": lambda report: Shown(page(report)).text,
    "markdown": lambda report: rendered(markdown(report)).text,
    "pdf": pdf_words,
}


@pytest.mark.parametrize("kind", get_args(Block), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("medium", SHOWN)
def test_every_type_of_block_is_written_everywhere(medium: str, kind: type) -> None:
    block = samples("Sundew")[kind]
    shown = SHOWN[medium](tree(block))
    words = ["tables/themes.csv", "metrics.json"] if kind is Files else ["Sundew"]
    for word in words:
        assert (word in shown) == (medium == "page" or kind not in PAGE_ONLY), (medium, word)


@pytest.mark.parametrize("kind", get_args(Inline), ids=lambda kind: kind.__name__)
def test_every_type_of_part_is_written_everywhere(kind: type) -> None:
    expected = {Key: "", Bar: "", File: "tables/themes.csv", TrendLine: "rising"}.get(kind, "Sundew")
    for medium, show in SHOWN.items():
        shown = " ".join(show(tree(Paragraph(("before ", parts("Sundew")[kind], " after")))).split())
        assert re.search(rf"before \(?{expected}\)? ?after", shown), (medium, shown)


@dataclass(frozen=True)
class Novelty:
    """A block or part that no writer knows."""

    parts: tuple[str, ...] = ("news",)


@pytest.mark.parametrize("medium", SHOWN)
def test_a_type_that_a_writer_does_not_know_is_a_fault_and_not_left_out(medium: str) -> None:
    for report in (tree(Novelty()), tree(Paragraph((Novelty(),)))):  # type: ignore[arg-type]
        with pytest.raises((AssertionError, AttributeError, KeyError)):
            SHOWN[medium](report)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_any_block_formats_or_runs_in_the_page(attack: str) -> None:
    harmless, attacked = (Shown(page(tree(*samples(text).values(), text=text))) for text in ("Words", attack))
    assert attacked.tags == harmless.tags
    assert [name for name, _ in attacked.attributes] == [name for name, _ in harmless.attributes]
    assert attacked.text.count(" ".join(visible(attack).split())) >= harmless.text.count("Words")
    assert not HIDDEN.search(attacked.text)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_of_any_block_formats_or_links_in_markdown(attack: str) -> None:
    harmless, attacked = (rendered(markdown(tree(*samples(text).values(), text=text))) for text in ("Words", attack))
    assert attacked.tags == harmless.tags
    addresses = [value for name, value in attacked.attributes if name in ("href", "src")]
    assert addresses == [value for name, value in harmless.attributes if name in ("href", "src")]
    assert not HIDDEN.search(attacked.text.replace("\u200b", "")), "but for the gaps that keep addresses from linking"


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("kind", get_args(Inline), ids=lambda kind: kind.__name__)
def test_no_text_of_any_part_formats_or_links_in_markdown(kind: type, attack: str) -> None:
    there = [
        rendered(markdown(tree(Paragraph((parts(text)[kind],)), Paragraph(("before ", parts(text)[kind], " after")))))
        for text in ("Words", attack)
    ]
    assert there[0].tags == there[1].tags
    assert [value for _, value in there[0].attributes] == [value for _, value in there[1].attributes]


def test_texts_reach_the_pdf_as_data(tmp_path: Any) -> None:
    typst = pytest.importorskip("typst", reason="typst is not installed (extra: pdf)")
    pypdfium2 = pytest.importorskip("pypdfium2")
    assert typst
    from toolkit.report.pdf import pdf

    attack = '#panic("run") $x^2$ *strong* _emph_ `raw` <label> @ref \\u{41} // gone'
    (tmp_path / "attacked.pdf").write_bytes(pdf(tree(*samples(attack).values(), text=attack)))
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(tmp_path / "attacked.pdf")]
    shown = "".join(" ".join(pages).split()).replace("\ufffe", "")
    words = "".join(attack.split())
    assert shown.count(words) > 10
    assert attack in pdf_words(tree(*samples(attack).values())), "as it is"


@pytest.mark.parametrize(("media", "shown"), [(PAGE, {"page"}), (PAPER, {"markdown", "pdf"}), (MARKDOWN, {"markdown"})])
def test_what_is_for_some_media_is_in_no_other(media: Any, shown: set[str]) -> None:
    for report in (
        tree(OnlyIn(media, (Paragraph(("Sundew",)),))),
        tree(Paragraph((Only(media, ("Sundew",)),))),
        Report("T", "", "1", "", (), (Section("a", "A", "Sundew", (), media),)),
    ):
        assert {medium for medium, show in SHOWN.items() if "Sundew" in show(report)} == shown


def test_blanks_at_the_seams_of_parts_are_kept() -> None:
    seams = Paragraph(("one ", Words((" two ", Strong(("three",)), " four")), ", five"))
    for medium, show in SHOWN.items():
        assert "one two three four, five" in " ".join(show(tree(seams)).split()), medium


def test_a_web_address_is_a_link_everywhere_and_an_anchor_in_the_page_alone() -> None:
    address = "https://example.org/" + "long" * 40
    report = tree(Paragraph((Link(("there",), address), Link(("here",), "#here"))))
    assert f'<a href="{address}" rel="noreferrer noopener nofollow">there</a><a href="#here">here</a>' in page(report)
    assert f"[there](<{address}>)here" in markdown(report)
    (link,) = re.findall(r'"to": "([^"]*)"', json.dumps(document(report)))
    assert link == address, "not broken, however long"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//a.b", ""])
def test_a_link_to_anything_but_the_web_or_the_page_cannot_be_made(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        Link(("there",), address)


def test_blocks_are_values() -> None:
    for kind in (*get_args(Block), *get_args(Inline)):
        if kind is not str:
            assert is_dataclass(kind) and kind.__dataclass_params__.frozen and fields(kind)  # type: ignore[attr-defined]
