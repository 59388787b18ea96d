# ruff: noqa: E501 - exports as they come
"""Exports of news archives become their articles, with the metadata of each, whatever the language and the file type."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, document, kept

from toolkit.corpus.archives import nexis, pages
from toolkit.values import Corpus

CASES = Path(__file__).resolve().parents[1] / "data" / "cases"
FARES = "Fares on the island ferry will rise by nine percent in April, the operator said on Friday."
WINTER = "Commuters called the increase unfair because winter sailings had been cut twice this year."
ROOF = "The town will mend the roof of the central library before the first frost, the mayor told residents."
TRAM = "The old tram made its last journey on Friday, and hundreds of people came to see it off."

NUMBERED = f"""


                              Dokument 1 von 3


                           Hafenbote (Elmstadt)

                            4. Februar 2023 Samstag
                                Fernausgabe

Die Fahrpreise der Inselfähre sollen im Frühjahr erneut steigen, sagt der
Betreiber

AUTOR: Ona Lind

RUBRIK: LOKALES; S. 3

LÄNGE: 355 Wörter

{FARES}

Document 2 of 3

Länge: Die Fahrt dauert heute vierzig Minuten und soll künftig noch länger dauern.

{WINTER}

UPDATE: 5. Februar 2023

SPRACHE: GERMAN; DEUTSCH

                      Copyright 2023 Bay Media GmbH
                            Alle Rechte vorbehalten

                              Dokument 2 von 3


                           Hügelzeitung

                            19. August 2021 Donnerstag

Das Dach der Bücherei

LÄNGE: 20 Wörter

{ROOF}

UPDATE: 19. August 2021

                              Dokument 3 von 3


                           Hügelzeitung

                            20. August 2021 Freitag

Kurz gemeldet

LÄNGE: 12 Wörter

{TRAM}
"""

MODERN = f"""User Name: Ona Lind
Date and Time: Tuesday, March 12, 2024 10:14:00 AM EDT
Job Number: 21800000
Documents (3)
1. Ferry fares to rise again in spring
Client/Matter: -None-
2. Library roof to be mended before winter

Ferry fares to rise again in spring
The Bay Courier (Port Elm)
February 4, 2023 Saturday
Final Edition

Copyright 2023 Bay Media Ltd All Rights Reserved

Section: NEWS; Pg. 3
Length: 30 words
Byline: Ona Lind
Highlight: Commuters are angry.
Body

{FARES}

End of Document

Length: the crossing takes forty minutes and will take longer, the operator said.

{WINTER}

Graphic

The ferry at the pier.

Classification

Language: ENGLISH

Publication-Type: Newspaper

Subject: FERRIES (90%); FARES (80%)

Load-Date: February 5, 2023

End of Document

Library roof to be mended before winter
The Hill Gazette
August 19, 2021 Thursday

Copyright 2021 Hill Press Ltd All Rights Reserved

Length: 31 words

Body

{ROOF}

Load-Date: August 20, 2021

End of Document

End of the line
for the old tram
The Hill Gazette
20 August 2021

Copyright 2021 Hill Press Ltd All Rights Reserved

Section: LOCAL
Length: 12 words

Body

{TRAM}

Load-Date: August 21, 2021

End of Document
"""

OLD = f"""1 of 2 DOCUMENTS

Copyright 1998 Bay Media Ltd
The Bay Courier (Port Elm)

February 4, 1998, Wednesday, City Edition

SECTION: NEWS; Pg. 3
LENGTH: 30 words
HEADLINE: Ferry fares to rise
again in spring
BYLINE: BY ONA LIND
BODY:
   {FARES}

   {WINTER}
LOAD-DATE: February 5, 1998

2 of 2 DOCUMENTS

Copyright 1998 Hill Press Ltd
The Hill Gazette

August 19, 1998

LENGTH: 31 words
HEADLINE: Library roof to be mended before winter
BODY: {ROOF}

