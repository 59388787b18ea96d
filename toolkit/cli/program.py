"""The program `toolkit`: its commands in the order in which one needs them."""

from __future__ import annotations

import click

from toolkit import __version__
from toolkit.cli import finished, people, studies
from toolkit.cli.console import Group

COMMANDS = (
    studies.init, studies.check, studies.run, finished.report, finished.verify, finished.compare, people.sample,
    people.evaluate, people.curate, finished.assign, finished.search, finished.export, studies.list_, studies.cache,
    studies.schema,
)  # fmt: skip


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="toolkit")
def main() -> None:
    """Themes in a corpus, with the evidence for them.

    \b
    Start:      toolkit init my_study && cd my_study && toolkit run study.yaml
    Own texts:  toolkit check study.yaml --corpus my_articles/
    """


for _command in COMMANDS:
    main.add_command(_command)
