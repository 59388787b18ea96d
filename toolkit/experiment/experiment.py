"""One experiment: its config as a frozen model, read from YAML with overrides, and the digest that identifies it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, field_validator

from toolkit.claims import Claim, fault_of_codes
from toolkit.codebook import codes_sha256, kept_bytes, load_codebook
from toolkit.coding import CodebookSettings
from toolkit.corpus import CorpusSettings
from toolkit.decisions import read_log
from toolkit.describe import DescribeSettings
from toolkit.discover import Clusterer
from toolkit.embed import AnyEmbedder
from toolkit.errors import ConfigError
from toolkit.estimate import EstimateSettings
from toolkit.experiment.about import About
from toolkit.experiment.left_out import (
    for_other_documents,
    for_starter,
    of_other_documents,
    of_starter,
    without,
    without_starter,
)
from toolkit.experiment.paths import CONTENT, COPIES, INPUTS, MODEL, PATHS, absolute
from toolkit.experiment.starter import claims_of_starter
from toolkit.experiment.tree import Node, fit, merge, on_top, override, read_tree, tree_node
from toolkit.files import yaml12
from toolkit.files.digest import file_sha256
from toolkit.files.nearest_file import nearest_file
from toolkit.run_folder import config as run_config
from toolkit.settings import ParallelSettings, ReportSettings, Settings, canonical, digest_of, speed_field
from toolkit.validate import ValidateSettings

METHODS = {"embed": "auto", "discover": "consensus", "describe.labeller": "phrases"}
"""The method of a block that names none."""


class Experiment(Settings):
    """Everything that decides a result, and the few settings (marked *speed*) that decide only how fast it comes."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_by_name=True, defer_build=True)

    name: str = Field(
        description="Short name of the study; run folders are called after it.", pattern=r"^[\w.-]{1,80}$"
    )
    question: str | None = Field(None, description="What the study asks, in one sentence; printed on the report.")
    about: About = Field(About(), description="What the corpus is and who coded; printed on the report.")
    claims: tuple[Claim, ...] = Field((), description="What the study wants answered, one claim each.")
    seed: int = Field(0, ge=0, lt=2**32, description="Feeds every random stream, with the stage's name.")
    corpus: CorpusSettings
    embed: AnyEmbedder
    discover: Clusterer
    describe: DescribeSettings = DescribeSettings()
    codebook: CodebookSettings | None = Field(None, description="Your own themes; null for discovery alone.")
    decisions: str | None = Field(
        None, min_length=1,
        description="File of people's decisions about themes (rename, merge, split, drop, move, note), applied after "
        "discovery; null for none.",
    )  # fmt: skip
    validation: ValidateSettings = Field(ValidateSettings(), alias="validate")
    estimate: EstimateSettings = EstimateSettings()
    report: ReportSettings = ReportSettings()
    parallel: ParallelSettings = speed_field(ParallelSettings(), description="Workers; never changes results.")
    store: str | None = speed_field(
        None, description="Folder of finished stages; the user's cache folder if not given."
    )

    @field_validator("claims")
    @classmethod
    def _once(cls, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
        """Each claim once: one asked twice would count twice where p-values are adjusted."""
        asked = [claim.model_copy(update={"says": None}) for claim in claims]
        for number, claim in enumerate(asked):
            if claim in asked[:number]:
                raise ValueError(f"claims {asked.index(claim)} and {number} ask the same; give each claim once")
        return claims


@dataclass(frozen=True)
class Loaded:
    """An experiment and where it came from: `given` is the text of the config file as it was.

    `other_corpus`: its corpus was replaced by one that it was not written for, which may lack columns and groups.
    `left_out`: keys of the config (`question`, `claims`, `about.corpus`) that are about other documents than these and
    were left out, `left_out_words` that and why; empty if nothing was.
    """

    experiment: Experiment
    given: str
    sha256: str
    other_corpus: bool = False
    left_out: tuple[str, ...] = ()
    left_out_words: str = ""

    @property
    def name(self) -> str:
        """The experiment's name."""
        return self.experiment.name


def load(
    source: Path | str | Mapping[str, Any],
    corpus: Path | str | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Loaded:
    """The experiment of a config file (or of a mapping), with `corpus` and dotted `overrides` on top.

    Raises:
        ConfigError: all faults at once, each with its place; also a file that the config names and that is missing.
    """
    if isinstance(source, Mapping):
        root, text = tree_node(source, "config", Path.cwd()), yaml12.dump(_plain(source))
    else:
        root = read_tree(Path(source))
        text = Path(source).read_text(encoding="utf-8-sig")
    if isinstance(corpus, str) and not corpus.strip():
        raise ConfigError(["--corpus: is empty; give a file, a folder or a glob"])
    foreign = of_other_documents(root, corpus) if corpus is not None else ()
    keys = tuple(key for key in foreign if not any(f"{changed}.".startswith(f"{key}.") for changed in overrides or ()))
    words = for_other_documents(keys, _claims_in(root)) if keys else ""
    root = without(root, foreign)
    for key, value in (overrides or {}).items():
        root = override(root, key, value, METHODS)
    if corpus is not None:
        root = on_top(root, tree_node({"corpus": {"path": str(corpus)}}, "--corpus", Path.cwd()))
    asked = of_starter(root)
    if asked:
        keys, words = asked, for_starter(asked, len(claims_of_starter(root)))
        root = without_starter(root, asked)
    experiment = fit(Experiment, absolute(_named(root)))
    sha256 = experiment_sha256(experiment, root)
    if corpus is None:  # claims may be about codes and groups that another corpus, and codebook, lacks
        _check_claims(experiment, root)
    return Loaded(experiment, text, sha256, corpus is not None, keys, words)


def _claims_in(root: Node) -> int:
    claims = root.at(("claims",))
    return len(claims.value) if claims is not None and isinstance(claims.value, list) else 0


def _check_claims(experiment: Experiment, root: Node) -> None:
    """Raise ConfigError for claims about codes that the codebook does not have."""
    if not experiment.claims:
        return
    block, listed = experiment.codebook, root.at(("claims",)) or root
    parents = load_codebook(block.path).parents if block else {}
    faults = []
    for number, claim in enumerate(experiment.claims):
        what, key = fault_of_codes(claim, parents), "codes" if claim.claim == "together" else "code"
        item = listed.value[number] if isinstance(listed.value, list) else listed
        if what:
            faults.append(f"{(item.at((key,)) or item).where}: claims.{number}.{key}: {what}")
    if faults:
        raise ConfigError(faults)


def _plain(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        return {str(key): _plain(item) for key, item in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [_plain(item) for item in tree]
    return str(tree) if isinstance(tree, Path) else tree


def _named(root: Node) -> Node:
    """The tree with the default method in every block that names none."""
    for block in ("embed", "discover"):
        named = tree_node({block: {"method": METHODS[block]}}, root.where, root.folder)
        root = merge(named, root)
    return root


def portable(experiment: Experiment) -> dict[str, Any]:
    """The resolved config without speed settings and without places: what the report shows and the digest covers.

    Paths are left out, but for those of files that the run folder contains a copy of. A run without decisions does not
    mention them.
    """
    tree = canonical(experiment)
    if tree["decisions"] is None:
        tree.pop("decisions")
    for key in PATHS:
        *parents, last = key.split(".")
        block: Any = tree
        for part in parents:
            block = block.get(part) if isinstance(block, dict) else None
        if (
            isinstance(block, dict)
            and block.get(last) is not None
            and (key != MODEL or Path(block[last]).is_absolute())
        ):
            block[last] = COPIES.get(key) or _names(block[last])
    tree["corpus"].pop("path", None)
    return tree


def _names(paths: Any) -> Any:
    return [Path(path).name for path in paths] if isinstance(paths, (list, tuple)) else Path(paths).name


def inputs_of(experiment: Experiment) -> dict[str, str | None]:
    """Name (of `INPUTS`) -> the path of that input; None if the experiment has none, or none as a path."""
    places: dict[str, str | None] = {}
    for name, key in INPUTS.items():
        value: Any = experiment
        for part in key.split("."):
            value = getattr(value, part, None)
        places[name] = str(value) if value is not None and (key != MODEL or Path(value).is_absolute()) else None
    return places


def experiment_sha256(experiment: Experiment, root: Node | None = None) -> str:
    """The sha256 (hex) of an experiment: its resolved config, and the content of the files that belong to it."""
    tree = portable(experiment)
    content: dict[str, str] = {}
    faults: list[str] = []
    for key in CONTENT:
        *parents, last = key.split(".")
        block: Any = getattr(experiment, *parents) if parents else experiment
        path = getattr(block, last, None)
        if path is None:
            continue
        node = root.at((*parents, last)) if root else None
        try:
            content[key] = _content_sha256(key, path)
        except OSError as fault:
            where = node.where if node else "config"
            faults.append(f"{where}: {key}: {fault.filename or path}: {_reason(fault, str(fault.filename or path))}")
        (tree[parents[0]] if parents else tree).pop(last, None)
    if faults:
        raise ConfigError(faults)
    return digest_of({"config": tree, "content": content})


def _content_sha256(key: str, path: Any) -> str:
    """The sha256 (hex) of a file of the experiment; of a log of decisions that of its content, not of its layout.

    A codebook in a table counts as the YAML that the run folder keeps of it. Raises: OSError if a file cannot be read,
    ConfigError with all faults of a log or of such a codebook.
    """
    if key == "codebook.codes":
        return codes_sha256(path)
    of_file = file_sha256(Path(path))
    if key == "codebook.path":
        return hashlib.sha256(kept_bytes(path)).hexdigest()
    return read_log(path).sha256 if key == "decisions" else of_file


def _reason(fault: OSError, path: str) -> str:
    if isinstance(fault, FileNotFoundError):
        return f"no such file{nearest_file(Path(path))}"
    return f"cannot be read ({fault.strerror})"


def report_settings(folder: Path, changes: Mapping[str, Any], place: str) -> ReportSettings:
    """How the report of a run folder is written, with some settings changed by a command, `place`.

    Raises: ConfigError if the folder has no config of a run, or a setting is wrong.
    """
    tree = {**(run_config.read_config(folder).get("report") or {}), **changes}
    return fit(ReportSettings, tree_node(tree, place, folder))
