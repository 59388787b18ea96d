"""The tables of a run folder, put together from the values of its stages. Columns: docs/reference/run-folder.md."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.estimate.mostly import MOSTLY
from toolkit.schemas import ASKED, CODES, EXEMPLARS, LEDGER, OUTCOMES, PREVALENCE
from toolkit.study.decided import COLUMNS as DECIDED
from toolkit.study.decided import changed, keys_of, theme_columns
from toolkit.study.plateaus import plateaus
from toolkit.study.results import Results
from toolkit.study.unique import Unique
from toolkit.values import NOISE, Bools, Coding, Corpus, Discovery, Embeddings, Estimates, Floats, Ints, Table


def tables(results: Results) -> dict[str, Any]:
    """Every table of the run folder by name."""
    from toolkit.codebook.human import HUMAN
    from toolkit.coding.quality import SCORED
    from toolkit.schemas import CLAIMS

    discovery, estimates, coding = results.discovery, results.estimates, results.coding
    asked = results.description.asked
    return {
        "documents": documents(results.corpus, results.themes),
        "paragraphs": paragraphs(results),
        "ledger": results.corpus.ledger.select(LEDGER.names),
        "themes": themes(results),
        "exemplars": results.description.exemplars.select(EXEMPLARS.names),
        "codes": codes(results),
        "prevalence": estimates.prevalence.select(PREVALENCE.names),
        "matrix": estimates.matrix,
        "cooccurrence": estimates.cooccurrence,
        "trends": estimates.trends,
        "contrasts": estimates.contrasts,
        "corrected": estimates.corrected,
        "keyness": results.wording.keyness,
        "kwic": results.wording.kwic,
        "claims": results.answers.table if results.answers else CLAIMS.empty_table(),
        "candidates": discovery.candidates,
        "plateaus": plateaus(results),
        "decisions": results.decided.outcomes if results.decided else OUTCOMES.empty_table(),
        "theme_pairs": results.pairs.pairs,
        "halves": halves(results.pairs.halves, results.unique_paragraphs),
        "neighbours": neighbours(discovery.neighbours, results.unique_paragraphs),
        "thresholds": thresholds(results),
        "scored": coding.scored if coding else SCORED.empty_table(),
        "human": coding.human if coding else HUMAN.empty_table(),
        "disagreements": disagreements(results),
        "notes": notes(results),
        "methods": methods(results),
        "works": works(results),
        **({} if asked is None else {"asked": asked.select(ASKED.names)}),
    }


def documents(corpus: Corpus, themes: Ints) -> Table:
    """Documents with the theme that most of their words carry; `themes` (n,) is that of each paragraph."""
    from toolkit.estimate import document_theme

    table, rows = corpus.documents, corpus.paragraphs
    theme = document_theme(table["document_id"], rows["document_id"], themes, rows["words"])
    return table.append_column("theme", pa.array(theme, pa.int32()))


def paragraphs(results: Results) -> Table:
    """Paragraphs with tokens, theme, strength, moves and place on the map; copies carry their canonical one's."""
    from toolkit.discover.seeds import moves

    discovery, embeddings, of = results.discovery, results.embeddings, results.unique.of
    table = results.corpus.paragraphs
    for name, values, kind in (
        ("tokens", embeddings.tokens, pa.int32()),
        ("truncated", embeddings.truncated, pa.bool_()),
        ("unread", unread(embeddings), pa.bool_()),
        ("theme", results.themes, pa.int32()),
        ("machine_theme", results.machine[of], pa.int32()),
        ("strength", _nullable(discovery.strength[of]), pa.float64()),
        ("moves", _nullable(moves(discovery)[of]), pa.float64()),
        ("reassigned", discovery.reassigned[of], pa.bool_()),
        ("x", np.round(discovery.layout[of, 0], 4), pa.float64()),
        ("y", np.round(discovery.layout[of, 1], 4), pa.float64()),
    ):
        table = table.append_column(name, pa.array(values, kind, from_pandas=True))
    return table


def unread(embeddings: Embeddings) -> list[bool | None]:
    """Whether the model cannot read each paragraph; null if its vocabulary does not show that."""
    pairs = zip(embeddings.unread, embeddings.unknown, strict=True)
    return [None if math.isnan(share) else bool(unread_one) for unread_one, share in pairs]


