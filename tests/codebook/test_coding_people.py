"""Codes that people gave and the samples they come from: files, rows, matching, weights; and the codebook file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from kit.coding import table

import toolkit.coding
from toolkit.codebook import Code, Codebook, codes_sha256, designs_beside, load_codebook, load_human_codes, sampling
from toolkit.codebook.human import Matcher, named
from toolkit.codebook.human_files import code_files, rows_of
from toolkit.coding import CodebookSettings
from toolkit.errors import ConfigError
from toolkit.files.digest import file_sha256, texts_digest

BOOK = Codebook((Code("water", "Water", "d"), Code("roads", "Roads", "d")))
TEXTS = [f"Text number {i}." for i in range(10)]
PARAGRAPHS = table(TEXTS)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path, paragraphs: Any = PARAGRAPHS) -> Any:
    return load_human_codes(path, BOOK, paragraphs)


def test_files_folders_and_globs_are_found_once_and_in_order(tmp_path: Path) -> None:
    one, two = write(tmp_path, "in/b.csv", "x"), write(tmp_path, "in/A.JSONL", "x")
    write(tmp_path, "in/notes.txt", "x")
    (tmp_path / "in" / "deep.csv").mkdir()
    assert code_files(tmp_path / "in") == (two, one)
    assert code_files([str(tmp_path / "in" / "*.csv"), one]) == (one,)
    assert code_files(str(tmp_path / "nowhere.csv")) == (tmp_path / "nowhere.csv",)  # shows when it is read
    odd = write(tmp_path, "in/[1].csv", "x")
    assert code_files(odd) == (odd,)
    for none in (tmp_path / "in" / "*.xml", tmp_path / "in" / "deep.csv"):
        with pytest.raises(OSError, match=r"no .csv"):
            code_files(none)
    with pytest.raises(ConfigError, match="file there"):
        load_human_codes(tmp_path / "in" / "*.xml", BOOK, PARAGRAPHS)


def test_rows_carry_their_line_and_keys_in_small_letters(tmp_path: Path) -> None:
    text = "Paragraph_ID;Code \np1;water\n;\n\np2;'=x\np3;roads;extra\n"
    assert list(rows_of(write(tmp_path, "a.csv", text))) == [
        (2, {"paragraph_id": "p1", "code": "water"}),
        (5, {"paragraph_id": "p2", "code": "=x"}),
        (6, {"paragraph_id": "p3", "code": "roads"}),
    ]
    text = '{"Text ": "a", "code": "water"}\n\n{"text": "b", "code": null}\n'
    for name in ("a.jsonl", "a.NDJSON", "a.json"):
        assert [line for line, _ in rows_of(write(tmp_path, name, text))] == [1, 3]


@pytest.mark.parametrize(
    ("header", "row"), [("code,text", "a,b;c;d"), ("code;text", "a;b,c,d"), ("code\ttext", "a\tb,c;d")]
)
def test_the_separator_is_that_of_the_first_line(tmp_path: Path, header: str, row: str) -> None:
    ((line, result),) = rows_of(write(tmp_path, "a.csv", f"{header}\n{row}\n"))
    assert line == 2 and result["code"] == "a" and result["text"] == row[2:]


def test_a_line_of_one_column_is_read_by_commas(tmp_path: Path) -> None:
    assert list(rows_of(write(tmp_path, "a.csv", "code\nwater\n"), (("code",),))) == [(2, {"code": "water"})]


def test_every_fault_of_a_file_is_named_with_its_line(tmp_path: Path) -> None:
    text = '{"code": 1, "text": "a"}\n[1]\n{"code": 1}\nx\n\n{"text": 1}\n'
    with pytest.raises(ConfigError) as caught:
        list(rows_of(write(tmp_path, "a.jsonl", text)))
    places = [fault.split("a.jsonl:")[1].split(":")[0] for fault in caught.value.faults]
    assert places == ["2", "3", "4", "6"]
    assert "one object with code, paragraph_id or text" in caught.value.faults[0]
    assert "paragraph_id or text is missing" in caught.value.faults[1]
    assert "code is missing; the line has text" in caught.value.faults[3]
    with pytest.raises(
        ConfigError, match=r"a.csv:1: the column code, paragraph_id or text is missing; the file has x, y"
    ):
        list(rows_of(write(tmp_path, "a.csv", "x,y\n1,2\n")))


def test_a_row_is_matched_by_its_text_and_only_without_one_by_its_id() -> None:
    copies = PARAGRAPHS.append_column("duplicate_of", [[None] * 5 + ["p001"] + [None] * 4])
    made = Matcher(copies)
    assert made.match({"paragraph_id": "p002", "text": "TEXT number... 3"}) == "p003"
    assert made.match({"paragraph_id": "p002", "text": "another text"}) is None
    assert made.match({"paragraph_id": " p002 ", "text": " "}) == "p002"
    assert made.match({"paragraph_id": "p005"}) == made.match({"text": TEXTS[5]}) == "p001"
    assert made.match({}) is None and Matcher(PARAGRAPHS).match({"paragraph_id": "p005"}) == "p005"
    assert named({"paragraph_id": "p1", "text": "t"}) == "p1" and named({"text": "x" * 70}) == "x" * 60


def test_of_equal_texts_the_first_is_meant() -> None:
    assert Matcher(table(["Same.", "Same!"])).match({"text": "same"}) == "p000"


def test_rows_without_a_coder_are_one_coders_and_codes_are_cut_at_semicolons(tmp_path: Path) -> None:
    text = "paragraph_id,code,coder\np001, water ; roads ;water,\np002,, bob \np003,roads,  \n"
    human = read(write(tmp_path, "a.csv", text))
    assert human.by_coder() == {
        "bob": {"p002": frozenset()},
        "coder": {"p001": frozenset({"water", "roads"}), "p003": frozenset({"roads"})},
    }
    assert human.coders == ("bob", "coder") and human.notes == ()
    assert human.marks.num_rows == 4 and human.sheets == {f"p00{i}": frozenset({""}) for i in (1, 2, 3)}


def test_unmatched_rows_name_their_file_where_there_are_several(tmp_path: Path) -> None:
    one = write(tmp_path, "a.csv", "paragraph_id,code\nzz,water\nyy,wrong\np001,water\n")
    two = write(tmp_path, "b.csv", "paragraph_id,code\np002,water\n")
    assert read(one).unmatched[0] == "line 2: zz: no such paragraph in this corpus"
    both = load_human_codes([one, two], BOOK, PARAGRAPHS)
    assert both.unmatched[0].startswith("a.csv, line 2: zz") and len(both.unmatched) == 2
    assert "2 of 4 rows of the coders' files" in both.notes[0] and "(the first: a.csv, line 2: zz)" in both.notes[0]


def test_one_coder_may_not_code_a_paragraph_otherwise_in_another_file(tmp_path: Path) -> None:
    head = "paragraph_id,code,coder\n"
    one = write(tmp_path, "a.csv", f"{head}p001,water,ann\np002,,ann\n")
    same = write(tmp_path, "b.csv", f"{head}p001,water,ann\np001,roads,bob\np002,,ann\n")
    assert load_human_codes([one, same], BOOK, PARAGRAPHS).notes == ()
    other = write(tmp_path, "c.csv", f"{head}p001,roads,ann\n")
    with pytest.raises(ConfigError, match=r"c.csv: coder 'ann' codes p001 otherwise than in .*a.csv"):
        load_human_codes([one, other], BOOK, PARAGRAPHS)


def test_a_paragraph_coded_twice_by_one_coder_is_said_only_if_the_codes_differ(tmp_path: Path) -> None:
    copies = PARAGRAPHS.append_column("duplicate_of", [[None] * 5 + ["p001"] + [None] * 4])
    head = "paragraph_id,code,coder\n"
    alike = read(write(tmp_path, "a.csv", f"{head}p001,water,ann\np005,water,ann\np002,,ann\np002,,ann\n"), copies)
    assert alike.notes == ()
    apart = read(write(tmp_path, "b.csv", f"{head}p001,water,ann\np005,roads,ann\n"), copies)
    assert "1 paragraphs were coded twice" in apart.notes[0] and "p001 by ann" in apart.notes[0]
    two = f"{head}p003,,ann\np003,water,ann\np001,water,ann\np005,roads,ann\n"
    several = read(write(tmp_path, "d.csv", two), copies)
    assert "2 paragraphs were coded twice" in several.notes[0] and "the first: p001 by ann" in several.notes[0]
    none = read(write(tmp_path, "c.csv", f"{head}p001,,ann\np001,water,ann\n"), copies)
    assert "1 paragraphs were coded twice" in none.notes[0]
    assert none.marks.to_pylist() == [{"paragraph_id": "p001", "code": "water", "coder": "ann", "kind": "person"}]


def test_open_rows_are_not_coded_yet_and_still_say_which_sheet_they_are_of(tmp_path: Path) -> None:
    text = "paragraph_id,code,coder,sheet\np001, ? ,,r-1\np002,water,ann,r-1\np003,?,,r-1\nzz,?,,r-1\n"
    human = read(write(tmp_path, "a.csv", text))
    assert human.notes == ("3 paragraphs of the coding sheets are marked ? and not coded by anybody yet.",)
    assert human.by_coder() == {"ann": {"p002": frozenset({"water"})}} and human.sheets == {"p002": frozenset({"r-1"})}


def design(folder: Path, sheet: str, drawn: Sequence[int], how: str = "random", **changes: Any) -> dict[str, Any]:
    """A design.json as `toolkit sample` writes it, of one stratum unless `strata` says how many paragraphs each has."""
    strata = changes.pop("strata", {"all": 10})
    names = list(strata)
    tree = {
        "format": "toolkit sample 1",
        "sheet": sheet,
        "how": how,
        "seed": 5,
        "strata": [{"stratum": name, "paragraphs": size} for name, size in strata.items()],
        "paragraphs": [{"paragraph_id": f"p{i:03d}", "stratum": names[i % len(names)]} for i in drawn],
        "frame": {"sha256": texts_digest(sorted(TEXTS)), "corpus": 10},
        "already_coded": [],
    } | changes
    write(folder, "design.json", json.dumps(tree))
    return tree


def sheet_codes(folder: Path, sheet: str, rows: Sequence[int]) -> Path:
    lines = "".join(f"p{i:03d},water,ann,{sheet}\n" for i in rows)
    return write(folder, "codes.csv", f"paragraph_id,code,coder,sheet\n{lines}")


def drawn(places: Any) -> Any:
    return sampling(load_human_codes(places, BOOK, PARAGRAPHS), designs_beside(places), PARAGRAPHS)


def test_codes_of_no_sheet_count_as_a_random_sample_and_that_is_said(tmp_path: Path) -> None:
    sample = drawn(sheet_codes(tmp_path, "", [1, 2]))
    assert sample.weights == {"p001": 1.0, "p002": 1.0} and sample.refused is None
    assert sample.basis == "valid if the coded paragraphs are a random sample of the corpus" and sample.notes == ()


def test_a_random_sheet_weighs_the_corpus_over_what_is_coded(tmp_path: Path) -> None:
    design(tmp_path, "r-1", [1, 2, 3, 4])
    sample = drawn(sheet_codes(tmp_path, "r-1", [1, 2, 3, 4]))
    assert sample.weights == {f"p00{i}": 2.5 for i in (1, 2, 3, 4)} and sample.refused is None and sample.notes == ()
    assert sample.basis == "checked: 4 paragraphs were drawn at random (sheet r-1, seed 5) from this very corpus"


def test_a_sheet_coded_in_part_is_said_and_weighed_by_what_is_coded(tmp_path: Path) -> None:
    design(tmp_path, "r-1", [1, 2, 3, 4])
    sample = drawn(sheet_codes(tmp_path, "r-1", [1, 2]))
    assert sample.weights == {"p001": 5.0, "p002": 5.0}
    assert "Coding sheet r-1: 2 of 4 drawn paragraphs are coded" in sample.notes[0]


def test_strata_weigh_their_paragraphs_over_their_coded_ones(tmp_path: Path) -> None:
    design(tmp_path, "s-1", [0, 1, 2], "stratified", strata={"even": 8, "odd": 2, "none": 0})
    rows = [{"paragraph_id": f"p00{i}", "stratum": "odd" if i % 2 else "even"} for i in range(3)]
    design(tmp_path, "s-1", [], "stratified", strata={"even": 8, "odd": 2, "none": 0}, paragraphs=rows)
    sample = drawn(sheet_codes(tmp_path, "s-1", [0, 1, 2]))
    assert sample.weights == {"p000": 4.0, "p001": 2.0, "p002": 4.0}
    assert "drawn by strata and weighed by them (sheet s-1" in sample.basis
    assert sample.notes == (
        "3 of 3 coded paragraphs come from a stratified draw; scores count each of them once, corrected shares by its "
        "weight.",
    )
    open_stratum = drawn(sheet_codes(tmp_path, "s-1", [0, 2]))
    assert open_stratum.weights == {} and "no paragraph is coded yet of 1 of 3 strata (odd)" in str(
        open_stratum.refused
    )


def test_paragraphs_coded_before_the_draw_stand_for_themselves_and_must_be_there(tmp_path: Path) -> None:
    design(tmp_path, "r-1", [1, 2], already_coded=["p007"], strata={"all": 9})
    plain = write(tmp_path, "before.csv", "paragraph_id,code\np007,roads\n")
    codes = sheet_codes(tmp_path, "r-1", [1, 2])
    sample = drawn([plain, codes])
    assert sample.weights == {"p001": 4.5, "p002": 4.5, "p007": 1.0}
    assert sample.basis.endswith("from this very corpus; 1 coded before the draw have weight 1")
    alone = drawn(codes)
    assert alone.weights == {} and "1 paragraphs had been coded before" in str(alone.refused)


def test_several_random_draws_count_as_one_and_other_mixtures_are_refused(tmp_path: Path) -> None:
    for name, rows in (("r-1", [1, 2]), ("r-2", [3])):
        design(tmp_path / name, name, rows, already_coded=[] if name == "r-1" else ["p001", "p002"], strata={"all": 8})
        sheet_codes(tmp_path / name, name, rows)
    both = [tmp_path / "r-1", tmp_path / "r-2"]
    sample = drawn(both)
    assert sample.weights == {f"p00{i}": pytest.approx(10 / 3) for i in (1, 2, 3)}
    assert "(sheet r-1, r-2, seed 5, 5)" in sample.basis
    design(tmp_path / "s-1", "s-1", [5], "stratified")
    sheet_codes(tmp_path / "s-1", "s-1", [5])
    mixed = drawn([*both, tmp_path / "s-1"])
    assert mixed.weights == {} and "3 draws that cannot be weighed together (r-1, r-2, s-1)" in str(mixed.refused)
    design(tmp_path / "s-2", "s-2", [6], "stratified")
    sheet_codes(tmp_path / "s-2", "s-2", [6])
    assert "2 draws that cannot be weighed" in str(drawn([tmp_path / "s-1", tmp_path / "s-2"]).refused)


def test_what_was_coded_before_several_draws_is_no_part_of_what_they_stand_for(tmp_path: Path) -> None:
    for name, rows, before in (("r-1", [1, 2], ["p007"]), ("r-2", [3], ["p001", "p002", "p007"])):
        design(tmp_path / name, name, rows, already_coded=before, strata={"all": 8})
        sheet_codes(tmp_path / name, name, rows)
    plain = write(tmp_path, "before.csv", "paragraph_id,code\np007,roads\n")
    sample = drawn([plain, tmp_path / "r-1", tmp_path / "r-2"])
    assert sample.weights == {**{f"p00{i}": pytest.approx(9 / 3) for i in (1, 2, 3)}, "p007": 1.0}


def test_hard_cases_speak_for_no_share(tmp_path: Path) -> None:
    design(tmp_path / "i", "i-1", [1, 2], "informative")
    hard = sheet_codes(tmp_path / "i", "i-1", [1, 2])
    sample = drawn(hard)
    assert sample.weights == {} and "hard to tell" in str(sample.refused) and sample.basis == sample.refused
    assert "2 of 2 coded paragraphs were drawn as hard cases" in sample.notes[0]
    design(tmp_path / "r", "r-1", [3, 4])
    beside = drawn([hard, sheet_codes(tmp_path / "r", "r-1", [3, 4])])
    assert beside.weights == {"p003": 5.0, "p004": 5.0} and "2 of 4 coded paragraphs" in beside.notes[0]


def test_a_sheet_of_another_corpus_or_without_its_design_is_refused(tmp_path: Path) -> None:
    design(tmp_path, "r-1", [1], frame={"sha256": "0" * 64, "corpus": 9})
    codes = sheet_codes(tmp_path, "r-1", [1])
    assert "drawn from another state of the corpus (9 unique paragraphs; now 10)" in str(drawn(codes).refused)
    (tmp_path / "design.json").unlink()
    gone = drawn(codes)
    assert gone.weights == {} and gone.refused is not None and "r-1" in gone.refused


def test_only_designs_that_toolkit_sample_wrote_are_read(tmp_path: Path) -> None:
    codes = sheet_codes(tmp_path, "r-1", [1])
    assert designs_beside(codes) == () and codes_sha256(codes) == file_sha256(codes)
    for text in ("[1]", "{broken", '{"format": "another"}', '{"format": "toolkit sample 1"}'):
        write(tmp_path, "design.json", text)
        assert designs_beside(codes) == () and codes_sha256(codes) == file_sha256(codes)
    design(tmp_path, "r-1", [1])
    assert [one["sheet"] for one in designs_beside(codes)] == ["r-1"]
    with_design = codes_sha256(codes)
    assert with_design != file_sha256(codes)
    design(tmp_path, "r-1", [2])
    assert codes_sha256(codes) != with_design
    two = write(tmp_path / "more", "b.csv", "paragraph_id,code\np001,water\n")
    copy = write(tmp_path / "more", "c.csv", "paragraph_id,code\np001,water\n")
    assert codes_sha256([two, copy]) == codes_sha256([copy, two]) != codes_sha256(two)


def faults(tmp_path: Path, text: str) -> tuple[str, ...]:
    path = write(tmp_path, "codebook.yaml", text)
    with pytest.raises(ConfigError) as caught:
        load_codebook(path)
    return tuple(fault.replace(str(path), "F") for fault in caught.value.faults)


def test_a_codebook_carries_all_that_its_author_wrote(tmp_path: Path) -> None:
    text = (
        "title: T\nversion: 1\nnotes: N\nthemes:\n  - id: 7\n    name: ' Water '\n    definition: D.\n"
        "    parent: null\n"
        "    include: [one, ' two ', '']\n    exclude: only\n    keywords: [5, 2.5]\n    examples: []\n"
        "    counterexamples: [c]\n  - {id: b, name: B, definition: d, parent: 7}\n"
    )
    book = load_codebook(write(tmp_path, "codebook.yaml", text))
    assert book.themes[0] == Code("7", "Water", "D.", ("one", "two"), ("only",), ("5", "2.5"), (), ("c",), None)
    assert book.themes[1].parent == "7" and book.parents == {"7": None, "b": "7"}


def test_each_fault_of_a_codebook_stands_once_at_its_own_place(tmp_path: Path) -> None:
    head = "themes:\n  - {id: a, name: n, definition: d"
    column = len("  - {id: a, name: n, definition: d, keywords: [") + 1
    assert faults(tmp_path, f"{head}, keywords: [true, 1]}}\n") == (
        f"F:2:{column}: themes.0.keywords.0: must be a text (put it in quotes)",
    )
    assert len(faults(tmp_path, f"{head}, keywords: {{x: 1}}}}\n")) == 1
    assert len(faults(tmp_path, "themes:\n  - {id: true, name: 5, definition: ''}\n")) == 3
    assert (
        len(faults(tmp_path, f"{head}, parent: ''}}\n")) == 1 and len(faults(tmp_path, f"{head}, parent: a}}\n")) == 1
    )
    assert "a → a" in faults(tmp_path, f"{head}, parent: a}}\n")[0]
    assert len(faults(tmp_path, "themes: {a: 1}\n")) == 1 and len(faults(tmp_path, "themes: []\ncolour: 1\n")) == 2
    assert faults(tmp_path, "themes:\n  - {id: a, name: n}\n") == ("F:2:5: themes.0: definition is missing",)
    (fault,) = faults(tmp_path, "themes:\n  - {id: a, name: n, definition: null}\n")
    assert "must be a text that is not empty" in fault and "given" not in fault
    for sign in (";", "\\t", "\\n"):
        assert "no semicolon" in faults(tmp_path, f'themes:\n  - {{id: "a{sign}b", name: n, definition: d}}\n')[0]


def test_a_code_below_a_circle_is_not_blamed_for_it(tmp_path: Path) -> None:
    codes = (("a", "b"), ("b", "a"), ("c", "a"), ("d", "c"))
    text = "themes:\n" + "".join(f"  - {{id: {item}, name: n, definition: d, parent: {up}}}\n" for item, up in codes)
    assert [fault.split(": ")[1] for fault in faults(tmp_path, text)] == ["themes.0.parent", "themes.1.parent"]
    twice = "themes:\n" + "  - {id: a, name: n, definition: d}\n" * 3
    assert [fault.split(":")[1] for fault in faults(tmp_path, twice)] == ["3", "4"]
    assert all("(first at F:2:" in fault for fault in faults(tmp_path, twice))


def test_settings_bound_what_they_ask_for() -> None:
    made = CodebookSettings(path="codebook.yaml")
    assert (made.threshold, made.bootstrap, made.learn, made.codes) == (0.5, 1000, True, None)
    for name, good, bad in (("bootstrap", (100, 20_000), (99, 20_001)), ("threshold", (0.001, 0.999), (0, 1))):
        for value in good:
            assert getattr(CodebookSettings.model_validate({"path": "c", name: value}), name) == value
        for value in bad:
            with pytest.raises(ValueError, match=name):
                CodebookSettings.model_validate({"path": "c", name: value})


def test_the_package_opens_the_coder_only_when_it_is_asked_for() -> None:
    from toolkit.coding import code
    from toolkit.coding import new_documents as further

    assert toolkit.coding.code_paragraphs is code.code_paragraphs
    assert toolkit.coding.load_background is further.load_background
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = toolkit.coding.nothing
