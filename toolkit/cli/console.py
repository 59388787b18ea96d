"""The answers of the command line to faults of the user, misspelt commands, Ctrl-C and closed pipes."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click

from toolkit.cli.terminal import safe_terminal
from toolkit.errors import ToolkitError, nearest

MEANT = {
    "--clear": "--prune", "--delete": "--prune", "--empty": "--prune", "--output": "--out", "-o": "--out",
    "-out": "--out", "--force": "--replace", "--overwrite": "--replace", "--config": "--set", "--texts": "--corpus",
    "--silent": "--quiet", "-q": "--quiet", "--browser": "--open", "--no-cache": "--fresh",
}  # fmt: skip
"""Options that other programs have -> those of the same meaning here."""

SETTINGS = {
    "--codebook": "codebook.path=FILE", "--decisions": "decisions=FILE", "--metadata": "corpus.metadata=FILE",
    "--name": "name=my_study", "--seed": "seed=1", "--themes": "discover.themes=12",
}  # fmt: skip
"""Options that the program does not have -> the settings that do the same with --set."""


class Place(click.Path):
    """A path that is not empty: click would read an empty one as the working folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Raises BadParameter if it is empty."""
        if isinstance(value, str) and not value.strip():
            self.fail("is empty; give a path", param, ctx)
        return super().convert(value, param, ctx)


class Group(click.Group):
    """Turns faults of the user's into lines on stderr and exit code 2; anything else is a bug and keeps its trace."""

    def main(self, *args: Any, **settings: Any) -> Any:
        """As click; no control character of a text or a name reaches a terminal."""
        with safe_terminal():
            return super().main(*args, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; on a fault of the user's print its lines and exit with 2."""
        try:
            return super().invoke(ctx)
        except ToolkitError as fault:
            for line in str(fault).splitlines() or [type(fault).__name__]:
                click.echo(f"toolkit: {line}", err=True)
            ctx.exit(fault.exit_code)
        except click.UsageError as fault:
            click.echo(f"toolkit: {usage_line(fault)}", err=True)
            ctx.exit(fault.exit_code)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except KeyboardInterrupt:
            click.echo("toolkit: stopped; finished stages are kept, so the same command goes on from there", err=True)
            ctx.exit(130)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click; an option that the program does not have is answered in one line."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as fault:
            near = nearest(fault.option_name, _options(self)) or f"; there are the commands {', '.join(self.commands)}"
            click.echo(f"toolkit: no option {fault.option_name!r}{near}; see toolkit --help", err=True)
            ctx.exit(fault.exit_code)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """As click, with the nearest command named for a misspelt one."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            names = self.list_commands(ctx)
            near = nearest(args[0], names) or f"; there are {', '.join(names)}"
            raise click.UsageError(f"no command {args[0]!r}{near}; see toolkit --help", ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which one needs them."""
        return list(self.commands)


def usage_line(fault: click.UsageError) -> str:
    """What is wrong with the words of a command, and what to type, in one line."""
    ctx = fault.ctx
    if ctx is None or ctx.parent is None:
        return fault.format_message()
    name = ctx.info_name or ""
    if isinstance(fault, click.NoSuchOption):
        return f"{name}: {_no_option(fault.option_name, ctx.command)}; see toolkit {name} --help"
    if isinstance(fault, click.MissingParameter):
        return f"{name}: {fault.format_message().rstrip('.')}{_example(ctx.command)}"
    message = fault.format_message().rstrip(".")
    if "unexpected extra argument" in message:
        return f"{name}: {_extra(message, ctx.command)}; see toolkit {name} --help"
    param = fault.param if isinstance(fault, click.BadParameter) else None
    if param is not None and isinstance(param.type, click.Choice):
        value = re.search(r": '([^']*)' is not one of", message)
        message += nearest(value[1], map(str, param.type.choices)) if value else ""
    return f"{name}: {message}"


def _options(command: click.Command) -> list[str]:
    return [option for param in command.params if isinstance(param, click.Option) for option in param.opts]


def _no_option(name: str, command: click.Command) -> str:
    names = _options(command)
    meant = MEANT.get(name)
    if name in SETTINGS and "--set" in names:
        return f"no option {name!r} (did you mean '--set {SETTINGS[name]}'?)"
    near = f" (did you mean {meant!r}?)" if meant in names else nearest(name, names)
    return f"no option {name!r}{near}" + ("" if near else f"; there {_are(names)}")


def _are(names: list[str]) -> str:
    return "is none" if not names else f"{'is' if len(names) == 1 else 'are'} {', '.join(names)}"


def _extra(message: str, command: click.Command) -> str:
    """One word too many, with what it may have been meant as."""
    words = message.partition("(")[2].rstrip(")")
    unexpected = f"unexpected {'word' if ' ' not in words else 'words'} {words!r}"
    names = _options(command)
    for word in words.split():
        near = MEANT.get(f"--{word}") or f"--{word}"
        if near in names:
            return f"{unexpected} (did you mean {near!r}?)"
    if any(isinstance(param, click.Argument) and param.name == "query" for param in command.params):
        return f"{unexpected}; put words with blanks between them in quotes"
    if "--corpus" in names:
        return f"{unexpected}; other documents are given with --corpus"
    return unexpected


def _example(command: click.Command) -> str:
    """The first example of a command's help."""
    match = re.search(r"Examples?:\s+(toolkit [^\n]+)", command.help or "")
    return f"; for example: {match[1].strip()}" if match else ""


def page_lines(page: Path, is_open: bool, quiet: bool = False) -> None:
    """Print a page's address on stderr, unless quiet, and open it in a browser if that was asked for."""
    address = page.absolute().as_uri()
    if not quiet:
        click.echo(f"page: {address}", err=True)
    if is_open and not _opened(address):
        click.echo(f"no browser can be opened here; open {address} yourself", err=True)


def _opened(address: str) -> bool:
    """Whether a browser with a window of its own opened the address; one in the terminal is not tried."""
    import os
    import webbrowser

    window = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    if sys.platform.startswith("linux") and not window:
        return False
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
