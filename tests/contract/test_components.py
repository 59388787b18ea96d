"""What every component promises, whatever its name: read from the unions, so that a new one is asked too."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from kit.studies import write_study

from toolkit.commands.check import check_lines
from toolkit.commands.listing import catalogue_lines
from toolkit.describe import Labeller
from toolkit.describe.keywords import Candidate
from toolkit.describe.material import Material
from toolkit.discover import Clusterer, Reducer, discover
from toolkit.embed import Embedder, embed
from toolkit.embed.minilm import packaged_folder
from toolkit.errors import ToolkitError
from toolkit.report.references import WORKS
from toolkit.runtime.provenance import version
from toolkit.settings import libraries_of

ODD = [
    "",
    " \n\t ",
    "😀🎉",
    "中国的产业政策正在改变",
    "naïve café — “quotes”",
    "\u200bzero\u200bwidth",
    "\ud800",
    "x" * 3000,
]
FEW: dict[str, Any] = {
    "refits": 2,
    "seeds": 1,
    "trials": 2,
    "starts": 1,
    "reducer": {"method": "none"},
    "candidates": 10,
}
"""Less work, for the fields that a component has."""


def members(union: Any) -> list[type[Any]]:
    """The components of a union, in its order."""
    return list(get_args(get_args(union)[0]))


HEAVY = {"bertopic", "umap-learn", "sentence_transformers"}


def compiled(union: Any) -> list[Any]:
    """The components as parameters of a test; those that load BERTopic, UMAP or torch (10 s and more) are slow."""
    return [
        pytest.param(one, id=method(one), marks=[pytest.mark.slow] if HEAVY & {*one.libraries, method(one)} else [])
        for one in members(union)
    ]


def method(component: type[Any]) -> str:
    """What a config calls it."""
    return str(component.model_fields["method"].default)


def made(component: type[Any], **more: Any) -> Any:
    """A component with little work to do, and with what it asks for given."""
    needed = {"model": str(packaged_folder())} | FEW | more
    return component(**{name: value for name, value in needed.items() if name in component.model_fields})


def planted(sizes: tuple[int, ...], seed: int = 0) -> tuple[list[str], Any]:
    """Texts and (n, 24) unit vectors about orthogonal centres."""
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(24)[groups] + random.normal(size=(len(groups), 24)) * 0.12
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [f"text {row} of group {group}" for row, group in enumerate(groups)], vectors.astype(np.float32)


def equal(one: Any, two: Any) -> bool:
    return bool(np.array_equal(one, two, equal_nan=np.asarray(one).dtype.kind == "f"))


@pytest.mark.parametrize("clusterer", compiled(Clusterer))
def test_a_clusterer_gives_each_row_its_theme_the_same_for_a_seed_and_leaves_its_input(clusterer: type[Any]) -> None:
    texts, vectors = planted((24, 20, 18))
    texts[: len(ODD)] = ODD
    before, given = vectors.copy(), list(texts)
    one, two = (discover(made(clusterer), texts, vectors, 7) for _ in range(2))
    assert np.array_equal(vectors, before) and texts == given
    assert len(one.assignment) == len(one.strength) == len(one.layout) == len(texts) and one.method
    for name in ("assignment", "strength", "stability", "layout", "fragile"):
        assert equal(getattr(one, name), getattr(two, name)), name
    assert np.isfinite(one.layout).all() and (one.themes >= 2 or one.notes), "no theme, and nobody is told why"


@pytest.mark.parametrize("asked", [2, 3, (2, 5), 40])
@pytest.mark.parametrize("clusterer", compiled(Clusterer))
def test_a_number_of_themes_is_honoured_or_refused_in_one_line_that_names_it(clusterer: type[Any], asked: Any) -> None:
    texts, vectors = planted((24, 20, 18))
    low, high = asked if isinstance(asked, tuple) else (asked, asked)
    try:
        discovery = discover(made(clusterer, themes=asked), texts, vectors, 1)
    except ToolkitError as fault:
        assert str(low) in str(fault) and "discover.themes" in str(fault) and "\n" not in str(fault)
        assert clusterer.may_find_fewer
    else:
        assert low <= discovery.themes <= high
    with pytest.raises(ToolkitError, match=r"discover\.themes: 63 themes were asked for and the corpus has 62"):
        made(clusterer, themes=63).refuse(len(texts))


@pytest.mark.parametrize("reducer", compiled(Reducer))
@pytest.mark.parametrize("n", [1, 2, 40])
def test_a_reducer_gives_a_row_for_a_row_the_same_for_a_seed(reducer: type[Any], n: int) -> None:
    vectors = planted((20, 20))[1][:n]
    before = vectors.copy()
    one, two = (made(reducer).reduce(vectors, 3) for _ in range(2))
    assert len(one) == n and np.isfinite(one).all() and np.array_equal(one, two) and np.array_equal(vectors, before)


@pytest.fixture(scope="module")
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model2vec model over the packaged tokenizer, with random vectors."""
    from model2vec import StaticModel
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
    rows = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 16)).astype(np.float32)
    folder = tmp_path_factory.mktemp("static")
    StaticModel(vectors=rows, tokenizer=tokenizer, config={}).save_pretrained(str(folder))
    return folder


