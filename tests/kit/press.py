"""A made-up press study that tests run: four topics in articles of four sources, with copies and a codebook."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.files import yaml12

TOPICS: dict[str, list[str]] = {
    "chips": [
        "The ministry opened a second fund for lithography parts, paid for by banks rather than by the treasury.",
        "Two foundries said that domestic photoresist now passes their tests at 28 nanometres, though not below.",
        "Export permits for gallium took forty days in March and ninety in June, traders report.",
        "A tester in Wuxi keeps three suppliers for every chip part since the licence rules changed.",
        "Wafers from the new foundries reach customers with a yield that nobody puts in writing.",
        "Export licences for lithography tools were refused twice, and the foundries went to smaller suppliers.",
        "Suppliers of photoresist and of gallium ask the foundries for payment before a wafer leaves the line.",
        "Chip designers book domestic wafers early, because export permits may change within a month.",
    ],
    "future": [
        "The plan names brain interfaces, fusion and humanoid robots as industries of the future.",
        "Pilot zones may write their own rules for low-altitude flight until the end of next year.",
        "Local officials list the same six future industries in almost every prefecture.",
        "A quantum laboratory moved into the old bus depot and hired eleven people.",
        "Humanoid robots sorted parcels in a pilot zone while officials of the prefecture looked on.",
        "Three pilot zones for fusion and quantum machines compete for the same laboratory.",
        "A brain interface passed its first trial, and the prefecture calls it an industry of the future.",
        "Low-altitude flight and humanoid robots are in each prefecture's plan for future industries.",
    ],
    "soe": [
        "Party committees of central enterprises now approve every investment above a set sum.",
        "The regulator grades state-owned firms on research spending and on the age of their patents.",
        "Private suppliers wait on average four months for payment from provincial holding companies.",
        "A merger of two steel groups was announced on a Sunday and questioned by Tuesday.",
        "Central enterprises report research spending to the regulator before the holding companies do.",
        "After the merger the party committees of both steel groups approve investment together.",
        "The regulator asked state-owned holding companies which patents they would sell.",
        "Provincial holding companies and central enterprises share one list of approved investment.",
    ],
    "prices": [
        "Carmakers cut prices for the third time this year while the ministry warned against disorderly competition.",
        "Polysilicon stocks would last the whole industry five months without a single new delivery.",
        "The draft law forbids selling below cost, and leaves open how cost is to be measured.",
        "Dealers hold cars on their books that the factory has counted as sold.",
        "Makers of polysilicon agreed to cut capacity, and two of them sold below cost a week later.",
        "Dealers say that price competition among carmakers has left them with cars that nobody ordered.",
        "A price below cost is hard to prove, the draft law's authors admit, where capacity is unused.",
        "Unused capacity and falling prices keep polysilicon stocks at the factory gate.",
    ],
}
ODD = [
    "A choir from the valley sang four psalms at dusk and afterwards shared soup with the ringers.",
    "Zoologists counted lynx tracks in fresh snow above the tree line and found fewer than last winter.",
    "The lighthouse keeper repainted his boat green, which his daughter thought a mistake.",
    "Bread with caraway sells out by nine at the bakery beside the cathedral steps.",
    "Grandmother's clock stopped during the eclipse, so we guessed when the kettle should go on.",
    "An orchard of pears was grafted by a retired violinist who reads old almanacs.",
]
"""Paragraphs about nothing else in the corpus, so that some belong to no theme."""
SOURCES = ["The Harbour Wire", "Monthly Theory Digest", "Circuit Courier", "Institute Briefs"]
HOSTILE = [
    '<script>window.pwned="script"</script></script><img src=x onerror="window.pwned=1"> "quoted" \'single\'',
    "{{ 7*7 }} {% raw %} ${7*7} javascript:window.pwned=2 <svg onload=window.pwned=3> &amp; &#60;b&#62; ]]> <!--",
    "\u202eright to left override\u202c and \u2066isolates\u2069, a zero\u200bwidth, a bell\x07 and a \x1b[31m colour",
    "=HYPERLINK(1) +1 -1 @cmd | a | pipe `code` **bold** [link](javascript:alert(1)) <b>bold</b>",
]
CODEBOOK: dict[str, Any] = {
    "themes": [
        {"id": "chips", "name": "Semiconductor self-reliance", "definition": "Efforts to make chips without imports."},
        {"id": "future", "name": "Future industries", "definition": "Industries that do not exist at scale yet."},
        {"id": "soe", "name": "State-owned enterprises", "definition": "Steering of firms through state ownership."},
        {"id": "party", "name": "Party committees", "definition": "Party bodies inside firms.", "parent": "soe"},
        {"id": "fisheries", "name": "Fisheries", "definition": "Rules for catching and farming fish."},
    ]
}
CODED = 36
"""How many paragraphs the coders A and B read, from the first on; B misses every ninth."""


@dataclass(frozen=True)
class Press:
    """What the study is made of; equal ones give equal runs.

    Every ninth paragraph is odd and every 15th a copy of the first. `words` adds that many made-up words to each
    paragraph, as hard to pack as English; `long_word` is how many letters the longest word of a hostile corpus has.
    """

    documents: int = 12
    per_document: int = 5
    hostile: bool = False
    long_word: int = 2_000
    codebook: bool = True
    coders: bool = True
    text: str = "full"
    words: int = 0

    @property
    def name(self) -> str:
        """A name for files, another one for every other study."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Written:
    """A paragraph as it is written: its document, its place in it from 1 on, its words and the codes that it earns."""

    document: int
    position: int
    text: str
    codes: tuple[str, ...]
    is_copy: bool = False


