"""A file in any encoding of a known language is read right, or its notes say that it may not be."""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from kit.corpora import built, column, document

from toolkit.corpus import CorpusSettings
from toolkit.corpus.decode import decode

DATA = Path(__file__).parents[1] / "data"
PASSAGES = tomllib.loads((DATA / "languages.toml").read_text("utf-8"))["told"]
WESTERN = "cp1252 iso8859-15 cp850 mac-roman"
ENCODINGS = {
    "ar": "cp1256 iso8859-6", "bg": "cp1251 iso8859-5 koi8-r mac-cyrillic cp866 cp855", "da": f"{WESTERN} cp865",
    "cs": "cp1250 iso8859-2 cp852 mac-latin2", "de": f"{WESTERN} cp437", "el": "cp1253 iso8859-7 cp737 cp869 mac-greek",
    "en": "cp1252 mac-roman", "es": f"{WESTERN} cp437", "fi": f"{WESTERN} cp437", "fr": f"{WESTERN} cp437",
    "he": "cp1255 iso8859-8 cp862", "hu": "cp1250 iso8859-2 cp852 mac-latin2", "it": f"{WESTERN} cp437",
    "ja": "cp932 euc-jp iso2022-jp", "ko": "cp949 euc-kr iso2022-kr", "nl": WESTERN, "no": f"{WESTERN} cp865",
    "pl": "cp1250 iso8859-2 cp852 mac-latin2", "pt": f"{WESTERN} cp860", "ro": "cp1250 iso8859-2 cp852",
    "ru": "cp1251 iso8859-5 koi8-r mac-cyrillic cp866 cp855", "sv": f"{WESTERN} cp437", "th": "cp874 tis-620",
    "tr": "cp1254 iso8859-9 cp857 mac-turkish", "uk": "cp1251 iso8859-5 koi8-u mac-cyrillic cp1125", "vi": "cp1258",
    "zh": "gb18030 gb2312",
}  # fmt: skip
CEDILLAS = str.maketrans("șțȘȚ", "şţŞŢ")


def encoded(text: str, encoding: str) -> bytes:
    """The text as old files have it: signs that the encoding lacks are left out, Romanian is written with cedillas."""
    if encoding == "cp1258":
        text = "".join(map(_toned, text))
    return text.translate(CEDILLAS).encode(encoding, "ignore")


def _toned(char: str) -> str:
    """A Vietnamese letter as Windows wrote it: the tone after the letter."""
    apart = unicodedata.normalize("NFD", char)
    tones = "".join(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones)) + tones


def test_each_known_language_is_read_right_in_each_of_its_encodings() -> None:
    """At least 98 % of the paragraphs of about 250 characters; whatever is read wrong is noted as not sure."""
    right, silent = Counter[bool](), []
    for language, names in ENCODINGS.items():
        for encoding in names.split():
            data = encoded(PASSAGES[language], encoding)
            read = decode(data)
            good = read.text == data.decode(encoding)
            right[good] += 1
            if not good and not any("not sure" in note for note in read.notes):
                silent.append((language, encoding, read.notes))
    assert not silent
    assert right[True] >= 0.98 * right.total(), right


def test_first_sentences_of_other_scripts_are_never_taken_for_latin_text() -> None:
    for language in ("ar", "bg", "el", "he", "ja", "ko", "ru", "th", "uk", "zh"):
        for encoding in ENCODINGS[language].split():
            read = decode(encoded(PASSAGES[language][:90], encoding))
            latin = sum("\xa0" <= char < "\u0250" for char in read.text)
            assert latin < 0.05 * len(read.text) or any("not sure" in note for note in read.notes), (language, encoding)


def test_the_files_of_the_example_are_read_each_in_its_own_encoding(tmp_path: Path) -> None:
    corpus = built(tmp_path, path=str(DATA / "cases/encodings/in"))
    for row in corpus.documents.to_pylist():
        name = row["document_id"].removesuffix(".txt")
        language, encoding = name.split("_")
        expected = (DATA / "cases/encodings/in" / row["path"]).read_bytes().decode(encoding)
        assert (
            corpus.texts["text"].to_pylist()[column(corpus.texts, "document_id").index(row["document_id"])] == expected
        )
        assert row["language"] == language
        assert any("corpus.encoding" in note for note in row["notes"])


def test_the_encoding_of_the_config_decides_by_glob_and_the_first_match_wins(tmp_path: Path) -> None:
    text = PASSAGES["ru"]
    files = {
        "old/a.txt": text.encode("koi8-r"),
        "b.txt": text.encode("cp1251"),
        "c.csv": f"text\n{text}".encode("cp866"),
    }
    globs = {"old/*": "koi8-r", "*.csv": "cp866", "*.txt": "cp1251", "*.html": "cp1251"}
    corpus = built(tmp_path, dict(files), encoding=globs)
    assert column(corpus.texts, "text") == [text, text, text]
    assert corpus.notes == ("corpus.encoding: '*.html' decides for no file",)
    wrong = built(tmp_path, {}, encoding="koi8-r", path=str(tmp_path / "b.txt"))
    assert column(wrong.texts, "text") == [text.encode("cp1251").decode("koi8-r")]


