"""One study: what is made of a reading, stage by stage. Each stage is declared once, below the study that has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from toolkit.codebook import HumanCodes, codes_sha256
from toolkit.codebook.kinds import kind_method, kind_of, reference_marks
from toolkit.decisions import Log, read_log
from toolkit.decisions.deciding import Decided
from toolkit.estimate import EstimateSettings, present
from toolkit.experiment.experiment import Experiment
from toolkit.files.digest import texts_digest
from toolkit.settings import canonical
from toolkit.store.stage import Plain, Stage, Stages
from toolkit.store.stages import Entry
from toolkit.study.beside import BESIDE, Beside, Encode
from toolkit.study.checks import VALIDATE
from toolkit.study.coder_kinds import declared_coders, declared_machines
from toolkit.study.edits import DECIDE, PAIRS
from toolkit.study.reading import CORPUS, EMBED, ENCODER, TABLES, Reading
from toolkit.study.share_error import measured_error, unchecked_codes
from toolkit.study.unique import FIRST_BROADER, assigned_codes, members_of
from toolkit.study.wording import WORDING
from toolkit.values import (
    Answers,
    Bools,
    Checks,
    Coding,
    Description,
    Discovery,
    Estimates,
    Ints,
    Sampling,
    Table,
    ThemePairs,
    Tick,
    Vectors,
    Wording,
    seed_for,
)

if TYPE_CHECKING:
    from toolkit.corpus import CorpusFiles


class Study:
    """One experiment's stages over its reading of a corpus; each is made when it is first asked for."""

    experiment: Experiment
    stages: Stages

    def __init__(self, experiment: Experiment, files: CorpusFiles, stages: Stages) -> None:
        self.experiment, self.stages = experiment, stages
        self.reading = Reading(experiment, files, stages)
        self.beside = Beside(self.reading)

    @cached_property
    def human(self) -> HumanCodes | None:
        """Codes by coders, matched to paragraphs; None if the config names none."""
        from toolkit.codebook import load_human_codes

        block, paragraphs = self.experiment.codebook, self.reading.corpus.value.paragraphs
        if block is None or block.codes is None:
            return None
        return load_human_codes(block.codes, self.reading.codebook, paragraphs, declared_coders(self.experiment))

    @cached_property
    def sampling(self) -> Sampling | None:
        """How the human-coded paragraphs were drawn, by the designs beside their files; None without human codes."""
        from toolkit.codebook import designs_beside, sampling

        block, human = self.experiment.codebook, self.human
        if block is None or block.codes is None or human is None:
            return None
        return sampling(human, designs_beside(block.codes), self.reading.unique_paragraphs)

    @cached_property
    def log(self) -> Log | None:
        """The decisions of people; None if the config names none. Raises ConfigError with every fault of the file."""
        path = self.experiment.decisions
        return None if path is None else read_log(path)

    @cached_property
    def machine_discovery(self) -> Entry[Discovery]:
        """The machine's themes of the unique paragraphs."""
        return self.stages.run(DISCOVER, self)

    @cached_property
    def decided(self) -> Entry[Decided] | None:
        """The themes after the decisions of people, and what became of each; None without a log."""
        return self.stages.run(DECIDE, self) if DECIDE.wanted(self) else None

    @cached_property
    def discovery(self) -> Entry[Discovery]:
        """Themes of the unique paragraphs, as people left them: what everything downstream reads."""
        if self.decided is None:
            return self.machine_discovery
        before, after = self.machine_discovery, self.decided.value.discovery
        named_only = np.array_equal(after.assignment, before.value.assignment)  # then what was made of the themes stays
        return Entry(after, before.digest if named_only else self.decided.digest, self.decided.from_store)

    @cached_property
    def pairs(self) -> Entry[ThemePairs]:
        """Which themes are near each other, and how each would divide."""
        return self.stages.run(PAIRS, self)

    @cached_property
    def description(self) -> Entry[Description]:
        """Words, labels and quotes for the themes; every quote checked against its source."""
        return self.stages.run(DESCRIBE, self)

    @cached_property
    def coding(self) -> Entry[Coding] | None:
        """Codes of the unique paragraphs; None without a codebook."""
        return self.stages.run(CODE, self) if CODE.wanted(self) else None

    @cached_property
    def checks(self) -> Entry[Checks]:
        """Coherence, separation and agreement with labels, each against its baseline."""
        return self.stages.run(VALIDATE, self)

    @cached_property
    def estimates(self) -> Entry[Estimates]:
        """Shares of themes and codes with intervals."""
        return self.stages.run(ESTIMATE, self)

    @cached_property
    def wording(self) -> Entry[Wording]:
        """Words that set themes, codes and groups apart, and keywords in context; every line checked."""
        return self.stages.run(WORDING, self)

    @cached_property
    def answers(self) -> Entry[Answers] | None:
        """The claims of the study, answered; None if it has none."""
        return self.stages.run(CLAIMS, self) if CLAIMS.wanted(self) else None

    @cached_property
    def grouped(self) -> tuple[EstimateSettings, tuple[str, ...]]:
        """The settings of estimates without columns that the corpus lacks, and a note for each of these."""
        settings, corpus = self.experiment.estimate, self.reading.corpus.value
        group_by, notes = present(settings.group_by, corpus.documents, corpus.paragraphs)
        return settings.model_copy(update={"group_by": group_by}), notes

    @cached_property
    def themes_of_paragraphs(self) -> Ints:
        """(n,) the theme of every paragraph, copies carrying their canonical one's."""
        return self.discovery.value.assignment[self.reading.unique.of]

    @cached_property
    def members(self) -> dict[int, Bools]:
        """Theme -> (n,) which paragraphs it contains; a broader theme contains those of its children."""
        return members_of(self.discovery.value.levels.to_pylist(), self.themes_of_paragraphs)

    @cached_property
    def assigned(self) -> dict[str, Bools]:
        """Code -> (n,) whether each paragraph carries it, copies carrying their canonical one's codes."""
        if self.coding is None:
            return {}
        return assigned_codes(self.coding.value.codes, self.reading.codebook.ids, self.reading.unique.of)

    @property
    def parents(self) -> dict[str, str | None]:
        """Code -> the code above it."""
        codebook = self.reading.codebook
        return {code.id: code.parent for code in codebook.themes} if codebook else {}

    @property
    def names(self) -> dict[str, str]:
        """Code -> its name in the codebook."""
        codebook = self.reading.codebook
        return {code.id: code.name for code in codebook.themes} if codebook else {}

    def seed(self, stage: str) -> int:
        """The seed of a stage's random streams."""
        return seed_for(self.experiment.seed, stage)


