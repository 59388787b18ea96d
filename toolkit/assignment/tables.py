"""The tables and metrics of a folder of assigned documents. Columns: docs/reference/run-folder.md."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.assignment.results import AssignmentResults
from toolkit.schemas import EXEMPLARS, LEDGER, PREVALENCE
from toolkit.study.metrics import corpus_counts, share_metric, unread_metric
from toolkit.study.share_error import measured_error, share_error_metrics
from toolkit.study.tables import THEMES, coded_paragraphs, documents, mostly_of_themes, theme_counts, unread
from toolkit.text.format import percent
from toolkit.values import NOISE, Bools, Floats, Ints, Metric, Table

COUNTED = "a count of these documents, not an estimate: no interval"
SENTENCES = pa.schema([("stage", pa.string()), ("text", pa.string())])
SHARE_IN_RUN = ("share_in_run", pa.float64())


def assignment_tables(results: AssignmentResults) -> dict[str, Any]:
    """Every table of the folder by name."""
    shares, coding = results.shares, results.coding
    return {
        "documents": documents(results.corpus, results.themes_of_paragraphs),
        "paragraphs": paragraphs(results),
        "ledger": results.corpus.ledger.select(LEDGER.names),
        "themes": themes(results),
        "exemplars": EXEMPLARS.empty_table(),
        "codes": coded_paragraphs(results.corpus, results.unique, coding),
        "thresholds": thresholds(results),
        "prevalence": shares.prevalence.select(PREVALENCE.names),
        "matrix": shares.matrix,
        "cooccurrence": shares.cooccurrence,
        "trends": shares.trends,
        "contrasts": shares.contrasts,
        "notes": _sentences(notes(results)),
        "methods": _sentences(methods(results)),
    }


def thresholds(results: AssignmentResults) -> Table:
    """A row a code, with the badge that the run gave it; null if that run gave none."""
    from toolkit.coding.code import THRESHOLDS

    table = results.coding.thresholds if results.coding else THRESHOLDS.empty_table()
    badges = {row["code"]: row.get("badge") for row in results.run_thresholds.to_pylist()}
    return table.append_column("badge", pa.array([badges.get(code) for code in table["code"].to_pylist()], pa.string()))


def paragraphs(results: AssignmentResults) -> Table:
    """Paragraphs with theme, strength (share of the vote), nearness to the run, and whether the run has them."""
    embeddings, voted, of = results.embeddings, results.voted, results.unique.of
    theme = results.themes_of_paragraphs
    share = [
        None if theme_of_row == NOISE else round(float(value), 6)
        for theme_of_row, value in zip(theme, voted.share[of], strict=True)
    ]
    table = results.corpus.paragraphs
    known = [results.known[row] for row in of]
    for name, values, kind in (
        ("tokens", embeddings.tokens, pa.int32()),
        ("truncated", embeddings.truncated, pa.bool_()),
        ("unread", unread(embeddings), pa.bool_()),
        ("theme", theme, pa.int32()),
        ("strength", share, pa.float64()),
        ("nearest_theme", voted.theme[of], pa.int32()),
        ("similarity", _rounded(voted.near[of]), pa.float64()),
        ("outside", voted.far[of], pa.bool_()),
        ("in_run", known, pa.string()),
    ):
        table = table.append_column(name, pa.array(values, kind))
    return table


def _rounded(values: Any) -> list[float | None]:
    return [None if math.isnan(value) else round(float(value), 6) for value in values]


def themes(results: AssignmentResults) -> Table:
    """The run's themes, broader ones and -1 with their words; counts and shares are of the new documents."""
    corpus = results.corpus
    rows = results.run_themes.to_pylist()
    members = {NOISE: results.themes_of_paragraphs == NOISE, **results.members}
    whole = {
        row["id"]: row
        for row in results.shares.prevalence.to_pylist()
        if (row["kind"], row["group_by"], row["unit"], row["counting"]) == ("theme", None, "paragraph", "unique")
    }
    main = documents(corpus, results.themes_of_paragraphs)["theme"].to_numpy()
    carried = mostly_of_themes(results.shares)
    for row in rows:
        of_theme = whole.get(str(row["theme"]), {"estimate": None, "low": None, "high": None})
        row |= {"share_in_run": row["share"], **_counts(results, members[row["theme"]], main)}
        row["changed_paragraphs"] = None  # of the run's paragraphs
        row |= {"share": of_theme["estimate"], "share_low": of_theme["low"], "share_high": of_theme["high"]}
        row |= carried[row["theme"]]
    return pa.Table.from_pylist(rows, pa.schema([*THEMES, pa.field(*SHARE_IN_RUN)]))