def test_a_wrong_setting_is_said(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.txt": PASSAGES["fr"], "b.txt": PASSAGES["fr"].encode("cp1252")}
    notes = dict(zip("ab", column(built(tmp_path, files, encoding="cp1252").documents, "notes"), strict=True))
    assert notes["a"] == [
        "read as the config says, although its bytes are valid UTF-8: cp1252 [corpus.encoding]",
        *notes["a"][1:],
    ]
    undecodable = built(tmp_path, {}, encoding="utf-8", path=str(tmp_path / "b.txt"))
    assert any(
        note.startswith("bytes that are no utf-8 replaced") for note in column(undecodable.documents, "notes")[0]
    )


@pytest.mark.parametrize(("given", "near"), [("cp12511", "cp1251"), ({"*.txt": "koi8r1"}, "koi8")])
def test_an_unknown_encoding_is_refused_with_the_nearest_one(given: object, near: str) -> None:
    with pytest.raises(ValueError, match=f"no encoding that Python knows.*did you mean '{near}"):
        CorpusSettings(path="x", encoding=given)  # type: ignore[arg-type]


def test_what_a_page_declares_comes_before_detection(tmp_path: Path) -> None:
    body = f"<p>{PASSAGES['cs']}</p>"
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1250"></head>{body}</html>'
    other = f'<?xml version="1.0" encoding="iso-8859-2"?><html>{body}</html>'
    corpus = built(tmp_path, {"a.html": page.encode("cp1250"), "b.html": other.encode("iso8859-2")})
    assert [PASSAGES["cs"] in text for text in column(corpus.texts, "text")] == [True, True]
    assert any("which the file declares" in note for note in document(corpus, "a.html")["notes"])


def test_a_table_with_rows_in_two_encodings_has_all_rows_right_and_says_so(tmp_path: Path) -> None:
    example = built(tmp_path, path=str(DATA / "cases/mixed-encoding-csv/in"))
    first, second, third = column(example.texts, "text")
    assert first.startswith("Die Größe der Häfen für Übersee") and third.startswith("Schüler müssen früher")
    assert second == "Die Bürger fürchten höhere Gebühren für Müll und Straßenreinigung im nächsten Jahr."
    assert all(any("corpus.encoding" in note for note in notes) for notes in column(example.documents, "notes"))
    rows = f"id;text\n1;{PASSAGES['ru']}\n".encode() + f"2;{PASSAGES['bg']}\n".encode("cp1251")
    mixed = built(tmp_path / "other", {"b.csv": rows})
    assert column(mixed.texts, "text") == [PASSAGES["ru"], PASSAGES["bg"]]


def test_lines_of_a_text_and_rows_of_json_in_another_encoding_are_read_by_it(tmp_path: Path) -> None:
    text = PASSAGES["de"].encode() + b"\n\n" + PASSAGES["fr"].encode("cp1252") + b"\n"
    rows = "".join(f'{{"id": "{name}", "text": "{PASSAGES[name]}"}}\n' for name in ("ru", "bg")).encode("cp1251")
    corpus = built(tmp_path, {"a.txt": text, "b.jsonl": rows})
    assert sorted(column(corpus.texts, "text")) == sorted(
        [f"{PASSAGES['de']}\n\n{PASSAGES['fr']}\n", PASSAGES["ru"], PASSAGES["bg"]]
    )


def test_signs_of_english_text_are_read_right() -> None:
    for text in ("It costs £40 – “too much”, said the owner of the café.", "We don’t know why the fare is now €5."):
        for encoding in ("cp1252", "mac-roman"):
            assert decode(text.encode(encoding)).text == text


def test_a_long_file_is_told_by_any_part_of_it() -> None:
    for language, encoding in (("ja", "cp932"), ("zh", "gb18030"), ("ko", "euc-kr"), ("ru", "koi8-r")):
        for text in (PASSAGES[language] * 300, f"{'Plain words. ' * 3000}{PASSAGES[language]}"):
            assert decode(text.encode(encoding)).text == text
    late = "Plain words of a report.\n" * 3000 + PASSAGES["fr"]
    assert decode(late.encode("cp1252")).text == late


def test_plain_text_costs_nothing(tmp_path: Path) -> None:
    for text in (PASSAGES["ru"], PASSAGES["en"], "Plain ASCII."):
        assert decode(text.encode()).plain
