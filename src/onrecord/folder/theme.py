"""The series' own theme: templates, a style sheet and what they name, read from `theme/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import read_text
from onrecord.model.problem import Place, Problem
from onrecord.model.theme import Theme

STYLE: Final = "style.css"
_NAMED: Final = (".woff2", ".woff", ".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif")
_SAID: Final = (".md", ".txt", "")
"""What a theme says of itself (README.md, LICENSE): kept to itself."""


def read_theme(home: SeriesFolder) -> tuple[Theme, tuple[Problem, ...]]:
    """The theme, empty where the series has none; a file that it has no use for is told, not grave."""
    templates: list[tuple[str, str]] = []
    files: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    style = ""
    for path in _files(home.theme):
        name, place = path.relative_to(home.theme).as_posix(), home.name(path)
        ending = path.suffix.lower()
        if ending == ".html" or name == STYLE:
            text, wrong = read_text(path, place)
            problems += wrong
            if name == STYLE:
                style = text or ""
            elif text is not None:
                templates.append((name, text))
        elif ending in _NAMED:
            files.append((name, path.read_bytes()))
        elif ending not in _SAID:
            hint = "templates (.html), style.css, fonts (.woff2) and pictures are known"
            problems.append(Problem(Place(place), "a theme has no use for this file", hint, grave=False))
    return Theme(tuple(templates), style, tuple(files)), tuple(problems)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and not path.name.endswith("~"):
            yield path
