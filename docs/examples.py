"""Makes the example reports and the gallery of the site from real runs; `make docs` calls it before Sphinx.

python docs/examples.py   # runs three studies into build/examples (minutes, or seconds from the store)
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import toolkit
from toolkit.commands.init import write_starter
from toolkit.figures import FIGURES, Figure
from toolkit.text.format import plural

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "build" / "examples"
SITE = BUILT / "site" / "examples"
"""What is copied into the site as it is: a folder for each example, at the address examples/NAME/."""


@dataclass(frozen=True)
class Example:
    """A study whose report is in the site: `command` is what a reader types, `picture` the figure on its card."""

    name: str
    title: str
    config: str
    command: str
    picture: str
    about: str


EXAMPLES = (
    Example(
        "future_industries",
        "The shipped study",
        "configs/future_industries.yaml",
        "toolkit run configs/future_industries.yaml",
        "answer",
        "A made-up press on industrial policy: a codebook of twelve codes, codes by two machine coders, four claims.",
    ),
    Example(
        "starter",
        "The starter study",
        "starter/study.yaml",
        "toolkit init my_study && toolkit run my_study/study.yaml",
        "map",
        "What `toolkit init` writes: made-up texts about a tram, small enough to read every paragraph behind a number.",
    ),
    Example(
        "bertopic_baseline",
        "Plain BERTopic on the shipped corpus",
        "configs/bertopic_baseline.yaml",
        "toolkit run configs/bertopic_baseline.yaml",
        "map",
        "UMAP, HDBSCAN and c-TF-IDF with their defaults, in the same report; paragraphs without a theme are counted.",
    ),
)
GALLERY = EXAMPLES[0]


def made(example: Example) -> toolkit.Run:
    """The finished run of an example, brought up to date."""
    if example.config.startswith("starter/"):
        shutil.rmtree(BUILT / "starter", ignore_errors=True)
        write_starter(BUILT / "starter")
    config = (BUILT if example.config.startswith("starter/") else ROOT) / example.config
    return toolkit.run(config, out=BUILT / "runs" / example.name, replace=True)


def card(example: Example, run: toolkit.Run) -> Iterator[str]:
    """The lines of an example's card on the page of examples."""
    paragraphs, themes = run.paragraphs, run.themes
    unique = int(paragraphs["duplicate_of"].isna().sum())
    main = themes[(themes["level"] == 0) & (themes["theme"] >= 0)]
    noise = themes[themes["theme"] == -1]["paragraphs"].sum()
    counts = (
        f"{plural(len(run.documents), 'document')}, {plural(unique, 'unique paragraph')}, {plural(len(main), 'theme')}"
    )
    size = (run.path / "report.html").stat().st_size / 1e6
    yield f"::::{{grid-item-card}} {example.title}"
    yield f":link: ../examples/{example.name}/report.html"
    yield ":link-type: url"
    yield ":class-card: example"
    yield f":img-top: ../build/examples/site/examples/{example.name}/{example.picture}.svg"
    yield f":img-alt: {run.figure(example.picture).alt}\n"
    yield f"{example.about}\n"
    yield f"{counts}; {int(noise):,} of {unique:,} paragraphs without a theme.\n"
    yield " then ".join(f"`{command}`" for command in example.command.split(" && ")) + "\n"
    yield f":::{{card-footer}}\nOpen the report (one file, {size:.1f} MB)\n:::\n::::"


def shown(figure: Figure) -> Iterator[str]:
    """The lines of a figure in the gallery."""
    place = f"../examples/{GALLERY.name}/{figure.name}"
    yield f"## {figure.title}\n"
    yield f"```{{image}} ../build/examples/site/examples/{GALLERY.name}/{figure.name}.svg"
    yield f":alt: {figure.alt}\n:class: figure\n:target: {place}.svg\n```\n"
    yield f"{figure.caption}\n" if figure.caption else ""
    links = f'<a href="{place}.svg">SVG</a>, <a href="{place}.csv">numbers</a>'
    yield f"`{figure.name}`, drawn from `{figure.source}`. {links}.\n"


def main() -> None:
    """Run the examples; write their reports, figures and the two lists that the site's pages include."""
    shutil.rmtree(SITE, ignore_errors=True)
    cards, runs = [], {}
    for example in EXAMPLES:
        run = runs[example.name] = made(example)
        place = SITE / example.name
        place.mkdir(parents=True)
        shutil.copy(run.path / "report.html", place)
        pictures = FIGURES if example is GALLERY else [example.picture]
        for name in pictures:
            run.figure(name).save(place / f"{name}.svg")
        cards.append("\n".join(card(example, run)))
    figures = [runs[GALLERY.name].figure(name) for name in FIGURES]
    lines = ["\n".join(shown(figure)) for figure in figures if not figure.reason]
    (BUILT / "cards.md").write_text("\n\n".join(cards) + "\n", encoding="utf-8", newline="\n")
    (BUILT / "gallery.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
