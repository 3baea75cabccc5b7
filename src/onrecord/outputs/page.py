"""The page of an episode: everything that the programme says about it, and every word said in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from onrecord.craft.card import appearances, asked
from onrecord.craft.paragraph import spoken
from onrecord.craft.prose import first_paragraph, shortened, to_html
from onrecord.craft.url import absolute, episode_path, relative
from onrecord.model.edition import Edition, PublishedQuestion, PublishedQuote
from onrecord.model.recording import Enclosure
from onrecord.model.time import PubMs
from onrecord.outputs.frame import Page, fill, linking_from, seconds, trusted
from onrecord.outputs.transcripts import FORMATS
from onrecord.outputs.turns import anchors, transcript, voice_class

NAME = "page"
KIND = "episode"


def render(edition: Edition) -> Mapping[str, bytes]:
    """Give `<slug>/index.html`."""
    episode, series = edition.episode, edition.series
    path = episode_path(episode.slug)
    link = linking_from(path)
    questions = asked(edition)
    turns = spoken(edition.captions, _begins(edition, questions))
    places = anchors(turns)
    media = _main_media(edition)
    media_url = link(media.path) if media else ""
    billed = tuple(appearances(edition))
    host = next((a.person for a in billed if a.part == "host"), None)

    def moment(at: PubMs) -> str:
        """Where a time leads: to the words, else to the sound, else nowhere."""
        near = places.near(at)
        return f"#{near}" if near else f"{media_url}#t={seconds(at)}" if media_url else ""

    quotes = _quotes_by_question(questions, edition.quotes)
    page = Page(
        path=path,
        series=series,
        title=episode.title,
        description=shortened(first_paragraph(episode.introduction) or series.tagline, 200),
        language=edition.language,
        draft=edition.draft,
        kind="article",
        link=link,
    )
    values = {
        "edition": edition,
        "episode": episode,
        "billed": billed,
        "voice": lambda person: voice_class(person, host),
        "introduction": trusted(to_html(episode.introduction)),
        "questions": [(q, quotes.pop(q, ())) for q in questions],
        "more_quotes": quotes.get(None, ()),
        "media": media,
        "media_url": media_url,
        "moment": moment,
        "transcript": trusted(transcript(turns, places, edition.chapters, host, escape(media_url))),
        "formats": [
            (FORMATS[file].title, relative(path, episode_path(episode.slug, file))) for file in FORMATS
        ],
        "cite_url": absolute(series.url, path),
    }
    return {path: fill("episode.html", page, values)}


def _begins(edition: Edition, questions: tuple[PublishedQuestion, ...]) -> Iterator[PubMs]:
    """Where something begins that the page points at: its words then begin a paragraph."""
    yield from (mark.at for mark in edition.chapters)
    for question in questions:
        yield from (question.asked,) if question.asked is not None else ()
        yield from (answer.at.start for answer in question.answers)


def _main_media(edition: Edition) -> Enclosure | None:
    """What the page plays: the picture where there is one, else the sound."""
    return edition.video or (edition.audio[0] if edition.audio else None)


def _quotes_by_question(
    questions: tuple[PublishedQuestion, ...], quotes: tuple[PublishedQuote, ...]
) -> dict[PublishedQuestion | None, tuple[PublishedQuote, ...]]:
    """Approved quotes under the question that they answer; under None where there is no such question."""
    owner = {question_id: question for question in questions for question_id in question.ids}
    found: dict[PublishedQuestion | None, tuple[PublishedQuote, ...]] = {}
    for quote in quotes:
        question = owner.get(quote.question_id)
        found[question] = (*found.get(question, ()), quote)
    return found
