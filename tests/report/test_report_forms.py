"""Nothing is lost by folding: the page has all, the full form on paper too, and the short one says what it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from kit.press_runs import press_run
from lxml import html

from toolkit.figures import RunTables
from toolkit.report.blocks import (
    Card,
    Documents,
    Explorer,
    Figure,
    Fold,
    Heading,
    OnlyIn,
    Paragraph,
    Quotation,
    Quotes,
    Report,
    Section,
)
from toolkit.report.content import build
from toolkit.report.forms import COMMAND, LEFT_OUT, full, short
from toolkit.report.inlines import PAGE, Only, TrendLine
from toolkit.report.markdown import markdown, plain
from toolkit.report.page import page
from toolkit.report.sections import report
from toolkit.settings import ReportSettings


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return press_run(tmp_path_factory.mktemp("forms") / "run")


@pytest.fixture(scope="module")
def tree(run: Path) -> Report:
    return report(build(RunTables(run), ReportSettings(author="A. Person")))


def texts(part: Any) -> Iterator[str]:
    """Every text of four words or more in a part of the tree that paper has, in order."""
    if isinstance(part, str):
        yield from [part] if len(part.split()) >= 4 else []
    elif isinstance(part, tuple):
        for one in part:
            yield from texts(one)
    elif isinstance(part, (Explorer, Documents)) or (
        isinstance(part, (Section, OnlyIn, Only)) and "markdown" not in part.media
    ):
        return
    elif isinstance(part, TrendLine) and not any(share for _, share, _ in part.trend.points):
        return  # of a code that was not found
    elif isinstance(part, Figure):
        yield from texts(part.caption)
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in ("data", "label", "short", "missing", "more"):
                yield from texts(getattr(part, field.name))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def test_the_full_form_has_every_text_of_the_tree_and_the_page_too(tree: Report) -> None:
    every = list(texts(tree.sections))
    assert len(every) > 200
    paper = squeezed(markdown(full(tree)))
    assert [
        text for text in every if squeezed(plain("x " + text))[1:] not in paper and squeezed(text) not in paper
    ] == []
    written = html.fromstring(page(tree))
    for unseen in list(written.iter("script", "style", "svg")):
        unseen.drop_tree()
    there = squeezed(written.text_content())
    only_on_paper = (
        "Files named here",
        "How common each",
        "Share of the 57",
        "Map of the",
        "What the marks",
        "57 unique p",
    )
    of_paper = {text for text in every if text.strip().startswith(only_on_paper)}
    assert {text for text in every if squeezed(text) not in there} <= of_paper


def test_the_short_form_has_no_word_of_what_is_folded_and_says_what_it_leaves_out(tree: Report) -> None:
    text = markdown(short(tree))
    assert len(text) < 0.5 * len(markdown(full(tree)))
    last = text.split(f"## {LEFT_OUT}")[1]
    assert COMMAND in last and f"short form: see “{LEFT_OUT}”" in text.split("## ")[0]
    for section in tree.sections:
        folds = [item for item in section.blocks if isinstance(item, Fold)]
        for item in folds if "markdown" in section.media else ():
            summary = plain("".join(part for part in item.summary if isinstance(part, str)))
            assert summary in last and f"# {summary}" not in text
    assert "details of 5 entries" in last and "- Stability: " not in text and "| Measure |" not in text


def test_the_appendix_has_what_is_folded_under_the_heading_of_its_section(run: Path, tree: Report) -> None:
    appendix = markdown(full(tree)).split("\n## Appendix\n")[1]
    heads = re.findall(r"^### (.*)$", appendix, re.MULTILINE)
    folding = [
        section.heading
        for section in tree.sections
        if "markdown" in section.media and any(isinstance(one, Fold) or (isinstance(one, Card) and one.folded)
                                               for one in section.blocks)
    ]  # fmt: skip
    assert heads == folding and len(heads) >= 6
    themes = appendix.split("### Themes found")[1].split("\n### ")[0]
    assert (
        f"#### {RunTables(run).labels[0]}" in themes
        and "- Stability: " in themes
        and "#### All 4 themes in one table" in themes
    )
    assert LEFT_OUT not in markdown(full(tree))


def test_quotes_after_the_first_ones_of_a_card_and_folds_in_folds_are_in_the_appendix() -> None:
    quotes = Quotes(tuple(Quotation(f"Words number {at} of them", "", ("There",)) for at in range(3)), 1)
    inner = Fold(("Inside",), (Heading(("Deep",)), Paragraph(("Bottom",))))
    card = Card((quotes,), ("Card",), "card", folded=(Paragraph(("More",)), Fold(("Outside",), (inner,))))
    hidden = OnlyIn(PAGE, (Fold(("Only of the page",), (Paragraph(("No",)),)),))
    tree = Report("T", "", "1", "", ("meta",), (Section("s", "S", "Part", (card, hidden)),))
    kept, whole = markdown(short(tree)), markdown(full(tree))
    assert "number 0" in kept and "number 1" not in kept and "More" not in kept
    assert re.findall(r"^#+ .*$", whole, re.MULTILINE) == [
        "# T", "## Part", "### Card", "## Appendix", "### Part", "#### Card", "##### Outside", "##### Inside",
        "##### Deep",
    ]  # fmt: skip
    assert [whole.count(f"number {at}") for at in range(3)] == [1, 1, 1] and "Bottom" in whole
    assert "Only of the page" not in whole + kept


def test_a_report_without_folds_is_the_same_in_every_form(tree: Report) -> None:
    bare = replace(tree, sections=(Section("s", "S", "Part", (Paragraph(("All of it",)),)),))
    assert short(bare) == full(bare) == bare


def test_a_card_shows_the_beginning_of_a_long_quote_and_folds_the_whole(tmp_path: Path) -> None:
    content = build(RunTables(press_run(tmp_path / "run", words=120)), ReportSettings())
    cards = [item for section in report(content).sections if section.anchor == "themes" for item in section.blocks
             if isinstance(item, Card)]  # fmt: skip
    assert len(cards) >= 4
    for card, theme in zip(cards, content.themes, strict=True):
        if not theme.quotes:
            continue
        (shown,) = (item for item in card.blocks if isinstance(item, Quotes))
        folded = next(item for item in card.folded if isinstance(item, Quotes))
        words = shown.items[0].words
        assert words.endswith("…") and len(words.split()) <= 32
        assert theme.quotes[0].text.startswith(words.removesuffix("…"))
        assert theme.quotes[0].text[len(words) - 1] in " ,;:", "no word is cut"
        assert [item.words for item in folded.items] == [quote.text for quote in theme.quotes]
        assert card.more == f"Details and {len(theme.quotes)} quotes" or len(theme.quotes) == 1
