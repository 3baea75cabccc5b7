"""The tags, that is subjects and places: a page for each, with the episodes and what was asked in them."""

from __future__ import annotations

from collections.abc import Mapping

from onrecord.craft.gathered import Tag, tags
from onrecord.craft.url import tag_path
from onrecord.model.edition import Site
from onrecord.outputs import linked, twin
from onrecord.outputs.base import LISTED
from onrecord.outputs.frame import Page, fill, linking_from
from onrecord.outputs.organisations import counted

NAME = "tags"
KIND = "series"
USES = (*LISTED, "tags", "asked")
INDEX = "tags/index.html"


def render(site: Site) -> Mapping[str, bytes]:
    """Give `tags/index.html` and `tags/<slug>/index.html`."""
    found = tags(site.cards)
    page = Page(
        path=INDEX,
        series=site.series,
        title="Subjects and places",
        description=f"What {site.series.title} has talked about.",
        draft=site.draft,
        link=linking_from(INDEX),
    )
    rows = [(tag_path(tag.name), tag.name, counted(tag.cards)) for tag in found]
    values = {"rows": rows, "nothing": "No episode has a tag yet."}
    return {INDEX: fill("names.html", page, values)} | dict(_page(site, tag) for tag in found)


def _page(site: Site, tag: Tag) -> tuple[str, bytes]:
    path = tag_path(tag.name)
    about = {"@type": "DefinedTerm", "name": tag.name}
    page = Page(
        path=path,
        series=site.series,
        title=tag.name,
        description=f"{tag.name} in {site.series.title}: every conversation, and what was asked.",
        draft=site.draft,
        link=linking_from(path),
        linked=linked.written(linked.of_collection(site.series, path, tag.name, about, tag.cards)),
        twin=path.replace("index.html", twin.FILE),
    )
    return path, fill("tag.html", page, {"tag": tag})
