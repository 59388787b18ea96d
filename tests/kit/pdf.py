"""Pages written as PDF in the ways in which programs write them: one layout, many content streams that look alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kit.corpora import pdf_file

WIDE, HIGH = 420, 600
Lines = list[tuple[float, float, float, str]]  # left, bottom, type size, text
Line = Callable[[float, float, float, str], str]


class Look(NamedTuple):
    """How a page is written: a content stream for each line, what stands around them, and the page's own entries."""

    line: Line
    before: str = ""
    after: str = ""
    page: str = f"/MediaBox [0 0 {WIDE} {HIGH}]"


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def plain(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 {size} Tf {left} {low} Td ({escaped(text)}) Tj ET"


def by_matrix(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 1 Tf {size} 0 0 {size} {left} {low} Tm ({escaped(text)}) Tj ET"


def halved(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 {2 * size} Tf .5 0 0 .5 {left} {low} Tm ({escaped(text)}) Tj ET"


def small_units(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 {10 * size} Tf 1 0 0 1 {10 * left} {10 * low} Tm ({escaped(text)}) Tj ET"


def large_units(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 {size / 72:.5f} Tf {left / 72:.5f} {low / 72:.5f} Td ({escaped(text)}) Tj ET"


def quarters(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 {size / 4:.5f} Tf {left / 4:.5f} {low / 4:.5f} Td ({escaped(text)}) Tj ET"


def flipped(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 {size} Tf 1 0 0 -1 {left} {HIGH - low} Tm ({escaped(text)}) Tj ET"


def flipped_by_size(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 -{size} Tf -1 0 0 1 {left} {HIGH - low} Tm ({escaped(text)}) Tj ET"


def slanted(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 1 Tf {size} 0 {size * 0.33:.3f} {size} {left} {low} Tm ({escaped(text)}) Tj ET"


def condensed(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 1 Tf 90 Tz {size} 0 0 {size} {left} {low} Tm ({escaped(text)}) Tj ET"


def own_cm(left: float, low: float, size: float, text: str) -> str:
    return f"q {size} 0 0 {size} {left} {low} cm BT /F1 1 Tf ({escaped(text)}) Tj ET Q"


def word_by_word(left: float, low: float, size: float, text: str) -> str:
    """Every word with its own matrix, placed by the widths of Helvetica."""
    out, at = [], left
    for word in text.split(" "):
        out.append(f"1 0 0 1 {at:.3f} {low} Tm ({escaped(word)}) Tj")
        at += size * (text_width(word) + 0.278)
    return f"BT /F1 {size} Tf {' '.join(out)} ET"


def kerned(left: float, low: float, size: float, text: str) -> str:
    """Words set apart by kerning alone, no blank drawn."""
    inner = " -278 ".join(f"({escaped(word)})" for word in text.split(" "))
    return f"BT /F1 1 Tf {size} 0 0 {size} {left} {low} Tm [{inner}] TJ ET"


HELVETICA = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500,
)  # fmt: skip
"""Widths of the characters from the blank to z, in thousandths of the type size."""


def text_width(text: str) -> float:
    return sum(HELVETICA[ord(char) - 32] for char in text) / 1000


def sideways_up(left: float, low: float, size: float, text: str) -> str:
    """Drawn from bottom to top, for a page that is turned by 90 degrees to the right."""
    return f"BT /F1 1 Tf 0 {size} -{size} 0 {HIGH - low} {left} Tm ({escaped(text)}) Tj ET"


def sideways_down(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 1 Tf 0 -{size} {size} 0 {low} {WIDE - left} Tm ({escaped(text)}) Tj ET"


def upside_down(left: float, low: float, size: float, text: str) -> str:
    return f"BT /F1 {size} Tf -1 0 0 -1 {WIDE - left} {HIGH - low} Tm ({escaped(text)}) Tj ET"


TURNED = f"/MediaBox [0 0 {HIGH} {WIDE}]"
LOOKS: dict[str, Look] = {
    "plain": Look(plain),
    "text matrix": Look(by_matrix),
    "text matrix halves": Look(halved),
    "cm scales the page down": Look(small_units, "q .1 0 0 .1 0 0 cm", "Q"),
    "cm scales the page up": Look(large_units, "72 0 0 72 0 0 cm"),
    "cm flips the page, the text matrix flips back": Look(flipped, f"q 1 0 0 -1 0 {HIGH} cm", "Q"),
    "cm flips, negative size": Look(flipped_by_size, f"q 1 0 0 -1 0 {HIGH} cm", "Q"),
    "slanted": Look(slanted),
    "condensed": Look(condensed),
    "cm for each line": Look(own_cm),
    "word by word": Look(word_by_word),
    "kerned": Look(kerned),
    "offset crop box": Look(
        by_matrix, "1 0 0 1 300 900 cm", page=f"/MediaBox [0 0 1000 2000] /CropBox [300 900 {300 + WIDE} {900 + HIGH}]"
    ),
    "negative media box": Look(
        by_matrix, "1 0 0 1 -210 -300 cm", page=f"/MediaBox [-210 -300 {WIDE - 210} {HIGH - 300}]"
    ),
    "user unit": Look(quarters, page=f"/UserUnit 4 /MediaBox [0 0 {WIDE / 4} {HIGH / 4}]"),
    "page turned by 90": Look(sideways_up, page=f"{TURNED} /Rotate 90"),
    "page turned by 270": Look(sideways_down, page=f"{TURNED} /Rotate 270"),
    "page turned by 180": Look(upside_down, page=f"/MediaBox [0 0 {WIDE} {HIGH}] /Rotate 180"),
    "page turned by -90": Look(sideways_down, page=f"{TURNED} /Rotate -90"),
    "text sideways, page not turned": Look(sideways_up, page=TURNED),
    "text sideways downwards": Look(sideways_down, page=TURNED),
    "page turned though the text is upright": Look(by_matrix, page=f"/MediaBox [0 0 {WIDE} {HIGH}] /Rotate 90"),
    "text upside down": Look(upside_down),
}


def pages(look: Look, content: list[Lines], extra: list[str] | None = None, form: bool = False) -> bytes:
    """A PDF of these pages; `extra` are further content streams by page; `form` draws each page by a form."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{4 + 3 * n} 0 R' for n in range(len(content)))}] /Count {len(content)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(content):
        drawn = "\n".join([look.before, *(look.line(*line) for line in lines), look.after])
        drawn += "\n" + extra[number] if extra else ""
        fonts = "/Resources << /Font << /F1 3 0 R >>"
        inner = f"{fonts} /XObject << /X {6 + 3 * number} 0 R >> >>"
        body = ".5 0 0 .5 0 0 cm /X Do" if form else drawn
        objects.append(f"<< /Type /Page /Parent 2 0 R {inner} {look.page} /Contents {5 + 3 * number} 0 R >>")
        objects.append(f"<< /Length {len(body)} >>\nstream\n{body}\nendstream")
        shape = f"/Type /XObject /Subtype /Form /BBox [0 0 2000 2000] /Matrix [2 0 0 2 0 0] {fonts} >>"
        objects.append(f"<< {shape} /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    return pdf_file(objects)
