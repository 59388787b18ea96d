"""The store: what it gives back is what was put in, or nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.errors import StoreError
from toolkit.store.stages import Store
from toolkit.store.vectors import VectorStore
from toolkit.values import Metric


@dataclass(frozen=True)
class Value:
    array: Any
    table: Any
    metrics: dict[str, Metric]
    words: tuple[str, ...]


def value(seed: int = 0, n: int = 50) -> Value:
    numbers = np.random.default_rng(seed).normal(size=(n, 4))
    return Value(numbers, pa.table({"a": [f"é{seed}", None]}), {"m": Metric(None, reason="why")}, ("x", "ÿ"))


def test_a_value_comes_back_equal_and_read_only(tmp_path: Path) -> None:
    put = Store(tmp_path).put("stage", "k", value())
    got = Store(tmp_path).get("stage", "k", Value)
    assert got is not None and got.from_store and got.digest == put.digest
    assert np.array_equal(got.value.array, value().array) and not got.value.array.flags.writeable
    assert got.value.table.equals(value().table)
    assert (got.value.metrics, got.value.words) == (value().metrics, ("x", "ÿ"))


@dataclass(frozen=True)
class Outer:
    inner: Value
    names: dict[int, str]


def test_a_value_inside_a_value_comes_back_equal_and_counts_in_the_digest(tmp_path: Path) -> None:
    put = Store(tmp_path).put("stage", "k", Outer(value(), {3: "x"}))
    got = Store(tmp_path).get("stage", "k", Outer)
    assert got is not None and got.digest == put.digest and got.value.names == {3: "x"}
    assert np.array_equal(got.value.inner.array, value().array) and got.value.inner.table.equals(value().table)
    assert (got.value.inner.metrics, got.value.inner.words) == (value().metrics, ("x", "ÿ"))
    assert Store(tmp_path).put("stage", "other", Outer(value(1), {3: "x"})).digest != put.digest


def test_equal_values_have_one_digest_and_others_another(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.put("s", "a", value()).digest == store.put("s", "b", value()).digest
    assert store.put("s", "c", value(1)).digest != store.put("s", "a", value()).digest


@pytest.mark.parametrize("name", ["array.npy", "table.parquet", "value.json", "entry.json"])
@pytest.mark.parametrize("harm", ["flip", "truncate", "remove"])
def test_a_damaged_entry_is_said_and_never_given(tmp_path: Path, name: str, harm: str) -> None:
    messages: list[str] = []
    store = Store(tmp_path, say=messages.append)
    store.put("stage", "k", value())
    (place,) = tmp_path.rglob(name)
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    if harm == "remove":
        place.unlink()
    else:
        place.write_bytes(data if harm == "flip" else data[:-3])
    assert store.get("stage", "k", Value) is None
    assert (harm == "remove" and name == "entry.json") or "damaged" in messages[0]
    store.put("stage", "k", value())
    assert store.get("stage", "k", Value) is not None


def test_fresh_ignores_what_is_there_and_replaces_it(tmp_path: Path) -> None:
    Store(tmp_path).put("stage", "k", value(1))
    fresh = Store(tmp_path, fresh=True)
    assert fresh.get("stage", "k", Value) is None
    digest = fresh.put("stage", "k", value(2)).digest
    again = Store(tmp_path).get("stage", "k", Value)
    assert again is not None and again.digest == digest


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_store_that_cannot_be_written_is_said_and_the_value_still_comes(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    messages: list[str] = []
    entry = Store(tmp_path / "store", say=messages.append).put("stage", "k", value())
    assert "cannot be written" in messages[0] and entry.value.words == ("x", "ÿ")


def test_a_store_on_a_full_disk_is_said_and_the_value_still_comes(tmp_path: Path) -> None:
    (tmp_path / "stages").write_text("a file where the folder should be")
    messages: list[str] = []
    entry = Store(tmp_path, say=messages.append).put("stage", "k", value())
    assert "cannot be written" in messages[0]
    assert entry.digest == Store(tmp_path / "other").put("stage", "k", value()).digest


def _write_forever(root: str) -> None:
    store = Store(Path(root))
    while True:
        store.put("stage", "k", value(3, n=20_000))


def test_kill_9_at_any_moment_leaves_a_whole_entry_or_none(tmp_path: Path) -> None:
    whole = Store(tmp_path / "reference").put("stage", "k", value(3, n=20_000)).digest
    context = multiprocessing.get_context("fork")
    for round_ in range(12):
        writers = [context.Process(target=_write_forever, args=(str(tmp_path / "store"),)) for _ in range(2)]
        for writer in writers:
            writer.start()
        time.sleep(0.05 + 0.017 * round_)
        for writer in writers:
            os.kill(writer.pid or 0, signal.SIGKILL)
            writer.join()
        messages: list[str] = []
        entry = Store(tmp_path / "store", say=messages.append).get("stage", "k", Value)
        assert messages == [] and (entry is None or entry.digest == whole)


def test_pruning_removes_what_the_store_holds_and_nothing_that_lies_beside_it(tmp_path: Path) -> None:
    Store(tmp_path).put("stage", "k", value())
    (tmp_path / "thesis.docx").write_text("mine")
    (tmp_path / "sub").mkdir()
    assert Store(tmp_path).prune() > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sub", "thesis.docx"]
    assert Store(tmp_path).get("stage", "k", Value) is None


@pytest.mark.parametrize(
    "place", ["stages/build/notes.txt", "stages/plan.docx", "vectors/logo/logo.svg", "vectors/a.ai"]
)
def test_a_folder_that_is_no_store_is_neither_emptied_nor_listed(tmp_path: Path, place: str) -> None:
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_text("mine")
    Store(tmp_path).put("stage", "k", value())
    with pytest.raises(StoreError, match=r"is not a store of this toolkit, because (stages|vectors)/") as fault:
        Store(tmp_path).prune()
    assert "\n" not in str(fault.value) and (tmp_path / place).read_text() == "mine"
    assert Store(tmp_path).get("stage", "k", Value) is not None
    with pytest.raises(StoreError, match="is not a store"):
        list(Store(tmp_path).sizes())


def test_a_store_with_a_damaged_entry_and_left_overs_is_still_pruned(tmp_path: Path) -> None:
    key = "0123456789abcdef" * 4
    Store(tmp_path).put("stage", key, value())
    (tmp_path / "stages" / "stage" / key / "entry.json").unlink()
    (tmp_path / "stages" / "stage" / ".writing-x").mkdir()
    (tmp_path / "stages" / ".DS_Store").write_text("")
    VectorStore(tmp_path, {"model": "m"}).put(["a"], np.eye(1, 4, dtype=np.float32), np.ones(1, np.int32))
    assert Store(tmp_path).prune() > 0
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_half_written_goes_after_a_day(tmp_path: Path) -> None:
    shelf = tmp_path / "stages" / "stage"
    for name, age in ((".writing-old", 2 * 24 * 3600), (".writing-now", 0)):
        (shelf / name).mkdir(parents=True)
        os.utime(shelf / name, (time.time() - age, time.time() - age))
    Store(tmp_path).put("stage", "k", value())
    assert sorted(path.name for path in shelf.iterdir()) == [".writing-now", "k"]


def test_that_nothing_can_be_stored_is_said_once_and_not_by_every_stage(tmp_path: Path) -> None:
    (tmp_path / "stages").write_text("a file where the folder should be")
    messages: list[str] = []
    store = Store(tmp_path, say=messages.append)
    for stage in ("corpus", "embed", "discover"):
        store.put(stage, "k", value())
    store.tell("vectors cannot be stored: No space left on device; going on without it")
    assert len(messages) == 1
