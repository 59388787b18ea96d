"""The files of a corpus, and one digest of their content."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from toolkit.corpus.extensions import EXTENSIONS, extension
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source
from toolkit.errors import CorpusError
from toolkit.files.nearest_file import nearest_file
from toolkit.text.controls import write_out_controls

_BLOCK_BYTES = 1 << 20
_MOST_NAMED = 10
SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
"""Files, in lower case, that Windows and macOS put into folders."""
SYSTEM_FOLDERS = frozenset({"__MACOSX", "$RECYCLE.BIN", "System Volume Information", "@eaDir", "lost+found"})
PAGE_FOLDERS = (
    "_files", "-files", ".files", "_dateien", "-dateien", "_fichiers", "-fichiers", "_archivos", "-archivos",
    "_ficheiros", "_arquivos", "_file", "_bestanden", "-bestanden", "_filer", "-filer", "_tiedostot", "_pliki",
    "_soubory", "_elemei", "_datoteke", "_fails", "_failid", "_bylos", "_dosyalar", "_fitxers", "_fitxategiak",
    "_fișiere", "_файлы", "_файли",
)  # fmt: skip
"""Endings of the folder that a browser saves with a page, in the languages of its interface."""


@dataclass(frozen=True)
class CorpusFile:
    """A file: its path below the corpus root (forward slashes), its absolute path, and its content's sha256 (hex).

    `fault` is the reason why it could not be read (sha256 is then empty). `changed` is its time of modification, to
    detect changes while it is read.
    """

    relative: str
    absolute: Path
    sha256: str
    size: int
    changed: int = 0
    fault: str = ""


@dataclass(frozen=True)
class CorpusFiles:
    """The files of a corpus by relative path.

    `digest` covers paths and contents, the sidecar's included, and the names of files that are not read.
    """

    root: Path
    files: tuple[CorpusFile, ...]
    digest: str
    sidecar: CorpusFile | None = None
    skipped: tuple[str, ...] = ()  # files of other kinds, not read
    skipped_empty: int = 0  # of those
    notes: tuple[str, ...] = ()  # other unread files, for the corpus


def corpus_files(settings: CorpusSettings) -> CorpusFiles:
    """The files of `settings`, hashed but not parsed.

    Raises:
        CorpusError: no such path, no file of a readable kind, too many files, or no such sidecar.
    """
    root, paths = _paths(settings.path)
    sidecar = _sidecar(settings.metadata)
    if sidecar is not None:
        paths = [path for path in paths if not _same(path, sidecar.absolute)]
    paths, parts = _without_page_folders(paths)
    known = [path for path in paths if extension(path.name) is not None]
    others = [path for path in paths if extension(path.name) is None]
    skipped = tuple(sorted(_relative(path, root) for path in others))
    if not known:
        raise CorpusError("\n".join(_nothing_to_read(settings.path, root, skipped)))
    if len(known) > settings.limits.max_files:
        raise CorpusError(
            f"corpus.path: {len(known)} files, more than corpus.limits.max_files ({settings.limits.max_files}); "
            "raise the limit or put short texts into one table"
        )
    files = tuple(sorted((_hashed(path, _relative(path, root)) for path in known), key=lambda file: file.relative))
    empty = sum(map(_is_empty, others))
    notes = _page_notes(parts, root)
    digest = _digest(files, sidecar, (*skipped, str(empty), *notes))
    return CorpusFiles(root, files, digest, sidecar, skipped, empty, notes)


def _without_page_folders(paths: list[Path]) -> tuple[list[Path], dict[Path, int]]:
    """The files without those that a browser saved with a page ("PAGE_files/"), and their number per folder."""
    stems = {path.parent / path.stem for path in paths if path.suffix.lower() in (".html", ".htm", ".xhtml")}
    if not stems:
        return paths, {}
    folders: dict[Path, int] = {}
    kept = []
    for path in paths:
        folder = next((above for above in path.parents if _page_of(above) in stems), None)
        if folder is None:
            kept.append(path)
        else:
            folders[folder] = folders.get(folder, 0) + 1
    return kept, folders


def _page_notes(folders: dict[Path, int], root: Path) -> tuple[str, ...]:
    """One note on the folders of saved pages."""
    if not folders:
        return ()
    names = sorted(_relative(folder, root) for folder in folders)
    count = sum(folders.values())
    files = "1 file" if count == 1 else f"{count:,} files"
    return (f"{files} that a browser saved beside a page not read: {', '.join(f'{name}/' for name in names[:3])}",)


def _page_of(folder: Path) -> Path | None:
    """The page, without its extension, to which a folder belongs by its name; null for any other folder."""
    ending = next((end for end in PAGE_FOLDERS if folder.name.lower().endswith(end)), "")
    return folder.parent / folder.name[: -len(ending)] if ending else None


def unreadable(file: CorpusFile, kind: str, why: str) -> Source:
    """The document for a file that cannot be read or used."""
    return Source(file.relative, "", file.relative, file.sha256, kind, fault=why, where=file.relative)


def _paths(pattern: str) -> tuple[Path, list[Path]]:
    """The corpus root and every file below it, without hidden files and lock files of Office."""
    path = Path(pattern)
    try:
        if path.is_file():
            return path.parent, [path]
        if path.is_dir():
            return path, _walk(path)
        if path.exists() or path.is_symlink():
            raise CorpusError(f"corpus.path: {pattern!r} is neither a file nor a folder (a broken or circular link?)")
    except OSError as fault:
        raise CorpusError(f"corpus.path: {pattern!r} cannot be read: {fault.strerror}") from None
    if not glob.has_magic(pattern):
        raise CorpusError(
            f"corpus.path: no such file or folder: {pattern!r}{nearest_file(path)}; give a file, a folder or a glob"
        )
    fixed = []
    for part in path.parts:
        if glob.has_magic(part):
            break
        fixed.append(part)
    root = Path(*fixed) if fixed else Path()
    matches = (Path(match) for match in glob.iglob(pattern, recursive=True))  # noqa: PTH207 - the pattern is absolute
    return root, [match for match in matches if not match.is_dir() and _wanted_below(root, match)]


def _walk(folder: Path) -> list[Path]:
    """Every file below a folder, broken links and the like among them; linked folders are followed once, so that a
    loop of links ends."""
    paths: list[Path] = []
    seen: set[tuple[int, int]] = set()
    for place, folders, names in os.walk(folder, onerror=_refuse, followlinks=True):
        status = Path(place).stat()
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SYSTEM_FOLDERS)
        paths += [Path(place) / name for name in sorted(names) if _wanted(name)]
    return paths


def _refuse(fault: OSError) -> None:
    """A folder that cannot be listed would leave out articles in silence."""
    raise CorpusError(
        f"corpus.path: the folder {fault.filename} cannot be read: {fault.strerror}; mend its rights or move it away"
    )


def _wanted(name: str) -> bool:
    return not name.startswith((".", "~$")) and name.lower() not in SYSTEM_FILES


def _wanted_below(root: Path, path: Path) -> bool:
    """Whether a file that a glob matches belongs to the corpus: not a file of the system."""
    return _wanted(path.name) and not SYSTEM_FOLDERS & set(path.relative_to(root).parts[:-1])


def _is_empty(path: Path) -> bool:
    try:
        return path.stat().st_size == 0
    except OSError:
        return False


def _nothing_to_read(pattern: str, root: Path, skipped: tuple[str, ...]) -> list[str]:
    """The message that there is no readable file, with a line for each of at most ten files that says why not."""
    lines = [f"{name}: a file of a kind that is not read" for name in skipped]
    if Path(pattern).is_dir():
        lines += [f"{name}: {why}" for name, why in _passed_over(root, _MOST_NAMED + 1 - len(lines))]
    more = len(lines) - _MOST_NAMED
    if more > 0:
        lines[_MOST_NAMED:] = [f"and {more if len(skipped) > _MOST_NAMED else 'more'} other files"]
    head = f"corpus.path: no file to read in {pattern!r}; read are {', '.join(EXTENSIONS)}"
    return [f"{head}; {lines[0]}"] if len(lines) == 1 else [head, *lines]


def _passed_over(root: Path, most: int) -> list[tuple[str, str]]:
    """Names of hidden files and of those of the system or an office program, with the reason."""
    reasons: list[tuple[str, str]] = []
    for place, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            parts = path.relative_to(root).parts
            if len(reasons) >= most:
                return reasons
            if name.startswith("~$"):
                reasons.append((_relative(path, root), "the lock file of an open Office document, not the document"))
            elif name.lower() in SYSTEM_FILES or SYSTEM_FOLDERS & set(parts) or name.startswith("._"):
                reasons.append((_relative(path, root), "a file that the system keeps for itself"))
            elif any(part.startswith(".") for part in parts):
                reasons.append((_relative(path, root), "hidden (a name that begins with a dot); rename it"))
    return reasons


def _relative(path: Path, root: Path) -> str:
    try:
        name = path.relative_to(root).as_posix()
    except ValueError:
        name = path.name
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")  # a name in another encoding
    return write_out_controls(readable)


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def _sidecar(name: str | None) -> CorpusFile | None:
    if name is None:
        return None
    path = Path(name)
    if not path.is_file():
        raise CorpusError(
            f"corpus.metadata: no such file: {name!r}{nearest_file(path)}; give a table with a column of file names"
        )
    file = _hashed(path, path.name)
    if file.fault:
        raise CorpusError(f"corpus.metadata: {name!r} cannot be read: {file.fault}")
    return file


def _hashed(path: Path, relative: str) -> CorpusFile:
    """The file with its sha256; an unreadable file is kept with the reason."""
    total = hashlib.sha256()
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # never opened: a pipe or a device may have no end
            return CorpusFile(relative, path, "", 0, fault="no regular file (a pipe, a socket or a device)")
        with path.open("rb") as stream:
            while chunk := stream.read(_BLOCK_BYTES):
                total.update(chunk)
    except OSError as fault:
        why = "a link to nothing" if isinstance(fault, FileNotFoundError) and path.is_symlink() else fault.strerror
        return CorpusFile(relative, path, "", 0, fault=(why or type(fault).__name__).lower())
    return CorpusFile(relative, path, total.hexdigest(), status.st_size, status.st_mtime_ns)


def _digest(files: tuple[CorpusFile, ...], sidecar: CorpusFile | None, skipped: tuple[str, ...]) -> str:
    """One sha256 over the sorted (path, content) pairs; the sidecar counts by content, whatever its name.

    Files that are not read count by name, because a note of the corpus names them; so does the reason for an unreadable
    file.
    """
    total = hashlib.sha256()
    rows = sorted((file.relative, file.sha256 or f"unreadable: {file.fault}") for file in files)
    rows += [("\0skipped", name) for name in skipped]
    rows += [("\0sidecar", sidecar.sha256)] if sidecar else []
    for relative, sha in rows:
        total.update(f"{relative}\0{sha}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()
