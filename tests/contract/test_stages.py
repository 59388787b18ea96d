"""Everything that lists stages knows every stage: a new one is declared once, and shows in reports and replays."""

from __future__ import annotations

import pytest

from toolkit.report.sections.methods import STAGE_TITLES as HEADED
from toolkit.study.reading import ENCODER
from toolkit.study.study import STAGES, Stage
from toolkit.verify.replay import SHOWN

REPORTED = [stage for stage in STAGES if stage is not ENCODER]  # what LSA learns of a corpus shows in its vectors


@pytest.mark.parametrize("stage", REPORTED, ids=lambda stage: stage.name)
def test_a_stage_has_a_heading_in_the_report_and_a_part_of_the_run_folder(stage: Stage) -> None:
    assert HEADED[stage.name] and SHOWN[stage.name] == stage.shows != ()


def test_stages_have_names_and_values_of_their_own() -> None:
    assert len({stage.name for stage in STAGES}) == len(STAGES)
    assert all(stage.sources for stage in STAGES)
