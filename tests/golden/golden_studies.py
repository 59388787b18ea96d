"""The two small studies whose outputs are kept: one by wording alone, one by meaning with a codebook and coders."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

from kit.studies import write_study

import toolkit
from toolkit.files.yaml12 import dump
from toolkit.runs import Run
from toolkit.runtime.progress import QUIET

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = ROOT / "experiments" / "future_industries"
DOCUMENTS = (
    "brief_2025-10-08_long-corridor.docx",
    "brief_2026-03-19_two-chokepoints.md",
    "column_2025-11-18_money-pit.txt",
    "notice_2025-04-16_yunqiao-pilot-zone.docx",
    "notice_2025-09-22_qianlu-duplication-review.pdf",
    "syndicated_2025-11-26_hydrogen-pit.html",
    "trade_2025-06-18_long-audition.html",
    "wire_2024-12-04_gallium-ban.txt",
    "wire_2025-01-29_deepseek-europe.txt",
)
"""Documents of the shipped study, of every format that it has but tables."""


def wording(folder: Path) -> Run:
    """Made-up articles with LSA vectors, k-means and a codebook: counts of words and linear algebra, no model."""
    config = write_study(folder / "study", discover={"method": "kmeans", "themes": 4, "refits": 8})
    return toolkit.run(config, out=folder / "run", progress=QUIET)


def coded(folder: Path) -> Run:
    """Nine documents of the shipped study with MiniLM, the consensus, the codebook and both coders' codes."""
    corpus = folder / "study" / "corpus"
    corpus.mkdir(parents=True)
    for name in DOCUMENTS:
        shutil.copyfile(SHIPPED / "corpus" / name, corpus / name)
    shutil.copyfile(SHIPPED / "codebook.yaml", folder / "study" / "codebook.yaml")
    _codes_of(DOCUMENTS, folder / "study" / "codes.csv")
    config = {
        "name": "coded",
        "seed": 5,
        "question": "What do nine documents say about future industries?",
        "corpus": {"path": "corpus"},
        "discover": {"method": "consensus", "refits": 20},
        "codebook": {"path": "codebook.yaml", "codes": "codes.csv"},
        "estimate": {"bootstrap": 200},
    }
    (folder / "study" / "study.yaml").write_text(dump(config), encoding="utf-8")
    return toolkit.run(folder / "study" / "study.yaml", out=folder / "run", progress=QUIET)


def _codes_of(documents: tuple[str, ...], place: Path) -> None:
    """The coders' rows on some documents."""
    with (SHIPPED / "codes.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    kept = [row for row in rows if row[header.index("paragraph_id")].rpartition(":")[0] in documents]
    with place.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *kept])


STUDIES: dict[str, Callable[[Path], Run]] = {"wording": wording, "coded": coded}
