"""The lines of `toolkit check`: the corpus card, the stages that would run, and their cost. Nothing is fitted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from toolkit.codebook.kinds import kind_notes
from toolkit.commands.check_languages import language_lines
from toolkit.decisions import digest
from toolkit.discover import Clusterer, sample_size
from toolkit.embed import Embedder
from toolkit.experiment.experiment import Loaded, load
from toolkit.experiment.starter import are_texts_of_starter, starter_question
from toolkit.pipeline import open_study, starter_codes
from toolkit.run_folder.about import declared, kinds_in
from toolkit.run_folder.identity import default_folder
from toolkit.runtime.progress import QUIET
from toolkit.runtime.provenance import cores
from toolkit.settings import canonical
from toolkit.study.preflight import preflight
from toolkit.study.study import Study
from toolkit.text.format import name_of, one_line, plural

# Measured on 2 cores without a GPU (experiments/LOG.md); a laptop of today is within a factor of two. What a method
# takes is a class variable of its component.
TOKENS_PER_WORD, TOKENS_PER_TEXT = 1.35, 2.0
UNDECLARED = "not declared in about.coders"
EXAMPLE = 60
"""Characters shown of a paragraph that the model cannot read."""
BASE_MEGABYTES, MEGABYTES_PER_THOUSAND = 450.0, 14.0


def check_lines(config: Path, corpus: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Iterator[str]:
    """Lines for the terminal. Raises ConfigError or CorpusError on faults, all of a file's at once."""
    from toolkit.corpus import corpus_card

    loaded = load(config, corpus, overrides)
    study = open_study(loaded, QUIET)
    card = corpus_card(study.reading.corpus.value)
    preflight(study, loaded.other_corpus)
    yield f"config    {config}: no fault"
    if study.reading.codebook:
        codes = ", ".join(code.id for code in study.reading.codebook.themes)
        table = f" from {study.reading.codebook.table}" * bool(study.reading.codebook.table)
        yield f"codebook  {plural(len(study.reading.codebook.themes), 'code')}{table}: {codes}"
    else:
        yield "codebook  none: themes are discovered, nothing is coded"
    yield from _decisions(study)
    yield ""
    yield from card.lines()
    yield from language_lines(study)
    yield from _unread(study)
    yield from _about(study)
    if loaded.left_out:
        yield f"omitted     {loaded.left_out_words}"
    yield from _starter(loaded, study)
    yield from _lacking(study)
    yield from _claims(study)
    yield ""
    yield from _plan(loaded, study)


def _decisions(study: Study) -> Iterator[str]:
    """What the log of decisions contains; whether each can be applied shows only in a run."""
    log = study.log
    if log is None:
        return
    kinds = Counter(decision.do for decision in log.decisions)
    people = ", ".join(dict.fromkeys(one_line(decision.who) for decision in log.decisions))
    what = ", ".join(f"{number} {do}" for do, number in kinds.items())
    lines = plural(len(log.decisions), "line")
    yield f"decisions {lines} about {plural(len(log.themes), 'theme')}" + (f": {what}; by {people}" if what else "")
    core = {name for theme in log.themes.values() for name in theme.core}
    if core:
        present = len(core & {digest(text) for text in study.reading.unique_texts})
        verb = "is" if present == 1 else "are"
        of = "" if present else ": the log is of other texts, and no theme that it means can be recognised here"
        yield f"          {present:,} of the {plural(len(core), 'core paragraph')} it names {verb} in this corpus{of}"


def _starter(loaded: Loaded, study: Study) -> Iterator[str]:
    """What is still as `toolkit init` wrote it, if it is not the study as a whole that was asked for."""
    still = starter_codes(study)
    if still:
        yield f"codebook    {still}"
    asked = loaded.experiment.question is not None and loaded.experiment.question == starter_question()
    if asked and are_texts_of_starter(study.reading.files):
        yield "starter     question and texts are those that toolkit init wrote, to try it out; with texts of"
        yield "            your own write your own question and claims: what is still the starter's is then left out"


def _unread(study: Study) -> Iterator[str]:
    """Lines if the model cannot read some of the paragraphs, with an example and the keys that decide."""
    from toolkit.embed import unread_advice, unread_reason

    settings, unread = study.reading.embedder, study.reading.unread_ahead
    if not unread.any():
        return
    count, n = int(unread.sum()), len(unread)
    example = one_line(study.reading.unique_texts[int(unread.argmax())])
    shown = example if len(example) <= EXAMPLE else f"{example[:EXAMPLE]}…"
    yield (
        f"unread      {count:,} of {n:,} different paragraphs ({count / n:.1%}) cannot be read by {settings.method}: "
        f"{unread_reason(settings)}, for example “{shown}”"
    )
    yield f"            they get no theme and no codes and count in all shares; {unread_advice(settings)}"


def _lacking(study: Study) -> Iterator[str]:
    """Columns of groups that the corpus, not being that of the config, lacks."""
    for note in study.grouped[1]:
        yield f"groups      {note}"


