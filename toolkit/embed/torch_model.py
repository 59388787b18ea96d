"""Any sentence-transformers model under torch.

On a CPU each text is a call of its own, on one thread, so that a row has the same bytes whatever the other texts and
the number of cores. (Batches padded to mixed lengths change vectors; batches of exactly equal length still change the
last bits of short texts, and so does a second thread.) On a GPU texts of equal length share a call, up to `batch`, and
rows agree with the CPU's and between batches only up to rounding; the store keeps such vectors separate.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from toolkit.embed.identity import Identity, library_versions, machine
from toolkit.embed.model_folder import limit_of
from toolkit.embed.pretrained import unit
from toolkit.embed.reading import Reader, folder_reader
from toolkit.errors import ToolkitError
from toolkit.values import Vectors

Device = Literal["auto", "cpu", "cuda"]


def device_here(device: Device) -> Literal["cpu", "cuda"]:
    """The device that a setting selects on this machine, determined without torch."""
    return "cpu" if device == "cpu" or (device == "auto" and not gpu_here()) else "cuda"


def engine_identity(device: Device) -> Identity:
    """The part of engine and machine that decides the vectors' bits; imports no torch."""
    calls = {"cpu": "torch fp32, one text a call", "cuda": "torch fp32 on cuda, calls of equal lengths"}
    engine: Identity = {"engine": calls[device_here(device)], "machine": machine()}
    return engine | library_versions("torch", "transformers", "sentence-transformers", "tokenizers")


def gpu_here() -> bool:
    """Whether the system has an NVIDIA GPU."""
    return Path("/dev/nvidia0").exists() or Path("/dev/dxg").exists()


class TorchModel:
    """A sentence-transformers folder, loaded when first used."""

    def __init__(self, folder: Path, device: Device, batch: int, prompt: str = "") -> None:
        self.folder, self.device, self.batch, self.prompt = folder, device, batch, prompt
        self.threads = device_here(device) == "cpu"

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels to another process as its recipe."""
        return open_torch, (self.folder, self.device, self.batch, self.prompt)

    @cached_property
    def model(self) -> Any:
        """The sentence-transformers model, from safetensors weights alone and without the network."""
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # of reading the file: the toolkit has its own bar
        try:
            return SentenceTransformer(
                str(self.folder),
                device=self._device(),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, ImportError) as fault:
            first = (str(fault).splitlines() or [type(fault).__name__])[0]
            raise ToolkitError(
                f"{self.folder}: sentence-transformers cannot load this model ({first}); "
                "give the folder of a whole model, with config.json, tokenizer.json and model.safetensors"
            ) from fault

    def _device(self) -> str:
        if self.device == "cpu":
            return "cpu"
        import torch

        if torch.cuda.is_available():
            return "cuda"
        if self.device == "cuda":
            raise ToolkitError("embed.device: cuda was asked for, and torch finds no GPU; use `device: cpu` or `auto`")
        return "cpu"

    @cached_property
    def reader(self) -> Reader:
        """The tokenizer of the folder; the limit is the model's limit less special tokens and prompt."""
        return folder_reader(self.folder, limit_of(self.folder), self.prompt)

    def rows(self, windows: Sequence[str]) -> Vectors:
        """(n, d) float32 unit rows."""
        texts = [self.prompt + window for window in windows]
        lengths = [len(text.ids) for text in self.reader.tokenizer.encode_batch(texts)]
        rows: Vectors = np.empty((len(texts), int(self.model.get_embedding_dimension() or 0)), np.float32)
        batch = 1 if self._device() == "cpu" else self.batch
        with ONE_THREAD:
            for length in sorted(set(lengths)):
                same = [at for at, other in enumerate(lengths) if other == length]
                group = [texts[at] for at in same]
                encoded = self.model.encode(group, batch_size=batch, show_progress_bar=False, prompt="")
                for at, row in zip(same, encoded, strict=True):
                    rows[at] = unit(row)
        return rows

    def rest(self) -> None:
        """Keep the weights: torch takes seconds to load them again."""


class OneThread:
    """Restrict torch to one thread inside the block; the last exit restores the previous number."""

    def __init__(self) -> None:
        self.lock, self.inside, self.before = threading.Lock(), 0, 1

    def __enter__(self) -> None:
        import torch

        with self.lock:
            if not self.inside:
                self.before = torch.get_num_threads()
            self.inside += 1
            torch.set_num_threads(1)

    def __exit__(self, *_: object) -> None:
        import torch

        with self.lock:
            self.inside -= 1
            if not self.inside:
                torch.set_num_threads(self.before)


ONE_THREAD = OneThread()


@lru_cache(maxsize=2)
def open_torch(folder: Path, device: Device, batch: int, prompt: str = "") -> TorchModel:
    """The model of a folder, loaded once per process."""
    return TorchModel(folder, device, batch, prompt)
