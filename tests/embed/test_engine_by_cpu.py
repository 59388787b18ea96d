"""`engine: auto` takes the engine by the CPU, says which and why, and leaves config and stored vectors as they are."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from toolkit.embed import MiniLM, embed, load_encoder, onnx_model, transformer, vector_store
from toolkit.errors import ToolkitError
from toolkit.settings import canonical, digest_of

TEXTS = ["The harbour froze in March.", "Loans to makers of wafers grew."]


def on_a_cpu(monkeypatch: pytest.MonkeyPatch, vnni: bool) -> None:
    """Let this machine count as one with or without VNNI."""
    features = "x86_64 avx2 fma" + (" avx_vnni" if vnni else "")
    monkeypatch.setattr(onnx_model, "machine", lambda: features)
    monkeypatch.setattr(transformer, "INT8_BY_ITSELF", True)


@pytest.mark.parametrize(("vnni", "engine", "bits"), [(True, "onnx-int8", 8), (False, "onnx", 7)])
def test_auto_is_int8_with_vnni_and_float32_without(
    vnni: bool, engine: str, bits: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    digest = digest_of(canonical(MiniLM()))
    on_a_cpu(monkeypatch, vnni)
    record = MiniLM().fit().record.engine
    assert record.startswith("onnxruntime int8" if vnni else "onnxruntime fp32")
    assert record.endswith("as this CPU has VNNI" if vnni else "as this CPU has no VNNI")
    named = MiniLM(engine=engine)  # type: ignore[arg-type]
    assert "VNNI" not in named.fit().record.engine
    assert MiniLM().identity() == named.identity() and MiniLM().tokens_per_second == named.tokens_per_second
    assert onnx_model.weight_bits() == bits
    assert digest_of(canonical(MiniLM())) == digest and canonical(MiniLM())["engine"] == "auto"
    other = MiniLM(engine="onnx" if vnni else "onnx-int8")
    assert vector_store(other, tmp_path).key != vector_store(MiniLM(), tmp_path).key  # type: ignore[union-attr]


def test_new_texts_are_read_by_the_engine_of_the_run_on_a_cpu_where_auto_takes_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    on_a_cpu(monkeypatch, vnni=False)
    run = MiniLM().fit()
    run.save(tmp_path)
    assert load_encoder(tmp_path).record == run.record
    on_a_cpu(monkeypatch, vnni=True)
    assert MiniLM().fit().record.engine.startswith("onnxruntime int8")
    again = load_encoder(tmp_path)
    assert again.record.engine == "onnxruntime fp32, texts of equal length a call, graph 3"
    assert np.array_equal(again.encode(TEXTS), run.encode(TEXTS))


def test_the_run_says_which_engine_read_its_texts_and_why() -> None:
    made = embed(MiniLM(), TEXTS)
    assert made.model.engine.endswith(transformer.engine_reason())


def test_a_worker_whose_cpu_rounds_otherwise_is_a_fault_for_int8_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_cpu(monkeypatch, vnni=True)
    sent = {engine: pickle.dumps(MiniLM(engine=engine).fit().model) for engine in ("onnx", "onnx-int8")}  # type: ignore[arg-type]
    on_a_cpu(monkeypatch, vnni=False)
    assert pickle.loads(sent["onnx"]).precision == "fp32"
    with pytest.raises(ToolkitError, match="weights of 7 bits and that of the run 8"):
        pickle.loads(sent["onnx-int8"])
