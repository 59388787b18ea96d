"""LSA: vectors from the corpus alone, in any language and at any size, the same whatever the order."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import toolkit
from toolkit.embed import Lsa, embed, load_encoder
from toolkit.embed.tfidf import words

FARM = ["wheat harvest rain", "rain on the wheat field", "harvest of wheat and barley", "barley field after rain"]
PORT = ["ships dock at the port", "the port crane lifts cargo", "cargo ships wait", "crane and dock workers"]


def test_texts_on_one_subject_lie_closer_than_texts_on_two() -> None:
    made = embed(Lsa(dimensions=4), FARM + PORT).vectors
    similar = made @ made.T
    within = (similar[:4, :4].sum() - 4 + similar[4:, 4:].sum() - 4) / 24
    assert within > similar[:4, 4:].mean() + 0.3


def test_chinese_is_segmented_into_words() -> None:
    assert words("中国的产业政策2024") == ["中国", "的", "产业政策", "2024"]
    texts = ["中国的产业政策支持芯片", "芯片产业需要政策", "农民种植水稻和小麦", "水稻小麦丰收农民高兴"]
    similar = (lambda v: v @ v.T)(embed(Lsa(dimensions=3), texts).vectors)
    assert similar[0, 1] > similar[0, 2] and similar[2, 3] > similar[1, 2]


@pytest.mark.parametrize(
    "texts",
    [["one lonely text"], ["same"] * 5, ["", " "], ["!!!", "???"], ["a b", "c d"], ["", "wheat rain", "rain"]],
    ids=["one", "identical", "blank", "no-words", "two", "mixed"],
)
def test_tiny_and_empty_corpora_give_unit_rows(texts: list[str]) -> None:
    made = embed(Lsa(), texts)
    assert made.vectors.shape[0] == len(texts)
    assert np.allclose(np.linalg.norm(made.vectors, axis=1), 1, atol=1e-6)
    assert made.model.max_tokens is None


def test_a_text_without_known_words_is_near_no_other_and_is_counted() -> None:
    made = embed(Lsa(), [*FARM, "???"])
    assert np.abs(made.vectors[:4] @ made.vectors[4]).max() < 1e-6
    assert any("1 of 5" in note for note in made.notes)


@pytest.mark.parametrize("n", [8, 1500])
def test_order_and_repeats_change_nothing(n: int) -> None:
    rng = np.random.default_rng(1)
    pool = [f"w{i}" for i in range(1300)]
    texts = [" ".join(rng.choice(pool, 12)) for _ in range(n)]
    shuffled = [texts[at] for at in rng.permutation(n)]
    first, second = Lsa(dimensions=5).fit(texts), Lsa(dimensions=5).fit(shuffled + shuffled[:3])
    assert first.record == second.record
    assert np.array_equal(first.encode(texts), second.encode(texts))
    assert np.array_equal(first.encode(texts)[3:4], first.encode(texts[3:4]))


def test_a_second_run_fits_nothing_again_and_saves_the_same_model(tmp_path: Path) -> None:
    rows = [{"id": f"{at:02}", "text": text} for at, text in enumerate(FARM + PORT)]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    config = {"name": "twice", "corpus": {"path": str(tmp_path / "corpus.jsonl"), "unit": "document"}}
    config |= {"embed": {"method": "lsa", "dimensions": 4}, "store": str(tmp_path / "store")}
    first, again = (toolkit.run(config, out=tmp_path / name) for name in ("first", "again"))
    made = {record["name"]: record["from_cache"] for record in again.manifest["stages"]}
    assert made["encoder"] and all(made.values())
    assert first == again and (again.path / "model" / "axes.npy").is_file()
    assert load_encoder(again.path / "model").record.sha256 == again.manifest["models"][0]["sha256"]
