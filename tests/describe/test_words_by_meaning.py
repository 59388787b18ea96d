"""Labellers by meaning: KeyBERT-inspired ranking and maximal marginal relevance on a theme's own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from test_themes_described import TEXTS, axes, column, described, one

from toolkit.describe.bertopic_adapter import keybert, relevant
from toolkit.describe.labellers import KeyBertLabeller, MmrLabeller
from toolkit.describe.material import Material
from toolkit.errors import ConfigError


@pytest.mark.slow
def test_keybert_ranks_by_cosine_to_the_mean_of_the_central_paragraphs() -> None:
    themes = [[one("exam", 3.0), one("dam", 2.0), one("other", 1.0)], [one("dam", 2.0), one("exam", 1.0)], []]
    central = (("dam dam", "dam exam"), ("exam",), ("dam",))
    ranked = keybert(themes, central, axes)
    for theme in (0, 1):
        mean = axes(central[theme]).astype(float).mean(axis=0)
        cosine = {c.name: float(axes([c.name])[0] @ mean / np.linalg.norm(mean)) for c in themes[theme]}
        assert [c.name for c in ranked[theme]] == sorted(cosine, key=lambda name: -cosine[name])
        for candidate in ranked[theme]:
            assert candidate.weight == pytest.approx(cosine[candidate.name], abs=2e-6)
    assert ranked[2] == []
    assert keybert([[], [one("dam")]], (("dam",), ()), axes) == [[], [one("dam")]]


def test_keybert_drops_what_is_no_nearer_than_nothing() -> None:
    def opposed(texts: Sequence[str]) -> Any:
        return np.array(
            [[1.0, 0.0] if "dam" in text else [0.0, 1.0] if "level" in text else [-1.0, 0.0] for text in texts]
        )

    result = keybert(
        [[one("dam"), one("level"), one("away")], [one("dam"), one("away")]], (("dam",), ("dam",)), opposed
    )
    assert [[c.name for c in ranked] for ranked in result] == [["dam"], ["dam"]]


def test_mmr_keeps_the_asked_number_in_the_order_of_weights() -> None:
    ranked = [one("dam", 5.0), one("dam dam", 4.0), one("exam", 3.0), one("other", 2.0)]
    (chosen, single) = relevant([ranked, ranked[:1]], 0.9, 2, axes)
    assert len(chosen) == 2 and [c.weight for c in chosen] == sorted((c.weight for c in chosen), reverse=True)
    assert (
        single == ranked[:1]
        and relevant([ranked[:2]], 0.5, 9, axes) == [ranked[:2]]
        and relevant([[]], 0.5, 9, axes) == [[]]
    )
    near, far = relevant([ranked], 0.0, 2, axes)[0], relevant([ranked], 1.0, 2, axes)[0]
    assert near != far and all(candidate in ranked for candidate in (*near, *far))


def test_labellers_by_meaning_look_at_so_many_of_the_heaviest() -> None:
    themes = [[one(f"dam {chr(97 + i)}", 40.0 - i) for i in range(40)]]
    material = Material(axes, (("dam",),))
    assert len(KeyBertLabeller(candidates=10).rank(themes, material)[0]) == 10
    assert len(MmrLabeller(candidates=11).rank(themes, material)[0]) == 5
    assert (
        len(MmrLabeller().rank(themes, material)[0]) == 15
        and len(KeyBertLabeller(candidates=60).rank(themes, material)[0]) == 40
    )
    for labeller in (KeyBertLabeller(), MmrLabeller()):
        with pytest.raises(ConfigError, match="needs an embedding model"):
            labeller.rank(themes, Material(None, (("dam",),)))


@pytest.mark.parametrize("labeller", [KeyBertLabeller(), MmrLabeller()])
def test_a_description_by_meaning_takes_words_of_the_themes_own(labeller: Any) -> None:
    description = described(labeller=labeller, encode=axes, keywords=3)
    words = column(description, "keywords")
    assert words[0] and words[1] and "exams" not in words[0] and "dams" not in words[1]
    assert any("dams" in word for word in words[0]) and ("MMR" in description.method) == (labeller.method == "mmr")
    assert ("KeyBERT" in description.method) == (labeller.method == "keybert")


def test_keybert_reads_the_five_most_central_paragraphs_of_a_theme() -> None:
    seen: set[str] = set()

    def recorded(texts: Sequence[str]) -> Any:
        seen.update(texts)
        return axes(texts)

    texts = [f"{TEXTS[i % 4]} Item {chr(97 + i)}." for i in range(9)] + [
        f"{TEXTS[4 + i % 4]} Item {chr(97 + i)}." for i in range(9)
    ]
    described(texts, [0] * 9 + [1] * 9, labeller=KeyBertLabeller(), encode=recorded)
    assert sum(text in seen for text in texts[:9]) == sum(text in seen for text in texts[9:]) == 5
