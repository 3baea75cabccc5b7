"""The notice at the address of an episode that was taken down, in the place of all its outputs."""

from __future__ import annotations

from collections.abc import Mapping

from onrecord.craft.url import episode_path
from onrecord.model.edition import Edition
from onrecord.outputs.frame import Page, fill, linking_from


def render(edition: Edition) -> Mapping[str, bytes]:
    """Give `<slug>/index.html`: there was an episode, since when it is gone, and the reason if one is given.

    It has no KIND: it is no output among others, but stands in for all of them, also those of other packages.
    """
    path = episode_path(edition.episode.slug)
    page = Page(
        path=path,
        series=edition.series,
        title="Episode withdrawn",
        language=edition.language,
        draft=edition.draft,
        hidden=True,
        link=linking_from(path),
    )
    gone = edition.episode.withdrawn
    announced = gone is not None and gone.on < edition.episode.published.date()
    return {path: fill("tombstone.html", page, {"episode": edition.episode, "announced": announced})}
