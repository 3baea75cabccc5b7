"""What a file system is asked for beyond the everyday: to sync, to link, to exchange, to rename for good."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_NO_LINKS: Final = frozenset(
    {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS, errno.EACCES}
)
_NO_SYNC: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})
_NO_EXCHANGE: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP})
_AT_FDCWD: Final = -100
_EXCHANGE: Final = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS
_SYNC_THREADS: Final = 16


@contextlib.contextmanager
def named(path: Path) -> Iterator[None]:
    """Give an error of the file system the name of the file that it is about."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def link_or_copy(source: Path, target: Path) -> bool:
    """Give a file a second name, or copy it where the file system cannot; True if it was linked.

    `target` must not exist yet.
    """
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        import shutil  # noqa: PLC0415 - a build with nothing to do can spare what it loads

        shutil.copy2(source, target)
        return False
    return True


def copy(source: Path, target: Path) -> None:
    """Copy what is in a file."""
    import shutil  # noqa: PLC0415 - see above

    shutil.copyfile(source, target)


def exchange(one: Path, other: Path) -> bool:
    """Let two existing paths change places in one step; False where this system cannot do that.

    Linux: renameat2 with RENAME_EXCHANGE. macOS: renamex_np with RENAME_SWAP.
    """
    import ctypes  # noqa: PLC0415 - see above

    libc = ctypes.CDLL(None, use_errno=True)
    a, b = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, a, _AT_FDCWD, b, _EXCHANGE)
    elif sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(a, b, _EXCHANGE)
    else:
        return False
    if not failed:
        return True
    code = ctypes.get_errno()
    if code in _NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))


def move(source: Path, target: Path) -> None:
    """Rename within one file system and sync the folders on both sides."""
    source.replace(target)
    for folder in {source.parent, target.parent}:
        sync_folder(folder)


def sync_folder(path: Path) -> None:
    """See to it that the names in a folder outlive a power cut."""
    with named(path):
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            sync(fd)
        finally:
            os.close(fd)


def sync_file(path: Path) -> None:
    """See to it that a file's content outlives a power cut."""
    with named(path):
        fd = os.open(path, os.O_RDONLY)
        try:
            sync(fd)
        finally:
            os.close(fd)


def sync_all(files: Iterable[Path], folders: Iterable[Path]) -> None:
    """Sync many files, then the folders that name them; side by side where there are many.

    Each file is synced on its own rather than the whole disk at once (syncfs): an error belongs to the
    file that has it, and a large copy that somebody else is making does not hold us up.
    """
    for sync_one, paths in ((sync_file, list(files)), (sync_folder, list(folders))):
        if len(paths) < 2 * _SYNC_THREADS:
            for path in paths:
                sync_one(path)
        else:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - see above

            with ThreadPoolExecutor(_SYNC_THREADS) as pool:
                list(pool.map(sync_one, paths))


def sync_tree(folder: Path) -> None:
    """Sync all files and folders below a folder, and itself."""
    walked = list(os.walk(folder))
    sync_all(
        (Path(at) / name for at, _, names in walked for name in names),
        (Path(at) for at, _, _ in reversed(walked)),
    )


def sync(fd: int) -> None:
    """See to it that an open file or folder outlives a power cut, where the file system can promise that."""
    try:
        if sys.platform == "darwin":
            import fcntl  # noqa: PLC0415 - only macOS needs its stronger sync

            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
        else:
            os.fsync(fd)
    except OSError as error:
        if error.errno not in _NO_SYNC:  # some shared folders cannot sync; the rename still holds
            raise


def write_all(fd: int, data: bytes) -> None:
    """Write bytes to an open file, all of them."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While the block runs, no other save of ours looks at or changes a file's place in this folder.

    A save that finds another version than the one it was asked to replace puts that one back. Were a second
    save to come in between, its text would be put aside instead. Where folders cannot be locked nobody waits.
    """
    fd = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
