"""Machine coders are read as machines and compared with people by the same measures; they never count as people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pyarrow as pa
import pytest
from kit.coding import table
from sklearn.metrics import cohen_kappa_score, f1_score, precision_score, recall_score

from toolkit.codebook import Code, Codebook, HumanCodes, designs_beside, load_human_codes, sampling
from toolkit.codebook.badges import badges
from toolkit.codebook.disagreement import disagreements
from toolkit.codebook.human import HUMAN, reference
from toolkit.codebook.kinds import StatedKind
from toolkit.coding.quality import quality
from toolkit.errors import ConfigError

BOOK = Codebook((Code("a", "A", "d"), Code("b", "B", "d"), Code("c", "C", "d")))
N = 24
PARAGRAPHS = table([f"Text {i}." for i in range(N)], [f"d{i // 3}" for i in range(N)])
HEAD = "paragraph_id,coder,code,kind\n"


def write(folder: Path, name: str, text: str) -> Path:
    place = folder / name
    place.write_text(text, encoding="utf-8")
    return place


def read(place: Any, *stated: StatedKind) -> HumanCodes:
    return load_human_codes(place, BOOK, PARAGRAPHS, stated)


def faults(place: Any, *stated: StatedKind) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read(place, *stated)
    return caught.value.faults


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("h.csv", HEAD + "p000,ann,a,\np001,ann,b,person\np000,gpt-x,b, Machine \np001,gpt-x,,\n"),
        ("h.tsv", (HEAD + "p000,ann,a,person\np000,gpt-x,b,machine\np001,gpt-x,,machine\n").replace(",", "\t")),
        ("h.jsonl", '{"paragraph_id": "p000", "coder": "ann", "code": "a"}\n'
         '{"paragraph_id": "p000", "coder": "gpt-x", "code": ["b"], "kind": "machine"}\n'),
    ],
)  # fmt: skip
def test_files_of_every_form_say_who_is_a_machine_and_a_coder_without_a_kind_is_a_person(
    tmp_path: Path, name: str, text: str
) -> None:
    human = read(write(tmp_path, name, text))
    kinds = {row["coder"]: row["kind"] for row in human.marks.to_pylist()}
    assert kinds == {"ann": "person", "gpt-x": "machine"}
    assert human.reference.coders == ("ann",) and human.machines.coders == ("gpt-x",) and human.kind == "person"
    assert human.names == {"ann": "ann", "gpt-x": "gpt-x (machine)"}


def test_the_config_names_a_machine_for_files_without_the_column(tmp_path: Path) -> None:
    place = write(tmp_path, "h.csv", "paragraph_id,coder,code\np000,ann,a\np000,gpt-x,b\n")
    human = read(place, StatedKind("gpt-x", "machine", "codebook.machines", True))
    assert human.machines.coders == ("gpt-x",)
    assert read(place).machines.coders == () and read(place).reference.coders == ("ann", "gpt-x")
    assert faults(place, StatedKind("gptx", "machine", "codebook.machines", True)) == (
        "codebook.machines: 'gptx' is no coder of codebook.codes (did you mean 'gpt-x'?)",
    )
    assert faults(place, StatedKind("zzz", "machine", "codebook.machines", True))[0].endswith(
        "their coders are ann, gpt-x"
    )
    assert read(place, StatedKind("cy", "machine", "about.coders")).machines.coders == ()


def test_a_value_that_is_no_kind_is_a_fault_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    rows = "p000,gpt-x,a,mashine\np001,gpt-x,a,mashine\np002,bot,a,program\np003,ann,a,human\np004,ann,a,x\n"
    place = write(tmp_path, "h.csv", HEAD + rows)
    assert faults(place) == (
        f"{place}:2: kind: 'mashine' is not 'person' or 'machine' (did you mean 'machine'?)",
        f"{place}:4: kind: 'program' is not 'person' or 'machine' (did you mean 'machine'?)",
        f"{place}:5: kind: 'human' is not 'person' or 'machine' (did you mean 'person'?)",
        f"{place}:6: kind: 'x' is not 'person' or 'machine'",
    )


def test_a_coder_of_two_kinds_is_a_fault_with_both_places(tmp_path: Path) -> None:
    one = write(tmp_path, "1.csv", HEAD + "p000,bob,a,person\np001,bob,a,machine\np002,bob,a,machine\n")
    assert faults(one) == (f"{one}:3: kind: coder 'bob' is a machine here and a person by {one}:2; keep one",)
    two = write(tmp_path, "2.csv", HEAD + "p001,ann,a,machine\n")
    ann = write(tmp_path, "3.csv", HEAD + "p000,ann,a,person\n")
    assert faults([two, ann]) == (f"{ann}:2: kind: coder 'ann' is a person here and a machine by {two}:2; keep one",)
    message = f"{ann}:2: kind: coder 'ann' is a person here and a machine by codebook.machines; keep one"
    assert faults(ann, StatedKind("ann", "machine", "codebook.machines", True)) == (message,)
    about = StatedKind("bob", "person", "about.coders")
    assert faults(ann, StatedKind("bob", "machine", "codebook.machines", False), about)[0].startswith(
        "about.coders: kind: "
    )


@pytest.mark.parametrize("name", ["machines", "machine", "gpt-x (machine)"])
def test_no_coder_takes_a_name_by_which_scores_call_machines(tmp_path: Path, name: str) -> None:
    place = write(tmp_path, "h.csv", HEAD + f"p000,{name},a,\n")
    assert faults(place) == (f"{place}:2: coder: {name!r} is what scores call another side; choose a name",)


def human(marks: dict[str, dict[int, str]], machines: str = "") -> HumanCodes:
    """coder -> row -> codes as letters ("" for none); coders whose name begins with one of `machines` are machines."""
    rows = [
        {"paragraph_id": f"p{row:03d}", "code": code, "coder": coder,
         "kind": "machine" if coder[0] in machines else "person"}
        for coder, item in marks.items() for row, codes in item.items() for code in (list(codes) or [None])
    ]  # fmt: skip
    return HumanCodes(pa.Table.from_pylist(rows, schema=HUMAN))


def letters(seed: int, rows: Any = range(N)) -> dict[int, str]:
    rng = np.random.default_rng(seed)
    return {row: "".join(code for code in "abc" if rng.random() < 0.4) for row in rows}


def matrix(item: dict[int, str], rows: Any = range(N)) -> Any:
    return np.array([[code in item[row] for code in "abc"] for row in rows])


ANN, BOB = letters(1), {**letters(1), **letters(2, range(8))}
GPT, LIST = letters(3, range(4, N)), letters(4)
PLAIN = np.random.default_rng(5).random((N, 3)) < 0.4


def scored(given: HumanCodes) -> dict[Any, dict[str, Any]]:
    rows = quality(BOOK, PARAGRAPHS, given, PLAIN, None, 100, 7).to_pylist()
    made = {(row["code"], row["measure"]): row for row in rows}
    assert len(made) == len(rows)
    return made


def test_machines_change_no_score_of_people_and_nothing_that_is_learned() -> None:
    people, both = human({"ann": ANN, "bob": BOB}), human({"ann": ANN, "bob": BOB, "gpt": GPT, "list": LIST}, "gl")
    alone, beside = scored(people), scored(both)
    assert {key: beside[key] for key in alone} == alone
    assert {row["coders_kind"] for row in alone.values()} == {"person"}
    for one, other in zip(reference(people, BOOK, PARAGRAPHS), reference(both, BOOK, PARAGRAPHS), strict=True):
        assert np.array_equal(one, other)


def test_a_machine_is_held_against_people_by_the_same_measures_under_a_name_that_says_machine() -> None:
    rows = scored(human({"ann": ANN, "bob": BOB, "gpt": GPT, "list": LIST}, "gl"))
    shared = range(4, N)
    given = matrix(GPT, shared)
    truth = matrix(ANN, shared) | matrix(BOB, shared)  # at least half of two
    for measure, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        assert rows[None, f"{measure} gpt (machine) / people"]["value"] == pytest.approx(
            score(truth.ravel(), given.ravel())
        )
        assert rows["b", f"{measure} gpt (machine) / people"]["value"] == pytest.approx(score(truth[:, 1], given[:, 1]))
    macro = rows[None, "macro f1 gpt (machine) / people"]
    assert macro["value"] == pytest.approx(f1_score(truth, given, average="macro")) and macro["n"] == 3
    kappa = rows[None, "kappa gpt (machine) / people"]
    assert kappa["value"] == pytest.approx(cohen_kappa_score(truth.ravel(), given.ravel()))
    assert kappa["n"] == 20 * 3 and kappa["low"] is not None
    alpha = krippendorff.alpha(np.stack([truth.ravel(), given.ravel()]).astype(int), level_of_measurement="nominal")
    assert rows[None, "alpha gpt (machine) / people"]["value"] == pytest.approx(alpha)
    with_ann = cohen_kappa_score(matrix(ANN, shared).ravel(), given.ravel())
    assert rows[None, "kappa gpt (machine) / ann"]["value"] == pytest.approx(with_ann)
    assert rows[None, "precision gpt (machine) / people"]["of"] == "codes given by gpt (machine)"
    among = rows[None, "kappa gpt (machine) / list (machine)"]
    assert among["value"] == pytest.approx(cohen_kappa_score(matrix(LIST, shared).ravel(), given.ravel()))
    assert among["coders_kind"] == "machine" and rows[None, "alpha machines"]["coders_kind"] == "machine"
    assert (None, "kappa machine / gpt") not in rows and kappa["coders_kind"] == "person"


def test_if_only_machines_coded_no_row_is_agreement_of_people() -> None:
    rows = scored(human({"gpt": LIST, "list": ANN}, "gl"))
    assert {row["coders_kind"] for row in rows.values()} == {"machine"}
    names = {measure for _, measure in rows}
    assert "alpha" not in names and {"alpha machines", "kappa gpt (machine) / list (machine)", "f1"} <= names
    assert "kappa machine / gpt (machine)" in names and "kappa machine / coders" in names


def test_no_code_is_checked_by_machines_alone_and_the_badge_says_what_they_tell() -> None:
    marks = {row: "a" * (row % 2) + "b" for row in range(N)}
    book, plain = BOOK, np.array([[row % 2, row % 3 == 0, row % 2] for row in range(N)], bool)
    for kind, machines in (("person", ""), ("machine", "ab")):
        table_ = quality(book, PARAGRAPHS, human({"ann": marks, "bob": marks}, machines), plain, None, 100, 7)
        made = {row["code"]: row for row in badges(table_.to_pylist(), book.ids, 8).to_pylist()}
        assert {row["coders_kind"] for row in made.values()} == {kind}
        if kind == "person":
            first = [made[code]["badge"] for code in "abc"]
            assert first == ["checked", "uncertain", "weak"]
            assert {row["against_machines"] for row in made.values()} == {None}
        else:
            assert {row["badge"] for row in made.values()} == {"unchecked"}
            assert [made[code]["against_machines"] for code in "abc"] == ["agreed", "uncertain", "weak"]
            assert made["a"]["why"].startswith("only machines coded it; agreed against them: F1 is at least 0.")
            assert made["a"]["f1"] == 1.0


def test_disputes_of_a_machine_with_people_are_rows_of_their_own() -> None:
    ids = [f"p{row:03d}" for row in range(3)]
    people = {
        "ann": {ids[0]: frozenset("a"), ids[1]: frozenset()},
        "bob": {ids[0]: frozenset("a"), ids[1]: frozenset()},
    }
    gpt = {"gpt": {ids[0]: frozenset(), ids[1]: frozenset("b"), ids[2]: frozenset("c")}}
    by_name = {ids[0]: frozenset("a"), ids[1]: frozenset()}
    rows = disagreements(people, by_name, BOOK.ids, PARAGRAPHS, "person", gpt).to_pylist()
    notes = [(row["between"], row["paragraph_id"], row["code"], row["given_by"], row["not_given_by"]) for row in rows]
    assert notes == [("machine coder", ids[0], "a", ["ann", "bob"], ["gpt"]),
                    ("machine coder", ids[1], "b", ["gpt"], ["ann", "bob"])]  # fmt: skip
    assert {row["coders_kind"] for row in rows} == {"person"}


def test_the_sheets_that_shares_rest_on_are_those_of_people(tmp_path: Path) -> None:
    rows = "p000,ann,a,,s-1\np000,gpt,b,machine,\np001,gpt,b,machine,\n"
    place = write(tmp_path, "h.csv", "paragraph_id,coder,code,kind,sheet\n" + rows)
    given = read(place)
    assert given.sheets == {"p000": frozenset({"s-1"})}
    assert "the design of coding sheet s-1 is not known" in str(
        sampling(given, designs_beside(place), PARAGRAPHS).refused
    )


def test_what_follows_from_machines_is_noted(tmp_path: Path) -> None:
    place = write(tmp_path, "h.csv", HEAD + "p000,gpt,a,machine\np001,list,a,machine\n")
    assert read(place).notes[0].startswith("Only machines coded (gpt, list), no person: ")
    people = write(tmp_path, "p.csv", HEAD + "p000,ann,a,\n")
    assert read([place, people]).notes[0].startswith("gpt, list are machines: their codes are compared with people's")
    assert read(people).notes == ()
