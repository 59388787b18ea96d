"""Reads PDFs in a separate process, so that a PDF that hangs, crashes or exhausts memory affects only itself.

One worker starts at the first PDF and serves all that follow; after a crash or a time-out the next PDF gets a new
worker. Its limits are `corpus.limits.max_pdf_seconds` for each PDF and, on Linux, `corpus.limits.max_pdf_mb`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from toolkit.corpus.settings import LimitSettings
from toolkit.corpus.source import Unreadable

_SCRIPT = Path(__file__).with_name("pdf_pages.py")
_running: dict[int, subprocess.Popen[bytes]] = {}  # by their bound of memory


def pdf_lines(data: bytes, limits: LimitSettings) -> dict[str, Any]:
    """The lines, number of pages and properties of a PDF (`pdf_pages.lines_of_pdf`).

    Raises:
        Unreadable: encrypted or damaged; or the worker crashed, or took longer than `limits.max_pdf_seconds`.
    """
    late = threading.Event()
    worker = _worker(limits.max_pdf_mb)

    def stop() -> None:
        late.set()
        worker.kill()

    timer = threading.Timer(limits.max_pdf_seconds, stop)
    timer.start()
    try:
        answer = _asked(worker, data, limits.max_pages)
    finally:
        timer.cancel()
    if not answer:
        close_workers()
        if late.is_set():
            raise Unreadable(f"PDF that took longer than {limits.max_pdf_seconds:g} s (corpus.limits.max_pdf_seconds)")
        raise Unreadable("damaged PDF: the PDF library crashed on it, or it needs more than corpus.limits.max_pdf_mb")
    result: dict[str, Any] = json.loads(answer)
    if "fault" in result:
        raise Unreadable(str(result["fault"]))
    return result


def close_workers() -> None:
    """Stop the worker; the next PDF starts a new one."""
    while _running:
        _, worker = _running.popitem()
        worker.kill()
        worker.communicate()


def _worker(megabytes: int) -> subprocess.Popen[bytes]:
    """The running worker, or a new one."""
    if megabytes not in _running or _running[megabytes].poll() is not None:
        close_workers()
        # -P: the folder of the script holds modules named like some of Python's own
        command = [sys.executable, "-P", str(_SCRIPT), str(megabytes)]
        pipe = subprocess.PIPE
        _running[megabytes] = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    return _running[megabytes]


def _asked(worker: subprocess.Popen[bytes], data: bytes, pages: int) -> bytes:
    """The worker's answer; nothing if it died."""
    if worker.stdin is None or worker.stdout is None:
        return b""
    try:
        worker.stdin.write(json.dumps({"bytes": len(data), "pages": pages}).encode("ascii") + b"\n" + data)
        worker.stdin.flush()
    except BrokenPipeError:
        return b""
    answer = worker.stdout.readline()
    return answer if answer.endswith(b"\n") else b""
