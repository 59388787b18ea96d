"""Engines and CPUs: float32 by default, 8-bit integers by name, with fewer bits on a CPU without VNNI."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from toolkit.embed import MiniLM, onnx_model, vector_store
from toolkit.errors import ToolkitError


def on_a_cpu(monkeypatch: pytest.MonkeyPatch, vnni: bool) -> None:
    """Let this machine count as one with or without VNNI."""
    features = "x86_64 avx2 fma" + (" avx_vnni" if vnni else "")
    monkeypatch.setattr(onnx_model, "machine", lambda: features)


@pytest.mark.parametrize(("vnni", "bits"), [(True, 8), (False, 7)])
def test_float32_is_the_default_on_every_cpu_and_int8_rounds_by_the_cpu(
    vnni: bool, bits: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    on_a_cpu(monkeypatch, vnni)
    assert MiniLM().fit().record.engine.startswith("onnxruntime fp32")
    assert MiniLM(engine="onnx-int8").fit().record.engine.startswith("onnxruntime int8")
    assert onnx_model.weight_bits() == bits
    other = vector_store(MiniLM(engine="onnx-int8"), tmp_path)
    assert other.key != vector_store(MiniLM(), tmp_path).key  # type: ignore[union-attr]


def test_a_worker_whose_cpu_rounds_otherwise_is_a_fault_for_int8_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_cpu(monkeypatch, vnni=True)
    sent = {engine: pickle.dumps(MiniLM(engine=engine).fit().model) for engine in ("onnx", "onnx-int8")}  # type: ignore[arg-type]
    on_a_cpu(monkeypatch, vnni=False)
    assert pickle.loads(sent["onnx"]).precision == "fp32"
    with pytest.raises(ToolkitError, match="weights of 7 bits and that of the run 8"):
        pickle.loads(sent["onnx-int8"])
