"""Renews the pages of docs/reference that are made: commands.md from --help, config.md from the config's classes,
tables.md from tables.yaml, which tests compare with the tables of real runs.

python docs/generate.py          # writes them
python docs/generate.py --check  # exit 1 if one is out of date
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

DOCS = Path(__file__).resolve().parent


def commands() -> str:
    """Every command's help page."""
    from toolkit.cli import main

    parts = ["# Commands", "", "Made from `--help` by `python docs/generate.py`; do not edit.", ""]
    parts += ["## toolkit", "", "```text", _help(main, "toolkit"), "```", ""]
    for name, command in main.commands.items():
        parts += [f"## toolkit {name}", "", "```text", _help(command, f"toolkit {name}"), "```", ""]
    return "\n".join(parts)


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, max_content_width=88, terminal_width=88)
    return command.get_help(context).rstrip()


def config() -> str:
    """Every key of the config with type, default and meaning."""
    from toolkit.experiment.experiment import Experiment

    parts = ["# Config keys", "", "Made from the classes by `python docs/generate.py`; do not edit.", ""]
    parts += ["Keys marked *speed* change how fast a result comes and never what it is.", ""]
    parts += list(_block("", Experiment))
    return "\n".join(parts).rstrip() + "\n"


def _block(path: str, model: type[BaseModel]) -> Iterator[str]:
    named = _named([model])
    title = f"`{path}`" if path else "Top level"
    title += f" with `{named}: {model.model_fields[named].default}`" if named and path else ""
    yield f"## {title}\n"
    yield _first(model) + "\n"
    inner: list[tuple[str, type[BaseModel]]] = []
    yield "| key | default | meaning |\n|---|---|---|"
    for name, field in model.model_fields.items():
        key = field.alias or name
        models = list(_models(field.annotation)) or [m for part in field.metadata for m in _models(part)]
        meaning = _meaning(field) or _first_words(models, _named(models))
        yield f"| `{key}` | {_default(field, bool(models))} | {meaning} |"
        inner += [(f"{path}.{key}" if path else key, block) for block in models]
    yield ""
    for where, block in inner:
        yield from _block(where, block)


def _named(models: Sequence[type[BaseModel]]) -> str | None:
    """The key that tells blocks of one place apart: `method` or `claim`; null if there is none."""
    return next((key for key in ("method", "claim") if models and key in models[0].model_fields), None)


def _first(model: type[BaseModel]) -> str:
    """The first paragraph of a class's docstring, on one line."""
    return " ".join((model.__doc__ or "").strip().split("\n\n")[0].split())


def _first_words(models: Sequence[type[BaseModel]], named: str | None) -> str:
    """What a block without a description is: the choice that it gives, or its class in its own words."""
    if not models or named is None:
        return _first(models[0]).replace("|", "\\|") if models else ""
    return f"`{named}` is one of " + ", ".join(f"`{model.model_fields[named].default}`" for model in models) + "."


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from _models(get_args(annotation)[0])
    else:
        for part in get_args(annotation):
            yield from _models(part)


def _default(field: FieldInfo, is_block: bool) -> str:
    if is_block:
        return "a block"
    if field.default is PydanticUndefined:
        return "required" if field.default_factory is None else f"`{field.default_factory()}`"  # type: ignore[call-arg]
    return "none" if field.default is None else f"`{field.default}`".replace("|", "\\|")


def _meaning(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    speed = " *speed*" if isinstance(extra, dict) and extra.get("speed") else ""
    return " ".join((field.description or "").split()).replace("|", "\\|") + speed


def tables() -> str:
    """Every table of a run folder, with type and meaning of each column."""
    from toolkit.files import yaml12

    described = yaml12.read(DOCS / "reference" / "tables.yaml").value
    parts = [
        "# Tables",
        "",
        "Made from `tables.yaml` by `python docs/generate.py`; do not edit. A test compares every name and type",
    ]
    parts += [
        "with the tables of real runs. Each table is in the run folder as `tables/NAME.parquet` and `tables/NAME.csv`;",
        "",
    ]
    parts[-2] += ' from Python it is `run.frame("NAME")`.'
    parts += [
        "Rules that hold for several tables (spans, copies, denominators, intervals): [run folder](run-folder.md).",
        "",
    ]
    for name, table in described.items():
        parts += [
            f"## {name.rstrip('?')}",
            "",
            f"A row is {table['row']}.",
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        ]
        parts += [_column(column, *about) for column, about in table["columns"].items()] + [""]
    return "\n".join(parts).rstrip() + "\n"


def _column(name: str, kind: str, meaning: str) -> str:
    shown = "further columns" if name == "*" else f"`{name.rstrip('?')}`"
    return f"| {shown} | {kind} | {meaning} |"


PAGES = {"reference/commands.md": commands, "reference/config.md": config, "reference/tables.md": tables}


def main() -> int:
    """Write the pages, or check them."""
    stale = [name for name, make in PAGES.items() if _renew(DOCS / name, make(), "--check" in sys.argv)]
    for name in stale:
        print(f"docs/{name}: " + ("out of date; run python docs/generate.py" if "--check" in sys.argv else "written"))
    return 1 if stale and "--check" in sys.argv else 0


def _renew(path: Path, text: str, check: bool) -> bool:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    if not check:
        path.write_text(text, encoding="utf-8", newline="\n")
    return True


if __name__ == "__main__":
    sys.exit(main())
