"""Names of themes: are they noun phrases, do they tell themes apart, and which would a reader choose?

    python experiments/benchmarks/names.py runs --shared ../shared --runs DIR [--labeller keybert]   run the four sets
    python experiments/benchmarks/names.py rivals --runs DIR --folder keybert=DIR2 --folder mmr=DIR3 --tritopic PYTHON
    python experiments/benchmarks/names.py table --runs DIR --folder new=DIR4 --names more.csv   form, discrimination
    python experiments/benchmarks/names.py read --runs DIR --out FOLDER                  ten paragraphs of every theme
    python experiments/benchmarks/names.py sheets --runs DIR --folder new=DIR4 --namer new --out FOLDER
    python experiments/benchmarks/names.py score FOLDER/key.csv --judge a1.csv a2.csv --judge b1.csv b2.csv

DIR has a run folder for each set: `study`, `bbc_news`, `20newsgroups`, `stackoverflow_titles`. Themes are fixed by
naming/partitions.json, and a run with other themes is refused. Names are those of naming/names.csv, of CSV files with
the columns set, theme, namer and name (`--names`, repeatable), and the labels of other run folders of the same themes
(`--folder NAMER=DIR`, repeatable). The handwritten names (`by_hand`) were written from `read` alone, before any
machine's name was seen. `--mpnet` is the folder of all-mpnet-base-v2 and `--tagger` where `denckring-en-pos` was
installed (naming/tagging.py); without them discrimination and noun phrases are left out.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from naming import discrimination, names_file, partitions, preference, rivals
from naming.form import faults, wilson
from naming.names_file import Names
from naming.partitions import SETS, Partition
from naming.tagging import Tagger

FIRST = ("by_hand", "new")


def available(given: argparse.Namespace) -> list[str]:
    """The sets that are asked for and have a run folder."""
    return [name for name in given.set or SETS if (given.runs / name / "tables").is_dir()]


def partition(given: argparse.Namespace, name: str) -> Partition:
    """The partition of a set, checked against the kept digest."""
    part = partitions.load(given.runs, name)
    digests = json.loads(names_file.DIGESTS.read_text(encoding="utf-8")) if names_file.DIGESTS.is_file() else {}
    names_file.check(part, digests)
    return part


def gathered(given: argparse.Namespace, parts: Sequence[Partition]) -> Names:
    """All names: kept ones, of CSV files, of other run folders."""
    kept = [names_file.KEPT] if names_file.KEPT.is_file() else []
    names = names_file.read([*kept, *given.names])
    for namer, folder in given.folder:
        for part in parts:
            if (folder / part.name / "tables").is_dir():
                other = partitions.load(folder, part.name)
                names_file.check(other, {part.name: names_file.digest(part)})
                names[part.name, namer] = other.labels
    return names


def runs(given: argparse.Namespace) -> None:
    partitions.run_all(given.shared, given.runs, given.store or given.runs / "store", given.labeller, given.set or SETS)


def make_rivals(given: argparse.Namespace) -> None:
    """Write names.csv: labels of the folders and, if asked, of the runs, BERTopic's and TriTopic's; others are kept."""
    parts = [partition(given, name) for name in available(given)]
    names = gathered(given, parts)
    for part in parts:
        if given.today:
            names[part.name, "today"] = part.labels
        for namer, stop_words in (("bertopic", None), ("bertopic_stop_words", "english")):
            if (part.name, namer) not in names:
                names[part.name, namer] = rivals.bertopic(part, stop_words)
        if given.tritopic:
            names[part.name, "tritopic"] = rivals.tritopic(part, given.tritopic)
        print(f"{part.name}: {', '.join(sorted(namer for name, namer in names if name == part.name))}")
    names_file.write(names_file.KEPT, names)
    digests = {part.name: names_file.digest(part) for part in parts}
    names_file.DIGESTS.write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8", newline="\n")


def read(given: argparse.Namespace) -> None:
    """Write ten paragraphs of every theme, without names."""
    given.out.mkdir(parents=True, exist_ok=True)
    for name in available(given):
        part = partition(given, name)
        lines = []
        for theme in part.themes:
            lines.append(f"## {theme} ({len(part.rows(theme))} paragraphs)\n")
            lines += [f"- {preference.cut(part.texts[at])}" for at in part.shown(theme)] + [""]
        (given.out / f"{name}.md").write_text("\n".join(lines), encoding="utf-8", newline="\n")


def table(given: argparse.Namespace) -> None:
    """Print form and discrimination of every namer on every set, and each faulty name with its reasons."""
    parts = [partition(given, name) for name in available(given)]
    names, good = gathered(given, parts), dict[str, list[bool]]()
    encode = discrimination.mpnet(given.mpnet, given.cache) if given.mpnet else None
    print(f"{'set':<21} {'namer':<20} {'good form':>10} {'discrimination':>20} {'against by_hand':>24}")
    details = []
    for part in parts:
        tagger = Tagger(given.tagger, part.texts) if given.tagger else None
        scored = discrimination.Discrimination(part, encode, given.most) if encode else None
        namers = wanted(given, part.name, names)
        hand = names.get((part.name, "by_hand"))
        by_hand = scored.of_names(hand) if scored and hand else None
        for namer in namers:
            complete_names = names_file.complete(part, namer, names[part.name, namer])
            complete_names = {theme: complete_names[theme] for theme in part.themes}
            result = faults(part, complete_names, tagger)
            good.setdefault(namer, []).extend(not result[theme] for theme in part.themes)
            clean = sum(not reasons for reasons in result.values())
            line = f"{part.name:<21} {namer:<20} {clean:>4} of {len(complete_names):>2} "
            other = None if namer == "by_hand" else by_hand
            print(line + discriminated(scored, scored.of_names(complete_names) if scored else None, other), flush=True)
            if not given.details or namer in given.details:
                details += [
                    (part.name, namer, complete_names[theme], result[theme]) for theme in part.themes if result[theme]
                ]
        if scored:
            words = {theme: ", ".join(part.keywords[theme][:10]) for theme in part.themes}
            for label, value in (("(ten keywords)", scored.of_names(words)), ("(centroids)", scored.centroids())):
                print(f"{part.name:<21} {label:<20} {'':>10} {discriminated(scored, value, None)}")
    print("\ngood form, all sets" + ("" if given.tagger else " (noun phrases not checked: no --tagger)"))
    for namer, flags in good.items():
        low, high = wilson(sum(flags), len(flags))
        print(
            f"  {namer:<20} {sum(flags):>3} of {len(flags):>3} = {sum(flags) / len(flags):.3f} ({low:.3f}-{high:.3f})"
        )
    print("\nfaulty names")
    for name, namer, text, reasons in details:
        print(f"  {name}, {namer}: {text!r}: {'; '.join(reasons)}")


def wanted(given: argparse.Namespace, name: str, names: Names) -> list[str]:
    """The namers of a set, those that matter most first."""
    have = {namer for other, namer in names if other == name}
    return sorted(have & set(given.namer or have), key=lambda namer: (namer not in FIRST, namer))


def discriminated(
    scored: discrimination.Discrimination | None,
    result: discrimination.Found | None,
    by_hand: discrimination.Found | None,
) -> str:
    """The share with its interval, and its distance from the handwritten names on the same paragraphs."""
    if scored is None or result is None:
        return f"{'not measured':>20}"
    text = f"{result.value:.3f} ({result.low:.3f}-{result.high:.3f})"
    if by_hand is None:
        return f"{text:>20}"
    gap, low, high = scored.difference(result, by_hand)
    return f"{text:>20} {gap:+.3f} ({low:+.3f} to {high:+.3f})"


def sheets(given: argparse.Namespace) -> None:
    """Write blind sheets of a namer against all others, and key.csv, which judges must not see."""
    parts = [partition(given, name) for name in available(given)]
    names, asked = gathered(given, parts), []
    given.out.mkdir(parents=True, exist_ok=True)
    for part in parts:
        others = given.against or sorted(namer for name, namer in names if name == part.name)
        rival = {namer: names[part.name, namer] for namer in others if namer != given.namer}
        new = names_file.complete(part, given.namer, names[part.name, given.namer])
        made = preference.pairs(part.name, new, rival)
        asked += made
        for number, text in enumerate(preference.sheets(part, made), 1):
            place = given.out / f"{part.name}_{number}.md"
            place.write_text(text, encoding="utf-8", newline="\n")
            print(place)
    preference.write_key(given.out / "key.csv", asked)
    ties = sum(not pair.new_side for pair in asked)
    print(f"{len(asked)} pairs, {ties} of them equal names, which are ties and not asked")


def score(given: argparse.Namespace) -> None:
    """Print in how many themes the new name was preferred, by rival and set, and the judges' agreement."""
    asked = preference.read_key(given.key)
    judges = [preference.points(asked, preference.read_answers(paths)) for paths in given.judge]
    print(f"{'rival':<20} {'set':<21} {'preferred in':>18} {'share':>6} {'95 %':>13}  equal names")
    for row in sorted(preference.preferred(asked, judges), key=lambda row: (row.rival, row.set != "all sets", row.set)):
        hits = f"{row.hits:g} of {row.n} themes"
        line = f"{row.rival:<20} {row.set:<21} {hits:>18} {row.hits / row.n:6.3f} {row.low:.3f}-{row.high:.3f}"
        print(f"{line}  {row.ties}")
    for number, judge in enumerate(judges, 1):
        by_judge = {row.rival: row for row in preference.preferred(asked, [judge]) if row.set == "all sets"}
        print(f"judge {number}: " + ", ".join(f"{rival} {row.hits / row.n:.2f}" for rival, row in by_judge.items()))
    for one in range(len(judges)):
        for other in range(one + 1, len(judges)):
            raw, kappa = preference.agreement(asked, judges[one], judges[other])
            message = "undefined: both judges say one thing" if kappa is None else f"{kappa:.2f}"
            print(f"judges {one + 1} and {other + 1}: raw agreement {raw:.2f}, Cohen's kappa {message}")


