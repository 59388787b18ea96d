"""Which files a corpus is, and one digest of their content."""

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

_CHUNK = 1 << 20
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
"""Endings of the folder that a browser saves beside a page, in the languages of its interface."""


@dataclass(frozen=True)
class CorpusFile:
    """One file: its path below the corpus root (forward slashes), where it lies, and its content's sha256 (hex).

    `fault` says why it could not be read (then sha256 is empty). `changed` is its time of change, for noticing a
    file that changes while it is read.
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
    notes: tuple[str, ...] = ()  # what else was not read, for the corpus


def corpus_files(settings: CorpusSettings) -> CorpusFiles:
    """The files that `settings` name, hashed and not otherwise read.

    Raises:
        CorpusError: no such path, no file of a kind that can be read, too many files, or no such sidecar.
    """
    root, found = _found(settings.path)
    sidecar = _sidecar(settings.metadata)
    if sidecar is not None:
        found = [path for path in found if not _same(path, sidecar.absolute)]
    found, parts = _without_page_folders(found)
    known = [path for path in found if extension(path.name) is not None]
    others = [path for path in found if extension(path.name) is None]
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


def _without_page_folders(found: list[Path]) -> tuple[list[Path], dict[Path, int]]:
    """The files without those that a browser saved beside a page ("PAGE_files/"), and how many each folder has."""
    stems = {path.parent / path.stem for path in found if path.suffix.lower() in (".html", ".htm", ".xhtml")}
    if not stems:
        return found, {}
    folders: dict[Path, int] = {}
    kept = []
    for path in found:
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
    """The document of a file that cannot be read, or of which nothing can be used."""
    return Source(file.relative, "", file.relative, file.sha256, kind, fault=why, where=file.relative)


def _found(given: str) -> tuple[Path, list[Path]]:
    """The corpus root and every file below it, hidden ones and office lock files left out."""
    path = Path(given)
    try:
        if path.is_file():
            return path.parent, [path]
        if path.is_dir():
            return path, _walk(path)
        if path.exists() or path.is_symlink():
            raise CorpusError(f"corpus.path: {given!r} is neither a file nor a folder (a broken or circular link?)")
    except OSError as fault:
        raise CorpusError(f"corpus.path: {given!r} cannot be read: {fault.strerror}") from None
    if not glob.has_magic(given):
        raise CorpusError(
            f"corpus.path: no such file or folder: {given!r}{nearest_file(path)}; give a file, a folder or a glob"
        )
    fixed = []
    for part in path.parts:
        if glob.has_magic(part):
            break
        fixed.append(part)
    root = Path(*fixed) if fixed else Path()
    matches = (Path(match) for match in glob.iglob(given, recursive=True))  # noqa: PTH207 - the pattern is absolute
    return root, [match for match in matches if not match.is_dir() and _wanted_below(root, match)]


def _walk(folder: Path) -> list[Path]:
    """Every file below a folder, broken links and the like among them; linked folders are followed once, so that a
    loop of links ends."""
    found: list[Path] = []
    seen: set[tuple[int, int]] = set()
    for place, folders, names in os.walk(folder, onerror=_refuse, followlinks=True):
        status = Path(place).stat()
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SYSTEM_FOLDERS)
        found += [Path(place) / name for name in sorted(names) if _wanted(name)]
    return found


def _refuse(fault: OSError) -> None:
    """A folder that cannot be listed would leave out articles in silence."""
    raise CorpusError(
        f"corpus.path: the folder {fault.filename} cannot be read: {fault.strerror}; mend its rights or move it away"
    )


def _wanted(name: str) -> bool:
    return not name.startswith((".", "~$")) and name.lower() not in SYSTEM_FILES


def _wanted_below(root: Path, path: Path) -> bool:
    """Whether a file that a glob names is one of the corpus: not one that a system keeps for itself."""
    return _wanted(path.name) and not SYSTEM_FOLDERS & set(path.relative_to(root).parts[:-1])


def _is_empty(path: Path) -> bool:
    try:
        return path.stat().st_size == 0
    except OSError:
        return False


def _nothing_to_read(given: str, root: Path, skipped: tuple[str, ...]) -> list[str]:
    """That there is no file to read, and a line for each file there, at most ten, that says why it is none."""
    lines = [f"{name}: a file of a kind that is not read" for name in skipped]
    if Path(given).is_dir():
        lines += [f"{name}: {why}" for name, why in _passed_over(root, _MOST_NAMED + 1 - len(lines))]
    more = len(lines) - _MOST_NAMED
    if more > 0:
        lines[_MOST_NAMED:] = [f"and {more if len(skipped) > _MOST_NAMED else 'more'} other files"]
    head = f"corpus.path: no file to read in {given!r}; read are {', '.join(EXTENSIONS)}"
    return [f"{head}; {lines[0]}"] if len(lines) == 1 else [head, *lines]


def _passed_over(root: Path, most: int) -> list[tuple[str, str]]:
    """Names of hidden files and of those that a system or an office program keeps for itself, with the reason."""
    found: list[tuple[str, str]] = []
    for place, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            parts = path.relative_to(root).parts
            if len(found) >= most:
                return found
            if name.startswith("~$"):
                found.append((_relative(path, root), "the lock file of an open Office document, not the document"))
            elif name.lower() in SYSTEM_FILES or SYSTEM_FOLDERS & set(parts) or name.startswith("._"):
                found.append((_relative(path, root), "a file that the system keeps for itself"))
            elif any(part.startswith(".") for part in parts):
                found.append((_relative(path, root), "hidden (a name that begins with a dot); rename it"))
    return found


def _relative(path: Path, root: Path) -> str:
    try:
        name = path.relative_to(root).as_posix()
    except ValueError:
        name = path.name
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")  # a name in another encoding
    return write_out_controls(readable)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _sidecar(given: str | None) -> CorpusFile | None:
    if given is None:
        return None
    path = Path(given)
    if not path.is_file():
        raise CorpusError(
            f"corpus.metadata: no such file: {given!r}{nearest_file(path)}; give a table with a column of file names"
        )
    file = _hashed(path, path.name)
    if file.fault:
        raise CorpusError(f"corpus.metadata: {given!r} cannot be read: {file.fault}")
    return file


def _hashed(path: Path, relative: str) -> CorpusFile:
    """The file with its sha256; a file that cannot be read keeps its place and says why."""
    total = hashlib.sha256()
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # never opened: a pipe or a device may have no end
            return CorpusFile(relative, path, "", 0, fault="no regular file (a pipe, a socket or a device)")
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                total.update(chunk)
    except OSError as fault:
        why = "a link to nothing" if isinstance(fault, FileNotFoundError) and path.is_symlink() else fault.strerror
        return CorpusFile(relative, path, "", 0, fault=(why or type(fault).__name__).lower())
    return CorpusFile(relative, path, total.hexdigest(), status.st_size, status.st_mtime_ns)


def _digest(files: tuple[CorpusFile, ...], sidecar: CorpusFile | None, skipped: tuple[str, ...]) -> str:
    """One sha256 over the sorted (path, content) pairs; the sidecar counts by content, whatever its name.

    What is not read counts by name, because a note of the corpus names it; so does why a file cannot be read.
    """
    total = hashlib.sha256()
    rows = sorted((file.relative, file.sha256 or f"unreadable: {file.fault}") for file in files)
    rows += [("\0skipped", name) for name in skipped]
    rows += [("\0sidecar", sidecar.sha256)] if sidecar else []
    for relative, sha in rows:
        total.update(f"{relative}\0{sha}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()
