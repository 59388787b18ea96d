"""The progress of a discovery: its parts, each with its expected work, as one count."""

from __future__ import annotations

from math import ceil

from toolkit.values import Tick

TRIAL_WORK, VOTE_WORK, SHUFFLE_WORK, REDRAW_WORK, MAP_WORK, DIVISION_WORK = 1.0, 0.1, 1.7, 0.4, 6.0, 0.12
"""Work per row, in units of a refit at every resolution: that refit, a refit at a single resolution, a shuffled corpus,
resampled refits, map with hierarchy, and a refit at the resolutions of the other divisions. Measured on 50, 400 and
2,000 texts (experiments/LOG.md)."""


class Course:
    """The named parts of a computation, each with its expected work (rows processed).

    Every tick is passed on as (work done, total work). Work that turns out to be unnecessary is taken off the total, so
    that the remaining time depends on the remaining work. Results never depend on it.
    """

    def __init__(self, tick: Tick, **work: float) -> None:
        self._tick, self._work = tick, dict(work)
        self._done = dict.fromkeys(work, 0.0)

    def share(self, name: str) -> Tick:
        """The tick of a part that counts something else than rows, such as refits."""

        def tick(done: int, total: int) -> None:
            self._to(name, self._work[name] * min(1.0, done / max(total, 1)))

        return tick

    def whole(self, name: str) -> Tick:
        """The tick of a part that counts rows, as this course does, and that knows its total work better."""

        def tick(done: int, total: int) -> None:
            self._work[name] = float(total)
            self._to(name, float(done))

        return tick

    def over(self, name: str) -> None:
        """Count a part as done, whether or not it has ticked."""
        self._to(name, self._work[name])

    def drop(self, name: str) -> None:
        """Take the rest of a part off the total."""
        self._work[name] = self._done[name]
        self._say()

    def _to(self, name: str, done: float) -> None:
        self._done[name] = max(self._done[name], done)
        self._say()

    def _say(self) -> None:
        self._tick(int(sum(self._done.values())), ceil(sum(self._work.values())))
