"""What is written as CSV runs nothing in a spreadsheet and is otherwise the value: numbers, ids and texts come back."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from toolkit.coders.sheet_page import TEMPLATES
from toolkit.files.cells import REACHING_OUT, guarded, runs, unguarded
from toolkit.files.csv import write_csv

RUN = (
    "=1+1", "=A1", "= SUM(1;2)", "=>x", '="a"&"b"', " =1+1", "\t=1+1", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "@SUM(1,2)", "-SUM(A1:A3)", "+1+HYPERLINK(\"x\")",
    "-1-webservice (\"x\")", "＝1+1", "＋SUM(1)", "－SUM(1)", "＠SUM(1)",
)  # fmt: skip
"""Texts that Excel or LibreOffice runs as formulas when it opens a CSV file."""
PLAIN = (
    "-1", "+1", "-1.5e-3", "-12,5", "+49 30 1234", "+1 (555) 123-4567", "-A1", "+B12", "-", "--", "- item one", "-item",
    "- He said (see below) that it rains", "- NATO (the alliance) met", "@handle", "@anna: see you (soon)",
    "+1 for this",
    "'quoted'", "'-1", "tab\there", "=", "  ", "two\nlines", 'a "word", and another', "007", "2024-05-01", "1e5",
    "- a | b",
    "语言", "–5 °C", "a=b", "x;=1+1",
)  # fmt: skip
"""Ids, numbers and verbatim texts that run nothing."""


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_runs_is_put_behind_an_apostrophe_and_comes_back(text: str) -> None:
    assert runs(text) and guarded(text) == "'" + text and unguarded(guarded(text)) == text
    assert guarded("'" + text) == "''" + text and unguarded(guarded("'" + text)) == "'" + text


@pytest.mark.parametrize("text", PLAIN)
def test_a_number_an_id_and_a_text_that_runs_nothing_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text and unguarded(text) == text


def test_a_column_s_name_runs_nothing_either(tmp_path: Path) -> None:
    write_csv(pa.table({"=cmd|' /C calc'!A0": ["a"], "-1": ["b"]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "'=cmd|' /C calc'!A0,-1\na,b\n"


def table() -> pa.Table:
    """Every text above beside numbers of each kind, none of them rounded."""
    texts = [*RUN, *PLAIN]
    n = len(texts)
    return pa.table(
        {
            "id": [f"{-row}" for row in range(n)],
            "text": texts,
            "whole": pa.array([row - 20 for row in range(n)], pa.int64()),
            "real": [(-1) ** row * (row + 0.1) / 3 for row in range(n)],
            "flag": [row % 2 == 0 for row in range(n)],
            "words": [["-1", "=x", text] for text in texts],
        }
    )


def restored(cells: list[str]) -> list[str]:
    return [unguarded(cell) for cell in cells]


def test_pandas_and_csv_read_back_every_value(tmp_path: Path) -> None:
    import pandas as pd

    made = table()
    write_csv(made, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    texts = {"id": str, "text": str, "words": str}
    frame = pd.read_csv(tmp_path / "t.csv", dtype=texts, keep_default_na=False)
    for ids, cells in (([row["id"] for row in rows], [row["text"] for row in rows]), (frame["id"], frame["text"])):
        assert list(ids) == made["id"].to_pylist() and restored(list(cells)) == made["text"].to_pylist()
    assert list(frame["text"])[len(RUN) :] == list(PLAIN)
    for name in ("whole", "flag"):
        assert frame[name].tolist() == made[name].to_pylist()
    assert [float(row["real"]) for row in rows] == made["real"].to_pylist()
    assert frame["real"].tolist() == pytest.approx(made["real"].to_pylist(), rel=1e-14)
    assert [json.loads(cell) for cell in frame["words"]] == made["words"].to_pylist()


def test_the_sheet_in_the_browser_keeps_the_same_rule() -> None:
    script = (TEMPLATES / "sheet.js").read_text(encoding="utf-8")
    (names,) = re.findall(r'const REACHING = "([^"]+)"', script)
    assert names.replace("\\\\", "") == "|".join(REACHING_OUT)
    if not shutil.which("node"):
        pytest.skip("no node to run the page's own rule")
    (rule,) = re.findall(r"( *const REACHING = .*?)\n *const plain", script, re.DOTALL)
    code = f"{rule}\nconsole.log(JSON.stringify({json.dumps([*RUN, *PLAIN])}.map(runs)))"
    done = subprocess.run(["node", "-e", code], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == [True] * len(RUN) + [False] * len(PLAIN)


def by_r(place: Path, folder: Path) -> tuple[list[str], list[str], list[str], list[str]]:
    """id, text, whole and real as R reads and writes them."""
    out = json.dumps(str(folder))
    code = f"""
