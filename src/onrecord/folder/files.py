"""The one module that writes files: whole or not at all, never over a change that the caller has not seen.

A save writes a hidden file in the same folder, syncs it, puts it in place with one rename and syncs
the folder. Where the caller says which version it saw (`if_match`), the old and the new file are
*exchanged* in one step and the old one is looked at afterwards: an editor that saved in the very instant
between look and rename gets its version back, and the caller gets `Changed`.
"""

from __future__ import annotations

import contextlib
import enum
import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from onrecord.folder import disk
from onrecord.model.problem import Place, Problem, UserError

OWN: Final = ".onrecord"
"""The machine's folder within a series folder."""
HISTORY_VERSIONS: Final = 20
"""So many versions of a file are kept when it is saved over."""

_PART: Final = ".part"
_HOST: Final = hashlib.sha256(os.uname().nodename.encode()).hexdigest()[:8]


class Anything(enum.Enum):
    """The type of `ANY`."""

    ANY = "any"


ANY: Final = Anything.ANY
"""`if_match=ANY`: whatever is there may be replaced."""


class Changed(Exception):  # noqa: N818 - it reads as what happened
    """The file is not what the caller saw: somebody else saved it (it pickles).

    `seen` and `now` are sha256 digests, None where there was or is no file.
    """

    def __init__(self, path: str, seen: str | None, now: str | None) -> None:
        super().__init__(path, seen, now)
        self.path, self.seen, self.now = path, seen, now

    def __str__(self) -> str:
        return f"{self.path} was changed by somebody else in the meantime"


def digest(data: bytes) -> str:
    """The sha256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_file(path: Path) -> str | None:
    """The sha256 of a file's content as it stands; None where there is no file."""
    try:
        with disk.named(path), path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def series_folder(path: Path) -> Path:
    """The series folder that a path lies in: the nearest one above with a series.yaml or an `.onrecord`.

    Where there is neither, the path's own folder.
    """
    start = path if path.is_dir() else path.parent
    for folder in (start, *start.parents):
        if (folder / "series.yaml").exists() or (folder / OWN).is_dir():
            return folder
    return start


def save(
    path: Path,
    data: bytes,
    *,
    if_match: str | Anything | None = ANY,
    root: Path | None = None,
    keep_history: Path | None = None,
) -> str:
    """Write a file so that at every moment it is wholly the old or wholly the new one.

    Args:
        path: where; missing folders are made, the file's mode is kept.
        data: the new content.
        if_match: sha256 of what the caller saw there, None if it saw no file, `ANY` not to ask.
        root: the series folder; a link may lead to a place within it (default: within its own folder).
        keep_history: the series folder, if the version saved over is to be kept in its history.

    Returns:
        The sha256 of `data`.

    Raises:
        Changed: what is there is not what the caller saw; nothing was written.
        UserError: the path leads out of `root` by a link.
        OSError: the file could not be written (its `filename` is set); the old one stands.
    """
    target = _inside(path, root or keep_history)
    new = digest(data)
    with disk.named(target):
        old = _read(target) if keep_history or if_match is not ANY else None
        seen = None if old is None else digest(old)
        if if_match is not ANY and seen != if_match:
            raise Changed(str(path), if_match, seen)
        if old == data:
            return new
        make_folder(target.parent)
        if keep_history and old is not None:
            _keep(keep_history, target, old)
        part = _write_beside(target, data)
        try:
            with disk.alone(target.parent):
                _place(part, target, if_match, path)
        finally:
            part.unlink(missing_ok=True)
        disk.sync_folder(target.parent)
    return new


def jot(path: Path, data: bytes) -> None:
    """Write a passing note (progress): whole or not at all, but not synced and not worth a history."""
    part = path.with_name(_part_name())
    with disk.named(part):
        part.write_bytes(data)
    part.replace(path)


def put(made: Path, target: Path) -> None:
    """Move a finished product to its place: synced, then one rename (a copy where it is another disk)."""
    with disk.named(target):
        make_folder(target.parent)
        disk.sync_file(made)
        try:
            made.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            part = target.with_name(_part_name())
            try:
                disk.copy(made, part)
                disk.sync_file(part)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
            made.unlink()
        disk.sync_folder(target.parent)


