"""The base of every config block, and the blocks that belong to no stage.

A block is a frozen pydantic model: unknown keys are errors, ranges are declared on the fields, and defaults are defined
only here. A field made with `speed_field` changes the speed of a result but never its value; `canonical` omits such
fields, so they never reach a store key, the report or `experiment.sha256`.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo


class Settings(BaseModel):
    """One block of a config: frozen, strict about unknown keys."""

    libraries: ClassVar[tuple[str, ...]] = ()
    """Distributions that compute the block's results: their versions are part of the stage's key."""
    works: ClassVar[tuple[str, ...]] = ()
    """Keys of the works that the block's method cites for all of its settings (report.references)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True, defer_build=True)


def speed_field(default: Any, *, description: str, **limits: Any) -> Any:
    """A setting that changes speed and not results (batch size, workers, device)."""
    return Field(default, description=description, json_schema_extra={"speed": True}, **limits)


def is_speed(field: FieldInfo) -> bool:
    """Whether a field was declared with `speed_field`."""
    extra = field.json_schema_extra
    return isinstance(extra, dict) and extra.get("speed") is True


def canonical(block: Settings) -> dict[str, Any]:
    """A block as plain JSON values without its speed settings, nested blocks included."""
    plain: dict[str, Any] = {}
    for name, field in type(block).model_fields.items():
        if is_speed(field):
            continue
        plain[field.alias or name] = _plain(getattr(block, name))
    return plain


def libraries_of(block: Settings) -> tuple[str, ...]:
    """The distributions that do the work of a block and of the blocks in it, sorted."""
    libraries = {*block.libraries}
    for name in type(block).model_fields:
        inner = getattr(block, name)
        libraries |= {*libraries_of(inner)} if isinstance(inner, Settings) else set()
    return tuple(sorted(libraries))


def speed_settings(block: Settings, under: str = "") -> dict[str, Any]:
    """Dotted key -> value of the speed settings that are not as by default, nested blocks included."""
    values: dict[str, Any] = {}
    for name, field in type(block).model_fields.items():
        key, value = f"{under}{field.alias or name}", getattr(block, name)
        if isinstance(value, Settings):
            values |= speed_settings(value, f"{key}.")
        elif is_speed(field) and value != field.default:
            values[key] = value
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, Settings):
        return canonical(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def digest_of(plain: Any) -> str:
    """The sha256 (hex) of JSON values in one fixed spelling: sorted keys, no blanks, UTF-8."""
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class ReportSettings(Settings):
    """What the report is made of and how much of the corpus it may show."""

    formats: tuple[Literal["html", "md", "pdf"], ...] = Field(
        ("html", "md"), min_length=1, description="Which reports to write."
    )
    text: Literal["full", "snippet", "none"] = Field(
        "full", description="How much corpus text the report shows: all, 30 words a quote, or none."
    )
    full: bool = Field(
        False, description="Whether report.md and report.pdf have an appendix with all that report.html folds."
    )
    title: str | None = Field(None, description="Title of the report; the experiment's name if not given.")
    author: str | None = Field(None, description="Named on the report as its author.")


class ParallelSettings(Settings):
    """Where work runs. None of it changes results."""

    backend: Literal["local", "dask"] = speed_field("local", description="Worker processes here, or a Dask cluster.")
    address: str | None = speed_field(None, description="Address of the Dask scheduler (backend: dask).")
    workers: int | None = speed_field(None, ge=1, description="Worker processes; all cores if not given.")
