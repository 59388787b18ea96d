"""Embedding: a vector depends on its text and the model alone, every token is read, and faults are one clear line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter

import toolkit
from toolkit.embed import (
    Embedder,
    Lsa,
    MiniLM,
    SentenceTransformer,
    Static,
    Use,
    embed,
    encode_texts,
    given_vectors,
    language_note,
    load_encoder,
    vector_store,
)
from toolkit.embed.minilm import packaged_folder
from toolkit.embed.onnx_model import OnnxModel
from toolkit.embed.reading import flowing
from toolkit.errors import ToolkitError
from toolkit.store.vectors import shard_names

SENTENCES = [
    "The county opened a second wafer plant beside the canal in March.",
    "Officials promised cheaper loans to makers of battery cells.",
    "A reader asked why the bus still does not stop at the clinic.",
    "Orders for machine tools fell for the third quarter in a row.",
    "The port authority will lease two berths to a shipping co-operative.",
    "Teachers in the valley started a course on orbital mechanics.",
    "Three tenders for quantum sensors closed without a single bid.",
    "Rice prices rose, and the grain bureau opened its reserve.",
]
ODD = [
    "",
    " \n\t ",
    "😀🎉",
    "中国的产业政策正在改变",
    "naïve café — “quotes”",
    "\u200bzero\u200bwidth",
    "x" * 5000,
    "\ud800",
    "word " * 900,
]
LONG = " ".join(SENTENCES * 12)


@pytest.mark.parametrize("engine", ["onnx", "onnx-int8"])
def test_a_model_that_gave_back_its_memory_reads_on_with_the_same_bytes(engine):
    encoder = MiniLM(engine=engine).fit([])
    before = encoder.encode(SENTENCES)
    encoder.rest()
    assert "session" not in vars(encoder.model)
    assert np.array_equal(before, encoder.encode(SENTENCES))


def cosines(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a.astype(float) * b.astype(float)).sum(axis=1)


@pytest.fixture(scope="module")
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model2vec model over the packaged tokenizer, with random vectors."""
    from model2vec import StaticModel
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(tokenizer.get_vocab_size(), 32)).astype(np.float32)
    folder = tmp_path_factory.mktemp("static")
    StaticModel(vectors=vectors, tokenizer=tokenizer, config={}).save_pretrained(str(folder))
    return folder


def every_embedder(static_folder: Path) -> list[Embedder]:
    return [MiniLM(), MiniLM(engine="onnx-int8"), Static(model=str(static_folder)), Lsa()]


def test_every_method_gives_finite_unit_rows_for_odd_text(static_folder: Path) -> None:
    texts = SENTENCES + ODD
    for settings in every_embedder(static_folder):
        made = embed(settings, texts)
        assert made.vectors.shape == (len(texts), made.model.dimension) and made.vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(made.vectors, axis=1), 1, atol=1e-5), settings.method
        assert any("mean nothing" in note for note in made.notes)


def test_rows_do_not_depend_on_neighbours_order_or_workers(static_folder: Path) -> None:
    texts = SENTENCES * 5 + ODD + [LONG]
    for settings in every_embedder(static_folder)[:3]:
        alone = np.concatenate([embed(settings, [text], workers=1).vectors for text in dict.fromkeys(texts)])
        place = {text: at for at, text in enumerate(dict.fromkeys(texts))}
        for workers in (1, 3):
            backwards = embed(settings, texts[::-1], workers=workers).vectors
            wanted = alone[[place[text] for text in texts[::-1]]]
            assert np.array_equal(backwards, wanted), (settings.method, workers)


def test_hard_wraps_change_nothing() -> None:
    wrapped = SENTENCES[0].replace(" ", "\n  ", 4) + "\r\n"
    made = embed(MiniLM(), [SENTENCES[0], wrapped])
    assert np.array_equal(made.vectors[0], made.vectors[1])
    assert flowing("a\n b\t\u3000c ") == "a b c"


@pytest.fixture(scope="module")
def reference() -> object:
    from sentence_transformers import SentenceTransformer as Reference

    return Reference(str(packaged_folder()), device="cpu")


@pytest.mark.slow
def test_onnx_agrees_with_sentence_transformers(reference: object) -> None:
    texts = [*SENTENCES, *[text for text in ODD if text != "\ud800"], LONG]
    wanted = reference.encode(texts, batch_size=1, show_progress_bar=False)  # type: ignore[attr-defined]
    ours = embed(MiniLM(long_text="truncate"), texts).vectors
    assert cosines(ours, wanted).min() > 0.99999
    assert cosines(embed(MiniLM(engine="onnx-int8", long_text="truncate"), texts).vectors, wanted).min() > 0.96


