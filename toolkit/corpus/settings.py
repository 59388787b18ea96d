"""The `corpus` block of a config: what is read, what is left out, how text becomes paragraphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from toolkit.corpus.path_pattern import path_expression
from toolkit.errors import nearest
from toolkit.settings import Settings


class CleanSettings(Settings):
    """Which cleaning rules run. A rule's name is the reason that stands in the ledger."""

    enabled: bool = Field(
        True,
        description="Turn every cleaning rule off at once (headings still leave the text). Rules are made for articles "
        "and reports: turn them off for mail, forum posts and code.",
    )
    navigation: bool = Field(True, description="Menus, breadcrumbs, skip links, table of contents, next/previous.")
    read_more: bool = Field(True, description="'Read more', 'Continue reading', 'See also: …', 'Click here'.")
    related: bool = Field(True, description="Lists of other articles: 'Related articles' and the teasers after it.")
    share: bool = Field(True, description="Share, print, save, listen and follow widgets.")
    comments: bool = Field(True, description="Comment counts, comment forms and readers' comments at the end.")
    copyright: bool = Field(True, description="Copyright lines and notices on reproduction.")
    syndication: bool = Field(True, description="'This article originally appeared on …', source lines.")
    disclaimer: bool = Field(True, description="Views-are-the-author's-own, no advice, machine-written notices.")
    note: bool = Field(True, description="Editor's notes and corrections.")
    cookies: bool = Field(True, description="Cookie and consent notices.")
    newsletter: bool = Field(True, description="Newsletter, subscription, paywall and donation lines.")
    advertisement: bool = Field(True, description="'Advertisement', 'Story continues below'.")
    promotion: bool = Field(True, description="The outlet's promotion of its own products.")
    byline: bool = Field(True, description="Who wrote, edited or photographed, on lines of their own.")
    date_line: bool = Field(True, description="Dates, times and reading times on lines of their own.")
    dateline: bool = Field(True, description="Place and agency before a story's first sentence: 'BEIJING (XX) - '.")
    bio: bool = Field(True, description="Who the author is, at the end.")
    contact: bool = Field(True, description="Press contacts, telephone numbers, mail addresses at the end.")
    tags: bool = Field(True, description="Tags, topics and keywords.")
    caption: bool = Field(True, description="Captions and credits of pictures.")
    furniture: bool = Field(True, description="Page numbers, running headers and footers of paged documents.")
    footnote: bool = Field(True, description="Footnotes and endnotes.")
    attachment: bool = Field(True, description="Lines that name what is attached: 'Attachments: …', 'Annex: …'.")
    masthead: bool = Field(True, description="Lines above the text that are neither title, heading nor sentence.")
    imprint: bool = Field(True, description="Below the text: of the outlet, its makers, its terms (weighed signs).")
    appeal: bool = Field(True, description="Short blocks between paragraphs that speak to the reader of the outlet.")
    separator: bool = Field(True, description="Lines without a letter or digit, and end marks.")
    quoted: bool = Field(True, description="Lines of an earlier message that a mail quotes.")
    signature: bool = Field(True, description="The signature of a mail, below a line of two dashes.")
    repeated: bool = Field(True, description="Short lines at the edges of several documents of one source.")
    non_answer: bool = Field(
        True, description="Rows of a table that only say 'n/a', 'don't know', 'none', '[deleted]' and the like."
    )
    patterns: Mapping[str, str] = Field(
        default_factory=dict, description="Own rules: a name (the reason in the ledger) and a regular expression."
    )

    @field_validator("patterns")
    @classmethod
    def _compiles(cls, patterns: Mapping[str, str]) -> Mapping[str, str]:
        import re

        for name, pattern in patterns.items():
            try:
                re.compile(pattern)
            except re.error as fault:
                raise ValueError(f"pattern {name!r} is no regular expression: {fault}") from None
        return patterns

    def on(self, rule: str) -> bool:
        """Whether a rule runs."""
        return self.enabled and (rule in self.patterns or bool(getattr(self, rule, False)))


class SplitSettings(Settings):
    """How text becomes paragraphs. Words: see `toolkit.corpus.words`."""

    min_words: int = Field(8, ge=0, le=200, description="Shorter paragraphs join a neighbour under the same heading.")
    max_words: int | None = Field(
        300, ge=30, description="Longer paragraphs are cut at sentence ends into even pieces; null: never."
    )
    headings: bool = Field(
        True,
        description="Find headings in text without markup by their form; turn it off for mail, forum posts and code.",
    )


