"""The fast floor: an edition or the series' cards to bytes, one file an output."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, cast

from onrecord.outputs.base import EpisodeOutput, PictureOutput, SeriesOutput


def episode_outputs() -> tuple[EpisodeOutput, ...]:
    """All outputs of an episode, by name.

    >>> [output.NAME for output in episode_outputs()]
    ['chapters', 'embed', 'page', 'said', 'transcripts', 'twin', 'words']
    """
    return tuple(cast("EpisodeOutput", module) for module in _found() if module.KIND == "episode")


def series_outputs() -> tuple[SeriesOutput, ...]:
    """All outputs of the series, by name.

    >>> [output.NAME for output in series_outputs()]  # doctest: +NORMALIZE_WHITESPACE
    ['assets', 'episodes', 'feed', 'home', 'llms', 'notfound', 'organisations', 'people', 'questions',
     'robots', 'search', 'sitemap', 'tags']
    """
    return tuple(cast("SeriesOutput", module) for module in _found() if module.KIND == "series")


def picture_outputs() -> tuple[PictureOutput, ...]:
    """All outputs that draw pictures of an episode, by name.

    >>> [output.NAME for output in picture_outputs()]
    ['cards']
    """
    return tuple(cast("PictureOutput", module) for module in _found() if module.KIND == "picture")


@cache
def _found() -> tuple[Any, ...]:
    found = {}
    for module in (*_in_this_folder(), *(entry.load() for entry in entry_points(group="onrecord.outputs"))):
        if module.KIND not in ("episode", "picture", "series"):
            raise ValueError(f"the output {module.NAME} is of no known kind: {module.KIND}")
        if module.NAME in found:
            raise ValueError(f"two outputs are called {module.NAME}")
        found[module.NAME] = module
    return tuple(found[name] for name in sorted(found))


def _in_this_folder() -> Iterator[Any]:
    """Modules of this folder that say their kind; the others are what these share."""
    for info in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{info.name}")
        if hasattr(module, "KIND"):
            yield module