def _nullable(values: Any) -> list[float | None]:
    return [None if math.isnan(value) else round(float(value), 6) for value in values]


def themes(results: Results) -> Table:
    """A row a theme, -1 and broader levels too: words, counts of unique paragraphs, share with interval, stability."""
    from toolkit.discover.seeds import returns

    discovery, words = results.discovery, results.description.themes.to_pylist()
    returning = returns(discovery)
    described = {row["theme"]: row for row in words}
    levels = discovery.levels.to_pylist()
    members = {NOISE: results.themes == NOISE, **results.members}
    shares, carried = shares_of_themes(results.estimates), mostly_of_themes(results.estimates)
    main = documents(results.corpus, results.themes)["theme"].to_numpy()
    by_people = _by_people(results)
    rows = []
    for row in [*levels, {"theme": NOISE, "level": 0, "parent": None}]:
        theme = row["theme"]
        text = described.get(theme, {"label": "No theme", "keywords": [], "weights": []})
        estimate, low, high = shares.get(str(theme), (None, None, None))
        rows.append(
            {
                **row,
                "label": text["label"],
                "keywords": text["keywords"],
                "weights": text["weights"],
                **theme_counts(results.corpus, results.unique, members[theme], results.themes, main),
                "share": estimate,
                "share_low": low,
                "share_high": high,
                **carried[theme],
                **_stability(discovery, row),
                **_with_seeds(returning, theme, row["level"]),
                **by_people(theme, text.get("machine_label")),
            }
        )
    rows.sort(key=lambda row: (row["level"], row["theme"] == NOISE, row["theme"]))
    return pa.Table.from_pylist(rows, THEMES)


def _by_people(results: Results) -> Callable[[int, str | None], dict[str, Any]]:
    """A function that gives the columns on what people changed in a theme."""
    discovery, texts = results.discovery, results.unique_paragraphs["text"].to_pylist()
    keys = keys_of(results.decided, discovery.assignment, texts)
    return theme_columns(results.decided, changed(discovery.assignment, results.machine), keys)


THEMES = pa.schema(
    [
        ("theme", pa.int32()),
        ("level", pa.int32()),
        ("parent", pa.int32()),
        ("label", pa.string()),
        ("keywords", pa.list_(pa.string())),
        ("weights", pa.list_(pa.float64())),
        ("paragraphs", pa.int64()),
        ("documents", pa.int64()),
        ("documents_main", pa.int64()),
        ("documents_published", pa.int64()),
        ("published", pa.int64()),
        ("share", pa.float64()),
        ("share_low", pa.float64()),
        ("share_high", pa.float64()),
        *MOSTLY,
        ("stability", pa.float64()),
        ("stability_low", pa.float64()),
        ("stability_high", pa.float64()),
        ("fragile", pa.bool_()),
        ("seed_stability", pa.float64()),
        ("seed_low", pa.float64()),
        ("seed_high", pa.float64()),
        *DECIDED,
    ]
)


def theme_counts(corpus: Corpus, unique: Unique, mask: Bools, themes: Ints, main: Ints) -> dict[str, int]:
    """Counts of a theme with the paragraphs of `mask` (n,), as paragraphs and as documents.

    paragraphs are unique ones and `published` all; documents (unique ones) and documents_published (copies too) have at
    least one such paragraph; documents_main are the unique ones whose main theme, `main` (d,), is the theme or one
    that it contains. `themes` (n,) is the theme of each paragraph.
    """
    once = np.zeros(len(mask), bool)
    once[unique.rows] = True
    homes, table = corpus.paragraphs["document_id"], corpus.documents
    original = pc.is_null(table["duplicate_of"]).to_numpy(zero_copy_only=False)
    having, filled = (
        pc.is_in(table["document_id"], value_set=pc.unique(rows)).to_numpy(zero_copy_only=False)
        for rows in (homes.filter(pa.array(mask)), homes)
    )
    return {
        "paragraphs": int((mask & once).sum()),
        "documents": int((having & original).sum()),
        "documents_main": int((original & filled & np.isin(main, np.unique(themes[mask]))).sum()),
        "documents_published": int(having.sum()),
        "published": int(mask.sum()),
    }


