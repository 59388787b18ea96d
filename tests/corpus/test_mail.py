"""Mail and pages saved by a browser: one document a message, quoted lines apart, nothing read twice."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept, reasons

CASES = Path(__file__).parents[1] / "data" / "cases"
BODY = "The last bus leaves at ten, which is far too early for the late shift at the harbour."


def mail(body: str, subject: str = "Night buses", sender: str = "Ona Lind <ona@example.org>") -> bytes:
    return (
        f"From: {sender}\nSubject: {subject}\nDate: Mon, 6 Mar 2023 20:19:24 +0100\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{body}"
    ).encode()


def test_a_mailbox_has_one_document_a_message() -> None:
    corpus = built(CASES / "mbox" / "in")
    mail = document(corpus, "council.mbox#0001")
    assert (mail["title"], mail["date"]) == ("Night buses", "2023-03-06")
    assert mail["sender"] == mail["source"] == "ona.lind@example.org"
    assert kept(corpus) == ["The last bus leaves at ten."]


@pytest.mark.parametrize("name", ["box.mbox", "box.txt"])
def test_messages_are_split_and_lines_that_begin_with_from_are_not(tmp_path: Path, name: str) -> None:
    first = b"From ona Mon Mar 06 20:19:24 2023\n" + mail(f"{BODY}\n\n>From here on it is late.\n", "One")
    second = b"\nFrom tom at example.org  Tue Mar  7 20:19:24 2023\n" + mail("From nine on there is none.\n", "Two")
    corpus = built(tmp_path, {name: first + second})
    assert column(corpus.documents, "document_id") == [f"{name}#0001", f"{name}#0002"]
    assert column(corpus.documents, "title") == ["One", "Two"]
    assert "From here on it is late." in kept(corpus)[0]
    assert kept(corpus)[-1] == "From nine on there is none."


QUOTES = {
    "marks": "> When does it leave?\n>> Really?",
    "english": "On Mon, 6 Mar 2023 at 20:19,\nTom <tom@example.org> wrote:\n\n> When does it leave?",
    "german": "Am 06.03.2023 um 20:19 schrieb Tom Reed:\n> When does it leave?",
    "french": "Le lun. 6 mars 2023 à 20:19, Tom a écrit :\n> When does it leave?",
    "no marks": "On Mon, Mar 6, 2023 at 8:19 PM Tom wrote:\n\nWhen does it leave?",
    "original": "-----Original Message-----\nFrom: Tom\nSent: Monday\nTo: Ona\nSubject: bus\n\nWhen does it leave?",
    "outlook": "Von: Tom\nGesendet: Montag, 6. März 2023 20:19\nAn: Ona\nBetreff: AW: bus\n\nWhen does it leave?",
    "forwarded": "---------- Forwarded message ---------\nFrom: Tom\n\nWhen does it leave?",
}


@pytest.mark.parametrize("name", QUOTES)
def test_quoted_lines_are_apart(tmp_path: Path, name: str) -> None:
    corpus = built(tmp_path, {"a.eml": mail(f"{BODY}\n\n{QUOTES[name]}\n")})
    assert kept(corpus) == [BODY]
    assert set(column(corpus.ledger, "reason")) == {"quoted"}
    assert "When does it leave?" in " ".join(kept(built(tmp_path, clean={"quoted": False})))


def test_answers_between_quoted_lines_stay(tmp_path: Path) -> None:
    corpus = built(
        tmp_path, {"a.eml": mail(f"> When?\n\n{BODY}\n\n> And the fare?\n\nCall me at 0123 456, it is free.\n")}
    )
    assert kept(corpus) == [BODY, "Call me at 0123 456, it is free."]


def test_a_message_that_only_passes_another_on_keeps_that(tmp_path: Path) -> None:
    corpus = built(
        tmp_path, {"a.eml": mail(f"---------- Forwarded message ---------\nFrom: Tom\nDate: Mon\n\n{BODY}\n")}
    )
    assert kept(corpus) == [BODY]


def test_signatures_and_footers_of_lists_leave_the_text(tmp_path: Path) -> None:
    footer = f"{'_' * 47}\ncouncil mailing list\ncouncil@example.org\n"
    places = ("bus stop at the quay", "fare of the ferry", "school and its gate", "winter on the island")
    box = b"".join(
        b"From a Mon Mar 06 20:19:24 2023\n"
        + mail(f"The {place} was talked about for an hour.\n\n{footer}\n", place, f"a{at}@example.org")
        for at, place in enumerate(places)
    )
    signed = mail(f"{BODY}\n\n-- \nOna Lind\nHarbour Street 1\n")
    corpus = built(tmp_path, {"list.mbox": box, "signed.eml": signed})
    assert kept(corpus) == [*(f"The {place} was talked about for an hour." for place in places), BODY]
    assert reasons(corpus)["-- Ona Lind Harbour Street 1"] == "signature"
    assert column(corpus.ledger, "reason").count("repeated") == 4


def test_character_sets_parts_and_attachments(tmp_path: Path) -> None:
    made = EmailMessage()
    made["From"], made["To"] = "Ona Lind <ona@example.org>", "council@example.org, Tom <tom@example.org>"
    made["Subject"], made["List-Id"] = "Nachtbusse für Bürger", "Council <council.example.org>"
    made.set_content("Grüße aus dem Hafen, der letzte Bus fährt um zehn.\n", charset="iso-8859-1")
    made.add_alternative("<p>HTML</p>", subtype="html")
    made.add_attachment(b"x", maintype="application", subtype="pdf", filename="plan.pdf")
    russian = b"From: m@example.org\nSubject: x\nTo: y\nContent-Type: text/plain; charset=koi8-r\n\n"
    russian += "Последний автобус уходит в десять.\n".encode("koi8-r")
    japanese = b"From: m@example.org\nSubject: x\nTo: y\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    japanese += "最終バスは十時に出ます。\n".encode("iso-2022-jp")
    corpus = built(tmp_path, {"a.eml": made.as_bytes(), "b.eml": russian, "c.eml": japanese})
    assert kept(corpus)[0].startswith("Grüße aus dem Hafen")
    assert kept(corpus)[1:] == ["Последний автобус уходит в десять.", "最終バスは十時に出ます。"]
    mail = document(corpus, "a.eml")
    assert (mail["title"], mail["source"], mail["sender"]) == (
        "Nachtbusse für Bürger",
        "council.example.org",
        "ona@example.org",
    )
    assert mail["to"] == "council@example.org; tom@example.org"
    assert "attachments of a mail are not read: plan.pdf" in mail["notes"]


def test_a_mail_of_html_alone_is_read_through_its_page(tmp_path: Path) -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "tom@example.org", "bus"
    quote = "<div class='gmail_quote'><div>On Mon, Mar 6, 2023 Ona wrote:</div><blockquote>When?</blockquote></div>"
    made.set_content(f"<html><body><p>{BODY}</p>{quote}</body></html>", subtype="html")
    assert kept(built(tmp_path, {"a.eml": made.as_bytes()})) == [BODY]


def test_mail_saved_as_text_is_told_from_other_texts(tmp_path: Path) -> None:
    outlook = f"From:\tOna Lind\nSent:\tMonday, March 6, 2023 8:19 PM\nTo:\tTom\nSubject:\tNight buses\n\n{BODY}\n"
    letter = f"From the quay to the town: {BODY}\n\n{BODY.upper()}\n"
    corpus = built(tmp_path, {"mail.txt": outlook, "letter.txt": letter})
    assert [document(corpus, name)["format"] for name in ("mail.txt", "letter.txt")] == ["mail", "txt"]
    assert document(corpus, "mail.txt")["title"] == "Night buses"
    assert any("read as mail" in note for note in document(corpus, "mail.txt")["notes"])


def test_what_is_no_mail_is_named(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.eml": b"\0\xff garbage\nno mail", "b.mbox": b"nothing here", "c.txt": BODY})
    assert [document(corpus, name)["notes"][0].partition(";")[0] for name in ("a.eml", "b.mbox")] == [
        "unreadable: no mail: no headers at its head",
        "unreadable: no mailbox: no line 'From sender date' with headers below it",
    ]


def test_the_folder_beside_a_saved_page_is_left_out_with_a_note(tmp_path: Path) -> None:
    corpus = built(CASES / "browser-saved" / "in")
    assert column(corpus.documents, "document_id") == ["Ferry fares.html"]
    assert "2 files that a browser saved beside a page not read: Ferry fares_files/" in corpus.notes
    page = f"<p>{BODY}</p>"
    made = built(tmp_path, {"a.htm": page, "a_Dateien/x.html": page, "b_files/y.html": page, "c.files/z.txt": BODY})
    assert column(made.documents, "document_id") == ["a.htm", "b_files/y.html", "c.files/z.txt"]


def test_a_page_in_one_file_is_read(tmp_path: Path) -> None:
    page = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/ferry\r\nSubject: Ferry\r\n"
        "Date: Mon, 6 Mar 2023 20:19:24 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="Mu"\r\n\r\n--Mu\r\nContent-Type: text/html\r\n'
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><h1>Ferry</h1><p>{BODY} =E2=80=93</p></body>"
        "</html>\r\n--Mu\r\nContent-Type: image/png\r\n\r\nxx\r\n--Mu--\r\n"
    )
    corpus = built(tmp_path, {"a.mhtml": page})
    assert kept(corpus) == [f"{BODY} –"]
    assert document(corpus, "a.mhtml")["url"] == "https://example.org/ferry"
    assert document(corpus, "a.mhtml")["date"] is None


def test_readings_beside_characters_are_no_text(tmp_path: Path) -> None:
    page = "<p><ruby>最終<rp>(</rp><rt>さいしゅう</rt><rp>)</rp></ruby>バスは十時に<ruby>出<rt>で</rt></ruby>ます。</p>"
    corpus = built(tmp_path, {"a.html": page})
    assert kept(corpus) == ["最終バスは十時に出ます。"]
    assert any("furigana" in note for note in column(corpus.documents, "notes")[0])


def test_who_wrote_the_quoted_lines_is_no_text(tmp_path: Path) -> None:
    head = "From: Ona Lind <ona@example.org>\nSubject: Re: bus\nDate: Thu, 9 Mar 2023 12:00:00 +0100\n\n"
    text = (
        head + "Pim Okoro wrote:\n> When is the bus full?\n\nAt seven, on each working day.\nShe wrote:\n\nNothing.\n"
    )
    corpus = built(tmp_path, {"a.eml": text})
    assert " ".join(kept(corpus)) == "At seven, on each working day. She wrote: Nothing."
