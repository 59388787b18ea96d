"""Codes paragraphs against a codebook: each paragraph gets any number of codes, each with its evidence sentence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from toolkit.codebook.codebook import Codebook
from toolkit.codebook.human import HUMAN, HumanCodes, reference
from toolkit.coding.by_meaning import Encode
from toolkit.coding.code_terms import sharing, wanted
from toolkit.coding.deciding import FEWEST_CODES, decisions
from toolkit.coding.evidence import Evidence, gather
from toolkit.coding.evidence_sentence import Carriers, carriers, surety
from toolkit.coding.learning import Learned, learn
from toolkit.coding.quality import SCORED, quality
from toolkit.coding.quality import WORKS as SCORE_WORKS
from toolkit.coding.scoring import FIELD_BOUND, Scores, background_of, inside, is_bounded, logistic, score
from toolkit.coding.sentences import Passages, glossed, passages
from toolkit.coding.settings import CodebookSettings
from toolkit.schemas import CODES
from toolkit.values import Bools, Coding, Floats, Table, Tick, Vectors, no_tick

THRESHOLDS = pa.schema(
    [
        ("code", pa.string()),
        ("threshold", pa.float64()),
        (
            "background_mean",
            pa.float64(),
        ),  # level of the code's meaning in this corpus, taken off (sd above background)
        ("background_sd", pa.float64()),
        ("assigned", pa.int64()),
        ("rule", pa.string()),
    ]
)
FEWEST_PARAGRAPHS = 20
"""The background of a code in the corpus cannot be measured with fewer paragraphs."""


def code_paragraphs(
    settings: CodebookSettings,
    codebook: Codebook,
    paragraphs: Table,
    vectors: Vectors,
    encode: Encode | None,
    human: HumanCodes | None,
    seed: int,
    tick: Tick = no_tick,
) -> Coding:
    """The coding of every paragraph x every code: score, decision and the sentence that supports the code most.

    Args:
        paragraphs: pa.Table of n unique paragraphs: paragraph_id, document_id, start, text.
        vectors: (n, d) float32 unit rows of the paragraphs.
        encode: the run's model; None if the vectors were given or made from this corpus alone: then wording decides.
        human: codes given by coders; None if nobody coded.
    """
    cut = passages(paragraphs)
    all_wanted = [wanted(code) for code in codebook.themes]
    model = encode if settings.evidence == "both" else None
    tick(0, 3)
    evidence = gather(all_wanted, sharing(codebook, all_wanted), cut, vectors, model)
    tick(1, 3)
    bounded = is_bounded(evidence, settings.covers)
    within, scored = inside(evidence, bounded, glossed(paragraphs)), score(evidence, vectors, bounded)
    odds, offset = decisions(scored.odds, evidence, within, settings.covers)
    scores = logistic(odds)
    plain = (scores >= settings.threshold) & within[:, None]
    learned = None
    coded = reference(human, codebook, paragraphs) if human else None
    if coded and settings.learn:
        learned = learn(odds, vectors, evidence, paragraphs, coded, within, seed)
    assigned = learned.assigned if learned and learned.assigned is not None else plain
    tick(2, 3)
    probability = learned.probability if learned else None
    quoted = carriers(evidence, cut, all_wanted, scored.odds, surety(odds, probability, coded), assigned, model)
    tick(3, 3)
    taught = learned.taught.arrays() if learned and learned.taught else {}
    return Coding(
        codes=codes_table(paragraphs, codebook, cut, quoted, scores, assigned, probability),
        thresholds=_thresholds(settings, codebook, evidence, assigned, learned),
        human=human.marks if human else pa.Table.from_pylist([], schema=HUMAN),
        scored=quality(codebook, paragraphs, human, plain, learned, settings.bootstrap, seed)
        if human
        else pa.Table.from_pylist([], schema=SCORED),
        method=_method(settings, evidence, scored, bounded, learned),
        notes=(
            *_scoring_notes(settings, encode, scored, quoted.embedded),
            *_field_notes(settings, codebook, evidence, scored, within, assigned, _bounds(learned)),
            *(human.notes if human else ()),
            *(learned.notes if learned else ()),
        ),
        works=("porter1980", *_works(scored), "lipton2014", "saerens2002", *(SCORE_WORKS if human else ())),
        background={**background_of(evidence, scored, offset).arrays(), **taught},
    )


def codes_table(
    paragraphs: Table,
    codebook: Codebook,
    cut: Passages,
    quoted: Carriers,
    scores: Floats,
    assigned: Bools,
    probability: Floats | None,
) -> Table:
    """The rows of `tables/codes`: paragraphs in order, codes in the codebook's order within each."""
    n, c = scores.shape
    rows = quoted.rows.ravel()
    return pa.table(
        {
            "paragraph_id": [
                paragraph for paragraph in paragraphs.column("paragraph_id").to_pylist() for _ in range(c)
            ],
            "code": list(codebook.ids) * n,
            "score": scores.ravel(),
            "probability": pa.nulls(n * c, pa.float64()) if probability is None else probability.ravel(),
            "assigned": assigned.ravel(),
            "start": cut.start[rows],
            "end": cut.end[rows],
            "quote": [cut.sentences[row] for row in rows],
            "quote_score": pa.array(quoted.score.ravel(), from_pandas=True),
        },
        schema=CODES,
    )


