"""Names of themes by a language model, each checked by the rules for names by phrases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa

from toolkit.describe.keywords import Candidate
from toolkit.describe.labels import NO_THEME, words_of
from toolkit.describe.llm import LlmLabeller, cleaned
from toolkit.describe.settings import DescribeSettings
from toolkit.schemas import ASKED
from toolkit.values import NOISE, Row, Table


def by_model(
    settings: DescribeSettings,
    labels: Mapping[int, str],
    words: Mapping[int, Sequence[Candidate]],
    quotes: Sequence[Row],
    fault: Callable[[int, str], str] = lambda theme, name: "",
) -> tuple[dict[int, str], tuple[str, ...], Table | None]:
    """Labels by the language model if one is set, notes on them, and its prompts and answers (ASKED, or None).

    `fault(theme, name)` says why a name is not allowed (`form.fault_of`). If an answer is unusable or repeated, the
    theme keeps the label of its own phrases.
    """
    if not isinstance(settings.labeller, LlmLabeller):
        return dict(labels), (), None
    asked = [theme for theme in labels if words.get(theme) and theme != NOISE]
    shown = [[keyword.name for keyword in words[theme][: settings.keywords]] for theme in asked]
    quoted = [[str(row["quote"]) for row in quotes if row["theme"] == theme] for theme in asked]
    names, rows, refused = dict(labels), [], {}
    used = {words_of(NO_THEME)}
    for theme, answer in zip(asked, settings.labeller.answers(list(zip(shown, quoted, strict=True))), strict=True):
        name = cleaned(answer.text, settings.label_characters)
        others = {words_of(label) for other, label in labels.items() if other != theme}
        why = "is empty or too long" if name is None else "is taken" if words_of(name) in used | others else ""
        why = why or fault(theme, name or "")
        if why:
            refused[theme] = why
        elif name is not None:
            names[theme] = name
            used.add(words_of(name))
        kept = {"key": answer.key, "prompt": answer.prompt, "answer": answer.text, "label": None if why else name}
        rows.append({"theme": theme, "model": settings.labeller.model, **kept})
    notes = [f"Labels were given by the language model {settings.labeller.model} from keywords and quotes."]
    if refused:
        each = "; ".join(f"theme {theme}: it {why}" for theme, why in refused.items())
        notes.append(
            f"{len(refused)} of its {len(rows)} names were refused, the theme's own words stand instead: {each}."
        )
    table = pa.Table.from_pylist([{**row, "temperature": settings.labeller.temperature} for row in rows], schema=ASKED)
    return names, tuple(notes), table
