"""The programme's home page: what it is, what comes next, and the newest episodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from onrecord.model.edition import Site
from onrecord.outputs import linked
from onrecord.outputs.base import LISTED
from onrecord.outputs.frame import Page, fill, in_time_order, linking_from

NAME = "home"
KIND = "series"
USES = (*LISTED, "summary", "audio", "video")
_NEWEST: Final = 20
"""So many stand here with their summaries; all stand in outputs/episodes.py."""


def render(site: Site) -> Mapping[str, bytes]:
    """Give `index.html`."""
    path = "index.html"
    announced, recorded = in_time_order(site.cards)
    page = Page(
        path=path,
        series=site.series,
        title=site.series.title,
        description=site.series.tagline,
        draft=site.draft,
        link=linking_from(path),
        linked=linked.written(linked.of_site(site)),
        twin="index.md",
    )
    values = {
        "announced": announced,
        "recorded": recorded[:_NEWEST],
        "more": len(site.cards) if len(recorded) > _NEWEST else 0,
    }
    return {path: fill("home.html", page, values)}
