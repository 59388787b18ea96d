"""What every manifest says, of a run and of an assignment alike: corpus, stages, models, machine, times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from toolkit.runtime.provenance import environment_record, toolkit_record
from toolkit.study.study import Study


def study_record(study: Study) -> dict[str, Any]:
    """The parts of a manifest that a study gives: toolkit, corpus, seed, stages, environment and models."""
    corpus, model = study.corpus.value, study.embeddings.value.model
    return {
        "toolkit": toolkit_record(),
        "corpus": {
            "sha256": study.files.digest,
            "documents": corpus.documents.num_rows,
            "paragraphs": corpus.paragraphs.num_rows,
        },
        "seed": study.experiment.seed,
        "stages": study.stages.records,
        "environment": environment_record(),
        "models": [
            {"id": model.id, "revision": model.revision, "sha256": model.sha256, "dimension": model.dimension,
             "max_tokens": model.max_tokens, "engine": model.engine}
        ],
    }  # fmt: skip


def now() -> str:
    """The time in UTC to the second (ISO 8601)."""
    return datetime.now(UTC).isoformat(timespec="seconds")
