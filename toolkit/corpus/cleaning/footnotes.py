"""Footnotes in text without markup for them: numbered blocks that the text refers to, or below a heading for notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.corpus.cleaning.block_features import Form
from toolkit.corpus.words import word_set

_NUMBERED = re.compile(r"\s*(?:\[\^?(?P<own>[\w*†‡]{1,6})\]:?|(?P<raised>[⁰¹²³⁴-⁹]{1,3}))[ \t]*(?=[^\s\[])")
_BELOW_HEADING = re.compile(
    r"\s*(?:\[\^?[\w*†‡]{1,6}\]:?|[⁰¹²³⁴-⁹]{1,3}|(?:\d{1,3}[.)]?[ \t]+)?[\^↑]|\d{1,3}[.)]?[ \t]+)[ \t]*\S"
)
_HEADINGS = word_set(
    "notes note footnotes endnotes references sources anmerkungen fußnoten fussnoten endnoten quellen einzelnachweise "
    "nachweise notas notes-de-bas-de-page références referencias fuentes note-a-piè-di-pagina fonti riferimenti "
    "referências noten voetnoten bronnen przypisy źródła poznámky pozn jegyzetek noter fotnoter källor kilder viitteet "
    "сноски примечания источники примітки джерела σημειώσεις ملاحظات الهوامش 注释 註釋 注 注記 脚注 参考资料 각주"
)
MOST_WORDS = 120
"""A longer block is body text, whatever it begins with."""


def mark_footnotes(text: str, forms: Sequence[Form], reasons: list[str]) -> None:
    """Set the reason `footnote` for footnotes without a reason."""
    noted = False  # below a heading for notes
    for at, form in enumerate(forms):
        if _is_heading(form):
            noted = True
            continue
        if form.block.kind == "heading":
            noted = False
        raw = text[form.block.start : form.block.end]
        if reasons[at] or form.words > MOST_WORDS or form.block.kind == "heading":
            continue
        if (noted and _BELOW_HEADING.match(raw)) or _is_referred_to(text, raw, form.block.start):
            reasons[at] = "footnote"


def _is_heading(form: Form) -> bool:
    if form.words > 4:
        return False
    words = re.sub(r"[\W\d_]+", "-", form.view.casefold()).strip("-")
    return words in _HEADINGS


def _is_referred_to(text: str, raw: str, start: int) -> bool:
    """Whether a block begins with a number in brackets, or a raised number, that occurs in the text above it."""
    match = _NUMBERED.match(raw)
    if match is None:
        return False
    mark = f"[{match['own']}]" if match["own"] else match["raised"]
    place = text.rfind(mark, 0, start)
    return place > 0 and text[place - 1] not in "\r\n"
