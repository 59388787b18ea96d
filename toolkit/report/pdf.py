"""report.pdf through typst: tagged, with bookmarks and page numbers, figures as vectors."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from toolkit.errors import MissingExtraError
from toolkit.figures import Figure
from toolkit.figures.style import FAMILY
from toolkit.figures.words import count, one_line, percent, plural, visible
from toolkit.report.code_part import CodePart
from toolkit.report.content import Content
from toolkit.report.page import TEMPLATES
from toolkit.report.places import Quote
from toolkit.report.spread import Sources
from toolkit.report.theme_part import ThemePart

FONTS = ("Libertinus Serif",)
EASTERN = ("Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "SimSun", "Songti SC")
_LETTERS = ",".join(f'"{name}"' for name in (*FONTS, *EASTERN))
"""The letters of figures: typst reads no fonts out of an SVG, and any other sans-serif of a machine may be too wide."""
LONGEST_WORD = 60
"""Longer words get places where a line may break."""
TRENDS = ("tables/trends.csv",)
Item = dict[str, Any]


def pdf(content: Content) -> bytes:
    """The whole report as a PDF, with a bookmark for every heading.

    Latin, Greek and Cyrillic are set in a font that typst brings. Chinese, Japanese and Korean need a font of this
    machine: where there is none, the report says so at its head.

    Raises:
        MissingExtraError: typst is not installed.
    """
    try:
        import typst
    except ImportError:
        raise MissingExtraError(
            "report.formats: pdf needs typst, which is not installed: pip install 'thematic-toolkit[pdf]'"
        ) from None
    tree = _breakable(document(content))
    eastern = _eastern(json.dumps(tree, ensure_ascii=False))
    if eastern and not set(EASTERN) & set(typst.Fonts().families()):
        tree["warning"] = (
            f"Chinese, Japanese and Korean characters are missing here: install one of {', '.join(EASTERN)}."
        )
    data = json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    made = typst.compile(
        (TEMPLATES / "report.typ").read_bytes(),
        format="pdf",
        sys_inputs={"content": data},
        ignore_system_fonts=not eastern,
        timestamp=0,
        pdf_tags=True,
    )
    return bytes(made)


def _eastern(text: str) -> bool:
    return any(unicodedata.east_asian_width(character) == "W" for character in text)


def _breakable(tree: Any) -> Any:
    """The same tree with long words cut by zero-width spaces (figures left alone)."""
    if isinstance(tree, dict):
        return {key: value if key == "svg" else _breakable(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_breakable(item) for item in tree]
    if not isinstance(tree, str) or len(tree) <= LONGEST_WORD:
        return tree
    words = []
    for word in tree.split(" "):
        pieces = [word[i : i + LONGEST_WORD] for i in range(0, len(word), LONGEST_WORD)]
        words.append("\u200b".join(pieces) if len(word) > LONGEST_WORD else word)
    return " ".join(words)


def document(content: Content) -> Item:
    """The report as plain data for the template: parts with a heading and items."""
    parts = [
        *_opening(content),
        *_themes(content),
        *_codes(content),
        *_near(content),
        *_variation(content),
        *_corpus(content),
        *_trust(content),
        *_closing(content),
    ]
    meta = f"{plural(content.corpus.documents, 'document')}, {plural(content.corpus.unique, 'unique paragraph')}"
    meta = f"{content.author}, {meta}" if content.author else meta
    return {
        "title": content.title,
        "author": content.author,
        "question": content.question,
        "meta": f"{meta}, experiment {content.experiment[:8]}, toolkit {content.version}",
        "fonts": [*FONTS, *EASTERN],
        "warning": "",
        "parts": parts,
    }


def _part(heading: str, items: Iterable[Item | None], level: int = 1) -> Item:
    return {"heading": heading, "level": level, "items": [item for item in items if item is not None]}


def _text(text: str, kind: str = "text") -> Item | None:
    return {"kind": kind, "text": text} if text else None


def _file(*names: str) -> Item:
    return {"kind": "file", "names": list(names)}


def _table(heads: list[tuple[str, int]], rows: Iterable[Iterable[str]]) -> Item:
    """A table; a head is its words and its width (0: as wide as it needs, numbers to the right)."""
    shown = [[str(cell) for cell in row] for row in rows]
    return {"kind": "table", "heads": [name for name, _ in heads], "widths": [w for _, w in heads], "rows": shown}


def _facts(*pairs: tuple[str, str]) -> Item:
    return {"kind": "facts", "items": [[name, value] for name, value in pairs if value]}


def _figure(figure: Figure) -> Item:
    return {
        "kind": "figure",
        "name": figure.name,
        "title": figure.title,
        "caption": figure.caption,
        "alt": figure.alt,
        "reason": figure.reason,
        "width": figure.width,
        "svg": "" if figure.reason else figure.svg.replace(FAMILY, _LETTERS),
    }


def _quote(quote: Quote) -> Item:
    place = quote.place
    words = f"{place.title}. {place.words}, characters {place.start}–{place.end}"
    note = quote.note[:1].upper() + quote.note[1:]
    return {"kind": "quote", "text": one_line(quote.text), "place": words, "url": place.url, "note": note}


def _opening(content: Content) -> list[Item]:
    rights = "Words of the corpus are not shown in this report." if content.mode == "none" else ""
    summary = _text(" ".join(content.abstract))
    basis = "Shares are shares of unique paragraphs unless said otherwise; ranges in brackets are 95% intervals."
    items = [summary, _text(f"{basis} {rights}".strip(), "small")]
    opening = [_part("In short", items)]
    return [*opening, _part("Map", [_figure(content.figures["map"])])] if content.mapped else opening


def _themes(content: Content) -> list[Item]:
    if not content.found:
        return []
    over = [("Over time", 2)] if content.span else []
    heads = [("Theme", 5), ("Share (95%)", 3), *over, ("Paragraphs", 0), ("Documents", 0), ("Stability (95%)", 0)]
    rows = [
        (
            theme.label + (" (fragile)" if theme.fragile else ""),
            theme.share.words,
            *([theme.trend.way] if over else []),
            theme.share.base,
            f"{count(theme.documents)} of {count(theme.documents_total)}",
            theme.stability,
        )
        for theme in content.themes
    ]
    table = _table(heads, rows)
    tree = content.figures["hierarchy"]
    head = [
        table,
        _file("tables/themes.csv", "tables/prevalence.csv", *TRENDS[: len(over)]),
        None if tree.reason else _figure(tree),
    ]
    return [_part("Themes found", head), *[_theme(theme) for theme in content.themes]]


def _theme(theme: ThemePart) -> Item:
    facts = _facts(
        ("Share of unique paragraphs", f"{theme.share.words}, {theme.share.base}"),
        ("Documents", f"{count(theme.documents)} of {count(theme.documents_total)}"),
        ("As published", theme.published),
        ("Without reassigned", theme.without_reassigned),
        ("Stability", theme.stability if theme.theme >= 0 else ""),
        ("Coherence (NPMI)", theme.coherence),
        ("Part of", theme.parent),
        ("Most paragraphs from", _origins(theme.sources)),
        ("Over time", theme.trend.words),
    )
    heading = theme.label + (" (fragile)" if theme.fragile else "")
    return _part(heading, [_text(", ".join(theme.keywords), "small"), facts, *map(_quote, theme.quotes)], 2)


def _origins(sources: Sources) -> str:
    return ", ".join(f"{name} ({part}{'; ' if of_its else ''}{of_its})" for name, part, of_its in sources)


def _codes(content: Content) -> list[Item]:
    if not content.codes:
        return []
    over = [("Over time", 2)] if content.span else []
    heads = [("Code", 5), ("Share (95%)", 3), *over, ("Paragraphs", 0), ("Documents", 0)]
    rows = [
        (
            code.name,
            code.share.words if code.found else _not_found(code),
            *([code.trend.way] if over else []),
            code.share.base,
            code.documents,
        )
        for code in content.codes
    ]
    files = _file("tables/codes.csv", "tables/prevalence.csv", "tables/thresholds.csv", *TRENDS[: len(over)])
    parts = [_part("The codebook", [_text(content.human), _table(heads, rows), files])]
    parts += [_code(code) for code in content.codes]
    return [*parts, *_crossing(content)] if content.found else parts


def _crossing(content: Content) -> list[Item]:
    missed: list[Item | None] = [_text("In every theme at least a quarter of the unique paragraphs carry a code.")]
    if content.candidates:
        named = [(one.label, one.words) for one in content.candidates]
        missed = [
            _text("In these themes fewer than a quarter of the unique paragraphs carry any code."),
            _table([("Theme", 5), ("Paragraphs with any code", 0)], named),
        ]
        themes = {theme.theme: theme for theme in content.found}
        missed += [_quote(quote) for one in content.candidates for quote in themes[one.theme].quotes[:2]]
    figures = content.figures
    crossing = _part("Codes and themes together", [_figure(figures["codes_themes"]), _figure(figures["cooccurrence"])])
    return [crossing, _part("Candidates for the codebook", missed, 2)]


def _near(content: Content) -> list[Item]:
    items: list[Item | None] = []
    for similarity, first, second in content.pairs:
        items += [_text(f"Cosine similarity {similarity}", "small"), _quote(first), _quote(second)]
    return [_part("Paragraphs nearest in meaning", [*items, _file("tables/neighbours.csv")])] if items else []


def _not_found(code: CodePart) -> str:
    high = code.share.high
    return "not found" + (f", at most {percent(high, code.share.n)}" if high is not None else "")


def _code(code: CodePart) -> Item:
    own = "" if code.own == code.share.hits else f"{count(code.own)} of {count(code.share.n)}"
    facts = _facts(
        ("Share of unique paragraphs", f"{code.share.words}, {code.share.base}"),
        ("Without its child codes", own),
        ("Documents", code.documents),
        ("Part of", code.parent),
        ("Decision", code.threshold),
        ("Its paragraphs lie in", "; ".join(f"{label} ({base})" for _, label, base in code.themes)),
        ("Most paragraphs from", _origins(code.sources)),
        ("Over time", code.trend.words if code.found else ""),
        ("Checked", code.checks),
        ("Corrected share", code.corrected),
    )
    said = None
    if not code.found:
        miss = " The nearest miss, which does not carry the code:" if code.evidence else ""
        said = _text(f"No paragraph of {count(code.share.n)} reached the threshold.{miss}")
    heading = code.name if code.found else f"{code.name} (not found)"
    return _part(heading, [_text(code.definition, "small"), facts, said, *map(_quote, code.evidence)], 2)


def _variation(content: Content) -> list[Item]:
    if not content.varies:
        return []
    named = ("themes_by_source", "over_time") if content.found else ()
    items: list[Item | None] = [_figure(content.figures[name]) for name in named]
    if content.contrasts:
        heads = [
            ("Theme or code", 4),
            ("Group", 3),
            ("Against", 2),
            ("Difference (95%)", 0),
            ("n", 0),
            ("Adjusted p", 0),
        ]
        rows = [
            (f"{row.name} ({row.kind})", row.group, row.versus, row.words, row.base, row.adjusted)
            for row in content.contrasts
        ]
        items += [_table(heads, rows), _file("tables/contrasts.csv")]
    return [_part("By source and over time", items), *_words(content)]


def _words(content: Content) -> list[Item]:
    words = content.words
    parts = []
    if words.apart:
        rows = [(f"{one.name} ({one.kind})", "; ".join(one.words)) for one in words.apart]
        table = _table([("Theme, code or group", 3), ("Words (times more, 95%)", 6)], rows)
        parts.append(_part("Words that set apart", [table, _file("tables/keyness.csv")], 2))
    if words.lines:
        lines = [(one.name, f"{one.before}{one.match}{one.after}", one.place.title) for one in words.lines]
        table = _table([("Theme or code", 2), ("Words around the keyword", 5), ("Document", 2)], lines)
        parts.append(_part("Keywords in context", [table, _file("tables/kwic.csv")], 2))
    return parts


def _corpus(content: Content) -> list[Item]:
    corpus = content.corpus
    undated = f"; {plural(corpus.undated, 'document')} undated" if corpus.undated else ""
    facts = _facts(
        ("Documents", count(corpus.documents)),
        ("Dates", (f"{corpus.first} to {corpus.last}" if corpus.first else "none given") + undated),
        ("Words in kept paragraphs", count(corpus.words)),
        ("Kept", corpus.kept_share),
        ("Languages of documents", corpus.languages),
        ("Formats of documents", corpus.formats),
    )
    flow = [step.number + " " + step.words + (f" ({step.left})" if step.left else "") for step in corpus.steps]
    heads = [("Left out because", 5), ("Passages", 0), ("Characters", 0), ("Documents", 0)]
    total = count(corpus.documents)
    dropped = [
        (row.words, count(row.passages), count(row.characters), f"{count(row.documents)} of {total}")
        for row in corpus.dropped
    ]
    sources = [
        (row.name, count(row.documents), count(row.paragraphs), row.share, row.first, row.last)
        for row in corpus.sources[:30]
    ]
    named = [("Source", 5), ("Documents", 0), ("Paragraphs", 0), ("Share", 0), ("First", 0), ("Last", 0)]
    items = [facts, {"kind": "list", "items": flow}, _table(heads, dropped) if dropped else None]
    return [_part("The corpus", [*items, _file("tables/ledger.csv", "tables/documents.csv"), _table(named, sources)])]


def _trust(content: Content) -> list[Item]:
    heads = [("Measure", 5), ("Value", 0), ("95% interval", 0), ("By chance", 0), ("Better", 0), ("n", 0), ("Note", 4)]
    rows = [
        (row.name, row.value, row.ends, row.baseline, row.better, row.n, row.note)
        for group in content.metrics
        for row in group.rows
    ]
    nobody = "Nobody coded paragraphs of this run, so nothing here says how far the coding agrees with a reader's."
    items: list[Item | None] = [_figure(content.figures["stability"])] if content.found else []
    items += [_table(heads, rows)] if rows else []
    items += [_text(f"By chance: {content.chance}." if content.chance else "", "small")]
    items += [_text(content.unmeasured, "small"), _file("metrics.json") if rows else None]
    items += [_text(content.human or (nobody if content.codes else ""))]
    parts = [_part("How far to trust this", items)]
    if content.scored:
        heads = [("Code", 4), *[(head.replace("given by ", "given by\n"), 0) for head in content.scored.heads]]
        parts.append(
            _part(
                "Coding against the coders",
                [_table(heads, content.scored.rows), _text(content.scored.note, "small")],
                2,
            )
        )
    for kind in content.disputes:
        said = [item for one in kind.shown for item in (_quote(one.quote), {"kind": "list", "items": list(one.codes)})]
        parts.append(_part(kind.head, [_text(f"{kind.words}."), *said, _file("tables/disagreements.csv")], 2))
    for heading, extra in content.extra:
        parts.append(_part(heading, [_table([(head, 1) for head in extra.heads], extra.rows)], 2))
    if table := content.tables.get("candidates"):
        marked = [(*row, "chosen" if table.marked[i] else "") for i, row in enumerate(table.rows)]
        shown = _table([*[(head, 0) for head in table.heads], ("", 0)], marked)
        parts.append(
            _part(
                "How the number of themes was chosen",
                [shown, _text(content.grain, "small"), _file("tables/candidates.csv")],
                2,
            )
        )
    return parts


def _closing(content: Content) -> list[Item]:
    methods = content.methods
    versions = f"Seed {content.seed}; toolkit {content.version}"
    versions += f", with {methods.versions}." if methods.versions else "."
    models = [_text(f"Embedding model: {model}.") for model in methods.models]
    parts = [_part("Methods", [])]
    parts += [_part(name, [_text(text)], 2) for name, text in methods.methods]
    parts.append(_part("Models and versions", [*models, _text(versions)], 2))
    parts.append(_part("Limitations", [{"kind": "list", "items": list(methods.limitations)}], 2))
    if methods.noted:
        parts.append(_part("Noted by the stages of this run", [{"kind": "list", "items": list(methods.noted)}], 3))
    if methods.works:
        listed = {"kind": "numbered", "items": [work.text for work in methods.works]}
        parts.append(_part("References", [listed, _file("references.bib")], 2))
    sums = _facts(
        ("Experiment, sha256", content.experiment), ("Corpus, sha256", content.corpus_sha256), ("Seed", content.seed)
    )
    config = {"kind": "code", "text": visible(content.config)}
    parts.append(_part("Replay and verify", [_text("toolkit verify RUN replays the experiment and grades it."), sums]))
    return [*parts, _part("Config", [config], 2)]
