"""What a study can claim: one class for each kind, named by the key `claim` in the config."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from toolkit.errors import nearest
from toolkit.estimate.tally import ancestors
from toolkit.settings import Settings

REST = "rest"
"""`than: rest`: all other documents that have a value in the column."""
DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"
FORMS = "give a year, month or day, such as 2024, 2024-06 or 2024-06-01"


def _text(value: Any) -> Any:
    """A year or another whole number as text, as groups and dates are."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _date(value: str) -> str:
    """A date of the calendar, whose day or month and day may be left open."""
    parts = value.split("-")
    if not re.match(DATE, value):
        raise ValueError(f"{value!r} is no date; {FORMS}")
    try:
        date.fromisoformat("-".join([*parts, "01", "01"][:3]))
    except ValueError as fault:
        raise ValueError(f"{value!r} is no date ({fault}); {FORMS}") from None
    return value


Name = Annotated[str, BeforeValidator(_text), Field(min_length=1)]
Day = Annotated[str, BeforeValidator(_text), AfterValidator(_date), Field(json_schema_extra={"pattern": DATE})]


class ClaimSettings(Settings):
    """Settings of every claim: its words, the unit that is counted, and its group."""

    says: str | None = Field(None, description="The claim in your own words; a sentence is made if not given.")
    unit: Literal["paragraph", "document"] = Field(
        "paragraph", description="What shares are of: unique paragraphs, or documents with at least one."
    )
    group_by: Name | None = Field(
        None, description="Column of the documents table; speaker, of transcripts; or month, quarter, year of the date."
    )
    group: Name | None = Field(None, description="Value of group_by that the claim is about; all if not given.")

    @model_validator(mode="after")
    def _group_with_its_column(self) -> ClaimSettings:
        if (self.group_by is None) != (self.group is None):
            raise ValueError("group_by and group belong together: the column, and its value that the claim is about")
        return self


class OfCode(ClaimSettings):
    """A claim about one code."""

    code: Name = Field(description="Id of a code; a code with children counts with them.")


class Compared(OfCode):
    """A claim that compares two groups."""

    group_by: Name = Field(
        description="Column of the documents table; speaker, of transcripts; or month, quarter, year of the date."
    )
    group: Name = Field(description="Value of group_by that the claim is about.")
    than: Name = Field(REST, description="The value to compare with; rest: all others that have a value.")

    @model_validator(mode="after")
    def _two_groups(self) -> Compared:
        if self.group == self.than:
            raise ValueError(f"group and than are both {self.group!r}; give two groups, or than: rest")
        return self


class Larger(Compared):
    """The share of a code is larger in one group than in another."""

    claim: Literal["larger"] = "larger"


class Smaller(Compared):
    """The share of a code is smaller in one group than in another."""

    claim: Literal["smaller"] = "smaller"


class OverTime(OfCode):
    """A claim about the share of a code over time."""

    since: Day | None = Field(None, description="First date that counts (2024, 2024-06 or 2024-06-01).")
    until: Day | None = Field(None, description="Last date that counts, the whole of its year or month included.")

    @model_validator(mode="after")
    def _in_order(self) -> OverTime:
        if self.since and self.until and self.until < self.since[: len(self.until)]:
            raise ValueError(f"until {self.until} is before since {self.since}")
        return self

    @property
    def period(self) -> str:
        """What dates count, in words that follow a sentence; empty if all do."""
        if self.since and self.until:
            return f" between {self.since} and {self.until}"
        return "".join(f" {word} {day}" for word, day in (("since", self.since), ("until", self.until)) if day)


class Rose(OverTime):
    """The share of a code rose."""

    claim: Literal["rose"] = "rose"


class Fell(OverTime):
    """The share of a code fell."""

    claim: Literal["fell"] = "fell"


class Changed(OverTime):
    """The share of a code rose or fell."""

    claim: Literal["changed"] = "changed"


class Together(ClaimSettings):
    """Two codes occur together more often than by chance."""

    claim: Literal["together"] = "together"
    codes: tuple[Name, Name] = Field(description="Ids of two codes.")

    @model_validator(mode="after")
    def _two_codes(self) -> Together:
        if self.codes[0] == self.codes[1]:
            raise ValueError(f"codes are both {self.codes[0]!r}; give two different ones")
        return self


class Level(OfCode):
    """A claim that compares the share of a code with a value."""

    share: float = Field(gt=0, lt=1, description="The value, a fraction: 0.1 is 10 %.")


class Above(Level):
    """The share of a code is above a value."""

    claim: Literal["above"] = "above"


class Below(Level):
    """The share of a code is below a value."""

    claim: Literal["below"] = "below"


Claim = Annotated[
    Larger | Smaller | Rose | Fell | Changed | Together | Above | Below, Field(discriminator="claim")
]  # fmt: skip
"""The kinds of claims; `claim` in the config names one."""


def codes_of(claim: Claim) -> tuple[str, ...]:
    """The ids of the codes that a claim is about."""
    if isinstance(claim, Together):
        return claim.codes
    return (claim.code,)


def fault_of_codes(claim: Claim, parents: Mapping[str, str | None]) -> str:
    """Why a codebook cannot serve a claim: a code that it lacks, or two that contain each other; empty if it can.

    `parents`: code -> the code above it, of the codebook; empty without one.
    """
    codes = codes_of(claim)
    if not parents:
        return "there is no codebook, and a claim is about its codes; give codebook.path"
    for code in codes:
        if code not in parents:
            return f"no code has the id {code!r}" + (nearest(code, parents) or f"; there are {', '.join(parents)}")
    for below, above in zip(codes, codes[::-1], strict=True):
        if above in ancestors(below, parents):
            return f"{below!r} is a child of {above!r}, so the two are always together"
    return ""
