"""Words that set apart, and keyword lines: planted words are found, chance ones are not, no line is not verbatim."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.describe import DescribeSettings
from toolkit.describe.passages import terms_of
from toolkit.errors import QuoteError
from toolkit.estimate import EstimateSettings
from toolkit.estimate.keyness import MOST_TERMS, g2, log_ratio
from toolkit.estimate.kwic import MOST_KEYWORDS, MOST_LINES, Texts, pattern, window
from toolkit.estimate.wording import check_wording, wording
from toolkit.values import Wording

FILLER = [f"{a}{b}" for a in ("bud", "mee", "coun", "vil", "sea") for b in ("ral", "ting", "cil", "lage", "son")]


def corpus(seed: int = 1, documents: int = 30, each: int = 4) -> tuple[Any, Any, Any, Any]:
    """Paragraphs of theme 0 say `turbine`, few of theme 1 do; one document of theme 1 alone repeats `zeppelin`."""
    rng = np.random.default_rng(seed)
    texts, owner, theme = [], [], []
    for document in range(documents):
        for _ in range(each):
            expected = int(rng.random() < 0.5)
            words = list(rng.choice(FILLER, 30))
            if expected == 0 and rng.random() < 0.7:
                words[3:3] = ["turbines", "and", "turbine"]
            if expected == 1 and document % 10 == 2 and rng.random() < 0.6:
                words[7:7] = ["turbines", "and", "turbine"]
            if expected == 1 and document == 0:
                words[5:5] = ["zeppelin"] * 12
            texts.append(" ".join(words) + ".")
            owner.append(f"d{document:02d}")
            theme.append(expected)
    table = pa.table(
        {
            "paragraph_id": [f"p{i:03d}" for i in range(len(texts))],
            "document_id": owner,
            "start": pa.array([100 * i for i in range(len(texts))], pa.int64()),
            "text": texts,
        }
    )
    names = sorted(set(owner))
    listed = pa.table(
        {
            "document_id": names,
            "duplicate_of": pa.array([None] * len(names), pa.string()),
            "source": ["north" if i % 2 else "south" for i in range(len(names))],
        }
    )
    return listed, table, terms_of(DescribeSettings(), texts), np.array(theme, np.int32)


def made(order: Any = None) -> tuple[Wording, Any, Any, dict[str, Any]]:
    documents, paragraphs, terms, theme = corpus()
    assigned = {"wind": np.array(["turbine" in text for text in paragraphs["text"].to_pylist()])}
    settings = EstimateSettings(bootstrap=300)
    keywords = {("theme", "0"): ["turbine", "councral"], ("theme", "1"): ["season"], ("code", "wind"): []}
    return wording(settings, documents, paragraphs, terms, theme, assigned, keywords, 5), paragraphs, theme, assigned


@pytest.fixture(scope="module")
def planted_words() -> tuple[Wording, Any, Any, dict[str, Any]]:
    return made()


def test_a_planted_word_sets_its_theme_and_its_code_apart_with_an_interval_where_it_stands_on_both_sides(
    planted_words: Any,
) -> None:
    rows = planted_words[0].keyness.to_pylist()
    for kind, item in (("theme", "0"), ("code", "wind")):
        first = next(row for row in rows if (row["kind"], row["id"], row["rank"]) == (kind, item, 1))
        assert first["term"].startswith("turbine") and first["p_adjusted"] < 0.05
        if kind == "theme":
            assert 1 < first["low"] < first["log_ratio"] < first["high"]
    assert {row["id"] for row in rows if row["kind"] == "group"} <= {"north", "south"}


def test_words_of_one_document_and_of_chance_are_no_difference_that_holds(planted_words: Any) -> None:
    rows = planted_words[0].keyness.to_pylist()
    assert all(row["term"] != "zeppelin" for row in rows)
    by_chance = [row for row in rows if row["kind"] == "group"]
    assert not any(row["p_adjusted"] is not None and row["p_adjusted"] < 0.05 for row in by_chance)
    assert max(row["rank"] for row in rows) <= MOST_TERMS


def test_log_likelihood_and_log_ratio_are_those_of_the_literature() -> None:
    value = g2(np.array([110.0]), np.array([10.0]), 1000.0, 1000.0)  # O: 110, 10; E: 60, 60 and 940, 940
    by_hand = 2 * (110 * np.log(110 / 60) + 10 * np.log(10 / 60) + 890 * np.log(890 / 940) + 990 * np.log(990 / 940))
    assert value[0] == pytest.approx(by_hand)
    one = np.float64(1000)
    assert log_ratio(np.array([39.5]), np.array([9.5]), one, one)[0] == pytest.approx(2.0)


def test_keyword_lines_are_verbatim_bounded_and_from_different_documents(planted_words: Any) -> None:
    made_, paragraphs, _, _ = planted_words
    home = {row["paragraph_id"]: row for row in paragraphs.to_pylist()}
    lines = made_.kwic.to_pylist()
    assert lines
    seen: dict[tuple[str, str, str], list[str]] = {}
    for line in lines:
        expected = home[line["paragraph_id"]]
        assert expected["text"][line["start"] - expected["start"] : line["end"] - expected["start"]] == line["match"]
        assert line["match"].lower().startswith(line["keyword"].lower().rstrip("s"))
        assert line["match"] in line["window"] and line["window"] in expected["text"]
        seen.setdefault((line["kind"], line["id"], line["keyword"]), []).append(expected["document_id"])
    assert all(len(names) == len(set(names)) <= MOST_LINES for names in seen.values())
    assert max(sum(key[:2] == expected[:2] for key in seen) for expected in seen) <= MOST_KEYWORDS
    assert any(line["kind"] == "code" for line in lines)  # a code without keywords is looked up by its telling words


@pytest.mark.parametrize("change", ["character", "theme", "paragraph", "window"])
def test_a_changed_or_moved_line_is_not_written(planted_words: Any, change: str) -> None:
    made_, paragraphs, theme, assigned = planted_words
    lines = made_.kwic.to_pylist()
    place = next(at for at, line in enumerate(lines) if (line["kind"], line["id"]) == ("theme", "0"))
    line = lines[place]
    if change == "character":
        line["match"] = line["match"][:-1] + "X"
    elif change == "window":
        line["window"] = line["window"][:-1] + "#"
    elif change == "theme":
        line["id"] = "1"
    else:
        line["paragraph_id"] = next(
            name for name, item in zip(paragraphs["paragraph_id"].to_pylist(), theme, strict=True) if item == 1
        )
    check_wording(made_, paragraphs, theme, assigned)
    with pytest.raises(QuoteError, match=r"not written|is not written"):
        check_wording(
            Wording(made_.keyness, pa.Table.from_pylist(lines, made_.kwic.schema), ""), paragraphs, theme, assigned
        )


def test_keywords_match_whole_words_in_any_case_plural_and_hyphen() -> None:
    assert pattern("state-owned enterprise").search("All State-owned\nEnterprises report.")
    assert pattern("art").search("a party of parts") is None
    assert pattern("产业").search("发展未来产业。")
    text = "word " * 60
    first, last = window(text, 150, 154)
    assert text[first:last].startswith("word") and text[first:last].endswith("word") and last - first < 160


def test_the_order_of_paragraphs_decides_nothing() -> None:
    documents, paragraphs, _, theme = corpus()
    order = np.random.default_rng(3).permutation(len(theme))
    turned = paragraphs.take(pa.array(order))
    settings = EstimateSettings(bootstrap=100)
    keywords = {("theme", "0"): ["turbine", "councral"]}
    both = []
    for table, item in ((paragraphs, theme), (turned, theme[order])):
        terms = terms_of(DescribeSettings(), table["text"].to_pylist())
        both.append(wording(settings, documents, table, terms, item, {}, keywords, 5))
    assert both[0].kwic.equals(both[1].kwic)
    assert both[0].keyness.select(["term", "count", "low"]).equals(both[1].keyness.select(["term", "count", "low"]))


def test_texts_come_from_a_table() -> None:
    _, paragraphs, _, _ = corpus(documents=2)
    assert Texts.of(paragraphs).ids[0] == "p000"


def test_a_word_of_one_side_only_has_finite_limits_and_what_is_not_certain_says_why(planted_words: Any) -> None:
    rows = planted_words[0].keyness.to_pylist()
    only = [row for row in rows if row["count_versus"] == 0]
    assert only and all(np.isfinite([row["low"], row["high"]]).all() for row in only)
    assert all((row["reason"] is None) == (row["verdict"] == "more") for row in rows)