LOAD-DATE: August 20, 1998
"""


def case(tmp_path: Path, name: str) -> Corpus:
    files = {path.name: path.read_bytes() for path in (CASES / name / "in").iterdir()}
    return built(tmp_path, files)  # type: ignore[arg-type]


def left(corpus: Corpus, name: str) -> dict[str, str]:
    return {row["text"]: row["reason"] for row in corpus.ledger.to_pylist() if row["document_id"] == name}


def columns(corpus: Corpus, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in corpus.documents.to_pylist()]


def paragraphs_of(corpus: Corpus, name: str) -> list[str]:
    return [row["text"] for row in corpus.paragraphs.to_pylist() if row["document_id"] == name]


def rtf(text: str) -> bytes:
    marked = "".join("\\par\n" if char == "\n" else char if ord(char) < 128 else f"\\u{ord(char)}?" for char in text)
    return f"{{\\rtf1\\ansi {{\\fonttbl{{\\f0 Arial;}}}}\\f0 {marked}}}".encode("ascii")


def docx(text: str) -> bytes:
    from docx import Document

    written, stream = Document(), io.BytesIO()
    for line in text.splitlines():
        written.add_paragraph(line)
    written.save(stream)
    return stream.getvalue()


def test_a_text_export_of_nexis(tmp_path: Path) -> None:
    corpus = case(tmp_path, "nexis-txt")
    assert columns(corpus, "document_id", "title", "source", "date", "author", "length") == [
        ("export.txt#0001", "Ferry fares to rise again in spring", "The Bay Courier", "2023-02-04", "Ona Lind",
         "30 words"),
        ("export.txt#0002", "Library roof to be mended before winter", "The Hill Gazette", "2021-08-19", "Pim Okoro",
         "31 words"),
    ]  # fmt: skip
    assert document(corpus, "export.txt#0001")["section"] == "NEWS"
    assert document(corpus, "export.txt#0001")["pages"] == "3"
    assert paragraphs_of(corpus, "export.txt#0001") == [FARES, WINTER]
    assert paragraphs_of(corpus, "export.txt#0002") == [ROOF]
    frame = left(corpus, "export.txt#0001")
    for line in ("BYLINE: Ona Lind", "LENGTH: 30 words", "LOAD-DATE: February 4, 2023", "PUBLICATION-TYPE: Newspaper"):
        assert frame[line] == "metadata"
    assert frame["Ferry fares to rise again in spring"] == "heading"


def test_a_text_export_of_proquest_is_not_dated_by_its_file_name(tmp_path: Path) -> None:
    corpus = case(tmp_path, "proquest-txt")
    assert column(corpus.documents, "date") == ["2023-02-04", "2021-08-19"]
    assert columns(corpus, "source", "place", "pages", "author")[0] == (
        "The Bay Courier",
        "Port Elm",
        "A3",
        "Lind, Ona",
    )
    text = " ".join(kept(corpus))
    assert text.startswith(FARES) and "Linking Service" not in text and "Ferries;" not in text and "http" not in text
    frame = left(corpus, "ProQuestDocuments-2024-03-12.txt#0001")
    for label in ("Publication info:", "Links:", "Subject:", "Document URL:"):
        assert [reason for line, reason in frame.items() if line.startswith(label)] == ["metadata"]


def test_a_page_of_factiva_is_not_dated_by_the_download(tmp_path: Path) -> None:
    corpus = case(tmp_path, "factiva-html")
    assert columns(corpus, "title", "source", "date", "author", "length", "pages", "language_given") == [
        ("Ferry fares to rise again in spring", "The Bay Courier", "2023-02-04", "Ona Lind", "32 words", "3",
         "English"),
        ("Library roof to be mended before winter", "The Hill Gazette", "2021-08-19", "Pim Okoro", "20 words", "1",
         "English"),
    ]  # fmt: skip
    assert kept(corpus) == [FARES, WINTER, ROOF]


@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_article_that_quotes_the_frame_stays_whole(tmp_path: Path, breaks: str, mark: str) -> None:
    corpus = built(tmp_path, {"n.txt": (mark + NUMBERED).replace("\n", breaks)})
    assert columns(corpus, "source", "author", "length") == [
        ("Hafenbote", "Ona Lind", "355 Wörter"), ("Hügelzeitung", None, "20 Wörter"),
        ("Hügelzeitung", None, "12 Wörter"),
    ]  # fmt: skip
    first = " ".join(paragraphs_of(corpus, "n.txt#0001"))
    assert first.startswith(FARES) and first.endswith(WINTER) and "Länge: Die Fahrt dauert" in first
    title = "Die Fahrpreise der Inselfähre sollen im Frühjahr erneut steigen, sagt der Betreiber"
    assert document(corpus, "n.txt#0001")["title"] == title
    assert {row["heading"] for row in corpus.paragraphs.to_pylist() if row["document_id"] == "n.txt#0001"} <= {
        title, "Document 2 of 3",
    }  # fmt: skip


def test_dates_of_archives_are_handed_on_without_weekday_and_edition() -> None:
    assert [article.meta["date"] for article in nexis.articles(NUMBERED)] == [
        "4. Februar 2023", "19. August 2021", "20. August 2021",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"), [("u.txt", MODERN.encode()), ("u.rtf", rtf(MODERN)), ("u.docx", docx(MODERN))]
)
def test_nexis_uni_in_each_file_type(tmp_path: Path, name: str, content: bytes) -> None:
    corpus = built(tmp_path, {name: content})
    assert columns(corpus, "title", "source", "date", "length") == [
        ("Ferry fares to rise again in spring", "The Bay Courier", "2023-02-04", "30 words"),
        ("Library roof to be mended before winter", "The Hill Gazette", "2021-08-19", "31 words"),
        ("End of the line for the old tram", "The Hill Gazette", "2021-08-20", "12 words"),
    ]
    first = paragraphs_of(corpus, f"{name}#0001")
    assert first[0] == FARES and first[-1] == WINTER and any(text.startswith("Length: the crossing") for text in first)
    assert paragraphs_of(corpus, f"{name}#0003") == [TRAM]
    frame = left(corpus, f"{name}#0001")
    for line in ("Job Number: 21800000", "Highlight: Commuters are angry.", "The ferry at the pier.",
                 "Subject: FERRIES (90%); FARES (80%)", "Load-Date: February 5, 2023"):  # fmt: skip
        assert frame[line] == "metadata"


def test_nexis_of_the_nineties_with_headline_and_body_labels(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"o.txt": OLD})
    assert columns(corpus, "title", "source", "date", "author") == [
        ("Ferry fares to rise again in spring", "The Bay Courier", "1998-02-04", "ONA LIND"),
        ("Library roof to be mended before winter", "The Hill Gazette", "1998-08-19", None),
    ]
    assert kept(corpus) == [FARES, WINTER, ROOF]


def test_a_page_of_nexis(tmp_path: Path) -> None:
    def part(*lines: str) -> str:
        return "".join(
            f'<BR><DIV CLASS="c0"><P CLASS="c1"><SPAN CLASS="c2">{line}</SPAN></P></DIV>\n' for line in lines
        )

    hidden = "<!-- Hide XML section from browser\n<DOC NUMBER=1><DOCFULL> -->\n"
    one = part("1 of 2 DOCUMENTS", "The Bay Courier", "February 4, 2023</SPAN><SPAN> Saturday <BR>Final Edition",
               "Ferry fares", "BYLINE: </SPAN><SPAN>Ona Lind", "LENGTH: </SPAN><SPAN>30 words", FARES, WINTER,
               "LOAD-DATE: </SPAN><SPAN>February 5, 2023", "Copyright 2023 Bay Media Ltd<BR>All Rights Reserved")  # fmt: skip
    two = part("2 of 2 DOCUMENTS", "The Hill Gazette", "August 19, 2021", "Library roof", "LENGTH: 31 words", ROOF)
    corpus = built(tmp_path, {"n.HTML": f"<HTML><BODY>{hidden}{one}{hidden}{two}</BODY></HTML>"})
    assert columns(corpus, "title", "source", "date") == [
        ("Ferry fares", "The Bay Courier", "2023-02-04"), ("Library roof", "The Hill Gazette", "2021-08-19"),
    ]  # fmt: skip
    assert kept(corpus) == [FARES, WINTER, ROOF]


def test_proquest_without_numbers_in_another_language_with_a_rule_in_the_text(tmp_path: Path) -> None:
    rule = "_" * 60
    text = f"""{rule}

