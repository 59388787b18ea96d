"""Every cue of cleaning matches one line of its file, leaves another, and gives a reason that has a switch."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, reasons

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.cue_files import (
    FOLDER,
    RULE_FILES,
    Cue,
    CueGroup,
    cue_groups,
    cues_of,
)
from toolkit.corpus.settings import CleanSettings

GROUPS = cue_groups()
PATTERN_FILES = sorted({path.stem for path in FOLDER.iterdir()} - {*RULE_FILES, "fragments"})
CUES = [cue for group in GROUPS for cue in group.cues] + [
    cue for file in PATTERN_FILES for cue in cues_of(file).values()
]
LEAD = "The harbour board met on Tuesday and agreed to dredge the north channel well before any of the winter storms."
LAST = "Work begins in the spring of next year, and the clerk said that it would be over before the herring came back."


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.name)
def test_a_cue_matches_its_line_and_leaves_the_one_much_like_it(cue: Cue) -> None:
    lines = [
        line for line in (cue.matches, cue.leaves) if not cue.hints or any(map(line.lower().__contains__, cue.hints))
    ]
    assert [line for line in lines if cue.compiled().search(line)] == [cue.matches]


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.name)
def test_a_cue_gives_a_reason_that_the_settings_can_switch_off(cue: Cue) -> None:
    assert cue.reasons
    assert set(cue.reasons) <= {*CleanSettings.model_fields, "heading"}


@pytest.mark.parametrize("cue", [cue for cue in CUES if cue.hints], ids=lambda cue: cue.name)
def test_hints_are_in_small_letters_as_the_lines_are_in_which_they_are_sought(cue: Cue) -> None:
    assert all(hint and hint == hint.lower() for hint in cue.hints)


IDS: dict[str, Any] = {"ids": lambda group: f"{group.reason} {group.where} {group.most_words}"}


@pytest.mark.parametrize("group", GROUPS, **IDS)
def test_the_cues_of_a_rule_put_their_line_into_the_ledger(group: CueGroup, tmp_path: Path) -> None:
    """Each line is put where its rule counts, with the other rules off: above, between or below two paragraphs."""
    place = {"edge": 0, "any": 1, "tail": 2}[group.where]
    reasons = _ledger(tmp_path, group, place)
    for cue in group.cues:
        assert reasons.get(cue.matches) == group.reason, cue.name


@pytest.mark.parametrize("group", [group for group in GROUPS if group.where != "any"], **IDS)
def test_a_rule_of_the_edges_leaves_its_lines_alone_between_paragraphs(group: CueGroup, tmp_path: Path) -> None:
    reasons = _ledger(tmp_path, group, 1)
    for cue in group.cues:
        assert reasons.get(cue.matches) != group.reason, cue.name


def _ledger(folder: Path, group: CueGroup, place: int) -> dict[str, str]:
    only = {rule.reason: rule.reason == group.reason for rule in GROUPS}
    texts = [[LEAD, LAST] for _ in group.cues]
    for text, cue in zip(texts, group.cues, strict=True):
        text.insert(place, cue.matches)
    files: dict[str, str | bytes] = {f"{number}.txt": "\n\n".join(text) for number, text in enumerate(texts)}
    return reasons(built(folder, files, clean={**only, "masthead": False, "imprint": False, "appeal": False}))


@pytest.mark.parametrize("file", PATTERN_FILES)
def test_each_file_of_patterns_is_read_by_a_module(file: str) -> None:
    modules = [path.read_text(encoding="utf-8") for path in FOLDER.parent.glob("*.py")]
    assert any(re.search(rf'(?:patterns|cues|words)_of\("{file}"', code) for code in modules)


def test_each_file_of_rules_is_there() -> None:
    assert {path.stem for path in FOLDER.iterdir()} >= {*RULE_FILES, "fragments"}


def test_each_sign_of_wording_has_a_weight_in_lines_and_one_in_sentences() -> None:
    assert set(cues_of("signs")) <= set(tuned.WEIGHTS)
    assert tuned.WEIGHTS.keys() == tuned.SENTENCE_WEIGHTS.keys()


def test_a_name_stands_for_one_cue_among_the_rules() -> None:
    names = Counter(cue.name for group in GROUPS for cue in group.cues)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(
    "piece", ["a ", "this page ", "Ada Pell, ", "12 May ", "( ", "| Home ", "and by ", "您的网站", "！ "]
)
def test_no_pattern_takes_long_on_a_line_that_repeats_itself(piece: str) -> None:
    """Of the length that cleaning looks at, and twice that: a pattern that tries every split would take minutes."""
    for length in (1500, 3000):
        line = (piece * length)[:length] + "§"
        began = time.process_time()
        for cue in CUES:
            cue.compiled().search(line)
        assert time.process_time() - began < 3
