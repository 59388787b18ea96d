"""Turns texts into unit vectors with the model of the config.

Start with `stage.py`. `methods.py` has the union of embedders, and `load_encoder`, which restores the encoder that a
run saved for `assign` and `search`. A vector depends on its text, the model, the engine and their versions, never on
batches, workers or order.
"""

from toolkit.embed.auto import Auto, Choice, chosen, use_reads
from toolkit.embed.given import given_vectors
from toolkit.embed.joined import Joined, JoinedEncoder, JoinedStore
from toolkit.embed.joining import joined_rows
from toolkit.embed.language import language_note, primary, read_beside_english, reading_advice
from toolkit.embed.lsa import Lsa, LsaEncoder
from toolkit.embed.methods import AnyEmbedder, Embedder, TextEncoder, load_encoder
from toolkit.embed.minilm import MiniLM
from toolkit.embed.stage import cannot_read, embed, encode_texts, unread_advice, unread_reason, vector_store
from toolkit.embed.static import Static
from toolkit.embed.transformer import SentenceTransformer
from toolkit.embed.use import Use

__all__ = [
    "AnyEmbedder",
    "Auto",
    "Choice",
    "Embedder",
    "Joined",
    "JoinedEncoder",
    "JoinedStore",
    "Lsa",
    "LsaEncoder",
    "MiniLM",
    "SentenceTransformer",
    "Static",
    "TextEncoder",
    "Use",
    "cannot_read",
    "chosen",
    "embed",
    "encode_texts",
    "given_vectors",
    "joined_rows",
    "language_note",
    "load_encoder",
    "primary",
    "read_beside_english",
    "reading_advice",
    "unread_advice",
    "unread_reason",
    "use_reads",
    "vector_store",
]
