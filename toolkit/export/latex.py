"""Writes a run's tables for a paper: booktabs tables in LaTeX that state their denominators, and its figures.

`tables.tex` compiles by itself and \\inputs each table. Every text is escaped: nothing of a corpus is a command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from toolkit.export.latex_tables import TexTable, tex_tables
from toolkit.export.workbook import title_of
from toolkit.figures import FIGURES, Figure
from toolkit.figures.raster import can_render
from toolkit.figures.style import WIDE
from toolkit.run_folder.identity import run_id
from toolkit.run_folder.reader import RunTables
from toolkit.text.tex import tex

AS_SVG = (
    "Figures are written as SVG, since typst is not installed (pip install 'thematic-toolkit[pdf]'); tables.tex leaves "
    "them out."
)
PREAMBLE = r"""\documentclass[a4paper]{article}
\usepackage[margin=2.2cm]{geometry}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\else
  \usepackage{fontspec}
\fi
\usepackage{array,booktabs,longtable,graphicx}
\setlength{\LTcapwidth}{\textwidth}
"""
EASTERN = r"""% Some tables have Chinese, Japanese or Korean characters, which pdfLaTeX lacks:
% compile with XeLaTeX or LuaLaTeX and a font that has them.
\ifXeTeX
  \usepackage{xeCJK}
  \IfFontExistsTF{Noto Serif CJK SC}{\setCJKmainfont{Noto Serif CJK SC}}{}
\fi
"""
_EASTERN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_SPECIFICATION = {"words": r">{{\raggedright\arraybackslash}}p{{{width:.2f}\textwidth}}", "number": "r"}


@dataclass(frozen=True)
class _Picture:
    """A figure in figures/, as `name` without its ending."""

    figure: Figure
    drawn: bool


def write_latex(tables: RunTables, folder: Path, say: Callable[[str], None]) -> None:
    """Write tables.tex, a file for each table and figures/ into `folder` (new). `say` gets a line if figures are SVG.

    Raises OSError if it cannot be written.
    """
    folder.mkdir()
    made = list(tex_tables(tables))
    for table in made:
        _write(folder / f"{table.name}.tex", table_text(table))
    pictures = list(_pictures(tables, folder / "figures", say))
    _write(folder / "tables.tex", main_text(tables, made, pictures))


def table_text(table: TexTable) -> str:
    """One table: a longtable between booktabs rules, with caption and label; its head is repeated on each page."""
    columns = "".join(_SPECIFICATION[column.holds].format(width=column.width) for column in table.columns)
    head = " & ".join(rf"\textbf{{{tex(column.head)}}}" for column in table.columns) + r" \\"
    lines = [
        f"% {table.name}: made by thematic-toolkit; needs the packages array, booktabs and longtable.",
        r"\begingroup\footnotesize\setlength{\tabcolsep}{4pt}",
        rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}",
        rf"\caption{{{tex(table.caption)}}}\label{{tab:{table.name}}}\\",
        r"\toprule",
        head,
        r"\midrule",
        r"\endfirsthead",
        r"\toprule",
        head,
        r"\midrule",
        r"\endhead",
        r"\bottomrule",
        r"\endlastfoot",
    ]
    for panel, rows in table.panels:
        if panel:
            lines.append(rf"\multicolumn{{{len(table.columns)}}}{{@{{}}l}}{{\textit{{{tex(panel)}}}}} \\")
        lines += [" & ".join(map(tex, row)) + r" \\" for row in rows]
        lines += [r"\midrule"] if panel and rows is not table.panels[-1][1] else []
    return "\n".join([*lines, r"\end{longtable}", r"\endgroup", ""])


def main_text(tables: RunTables, made: list[TexTable], pictures: list[_Picture]) -> str:
    """tables.tex: a document of all tables and figures."""
    eastern = any(_EASTERN.search(table_text(table)) for table in made)
    question = str(tables.config.get("question") or "")
    body = [rf"\section*{{{tex(title_of(tables))}}}", *([rf"\noindent {tex(question)}"] if question else [])]
    body += [rf"\input{{{table.name}}}" for table in made]
    for each in pictures:
        body += _figure(each) if each.drawn else [f"% figures/{each.figure.name}.svg is left out: LaTeX reads no SVG."]
    head = f"% The tables and figures of run {run_id(tables.manifest)}, made by thematic-toolkit.\n"
    lines = [head + PREAMBLE + (EASTERN if eastern else ""), r"\begin{document}", *body, r"\end{document}", ""]
    return "\n".join(lines)


def _figure(each: _Picture) -> list[str]:
    figure = each.figure
    width = min(figure.width / WIDE, 1.0)
    return [
        r"\begin{figure}[p]",
        r"\centering",
        rf"\includegraphics[width={width:.2f}\textwidth,height=0.85\textheight,keepaspectratio]{{figures/{figure.name}.pdf}}",
        rf"\caption{{{tex(f'{figure.title}. {figure.caption}')}}}\label{{fig:{figure.name}}}",
        r"\end{figure}",
    ]


def _pictures(tables: RunTables, folder: Path, say: Callable[[str], None]) -> Iterator[_Picture]:
    """The figures that show something, written as PDF, or as SVG without typst."""
    drawn = can_render()
    if not drawn:
        say(AS_SVG)
    folder.mkdir()
    for name, make in FIGURES.items():
        figure = make(tables)
        if figure.reason:
            continue
        if drawn:
            (folder / f"{name}.pdf").write_bytes(figure.rendered("pdf"))
        else:
            _write(folder / f"{name}.svg", figure.svg)
        yield _Picture(figure, drawn)


def _write(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8", newline="\n")
