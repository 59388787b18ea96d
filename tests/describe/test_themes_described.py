"""Themes described as a whole: keywords, labels, quotes, broader themes, names by a language model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.describe import DescribeSettings, describe, keywords_of
from toolkit.describe.describing import grouped
from toolkit.describe.keywords import Candidate, distinct
from toolkit.describe.labellers import KeyBertLabeller, MmrLabeller
from toolkit.describe.llm import LlmLabeller, cleaned
from toolkit.describe.model_names import by_model
from toolkit.describe.passages import Passages, terms_of
from toolkit.errors import ToolkitError
from toolkit.schemas import LEVELS

TEXTS = [
    "Dams and weirs hold water. The river rose.", "Dams and weirs of the river.", "Water behind dams and weirs.",
    "River water and dams.", "Teachers mark exams. Pupils wait.", "Pupils and teachers sit exams.",
    "Exams for pupils, said teachers.", "Teachers and pupils read.", "Ducks swim.", "Ducks sleep and swim.",
]  # fmt: skip
THEMES = np.array([0] * 4 + [1] * 4 + [-1] * 2, np.int32)


def one(name: str, weight: float = 1.0) -> Candidate:
    return Candidate(name, tuple(name.split()), weight, 5)


def levels(parents: dict[int, int | None]) -> Any:
    rows = [{"theme": theme, "level": 0, "parent": parent} for theme, parent in parents.items()]
    return pa.Table.from_pylist(rows, schema=LEVELS)


def axes(texts: Sequence[str]) -> Any:
    """Unit rows: dams and exams and all else are three directions."""
    rows = np.array([[text.lower().count("dam"), text.lower().count("exam"), 0.2] for text in texts])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def described(
    texts: Sequence[str] = TEXTS, themes: Any = THEMES, level: Any = None, encode: Any = None, **settings: Any
) -> Any:
    n = len(texts)
    table = pa.table(
        {
            "paragraph_id": [f"p{i}" for i in range(n)],
            "document_id": [f"d{i}" for i in range(n)],
            "start": pa.array([100 * i for i in range(n)], pa.int64()),
            "text": list(texts),
        }
    )
    given = np.asarray(themes, np.int32)
    rows = np.random.default_rng(1).normal(scale=0.4, size=(n, 8))
    rows[np.arange(n), given + 1] += 1
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    above = levels({0: None, 1: None}) if level is None else level
    made = DescribeSettings(**settings)
    return describe(made, Passages(table, vectors, encode), given, np.full(n, np.nan), above)


def column(description: Any, name: str) -> dict[int, Any]:
    return {row["theme"]: row[name] for row in description.themes.to_pylist()}


def test_each_theme_gets_its_own_words_with_falling_or_equal_weights() -> None:
    description = described()
    words, weights = column(description, "keywords"), column(description, "weights")
    assert {"water", "river"} <= set(words[0]) and {"teachers", "pupils", "exams"} <= set(words[1])
    assert words[-1][:2] == ["Ducks", "swim"] and column(description, "label")[-1] == "No theme"
    assert all(list(row) == sorted(row, reverse=True) for row in weights.values()) and not set(words[0]) & set(words[1])
    assert description.asked is None and description.notes == ()


def test_as_many_keywords_and_quotes_as_asked() -> None:
    description = described(keywords=2, exemplars=3)
    assert {len(words) for words in column(description, "keywords").values()} == {2}
    rows = description.exemplars.to_pylist()
    assert [(row["theme"], row["rank"]) for row in rows] == [(-1, 1), (-1, 2)] + [
        (t, r) for t in (0, 1) for r in (1, 2, 3)
    ]
    for row in rows:
        at = int(row["paragraph_id"][1:])
        assert TEXTS[at][row["start"] - 100 * at : row["end"] - 100 * at] == row["quote"]
        assert THEMES[at] == row["theme"]
    assert "up to 2 words" in description.method and "up to 3 verbatim" in description.method


def test_weights_are_those_of_counts_of_texts_among_all_themes_and_noise() -> None:
    description = described(weighting="ctfidf", together=0.0, keywords=50, min_paragraphs=1)
    weights = dict(zip(column(description, "keywords")[0], column(description, "weights")[0], strict=True))
    texts_with = {"water": 3, "river": 3}
    made = terms_of(DescribeSettings(), TEXTS)
    size = {theme: sum(THEMES[row] == theme for row in made.rows) for theme in (0, 1, -1)}
    for word in ("water", "river"):
        item = texts_with[word]
        expected = item / size[0] * np.log(1 + sum(size.values()) / 3 / item)
        assert weights[word] == pytest.approx(expected, abs=1e-8)


def test_keywords_alone_are_those_of_the_whole_description() -> None:
    settings = DescribeSettings(keywords=4)
    result = column(described(keywords=4), "keywords")
    assert keywords_of(settings, TEXTS, THEMES) == [result[0], result[1]]
    assert keywords_of(settings, [], np.zeros(0, np.int32)) == []


def test_broader_themes_are_grouped_level_by_level() -> None:
    rows = [(0, 1000), (1, 1001), (2, 1000), (1000, 2000), (1001, 2000)]
    table = pa.Table.from_pylist([{"theme": t, "level": 0, "parent": p} for t, p in rows], schema=LEVELS)
    groups, ids = grouped(np.array([0, 1, 2, -1], np.int32), table)
    assert [group.tolist() for group in groups] == [[0, 1, 2, 3], [0, 1, 0, 2], [0, 0, 0, 1]]
    assert ids == [[0, 1, 2, -1], [1000, 1001], [2000]]
    groups, ids = grouped(np.array([0, 1], np.int32), levels({0: None, 1: None}))
    assert [group.tolist() for group in groups] == [[0, 1]] and ids == [[0, 1]]
    part = levels({0: 1000, 1: None})
    groups, ids = grouped(np.array([0, 1], np.int32), part)
    assert [group.tolist() for group in groups] == [[0, 1], [0, 1]] and ids == [[0, 1], [1000]]


def test_a_broader_theme_is_described_from_the_texts_of_its_themes_and_quotes_none() -> None:
    themes = np.array([0, 0, 1, 1, 2, 2, 3, 3, -1, -1], np.int32)
    description = described(themes=themes, level=levels({0: 1000, 1: 1000, 2: 1001, 3: 1001}))
    words = column(description, "keywords")
    assert {"water", "river"} <= set(words[1000]) and {"teachers", "pupils"} <= set(words[1001])
    assert sorted(words) == [-1, 0, 1, 2, 3, 1000, 1001] and len(set(column(description, "label").values())) == 7
    assert set(description.exemplars["theme"].to_pylist()) == {-1, 0, 1, 2, 3}


def test_a_theme_without_a_word_is_said() -> None:
    description = described(["the of", "of the", *TEXTS[4:8]], [0, 0, 1, 1, 1, 1])
    assert column(description, "label")[0] == "(no distinctive words)" and description.notes == (
        "No distinctive words were found for theme 0.",
    )


def test_a_long_paragraph_gives_the_part_with_the_keywords() -> None:
    filler = "Nobody in the hall had asked about the lunch of that day."
    long = f"{filler} {filler} The dams of the valley hold water of the river. {filler}"
    description = described([long, *TEXTS], [0, *THEMES], quote_words=12, exemplars=10)
    quote = next(row["quote"] for row in description.exemplars.to_pylist() if row["paragraph_id"] == "p0")
    assert quote == "The dams of the valley hold water of the river."


def test_up_to_fifty_keywords_may_be_asked_for() -> None:
    """Sixty words of a theme's own, all in two of its texts."""
    letters = "bdfgkm"
    members = [f"q{a}{b}{a}u{b}" for a in letters for b in "bcdfghkmnp"]
    description = described([", ".join(members)] * 3 + TEXTS, [0] * 3 + [1] * 10, keywords=50)
    assert len(column(description, "keywords")[0]) == 50