class SpeakerSettings(Settings):
    """Transcripts: who speaks, and whose turns leave the text."""

    find: bool | Literal["auto"] = Field(
        "auto",
        description="auto: labels such as 'Interviewer:' are speakers where they recur and take turns; true: every "
        "label of a name and a colon at the head of a line is one; false: none is.",
    )
    names: tuple[str, ...] = Field(
        (), description="Labels that are speakers in any case; * is any text: ['Anna', 'Speaker *']."
    )
    labels: Literal["text", "ledger"] = Field(
        "text",
        description="Where the label of a turn goes: to the head of its first paragraph (models and keywords read the "
        "paragraph without it), or out of the text.",
    )
    leave_out: tuple[str, ...] = Field(
        (), description="Speakers whose turns leave the text, for example ['Interviewer', 'I', 'INT*']; * is any text."
    )


class DuplicateSettings(Settings):
    """When two texts count as one. Word pairs are compared (Jaccard similarity of sets of bigrams)."""

    enabled: bool = Field(True, description="Find duplicates at all.")
    paragraph: float = Field(0.75, gt=0.3, le=1, description="Paragraphs at least this similar, with the same numbers.")
    document: float = Field(0.6, gt=0.3, le=1, description="Documents at least this similar are copies of one story.")
    within: float = Field(0.4, gt=0.1, le=1, description="Paragraphs at least this similar inside two such copies.")
    min_words: int = Field(8, ge=3, description="Shorter paragraphs are compared for equality alone.")


class LimitSettings(Settings):
    """What is read of one file before it is called unreadable: a guard against hostile and broken files."""

    max_file_mb: float = Field(50, gt=0, description="Largest text, HTML, PDF or DOCX file.")
    max_table_mb: float = Field(4000, gt=0, description="Largest table; tables are read row by row.")
    max_row_chars: int = Field(5_000_000, ge=1000, description="Longest line or cell of a table.")
    max_unzipped_mb: float = Field(300, gt=0, description="Largest content of a .docx, .xlsx or .gz, unpacked.")
    max_pages: int = Field(3000, ge=1, description="Pages read of one PDF.")
    max_pdf_seconds: float = Field(120, gt=0, description="Longest time that reading one PDF may take.")
    max_pdf_mb: int = Field(2000, ge=200, description="Most memory that reading one PDF may take.")
    max_files: int = Field(200_000, ge=1, description="Files in one corpus.")
    max_documents: int = Field(1_000_000, ge=1, description="Documents (files and rows of tables) in one corpus.")


COLUMNS = ("text", "id", "title", "source", "date", "url", "label", "author", "speaker", "keep")
LISTS = ("text", "keep")
EXPECTED = {"text": "a column name or a list of column names", "keep": "a list of column names"}


