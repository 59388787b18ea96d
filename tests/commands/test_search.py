"""`toolkit search`: the paragraph that means what was asked comes first, with its place; nothing is downloaded."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import numpy as np
import pytest
from kit.commands import command
from kit.studies import TOPICS, write_study

import toolkit
from toolkit.commands.search import search
from toolkit.errors import ConfigError, StoreError
from toolkit.runtime.progress import QUIET

DISCOVER = {"method": "kmeans", "themes": 4, "refits": 2}


@pytest.fixture(scope="module")
def by_meaning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with the packaged sentence model."""
    home = tmp_path_factory.mktemp("search")
    study = write_study(home / "study", embed={"method": "minilm"}, codebook=None, discover=DISCOVER)
    toolkit.run(study, out=home / "run", progress=QUIET)
    return home / "run"


@pytest.fixture(scope="module")
def by_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with vectors made of the corpus itself."""
    home = tmp_path_factory.mktemp("search")
    toolkit.run(write_study(home / "study"), out=home / "run", progress=QUIET)
    return home / "run"


@pytest.mark.parametrize(
    ("query", "topic"),
    [
        ("children learning arithmetic", "schools"),
        ("ships and piers", "harbour"),
        ("illness and physicians", "hospitals"),
        ("voltage and generators", "energy"),
    ],
)
def test_words_that_do_not_stand_in_the_corpus_find_what_they_mean(by_meaning: Path, query: str, topic: str) -> None:
    hits = search(by_meaning, query, 5)
    assert all(topic in (hit.text or "") for hit in hits), [hit.text for hit in hits]


def test_a_paragraph_is_nearest_to_itself_and_hits_come_with_their_place(by_meaning: Path) -> None:
    run = toolkit.load_run(by_meaning)
    row = run.paragraphs[run.paragraphs.duplicate_of.isna()].iloc[7]
    hits = search(by_meaning, row["text"], 3)
    best = hits[0]
    assert (best.paragraph_id, best.position, best.theme) == (row["paragraph_id"], row["position"], row["theme"])
    assert best.similarity == pytest.approx(1, abs=1e-4)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.similarity for hit in hits] == sorted((hit.similarity for hit in hits), reverse=True)


def test_copies_are_counted_and_not_listed(by_meaning: Path) -> None:
    hits = search(by_meaning, "anything at all", 1000)
    run = toolkit.load_run(by_meaning)
    assert len(hits) == run.paragraphs.duplicate_of.isna().sum()
    assert sum(hit.copies for hit in hits) == run.paragraphs.duplicate_of.notna().sum() > 0


def test_a_run_of_words_is_searched_by_words_and_says_so_when_it_knows_none(by_words: Path) -> None:
    assert "harbour" in (search(by_words, "dredge the quay for freight vessels", 1)[0].text or "")
    with pytest.raises(ConfigError, match="no word of"):
        search(by_words, "xylophone zugzwang")


@pytest.mark.parametrize(("query", "n"), [("", 5), ("  ", 5), ("quay", 0)])
def test_an_empty_query_and_no_hits_are_faults(by_words: Path, query: str, n: int) -> None:
    with pytest.raises(ConfigError):
        search(by_words, query, n)


def test_a_run_with_given_vectors_says_that_it_cannot(tmp_path: Path, by_words: Path) -> None:
    rows = len(toolkit.load_run(by_words).paragraphs)
    vectors = np.random.default_rng(0).normal(size=(rows, 8)).astype(np.float32)
    study = write_study(tmp_path / "study", embed={"vectors": "given.npy"}, codebook=None, discover=DISCOVER)
    np.save(tmp_path / "study" / "given.npy", vectors)
    toolkit.run(study, out=tmp_path / "run", progress=QUIET)
    with pytest.raises(StoreError, match="vectors were given"):
        search(tmp_path / "run", "quay")


def test_the_command_prints_lines_or_json_and_needs_no_network(
    by_meaning: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> None:
        raise AssertionError("network")

    monkeypatch.setattr(socket.socket, "connect", closed)
    words = ["search", by_meaning, "pupils", "--n", "2"]
    text = command(*words, cwd=tmp_path)
    assert text.returncode == 0 and "theme" in text.stdout, text.stderr
    hits = json.loads(command(*words, "--json", cwd=tmp_path).stdout)
    assert len(hits) == 2 and set(hits[0]) >= {"paragraph_id", "document_id", "position", "theme", "similarity"}
    assert any(word in hits[0]["text"] for part in TOPICS["schools"] for word in part)
