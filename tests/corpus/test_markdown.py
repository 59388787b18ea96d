"""Paragraphs of Markdown hold no marks, and footnotes and attachments leave the text by rules with a switch."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept, reasons

BILL = (
    "The harbour bill gives towns on the coast a share of the fees that large ships pay when they berth for the night"
)
BOATS = (
    "Small boats are exempt from the fee for five years, as the hon. Member knows, and the exemption will be reviewed"
)
SHORE = "Ships run their engines at the quay all night, and nobody knows when power from the shore will be compulsory"
TEXT = f"""---
title: Fees
---

# The *harbour* bill

**Key points**

- **{BILL}.**
- {BOATS}.[^1]

1. {SHORE} ([the answer](https://port.example.org/answer "Answer")).

> {BILL}, *said* one of the `clerks`.

| Year | Fee |
|------|----:|
| 2019 | 40  |
| 2020 | **44** |

![A crane](crane.png)

***

{BOATS} & more \\* than [the schedule][s] says.

[s]: https://port.example.org/schedule

[^1]: Minutes of the House, **22 July**, column 17.
"""


def test_no_mark_is_left_in_a_paragraph(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.md": TEXT})
    assert kept(corpus) == [
        f"{BILL}.",
        f"{BOATS}.",
        f"{SHORE} (the answer).",
        f"{BILL}, said one of the clerks. Year Fee 2019 40 2020 44",
        f"{BOATS} & more * than the schedule says.",
    ]
    left = reasons(corpus)
    assert left["Minutes of the House, 22 July, column 17."] == "footnote"
    assert left["***"] == "separator"
    assert left["![A crane](crane.png)"] == "caption"
    assert left["The harbour bill"] == "heading"
    assert [text for text in left if text.startswith("--- title")] and "[s]:" not in " ".join(left)
    assert document(corpus, "a.md")["title"] == "Fees"
    assert any("[corpus.clean.footnote]" in note for note in document(corpus, "a.md")["notes"])


def test_footnotes_stay_where_the_rule_is_off(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.md": TEXT}, clean={"footnote": False})
    assert "Minutes of the House, 22 July, column 17." in " ".join(kept(corpus))


def test_markdown_without_marks_is_the_text_of_its_file(tmp_path: Path) -> None:
    text = f"{BILL}.\n\n{BOATS}.\n"
    corpus = built(tmp_path, {"a.md": text})
    assert column(corpus.texts, "text") == [text]
    assert not document(corpus, "a.md")["extracted"]


@pytest.mark.parametrize(
    "text",
    [
        f"# Fees\n\n**{BILL}.**\n\n- {BOATS}.\n",
        f"{BILL}.[^a]\n\n{BOATS}.\n\n[^a]: See column 17.\n",
        f"**{BILL}.**\n\n{BOATS}, says [the clerk](https://port.example.org).\n",
    ],
)
def test_markdown_in_a_text_file_is_read_as_markdown_and_said(tmp_path: Path, text: str) -> None:
    corpus = built(tmp_path, {"a.txt": text})
    assert not any(mark in paragraph for paragraph in kept(corpus) for mark in ("**", "](", "[^", "- ", "#"))
    assert "Markdown in a text file; its marks are no text" in document(corpus, "a.txt")["notes"]


def test_a_plain_text_with_stars_and_brackets_is_no_markdown(tmp_path: Path) -> None:
    text = f"* {BILL}, 3 * 4 [2019] (see p. 4).\n\n* {BOATS} [Interruption.]\n"
    corpus = built(tmp_path, {"a.txt": text})
    assert column(corpus.texts, "text") == [text]


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        (f"{BILL}.[1]\n\n{BOATS}.[2]", ["[1] Minutes of the House, 2019.", "[2] Lind, Fees of ports, page 4."]),
        (f"{BILL}.¹\n\n{BOATS}.²", ["¹ Minutes of the House, 2019.", "² Lind, Fees of ports, page 4."]),
        (f"{BILL}.\n\n{BOATS}.\n\nNotes", ["1. Minutes of the House, 2019.", "2. Lind, Fees of ports, page 4."]),
        (f"{BILL}.\n\n{BOATS}.\n\nEinzelnachweise", ["↑ Protokoll vom 3. Mai 2019.", "↑ Lind, Gebühren, Seite 4."]),
    ],
)
def test_footnotes_of_plain_text_leave_it(tmp_path: Path, body: str, notes: list[str]) -> None:
    corpus = built(tmp_path, {"a.txt": "\n\n".join([body, *notes])})
    assert {reasons(corpus).get(text) for text in notes} == {"footnote"}
    assert corpus.paragraphs.num_rows == 2


def test_numbered_paragraphs_are_no_footnotes(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": f"[1] {BILL}.\n\n[2] {BOATS}.\n\n[3] {SHORE}.\n\n1. {BILL} again.\n"})
    assert corpus.paragraphs.num_rows == 4


def test_names_of_attachments_leave_the_text(tmp_path: Path) -> None:
    lines = ["Attachments: 1. Division of tasks; 2. List of users", "Anlage: gebuehren.pdf", "附件：1. 任务分工表"]
    texts = {f"{at}.txt": f"{BILL}.\n\n{BOATS}.\n\n{line}\n" for at, line in enumerate(lines)}
    corpus = built(tmp_path, texts)
    assert {reasons(corpus).get(line) for line in lines} == {"attachment"}


def test_wiki_markup_in_a_text_file_is_no_text_and_its_references_are_footnotes(tmp_path: Path) -> None:
    text = (
        f"== History ==\n\n'''{BILL}''' and [[Port Elm|the port]] pays.<ref name=\"a\">Lind 2019, page 4.</ref>\n\n"
        f"{{{{Infobox|x={{{{y}}}}}}}}\n* {BOATS}; see [https://port.example.org the answer].\n\n[[Category:Ports]]\n"
    )
    corpus = built(tmp_path, {"a.txt": text})
    assert kept(corpus) == [f"{BILL} and the port pays.", f"{BOATS}; see the answer."]
    assert reasons(corpus) == {"History": "heading", "Lind 2019, page 4.": "footnote"}
    assert document(corpus, "a.txt")["notes"][0] == "wiki markup in a text file; its marks are no text"
