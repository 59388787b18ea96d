"""A run over texts that the model cannot read ends well, counts them everywhere and clusters none of them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from kit.commands import command

import toolkit

SERVICE = [
    "The bus stops at seven",
    "Night buses are missing",
    "The last bus leaves early",
    "More buses at night please",
]
FARES = ["The fare went up twice", "Tickets are too expensive", "A monthly pass costs too much", "Prices rose again"]
ENDS = ["so I walk home.", "say my neighbours.", "and nobody answers.", "as the council knows.", "since the spring."]
AMHARIC = [
    "አውቶቡሱ በሰባት ሰዓት ያቆማል።", "የትኬት ዋጋ ሁለት ጊዜ ጨምሯል።", "ተጨማሪ አውቶቡሶች ያስፈልጋሉ።", "ትኬቱ በጣም ውድ ነው።",
    "አሽከርካሪው መልስ አልሰጠም።", "የጊዜ ሰሌዳው ተቀየረ።", "አንድ ሰዓት ጠበቅን።", "ጎረቤቶቼም ይላሉ።", "ቃል ገብቶ ነበር።", "ችግር አለ።",
]  # fmt: skip
CODEBOOK = """themes:
  - {id: service, name: Service, definition: Buses run too seldom or stop too early in the evening.}
  - {id: fares, name: Fares, definition: Tickets and fares are too expensive.}
"""
CASE = Path(__file__).parents[1] / "data" / "cases" / "identical-texts-crash"


def study(folder: Path, texts: list[str]) -> Path:
    """A study of a table of answers, quick to run."""
    folder.mkdir(exist_ok=True)
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text"), *((f"a{n:03}", text) for n, text in enumerate(texts))])
    (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "study.yaml").write_text(
        "name: answers\ncorpus: {path: answers.csv, unit: document}\ncodebook: {path: codebook.yaml}\n"
        "discover: {method: kmeans, themes: 2, refits: 2}\nvalidate: {draws: 50, baseline_draws: 5}\n",
        encoding="utf-8",
    )
    return folder / "study.yaml"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A run over 40 English answers and 10 Amharic ones."""
    folder = tmp_path_factory.mktemp("mixed")
    english = [f"{start} {end}" for start in SERVICE + FARES for end in ENDS]
    study(folder, english + AMHARIC)
    done = command("run", "study.yaml", "--out", "run", "--set", f"store={folder / 'store'}", cwd=folder)
    assert done.returncode == 0
    return toolkit.load_run(folder / "run"), done.stderr


def test_unread_paragraphs_have_no_theme_code_or_place(mixed: Any) -> None:
    rows = mixed[0].paragraphs
    unread = rows["text"].isin(AMHARIC)
    assert unread.sum() == 10 and rows["unread"].tolist() == unread.tolist()
    assert (rows["theme"][unread] == -1).all() and (rows["theme"][~unread] >= 0).all()
    assert rows.loc[unread, ["strength", "x", "y"]].isna().all(axis=None)
    codes = mixed[0].codes
    none = codes[codes["paragraph_id"].isin(rows["paragraph_id"][unread])]
    assert len(none) == 20 and not none["assigned"].any()
    assert none[["score", "probability", "quote"]].isna().all(axis=None)
    assert codes["score"].notna().sum() == 80 and codes["assigned"].any()


