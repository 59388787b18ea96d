"""Claims in a whole run: the table, the report, what a replaced corpus lacks, and what no other stage depends on."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.commands import command
from kit.openings import folded
from kit.studies import write_study

import toolkit
from toolkit.errors import ConfigError
from toolkit.figures import RunTables
from toolkit.report.content import build
from toolkit.report.sections import report
from toolkit.runs import Run
from toolkit.runtime.progress import QUIET
from toolkit.settings import ReportSettings

CLAIMS = [
    {"claim": "larger", "code": "ports", "group_by": "source", "group": "Coast Gazette"},
    {"claim": "above", "code": "ports", "share": 0.001, "says": "Some of it is about ports."},
    {"claim": "rose", "code": "learning"},
]
COLUMNS = {"columns": {"source": "outlet"}}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("claims") / "study"
    return write_study(folder, claims=CLAIMS, store=str(folder.parent / "store"))


@pytest.fixture(scope="module")
def run(study: Path) -> Run:
    return toolkit.run(study, out=study.parent.parent / "run", progress=QUIET)


def test_a_run_answers_its_claims_in_their_order(run: Run) -> None:
    claims = run.claims
    assert claims.reason[0] == "3 documents with source 'Coast Gazette', and 4 are needed"
    assert claims.claim.tolist() == [1, 2, 3] and claims.kind.tolist() == ["larger", "above", "rose"]
    assert claims.verdict[1] == "holds by unchecked codes" and claims.text[1] == "Some of it is about ports."
    shares = run.prevalence
    (row,) = shares[
        (shares.id == "ports") & (shares.unit == "paragraph") & (shares.counting == "unique") & shares.group_by.isna()
    ].itertuples()
    assert (claims.estimate[1], claims.n[1]) == (row.estimate, row.n)
    contrasts = run.frame("contrasts")
    of_ports = contrasts[(contrasts.id == "ports") & (contrasts.unit == "paragraph") & (contrasts.group_by == "source")]
    assert abs(claims.estimate[0]) == pytest.approx(abs(of_ports.difference.iloc[0]))


def test_the_report_has_each_claim_with_verdict_and_number_after_the_findings(run: Run) -> None:
    tree = report(build(RunTables(run.path), ReportSettings()))
    assert [section.anchor for section in tree.sections][:2] == ["findings", "claims"]
    lines = folded(tree, 1, "What each verdict rests on").splitlines()
    for row in run.table("claims").to_pylist():
        line = next(line for line in lines if row["text"] in line)
        basis = row["basis"][:1].upper() + row["basis"][1:]
        assert row["verdict"].capitalize() in line and row["numbers"] in line and basis in line
    assert 'id="claims"' in (run.path / "report.html").read_text(encoding="utf-8")


def test_other_stages_do_not_depend_on_claims(study: Path, run: Run) -> None:
    other = toolkit.run(study, set={"claims": CLAIMS[:1]}, out=study.parent.parent / "other", progress=QUIET)
    keys = [{stage["name"]: stage["key"] for stage in one.manifest["stages"]} for one in (run, other)]
    assert {name for name in keys[0] if keys[0][name] != keys[1][name]} == {"claims"}
    assert len(other.claims) == 1


def test_check_lists_claims_and_says_which_the_corpus_cannot_answer(study: Path) -> None:
    output = command("check", str(study), "--set", "claims=[{claim: above, code: ports, share: 0.1}, {claim: rose, "
                   "code: ports, since: 2030}]", cwd=study.parent).stdout  # fmt: skip
    assert "1. The share of paragraphs with “Ports” is above 10%." in output
    assert "cannot be told with this corpus: 0 documents with a date since 2030, and 4 are needed" in output


def test_what_the_configs_own_corpus_lacks_is_a_fault(study: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        wrong = [{**CLAIMS[0], "group": "Coast Gazete"}, {**CLAIMS[0], "group_by": "sourc"}]
        toolkit.run(study, set={"claims": wrong, "estimate.group_by": ["voice"]}, progress=QUIET)
    group_by, group, column = caught.value.faults
    assert group_by.startswith("estimate.group_by: no column 'voice' in documents")
    assert group == "claims.0: no document has source 'Coast Gazete' (did you mean 'Coast Gazette'?)"
    assert column == "claims.1: no column 'sourc' in documents (did you mean 'source'?)"


def test_what_a_replaced_corpus_lacks_is_a_note_and_the_run_is_replayed_as_it_was(study: Path, tmp_path: Path) -> None:
    texts = study.parent / "corpus" / "article_*.txt"
    keep = {"estimate.group_by": ["outlet"]}
    run = toolkit.run(study, texts, keep, tmp_path / "run", progress=QUIET)
    notes = run.frame("notes").text.tolist()
    assert "This corpus has no 'outlet': shares by outlet are not given (estimate.group_by)." in notes
    assert "Claim 1: no document has source 'Coast Gazette'." in notes
    assert (
        run.claims.reason[0] == "no document has source 'Coast Gazette'" and run.claims.verdict[0] == "cannot be told"
    )
    outcome = command("check", str(study), "--corpus", str(texts), "--set", "estimate.group_by=[outlet]", cwd=tmp_path)
    assert outcome.returncode == 0 and "This corpus has no 'outlet'" in outcome.stdout
    assert command("verify", str(run.path), cwd=tmp_path).returncode == 0


def test_codes_that_another_codebook_lacks_are_a_note_with_another_corpus(study: Path, tmp_path: Path) -> None:
    codebook = "themes:\n  - {id: towns, name: Towns, definition: Towns and villages.}\n"
    (tmp_path / "own.yaml").write_text(codebook, encoding="utf-8")
    given = ("--corpus", str(study.parent / "corpus"), "--set", f"codebook.path={tmp_path / 'own.yaml'}")
    outcome = command("check", str(study), *given, cwd=tmp_path)
    assert outcome.returncode == 0
    assert outcome.stdout.count("cannot be told with this corpus: no code has the id 'ports'; there are towns") == 2
    refused = command("check", str(study), *given[2:], cwd=tmp_path)
    assert refused.returncode == 2 and "claims.0.code: no code has the id 'ports'; there are towns" in refused.stderr


def test_a_run_without_claims_has_an_empty_table_and_no_section(study: Path) -> None:
    run = toolkit.run(study, set={"claims": []}, out=study.parent.parent / "none", progress=QUIET)
    assert run.claims.empty and "claims" not in {stage["name"] for stage in run.manifest["stages"]}
    (run.path / "tables" / "claims.parquet").unlink()
    assert run.claims.empty
    assert not any(
        section.anchor == "claims" for section in report(build(RunTables(run.path), ReportSettings())).sections
    )
