"""What every command promises: it explains itself, and a fault of the user's is one line and exit code 2."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from toolkit.cli import main

COMMANDS = sorted(main.commands)
EITHER = {"evaluate": ("--gold", "codes.csv")}
"""Commands that need one of several options, none of which is required by itself."""


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example_and_all_its_options(command: str, flag: str) -> None:
    done = CliRunner().invoke(main, [command, flag])
    assert done.exit_code == 0 and done.output.startswith(f"Usage: main {command}")
    registered = main.commands[command]
    assert registered.help and registered.help.splitlines()[0].endswith(".")
    for option in (one for one in registered.params if isinstance(one, click.Option)):
        assert option.opts[0] in done.output and option.help, option.name


def test_help_of_the_program_lists_every_command() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    assert [name for name in COMMANDS if not re.search(rf"^  {name} ", listed, re.MULTILINE)] == []
    assert "..." not in listed.partition("Commands:")[2], "the short help of a command is cut"


@pytest.mark.parametrize(
    "command", [name for name in COMMANDS if any(one.required for one in main.commands[name].params)]
)
def test_a_command_without_what_it_needs_says_so_in_one_line(command: str) -> None:
    done = CliRunner().invoke(main, [command])
    faults = [line for line in done.output.splitlines() if line.startswith(("Error: ", "toolkit: "))]
    assert done.exit_code == 2 and len(faults) == 1 and "Missing" in faults[0]


@pytest.mark.parametrize(
    "command",
    [name for name in COMMANDS if any(one.name in ("run_folder", "config") for one in main.commands[name].params)],
)
def test_a_file_or_a_run_that_is_not_there_is_one_line_that_names_it(command: str, tmp_path: Path) -> None:
    words = list(EITHER.get(command, ()))
    for one in main.commands[command].params:
        place = str(tmp_path / "gone" if one.name in ("run_folder", "config") else tmp_path / "out")
        if one.required:
            words += (
                [place]
                if isinstance(one, click.Argument)
                else [one.opts[0], "3" if one.type.name == "integer" else place]
            )
    done = CliRunner().invoke(main, [command, *words])
    assert done.exit_code == 2, (done.output, done.exception)
    faults = [line for line in done.output.splitlines() if line.startswith(("Error: ", "toolkit: "))]
    assert len(faults) == 1 and "gone" in faults[0] and "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []
