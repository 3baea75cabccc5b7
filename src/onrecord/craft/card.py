"""An edition's card: the small plain summary that pages of the whole series, and the feed, need."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from onrecord.craft import prose
from onrecord.model.edition import Appearance, Card, Edition, PublishedAnswer, PublishedQuestion
from onrecord.model.ledger import Question
from onrecord.model.people import Person
from onrecord.model.time import Ms, PubMs, Span


def card(edition: Edition) -> Card:
    """Summarise an edition; the summary is the introduction's first paragraph as plain text."""
    episode = edition.episode
    return Card(
        id=episode.id,
        slug=episode.slug,
        title=episode.title,
        published=episode.published.isoformat(timespec="seconds"),
        summary=prose.first_paragraph(episode.introduction),
        introduction=episode.introduction,
        state=edition.state,
        people=tuple(appearances(edition)),
        questions=tuple(q.ask for q in episode.questions),
        quotes=edition.quotes,
        tags=episode.tags,
        links=tuple(episode.links.items()),
        references=tuple((r.title, r.url) for r in episode.references),
        language=edition.language,
        chapters=edition.chapters,
        audio=edition.audio,
        video=edition.video,
        checked=episode.checked is not None,
        draft=edition.draft,
        has_transcript=bool(edition.captions),
        asked=edition.asked,
        modified=edition.modified.isoformat() if edition.modified else "",
        introduction_html=prose.to_html(episode.introduction),
        poster=edition.poster,
    )


def appearances(edition: Edition) -> Iterator[Appearance]:
    """Host first, then guests, each as billed on the day."""
    host = edition.episode.host or edition.series.host
    for part, billing in (("host", host), *(("guest", guest) for guest in edition.episode.guests)):
        if billing is not None:
            yield Appearance(billing.person, part, billing.role, billing.organisation)


def asked(edition: Edition) -> tuple[PublishedQuestion, ...]:
    """The announced questions in their order with their places in the cut, then others that the ledger has.

    A question and its entry belong together by their words, or by the words of one of its parts.
    """
    left = {q.id: q for q in edition.ledger.questions}
    people = [appearance.person for appearance in appearances(edition)]
    questions = []
    for announced in edition.episode.questions:
        wanted = {_key(text) for text in (announced.ask, *announced.parts)}
        entries = [q for q in left.values() if _key(q.text) in wanted]
        for entry in entries:
            del left[entry.id]
        questions.append(_published(announced.ask, entries, edition, people))
    found_besides = [q for q in left.values() if q.found == "yes"]
    return (*questions, *(_published(q.text, [q], edition, people) for q in found_besides))


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _published(
    text: str, entries: Iterable[Question], edition: Edition, people: Iterable[Person]
) -> PublishedQuestion:
    entries, line = tuple(entries), edition.timeline
    if not entries or line is None:
        return PublishedQuestion(text, tuple(q.id for q in entries), entries[0].found if entries else "no")
    people = tuple(people)
    moments = [at for q in entries if q.asked is not None and (at := line.publish(q.asked)) is not None]
    answers = sorted(
        (
            PublishedAnswer(_person(a.by, people), at)
            for q in entries
            for a in q.answers
            for at in _spans(edition, a.span)
        ),
        key=lambda a: a.at,
    )
    founds = {q.found for q in entries}
    return PublishedQuestion(
        text,
        tuple(q.id for q in entries),
        "yes" if "yes" in founds else "no" if "no" in founds else "never asked",
        min(moments, default=None),
        tuple(answers),
    )


def _spans(edition: Edition, span: Span[Ms]) -> Iterator[Span[PubMs]]:
    if edition.timeline and (at := edition.timeline.publish_span(span)):
        yield at


def _person(name: str, people: Iterable[Person]) -> Person:
    key = _key(name)
    for person in people:
        if key in {_key(n) for n in (person.id, person.name, *person.also)}:
            return person
    return Person("", name, registered=False)
