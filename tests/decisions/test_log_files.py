"""A log reads back as it was written, and every fault in one is reported with its place and what was meant."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit.decisions import PERSON, Case

from toolkit.decisions import add, new_log, parse_log, read_log, write_log
from toolkit.decisions.log import line_numbers
from toolkit.errors import ConfigError

CASE = Case(np.repeat([0, 1, 2], [9, 7, 5]))
A, B, C = CASE.keys
LINE = "who: Wei, when: 2026-11-30"


def written(*lines: str) -> str:
    """The log of the case with lines of YAML for its decisions."""
    head = write_log(CASE.log).removesuffix("decisions: []\n")
    return head + "decisions:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


def faults(*lines: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_log(written(*lines), "log.yaml")
    return list(caught.value.faults)


def fault(*lines: str) -> str:
    (one,) = faults(*lines)
    return one


def test_a_log_reads_back_as_it_was_written(tmp_path):
    log = add(CASE.log, {"do": "rename", "theme": A, "to": 'Ports: "old" & new #1 港口', **PERSON, "why": "a\nb"})
    log = add(log, {"do": "merge", "themes": [A, B], **PERSON})
    log = add(log, {"do": "split", "theme": "m2", "into": 3, **PERSON})
    log = add(log, {"do": "move", "paragraphs": ["123456789012", "12345678e012"], "to": "none", **PERSON})
    (tmp_path / "log.yaml").write_text(write_log(log), encoding="utf-8")
    again = read_log(tmp_path / "log.yaml")
    assert again == log and again.sha256 == log.sha256 and write_log(again) == write_log(log)
    lines = write_log(log).splitlines()
    assert [re.match(r"  - \{do: (\w+)", lines[at - 1])[1] for at in line_numbers(log)] == [
        "rename", "merge", "split", "move",
    ]  # fmt: skip
    assert parse_log(write_log(new_log("x", "", "", {}))) == new_log("x", "", "", {})


ONE_LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=60)


@settings(max_examples=40, deadline=None)
@given(name=ONE_LINE.filter(str.strip), why=ONE_LINE)
def test_any_name_and_any_reason_read_back(name, why):
    log = add(CASE.log, {"do": "rename", "theme": A, "to": name, "who": "王", "when": "2026-11-30", "why": why})
    assert parse_log(write_log(log)) == log and log.decisions[0].to == name.strip()


def test_layout_and_comments_are_not_part_of_the_content():
    text = written(f"do: drop, theme: {A}, {LINE}")
    block = text.replace(
        f"  - {{do: drop, theme: {A}, {LINE}}}\n",
        f"# by hand\n  - do: drop\n    who: Wei\n    when: 2026-11-30\n    theme: '{A}'\n",
    )
    assert parse_log(block).sha256 == parse_log(text).sha256


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (f"do: renam, theme: {A}, to: X, {LINE}", "do: there is no 'renam' (did you mean 'rename'?); allowed are "),
        (f"theme: {A}, {LINE}", "do: is missing; allowed are rename, merge"),
        (f"do: rename, theme: {A}, to: X, when: 2026-11-30", "rename needs who: the name of the person"),
        (f"do: rename, theme: {A}, to: X, who: Wei", "rename needs when"),
        (f"do: rename, theme: {A}, to: X, who: Wei, when: yesterday", "when: must be a date such as 2026-11-30"),
        (f"do: rename, theme: {A}, {LINE}", "rename needs to"),
        (f"do: rename, theme: {A}, to: '', {LINE}", "to: is empty"),
        (f"do: rename, theme: {A}, to: 2024, {LINE}", "to: must be a text, given 2024; write it in quotes"),
        (f'do: rename, theme: {A}, to: "a\\nb", {LINE}', "to: must be one line without control characters"),
        (f'do: rename, theme: {A}, to: "a\\u202eb", {LINE}', "to: must be one line without control characters"),
        (f"do: rename, theme: {A}, to: {'x' * 121}, {LINE}", "to: has 121 characters, at most 120 are allowed"),
        (f"do: rename, theme: {A}, to: X, whom: y, {LINE}", "whom: unknown key (did you mean 'who'?)"),
        (f"do: rename, theme: t-00000000, to: X, {LINE}", "theme: there is no theme 't-00000000'"),
        (f"do: rename, theme: Harbour, to: X, {LINE}", f"the nearest are {A} (Harbour)"),
        (f"do: rename, theme: {A[:-1]}, to: X, {LINE}", f"the nearest are {A} (Harbour)"),
        (f"do: merge, themes: [{A}], {LINE}", "themes: one theme cannot be merged"),
        (f"do: merge, themes: [{A}, {A}], {LINE}", f"themes.1: {A} is in the list twice"),
        (f"do: merge, themes: {A}, {LINE}", "themes: must be a list of at least two keys"),
        (f"do: merge, themes: [{A}, {B}], as: t-x, {LINE}", "as: must be a key of letters, digits"),
        (f"do: merge, themes: [{A}, {B}], as: [x, y], {LINE}", "as: 2 keys for 1 theme"),
        (f"do: split, theme: {A}, into: 1, {LINE}", "into: must be at least 2 and at most 50, given 1"),
        (f"do: split, theme: {A}, into: two, {LINE}", "into: must be a whole number, given 'two'"),
        (f"do: split, theme: {A}, into: 10, {LINE}", "into: 10 parts of a theme with 9 paragraphs: give a number from"),
        (f"do: split, theme: {A}, {LINE}", "split needs into (how many parts) or paragraphs"),
        (f"do: split, theme: {A}, into: 2, to: X, {LINE}", "to: goes with paragraphs only: rename the parts"),
        (f"do: split, theme: {A}, into: 3, parts: [[123456789abc], [123456789abd]], {LINE}", "parts: 2 lists of dig"),
        (f"do: split, theme: {A}, into: 2, as: [x, x], {LINE}", "as: a key is given twice"),
        (
            f"do: move, paragraphs: [123], to: none, {LINE}",
            "paragraphs.0: must be a digest: 12 digits 0-9a-f, given 123",
        ),
        (f"do: move, paragraphs: [], to: none, {LINE}", "paragraphs: must be a list of digests"),
        (f"do: move, paragraphs: [123456789abc], to: null, {LINE}", "to: must be a text, given nothing (null)"),
        (f"do: note, theme: {A}, text: ' ', {LINE}", "text: is empty"),
        (f"do: drop, theme: [{A}], {LINE}", "theme: must be a text, given a list"),
    ],
)
def test_a_fault_says_where_it_is_and_what_was_meant(line, what):
    message = fault(line)
    number = written(line).count("\n")
    assert re.match(rf"log\.yaml:{number}:\d+: decision 1(, |: )", message), message
    assert what in message


def test_all_faults_are_reported_at_once_in_the_order_of_the_file():
    messages = faults(
        f"do: rename, theme: t-11111111, to: '', {LINE}",
        "do: drp, theme: x",
        f"do: rename, theme: m9, to: X, {LINE}",
        "just text",
    )
    assert [re.search(r"decision (\d)", line)[1] for line in messages] == ["1", "1", "2", "3", "4"]


def test_keys_mean_nothing_before_the_decision_that_makes_them():
    later = fault(f"do: drop, theme: both, {LINE}", f"do: merge, themes: [{A}, {B}], as: both, {LINE}")
    assert "'both' is made by decision 2, which is not before this one" in later
    twice = fault(
        f"do: merge, themes: [{A}, {B}], as: both, {LINE}", f"do: split, theme: {C}, into: 2, as: [both, y], {LINE}"
    )
    assert "'both' is made by decision 1 already: give another key here" in twice


def test_a_name_is_given_to_one_theme_only():
    message = fault(f"do: rename, theme: {A}, to: Ports, {LINE}", f"do: rename, theme: {B}, to: PORTS, {LINE}")
    assert "decision 1 has given the name 'PORTS' to another theme; merge the two" in message
    for lines in (
        [f"do: rename, theme: {A}, to: Ports, {LINE}", f"do: rename, theme: {A}, to: PORTS, {LINE}"],
        [f"do: rename, theme: {A}, to: P, {LINE}", f"do: drop, theme: {A}, {LINE}",
         f"do: rename, theme: {B}, to: P, {LINE}"],
        [f"do: rename, theme: {A}, to: P, {LINE}", f"do: merge, themes: [{A}, {B}], {LINE}",
         f"do: rename, theme: {B}, to: P, {LINE}"],
    ):  # fmt: skip
        assert len(parse_log(written(*lines)).decisions) == len(lines)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("format: 1\ndecisions: [", "not valid YAML"),
        ("[]", "log.yaml:1:1: log: a log of decisions is a mapping with run, themes, decisions"),
        ("", "a log of decisions is a mapping"),
        ("format: 2", "log.yaml:1:1: format: this version reads format 1, given 2"),
        ("decisions: []", "format is missing: write 'format: 1'"),
        ("format: 1\ndecision: []", "decision: unknown key (did you mean 'decisions'?)"),
        ("format: 1\ndecisions: {}", "decisions: must be a list of decisions"),
        ("format: 1\nthemes: []", "themes: must be a mapping of keys"),
        ("format: 1\nthemes: {t-1: {label: x}}", "themes.t-1: paragraphs and members and core missing"),
        (f"format: 1\nthemes: {{t-1: {{paragraphs: 1, members: {'a' * 64}, core: [123456789abc]}}}}", "is t-aaaaaaaa"),
    ],
)
def test_a_file_that_is_no_log_says_why(text, what):
    with pytest.raises(ConfigError) as caught:
        parse_log(text, "log.yaml")
    assert any(what in message for message in caught.value.faults), caught.value.faults


def test_a_decision_that_does_not_fit_its_log_is_refused():
    with pytest.raises(ConfigError, match="decision 1, theme: there is no theme 'm7'"):
        add(CASE.log, {"do": "drop", "theme": "m7", **PERSON})
