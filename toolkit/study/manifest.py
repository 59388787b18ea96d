"""What every manifest says, of a run and of an assignment alike: corpus, stages, models, machine, times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from toolkit.run_folder.manifest import Record, ToolkitRecord
from toolkit.runtime.provenance import environment_record, toolkit_record
from toolkit.study.reading import Reading


def record_of(reading: Reading) -> Record:
    """The parts of a manifest that what was read, and the stages run so far, give."""
    corpus, model = reading.corpus.value, reading.embeddings.value.model
    return {
        "toolkit": cast(ToolkitRecord, toolkit_record()),
        "corpus": {
            "sha256": reading.files.digest,
            "documents": corpus.documents.num_rows,
            "paragraphs": corpus.paragraphs.num_rows,
        },
        "seed": reading.experiment.seed,
        "stages": reading.stages.records,
        "environment": environment_record(),
        "models": [
            {"id": model.id, "revision": model.revision, "sha256": model.sha256, "dimension": model.dimension,
             "max_tokens": model.max_tokens, "engine": model.engine}
        ],
    }  # fmt: skip


def now() -> str:
    """The time in UTC to the second (ISO 8601)."""
    return datetime.now(UTC).isoformat(timespec="seconds")
