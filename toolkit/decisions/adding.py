"""Adds a decision to a log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.decisions.log import Decision, Log, named
from toolkit.decisions.reading import checked


def add(log: Log, decision: Decision | Mapping[str, Any]) -> Log:
    """The log with one decision more at its end; merges and splits without `as` are given keys for what they make.

    `decision` may be a mapping as it would be written in the file.

    Raises: ConfigError with every fault of the decision, as `read_log` does.
    """
    tree = decision.plain() if isinstance(decision, Decision) else dict(decision)
    plain = named(log).plain()
    return named(checked({**plain, "decisions": [*plain["decisions"], tree]}))
