"""Labels by a language model: answers are kept, replayed and gone on with; nothing is asked twice."""

from __future__ import annotations

import json
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from kit.studies import write_study
from test_describe import described, labels_by_theme, words_by_theme

import toolkit
from toolkit.describe import DescribeSettings
from toolkit.describe.llm import LlmLabeller
from toolkit.errors import ToolkitError
from toolkit.export.export import export
from toolkit.runs import load_run
from toolkit.runtime.progress import QUIET
from toolkit.settings import canonical
from toolkit.verify.verify import verify


@contextmanager
def endpoint(answer, fail_at=None, cut=False):
    """A local server that speaks the chat protocol; gives its address and the requests so far."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, self.headers.get("Authorization"), body))
            self.send_response(500 if len(asked) == fail_at else 200)
            if cut:
                self.send_header("Content-Length", "9999")
            self.end_headers()
            text = answer(body["messages"][0]["content"])
            self.wfile.write(json.dumps({"choices": [{"message": {"content": text}}]}).encode())

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def named(prompt):
    return '"Owning by the state"\n' if "state-owned" in prompt else "**Machines of the quantum age.**"


def test_the_model_names_themes_and_its_answers_are_replayed_without_it(tmp_path, monkeypatch):
    monkeypatch.setenv("TOOLKIT_TEST_KEY", "not a secret")
    record = tmp_path / "kept" / "labels.jsonl"
    given = {"model": "small", "record": str(record), "key_variable": "TOOLKIT_TEST_KEY"}
    with endpoint(named) as (url, asked):
        first = described(labeller=LlmLabeller(url=url, **given))
    assert labels_by_theme(first) == {0: "Owning by the state", 1: "Machines of the quantum age"}
    assert [(path, key) for path, key, _ in asked] == [("/v1/chat/completions", "Bearer not a secret")] * 2
    assert words_by_theme(first) == words_by_theme(described())
    rows = [json.loads(line) for line in record.read_text("utf-8").splitlines()]
    assert all({"key", "model", "prompt", "answer"} == row.keys() for row in rows)
    assert "not a secret" not in record.read_text("utf-8")
    replayed = described(labeller=LlmLabeller(url=url, **given))  # the server is gone
    assert replayed.themes == first.themes and replayed.notes == first.notes


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(tmp_path):
    record = str(tmp_path / "labels.jsonl")
    with endpoint(named, fail_at=2) as (url, asked):
        labeller = LlmLabeller(url=url, model="small", record=record)
        with pytest.raises(ToolkitError, match=r"gave no answer.*kept in.*run again") as fault:
            described(labeller=labeller)
        assert "\n" not in str(fault.value)
        assert set(labels_by_theme(described(labeller=labeller)).values()) == {
            "Owning by the state",
            "Machines of the quantum age",
        }
        assert len(asked) == 3


@pytest.mark.parametrize("answer", ["", "x" * 400, "Technology"])
def test_an_unusable_or_repeated_answer_leaves_the_theme_s_own_words_and_is_said(tmp_path, answer):
    with endpoint(lambda _: answer) as (url, _):
        description = described(labeller=LlmLabeller(url=url, model="small", record=str(tmp_path / "labels.jsonl")))
    labels = labels_by_theme(description)
    expected = labels_by_theme(described())
    assert labels[1] == expected[1] and labels[0] == ("Technology" if answer == "Technology" else expected[0])
    assert any("own words stand instead" in note for note in description.notes)


def test_a_damaged_record_names_its_line(tmp_path):
    record = tmp_path / "labels.jsonl"
    record.write_text('{"key": "a", "answer": "b"}\n{"broken\n', "utf-8")
    with pytest.raises(ToolkitError, match=r"labels\.jsonl:2: "):
        described(labeller=LlmLabeller(model="small", record=str(record)))


@pytest.mark.parametrize("left", ['{"answer": "Own', '{"answer": "Kept", "key": "of another run"}'])
def test_a_record_that_a_killed_run_left_without_its_end_is_gone_on_with(tmp_path, left):
    record = tmp_path / "labels.jsonl"
    record.write_text(left, "utf-8")
    with endpoint(named) as (url, asked):
        labeller = LlmLabeller(url=url, model="small", record=str(record))
        first = described(labeller=labeller)
        assert labels_by_theme(first)[0] == "Owning by the state"
        assert labels_by_theme(described(labeller=labeller)) == labels_by_theme(first) and len(asked) == 2
    assert len([json.loads(line) for line in record.read_text("utf-8").splitlines()]) == 2 + left.endswith("}")


def test_a_model_that_says_nothing_leaves_the_theme_s_own_words_also_when_replayed(tmp_path):
    with endpoint(lambda _: None) as (url, _):
        labeller = LlmLabeller(url=url, model="small", record=str(tmp_path / "labels.jsonl"))
        assert labels_by_theme(described(labeller=labeller)) == labels_by_theme(described())
    assert labels_by_theme(described(labeller=labeller)) == labels_by_theme(described())


def test_an_endpoint_that_dies_in_the_middle_of_an_answer_is_a_fault_of_one_line(tmp_path):
    with endpoint(named, cut=True) as (url, _), pytest.raises(ToolkitError, match="gave no answer"):
        described(labeller=LlmLabeller(url=url, model="small", record=str(tmp_path / "labels.jsonl")))


def test_where_the_endpoint_lies_is_no_part_of_the_experiment():
    plain = canonical(DescribeSettings(labeller=LlmLabeller(model="small", url="http://here/v1", record="/there")))
    assert plain["labeller"] == {"method": "llm", "model": "small", "temperature": 0.0}


@pytest.mark.slow
def test_a_run_carries_what_was_asked_and_answered_and_is_verified_where_no_model_is(tmp_path):
    config = write_study(tmp_path / "study")
    count = iter(range(99))
    with endpoint(lambda _: f"Name number {next(count)}") as (url, asked):
        settings = {"method": "llm", "model": "small", "url": url, "record": str(tmp_path / "kept.jsonl")}
        changes = {"describe.labeller": settings, "store": str(tmp_path / "store")}  # a warm store asks nobody
        toolkit.run(config, set=changes, out=tmp_path / "run", progress=QUIET)
    (tmp_path / "kept.jsonl").unlink()  # nothing of the machine that asked is left
    rows = load_run(tmp_path / "run").table("asked").to_pylist()
    labels = {row["theme"]: row["label"] for row in load_run(tmp_path / "run").table("themes").to_pylist()}
    assert len(rows) == len(asked) > 1 and {row["prompt"] for row in rows} == {
        body["messages"][0]["content"] for _, _, body in asked
    }
    assert all(row["label"] == row["answer"] == labels[row["theme"]] for row in rows)
    assert verify(tmp_path / "run", progress=QUIET).grade == "identical"
    (packed,) = export(tmp_path / "run", ["zip"], tmp_path / "run.zip", "none")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "elsewhere")
    (manifest,) = (tmp_path / "elsewhere").rglob("manifest.json")
    assert all(row["prompt"] is None for row in load_run(manifest.parent).table("asked").to_pylist())
    verdict = verify(manifest.parent, progress=QUIET, corpus=tmp_path / "study" / "corpus")
    assert verdict.grade == "identical", list(verdict.lines())