def paragraphs(press: Press) -> Iterator[Written]:
    """The paragraphs in their order; each document is mostly about one topic, by turns."""
    rng = np.random.default_rng(7)
    made_up = ["".join(rng.choice(list("etaoinshrdlucmfwyp"), 2 + i % 9)) for i in range(4000)] if press.words else []
    first: Written | None = None
    for number in range(press.documents * press.per_document):
        document, position = divmod(number, press.per_document)
        text, codes = _sentences(rng, document, number)
        if press.words:
            text += " " + " ".join(made_up[int(4000 * u**3)] for u in rng.random(press.words)) + "."
        if press.hostile and (document + position) % 3 == 0:
            text = f"{HOSTILE[(document + position) // 3 % len(HOSTILE)]} {text}"
        if press.hostile and (document, position) == (1, 1):
            text = f"{'W' * press.long_word} {text}"
        written = Written(document, position + 1, text, codes)
        if first is not None and number % 15 == 0:
            written = Written(document, position + 1, first.text, first.codes, is_copy=True)
        first = first or written
        yield written


def _sentences(rng: np.random.Generator, document: int, number: int) -> tuple[str, tuple[str, ...]]:
    topics = list(TOPICS)
    shares = [0.7 if at == document % 4 else 0.1 for at in range(4)]
    topic = topics[int(rng.choice(4, p=shares))]
    picked = rng.permutation(len(TOPICS[topic]))[: 2 + int(rng.integers(0, 2))]
    if number % 9 == 8 and number // 9 < len(ODD):
        return ODD[number // 9], ()
    text = " ".join(TOPICS[topic][int(at)] for at in picked) + f" This was item {number + 1} of the file."
    codes = () if topic == "prices" else (topic, *(("party",) if "arty committees" in text else ()))
    return text, codes


def config(press: Press) -> dict[str, Any]:
    """The config of the study: a cheap embedder, four themes that refits agree on, and three claims."""
    question = "How is industrial policy argued for, and against?"
    tree: dict[str, Any] = {
        "name": "future_industries",
        "question": question + " <script>window.pwned=9</script> {{ 1+1 }}" * press.hostile,
        "seed": 20,
        "corpus": {"path": "corpus", "metadata": "about.csv"},
        "embed": {"method": "lsa", "dimensions": 20},
        "discover": {"method": "kmeans", "themes": 4, "refits": 6, "leave_out": "always"},
        "estimate": {"bootstrap": 100, "period": "year"},
        "report": {"formats": ["html"], "text": press.text},
    }
    if press.documents * press.per_document < 12:
        tree["discover"] = {"method": "consensus"}
    if press.codebook:
        says = HOSTILE[0] if press.hostile else "Nine in ten paragraphs are about chips."
        tree["codebook"] = {"path": "codebook.yaml"} | ({"codes": "codes.csv"} if press.coders else {})
        tree["claims"] = [
            {"claim": "above", "code": "chips", "share": 0.9, "says": says},
            {
                "claim": "below",
                "code": "future",
                "share": 0.9,
                "says": "Less than nine in ten are about future industries.",
            },
            {"claim": "rose", "code": "future", "says": "The share rose."},
        ]
    return tree


def write_press(folder: Path, press: Press) -> Path:
    """Write corpus, codebook, codes and config into a folder (new) and give the path of the config."""
    (folder / "corpus").mkdir(parents=True)
    written = list(paragraphs(press))
    about = [["file", "title", "source", "date", "url"]]
    for document in range(press.documents):
        mine = [paragraph for paragraph in written if paragraph.document == document]
        parts = [f"Notes from the region, part {document + 1}"]
        for paragraph in mine:
            parts += [f"Part {paragraph.position // 2 + 1}"] * (paragraph.position % 2) + [paragraph.text]
        text = "\n\n".join([*parts, "Read more"]) + "\n"
        (folder / "corpus" / file_name(document)).write_text(text, encoding="utf-8")
        about.append(_about(document, press.hostile))
    _write_table(folder / "about.csv", about)
    (folder / "codebook.yaml").write_text(yaml12.dump(CODEBOOK), encoding="utf-8")
    _write_table(folder / "codes.csv", [["paragraph_id", "code", "coder"], *_codes(written)])
    (folder / "study.yaml").write_text(yaml12.dump(config(press)), encoding="utf-8")
    return folder / "study.yaml"


def file_name(document: int) -> str:
    """The file of a document (0 is the first), which is its id."""
    return f"doc{document:05d}.txt"


def _about(document: int, hostile: bool) -> list[str]:
    title = HOSTILE[document % 4] if hostile and document % 2 == 0 else f"Notes from the region, part {document + 1}"
    day = f"{2024 + document % 3}-{1 + document * 5 % 12:02d}-{1 + document % 28:02d}"
    date = "" if document % 11 == 10 else day
    url = "javascript:window.pwned=4" if hostile and document % 3 == 0 else f"https://example.org/item/{document}"
    return [file_name(document), title, SOURCES[document % 4], date, url]


def _codes(written: list[Written]) -> Iterator[list[str]]:
    for number, paragraph in enumerate(written[:CODED]):
        for coder in "AB" if not paragraph.is_copy else "":
            codes = () if coder == "B" and number % 9 == 0 else paragraph.codes
            name = f"{file_name(paragraph.document)}:{paragraph.position}"
            yield from ([name, code, coder] for code in codes or ("",))


def _write_table(place: Path, rows: Iterable[list[str]]) -> None:
    with place.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
