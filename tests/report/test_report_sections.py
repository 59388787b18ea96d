"""One report in three forms: every sentence of Markdown and PDF is one of the page, and the headings are the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from kit.openings import numbers_of
from kit.press_runs import press_run
from lxml import html
from markdown_it import MarkdownIt

import toolkit.report.sections
from toolkit.figures import RunTables
from toolkit.report.blocks import Blocks, Card, Fold, Heading, OnlyIn, Report
from toolkit.report.content import build
from toolkit.report.inlines import Code, File, Inlines, Link, Only, Ranges, Strong, Tag, Words
from toolkit.report.markdown import markdown
from toolkit.report.page import page
from toolkit.report.pdf import document
from toolkit.report.sections import report
from toolkit.report.validity_part import HumanCoding
from toolkit.run_folder.about import declared
from toolkit.settings import ReportSettings

SECTIONS = Path(toolkit.report.sections.__file__).parent
WRITERS = SECTIONS.parent


@pytest.fixture(
    scope="module",
    params=[{}, {"documents": 2, "per_document": 3, "coders": False}, {"codebook": False}, {"coders": False}],
    ids=str,
)
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = press_run(tmp_path_factory.mktemp("told") / "run", **request.param)
    return report(build(RunTables(folder), ReportSettings(author="A. Person")))


def words(parts: Inlines) -> str:
    """The words of a line, as every medium has them."""
    made = []
    for part in parts:
        match part:
            case str():
                made.append(part)
            case Ranges() | Code():
                made.append(part.text)
            case File():
                made.append(part.name)
            case Words() | Strong() | Link():
                made.append(words(part.parts))
            case Tag():
                made.append(f"({part.text})")
            case Only():
                made.append("")
    return "".join(made).strip()


def headings(blocks: Blocks) -> Iterator[tuple[int, str]]:
    for block in blocks:
        match block:
            case Heading():
                yield block.level, words(block.parts)
            case Card():
                if block.heading:
                    yield 3, words(block.heading)
                yield from headings(block.blocks)
            case Fold():
                yield block.level, words(block.summary)
                yield from headings(block.blocks)
            case OnlyIn():
                yield from headings(block.blocks) if "markdown" in block.media else ()


def outline(tree: Report) -> list[tuple[int, str]]:
    """Level and words of each heading that paper has."""
    made: list[tuple[int, str]] = []
    for section in tree.sections:
        if "markdown" in section.media:
            made += [(2, section.heading), *headings(section.blocks)]
    return made


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def test_markdown_and_pdf_have_the_headings_of_the_tree(tree: Report) -> None:
    parsed = html.fromstring(MarkdownIt("gfm-like", {"linkify": False}).render(markdown(tree)))
    there = [(int(one.tag[1]), one.text_content()) for one in parsed.iter("h2", "h3", "h4")]
    assert there == outline(tree) and len(there) > 12
    made = [item for item in document(tree)["items"] if item["kind"] == "heading"]
    assert [(item["level"] + 1, "".join(item["parts"])) for item in made] == outline(tree)


def test_no_heading_leaves_out_a_level(tree: Report) -> None:
    levels = [level for level, _ in outline(tree)]
    assert levels[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_paragraph_of_markdown_is_a_sentence_of_the_page(tree: Report) -> None:
    written = html.fromstring(page(tree))
    for unseen in list(written.iter("script", "style", "svg")):
        unseen.drop_tree()
    there = squeezed(written.text_content())
    parsed = html.fromstring(MarkdownIt("gfm-like", {"linkify": False}).render(markdown(tree)))
    lines = [one.text_content() for one in parsed.xpath("//p[not(ancestor::blockquote)] | //ul/li | //th | //td")]
    lines = [line.partition(" What the marks mean: ")[0] for line in lines if line.strip()]  # the page folds them
    allowed = ("Files named here", "How common each theme", " Data: ", "Map of the paragraphs", "chosen")
    missing = [
        line for line in lines if not is_sentence_of(line, there) and not any(start in line for start in allowed)
    ]
    assert missing == [] and len(lines) > 60


def is_sentence_of(line: str, page: str) -> bool:
    """Whether the page has a line, be its parts in brackets, below each other, in two columns or with more between."""
    plain = squeezed(line)
    forms = (plain, re.sub(r"\(([^()]*)\)$", r"\1", plain), plain.replace(":", "", 1))
    return any(form in page for form in forms) or all(
        piece in page for piece in map(squeezed, re.split(r"[():;]|\. ", line)) if piece
    )


def test_how_well_the_coding_agrees_with_the_coders_is_among_the_numbers(tmp_path: Path) -> None:
    content = build(RunTables(press_run(tmp_path / "run")), ReportSettings())
    for human, coders, sentence in (
        (
            HumanCoding(9, "0.58 (0.51–0.65)"),
            ("ann", "bob"),
            "Compared with 9 paragraphs that 2 coders coded, the coding has an F1 of 0.5",
        ),
        (
            HumanCoding(1, "0.50 (no interval)"),
            ("ann",),
            "Compared with 1 paragraph that 1 coder coded, the coding has an F1 of 0.5",
        ),
    ):
        assert sentence in numbers_of(report(replace(content, human=human, declared=declared({}, coders))))
    assert "coders coded" not in numbers_of(report(replace(content, human=HumanCoding(9, ""))))


def sentences(folder: Path) -> dict[str, list[str]]:
    """Every text of at least six words in the code of a folder, docstrings left out, with the modules that say it."""
    places: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
                text = " ".join(node.value.split()).strip(" .,:;")
                if len(re.findall(r"[A-Za-z]{2,}", text)) >= 6:
                    places.setdefault(text, []).append(path.name)
    return places


def test_no_sentence_of_the_report_is_told_twice_nor_by_a_writer() -> None:
    places = sentences(WRITERS)
    assert {text: modules for text, modules in places.items() if len(modules) > 1} == {}
    writing = [WRITERS / name for name in ("page.py", "markdown.py", "pdf.py")]
    writing += [path for path in (WRITERS / "templates").iterdir() if path.suffix != ".js"]
    texts = {path.name: " ".join(path.read_text(encoding="utf-8").split()) for path in writing}
    again = {text: name for text in sentences(SECTIONS) for name, whole in texts.items() if text in whole}
    assert again == {} and len(sentences(SECTIONS)) > 40