Ferry fares to rise again in spring

Autor: Lind, Ona

Publikationsinfo: The Bay Courier ; Port Elm [Port Elm]. 04 Feb 2023: A.3.

Zusammenfassung: Keine verfügbar.

Volltext: {FARES}

Subject: the letter that the operator sent had no other line than this one.

{rule}

{WINTER}

Thema: Ferries; Fares

Titel der Publikation: The Bay Courier; Port Elm

Veröffentlichungsdatum: Feb 4, 2023

ProQuest-Dokument-ID: 2770000001

{rule}

Library roof to be mended before winter

Publikationsinfo: The Hill Gazette ; Elmstead [Elmstead]. 19 Aug 2021: B.1.

Zusammenfassung: {ROOF}

ProQuest-Dokument-ID: 2560000002

{rule}

Contact ProQuest
"""
    corpus = built(tmp_path, {"ProQuestDocuments-2024-03-12.txt": text})
    assert columns(corpus, "title", "source", "date", "accession") == [
        ("Ferry fares to rise again in spring", "The Bay Courier", "2023-02-04", "2770000001"),
        ("Library roof to be mended before winter", "The Hill Gazette", "2021-08-19", "2560000002"),
    ]
    texts = kept(corpus)
    assert (texts[0], texts[-2], texts[-1]) == (FARES, WINTER, ROOF) and "Subject: the letter" in texts[1]


PLAIN_FACTIVA = f"""Dow Jones Factiva

