"""`toolkit export --to latex`: tables that a paper can \\input, with denominators, escaped whatever the corpus says."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from kit.press_runs import press_run

from toolkit.errors import ConfigError
from toolkit.export import latex
from toolkit.export.export import export
from toolkit.export.latex import AS_SVG, write_latex
from toolkit.run_folder.reader import RunTables
from toolkit.text.tex import tex

ATTACKS = (
    r"\input{/etc/passwd} \write18{rm -rf /}", "50% of $x^2$ & #1 {a} ~b_c", "[2pt] * star", "--- ``quote'' !` ?`",
    "<<a>>", "未来产业 − 3 × 4", "% comment", "line\nbreak \\\\ row", "^^5cinput{x}", "\\", "\\end{longtable}",
    "\u202eab\x07",
)  # fmt: skip
ALLOWED = {
    "textbackslash", "textasciitilde", "textasciicircum", "textless", "textgreater", "textbar", "textquotedbl", "times",
    "leq", "geq", "approx", "rightarrow", *"{}$&#%_-",
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return press_run(tmp_path_factory.mktemp("latex") / "run", hostile=True)


@pytest.fixture(scope="module")
def folder(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(run, ["latex"], tmp_path_factory.mktemp("made") / "tables")[0]


def commands(text: str) -> set[str]:
    return set(re.findall(r"\\([A-Za-z]+|.)", text, re.DOTALL))


def balanced(text: str) -> bool:
    """Whether braces and environments close in order."""
    bare = re.sub(r"\\[{}]", "", text)
    depth = 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    opened: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if kind == "begin":
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not depth and not opened


@pytest.mark.parametrize("text", ATTACKS)
def test_an_escaped_text_has_no_command_and_no_sign_of_a_table(text: str) -> None:
    escaped = tex(text)
    assert commands(escaped) <= ALLOWED and balanced(escaped) and "\n" not in escaped
    assert not re.search(r"(?<!\\)[%#&_~^]", escaped) and not re.search(r"--|``|''|!`|\?`|(?<!\{)[\[\]*]", escaped)


def test_letters_of_every_script_stay_and_signs_of_mathematics_are_typeset() -> None:
    assert tex("未来产业, Käse") == "未来产业, Käse"
    assert tex("−3 × 4") == r"$-$3 $\times$ 4"
    assert tex(r"a\b") == r"a\textbackslash{}b"


def test_every_file_is_balanced_and_uses_no_command_but_its_own(folder: Path) -> None:
    known = {
        "begingroup", "endgroup", "footnotesize", "setlength", "tabcolsep", "begin", "end", "raggedright",
        "arraybackslash", "textwidth", "caption", "label", "toprule", "midrule", "bottomrule", "endfirsthead",
        "endhead", "endlastfoot", "textbf", "textit", "multicolumn", "\\",
    }  # fmt: skip
    files = sorted(path for path in folder.glob("*.tex") if path.name != "tables.tex")
    assert {path.stem for path in files} >= {"themes", "codes", "claims", "cooccurrence"}
    assert any(path.stem.startswith("prevalence_") for path in files)
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert balanced(text) and commands(text) - ALLOWED - known == set(), path.name
        ends = {line.count(" & ") for line in text.splitlines() if line.endswith(r"\\") and "multicolumn" not in line}
        assert len(ends - {0}) == 1, path.name
        assert "siunitx" not in text


def test_captions_state_denominators_and_what_intervals_contain(run: Path, folder: Path) -> None:
    tables = RunTables(run)
    themes = (folder / "themes.tex").read_text(encoding="utf-8")
    assert f"of {tables.unique} unique paragraphs in" in themes and r"\label{tab:themes}" in themes
    row = tables.themes[0]
    share = rf"{100 * row['share']:.0f}\% ({100 * row['share_low']:.0f}–{100 * row['share_high']:.0f}\%)"
    line = next(line for line in themes.splitlines() if line.startswith(f"{row['theme']} & "))
    assert share in line and f" & {row['paragraphs']} & " in line
    groups = [row for row in tables.shares("theme", "source") if row["id"] == "0"]
    by_group = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("prevalence_source*.tex")))
    for row in groups:
        assert f"{tex(row['group'])} (n = {row['n']})" in by_group
    assert {row["n"] for row in groups} >= {row["n"] for row in tables.shares("code", "source")}


def test_the_main_file_inputs_every_table_and_figure(folder: Path) -> None:
    main = (folder / "tables.tex").read_text(encoding="utf-8")
    assert balanced(main)
    assert set(re.findall(r"\\input\{(\w+)\}", main)) == {path.stem for path in folder.glob("*.tex")} - {"tables"}
    shown = set(re.findall(r"\\includegraphics\[[^]]*\]\{figures/(\w+)\.pdf\}", main))
    assert shown == {path.stem for path in (folder / "figures").glob("*.pdf")} and len(shown) > 3


def test_the_same_run_gives_the_same_bytes_in_a_folder_and_in_a_zip(run: Path, folder: Path, tmp_path: Path) -> None:
    (packed,) = export(run, ["latex"], tmp_path / "tables.zip")
    with zipfile.ZipFile(packed) as archive:
        inside = {name.removeprefix("latex/"): archive.read(name) for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    written = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert inside == written
    with pytest.raises(ConfigError, match=r"ends in nothing \(a folder\) or \.zip"):
        export(run, ["latex"], tmp_path / "tables.tex")


def test_without_typst_figures_are_svg_and_a_line_says_so(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latex, "can_render", lambda: False)
    lines: list[str] = []
    write_latex(RunTables(run), tmp_path / "tables", lines.append)
    assert lines == [AS_SVG]
    main = (tmp_path / "tables" / "tables.tex").read_text(encoding="utf-8")
    assert (tmp_path / "tables" / "figures" / "prevalence.svg").is_file() and "includegraphics" not in main
    assert "% figures/prevalence.svg is left out: LaTeX reads no SVG." in main


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex with booktabs")
def test_the_main_file_compiles(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "tables")
    line = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "tables.tex"]
    done = subprocess.run(line, cwd=tmp_path / "tables", capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0 and (tmp_path / "tables" / "tables.pdf").is_file(), done.stdout[-2000:]
