"""The quick look at many patterns leaves out none that matches."""

from __future__ import annotations

import re

import pytest

from toolkit.corpus.cleaning.boilerplate_score import WORDING
from toolkit.corpus.cleaning.cue_files import cue_groups, cues_of
from toolkit.corpus.cleaning.sieve import Opening, Sieve, loosened

CUES = [*cues_of("signs").values(), *cues_of("forms").values()]
LINES = [line for cue in CUES for line in (cue.matches, cue.leaves)]
LINES += [line for group in cue_groups() for cue in group.cues for line in (cue.matches, cue.leaves)]


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        (r"a(?=b)c", "ac"),
        (r"(?<!x )comments?(?! (?:of (?:the|a)))", "comments?"),
        (r"[(?!]a[*+]b*+c\*+(?>d|e)++", r"[(?!]a[*+]b*c\*+(?:d|e)+"),
        (r"[^]]\((?!\()x", r"[^]]\(x"),
    ],
)
def test_what_re2_does_not_know_is_left_out_and_nothing_else(pattern: str, loose: str) -> None:
    assert loosened(pattern) == loose


def test_a_sieve_finds_what_each_pattern_alone_finds() -> None:
    sieve = Sieve(WORDING)
    for line in (text.lower() for text in LINES):
        assert list(sieve.matching(line)) == [name for name in WORDING if re.search(WORDING[name], line)], line


def test_an_opening_matches_where_its_pattern_does() -> None:
    for group in cue_groups():
        pattern = "|".join(f"(?:{cue.pattern})" for cue in group.cues if not cue.hints)
        opening = Opening(pattern)
        for line in LINES:
            assert opening.matches(line) == (bool(pattern) and re.match(pattern, line, re.IGNORECASE) is not None), line