@pytest.mark.slow
def test_torch_gives_the_same_bytes_at_any_batch_size_thread_count_and_worker_count(reference: object) -> None:
    import torch

    texts = [text.rsplit(" ", cut)[0] for text in SENTENCES for cut in range(5)] + ODD[:6]
    wanted = embed(MiniLM(engine="torch", batch=1), texts, workers=1)
    assert cosines(wanted.vectors, embed(MiniLM(), texts).vectors).min() > 0.99999
    before = torch.get_num_threads()
    try:
        for threads, batch, workers in ((1, 7, 1), (2, 32, 1), (2, 3, 3)):
            torch.set_num_threads(threads)
            made = embed(MiniLM(engine="torch", batch=batch), texts[::-1], workers=workers)
            assert np.array_equal(made.vectors[::-1], wanted.vectors), (threads, batch, workers)
            assert torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)


def test_every_token_of_a_long_text_is_read_and_truncation_is_said() -> None:
    changed = LONG + " Astronomers found a comet that smells of vinegar."
    mean = embed(MiniLM(), [LONG, changed])
    assert mean.tokens[0] > 254 and not mean.truncated.any()
    assert not np.array_equal(mean.vectors[0], mean.vectors[1])
    assert "every token was read" in mean.notes[0] and "2 of 2" in mean.notes[0]
    cut = embed(MiniLM(long_text="truncate"), [LONG, changed, SENTENCES[0]])
    assert np.array_equal(cut.vectors[0], cut.vectors[1])
    assert cut.truncated.tolist() == [True, True, False]
    assert np.array_equal(mean.tokens, cut.tokens[:2])


def test_windows_hold_the_whole_text_fit_and_end_at_sentences() -> None:
    reader = MiniLM().fit([]).model.reader
    assert reader.limit == 254
    for text in (LONG, "word " * 900, "字" * 1000, "x" * 5000 + " y" * 400, "a.b" * 500):
        text = flowing(text)
        windows = reader.windows(text, int(reader.count([text])[0]))
        assert "".join(window.text for window in windows).replace(" ", "") == text.replace(" ", "")
        assert all(1 <= window.tokens <= 254 for window in windows)
        assert len(windows) <= 2 + int(reader.count([text])[0]) // 190
    assert all(window.text.endswith(".") for window in reader.windows(LONG, int(reader.count([LONG])[0])))


def test_fail_above_stops_before_anything_is_encoded() -> None:
    with pytest.raises(ToolkitError, match=r"1 of 2 texts \(50%\).*254 tokens.*40% allowed") as fault:
        embed(MiniLM(fail_above=0.4), [LONG, "short"])
    assert "\n" not in str(fault.value)
    assert len(embed(MiniLM(fail_above=0.5), [LONG, "short"]).vectors) == 2
    with pytest.raises(ToolkitError, match=r"33\.33%.*more than the 33\.3% allowed"):  # never "33.3%, more than 33.3%"
        embed(MiniLM(fail_above=0.333), [LONG, "short", "short too"])


def test_the_store_gives_the_same_bytes_and_only_new_texts_are_read(tmp_path: Path) -> None:
    settings = MiniLM()
    fresh = embed(settings, [*SENTENCES, LONG])
    ticks: list[tuple[int, int]] = []
    embed(settings, SENTENCES[:5], vectors=vector_store(settings, tmp_path))
    texts = [*SENTENCES, LONG, SENTENCES[0]]
    second = embed(settings, texts, vectors=vector_store(settings, tmp_path), tick=lambda *now: ticks.append(now))
    assert ticks[0] == (5, 9) and ticks[-1] == (9, 9)
    assert np.array_equal(second.vectors, fresh.vectors[[*range(9), 0]])
    assert np.array_equal(second.tokens, fresh.tokens[[*range(9), 0]])
    encoder = settings.fit([])
    again = encode_texts(settings, encoder, texts, vector_store(settings, tmp_path))
    assert np.array_equal(again, second.vectors)
    for name in shard_names(vector_store(settings, tmp_path).folder):  # type: ignore[union-attr]
        path = vector_store(settings, tmp_path).folder / name  # type: ignore[union-attr]
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    healed = embed(settings, texts, vectors=vector_store(settings, tmp_path))
    assert np.array_equal(healed.vectors, second.vectors)


def test_each_setting_that_changes_vectors_has_a_store_of_its_own(tmp_path: Path) -> None:
    different = [MiniLM(), MiniLM(engine="onnx-int8"), MiniLM(engine="torch"), MiniLM(long_text="truncate")]
    folders = {vector_store(settings, tmp_path).folder for settings in different}  # type: ignore[union-attr]
    assert len(folders) == 4
    same = [MiniLM(workers=2), MiniLM(batch=4), MiniLM(long_text="split"), MiniLM(fail_above=0.5)]
    assert {vector_store(settings, tmp_path).folder for settings in same} <= folders  # type: ignore[union-attr]
    assert vector_store(Lsa(), tmp_path) is None