def test_unread_paragraphs_count_in_every_denominator(mixed: Any) -> None:
    metrics = json.loads((mixed[0].path / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["corpus.unread"]["value"], metrics["corpus.unread"]["n"]) == (0.2, 50)
    assert (metrics["discover.noise"]["value"], metrics["discover.noise"]["n"]) == (0.2, 50)
    assert (metrics["coverage"]["value"], metrics["coverage"]["n"]) == (0.8, 50)
    assert "counted in 40 paragraphs" in metrics["coherence.npmi"]["of"] and metrics["separation.density"]["n"] == 40
    shares = mixed[0].themes
    assert shares[shares["level"] == 0]["share"].sum() == pytest.approx(1)


def test_no_quote_of_a_theme_is_an_unread_paragraph(mixed: Any) -> None:
    assert not {*mixed[0].table("exemplars")["quote"].to_pylist()} & {*AMHARIC}


def test_screen_and_report_say_how_many_and_which_key_decides(mixed: Any) -> None:
    assert "10 of 50 paragraphs cannot be read" in mixed[1] and "embed.method" in mixed[1]
    report = (mixed[0].path / "report.html").read_text(encoding="utf-8")
    assert "10 of 50 unique paragraphs cannot be read by the model" in report
    assert AMHARIC[0] in report and "embed.method" in report


def test_check_says_it_before_the_run(mixed: Any) -> None:
    done = command("check", "study.yaml", cwd=mixed[0].path.parent)
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("unread"))
    assert "10 of 50" in line and AMHARIC[0] in line
    assert "embed.method" in done.stdout and "embed.unread_above" in done.stdout


def test_assign_treats_new_texts_alike(mixed: Any, tmp_path: Path) -> None:
    study(tmp_path, ["The bus is late again.", "በዝናብ ውስጥ ጠበቅን።", "Tickets cost a fortune."])
    new = toolkit.assign(mixed[0], tmp_path / "answers.csv", tmp_path / "out", store=tmp_path / "store")
    rows = new.paragraphs
    assert rows["unread"].tolist() == [False, True, False]
    assert rows["theme"][1] == rows["nearest_theme"][1] == -1 and rows["similarity"].isna().tolist() == [0, 1, 0]
    assert new.codes["score"].isna().tolist() == [False, False, True, True, False, False]
    assert new.metrics["assign.vote"]["n"] == 2


def test_search_gives_no_unread_paragraph(mixed: Any) -> None:
    done = command("search", mixed[0].path, "buses in the evening", "--n", "50", "--json", cwd=mixed[0].path.parent)
    texts = [hit["text"] for hit in json.loads(done.stdout)]
    assert len(texts) == 40 and not {*texts} & {*AMHARIC}
    refused = command("search", mixed[0].path, AMHARIC[0], cwd=mixed[0].path.parent)
    assert refused.returncode == 2 and "unknown to the run's model" in refused.stderr


def test_more_themes_than_readable_texts_are_refused_before_the_work(tmp_path: Path) -> None:
    study(tmp_path, [*AMHARIC, "The bus is late."])
    given = ("--set", f"store={tmp_path / 'store'}", "--set", "embed.method=minilm")
    done = command("run", "study.yaml", "--out", "run", *given, cwd=tmp_path)
    assert done.returncode == 2 and "2 themes were asked for, and the model can read 1 of 11" in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 3


@pytest.mark.slow
def test_a_corpus_that_no_model_part_reads_ends_without_themes(tmp_path: Path) -> None:
    place = study(tmp_path, [f"{text} {n}" for n in range(3) for text in AMHARIC])
    given = {"discover.themes": "auto", "store": str(tmp_path / "store"), "embed.method": "minilm"}
    run = toolkit.run(place, set=given, out=tmp_path / "run")
    assert run.metrics["discover.themes"] is not None and set(run.paragraphs["theme"]) == {-1}
    text = (tmp_path / "run" / "report.md").read_text(encoding="utf-8")
    assert "the model can read none of the paragraphs" in text and "nearest miss" not in text


@pytest.mark.slow
def test_repeated_answers_without_copies_found_end_in_a_report(tmp_path: Path) -> None:
    (tmp_path / "in").symlink_to(CASE / "in")
    (tmp_path / "study.yaml").write_bytes((CASE / "study.yaml").read_bytes())
    done = command("run", "study.yaml", "--out", "run", "--set", f"store={tmp_path / 'store'}", cwd=tmp_path)
    assert done.returncode == 0 and (tmp_path / "run" / "report.html").is_file()
