"""`toolkit.run` on a list or a DataFrame: the run of the same texts in a file, and whole in its own folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from kit.studies import TOPICS, paragraph

import toolkit
from toolkit.errors import ConfigError
from toolkit.runtime.progress import QUIET
from toolkit.verify.verify import verify

FAST = {"embed.method": "lsa", "discover.method": "kmeans", "discover.themes": 4, "report.formats": ["md"]}
TEXTS = [f"{paragraph(topic, n)}\n\n{paragraph(topic, n + 50)}" for n in range(6) for topic in TOPICS]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts")


def run(home: Path, given: Any, out: str, corpus: Any = None, **settings: Any) -> toolkit.Run:
    changes = FAST | {"store": str(home / "store")} | settings
    return toolkit.run(given, corpus, set=changes, out=home / out, progress=QUIET)


def frame() -> pd.DataFrame:
    dates = pd.date_range("2026-01-05", periods=len(TEXTS), freq="7D")
    ids = [f"piece-{n:02d}" for n in range(len(TEXTS))]
    return pd.DataFrame({"id": ids, "text": TEXTS, "date": dates, "source": ["Echo", "Post"] * (len(TEXTS) // 2)})


def test_a_list_of_texts_is_a_run_that_verifies_without_python_wherever_its_folder_lies(home: Path) -> None:
    done = run(home, TEXTS, "list")
    assert list(done.documents["sha256"].unique().shape) == [len(TEXTS)] and set(done.themes["theme"]) >= {0, 1, 2, 3}
    sources = [TEXTS[int(name.rpartition("-")[2]) - 1] for name in done.paragraphs["document_id"]]
    spans = zip(sources, done.paragraphs["start"], done.paragraphs["end"], done.paragraphs["text"], strict=True)
    assert all(source[start:end] == text for source, start, end, text in spans)
    again = toolkit.load_run(shutil.copytree(done.path, home / "sent" / "on"))
    shutil.rmtree(done.path)
    verdict = verify(again.path, progress=QUIET)
    assert (verdict.grade, verdict.broken, verdict.tampered, verdict.unchecked) == ("identical", (), (), ())


@pytest.mark.slow
def test_a_data_frame_gives_the_bytes_of_the_same_rows_in_a_file_and_the_values_of_a_csv(home: Path) -> None:
    given = run(home, frame(), "frame", **{"estimate.group_by": ["source"]})
    rows = frame().assign(date=frame()["date"].dt.strftime("%Y-%m-%d"))
    lines = (json.dumps(row, ensure_ascii=False) for row in rows.to_dict("records"))
    (home / "texts.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    rows.to_csv(home / "texts.csv", index=False)
    same, csv = (
        run(home, {"name": "texts", "corpus": {"path": home / name}}, name[6:], **{"estimate.group_by": ["source"]})
        for name in ("texts.jsonl", "texts.csv")
    )
    new = {"given.yaml", "sources/texts.jsonl"}
    kept = [{name: sha for name, sha in one.manifest["files"].items() if name not in new} for one in (given, same)]
    assert kept[0] == kept[1] and len(kept[0]) > 50
    assert given.documents["date"].iloc[0] == "2026-01-05" and set(given.documents["source"]) == {"Echo", "Post"}
    columns = ["paragraph_id", "start", "end", "text", "theme"]
    assert given.paragraphs[columns].equals(csv.paragraphs[columns])


def test_a_config_runs_on_texts_by_its_own_columns_and_settings(home: Path) -> None:
    config = {"name": "own", "corpus": {"path": "nowhere", "columns": {"text": "body"}}}
    done = run(home, config, "own", corpus=frame().rename(columns={"text": "body"}))
    assert repr(done).startswith("Run('own', 24 documents")
    with pytest.raises(ConfigError, match="no column 'body'"):
        run(home, config, "not", corpus=frame())


@pytest.mark.parametrize(
    ("given", "corpus", "settings", "message"),
    [
        (TEXTS, TEXTS, {}, "the texts are given already"),
        (TEXTS, None, {"corpus.path": "elsewhere"}, "there is no path to set"),
        (None, None, {}, "got nothing"),
        ({"a", "b"}, None, {}, "got set"),
    ],
)
def test_texts_given_twice_or_not_at_all_are_one_fault(
    home: Path, given: Any, corpus: Any, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message) as fault:
        run(home, given, "none", corpus, **settings)
    assert len(fault.value.faults) == 1 and not (home / "none").exists()
