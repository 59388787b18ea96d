"""`toolkit report` on a finished run: killed at any moment it leaves the run as it was or as it is to be."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from kit.press_runs import press_run

from toolkit.commands.report import rewrite_report
from toolkit.run_folder.manifest import MANIFEST, folder_files, manifest_digest
from toolkit.runs import load_run


def rewrite_forever(folder: str, begun: Event) -> None:
    while True:
        for text in ("none", "full"):
            rewrite_report(Path(folder), ["html", "md"], text)
            begun.set()


def whole(folder: Path) -> bool:
    """Whether every file holds the bytes that the manifest names, and the manifest those that its seal names."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return folder_files(folder) == manifest["files"] and manifest["seal"] == manifest_digest(manifest)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.slow
def test_a_report_that_is_killed_while_it_is_written_again_leaves_a_whole_run(tmp_path: Path) -> None:
    folder, moments, reports = press_run(tmp_path / "run"), random.Random(5), set()
    rewrite_report(folder, ["html", "md"], "full")
    began, fork = time.monotonic(), multiprocessing.get_context("fork")
    rewrite_report(folder, ["html", "md"], "full")
    once = time.monotonic() - began
    for _ in range(8):
        begun = fork.Event()
        child = fork.Process(target=rewrite_forever, args=(str(folder), begun))
        child.start()
        assert begun.wait(60)
        time.sleep(moments.uniform(0, 3) * once)
        os.kill(int(child.pid or 0), signal.SIGKILL)
        child.join()
        assert whole(folder)
        reports.add((folder / "report.md").read_bytes())
    assert len(reports) == 2, "all kills came before the second report: the test shows nothing"
    rewrite_report(folder, ["html", "md"], "full")
    assert [path.name for path in tmp_path.iterdir()] == ["run"], "what killed reports left beside the run is removed"


def test_writing_a_report_again_keeps_every_other_file_and_what_the_user_put_there(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    rewrite_report(folder, ["html", "md"], "full")
    (folder / "my notes.txt").write_text("mine")
    (folder / "tables" / "mine.csv").write_text("a,b")
    before = folder_files(folder)
    rewrite_report(folder, ["html"], "none")
    changed = {name for name, sha in folder_files(folder).items() if before.get(name) != sha}
    assert changed == {"report.html"} and set(folder_files(folder)) == set(before)
    files = load_run(folder).manifest["files"]
    assert "my notes.txt" not in files and files["report.html"] != before["report.html"]


def test_a_run_that_is_named_by_a_link_is_rewritten_where_it_lies(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    link = tmp_path / "latest"
    link.symlink_to(folder)
    assert rewrite_report(link, ["md"], "none") == link / "report.md"
    assert link.is_symlink() and sorted(path.name for path in tmp_path.iterdir()) == ["latest", "run"] and whole(folder)