def _thresholds(
    settings: CodebookSettings, codebook: Codebook, evidence: Evidence, assigned: Bools, learned: Learned | None
) -> Table:
    level, spread = evidence.meaning_level if evidence.kind == "both" else evidence.words_level
    learned_threshold = None if learned is None else learned.threshold
    threshold = settings.threshold if learned_threshold is None else learned_threshold
    rule = "score; no labels" if learned_threshold is None else "probability, learned from the coded sample"
    rows = [
        {
            "code": code,
            "threshold": threshold,
            "background_mean": float(level[column]),
            "background_sd": float(spread[column]),
            "assigned": int(assigned[:, column].sum()),
            "rule": rule,
        }
        for column, code in enumerate(codebook.ids)
    ]
    return pa.Table.from_pylist(rows, schema=THRESHOLDS)


def _works(scored: Scores) -> tuple[str, ...]:
    """Keys of the works behind the part of the scores that the corpus adds."""
    return ("zhou2004",) if scored.near is not None else ("rocchio1971",)


def _method(
    settings: CodebookSettings, evidence: Evidence, scored: Scores, bounded: bool, learned: Learned | None
) -> str:
    both = evidence.kind == "both"
    meaning = "nearness in meaning (cosine with the code's definition, rules and examples) and " if both else ""
    text = (
        f"Each paragraph was scored for each code by {meaning}shared wording (stems, phrases and related words, "
        "weighted by rarity and by how few codes contain them), less the code's level in this corpus and in a fixed "
        "background of general sentences; by the stance that a code requires; and by "
        f"{_taught_by_corpus(scored)}. A rule of exclusion or a counter-example nearer than what the code covers "
        "counts against it. The weights are fixed and were fitted on other codebooks and corpora. The number of "
        "paragraphs of a code was estimated from its scores in this corpus, by a regression fitted on those codebooks; "
        "the code was then given to the paragraphs with which the expected F1 is greatest."
    )
    if bounded and _bounds(learned):
        text += (
            f" Paragraphs less than {FIELD_BOUND[evidence.kind]:g} spreads of the general background nearer to the "
            "codebook's field than that background get no code."
        )
    elif settings.covers != "field" and len(evidence.crowding) >= FEWEST_CODES:
        text += (
            " The codebook is said to cover everything, so a paragraph's best code requires even less evidence, and "
            "hardly any paragraph has no code."
        )
    elif settings.covers != "field":
        text += (
            " The codebook is said to cover everything, so no paragraph is outside its field; with fewer than "
            f"{FEWEST_CODES} codes a paragraph's best code requires no less evidence than the others, so "
            "paragraphs may have no code."
        )
    elif not bounded:
        text += " The codebook requires stances more than topics, so no paragraph is outside its field."
    if learned is not None and learned.threshold is not None:
        return f"{text} {learned.method}"
    rule = f"A code is given if its score is at least {settings.threshold:g}; scores are evidence, not probabilities."
    return f"{text} {rule}"


def _taught_by_corpus(scored: Scores) -> str:
    """A phrase for the part of the scores that the corpus adds."""
    if scored.near is not None and scored.spread is not None:
        return (
            "the scores of its nearest neighbours, which count as much as its own (two halves of the neighbours agree: "
            f"mean rank correlation {scored.spread.agreement:.2f})"
        )
    return "likeness to the paragraphs with the highest first scores"


