"""The style sheet, the scripts and the icon, under names that change when their bytes do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from onrecord.model.edition import Site
from onrecord.model.theme import Theme

NAME = "assets"
KIND = "series"
USES = ()


_SHEETS: Final = ("onrecord.css", "episode.css", "archive.css")
"""Written apart, sent as one: a page waits for a single sheet."""


def _read(name: str) -> bytes:
    return (files("onrecord.outputs") / "assets" / name).read_bytes()


def _named(name: str, data: bytes) -> tuple[str, bytes]:
    stem, _, ending = name.partition(".")
    return f"assets/{stem}-{sha256(data).hexdigest()[:8]}.{ending}", data


_FILES: Final = {
    name: _named(name, _read(name)) for name in ("player.js", "search.js", "episodes.js", "icon.svg")
}
SCRIPT: Final = _FILES["player.js"][0]
"""Where the player's script lives under public/."""
SEARCH: Final = _FILES["search.js"][0]
"""Where the script of the search page lives under public/."""
EPISODES: Final = _FILES["episodes.js"][0]
"""Where the script of the list of all episodes lives under public/."""
ICON: Final = _FILES["icon.svg"][0]
"""Where the little picture of a browser's tab lives under public/."""


def style(theme: Theme) -> str:
    """Where the style sheet of a theme lives under public/."""
    return _sheet(theme)[0]


@lru_cache(maxsize=8)
def _sheet(theme: Theme) -> tuple[str, bytes]:
    own = [theme.style.encode()] if theme.style else []
    return _named("onrecord.css", b"\n".join([*(_read(name) for name in _SHEETS), *own]))


def render(site: Site) -> Mapping[str, bytes]:
    """Give the files that every page names; a browser may keep them for ever."""
    theme = site.series.theme
    own = {f"assets/theme/{name}": data for name, data in theme.files}
    return {**dict(_FILES.values()), **dict([_sheet(theme)]), **own}