def test_candidates_keep_a_reserve_of_fifty_distinct_words() -> None:
    assert len(distinct([one(f"w{chr(97 + i // 26)}{chr(97 + i % 26)}q", 99 - i) for i in range(80)], 50)) == 50


@pytest.mark.parametrize(
    ("answer", "longest", "name"),
    [
        ('"Dams"\n', 9, "Dams"), ("Thinking\n\n **River dams.** ", 10, "River dams"), ("River dams", 9, None),
        ("", 9, None),
        ("\r\n- # Dams:\r", 9, "Dams"), ("...", 9, None), ("Da\x07ms", 4, "Dams"), ("“Dams”", 4, "Dams"), ("D", 1, "D"),
    ],
)  # fmt: skip
def test_the_name_in_an_answer_is_its_last_line_without_marks(answer: str, longest: int, name: str | None) -> None:
    assert cleaned(answer, longest) == name


@contextmanager
def endpoint(answer: Callable[[str], Any], status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body | {"path": self.path, "secret": self.headers.get("Authorization")})
            self.send_response(status)
            self.end_headers()
            content = answer(body["messages"][0]["content"])
            self.wfile.write(json.dumps({"choices": [{"message": {"content": content}}, {"message": {}}]}).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_language_model_names_themes_from_keywords_and_quotes_and_is_asked_once(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("TOOLKIT_TEST_KEY", "a key")
    given = {
        "model": "m",
        "record": str(tmp_path / "in" / "labels.jsonl"),
        "key_variable": "TOOLKIT_TEST_KEY",
        "temperature": 0.5,
    }
    with endpoint(lambda prompt: "Dams" if "weirs" in prompt else "Schools") as (url, asked):
        description = described(labeller=LlmLabeller(url=url, **given), exemplars=1, keywords=3)
        again = described(labeller=LlmLabeller(url=url, **given), exemplars=1, keywords=3)
        warm = LlmLabeller(url=url, **(given | {"temperature": 1.0}))
        assert (
            len(asked) == 2
            and described(labeller=warm, exemplars=1, keywords=3).themes == description.themes
            and len(asked) == 4
        )
    assert column(description, "label") == {-1: "No theme", 0: "Dams", 1: "Schools"} == column(again, "label")
    assert {body["path"] for body in asked} == {"/v1/chat/completions"} and asked[0]["secret"] == "Bearer a key"
    assert [body["temperature"] for body in asked] == [0.5, 0.5, 1.0, 1.0] and asked[0]["model"] == "m"
    quotes = {row["theme"]: row["quote"] for row in description.exemplars.to_pylist()}
    for theme, body in enumerate(asked[:2]):
        prompt = body["messages"][0]["content"]
        assert (
            f"\n- {quotes[theme]}\nGive" in prompt
            and f": {', '.join(column(description, 'keywords')[theme])}\n" in prompt
        )
    rows = description.asked.to_pylist()
    assert [(row["theme"], row["label"], row["answer"], row["temperature"]) for row in rows] == [
        (0, "Dams", "Dams", 0.5), (1, "Schools", "Schools", 0.5),
    ]  # fmt: skip
    assert (
        description.notes == ("Labels were given by the language model m from keywords and quotes.",)
        and again.notes == description.notes
    )


def test_without_a_key_or_quotes_the_model_is_asked_without_them(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with endpoint(lambda _: "Some name") as (url, asked):
        labeller = LlmLabeller(url=url, model="m", record=str(tmp_path / "labels.jsonl"))
        (answer,) = labeller.answers([(["a", "b"], [])])
    assert asked[0]["secret"] is None and "\n- (none)\n" in answer.prompt and answer.text == "Some name"


def test_an_answer_that_is_taken_or_unusable_leaves_the_words_of_the_theme(tmp_path: Path) -> None:
    words = {0: [one("dams")], 1: [one("exams")], 2: [one("ducks")], 3: [], -1: [one("x")]}
    labels = {0: "Dams", 1: "Exams", 2: "Ducks", 3: "(no distinctive words)", -1: "No theme"}
    for answers, names, refused in (
        ({"dams": "Exams", "exams": "New", "ducks": "new"}, ["Dams", "New", "Ducks"], "0, 2"),
        ({"dams": "Dams", "exams": "dams", "ducks": "No Theme"}, ["Dams", "Exams", "Ducks"], "1, 2"),
        ({"dams": "Weirs", "exams": "Dams", "ducks": ""}, ["Weirs", "Exams", "Ducks"], "1, 2"),
    ):
        with endpoint(
            lambda prompt, message=answers: message[next(word for word in message if f": {word}\n" in prompt)]
        ) as (
            url,
            asked,
        ):
            settings = DescribeSettings(
                labeller=LlmLabeller(url=url, model="m", record=str(tmp_path / f"{refused}{names[0]}"))
            )
            result, notes, table = by_model(settings, labels, words, [])
        assert [result[theme] for theme in (0, 1, 2)] == names and len(asked) == 3
        assert result[3] == "(no distinctive words)" and result[-1] == "No theme"
        assert notes[1].startswith(f"{len(refused.split(', '))} of its 3 names were refused")
        assert all(f"theme {theme}: it is " in notes[1] for theme in refused.split(", "))
        assert [row["label"] is None for row in table.to_pylist()] == [str(theme) in refused for theme in (0, 1, 2)]
    assert by_model(DescribeSettings(), labels, words, []) == (labels, (), None)


@pytest.mark.parametrize(("content", "message"), [(5, "no text"), ({}, "no text")])
def test_a_reply_that_is_no_text_is_a_fault_and_none_is_an_empty_name(
    tmp_path: Path, content: Any, message: str
) -> None:
    with endpoint(lambda _: content) as (url, _), pytest.raises(ToolkitError, match=message):
        LlmLabeller(url=url, model="m", record=str(tmp_path / "a")).answers([(["a"], [])])
    with endpoint(lambda _: None) as (url, _):
        assert LlmLabeller(url=url, model="m", record=str(tmp_path / "a")).answers([(["a"], [])])[0].text == ""
    with endpoint(lambda _: "a", 500) as (url, _), pytest.raises(ToolkitError, match="gave no answer"):
        LlmLabeller(url=url, model="m", record=str(tmp_path / "b")).answers([(["a"], [])])
    with pytest.raises(ToolkitError, match="starts with http"):
        LlmLabeller(url="file:///etc", model="m", record=str(tmp_path / "b")).answers([(["a"], [])])


def test_a_record_cut_off_in_a_line_is_mended_and_a_damaged_line_is_named(tmp_path: Path) -> None:
    record = tmp_path / "labels.jsonl"
    with endpoint(lambda _: "Dams") as (url, asked):
        labeller = LlmLabeller(url=url, model="m", record=str(record))
        labeller.answers([(["a"], [])])
        whole = record.read_text("utf-8")
        assert whole.endswith("\n") and whole.count("\n") == 1
        record.write_text(whole + '{"key": "x", "ans', "utf-8")
        labeller.answers([(["b"], [])])
        assert record.read_text("utf-8").startswith(whole) and len(record.read_text("utf-8").split("\n")) == 3
        record.write_text(whole.rstrip("\n"), "utf-8")
        labeller.answers([(["a"], []), (["c"], [])])
        assert len(asked) == 3 and len(record.read_text("utf-8").split("\n")) == 3
    record.write_text(whole + "\n" + '{"key": 1}\n', "utf-8")
    with pytest.raises(ToolkitError, match=r"labels\.jsonl:3: no record of a prompt"):
        labeller.answers([])
    record.write_bytes(b"\xff\n")
    with pytest.raises(ToolkitError, match="UTF-8"):
        labeller.answers([])


def test_settings_bound_what_they_ask_for() -> None:
    made = DescribeSettings()
    assert (made.keywords, made.exemplars, made.quote_words, made.phrase_words, made.label_words) == (10, 5, 60, 4, 3)
    for name, low, high in (
        ("keywords", 1, 50), ("exemplars", 0, 50), ("quote_words", 10, 1000), ("phrase_words", 1, 5),
        ("together", 0, 5),
        ("min_paragraphs", 1, 1000), ("label_words", 1, 6), ("label_characters", 20, 200),
    ):  # fmt: skip
        for value in (low, high):
            assert getattr(DescribeSettings.model_validate({name: value}), name) == value
        for value in (low - 1, high + 1):
            with pytest.raises(ValueError, match=name):
                DescribeSettings.model_validate({name: value})
    for kind, name, low, high in (
        (KeyBertLabeller, "candidates", 10, 1000), (MmrLabeller, "candidates", 10, 1000),
        (MmrLabeller, "diversity", 0, 1),
        (LlmLabeller, "temperature", 0, 2),
    ):  # fmt: skip
        given = {"model": "m"} if kind is LlmLabeller else {}
        for value in (low, high):
            assert getattr(kind.model_validate(given | {name: value}), name) == value
        for value in (low - 1, high + 1):
            with pytest.raises(ValueError, match=name):
                kind.model_validate(given | {name: value})
    assert LlmLabeller(model="m", seconds=0.5).seconds == 0.5 and LlmLabeller(model="m").seconds == 60.0
    with pytest.raises(ValueError, match="seconds"):
        LlmLabeller(model="m", seconds=0)
