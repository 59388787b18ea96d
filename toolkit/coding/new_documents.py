"""Codes the paragraphs of new documents against the background of a coded corpus. Nothing is fitted.

The background contains usual levels of evidence, word counts, the paragraphs with the highest scores and, if people
coded some paragraphs, the model learned from them.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa

from toolkit.codebook.codebook import Codebook
from toolkit.codebook.human import HUMAN
from toolkit.coding.background import Background
from toolkit.coding.by_meaning import Encode
from toolkit.coding.code import THRESHOLDS, codes_table
from toolkit.coding.code_terms import sharing, wanted
from toolkit.coding.deciding import decided
from toolkit.coding.evidence import Evidence, gather
from toolkit.coding.evidence_sentence import carriers, surety
from toolkit.coding.learned_model import Taught
from toolkit.coding.learning import outside_held, probability_of
from toolkit.coding.quality import SCORED
from toolkit.coding.scoring import inside, is_bounded, logistic, score_further
from toolkit.coding.sentences import glossed, passages
from toolkit.coding.settings import CodebookSettings
from toolkit.errors import StoreError
from toolkit.values import Arrays, Bools, Coding, Table, Tick, Vectors, no_tick

FORMAT = 2


def save_background(coding: Coding, codebook: Codebook, folder: Path) -> None:
    """Write the background that `code_further` requires into a folder: code.json and code_*.npy."""
    for name, array in coding.background.items():
        np.save(folder / f"code_{name}.npy", array, allow_pickle=False)
    plain = {"format": FORMAT, "codebook": codebook.sha256, "codes": list(codebook.ids)}
    text = json.dumps(plain | {"arrays": sorted(coding.background)}, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / "code.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def load_background(folder: Path, codebook: Codebook) -> Arrays:
    """The arrays that `save_background` wrote; none if an older version, with other scores, wrote them.

    Raises: StoreError if they are missing or belong to another codebook.
    """
    try:
        about = json.loads((folder / "code.json").read_text(encoding="utf-8"))
        if about["format"] < FORMAT:
            return {}
        if about["format"] != FORMAT or tuple(about["codes"]) != codebook.ids:
            raise ValueError("of another format or codebook")
        arrays = {name: np.load(folder / f"code_{name}.npy", allow_pickle=False) for name in about["arrays"]}
        Background.of(arrays)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise StoreError(
            f"{folder}: no background of codes to start from ({fault}); run the experiment again"
        ) from fault
    return arrays


def code_further(
    settings: CodebookSettings,
    codebook: Codebook,
    paragraphs: Table,
    vectors: Vectors,
    encode: Encode | None,
    background: Arrays,
    tick: Tick = no_tick,
) -> Coding:
    """The coding of every paragraph x every code as by `code_paragraphs`, by the background of another corpus.

    Args:
        paragraphs: pa.Table of n paragraphs: paragraph_id, document_id, start, text.
        vectors: (n, d) float32 unit rows by the model of that corpus.
        encode: that model; None if that corpus was given embeddings or they were made from it alone: then wording alone
            decides, as it did there.
        background: `Coding.background` of that corpus.
    """
    known, taught = Background.of(background), Taught.of(background)
    cut = passages(paragraphs)
    all_wanted = [wanted(code) for code in codebook.themes]
    model = encode if settings.evidence == "both" else None
    tick(0, 3)
    evidence = gather(all_wanted, sharing(codebook, all_wanted), cut, vectors, model, known)
    tick(1, 3)
    within = inside(evidence, is_bounded(evidence, settings.covers), glossed(paragraphs))
    scored = score_further(evidence, vectors, known)
    odds = decided(scored, known.offset, within, settings.covers)
    probability = probability_of(taught, odds, vectors, evidence) if taught else None
    if taught is not None and probability is not None and taught.bounded:
        probability = outside_held(probability, within)
    scores = logistic(odds)
    assigned = (scores >= settings.threshold) & within[:, None]
    if taught is not None and probability is not None:
        assigned = probability >= taught.threshold
    tick(2, 3)
    quoted = carriers(evidence, cut, all_wanted, scored, surety(odds, probability, None), assigned, model)
    tick(3, 3)
    return Coding(
        codes=codes_table(paragraphs, codebook, cut, quoted, scores, assigned, probability),
        thresholds=_thresholds(settings, codebook, evidence, assigned, taught),
        human=HUMAN.empty_table(),
        scored=SCORED.empty_table(),
        method=_method(known, taught),
        notes=_notes(codebook, within, assigned),
    )


def _thresholds(
    settings: CodebookSettings, codebook: Codebook, evidence: Evidence, assigned: Bools, taught: Taught | None
) -> Table:
    level, spread = evidence.meaning_level if evidence.kind == "both" else evidence.words_level
    rows = [
        {
            "code": code,
            "threshold": taught.threshold if taught else settings.threshold,
            "background_mean": float(level[column]),
            "background_sd": float(spread[column]),
            "assigned": int(assigned[:, column].sum()),
            "rule": "probability, learned in the run" if taught else "score; background of the run",
        }
        for column, code in enumerate(codebook.ids)
    ]
    return pa.Table.from_pylist(rows, schema=THRESHOLDS)


def _method(known: Background, taught: Taught | None) -> str:
    text = (
        "Codes were given by the codebook of the run and measured by its background: the usual level of each code, the "
        f"rarity of words and the example paragraphs (in large corpora: the nearest neighbours) among the run's "
        f"{known.texts:,} unique ones; nothing was fitted."
    )
    if taught is None:
        return text
    return (
        f"{text} Probabilities and the threshold ({taught.threshold:.2f}) are those learned from the run's "
        f"{len(taught.marks)} coded paragraphs."
    )


def _notes(codebook: Codebook, within: Bools, assigned: Bools) -> tuple[str, ...]:
    n, outside = len(assigned), int((~within).sum())
    notes = []
    if outside > n / 2:
        notes.append(f"{outside} of {n} paragraphs are outside the codebook's field.")
    empty = [code for column, code in enumerate(codebook.ids) if not assigned[:, column].any()]
    if empty:
        notes.append(f"No paragraph got {len(empty)} of {len(codebook.ids)} codes: {', '.join(empty)}.")
    return tuple(notes)
