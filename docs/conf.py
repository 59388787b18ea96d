"""How Sphinx makes the site: Markdown pages, notebooks and docstrings of the repository, read where they are.

make docs   # build/site; open build/site/index.html, also without a network
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from myst_parser.parsers.sphinx_ import MystParser
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.logging import getLogger
from sphinx.util.nodes import make_refnode

from toolkit.version import __version__

LOGGER = getLogger(__name__)

project = "toolkit"
author = "the authors of toolkit"
project_copyright = author
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
]
root_doc = "docs/index"
include_patterns = [
    "docs/*.md",
    "docs/**/*.md",
    "experiments/*.md",
    "experiments/*/README.md",
    "notebooks/*.ipynb",
    *(f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "SECURITY")),
]
exclude_patterns = [".*", "**/.*", "build", "runs", "tests", "toolkit", "**/runs"]
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r"(?!toolkit\b).*"),  # names of other libraries and of types inside annotations: no page of this site
]
suppress_warnings = ["misc.highlighting_failure"]  # a config with "…" in it is shown as it is

myst_enable_extensions = ["attrs_inline", "colon_fence", "dollarmath"]
myst_heading_anchors = 4
myst_dmath_allow_labels = False
myst_dmath_double_inline = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
default_role = "code"
maximum_signature_line_length = 88
napoleon_numpy_docstring = False
python_use_unqualified_type_names = True

html_math_renderer = "mathml"
html_theme = "furo"
html_title = f"toolkit {__version__}"
html_static_path = ["site/static", "../toolkit/figures/fonts"]
html_extra_path = ["../build/examples/site"]
templates_path = ["site/templates"]
html_css_files = ["site.css"]
html_additional_pages = {"index": "redirect.html"}
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_search_language = "en"
html_theme_options = {
    "navigation_with_keys": True,
    "light_css_variables": {"color-brand-primary": "#1f6477", "color-brand-content": "#1f6477"},
    "dark_css_variables": {"color-brand-primary": "#7cc7d8", "color-brand-content": "#7cc7d8"},
}
pygments_style = "friendly"
pygments_dark_style = "github-dark"
copybutton_exclude = ".linenos, .gp, .go"


class NotebookParser(MystParser):
    """Reads a notebook as a page of Markdown: its text and its code, without outputs."""

    supported = ("notebook",)

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Fill `document` from the JSON text of a notebook."""
        cells = json.loads(inputstring)["cells"]
        texts = ["".join(cell["source"]) for cell in cells]
        parts = [
            text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```"
            for cell, text in zip(cells, texts, strict=True)
            if text.strip()
        ]
        super().parse("\n\n".join(parts), document)


def _formula(node: nodes.math | nodes.math_block, is_block: bool) -> str:
    """The MathML of a formula; one that cannot be read is a warning, which fails the build, and is shown as written."""
    text = node.astext().replace(r"\dots", r"\ldots")
    try:
        return tex2mathml(text, as_block=is_block)
    except MathError as fault:
        LOGGER.warning("formula %s: %s", text, fault, location=node)
        return f"<code>{escape(text)}</code>"


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(_formula(node, False))
    raise nodes.SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    self.body.append(f'<div class="formula">{_formula(node, True)}</div>')
    raise nodes.SkipNode


def _decisions(app: Sphinx, docname: str, source: list[str]) -> None:
    """Puts the pages of the decisions below their index, which is plain Markdown."""
    if docname == "docs/adr/README":
        source[0] += "\n```{toctree}\n:hidden:\n:glob:\n[0-9]*\n```\n"


class FolderLinks(SphinxPostTransform):
    """Leads a link to a folder of the repository to the page in it, or leaves its words without a link."""

    default_priority = 8  # before MyST looks for a page

    def run(self, **kwargs: Any) -> None:
        """Replace the links of one page."""
        root = Path(self.app.srcdir)
        for link in list(self.document.findall(addnodes.pending_xref)):
            folder = (root / self.env.docname).parent / str(link.get("reftarget") or ".")
            if link.get("reftype") != "myst" or link.get("reftarget") is None or not folder.is_dir():
                continue
            pages = [f"{folder.resolve().relative_to(root).as_posix()}/{name}" for name in ("index", "README")]
            page = next((page for page in pages if page in self.env.found_docs), None)
            words = link.children
            if page:
                words = [make_refnode(self.app.builder, self.env.docname, page, "", words)]
            link.replace_self(words)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register notebooks as pages, and formulas as MathML, which browsers draw without a script or a network."""
    app.connect("source-read", _decisions)
    app.add_post_transform(FolderLinks)
    app.add_source_suffix(".ipynb", "notebook")
    app.add_source_parser(NotebookParser)
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
