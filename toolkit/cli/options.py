"""What several commands share: their arguments and options, and how they read and print them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from toolkit.cli.console import Place, page_lines

PLACE = Place()


def offer(name: str) -> Any:
    """What the Tab key offers: a function of `toolkit/commands/completing.py`, which loads when it is needed."""

    def offered(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        from toolkit.commands import completing

        names: list[str] = getattr(completing, name)(incomplete)
        return names

    return offered


def settings(overrides: tuple[str, ...]) -> dict[str, Any]:
    """The settings that `KEY=VALUE` texts change. Raises ConfigError if one has another form."""
    from toolkit.experiment.tree import parse_overrides

    return parse_overrides(overrides)


def names(listed: str | None) -> list[str] | None:
    """The names in a list with commas; None if none was given."""
    return None if listed is None else [name.strip() for name in listed.split(",") if name.strip()]


def say_page(page: Path, is_open: bool, quiet: bool = False) -> None:
    """Print the address of a page on stderr and open it in a browser if asked for; a line if there is no page."""
    if page.suffix == ".html" and page.is_file():
        page_lines(page, is_open, quiet)
    elif is_open:
        click.echo(f"nothing to open: {page.parent} has no page (report.formats without html)", err=True)


def echo_json(tree: Any) -> None:
    """Print a value as JSON, keys sorted."""
    import json

    click.echo(json.dumps(tree, indent=1, ensure_ascii=False, sort_keys=True))


def _pairs(ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """`KEY=VALUE` each, or the fault, which comes before that of a word too many."""
    if any("=" not in text for text in texts):
        settings(texts)
    return texts


CONFIG = click.argument("config", type=PLACE, shell_complete=offer("config_files"))
RUN = click.argument("run_folder", metavar="RUN", type=PLACE, shell_complete=offer("run_folders"))
OPEN = click.option("--open", "is_open", is_flag=True, help="Open the page in a browser.")
SET = click.option(
    "--set", "overrides", metavar="KEY=VALUE", multiple=True, callback=_pairs, help="Change one setting; repeatable."
)
CORPUS = click.option("--corpus", metavar="PATH", type=PLACE, help="Other documents, same config.")
