"""Whether the themes follow the language of their paragraphs, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.figures import RunTables
from toolkit.report.verdicts import p_words
from toolkit.run_folder.manifest import CODING
from toolkit.text.format import count, listed, one_line, percent, plural
from toolkit.values import NOISE

KEY = "language.leak"
LEVEL = 0.05
MOST_NAMED = 5


@dataclass(frozen=True)
class LanguagePart:
    """Themes and languages are associated: `short` for the first screen, `sentence` with its interpretation."""

    short: str
    sentence: str


def language_part(tables: RunTables) -> LanguagePart | None:
    """The sentences if themes predict the language of their paragraphs beyond chance; None if not or not measured."""
    value, p, chance = (tables.metrics.get(f"{KEY}{end}", {}) for end in ("", "_p", ".baseline"))
    if p.get("value") is None or p["value"] >= LEVEL:
        return None
    tied = {
        int(key.rpartition(".")[2]): one_line(row["reason"]).removeprefix("tied to ").partition(";")[0]
        for key, row in tables.metrics.items()
        if key.startswith(f"{KEY}.theme.") and one_line(row.get("reason")).startswith("tied to")
    }
    outside = tied.pop(NOISE, None)
    named = [f"“{tables.labels.get(theme, f'theme {theme}')}” ({shares})" for theme, shares in sorted(tied.items())]
    more = [f"{count(len(named) - MOST_NAMED)} more"] if len(named) > MOST_NAMED else []
    n = value["n"]
    short = (
        f"Themes follow the language of their paragraphs more than chance does (p {p_words(p['value'])}): languages "
        "differ in themes, or the model puts language before meaning."
    )
    sentence = (
        f"Languages differ in themes: on average the shares of languages in a theme are {percent(value['value'], n)} "
        f"away from those in all {count(n)} {one_line(value.get('of'))}; by chance {percent(chance['value'], n)} (p "
        f"{p_words(p['value'])}, languages exchanged between documents). Sources in one language may talk about other "
        "things; with parallel texts it would be a fault of the model."
    )
    if named:
        which = plural(len(named), "theme")
        sentence += f" {which} {'is' if len(named) == 1 else 'are'} tied to one language: "
        sentence += f"{listed([*named[:MOST_NAMED], *more])}."
    if outside is not None:
        sentence += f" So are the paragraphs in no theme ({outside})." if named else (
            f" The paragraphs in no theme are tied to one language ({outside}).")  # fmt: skip
    return LanguagePart(short, f"{sentence} {_advice(tables)}")


def _advice(tables: RunTables) -> str:
    """What to do; the encoder of many languages is named only if it did not read the texts."""
    models = tables.manifest.get("models") or ()
    read = {str(part["id"]) for part in models if part.get("purpose") != CODING}
    if any("universal-sentence-encoder-multilingual" in name for name in read):
        return "Read what such themes say in each language."
    return "Read what such themes say in each language, and see whether embed.method: use finds them again."
