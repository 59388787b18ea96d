"""Names for the themes of the divisions that were not chosen, by the labeller of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from toolkit.describe.llm import LlmLabeller
from toolkit.describe.settings import DescribeSettings
from toolkit.schemas import DIVISION_NAMES, LEVELS

if TYPE_CHECKING:
    from toolkit.describe.passages import Passages
    from toolkit.values import Floats, Ints, Table


def division_names(settings: DescribeSettings, passages: Passages, labels: Ints, strength: Floats) -> Table:
    """DIVISION_NAMES of divisions `labels` (p, n) of the n passages with `strength` (n,).

    No quotes are chosen. Names are those of the default labeller if the run uses a language model.
    """
    from toolkit.describe.describing import described

    labeller = DescribeSettings().labeller if isinstance(settings.labeller, LlmLabeller) else settings.labeller
    plain = settings.model_copy(update={"labeller": labeller, "exemplars": 0})
    rows = [
        {"division": at, "theme": row["theme"], "label": row["label"]}
        for at, assignment in enumerate(labels)
        for row in described(plain, passages, assignment, strength, LEVELS.empty_table()).themes.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=DIVISION_NAMES)
