"""What `toolkit list` prints: the components that a config can name, read from their unions, and finished runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

from toolkit.errors import ConfigError, ToolkitError, nearest

METRICS = {
    "coherence.npmi": "how often a theme's top words meet in a paragraph (Bouma 2009); higher is better",
    "coherence.cv": "the same by indirect similarity of contexts (Röder et al. 2015); higher is better",
    "diversity": "share of top words that belong to one theme only; higher is better",
    "separation.silhouette": "distance to the own theme against the next one (Rousseeuw 1987); higher is better",
    "discover.gap": "agreement of refits beyond that of shuffled vectors (Buja 1992); higher is better",
    "stability.theme.N": "mean best-match Jaccard over refits on resampled texts (Hennig 2007); higher is better",
    "external.ari": "agreement with a label column, corrected for chance (Hubert and Arabie 1985); higher is better",
    "coding.f1.CODE": "machine against the coders; higher is better",
    "coding.badge.BADGE": "codes that are unchecked, weak, uncertain or checked",
    "share_error.mean": "mean absolute error of shares without labels on development codebooks; lower is better",
    "share_error.slope": "slope of given on true share there; 1 is best",
    "share_error.within": "share of broad codes there given within a factor of 1.5; higher is better",
    "coding.alpha": "Krippendorff's alpha among coders; higher is better",
    "coding.alpha machines": "the same among machine coders; never agreement of people",
    "coding.f1 NAME (machine) / people": "a machine that coded against people; so precision, recall, kappa, alpha",
}
KINDS = ("embedders", "reducers", "clusterers", "labellers", "metrics", "runs")
WIDTH = 2 + max(map(len, METRICS))


def catalogue_lines(what: str | None, runs: Path = Path("runs")) -> Iterator[str]:
    """One line a component, or every kind when `what` is None. Raises ConfigError for an unknown kind."""
    makers: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: _union("toolkit.embed", "AnyEmbedder"),
        lambda: _union("toolkit.discover", "Reducer"),
        lambda: _union("toolkit.discover", "Clusterer"),
        lambda: _union("toolkit.describe", "Labeller"),
        lambda: (f"{name:<{WIDTH}}{text}" for name, text in METRICS.items()),
        lambda: _runs(runs),
    )
    kinds = dict(zip(KINDS, makers, strict=True))
    if what is not None and what not in kinds:
        raise ConfigError([f"list {what}: no such kind{nearest(what, kinds)}; there are {', '.join(kinds)}"])
    for kind in [what] if what else list(kinds):
        if what is None:
            yield f"{kind}:"
        for line in kinds[kind]():
            yield line if what else f"  {line}"


def _union(module: str, name: str) -> Iterator[str]:
    from importlib import import_module

    union: Any = getattr(import_module(module), name)
    for component in get_args(get_args(union)[0]):
        first = (component.__doc__ or "").strip().splitlines()[0]
        yield f"{component.model_fields['method'].default:<24}{first}"


def _runs(folder: Path) -> Iterator[str]:
    from toolkit.run_folder.identity import DIGEST_DIGITS, run_id
    from toolkit.runs import load_run

    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (place / "manifest.json").is_file():
            try:
                manifest = load_run(place).manifest
            except ToolkitError as fault:
                yield f"{place}  {fault}"
                continue
            corpus, experiment = manifest["corpus"], manifest["experiment"]["sha256"][:DIGEST_DIGITS]
            counts = f"{corpus['documents']:,} documents, {corpus['paragraphs']:,} paragraphs"
            ids = f"run {run_id(manifest)}, experiment {experiment}, corpus {corpus['sha256'][:DIGEST_DIGITS]}"
            yield f"{place!s:<44}{manifest['finished']}  {counts}; {ids}"
