"""The page of an episode: everything that the programme says about it, and every word said in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from onrecord.craft import cite
from onrecord.craft.card import appearances
from onrecord.craft.paragraph import to_read
from onrecord.craft.prose import first_paragraph, shortened, to_html
from onrecord.craft.url import absolute, episode_path, relative, tag_path, youtube_id
from onrecord.model.edition import Appearance, Edition, PublishedQuestion, PublishedQuote
from onrecord.model.people import Person
from onrecord.model.recording import Enclosure
from onrecord.model.time import PubMs
from onrecord.outputs import cards, embed, lanes, linked, twin, words
from onrecord.outputs.frame import Page, fill, linking_from, seconds, trusted
from onrecord.outputs.transcripts import FORMATS
from onrecord.outputs.turns import anchors, transcript, voices

NAME = "page"
KIND = "episode"

_YOUTUBE: Final = "https://www.youtube-nocookie.com"


@dataclass(frozen=True, slots=True)
class Explored:
    """A question as the page shows it: who answers, for how long in all, and what is quoted."""

    question: PublishedQuestion
    answered: tuple[tuple[Person, PubMs, int], ...]
    """Who answers, where they first do, and for how many milliseconds in all."""
    quote: PublishedQuote | None


def render(edition: Edition) -> Mapping[str, bytes]:
    """Give `<slug>/index.html`."""
    episode, series = edition.episode, edition.series
    path = episode_path(episode.slug)
    link = linking_from(path)
    questions, turns = edition.asked, to_read(edition)
    places = anchors(turns)
    media = _main_media(edition)
    media_url = link(media.path) if media else ""
    billed = tuple(appearances(edition))
    host = next((a.person for a in billed if a.part == "host"), None)
    voice = voices(host, (a.person for a in billed if a.part == "guest"))
    film = "" if edition.video else next(filter(None, map(youtube_id, episode.links.values())), "")

    def moment(at: PubMs) -> str:
        """Where a time leads: to the words, else to the sound, else nowhere."""
        near = places.near(at)
        return f"#{near}" if near else f"{media_url}#t={seconds(at)}" if media_url else ""

    explored, more_quotes = _explored(questions, edition.quotes)
    whole = media.duration if media else PubMs(max((t.span.end for t in turns), default=0))
    drawn = lanes.picture(lanes.lanes(turns, host), questions, whole, voice, moment)
    summary = shortened(first_paragraph(episode.introduction) or series.tagline, 200)
    drawing = cards.of_edition(edition)
    card = cards.path(episode.slug, drawing)
    page = Page(
        path=path,
        series=series,
        title=episode.title,
        description=summary,
        language=edition.language,
        draft=edition.draft,
        kind="article",
        link=link,
        frames=_YOUTUBE if film else "",
        card=card,
        card_words=drawing.text,
        linked=linked.written(linked.of_episode(edition, billed, summary, card)),
        oembed=embed.oembed_path(episode.slug) if media and absolute(series.url, path) else "",
        twin=episode_path(episode.slug, twin.FILE),
    )
    values = {
        "edition": edition,
        "episode": episode,
        "billed": billed,
        # Two spellings of one tag lead to one page, which is named once.
        "tags": [(where, tag) for where, tag in {tag_path(t): t for t in episode.tags}.items() if where],
        "voice": voice,
        "introduction": trusted(to_html(episode.introduction)),
        "explored": explored,
        "more_quotes": more_quotes,
        "media": media,
        "media_url": media_url,
        "film": film,
        "frames": _YOUTUBE,
        "words_url": words.address(turns) if media else "",
        "moment": moment,
        "lanes": trusted(drawn),
        "transcript": trusted(transcript(turns, places, edition.chapters, voice, escape(media_url))),
        "formats": [
            (FORMATS[file].title, relative(path, episode_path(episode.slug, file))) for file in FORMATS
        ],
        **_cited(edition, billed, absolute(series.url, path), media),
    }
    return {path: fill("episode.html", page, values)}


def _main_media(edition: Edition) -> Enclosure | None:
    """What the page plays: the picture where there is one, else the sound."""
    return edition.video or (edition.audio[0] if edition.audio else None)


def _explored(
    questions: tuple[PublishedQuestion, ...], quotes: tuple[PublishedQuote, ...]
) -> tuple[tuple[Explored, ...], tuple[PublishedQuote, ...]]:
    """Each question with one approved quote; and the quotes that are left."""
    left = list(quotes)
    found = []
    for question in questions:
        quote = next((q for q in left if q.question_id in question.ids), None)
        if quote:
            left.remove(quote)
        found.append(Explored(question, tuple(_answered(question)), quote))
    return tuple(found), tuple(left)


def _answered(question: PublishedQuestion) -> Iterator[tuple[Person, PubMs, int]]:
    """Everybody who answers, in the order in which they first do."""
    for person in dict.fromkeys(answer.by for answer in question.answers):
        spans = [answer.at for answer in question.answers if answer.by == person]
        yield person, min(span.start for span in spans), sum(span.length_ms for span in spans)


def _cited(
    edition: Edition, billed: tuple[Appearance, ...], url: str, media: Enclosure | None
) -> dict[str, object]:
    """How the page says to cite it."""
    presenter = edition.series.presenter
    work = cite.Work(
        title=edition.episode.title,
        series=edition.series.title,
        publisher=", ".join(part for part in (presenter.name, presenter.unit) if part),
        published=edition.episode.published,
        hosts=tuple(a.person.name for a in billed if a.part == "host"),
        guests=tuple(a.person.name for a in billed if a.part == "guest"),
        url=url,
        medium=("Video" if edition.video else "Audio") if media else "",
        length_ms=media.duration if media else 0,
    )
    styles = (("APA", cite.apa(work)), ("Chicago", cite.chicago(work)))
    return {"cite_url": url, "cite_styles": styles, "bibtex": cite.bibtex(work)}
