"""A small study written for tests that need whole runs: four topics in text, table and HTML files, with one copy."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.files import yaml12

TOPICS: dict[str, tuple[Sequence[str], ...]] = {
    "harbour": (
        ("The harbour board", "A freight operator", "The port master", "One shipping line", "The quay committee"),
        ("plans to deepen", "wants to widen", "has begun to dredge", "asked to close", "will inspect"),
        ("the eastern quay", "the container berth", "the fishing dock", "the ferry slip", "the grain terminal"),
        ("so that longer vessels can moor.", "before coastal freighters return.", "after two cranes failed."),
    ),
    "schools": (
        ("The school council", "A head teacher", "The ministry of education", "Parents", "Evening classes"),
        ("introduced", "argued over", "postponed", "welcomed", "evaluated"),
        ("a new mathematics syllabus", "shorter exams for pupils", "reading lessons", "teacher training", "homework"),
        ("because classrooms were crowded.", "although marks had risen.", "while pupils waited for books."),
    ),
    "energy": (
        ("A wind farm", "The grid company", "A solar cooperative", "The power regulator", "Two battery makers"),
        ("connected", "priced", "metered", "stored", "curtailed"),
        ("surplus electricity", "forty megawatts", "cheap night power", "offshore turbines", "rooftop panels"),
        ("when demand on the grid fell.", "under the new tariff.", "despite a missing transformer."),
    ),
    "hospitals": (
        ("The district hospital", "Night nurses", "A surgeon", "The health insurer", "Village doctors"),
        ("treated", "registered", "examined", "discharged", "vaccinated"),
        ("elderly patients", "children with measles", "the waiting list", "a record ward", "outpatients"),
        ("in spite of vacant posts.", "as beds ran short.", "with medicine from the reserve."),
    ),
}
CODEBOOK = """themes:
  - {id: ports, name: Ports, definition: 'Harbours, quays, vessels and freight.', keywords: [quay, berth, dredge]}
  - {id: learning, name: Schools, definition: 'Schools, teachers, pupils and exams.', keywords: [pupils, syllabus]}
  - {id: fisheries, name: Sea mining, definition: 'Minerals taken from the ocean floor.', keywords: [nodules]}
"""


def paragraph(topic: str, number: int) -> str:
    """One paragraph of three sentences, each time the same for a topic and a number."""
    rng = np.random.default_rng([sorted(TOPICS).index(topic), number])
    sentences = [" ".join(part[int(rng.integers(len(part)))] for part in TOPICS[topic]) for _ in range(3)]
    return " ".join([*sentences, f"Item {number} of the file on {topic} closes here."])


def texts() -> dict[str, str]:
    """File name -> text of the twelve text files; the last is a copy of the first."""
    names, made = list(TOPICS), {}
    for number in range(11):
        parts = [paragraph(names[(number + place // 2) % 4], number * 4 + place) for place in range(4)]
        made[f"article_{number:02d}.txt"] = "\n\n".join(parts) + "\n"
    made["article_99.txt"] = made["article_00.txt"]
    return made


def write_corpus(folder: Path, reverse: bool = False) -> Path:
    """The corpus in a folder (new), its files made in one order or the other."""
    folder.mkdir(parents=True)
    files = texts()
    rows = io.StringIO()
    table = csv.writer(rows)
    table.writerow(["id", "text", "outlet", "date"])
    for number in range(6):
        outlet = ("Coast Gazette", "Inland Post")[number % 2]
        table.writerow(
            [f"row{number}", paragraph(list(TOPICS)[number % 4], 100 + number), outlet, f"2024-0{number + 1}-15"]
        )
    files["wire.csv"] = rows.getvalue()
    body = "".join(f"<p>{paragraph('energy', 200 + number)}</p>" for number in range(3))
    head = "<html><head><title>Power notes</title></head>"
    files["page.html"] = f"{head}<body><article><h1>Power notes</h1>{body}</article></body></html>"
    for name in sorted(files, reverse=reverse):
        (folder / name).write_text(files[name], encoding="utf-8", newline="")
    return folder


def config(**blocks: Any) -> dict[str, Any]:
    """The config of the study; blocks replace its own."""
    tree: dict[str, Any] = {
        "name": "small",
        "seed": 3,
        "corpus": {"path": "corpus"},
        "embed": {"method": "lsa", "dimensions": 20},
        "discover": {"method": "kmeans", "themes": 4, "refits": 4},
        "codebook": {"path": "codebook.yaml"},
        "estimate": {"bootstrap": 100},
    }
    return tree | blocks


def write_study(folder: Path, reverse: bool = False, **blocks: Any) -> Path:
    """Corpus, codebook and config in a folder (new); the path of the config."""
    write_corpus(folder / "corpus", reverse)
    (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "study.yaml").write_text(yaml12.dump(config(**blocks)), encoding="utf-8")
    return folder / "study.yaml"
