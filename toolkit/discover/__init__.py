"""Finds themes in vectors and measures whether they come back when the corpus is resampled.

Start with `discovery.py`, the stage, and `consensus.py`, the default clusterer.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from toolkit.discover.agglomerative import Agglomerative
from toolkit.discover.bertopic import BERTopic
from toolkit.discover.consensus import Consensus
from toolkit.discover.density import Density
from toolkit.discover.discovery import discover
from toolkit.discover.graph import Graph
from toolkit.discover.kmeans import KMeans
from toolkit.discover.model import Assigned, Model, assign, load_model, save_model
from toolkit.discover.reduce import NoReduction, Pca, Reducer, Umap
from toolkit.discover.sample_fit import sample_size
from toolkit.discover.stability import FRAGILE
from toolkit.discover.unread import refuse_unread

__all__ = [
    "FRAGILE",
    "Agglomerative",
    "Assigned",
    "BERTopic",
    "Clusterer",
    "Consensus",
    "Density",
    "Graph",
    "KMeans",
    "Model",
    "NoReduction",
    "Pca",
    "Reducer",
    "Umap",
    "assign",
    "discover",
    "load_model",
    "refuse_unread",
    "sample_size",
    "save_model",
]

Clusterer = Annotated[Consensus | Graph | Density | KMeans | Agglomerative | BERTopic, Field(discriminator="method")]
