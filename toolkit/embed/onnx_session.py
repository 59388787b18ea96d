"""Opens an ONNX Runtime session over a graph: one thread, no fusing, arrays memory-mapped."""

from __future__ import annotations

from typing import Any

from toolkit.embed.onnx_graph import Drawn


def open_session(drawn: Drawn) -> Any:
    """The onnxruntime.InferenceSession of a graph; `drawn` must live as long as it is used."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 3
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in drawn.arrays.values()]
    options.add_external_initializers(list(drawn.arrays), values)
    return onnxruntime.InferenceSession(drawn.graph, options, providers=["CPUExecutionProvider"])
