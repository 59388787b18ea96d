"""Advice on faults in YAML from the faulty line: parsers name the rule, but not the correction."""

from __future__ import annotations

import re

_KEY = re.compile(r"^\s*(?:- )?(?P<key>[^\s'\"#:]+): +(?P<text>[^'\"\[{|>&*!].*?)\s*$")
_NO_BLANK = re.compile(r"^\s*[\w.-]+:[^\s:/\\]")


def advice(problem: str, lines: list[str], line: int, opened: int | None) -> str:
    """The correction, after a semicolon; empty if unknown.

    `problem` is the parser's message; `line` and `opened` count from 0: the lines of the fault and of the beginning of
    the enclosing structure.
    """
    text = lines[line] if line < len(lines) else ""
    if "\\t" in problem or text[: len(text) - len(text.lstrip())].count("\t"):
        return "; indent by blanks, not by tabs"
    if "mapping values are not allowed" in problem:
        return _second_colon(lines, line, text)
    if "escape" in problem:
        return "; backslashes need single quotes around the text, not double ones"
    if "cannot start any token" in problem or "alias" in problem or "alphabetic or numeric" in problem:
        return "; a text that begins with such a character needs quotes around it"
    if "end of stream" in problem or "stream end" in problem or "quoted scalar" in problem:
        place = "" if opened is None else f" that opens in line {opened + 1}"
        return f"; a quote or bracket{place} is never closed"
    if "',' or '" in problem:
        return "" if opened is None else f"; look at the bracket that opens in line {opened + 1}"
    return ""


def _second_colon(lines: list[str], line: int, text: str) -> str:
    match = _KEY.match(text)
    if match and ": " in match["text"] + " ":
        quoted = match["text"].replace("'", "''")
        return f"; a text with a colon needs quotes: {match['key']}: '{quoted}'"
    before = next((lines[at] for at in range(line - 1, -1, -1) if lines[at].strip()), "")
    if _NO_BLANK.match(before):
        key, _, value = before.strip().partition(":")
        return f"; a blank is missing after the colon in the line before: {key}: {value}"
    return "; keys of one block begin in the same column, and the keys of a block in it further to the right"