t <- read.csv({json.dumps(str(place))}, colClasses = c(id = "character", text = "character", words = "character"),
              na.strings = "", encoding = "UTF-8")
stopifnot(is.integer(t$whole), is.numeric(t$real))
for (name in c("id", "text")) {{
    writeBin(charToRaw(paste(enc2utf8(t[[name]]), collapse = "\\x1e")), file.path({out}, name))
}}
writeLines(sprintf("%d", t$whole), file.path({out}, "whole"))
writeLines(sprintf("%.17g", t$real), file.path({out}, "real"))
"""
    done = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    ids, texts = ((folder / name).read_text(encoding="utf-8").split("\x1e") for name in ("id", "text"))
    numbers = ((folder / name).read_text().split() for name in ("whole", "real"))
    return (ids, texts, *numbers)


def by_libreoffice(place: Path, folder: Path) -> tuple[list[str], list[str], list[str], list[str]]:
    """id, text, whole and real as LibreOffice reads them: text columns as text, no formula computed."""
    import openpyxl

    # comma, double quote, UTF-8, first line 1, columns 1, 2 and 6 as text, English, numbers as they are written
    options = "44,34,76,1,1/2/2/2/6/2,1033,false,true,false"
    line = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx"]
    line += [f"--infilter=Text - txt - csv (StarCalc):{options}", "--outdir", str(folder), str(place)]
    subprocess.run(line, capture_output=True, timeout=180, check=True)
    assert "<f" not in zipfile.ZipFile(folder / "t.xlsx").read("xl/worksheets/sheet1.xml").decode()
    sheet = openpyxl.load_workbook(folder / "t.xlsx").active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return tuple([str("" if row[at] is None else row[at]) for row in rows] for at in range(4))  # type: ignore[return-value]


@pytest.mark.slow
@pytest.mark.parametrize(("program", "read"), [("Rscript", by_r), ("soffice", by_libreoffice)])
def test_r_and_libreoffice_read_back_every_value(
    tmp_path: Path, program: str, read: Callable[[Path, Path], tuple[list[str], ...]]
) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    made = table()
    write_csv(made, tmp_path / "t.csv")
    ids, texts, whole, real = read(tmp_path / "t.csv", tmp_path)
    assert ids == made["id"].to_pylist()
    assert restored(texts) == made["text"].to_pylist()
    assert [int(cell) for cell in whole] == made["whole"].to_pylist()
    assert [float(cell) for cell in real] == pytest.approx(made["real"].to_pylist(), rel=1e-14)


@pytest.mark.slow
def test_libreoffice_by_its_defaults_runs_no_cell(tmp_path: Path) -> None:
    if not shutil.which("soffice"):
        pytest.skip("soffice is not installed")
    write_csv(table(), tmp_path / "t.csv")
    (tmp_path / "bare.csv").write_text("text\n" + "".join(map(bare, RUN)), encoding="utf-8")
    computed = []
    for name in ("t", "bare"):
        line = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "fods"]
        subprocess.run([*line, "--outdir", str(tmp_path), str(tmp_path / f"{name}.csv")], timeout=180, check=True)
        computed.append((tmp_path / f"{name}.fods").read_text(encoding="utf-8").count("table:formula="))
    assert computed[0] == 0 and computed[1] >= 5


def bare(text: str) -> str:
    """A cell that nobody guarded."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow([text])
    return stream.getvalue()
