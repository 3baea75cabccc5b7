"""The search page: a field for words, and lists that lead everywhere without any script."""

from __future__ import annotations

from collections.abc import Mapping

from onrecord.model.edition import Site
from onrecord.outputs.assets import SEARCH
from onrecord.outputs.frame import Page, fill, linking_from

NAME = "search"
KIND = "series"
USES = ()


def render(site: Site) -> Mapping[str, bytes]:
    """Give `search/index.html`."""
    path = "search/index.html"
    page = Page(
        path=path,
        series=site.series,
        title="Search",
        description=f"Every sentence said in {site.series.title}, with its speaker and its second.",
        draft=site.draft,
        link=linking_from(path),
    )
    return {path: fill("search.html", page, {"module": SEARCH})}
