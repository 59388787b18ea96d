"""Claims in a config: what is read, and faults with their place and the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.studies import CODEBOOK

from toolkit.errors import ConfigError
from toolkit.experiment.experiment import load

STUDY = "name: s\ncorpus:\n  path: texts\ncodebook:\n  path: codebook.yaml\n"


def config(folder: Path, claims: str, study: str = STUDY) -> Path:
    (folder / "texts").mkdir(exist_ok=True)
    (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "study.yaml").write_text(f"{study}claims:\n{claims}", encoding="utf-8")
    return folder / "study.yaml"


def faults(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path)
    return [line.replace(f"{path.parent}/", "") for line in caught.value.faults]


def test_a_claim_is_read_as_it_is_written(tmp_path: Path) -> None:
    lines = (
        "  - {claim: larger, code: ports, group_by: year, group: 2024, than: 2025}\n"
        "  - {claim: rose, code: learning, since: 2023, until: 2024-06, says: Schools are written of more and more.}\n"
        "  - {claim: together, codes: [ports, learning], unit: document}\n"
        "  - {claim: above, code: ports, share: 0.1}\n"
    )
    larger, rose, together, above = load(config(tmp_path, lines)).experiment.claims
    assert (larger.claim, larger.group, larger.than, larger.unit) == ("larger", "2024", "2025", "paragraph")
    assert (rose.since, rose.until, rose.says) == ("2023", "2024-06", "Schools are written of more and more.")
    assert (together.codes, together.unit) == (("ports", "learning"), "document") and above.share == 0.1


NO_GROUP = "group_by and group belong together: the column, and its value that the claim is about"
FORMS = "give a year, month or day, such as 2024, 2024-06 or 2024-06-01"
KINDS = "larger, smaller, rose, fell, changed, together, above, below"


@pytest.mark.parametrize(
    ("claim", "place", "fault"),
    [
        ("claim: larger, code: port, group_by: source, group: a", "21: claims.0.code", "no code has the id 'port' (did "
         "you mean 'ports'?)"),
        ("claim: together, codes: [ports, x]", "23: claims.0.codes", "no code has the id 'x'; there are ports, "
         "learning, fisheries"),
        ("claim: bigger, code: ports", "6: claims.0.claim", f"no claim 'bigger'; there are {KINDS}"),
        ("code: ports", "5: claims.0", "claim is required"),
        ("claim: rose, code: ports, unti: 2024", "32: claims.0.unti", "unknown key (did you mean 'until'?)"),
        ("claim: above, code: ports", "5: claims.0.share", "is required"),
        ("claim: larger, code: ports, group_by: source, group: a, than: a", "5: claims.0", "group and than are both 'a'"
         "; give two groups, or than: rest"),
        ("claim: rose, code: ports, group: a", "5: claims.0", NO_GROUP),
        ("claim: rose, code: ports, since: 2025, until: 2024-12", "5: claims.0", "until 2024-12 is before since 2025"),
        ("claim: fell, code: ports, since: 2024-13", "32: claims.0.since", "'2024-13' is no date (month must be in "
         f"1..12); {FORMS}"),
        ("claim: fell, code: ports, until: last year", "32: claims.0.until", f"'last year' is no date; {FORMS}"),
        ("claim: together, codes: [ports, ports]", "5: claims.0", "codes are both 'ports'; give two different ones"),
    ],
)  # fmt: skip
def test_a_fault_of_a_claim_has_its_place_and_the_nearest_name(
    tmp_path: Path, claim: str, place: str, fault: str
) -> None:
    assert faults(config(tmp_path, f"  - {{{claim}}}\n")) == [f"study.yaml:7:{place}: {fault}"]


def test_a_claim_that_asks_what_another_asks_would_count_twice_and_is_a_fault(tmp_path: Path) -> None:
    once, again = "  - {claim: rose, code: ports}\n", "  - {claim: rose, code: ports, says: In other words.}\n"
    assert faults(config(tmp_path, f"{once}  - {{claim: fell, code: ports}}\n{again}")) == [
        "study.yaml:6:1: claims: claims 0 and 2 ask the same; give each claim once"
    ]


def test_claims_without_a_codebook_are_a_fault(tmp_path: Path) -> None:
    study = "name: s\ncorpus:\n  path: texts\n"
    (fault,) = faults(config(tmp_path, "  - {claim: rose, code: ports}\n", study))
    assert fault.startswith("study.yaml:5:19: claims.0.code: there is no codebook")


def test_a_child_is_always_together_with_its_parent_which_is_no_claim(tmp_path: Path) -> None:
    path = config(tmp_path, "  - {claim: together, codes: [ports, quays]}\n")
    child = "  - {id: quays, name: Quays, definition: 'Quays.', parent: ports}\n"
    (tmp_path / "codebook.yaml").write_text(CODEBOOK + child, encoding="utf-8")
    assert faults(path) == [
        "study.yaml:7:23: claims.0.codes: 'quays' is a child of 'ports', so the two are always together"
    ]


def test_claims_belong_to_the_experiment(tmp_path: Path) -> None:
    one = load(config(tmp_path, "  - {claim: above, code: ports, share: 0.1}\n"))
    other = load(config(tmp_path, "  - {claim: above, code: ports, share: 0.2}\n"))
    assert one.sha256 != other.sha256
