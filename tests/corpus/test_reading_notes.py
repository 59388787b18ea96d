"""What models and keywords read differs from the quotes only with a note, and the config can turn it off."""

from __future__ import annotations

from pathlib import Path

from tests.corpus_kit import built, document
from toolkit.corpus import CorpusSettings, corpus_files
from toolkit.errors import CorpusError
from toolkit.experiment.experiment import Experiment
from toolkit.runtime.progress import Progress
from toolkit.store.stage import Stages
from toolkit.study.reading import Reading

CASES = Path(__file__).parents[1] / "data" / "cases"
