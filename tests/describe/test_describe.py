"""What themes are called, which words and quotes stand for them, and that no quote is ever wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from toolkit.describe import DescribeSettings, check_quotes, describe, keywords_of
from toolkit.describe.labellers import KeyBertLabeller, MmrLabeller
from toolkit.describe.passages import Passages
from toolkit.describe.words import word_list
from toolkit.errors import ConfigError, QuoteError
from toolkit.schemas import LEVELS

ENTERPRISES = [
    "The ministry told state-owned enterprises to publish their debts. SOEs in the north owe the most, and a regional "
    "bank holds half of it.",
    "State-owned enterprises must report pay and dividends each spring, the assets commission said. Dividends rose.",
    "Reform of state-owned enterprises stalled again: mixed ownership was promised, and few SOEs sold any shares.",
    "A state-owned enterprise that loses money for three years now answers to the assets commission, which may replace "
    "the board.",
    "The assets commission rates SOEs by return on equity. Boards of state-owned enterprises dislike the rating.",
    "Dividends from state-owned enterprises feed the pension fund; mixed ownership would lower them, the board argued.",
]
QUANTUM = [
    "Quantum computing needs cold rooms and patient money. The AI laboratory in the capital lent its cryostat.",
    "Two laboratories link quantum computing with AI chips; the export licence for the cryostat is still missing.",
    "AI researchers moved to quantum computing after the laboratory lost its chips to export controls.",
    "Export controls on chips slow AI more than quantum computing, which buys other parts, researchers say.",
    "The plan names quantum computing first and AI second. Export controls are the reason, the laboratory believes.",
    "Researchers doubt that quantum computing will help AI soon; chips and export controls matter more.",
]
TEXTS = ENTERPRISES + QUANTUM
THEMES = np.array([0] * 6 + [1] * 6, np.int32)
NOWHERE = pa.Table.from_pylist([{"theme": t, "level": 0, "parent": None} for t in (0, 1)], schema=LEVELS)


def vectors_for(assignment, spread=0.3, seed=1):
    """Unit rows around one axis a theme."""
    random = np.random.default_rng(seed)
    rows = random.normal(scale=spread, size=(len(assignment), 16))
    rows[np.arange(len(assignment)), np.asarray(assignment) + 1] += 1
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def table_of(texts, documents=None):
    n = len(texts)
    columns = {
        "paragraph_id": pa.array([f"p{i:03}" for i in range(n)], pa.string()),
        "document_id": pa.array(documents or [f"d{i}" for i in range(n)], pa.string()),
        "start": pa.array([7 * i for i in range(n)], pa.int64()),
        "text": pa.array(texts, pa.large_string()),
        "heading": pa.array([None] * n, pa.string()),
    }
    return pa.table(columns)


def described(texts=TEXTS, assignment=THEMES, levels=NOWHERE, documents=None, encode=None, **settings):
    given = np.asarray(assignment, np.int32)
    strength = np.full(len(given), np.nan)
    table = table_of(texts, documents)
    passages = Passages(table, vectors_for(given), encode)
    return describe(DescribeSettings(**settings), passages, given, strength, levels)


def words_by_theme(description):
    return {row["theme"]: row["keywords"] for row in description.themes.to_pylist()}


def labels_by_theme(description):
    return {row["theme"]: row["label"] for row in description.themes.to_pylist()}


def test_two_small_themes_get_labels_of_their_own_words():
    labels = labels_by_theme(described())
    assert "tate-owned enterprises" in labels[0] and "uantum computing" in labels[1]
    assert len(set(labels.values())) == 2


def test_words_that_belong_together_are_one_keyword():
    words = words_by_theme(described())
    assert {"state-owned enterprises", "assets commission", "mixed ownership"} <= set(words[0])
    assert {"quantum computing", "export controls"} <= set(words[1])
    assert not {"owned", "enterprises", "computing", "controls", "owned enterprises"} & {*words[0], *words[1]}


def test_casing_and_acronyms_stand_as_in_the_corpus():
    words = words_by_theme(described())
    assert "SOEs" in words[0]
    assert "AI" in words[1]
    assert "dividends" in words[0]  # it opens sentences with a capital, too


def test_no_keyword_and_no_label_is_made_of_stop_words_or_numbers():
    stop = word_list("en") | word_list("en_weak")
    description = described(
        [*TEXTS, "It was 2024 and the 12 of them had said so.", "They said so in 2024."], [*THEMES, 2, 2]
    )
    for row in description.themes.to_pylist():
        for word in row["keywords"]:
            assert not set(word.lower().split()) <= stop
            assert any(letter.isalpha() for letter in word)
    assert labels_by_theme(description)[2] == "(no distinctive words)"
    assert any("theme 2" in note for note in description.notes)


@pytest.mark.parametrize(
    "weighting", ["ctfidf", "ctfidf_bm25", "ctfidf_specific", "fighting_words", "log_likelihood", "npmi"]
)
def test_no_keyword_is_a_fragment_or_an_inflection_of_another(weighting):
    for words in words_by_theme(described(weighting=weighting)).values():
        assert words
        for one, other in combinations(words, 2):
            assert f" {one.lower()} " not in f" {other.lower()} " and f" {other.lower()} " not in f" {one.lower()} "
            assert one.lower().rstrip("s") != other.lower().rstrip("s")


def test_a_label_does_not_say_initials_and_what_they_stand_for():
    label = labels_by_theme(described(label_words=4, label_characters=100))[0]
    assert "state-owned enterprises" in label.lower() and "SOE" not in label


def test_themes_share_no_keyword_when_their_texts_do_not():
    words = words_by_theme(described())
    assert not set(words[0]) & set(words[1])


def test_labels_stay_unique_when_two_themes_use_the_same_words():
    labels = labels_by_theme(described([*QUANTUM, *QUANTUM], THEMES))
    assert labels[0] and labels[1] and labels[0] != labels[1]


def test_themes_without_any_word_still_get_different_labels():
    labels = labels_by_theme(described(["the and of", "of the", "it is", "is it"], [0, 0, 1, 1]))
    assert list(labels.values()) == ["(no distinctive words)", "(no distinctive words) 2"]


def test_one_word_texts_give_that_word():
    levels = pa.Table.from_pylist([{"theme": t, "level": 0, "parent": None} for t in range(3)], schema=LEVELS)
    labels = labels_by_theme(described(["semiconductors", "banks", "railways"], [0, 1, 2], levels))
    assert list(labels.values()) == ["Semiconductors", "Banks", "Railways"]


def test_chinese_themes_get_chinese_words():
    texts = [
        "国有企业改革继续推进，国有企业利润上升。", "国资委要求国有企业公开债务。", "国有企业的混合所有制改革。",
        "量子计算和人工智能是未来产业。", "人工智能芯片受到出口管制。", "量子计算实验室需要人工智能芯片。",
    ]  # fmt: skip
    description = described(texts, [0, 0, 0, 1, 1, 1])
    words = words_by_theme(description)
    assert "国有企业" in words[0] and "人工智能芯片" in words[1]
    assert all(labels_by_theme(description).values())
    assert not (word_list("zh") | word_list("zh_weak")) & {*words[0], *words[1]}


def test_stop_words_of_the_config_are_no_keywords():
    words = words_by_theme(described(stop_words=("dividends", "AI")))
    assert "dividends" not in words[0] and "AI" not in words[1]


def test_broader_themes_get_words_and_noise_gets_a_row():
    rows = [{"theme": t, "level": 0, "parent": 1000 + t // 2} for t in range(4)]
    rows += [{"theme": t, "level": 1, "parent": None} for t in (1000, 1001)]
    levels = pa.Table.from_pylist(rows, schema=LEVELS)
    assignment = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, -1]
    description = described(TEXTS, assignment, levels)
    words = words_by_theme(description)
    assert sorted(words) == [-1, 0, 1, 2, 3, 1000, 1001]
    assert "state-owned enterprises" in words[1000] and "quantum computing" in words[1001]
    labels = labels_by_theme(description)
    assert labels[-1] == "No theme" and len(set(labels.values())) == 7
    assert set(description.exemplars["theme"].to_pylist()) == {-1, 0, 1, 2, 3}


def test_every_quote_stands_in_its_document_at_the_places_given():
    description = described()
    texts = dict(zip(table_of(TEXTS)["paragraph_id"].to_pylist(), TEXTS, strict=True))
    starts = dict(zip(table_of(TEXTS)["paragraph_id"].to_pylist(), table_of(TEXTS)["start"].to_pylist(), strict=True))
    rows = description.exemplars.to_pylist()
    assert len(rows) == 10
    for row in rows:
        offset = starts[row["paragraph_id"]]
        assert texts[row["paragraph_id"]][row["start"] - offset : row["end"] - offset] == row["quote"]
        assert THEMES[int(row["paragraph_id"][1:])] == row["theme"]


def test_exemplars_are_never_copies_and_come_from_different_documents_first():
    texts = [QUANTUM[0], QUANTUM[0].upper(), f" {QUANTUM[0]}", *QUANTUM[1:]]
    documents = ["a", "b", "c", "d", "d", "d", "d", "e"]
    levels = NOWHERE.slice(0, 1)
    rows = described(texts, [0] * 8, levels, documents, exemplars=3).exemplars.to_pylist()
    quotes = [" ".join(row["quote"].casefold().split()) for row in rows]
    assert len(set(quotes)) == len(quotes) == 3
    sources = [documents[int(row["paragraph_id"][1:])] for row in rows]
    assert len(set(sources)) == 3


def test_a_long_paragraph_is_quoted_by_whole_sentences_that_hold_the_theme():
    filler = "Nobody in the hall had asked about lunch, which was served late and cold on paper plates."
    core = "The assets commission rates state-owned enterprises by dividends."
    long = f"{filler} {filler} {filler} {core} {filler} {filler}"
    levels = NOWHERE
    description = described([long, *ENTERPRISES, *QUANTUM], [0, *THEMES], levels, quote_words=30, exemplars=10)
    quote = next(row["quote"] for row in description.exemplars.to_pylist() if row["paragraph_id"] == "p000")
    assert core in quote
    assert len(quote.split()) <= 30 and quote[0].isupper() and quote.endswith(".")


def changed(rows, **new):
    first, *rest = rows.to_pylist()
    return pa.Table.from_pylist([first | new, *rest], schema=rows.schema)


def test_a_quote_with_one_character_changed_is_refused():
    rows = described().exemplars
    check_quotes(rows, table_of(TEXTS), THEMES)
    quote = rows["quote"][0].as_py()
    with pytest.raises(QuoteError, match="does not stand at characters"):
        check_quotes(changed(rows, quote=quote[:-2] + "x" + quote[-1]), table_of(TEXTS), THEMES)


def test_a_quote_moved_to_another_theme_is_refused():
    rows = described().exemplars
    with pytest.raises(QuoteError, match="belongs to theme 0"):
        check_quotes(changed(rows, theme=1), table_of(TEXTS), THEMES)


def test_a_quote_at_the_wrong_place_or_from_nowhere_is_refused():
    rows = described().exemplars
    start = rows["start"][0].as_py()
    with pytest.raises(QuoteError, match="does not stand"):
        check_quotes(changed(rows, start=start + 1, end=rows["end"][0].as_py() + 1), table_of(TEXTS), THEMES)
    with pytest.raises(QuoteError, match="no such paragraph"):
        check_quotes(changed(rows, paragraph_id="elsewhere"), table_of(TEXTS), THEMES)
    with pytest.raises(QuoteError, match="does not stand"):
        check_quotes(changed(rows, quote="", end=start), table_of(TEXTS), THEMES)


@pytest.mark.parametrize(
    ("texts", "assignment"),
    [
        ([], []),
        (["Chips."], [0]),
        (["Chips."], [-1]),
        (["", "  ", "Chips."], [0, 0, 0]),
        (["Same text"] * 4, [0, 0, 1, 1]),
    ],
)
def test_odd_corpora_are_described_without_a_crash(texts, assignment):
    count = max(assignment, default=-1) + 1
    levels = pa.Table.from_pylist([{"theme": t, "level": 0, "parent": None} for t in range(count)], schema=LEVELS)
    description = described(texts, assignment, levels)
    labels = [row["label"] for row in description.themes.to_pylist()]
    assert len(labels) == len(set(assignment)) == len(set(labels)) and all(labels)


@pytest.mark.slow
def test_labellers_by_meaning_reorder_the_theme_s_own_words():
    def encode(texts):
        rows = np.array([[text.lower().count("licence") * 5 + 0.1, len(text), 1.0] for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    plain = words_by_theme(described(keywords=30, together=0))
    for labeller in (KeyBertLabeller(), MmrLabeller(diversity=0.5)):
        result = words_by_theme(described(labeller=labeller, encode=encode))
        for theme in (0, 1):
            assert result[theme] and set(result[theme]) <= set(plain[theme])
        assert result == words_by_theme(described(labeller=labeller, encode=encode))


def test_a_labeller_by_meaning_without_a_model_names_the_key_and_the_way_out():
    with pytest.raises(ConfigError, match=r"describe\.labeller\.method: 'keybert'.*use 'keywords'"):
        described(labeller=KeyBertLabeller())


def test_shuffled_texts_get_the_same_words():
    order = np.random.default_rng(3).permutation(len(TEXTS))
    settings = DescribeSettings()
    assert keywords_of(settings, TEXTS, THEMES) == keywords_of(settings, [TEXTS[i] for i in order], THEMES[order])


@pytest.mark.slow
def test_words_do_not_depend_on_the_hash_seed():
    code = (
        "import sys; sys.path[:0] = ['tests', 'tests/describe']; import test_describe as t;"
        "d = t.described(); print(d.themes.to_pylist(), d.exemplars.to_pylist())"
    )
    names = set()
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        names.add(run.stdout)
    assert len(names) == 1
