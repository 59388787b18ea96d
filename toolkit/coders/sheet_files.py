"""Writes the files of a sheet: the page, a table for spreadsheets, the codebook, and what to do with the answers."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from toolkit.coders.sheet import TASKS, Choice, Sheet
from toolkit.coders.sheet_page import page
from toolkit.files.csv import write_csv
from toolkit.text.format import one_line, visible

OPEN = "?"
"""Stands where nobody has answered yet."""
RULES = (
    ("include", "Give it when"),
    ("exclude", "Do not give it when"),
    ("keywords", "Words"),
    ("examples", "Examples"),
    ("counterexamples", "Not examples"),
)


def write_sheet(sheet: Sheet, folder: Path, about: str) -> tuple[Path, ...]:
    """Write sheet.html, sheet.csv, README.md and, if there are codes, codebook.md; the paths written.

    `about`: how the items were drawn, in a few sentences for README.md. The same sheet gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = {"sheet.html": page(sheet), "README.md": readme(sheet, about)}
    if sheet.choices:
        made["codebook.md"] = codebook(sheet)
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    write_csv(table(sheet), folder / "sheet.csv")
    return tuple(folder / name for name in (*made, "sheet.csv"))


def table(sheet: Sheet) -> pa.Table:
    """The sheet as a table with a column to fill in: `code` or `chosen`, a ? if nobody has answered yet."""
    empty = [""] * len(sheet.items)
    tail = {"coder": empty, "kind": empty, "unsure": empty, "memo": empty, "sheet": [sheet.id] * len(sheet.items)}
    if sheet.choices:
        head = {
            "paragraph_id": [item.id for item in sheet.items],
            "place": [" · ".join(item.place) for item in sheet.items],
            "text": [visible(item.text) for item in sheet.items],
            "code": [OPEN] * len(sheet.items),
        }
        return pa.table(head | tail)
    head = {"item": [item.id for item in sheet.items], "text": [visible(item.text) for item in sheet.items]}
    most = max((len(item.options) for item in sheet.items), default=0)
    for place in range(most):
        head[f"option_{place + 1}"] = [
            visible(item.options[place]) if place < len(item.options) else "" for item in sheet.items
        ]
    return pa.table(head | {"chosen": [OPEN] * len(sheet.items)} | tail)


def codebook(sheet: Sheet) -> str:
    """The codebook as a page to print and read."""
    lines = [f"# Codebook: {one_line(sheet.title)}", ""]
    for choice in sheet.choices:
        lines += [f"## {one_line(choice.name)}", "", f"Code `{one_line(choice.id)}`. {one_line(choice.definition)}", ""]
        lines += [f"Part of `{one_line(choice.parent)}`.", ""] if choice.parent else []
        lines += _rules(choice)
    return "\n".join(lines)


def _rules(choice: Choice) -> list[str]:
    lines: list[str] = []
    for name, head in RULES:
        texts: tuple[str, ...] = getattr(choice, name)
        if name == "keywords" and texts:
            lines += [f"{head}: {', '.join(map(one_line, texts))}.", ""]
        elif texts:
            lines += [f"{head}:", "", *(f"- {one_line(text)}" for text in texts), ""]
    return lines


def readme(sheet: Sheet, about: str) -> str:
    """What lies in the folder and what to do with the answers."""
    task = TASKS[sheet.kind]
    count = f"{len(sheet.items):,} {task.unit}"
    lines = [
        f"# {task.heading}: {one_line(sheet.title)}",
        "",
        f"{count}. {about}",
        "",
        "## For those who answer",
        "",
        "Open `sheet.html` in a browser (no network is needed), give your name, answer, and save your answers as a CSV "
        f"file. Or fill in `sheet.csv` in a spreadsheet: `{OPEN}` means not answered yet; "
        + (
            "write the ids of the codes, several with `;`, and leave the cell empty for none of them; put your name "
            "under `coder`. The codes are explained in `codebook.md`."
            if sheet.choices
            else "write the number of the option, and leave the cell empty if you cannot tell; put your name under "
            "`coder`."
        ),
        "",
        "Work apart: two coders' answers say how far they agree only if neither saw the other's. If a machine answers, "
        "such as a language model, choose so in `sheet.html`, or write `machine` under `kind` in `sheet.csv`: it is "
        "compared with people and never counted as one.",
        "",
        "## For the researcher",
        "",
        *(_CODES if sheet.choices else _INTRUSION),
        "",
    ]
    return "\n".join(lines)


_CODES = (
    "Put the saved answers into this folder beside `design.json` and name them in the config:",
    "",
    "```yaml",
    "codebook:",
    "  path: codebook.yaml",
    "  codes: path/to/this/folder/answers-*.csv",
    "```",
    "",
    "`toolkit run` learns from them, reports how far coders and machine agree, and corrects shares if the draw allows "
    "it. `toolkit evaluate RUN --gold answers-NAME.csv` scores a finished run without changing it. `design.json` "
    "records how the paragraphs were drawn; shares are corrected only if it is in the folder of the answers. Do not "
    "give it to the coders.",
)
_INTRUSION = (
    "Keep `key.json` to yourself until the answers are in: it lists what was put in from elsewhere. Put the saved "
    "answers into this folder and score them:",
    "",
    "```",
    "toolkit evaluate RUN --intrusion path/to/this/folder/answers-NAME.csv",
    "```",
)