def _scoring_notes(settings: CodebookSettings, encode: Encode | None, scored: Scores, embedded: int) -> Iterator[str]:
    """Notes on scores and quotes that were not made in the usual way."""
    n = len(scored.odds)
    if encode is None and settings.evidence == "both":
        yield (
            "The embeddings were given, or made from this corpus alone (lsa), so no model can compare codes with "
            "general text: wording alone decides."
        )
    if 0 < n < FEWEST_PARAGRAPHS:
        yield (
            f"With {n} paragraphs a code's usual level in the corpus cannot be measured; the fixed background is used."
        )
    if scored.spread is not None and not scored.spread.used:
        yield (
            "Scores were not spread over neighbours, as in other corpora of this size: two halves of the neighbours "
            f"disagree (mean rank correlation {scored.spread.agreement:.2f})."
        )
    if embedded:
        yield (
            f"The sentences quoted first were chosen and put in order by how well each carries its code by itself, in "
            f"wording and in meaning ({embedded} sentences were embedded for it)."
        )


def _field_notes(
    settings: CodebookSettings,
    codebook: Codebook,
    evidence: Evidence,
    scored: Scores,
    within: Bools,
    assigned: Bools,
    bounds: bool,
) -> Iterator[str]:
    """Notes on the codes that the bound of the field removes, and on the codes that nothing supports."""
    n, outside = len(assigned), int((~within).sum())
    if bounds and outside > n / 2:
        yield (
            f"{outside} of {n} paragraphs are outside the codebook's field and get no code; if the codebook is meant "
            "to cover the whole corpus, set codebook.covers to everything."
        )
    counts = dict(zip(codebook.ids, assigned.sum(axis=0).tolist(), strict=True))
    beyond = _beyond_field(settings, codebook, evidence, scored, within, counts) if bounds else {}
    if beyond:
        lost = ", ".join(f"{code} {count} instead of {counts[code]}" for code, count in beyond.items())
        yield (
            f"The bound of the codebook's field decides on {len(beyond)} of {len(codebook.ids)} codes. Without it they "
            f"would get, of {n} paragraphs: {lost}. Their shares and intervals say nothing about paragraphs outside "
            "the field."
        )
    empty = [code for code in _unsupported(codebook, assigned) if code not in beyond]
    if empty:
        yield f"The corpus does not support {len(empty)} of {len(codebook.ids)} codes: {', '.join(empty)}."


def _beyond_field(
    settings: CodebookSettings,
    codebook: Codebook,
    evidence: Evidence,
    scored: Scores,
    within: Bools,
    counts: dict[str, int],
) -> dict[str, int]:
    """Codes on which the bound of the field decides -> number of paragraphs that each would get without the bound.

    They are the codes that no paragraph got and, if most paragraphs are outside, those that would get more than twice
    as many.
    """
    most_outside = int((~within).sum()) > len(within) / 2
    if within.all() or not (most_outside or 0 in counts.values()):
        return {}
    odds, _ = decisions(scored.odds, evidence, np.ones(len(within), bool), settings.covers)
    without = logistic(odds) >= settings.threshold
    if evidence.kind == "wording":
        without &= evidence.words > 0  # without a word of the code, the field is not the reason
    free = dict(zip(codebook.ids, without.sum(axis=0).tolist(), strict=True))
    return {
        code: free[code]
        for code, count in counts.items()
        if (count == 0 and free[code]) or (most_outside and free[code] > 2 * count)
    }


def _bounds(learned: Learned | None) -> bool:
    """Whether the field bounds codes: not if coders gave too many codes outside it."""
    return learned is None or learned.taught is None or learned.taught.bounded


def _unsupported(codebook: Codebook, assigned: Bools) -> list[str]:
    """Codes that no paragraph got, and whose child codes no paragraph got either."""
    supported = {code for column, code in enumerate(codebook.ids) if assigned[:, column].any()}
    for code in tuple(supported):
        above = codebook.parents[code]
        while above is not None and above not in supported:
            supported.add(above)
            above = codebook.parents[above]
    return [code for code in codebook.ids if code not in supported]
