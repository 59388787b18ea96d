"""Themes in a corpus, with the evidence for them.

>>> import toolkit
>>> run = toolkit.run("configs/future_industries.yaml")  # doctest: +SKIP
>>> run.themes  # doctest: +SKIP
>>> toolkit.run(["a text", "another text"])  # doctest: +SKIP

Importing this package loads no model library and no pandas; they load when they are first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.version import __version__

if TYPE_CHECKING:
    from toolkit.assignment.assign import assign as assign
    from toolkit.coders.evaluate import evaluate as evaluate
    from toolkit.coders.sample import sample as sample
    from toolkit.pipeline import run as run
    from toolkit.runs import Run as Run
    from toolkit.runs import load_run as load_run

__all__ = ["Run", "__version__", "assign", "evaluate", "load_run", "run", "sample"]


def __dir__() -> list[str]:
    """The public names, for tab completion; each name is imported on first use."""
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    if name == "run":
        from toolkit.pipeline import run

        return run
    if name == "assign":
        from toolkit.assignment.assign import assign

        return assign
    if name == "evaluate":
        from toolkit.coders.evaluate import evaluate

        return evaluate
    if name == "sample":
        from toolkit.coders.sample import sample

        return sample
    if name in {"load_run", "Run"}:
        from toolkit import runs

        return getattr(runs, name)
    raise AttributeError(f"module 'toolkit' has no attribute {name!r}")
