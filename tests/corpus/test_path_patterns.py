"""Folder and file names become metadata by a pattern."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built, column, document

FERRY = "Fares on the island ferry will rise by nine percent in April, and commuters call it unfair."
ROOF = "The town will mend the roof of the central library before the first frost comes."


def test_names_become_columns_and_a_path_that_does_not_match_is_noted(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"green/2019.txt": FERRY, "red/2021.txt": ROOF, "readme.txt": ROOF + " Twice."}
    corpus = built(tmp_path, files, path_pattern="{party}/{year}.txt")
    assert column(corpus.documents, "party") == ["green", None, "red"]
    assert column(corpus.documents, "year") == ["2019", None, "2021"]
    assert document(corpus, "readme.txt")["notes"] == [
        "the path does not match corpus.path_pattern: readme.txt [corpus.path_pattern]"
    ]


def test_roles_wild_cards_and_tables(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"2020/x_2019-03-02_Bote.txt": FERRY}
    corpus = built(tmp_path / "a", files, path_pattern="*/{_}_{date}_{source}.txt")
    read = document(corpus, "2020/x_2019-03-02_Bote.txt")
    assert (read["date"], read["source"]) == ("2019-03-02", "Bote")
    table = f"id,text,source\n1,{ROOF},Post\n"
    corpus = built(tmp_path / "b", {"deep/green/Bote_1.csv": table}, path_pattern="{party}/{source}_*.csv")
    assert document(corpus, "1")["party"] == "green" and document(corpus, "1")["source"] == "Post"


@pytest.mark.parametrize(
    ("pattern", "why"),
    [("{party", "without its pair"), ("{a}{b}.txt", "nothing stands between"), ("plain.txt", "names no field"),
     ("{words}/{x}", "already"), ("{a}/{a}", "twice"), ("{1}", "is no name")],
)  # fmt: skip
def test_a_faulty_pattern_is_a_fault_of_the_config(tmp_path: Path, pattern: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        built(tmp_path, {"a.txt": FERRY}, path_pattern=pattern)
