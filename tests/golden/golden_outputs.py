"""What is kept of a run: its tables with numbers to six digits, metrics, report and figures; and what differs in words.

Two numbers are the same if they differ by at most 2e-6 (of themselves, above 1): the last of six digits may turn on
another processor. `report.html` and the figures are kept as digests of their bytes, which are compared only where the
embeddings have the bytes that they had when the golden was renewed, and the page's text, which always is.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from lxml import html

from toolkit.files.digest import file_sha256
from toolkit.runs import Run

KEPT = Path(__file__).resolve().parent / "kept"
DIGITS = 6
TOLERANCE = 2e-6
DIGESTS = "digests.json"
BITS = "embeddings.npy"
MOST_SAID = 12
"""Changes of one file that are said one by one."""

Outputs = dict[str, str]
"""File name -> text."""


def outputs(run: Run) -> Outputs:
    """What is kept of a run, by file name."""
    kept = {f"tables/{place.stem}.csv": _table(run, place.stem) for place in sorted(run.path.glob("tables/*.parquet"))}
    kept["metrics.json"] = _json({key: _rounded(metric) for key, metric in run.metrics.items()})
    kept["report.md"] = (run.path / "report.md").read_text(encoding="utf-8")
    kept["report.html.txt"] = page_text((run.path / "report.html").read_text(encoding="utf-8"))
    digested = [run.path / BITS, run.path / "report.html", *sorted(run.path.glob("figures/*"))]
    kept[DIGESTS] = _json({place.relative_to(run.path).as_posix(): file_sha256(place) for place in digested})
    return kept


def page_text(page: str) -> str:
    """The text of a page, a line for each piece between tags; styles, scripts and drawings are left out."""
    tree = html.document_fromstring(page)
    for element in list(tree.iter("style", "script", "svg", "template")):
        element.drop_tree()
    lines = (" ".join(piece.split()) for piece in tree.itertext())
    return "\n".join(line for line in lines if line) + "\n"


def read_kept(study: str, folder: Path = KEPT) -> Outputs:
    """What was kept of a study; empty if nothing was."""
    root = folder / study
    places = sorted(place for place in root.rglob("*") if place.is_file())
    return {place.relative_to(root).as_posix(): place.read_text(encoding="utf-8") for place in places}


def keep(study: str, made: Mapping[str, str], folder: Path = KEPT) -> None:
    """Keep the outputs of a study in place of those kept before."""
    shutil.rmtree(folder / study, ignore_errors=True)
    for name, text in made.items():
        place = folder / study / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")


def differences(kept: Mapping[str, str], made: Mapping[str, str]) -> list[str]:
    """What changed between kept outputs and new ones, a sentence each; empty if nothing did."""
    notes = [f"{name}: is new" for name in sorted(made.keys() - kept.keys())]
    notes += [f"{name}: is gone" for name in sorted(kept.keys() - made.keys())]
    for name in sorted(kept.keys() & made.keys()):
        if kept[name] != made[name]:
            notes += _bounded(name, list(_changes(name, kept[name], made[name])))
    return notes


def _changes(name: str, old: str, new: str) -> Iterator[str]:
    if name == DIGESTS:
        yield from _digest_changes(json.loads(old), json.loads(new))
    elif name.endswith(".csv"):
        yield from _row_changes(_rows(old), _rows(new))
    elif name.endswith(".json"):
        yield from _metric_changes(json.loads(old), json.loads(new))
    else:
        yield from _line_changes(old.splitlines(), new.splitlines())


def _digest_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(old.keys() ^ new.keys()):
        yield f"{name} is {'new' if name in new else 'gone'}"
    if old[BITS] == new[BITS]:  # else another processor, or another model: values and texts are compared instead
        yield from (f"{name} has other bytes" for name in sorted(old.keys() & new.keys()) if old[name] != new[name])


def _row_changes(old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Cells that changed, if the tables have the same shape; else rows that came and went."""
    columns = list(old[0] if old else new[0] if new else ())
    if old and new and list(new[0]) != columns:
        yield f"columns were {', '.join(columns)}; are {', '.join(new[0])}"
    elif len(old) == len(new):
        for number, (before, after) in enumerate(zip(old, new, strict=True), start=1):
            for column in columns:
                if not same(before[column], after[column]):
                    yield f"row {number} ({_name_of(after)}): {column} {_change(before[column], after[column])}"
    else:
        yield f"{len(old)} rows became {len(new)}"
        yield from _line_changes([_line(row) for row in old], [_line(row) for row in new])


def _metric_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(old.keys() | new.keys()):
        if key not in old or key not in new:
            yield f"{key} is {'new' if key in new else 'gone'}"
            continue
        for part in sorted(old[key].keys() | new[key].keys()):
            before, after = str(old[key].get(part)), str(new[key].get(part))
            if not same(before, after):
                yield f"{key}: {part} {_change(before, after)}"


def _line_changes(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "replace" and b - a == d - c:
            yield from (f"line {row + 1}: {_change(old[row], new[c + row - a])}" for row in range(a, b))
        elif kind != "equal":
            yield from (f"line {row + 1} is gone: {_short(old[row])}" for row in range(a, b))
            yield from (f"line {row + 1} is new: {_short(new[row])}" for row in range(c, d))


def same(before: str, after: str) -> bool:
    """Whether two cells say the same: equal text, or numbers that differ by rounding alone."""
    if before == after:
        return True
    try:
        one, other = json.loads(before), json.loads(after)
    except ValueError:
        return False
    return _close(one, other)


def _close(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_close(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)) and not isinstance(one, bool):
        return abs(one - other) <= TOLERANCE * max(1.0, abs(one))
    return bool(one == other)


def _table(run: Run, name: str) -> str:
    table = run.table(name)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.column_names)
    writer.writerows([_cell(value) for value in row.values()] for row in table.to_pylist())
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(_rounded(value), ensure_ascii=False)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return {key: _rounded(part) for key, part in value.items()} if isinstance(value, dict) else value


def _json(tree: Any) -> str:
    return json.dumps(tree, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _line(row: Mapping[str, str]) -> str:
    return " | ".join(row.values())


def _name_of(row: Mapping[str, str]) -> str:
    """The first cells of a row, by which a reader finds it."""
    return ", ".join(_short(cell, 40) for cell in list(row.values())[:2])


def _change(before: str, after: str) -> str:
    """Old and new, the part that differs alone if they are long."""
    if len(before) + len(after) > 160:
        parts = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        changed = [part for part in parts if part[0] != "equal"]
        first, last = changed[0], changed[-1]
        start, end, other_start, other_end = first[1], last[2], first[3], last[4]
        before, after = before[max(0, start - 20) : end + 20], after[max(0, other_start - 20) : other_end + 20]
    return f"was {_short(before)}; is {_short(after)}"


def _short(text: str, most: int = 120) -> str:
    return repr(text if len(text) <= most else text[: most - 1] + "…")


def _bounded(name: str, changes: Sequence[str]) -> list[str]:
    notes = [f"{name}: {change}" for change in changes[:MOST_SAID]]
    if len(changes) > MOST_SAID:
        notes.append(f"{name}: and {len(changes) - MOST_SAID} further changes")
    return notes
