"""The `corpus` block of a config: what is read, what is left out, how text becomes paragraphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from toolkit.corpus.path_pattern import path_expression
from toolkit.errors import nearest
from toolkit.settings import Settings


class CleanSettings(Settings):
    """The active cleaning rules. A rule's name is the reason in the ledger."""

    enabled: bool = Field(
        True,
        description="Turn off all cleaning rules at once (headings are still removed). Rules are made for articles "
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
    byline: bool = Field(True, description="Authors, editors and photographers, on separate lines.")
    date_line: bool = Field(True, description="Dates, times and reading times on separate lines.")
    dateline: bool = Field(True, description="Place and agency before a story's first sentence: 'BEIJING (XX) - '.")
    bio: bool = Field(True, description="Description of the author, at the end.")
    contact: bool = Field(True, description="Press contacts, telephone numbers, mail addresses at the end.")
    tags: bool = Field(True, description="Tags, topics and keywords.")
    caption: bool = Field(True, description="Captions and credits of pictures.")
    furniture: bool = Field(True, description="Page numbers, running headers and footers of paged documents.")
    footnote: bool = Field(True, description="Footnotes and endnotes.")
    attachment: bool = Field(True, description="Lines that name what is attached: 'Attachments: …', 'Annex: …'.")
    masthead: bool = Field(True, description="Lines above the text that are neither title, heading nor sentence.")
    imprint: bool = Field(True, description="Below the text: on the outlet, its makers, its terms (by a score).")
    appeal: bool = Field(True, description="Short blocks between paragraphs that address the reader of the outlet.")
    separator: bool = Field(True, description="Lines without a letter or digit, and end marks.")
    quoted: bool = Field(True, description="Quoted lines of an earlier message in a mail.")
    signature: bool = Field(True, description="The signature of a mail, below a line of two dashes.")
    repeated: bool = Field(True, description="Short lines at the edges of several documents of one source.")
    non_answer: bool = Field(
        True, description="Rows of a table without content: 'n/a', 'don't know', 'none', '[deleted]' and similar."
    )
    patterns: Mapping[str, str] = Field(
        default_factory=dict,
        description="Additional rules: a name (the reason in the ledger) and a regular expression.",
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
    """The rules for splitting text into paragraphs. Words: see `toolkit.corpus.words`."""

    min_words: int = Field(8, ge=0, le=200, description="Shorter paragraphs are joined to one under the same heading.")
    max_words: int | None = Field(
        300, ge=30, description="Longer paragraphs are cut at sentence ends into even pieces; null: never."
    )
    headings: bool = Field(
        True,
        description="Find headings in text without markup by their form; turn it off for mail, forum posts and code.",
    )


class SpeakerSettings(Settings):
    """Transcripts: the speakers, and the speakers whose turns are removed."""

    find: bool | Literal["auto"] = Field(
        "auto",
        description="auto: labels such as 'Interviewer:' are speakers if they recur and alternate; true: every "
        "name and colon at the head of a line is a speaker; false: there are no speakers.",
    )
    names: tuple[str, ...] = Field(
        (), description="Labels that are always speakers; * is any text: ['Anna', 'Speaker *']."
    )
    labels: Literal["text", "ledger"] = Field(
        "text",
        description="The place of a turn's label: the head of its first paragraph (models and keywords read the "
        "paragraph without it), or the ledger.",
    )
    leave_out: tuple[str, ...] = Field(
        (), description="Speakers whose turns are removed, for example ['Interviewer', 'I', 'INT*']; * is any text."
    )


class DuplicateSettings(Settings):
    """The criteria for duplicates: Jaccard similarity of sets of word pairs (bigrams)."""

    enabled: bool = Field(True, description="Whether duplicates are detected.")
    paragraph: float = Field(0.75, gt=0.3, le=1, description="Paragraphs at least this similar, with the same numbers.")
    document: float = Field(0.6, gt=0.3, le=1, description="Documents at least this similar are copies of one story.")
    within: float = Field(0.4, gt=0.1, le=1, description="Paragraphs at least this similar inside two such copies.")
    min_words: int = Field(8, ge=3, description="Shorter paragraphs are duplicates only if they are equal.")


class LimitSettings(Settings):
    """Limits beyond which a file is unreadable: a guard against hostile and broken files."""

    max_file_mb: float = Field(50, gt=0, description="Largest text, HTML, PDF or DOCX file.")
    max_table_mb: float = Field(4000, gt=0, description="Largest table; tables are read row by row.")
    max_row_chars: int = Field(5_000_000, ge=1000, description="Longest line or cell of a table.")
    max_unzipped_mb: float = Field(300, gt=0, description="Largest content of a .docx, .xlsx or .gz, unpacked.")
    max_pages: int = Field(3000, ge=1, description="Maximum number of pages read from a PDF.")
    max_pdf_seconds: float = Field(120, gt=0, description="Maximum time for reading one PDF.")
    max_pdf_mb: int = Field(2000, ge=200, description="Maximum memory for reading one PDF.")
    max_files: int = Field(200_000, ge=1, description="Maximum number of files in a corpus.")
    max_documents: int = Field(
        1_000_000, ge=1, description="Maximum number of documents (files and table rows) in a corpus."
    )


COLUMNS = ("text", "id", "title", "source", "date", "url", "label", "author", "speaker", "keep")
LISTS = ("text", "keep")
EXPECTED = {"text": "a column name or a list of column names", "keep": "a list of column names"}


class CorpusSettings(Settings):
    """The files of the corpus, and how they become paragraphs."""

    path: str = Field(description="A file, a folder (read with its subfolders) or a glob.")
    kind: Literal["texts", "survey"] = Field(
        "texts",
        description="`survey`: each row of a table is a respondent. Equal answers count each time, columns with few "
        "values become groups, and cleaning rules for articles are not applied.",
    )
    metadata: str | None = Field(None, description="A sidecar table with a column of file names.")
    columns: Mapping[str, Any] = Field(
        default_factory=dict,
        description="For tables: the columns for text, id, title, source, date, url, label; `keep` lists more. A list "
        "under `text` is joined by blank lines; fields of nested JSON have their path as name (`data.text`); "
        "null: no such column (`id: null` numbers the rows).",
    )
    header_row: int | None = Field(
        None,
        ge=0,
        description="The row of a table's file that names its columns (blank rows count, the first is 1); 0 if there "
        "is none. By default it is detected.",
    )
    skip_rows: int | tuple[int, ...] | None = Field(
        None,
        description="Rows of a table that are no documents: a number of rows below the header, or a list of row "
        "numbers of the file. By default rows of labels below the header are detected; 0: none.",
    )
    path_pattern: str | None = Field(
        None,
        description="Metadata in the names of folders and files: '{party}/{year}.txt'. `{date}`, `{source}`, "
        "`{title}`, `{url}` and `{label}` fill these columns, others become columns; `{_}` and `*` are ignored.",
    )
    split_documents: str | bool = Field(
        "auto",
        description="How a file with several articles is split into documents. auto: exports of known archives (Nexis, "
        "Factiva, Europresse, ProQuest, RIS, …) are split, and other files that look like several articles are noted; "
        "false: one document per file; else a regular expression. A match begins a document that ends at the next "
        "match, and its named groups are metadata (title, source, date, author, section, …). A pattern without named "
        "groups is a separator: then the text before the first match is a document, too.",
    )
    unit: Literal["paragraph", "document", "sentence"] = Field(
        "paragraph", description="The unit of embedding and coding."
    )
    read_as: Literal["plain", "verbatim"] = Field(
        "plain",
        description="The text of a paragraph for models and keywords: `plain` is without links, handles, mail "
        "addresses, entities and marks, with broken words joined; quotes are always verbatim.",
    )
    languages: tuple[str, ...] | None = Field(None, description="Languages to keep (ISO 639-1); all if not given.")
    day_first: bool | None = Field(
        None,
        description="The reading of 03/04/2024. By default the whole column decides (a number above 12 is a day); "
        "if nothing decides, such dates are not read, and a note reports it.",
    )
    file_dates: Literal["none", "name", "properties"] = Field(
        "name",
        description="The date of a document that states none. `name`: a date in the file's name that is separate from "
        "the other words, as in `2024-12-06_metals.md`; never a name with a time of day or a name from an archive, a "
        "download or a scan, and never a file of several documents. `properties`: the same, else the creation date of "
        "a PDF or Word file. `none`: neither. A note names each document with such a date.",
    )
    encoding: str | Mapping[str, str] | None = Field(
        None,
        description="The encoding of all files (a name that Python knows: cp1251, koi8-r, ...), or globs of file names "
        "and their encodings, of which the first that matches decides; detected if not given.",
    )
    clean: CleanSettings = Field(default_factory=CleanSettings, description="The active cleaning rules.")
    split: SplitSettings = Field(default_factory=SplitSettings, description="The splitting into paragraphs.")
    speakers: SpeakerSettings = Field(
        default_factory=SpeakerSettings, description="Transcripts: the speakers, and those whose turns are removed."
    )
    duplicates: DuplicateSettings = Field(default_factory=DuplicateSettings, description="The criteria for duplicates.")
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