def _claims(study: Study) -> Iterator[str]:
    """The claims of the study, and which of them this corpus cannot answer, whatever is coded."""
    from toolkit.claims import obstacle, sentence

    corpus, claims = study.reading.corpus.value, study.experiment.claims
    for number, claim in enumerate(claims, 1):
        yield f"{'claims' if number == 1 else '':<12}{number}. {sentence(claim, study.names)}"
        why = obstacle(claim, corpus.documents, corpus.paragraphs, study.parents)
        if why:
            yield f"{'':<12}   cannot be told with this corpus: {why}"


def _about(study: Study) -> Iterator[str]:
    """What the study declares, and what it leaves open: the report asks for it."""
    about, human = {"about": canonical(study.experiment.about)}, study.human
    who = declared(about, human.coders, kinds_in(human.marks)) if human is not None else declared(about, ())
    corpus = who.corpus
    made_up = {True: "made up", False: "of the world", None: "about.corpus.made_up is not declared"}[corpus.made_up]
    yield f"about       corpus: {name_of(corpus.description, EXAMPLE) or 'about.corpus is not declared'}; {made_up}"
    everyone = sorted((*who.coders.coders, *who.machines.coders), key=lambda coder: coder.id)
    if everyone:
        coders = "; ".join(f"{coder.id} ({coder.kind or UNDECLARED})" for coder in everyone)
        yield f"            coders: {coders}"
    yield from (f"            {note}" for note in (kind_notes(human.marks) if human is not None else ()))
    if who.absent:
        yield f"            {who.absent_words}"


def _plan(loaded: Loaded, study: Study) -> Iterator[str]:
    experiment = loaded.experiment
    n, unique = len(study.reading.texts), len(study.reading.unique.rows)
    choice = study.reading.choice
    model = "given vectors" if experiment.embed.vectors else study.reading.embedder.method
    yield f"would run on {n:,} paragraphs, {unique:,} of them counted once"
    yield f"  embed     {model}"
    if choice:
        yield f"            {choice.reason}"
    yield f"  discover  {experiment.discover.method}, themes: {_themes(experiment.discover)}"
    if experiment.discover.may_find_fewer and experiment.discover.bounds:
        yield f"            if it finds fewer than asked for, the run stops there; {_exact()} give any number"
    size = sample_size(experiment.discover.fit_on, unique)
    if size is not None:
        yield f"            fitted to a sample of {size:,} of {unique:,}, the rest assigned, the agreement measured"
    yield f"  code      {len(study.reading.codebook.themes) if study.reading.codebook else 'no'} codes"
    if study.beside.settings:
        yield f"            read by {model} and, for codes alone, by {study.beside.settings.method} (codebook.beside)"
    yield f"  report    {', '.join(experiment.report.formats)}; text: {experiment.report.text}"
    yield f"  seed      {experiment.seed}"
    yield f"  into      {default_folder(loaded.name, loaded.sha256, study.reading.files.digest)}"
    seconds, megabytes = estimate_cost(study)
    yield f"estimate  {_duration(seconds)} from a cold store on {cores()} cores, up to {megabytes:,.0f} MB of memory"


def estimate_cost(study: Study) -> tuple[float, float]:
    """(seconds, megabytes) of a run from a cold store, by rates measured on 2 cores; meant to a factor of two."""
    experiment, n = study.experiment, len(study.reading.texts)
    embed, fit = study.reading.embedder, experiment.discover
    seconds = 5.0 + n * 0.001
    if embed.vectors is None:
        seconds += embed.start_seconds + embedding_seconds(study, embed)
    if study.beside.settings:
        seconds += study.beside.settings.start_seconds + embedding_seconds(study, study.beside.settings)
    size = sample_size(fit.fit_on, n)
    fitted = n if size is None else 1.5 * size + 0.1 * (n - size)  # a half-size fit measures the agreement
    seconds += fit.fit_start_seconds + fitted * fit.fit_seconds
    if study.reading.codebook:
        seconds += n * 0.02
    return seconds, BASE_MEGABYTES + MEGABYTES_PER_THOUSAND * n / 1000


def embedding_seconds(study: Study, embed: Embedder) -> float:
    """Seconds to embed the corpus by its words, on the cores here or on as many workers as the config names."""
    experiment = study.experiment
    counts = study.reading.corpus.value.paragraphs["words"].to_pylist()
    words = sum(counts[row] for row in study.reading.unique.rows)
    tokens = words * TOKENS_PER_WORD + len(study.reading.unique.rows) * TOKENS_PER_TEXT
    workers = 1 if embed.one_worker else experiment.parallel.workers or cores()
    return float(tokens / embed.tokens_per_second / workers)


def _exact() -> str:
    """The clusterers that give any number of themes, by their names in a config."""
    members = get_args(get_args(Clusterer)[0])
    return ", ".join(str(member.model_fields["method"].default) for member in members if not member.may_find_fewer)


def _themes(discover: Any) -> str:
    return " to ".join(map(str, discover.themes)) if isinstance(discover.themes, tuple) else str(discover.themes)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"
