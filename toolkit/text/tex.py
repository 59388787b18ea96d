"""Escapes texts for LaTeX: the output is typeset literally and runs nothing."""

from __future__ import annotations

import re

from toolkit.text.format import one_line

_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "[": "{[}", "]": "{]}", "*": "{*}", "−": "$-$", "×": r"$\times$",
    "≤": r"$\leq$", "≥": r"$\geq$", "≈": r"$\approx$", "→": r"$\rightarrow$", "\u00a0": "~", "\u00ad": r"\-",
}  # fmt: skip
"""Signs that LaTeX reads as commands, that end a row's options, or that few fonts have -> how they are typeset."""
_SPECIAL = re.compile("[" + re.escape("".join(_SIGNS)) + "]")
_LIGATURES = re.compile(r"(?<=[-`',])(?=[-`',])|(?<=[!?])(?=`)")


def tex(text: object) -> str:
    """A text on one line, with every LaTeX command character escaped. Other characters are unchanged."""
    parts = _SPECIAL.split(one_line(text))
    signs = _SPECIAL.findall(one_line(text))
    made = [_LIGATURES.sub("{}", part) for part in parts]
    return made[0] + "".join(_SIGNS[sign] + part for sign, part in zip(signs, made[1:], strict=True))
