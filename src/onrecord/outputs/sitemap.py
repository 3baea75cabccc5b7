"""Every public page and the day of its newest content, for search engines (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO

from lxml import etree

from onrecord.craft.url import absolute, episode_path, person_path
from onrecord.model.edition import Site

NAME = "sitemap"
KIND = "series"
_OF_ALL = ("index.html", "people/index.html", "questions/index.html", "search/index.html")
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def render(site: Site) -> Mapping[str, bytes]:
    """Give `sitemap.xml`; nothing while the series has no address of its own."""
    if not absolute(site.series.url, ""):
        return {}
    out = BytesIO()
    with etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("urlset", nsmap={None: _SPACE}):
            for path, changed in sorted(_pages(site)):
                xml.write("\n")
                with xml.element("url"):
                    with xml.element("loc"):
                        xml.write(absolute(site.series.url, path))
                    with xml.element("lastmod"):
                        xml.write(changed)
            xml.write("\n")
    return {"sitemap.xml": out.getvalue() + b"\n"}


def _pages(site: Site) -> Iterator[tuple[str, str]]:
    """Pages with the time of what is newest on them, ISO 8601."""
    newest: dict[str, str] = {}
    for card in site.cards:
        paths = [episode_path(card.slug), *_OF_ALL]
        paths += [path for billed in card.people if (path := person_path(billed.person.id))]
        for path in paths:
            known = newest.get(path)
            if known is None or datetime.fromisoformat(known) < datetime.fromisoformat(card.published):
                newest[path] = card.published
    yield from newest.items()
