"""The demo series: a copy of it in a new folder, with its announced episode a week ahead."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import onrecord
from onrecord.folder import files
from onrecord.folder.layout import SeriesFolder
from onrecord.model.problem import Place, Problem, UserError
from onrecord.text import episode_md

_WEEK = timedelta(days=7)


def demo_source() -> Path:
    """Where the demo series lies: inside an installed package, or beside the sources.

    Raises:
        UserError: this installation came without it.
    """
    package = Path(onrecord.__file__).parent
    for folder in (package / "demo_series", package.parents[1] / "demo" / "series"):
        if (folder / "series.yaml").is_file():
            return folder
    says = "this installation came without the demo series"
    raise UserError((Problem(Place(str(package)), says, "run `make demo` in a checkout of the project"),))


def copy_demo(target: Path) -> SeriesFolder:
    """Copy the demo series; the episode that has no recording is announced for a week from today.

    Raises:
        UserError: the folder exists and is not empty.
    """
    if target.exists() and any(target.iterdir()):
        says = "this folder is not empty"
        raise UserError((Problem(Place(str(target)), says, "name a new folder: onrecord demo FOLDER"),))
    shutil.copytree(demo_source(), target, dirs_exist_ok=True)
    home = SeriesFolder(target.resolve())
    for own in home.episodes:
        if not own.recordings:
            text = own.episode_md.read_text("utf-8")
            soon = date.today() + _WEEK  # noqa: DTZ011 - the calendar on the wall
            files.save(own.episode_md, episode_md.patch(text, ("date",), soon.isoformat()).encode())
            own.root.rename(own.root.with_name(f"{soon.isoformat()}-{own.slug[11:]}"))
    return home
