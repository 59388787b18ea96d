"""Commands on finished runs: report, verify, compare, assign, search, export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from toolkit.cli.options import OPEN, PLACE, RUN, echo_json, names, offer, say_page, settings


@click.command(short_help="Write the report, or one figure, again.")
@RUN
@click.option(
    "--format", "formats", metavar="LIST", shell_complete=offer("report_formats"),
    help="html, md, pdf; several with commas.",
)  # fmt: skip
@click.option("--text", type=click.Choice(["full", "snippet", "none"]), help="How much corpus text the report shows.")
@click.option(
    "--full/--short", default=None, help="Give report.md and report.pdf an appendix with all that report.html folds."
)
@click.option(
    "--figure", metavar="NAME", shell_complete=offer("figures"),
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
        written = rewrite_report(run_folder, names(formats), text, full)
        say_page(written, is_open)
        click.echo(written)


@click.command(short_help="Repeat a run and grade its agreement with the first.")
@RUN
@click.option(
    "--at-least",
    type=click.Choice(["different", "same-themes", "same-assignments", "identical"]),
    default="identical",
    show_default=True,
    help="The grade that is good enough.",
)
@click.option("--corpus", metavar="PATH", type=PLACE, help="Where the corpus is now.")
@click.option("--set", "overrides", metavar="KEY=PATH", multiple=True, help="Where another input is now; repeatable.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@click.pass_context
def verify(
    ctx: click.Context, run_folder: Path, at_least: Any, corpus: Path | None, overrides: tuple[str, ...], quiet: bool
) -> None:
    """Check a run's bytes and promises, run it again, and grade the second run against the first.

    Grades: identical (every byte), same-assignments, same-themes (every theme matched at Jaccard 0.9 or more),
    different. Exit code 1 if the grade is below --at-least, a file was tampered with or a promise is broken.

    \b
    Examples:  toolkit verify runs/my_study-1a2b3c4d
               toolkit verify unpacked/my_study --corpus articles/ --at-least same-themes
    """
    from toolkit.runtime.progress import Progress
    from toolkit.verify.verify import verify as verify_run

    verdict = verify_run(run_folder, at_least, Progress(quiet=quiet), corpus=corpus, set=settings(overrides))
    for line in verdict.lines():
        click.echo(line)
    ctx.exit(0 if verdict.passed else 1)


@click.command(short_help="Match the themes of two runs.")
@RUN
@click.argument("other_folder", metavar="RUN", type=PLACE, shell_complete=offer("run_folders"))
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
    comparison = compare_runs(run_folder, other_folder)
    if html is not None:
        write_page(comparison, html)
        say_page(html, is_open)
    if as_json:
        echo_json(comparison.plain())
    else:
        for line in comparison.lines():
            click.echo(line)


@click.command(short_help="Give new documents the themes and codes of a run.")
@RUN
@click.option("--corpus", metavar="PATH", required=True, type=PLACE, help="The new documents.")
@click.option("--out", metavar="DIR", required=True, type=PLACE, help="The folder to write.")
@click.option(
    "--vectors", metavar="FILE", type=PLACE,
    help="Embeddings of the new paragraphs (.npy), if the run's were given.",
)  # fmt: skip
@click.option("--store", metavar="DIR", type=PLACE, help="Another store than the default one.")
@click.option("--replace", is_flag=True, help="Replace a different finished run in --out.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
@OPEN
def assign(run_folder: Path, corpus: Path, out: Path, quiet: bool, is_open: bool, **options: Any) -> None:
    """Give new documents the themes and codes of a run; nothing is fitted, and the run's corpus is not needed.

    Writes a folder like a run's: tables, shares with intervals, a short report. Paragraphs far from everything that
    the run knew are flagged and get no theme. The folder's path is the last line on stdout.

    \b
    Example:  toolkit assign runs/my_study-1a2b3c4d --corpus june/ --out runs/june
    """
    from toolkit.assignment.assign import assign as assign_run
    from toolkit.runtime.progress import Progress

    done = assign_run(run_folder, corpus, out, progress=Progress(quiet=quiet), **options)
    say_page(done.path / "report.html", is_open, quiet)
    click.echo(done.path)


@click.command(short_help="Find the paragraphs nearest in meaning to a question.")
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
        echo_json([asdict(hit) for hit in hits])
    else:
        for line in hit_lines(hits):
            click.echo(line)


@click.command(short_help="Write a run for a spreadsheet, Word, LaTeX, archive.")
@RUN
@click.option(
    "--to", "formats", metavar="LIST", required=True, shell_complete=offer("export_formats"),
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
