"""The podcast feed: RSS 2.0 with the iTunes, Podcasting 2.0 and Simple Chapters tags.

Rules that are easy to break, each with its test: an item's list of people replaces the channel's, so the
host is named again; `itunes:explicit` is `true` or `false`; the guid is the episode's id and never changes;
the enclosure's length is exact; nothing is dated by the build; what is announced has no item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from onrecord.craft.category import nested
from onrecord.craft.url import absolute, episode_path, person_path, picture_path, web_url
from onrecord.model.edition import Appearance, Card, Site
from onrecord.model.episode import Series
from onrecord.model.recording import Enclosure
from onrecord.outputs import chapters, shownotes
from onrecord.outputs.base import LISTED
from onrecord.outputs.rss import Filled, Table, html, text, write
from onrecord.outputs.transcripts import FORMATS
from onrecord.text import chapters_psc

NAME = "feed"
KIND = "series"
USES = (
    *(*LISTED, "id", "summary", "introduction", "introduction_html", "questions", "references", "links"),
    *("chapters", "audio", "video", "has_transcript"),
)
PLACED = ("id", "published", "state", "draft", "audio")
"""The fields that say whether and where an episode stands in it, and what is said of all."""
FILE = "feed.xml"
MIME = "application/rss+xml"
_BEGINS, _ENDS = b"\n<item>", b"</item>"
"""Neither can be part of what an item says: there `<` is escaped, or cleaned HTML has no such tag."""


@dataclass(frozen=True, slots=True)
class Item:
    """One episode in the feed, with the sound that apps play."""

    series: Series
    card: Card
    sound: Enclosure

    @property
    def published(self) -> datetime:
        """When it came out, with its zone."""
        return datetime.fromisoformat(self.card.published)

    def url(self, file: str) -> str:
        """The whole address of one of the episode's files."""
        return absolute(self.series.url, episode_path(self.card.slug, file))


@dataclass(frozen=True, slots=True)
class Feed:
    """The series with those of its episodes that can be heard, the newest first."""

    series: Series
    items: tuple[Item, ...]

    def url(self, path: str) -> str:
        """The whole address of a file under public/."""
        return absolute(self.series.url, path)


def render(site: Site) -> Mapping[str, bytes]:
    """Give `feed.xml`; nothing while the series has no address of its own."""
    if not absolute(site.series.url, ""):
        return {}
    return {FILE: _written(site)}


def revise(before: bytes, site: Site) -> bytes | None:
    """The feed as it was with these cards' items made anew; None where they do not stand in it once each."""
    for card in site.cards:
        _, begun, made = _written(replace(site, cards=(card,))).partition(_BEGINS)
        if begun:
            item = made[: made.index(_ENDS)]
            guid = item[item.index(b"<guid") : item.index(b"</guid>")]
            at = before.find(guid)
            start, end = before.rfind(_BEGINS, 0, at) + len(_BEGINS), before.find(_ENDS, at)
            if before.count(guid) != 1 or start > at or end < at:
                return None
            before = before[:start] + item + before[end:]
    return before


def _written(site: Site) -> bytes:
    items = tuple(
        Item(site.series, card, _sound(card))
        for card in site.cards
        if card.state == "published" and not card.draft and card.audio
    )
    return write(Feed(site.series, items), CHANNEL, items, ITEM)


def _sound(card: Card) -> Enclosure:
    return next((sound for sound in card.audio if sound.mime == "audio/mpeg"), card.audio[0])


def _author(series: Series) -> str:
    by = ", ".join(part for part in (series.presenter.name, series.presenter.unit) if part)
    return by or (series.host.person.name if series.host else series.title)


def _link(feed: Feed) -> list[Filled]:
    return [Filled(attributes={"href": feed.url(FILE), "rel": "self", "type": MIME})]


def _owner(feed: Feed) -> list[Filled]:
    email = feed.series.email
    below = (("itunes:name", Filled(_author(feed.series))), ("itunes:email", Filled(email)))
    return [Filled(below=below)] if email else []


def _categories(feed: Feed) -> Iterator[Filled]:
    for category, below in nested(feed.series.category):
        inner = (("itunes:category", Filled(attributes={"text": below})),) if below else ()
        yield Filled(attributes={"text": category}, below=inner)


def _artwork(feed: Feed) -> str:
    path = picture_path(feed.series.artwork)
    return feed.url(path) if path else ""


def _image(feed: Feed) -> list[Filled]:
    art = _artwork(feed)
    parts = (("url", Filled(art)), ("title", Filled(feed.series.title)), ("link", Filled(feed.url(""))))
    return [Filled(below=parts)] if art else []


def _locked(feed: Feed) -> list[Filled]:
    owner = {"owner": feed.series.email} if feed.series.email else {}
    return [Filled("yes", owner)]


