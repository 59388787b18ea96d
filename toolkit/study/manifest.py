"""The common part of the manifests of runs and assignments: corpus, stages, models, machine, times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from toolkit.run_folder.manifest import CODING, ModelRecord, Record, StageRecord, ToolkitRecord
from toolkit.runtime.provenance import environment_record, toolkit_record
from toolkit.values import Corpus, Embeddings
from toolkit.values import ModelRecord as Model


def record_of(
    corpus: Corpus,
    files_sha256: str,
    embeddings: Embeddings,
    beside: Embeddings | None,
    seed: int,
    stages: Sequence[StageRecord],
) -> Record:
    """The parts of a manifest that what was read, and the stages run so far, give.

    `beside` are the vectors of the second encoder, which reads for codes alone; None if there is none.
    """
    second: list[ModelRecord] = [{**_model(beside.model), "purpose": CODING}] if beside else []
    return {
        "toolkit": cast(ToolkitRecord, toolkit_record()),
        "corpus": {
            "sha256": files_sha256,
            "documents": corpus.documents.num_rows,
            "paragraphs": corpus.paragraphs.num_rows,
        },
        "seed": seed,
        "stages": list(stages),
        "environment": environment_record(),
        "models": [_model(embeddings.model), *(_model(view.model) for view in embeddings.views), *second],
    }


def _model(model: Model) -> ModelRecord:
    return {
        "id": model.id, "revision": model.revision, "sha256": model.sha256, "dimension": model.dimension,
        "max_tokens": model.max_tokens, "engine": model.engine,
    }  # fmt: skip


def now() -> str:
    """The time in UTC to the second (ISO 8601)."""
    return datetime.now(UTC).isoformat(timespec="seconds")
