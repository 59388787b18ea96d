"""Ours against BERTopic (and TriTopic), as whole processes in turn: start-up, embedding, discovery, the whole job.

    python experiments/benchmarks/peers.py --shared PATH [--parts start embed discover whole large] [--rounds 3]
        [--corpora 60 bbc bbc-all titles] [--tritopic-python PYTHON] [--out FILE.json]

Each figure is the median over rounds of one process from start to end; in every round each contender runs once, in
turn, ours with a new store. Peers get the same packaged MiniLM through sentence-transformers with its defaults (batch
32, cut at 256 tokens). Noise counts as one class in ARI. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from measured import Measured, measured

HERE = Path(__file__).resolve().parent
STUDY = HERE.parents[1] / "configs" / "future_industries.yaml"
TOOLKIT = [sys.executable, "-m", "toolkit"]
PARTS = ("start", "embed", "discover", "whole", "large")
CORPORA = {  # name: (file, rows or None for all, long texts)
    "60": ("bbc_news", 60, "truncate"),
    "bbc": ("bbc_news", None, "truncate"),
    "bbc-all": ("bbc_news", None, "mean"),
    "titles": ("stackoverflow_titles", None, "truncate"),
}
LARGE = (100_000, 200_000)
ENGINES = {"sentence-transformers, batch 32": "peer", "onnx fp32": "onnx", "onnx int8": "onnx-int8"}
Row = dict[str, object]
Turn = Callable[[int], tuple[Measured, Row]]


class Bench:
    """The jobs of each part, and what they took."""

    def __init__(self, args: argparse.Namespace, folder: Path) -> None:
        self.args, self.folder = args, folder

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a corpus of CORPORA."""
        file, most, _ = CORPORA[name]
        with gzip.open(self.args.shared / "data" / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found = [json.loads(line) for line in lines]
        return found[:: len(found) // most][:most] if most else found

    def written(self, name: str) -> Path:
        """A corpus as JSON lines: what every contender starts from."""
        place = self.folder / f"{name}.jsonl"
        if not place.exists():
            place.write_text("".join(json.dumps(row) + "\n" for row in self.rows(name)), encoding="utf-8")
        return place

    def start(self) -> Iterator[tuple[str, str, Turn]]:
        """Start-up of commands and cold imports."""
        python = [sys.executable, "-c"]
        for name, command in {
            "toolkit --help": [*TOOLKIT, "--help"],
            "toolkit check, shipped study": [*TOOLKIT, "check", str(STUDY)],
            "import toolkit": [*python, "import toolkit"],
            "import toolkit.pipeline": [*python, "import toolkit.pipeline"],
            "import bertopic": [*python, "import bertopic"],
        }.items():
            yield "start-up", name, lambda turn, command=command: (measured(command, self._store(f"s{turn}")), {})

    def embed(self) -> Iterator[tuple[str, str, Turn]]:
        """Engines on the first 256 tokens of each text; a process each, model loading included in wall time."""
        for corpus in [name for name in self.args.corpora if name in ("bbc", "titles")]:
            source = self.folder / f"{corpus}.texts.json"
            texts = list(dict.fromkeys(row["text"] for row in self.rows(corpus)))
            source.write_text(json.dumps(texts), encoding="utf-8")
            for name, engine in ENGINES.items():
                yield f"embedding, {corpus}", name, self._engine(corpus, engine, source, len(texts))

    def _engine(self, corpus: str, engine: str, source: Path, n: int) -> Turn:
        def turn(number: int) -> tuple[Measured, Row]:
            out = self.folder / f"{corpus}-{engine}.npy"
            command = [sys.executable, str(HERE / "embed_engines.py"), "--one", engine, str(os.cpu_count())]
            took = measured([*command, str(source), str(out)])
            speed = n / json.loads(took.output.splitlines()[-1])["wall"]
            from embed_quality import kept_neighbours

            peer, own = np.load(self.folder / f"{corpus}-peer.npy"), np.load(out)
            cosine = (peer.astype(float) * own).sum(1)
            row: Row = {"texts/s": speed, "cosine": float(cosine.mean()), "least cosine": float(cosine.min())}
            return took, row | ({"10-nn": kept_neighbours(peer, own)} if number == 0 else {})

        return turn

    def discover(self) -> Iterator[tuple[str, str, Turn]]:
        """Discovery from one set of given vectors (fp32), imports included."""
        for corpus in [name for name in self.args.corpora if name != "bbc-all"]:
            rows = self.rows(corpus)
            packed, vectors = self.folder / f"{corpus}.jsonl.gz", self.folder / f"{corpus}.npy"
            with gzip.open(packed, "wt", encoding="utf-8") as file:
                file.write("".join(json.dumps(row) + "\n" for row in rows))
            source = self.folder / f"{corpus}.all.json"
            source.write_text(json.dumps([row["text"] for row in rows]), encoding="utf-8")
            engine = [sys.executable, str(HERE / "embed_engines.py"), "--one", "onnx", str(os.cpu_count())]
            measured([*engine, str(source), str(vectors)])
            for method, python in self._contenders():
                yield f"discovery, {corpus}", method, self._discovery(method, python, packed, vectors)

    def _discovery(self, method: str, python: str, packed: Path, vectors: Path) -> Turn:
        def turn(number: int) -> tuple[Measured, Row]:
            out = self.folder / "discovered.json"
            command = [python, "-W", "ignore", str(HERE / "discovery_run.py"), "--method", method, "--corpus"]
            command += [str(packed), "--vectors", str(vectors), "--seed", str(number + 1), "--out", str(out)]
            took = measured(command + (["--given", '{"method": "consensus"}'] if method == "ours" else []))
            found = json.loads(out.read_text())
            with gzip.open(packed, "rt", encoding="utf-8") as lines:
                gold = [json.loads(line)["label"] for line in lines]
            return took, scores([gold[at] for at in found["rows"]], found["labels"])

        return turn

    def whole(self) -> Iterator[tuple[str, str, Turn]]:
        """From the raw file to the finished report, cold store; and again from the store."""
        for corpus in self.args.corpora:
            for method, python in self._contenders():
                if method == "ours":
                    yield f"whole job, {corpus}", "ours", self._ours(corpus, again=False)
                    yield f"whole job, {corpus}", "ours, again from the store", self._ours(corpus, again=True)
                else:
                    yield f"whole job, {corpus}", method, self._peer(corpus, method, python)

    def _ours(self, corpus: str, again: bool) -> Turn:
        def turn(number: int) -> tuple[Measured, Row]:
            place = self._config(corpus, {"method": "minilm", "engine": self.args.engine, **_long(corpus)})
            out = self.folder / f"run-{corpus}-{number}-{again}"
            took = measured([*TOOLKIT, "run", str(place), "--quiet", "--out", str(out)], self._store(f"w{number}"))
            rows = self.rows(corpus)
            labels = labels_of(out, [row["id"] for row in rows])
            return took, scores([row["label"] for row in rows], labels)

        return turn

    def _peer(self, corpus: str, method: str, python: str) -> Turn:
        def turn(number: int) -> tuple[Measured, Row]:
            out = self.folder / "labels.json"
            command = [python, "-W", "ignore", str(HERE / "peers_run.py"), "--method", method, "--model", model()]
            try:
                took = measured([*command, "--texts", str(self.written(corpus)), "--out", str(out)])
            except RuntimeError as fault:
                if corpus != "60":
                    raise
                return Measured(float("nan"), 0, 0, ""), {"fails": str(fault).strip().splitlines()[-1]}
            return took, scores([row["label"] for row in self.rows(corpus)], json.loads(out.read_text()))

        return turn

    def large(self) -> Iterator[tuple[str, str, Turn]]:
        """Ours on sentences of 20 Newsgroups with LSA vectors, from the raw file to the report."""
        for n in LARGE:
            yield f"whole job, {n:,} sentences", "ours, lsa", self._large(n)

    def _large(self, n: int) -> Turn:
        def turn(number: int) -> tuple[Measured, Row]:
            place = self.folder / f"{n}.jsonl"
            if not place.exists():
                lines = sentences(self.args.shared / "data", n)
                place.write_text("".join(json.dumps({"text": line}) + "\n" for line in lines), encoding="utf-8")
            config = self._config(str(n), {"method": "lsa"})
            out = self.folder / f"run-{n}-{number}"
            return measured([*TOOLKIT, "run", str(config), "--quiet", "--out", str(out)], self._store(f"l{number}")), {}

        return turn

    def _config(self, corpus: str, embed: dict[str, str]) -> Path:
        place = self.folder / f"{corpus}.yaml"
        path = self.written(corpus) if corpus in CORPORA else self.folder / f"{corpus}.jsonl"
        plain = {"name": "bench", "corpus": {"path": str(path), "unit": "document"}, "embed": embed}
        place.write_text(json.dumps(plain), encoding="utf-8")
        return place

    def _contenders(self) -> list[tuple[str, str]]:
        other = self.args.tritopic_python
        return [("ours", sys.executable), ("bertopic", sys.executable), *([("tritopic", other)] if other else [])]

    def _store(self, name: str) -> dict[str, str]:
        return {"TOOLKIT_STORE": str(self.folder / name)}


def _long(corpus: str) -> dict[str, str]:
    return {"long_text": CORPORA[corpus][2]}


def model() -> str:
    """The folder of the packaged MiniLM."""
    from toolkit.embed.minilm import packaged_folder

    return str(packaged_folder())


def labels_of(run: Path, ids: list[str]) -> list[int]:
    """The theme of each document of a run, -1 where it has none."""
    from toolkit import load_run

    found = load_run(run).paragraphs
    theme = dict(zip(found["document_id"], found["theme"], strict=True))
    return [int(theme.get(name, -1)) for name in ids]


def scores(gold: list[str], labels: list[int]) -> Row:
    """ARI with the labels, themes and share of noise."""
    from toolkit.discover.stability import rand_index

    found = np.array(labels)
    themes = len(set(labels) - {-1})
    return {"ARI": rand_index(np.unique(gold, return_inverse=True)[1], found), "themes": themes}


def sentences(data: Path, n: int) -> list[str]:
    """The first n different sentences of five words or more of the two long sets of labelled texts."""
    import re

    found: dict[str, None] = {}
    for name in ("20newsgroups", "sotu_speeches", "bbc_news"):
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                for part in re.split(r"(?<=[.!?])\s+|\n\s*\n", json.loads(line)["text"]):
                    if len(part.split()) >= 5:
                        found.setdefault(" ".join(part.split()))
                    if len(found) == n:
                        return list(found)
    return list(found)


def table(results: dict[tuple[str, str], list[tuple[Measured, Row]]]) -> Iterator[str]:
    """Markdown: medians, with the smallest and largest wall time, and wall and memory against BERTopic's."""
    yield "| part | contender | wall s (least-most) | CPU s | peak MB | wall / peer | memory / peer | figures |"
    yield "|---|---|---|---|---|---|---|---|"
    for (part, name), turns in results.items():
        peer = next((results[key] for key in results if key[0] == part and key[1] in ("bertopic", *ENGINES)), turns)
        if part == "start-up":
            peer = turns
        wall, megabytes = (middle([getattr(took, key) for took, _ in turns]) for key in ("wall", "megabytes"))
        ratios = [
            f"{own / middle([getattr(took, key) for took, _ in peer]):.2f}" if peer is not turns else ""
            for own, key in ((wall, "wall"), (megabytes, "megabytes"))
        ]
        walls = [took.wall for took, _ in turns]
        figures = {key: [row[key] for _, row in turns if key in row] for _, row in turns for key in row}
        said = ", ".join(
            f"{key} {middle(values):.4g}" if isinstance(values[0], (int, float)) else f"{key}: {values[0]}"
            for key, values in figures.items()
        )
        yield (
            f"| {part} | {name} | {wall:.2f} ({min(walls):.2f}-{max(walls):.2f}) "
            f"| {middle([took.cpu for took, _ in turns]):.1f} | {megabytes:.0f} | {' | '.join(ratios)} | {said} |"
        )


def middle(values: list) -> float:
    """The median."""
    return float(statistics.median(values))


def machine() -> str:
    """Machine and versions on one line."""
    names = ("bertopic", "sentence-transformers", "torch", "umap-learn", "onnxruntime", "igraph", "numpy")
    found = []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} none")
    from toolkit.provenance import environment_record

    record = environment_record()
    here = f"{record['cpu']}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return f"{here}; load {os.getloadavg()[0]:.1f} at the start; {', '.join(found)}"


def main() -> None:
    """Run the parts asked for and print the table after each round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=HERE.parents[2] / "shared", help="folder with data/")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--corpora", nargs="+", choices=list(CORPORA), default=list(CORPORA))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", default="onnx", help="our engine in the whole job (onnx, onnx-int8)")
    parser.add_argument("--tritopic-python", help="interpreter of an environment that has tritopic")
    parser.add_argument("--out", type=Path, help="all single measurements as JSON")
    args = parser.parse_args()
    print(f"{machine()}; medians of {args.rounds}\n", flush=True)
    results: dict[tuple[str, str], list[tuple[Measured, Row]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(args, Path(folder))
        measured([*TOOLKIT, "--help"])  # files of the installation come into the page cache
        for part in args.parts:
            turns = list(getattr(bench, part)())
            for number in range(args.rounds):
                for where, name, turn in turns:
                    results.setdefault((where, name), []).append(turn(number))
                    took = results[where, name][-1][0]
                    print(f"round {number + 1}: {where}, {name}: {took.wall:.1f} s", file=sys.stderr, flush=True)
    print("\n".join(table(results)))
    if args.out:
        plain = [
            {"part": part, "contender": name, "wall": took.wall, "cpu": took.cpu, "megabytes": took.megabytes, **row}
            for (part, name), turns in results.items()
            for took, row in turns
        ]
        args.out.write_text(json.dumps(plain, indent=1))


if __name__ == "__main__":
    main()