def shares_of_themes(estimates: Estimates) -> dict[str, tuple[Any, Any, Any]]:
    """Theme -> its share of unique paragraphs with the ends of its interval."""
    rows = estimates.prevalence.to_pylist()
    return {
        row["id"]: (row["estimate"], row["low"], row["high"])
        for row in rows
        if row["kind"] == "theme"
        and row["group_by"] is None
        and row["unit"] == "paragraph"
        and row["counting"] == "unique"
    }


def mostly_of_themes(estimates: Estimates) -> dict[int, dict[str, Any]]:
    """Theme -> the columns MOSTLY: which code it mostly carries, or why none can be named."""
    rows = estimates.mostly.to_pylist()
    return {row["theme"]: {name: row[name] for name in MOSTLY.names} for row in rows}


def _stability(discovery: Discovery, row: Mapping[str, Any]) -> dict[str, Any]:
    """How reliably a theme returns: a broader one by the hierarchies of the refits, none for -1."""
    theme = row["theme"]
    if row["level"] != 0 or theme == NOISE:
        return {name: row.get(name) for name in ("stability", "stability_low", "stability_high", "fragile")}
    mean, low, high = _nullable(discovery.stability[theme])
    return {"stability": mean, "stability_low": low, "stability_high": high, "fragile": bool(discovery.fragile[theme])}


def _with_seeds(returning: Floats, theme: int, level: int) -> dict[str, float | None]:
    """How reliably a theme returns with another seed; null for -1 and broader themes, which no fit gives by itself."""
    known = level == 0 and theme != NOISE
    values = _nullable(returning[theme]) if known else [None] * 3
    return dict(zip(("seed_stability", "seed_low", "seed_high"), values, strict=True))


def codes(results: Results) -> Table:
    """Every paragraph x every code; a copy carries its canonical one's decision, and its quote if it has the words.

    `coders` is the verdict of the paragraph's coders on the code: confirmed, refused, disputed; null if uncoded.
    `coders_kind` is whether they are people or machines.
    """
    table = coded_paragraphs(results.corpus, results.unique, results.coding)
    verdict_of = verdicts(results)
    copies = {row["paragraph_id"]: row["duplicate_of"] or row["paragraph_id"]
              for row in results.corpus.paragraphs.select(["paragraph_id", "duplicate_of"]).to_pylist()}  # fmt: skip
    pairs = zip(table["paragraph_id"].to_pylist(), table["code"].to_pylist(), strict=True)
    words = [verdict_of.get((copies[paragraph], code)) for paragraph, code in pairs]
    kind = results.human.kind if results.human else None
    table = table.append_column("coders", pa.array(words, pa.string()))
    return table.append_column("coders_kind", pa.array([kind if word else None for word in words], pa.string()))


def coded_paragraphs(corpus: Corpus, unique: Unique, coding: Coding | None) -> Table:
    """Every paragraph x every code with its decision and evidence, copies included; every quote checked."""
    if coding is None:
        return CODES.empty_table()
    from toolkit.coding.check_quotes import check_evidence

    table = _with_copies(corpus, unique, coding.codes.select(CODES.names))
    check_evidence(table, corpus.paragraphs)
    return table


def verdicts(results: Results) -> Mapping[tuple[str, str], str]:
    """(paragraph, code) -> the verdict of the coders; empty if nobody coded."""
    from toolkit.codebook.verdicts import verdicts

    human, codebook = results.human, results.codebook
    return {} if human is None or codebook is None else verdicts(human.reference.by_coder(), codebook.parents)


def thresholds(results: Results) -> Table:
    """A row a code: its threshold, and its badge with the scores behind it."""
    from toolkit.codebook.badges import COLUMNS, badges
    from toolkit.codebook.kinds import reference_marks
    from toolkit.coding.code import THRESHOLDS
    from toolkit.coding.stance_classes import asked

    coding = results.coding
    themes = results.codebook.themes if results.codebook else ()
    stance = {code.id for code in themes if any(value > 0 for value in asked(code))}
    table = coding.thresholds if coding else THRESHOLDS.empty_table()
    marks = set(reference_marks(coding.human)["paragraph_id"].to_pylist()) if coding else set()
    paragraphs = results.unique_paragraphs
    pairs = zip(paragraphs["paragraph_id"].to_pylist(), paragraphs["document_id"].to_pylist(), strict=True)
    documents = len({document for paragraph, document in pairs if paragraph in marks})
    codes = table["code"].to_pylist()
    made = badges(coding.scored.to_pylist(), codes, documents, stance) if coding else COLUMNS.empty_table()
    for name in COLUMNS.names[1:]:
        table = table.append_column(COLUMNS.field(name), made[name])
    return table


