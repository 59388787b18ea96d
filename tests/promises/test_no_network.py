"""Nothing connects to anything unless a setting asks for it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import toolkit

PACKAGE = Path(toolkit.__file__).parent
LIBRARIES = {
    "aiohttp", "asyncio", "dask", "distributed", "ftplib", "http", "httpx", "huggingface_hub", "imaplib", "poplib",
    "requests", "smtplib", "socket", "socketserver", "ssl", "telnetlib", "urllib.request", "urllib3", "websockets",
    "xmlrpc",
}  # fmt: skip
ALLOWED = {
    "describe/llm.py": "describe.labeller: {method: llm}",
    "embed/hub.py": "embed.allow_download",
    "runtime/parallel.py": "parallel.backend: dask",
}
"""Modules that can connect, and the setting without which they do not."""
RUN = """
import json, sys
connections = []
def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        connections.append(f"{event} {arguments[1:]!r}")
sys.addaudithook(note)
import toolkit
topics = ["budget", "line", "fare", "depot", "bridge", "school", "park", "river"]
texts = [f"The {topic} of the town is read by council {n}, who counts riders." for n, topic in enumerate(topics)]
toolkit.run(texts, out=sys.argv[1])
print(json.dumps(connections))
"""


def imports(module: Path) -> set[str]:
    """Every module that a file imports, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def reaches_network(name: str) -> bool:
    return name in LIBRARIES or any(name.startswith(f"{library}.") for library in LIBRARIES)


def test_only_named_modules_can_reach_the_network() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if any(map(reaches_network, imports(path)))]
    assert {path.relative_to(PACKAGE).as_posix() for path in modules} == set(ALLOWED)


@pytest.mark.slow
def test_a_run_by_default_connects_to_nothing(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE"}
    command = [sys.executable, "-c", RUN, str(tmp_path / "run")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []
    assert (tmp_path / "run" / "report.html").is_file()
