"""What a page says to programs that read schema.org: JSON-LD, one graph a page.

A person keeps one identity (the person's page), while the role is that of the day: schema.org's `Role` stands
between the episode and the person. A clip's address is one that the player really follows.

The graph stands in a `script` element, whose text ends at `</script` and changes its meaning at `<!--`
whatever JSON says; so no `<`, `>` or `&` is written as itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from markupsafe import Markup

from onrecord.craft.prose import printable
from onrecord.craft.url import absolute, episode_path, person_path, picture_path, web_url
from onrecord.model.edition import Appearance, Card, Edition, Site
from onrecord.model.episode import Series
from onrecord.model.people import Person
from onrecord.model.recording import Enclosure
from onrecord.model.time import PubMs
from onrecord.outputs.frame import seconds, trusted

Node = dict[str, Any]
_NEWEST: Final = 20
_SIGNS: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def written(nodes: Iterable[Node]) -> Markup:
    """The graph as it may stand inside a `script` element."""
    graph = {"@context": "https://schema.org", "@graph": [_bare(node) for node in nodes]}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    return trusted(printable(text).translate(_SIGNS))


def _bare(value: Any) -> Any:
    """Without what is empty: a property that says nothing is left out."""
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if v not in ("", None, [], ())}
    if isinstance(value, list | tuple):
        return [_bare(v) for v in value]
    return value


def of_series(series: Series) -> Node:
    """The programme."""
    url, art = absolute(series.url, ""), picture_path(series.artwork)
    presenter = series.presenter
    publisher = {"@type": "Organization", "name": presenter.name, "url": web_url(presenter.url)}
    return {
        "@type": "PodcastSeries",
        "@id": f"{url}#series" if url else "",
        "name": series.title,
        "url": url,
        "description": series.tagline,
        "inLanguage": series.language,
        "webFeed": absolute(series.url, "feed.xml"),
        "image": absolute(series.url, art) if art else "",
        "publisher": publisher if presenter.name else None,
        "sameAs": [safe for link in series.links.values() if (safe := web_url(link))],
    }


def of_site(site: Site) -> Iterator[Node]:
    """The home page: the programme and its newest episodes."""
    yield of_series(site.series)
    for card in site.cards[:_NEWEST]:
        yield _named(site.series, card)


def _named(series: Series, card: Card) -> Node:
    return {
        "@type": "PodcastEpisode",
        "name": card.title,
        "url": absolute(series.url, episode_path(card.slug)),
        "datePublished": card.published,
        "partOfSeries": _series_id(series),
    }


def _series_id(series: Series) -> Node | None:
    url = absolute(series.url, "")
    return {"@id": f"{url}#series"} if url else None


def of_person(series: Series, person: Person, cards: Iterable[Card]) -> Iterator[Node]:
    """A person's page: who it is, and the episodes."""
    yield {**_person(series, person), "subjectOf": [_named(series, card) for card in cards]}


def _person(series: Series, person: Person) -> Node:
    page, picture = person_path(person.id), picture_path(person.picture)
    url = absolute(series.url, page) if page else ""
    return {
        "@type": "Person",
        "@id": f"{url}#person" if url else "",
        "name": person.name,
        "url": url,
        "image": absolute(series.url, picture) if picture else "",
        "sameAs": web_url(person.url),
    }


def of_collection(series: Series, path: str, name: str, about: Node, cards: Iterable[Card]) -> Iterator[Node]:
    """The page of an organisation or a tag: what it is about, and the newest of its episodes."""
    yield {
        "@type": "CollectionPage",
        "name": name,
        "url": absolute(series.url, path),
        "about": about,
        "isPartOf": _series_id(series),
        "hasPart": [_named(series, card) for card in islice(cards, _NEWEST)],
    }


def of_episode(edition: Edition, billed: Iterable[Appearance], summary: str, card: str) -> Iterator[Node]:
    """The page of an episode; `card` is the path of its picture."""
    series, episode = edition.series, edition.episode
    page = absolute(series.url, episode_path(episode.slug))
    picture = absolute(series.url, card)
    length = edition.audio[0].duration if edition.audio else None
    yield {
        "@type": "PodcastEpisode",
        "@id": f"{page}#episode" if page else "",
        "name": episode.title,
        "url": page,
        "description": summary,
        "datePublished": episode.published.isoformat(),
        "dateModified": edition.modified.isoformat() if edition.modified else "",
        "inLanguage": edition.language,
        "image": picture,
        "duration": _duration(length),
        "keywords": list(episode.tags),
        "partOfSeries": _series_id(series) or of_series(series),
        "contributor": [_role(series, one) for one in billed],
        "associatedMedia": [_sound(series, sound) for sound in edition.audio],
        "video": _video(edition, summary, page, picture) if edition.video else None,
        "citation": [
            {"@type": "CreativeWork", "name": r.title, "url": web_url(r.url)} for r in episode.references
        ],
        "hasPart": [
            {"@type": "Quotation", "text": q.text, "creator": _person(series, q.by)} for q in edition.quotes
        ],
    }
    if page:
        yield of_series(series)


def _role(series: Series, billed: Appearance) -> Node:
    title = ", ".join(part for part in (billed.role, billed.organisation) if part)
    names = [name for name in (billed.part, title) if name]
    return {"@type": "Role", "roleName": names, "contributor": _person(series, billed.person)}


def _sound(series: Series, sound: Enclosure) -> Node:
    return {
        "@type": "AudioObject",
        "contentUrl": absolute(series.url, sound.path),
        "encodingFormat": sound.mime,
        "contentSize": str(sound.size_bytes),
        "duration": _duration(sound.duration),
    }


def _video(edition: Edition, summary: str, page: str, picture: str) -> Node | None:
    film = edition.video
    if film is None:
        return None
    ends = [*(mark.at for mark in edition.chapters[1:]), film.duration]
    clips = [
        {
            "@type": "Clip",
            "name": mark.title,
            "startOffset": mark.at // 1000,
            "endOffset": -(-end // 1000),
            "url": f"{page}?t={seconds(mark.at // 1000 * 1000)}",
        }
        for mark, end in zip(edition.chapters, ends, strict=False)
    ]
    return {
        "@type": "VideoObject",
        "name": edition.episode.title,
        "description": summary or edition.episode.title,
        "thumbnailUrl": absolute(edition.series.url, edition.poster) if edition.poster else picture,
        "uploadDate": edition.episode.published.isoformat(),
        "contentUrl": absolute(edition.series.url, film.path),
        "encodingFormat": film.mime,
        "contentSize": str(film.size_bytes),
        "duration": _duration(film.duration),
        "inLanguage": edition.language,
        "hasPart": clips if page else [],
    }


def _duration(length: PubMs | None) -> str:
    return "" if length is None else f"PT{length // 1000}S"
