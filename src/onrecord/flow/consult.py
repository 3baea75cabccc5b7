"""What another program may ask the archive for: quotes, the words at a moment, episodes and questions.

Everything that is given carries its address, and every sentence is a quote: as it was said, by whom, where.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from onrecord.craft.answering import Answer
from onrecord.craft.terms import terms
from onrecord.flow.ask import Open, link, quoted
from onrecord.model.archive import Filter, Said
from onrecord.model.edition import Card, PublishedQuestion
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.time import PubMs

_AROUND = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an episode, where it is asked, and the quotes that a person approved."""

    card: Card
    question: PublishedQuestion
    draft: bool
    link: str
    quotes: tuple[tuple[str, str, str], ...]
    """(by, words, link)."""


def episode(opened: Open, slug: str, wish: Filter) -> tuple[Card, bool]:
    """The card of an episode, and whether it is a draft.

    Raises:
        UserError: there is none of that name, or it is not public and drafts are not asked for.
    """
    number = _number(opened, slug, wish)
    return opened.archive.card(number, wish.at_ms)


def episodes(opened: Open, wish: Filter) -> list[tuple[Card, bool]]:
    """The cards of all episodes that a filter lets through, newest first, each with whether it is a draft."""
    return [opened.archive.card(number, wish.at_ms) for number in opened.archive.episodes(wish)]


def at_moment(opened: Open, slug: str, at: PubMs, wish: Filter) -> Said:
    """The words at a moment of an episode: the sentence that is said then, and those around it by that voice.

    Raises:
        UserError: there is no such episode, or nobody says a word in it.
    """
    number = _number(opened, slug, wish)
    rows = [sentence for _, sentence in opened.archive.sentences(number)]
    if not rows:
        raise UserError((Problem(Place(slug), "there is no transcript of this episode"),))
    here = max((i for i, s in enumerate(rows) if s.at.start <= at), default=0)
    run = [
        s
        for s in rows[max(0, here - _AROUND) : here + _AROUND + 1]
        if (s.turn, s.language) == (rows[here].turn, rows[here].language)
    ]
    return quoted(opened, Answer(number, tuple(run), (), 0.0), wish.at_ms)


def find_words(opened: Open, slug: str, text: str, wish: Filter) -> Said | None:
    """Where words stand in an episode, whatever their case and marks, in whole sentences; None: nowhere.

    Raises:
        UserError: there is no such episode, or there are no words to find.
    """
    number = _number(opened, slug, wish)
    wanted = terms(text, "")
    if not wanted:
        raise UserError((Problem(Place(slug), "there are no words to find"),))
    rows = [sentence for _, sentence in opened.archive.sentences(number)]
    start = 0
    for first, sentence in enumerate(rows):
        if sentence.turn != rows[start].turn:
            start = first
        run: list[str] = []
        for last in range(first, len(rows)):
            if rows[last].turn != sentence.turn:
                break
            own = terms(rows[last].text, "")
            run += own
            if _stands(run, wanted, len(terms(sentence.text, ""))):
                return quoted(opened, Answer(number, tuple(rows[first : last + 1]), (), 0.0), wish.at_ms)
            if len(run) > len(wanted) + 200:
                break
    return None


def _stands(run: list[str], wanted: list[str], within: int) -> bool:
    """Whether the wanted words stand in a run, beginning within its first sentence."""
    size = len(wanted)
    return any(run[i : i + size] == wanted for i in range(min(within, len(run) - size + 1)))


def questions(opened: Open, about: str, wish: Filter) -> Iterator[Asked]:
    """The questions of the archive, newest episode first; `about`: only those with all its words."""
    wanted = set(terms(about, "en"))
    for card, draft in episodes(opened, wish):
        for question in card.asked:
            if not wanted <= set(terms(question.text, card.language)):
                continue
            ids = set(question.ids)
            quotes = tuple(
                (q.by.name, q.text, "" if draft else link(opened.series, card, q.at.start))
                for q in card.quotes
                if q.question_id in ids
            )
            at = question.asked
            if at is None and question.answers:
                at = question.answers[0].at.start
            here = "" if draft or at is None else link(opened.series, card, at)
            yield Asked(card, question, draft, here, quotes)


def _number(opened: Open, slug: str, wish: Filter) -> int:
    found = opened.archive.episodes(Filter(wish.at_ms, episode=slug, drafts=wish.drafts))
    if not found:
        says = f"there is no episode `{slug}`" + ("" if wish.drafts else " that is public")
        raise UserError((Problem(Place(slug), says),))
    return found[0]


def day_of(card: Card) -> date:
    """The day of an episode in its programme's time zone."""
    return date.fromisoformat(card.published[:10])
