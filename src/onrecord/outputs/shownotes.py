"""What a podcast app shows of an episode: short HTML with people, questions and chapters.

Apps know few tags (p, br, ul, li, a, strong, em), find chapters in lines such as `00:03:12 A shift?`,
and some cut at 4,000 bytes. So the short notes are built in an order of worth and end before the limit:
introduction, people, chapters, questions. A part that does not fit is left out whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from onrecord.craft.prose import shortened
from onrecord.craft.url import absolute, episode_path, safe_url, web_url
from onrecord.model.edition import Card
from onrecord.model.episode import Series
from onrecord.model.time import write_clock
from onrecord.outputs.frame import service

MOST_BYTES = 4000


def short(series: Series, card: Card) -> str:
    """Notes of at most 4,000 bytes."""
    introduction = card.introduction_html.replace("<h2>", "<p><strong>").replace("</h2>", "</strong></p>")
    if len(introduction.encode()) > MOST_BYTES // 2:
        introduction = f"<p>{escape(shortened(card.summary, 600), quote=False)}</p>"
    kept, left = "", MOST_BYTES
    for part in (introduction.strip(), *_parts(series, card)):
        size = len(part.encode(errors="replace")) + 1
        if part and size <= left:
            kept, left = f"{kept}{part}\n", left - size
    return kept.rstrip("\n")


def whole(series: Series, card: Card) -> str:
    """The same with the whole introduction, and the sources."""
    references = "".join(
        f'<li><a href="{escape(url)}">{_text(title)}</a></li>'
        if (url := safe_url(link))
        else f"<li>{_text(title)}</li>"
        for title, link in card.references
    )
    parts = [card.introduction_html.strip(), *_parts(series, card)]
    parts.append(f"<p>References</p>\n<ul>{references}</ul>" if references else "")
    return "\n".join(part for part in parts if part)


def _parts(series: Series, card: Card) -> Iterator[str]:
    yield "<br>\n".join(_billed(card)).join(("<p>", "</p>")) if card.people else ""
    chapters = [f"{write_clock(mark.at // 1000 * 1000)} {_text(mark.title)}" for mark in card.chapters]
    yield "<br>\n".join(chapters).join(("<p>", "</p>")) if chapters else ""
    asked = "".join(f"<li>{_text(question)}</li>" for question in card.questions)
    yield f"<p>In this episode:</p>\n<ul>{asked}</ul>" if asked else ""
    page = absolute(series.url, episode_path(card.slug))
    yield (
        f'<p><a href="{escape(page)}">Transcript, sources and every question at its second</a></p>'
        if page
        else ""
    )
    yield f"<p>{_text(series.tagline)}</p>" if series.tagline else ""
    channels = ", ".join(_channel(name, url) for name, url in card.links or series.links.items())
    hashtag = f"#{_text(series.hashtag)}" if series.hashtag else ""
    elsewhere = " · ".join(part for part in (hashtag, channels and f"Watch and listen: {channels}") if part)
    yield f"<p>{elsewhere}</p>" if elsewhere else ""


def _channel(name: str, link: str) -> str:
    """A channel with its address, or only its name while that is not known."""
    url = web_url(link)
    return f'<a href="{escape(url)}">{_text(service(name))}</a>' if url else _text(service(name))


def _billed(card: Card) -> Iterator[str]:
    for billed in card.people:
        title = ", ".join(part for part in (billed.role, billed.organisation) if part)
        yield f"<strong>{_text(billed.person.name)}</strong>{', ' + _text(title) if title else ''}" + (
            " (host)" if billed.part == "host" else ""
        )


def _text(words: str) -> str:
    return escape(" ".join(words.split()), quote=False)
