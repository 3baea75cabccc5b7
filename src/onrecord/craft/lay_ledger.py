"""The proposal of a ledger: questions with their places, answers and quotes, and the chapters.

Everything is laid out around what a person wrote (pins): a pinned time or answer is taken as it is, a
question that a person says is not there has no place, quotes that stand already are neither proposed again
nor overlapped, and answers that were written by hand are what is quoted from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

from onrecord.craft.asked import Exchange, exchange, shared, within
from onrecord.craft.chapters import Around, Stretch, asked_stretches, chapters
from onrecord.craft.quotes import PER_ANSWER, idf_of, propose
from onrecord.craft.slug import slug
from onrecord.craft.talk import Placed, Talk
from onrecord.model.ledger import Answer, Found, Ledger, Question, Quote
from onrecord.model.time import Ms, Span

_ID_WORDS = 6
_TOUCHING_MS = 2000
_BOTH = 0.5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question that is to be laid out, and what a person has fixed of it (None: nothing).

    `quotes` are those that stand; `gone` the spans of quotes that a person took out.
    """

    id: str
    text: str
    found: Found | None = None
    asked: Ms | None = None
    answers: tuple[Answer, ...] | None = None
    quotes: tuple[Quote, ...] = ()
    gone: tuple[Span[Ms], ...] = ()
    added: bool = False
    """Whether only the person has it."""
    parts: tuple[str, ...] = ()
    """What it asks, where it asks several things."""

    @property
    def is_absent(self) -> bool:
        """Whether a person says that it has no place."""
        return self.found in ("no", "never asked")

    @property
    def pinned(self) -> Span[Ms] | None:
        """Where a person says that it lies, as far as they say it."""
        spans = [answer.span for answer in self.answers or ()]
        if self.asked is not None:
            spans.append(Span(self.asked, Ms(self.asked + 1)))
        if not spans:
            return None
        return Span(min(s.start for s in spans), max(s.end for s in spans))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A ledger, and what it was made of: by question its place, and what is asked after it."""

    ledger: Ledger
    placed: Mapping[str, Placed] = field(default_factory=dict)
    follow_ups: Mapping[str, tuple[Ms, ...]] = field(default_factory=dict)


def ledger(talk: Talk, wanted: Sequence[Wanted], placed: Sequence[Placed], around: Around) -> Proposal:
    """Make the proposal.

    Args:
        talk: the whole conversation.
        wanted: the questions, in the order announced.
        placed: where the layout found each.
        around: the programme, the hosts and the language.
    """
    idf = idf_of(talk, around.language)
    placed = _up_to_the_next(talk, wanted, placed, around)
    questions, follow_ups, stretches = [], {}, []
    for one, place in zip(wanted, placed, strict=True):
        question, more = _question(talk, one, place, around, idf)
        questions.append(question)
        follow_ups[one.id] = more
        if question.found == "yes":
            stretches += _stretch(question, place)
    laid = chapters(talk, stretches, around)
    known = {one.id: place for one, place in zip(wanted, placed, strict=True)}
    return Proposal(Ledger(tuple(questions), laid), known, follow_ups)


def _up_to_the_next(
    talk: Talk, wanted: Sequence[Wanted], placed: Sequence[Placed], around: Around
) -> list[Placed]:
    """Places that last until the next question is asked, with one question to a turn of the host's.

    A layout knows the next question by its words, and these may fall before it is asked: in a follow-up, or
    at the end of an answer. What is said before the host asks still belongs to the question before. And a
    question that nobody asked may have got the answer to the one before it: where both would be asked in
    one turn, it is that of the question whose words it has, unless it has those of both.
    """
    found = [list(place.spans) for place in placed]
    # One that was added by hand was looked for by itself, and may lie within another.
    laid = [(i, spans) for i, spans in enumerate(found) if not wanted[i].added]
    order = sorted((span, i, n) for i, spans in laid for n, span in enumerate(spans))
    for (_, i, n), (after, j, m) in pairwise(order):
        here = found[i][n]
        asks = exchange(talk, [after], wanted[j].text, around.hosts, around.language).asked
        touches = abs(after.start - here.end) <= _TOUCHING_MS
        if wanted[j].asked is not None or wanted[i].asked is not None or asks is None or not touches:
            continue
        if asks > after.start:
            found[i][n], found[j][m] = Span(here.start, asks), Span(asks, after.end)
        elif here.start <= asks < here.end and asks == _asks(talk, wanted[i], here, around):
            _share_out(talk, wanted, (i, n), (j, m), found, asks, around)
    return [
        replace(place, spans=tuple(span for span in spans if span))
        for place, spans in zip(placed, found, strict=True)
    ]


def _asks(talk: Talk, one: Wanted, span: Span[Ms], around: Around) -> Ms | None:
    return exchange(talk, [span], one.text, around.hosts, around.language).asked


def _share_out(
    talk: Talk,
    wanted: Sequence[Wanted],
    one: tuple[int, int],
    other: tuple[int, int],
    found: list[list[Span[Ms]]],
    asks: Ms,
    around: Around,
) -> None:
    """Two neighbours that would be asked in one turn: both have what follows, or that whose words it has."""
    (i, n), (j, m) = one, other
    turn = next(said for said in talk if said.span.start <= asks < said.span.end)
    shares = [shared(turn.text, wanted[k].text, around.language) for k in (i, j)]
    whole, nothing = found[i][n] | found[j][m], Span(asks, asks)
    if min(shares) >= _BOTH:
        found[i][n] = found[j][m] = whole
    elif shares[0] >= shares[1]:
        found[i][n], found[j][m] = whole, nothing
    else:
        found[i][n], found[j][m] = nothing, whole


def pin_of(one: Wanted, number: int, placed: Sequence[Placed], talk: Talk) -> Span[Ms]:
    """The place of a question of which a person fixed something.

    Args:
        one: the question; where only its asking is fixed, it lasts as long as its free place does if that
            holds the moment, else until the next other one begins.
        number: its place in `placed`.
        placed: how it and others were laid out freely.
        talk: the whole conversation.
    """
    pin = one.pinned
    assert pin is not None  # noqa: S101 - the caller has looked
    if one.answers or one.asked is None:
        return pin
    own = [span.end for span in placed[number].spans if span.start <= one.asked < span.end]
    others = [
        span.start
        for i, place in enumerate(placed)
        for span in place.spans
        if i != number and span.start > one.asked
    ]
    end = min([*own, *([] if own else others), talk[-1].span.end])
    return Span(one.asked, max(end, pin.end))


def unannounced(talk: Talk, around: Around) -> tuple[tuple[Wanted, ...], tuple[Placed, ...]]:
    """Where nothing was announced: what the host really asked, as questions with their places."""
    # Where nobody is known to ask, a question may be anybody's turn of phrase.
    found = asked_stretches(talk, around) if around.hosts else ()
    ids = _ids([stretch.question for stretch in found])
    wanted = tuple(Wanted(one, s.question, asked=s.at) for one, s in zip(ids, found, strict=True))
    return wanted, tuple(Placed((stretch.span,), 1.0) for stretch in found)


def _ids(questions: Sequence[str]) -> list[str]:
    """Ids of questions that nobody announced: by their words, so that they are the same the next time.

    >>> _ids(["What now?", "Why?", "What now?", "What now 2?", "What now?"])
    ['what-now', 'why', 'what-now-2', 'what-now-2-2', 'what-now-3']
    """
    ids: list[str] = []
    for question in questions:
        own = "-".join(slug(question).split("-")[:_ID_WORDS])
        numbered = (f"{own}-{n}" for n in count(2))
        ids.append(own if own not in ids else next(one for one in numbered if one not in ids))
    return ids


def _question(
    talk: Talk, one: Wanted, place: Placed, around: Around, idf: Mapping[str, float]
) -> tuple[Question, tuple[Ms, ...]]:
    if one.is_absent:
        assert one.found is not None  # noqa: S101 - it is absent by a person's word
        return Question(one.id, one.text, one.found, one.asked, one.answers or (), one.quotes), ()
    found = exchange(talk, place.spans, one.text, around.hosts, around.language)
    if one.asked is not None:
        found = _asked_at(talk, one, place, found, around)
    answers = found.answers if one.answers is None else one.answers
    is_found = one.found or ("yes" if one.asked is not None or answers or one.quotes else "no")
    quotes = (*one.quotes, *_quotes(talk, one, answers, around.language, idf))
    asked = one.asked if one.asked is not None or is_found == "no" else found.asked
    return Question(one.id, one.text, is_found, asked, answers, quotes), found.follow_ups


def _asked_at(talk: Talk, one: Wanted, place: Placed, found: Exchange, around: Around) -> Exchange:
    """The exchange with what is answered after a moment that a person gave."""
    assert one.asked is not None  # noqa: S101 - the caller has looked
    ends = [span.end for span in place.spans if span.end > one.asked]
    if not ends:
        return found
    spans = [Span(max(one.asked, span.start), span.end) for span in place.spans if span.end > one.asked]
    spans[0] = Span(one.asked, spans[0].end)
    return exchange(talk, spans, one.text, around.hosts, around.language)


def _quotes(
    talk: Talk, one: Wanted, answers: Sequence[Answer], language: str, idf: Mapping[str, float]
) -> list[Quote]:
    """Up to three for each answer, with those that stand."""
    found: list[Quote] = []
    for answer in answers:
        stand = sum(bool(quote.span & answer.span) for quote in one.quotes)
        turns = tuple(said for said in within(talk, answer.span) if said.voice == answer.by)
        taken = [*(quote.span for quote in (*one.quotes, *found)), *one.gone]
        found += propose(turns, one.text, language, idf, most=max(0, PER_ANSWER - stand), taken=taken)
    return found


def _stretch(question: Question, place: Placed) -> list[Stretch]:
    spans = [*place.spans, *(answer.span for answer in question.answers)]
    at = question.asked if question.asked is not None else min((s.start for s in spans), default=None)
    if at is None:
        return []
    whole = Span(min([at, *(s.start for s in spans)]), max([at, *(s.end for s in spans)]))
    return [Stretch(question.text, at, whole)]
