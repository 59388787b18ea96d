"""HTML and XML in a text file are read as pages and elements; signs between angle brackets elsewhere stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built, document, kept

DREDGE = "We must dredge the harbour before winter comes to the coast."
FEES = "The fees of the port rise by nine percent in April, the operator said."


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"<text lang='en'>\n{DREDGE}\n\n{FEES}\n</text>", "XML"),
        (f"<!DOCTYPE html><html><body><p>{DREDGE}</p><p>{FEES}</p></body></html>", "HTML"),
        (f"<P>{DREDGE}\n<P>{FEES}\n<P><B></B>", "HTML"),
        (f"<p class=x>{DREDGE}</p>\n\n<p class='y'>{FEES}</p>", "HTML"),
        (f"{DREDGE}<br><br>{FEES}<br/><br/>", "HTML"),
        (f'<?xml version="1.0"?><debate><speech who="A">{DREDGE}</speech><speech>{FEES}</speech></debate>', "XML"),
        (f"<DOC><DOCNO>17</DOCNO><TEXT>{DREDGE}</TEXT></DOC>\n<DOC><TEXT>{FEES}</TEXT></DOC>", "XML"),
        ("<s>" + "".join(f"<w>{word}</w>" for word in DREDGE.split()) + f"</s><s>{FEES}</s>", "XML"),
        (f"<SPEAKER ID=1 NAME='Lind'>\n{DREDGE}\n<SPEAKER ID=2 NAME='Okoro'>\n{FEES}\n<P ID=3>\n", "HTML or XML tags"),
        (
            f"{DREDGE.replace('harbour', '<b>harbour</b>')}\n\n{FEES.replace('April', '<i>April</i>')}",
            "HTML or XML tags",
        ),
    ],
)
def test_markup_in_a_text_file_is_no_text(tmp_path: Path, text: str, kind: str) -> None:
    corpus = built(tmp_path, {"a.txt": text})
    assert [text.replace("17 ", "") for text in kept(corpus)] == [DREDGE, FEES]
    assert document(corpus, "a.txt")["notes"] == [f"{kind} in a text file; its marks are no text"]


@pytest.mark.parametrize(
    "text",
    [
        "<I> Why did you come to the harbour in that winter, and who was there before you came?\n\n"
        "<P> Because my father had worked there all his life.",
        "He said <unclear> that the harbour <laughs> must be dredged before the winter comes.",
        "Write to <ona@port.example.org> or see <https://port.example.org/fees> before the meeting in April.",
        "If a < b and b > c, the harbour authority applies the second tariff of the schedule to all boats.",
        "Headings of pages are marked by <h1>, and a paragraph begins with the mark <p> in such a file, "
        + "as the manual of the port explains to those who write its pages for the first time. " * 30,
    ],
)
def test_signs_between_angle_brackets_stay_where_they_are_no_markup(tmp_path: Path, text: str) -> None:
    corpus = built(tmp_path, {"a.txt": text})
    assert " ".join(kept(corpus)) == " ".join(text.split())
    assert not [note for note in document(corpus, "a.txt")["notes"] if "[corpus.read_as]" not in note]
