"""Faults are told before the long work, with the way to what was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import toolkit
from toolkit.commands.check import check_lines
from toolkit.errors import ConfigError, ToolkitError


def test_shares_by_month_are_found_under_the_period(tmp_path: Path) -> None:
    (tmp_path / "corpus.csv").write_text(
        "id,date,text\na,2024-05-01,The harbour was widened last year.\nb,2024-06-01,Schools open again in autumn.\n"
    )
    config = tmp_path / "study.yaml"
    config.write_text("name: s\ncorpus: {path: corpus.csv}\ncodebook: null\nestimate: {group_by: [month]}\n")
    with pytest.raises(ConfigError, match=r"no column 'month'.*shares by month are those of estimate\.period: month"):
        toolkit.run(config, out=tmp_path / "out", set={"store": str(tmp_path / "store")})


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"method": "density", "themes": 4}, "4 themes were asked for and the corpus has 7 .* at most 3, or for auto"),
        ({"method": "bertopic", "themes": [2, 5], "min_topic_size": 5}, "2 themes .* ask for auto, or use"),
        ({"method": "consensus", "themes": [8, 9]}, "8 themes were asked for .* at most 7"),
    ],
)
def test_themes_that_a_method_can_never_find_are_refused_before_embedding(
    tmp_path: Path, asked: dict[str, object], message: str
) -> None:
    rows = [{"id": str(at), "text": f"The harbour of town number {at} was widened."} for at in range(7)]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    corpus = {"path": str(tmp_path / "corpus.jsonl"), "unit": "document"}
    config = {"name": "s", "corpus": corpus, "discover": asked, "store": str(tmp_path / "store")}
    with pytest.raises(ToolkitError, match=message):
        toolkit.run(config, out=tmp_path / "out")
    assert not (tmp_path / "store" / "stages" / "embed").exists() and not (tmp_path / "store" / "vectors").exists()


def test_check_says_that_a_method_may_find_fewer_themes_than_asked_for(tmp_path: Path) -> None:
    (tmp_path / "corpus.csv").write_text(
        "id,text\n" + "".join(f"{at},Word{at} of town {at * 7}.\n" for at in range(20))
    )
    config = tmp_path / "study.yaml"
    config.write_text(f"name: s\nstore: {tmp_path / 'store'}\ncorpus: {{path: corpus.csv}}\n")
    for method, warned in (("density", True), ("kmeans", False)):
        lines = check_lines(config, overrides={"discover.method": method, "discover.themes": 3})
        assert any("finds fewer than asked for" in line for line in lines) == warned