Ferry fares to rise again in spring
Ona Lind
32 words
4 February 2023
10:14 GMT
The Bay Courier
BAYCO
3
English
(c) 2023 Bay Media Ltd

{FARES}

{WINTER}

Document BAYCO00020230204ej2400012

Library roof to be mended before winter
1 020 mots
19 August 2021
The Hill Gazette
HILLG
Français
Copyright 2021 Hill Press Ltd

{ROOF}

Document HILLG00020210819eh8j00034
"""
CODED_FACTIVA = f"""HD
Ferry fares to rise
again in spring
BY
Ona Lind
WC
32 words
PD
4 February 2023
SN
The Bay Courier
LA
English
LP

{FARES}
TD

{WINTER}
IN the end nobody was happy with what the operator had said.

CO
bayme : Bay Media
AN
Document BAYCO00020230204ej2400012

SE\tLocal
HD\tLibrary roof to be mended before winter
WC\t20 words
PD\t19 August 2021
SN\tThe Hill Gazette
LP\t{ROOF}
NS\tgcult : Culture
AN\tDocument HILLG00020210819eh8j00034
"""


@pytest.mark.parametrize("text", [PLAIN_FACTIVA, CODED_FACTIVA])
@pytest.mark.parametrize("name", ["f.txt", "f.rtf", "f.docx"])
def test_factiva_as_text_with_and_without_field_codes(tmp_path: Path, name: str, text: str) -> None:
    content = {"f.txt": text.encode(), "f.rtf": rtf(text), "f.docx": docx(text)}[name]
    corpus = built(tmp_path, {name: content})
    assert columns(corpus, "title", "source", "date", "author") == [
        ("Ferry fares to rise again in spring", "The Bay Courier", "2023-02-04", "Ona Lind"),
        ("Library roof to be mended before winter", "The Hill Gazette", "2021-08-19", None),
    ]
    assert [text for text in kept(corpus) if not text.startswith("IN the end")][:1] == [FARES]
    assert kept(corpus)[-1] == ROOF and "gcult" not in " ".join(kept(corpus))


def test_factiva_pages_in_german_and_with_field_codes(tmp_path: Path) -> None:
    german = f"""<div class="article deArticle"><p><div>Lokales</div><div id="hd"><span class="deHeadline">Fahrpreise steigen
 im Frühjahr</span></div><div class="author">Ona Lind </div><div>1.132 Wörter</div><div>4 February 2023</div>
