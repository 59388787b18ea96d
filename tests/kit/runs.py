"""A run folder made by hand for tests of figures and reports: realistic tables, sizes and hostility as asked."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit import schemas, values
from toolkit.files.yaml12 import dump
from toolkit.run_folder.manifest import write_tables
from toolkit.schemas import CLAIMS

TOPICS: dict[str, list[str]] = {
    "chip supply chains": [
        "The ministry opened a second fund for lithography parts, paid for by banks rather than by the treasury.",
        "Two foundries said that domestic photoresist now passes their tests at 28 nanometres, though not below.",
        "Export permits for gallium took forty days in March and ninety in June, traders report.",
        "A tester in Wuxi keeps three suppliers for every part since the licence rules changed.",
    ],
    "future industries": [
        "The plan names brain interfaces, fusion and humanoid robots as industries of the future.",
        "Pilot zones may write their own rules for low-altitude flight until the end of next year.",
        "Local officials list the same six future industries in almost every prefecture.",
        "A quantum laboratory moved into the old bus depot and hired eleven people.",
    ],
    "state-owned enterprises": [
        "Party committees of central enterprises now approve every investment above a set sum.",
        "The regulator grades state-owned firms on research spending and on the age of their patents.",
        "Private suppliers wait on average four months for payment from provincial holding companies.",
        "A merger of two steel groups was announced on a Sunday and questioned by Tuesday.",
    ],
    "price wars and capacity": [
        "Carmakers cut prices for the third time this year while the ministry warned against disorderly competition.",
        "Polysilicon stocks would last the whole industry five months without a single new delivery.",
        "The draft law forbids selling below cost, and leaves open how cost is to be measured.",
        "Dealers hold cars on their books that the factory has counted as sold.",
    ],
}
KEYWORDS = {
    "chip supply chains": ["photoresist", "lithography", "export permits", "gallium", "foundries"],
    "future industries": ["future industries", "pilot zones", "quantum", "humanoid robots", "fusion"],
    "state-owned enterprises": ["state-owned", "central enterprises", "party committees", "merger", "regulator"],
    "price wars and capacity": ["price", "competition", "polysilicon", "carmakers", "capacity"],
}
SOURCES = ["The Harbour Wire", "Monthly Theory Digest", "Circuit Courier", "Institute Briefs"]
HOSTILE = [
    '<script>window.pwned="script"</script></script><img src=x onerror="window.pwned=1"> "quoted" \'single\'',
    "{{ 7*7 }} {% raw %} ${7*7} javascript:window.pwned=2 <svg onload=window.pwned=3> &amp; &#60;b&#62; ]]> <!--",
    "\u202eright to left override\u202c and \u2066isolates\u2069, a zero\u200bwidth, a bell\x07 and a \x1b[31m colour",
    "=HYPERLINK(1) +1 -1 @cmd | a | pipe `code` **bold** [link](javascript:alert(1)) <b>bold</b>",
]
CODEBOOK = {
    "themes": [
        {"id": "chips", "name": "Semiconductor self-reliance", "definition": "Efforts to make chips without imports."},
        {"id": "future", "name": "Future industries", "definition": "Industries that do not exist at scale yet."},
        {"id": "soe", "name": "State-owned enterprises", "definition": "Steering of firms through state ownership."},
        {"id": "party", "name": "Party committees", "definition": "Party bodies inside firms.", "parent": "soe"},
        {"id": "fisheries", "name": "Fisheries", "definition": "Rules for catching and farming fish."},
    ]
}
CODE_OF = {0: "chips", 1: "future", 2: "soe"}


def build_run(
    folder: Path,
    documents: int = 12,
    per_document: int = 5,
    *,
    hostile: bool = False,
    long_word: int = 2_000,
    codebook: bool = True,
    human: bool = True,
    themes: bool = True,
    text: str = "full",
    words: int = 0,
    seed: int = 7,
    code_trends: bool = False,
) -> Path:
    """Write a run folder of `documents` x `per_document` paragraphs (every 15th a duplicate) and give its path.

    `words` adds that many made-up words to each paragraph, as hard to pack as English.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    paragraphs = _paragraphs(rng, documents, per_document, hostile, long_word, themes, words)
    docs = _documents(paragraphs, documents, hostile)
    tables = {"documents": _documents_table(docs, paragraphs), "paragraphs": _paragraphs_table(paragraphs)}
    tables["ledger"] = _ledger(docs)
    unique = [row for row in paragraphs if row["duplicate_of"] is None]
    tables |= _theme_tables(unique, paragraphs, hostile, themes)
    if codebook:
        tables |= _code_tables(rng, unique, paragraphs, human)
    tables["prevalence"] = _prevalence(paragraphs, docs, tables)
    tables["trends"] = _trends(paragraphs, docs)
    if code_trends:
        more = _code_trends(tables["codes"], paragraphs, docs)
        tables["trends"] = pa.concat_tables([tables["trends"], more.select(tables["trends"].column_names)])
    tables["contrasts"] = _contrasts(tables["prevalence"])
    if codebook:
        tables["claims"] = _claims(hostile)
    write_tables(folder, tables)
    _plain_files(folder, docs, paragraphs, codebook, text, hostile)
    return folder


