"""Locates the folder of a model on this machine. The network is used only if the config allows it."""

from __future__ import annotations

import os
from pathlib import Path

from toolkit.errors import ToolkitError


def model_folder(model: str, revision: str | None, allow_download: bool) -> Path:
    """The folder of a model: the folder of the config, or the local copy of a hub id.

    Raises ToolkitError with the missing name if there is no local copy and no download is allowed.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        if revision is not None:
            raise ToolkitError(f"embed.revision: {model!r} is a folder, which has no revisions; leave `revision` out")
        return folder.resolve()
    if folder.is_absolute() or model.startswith(("./", "../", "~")):
        raise ToolkitError(f"embed.model: no folder {folder} (a model is a hub id such as org/name, or a folder)")
    return _local_copy(model, revision, allow_download)


def model_name(model: str) -> str:
    """The name of a model in a run: its hub id, or the name of its folder without the path."""
    folder = Path(model).expanduser()
    return folder.name if folder.is_absolute() else model


def _local_copy(model: str, revision: str | None, allow_download: bool) -> Path:
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    wanted = f"{model!r}" + (f" at revision {revision!r}" if revision else "")
    try:
        folder = snapshot_download(
            model,
            revision=revision,
            local_files_only=not allow_download,
            ignore_patterns=["*.bin", "*.pt", "*.h5", "*.msgpack", "*.ot", "onnx/*", "openvino/*"],
        )
    except HFValidationError as fault:
        raise ToolkitError(f"embed.model: {model!r} is neither a folder nor a hub id such as org/name") from fault
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as fault:
        if allow_download and os.environ.get("HF_HUB_OFFLINE") not in {"1", "true", "TRUE"}:
            raise ToolkitError(
                f"embed.model: {wanted} could not be downloaded: {str(fault).splitlines()[0]}"
            ) from fault
        raise ToolkitError(
            f"embed.model: {wanted} is neither a folder nor in the local model cache {constants.HF_HUB_CACHE}; no "
            "network is used unless `allow_download: true`: set that, give the path of a folder that holds the "
            "model, or use `method: minilm` (packaged) or `method: lsa` (needs no model)"
        ) from fault
    return Path(folder)


def revision_of(folder: Path) -> str | None:
    """The commit of a hub snapshot folder; None for other folders."""
    return folder.name if folder.parent.name == "snapshots" else None
