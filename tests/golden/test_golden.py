"""Nothing that a run gives changes unseen: tables, metrics, reports and figures of two small studies are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from golden_outputs import BITS, DIGESTS, differences, outputs, page_text, read_kept
from golden_studies import STUDIES


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_gives_what_it_gave_when_the_golden_was_renewed(study: str, tmp_path: Path) -> None:
    changes = differences(read_kept(study), outputs(STUDIES[study](tmp_path)))
    assert not changes, "\n".join([*changes, "If this is meant: make golden, and say why in the commit."])


def kept(**files: str) -> dict[str, str]:
    return {"tables/t.csv": "id,value\na,0.5\nb,[0.25]\n", "report.md": "One line.\nAnother line.\n", **files}


def test_a_change_is_told_in_words_by_table_row_and_column() -> None:
    notes = differences(kept(), kept(**{"tables/t.csv": "id,value\na,0.6\nb,[0.25]\n"}))
    assert notes == ["tables/t.csv: row 1 ('a', '0.6'): value was '0.5'; is '0.6'"]
    notes = differences(kept(), kept(**{"report.md": "One line.\nAnother word.\n"}))
    assert notes == ["report.md: line 2: was 'Another line.'; is 'Another word.'"]
    assert differences(kept(), {}) == ["report.md: is gone", "tables/t.csv: is gone"]
    shorter = differences(kept(), kept(**{"tables/t.csv": "id,value\na,0.5\n"}))
    assert shorter == ["tables/t.csv: 2 rows became 1", "tables/t.csv: line 2 is gone: 'b | [0.25]'"]


def test_the_last_digit_may_turn_on_another_processor_and_no_more() -> None:
    assert differences(kept(), kept(**{"tables/t.csv": "id,value\na,0.500001\nb,[0.250001]\n"})) == []
    assert len(differences(kept(), kept(**{"tables/t.csv": "id,value\na,0.50001\nb,[0.2501]\n"}))) == 2


def test_bytes_are_compared_where_the_embeddings_have_the_same_bits() -> None:
    def digests(bits: str, page: str) -> dict[str, str]:
        return {DIGESTS: json.dumps({BITS: bits, "report.html": page})}

    assert differences(digests("x", "1"), digests("x", "2")) == [f"{DIGESTS}: report.html has other bytes"]
    assert differences(digests("x", "1"), digests("y", "2")) == []


def test_the_text_of_a_page_is_what_a_reader_sees() -> None:
    page = "<html><head><style>p{}</style></head><body><p>One <b>two</b></p><svg><text>x</text></svg></body></html>"
    assert page_text(page) == "One\ntwo\n"