def disagreements(results: Results) -> Table:
    """Where coders disagree with each other, and the machine with them; empty without their codes."""
    from toolkit.codebook.disagreement import DISAGREEMENTS, disagreements

    coding, human, paragraphs = results.coding, results.human, results.unique_paragraphs
    if coding is None or results.codebook is None or human is None or not human.marks.num_rows:
        return DISAGREEMENTS.empty_table()
    codes_of: dict[str, set[str]] = {name: set() for name in paragraphs["paragraph_id"].to_pylist()}
    for row in coding.codes.filter(coding.codes["assigned"]).to_pylist():
        codes_of[row["paragraph_id"]].add(row["code"])
    machine = {name: frozenset(codes) for name, codes in codes_of.items()}
    ids, by_coder = results.codebook.ids, human.reference.by_coder()
    return disagreements(by_coder, machine, ids, paragraphs, human.kind, human.machines.by_coder())


def _with_copies(corpus: Corpus, unique: Unique, table: Table) -> Table:
    """A table of unique paragraphs x codes, copies included."""
    if len(unique.of) == len(unique.rows):
        return table
    n_codes = table.num_rows // len(unique.rows)
    picks = (unique.of[:, None].astype(np.int64) * n_codes + np.arange(n_codes)).ravel()
    spread = table.take(pa.array(picks)).to_pylist()
    rows = corpus.paragraphs.select(["paragraph_id", "start", "text"]).to_pylist()
    canonical = set(unique.rows.tolist())
    for index, paragraph in enumerate(rows):
        if index not in canonical:
            for row in spread[index * n_codes : (index + 1) * n_codes]:
                _to_copy(row, paragraph)
    return pa.Table.from_pylist(spread, CODES)


def _to_copy(row: dict[str, Any], paragraph: Mapping[str, Any]) -> None:
    row["paragraph_id"] = paragraph["paragraph_id"]
    at = paragraph["text"].find(row["quote"]) if row["quote"] else -1
    if at < 0:
        row["start"] = row["end"] = row["quote"] = row["quote_score"] = None
    else:
        row["start"] = paragraph["start"] + at
        row["end"] = row["start"] + len(row["quote"])


def halves(table: Table, paragraphs: Table) -> Table:
    """The best division of each theme in two, by paragraph id."""
    ids = paragraphs["paragraph_id"].combine_chunks().take(table["row"].combine_chunks())
    at = table.column_names.index("row")
    return table.set_column(at, "paragraph_id", ids)


def neighbours(table: Table, paragraphs: Table) -> Table:
    """Nearest neighbours among unique paragraphs (filled for small corpora), by paragraph id."""
    ids = paragraphs["paragraph_id"].combine_chunks()
    return pa.table(
        {
            "paragraph_id": ids.take(table["row"].combine_chunks()),
            "neighbour_id": ids.take(table["neighbour"].combine_chunks()),
            "similarity": table["similarity"],
        }
    )


def notes(results: Results) -> Table:
    """Every fallback and limit that a stage stated, in stage order."""
    rows = [{"stage": name, "text": text} for name, value in results.by_stage() for text in getattr(value, "notes", ())]
    return pa.Table.from_pylist(rows, pa.schema([("stage", pa.string()), ("text", pa.string())]))


def methods(results: Results) -> Table:
    """What each stage did, in a sentence or two of its own."""
    rows = [{"stage": name, "text": value.method} for name, value in results.by_stage() if getattr(value, "method", "")]
    return pa.Table.from_pylist(rows, pa.schema([("stage", pa.string()), ("text", pa.string())]))


def works(results: Results) -> Table:
    """Keys of the works that each stage's result rests on, each stage's in their order."""
    rows = [{"stage": name, "work": key} for name, value in results.by_stage() for key in sorted({*value.works})]
    return pa.Table.from_pylist(rows, pa.schema([("stage", pa.string()), ("work", pa.string())]))