def append(path: Path, line: bytes) -> None:
    r"""Add a line to a journal and sync it; half a line left by a crash is closed first.

    `line` is given without its `\n`. A reader takes only lines that it can check.
    """
    with disk.named(path):
        make_folder(path.parent)
        fresh = not path.exists()
        fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            size_bytes = os.fstat(fd).st_size
            torn = size_bytes > 0 and os.pread(fd, 1, size_bytes - 1) != b"\n"
            disk.write_all(fd, (b"\n" if torn else b"") + line + b"\n")
            disk.sync(fd)
        finally:
            os.close(fd)
        if fresh:
            disk.sync_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a file or a whole folder, if it is there (a link is removed, never followed)."""
    if path.is_dir() and not path.is_symlink():
        import shutil  # noqa: PLC0415 - a build with nothing to do can spare what it loads

        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, each synced into its parent."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    disk.sync_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove what an interrupted save left in a folder: hidden files of processes that are no more."""
    if not folder.is_dir():
        return
    for left in folder.glob(f".{_HOST}-*{_PART}"):
        pid = left.name.split("-")[1]
        if pid.isdigit() and not _is_alive(int(pid)):
            left.unlink(missing_ok=True)


def history(root: Path, path: Path) -> tuple[Path, ...]:
    """The kept versions of a file, oldest first."""
    return tuple(path for _, path in sorted(_versions(_history_folder(root, path))))


def forget_history(root: Path, path: Path | None = None) -> None:
    """Delete the kept versions of one file, or of all: what is taken down must be nowhere."""
    remove(_history_folder(root, path) if path else root / OWN / "history")


def problem_of(error: OSError, at: str = "") -> Problem:
    """The one-line cause of a failed file call, as a problem for the person at the keyboard."""
    where = at or str(error.filename or "")
    hint = {
        errno.ENOSPC: "make room on the disk and run it again; nothing was lost",
        errno.EACCES: "see who may write there",
        errno.EROFS: "the disk is mounted read-only",
    }
    cause = error.strerror or str(error)
    return Problem(Place(where), f"the file system says: {cause}", hint.get(error.errno or 0, ""))


def _part_name() -> str:
    """A name for a file that is not complete yet; it says whose it is, for `sweep`."""
    return f".{_HOST}-{os.getpid()}-{os.urandom(6).hex()}{_PART}"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _history_folder(root: Path, path: Path) -> Path:
    return root / OWN / "history" / path.resolve().relative_to(root.resolve())


def _versions(folder: Path) -> Iterator[tuple[int, Path]]:
    if folder.is_dir():
        for path in folder.iterdir():
            number = path.name.partition("-")[0]
            if number.isdigit():
                yield int(number), path


def _keep(root: Path, target: Path, old: bytes) -> None:
    folder = _history_folder(root, target)
    kept = sorted(_versions(folder))
    name = f"{kept[-1][0] + 1 if kept else 1:06d}-{digest(old)[:8]}"
    known = next((path for _, path in kept if path.name[7:] == name[7:]), None)
    if known is not None and known.read_bytes() == old:
        known.replace(folder / name)  # the same words again: one copy, counted as the latest
        return
    sweep(folder)
    save(folder / name, old)
    for _, path in kept[: max(0, len(kept) + 1 - HISTORY_VERSIONS)]:
        path.unlink(missing_ok=True)


def _inside(path: Path, root: Path | None) -> Path:
    """The file that a path stands for, links resolved; refused where that is outside `root`."""
    if root is None and not path.is_symlink():
        return path
    home = (root or path.parent).resolve()
    target = path.resolve()
    if target.is_relative_to(home):
        return target
    named = path.relative_to(root) if root and path.is_relative_to(root) else path
    says = f"this is a link that leads to {target}, outside {home}, so it is not written"
    raise UserError((Problem(Place(named.as_posix()), says, "put the file itself into the series folder"),))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write_beside(target: Path, data: bytes) -> Path:
    """A complete and synced hidden file in the target's folder, with the target's mode."""
    part = target.with_name(_part_name())
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        try:
            with contextlib.suppress(FileNotFoundError, PermissionError):
                os.fchmod(fd, stat.S_IMODE(target.stat().st_mode))
            disk.write_all(fd, data)
            disk.sync(fd)
        finally:
            os.close(fd)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def _place(part: Path, target: Path, if_match: str | Anything | None, said: Path) -> None:
    """Put the complete file in its place, unless somebody was quicker."""
    if if_match is ANY:
        part.replace(target)
    elif if_match is None:
        try:
            linked = disk.link_or_copy(part, target)
        except FileExistsError:
            raise Changed(str(said), None, digest_file(target)) from None
        if not linked:
            part.replace(target)  # no hard links here: the copy is replaced by the synced file
    elif disk.exchange(part, target):
        now = digest_file(part)
        if now != if_match:
            disk.exchange(part, target)
            raise Changed(str(said), if_match, now)
    else:
        now = digest_file(target)
        if now != if_match:
            raise Changed(str(said), if_match, now)
        part.replace(target)
