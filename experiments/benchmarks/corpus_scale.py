# ruff: noqa: E501 - lists of words
"""How reading, cleaning, splitting and finding duplicates grow with a corpus: seconds and peak memory for each size.

    python experiments/benchmarks/corpus_scale.py                        # articles: 10,000, 30,000, 100,000 paragraphs
    python experiments/benchmarks/corpus_scale.py 100000                 # one size
    python experiments/benchmarks/corpus_scale.py --rows 100000 500000   # tables of short rows instead

Articles (JSONL) have eight paragraphs of about 75 words each, a headline, three sub-headings, a byline, a teaser list and a
copyright line; every twentieth is a copy of another with small edits. Rows (Parquet) are single paragraphs of 25
words. Each size runs in a process of its own, so that the peak of memory is that size's alone.
"""

from __future__ import annotations

import argparse
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


def write_rows(path: Path, rows: int) -> None:
    """A Parquet file of short rows, the same every time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    chance = random.Random(7)
    columns: dict[str, list[str]] = {
        "id": [f"r{number:07d}" for number in range(rows)],
        "text": [" ".join(sentence(chance) for _ in range(2)) for _ in range(rows)],
        "date": [f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}" for number in range(rows)],
    }
    pq.write_table(pa.table(columns), path)


def measure(size: int, rows: bool) -> None:
    """One size, in this process."""
    from toolkit.corpus import CorpusSettings, build_corpus, corpus_files

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.parquet" if rows else "articles.jsonl")
        writer = [sys.executable, __file__, "--write", str(path), str(size)] + ["--rows"] * rows
        subprocess.run(writer, check=True)  # elsewhere, so that its memory does not count
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


def main() -> None:
    shown = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shown)
    parser.add_argument("sizes", nargs="*", type=int, help=f"paragraphs or rows; {SIZES} if none is given")
    parser.add_argument("--rows", action="store_true", help="a table of short rows instead of articles")
    parser.add_argument("--write", type=Path, metavar="FILE", help="only write the corpus of the first size into FILE")
    given = parser.parse_args()
    sizes = given.sizes or list(SIZES)
    if given.write:
        (write_rows if given.rows else write)(given.write, sizes[0])
    elif len(sizes) == 1:
        measure(sizes[0], given.rows)
    else:
        for size in sizes:
            subprocess.run([sys.executable, __file__, str(size)] + ["--rows"] * given.rows, check=True)


if __name__ == "__main__":
    main()
