"""Columns that a stage guarantees; a table may have more (`documents` also has the kept metadata columns)."""

from __future__ import annotations

import pyarrow as pa

PERSON, MACHINE = "person", "machine"
"""Kinds of coders. Codes of machines (language models, keyword lists) never count as agreement of people."""
ROW_FORMATS = frozenset({"csv", "tsv", "xlsx", "jsonl", "json", "parquet"})
"""Formats whose documents are rows of a table."""
DOCUMENTS = pa.schema(
    [
        ("document_id", pa.string()),
        ("title", pa.string()),
        ("source", pa.string()),
        ("date", pa.string()),  # ISO 8601, as precise as the source (2024, 2024-05 or 2024-05-01)
        ("url", pa.string()),
        ("path", pa.string()),  # relative to the corpus root, forward slashes
        ("sha256", pa.string()),  # of the file's bytes; of the row's text for a table
        ("words", pa.int32()),
        ("paragraphs", pa.int32()),
        ("duplicate_of", pa.string()),
        ("language", pa.string()),
        ("label", pa.string()),
        ("format", pa.string()),
        ("notes", pa.list_(pa.string())),  # encoding guessed, mojibake repaired, date not understood, ...
        ("extracted", pa.bool_()),  # true: offsets refer to sources/, not to the file's decoded text
    ]
)
PARAGRAPHS = pa.schema(
    [
        ("paragraph_id", pa.string()),
        ("document_id", pa.string()),
        ("position", pa.int32()),  # 1 for the first paragraph of its document
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("text", pa.large_string()),
        ("heading", pa.string()),
        ("words", pa.int32()),
        ("duplicate_of", pa.string()),
    ]
)
TURNS = pa.schema([("speaker", pa.string()), ("time", pa.string())])
"""Additional columns of the paragraphs of a corpus with transcripts: null without a named speaker."""
LEDGER = pa.schema(
    [
        ("document_id", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("text", pa.large_string()),
        ("reason", pa.string()),
    ]
)
LEVELS = pa.schema([("theme", pa.int32()), ("level", pa.int32()), ("parent", pa.int32())])
DIVISIONS = pa.schema(
    [
        ("themes", pa.int32()),  # that the division keeps
        ("resolution", pa.float64()),
        ("resolution_low", pa.float64()),  # of the plateau: resolutions around that divide alike
        ("resolution_high", pa.float64()),
        ("agreement", pa.float64()),  # mean adjusted Rand index between refits
        ("score", pa.float64()),  # the criterion of the choice
        ("score_error", pa.float64()),  # standard error over refits
        ("gap", pa.float64()),  # score less that of the chosen division
        ("gap_error", pa.float64()),  # standard error of this difference over the refits that both have
        ("refits", pa.int32()),  # that tried this resolution
        ("chosen", pa.bool_()),
        ("line", pa.string()),  # the config value for this division
    ]
)
"""Divisions of the same paragraphs at several resolutions, coarsest first, including the chosen one."""
DIVISION_NAMES = pa.schema([("division", pa.int32()), ("theme", pa.int32()), ("label", pa.string())])
"""Names of the themes of divisions not chosen, which are counted from 0, coarsest first."""
PLATEAUS = pa.schema(
    [
        *DIVISIONS,
        ("theme", pa.int32()),
        ("label", pa.string()),
        ("paragraphs", pa.int64()),  # unique ones
        ("documents", pa.int64()),  # unique ones with at least one such paragraph
        ("from_themes", pa.list_(pa.int32())),  # the run's themes that share paragraphs with this one, most first
        ("from_paragraphs", pa.list_(pa.int64())),  # how many of `paragraphs` each of these has
    ]
)
"""A row a theme of each division."""
THEME_WORDS = pa.schema(
    [
        ("theme", pa.int32()),
        ("label", pa.string()),
        ("keywords", pa.list_(pa.string())),
        ("weights", pa.list_(pa.float64())),
    ]
)
EXEMPLARS = pa.schema(
    [
        ("theme", pa.int32()),
        ("rank", pa.int32()),
        ("paragraph_id", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("quote", pa.large_string()),
    ]
)
ASKED = pa.schema(
    [
        ("theme", pa.int32()),
        ("model", pa.string()),
        ("temperature", pa.float64()),
        ("key", pa.string()),  # sha256 of model, temperature and prompt
        ("prompt", pa.large_string()),
        ("answer", pa.large_string()),
        ("label", pa.string()),  # its outcome; null if the words of the theme are used instead
    ]
)
OUTCOMES = pa.schema(
    [
        ("line", pa.int32()),  # the number of the decision, from 1
        ("do", pa.string()),
        ("theme", pa.string()),  # its subject: the label in the log, or the key
        ("who", pa.string()),
        ("when", pa.string()),
        ("why", pa.string()),
        ("outcome", pa.string()),  # applied, applied with overlap, in conflict
        ("overlap", pa.float64()),  # Jaccard similarity of the cores, or share of the paragraphs; null if exact
        ("reason", pa.string()),  # a whole sentence
        ("paragraphs", pa.int32()),  # unique paragraphs whose theme it changed; null for rename and note
        ("line_number", pa.int32()),  # in the log as write_log writes it
        ("themes", pa.list_(pa.int32())),  # its subject after all decisions
        ("name_or_note", pa.string()),  # the name or the note in it, else null
    ]
)
THEME_PAIRS = pa.schema(
    [
        ("theme", pa.int32()),  # the lower number of the two
        ("other", pa.int32()),
        ("together", pa.float64()),  # share of pairs of paragraphs, one of each, in one group; null without refits
        ("cosine", pa.float64()),  # of the two centroids
        ("refits", pa.int32()),  # that saw a paragraph of each: the denominator of the mean
    ]
)
HALVES = pa.schema(
    [
        ("theme", pa.int32()),
        ("row", pa.int32()),  # of the unique paragraphs
        ("half", pa.int32()),  # 0 the larger, 1 the smaller
        ("apart", pa.float64()),  # share of pairs, one of each half, in different groups; null without refits
        ("refits", pa.int32()),  # that saw a paragraph of each half
    ]
)
CODES = pa.schema(
    [
        ("paragraph_id", pa.string()),
        ("code", pa.string()),
        ("score", pa.float64()),
        ("probability", pa.float64()),
        ("assigned", pa.bool_()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("quote", pa.large_string()),
        ("quote_score", pa.float64()),  # support of the code by the quote alone, in (0, 1)
    ]
)
BY_SAMPLING, BY_SEEDS, BY_CODING = "sampling", "sampling and other seeds", "sampling and coding error"
"""The source of variation that the interval of a share covers."""
PREVALENCE = pa.schema(
    [
        ("kind", pa.string()),  # theme or code
        ("id", pa.string()),
        ("group_by", pa.string()),  # null for the whole corpus
        ("group", pa.string()),
        ("unit", pa.string()),  # paragraph; document: at least one such paragraph; document_main: its main theme
        ("counting", pa.string()),  # unique or published
        ("estimate", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("hits", pa.int64()),  # estimate = hits / n
        ("n", pa.int64()),  # the denominator: paragraphs or documents in the group
        ("method", pa.string()),
        ("interval_of", pa.string()),  # the variation that low and high cover (BY_SAMPLING …)
        ("sampling_low", pa.float64()),  # the limits from sampling alone
        ("sampling_high", pa.float64()),
    ]
)
CLAIMS = pa.schema(
    [
        ("claim", pa.int32()),  # its place in the config, from 1
        ("kind", pa.string()),
        ("code", pa.string()),
        ("other", pa.string()),  # the second code of `together`
        ("group_by", pa.string()),
        ("group", pa.string()),
        ("than", pa.string()),
        ("unit", pa.string()),
        ("measure", pa.string()),  # what the estimate is
        ("chance", pa.float64()),  # the estimate under the null hypothesis
        ("estimate", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("first", pa.float64()),  # the parts of the estimate
        ("second", pa.float64()),
        ("n", pa.int64()),
        ("n_second", pa.int64()),
        ("documents", pa.int64()),
        ("documents_second", pa.int64()),
        ("p", pa.float64()),
        ("p_adjusted", pa.float64()),
        ("verdict", pa.string()),
        ("reason", pa.string()),
        ("badge", pa.string()),  # of the code: unchecked, weak, uncertain, checked
        ("basis", pa.string()),
        ("interval_of", pa.string()),  # the variation that low and high cover (BY_SAMPLING, BY_CODING)
        ("machine", pa.float64()),  # the estimate from the machine's codes if `estimate` is corrected
        ("text", pa.string()),
        ("numbers", pa.string()),
    ]
)


def require_columns(table: pa.Table, schema: pa.Schema, what: str) -> None:
    """Raise ValueError unless `table` has every column of `schema` with its type (a bug of ours, not a fault)."""
    for column in schema:
        if column.name not in table.column_names:
            raise ValueError(f"{what} lacks the column {column.name!r}; it has {table.column_names}")
        if table.schema.field(column.name).type != column.type:
            given = table.schema.field(column.name).type
            raise ValueError(f"{what}.{column.name} is {given}, expected {column.type}")
