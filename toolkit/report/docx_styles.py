"""The look of the Word document: its page, its styles and its language."""

from __future__ import annotations

from typing import Any

from toolkit.text.format import visible

INK, ACCENT, SOFT, RULE = "1B2733", "17586A", "55626E", "B8C2C9"
LETTERS, FIXED = "Calibri", "Consolas"
TEXT_WIDTH = 16.4
"""Of a line, in centimetres: A4 with margins of 2.3."""
LANGUAGE = "en-GB"


def set_page(document: Any, title: str) -> None:
    """A4, and a foot with the title and the number of the page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21.0 - TEXT_WIDTH) / 2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{visible(title)}  ·  ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " PAGE ")
    run = foot.add_run("1")
    field.append(run._r)
    foot._p.append(field)


def set_styles(document: Any) -> None:
    """The look of the document: letters, sizes and spaces of each style, and the language of its words."""
    from docx.shared import Pt, RGBColor

    _language(document)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = LETTERS, Pt(10.5), RGBColor.from_string(INK)
    known = {style.name for style in document.styles}
    for name, (base, size, colour, before, after) in LOOKS.items():
        style = document.styles[name] if name in known else document.styles.add_style(name, 1)
        if base:
            style.base_style = document.styles[base]
        style.font.name, style.font.size, style.font.color.rgb = LETTERS, Pt(size), RGBColor.from_string(colour)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        _letters(style)
    for name in ("Quote", "Source"):
        document.styles[name].paragraph_format.left_indent = Pt(14)
    document.styles["Listing"].font.name = FIXED
    for name in ("Quote", "Picture"):
        document.styles[name].paragraph_format.keep_with_next = True
    document.styles["Caption"].font.bold = False
    _table_style(document)


LOOKS: dict[str, tuple[str, float, str, float, float]] = {
    "Title": ("", 24, ACCENT, 0, 4),
    "Subtitle": ("", 13, SOFT, 0, 6),
    "Heading 1": ("", 17, ACCENT, 20, 4),
    "Heading 2": ("", 13.5, ACCENT, 14, 4),
    "Heading 3": ("", 11.5, ACCENT, 10, 4),
    "Heading 4": ("", 10.5, ACCENT, 8, 4),
    "Heading 5": ("", 10.5, ACCENT, 8, 4),
    "Heading 6": ("", 10.5, SOFT, 8, 4),
    "Body Text": ("", 10.5, INK, 0, 6),
    "Small": ("Normal", 9, INK, 0, 3),
    "Source": ("Normal", 8.5, SOFT, 0, 6),
    "Quote": ("", 10.5, INK, 4, 1),
    "Caption": ("", 9, INK, 4, 6),
    "Picture": ("Normal", 10.5, INK, 6, 2),
    "Listing": ("Normal", 8, INK, 2, 6),
    "Cell": ("Normal", 8.5, INK, 1, 1),
    "Cell Small": ("Normal", 7.5, INK, 1, 1),
    "Cell Head": ("Normal", 8, ACCENT, 1, 1),
    "Head Small": ("Normal", 7, ACCENT, 1, 1),
    "Cell Pale": ("Normal", 8.5, SOFT, 1, 1),
    "After Table": ("Normal", 4, INK, 0, 4),
    "List Bullet": ("", 10, INK, 0, 3),
    "List Number": ("", 10, INK, 0, 3),
    "Footer": ("", 8, SOFT, 0, 0),
}  # fmt: skip
"""Style -> what it is based on (if the template lacks it), size in points, colour, space before and after in points."""


def _letters(style: Any) -> None:
    """The style's letters without those of the template's theme, which would go before them."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)


def _language(document: Any) -> None:
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)


def _table_style(document: Any) -> None:
    """Rules above, below and between the rows, as in print; none between the columns."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    style = document.styles.add_style("Report Table", 3)
    style.base_style = document.styles["Normal Table"]
    properties = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for side, size, colour in (("top", "8", ACCENT), ("bottom", "8", ACCENT), ("insideH", "4", RULE)):
        rule = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", colour)):
            rule.set(qn(f"w:{key}"), value)
        borders.append(rule)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "60")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.append(borders)
    properties.append(margins)
    style.element.append(properties)