<div>10:14</div><div>Hafenbote</div><div>HAFBO</div><div>Fernausgabe</div><div>3</div><div>Deutsch</div>
<div>Copyright 2023 Bay Media GmbH.</div><p class="articleParagraph dearticleParagraph">{FARES}</p>
<p class="articleParagraph dearticleParagraph">Document 2 of 3</p><p>Dokument HAFBO00020230204ej2400012</p></div>"""
    cells = (("HD", '<span class="enHeadline">Library roof</span>'), ("WC", "20 words"), ("PD", "19 August 2021"),
             ("SN", "The Hill Gazette"), ("LP", f'<p class="articleParagraph enarticleParagraph">{ROOF}</p>'),
             ("NS", "gcult : Culture"), ("AN", "Document HILLG00020210819eh8j00034"))  # fmt: skip
    rows = "".join(f"<tr><td><b>{code}</b>&nbsp;</td><td>{value}</td></tr>" for code, value in cells)
    page = f'<html><head><title>Factiva</title></head><body>{german}<div class="article enArticle"><table>{rows}</table></div>'
    corpus = built(tmp_path, {"Factiva-20240312.html": page})
    assert columns(corpus, "title", "source", "date", "section", "author", "edition", "pages") == [
        ("Fahrpreise steigen im Frühjahr", "Hafenbote", "2023-02-04", "Lokales", "Ona Lind", "Fernausgabe", "3"),
        ("Library roof", "The Hill Gazette", "2021-08-19", None, None, None, None),
    ]
    assert paragraphs_of(corpus, "Factiva-20240312.html#0002") == [ROOF]


def test_a_page_of_europresse() -> None:
    page = """<html><head><title>Europresse</title></head><body><article><header><div class="rdp__DocPublicationName">
<span class="DocPublicationName">Le Phare, no. 12345<br/></span></div>
<span class="DocHeader">Société, samedi 4 février 2023 320 mots, p. 12</span>
<div class="titreArticle"><p class="titreArticleVisu rdp__articletitle">Les tarifs du bac vont augmenter</p></div>
<p class="sm-margin-bottomNews">Ona Lind</p></header><section><div class="DocText clearfix"><div class="docOcurrContainer">
<p>Les tarifs du <mark>bac</mark> augmenteront en avril.</p><p>Les usagers jugent la hausse injuste.</p></div></div></section>
<footer><small>© 2023 Le Phare. Tous droits réservés.</small></footer></article>
<article><header><span class="DocPublicationName">La Colline (site web)</span>
<span class="DocHeader">jeudi 19 août 2021 - 10:14 UTC +02:00 95 mots</span>
<p class="titreArticleVisu">Le toit de la bibliothèque</p></header><div class="docOcurrContainer"><p>La ville le réparera.</p></div>
</article></body></html>"""
    one, two = pages.articles(page)
    assert one.meta == {
        "title": "Les tarifs du bac vont augmenter", "source": "Le Phare", "date": "4 février 2023", "author": "Ona Lind",
    }  # fmt: skip
    assert one.fields == {"length": "320 mots", "pages": "12", "section": "Société", "author": "Ona Lind"}
    body = [one.text[block.start : block.end] for block in one.blocks if block.kind == "text"]
    assert body == ["Les tarifs du bac augmenteront en avril.", "Les usagers jugent la hausse injuste."]
    assert (two.meta["source"], two.meta["date"], two.fields["length"]) == ("La Colline", "19 août 2021", "95 mots")


def test_the_same_article_in_two_exports_is_found_as_a_copy(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"factiva.txt": PLAIN_FACTIVA, "nexis.txt": MODERN})
    copies = {row["text"]: row["duplicate_of"] for row in corpus.paragraphs.to_pylist() if row["duplicate_of"]}
    assert {FARES, WINTER, ROOF} <= set(copies)


def test_a_sidecar_and_front_matter_apply_to_all_articles_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "meta.csv").write_text("file,country\nn.txt,Elmland\n", encoding="utf-8")
    front = "---\nproject: harbour\n---\n"
    corpus = built(
        tmp_path,
        {"n.txt": front + MODERN},
        metadata=str(tmp_path / "meta.csv"),
        columns={"keep": ["country", "project"]},
    )
    assert columns(corpus, "country", "project") == [("Elmland", "harbour")] * 3
