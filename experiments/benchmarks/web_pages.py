"""How much of saved web pages is kept and dropped: trafilatura's evaluation set, which is not part of this project.

Its folder `tests` (https://github.com/adbar/trafilatura) has `evaldata.json` and the pages in `eval/` and `cache/`: for
each page a few pieces of its text that belong to the article and a few that do not. A piece counts as kept if it is in
the page's title, its paragraphs or the headings that they name, blanks as one. F is of precision and recall over all
pieces, as the set's own script has it.

    python experiments/benchmarks/web_pages.py --set trafilatura/tests
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.corpus import CorpusSettings, build_corpus, corpus_files

DRAWS = 500


def flat(text: str) -> str:
    return " ".join(text.split())


def kept_texts(pages: dict[str, Path]) -> dict[str, str]:
    """{file name: its title, headings and paragraphs on one line}."""
    with tempfile.TemporaryDirectory() as folder:
        for at, path in enumerate(pages.values()):  # names in the set may be too odd for a path
            shutil.copy(path, Path(folder) / f"{at:05d}.html")
        settings = CorpusSettings(path=folder, duplicates={"enabled": False})
        corpus = build_corpus(settings, corpus_files(settings))
    titles = dict(zip(corpus.documents["document_id"].to_pylist(), corpus.documents["title"].to_pylist(), strict=True))
    pieces: dict[str, list[str]] = {name: [title or ""] for name, title in titles.items()}
    for row in corpus.paragraphs.to_pylist():
        heading = row["heading"] or ""
        parts = pieces[row["document_id"]]
        parts += [heading, row["text"]] if heading not in parts else [row["text"]]
    texts = {name: flat(" ".join(parts)) for name, parts in pieces.items()}
    return {name: texts.get(f"{at:05d}.html", "") for at, name in enumerate(pages)}


def scores(counts: Counter[str]) -> tuple[float, float, float]:
    """(precision, recall, F) of pieces."""
    right = counts["kept"]
    precision = right / max(1, right + counts["wrongly kept"])
    recall = right / max(1, right + counts["lost"])
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def judged(item: dict[str, Any], text: str) -> Counter[str]:
    counts = Counter("kept" if flat(piece) in text else "lost" for piece in item["with"])
    counts.update("wrongly kept" if flat(piece) in text else "dropped" for piece in item["without"])
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, required=True, help="folder with evaldata.json, eval/ and cache/")
    folder: Path = parser.parse_args().set
    items = list(json.loads((folder / "evaldata.json").read_text("utf-8")).values())
    places = {item["file"]: [folder / part / item["file"] for part in ("cache", "eval")] for item in items}
    pages = {name: next(path for path in paths if path.is_file()) for name, paths in sorted(places.items())}
    texts = kept_texts(pages)
    each = [judged(item, texts[item["file"]]) for item in items]
    precision, recall, f1 = scores(sum(each, Counter()))
    generator = np.random.default_rng(0)
    draws = (generator.integers(len(each), size=len(each)) for _ in range(DRAWS))
    low, high = np.percentile([scores(sum((each[at] for at in rows), Counter()))[2] for rows in draws], [2.5, 97.5])
    print(f"{len(items)} pages: precision {precision:.3f}, recall {recall:.3f}, F {f1:.3f} ({low:.3f}-{high:.3f})")


if __name__ == "__main__":
    main()
