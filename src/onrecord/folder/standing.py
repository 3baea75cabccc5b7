"""Which release stands in public/, which stood before it, and whether its files are as published."""

from __future__ import annotations

import contextlib
from pathlib import Path

from onrecord.folder.manifest import Manifest, Scan, read_manifest, read_name, scan
from onrecord.folder.swap import Home


def previous(root: Path) -> Manifest | None:
    """The manifest of the release one step back; None where none is kept.

    Where the manifest is lost, it lists nothing and its receipt is empty.
    """
    home = Home(root)
    release = read_name(home.previous)
    if release is None:
        return None
    with contextlib.suppress(FileNotFoundError, ValueError, KeyError, TypeError):
        return read_manifest(home.manifest(release))
    return Manifest(release, {}, {})


def current(root: Path) -> Manifest | None:
    """The manifest of the release in public/; None where there is none of ours.

    Where the manifest is lost, the files are read again and the receipt is empty.
    """
    home = Home(root)
    release = read_name(home.public)
    if release is None:
        return None
    with contextlib.suppress(FileNotFoundError, ValueError, KeyError, TypeError):
        manifest = read_manifest(home.manifest(release))
        if manifest.release == release:
            return manifest
    return Manifest(release, scan(home.public, None).good, {})


def look(root: Path) -> Scan | None:
    """What is in public/, beside the manifest of the current release; None where there is none."""
    manifest = current(root)
    return scan(root / "public", manifest) if manifest else None


def damaged(root: Path) -> tuple[str, ...]:
    """Files of the current release that are missing from public/ or were changed there by hand."""
    found = look(root)
    return found.damaged if found else ()