class CorpusSettings(Settings):
    """What is read and how it becomes paragraphs."""

    path: str = Field(description="A file, a folder (read with its subfolders) or a glob.")
    kind: Literal["texts", "survey"] = Field(
        "texts",
        description="`survey`: each row of a table is a respondent. Equal answers count each time, columns with few "
        "values become groups, and cleaning rules for articles do not run.",
    )
    metadata: str | None = Field(None, description="A sidecar table with a column of file names.")
    columns: Mapping[str, Any] = Field(
        default_factory=dict,
        description="For tables: which column is text, id, title, source, date, url, label; `keep` lists more. A list "
        "under `text` is joined by blank lines; fields of nested JSON are named by their path (`data.text`); "
        "null: no such column (`id: null` numbers the rows).",
    )
    header_row: int | None = Field(
        None,
        ge=0,
        description="The row of a table's file that names its columns (blank rows count, the first is 1); 0 if no row "
        "does. By default it is looked for.",
    )
    skip_rows: int | tuple[int, ...] | None = Field(
        None,
        description="Rows of a table that are no documents: how many below the header, or a list of row numbers of the "
        "file. By default rows of labels below the header are looked for; 0: none.",
    )
    path_pattern: str | None = Field(
        None,
        description="Metadata in the names of folders and files: '{party}/{year}.txt'. `{date}`, `{source}`, "
        "`{title}`, `{url}` and `{label}` go to these columns, other names become columns; `{_}` and `*` are ignored.",
    )
    split_documents: str | bool = Field(
        "auto",
        description="How a file with several articles becomes documents. auto: exports of known archives (Nexis, "
        "Factiva, Europresse, ProQuest, RIS, …) are split, and other files that look like several articles are noted; "
        "false: one document a file; else a regular expression. A match begins a document that reaches to the next "
        "match, and its named groups are metadata (title, source, date, author, section, …). A pattern without named "
        "groups is a separator: then the text before the first match is a document too.",
    )
    unit: Literal["paragraph", "document", "sentence"] = Field("paragraph", description="What is embedded and coded.")
    read_as: Literal["plain", "verbatim"] = Field(
        "plain",
        description="What models and keywords read of a paragraph: `plain` is without links, handles, mail addresses, "
        "entities and marks, words parted at line ends joined; quotes are verbatim either way.",
    )
    languages: tuple[str, ...] | None = Field(None, description="Languages to keep (ISO 639-1); all if not given.")
    day_first: bool | None = Field(
        None,
        description="How 03/04/2024 is read. If not given, the whole column decides (a number above 12 is a day); "
        "where nothing decides, such dates are not read, and a note says so.",
    )
    file_dates: Literal["none", "name", "properties"] = Field(
        "name",
        description="What dates a document that names no date. `name`: a date in the file's name where it is parted "
        "from the other words, as in `2024-12-06_metals.md`; never a name with a time of day or one that an archive, a "
        "download or a scan gave, and never a file of several documents. `properties`: that, else when a PDF or Word "
        "file was made. `none`: neither. A note names each document dated so.",
    )
    encoding: str | Mapping[str, str] | None = Field(
        None,
        description="The encoding of all files (a name that Python knows: cp1251, koi8-r, ...), or globs of file names "
        "and their encodings, of which the first that matches decides; detected if not given.",
    )
    clean: CleanSettings = Field(default_factory=CleanSettings, description="Which cleaning rules run.")
    split: SplitSettings = Field(default_factory=SplitSettings, description="How text becomes paragraphs.")
    speakers: SpeakerSettings = Field(
        default_factory=SpeakerSettings, description="Transcripts: who speaks, and whose turns leave the text."
    )
    duplicates: DuplicateSettings = Field(default_factory=DuplicateSettings, description="When two texts count as one.")
    limits: LimitSettings = Field(default_factory=LimitSettings, description="Guards against broken files.")

    @field_validator("split_documents", mode="before")
    @classmethod
    def _splits(cls, value: Any) -> Any:
        import re

        if value is None or value is True:
            return "auto"
        try:
            re.compile(value if isinstance(value, str) else "")
        except re.error as fault:
            raise ValueError(f"{value!r} is no regular expression: {fault}; or give auto or false") from None
        return value

    @field_validator("columns")
    @classmethod
    def _known(cls, columns: Mapping[str, Any]) -> Mapping[str, Any]:
        for key, value in columns.items():
            if key not in COLUMNS:
                raise ValueError(f"unknown column role {key!r}{nearest(key, COLUMNS)}; allowed: {', '.join(COLUMNS)}")
            listed = isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value) and value
            if not (value is None or (isinstance(value, str) and key != "keep") or (key in LISTS and listed)):
                raise ValueError(f"{key}: expected {EXPECTED.get(key, 'a column name, or null for none')}")
        if "text" in columns and columns["text"] is None:
            raise ValueError("text: expected a column name or a list of them; a document needs a text")
        return columns

    @field_validator("path_pattern")
    @classmethod
    def _parses(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            path_expression(pattern)
        return pattern

    @field_validator("encoding")
    @classmethod
    def _encodings(cls, value: str | Mapping[str, str] | None) -> str | Mapping[str, str] | None:
        if value is None:
            return None
        from toolkit.corpus.encodings import codec_fault  # imports the word lists of encoding detection

        for name in (value,) if isinstance(value, str) else value.values():
            if fault := codec_fault(name):
                raise ValueError(fault)
        return value

    @field_validator("languages")
    @classmethod
    def _codes(cls, codes: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for code in codes or ():
            if not (len(code) in (2, 3) and code.isalpha() and code.islower()):
                raise ValueError(f"{code!r} is no language code; use ISO 639-1, for example en or zh")
        return codes

    def for_file(self, path: str) -> CorpusSettings:
        """The settings with which a file is read: `encoding` is the one for it."""
        if self.encoding is None or isinstance(self.encoding, str):
            return self
        from toolkit.corpus.encodings import encoding_for

        return self.model_copy(update={"encoding": encoding_for(self.encoding, path)})

    @property
    def file_encoding(self) -> str | None:
        """The encoding of the file that these settings are for (`for_file`)."""
        return self.encoding if isinstance(self.encoding, str) else None
