"""Every public page and the day of its newest content, for search engines (https://www.sitemaps.org/protocol.html).

A page with a film says so in the terms of https://developers.google.com/search/docs/crawling-indexing/sitemaps/video-sitemaps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

from lxml import etree

from onrecord.craft.prose import printable, shortened
from onrecord.craft.url import absolute, episode_path, organisation_path, person_path, tag_path
from onrecord.model.edition import Card, Site
from onrecord.model.episode import Series
from onrecord.outputs import cards
from onrecord.outputs.base import LISTED

NAME = "sitemap"
KIND = "series"
USES = (*LISTED, "tags", "summary", "video", "poster", "modified")
_OF_ALL = (
    "index.html",
    *(
        f"{part}/index.html"
        for part in ("episodes", "organisations", "people", "questions", "search", "tags")
    ),
)
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_VIDEO = "http://www.google.com/schemas/sitemap-video/1.1"
_MOST_SECONDS = 28_800
"""The longest film that the format knows."""


def render(site: Site) -> Mapping[str, bytes]:
    """Give `sitemap.xml`; nothing while the series has no address of its own."""
    if not absolute(site.series.url, ""):
        return {}
    films = {episode_path(card.slug): card for card in site.cards if card.video}
    spaces: dict[str | None, str] = {None: _SPACE} | ({"video": _VIDEO} if films else {})
    out = BytesIO()
    with etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("urlset", nsmap=spaces):
            for path, changed in sorted(_pages(site)):
                xml.write("\n")
                with xml.element("url"):
                    _write(xml, "loc", absolute(site.series.url, path))
                    _write(xml, "lastmod", changed)
                    if path in films:
                        _film(xml, site.series, films[path])
            xml.write("\n")
    return {"sitemap.xml": out.getvalue() + b"\n"}


def _write(xml: Any, tag: str, words: str) -> None:
    with xml.element(tag):
        xml.write(printable(words))


def _film(xml: Any, series: Series, card: Card) -> None:
    film = card.video
    assert film is not None  # noqa: S101 - the caller has looked
    picture = card.poster or cards.path(card.slug, cards.of_card(series.title, card))
    rows = {
        "thumbnail_loc": absolute(series.url, picture),
        "title": card.title,
        "description": shortened(card.summary or card.title, 2000),
        "content_loc": absolute(series.url, film.path),
        "duration": str(min(max(1, film.duration // 1000), _MOST_SECONDS)),
        "publication_date": card.published,
    }
    with xml.element(f"{{{_VIDEO}}}video"):
        for name, words in rows.items():
            _write(xml, f"{{{_VIDEO}}}{name}", words)


def _pages(site: Site) -> Iterator[tuple[str, str]]:
    """Pages with the time of what is newest on them, ISO 8601; of an episode, its last correction's day."""
    newest: dict[str, str] = {}
    for card in site.cards:
        paths = [episode_path(card.slug), *_OF_ALL]
        paths += [path for billed in card.people if (path := person_path(billed.person.id))]
        paths += [path for billed in card.people if (path := organisation_path(billed.organisation))]
        paths += [path for tag in card.tags if (path := tag_path(tag))]
        changed = card.published
        if card.modified and date.fromisoformat(card.modified) > datetime.fromisoformat(changed).date():
            changed = card.modified
        for path in paths:
            shown = changed if path == episode_path(card.slug) else card.published
            known = newest.get(path)
            if known is None or _moment(known) < _moment(shown):
                newest[path] = shown
    yield from newest.items()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00+00:00")
