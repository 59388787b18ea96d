"""Renews the pages that are made from the code: docs/commands.md from --help, docs/config.md from the config's classes.

python docs/generate.py          # writes them
python docs/generate.py --check  # exit 1 if one is out of date
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
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
    context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
    return command.get_help(context).rstrip()


def config() -> str:
    """Every key of the config with type, default and meaning."""
    from toolkit.experiment.experiment import Experiment

    parts = ["# Config keys", "", "Made from the classes by `python docs/generate.py`; do not edit.", ""]
    parts += ["Keys marked *speed* change how fast a result comes and never what it is.", ""]
    parts += list(_block("", Experiment))
    return "\n".join(parts).rstrip() + "\n"


def _block(path: str, model: type[BaseModel]) -> Iterator[str]:
    named = next((key for key in ("method", "claim") if key in model.model_fields), None)
    title = f"`{path}`" if path else "Top level"
    title += f" with `{named}: {model.model_fields[named].default}`" if named and path else ""
    yield f"## {title}\n"
    first = (model.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
    yield " ".join(first.split()) + "\n"
    inner: list[tuple[str, type[BaseModel]]] = []
    yield "| key | default | meaning |\n|---|---|---|"
    for name, field in model.model_fields.items():
        key = field.alias or name
        models = list(_models(field.annotation)) or [m for part in field.metadata for m in _models(part)]
        yield f"| `{key}` | {_default(field, bool(models))} | {_meaning(field)} |"
        inner += [(f"{path}.{key}" if path else key, block) for block in models]
    yield ""
    for where, block in inner:
        yield from _block(where, block)


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
        return "(a block)"
    if field.default is PydanticUndefined:
        return "required" if field.default_factory is None else f"`{field.default_factory()}`"  # type: ignore[call-arg]
    return "none" if field.default is None else f"`{field.default}`".replace("|", "\\|")


def _meaning(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    speed = " *speed*" if isinstance(extra, dict) and extra.get("speed") else ""
    return " ".join((field.description or "").split()).replace("|", "\\|") + speed


PAGES = {"commands.md": commands, "config.md": config}


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
