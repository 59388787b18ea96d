"""run.rename, run.merge and their kind give a new log whose lines mean what a person named; the run stays as it is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from kit.curating import Made, curated_run

from toolkit.decisions import new_log, read_log, undo
from toolkit.errors import ConfigError
from toolkit.runs import Run, load_run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return curated_run(tmp_path_factory.mktemp("decide") / "run")


@pytest.fixture(scope="module")
def run(made: Made) -> Run:
    return load_run(made.folder)


def key_of(made: Made, theme: int) -> str:
    """The key by the format: t- and 8 digits of the sha256 over the sorted digests of its paragraphs."""
    texts = [text for text, at in zip(made.texts, made.discovery.assignment, strict=True) if at == theme]
    names = sorted(hashlib.sha256(text.encode()).hexdigest()[:12] for text in texts)
    return f"t-{hashlib.sha256(chr(10).join(names).encode()).hexdigest()[:8]}"


def test_a_run_without_a_log_has_an_empty_one_that_knows_its_themes(run: Run, made: Made) -> None:
    assert run.log.decisions == () and list(run.log.themes) == [key_of(made, theme) for theme in range(5)]
    assert [theme.label for theme in run.log.themes.values()][:2] == ["Ports and quays", "Schools"]
    assert [theme.paragraphs for theme in run.log.themes.values()] == [12, 10, 8, 6, 5]


def test_decisions_chain_into_a_file_that_reads_back_the_same(run: Run, made: Made, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}
    first = run.rename("Wind farms", "Wind power", who="Wei", why="says what it is")
    log = run.merge([0, "Ferries"], to="Harbours", log=first)
    log = run.split(1, log=log)
    log = run.note("Harbours", "Ferries use the same quays.", log=log)
    log = run.drop("Hospitals", who="Bo", log=log)
    log = run.move(["page0.txt:0"], "Wind power", log=log)
    log = run.move("page1.txt:1", None, log=log)
    assert first.decisions == log.decisions[:1] and run.log.decisions == ()
    assert [(line.do, line.who) for line in log.decisions] == [
        ("rename", "Wei"), ("merge", "Wei"), ("split", "Wei"), ("note", "Wei"), ("drop", "Bo"), ("move", "Bo"),
        ("move", "Bo"),
    ]  # fmt: skip
    assert log.decisions[0].theme == key_of(made, 2) and log.decisions[0].why == "says what it is"
    assert (
        log.decisions[1].themes == (key_of(made, 0), key_of(made, 4))
        and log.decisions[3].theme == log.decisions[1].names[0]
    )
    assert log.decisions[5].paragraphs == (hashlib.sha256(made.texts[0].encode()).hexdigest()[:12],)
    assert (log.decisions[5].to, log.decisions[6].to) == (key_of(made, 2), "none")
    assert read_log(log.save(tmp_path / "decisions.yaml")) == log
    assert {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()} == before


def test_a_split_says_which_half_is_which(run: Run, made: Made) -> None:
    line = run.split("Schools", who="Wei").decisions[0]
    texts = [text for text, at in zip(made.texts, made.discovery.assignment, strict=True) if at == 1]
    digests = [hashlib.sha256(text.encode()).hexdigest()[:12] for text in texts]
    assert (set(line.parts[0]), set(line.parts[1])) == (set(digests[:6]), set(digests[6:]))
    out = run.split("Schools", paragraphs=["page0.txt:12"], to="Exams", who="Wei").decisions[0]
    assert out.paragraphs == (hashlib.sha256(made.texts[12].encode()).hexdigest()[:12],) and out.to == "Exams"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda run: run.rename(7, "Seven", who="Wei"), "theme 7: there is no such theme; this run has 0 to 4"),
        (lambda run: run.rename("Wind farm", "Wind", who="Wei"), "Wind farms"),
        (lambda run: run.rename(1, "Learning"), "who: say who decides"),
        (lambda run: run.move(["page0.txt:99"], 1, who="Wei"), "page0.txt:99"),
        (lambda run: run.merge([1], who="Wei"), "name at least two"),
        (lambda run: run.merge(1, who="Wei"), "themes: must be a list, as in run.merge([0, 3]), given 1"),
        (lambda run: run.merge("Schools", who="Wei"), "themes: must be a list"),
        (lambda run: run.move(None, 1, who="Wei"), "paragraphs: must be a list"),
        (lambda run: run.rename(True, "Yes", who="Wei"), "theme True: there is no such theme"),
        (lambda run: run.rename(1, "Learning", who="Wei", log="decisions.yaml"), "log: must be a log such as run.log"),
        (lambda run: run.rename(1, "Learning", who="Wei", log=new_log("may", "", "", {})), "begun on the run 'may'"),
        (lambda run: run.rename("Schools", "Learning", who="Wei", log=new_log("may", "", "", {})), "leave out log="),
        (lambda run: run.rename(1, "Same", log=run.rename(0, "Same", who="Wei")), "has given the name 'Same'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_meant(run: Run, wrong: object, message: str) -> None:
    with pytest.raises(ConfigError) as fault:
        wrong(run)  # type: ignore[operator]
    assert message in str(fault.value)


def test_a_note_may_have_lines_and_tabs_of_any_system(run: Run, tmp_path: Path) -> None:
    log = run.note(1, "One wire.\r\nTwo\tmore.\rThree.", who="Wei")
    assert log.decisions[0].text == "One wire.\nTwo\tmore.\nThree."
    assert read_log(log.save(tmp_path / "log.yaml")) == log


def test_a_line_that_a_log_does_not_have_is_not_taken_back(run: Run) -> None:
    log = run.note(1, "One wire.", who="Wei")
    for line in (0, -1, 2):
        with pytest.raises(ConfigError, match=f"decision {line}: there is none; the log's last is 1"):
            undo(log, line)


def test_a_run_made_with_a_log_goes_on_with_it(made: Made, run: Run, tmp_path: Path) -> None:
    from toolkit.decisions.deciding import decide

    log = run.merge([0, 4], to="Harbours", who="Wei")
    decided = decide(log, made.discovery, made.texts, made.vectors, 1)
    log.save(made.folder / "decisions.yaml")
    try:
        again = load_run(made.folder)
        assert again.log.decisions == log.decisions
        later = again.rename(1, "Learning", log=None, who="Bo")
        assert [line.do for line in later.decisions] == ["merge", "rename"]
    finally:
        (made.folder / "decisions.yaml").unlink()
    assert decided.discovery.themes == 4
