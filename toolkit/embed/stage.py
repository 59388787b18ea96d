"""The embedding stage: unit vectors of a corpus, from the store if present, else from the model."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from toolkit.embed.embedder import Encoder
from toolkit.embed.given import given_vectors
from toolkit.embed.joined import Joined, JoinedEncoder, JoinedStore, first_limited, least_unknown, part_tick
from toolkit.embed.joining import joined_rows
from toolkit.embed.lsa import Lsa, LsaEncoder
from toolkit.embed.methods import Embedder, TextEncoder
from toolkit.embed.pretrained import Encoded, Pretrained, portions
from toolkit.embed.reading import flowing
from toolkit.embed.tfidf import Vocabulary
from toolkit.embed.unread import unread
from toolkit.errors import StoreError, ToolkitError
from toolkit.runtime.memory import give_back
from toolkit.runtime.parallel import worker_count
from toolkit.store.vectors import VectorStore
from toolkit.values import Bools, Embeddings, Floats, Ints, Tick, Vectors, no_tick

PUT_TEXTS, PUT_TOKENS = 2048, 32_768
"""Texts embedded at a time at most, and tokens for each worker: some seconds of work."""
PUT_SECONDS = 5.0
"""New vectors are stored after this time; a kill loses at most this time and the texts in progress."""
SPECIAL_TOKENS = 2
"""Tokens that a model puts around each text."""
MANY_TEXTS = 2_000
"""After this number of texts the model releases its memory, because few texts remain."""


def vector_store(settings: Embedder, root: Path | str) -> VectorStore | JoinedStore | None:
    """The store of this embedder's vectors under `root`, or one store for each of several joined encoders; None for
    given vectors, and for LSA, whose vectors depend on the corpus."""
    if settings.vectors is not None or settings.of_corpus:
        return None
    if isinstance(settings, Joined):
        return JoinedStore(tuple(VectorStore(root, part.identity()) for part in settings.parts))
    return VectorStore(root, settings.identity())


def embed(
    settings: Embedder,
    texts: Sequence[str],
    *,
    vectors: VectorStore | JoinedStore | None = None,
    encoder: TextEncoder | None = None,
    workers: int | None = None,
    tick: Tick = no_tick,
) -> Embeddings:
    """One unit row per text, in order, with token counts and marks of truncated and unread texts.

    Equal texts are read once; texts in the store are not read at all. `encoder` is the fitted encoder if there is one
    already; `workers` (speed only) overrides the block's value.
    Raises ToolkitError if a larger share of texts than `fail_above` exceeds the model's limit.
    """
    if settings.vectors is not None:
        return given_vectors(settings.vectors, len(texts))
    ready = encoder or settings.fit(texts)
    if isinstance(settings, Joined) and isinstance(ready, JoinedEncoder):
        made = _embed_joined(settings, ready, texts, vectors, workers, tick)
    else:
        made = _embed_one(settings, ready, texts, vectors, workers, tick)
    return replace(made, notes=(*made.notes, *unread_notes(settings, made.unread)))


def _embed_joined(
    settings: Joined,
    encoder: JoinedEncoder,
    texts: Sequence[str],
    store: VectorStore | JoinedStore | None,
    workers: int | None,
    tick: Tick,
) -> Embeddings:
    """The rows of several encoders side by side; tokens are those of the first that has a limit."""
    parts = [
        _embed_one(part, single, texts, kept, workers, part_tick(tick, number, len(settings.parts)))
        for number, (part, single, kept) in enumerate(
            zip(settings.parts, encoder.encoders, _stores(store, len(settings.parts)), strict=True)
        )
    ]
    unknown = least_unknown([part.unknown for part in parts])
    notes = [f"{name}: {note}" for name, part in zip(settings.names, parts, strict=True) for note in part.notes]
    return Embeddings(
        joined_rows([part.vectors for part in parts], [part.unread for part in parts], settings.factors),
        parts[first_limited([part.model.max_tokens for part in parts])].tokens,
        np.logical_or.reduce([part.truncated for part in parts]),
        encoder.record,
        (*notes, *_partly_read(settings, parts)),
        tuple(dict.fromkeys(work for part in parts for work in part.works)),
        unknown,
        np.logical_and.reduce([part.unread for part in parts]),
        encoder.views,
    )


def _partly_read(settings: Joined, parts: Sequence[Embeddings]) -> list[str]:
    """A sentence for each encoder that cannot read texts which another reads."""
    none, notes = np.logical_and.reduce([part.unread for part in parts]), []
    for name, part in zip(settings.names, parts, strict=True):
        count, n = int((part.unread & ~none).sum()), len(none)
        if count:
            notes.append(
                f"{count:,} of {n:,} paragraphs ({count / n:.1%}) cannot be read by {name} and are read by the other "
                f"encoders alone: the columns of {name} are zero in their rows."
            )
    return notes


def _stores(store: VectorStore | JoinedStore | None, parts: int) -> Sequence[VectorStore | None]:
    return store.parts if isinstance(store, JoinedStore) else (None,) * parts


def _embed_one(
    settings: Embedder,
    ready: TextEncoder,
    texts: Sequence[str],
    store: VectorStore | JoinedStore | None,
    workers: int | None,
    tick: Tick,
) -> Embeddings:
    """The rows of one encoder, without a note on unreadable texts."""
    vectors = store if isinstance(store, VectorStore) else None
    encoded = _read(settings, ready, texts, vectors, workers, tick, settings.fail_above)
    limit = ready.limit
    beyond = np.zeros(len(texts), np.bool_) if limit is None else encoded.tokens > limit
    truncated = beyond if settings.long_text == "truncate" else np.zeros(len(texts), np.bool_)
    unknown = _unknown(ready, texts, encoded)
    cannot = unread(unknown, settings.unread_above)
    notes = _length_notes(settings, beyond, limit)
    if "cuda" in ready.record.engine:
        notes.append("Embedded on a GPU: vectors agree with a CPU's to rounding, not byte for byte.")
    works = ready.works if isinstance(ready, LsaEncoder) else settings.works
    return Embeddings(encoded.vectors, encoded.tokens, truncated, ready.record, tuple(notes), works, unknown, cannot)


def encode_texts(
    settings: Embedder,
    encoder: Encoder,
    texts: Sequence[str],
    vectors: VectorStore | JoinedStore | None = None,
    tick: Tick = no_tick,
    workers: int | None = None,
) -> Vectors:
    """(n, d) float32 unit rows of any texts (definitions, sentences, queries) by the same rules and the same store."""
    if isinstance(encoder, JoinedEncoder):
        stores = _stores(vectors, len(encoder.encoders))
        return encoder.joined_by(
            texts,
            lambda number, part: (
                _read(
                    settings, part, texts, stores[number], workers, part_tick(tick, number, len(stores)), None
                ).vectors
            ),
        )
    if not isinstance(encoder, TextEncoder):
        return encoder.encode(texts, tick)
    store = vectors if isinstance(vectors, VectorStore) else None
    return _read(settings, encoder, texts, store, workers, tick, None).vectors


def _read(
    settings: Embedder,
    encoder: TextEncoder,
    texts: Sequence[str],
    store: VectorStore | None,
    workers: int | None,
    tick: Tick,
    fail_above: float | None,
) -> Encoded:
    unique = list(dict.fromkeys(flowing(text) for text in texts))
    place = {text: at for at, text in enumerate(unique)}
    rows = np.zeros((len(unique), encoder.record.dimension), np.float32)
    tokens = np.zeros(len(unique), np.int32)
    missing = np.arange(len(unique))
    if isinstance(encoder, LsaEncoder):
        store = None  # its vectors depend on the corpus, not on the text alone
    if store is not None:
        stored = store.get(unique)
        if stored.present.any():
            rows[stored.present], tokens[stored.present] = stored.vectors[stored.present], stored.tokens[stored.present]
        missing = np.flatnonzero(~stored.present)
    new = [unique[at] for at in missing]
    tokens[missing] = encoder.count_tokens(new)
    back = np.array([place[flowing(text)] for text in texts], dtype=np.int64)
    _check_length(tokens[back], encoder.limit, fail_above)
    known = len(unique) - len(new)
    tick(known, len(unique))
    rows[missing] = _encode(
        encoder,
        new,
        tokens[missing],
        store,
        workers or settings.workers,
        lambda done, _: tick(known + done, len(unique)),
    )
    return Encoded(rows[back], tokens[back])


def _encode(
    encoder: TextEncoder, texts: Sequence[str], tokens: Ints, store: VectorStore | None, workers: int | None, tick: Tick
) -> Vectors:
    """Rows of texts that the store lacks, stored on the way. Ticks count texts by the share of tokens read."""
    rows = np.zeros((len(texts), encoder.record.dimension), np.float32)
    stored, since = 0, time.monotonic()
    work = _work(encoder, tokens)
    for start, stop in _shifts(tokens, worker_count(workers)):

        def further(done: int, total: int, before: int = int(work[start]), after: int = int(work[stop])) -> None:
            read = before + (after - before) * done / max(total, 1)
            tick(int(len(texts) * read / max(int(work[-1]), 1)), len(texts))

        rows[start:stop] = encoder.encode_counted(texts[start:stop], tokens[start:stop], workers, further).vectors
        if store is not None and (stop == len(texts) or time.monotonic() - since > PUT_SECONDS):
            try:
                store.put(texts[stored:stop], rows[stored:stop], tokens[stored:stop])
            except StoreError as fault:
                store.say(f"{fault}; going on without it")
                store = None
            stored, since = stop, time.monotonic()
        give_back()
    if isinstance(encoder, Pretrained) and len(texts) >= MANY_TEXTS:
        encoder.rest()
    return rows


def _work(encoder: TextEncoder, tokens: Ints) -> Ints:
    """(n + 1,) tokens read before each text and after the last text: the work that an encoder's time depends on."""
    limit = encoder.limit if isinstance(encoder, Pretrained) and encoder.long_text == "truncate" else None
    read = tokens if limit is None else np.minimum(tokens, limit)
    return np.concatenate([[0], np.cumsum(read + SPECIAL_TOKENS, dtype=np.int64)])


