"""The shipped study and the five real articles: the main job from raw files to a run folder that keeps its contract."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from kit.stated import stated_module

import toolkit
from toolkit.describe.form import fault_of
from toolkit.runs import Run
from toolkit.schemas import DOCUMENTS, LEDGER, PARAGRAPHS
from toolkit.values import Vectors

COLUMNS = {
    "documents": {*DOCUMENTS.names, "theme"},
    "paragraphs": {*PARAGRAPHS.names, "tokens", "truncated", "theme", "strength", "x", "y"},
    "ledger": set(LEDGER.names),
    "themes": {
        "theme", "level", "parent", "label", "keywords", "paragraphs", "documents", "share", "share_low", "share_high",
        "stability", "stability_low", "stability_high",
    },
    "exemplars": {"theme", "rank", "paragraph_id", "start", "end", "quote"},
    "codes": {"paragraph_id", "code", "score", "probability", "assigned", "start", "end", "quote"},
    "prevalence": {
        "kind", "id", "group_by", "group", "unit", "counting", "estimate", "low", "high", "n", "method",
    },
}  # fmt: skip

UNRELATED = (
    "The referee was criticised for a penalty in the last minute, and the manager said France deserved better.",
    "She broke her own pole vault record in Birmingham, an achievement that could not hide a weak meeting.",
    "The striker wants to leave after one season; the club blames the long list of injuries.",
    "My old bicycle has a bent fork. Does anyone know whether it is worth the repair?",
    "The goalkeeper kept a strong team in the game, but their chances were few and their finishing was poor.",
    "For sale: a sofa, two lamps and a box of records, all in good order, collected from the house.",
)
"""None is about what the codebook is about."""


@pytest.fixture(scope="module")
def study(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("study") / "run"
    return toolkit.run(root / "configs" / "future_industries.yaml", out=out)


@pytest.fixture(scope="module")
def five(root: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return toolkit.run(
        root / "configs" / "future_industries.yaml",
        corpus=shared / "corpora" / "future_industries",
        set={"codebook.path": str(shared / "corpora" / "codebook.yaml")},
        out=tmp_path_factory.mktemp("five") / "run",
    )


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_a_table_has_the_columns_of_the_contract_in_parquet_and_csv(study: Run, name: str) -> None:
    table = study.table(name)
    assert set(table.column_names) >= COLUMNS[name]
    with (study.path / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == table.column_names and len(rows) == table.num_rows + 1


def test_the_corpus_is_of_the_size_and_kinds_that_its_readme_says(study: Run) -> None:
    documents, paragraphs = study.documents, study.paragraphs
    assert len(documents[~documents["format"].isin(["csv", "jsonl"])]) >= 24 and len(paragraphs) >= 220
    assert set(documents["format"]) == {"md", "txt", "html", "docx", "pdf", "csv", "jsonl"}
    assert documents["duplicate_of"].notna().sum() >= 2


def test_pages_state_the_figures_that_this_run_gives(study: Run, root: Path) -> None:
    stated = stated_module()
    figures = stated.stated(study)
    lines = list(stated.faults(figures))
    assert not lines, "renew them with `python docs/stated.py RUN`:\n" + "\n".join(lines)
    shipped = (root / "experiments" / "future_industries" / "report.html").read_text(encoding="utf-8")
    assert figures["run"] in shipped, "experiments/future_industries/report.html is of another run"


def test_every_document_is_dated_or_said_not_to_be(study: Run) -> None:
    undated = study.documents.query("date.isna()")
    assert len(undated) <= 1


def test_every_paragraph_meets_every_code_once(study: Run, root: Path) -> None:
    codes = study.codes
    pairs = Counter(zip(codes["paragraph_id"], codes["code"], strict=True))
    assert set(pairs.values()) == {1}
    assert len(codes) == len(study.paragraphs) * codes["code"].nunique()
    assert {"whole_of_nation", "future_industries", "soe_control", "self_reliance"} <= set(codes["code"])


def test_copies_carry_what_their_originals_carry(study: Run) -> None:
    paragraphs = study.paragraphs.set_index("paragraph_id")
    copies = paragraphs[paragraphs["duplicate_of"].notna()]
    assert len(copies) > 5
    assert (copies["theme"].to_numpy() == paragraphs.loc[copies["duplicate_of"], "theme"].to_numpy()).all()
    assigned = study.codes.pivot(index="paragraph_id", columns="code", values="assigned")
    assert (assigned.loc[copies.index].to_numpy() == assigned.loc[copies["duplicate_of"]].to_numpy()).all()


def test_a_theme_s_share_is_its_prevalence_with_noise_in_the_denominator(study: Run) -> None:
    unique = study.paragraphs["duplicate_of"].isna()
    rows = study.prevalence.query(
        "kind == 'theme' and unit == 'paragraph' and counting == 'unique' and group_by.isna()"
    )
    by_id = rows.set_index("id")
    for theme in study.themes.query("level == 0").itertuples():
        in_theme = ((study.paragraphs["theme"] == theme.theme) & unique).sum()
        assert theme.paragraphs == in_theme and by_id.loc[str(theme.theme), "n"] == unique.sum()
        assert theme.share == pytest.approx(in_theme / unique.sum()) == by_id.loc[str(theme.theme), "estimate"]


def test_every_theme_and_broader_theme_has_a_share_with_an_interval_or_does_not_return(study: Run) -> None:
    themes, shares = study.themes, study.prevalence.query("kind == 'theme' and group.isna() and unit == 'paragraph'")
    known = themes[themes["share_low"].notna()]
    assert themes["share"].notna().all() and (known["share_low"] <= known["share"]).all()
    why = dict(shares.query("counting == 'unique'")[["id", "method"]].itertuples(index=False))
    seldom = themes[themes["share_low"].isna()]["theme"].astype(str)
    assert len(seldom) < len(known) and all("other seeds" in why[theme] for theme in seldom)
    assert set(themes.query("level > 0")["theme"] >= 1000) == {True}
    assert set(themes["parent"].dropna()) <= set(themes["theme"])


def test_each_theme_names_the_code_that_most_of_its_paragraphs_carry_above_that_of_the_corpus(study: Run) -> None:
    paragraphs = study.paragraphs[study.paragraphs["duplicate_of"].isna()]
    carried: dict[str, set[str]] = {paragraph: set() for paragraph in paragraphs["paragraph_id"]}
    for row in study.codes[study.codes["assigned"]].itertuples():
        if row.paragraph_id in carried:
            carried[row.paragraph_id].add(row.code)
    everywhere = Counter(code for codes in carried.values() for code in codes)
    themes, named = study.table("themes").to_pylist(), 0
    children = {row["theme"]: {one["theme"] for one in themes if one["parent"] == row["theme"]} for row in themes}
    for row in themes:
        leaves = {row["theme"]}
        while any(children[theme] for theme in leaves):
            leaves = {leaf for theme in leaves for leaf in children[theme] or {theme}}
        inside = paragraphs[paragraphs["theme"].isin(leaves)]
        hits = Counter(code for paragraph in inside["paragraph_id"] for code in carried[paragraph])
        most = max(hits.values())
        assert len(inside) == row["paragraphs"]
        if row["mostly"] is None:
            rare = "third" in row["mostly_reason"] and "chance" not in row["mostly_reason"]
            assert row["mostly_reason"] and rare is (row["theme"] != -1 and most / len(inside) < 1 / 3)
            continue
        named += 1
        assert hits[row["mostly"]] == row["mostly_paragraphs"] == most
        assert row["mostly_share"] == most / len(inside)
        assert everywhere[row["mostly"]] / len(carried) < row["mostly_share"]
        assert row["mostly_low"] < row["mostly_share"] < row["mostly_high"] and row["mostly_reason"] is None
    assert named >= 8
    assert "mostly: " in (study.path / "report.html").read_text(encoding="utf-8")


def test_every_theme_has_a_name_that_one_would_print_and_none_stands_twice(study: Run) -> None:
    labels = study.themes.query("theme >= 0")["label"]
    assert labels.is_unique
    assert {label: fault_of(label) for label in labels if fault_of(label)} == {}


def test_every_number_in_metrics_has_a_denominator_or_a_reason(study: Run) -> None:
    for key, metric in study.metrics.items():
        assert metric["value"] is None or metric["n"] is not None, key
        assert metric["value"] is not None or metric["reason"], key


def test_all_reference_codes_match_a_paragraph_by_id_and_by_text(study: Run, root: Path) -> None:
    text = study.paragraphs.set_index("paragraph_id")["text"]
    with (root / "experiments" / "future_industries" / "codes.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len({row["paragraph_id"] for row in rows}) >= 120 and {row["coder"] for row in rows} == {"A", "B"}
    assert [row["paragraph_id"] for row in rows if text.get(row["paragraph_id"]) != row["text"]] == []


def test_the_manifest_says_what_made_the_run(study: Run) -> None:
    manifest = study.manifest
    for key in ("format", "toolkit", "experiment", "corpus", "seed", "stages", "files", "environment", "models"):
        assert key in manifest
    assert {"name", "key", "seconds", "from_cache"} <= set(manifest["stages"][0])
    assert manifest["models"][0]["sha256"].startswith("53aa5117")


def test_no_absolute_path_of_this_machine_stands_outside_the_manifest(study: Run, root: Path) -> None:
    for path in study.path.rglob("*"):
        if path.is_file() and path.suffix in {".html", ".md", ".json", ".csv", ".svg"} and path.name != "manifest.json":
            assert str(root) not in path.read_text(encoding="utf-8"), path


def test_a_loaded_run_equals_the_one_that_was_returned(study: Run) -> None:
    again = toolkit.load_run(study.path)
    assert again == study and again.themes.equals(study.themes)
    assert np.array_equal(again.embeddings, study.embeddings) and not again.embeddings.flags.writeable
    assert again.embeddings.shape[0] == len(again.paragraphs)


def test_changing_only_the_report_runs_only_the_report_again(study: Run, root: Path, tmp_path: Path) -> None:
    config = root / "configs" / "future_industries.yaml"
    other = toolkit.run(config, set={"report.text": "none"}, out=tmp_path / "run")
    assert {stage["name"] for stage in other.manifest["stages"] if not stage["from_cache"]} == set()


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    ("code", "article", "words"),
    [
        ("whole_of_nation", "001_", "system"),
        ("future_industries", "003_", "future industries"),
        ("soe_control", "004_", "state"),
    ],
)
def test_the_five_articles_show_the_named_themes_with_quotes_from_the_right_articles(
    five: Run, shared: Path, code: str, article: str, words: str
) -> None:
    rows = five.codes.query("code == @code and assigned")
    in_article = rows[rows["paragraph_id"].str.startswith(article)]
    assert len(in_article) and in_article["quote"].str.lower().str.contains(words).any()
    for row in in_article.itertuples():
        name = row.paragraph_id.rpartition(":")[0]
        source = (shared / "corpora" / "future_industries" / name).read_bytes().decode("utf-8")
        assert source[int(row.start) : int(row.end)] == row.quote


@pytest.mark.slow
@pytest.mark.shared
def test_the_five_articles_boilerplate_is_in_the_ledger_and_not_in_paragraphs(five: Run) -> None:
    kept, left = "\n".join(five.paragraphs["text"]), "\n".join(five.ledger["text"])
    furniture = ("nextfin.ai", "All rights reserved", "Post a Comment", "AI-generated", "Read More", "curated content")
    for words in (*furniture, "Le Mans", "double rocket launch"):
        assert words in left and words not in kept


@pytest.mark.slow
@pytest.mark.shared
def test_the_five_articles_themes_come_twice_the_same(five: Run, root: Path, shared: Path, tmp_path: Path) -> None:
    again = toolkit.run(
        root / "configs" / "future_industries.yaml",
        corpus=shared / "corpora" / "future_industries",
        set={"codebook.path": str(shared / "corpora" / "codebook.yaml"), "store": str(tmp_path / "store")},
        out=tmp_path / "run",
    )
    assert json.dumps(again.manifest["files"]) == json.dumps(five.manifest["files"])


def test_what_coders_taught_gives_no_code_to_texts_from_elsewhere(study: Run) -> None:
    import pyarrow as pa

    from toolkit.codebook import load_codebook
    from toolkit.coding import CodebookSettings, load_background
    from toolkit.coding.new_documents import code_further
    from toolkit.embed import Joined

    book, model = load_codebook(study.path / "codebook.yaml"), Joined().fit()  # minilm and use, equal weights
    names = [f"u{row}" for row in range(len(UNRELATED))]
    starts = pa.array([0] * len(names), pa.int64())
    table = pa.table({"paragraph_id": names, "document_id": names, "start": starts, "text": UNRELATED})

    def encode(texts: Sequence[str]) -> Vectors:
        return np.asarray(model.encode(list(texts)), np.float32)

    background = load_background(study.path / "model", book)
    coding = code_further(
        CodebookSettings(path="codebook.yaml"), book, table, encode(UNRELATED), encode, background
    ).codes.to_pylist()
    assert all(row["probability"] is not None for row in coding) and not [row for row in coding if row["assigned"]]


def test_the_curated_study_applies_every_line_of_its_log(study: Run, root: Path, tmp_path: Path) -> None:
    run = toolkit.run(root / "configs" / "future_industries_curated.yaml", out=tmp_path / "run")
    assert set(run.frame("decisions")["outcome"]) == {"applied"} and len(run.frame("decisions")) == 10
    assert run.frame("paragraphs")["machine_theme"].tolist() == study.frame("paragraphs")["theme"].tolist()
    named = run.themes[run.themes["named_by"].notna()]
    assert {"Humanoid robots", "State guidance funds"} <= set(named["label"]) and len(named) == 8
