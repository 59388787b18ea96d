"""Faults are told before the long work, with the way to what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

import toolkit
from toolkit.errors import ConfigError


def test_shares_by_month_are_found_under_the_period(tmp_path: Path) -> None:
    (tmp_path / "corpus.csv").write_text(
        "id,date,text\na,2024-05-01,The harbour was widened last year.\nb,2024-06-01,Schools open again in autumn.\n"
    )
    config = tmp_path / "study.yaml"
    config.write_text("name: s\ncorpus: {path: corpus.csv}\ncodebook: null\nestimate: {group_by: [month]}\n")
    with pytest.raises(ConfigError, match=r"no column 'month'.*shares by month are those of estimate\.period: month"):
        toolkit.run(config, out=tmp_path / "out", set={"store": str(tmp_path / "store")})
