"""Quotes that may be shown: approved, inside the cut, and still word for word what the transcript says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from onrecord.craft.register import fold_name
from onrecord.craft.verbatim import nearest, stands
from onrecord.model.edition import Caption, PublishedQuote
from onrecord.model.ledger import Ledger, Quote
from onrecord.model.people import Billing, Person
from onrecord.model.problem import Place, Problem
from onrecord.model.time import PubMs, Span
from onrecord.model.timeline import Timeline

_SLACK_MS = 1500
_MEND = "mend the quote, or set its approved: to false"


def published_quotes(
    ledger: Ledger,
    billed: Iterable[Billing],
    people: Mapping[str, Person],
    timeline: Timeline,
    captions: Sequence[Caption],
) -> tuple[tuple[PublishedQuote, ...], tuple[Problem, ...]]:
    """The approved quotes with their places in the cut; a grave problem for each that no longer stands."""
    found, fallen = [], []
    roles = {b.person.id: b.title for b in billed}
    for question in ledger.questions:
        for quote in question.quotes:
            if not quote.approved:
                continue
            person = people.get(fold_name(quote.by))
            at = timeline.publish_span(quote.span)
            why = _fallen(quote, person, at, captions)
            if why or person is None or at is None:
                place = quote.place or question.place or Place("questions.yaml")
                fallen.append(Problem(place, why or "the approved quote has no place", _MEND))
            else:
                title = roles.get(person.id, "")
                found.append(PublishedQuote(question.id, person, title, at, quote.text.strip()))
    return tuple(found), tuple(fallen)


def _fallen(quote: Quote, person: Person | None, at: Span[PubMs] | None, captions: Sequence[Caption]) -> str:
    """Why an approved quote no longer stands, and both texts one above the other; empty if it does."""
    if person is None:
        return f"the approved quote is by `{quote.by}`, who is not billed and not in people.yaml"
    if at is None:
        return f"the approved quote “{quote.text}” lies in a passage that the cut does not keep"
    near = Span(PubMs(max(at.start - _SLACK_MS, 0)), PubMs(at.end + _SLACK_MS))
    said = " ".join(c.text for c in captions if c.person == person and c.span & near)
    if stands(quote.text, said):
        return ""
    says = f"the approved quote by {person.name} no longer stands"
    return f"{says}\napproved:       “{quote.text.strip()}”\ntranscript now: “{nearest(quote.text, said)}”"
