"""Commands on a study and on what runs it: init, check, run, list, schema, cache."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli.options import CONFIG, CORPUS, OPEN, PLACE, SET, offer, say_page, settings


@click.command(short_help="Write a starter study that runs as it is.")
@click.argument("folder", metavar="DIR", type=PLACE)
def init(folder: Path) -> None:
    """Write a commented starter study that runs as it is: a town's made-up debate about a tram.

    \b
    Example:  toolkit init my_study
    """
    from toolkit.commands.init import next_lines, write_starter, written_lines

    write_starter(folder)
    for line in (*written_lines(folder), "", "Next:", *next_lines(folder)):
        click.echo(line)


@click.command(short_help="Check config and corpus; run nothing.")
@CONFIG
@CORPUS
@SET
def check(config: Path, corpus: Path | None, overrides: tuple[str, ...]) -> None:
    """Validate config, codebook and corpus; say what would run and what it would take. Runs nothing.

    \b
    Example:  toolkit check configs/future_industries.yaml
    """
    from toolkit.commands.check import check_lines

    for line in check_lines(config, corpus, settings(overrides)):
        click.echo(line)


@click.command(short_help="Run a study and write its run folder.")
@CONFIG
@CORPUS
@SET
@click.option("--out", metavar="DIR", type=PLACE, help="Run folder  [default: runs/NAME-DIGITS]")
@click.option("--replace", is_flag=True, help="Replace a different finished run in the run folder.")
@click.option("--fresh", is_flag=True, help="Ignore finished stages in the store.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@OPEN
def run(
    config: Path, corpus: Path | None, overrides: tuple[str, ...], out: Path | None, quiet: bool, is_open: bool,
    **options: bool,
) -> None:  # fmt: skip
    """Run an experiment; the run folder's path is the last line on stdout, its page's address on stderr.

    DIGITS are of experiment and corpus together. A folder with the same run, by the same code, is brought up to
    date; any other finished run there is refused without --replace, and anything else always.

    \b
    Examples:  toolkit run configs/future_industries.yaml
               toolkit run study.yaml --corpus more/ --set discover.themes=12 --out runs/twelve --open
    """
    from toolkit.pipeline import run as run_experiment
    from toolkit.run_folder.decided import conflict_line
    from toolkit.runtime.progress import Progress

    done = run_experiment(config, corpus, settings(overrides), out, progress=Progress(quiet=quiet), **options)
    conflicts = conflict_line(done.table("decisions").to_pylist()) if quiet else ""  # no news of progress: they stay
    if conflicts:
        click.echo(conflicts, err=True)
    say_page(done.path / "report.html", is_open, quiet)
    click.echo(done.path)


@click.command("list", short_help="List embedders, clusterers, metrics, runs and others.")
@click.argument("what", required=False, shell_complete=offer("kinds"))
def list_(what: str | None) -> None:
    """List embedders, reducers, clusterers, labellers, metrics or runs, one line each.

    \b
    Example:  toolkit list clusterers
    """
    from toolkit.commands.listing import catalogue_lines

    for line in catalogue_lines(what):
        click.echo(line)


@click.command(short_help="Show the size of the store, or empty it.")
@click.option("--prune", is_flag=True, help="Remove all finished stages and stored vectors.")
@click.option("--store", metavar="DIR", type=PLACE, help="Another store than the default one.")
def cache(prune: bool, store: Path | None) -> None:
    """Show what the store contains, by stage; or empty it."""
    from toolkit.errors import StoreError
    from toolkit.store.stages import Store, default_root

    if store is not None and not store.is_dir():
        raise StoreError(f"{store}: there is no such folder")
    shelves = Store(store or default_root())
    for stage, entries, size in shelves.sizes():
        click.echo(f"{stage:<12} {entries:>7,} entries  {size / 1e6:>9.1f} MB")
    if prune:
        click.echo(f"freed {shelves.prune() / 1e6:.1f} MB at {shelves.root}")
    else:
        click.echo(f"at {shelves.root}", err=True)


@click.command(short_help="Print the JSON Schema of the config.")
def schema() -> None:
    """Print the JSON Schema of the config, for editors.

    \b
    Example:  toolkit schema > toolkit.schema.json
    """
    import json

    from toolkit.experiment.experiment import Experiment

    click.echo(json.dumps(Experiment.model_json_schema(by_alias=True), indent=2, ensure_ascii=False))
