"""Control characters written out, so that no text commands a terminal or turns the direction of writing."""

from __future__ import annotations

import re

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def write_out_controls(text: str, keep: str = "") -> str:
    r"""The text with each control character as Python writes it (`\x1b`), except those of `keep`."""

    def written_out(control: re.Match[str]) -> str:
        return control[0] if control[0] in keep else control[0].encode("unicode_escape").decode("ascii")

    return _CONTROLS.sub(written_out, text)
