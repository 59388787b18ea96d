"""Themes that tell the language of their paragraphs are flagged; documents count, not paragraphs; else null and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from toolkit.validate.language_leak import KEY, language_metrics, leak_of


def corpus(seed: int, documents: int = 200, other: float = 0.5) -> tuple[Any, Any, Any]:
    """Themes, languages and documents of paragraphs: a document has about two of five themes, languages by lot."""
    rng = np.random.default_rng(seed)
    unit = np.repeat(np.arange(documents), rng.integers(2, 8, documents))
    values = rng.integers(0, 5, (documents, 2))
    theme = values[unit, rng.integers(0, 2, len(unit))].astype(np.int32)
    language = (rng.random(documents) < other).astype(np.int32)[unit]
    return theme, language, unit.astype(np.int32)


def swapped(theme: Any, language: Any, points: float) -> Any:
    """Theme 0 with as many paragraphs exchanged as bring language 1 to `points` above its share in all paragraphs."""
    theme, inside = theme.copy(), theme == 0
    number = round((language.mean() + points - language[inside].mean()) * inside.sum())
    ours = np.flatnonzero((theme == 0) & (language == 0))[:number]
    theirs = np.flatnonzero((theme != 0) & (language == 1))[:number]
    theme[ours], theme[theirs] = theme[theirs].copy(), 0
    return theme


def test_planted_leaks_are_flagged_and_clean_corpora_are_not() -> None:
    clean = [leak_of(*corpus(seed), seed, 199).p < 0.05 for seed in range(20)]
    for points in (0.2, 0.4):
        notes = []
        for seed in range(20):
            theme, language, unit = corpus(seed)
            leak = leak_of(swapped(theme, language, points), language, unit, seed, 199)
            notes.append(leak.p < 0.05 and (points < 0.4 or leak.p_themes[0] < 0.05))
        assert sum(notes) >= 19
    assert sum(clean) <= 3  # 1 expected of 20


def test_documents_are_the_units_and_not_their_paragraphs() -> None:
    """Twenty documents of thirty paragraphs, each of one theme: chi-squared flags most corpora without any tie."""
    from scipy.stats import chi2_contingency

    ours = theirs = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        unit = np.repeat(np.arange(20), 30).astype(np.int32)
        theme = rng.integers(0, 3, 20)[unit].astype(np.int32)
        language = (rng.permutation(20) % 2)[unit].astype(np.int32)
        theme = np.unique(theme, return_inverse=True)[1].astype(np.int32)
        ours += leak_of(theme, language, unit, seed, 199).p < 0.05
        table = np.zeros((theme.max() + 1, 2))
        np.add.at(table, (theme, language), 1)
        theirs += chi2_contingency(table).pvalue < 0.05
    assert ours <= 3 and theirs >= 15


def test_points_are_the_mean_distance_of_a_themes_languages_from_those_of_all() -> None:
    """Two themes of 40: 30 of 40 in zh against 10 of 40, all 40 of 80: a quarter in each."""
    documents = [f"d{at}" for at in range(20) for _ in range(4)]
    languages = ["zh" if at < 10 else "en" for at in range(20) for _ in range(4)]
    theme = np.array([0] * 30 + [1] * 10 + [0] * 10 + [1] * 30, np.int32)
    result = language_metrics(theme, languages, documents, 1)
    assert result[KEY].value == pytest.approx(0.25) and result[KEY].n == 80
    assert result[f"{KEY}.baseline"].value == pytest.approx(0.1, abs=0.05)
    assert result[f"{KEY}.theme.0"].value == pytest.approx(0.5)  # 30 of 40 less 10 of 40
    assert str(result[f"{KEY}.theme.0"].reason).startswith("tied to zh: 30 of 40 paragraphs, elsewhere 10 of 40")
    assert result == language_metrics(theme, languages, documents, 1)


def test_a_language_outside_all_themes_is_told_by_that() -> None:
    documents = [f"d{at}" for at in range(24) for _ in range(2)]
    languages = ["zh" if at % 2 else "en" for at in range(24) for _ in range(2)]
    theme = np.array([-1 if at % 2 else 0 for at in range(24) for _ in range(2)], np.int32)
    result = language_metrics(theme, languages, documents, 1)
    assert result[KEY].value == pytest.approx(0.5) and (result[f"{KEY}_p"].value or 1) <= 0.01


def test_documents_of_unknown_language_are_left_out() -> None:
    documents = [f"d{at}" for at in range(22) for _ in range(2)]
    languages = [None if at >= 20 else "zh" if at % 2 else "en" for at in range(22) for _ in range(2)]
    theme = np.array([at % 2 for at in range(44)], np.int32)
    assert language_metrics(theme, languages, documents, 1)[KEY].n == 40


@pytest.mark.parametrize(
    ("theme", "languages", "why"),
    [
        ([0, 1] * 6, ["en"] * 12, "in one language (en)"),
        ([0, 1] * 6, [None] * 12, "none is known"),
        ([0, 1] * 6, ["en"] * 8 + ["zh"] * 4, "fewer than two of 2 languages have 5 documents"),
        ([0] * 12, ["en", "zh"] * 6, "no two themes"),
    ],
)
def test_without_two_languages_or_two_themes_there_is_no_number_but_a_reason(
    theme: list[int], languages: list[str | None], why: str
) -> None:
    result = language_metrics(np.array(theme, np.int32), languages, [f"d{at}" for at in range(12)], 1)
    assert result[KEY].value is None and why in str(result[KEY].reason)
    assert result[f"{KEY}_p"].value is None


def test_ten_thousand_paragraphs_take_less_than_a_second() -> None:
    import time

    rng, unit = np.random.default_rng(1), np.repeat(np.arange(2500), 4).astype(np.int32)
    theme, language = rng.integers(0, 20, 10_000).astype(np.int32), (np.arange(2500) % 3)[unit].astype(np.int32)
    begun = time.process_time()
    leak_of(theme, language, unit, 1)
    assert time.process_time() - begun < 1.5  # .3 s on a quiet core