def _counts(results: AssignmentResults, mask: Bools, main: Ints) -> dict[str, int]:
    return theme_counts(results.corpus, results.unique, mask, results.themes_of_paragraphs, main)


def outside(results: AssignmentResults) -> tuple[int, int]:
    """Unique paragraphs far from everything that the run knew, and all unique ones."""
    new = np.array([name is None for name in results.known], bool)
    return int((results.voted.far & new).sum()), len(new)


def notes(results: AssignmentResults) -> list[tuple[str, str]]:
    """What a reader must know, by stage."""
    sentences = [("corpus", text) for text in results.corpus.notes] + [
        ("embed", text) for text in results.embeddings.notes
    ]
    far, n = outside(results)
    if results.vectors_given:
        sentences.append(("embed", "That the new vectors come from the model of the run's cannot be checked."))
    sentences.append(
        (
            "discover",
            f"{far:,} of {n:,} unique paragraphs ({percent(far / n, n)}) are farther from the run than 99% of its own "
            "are from each other (mean cosine with the five nearest): they get no theme; the column nearest_theme "
            "has the theme of the paragraphs nearest to them.",
        )
    )
    unread = int(results.embeddings.unread[results.unique.rows].sum())
    if unread:
        sentences.append(("discover", f"{unread:,} of these cannot be read by the model, so nothing is near them."))
    if far > n / 2:
        sentences.append(
            ("discover", "Most of the new documents are about something else: a new run is more informative than this.")
        )
    known = sum(name is not None for name in results.known)
    if known:
        sentences.append(
            (
                "discover",
                f"{known:,} unique paragraphs are in the run already and keep the theme and codes they have.",
            )
        )
    columns = {*results.corpus.documents.column_names, *results.corpus.paragraphs.column_names}
    if results.older_codes:
        sentences.append(
            ("code", "No codes: an older version coded the run, with other weights; run the experiment again.")
        )
    missing = [name for name in results.group_by if name not in columns]
    if missing:
        sentences.append(("estimate", f"The new documents have no column {', '.join(missing)}: no shares by it."))
    for stage, value in (("beside", results.beside), ("code", results.coding), ("estimate", results.shares)):
        sentences += [(stage, text) for text in (value.notes if value else ())]
    return sentences


def methods(results: AssignmentResults) -> list[tuple[str, str]]:
    """What was done, in sentences."""
    parent = results.run
    of = f"{parent['name']} (experiment {parent['sha256'][:8]})"
    start = f"New documents were given the themes of the run {of}; nothing was fitted."
    sentences = [("discover", f"{start} {results.voted.method}")]
    sentences += [("code", results.coding.method)] if results.coding else []
    return [*sentences, ("estimate", results.shares.method)]


def _sentences(rows: list[tuple[str, str]]) -> Table:
    return pa.Table.from_pylist([{"stage": stage, "text": text} for stage, text in rows], schema=SENTENCES)


def _mean_vote(shares: Floats) -> Metric:
    """The mean share of the vote over the paragraphs that were voted on."""
    known = shares[~np.isnan(shares)]
    if not len(known):
        return Metric(None, reason="no paragraph was voted on")
    reason, of = "mean share of the vote; no interval", "unique paragraphs voted on"
    return Metric(float(known.mean()), direction="higher", n=len(known), reason=reason, of=of)


def assignment_metrics(results: AssignmentResults) -> dict[str, Metric]:
    """Counts of the new documents and how near they are to the run, by dotted key."""
    corpus, (far, n) = results.corpus, outside(results)
    none, rows = int((results.themes == NOISE).sum()), corpus.paragraphs.num_rows
    known = sum(name is not None for name in results.known)
    return {
        **corpus_counts(corpus.documents.num_rows, rows, n, COUNTED),
        "corpus.unread": unread_metric(results.embeddings),
        "assign.in_run": share_metric(known, n, "unique paragraphs", COUNTED),
        "assign.outside": share_metric(far, n, "unique paragraphs", COUNTED, "lower"),
        "assign.no_theme": share_metric(none, n, "unique paragraphs", COUNTED, "lower"),
        "assign.vote": _mean_vote(results.voted.share),
        "assign.reach": Metric(
            results.reach, n=results.fitted, reason="bound of nearness, by the run", of="paragraphs of the run"
        )
        if not math.isnan(results.reach)
        else Metric(None, reason="the run has too few paragraphs to measure what is near"),
        **share_error_metrics(results.shares.prevalence, measured_error()),
    }