KILLED = """
import sys
from toolkit.embed import MiniLM, embed, stage, vector_store
stage.PUT_SECONDS, stage.PUT_TEXTS = 0.0, 8
settings = MiniLM()
texts = [f"Sentence number {i} of a study of {i * 7} harbours." for i in range(400)]
embed(settings, texts, vectors=vector_store(settings, sys.argv[1]),
      workers=1, tick=lambda *now: print(*now, flush=True))
"""


def test_a_killed_run_resumes_where_it_was(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line.split()[0]) >= 40:
                process.kill()
                break
    settings = MiniLM()
    texts = [f"Sentence number {i} of a study of {i * 7} harbours." for i in range(60)]
    stored = vector_store(settings, tmp_path).get(texts)  # type: ignore[union-attr]
    assert stored.present.sum() >= 30
    assert np.array_equal(stored.vectors[stored.present], embed(settings, texts).vectors[stored.present])


def test_the_default_loads_no_torch_and_is_the_same_in_another_process(tmp_path: Path) -> None:
    code = (
        "import sys, numpy as np; from toolkit.embed import MiniLM, embed; texts = sys.stdin.read().split('|');"
        "made = embed(MiniLM(), texts); np.save(sys.argv[1], made.vectors);"
        "heavy = ('torch', 'transformers', 'sklearn', 'pandas', 'sentence_transformers');"
        "print([name for name in heavy if name in sys.modules])"
    )
    texts = [*SENTENCES, "x" * 300, LONG]
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "v.npy")],
        input="|".join(texts),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "OMP_NUM_THREADS": "1"},
    )
    assert done.stdout.strip() == "[]"
    assert np.array_equal(np.load(tmp_path / "v.npy"), embed(MiniLM(), texts).vectors)


def test_a_saved_encoder_reads_new_texts_into_the_same_space(tmp_path: Path, static_folder: Path) -> None:
    for number, settings in enumerate(every_embedder(static_folder)):
        encoder = settings.fit(SENTENCES)
        encoder.save(tmp_path / str(number))
        again = load_encoder(tmp_path / str(number), getattr(settings, "model", None))
        assert np.array_equal(again.encode(["new loans for wafers"]), encoder.encode(["new loans for wafers"]))
        assert again.record == encoder.record


def test_a_saved_encoder_names_a_models_folder_but_not_where_it_lies(tmp_path: Path, static_folder: Path) -> None:
    saved = []
    for place in ("here", "there"):
        models = [
            shutil.copytree(folder, tmp_path / place / folder.name) for folder in (static_folder, packaged_folder())
        ]
        encoders = [Static(model=str(models[0])).fit(), SentenceTransformer(model=str(models[1])).fit()]
        for number, encoder in enumerate(encoders):
            encoder.save(tmp_path / place / str(number))
            assert encoder.record.id == models[number].name
        saved.append([(tmp_path / place / name / "encoder.json").read_bytes() for name in "01"])
    assert saved[0] == saved[1]
    assert not any(str(tmp_path).encode() in plain for plain in saved[0])


def test_other_weights_than_the_run_had_are_a_fault(tmp_path: Path) -> None:
    MiniLM().fit([]).save(tmp_path)
    plain = json.loads((tmp_path / "encoder.json").read_text())
    plain["record"]["sha256"] = "0" * 64
    (tmp_path / "encoder.json").write_text(json.dumps(plain))
    with pytest.raises(ToolkitError, match="weights sha256 0000"):
        load_encoder(tmp_path)
    (tmp_path / "encoder.json").write_text("{")
    with pytest.raises(ToolkitError, match="no readable encoder"):
        load_encoder(tmp_path)


def test_sentence_transformers_by_folder_with_prompt_under_both_engines(reference: object) -> None:
    folder = str(packaged_folder())
    for engine in ("torch", "onnx"):
        made = embed(SentenceTransformer(model=folder, prompt="passage: ", engine=engine), SENTENCES)  # type: ignore[arg-type]
        wanted = reference.encode(SENTENCES, prompt="passage: ", show_progress_bar=False)  # type: ignore[attr-defined]
        assert cosines(made.vectors, wanted).min() > 0.99999
        assert made.model.dimension == 384 and made.model.max_tokens == 256


def test_a_missing_model_is_one_line_that_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for settings in (SentenceTransformer(model="nobody/no-such-model"), Static(model="nobody/no-such-model")):
        with pytest.raises(ToolkitError, match="allow_download: true") as fault:
            settings.fit(SENTENCES)
        assert "'nobody/no-such-model'" in str(fault.value) and "\n" not in str(fault.value)
    with pytest.raises(ToolkitError, match="no folder"):
        SentenceTransformer(model=str(tmp_path / "none")).fit([])
    with pytest.raises(ToolkitError, match="no revisions"):
        SentenceTransformer(model=str(tmp_path), revision="main").fit([])
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ToolkitError, match="never read"):
        SentenceTransformer(model=str(tmp_path)).identity()
    with pytest.raises(ToolkitError, match="hub id"):
        SentenceTransformer(model="a/b/c").fit([])