def _paragraphs(
    rng: Any, documents: int, each: int, hostile: bool, long_word: int, themed: bool, words: int
) -> list[dict[str, Any]]:
    names = list(TOPICS)
    centres = [(0.0, 0.0), (6.0, 1.0), (1.5, 5.0), (7.0, 6.5)]
    rows: list[dict[str, Any]] = []
    known = ["".join(rng.choice(list("etaoinshrdlucmfwyp"), 2 + i % 9)) for i in range(4000)] if words else []
    for d in range(documents):
        at = 40
        for p in range(each):
            topic = int(rng.choice(4, p=_mix(d)))
            pool = TOPICS[names[topic]]
            picked = rng.permutation(len(pool))[: 2 + int(rng.integers(0, 3))]
            text = " ".join(pool[int(i)] for i in picked) + f" This was item {d * each + p + 1} of the file."
            if words:
                text += " " + " ".join(known[int(4000 * u**3)] for u in rng.random(words)) + "."
            if hostile and (d + p) % 3 == 0:
                text = HOSTILE[(d + p) // 3 % len(HOSTILE)] + " " + text
            if hostile and d == 1 and p == 1:
                text = "W" * long_word + " " + text
            x, y = (float(rng.normal(c, 1.0)) for c in centres[topic])
            lost = rng.random() < 0.06
            rows.append(
                {
                    "paragraph_id": f"doc{d:05d}.txt#{p + 1}",
                    "document_id": f"doc{d:05d}.txt",
                    "position": p + 1,
                    "start": at,
                    "end": at + len(text),
                    "text": text,
                    "heading": f"Part {p // 2 + 1}" if p % 2 == 0 else None,
                    "words": len(text.split()),
                    "tokens": int(len(text.split()) * 1.3),
                    "truncated": False,
                    "duplicate_of": None,
                    "theme": -1 if lost or not themed else topic,
                    "strength": None if lost or not themed else round(0.7 + 0.3 * float(rng.random()), 3),
                    "x": x,
                    "y": y,
                }
            )
            at += len(text) + 2
            n = len(rows) - 1
            if n and n % 15 == 0:
                for key in ("text", "words", "tokens", "theme", "strength", "x", "y"):
                    rows[n][key] = rows[0][key]
                rows[n]["duplicate_of"] = rows[0]["paragraph_id"]
                rows[n]["end"] = rows[n]["start"] + len(rows[0]["text"])
    return _renumbered(rows) if themed else rows


def _mix(document: int) -> list[float]:
    shares = [0.1, 0.1, 0.1, 0.1]
    shares[document % 4] = 0.7
    return shares


def _renumbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    unique = [row for row in rows if row["duplicate_of"] is None]
    new = values.renumbered([row["theme"] for row in unique])
    mapping = {row["theme"]: int(theme) for row, theme in zip(unique, new, strict=True)}
    for row in rows:
        row["topic"] = row["theme"]
        row["theme"] = mapping[row["theme"]]
    return rows


def _documents(paragraphs: list[dict[str, Any]], count: int, hostile: bool) -> list[dict[str, Any]]:
    docs = []
    held: dict[str, list[dict[str, Any]]] = {}
    for row in paragraphs:
        held.setdefault(row["document_id"], []).append(row)
    for d in range(count):
        name = f"doc{d:05d}.txt"
        own = held[name]
        votes: dict[int, int] = {}
        for row in own:
            votes[row["theme"]] = votes.get(row["theme"], 0) + row["words"]
        title = HOSTILE[d % len(HOSTILE)] if hostile and d % 2 == 0 else f"Notes from the region, part {d + 1}"
        docs.append(
            {
                "document_id": name,
                "title": title,
                "source": SOURCES[d % len(SOURCES)],
                "date": None if d % 11 == 10 else f"{2024 + d % 3}-{1 + d * 5 % 12:02d}-{1 + d % 28:02d}",
                "url": "javascript:window.pwned=4" if hostile and d % 3 == 0 else f"https://example.org/item/{d}",
                "path": name,
                "sha256": f"{d:064x}",
                "words": sum(row["words"] for row in own) + 12,
                "paragraphs": len(own),
                "duplicate_of": None,
                "language": "en",
                "label": None,
                "format": "txt",
                "notes": [],
                "extracted": False,
                "theme": max(sorted(votes), key=lambda theme: votes[theme]),
            }
        )
    return docs


def _documents_table(docs: list[dict[str, Any]], paragraphs: list[dict[str, Any]]) -> Any:
    return pa.Table.from_pylist(docs, schema=schemas.DOCUMENTS.append(pa.field("theme", pa.int32())))


def _paragraphs_table(rows: list[dict[str, Any]]) -> Any:
    schema = schemas.PARAGRAPHS
    for name, kind in (("tokens", pa.int32()), ("truncated", pa.bool_()), ("theme", pa.int32())):
        schema = schema.append(pa.field(name, kind))
    for name in ("strength", "x", "y"):
        schema = schema.append(pa.field(name, pa.float64()))
    return pa.Table.from_pylist(rows, schema=schema)


def _ledger(docs: list[dict[str, Any]]) -> Any:
    rows = []
    for d, doc in enumerate(docs):
        rows.append(
            {"document_id": doc["document_id"], "start": 0, "end": 30, "text": "Title line", "reason": "heading"}
        )
        if d % 2 == 0:
            rows.append(
                {"document_id": doc["document_id"], "start": 31, "end": 39, "text": "Read more", "reason": "teaser"}
            )
    return pa.Table.from_pylist(rows, schema=schemas.LEDGER)


def _theme_tables(
    unique: list[dict[str, Any]], paragraphs: list[dict[str, Any]], hostile: bool, themed: bool
) -> dict[str, Any]:
    found = sorted({row["theme"] for row in unique} | {-1}, key=lambda theme: (theme < 0, theme))
    rows, exemplars = [], []
    names = list(TOPICS)
    for theme in found:
        own = [row for row in unique if row["theme"] == theme]
        topic = names[own[0].get("topic", 0)] if own and theme >= 0 else None
        low, high = wilson(len(own), len(unique))
        label = "No theme" if topic is None else topic.capitalize()
        if hostile and theme == 0:
            label = '<b>Chips</b> & "quotes" \u202e</script>'
        rows.append(
            {
                "theme": theme,
                "level": 0,
                "parent": None if theme < 0 else 1000 + theme % 2,
                "label": label,
                "keywords": [] if topic is None else KEYWORDS[topic],
                "paragraphs": len(own),
                "documents": len({row["document_id"] for row in own}),
                "share": len(own) / len(unique),
                "share_low": low,
                "share_high": high,
                "stability": None if theme < 0 else 0.93 - 0.16 * theme,
                "stability_low": None if theme < 0 else 0.88 - 0.2 * theme,
                "stability_high": None if theme < 0 else 0.97 - 0.1 * theme,
                "fragile": theme == 3,
                "seed_stability": None if theme < 0 else 0.9 - 0.1 * theme,
                "seed_low": None if theme < 0 else 0.8 - 0.1 * theme,
                "seed_high": None if theme < 0 else 0.95 - 0.1 * theme,
            }
        )
        if theme < 0:
            continue
        for rank, row in enumerate(own[:4], start=1):
            end = min(len(row["text"]), 220)
            exemplars.append(
                {
                    "theme": theme,
                    "rank": rank,
                    "paragraph_id": row["paragraph_id"],
                    "start": row["start"],
                    "end": row["start"] + end,
                    "quote": row["text"][:end],
                }
            )
    if themed:
        rows += _broad(rows, unique)
    return {
        "themes": pa.Table.from_pylist(rows, schema=_themes_schema()),
        "exemplars": pa.Table.from_pylist(exemplars, schema=schemas.EXEMPLARS),
        "candidates": pa.Table.from_pylist(
            [
                {"resolution": r, "themes": k, "agreement": a, "coherence": c, "chosen": r == 1.0}
                for r, k, a, c in ((0.5, 2, 0.99, 0.01), (1.0, 4, 0.97, 0.09), (2.0, 9, 0.71, 0.11))
            ]
        ),
        "notes": pa.Table.from_pylist(
            [
                {"stage": "corpus", "text": "1 document has no date that could be understood."},
                {
                    "stage": "discover",
                    "text": "One theme returned in fewer than half of the refits and is marked fragile.",
                },
            ]
        ),
        "works": pa.table({"stage": ["discover", "code"], "work": ["leiden2019", "rocchio1971"]}),
        "methods": pa.Table.from_pylist(
            [
                {"stage": "corpus", "text": f"{len(paragraphs)} paragraphs were kept; headings and teasers were not."},
                {
                    "stage": "discover",
                    "text": "Themes are a consensus of 20 Leiden partitions of a nearest-neighbour graph.",
                },
            ]
        ),
    }


def _broad(rows: list[dict[str, Any]], unique: list[dict[str, Any]]) -> list[dict[str, Any]]:
    broad = []
    for parent, label in ((1000, "Technology"), (1001, "Firms and markets")):
        children = [row for row in rows if row["parent"] == parent]
        count = sum(row["paragraphs"] for row in children)
        low, high = wilson(count, len(unique))
        broad.append(
            {
                "theme": parent,
                "level": 1,
                "parent": None,
                "label": label,
                "keywords": ["technology", "firms"],
                "paragraphs": count,
                "documents": max([row["documents"] for row in children], default=0),
                "share": count / len(unique),
                "share_low": low,
                "share_high": high,
            }
        )
    return broad


def _themes_schema() -> Any:
    kinds: list[tuple[str, Any]] = [
        ("theme", pa.int32()),
        ("level", pa.int32()),
        ("parent", pa.int32()),
        ("label", pa.string()),
        ("keywords", pa.list_(pa.string())),
        ("paragraphs", pa.int64()),
        ("documents", pa.int64()),
    ]
    kinds += [(name, pa.float64()) for name in ("share", "share_low", "share_high")]
    kinds += [(name, pa.float64()) for name in ("stability", "stability_low", "stability_high")]
    kinds += [("fragile", pa.bool_())]
    return pa.schema([*kinds, *((name, pa.float64()) for name in ("seed_stability", "seed_low", "seed_high"))])


def _claims(hostile: bool) -> Any:
    """Three claims about the codebook's codes, with every verdict; one has words of the researcher's own."""
    codes = [entry["id"] for entry in CODEBOOK["themes"]]
    text = HOSTILE[0] if hostile else "Direction by the Party is in more than half of the paragraphs."
    unchecked = "by machine codes without a check"
    rows = [
        {"kind": "above", "code": codes[0], "verdict": "does not hold", "reason": "the share is below the value",
         "p_adjusted": 0.0004, "text": text, "numbers": "20.0% of 60 paragraphs in 12 documents (11.0% to 33.5%)",
         "basis": "by corrected codes"},
        {"kind": "together", "code": codes[0], "other": codes[1], "verdict": "holds by unchecked codes",
         "text": "The two travel together.", "numbers": "2.10 times as many as by chance (1.20 to 3.70)",
         "basis": unchecked},
        {"kind": "rose", "code": codes[1], "verdict": "cannot be told", "reason": "no document has a date",
         "text": "The share rose.", "basis": unchecked},
    ]  # fmt: skip
    return pa.Table.from_pylist([{**row, "claim": at} for at, row in enumerate(rows, 1)], schema=CLAIMS)


def _code_tables(
    rng: Any, unique: list[dict[str, Any]], paragraphs: list[dict[str, Any]], human: bool
) -> dict[str, Any]:
    canon = {row["paragraph_id"]: row for row in unique}
    codes, decided = [], {}
    for row in unique:
        for entry in CODEBOOK["themes"]:
            hit = CODE_OF.get(row.get("topic", -1)) == entry["id"] or (
                "arty committees" in row["text"] and entry["id"] == "party"
            )
            decided[row["paragraph_id"], entry["id"]] = (hit, round(float(rng.normal(2.5 if hit else 0, 0.6)), 4))
    for row in paragraphs:
        twin = canon[row["duplicate_of"] or row["paragraph_id"]]
        end = min(len(row["text"]), 160)
        for entry in CODEBOOK["themes"]:
            hit, score = decided[twin["paragraph_id"], entry["id"]]
            codes.append(
                {
                    "paragraph_id": row["paragraph_id"],
                    "code": entry["id"],
                    "score": score,
                    "probability": min(0.99, max(0.01, 1 / (1 + math.exp(-2 * (score - 1.2))))) if human else None,
                    "assigned": hit,
                    "start": row["start"],
                    "end": row["start"] + end,
                    "quote": row["text"][:end],
                }
            )
    ids = [entry["id"] for entry in CODEBOOK["themes"]]
    tables = {
        "codes": pa.Table.from_pylist(codes, schema=schemas.CODES),
        "thresholds": pa.Table.from_pylist(
            [
                {
                    "code": code,
                    "threshold": 1.2,
                    "background_mean": 0.0,
                    "background_sd": 0.6,
                    "assigned": sum(decided[row["paragraph_id"], code][0] for row in unique),
                    "rule": "background mean + 2 sd",
                }
                for code in ids
            ]
        ),
        "matrix": _matrix(unique, decided, ids),
        "cooccurrence": _cooccurrence(unique, decided, ids),
    }
    return tables | (_human_tables(unique, decided, ids) if human else {})


def _matrix(unique: list[dict[str, Any]], decided: Any, ids: list[str]) -> Any:
    rows = []
    for code in ids:
        coded = [row for row in unique if decided[row["paragraph_id"], code][0]]
        for theme in sorted({row["theme"] for row in unique}):
            own = [row for row in unique if row["theme"] == theme]
            both = sum(row["theme"] == theme for row in coded)
            expected = len(coded) * len(own) / len(unique)
            rows.append(
                {
                    "code": code,
                    "theme": theme,
                    "paragraphs": both,
                    "expected": expected,
                    "share_of_code": both / len(coded) if coded else None,
                    "share_of_theme": both / len(own) if own else None,
                    "lift": both / expected if expected else None,
                }
            )
    return pa.Table.from_pylist(rows)


def _cooccurrence(unique: list[dict[str, Any]], decided: Any, ids: list[str]) -> Any:
    rows = []
    for i, a in enumerate(ids):
        for b in ids[i + 1 :]:
            has_a = {row["paragraph_id"] for row in unique if decided[row["paragraph_id"], a][0]}
            has_b = {row["paragraph_id"] for row in unique if decided[row["paragraph_id"], b][0]}
            both, either = len(has_a & has_b), len(has_a | has_b)
            low, high = wilson(both, either) if either else (None, None)
            rows.append(
                {
                    "code_a": a,
                    "code_b": b,
                    "paragraphs": both,
                    "jaccard": both / either if either else None,
                    "low": low,
                    "high": high,
                    "n": either,
                }
            )
    return pa.Table.from_pylist(rows)


def _human_tables(unique: list[dict[str, Any]], decided: Any, ids: list[str]) -> dict[str, Any]:
    marks = []
    for n, row in enumerate(unique[:30]):
        given = [code for code in ids if decided[row["paragraph_id"], code][0]]
        for coder in ("A", "B"):
            own = given if not (coder == "B" and n % 9 == 0) else []
            marks += [{"paragraph_id": row["paragraph_id"], "code": code, "coder": coder} for code in own or [None]]
    scored = []
    for code in ids:
        positives = sum(decided[row["paragraph_id"], code][0] for row in unique[:30])
        for measure in ("precision", "recall", "f1", "alpha"):
            fine = positives > 0
            scored.append(
                {
                    "code": code,
                    "measure": measure,
                    "value": 0.91 if fine else None,
                    "low": 0.8 if fine else None,
                    "high": 0.97 if fine else None,
                    "n": 30,
                    "reason": None if fine else "no paragraph carries the code",
                }
            )
    human_schema = pa.schema([("paragraph_id", pa.string()), ("code", pa.string()), ("coder", pa.string())])
    bins = [{"probability": p, "paragraphs": 10, "share_coded": round(p - 0.02, 2)} for p in (0.1, 0.5, 0.9)]
    return {
        "reliability": pa.Table.from_pylist(bins),
        "human": pa.Table.from_pylist(marks, schema=human_schema),
        "scored": pa.Table.from_pylist(scored),
    }


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The Wilson interval of a share at 95 %."""
    if not n:
        return 0.0, 1.0
    z, p = 1.96, hits / n
    mid = (p + z * z / 2 / n) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return max(0.0, mid - half), min(1.0, mid + half)


def _prevalence(paragraphs: list[dict[str, Any]], docs: list[dict[str, Any]], tables: dict[str, Any]) -> Any:
    source = {doc["document_id"]: doc["source"] for doc in docs}
    carries: dict[tuple[str, str], set[str]] = {}
    for row in paragraphs:
        carries.setdefault(("theme", str(row["theme"])), set()).add(row["paragraph_id"])
    if "codes" in tables:
        for entry in CODEBOOK["themes"]:
            carries["code", entry["id"]] = set()
        for row in tables["codes"].to_pylist():
            if row["assigned"]:
                carries["code", row["code"]].add(row["paragraph_id"])
    rows = []
    for (kind, name), ids in sorted(carries.items()):
        for counting in ("unique", "published"):
            pool = [row for row in paragraphs if counting == "published" or row["duplicate_of"] is None]
            for group_by, group in [(None, None), *[("source", s) for s in SOURCES]]:
                for unit in ("paragraph", "document"):
                    own = [row for row in pool if group is None or source[row["document_id"]] == group]
                    key = "paragraph_id" if unit == "paragraph" else "document_id"
                    n = len({row[key] for row in own})
                    hits = len({row[key] for row in own if row["paragraph_id"] in ids})
                    low, high = wilson(hits, n)
                    given = {"kind": kind, "id": name, "group_by": group_by, "group": group, "unit": unit}
                    share = hits / n if n else None
                    given |= {"counting": counting, "estimate": share, "low": low, "high": high, "n": n}
                    rows.append(given | {"method": "share, bootstrap over documents"})
    return pa.Table.from_pylist(rows, schema=schemas.PREVALENCE)


def _trends(paragraphs: list[dict[str, Any]], docs: list[dict[str, Any]]) -> Any:
    year = {doc["document_id"]: (doc["date"] or "")[:4] for doc in docs}
    unique = [row for row in paragraphs if row["duplicate_of"] is None]
    rows = []
    for theme in sorted({row["theme"] for row in unique}):
        for period in ("2024", "2025", "2026"):
            own = [row for row in unique if year[row["document_id"]] == period]
            hits = sum(row["theme"] == theme for row in own)
            low, high = wilson(hits, len(own))
            rows.append(
                {
                    "kind": "theme",
                    "id": str(theme),
                    "period": period,
                    "unit": "paragraph",
                    "estimate": hits / len(own) if own else None,
                    "low": low,
                    "high": high,
                    "n": len(own),
                }
            )
        slope = {"period": "slope per year", "unit": "paragraph", "estimate": -0.04, "low": -0.09, "high": 0.01}
        rows.append({"kind": "theme", "id": str(theme), "n": len(unique)} | slope)
    return pa.Table.from_pylist(rows)


def _code_trends(codes: Any, paragraphs: list[dict[str, Any]], docs: list[dict[str, Any]]) -> Any:
    year = {doc["document_id"]: (doc["date"] or "")[:4] for doc in docs}
    carried = {(row["paragraph_id"], row["code"]) for row in codes.to_pylist() if row["assigned"]}
    rows = []
    for code in sorted({code for _, code in carried}):
        for period in ("2024", "2025", "2026"):
            own = [row for row in paragraphs if row["duplicate_of"] is None and year[row["document_id"]] == period]
            hits = sum((row["paragraph_id"], code) in carried for row in own)
            low, high = wilson(hits, len(own))
            given = {"kind": "code", "id": code, "period": period, "unit": "paragraph", "n": len(own)}
            rows.append(given | {"estimate": hits / len(own) if own else None, "low": low, "high": high})
    return pa.Table.from_pylist(rows)


def _contrasts(prevalence: Any) -> Any:
    rows = []
    for row in prevalence.to_pylist():
        if (
            row["group_by"]
            and row["estimate"] is not None
            and row["counting"] == "unique"
            and row["unit"] == "paragraph"
        ):
            far = row["estimate"] > 0.6
            base = {
                "kind": row["kind"],
                "id": row["id"],
                "group_by": "source",
                "group": row["group"],
                "unit": row["unit"],
            }
            numbers = {"difference": row["estimate"] - 0.2, "low": row["low"] - 0.2, "high": row["high"] - 0.2}
            base |= numbers | {"versus": "all others", "p": 0.001, "p_adjusted": 0.004 if far else 0.6}
            rows.append(base | {"n": row["n"], "n_versus": 43, "effect_size": 1.1, "method": "limits of both shares"})
    return pa.Table.from_pylist(rows)


def _plain_files(
    folder: Path, docs: list[dict[str, Any]], paragraphs: list[dict[str, Any]], codebook: bool, text: str, hostile: bool
) -> None:
    name = "future_industries"
    question = "How is industrial policy argued for, and against?"
    if hostile:
        question += " <script>window.pwned=9</script> {{ 1+1 }}"
    config = {
        "name": name,
        "question": question,
        "seed": 20,
        "corpus": {"path": "corpus", "unit": "paragraph"},
        "embed": {"method": "minilm"},
        "discover": {"method": "consensus", "themes": "auto"},
        "codebook": {"path": "codebook.yaml"} if codebook else None,
        "report": {"formats": ["html", "md"], "text": text},
    }
    (folder / "config.yaml").write_text(dump(config), encoding="utf-8")
    if codebook:
        (folder / "codebook.yaml").write_text(dump(CODEBOOK), encoding="utf-8")
    metrics = {
        "coherence.npmi": {"value": 0.12, "low": 0.08, "high": 0.16, "direction": "higher", "n": 4},
        "coherence.npmi.random": {"value": -0.21, "low": -0.25, "high": -0.18, "direction": "higher", "n": 4},
        "diversity": {"value": 0.95, "low": None, "high": None, "direction": "higher", "n": 4},
        "discover.seeds": {"value": 5, "n": 60, "reason": "the number of other seeds, the whole fit repeated"},
        "discover.seed_moves": {
            "value": 0.125,
            "low": None,
            "high": None,
            "direction": "lower",
            "n": 60,
            "reason": "mean over 5 other seeds, the whole fit repeated; from 0.100 to 0.150, a range and no interval",
        },
        "stability.mean": {"value": 0.69, "low": 0.6, "high": 0.77, "direction": "higher", "n": 20},
        "agreement.alpha": {"value": 0.88, "low": 0.8, "high": 0.94, "direction": "higher", "n": 30},
        "labels.ari": {"value": None, "reason": "the corpus has no label column"},
    }
    (folder / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    manifest = {
        "format": 1,
        "toolkit": {"version": "0.1.0", "commit": "abc", "dirty": False},
        "experiment": {"name": name, "sha256": "a3f1" * 16},
        "corpus": {"sha256": "c0de" * 16, "documents": len(docs), "paragraphs": len(paragraphs)},
        "seed": 20,
        "models": [{"id": "all-MiniLM-L6-v2", "revision": None, "sha256": "53aa" * 16, "engine": "onnxruntime fp32"}],
        "environment": {"python": "3.11.7", "packages": {"numpy": "2.1.0", "leidenalg": "0.10.2", "jinja2": "3.1.6"}},
        "stages": [{"name": "embed", "seconds": 12.5, "from_cache": False}],
        "files": {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


if __name__ == "__main__":
    import sys

    print(build_run(Path(sys.argv[1]), hostile="--hostile" in sys.argv))
