# ruff: noqa: E501 - sample lines as they come
"""Paragraphs are what a reader would call one: joined where wrapped, short ones not left alone, long ones cut between sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept, pdf, reasons

from toolkit.corpus.settings import SplitSettings
from toolkit.text.sentences import sentence_spans

ONE = "The harbour board met on Tuesday and agreed to dredge the northern channel before the winter storms arrive."
TWO = "Fishermen had asked for the work since spring, when two boats ran aground within sight of the lighthouse."
THREE = "Work begins in November and is to end before Christmas, weather permitting, with two dredgers in shifts."


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def test_hard_wrapped_lines_are_one_paragraph(tmp_path: Path) -> None:
    text = "The harbour board met on Tuesday and agreed to dredge the\nnorthern channel before the winter storms arrive. It will\ncost more than last year.\n\nFishermen had asked for the work since spring, when two\nboats ran aground within sight of the lighthouse.\n"
    corpus = built(tmp_path, {"a.txt": text})
    assert corpus.paragraphs.num_rows == 2
    assert "dredge the\nnorthern" in column(corpus.paragraphs, "text")[0]


def test_without_blank_lines_each_line_is_a_paragraph(tmp_path: Path) -> None:
    assert kept(built(tmp_path, {"a.txt": "\n".join([ONE, TWO, THREE])})) == [ONE, TWO, THREE]


def test_windows_and_old_mac_line_ends(tmp_path: Path) -> None:
    for number, end in enumerate(("\r\n", "\r")):
        assert kept(built(tmp_path / str(number), {"a.txt": f"{ONE}{end}{end}{TWO}{end}"})) == [ONE, TWO]


def test_short_pieces_join_a_neighbour_under_the_same_heading(tmp_path: Path) -> None:
    text = f"{ONE}\n\nNobody objected.\n\n{TWO}\n\nThree things were decided:\n\n- Dredge the channel before the storms come in.\n- Tell the fishermen.\n"
    corpus = built(tmp_path, {"a.md": text})
    assert kept(corpus) == [
        f"{ONE} Nobody objected.",
        TWO,
        "Three things were decided: Dredge the channel before the storms come in. Tell the fishermen.",
    ]


def test_headings_name_what_follows_and_are_no_paragraphs(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": f"Board agrees to dredge\n\n{ONE}\n\nWhy now\n\n{TWO}\n\n{THREE}\n"})
    assert column(corpus.paragraphs, "heading") == ["Board agrees to dredge", "Why now", "Why now"]
    assert reasons(corpus) == {"Board agrees to dredge": "heading", "Why now": "heading"}
    assert document(corpus, "a.txt")["title"] == "Board agrees to dredge"


def test_tables_in_text_stay_whole(tmp_path: Path) -> None:
    table = "| Month | Boats |\n| --- | --- |\n| May | 2 |\n| June | 3 |"
    corpus = built(tmp_path, {"a.md": f"{ONE}\n\n{table}\n\n{TWO}\n"})
    assert "Month\tBoats\nMay\t2\nJune\t3" in "\n".join(column(corpus.paragraphs, "text"))


@pytest.mark.parametrize(
    "body",
    ["alpha beta gamma " * 700, "alpha beta, gamma delta; " * 500, "QUJD" * 50_000],
    ids=["words", "clauses", "packed"],
)
def test_text_without_a_full_stop_is_cut_all_the_same(tmp_path: Path, body: str) -> None:
    texts = kept(built(tmp_path, {"a.txt": f"{ONE}\n\n{body.strip()}."}))
    assert max(len(text) for text in texts) <= 300 * 60
    assert "".join("".join(texts).split()) == "".join(f"{ONE}{body}.".split())


def test_long_paragraphs_are_cut_between_sentences_into_even_pieces(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": " ".join([ONE, TWO, THREE] * 10)}, split={"max_words": 100})
    words = column(corpus.paragraphs, "words")
    assert sum(words) == document(corpus, "a.txt")["words"]
    assert max(words) <= 100 and min(words) >= 60
    assert all(text.endswith(".") for text in kept(corpus))


def test_a_limit_below_the_least_is_refused() -> None:
    with pytest.raises(ValueError, match="max_words"):
        SplitSettings(max_words=5)


def test_units_are_documents_or_sentences_on_request(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.txt": f"Board agrees\n\n{ONE}\n\nAdvertisement\n\nWhy now\n\n{TWO}\n"}
    whole = built(tmp_path, files, unit="document")
    assert kept(whole) == [f"{ONE} Why now {TWO}"]
    assert document(whole, "a.txt")["extracted"]
    assert reasons(whole) == {"Board agrees": "heading", "Advertisement": "advertisement"}
    assert kept(built(tmp_path, {}, unit="sentence")) == [ONE, TWO]


def test_a_pdf_gives_paragraphs_across_pages_without_its_furniture(tmp_path: Path) -> None:
    first = [
        "The harbour board met on Tuesday and agreed to dredge the",
        "northern channel before the winter storms arrive, which is techno-",
    ]
    second = ["logy of an old kind and the fishermen will be glad of it", "when the boats go out again in spring."]
    pages = [
        [(40, 580, 8, "The Buoy, yearly report"), (40, 540, 16, "Dredging agreed")]
        + [(40, 500 - 14 * row, 11, line) for row, line in enumerate(first)]
        + [(200, 20, 8, "1")],
        [(40, 580, 8, "The Buoy, yearly report")]
        + [(40, 540 - 14 * row, 11, line) for row, line in enumerate(second)]
        + [(40, 480, 11, TWO), (200, 20, 8, "2")],
    ]
    corpus = built(tmp_path, {"a.pdf": pdf(pages)})
    assert kept(corpus) == [" ".join([*first, *second]).replace("techno- logy", "technology"), TWO]
    assert column(corpus.paragraphs, "heading") == ["Dredging agreed"] * 2
    assert sorted(row["reason"] for row in corpus.ledger.to_pylist()) == ["furniture"] * 4 + ["heading"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. said no. China said yes.", ["The U.S. said no.", "China said yes."]),
        ("He lives in the U.S. The law is clear.", ["He lives in the U.S.", "The law is clear."]),
        ("See No. 5 and fig. 3, e.g. the map. It helps.", ["See No. 5 and fig. 3, e.g. the map.", "It helps."]),
        ("Mr. Li met Dr. J. Smith at 3 p.m. on Monday.", ["Mr. Li met Dr. J. Smith at 3 p.m. on Monday."]),
        ("It grew 3.5 percent. Then it fell.", ["It grew 3.5 percent.", "Then it fell."]),
        ("It covers priority areas.China has funds.", ["It covers priority areas.", "China has funds."]),
        ("It runs on Node.js. Nobody knows why.", ["It runs on Node.js.", "Nobody knows why."]),
        ('"Why?" he asked. "Because," she said.', ['"Why?" he asked.', '"Because," she said.']),
        ("“我们准备好了！”他说。会议结束……其他人走了。", ["“我们准备好了！”他说。", "会议结束……", "其他人走了。"]),
        ("一、总体要求。坚持创新。", ["一、总体要求。", "坚持创新。"]),
        ("First line\n\nSecond line", ["First line", "Second line"]),
        ("Wrapped line\ngoes on. End.", ["Wrapped line\ngoes on.", "End."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_says(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected
