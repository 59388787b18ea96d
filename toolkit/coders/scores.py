"""Scores of a finished run against a file of codes, labels or intrusion answers, each kind by its own rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.codebook import load_codebook, load_human_codes
from toolkit.codebook.disagreement import DISAGREEMENTS, disagreements
from toolkit.codebook.human import NOBODY, Matcher, named, reference
from toolkit.codebook.human_files import rows_of
from toolkit.codebook.kinds import Kinds, StatedKind, reference_marks
from toolkit.coders.sample import KEY, KEY_FORMAT
from toolkit.errors import ConfigError
from toolkit.run_folder.about import declared, declared_coders, kinds_in
from toolkit.run_folder.config import read_config
from toolkit.run_folder.manifest import ASSIGNED
from toolkit.runs import Run
from toolkit.schemas import MACHINE, PERSON
from toolkit.text.format import plural
from toolkit.values import NOISE, Ints, Metric, Table, seed_for

if TYPE_CHECKING:
    from toolkit.coding.quality import HeldOut

DRAWS = 1000
SEED = 0
ITEM, CHOSEN = "item", "chosen"
OPEN = "?"


@dataclass(frozen=True)
class Scored:
    """What one kind of answers gave: metrics by dotted key, and what matched nothing in the run."""

    scores: Mapping[str, Metric]
    unmatched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    disagreements: Table = field(default_factory=DISAGREEMENTS.empty_table)


def columns_of(path: Path) -> frozenset[str]:
    """The columns of a CSV or JSON-lines file, lower-cased. Raises ConfigError if it cannot be read or is empty."""
    columns: set[str] = set()
    for _, row in rows_of(path, ()):
        columns |= set(row)
    if not columns:
        raise ConfigError([f"{path}: has no rows"])
    return frozenset(columns)


def score_codes(run: Run, paths: Sequence[Path]) -> Scored:
    """The run's codes against coders' codes, and the coders against each other.

    Machines among the coders are compared with the people; if no person coded, they are the coders.

    codes.precision, .recall, .f1 (pooled; codes.f1.CODE for each), codes.macro f1, codes.alpha, codes.kappa A / B,
    codes.kappa machine / coders and more, with 95 % intervals from a bootstrap of documents.
    """
    from toolkit.coding.quality import key_of, metric_of, quality

    place = run.path / "codebook.yaml"
    if not place.is_file():
        return Scored({"codes.f1": Metric(None, reason="the run has no codebook, so it gave no codes")})
    codebook, paragraphs = load_codebook(place), run.table("paragraphs")
    human = load_human_codes(paths, codebook, paragraphs, _kinds_told(run))
    if not human.marks.num_rows:
        none = {"codes.f1": Metric(None, reason="none of the coders' codes matches a paragraph of the run")}
        return Scored(none, human.unmatched, human.notes)
    unique = paragraphs.filter(pc.is_null(paragraphs["duplicate_of"]))
    given_codes = _given(run)
    ids = unique["paragraph_id"].to_pylist()
    plain = np.array([[code in given_codes[paragraph] for code in codebook.ids] for paragraph in ids], bool)
    held_out = _probabilities(run, unique, reference(human, codebook, unique)[0], codebook.ids, SEED)
    table = quality(codebook, unique, human, plain, None, DRAWS, SEED, held_out)
    scores = {f"codes.{key_of(row)}": metric_of(row) for row in table.to_pylist()}
    assigned = run.manifest.get("kind") == ASSIGNED  # nothing was coded for, or learned in, such a folder
    paragraph = set() if assigned else set(reference_marks(run.table("human"))["paragraph_id"].to_pylist())
    coded = set(human.reference.marks["paragraph_id"].to_pylist())
    declaration = declared(read_config(run.path), human.coders, kinds_in(human.marks))
    by = " ".join(f"Codes by {who.counted}: {'; '.join(coder.words for coder in who.coders)}."
                  for who in (declaration.coders, declaration.machines) if who.number)  # fmt: skip
    notes = [*human.notes, by]
    if paragraph & coded:
        notes.append(
            f"{len(paragraph & coded)} of {len(coded)} coded paragraphs were among the coded sample of this run; if "
            "it learned from them, their decisions are by models that saw no paragraph of their document, at a "
            "threshold chosen on them (the run's own scores leave that out, too)."
        )
    people, machines = human.reference.by_coder(), human.machines.by_coder()
    disputes = disagreements(people, given_codes, codebook.ids, unique, human.kind, machines)
    return Scored(scores, human.unmatched, tuple(notes), disputes)


def _kinds_told(run: Run) -> tuple[StatedKind, ...]:
    """Kinds of coders by the run: those whom it counted as machines, and what its config says of others."""
    config: Mapping[str, Any] = read_config(run.path)
    counted = {} if run.manifest.get("kind") == ASSIGNED else kinds_in(run.table("human")) or {}
    named = dict.fromkeys((config.get("codebook") or {}).get("machines") or (), "codebook.machines of the run")
    named |= {coder: "tables/human of the run" for coder, kind in counted.items() if kind == MACHINE}
    kinds = [StatedKind(name, MACHINE, place) for name, place in sorted(named.items())]
    about = [StatedKind(name, coder.kind, "about.coders of the run") for name, coder in declared_coders(config).items()]
    return (*kinds, *(coder_told for coder_told in about if coder_told.coder not in named))


def _given(run: Run) -> dict[str, frozenset[str]]:
    codes = run.table("codes").select(["paragraph_id", "code", "assigned"])
    codes_of: dict[str, set[str]] = {name: set() for name in codes["paragraph_id"].unique().to_pylist()}
    for row in codes.filter(codes["assigned"]).to_pylist():
        codes_of[row["paragraph_id"]].add(row["code"])
    return {name: frozenset(codes_given) for name, codes_given in codes_of.items()}


def _probabilities(run: Run, paragraphs: Table, rows: Ints, codes: Sequence[str], seed: int) -> HeldOut | None:
    """The run's probabilities of the coded paragraphs in `rows`, in folds of whole documents; None if it has none."""
    from toolkit.coding.learning import folds
    from toolkit.coding.quality import HeldOut

    table = run.table("codes").select(["paragraph_id", "code", "probability"])
    known = {(row["paragraph_id"], row["code"]): row["probability"] for row in table.to_pylist()}
    ids = [paragraphs["paragraph_id"][int(row)].as_py() for row in rows]
    values = [[known.get((paragraph, code)) for code in codes] for paragraph in ids]
    if not values or any(value is None for row in values for value in row):
        return None
    documents = [paragraphs["document_id"][int(row)].as_py() for row in rows]
    return HeldOut(np.array(values, float), folds(documents, seed))


