"""Which code a theme mostly carries: the greatest share if it is a third and no chance, its interval, and why not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import hypergeom, t

from toolkit.estimate import CodingError
from toolkit.estimate.mostly import CHANCE, EMPTY, FEW, NO_CODES, NO_THEME, NONE, ONE, mostly_table
from toolkit.estimate.tally import make_tally
from toolkit.schemas import BY_CODING, BY_SAMPLING

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def table(
    owner: list[int],
    theme: list[int],
    codes: dict[str, list[int]],
    parents: dict[str, str | None] | None = None,
    copies: dict[int, int] | None = None,
    broader: dict[str, list[int]] | None = None,
    themes: int = 0,
    **widened: Any,
) -> dict[int, dict[str, Any]]:
    """theme -> its row; `codes` are the rows of the paragraphs that carry each, `copies` copy -> original."""
    n, copies = len(owner), copies or {}
    paragraphs = pa.table(
        {
            "paragraph_id": [f"p{row}" for row in range(n)],
            "document_id": [f"d{row:03d}" for row in owner],
            "words": pa.array([5] * n, pa.int32()),
            "duplicate_of": pa.array([f"p{copies[row]}" if row in copies else None for row in range(n)], pa.string()),
            "theme": pa.array(theme, pa.int32()),
        }
    )
    ids = [f"d{row:03d}" for row in range(max(owner) + 1)]
    documents = pa.table({"document_id": ids, "duplicate_of": pa.array([None] * len(ids), pa.string())})
    assigned = {code: np.isin(np.arange(n), rows) for code, rows in codes.items()}
    above = {**dict.fromkeys(codes), **(parents or {})}
    tally = make_tally(documents, paragraphs, assigned, above, "document", themes)
    by_name = {name: np.isin(theme, inside) for name, inside in (broader or {}).items()}
    made = mostly_table(tally, paragraphs, assigned, above, by_name, **widened)
    return {row["theme"]: row for row in made.to_pylist()}


EVERY_SIX = [row // 6 for row in range(240)]
"""Forty documents of six paragraphs."""
TWO = [0] * 60 + [1] * 180
"""Theme 0 is the first ten documents, theme 1 the others."""


def spread(*hits: int, first: int = 0) -> list[int]:
    """Rows of the first ten documents: so many in each, from its paragraph `first` on."""
    return [6 * document + first + place for document, many in enumerate(hits) for place in range(many)]


HITS = (4, 5, 3, 6, 2, 4, 5, 3, 4, 4)
"""Forty of sixty."""


def test_the_share_has_the_interval_of_its_documents_by_the_jackknife_and_t_on_the_logit_scale() -> None:
    row = table(EVERY_SIX, TWO, {"a": spread(*HITS)})[0]
    p, g = 40 / 60, 10
    without = [(40 - many) / 54 for many in HITS]
    error = math.sqrt((g - 1) / g * sum((value - np.mean(without)) ** 2 for value in without))
    reach = t.ppf(0.975, g - 1) * error / (p * (1 - p))
    ends = [1 / (1 + math.exp(-(math.log(p / (1 - p)) + way * reach))) for way in (-1, 1)]
    assert (row["mostly"], row["mostly_paragraphs"], row["mostly_share"]) == ("a", 40, p)
    assert [row["mostly_low"], row["mostly_high"]] == pytest.approx(ends)
    assert (row["mostly_interval_of"], row["mostly_reason"]) == (BY_SAMPLING, None)


def test_paragraphs_of_few_documents_count_for_less_than_as_many_of_all() -> None:
    narrow = table(EVERY_SIX, TWO, {"a": spread(*HITS)})[0]
    wide = table(EVERY_SIX, TWO, {"a": spread(6, 6, 6, 6, 6, 6, 4, 0, 0, 0)})[0]
    assert narrow["mostly_paragraphs"] == wide["mostly_paragraphs"] == 40
    assert wide["mostly_low"] < 0.4 < 0.5 < narrow["mostly_low"]


def test_a_third_is_enough_and_less_is_not() -> None:
    assert table(EVERY_SIX, TWO, {"a": spread(2, 2, 3, 1, 2, 2, 2, 2, 1, 3)})[0]["mostly_paragraphs"] == 20
    row = table(EVERY_SIX, TWO, {"a": spread(2, 2, 3, 1, 2, 2, 2, 2, 1, 2)})[0]
    assert all(row[name] is None for name in ("mostly", "mostly_paragraphs", "mostly_share", "mostly_low"))
    assert row["mostly_reason"] == NONE


def test_a_code_that_is_as_frequent_everywhere_is_no_theme_s_code_and_the_next_is_named() -> None:
    everywhere = [row for row in range(240) if (row + row // 6) % 6 < 4]
    rows = table(EVERY_SIX, TWO, {"wide": everywhere, "own": spread(3, 4, 2, 3, 3, 3, 4, 2, 3, 3)})
    assert (rows[0]["mostly"], rows[0]["mostly_paragraphs"]) == ("own", 30)
    assert (rows[1]["mostly"], rows[1]["mostly_reason"]) == (None, CHANCE)


def test_the_greatest_share_is_named_and_at_equal_shares_the_first_of_the_codebook() -> None:
    fewer = spread(3, 4, 2, 3, 3, 3, 4, 2, 3, 3)
    assert table(EVERY_SIX, TWO, {"fewer": fewer, "more": spread(*HITS)})[0]["mostly"] == "more"
    same = spread(3, 4, 2, 3, 3, 3, 4, 2, 3, 3, first=2)
    for first, second in (("b", "a"), ("a", "b")):
        assert table(EVERY_SIX, TWO, {first: fewer, second: same})[0]["mostly"] == first


def test_a_child_code_goes_before_its_parent_and_a_parent_does_not_win_by_its_children() -> None:
    child, parent = spread(3, 4, 2, 3, 3, 3, 4, 2, 3, 3), spread(*HITS)
    parents: dict[str, str | None] = {"whole": None, "part": "whole", "grain": "part"}
    below = {"whole": parent, "part": child, "grain": []}
    assert table(EVERY_SIX, TWO, below, parents)[0]["mostly"] == "part"
    grain = {"whole": parent, "part": [], "grain": child}
    assert table(EVERY_SIX, TWO, grain, parents)[0]["mostly"] == "grain"
    few = {"whole": parent, "part": spread(1, 2, 1), "grain": []}
    row = table(EVERY_SIX, TWO, few, parents)[0]
    assert (row["mostly"], row["mostly_paragraphs"]) == ("whole", 40)
    halves = {"whole": [], "part": spread(*[2, 1] * 5), "other": spread(*[2, 1] * 5, first=3)}
    row = table(EVERY_SIX, TWO, halves, {"whole": None, "part": "whole", "other": "whole"})[0]
    assert (row["mostly"], row["mostly_reason"]) == (None, NONE)  # 30 of 60 by implication


def test_themes_of_few_documents_have_no_interval_and_the_reason() -> None:
    owner = [0] * 8 + [1] * 2 + [2] * 2 + [row for row in range(3, 23) for _ in range(2)]
    theme = [0] * 12 + [1] * 40
    for documents, inside in ((1, range(8)), (3, range(12))):
        kept = [0 if row in inside else 1 for row in range(len(theme))]
        row = table(owner, kept, {"a": list(inside)[:-1]})[0]
        assert (row["mostly"], row["mostly_paragraphs"]) == ("a", len(inside) - 1), documents
        assert row["mostly_low"] is row["mostly_high"] is row["mostly_interval_of"] is None
        assert row["mostly_reason"] == FEW.format(fewest=4, drawn="documents")
    long = [0] * 60 + [1, 2, 3] + list(range(4, 24))
    row = table(long, [0] * 63 + [1] * 20, {"a": list(range(50))})[0]
    assert (row["mostly"], row["mostly_low"], row["mostly_reason"]) == ("a", None, ONE.format(drawn="documents"))


def test_without_an_interval_the_paragraphs_must_be_far_more_than_a_random_deal_gives() -> None:
    owner, theme = [*[0] * 6, *range(1, 35)], [*[1] * 6, *[0] * 34]
    for elsewhere, named in ((4, True), (14, False)):  # 6 of 6, of 10 or 20 in all 40
        rows = list(range(6 + elsewhere))
        chance = hypergeom.sf(5, 40, len(rows), 6)
        assert chance < 0.0001 if named else 0.001 < chance < 0.025
        row = table(owner, theme, {"a": rows})[1]
        assert row["mostly"] == ("a" if named else None)
        assert named or row["mostly_reason"] == CHANCE


def test_copies_do_not_count_broader_themes_do_and_no_theme_has_no_code() -> None:
    theme = [*[0] * 36, *[1] * 24, *[2] * 150, *[-1] * 30]
    rows = table(EVERY_SIX, theme, {"a": spread(*HITS)}, broader={"1000": [0, 1]})
    assert (rows[1000]["mostly_paragraphs"], rows[1000]["mostly_share"]) == (40, 40 / 60)
    assert (rows[-1]["mostly"], rows[-1]["mostly_reason"]) == (None, NO_THEME)
    copies = {row: row - 180 for row in range(180, 240)}
    theme = [0] * 60 + [1] * 120 + [0] * 60
    carried = [*spread(*HITS), *(row + 180 for row in spread(*HITS))]
    once = table(EVERY_SIX, theme, {"a": carried}, copies=copies)[0]
    assert (once["mostly_paragraphs"], once["mostly_share"]) == (40, 40 / 60)


def test_a_run_without_codes_and_a_theme_without_paragraphs_say_so() -> None:
    assert {row["mostly_reason"] for row in table(EVERY_SIX, TWO, {}).values()} == {NO_CODES}
    assert table(EVERY_SIX, TWO, {"a": [0]}, themes=3)[2]["mostly_reason"] == EMPTY


def test_the_interval_of_an_unchecked_code_contains_its_coding_error() -> None:
    carried = spread(*HITS)
    error = CodingError(100, 8, 0.03, 0.6, 0.7, 0.1, 0.5, -1.0, 1.2, "development codebooks")
    plain = table(EVERY_SIX, TWO, {"a": carried}, error=error)[0]
    wide = table(EVERY_SIX, TWO, {"a": carried}, unchecked={"a"}, error=error)[0]
    assert (plain["mostly_interval_of"], wide["mostly_interval_of"]) == (BY_SAMPLING, BY_CODING)

    def odds(share: float) -> float:
        return math.log((share + 0.005) / (1.005 - share))

    centre = odds(40 / 60)
    down = math.hypot(centre - odds(plain["mostly_low"]), 1.0)
    up = math.hypot(odds(plain["mostly_high"]) - centre, 1.2)
    assert odds(wide["mostly_low"]) == pytest.approx(centre - down)
    assert odds(wide["mostly_high"]) == pytest.approx(centre + up)