def _discover_inputs(study: Study) -> Mapping[str, Any]:
    reading = study.reading
    texts, vectors = texts_digest(reading.unique_texts), reading.embeddings.digest
    return {"texts": texts, "vectors": vectors, "seed": study.seed("discover")}


def _discover(study: Study, tick: Tick) -> Discovery:
    from toolkit.discover import discover
    from toolkit.discover.seeds import moved_with

    reading, seed = study.reading, study.seed("discover")
    discovery = discover(
        study.experiment.discover, reading.unique_texts, reading.unique_vectors, seed, tick, reading.read
    )
    return replace(discovery, moved=moved_with(discovery)) if len(discovery.seeds) else discovery


def _describe_inputs(study: Study) -> Mapping[str, Any]:
    reading = study.reading
    return {"corpus": reading.corpus.digest, "vectors": reading.embeddings.digest, "themes": study.discovery.digest}


def _describe(study: Study, tick: Tick) -> Description:
    from toolkit.describe import describe, division_names
    from toolkit.describe.passages import Passages

    reading, discovery, settings = study.reading, study.discovery.value, study.experiment.describe
    encode = reading.encode if study.experiment.embed.vectors is None else None
    read = reading.read
    passages = Passages(
        reading.unique_paragraphs.filter(pa.array(read)), reading.unique_vectors[read], encode,
        [language for language, wanted in zip(reading.unique_languages, read, strict=True) if wanted], reading.titles,
    )  # fmt: skip
    names = division_names(settings, passages, discovery.division_labels[:, read], discovery.strength[read])
    described = describe(settings, passages, discovery.assignment[read], discovery.strength[read], discovery.levels)
    return replace(described, divisions=names)


def _check_description(study: Study, description: Description) -> None:
    from toolkit.describe import check_quotes

    check_quotes(description.exemplars, study.reading.unique_paragraphs, study.discovery.value.assignment)


def _code_settings(study: Study) -> Plain:
    plain = canonical(study.experiment.codebook) if study.experiment.codebook else {}
    return {key: value for key, value in plain.items() if key not in ("path", "beside", "codes", "machines")}


def _code_inputs(study: Study) -> Mapping[str, Any]:
    reading, block = study.reading, study.experiment.codebook
    return {
        "corpus": reading.corpus.digest,
        "vectors": reading.embeddings.digest,
        "beside": study.beside.embeddings.digest if study.beside.embeddings else None,
        "codebook": reading.codebook.sha256,
        "seed": study.seed("code"),
        "glossed": int(reading.foreign.sum()),
        "human": codes_sha256(block.codes) if block and block.codes else None,
        "machines": declared_machines(study.experiment),
    }


def _code(study: Study, tick: Tick) -> Coding:
    from toolkit.coding import code_paragraphs

    reading, block, human = study.reading, study.experiment.codebook, study.human
    if block is None:
        raise ValueError("a study without a codebook codes nothing")
    human_codes = human if human is not None and human.marks.num_rows else None

    def code(paragraphs: Table, vectors: Vectors, encode: Encode | None) -> Coding:
        return code_paragraphs(
            block, reading.codebook, paragraphs, vectors, encode, human_codes, study.seed("code"), tick
        )

    made = study.beside.code(code)
    unmatched = human.notes if human is not None and human_codes is None else ()
    return replace(made, method=f"{made.method}{kind_method(made.human)}", notes=(*made.notes, *unmatched))


