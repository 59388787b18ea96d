"""A date from a file's name or properties if a document has none: only from names that people give to articles."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal

from toolkit.corpus.date_words import simplified, words
from toolkit.corpus.dates import iso_date, parsed
from toolkit.text.notes import note

FileDates = Literal["none", "name", "properties"]
KEY = "corpus.file_dates"
TEMPLATE = "2013-12-23"
"""The birthday of python-docx's template, which its documents carry on as their creation."""

_NAMED = re.compile(
    r"(?:^|(?<=[\s_(\[.-]))(?P<date>(?:19|20)\d\d(?P<mark>[-_.]?)(?:0[1-9]|1[0-2])(?:(?P=mark)(?:0[1-9]|[12]\d|3[01])|(?![-_.]?\d)))"
    r"(?=$|[\s_)\].-])"
)
_TIME_AFTER = re.compile(r"[\sT_.-]*(?:at[\s_-]*)?\d{1,2}[h._:-]?\d{2}(?:[m._:-]?\d{2}s?)?(?!\d)")


def date_of_file(path: str, created: str | None, wanted: FileDates) -> tuple[str | None, str]:
    """The date of the file with a note, or null without one."""
    if wanted == "none":
        return None, ""
    named = date_in_name(path)
    if named is not None:
        return named, note("date taken from the file's name", f"{PurePosixPath(path).name[:40]} as {named}", KEY)
    stamp = parsed(created).iso if created and wanted == "properties" else None
    if stamp is None or stamp.startswith(TEMPLATE):
        return None, ""
    return stamp, note("date taken from the file's properties (its creation)", stamp, KEY)


def made_by_program(path: str) -> bool:
    """Whether a file's name is of the kind that an archive, a download or a scan creates."""
    named = re.findall(r"[^\W\d_]+", simplified(PurePosixPath(path).stem))
    return not words("archives").isdisjoint(named) or (bool(named) and words("made").issuperset(named))


def date_in_name(path: str) -> str | None:
    """The date in a file's name ("2024-12-06_metals.md", "wire_2024-12-04_ban.txt", "20241206.txt"), or null.

    Names of exports, scans and downloads, and names with a time of day, contain the file's time of creation.
    """
    stem = PurePosixPath(path).stem
    dates = list(_NAMED.finditer(stem))
    if len(dates) != 1 or made_by_program(path) or _TIME_AFTER.match(stem, dates[0].end()):
        return None
    text = dates[0]["date"]
    if len(text) == 6:  # 202405 is as likely a number
        return None
    return iso_date(re.sub(r"[_.]", "-", text))
