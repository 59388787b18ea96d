"""Adds a decision to a log, and takes one out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from toolkit.decisions.log import Decision, Log, named
from toolkit.decisions.reading import checked
from toolkit.errors import ConfigError


def add(log: Log, decision: Decision | Mapping[str, Any]) -> Log:
    """The log with one decision more at its end; merges and splits without `as` are given keys for what they make.

    `decision` may be a mapping as it would be written in the file.

    Raises: ConfigError with every fault of the decision, as `read_log` does.
    """
    tree = decision.plain() if isinstance(decision, Decision) else dict(decision)
    plain = named(log).plain()
    return named(checked({**plain, "decisions": [*plain["decisions"], tree]}))


def undo(log: Log, line: int) -> Log:
    """The log without decision number `line` (from 1) and without those that need a theme which it makes.

    Raises: ConfigError if the log has no such decision.
    """
    if not 1 <= line <= len(log.decisions):
        raise ConfigError([f"decision {line}: there is none; the log's last is {len(log.decisions)}, counted from 1"])
    log = named(log)
    gone, kept = {*log.decisions[line - 1].names}, []
    for number, decision in enumerate(log.decisions, 1):
        if number == line or gone & {*decision.meant}:
            gone |= {*decision.names}
        else:
            kept.append(decision)
    return replace(log, decisions=tuple(kept))
