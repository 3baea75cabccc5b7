"""The style sheet, the player's script and the icon, under names that change when their bytes do."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Final

from onrecord.model.edition import Site

NAME = "assets"
KIND = "series"


def _named(name: str) -> tuple[str, bytes]:
    data = (files("onrecord.outputs") / "assets" / name).read_bytes()
    stem, _, ending = name.partition(".")
    return f"assets/{stem}-{sha256(data).hexdigest()[:8]}.{ending}", data


_FILES: Final = {name: _named(name) for name in ("onrecord.css", "player.js", "icon.svg")}
STYLE: Final = _FILES["onrecord.css"][0]
"""Where the style sheet lives under public/."""
SCRIPT: Final = _FILES["player.js"][0]
"""Where the player's script lives under public/."""
ICON: Final = _FILES["icon.svg"][0]
"""Where the little picture of a browser's tab lives under public/."""


def render(_site: Site) -> Mapping[str, bytes]:
    """Give the files that every page names; a browser may keep them for ever."""
    return dict(_FILES.values())
