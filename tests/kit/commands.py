"""The `toolkit` command for tests: within this process, which is fast, or in one of its own, as a shell starts it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from toolkit.cli import main


@dataclass(frozen=True)
class Answer:
    """What a command printed and the code it ended with."""

    returncode: int
    stdout: str
    stderr: str


def command(*words: str | Path, cwd: Path) -> Answer:
    """Run `toolkit WORDS` in this process, in a folder; a bug in it is raised with its trace."""
    with contextlib.chdir(cwd):
        done = CliRunner().invoke(main, [str(word) for word in words], prog_name="toolkit", catch_exceptions=False)
    return Answer(done.exit_code, done.stdout, done.stderr)


def process(*words: str | Path, cwd: Path, **environment: str) -> Answer:
    """Run `toolkit WORDS` in a process of its own, in a folder, with further environment variables."""
    line = [sys.executable, "-m", "toolkit", *map(str, words)]
    done = subprocess.run(
        line, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300, check=False
    )
    return Answer(done.returncode, done.stdout, done.stderr)
