"""Tables and markup under a .txt name are read as what they are; prose with commas stays prose."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept, reasons

FERRY = "Fares on the island ferry rise by nine percent."
ROOF = "The roof leaks in two places."
TABLES = {
    "json": f'[{{"id": 1, "text": "{FERRY}"}}, {{"id": 2, "text": "{ROOF}"}}]',
    "jsonl": f'{{"id": 1, "text": "{FERRY}"}}\n{{"id": 2, "text": "{ROOF}"}}\n',
    "csv": f'id,"text"\r\n1,"{FERRY}"\r\n2,"{ROOF}"\r\n',
    "semicolons": f"\ufeffID;Text\n1;{FERRY}\n2;{ROOF}\n",
    "tsv": f"text\tid\n{FERRY}\t1\n{ROOF}\t2\n",
}


@pytest.mark.parametrize("form", TABLES)
def test_a_table_in_a_text_file_is_read_row_by_row_with_a_note(tmp_path: Path, form: str) -> None:
    corpus = built(tmp_path, {"a.txt": TABLES[form]})
    assert kept(corpus) == [FERRY, ROOF]
    assert column(corpus.documents, "document_id") == ["1", "2"]
    assert all("a table in a text file" in " ".join(notes) for notes in column(corpus.documents, "notes"))


@pytest.mark.parametrize(
    "text",
    [
        "The text, she said, is long.\nThe text, he said, is old.\nThe text, I said, is lost.\n",
        "text, story\n\nThis is a note on two words, and on nothing else that anybody could think of.\n",
        "[1] The first note is about the ferry.\n[2] The second is about the roof.\n",
        '{"a": the beginning of a text that is no JSON at all, though it looks like it.\n',
    ],
)
def test_prose_is_no_table(tmp_path: Path, text: str) -> None:
    corpus = built(tmp_path, {"a.txt": text})
    assert column(corpus.documents, "document_id") == ["a.txt"]
    assert column(corpus.documents, "format") == ["txt"]


def test_a_note_in_a_sentence_of_xml_leaves_it(tmp_path: Path) -> None:
    text = f'<text><p>The old roof<note n="1">See Lind.</note> leaks badly.</p><note>{ROOF}</note></text>'
    corpus = built(tmp_path, {"a.txt": text})
    assert " ".join(kept(corpus)) == f"The old roof leaks badly. {ROOF}"
    assert reasons(corpus)["See Lind."] == "footnote"


def test_numbers_of_documents_in_sgml_are_no_text(tmp_path: Path) -> None:
    one = f"<DOC>\n<DOCNO> AP890101-000{{}} </DOCNO>\n<TEXT>\n{FERRY} {ROOF} {FERRY}\n</TEXT>\n</DOC>\n"
    corpus = built(tmp_path, {"a.txt": one.format(1) + one.format(2)})
    assert not any("AP8901" in text for text in kept(corpus))
    assert any("looks like 2 articles" in note for note in document(corpus, "a.txt")["notes"])
