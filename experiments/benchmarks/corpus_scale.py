# ruff: noqa: E501 - lists of words
"""How reading, cleaning, splitting and finding duplicates grow: 10,000, 30,000 and 100,000 paragraphs of JSONL.

    python experiments/benchmarks/corpus_scale.py            # all three sizes, one after the other
    python experiments/benchmarks/corpus_scale.py 100000     # one size

Articles of eight paragraphs (about 75 words each), a headline, three sub-headings, a byline, a teaser list and a copyright line; every
twentieth article is a copy of another with small edits. Each size runs in a process of its own, so that the peak of
memory is that size's alone. Prints wall and processor seconds, peak memory, and what came out.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (10_000, 30_000, 100_000)
SUBJECTS = [
    "ministry",
    "province",
    "factory",
    "laboratory",
    "committee",
    "company",
    "regulator",
    "university",
    "fund",
    "port",
    "bureau",
    "cluster",
]
VERBS = [
    "announced",
    "expanded",
    "delayed",
    "financed",
    "inspected",
    "approved",
    "published",
    "revised",
    "tested",
    "licensed",
    "merged",
    "halted",
]
OBJECTS = [
    "quantum",
    "chips",
    "batteries",
    "robots",
    "magnets",
    "turbines",
    "satellites",
    "software",
    "standards",
    "exports",
    "subsidies",
    "permits",
]
ENDS = [
    "on Monday",
    "after a long review",
    "despite the price",
    "as officials had asked",
    "for the second time",
    "in three counties",
]


def sentence(chance: random.Random) -> str:
    extra = " ".join(chance.choices(SUBJECTS + OBJECTS, k=5))
    start = f"The {chance.choice(SUBJECTS)} {chance.choice(VERBS)} its {chance.choice(OBJECTS)}"
    return f"{start} and the {extra} of {chance.randint(2, 900)} units {chance.choice(ENDS)}."


def article(chance: random.Random) -> list[str]:
    lines = [" ".join(chance.choices(SUBJECTS + VERBS + OBJECTS, k=7)).capitalize(), "By Jane Roe and Li Wei"]
    for number in range(8):
        if number in (2, 4, 6):
            lines.append(" ".join(chance.choices(OBJECTS, k=3)).title())
        lines.append(" ".join(sentence(chance) for _ in range(5)))
    teasers = [" ".join(chance.choices(SUBJECTS + OBJECTS, k=8)).capitalize() for _ in range(3)]
    return [*lines, "Related articles", *teasers, "© 2025 Example Wire. All rights reserved."]


def write(path: Path, paragraphs: int) -> None:
    """A JSONL file of articles with that many body paragraphs, the same bytes every time."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8") as stream:
        earlier: list[list[str]] = []
        for number in range(paragraphs // 8):
            lines = list(chance.choice(earlier)) if earlier and number % 20 == 19 else article(chance)
            if number % 20 == 19:
                lines[2] = lines[2].replace(" the ", " this ", 1)
            elif len(earlier) < 500:
                earlier.append(lines)
            row = {
                "id": f"a{number:06d}",
                "text": "\n\n".join(lines),
                "date": f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
                "source": f"Outlet {number % 40}",
            }
            stream.write(json.dumps(row) + "\n")


def measure(paragraphs: int) -> None:
    """One size, in this process."""
    from toolkit.corpus import CorpusSettings, build_corpus, corpus_files

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "articles.jsonl")
        write(path, paragraphs)
        began, used = time.perf_counter(), time.process_time()
        settings = CorpusSettings(path=str(path))
        corpus = build_corpus(settings, corpus_files(settings))
        wall, cpu = time.perf_counter() - began, time.process_time() - used
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        copies = corpus.paragraphs.num_rows - corpus.paragraphs.column("duplicate_of").null_count
        print(
            f"{corpus.paragraphs.num_rows:>8,} paragraphs  {wall:6.1f} s wall  {cpu:6.1f} s processor  {peak:7.0f} MB  "
            f"{1e6 * cpu / corpus.paragraphs.num_rows:5.0f} µs each  {corpus.ledger.num_rows:,} ledger rows  {copies:,} copies",
            flush=True,
        )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        for size in SIZES:
            subprocess.run([sys.executable, __file__, str(size)], check=True)