def _shifts(tokens: Ints, workers: int) -> list[tuple[int, int]]:
    """(start, stop) of the texts embedded between two looks at the clock."""
    most = max(PUT_TEXTS, PUT_TEXTS * workers // 4)
    return [
        (start + at, min(start + until, stop))
        for start, stop in portions(tokens.tolist(), PUT_TOKENS * workers)
        for at, until in ((at, at + most) for at in range(0, stop - start, most))
    ]


def _check_length(tokens: Ints, limit: int | None, fail_above: float | None) -> None:
    if fail_above is None or limit is None or not len(tokens):
        return
    beyond = int((tokens > limit).sum())
    share = beyond / len(tokens)
    if share > fail_above:
        raise ToolkitError(
            f"embed.fail_above: {beyond:,} of {len(tokens):,} texts ({100 * share:.4g}%) are longer than the model's "
            f"{limit} tokens, more than the {100 * fail_above:.4g}% allowed; split them (`embed.long_text: split`), "
            "choose a model with a longer limit, or raise the share"
        )


def _length_notes(settings: Embedder, beyond: Bools, limit: int | None) -> list[str]:
    count = int(beyond.sum())
    if not count:
        return []
    done = {
        "truncate": "the rest of each was left unread (`embed.long_text: truncate`)",
        "mean": "every token was read, in windows whose vectors were averaged by length",
        "split": "what could not be split was read in windows whose vectors were averaged by length",
    }[settings.long_text]
    return [
        f"{count:,} of {len(beyond):,} texts ({count / len(beyond):.1%}) are longer than the model's {limit} tokens; "
        f"{done}."
    ]


def _unknown(encoder: TextEncoder, texts: Sequence[str], encoded: Encoded) -> Floats:
    """(n,) the unknown share of each text; 1 also if the model has no token of it, or LSA no direction."""
    if isinstance(encoder, LsaEncoder):
        return np.asarray(encoded.vectors[:, -1] == 1, float)
    return np.where(encoded.tokens == 0, 1.0, encoder.unknown(texts))


def cannot_read(settings: Embedder, texts: Sequence[str]) -> Bools:
    """(n,) which texts the model cannot read, by its vocabulary alone: nothing is embedded."""
    if settings.vectors is not None:
        return np.zeros(len(texts), bool)
    if isinstance(settings, Lsa):
        absent = Vocabulary.of(sorted(set(texts)), settings.most_terms).absent(texts)
        return unread(absent.astype(float), settings.unread_above)
    try:
        unknown = settings.fit([]).unknown(texts)
    except Exception:  # a model that cannot be loaded is a fault of the run, which names it; here nothing is run
        return np.zeros(len(texts), bool)
    return unread(unknown, settings.unread_above)


def unread_notes(settings: Embedder, unread: Bools) -> list[str]:
    """A sentence if the model cannot read some of the texts; empty if it reads all."""
    count, n = int(unread.sum()), len(unread)
    if not count:
        return []
    return [
        f"{count:,} of {n:,} paragraphs ({count / n:.1%}) cannot be read by the model ({settings.method}): "
        f"{unread_reason(settings)}; their vectors mean nothing. They get no theme and no codes and are left out of "
        f"everything that is fitted; they count in all shares. {unread_advice(settings)}."
    ]


def unread_reason(settings: Embedder) -> str:
    """The reason why a text counts as unread, to follow a colon."""
    if settings.of_corpus:
        return "they hold no word of the vocabulary that was fitted to this corpus"
    return f"more than {settings.unread_above:.0%} of their letters and digits are unknown to its vocabulary"


def unread_advice(settings: Embedder) -> str:
    """Advice about unread texts, with the config keys that matter."""
    many = "" if settings.method == "use" else "use reads fifteen languages; "
    other = "" if settings.of_corpus else f" ({many}lsa needs no model and reads any language; or a multilingual model)"
    bound = "" if settings.of_corpus else ", `embed.unread_above` is the bound"
    return f"`embed.method` decides which model reads them{other}{bound}; see docs/guides/other-languages.md"