def score_labels(run: Run, paths: Sequence[Path]) -> Scored:
    """The run's themes against labels of paragraphs (by paragraph_id or text) or of documents (by document_id).

    labels.ari and the like over unique paragraphs; labels.document.ari over documents if the labels are theirs.
    """
    from toolkit.validate.labels import label_scores

    table = run.table("paragraphs").select(["paragraph_id", "document_id", "text", "duplicate_of", "theme"])
    paragraphs = {row["paragraph_id"]: row for row in table.to_pylist() if row["duplicate_of"] is None}
    documents = {row["document_id"]: row for row in run.table("documents").select(["document_id", "theme"]).to_pylist()}
    matcher, of_documents = Matcher(table), dict[str, str]()
    labels: dict[str, str] = {}
    unmatched: list[str] = []
    twice: set[str] = set()
    rows = [(where, row) for _, where, row in _numbered(paths, (("label",), ("paragraph_id", "document_id", "text")))
            if str(row.get("label") or "").strip()]  # fmt: skip
    for where, row in rows:
        label, paragraph = str(row["label"]).strip(), matcher.match(row)
        document = str(row.get("document_id") or "").strip()
        if paragraph is not None:
            twice |= {paragraph} if labels.get(paragraph, label) != label else set()
            labels[paragraph] = label
        elif document in documents and not row.get("paragraph_id") and not row.get("text"):
            of_documents[document] = label
        else:
            unmatched.append(f"{where}: {named(row) or document}: no such paragraph or document in this run")
    inside = {
        paragraph: of_documents[row["document_id"]]
        for paragraph, row in paragraphs.items()
        if row["document_id"] in of_documents
    }
    labels = inside | labels
    if not rows:
        return Scored({"labels.ari": Metric(None, reason="no row has a label")})
    chosen = [paragraph for paragraph in paragraphs if paragraph in labels]
    scores = _labelled(
        "labels",
        [paragraphs[paragraph] for paragraph in chosen],
        [labels[paragraph] for paragraph in chosen],
        label_scores,
    )
    if of_documents:
        labelled = [documents[name] for name in documents if name in of_documents]
        scores |= _labelled(
            "labels.document", labelled, [of_documents[row["document_id"]] for row in labelled], label_scores
        )
    two = (f"{len(twice)} paragraphs have two different labels; the last one counts.",) if twice else ()
    return Scored(scores, tuple(unmatched), (*_labels_notes(unmatched, len(rows), "label"), *two))


