"""Results show themselves in a notebook: bounded, with what is left out counted, and harmless to the page."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from kit.press_runs import press_run

from toolkit.commands.search import Hit, Hits
from toolkit.compare.compare import compare
from toolkit.runs import Run
from toolkit.text import notebook


class Tags(HTMLParser):
    """The tags of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return press_run(tmp_path_factory.mktemp("display") / "run", hostile=True, long_word=100_000)


def test_a_long_table_shows_its_first_rows_and_counts_the_rest() -> None:
    html = notebook.table("Many", ("#n", "words"), [(i, "word " * 1000) for i in range(1000)], "run.themes")
    assert Tags(html).tags.count("tr") == 1 + notebook.MOST_ROWS
    assert "980 more: run.themes" in html and len(html) < 20_000


def test_a_run_shows_themes_and_codes_with_their_denominator_within_bounds(hostile: Path) -> None:
    html = Run(hostile)._repr_html_()
    n = Run(hostile).paragraphs["duplicate_of"].isna().sum()
    assert f"paragraphs of {n}" in html and "share (95%)" in html
    assert len(html) < 30_000


def test_words_of_the_corpus_never_become_markup(hostile: Path) -> None:
    hit = Hit(1, 0.5, "a:1", "a", "<img src=x onerror=alert(1)>", None, None, 1, -1, None, 0, "<script>1</script>" * 99)
    run = Run(hostile)
    for shown in (run, Hits([hit]), compare(run, run)):
        assert not {"script", "img", "iframe"} & set(Tags(shown._repr_html_()).tags)


def test_hits_are_still_a_tuple() -> None:
    assert Hits(()) == () and isinstance(Hits(()), tuple)