@pytest.mark.parametrize("embedder", compiled(Embedder))
def test_an_embedder_gives_a_unit_row_for_any_text_by_its_text_alone(embedder: type[Any], static_folder: Path) -> None:
    model = static_folder if method(embedder) == "static" else packaged_folder()
    settings, texts = made(embedder, model=str(model)), [*ODD, *planted((6, 6))[0]]
    given = list(texts)
    one, two = embed(settings, texts), embed(settings, list(reversed(texts)))
    assert texts == given and len(one.vectors) == len(one.tokens) == len(texts)
    assert np.allclose(np.linalg.norm(one.vectors, axis=1), 1, atol=1e-4)
    assert np.array_equal(one.vectors, two.vectors[::-1]) and np.array_equal(one.tokens, two.tokens[::-1])
    assert settings.identity() == made(embedder, model=str(model)).identity()
    assert settings.tokens_per_second > 0 and settings.start_seconds > 0


@pytest.mark.parametrize("labeller", compiled(Labeller))
def test_a_labeller_ranks_the_terms_it_was_given_and_no_others(labeller: type[Any]) -> None:
    words = ["quay", "berth", "dredge", "crane", "vessel", "freight", "pilot", "tug", "cargo", "mooring", "锚地", "é"]
    terms = [Candidate(word, (word,), 12.0 - place, 3) for place, word in enumerate(words)]

    def encode(texts: list[str]) -> Any:
        rows = np.array([np.random.default_rng(list(text.encode())).normal(size=8) for text in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    material = Material(encode, (("The quay was dredged.", "A vessel took on freight."), ()))
    given = [list(terms), []]
    one, two = (made(labeller).rank(given, material) for _ in range(2))
    assert one == two and given == [terms, []] and len(one) == 2 and one[1] == []
    names = [term.name for term in one[0]]
    assert names and set(names) <= set(words) and len(set(names)) == len(names)


@pytest.mark.parametrize(
    "union", [Embedder, Reducer, Clusterer, Labeller], ids=["embed", "reduce", "discover", "label"]
)
def test_a_component_says_what_others_must_know_of_it(union: Any) -> None:
    listed = {line.split()[0] for line in catalogue_lines(None) if line.startswith("  ")}
    known = {work.key for work in WORKS}
    for component in members(union):
        assert method(component) in listed and (component.__doc__ or "").strip().endswith(".")
        assert {*component.works} <= known, "a work that report/references.py does not list"
        missing = [name for name in libraries_of(made(component)) if version(name) is None]
        assert missing == [], "a library that is not installed under this name"


def test_check_says_what_every_method_would_take(tmp_path: Path) -> None:
    study = write_study(tmp_path / "study")
    sets: list[dict[str, Any]] = [{"discover": {"method": method(one)}} for one in members(Clusterer)]
    sets += [{"describe.labeller": {"method": method(one)}} for one in members(Labeller) if method(one) != "llm"]
    for embedder in members(Embedder):
        needed = {"model": str(packaged_folder())} if "model" in embedder.model_fields else {}
        sets.append({"embed": {"method": method(embedder), **needed}})
    for given in sets:
        lines = list(check_lines(study, overrides=given))
        assert lines[-1].startswith("estimate  about"), given
        if "describe.labeller" not in given:  # a labeller costs too little to be told
            assert any(
                line.startswith(f"  {key:<10}{block['method']}") for key, block in given.items() for line in lines
            )
