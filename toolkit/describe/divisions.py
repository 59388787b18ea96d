"""Names for the themes of divisions that were not chosen, by the same labeller as those of the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from toolkit.describe.llm import LlmLabeller
from toolkit.describe.settings import DescribeSettings
from toolkit.schemas import DIVISION_NAMES

if TYPE_CHECKING:
    from toolkit.values import Description, Ints


def division_names(
    settings: DescribeSettings, labels: Ints, described: Callable[[DescribeSettings, Ints], Description]
) -> Any:
    """DIVISION_NAMES of divisions (p, n); `described(settings, assignment)` describes one of them.

    No quotes are chosen. A language model is not asked: instead of its names the default labeller's are given.
    """
    labeller = DescribeSettings().labeller if isinstance(settings.labeller, LlmLabeller) else settings.labeller
    plain = settings.model_copy(update={"labeller": labeller, "exemplars": 0})
    rows = [
        {"division": at, "theme": row["theme"], "label": row["label"]}
        for at, assignment in enumerate(labels)
        for row in described(plain, assignment).themes.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=DIVISION_NAMES)
