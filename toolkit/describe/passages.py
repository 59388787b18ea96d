"""The paragraphs that describe themes, with everything that all divisions of them share computed once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property

from toolkit.describe.exemplars import Paragraphs
from toolkit.describe.material import Encode
from toolkit.describe.naming import Texts
from toolkit.describe.phrases import Terms, count_terms
from toolkit.describe.settings import DescribeSettings
from toolkit.describe.words import read_words
from toolkit.text.reading_form import ReadingForm, form_of_parts, texts_as_read
from toolkit.values import Table, Vectors


class Passages:
    """n unique paragraphs with all inputs of a description.

    table: paragraph_id, document_id, start, text, and optionally heading and read_as; vectors (n, d) unit rows.
    `encode` compares phrases and words with paragraphs; without it, names depend on words only. `languages`, one per
    text, decide on stop words and grammar; phrases of `titles`, document_id -> title, may name a theme.
    """

    def __init__(
        self,
        table: Table,
        vectors: Vectors,
        encode: Encode | None = None,
        languages: Sequence[str | None] | None = None,
        titles: Mapping[str, str] | None = None,
    ) -> None:
        self.table, self.vectors, self.encode = table, vectors, encode
        self.languages, self.titles = languages, titles or {}
        self._terms: dict[tuple[Hashable, ...], Terms] = {}

    @cached_property
    def paragraphs(self) -> Paragraphs:
        """Ids, documents, starts and texts."""
        return Paragraphs(*(self.table[name].to_pylist() for name in ("paragraph_id", "document_id", "start", "text")))

    @cached_property
    def read(self) -> list[str]:
        """The texts as the model reads them."""
        return texts_as_read(self.table)

    @cached_property
    def form(self) -> ReadingForm:
        """The form in which the model reads parts of the texts."""
        return form_of_parts(self.table)

    @cached_property
    def named_by(self) -> Texts:
        """The texts with their titles and headings."""
        texts = with_headings(self.table, self.read, self.titles)
        return Texts(texts, self.paragraphs.documents, self.languages, self.vectors)

    def terms(self, settings: DescribeSettings) -> Terms:
        """Their words and phrases."""
        key = (settings.stop_words, settings.phrase_words)
        if key not in self._terms:
            self._terms[key] = terms_of(settings, self.read, self.languages)
        return self._terms[key]


def terms_of(settings: DescribeSettings, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> Terms:
    """The words and phrases of all texts, counted once; `languages`, one per text, decide on stop words."""
    return count_terms(read_words(texts, settings.stop_words, languages), len(texts), settings.phrase_words)


def with_headings(table: Table, texts: Sequence[str], titles: Mapping[str, str]) -> list[str]:
    """The texts, with the title before the first of each document and each heading before the first below it."""
    documents = table["document_id"].to_pylist()
    headings = table["heading"].to_pylist() if "heading" in table.column_names else [None] * len(documents)
    seen: set[tuple[str, str]] = set()
    made = []
    for document, heading, text in zip(documents, headings, texts, strict=True):
        above = [line.strip() for line in (titles.get(document), heading) if line and line.strip()]
        new = [line for line in dict.fromkeys(above) if (document, line) not in seen and not text.startswith(line)]
        seen.update((document, line) for line in above)
        made.append("\n".join([*(f"{line}." for line in new), text]))
    return made
