"""Coarser and finer divisions are offered beside the chosen one, and the line printed for each gives it again."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import toolkit
from toolkit.discover import Consensus, KMeans, discover
from toolkit.discover.discovery import canonical_order
from toolkit.discover.divisions import GIVEN, NO_OTHER, NO_THEMES, ONE_METHOD, SAMPLED
from toolkit.discover.granularity import Candidate, between
from toolkit.discover.plateaus import ahead, plateau, preferred
from toolkit.runtime.progress import QUIET
from toolkit.values import Discovery, Vectors, renumbered


def nested(groups: int = 4, within: int = 3, rows: int = 8, noise: float = 0.9) -> tuple[list[str], Vectors]:
    """Texts and unit vectors of groups that each fall into smaller ones."""
    random = np.random.default_rng(5)
    wide = random.normal(size=(groups, 1, 1, 48))
    narrow = 0.55 * random.normal(size=(groups, within, 1, 48))
    vectors = (wide + narrow + noise * random.normal(size=(groups, within, rows, 48))).reshape(-1, 48)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return [f"word{at % (groups * within)} text number {at}" for at in range(len(vectors))], vectors


def consensus(**given: Any) -> Consensus:
    return Consensus(refits=12, trials=6, seeds=0, **given)


@pytest.fixture(scope="module")
def discovery() -> Discovery:
    return discover(consensus(), *nested(), 3)


def by_line(line: str) -> dict[str, Any]:
    """`discover.resolution: 0.8` as settings."""
    key, _, value = line.removeprefix("discover.").partition(": ")
    return {key: value if value == "auto" else float(value)}


def test_the_line_that_is_offered_gives_the_same_division_paragraph_by_paragraph(discovery: Discovery) -> None:
    rows = discovery.divisions.to_pylist()
    others = [row for row in rows if not row["chosen"]]
    assert others and len(others) == len(discovery.division_labels) and len(rows) == len(others) + 1
    texts, vectors = nested()
    order = canonical_order(texts, vectors)
    for row, labels in zip(others, discovery.division_labels, strict=True):
        again = consensus(**by_line(row["line"])).partition([texts[at] for at in order], vectors[order], 3)
        assert row["themes"] == labels.max() + 1 == len(set(again.tolist()))
        assert renumbered(again).tolist() == renumbered(labels[order]).tolist()
    (chosen,) = (row for row in rows if row["chosen"])
    assert (chosen["line"], chosen["themes"], chosen["gap"]) == ("discover.themes: auto", discovery.themes, 0.0)


def test_divisions_go_from_coarse_to_fine_and_differ_by_a_quarter_of_the_themes(discovery: Discovery) -> None:
    rows = discovery.divisions.to_pylist()
    numbers = [row["themes"] for row in rows]
    assert numbers == sorted(set(numbers)) and 2 <= len(numbers) <= 3
    assert all(after >= 1.25 * before for before, after in pairwise(numbers))
    tried = {round(row["value"], 3): row for row in discovery.candidates.to_pylist()}
    assert all(row["score"] == tried[round(row["resolution"], 3)]["score"] for row in rows)
    assert all(row["resolution_low"] <= row["resolution"] <= row["resolution_high"] for row in rows)


def test_shuffled_rows_are_offered_the_same_divisions_and_what_cannot_be_read_is_in_none(discovery: Discovery) -> None:
    texts, vectors = nested()
    turn = np.random.default_rng(1).permutation(len(texts))
    read = np.arange(len(texts) + 1) < len(texts)
    given = [*(texts[at] for at in turn), "unread"], np.vstack([vectors[turn], vectors[:1]])
    other = discover(consensus(), *given, 3, read=read)
    assert other.divisions.equals(discovery.divisions) and (other.division_labels[:, -1] == -1).all()
    for before, after in zip(discovery.division_labels, other.division_labels[:, :-1], strict=True):
        together = before[turn][:, None] == before[turn][None]
        assert (together == (after[:, None] == after[None])).all()


def test_without_a_choice_of_the_method_the_reason_is_given() -> None:
    given = nested(groups=3, within=1, noise=0.5)
    assert consensus(themes=3).fit(*given, 3).offering == GIVEN
    assert consensus(resolution=1.6).fit(*given, 3).offering == GIVEN
    assert KMeans(themes=3, refits=2, seeds=0).fit(*given, 3).offering == ONE_METHOD


@pytest.mark.parametrize(
    ("settings", "given", "reason"),
    [
        (consensus(fit_on=100), nested(rows=9), SAMPLED),
        (consensus(), ([f"text {at}" for at in range(5)], np.eye(5, dtype=np.float32)), NO_THEMES),
        (consensus(), nested(groups=2, within=1, rows=7, noise=0.5), NO_OTHER),
    ],
    ids=["sample", "too small", "no other"],
)
def test_where_nothing_is_offered_the_reason_is_kept(settings: Consensus, given: Any, reason: str) -> None:
    discovery = discover(settings, *given, 3)
    assert (discovery.divisions.num_rows, len(discovery.division_labels)) == (0, 0)
    assert discovery.parameters["divisions_reason"] == reason


def tried(value: float, members: list[float], labels: list[int]) -> Candidate:
    """A candidate whose refits saw all rows and gave these labels."""
    rows = np.arange(len(labels), dtype=np.int32)
    refit = (rows, np.array(labels, np.int32))
    return Candidate(value, (refit,) * len(members), len(labels), 0.5, np.array(members), np.zeros(len(members)))


def test_a_side_offers_the_coarsest_that_is_less_than_two_standard_errors_behind_its_best() -> None:
    thirds, sixths = [0] * 4 + [1] * 4 + [2] * 4, [at // 2 for at in range(12)]
    near = tried(1.0, [0.50, 0.62, 0.50, 0.62], thirds)
    best = tried(1.5, [0.60, 0.58, 0.60, 0.58], sixths)
    gap, error = ahead([near, best], 1, 0)
    differences = 2 * np.array([0.1, -0.04, 0.1, -0.04])
    assert gap == pytest.approx(0.03) and error == pytest.approx(differences.std(ddof=1) / 2)
    assert gap < 2 * error and preferred([near, best], [0, 1]) == 0
    far = tried(1.0, [0.50, 0.48, 0.50, 0.48], thirds)
    assert ahead([far, best], 1, 0) == (pytest.approx(0.1), pytest.approx(0.0, abs=1e-9))
    assert preferred([far, best], [0, 1]) == 1


def test_resolutions_that_divide_as_one_does_are_its_plateau_and_a_slow_drift_is_none() -> None:
    def drifting(moved: int) -> Candidate:
        return tried(1.0 + moved / 10, [0.9, 0.9], [at // 10 for at in range(100 - moved)] + [0] * moved)

    steps = [drifting(moved) for moved in range(0, 30, 3)]
    alike = plateau(steps, 0)
    assert 1 < len(alike) < len(steps) and alike == list(range(len(alike)))
    assert all(between(steps[0], steps[at]) >= 0.9 for at in alike) and between(steps[0], steps[len(alike)]) < 0.9
    assert all(between(one, other) >= 0.85 for one, other in pairwise(steps))


@pytest.mark.slow
def test_a_real_corpus_run_by_each_printed_line_has_the_table_s_themes(root: Path, tmp_path: Path) -> None:
    """Counts, origins and numbers of the table are those of runs that were asked for by its lines."""
    (tmp_path / "study.yaml").write_text(
        f"name: grain\ncorpus: {{path: {root}/experiments/future_industries/corpus}}\nembed: {{method: lsa}}\n",
        encoding="utf-8",
    )
    given = {"store": str(tmp_path / "store")}
    run = toolkit.run(tmp_path / "study.yaml", out=tmp_path / "auto", set=given, progress=QUIET)
    themes_by_paragraph = themes_of(run)
    table = run.table("plateaus").to_pylist()
    lines = {row["line"] for row in table if not row["chosen"]}
    assert lines and run.metrics["discover.plateaus"]["value"] == len(lines)
    for at, line in enumerate(sorted(lines)):
        key, _, value = line.partition(": ")
        other = toolkit.run(
            tmp_path / "study.yaml", out=tmp_path / f"line{at}", set={**given, key: float(value)}, progress=QUIET
        )
        rows = [row for row in table if row["line"] == line]
        assert {row["themes"] for row in rows} == {len(set(themes_of(other).values()) - {-1})}
        assert_same(rows, themes_of(other), themes_by_paragraph)


def themes_of(run: Any) -> dict[str, int]:
    """Unique paragraph -> its theme."""
    rows = run.table("paragraphs").to_pylist()
    return {row["paragraph_id"]: row["theme"] for row in rows if row["duplicate_of"] is None}


def assert_same(rows: list[dict[str, Any]], other: dict[str, int], item: dict[str, int]) -> None:
    for row in rows:
        members = [name for name, theme in other.items() if theme == row["theme"]]
        assert row["paragraphs"] == len(members) == sum(row["from_paragraphs"])
        origins = [item[name] for name in members]
        assert dict(zip(row["from_themes"], row["from_paragraphs"], strict=True)) == {
            theme: origins.count(theme) for theme in set(origins)
        }
        assert row["from_paragraphs"] == sorted(row["from_paragraphs"], reverse=True)
