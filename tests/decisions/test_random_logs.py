"""Random logs of a run of real articles, applied to that run and to five that differ from it.

The promise: every line is accounted for once, the same run gives the same bytes, and a decision that is applied to
another run changes the theme that has most of what was meant.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from toolkit.decisions import Log, add, digest, new_log, references, undo
from toolkit.decisions.deciding import decide
from toolkit.discover import Consensus, discover
from toolkit.discover.pairs import divided
from toolkit.embed.minilm import MiniLM
from toolkit.values import Discovery

OVERLAP = "applied with overlap"
LOGS, LINES = 20, 12
BASE, ALL = 500, 620
PEOPLE = {"who": "Wei", "when": "2026-11-30T12:00:00Z"}

pytestmark = [pytest.mark.slow, pytest.mark.shared]


@dataclass(frozen=True)
class Run:
    discovery: Discovery
    texts: list[str]
    vectors: np.ndarray
    labels: list[str]

    def decide(self, log: Log) -> Any:
        return decide(log, self.discovery, self.texts, self.vectors, 0)


@pytest.fixture(scope="module")
def runs(shared: Path) -> dict[str, Run]:
    """The run that logs are written on, and those that they are applied to."""
    with gzip.open(shared / "data" / "bbc_news.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    labels = {" ".join(row["text"].split()[:50]): row["label"] for row in rows}
    texts = list(labels)[:ALL]
    vectors = MiniLM().fit(texts).encode(texts)

    def run(rows: np.ndarray, seed: int = 0, **given: Any) -> Run:
        settings = Consensus(**{"resolution": 2.5, "refits": 20, "seeds": 1, "leave_out": "always", **given})
        some = [texts[row] for row in rows]
        discovery = discover(settings, some, vectors[rows], seed)
        return Run(discovery, some, vectors[rows], [labels[text] for text in some])

    base = np.arange(BASE)
    fewer = np.sort(np.random.default_rng(5).permutation(BASE)[: BASE * 4 // 5])
    return {
        "same": run(base),
        "seed": run(base, seed=1),
        "parameters": run(base, resolution=1.6, neighbours=20),
        "grown": run(np.arange(ALL)),
        "fewer": run(fewer),
    }


def begun(run: Run) -> Log:
    named = references(run.texts, run.discovery.assignment, run.discovery.strength, run.vectors)
    return new_log("bbc", "e" * 64, "c" * 64, named)


def written(run: Run, seed: int) -> Log:
    """A log of twelve lines at random, each about a theme as it is by then on the run that it is written on."""
    random, log = np.random.default_rng(seed), begun(run)
    while len(log.decisions) < LINES:
        decided = run.decide(log)
        assert set(decided.outcomes["outcome"].to_pylist()) <= {"applied"}
        line = drawn(random, decided, run, len(log.decisions))
        log = add(log, {**line, **PEOPLE}) if line else log
    return log


def drawn(random: np.random.Generator, decided: Any, run: Run, number: int) -> dict[str, Any] | None:
    """One decision about themes as they are; None if it cannot be made."""
    themes = decided.discovery.assignment
    first, second = (decided.keys[int(at)] for at in random.permutation(len(decided.keys))[:2])
    rows = np.flatnonzero(themes == next(theme for theme, key in decided.keys.items() if key == first))
    some = [digest(run.texts[row]) for row in random.permutation(rows)[: max(1, len(rows) // 4)]]
    half = divided(run.vectors[rows], min(2, len(rows)), 0)
    parts = [[digest(run.texts[row]) for row in rows[half == part][:20]] for part in (0, 1)]
    do = ("rename", "rename", "merge", "split", "list", "drop", "move", "note")[random.integers(8)]
    if do in ("split", "list") and len(rows) < 8:
        return None
    return {
        "rename": {"do": "rename", "theme": first, "to": f"Name {number}"},
        "merge": {"do": "merge", "themes": [first, second]},
        "split": {"do": "split", "theme": first, "into": 2, "parts": parts},
        "list": {"do": "split", "theme": first, "paragraphs": some},
        "drop": {"do": "drop", "theme": first},
        "move": {"do": "move", "paragraphs": some, "to": second if random.random() < 0.7 else "none"},
        "note": {"do": "note", "theme": first, "text": f"Note {number}"},
    }[do]


@pytest.fixture(scope="module")
def logs(runs: dict[str, Run]) -> list[Log]:
    return [written(runs["same"], seed) for seed in range(LOGS)]


def test_every_line_is_accounted_for_once_on_every_run(runs, logs):
    shares = {}
    for name, run in runs.items():
        counts: Counter[str] = Counter()
        for log in logs:
            decided = run.decide(log)
            rows = decided.outcomes.to_pylist()
            assert [row["line"] for row in rows] == list(range(1, LINES + 1))
            for row in rows:
                assert row["outcome"] in ("applied", "applied with overlap", "in conflict")
                assert row["reason"].endswith(".") and (row["overlap"] is None) == (row["outcome"] != OVERLAP)
                assert row["overlap"] is None or 0 < row["overlap"] <= 1
                assert all(0 <= theme < decided.discovery.themes for theme in row["themes"])
            notes = [note for note in decided.discovery.notes if "was not applied" in note]
            assert len(notes) == sum(row["outcome"] == "in conflict" for row in rows)
            counts.update(row["outcome"] for row in rows)
        shares[name] = {outcome: round(number / counts.total(), 3) for outcome, number in counts.items()}
    print(json.dumps(shares))
    assert shares["same"] == {"applied": 1.0}
    most = {"seed": 0.3, "grown": 0.4, "fewer": 0.5, "parameters": 0.75}  # half as many themes: many are merged there
    assert {name: shares[name]["in conflict"] for name in most if shares[name]["in conflict"] > most[name]} == {}


def test_the_same_run_gives_the_same_bytes(runs, logs):
    run = runs["same"]
    for log in logs[:5]:
        one, two = run.decide(log), run.decide(log)
        assert one.outcomes.equals(two.outcomes) and (one.names, one.notes, one.keys) == (
            two.names,
            two.notes,
            two.keys,
        )
        for name in ("assignment", "strength", "stability", "fragile", "seeds", "moved", "reassigned"):
            assert getattr(one.discovery, name).tobytes() == getattr(two.discovery, name).tobytes()
        assert one.discovery.levels.equals(two.discovery.levels) and one.discovery.notes == two.discovery.notes


def test_a_theme_of_another_run_is_the_one_that_has_most_of_what_was_meant(runs):
    """Every theme of every run, on every other: recomputed from all paragraphs, of which a log names forty at most."""
    matched = conflicts = 0
    for written_on in runs.values():
        log = begun(written_on)
        for key in log.themes:
            log = add(log, {"do": "note", "theme": key, "text": "x", **PEOPLE})
        for run in runs.values():
            place = {text: row for row, text in enumerate(run.texts)}
            for theme, row in enumerate(run.decide(log).outcomes.to_pylist()):
                if row["outcome"] == "in conflict":
                    conflicts += 1
                    continue
                meant = [written_on.texts[at] for at in np.flatnonzero(written_on.discovery.assignment == theme)]
                there = run.discovery.assignment[[place[text] for text in meant if text in place]]
                counts = np.bincount(there[there >= 0], minlength=run.discovery.themes)
                assert counts[row["themes"][0]] == counts.max(), (row, counts)
                matched += 1
    print(matched, "matched,", conflicts, "in conflict")
    assert matched > 2 * conflicts


def test_a_wrong_merge_is_found_by_a_split_and_gone_when_it_is_undone(runs):
    """Two themes of different subjects are merged: halves find them again, and undoing gives the run before."""
    run = runs["same"]
    subject = [Counter(np.array(run.labels)[run.discovery.assignment == theme]).most_common(1)[0][0]
               for theme in range(run.discovery.themes)]  # fmt: skip
    other = next(theme for theme, name in enumerate(subject) if name != subject[0])
    log = begun(run)
    keys = list(log.themes)
    log = add(log, {"do": "rename", "theme": keys[2], "to": "Third", **PEOPLE})
    wrong = add(log, {"do": "merge", "themes": [keys[0], keys[other]], **PEOPLE})
    divided = run.decide(add(wrong, {"do": "split", "theme": "m2", "into": 2, **PEOPLE})).discovery.assignment
    rows = np.flatnonzero(np.isin(run.discovery.assignment, [0, other]))
    same = (divided[rows] == divided[rows[0]]) == (run.discovery.assignment[rows] == run.discovery.assignment[rows[0]])
    assert same.mean() > 0.95
    before, after = run.decide(log), run.decide(undo(wrong, 2))
    assert run.decide(wrong).discovery.themes == run.discovery.themes - 1
    assert after.discovery.assignment.tobytes() == before.discovery.assignment.tobytes() and after.names == before.names
    assert replace(after, discovery=before.discovery).outcomes.equals(before.outcomes)
