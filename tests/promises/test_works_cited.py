"""The references of a report are exactly the works that this run's methods rest on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from kit.studies import write_study

import toolkit
from toolkit.discover import Consensus, discover
from toolkit.figures import RunTables
from toolkit.report.references import WORKS, works_of
from toolkit.runtime.progress import QUIET

HOME = Path(toolkit.__file__).parent
KEY = re.compile(r"[a-z]+\d?[a-z]*(?:19|20)\d\d[a-z]?")
CORPUS = {"minhash1997", "leskovec2014"}
LSA = {"lsa1990", "salton1988"}
KMEANS = {"skmeans2001", "umap2018", "jaccard2007"}  # the map is laid out by UMAP's objective
WORDS = {"bertopic2022", "brill1992", "npmi2009", "frantzi2000", "pantel2002", "mmr1998"}
CHECKS = {"npmi2009", "lau2014", "coherence2015", "silhouette1987", "dbcv2014"}
SHARES = {"bootstrap2007", "rao1988", "clopper1934", "mover2008", "holm1979", "phipson2010", "westfall1993"}
SEEDS = {"satterthwaite1946", "dissolution2008"}  # of a method that is fitted again with other seeds
KEYNESS = {"dunning1993", "hardie2014", "hoeffding1963", "lijffijt2016", "phipson2010", "westfall1993"}


def named_in_code() -> Iterator[str]:
    """Keys of works that the code names, those of the list itself left out."""
    for path in HOME.rglob("*.py"):
        if path.name != "references.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                    yield node.value


def test_every_work_that_the_code_names_is_listed_and_every_listed_work_is_named() -> None:
    listed = [work.key for work in WORKS]
    assert len(set(listed)) == len(listed)
    assert set(named_in_code()) == set(listed)


def cited(folder: Path) -> set[str]:
    bib = (folder / "references.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{(\w+),$", bib, re.MULTILINE))
    assert keys == {row["work"] for row in RunTables(folder).rows("works")}
    return keys


def test_a_run_cites_the_works_that_it_rests_on_and_no_other(tmp_path: Path) -> None:
    config = write_study(tmp_path / "study", codebook=None)
    run = toolkit.run(config, out=tmp_path / "run", progress=QUIET)
    assert cited(run.path) == CORPUS | LSA | KMEANS | WORDS | CHECKS | SHARES | SEEDS | KEYNESS
    coded = {"codebook": {"path": "codebook.yaml"}, "discover": {"method": "agglomerative", "themes": [2, 6]}}
    config = write_study(tmp_path / "coded", **coded, estimate={"bootstrap": 100, "adjust": "bh"})
    run = toolkit.run(config, out=tmp_path / "other", progress=QUIET)
    other = {"ward1963", "hruschka2004", "umap2018", "jaccard2007", "bh1995"}
    other |= {"porter1980", "rocchio1971", "lipton2014", "saerens2002", "jackknife1981"}
    assert cited(run.path) == (CORPUS | LSA | other | WORDS | CHECKS | SHARES | SEEDS | KEYNESS) - {
        "holm1979"
    } | chance(run)
    report = (run.path / "report.html").read_text(encoding="utf-8")
    assert "Rocchio, J. J. (1971)" in report and "Holm, S. (1979)" not in report


def chance(run: toolkit.Run) -> set[str]:
    """What is cited where vectors were shuffled, which a note then says."""
    shuffled = any("shuffled" in text for text in run.table("notes")["text"].to_pylist())
    return {"ari1985", "buja1992"} if shuffled else set()


@pytest.mark.parametrize("given", [{}, {"resolution": 1.0}, {"lexical": 0.5}])
def test_the_consensus_cites_the_choice_of_a_resolution_only_where_it_makes_one(given: dict[str, float]) -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(90, 8)) + 6 * np.eye(8)[np.arange(90) % 3]
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    texts = [f"{('harbour crane', 'school exam', 'solar grid')[row % 3]} number {row}" for row in range(90)]
    works = set(discover(Consensus(refits=6, **given), texts, vectors, 1).works)
    assert {"leiden2019", "consensus2012", "hara2015", "umap2018", "jaccard2007"} <= works
    assert ({"hoeffding1948", "breiman1984", "lambiotte2008"} <= works) is ("resolution" not in given)
    assert ({"lsa1990", "halko2011"} <= works) is ("lexical" in given)
    assert not {"jegou2011", "hdbscan2013"} & works


def test_a_key_that_this_version_does_not_know_is_passed_over() -> None:
    assert [work.key for work in works_of(["umap2018", "unheard2099", "umap2018", "holm1979"])] == [
        "holm1979",
        "umap2018",
    ]
