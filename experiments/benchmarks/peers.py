"""Ours against BERTopic (and TriTopic), as whole processes in turn: start-up, embedding, discovery, the whole job.

    python experiments/benchmarks/peers.py --shared PATH [--parts start embed discover whole growth large] [--rounds 3]
        [--corpora 60 bbc bbc-all titles] [--minutes 35] [--work FOLDER] [--tritopic-python PYTHON]

Each figure is the median over rounds of one process from start to end; in every round each contender runs once, in
turn, ours with a new store. Peers get the same packaged MiniLM through sentence-transformers with its defaults (batch
32, cut at 256 tokens). Noise counts as one class in ARI. Run it on a machine that does nothing else.

Every measurement is kept in FOLDER/results.jsonl as soon as it is made: the same call after a kill goes on where it
was, and a later call with more rounds adds to it. With --minutes the first round of everything comes first, and a job
that would end too late, by how long it took before, is left out. `growth` and `large` are measured once.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from measured import Ledger, Measured, Results, Row, measured

HERE = Path(__file__).resolve().parent
STUDY = HERE.parents[1] / "configs" / "future_industries.yaml"
TOOLKIT = [sys.executable, "-m", "toolkit"]
PARTS = ("start", "embed", "discover", "whole", "growth", "large")
ONCE = ("growth", "large")
CORPORA = {  # name: (file, rows or None for all, long texts)
    "60": ("bbc_news", 60, "truncate"),
    "bbc": ("bbc_news", None, "truncate"),
    "bbc-all": ("bbc_news", None, "mean"),
    "titles": ("stackoverflow_titles", None, "truncate"),
}
SAME_PEER = {"whole job, bbc-all": "whole job, bbc"}  # peers cut both at 256 tokens: one job
EMBEDDED = {"paragraphs": ("bbc_news", 100, 1_000), "titles": ("stackoverflow_titles", 100, 3_000)}
"""What engines are measured on: file, words of each text at most, texts."""
SIZES, LARGE = (20_000, 60_000, 200_000), (200_000,)
ENGINES = {"sentence-transformers, batch 32": "peer", "onnx fp32": "onnx", "onnx int8": "onnx-int8"}
KEPT = ("part", "contender", "round", "wall", "cpu", "megabytes", "load", "n")
PEER_ENGINE = "sentence-transformers, batch 32"
Turn = Callable[[int], tuple[Measured, Row]]


class Bench:
    """The jobs of each part, and what they took."""

    def __init__(self, args: argparse.Namespace, folder: Path) -> None:
        self.args, self.folder = args, folder

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a corpus of CORPORA."""
        file, most, _ = CORPORA[name]
        with gzip.open(self.args.shared / "data" / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            results = [json.loads(line) for line in lines]
        return results[:: len(results) // most][:most] if most else results

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
        """Engines on short and on middling texts; a process each, model loading included in wall time."""
        from embed_engines import texts_of

        for name, (file, words, most) in EMBEDDED.items():
            texts = texts_of(self.args.shared / "data" / f"{file}.jsonl.gz", words, self.args.texts or most)
            source = self.folder / f"{name}.texts.json"
            source.write_text(json.dumps(texts), encoding="utf-8")
            for label, engine in ENGINES.items():
                yield f"embedding, {len(texts):,} {name}", label, self._engine(name, engine, source, len(texts))

    def _engine(self, corpus: str, engine: str, source: Path, n: int) -> Turn:
        def turn(number: int) -> tuple[Measured, Row]:
            out = self.folder / f"{corpus}-{engine}.npy"
            command = [sys.executable, str(HERE / "embed_engines.py"), "--one", engine, str(os.cpu_count())]
            took = measured([*command, str(source), str(out)])
            speed = n / json.loads(took.output.splitlines()[-1])["wall"]
            from embed_quality import kept_neighbours

            peer, expected = np.load(self.folder / f"{corpus}-peer.npy"), np.load(out)
            cosine = (peer.astype(float) * expected).sum(1)
            row: Row = {"texts/s": speed, "cosine": float(cosine.mean()), "least cosine": float(cosine.min())}
            return took, row | ({"10-nn": kept_neighbours(peer, expected)} if number == 0 else {})

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
            if not vectors.exists():
                measured([*engine, str(source), str(vectors)])
            for method, python in self._contenders():
                yield f"discovery, {corpus}", method, self._discovery(method, python, packed, vectors)

    def _discovery(self, method: str, python: str, packed: Path, vectors: Path) -> Turn:
        def turn(number: int) -> tuple[Measured, Row]:
            out = self.folder / "discovered.json"
            command = [python, "-W", "ignore", str(HERE / "discovery_run.py"), "--method", method, "--corpus"]
            command += [str(packed), "--vectors", str(vectors), "--seed", str(number + 1), "--out", str(out)]
            took = measured(command + (["--given", '{"method": "consensus"}'] if method == "ours" else []))
            record = json.loads(out.read_text())
            with gzip.open(packed, "rt", encoding="utf-8") as lines:
                gold = [json.loads(line)["label"] for line in lines]
            return took, scores([gold[at] for at in record["rows"]], record["labels"])

        return turn

    def whole(self) -> Iterator[tuple[str, str, Turn]]:
        """From the raw file to the finished report, cold store; and again from the store."""
        for corpus in self.args.corpora:
            for method, python in self._contenders():
                if method == "ours":
                    yield f"whole job, {corpus}", "ours", self._ours(corpus, again=False)
                    yield f"whole job, {corpus}", "ours, again from the store", self._ours(corpus, again=True)
                elif SAME_PEER.get(f"whole job, {corpus}", "").removeprefix("whole job, ") not in self.args.corpora:
                    yield f"whole job, {corpus}", method, self._peer(corpus, method, python)

    def _ours(self, corpus: str, again: bool) -> Turn:
        def turn(number: int) -> tuple[Measured, Row]:
            place = self._config(corpus, {"method": "minilm", "engine": self.args.engine, **_long(corpus)})
            out, store = self.folder / f"run-{corpus}-{number}-{again}", self.folder / f"store-{corpus}-{number}"
            command = [*TOOLKIT, "run", str(place), "--quiet", "--out"]
            if not again:
                shutil.rmtree(store, ignore_errors=True)  # of a killed call
            elif not store.exists():
                measured([*command, str(self.folder / f"run-{corpus}-{number}-False")], self._store(store.name))
            took = measured([*command, str(out)], self._store(store.name))
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

    def growth(self) -> Iterator[tuple[str, str, Turn]]:
        """Our discovery from vectors drawn around those of a whole job on titles, or else from made-up ones."""
        for n in self.args.sizes:
            yield "discovery, growth", f"{n:,} vectors", self._growth(n)

    def _growth(self, n: int) -> Turn:
        def turn(number: int) -> tuple[Measured, Row]:
            vectors = self.folder / "run-titles-0-False" / "embeddings.npy"
            command = [sys.executable, str(HERE / "discovery_scale.py"), "--one", str(n)]
            took = measured(command + (["--vectors", str(vectors)] if vectors.exists() else []))
            record = json.loads(took.output.splitlines()[-1])
            kind = "drawn around titles" if vectors.exists() else "made up"
            row: Row = {"n": n, "discovery s": record["seconds"], "discovery CPU s": record["cpu"]}
            return took, row | {"discovery MB": record["megabytes"], "themes": record["themes"], "vectors": kind}

        return turn

    def large(self) -> Iterator[tuple[str, str, Turn]]:
        """Ours on sentences of 20 Newsgroups with LSA vectors, from the raw file to the report."""
        for n in self.args.large:
            yield f"whole job, {n:,} sentences", "ours, lsa", self._large(n)

    def _large(self, n: int) -> Turn:
        def turn(number: int) -> tuple[Measured, Row]:
            place = self.folder / f"{n}.jsonl"
            if not place.exists():
                lines = sentences(self.args.shared / "data", n)
                place.write_text("".join(json.dumps({"text": line}) + "\n" for line in lines), encoding="utf-8")
            config = self._config(str(n), {"method": "lsa"})
            out, store = self.folder / f"run-{n}-{number}", self.folder / f"store-{n}-{number}"
            shutil.rmtree(store, ignore_errors=True)  # of a killed call
            return measured([*TOOLKIT, "run", str(config), "--quiet", "--out", str(out)], self._store(store.name)), {}

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

    result = load_run(run).paragraphs
    theme = dict(zip(result["document_id"], result["theme"], strict=True))
    return [int(theme.get(name, -1)) for name in ids]


def scores(gold: list[str], labels: list[int]) -> Row:
    """ARI with the labels, themes and share of noise."""
    from toolkit.discover.stability import rand_index

    values = np.array(labels)
    themes = len(set(labels) - {-1})
    return {"ARI": rand_index(np.unique(gold, return_inverse=True)[1], values), "themes": themes}


def sentences(data: Path, n: int) -> list[str]:
    """The first n different sentences of five words or more of the two long sets of labelled texts."""
    import re

    by_name: dict[str, None] = {}
    for name in ("20newsgroups", "sotu_speeches", "bbc_news"):
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                for part in re.split(r"(?<=[.!?])\s+|\n\s*\n", json.loads(line)["text"]):
                    if len(part.split()) >= 5:
                        by_name.setdefault(" ".join(part.split()))
                    if len(by_name) == n:
                        return list(by_name)
    return list(by_name)


def table(results: Results) -> Iterator[str]:
    """Markdown: medians, with the smallest and largest wall time, and wall and memory against the peer's."""
    yield "| part | contender | n | wall s (least-most) | CPU s | peak MB | wall / peer | memory / peer | figures |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for (part, name), turns in results.items():
        medians_by_part = medians(turns)
        peer = next((results[key] for key in results if is_peer(key, part)), turns)
        other = medians(peer)
        ratios = [
            f"{medians_by_part[key] / other[key]:.2f}" if peer is not turns else "" for key in ("wall", "megabytes")
        ]
        walls = [row["wall"] for row in turns]
        figures = {key: [row[key] for row in turns if key in row] for row in turns for key in row if key not in KEPT}
        message = ", ".join(
            f"{key} {middle(values):.4g}" if isinstance(values[0], (int, float)) else f"{key}: {values[0]}"
            for key, values in figures.items()
        )
        yield (
            f"| {part} | {name} | {len(turns)} | {medians_by_part['wall']:.2f} ({min(walls):.2f}-{max(walls):.2f}) "
            f"| {medians_by_part['cpu']:.1f} | {medians_by_part['megabytes']:.0f} | {' | '.join(ratios)} | {message} |"
        )


def is_peer(key: tuple[str, str], part: str) -> bool:
    """Whether a contender is what a part's others are held against."""
    return key[0] in (part, SAME_PEER.get(part)) and key[1] in ("bertopic", PEER_ENGINE) and part != "start-up"


def medians(turns: list[Row]) -> dict[str, float]:
    """Medians of wall and processor seconds and of memory."""
    return {key: middle([row[key] for row in turns]) for key in ("wall", "cpu", "megabytes")}


def growth(results: Results) -> Iterator[str]:
    """The exponent of discovery's growth, by a straight line through the logarithms."""
    rows = [turns[0] for (part, _), turns in results.items() if part == "discovery, growth"]
    if len(rows) > 1:
        size = np.log([float(row["n"]) for row in rows])
        for name in ("discovery s", "discovery CPU s"):
            slope = np.polyfit(size, np.log([float(row[name]) for row in rows]), 1)[0]
            yield f"{name} grow with n^{slope:.2f}, fitted to {len(rows)} sizes"


def middle(values: list) -> float:
    """The median."""
    return float(statistics.median(values))


def machine() -> str:
    """Machine and versions on one line."""
    names = ("bertopic", "sentence-transformers", "torch", "umap-learn", "onnxruntime", "igraph", "numpy")
    results = []
    for name in names:
        try:
            results.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            results.append(f"{name} none")
    from toolkit.runtime.provenance import environment_record

    record = environment_record()
    here = f"{record['cpu']}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return f"{here}; load {os.getloadavg()[0]:.1f} at the start; {', '.join(results)}"


def measure(bench: Bench, ledger: Ledger, args: argparse.Namespace) -> Iterator[str]:
    """Make every measurement that is missing and that there is time for; give what was left out, and why."""
    jobs = [(part, *job) for part in args.parts for job in getattr(bench, part)()]
    ends = time.monotonic() + 60 * args.minutes
    for number in range(args.rounds):
        for kind, part, name, turn in jobs:
            if (number and kind in ONCE) or ledger.last(part, name, number):
                continue
            before = ledger.last(part, name)
            if time.monotonic() + (before["wall"] if before else 0) > ends:
                yield f"left out for want of time: round {number + 1} of {part}, {name}"
                continue
            load = round(os.getloadavg()[0], 1)
            try:
                took, figures = turn(number)
            except RuntimeError as fault:  # one job's fault costs no other its figures
                yield f"failed: round {number + 1} of {part}, {name}: {str(fault).strip().splitlines()[-1]}"
                continue
            plain = {"wall": took.wall, "cpu": took.cpu, "megabytes": took.megabytes, "load": load}
            ledger.add({"part": part, "contender": name, "round": number, **plain, **figures})
            print(f"round {number + 1}: {part}, {name}: {took.wall:.1f} s", file=sys.stderr, flush=True)


def main() -> None:
    """Run the parts asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=HERE.parents[2] / "shared", help="folder with data/")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--corpora", nargs="+", choices=list(CORPORA), default=list(CORPORA))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=24 * 60.0, help="start no job that would end later")
    parser.add_argument("--work", type=Path, help="folder of results, stores and runs; a temporary one if not given")
    parser.add_argument("--texts", type=int, help="texts that engines are measured on (default 1,000 and 3,000)")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="vectors of `growth`")
    parser.add_argument("--large", type=int, nargs="+", default=list(LARGE), help="sentences of `large`")
    parser.add_argument("--engine", default="onnx", help="our engine in the whole job (onnx, onnx-int8)")
    parser.add_argument("--tritopic-python", help="interpreter of an environment that has tritopic")
    args = parser.parse_args()
    print(f"{machine()}; medians of up to {args.rounds}\n", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = (args.work or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        ledger = Ledger(folder / "results.jsonl")
        if ledger.rows:
            print(f"{len(ledger.rows)} measurements of earlier calls in {folder} are used\n", flush=True)
        measured([*TOOLKIT, "--help"])  # files of the installation come into the page cache
        left_out = list(measure(Bench(args, folder), ledger, args))
        print("\n".join([*table(ledger.results()), "", *growth(ledger.results()), *left_out]))


if __name__ == "__main__":
    main()
