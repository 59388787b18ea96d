"""Reads text files that the user names in a config or on the command line."""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import ConfigError
from toolkit.files.nearest_file import nearest_file


def read_given(path: Path, what: str = "") -> str:
    """The text of a UTF-8 file, without a byte order mark; `what` names the expected file in messages.

    Raises ConfigError if there is no such file, or if it is not UTF-8 or not readable.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError([f"{path}: no such file{what}{nearest_file(path)}"]) from None
    except UnicodeDecodeError as fault:
        raise ConfigError([f"{path}: not UTF-8 text (byte {fault.start}); save it as UTF-8"]) from None
    except OSError as fault:
        raise ConfigError([f"{path}: cannot be read: {fault.strerror}"]) from None
