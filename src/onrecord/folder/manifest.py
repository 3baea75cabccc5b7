"""The manifest of a release: which files it consists of, and whether a folder still is that release."""

from __future__ import annotations

import contextlib
import json
import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from onrecord.folder import files
from onrecord.model.problem import Place, Problem, UserError

NAME: Final = "release.json"
"""The file by which a release says which one it is."""
_JUNK: Final = frozenset({".DS_Store", "Thumbs.db"})


class Filed(NamedTuple):
    """A published file: what is in it, and the time by which an untouched file is known without reading."""

    sha256: str
    size_bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release: its name, its files by path, and the receipt that the builder left with it (plain JSON)."""

    release: str
    files: Mapping[str, Filed]
    receipt: Mapping[str, Any]

    def write(self) -> bytes:
        """As JSON, the same bytes for the same release."""
        whole = {"release": self.release, "files": dict(sorted(self.files.items())), "receipt": self.receipt}
        return (json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n").encode()

    @classmethod
    def read(cls, data: bytes) -> Manifest:
        """From JSON; ValueError, KeyError or TypeError where it is none."""
        whole = json.loads(data)
        listed = {p: Filed(**f) if isinstance(f, dict) else Filed(*f) for p, f in whole["files"].items()}
        return cls(whole["release"], listed, whole["receipt"])


def read_manifest(path: Path) -> Manifest:
    """A manifest from its file; read once while the file stays the same, because a large one takes its time.

    Raises:
        FileNotFoundError: there is none.
        ValueError, KeyError, TypeError: it is none.
    """
    about = path.stat()
    return _read(path, about.st_size, about.st_mtime_ns, about.st_ino)


@lru_cache(maxsize=2)
def _read(path: Path, _size_bytes: int, _mtime_ns: int, _inode: int) -> Manifest:
    return Manifest.read(path.read_bytes())


@dataclass(frozen=True, slots=True)
class Scan:
    """A release's folder beside its manifest.

    `good` files are as they were published, `damaged` ones missing or changed, `strays` somebody else's.
    """

    good: Mapping[str, Filed]
    damaged: tuple[str, ...]
    strays: tuple[str, ...]
    manifest: Manifest | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication came to: the release now in public/, and whether it is another than before.

    `problems` are warnings: the release stands, but something after it did not go well. `files` are the
    release's as they were found or written in public/, where that is known.
    """

    release: str
    changed: bool
    written: int = 0
    linked: int = 0
    problems: tuple[Problem, ...] = ()
    files: Mapping[str, Filed] = field(default_factory=dict, compare=False, repr=False)


def name_release(wanted: Mapping[str, tuple[str, int]]) -> str:
    """The name of a release: the sha256 over its sorted lines `<sha256>  <path>`, as sha256sum writes them.

    >>> name_release({}) == name_release({"a": ("00", 1)})
    False
    """
    lines = "".join(f"{sha256}  {path}\n" for path, (sha256, _) in sorted(wanted.items()))
    return files.digest(lines.encode())


def read_name(folder: Path) -> str | None:
    """Which release a folder is; None where it is none (a disk that cannot be read is an OSError)."""
    if folder.is_symlink():
        return None
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return str(json.loads((folder / NAME).read_bytes())["release"])
    return None


def scan(folder: Path, manifest: Manifest | None) -> Scan:
    """Compare a folder with its manifest, by size and time first and by content where those differ.

    Without a manifest every file is read and counts as good.
    """
    listed = manifest.files if manifest else {}
    good: dict[str, Filed] = {}
    others: list[str] = []
    for path, entry in _walk(folder):
        filed = listed.get(path)
        if manifest and filed is None:
            others.append(path)
            continue
        found = entry.stat(follow_symlinks=False)
        if filed and found.st_size == filed.size_bytes and found.st_mtime_ns == filed.mtime_ns:
            good[path] = filed
            continue
        marks = (found.st_size, found.st_mtime_ns)
        if entry.is_file(follow_symlinks=False):
            sha256 = files.digest_file(Path(entry.path)) or ""
            if filed is None or filed.sha256 == sha256:
                good[path] = Filed(sha256, *marks)
    return Scan(good, tuple(sorted(listed.keys() - good.keys())), tuple(sorted(others)), manifest)


def marks(folder: Path) -> Iterator[tuple[str, int, int]]:
    """The path, size in bytes and time in ns of every file of a release, as its manifest lists them."""
    for path, entry in _walk(folder):
        found = entry.stat(follow_symlinks=False)
        yield path, found.st_size, found.st_mtime_ns


def strays(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """The paths in a release's folder that are none of the release's files."""
    return tuple(sorted(path for path, _ in _walk(folder) if path not in manifest.files))


def _walk(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file (and link) of a release with its path below it, except its name and what Finder leaves."""
    left = [(str(folder), "")]
    while left:
        at, above = left.pop()
        for entry in os.scandir(at):
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                left.append((entry.path, f"{above}{name}/"))
            elif name not in _JUNK and (above or name != NAME):
                yield above + name, entry


def check_paths(paths: Iterable[str]) -> None:
    """Refuse paths that a web server or another file system would not keep apart.

    Raises:
        UserError: with all of them; an absolute or climbing path, or two that differ in case only.
    """
    problems = []
    spelled: dict[str, str] = {}
    whole: set[str] = set()
    for path in paths:
        parts = path.split("/")
        if not path or path == NAME or any(not _is_name(part) for part in parts):
            problems.append(Problem(Place(f"public/{path}"), "this cannot be the path of a published file"))
            continue
        for i in range(len(parts)):
            step = "/".join(parts[: i + 1])
            other = spelled.setdefault(_fold(step), step)
            if other != step:
                says = f"this path and public/{other} are one and the same on many computers"
                problems.append(Problem(Place(f"public/{path}"), says, "rename one of them"))
                break
        whole.add(path)
    under = {step for path in whole for step in _folders(path)}
    problems += [
        Problem(Place(f"public/{path}"), "this is to be both a file and a folder", "rename one of them")
        for path in sorted(whole & under)
    ]
    if problems:
        raise UserError(tuple(problems))


def _is_name(part: str) -> bool:
    return (
        part not in {"", ".", ".."}
        and len(part.encode(errors="replace")) <= 255
        and not any(c in "\\\x7f" or ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in part)
    )


def _fold(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", path).casefold())


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:i]) for i in range(1, len(parts))]