def _estimate_inputs(study: Study) -> Mapping[str, Any]:
    return {
        "corpus": study.reading.corpus.digest,
        "themes": study.discovery.digest,
        "seed": study.seed("estimate"),
        "codes": study.coding.digest if study.coding else None,
        **({"share_error": asdict(measured_error())} if study.coding else {}),
        "parents": study.parents,
        "sampling": asdict(study.sampling) if study.sampling else None,
        **({"kind": "survey"} if study.experiment.corpus.kind == "survey" else {}),
    }


def _estimate(study: Study, tick: Tick) -> Estimates:
    from toolkit.discover.seeds import likenesses, matches
    from toolkit.estimate import Coded, Reseeded, Themes, estimate

    corpus, discovery, of = study.reading.corpus.value, study.discovery.value, study.reading.unique.of
    table = corpus.paragraphs.append_column("theme", pa.array(study.themes_of_paragraphs, pa.int32()))
    broader = {str(theme): masks for theme, masks in study.members.items() if theme >= FIRST_BROADER}
    human = reference_marks(study.coding.value.human) if study.coding else None
    unchecked = unchecked_codes(study.coding.value if study.coding else None)
    codes = Coded(
        study.assigned, study.parents, human, study.sampling, kind_of(human), unchecked, measured_error()
    )  # fmt: skip
    survey = study.experiment.corpus.kind == "survey"
    settings, notes = study.grouped
    other = Reseeded(discovery.seeds[:, of], matches(discovery), discovery.fitted[of], likenesses(discovery))
    themes = Themes(broader, other=other)
    made = estimate(settings, corpus.documents, table, codes, study.seed("estimate"), themes, everyone=survey)
    return replace(made, notes=(*made.notes, *notes)) if notes else made


def _claims_settings(study: Study) -> Plain:
    experiment = study.experiment
    return {"claims": [canonical(claim) for claim in experiment.claims], "resample": experiment.estimate.resample}


def _claims_inputs(study: Study) -> Mapping[str, Any]:
    inputs = {key: value for key, value in _estimate_inputs(study).items() if key not in ("themes", "seed")}
    return {**inputs, "names": study.names}


def _claims(study: Study, tick: Tick) -> Answers:
    from toolkit.claims import Material, answer

    corpus, coding = study.reading.corpus.value, study.coding.value if study.coding else None
    material = Material(
        corpus.documents, corpus.paragraphs, study.assigned, study.parents, study.names,
        reference_marks(coding.human) if coding and coding.human.num_rows else None, study.sampling,
        coding.scored.to_pylist() if coding else (), study.experiment.estimate.resample,
        study.experiment.corpus.kind == "survey", kind_of(coding.human if coding else None), measured_error(),
    )  # fmt: skip
    return answer(study.experiment.claims, material)


DISCOVER: Stage[Study, Discovery] = Stage(
    "discover", Discovery, ("discover", "text/evidence.py"), ("scipy",),
    lambda study: study.experiment.discover, _discover_inputs, _discover,
    shows=(("paragraphs", ("machine_theme", "theme", "strength", "moves", "reassigned", "x", "y")),
           ("candidates", None), ("neighbours", None), ("model/discover*", None)),
)  # fmt: skip
DESCRIBE: Stage[Study, Description] = Stage(
    "describe", Description, ("describe",), ("rjieba", "scipy", "stopwordsiso", "textblob"),
    lambda study: study.experiment.describe, _describe_inputs, _describe, check=_check_description,
    shows=(("themes", ("theme", "label", "keywords")), ("plateaus", None), ("exemplars", None), ("asked", None)),
)  # fmt: skip
CODE: Stage[Study, Coding] = Stage(
    "code", Coding, ("codebook", "coding", "embed/joining.py", "files/cells.py", *TABLES),
    ("rjieba", "scikit-learn", "scipy"),
    _code_settings, _code_inputs, _code, wanted=lambda study: study.experiment.codebook is not None,
    shows=(("model/code*", None), ("codes", None), ("thresholds", None), ("scored", None), ("human", None),
           ("disagreements", None)),
)  # fmt: skip
ESTIMATE: Stage[Study, Estimates] = Stage(
    "estimate", Estimates, ("discover", "estimate", "text/evidence.py"), ("scipy",),
    lambda study: study.experiment.estimate, _estimate_inputs, _estimate,
    shows=(("prevalence", None), ("matrix", None), ("cooccurrence", None), ("trends", None), ("contrasts", None),
           ("corrected", None), ("themes", None), ("documents", None)),
)  # fmt: skip
CLAIMS: Stage[Study, Answers] = Stage(
    "claims", Answers,
    ("claims", "codebook", "estimate", "files/cells.py", *TABLES, "text/format.py", "text/widths.json"), ("scipy",),
    _claims_settings, _claims_inputs, _claims, wanted=lambda study: bool(study.experiment.claims),
    shows=(("claims", None),),
)  # fmt: skip
STAGES: tuple[Stage[Any, Any], ...] = (
    CORPUS, ENCODER, EMBED, DISCOVER, DECIDE, PAIRS, DESCRIBE, BESIDE, CODE, VALIDATE, ESTIMATE, WORDING, CLAIMS,
)  # fmt: skip
"""All stages, in order."""
