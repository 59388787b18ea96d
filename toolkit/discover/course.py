"""How far a discovery is: its parts with the work that each is expected to take, as one progress."""

from __future__ import annotations

from math import ceil

from toolkit.values import Tick

TRIAL_WORK, VOTE_WORK, SHUFFLE_WORK, REDRAW_WORK, MAP_WORK, DIVISION_WORK = 1.0, 0.1, 1.7, 0.4, 6.0, 0.12
"""Work a row, in that of a refit at every resolution: that refit, one at a single resolution, a shuffled corpus, refits
drawn again, map with hierarchy (measured on 50, 400 and 2,000 texts, experiments/LOG.md), and one at the resolutions of
the divisions beside the chosen one."""


class Course:
    """The parts of a piece of work, by name, each with the work expected of it (rows gone through).

    Every tick is passed on as (work done, all work). What turns out not to be needed leaves the total, so that the time
    left is told by the work that is left. It never touches results.
    """

    def __init__(self, tick: Tick, **work: float) -> None:
        self._tick, self._work = tick, dict(work)
        self._done = dict.fromkeys(work, 0.0)

    def share(self, name: str) -> Tick:
        """The tick of a part that counts something of its own, such as refits."""

        def tick(done: int, total: int) -> None:
            self._to(name, self._work[name] * min(1.0, done / max(total, 1)))

        return tick

    def whole(self, name: str) -> Tick:
        """The tick of a part that counts work as this course does, and knows better how much there is."""

        def tick(done: int, total: int) -> None:
            self._work[name] = float(total)
            self._to(name, float(done))

        return tick

    def over(self, name: str) -> None:
        """A part is done, whether it has ticked or not."""
        self._to(name, self._work[name])

    def drop(self, name: str) -> None:
        """The rest of a part is not needed."""
        self._work[name] = self._done[name]
        self._say()

    def _to(self, name: str, done: float) -> None:
        self._done[name] = max(self._done[name], done)
        self._say()

    def _say(self) -> None:
        self._tick(int(sum(self._done.values())), ceil(sum(self._work.values())))
