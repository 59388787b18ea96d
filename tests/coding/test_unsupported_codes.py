"""A code is called unsupported only if no paragraph got it, nor any code below it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from toolkit.codebook import Code, Codebook
from toolkit.coding import CodebookSettings, code_paragraphs

TEXTS = (
    "The quay was dredged and a berth was widened for freight vessels.",
    "Pupils sat the exam and teachers marked the syllabus test.",
    "Rain fell on the village fair and the ducks were pleased.",
    "A vessel moored at the quay with its freight.",
)


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        (("quay", "berth", "vessel", "freight"), "1 of 4 codes: other."),
        (("zeppelin", "airship"), "4 of 4 codes: top, middle, leaf, other."),
    ],
)
def test_a_code_with_a_child_that_was_given_is_not_called_unsupported(keywords: tuple[str, ...], message: str) -> None:
    book = Codebook(
        (
            Code("top", "Zygotes", "Zygotes and gametes.", keywords=("zygote",)),
            Code("middle", "Isotopes", "Isotopes of caesium.", keywords=("isotope",), parent="top"),
            Code("leaf", keywords[0], " ".join(keywords), keywords=keywords, parent="middle"),
            Code("other", "Sonnets", "Sonnets in iambic verse.", keywords=("sonnet",)),
        )
    )
    names = [f"p{number}" for number in range(len(TEXTS))]
    table = pa.table({"paragraph_id": names, "document_id": names, "start": [0] * len(TEXTS), "text": list(TEXTS)})
    vectors = np.eye(len(TEXTS), 8, dtype=np.float32)
    made = code_paragraphs(CodebookSettings(path="codebook.yaml"), book, table, vectors, None, None, 1)
    given = {row["code"] for row in made.codes.to_pylist() if row["assigned"]}
    assert given == ({"leaf"} if "1 of" in message else set())
    assert [note for note in made.notes if "support" in note] == [f"The corpus does not support {message}"]
