"""Whether the themes follow the language of their paragraphs, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.figures import RunTables
from toolkit.report.verdicts import p_words
from toolkit.text.format import count, listed, one_line, percent, plural

KEY = "language.leak"
LEVEL = 0.05
MOST_NAMED = 5


@dataclass(frozen=True)
class LanguagePart:
    """That themes and languages are tied: `short` for the abstract, `sentence` with the reading of it."""

    short: str
    sentence: str


def language_part(tables: RunTables) -> LanguagePart | None:
    """What to say if themes tell the language of their paragraphs beyond chance; None if not, or if not measured."""
    value, p, chance = (tables.metrics.get(f"{KEY}{end}", {}) for end in ("", "_p", ".baseline"))
    if p.get("value") is None or p["value"] >= LEVEL:
        return None
    tied = [
        (int(key.rpartition(".")[2]), one_line(row["reason"]).removeprefix("tied to ").partition(";")[0])
        for key, row in tables.metrics.items()
        if key.startswith(f"{KEY}.theme.") and one_line(row.get("reason")).startswith("tied to")
    ]
    named = [f"“{tables.labels.get(theme, 'no theme')}” ({said})" for theme, said in sorted(tied)]
    more = [f"{count(len(named) - MOST_NAMED)} more"] if len(named) > MOST_NAMED else []
    n = value["n"]
    short = (
        f"Themes follow the language of their paragraphs more than chance does (p {p_words(p['value'])}): languages "
        "differ in themes, or the model puts language before meaning."
    )
    sentence = (
        f"Languages differ in themes: those of a theme are {percent(value['value'], n)} away from those of all "
        f"{count(n)} {one_line(value.get('of'))} on average, by chance {percent(chance['value'], n)} (p "
        f"{p_words(p['value'])}, languages exchanged between documents). Sources in one language may talk about other "
        "things; with parallel texts it would be a fault of the model."
    )
    if named:
        which = plural(len(named), "theme")
        sentence += f" {which} {'is' if len(named) == 1 else 'are'} tied to one language: "
        sentence += f"{listed([*named[:MOST_NAMED], *more])}."
    return LanguagePart(short, f"{sentence} Read such a theme in both languages, and see whether embed.method: use "
                        "finds it again.")  # fmt: skip