def _newest(feed: Feed) -> list[Filled]:
    """The date of the newest episode: a feed that says nothing new has no new date."""
    return text(format_datetime(max(item.published for item in feed.items))) if feed.items else []


def _person(series: Series, billed: Appearance) -> Filled:
    person = billed.person
    page = person_path(person.id)
    picture = picture_path(person.picture)
    found = {
        "role": billed.part,
        "group": "cast",
        "href": absolute(series.url, page) if page else web_url(person.url),
        "img": absolute(series.url, picture) if picture else "",
    }
    # The namespace allows 128 characters.
    return Filled(person.name[:128], {key: value for key, value in found.items() if value})


def _host(feed: Feed) -> list[Filled]:
    host = feed.series.host
    if host is None:
        return []
    return [_person(feed.series, Appearance(host.person, "host", host.role, host.organisation))]


def _people(item: Item) -> Iterator[Filled]:
    for billed in item.card.people:
        yield _person(item.series, billed)


def _enclosure(item: Item) -> list[Filled]:
    sound = item.sound
    address = absolute(item.series.url, sound.path)
    return [Filled(attributes={"url": address, "length": str(sound.size_bytes), "type": sound.mime})]


def _alternates(item: Item) -> Iterator[Filled]:
    """Other files of the same conversation, where there are any; the enclosure's own twin is the default."""
    others = [e for e in (*item.card.audio, item.card.video) if e is not None and e != item.sound]
    for media in (item.sound, *others) if others else ():
        attributes = {"type": media.mime, "length": str(media.size_bytes)}
        if media == item.sound:
            attributes["default"] = "true"
        source = Filled(attributes={"uri": absolute(item.series.url, media.path)})
        yield Filled(attributes=attributes, below=(("podcast:source", source),))


def _transcripts(item: Item) -> Iterator[Filled]:
    for name in ("transcript.vtt", "transcript.srt", "transcript.json", "transcript.html"):
        if item.card.has_transcript:
            found = {"url": item.url(name), "type": FORMATS[name].mime, "language": item.card.language}
            rel = {"rel": "captions"} if name.endswith((".vtt", ".srt")) else {}
            yield Filled(attributes={**found, **rel})


def _chapters(item: Item) -> list[Filled]:
    found = {"url": item.url(chapters.FILE), "type": chapters.MIME}
    return [Filled(attributes=found)] if item.card.chapters else []


def _simple_chapters(item: Item) -> list[Filled]:
    below = tuple(
        ("psc:chapter", Filled(attributes=dict(mark))) for mark in chapters_psc.write(item.card.chapters)
    )
    return [Filled(attributes={"version": "1.2"}, below=below)] if below else []


CHANNEL: Final[Table[Feed]] = (
    ("title", lambda f: text(f.series.title)),
    ("link", lambda f: text(f.url(""))),
    ("description", lambda f: text(f.series.tagline or f.series.title)),
    ("language", lambda f: text(f.series.language)),
    ("copyright", lambda f: text(f.series.presenter.name)),
    ("lastBuildDate", _newest),
    ("image", _image),
    ("atom:link", _link),
    ("itunes:author", lambda f: text(_author(f.series))),
    ("itunes:owner", _owner),
    ("itunes:type", lambda _: text("episodic")),
    ("itunes:explicit", lambda f: text("true" if f.series.explicit else "false")),
    ("itunes:category", _categories),
    ("itunes:image", lambda f: [Filled(attributes={"href": art})] if (art := _artwork(f)) else []),
    ("podcast:guid", lambda f: text(f.series.guid)),
    ("podcast:locked", _locked),
    ("podcast:medium", lambda _: text("podcast")),
    ("podcast:person", _host),
)
"""What the feed says of the programme."""

ITEM: Final[Table[Item]] = (
    ("title", lambda i: text(i.card.title)),
    ("itunes:title", lambda i: text(i.card.title)),
    ("link", lambda i: text(i.url("index.html"))),
    ("guid", lambda i: [Filled(i.card.id, {"isPermaLink": "false"})]),
    ("pubDate", lambda i: text(format_datetime(i.published))),
    ("description", lambda i: html(shownotes.short(i.series, i.card))),
    ("content:encoded", lambda i: html(shownotes.whole(i.series, i.card))),
    ("enclosure", _enclosure),
    ("itunes:duration", lambda i: text(str(i.sound.duration // 1000))),
    ("itunes:episodeType", lambda _: text("full")),
    ("itunes:explicit", lambda i: text("true" if i.series.explicit else "false")),
    ("podcast:person", _people),
    ("podcast:transcript", _transcripts),
    ("podcast:chapters", _chapters),
    ("podcast:alternateEnclosure", _alternates),
    ("psc:chapters", _simple_chapters),
)
"""What the feed says of an episode."""