def _numbered(paths: Sequence[Path], needed: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(PATH:LINE, the same in short, row) of every file, in their order; in short without the file if it is the one."""
    for path in paths:
        for line, row in rows_of(path, needed):
            yield f"{path}:{line}", f"{path.name}, line {line}" if len(paths) > 1 else f"line {line}", row


def _labelled(key: str, rows: Sequence[Mapping[str, Any]], labels: list[str], measure: Any) -> dict[str, Metric]:
    themes = np.array([NOISE if row["theme"] is None else row["theme"] for row in rows], np.int32)
    metrics = measure(labels, themes, [row["document_id"] for row in rows], DRAWS, seed_for(SEED, key))
    return {f"{key}.{name}": metric for name, metric in metrics.items()}


def _labels_notes(unmatched: Sequence[str], rows: int, what: str) -> tuple[str, ...]:
    if not unmatched:
        return ()
    return (f"{len(unmatched)} of {rows} rows with a {what} match nothing in this run (the first: {unmatched[0]}).",)


def score_answers(run: Run, paths: Sequence[Path]) -> Scored:
    """Intrusion answers against the key.json beside them: intrusion.KIND, its baseline, and intrusion.KIND.theme.T.

    Answers by machines have the same scores under machines.intrusion.KIND and so on, and are in no other.

    Raises ConfigError if a key is missing, is of another sheet, or is of another run.
    """
    from toolkit.validate.intrusion import ITEMS, score_intrusion

    key = _key_of(run, paths)
    answers, unmatched, seen = [], [], 0
    known, kinds = {row["item"]: row for row in key["items"]}, Kinds(_kinds_told(run))
    for place, where, row in _numbered(paths, ((ITEM,), (CHOSEN,))):
        chosen, sheet = str(row.get(CHOSEN) or "").strip(), str(row.get("sheet") or "").strip()
        if sheet and sheet != key["sheet"]:
            raise ConfigError([f"{place}: sheet: {sheet} has another key than {KEY} beside it ({key['sheet']})"])
        if chosen == OPEN:
            continue
        seen += 1
        coder = str(row.get("coder") or NOBODY).strip() or NOBODY
        kinds.read(coder, row.get("kind"), place)
        if row[ITEM] not in known:
            unmatched.append(f"{where}: {row[ITEM]}: no such item in {KEY}")
            continue
        option = _place(chosen, len(known[row[ITEM]]["options"]), place)
        answers.append({"item": row[ITEM], "chosen": option, "coder": coder})
    items = pa.Table.from_pylist(key["items"], schema=ITEMS)
    if kinds.faults:
        raise ConfigError(kinds.faults)
    scores: dict[str, Metric] = {}
    counts = []
    for kind, prefix in ((PERSON, ""), (MACHINE, "machines.")):
        some = [answer for answer in answers if kinds.of(answer["coder"]) == kind]
        metrics = score_intrusion(items, some, DRAWS, seed_for(SEED, "intrusion"))
        scores |= {f"{prefix}{name}": metric for name, metric in metrics.items() if metric.value is not None}
        who = plural(len({answer["coder"] for answer in some}), "machine" if kind == MACHINE else "coder")
        if some or kind == PERSON:
            counts.append(f"{len(some)} answers by {who} to {len(items)} items.")
    if not any(name.startswith("intrusion") for name in scores):
        why = "only machines answered" if scores else "no item is answered"
        scores = {"intrusion": Metric(None, reason=why), **scores}
    return Scored(scores, tuple(unmatched), (*counts, *_labels_notes(unmatched, seen, "answer")))


def _place(chosen: str, options: int, where: str) -> int | None:
    if not chosen:
        return None
    if not chosen.isdigit() or not 1 <= int(chosen) <= options:
        raise ConfigError(
            [f"{where}: chosen: {chosen!r}; expected 1 to {options}, nothing for cannot tell, ? for open"]
        )
    return int(chosen) - 1


def _key_of(run: Run, paths: Sequence[Path]) -> Mapping[str, Any]:
    """The one key beside the files of answers, of this run."""
    keys = {folder: _key(folder / KEY) for folder in dict.fromkeys(path.parent for path in paths)}
    identity = {name: run.manifest[name]["sha256"] for name in ("experiment", "corpus")}
    for folder, key in keys.items():
        if key["run"] != identity:
            raise ConfigError([f"{folder / KEY}: these tests were made from another run than {run.path}"])
    first = next(iter(keys.values()))
    other = next((folder for folder, key in keys.items() if key["sheet"] != first["sheet"]), None)
    if other is not None:
        raise ConfigError(
            [f"{other / KEY}: sheet {keys[other]['sheet']} is not {first['sheet']}; evaluate each by itself"]
        )
    return first


def _key(place: Path) -> Mapping[str, Any]:
    try:
        tree = json.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError([f"{place}: no such file; put the answers into the folder of their {KEY}"]) from None
    except (OSError, ValueError) as fault:
        raise ConfigError([f"{place}: cannot be read: {fault}"]) from None
    if not isinstance(tree, dict) or tree.get("format") != KEY_FORMAT:
        raise ConfigError([f"{place}: is no key that toolkit sample wrote"])
    return tree


def unmatched_of(parts: Iterable[Scored]) -> tuple[str, ...]:
    """All that matched nothing, each once."""
    return tuple(dict.fromkeys(name for part in parts for name in part.unmatched))
