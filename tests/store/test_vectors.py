"""The vector store: what is found again, and that nothing that can happen to a run or a disk gives a wrong vector."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from toolkit.errors import StoreError
from toolkit.store.vectors import VectorStore, record_type, shard_names

IDENTITY = {"model": "test", "weights": "abc"}


def rows_for(texts: list[str], d: int = 8) -> np.ndarray:
    return np.stack([np.random.default_rng(sum(map(ord, text))).normal(size=d) for text in texts]).astype(np.float32)


def counts_for(texts: list[str]) -> np.ndarray:
    return np.array([len(text) for text in texts], np.int32)


def put(store: VectorStore, texts: list[str]) -> None:
    store.put(texts, rows_for(texts), counts_for(texts))


def test_what_was_put_is_found_by_text_alone_in_any_order(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(50)] + ["", "中国", "\ud800"]
    put(VectorStore(tmp_path, IDENTITY), texts[:20])
    put(VectorStore(tmp_path, IDENTITY), texts[20:])
    asked = [*texts[::-1], "not stored"]
    stored = VectorStore(tmp_path, IDENTITY).get(asked)
    assert stored.present.tolist() == [True] * len(texts) + [False]
    assert np.array_equal(stored.vectors[:-1], rows_for(texts[::-1]))
    assert stored.tokens[:-1].tolist() == [len(text) for text in texts[::-1]]


def test_keys_that_end_in_zero_bytes_are_told_apart(tmp_path: Path) -> None:
    records = np.zeros(2, record_type(2))
    records["key"] = [b"a" * 31 + b"\0", b"a" * 31 + b"b"]
    assert records["key"][0] != records["key"][1]
    # sha256 digests that end in zero bytes exist; find one and store it beside others
    import hashlib

    text = next(f"t{i}" for i in range(5000) if hashlib.sha256(f"t{i}".encode()).digest()[-1] == 0)
    store = VectorStore(tmp_path, IDENTITY)
    put(store, ["other", text])
    assert VectorStore(tmp_path, IDENTITY).get([text, "other", "t"]).present.tolist() == [True, True, False]


def test_another_model_sees_nothing_of_this_one(tmp_path: Path) -> None:
    put(VectorStore(tmp_path, IDENTITY), ["a"])
    assert not VectorStore(tmp_path, {**IDENTITY, "weights": "abd"}).get(["a"]).present.any()


def test_two_open_stores_see_each_others_texts(tmp_path: Path) -> None:
    first, second = VectorStore(tmp_path, IDENTITY), VectorStore(tmp_path, IDENTITY)
    assert not first.get(["a", "b"]).present.any()
    put(second, ["a"])
    assert first.get(["a", "b"]).present.tolist() == [True, False]


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "foreign"])
def test_a_damaged_shard_is_said_and_left_aside(tmp_path: Path, harm: str) -> None:
    store = VectorStore(tmp_path, IDENTITY)
    put(store, ["good"])
    put(store, ["bad one", "bad two"])
    shard = max((store.folder / name for name in shard_names(store.folder)), key=lambda path: path.stat().st_size)
    content = bytearray(shard.read_bytes())
    if harm == "flip":
        content[-3] ^= 1
    content = {"cut": content[:-10], "empty": bytearray(), "foreign": bytearray(b"no array")}.get(harm, content)
    shard.write_bytes(bytes(content))
    messages: list[str] = []
    again = VectorStore(tmp_path, IDENTITY, messages.append)
    assert again.get(["good", "bad one", "bad two"]).present.tolist() == [True, False, False]
    assert len(messages) == 1 and shard.name in messages[0] and "again" in messages[0]
    put(again, ["bad one", "bad two"])
    assert again.get(["good", "bad one", "bad two"]).present.all()
    final = VectorStore(tmp_path, IDENTITY)
    assert final.get(["good", "bad one", "bad two"]).present.all()


def test_a_pickle_in_the_store_is_never_loaded(tmp_path: Path) -> None:
    import hashlib
    import io

    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    buffer = io.BytesIO()
    np.save(buffer, np.array([Trap()], dtype=object), allow_pickle=True)
    store = VectorStore(tmp_path, IDENTITY)
    put(store, ["a"])
    name = hashlib.sha256(buffer.getvalue()).hexdigest() + ".npy"
    (store.folder / name).write_bytes(buffer.getvalue())
    messages: list[str] = []
    assert VectorStore(tmp_path, IDENTITY, messages.append).get(["a"]).present.all()
    assert messages and not (tmp_path / "sprung").exists()


WRITER = """
import sys
import numpy as np
from toolkit.store.vectors import VectorStore
store = VectorStore(sys.argv[1], {"model": "kill"})
for block in range(100000):
    texts = [f"{block}:{i}" for i in range(200)]
    rows = np.array([[block, i, block + i] for i in range(200)], np.float32)
    store.put(texts, rows, np.full(200, block, np.int32))
    print(block, flush=True)
"""


@pytest.mark.slow
def test_runs_killed_at_any_moment_leave_whole_shards_and_right_vectors(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    done = -1
    for _ in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(float(rng.uniform(0, 0.1)))
            process.send_signal(signal.SIGKILL)
            done = max(done, int(first), *(int(line) for line in process.stdout if line.endswith("\n")))
    messages: list[str] = []
    stored = VectorStore(tmp_path, {"model": "kill"}, messages.append).get(
        [f"{block}:{i}" for block in range(done + 1) for i in range(200)]
    )
    assert stored.present.all() and not messages
    wanted = [[block, i, block + i] for block in range(done + 1) for i in range(200)]
    assert np.array_equal(stored.vectors, np.array(wanted, np.float32))


def test_two_processes_writing_at_once_lose_nothing(tmp_path: Path) -> None:
    script = WRITER.replace("range(100000)", "range(int(sys.argv[2]), int(sys.argv[2]) + 15)")
    both = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path), start], stdout=subprocess.DEVNULL)
        for start in ("0", "10")
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    stored = VectorStore(tmp_path, {"model": "kill"}).get([f"{block}:{i}" for block in range(25) for i in range(200)])
    assert stored.present.all()
    assert stored.vectors[:, 0].tolist() == [float(block) for block in range(25) for _ in range(200)]


def test_a_full_disk_is_one_line_and_leaves_the_store_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = VectorStore(tmp_path, IDENTITY)
    put(store, ["a"])

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match="No space left") as fault:
            put(store, ["b"])
    assert "\n" not in str(fault.value)
    assert len(shard_names(store.folder)) == 1 and not list(store.folder.glob("*.part"))
    put(store, ["b"])
    assert VectorStore(tmp_path, IDENTITY).get(["a", "b"]).present.all()


@pytest.mark.slow
def test_two_hundred_thousand_texts_are_looked_up_in_seconds(tmp_path: Path) -> None:
    texts = [f"text number {i}" for i in range(200_000)]
    rows = np.random.default_rng(0).normal(size=(200_000, 384)).astype(np.float32)
    store = VectorStore(tmp_path, IDENTITY)
    for start in range(0, 200_000, 1000):
        store.put(texts[start : start + 1000], rows[start : start + 1000], np.ones(1000, np.int32))
    began = time.monotonic()
    stored = VectorStore(tmp_path, IDENTITY).get(texts)
    assert stored.present.all() and np.array_equal(stored.vectors, rows)
    assert time.monotonic() - began < 20
