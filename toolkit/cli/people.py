"""Commands for people who code or edit a run: sample, evaluate, curate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from toolkit.cli.options import OPEN, PLACE, RUN, echo_json, say_page


@click.command(short_help="Draw paragraphs for people to code.")
@RUN
@click.option("--n", "n", type=int, default=100, show_default=True, help="How many paragraphs or tests.")
@click.option("--out", metavar="DIR", required=True, type=PLACE, help="The folder to write.")
@click.option(
    "--how", type=click.Choice(["random", "stratified", "informative"]), default="random", show_default=True,
    help="random: each with the same chance; stratified: by theme and source; informative: nearest to the decision "
    "thresholds, not for estimates of shares.",
)  # fmt: skip
@click.option(
    "--kind", type=click.Choice(["codes", "words", "documents", "topics"]), default="codes", show_default=True,
    help="Paragraphs to code, or intrusion tests of the themes.",
)  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws others.")
@click.option("--again", is_flag=True, help="Draw paragraphs that people have coded already, too.")
@click.option("--show", metavar="LIST", default="", help="What coders see besides: heading, title, source, date.")
@OPEN
def sample(run_folder: Path, out: Path, show: str, is_open: bool, **fields: Any) -> None:
    """Draw paragraphs for people to code: an offline sheet for the browser, and the same for a spreadsheet.

    Coders see definitions and texts, nothing of what the machine found. The same run, n and seed draw the same.

    \b
    Examples:  toolkit sample runs/my_study-1a2b3c4d --n 100 --out coding/
               toolkit sample runs/my_study-1a2b3c4d --kind words --n 30 --out intrusion/
    """
    from toolkit.coders.sample import sample as sample_run

    done = sample_run(run_folder, out, show=tuple(name.strip() for name in show.split(",") if name.strip()), **fields)
    for note in done.notes:
        click.echo(note, err=True)
    say_page(next(path for path in done.files if path.suffix == ".html"), is_open)
    for path in done.files:
        click.echo(path)


@click.command(short_help="Score a run against people's codes or labels.")
@RUN
@click.option(
    "--gold", metavar="PATH", type=PLACE,
    help="Human codes or labels, CSV or JSONL: a file, a folder or a glob in quotes.",
)  # fmt: skip
@click.option("--intrusion", metavar="FILE", type=PLACE, help="Answers to an intrusion sheet.")
@click.option("--out", metavar="DIR", type=PLACE, help="Folder  [default: evaluation-RUN]")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def evaluate(run_folder: Path, gold: Path | None, intrusion: Path | None, out: Path | None, as_json: bool) -> None:
    """Score a run against what people say: codes, labels of themes, or answers to intrusion tests.

    The columns of each file decide what applies: code with paragraph_id or text (and coder, kind); label with
    paragraph_id, document_id or text; item and chosen. Machines (kind: machine) are compared with people. The run
    folder is not changed.

    \b
    Examples:  toolkit evaluate runs/my_study-1a2b3c4d --gold coding/answers-ann.csv
               toolkit evaluate runs/my_study-1a2b3c4d --intrusion intrusion/answers-ann.csv
    """
    from toolkit.coders.evaluate import evaluate as evaluate_run
    from toolkit.runs import load_run

    file = gold if gold is not None else intrusion
    if file is None or (gold is not None and intrusion is not None):
        raise click.UsageError("give one of --gold and --intrusion")
    opened = load_run(run_folder)
    evaluation = evaluate_run(opened, file)
    written = evaluation.write(out if out is not None else Path(f"evaluation-{opened.path.resolve().name}"))
    if as_json:
        echo_json(evaluation.plain())
    else:
        for line in evaluation.lines():
            click.echo(line)
        for path in written:
            click.echo(path)


@click.command(short_help="Write a page to name, merge, split and drop themes.")
@RUN
@click.option("--out", metavar="DIR", type=PLACE, help="Folder  [default: curate-RUN]")
@OPEN
def curate(run_folder: Path, out: Path | None, is_open: bool) -> None:
    """Write an offline page to name, merge, split and drop a run's themes; it saves a log of decisions.

    Open curate.html in a browser. Put the decisions.yaml that it saves beside the config, name it there
    (decisions: decisions.yaml) and run again. The run folder is not changed.

    \b
    Example:  toolkit curate runs/my_study-1a2b3c4d --out curate/
    """
    from toolkit.curate import curate as curate_run

    done = curate_run(run_folder, out)
    for note in done.notes:
        click.echo(note, err=True)
    say_page(done.page, is_open)
    click.echo(done.page)
