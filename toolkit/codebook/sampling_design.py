"""How the human-coded paragraphs were sampled: whether they can correct shares, and with which weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.codebook.human import HumanCodes
from toolkit.codebook.human_files import Places, code_files, design_files, read_design
from toolkit.files.digest import texts_digest
from toolkit.values import ASSUMPTION, Sampling, Table

Design = Mapping[str, Any]
HOW = ("stratified", "random", "informative")
"""Ways of drawing in designs; a paragraph of several sheets counts with the first of these."""
INFORMATIVE = (
    "the coded paragraphs were drawn because their codes are hard to tell (toolkit sample --how informative), so they "
    "represent no share of the corpus; draw a random sample as well"
)


def designs_beside(places: Places) -> tuple[Design, ...]:
    """The designs of `toolkit sample` beside files of human codes."""
    read = [read_design(place) for place in design_files(code_files(places))]
    unique = {str(design["sheet"]): design for design in read if design is not None}
    return tuple(unique[name] for name in sorted(unique))


def sampling(human: HumanCodes, designs: Sequence[Design], paragraphs: Table) -> Sampling:
    """The weights of the coded paragraphs, or the reason why there are none.

    Codes of files without a sheet count as a random sample, with a note. Codes of a random or stratified sheet have the
    weight of their stratum's paragraphs over its coded ones (Cochran 1977, ch. 5); those coded before the draw have the
    weight 1. Informative draws never count. Several random draws from one corpus count as one.

    paragraphs: pa.Table of the paragraphs that count once (paragraph_id, text).
    """
    known = {str(design["sheet"]): design for design in designs}
    named = {name for names in human.sheets.values() for name in names if name}
    notes = _notes(human, known)
    if not named:
        return Sampling(dict.fromkeys(human.sheets, 1.0), ASSUMPTION, None, notes)
    usable = [name for name in sorted(named) if _how(name, known) != "informative"]
    if not usable:
        return Sampling({}, INFORMATIVE, INFORMATIVE, notes)
    reason = _unfit(usable, known, paragraphs)
    if reason:
        return Sampling({}, reason, reason, notes)
    chosen = [known[name] for name in usable]
    return _weighed(human, chosen, notes)


def _how(sheet: str, known: Mapping[str, Design]) -> str | None:
    """How a sheet was drawn by its design; None if the design is not known."""
    return str(known[sheet]["how"]) if sheet in known else None


def _notes(human: HumanCodes, known: Mapping[str, Design]) -> tuple[str, ...]:
    kinds = Counter(
        next((how for how in HOW if how in {_how(name, known) for name in names}), None)
        for names in human.sheets.values()
    )
    notes = []
    if kinds["informative"]:
        notes.append(
            f"{kinds['informative']} of {kinds.total()} coded paragraphs were drawn as hard cases: scores against them "
            "describe such paragraphs and not the corpus, and no share is corrected with them."
        )
    if kinds["stratified"]:
        notes.append(
            f"{kinds['stratified']} of {kinds.total()} coded paragraphs come from a stratified draw; scores count each "
            "of them once, corrected shares by its weight."
        )
    for name, design in sorted(known.items()):
        coded = sum(name in names for names in human.sheets.values())
        if coded < len(design["paragraphs"]):
            notes.append(
                f"Coding sheet {name}: {coded} of {len(design['paragraphs'])} drawn paragraphs are coded; they were "
                "shown in random order, so the first of them are a random part."
            )
    return tuple(notes)


def _unfit(names: Sequence[str], known: Mapping[str, Design], paragraphs: Table) -> str | None:
    missing = [name for name in names if name not in known]
    if missing:
        return (
            f"the design of coding sheet {', '.join(missing)} is not known; keep the design.json that toolkit sample "
            "wrote beside the answers"
        )
    kinds = {str(known[name]["how"]) for name in names}
    if len(kinds) > 1 or (kinds == {"stratified"} and len(names) > 1):
        return f"the coded paragraphs come from {len(names)} draws that cannot be weighed together ({', '.join(names)})"
    now = texts_digest(sorted(paragraphs.column("text").to_pylist()))
    for name in names:
        frame = known[name]["frame"]
        if frame["sha256"] != now:
            return (
                f"coding sheet {name} was drawn from another state of the corpus ({frame['corpus']} unique paragraphs; "
                f"now {paragraphs.num_rows}), so it is no random sample of this one"
            )
    return None


def _weighed(human: HumanCodes, designs: Sequence[Design], notes: tuple[str, ...]) -> Sampling:
    drawn = {row["paragraph_id"]: row["stratum"] for design in designs for row in design["paragraphs"]}
    certain = {name for design in designs for name in design["already_coded"]} - set(drawn)
    gone = sorted(certain - set(human.sheets))
    if gone:
        reason = (
            f"{len(gone)} paragraphs had been coded before the sample was drawn, were so left out of it, and are not "
            f"among the codes now (the first: {gone[0]}); give their codes too"
        )
        return Sampling({}, reason, reason, notes)
    sizes = {row["stratum"]: row["paragraphs"] for row in designs[0]["strata"]}
    if len(designs) > 1:  # several random draws are together one random draw
        sizes = {stratum: max(design["frame"]["corpus"] for design in designs) - len(certain) for stratum in sizes}
    coded = [name for name in human.sheets if name in drawn]
    coded_in = Counter(drawn[name] for name in coded)
    empty = [stratum for stratum, size in sizes.items() if size and not coded_in[stratum]]
    if empty:
        reason = f"no paragraph is coded yet of {len(empty)} of {len(sizes)} strata ({empty[0]})"
        return Sampling({}, reason, reason, notes)
    weights = {name: sizes[drawn[name]] / coded_in[drawn[name]] for name in coded}
    weights |= dict.fromkeys(certain, 1.0)
    return Sampling(
        dict(sorted(weights.items())), _how_drawn(designs, len(coded), len(certain)), None, notes, checked=True
    )


def _how_drawn(designs: Sequence[Design], coded: int, certain: int) -> str:
    sheets = ", ".join(str(design["sheet"]) for design in designs)
    seeds = ", ".join(str(design["seed"]) for design in designs)
    how = "drawn at random" if designs[0]["how"] == "random" else "drawn by strata and weighed by them"
    before = f"; {certain} coded before the draw have weight 1" if certain else ""
    return f"checked: {coded} paragraphs were {how} (sheet {sheets}, seed {seeds}) from this very corpus{before}"
