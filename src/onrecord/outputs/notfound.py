"""The page for an address that leads nowhere; it is shown at any depth, so its links start at the root."""

from __future__ import annotations

from collections.abc import Mapping

from onrecord.craft.url import rooted
from onrecord.model.edition import Site
from onrecord.outputs.base import LISTED
from onrecord.outputs.frame import Page, fill

NAME = "notfound"
KIND = "series"
USES = (*LISTED, "summary", "audio", "video")


def render(site: Site) -> Mapping[str, bytes]:
    """Give `404.html`."""
    page = Page(
        path="404.html",
        series=site.series,
        title="Page not found",
        draft=site.draft,
        link=lambda to: rooted(site.series.url, to),
    )
    return {"404.html": fill("notfound.html", page, {"newest": site.cards[:3]})}