def test_a_model_that_the_graph_cannot_draw_says_which_engine_can(tmp_path: Path) -> None:
    import shutil

    folder = shutil.copytree(packaged_folder(), tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    settings = SentenceTransformer(model=str(folder), engine="onnx")
    for change in ({"model_type": "deberta-v2"}, {"hidden_act": "relu"}, {"num_hidden_layers": 7}):
        (folder / "config.json").write_text(json.dumps(config | change))
        with pytest.raises(ToolkitError, match="use engine: torch"):
            settings.fit([]).encode(["a"])
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "model.safetensors").write_bytes(b"\x05" + bytes(7) + b"{nope")
    with pytest.raises(ToolkitError, match="safetensors"):
        settings.fit([]).encode(["b"])


def test_given_vectors_are_checked_and_put_to_unit_length(tmp_path: Path) -> None:
    path = tmp_path / "v.npy"
    rows = np.random.default_rng(0).normal(size=(5, 3)) * 9
    np.save(path, rows)
    made = embed(MiniLM(vectors=str(path)), ["a"] * 5)
    assert np.allclose(np.linalg.norm(made.vectors, axis=1), 1) and np.allclose(
        cosines(made.vectors, rows / np.linalg.norm(rows, axis=1, keepdims=True)), 1
    )
    assert made.model.id == "given" and len(made.model.sha256 or "") == 64
    bad = {
        "5 rows and the corpus 6 units": (rows, 6),
        "not finite": (np.where(np.eye(5, 3), np.nan, rows), 5),
        "all zero": (np.where(np.arange(5)[:, None] == 2, 0, rows), 5),
        r"shape \(5,\)": (rows[:, 0], 5),
        "expected numbers": (rows.astype(str), 5),
        "holds more than numbers; save one array of numbers": (np.array([{}] * 5, dtype=object), 5),
    }
    for words, (array, n) in bad.items():
        np.save(path, array, allow_pickle=True)
        with pytest.raises(ToolkitError, match=words):
            given_vectors(path, n)
    for content in (b"not numpy", b"", b"PK\x03\x04"):
        path.write_bytes(content)
        with pytest.raises(ToolkitError, match=r"v\.npy is no \.npy file; save one array of numbers with numpy\.save$"):
            given_vectors(path, 5)
    with pytest.raises(ToolkitError, match="no file"):
        given_vectors(tmp_path / "none.npy", 5)


def test_language_note_advises_only_where_it_is_due() -> None:
    english = MiniLM.languages
    note = language_note({"zh": 30, "en": 10}, "minilm", english)
    assert note is not None and "30 of 40" in note and "(zh 30)" in note
    assert "method: use" in note and "lsa" in note and "sentence_transformers" in note
    assert language_note({"en": 95, "zh": 5}, "minilm", english) is None
    assert language_note({"zh": 30}, "lsa", None) is None
    assert language_note({}, "minilm", english) is None and language_note({"": 5}, "minilm", english) is None
    assert language_note({"zh": 30, "zh-TW": 5, "de": 9}, "use", Use.languages) is None
    note = language_note({"zh": 30, "fi": 10}, "use", Use.languages)
    assert note is not None and "10 of 40" in note and "(fi 10)" in note and "method: use}" not in note


def test_the_union_reads_every_method_from_a_config() -> None:
    adapter: TypeAdapter[Embedder] = TypeAdapter(Embedder)
    for method, extra in (
        ("minilm", {}),
        ("use", {}),
        ("sentence_transformers", {"model": "a/b"}),
        ("static", {"model": "a/b"}),
        ("lsa", {}),
    ):
        assert adapter.validate_python({"method": method, **extra}).method == method


@pytest.mark.slow
def test_texts_of_every_length_have_the_bytes_that_one_text_a_call_gives() -> None:
    together, alone = (OnnxModel(packaged_folder(), "fp32") for _ in range(2))
    alone.__dict__["together"] = 1
    study = Path(toolkit.__file__).parents[1] / "experiments" / "future_industries" / "corpus"
    words = " ".join(path.read_text(encoding="utf-8") for path in sorted(study.glob("*.md")))
    tokenizer = together.reader.tokenizer
    ids, most = tokenizer.encode(words, add_special_tokens=False).ids, together.reader.limit or 0
    texts = [tokenizer.decode(ids[at * n : at * n + n]) for n in range(1, most + 1) for at in range(3)]
    assert together.together > 1  # else this machine reads one text a call, and there is nothing to compare
    assert np.array_equal(together.rows(texts), alone.rows(texts))