def folder(text: str) -> tuple[str, Path]:
    """NAMER=DIR."""
    namer, _, path = text.partition("=")
    if not path:
        raise argparse.ArgumentTypeError(f"{text!r}: expected NAMER=DIR")
    return namer, Path(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = parser.add_subparsers(dest="task", required=True)

    def task(name: str, function: object) -> argparse.ArgumentParser:
        made = tasks.add_parser(name)
        made.set_defaults(function=function)
        if name != "score":
            made.add_argument("--runs", type=Path, required=True, help="folder with a run folder for each set")
            made.add_argument("--set", action="append", choices=SETS, help="this set alone; repeatable")
        if name in ("rivals", "table", "sheets"):
            made.add_argument("--names", type=Path, action="append", default=[], help="CSV: set, theme, namer, name")
            made.add_argument("--folder", type=folder, action="append", default=[], metavar="NAMER=DIR")
        return made

    made = task("runs", runs)
    made.add_argument("--shared", type=Path, required=True, help="folder that has data/*.jsonl.gz")
    made.add_argument("--store", type=Path)
    made.add_argument("--labeller", choices=("keywords", "keybert", "mmr"))
    made = task("rivals", make_rivals)
    made.add_argument("--tritopic", type=Path, help="python of an environment with the package tritopic")
    made.add_argument("--today", action="store_true", help="keep the runs' own labels as the namer `today`")
    task("read", read).add_argument("--out", type=Path, required=True)
    made = task("table", table)
    made.add_argument("--namer", action="append", help="this namer alone; repeatable")
    made.add_argument("--details", action="append", help="list the faulty names of this namer alone; repeatable")
    mpnet = os.environ.get("TOOLKIT_MPNET")
    made.add_argument("--mpnet", type=Path, default=Path(mpnet) if mpnet else None, help="[default: $TOOLKIT_MPNET]")
    made.add_argument("--cache", type=Path, default=Path("build/naming"), help="where vectors are kept")
    made.add_argument("--most", type=int, default=discrimination.MOST, help="paragraphs of a set that are encoded")
    made.add_argument("--tagger", type=Path, help="where denckring-en-pos was installed")
    made = task("sheets", sheets)
    made.add_argument("--namer", default="new")
    made.add_argument("--against", action="append", help="this rival alone; repeatable")
    made.add_argument("--out", type=Path, required=True)
    made = task("score", score)
    made.add_argument("key", type=Path)
    made.add_argument("--judge", type=Path, nargs="+", action="append", required=True, help="a judge's answer files")
    given = parser.parse_args()
    given.function(given)


if __name__ == "__main__":
    main()
