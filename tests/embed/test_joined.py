"""Several encoders side by side: rows, stores, what one of them cannot read, and what cannot be joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from toolkit.embed import Joined, JoinedStore, MiniLM, Use, cannot_read, embed, encode_texts, load_encoder, vector_store
from toolkit.errors import ConfigError
from toolkit.experiment.experiment import load
from toolkit.files.value import read_value, write_value
from toolkit.store.vectors import VectorStore
from toolkit.values import Embeddings

TEXTS = ["The harbour needs a deeper channel.", "Pupils learn to read.", "The harbour needs a deeper channel. " * 60]
CHINESE = "港口需要一条更深的航道供大型船舶通行。"


def test_a_joined_row_is_each_encoders_row_times_its_weight_at_unit_length() -> None:
    settings = Joined(weights=(2.0, 1.0))
    made, one, two = (embed(each, TEXTS) for each in (settings, MiniLM(), Use()))
    wanted = np.hstack([2.0 * one.vectors.astype(float), two.vectors.astype(float)]) / np.sqrt(5.0)
    assert np.allclose(made.vectors, wanted, atol=1e-6) and np.allclose(np.linalg.norm(made.vectors, axis=1), 1)
    assert [(view.name, view.start, view.stop, view.weight) for view in made.views] == [
        ("minilm", 0, 384, 2.0),
        ("use", 384, 896, 1.0),
    ]
    assert [view.model for view in made.views] == [one.model, two.model]
    assert made.tokens.tolist() == one.tokens.tolist() and made.model.max_tokens == one.model.max_tokens
    assert made.works == (*MiniLM.works, *Use.works) and made.model.dimension == 896
    assert [note.partition(":")[0] for note in made.notes] == ["minilm"]  # the long text, read in windows
    weighed = load_identity(settings)
    assert weighed != load_identity(Joined()) and len(weighed) > len(MiniLM().identity())


def load_identity(settings: Any) -> dict[str, Any]:
    return dict(settings.identity())


def test_each_encoders_vectors_are_stored_as_its_own_and_joining_reads_nothing_again(tmp_path: Path) -> None:
    embed(MiniLM(), TEXTS, vectors=vector_store(MiniLM(), tmp_path))
    store = vector_store(Joined(), tmp_path)
    assert isinstance(store, JoinedStore)
    flowing = [" ".join(text.split()) for text in TEXTS]
    assert [part.get(flowing).present.all() for part in store.parts] == [True, False]
    made = embed(Joined(), TEXTS, vectors=store)
    alone = vector_store(Use(), tmp_path)
    assert isinstance(alone, VectorStore) and alone.get(flowing).present.all()
    shards = sorted((tmp_path / "vectors").rglob("*.npy"))
    again = embed(Joined(weights=(1.0, 3.0)), TEXTS, vectors=vector_store(Joined(), tmp_path))
    assert sorted((tmp_path / "vectors").rglob("*.npy")) == shards  # other weights, nothing read
    assert not np.array_equal(again.vectors, made.vectors) and np.array_equal(again.tokens, made.tokens)
    asked = encode_texts(Joined(), Joined().fit([]), TEXTS[:2], vector_store(Joined(), tmp_path))
    assert np.array_equal(asked, made.vectors[:2])


def test_the_columns_of_an_encoder_that_cannot_read_a_text_are_zero_if_another_reads_it() -> None:
    made, alone = embed(Joined(), [*TEXTS, CHINESE, "ሰላም ለዓለም"]), embed(Use(), [CHINESE])
    assert not made.vectors[3, :384].any() and np.allclose(made.vectors[3, 384:], alone.vectors[0], atol=1e-6)
    assert made.unread.tolist() == [False, False, False, False, True] and np.allclose(
        np.linalg.norm(made.vectors, axis=1), 1, atol=1e-5
    )
    note = next(note for note in made.notes if "zero" in note)
    assert note.startswith("1 of 5 paragraphs (20.0%) cannot be read by minilm and are read by the other encoders")
    assert any(note.startswith("1 of 5 paragraphs (20.0%) cannot be read by the model (joined)") for note in made.notes)
    assert cannot_read(Joined(), [CHINESE, "ሰላም ለዓለም"]).tolist() == [False, True]
    assert np.array_equal(Joined().fit([]).encode([CHINESE])[0], made.vectors[3])


def test_a_run_reads_joined_encoders_back_and_the_views_are_stored(tmp_path: Path) -> None:
    settings = Joined(weights=(1.0, 0.5))
    settings.fit([]).save(tmp_path / "model")
    encoder, made = load_encoder(tmp_path / "model"), embed(settings, TEXTS[:2])
    assert np.array_equal(encoder.encode(TEXTS[:2]), made.vectors) and encoder.record == made.model
    (tmp_path / "value").mkdir()
    write_value(made, tmp_path / "value")
    assert read_value(Embeddings, tmp_path / "value").views == made.views


@pytest.mark.parametrize(
    "block, words",
    [
        ({"encoders": [{"method": "minilm"}, {"method": "joined"}]}, "joined encoders cannot be joined again"),
        ({"encoders": [{"method": "minilm"}, {"method": "lsa"}]}, "its vectors depend on the corpus"),
        ({"encoders": [{"method": "minilm"}, {"method": "minilm"}]}, "each is given once"),
        ({"encoders": [{"method": "minilm"}]}, "at least 2"),
        ({"weights": [1.0]}, "1 for 2 encoders"),
        ({"weights": [1.0, 0.0]}, "greater than 0"),
        ({"encoders": [{"method": "minilm", "long_text": "truncate"}, {"method": "use"}]}, "long_text: give it beside"),
        ({"encoders": [{"method": "use"}, {"method": "static", "model": "./m"}]}, "give a model by its hub id"),
    ],
)
def test_what_cannot_be_joined_is_refused_with_the_reason(block: dict[str, Any], words: str) -> None:
    tree = {"name": "s", "corpus": {"path": "."}, "embed": {"method": "joined", **block}}
    with pytest.raises(ConfigError, match=words):
        load(tree)
