"""The command line: parse, call one function, print. Faults of the user's end with exit code 2 and one line each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from toolkit import __version__
from toolkit.console import Group, Place, page_lines

PLACE = Place()


def _offer(name: str) -> Any:
    """What the Tab key offers: a function of `toolkit/commands/completing.py`, which loads when it is needed."""

    def offered(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        from toolkit.commands import completing

        names: list[str] = getattr(completing, name)(incomplete)
        return names

    return offered


def _pairs(ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """`KEY=VALUE` each, or the fault, which comes before that of a word too many."""
    if any("=" not in text for text in texts):
        _settings(texts)
    return texts


CONFIG = click.argument("config", type=PLACE, shell_complete=_offer("config_files"))
RUN = click.argument("run_folder", metavar="RUN", type=PLACE, shell_complete=_offer("run_folders"))
OPEN = click.option("--open", "is_open", is_flag=True, help="Open the page in a browser.")
SET = click.option(
    "--set", "overrides", metavar="KEY=VALUE", multiple=True, callback=_pairs, help="Change one setting; repeatable."
)
CORPUS = click.option("--corpus", metavar="PATH", type=PLACE, help="Other documents, same config.")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="toolkit")
def main() -> None:
    """Themes in a corpus, with the evidence for them.

    \b
    Start:      toolkit init my_study && cd my_study && toolkit run study.yaml
    Own texts:  toolkit check study.yaml --corpus my_articles/
    """


@main.command()
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


@main.command()
@CONFIG
@CORPUS
@SET
def check(config: Path, corpus: Path | None, overrides: tuple[str, ...]) -> None:
    """Validate config, codebook and corpus; say what would run and what it would take. Runs nothing.

    \b
    Example:  toolkit check configs/future_industries.yaml
    """
    from toolkit.commands.check import check_lines

    for line in check_lines(config, corpus, _settings(overrides)):
        click.echo(line)


@main.command()
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
    **given: bool,
) -> None:  # fmt: skip
    """Run an experiment; the run folder's path is the last line on stdout, its page's address on stderr.

    DIGITS are of experiment and corpus together. A folder that holds the same run, by the same code, is brought up to
    date; any other finished run there is refused without --replace, and anything else always.

    \b
    Examples:  toolkit run configs/future_industries.yaml
               toolkit run study.yaml --corpus more/ --set discover.themes=12 --out runs/twelve --open
    """
    from toolkit.pipeline import run as run_experiment
    from toolkit.run_folder.decided import conflict_line
    from toolkit.runtime.progress import Progress

    done = run_experiment(config, corpus, _settings(overrides), out, progress=Progress(quiet=quiet), **given)
    conflicts = conflict_line(done.table("decisions").to_pylist()) if quiet else ""  # no news of progress: they stay
    if conflicts:
        click.echo(conflicts, err=True)
    _say_page(done.path / "report.html", is_open, quiet)
    click.echo(done.path)


@main.command()
@RUN
@click.option(
    "--format", "formats", metavar="LIST", shell_complete=_offer("report_formats"),
    help="html, md, pdf; several with commas.",
)  # fmt: skip
@click.option("--text", type=click.Choice(["full", "snippet", "none"]), help="How much corpus text the report shows.")
@click.option(
    "--full/--short", default=None, help="Give report.md and report.pdf an appendix with all that report.html folds."
)
@click.option(
    "--figure", metavar="NAME", shell_complete=_offer("figures"),
    help="Write one figure instead of the report; document:ID is that of one document.",
)  # fmt: skip
@click.option("--out", metavar="FILE", type=PLACE, help="Where the figure goes: .svg, .pdf, or .png at 2x.")
@click.option("--width", type=click.Choice(["170", "85"]), help="Millimetres of the figure: a page or a column.")
@OPEN
def report(
    run_folder: Path, formats: str | None, text: str | None, full: bool | None, figure: str | None, out: Path | None,
    width: str | None, is_open: bool,
) -> None:  # fmt: skip
    """Write the report, or one figure, again from the run folder alone.

    \b
    Examples:  toolkit report runs/my_study-1a2b3c4d --text snippet
               toolkit report runs/my_study-1a2b3c4d --format html,md,pdf --full
               toolkit report runs/my_study-1a2b3c4d --figure map --out map.svg
    """
    from toolkit.commands.report import rewrite_report, write_figure

    if (figure is None) != (out is None):
        raise click.UsageError("--figure and --out go together")
    if figure is not None and full is not None:
        raise click.UsageError("--full and --short are for the report: a figure has one form")
    if width is not None and figure is None:
        raise click.UsageError("--width goes with --figure")
    if figure is not None and out is not None:
        click.echo(write_figure(run_folder, figure, out, int(width or 170)))
    else:
        written = rewrite_report(run_folder, _names(formats), text, full)
        _say_page(written, is_open)
        click.echo(written)


@main.command()
@RUN
@click.option(
    "--at-least",
    type=click.Choice(["different", "same-themes", "same-assignments", "identical"]),
    default="identical",
    show_default=True,
    help="The grade that is good enough.",
)
@click.option("--corpus", metavar="PATH", type=PLACE, help="Where the corpus lies now.")
@click.option("--set", "overrides", metavar="KEY=PATH", multiple=True, help="Where another input lies now; repeatable.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@click.pass_context
def verify(
    ctx: click.Context, run_folder: Path, at_least: Any, corpus: Path | None, overrides: tuple[str, ...], quiet: bool
) -> None:
    """Check a run's bytes and promises, run it again, and grade the second run against the first.

    Grades: identical (every byte), same-assignments, same-themes (every theme matched at Jaccard 0.9 or more),
    different. Exit code 1 where the grade is below --at-least, a file was tampered with or a promise is broken.

    \b
    Examples:  toolkit verify runs/my_study-1a2b3c4d
               toolkit verify unpacked/my_study --corpus articles/ --at-least same-themes
    """
    from toolkit.runtime.progress import Progress
    from toolkit.verify.verify import verify as verify_run

    verdict = verify_run(run_folder, at_least, Progress(quiet=quiet), corpus=corpus, set=_settings(overrides))
    for line in verdict.lines():
        click.echo(line)
    ctx.exit(0 if verdict.passed else 1)


@main.command()
@RUN
@click.argument("other_folder", metavar="RUN", type=PLACE, shell_complete=_offer("run_folders"))
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
@click.option("--html", metavar="FILE", type=PLACE, help="Write a page as well.")
@OPEN
def compare(run_folder: Path, other_folder: Path, as_json: bool, html: Path | None, is_open: bool) -> None:
    """Match the themes of two runs: same, grown, shrunk, split, merged, new, gone; and what else differs.

    \b
    Example:  toolkit compare runs/may runs/june --html june.html
    """
    from toolkit.compare.compare import compare as compare_runs
    from toolkit.compare.page import write_page

    if is_open and html is None:
        raise click.UsageError("--open opens the page of --html; give both")
    found = compare_runs(run_folder, other_folder)
    if html is not None:
        write_page(found, html)
        _say_page(html, is_open)
    if as_json:
        _echo_json(found.plain())
    else:
        for line in found.lines():
            click.echo(line)


@main.command()
@RUN
@click.option("--n", "n", type=int, default=100, show_default=True, help="How many paragraphs or tests.")
@click.option("--out", metavar="DIR", required=True, type=PLACE, help="The folder to write.")
@click.option(
    "--how", type=click.Choice(["random", "stratified", "informative"]), default="random", show_default=True,
    help="random: each alike; stratified: by theme and source; informative: hardest to tell, of no use for shares.",
)  # fmt: skip
@click.option(
    "--kind", type=click.Choice(["codes", "words", "documents", "topics"]), default="codes", show_default=True,
    help="Paragraphs to code, or intrusion tests of the themes.",
)  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws others.")
@click.option("--again", is_flag=True, help="Draw paragraphs that people have coded already, too.")
@click.option("--show", metavar="LIST", default="", help="What coders see besides: heading, title, source, date.")
@OPEN
def sample(run_folder: Path, out: Path, show: str, is_open: bool, **given: Any) -> None:
    """Draw paragraphs for people to code: an offline sheet for the browser, and the same for a spreadsheet.

    Coders see definitions and texts, nothing of what the machine found. The same run, n and seed draw the same.

    \b
    Examples:  toolkit sample runs/my_study-1a2b3c4d --n 100 --out coding/
               toolkit sample runs/my_study-1a2b3c4d --kind words --n 30 --out intrusion/
    """
    from toolkit.coders.sample import sample as sample_run

    done = sample_run(run_folder, out, show=tuple(name.strip() for name in show.split(",") if name.strip()), **given)
    for note in done.notes:
        click.echo(note, err=True)
    _say_page(next(path for path in done.files if path.suffix == ".html"), is_open)
    for path in done.files:
        click.echo(path)


@main.command()
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
    found = evaluate_run(opened, file)
    written = found.write(out if out is not None else Path(f"evaluation-{opened.path.resolve().name}"))
    if as_json:
        _echo_json(found.plain())
    else:
        for line in found.lines():
            click.echo(line)
        for path in written:
            click.echo(path)


@main.command()
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
    _say_page(done.page, is_open)
    click.echo(done.page)


@main.command()
@RUN
@click.option("--corpus", metavar="PATH", required=True, type=PLACE, help="The new documents.")
@click.option("--out", metavar="DIR", required=True, type=PLACE, help="The folder to write.")
@click.option(
    "--vectors", metavar="FILE", type=PLACE,
    help="Embeddings of the new paragraphs (.npy), where the run's were given.",
)  # fmt: skip
@click.option("--store", metavar="DIR", type=PLACE, help="Another store than the default one.")
@click.option("--replace", is_flag=True, help="Replace a different finished run in --out.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@OPEN
def assign(run_folder: Path, corpus: Path, out: Path, quiet: bool, is_open: bool, **given: Any) -> None:
    """Give new documents the themes and codes of a run; nothing is fitted, and the run's corpus is not needed.

    Writes a folder like a run's: tables, shares with intervals, a short report. Paragraphs far from everything that
    the run knew are flagged and get no theme. The folder's path is the last line on stdout.

    \b
    Example:  toolkit assign runs/my_study-1a2b3c4d --corpus june/ --out runs/june
    """
    from toolkit.assignment.assign import assign as assign_run
    from toolkit.runtime.progress import Progress

    done = assign_run(run_folder, corpus, out, progress=Progress(quiet=quiet), **given)
    _say_page(done.path / "report.html", is_open, quiet)
    click.echo(done.path)


@main.command()
@RUN
@click.argument("query")
@click.option("--n", "n", type=int, default=10, show_default=True, help="How many paragraphs.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def search(run_folder: Path, query: str, n: int, as_json: bool) -> None:
    """Find the paragraphs nearest in meaning to a question, by the run's own model.

    \b
    Example:  toolkit search runs/my_study-1a2b3c4d "who pays for the harbour"
    """
    from dataclasses import asdict

    from toolkit.commands.search import hit_lines
    from toolkit.commands.search import search as search_run

    hits = search_run(run_folder, query, n)
    if as_json:
        _echo_json([asdict(hit) for hit in hits])
    else:
        for line in hit_lines(hits):
            click.echo(line)


@main.command()
@RUN
@click.option(
    "--to", "formats", metavar="LIST", required=True, shell_complete=_offer("export_formats"),
    help="zip, csv, xlsx, docx, latex, bertopic; several with commas.",
)  # fmt: skip
@click.option("--out", metavar="PATH", required=True, type=PLACE, help="The file or folder to write.")
@click.option(
    "--text", type=click.Choice(["full", "snippet", "none"]), default="full", show_default=True,
    help="How much corpus text goes along: all, 30 words a quote, or none.",
)  # fmt: skip
def export(run_folder: Path, formats: str, out: Path, text: Any) -> None:
    """Write a run for an archive, a spreadsheet, a text processor, LaTeX or BERTopic.

    zip is the whole run with RO-Crate metadata, xlsx one formatted workbook, csv every table, docx the report for Word,
    latex a folder of booktabs tables and figures (or a zip, if --out ends in .zip), bertopic a model for BERTopic.load.

    \b
    Examples:  toolkit export runs/my_study-1a2b3c4d --to xlsx --out my_study.xlsx
               toolkit export runs/my_study-1a2b3c4d --to docx --text snippet --out my_study.docx
               toolkit export runs/my_study-1a2b3c4d --to latex --out paper/tables
               toolkit export runs/my_study-1a2b3c4d --to zip,csv,xlsx --text none --out deposit/
    """
    from toolkit.export.export import export as export_run

    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    for path in export_run(run_folder, wanted, out, text, lambda line: click.echo(line, err=True)):
        click.echo(path)


@main.command("list")
@click.argument("what", required=False, shell_complete=_offer("kinds"))
def list_(what: str | None) -> None:
    """List embedders, reducers, clusterers, labellers, metrics or runs, one line each.

    \b
    Example:  toolkit list clusterers
    """
    from toolkit.commands.listing import catalogue_lines

    for line in catalogue_lines(what):
        click.echo(line)


@main.command()
@click.option("--prune", is_flag=True, help="Remove all finished stages and stored vectors.")
@click.option("--store", metavar="DIR", type=PLACE, help="Another store than the default one.")
def cache(prune: bool, store: Path | None) -> None:
    """Say what the store holds, by stage; or empty it."""
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


@main.command()
def schema() -> None:
    """Print the JSON Schema of the config, for editors.

    \b
    Example:  toolkit schema > toolkit.schema.json
    """
    import json

    from toolkit.experiment.experiment import Experiment

    click.echo(json.dumps(Experiment.model_json_schema(by_alias=True), indent=2, ensure_ascii=False))


def _say_page(page: Path, is_open: bool, quiet: bool = False) -> None:
    """The address of a page on stderr, and the page in a browser if asked for; say so if there is no page."""
    if page.suffix == ".html" and page.is_file():
        page_lines(page, is_open, quiet)
    elif is_open:
        click.echo(f"nothing to open: {page.parent} has no page (report.formats without html)", err=True)


def _names(listed: str | None) -> list[str] | None:
    return None if listed is None else [name.strip() for name in listed.split(",") if name.strip()]


def _echo_json(tree: Any) -> None:
    import json

    click.echo(json.dumps(tree, indent=1, ensure_ascii=False, sort_keys=True))


def _settings(overrides: tuple[str, ...]) -> dict[str, Any]:
    from toolkit.experiment.tree import parse_overrides

    return parse_overrides(overrides)
