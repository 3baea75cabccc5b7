"""Laying the announced questions out over a conversation, all of them at once.

Looked for one by one, questions fight over the same minutes: each goes where its words are heard most, and
the words of one interview are heard everywhere in it. Laid out together they explain the conversation:
each minute belongs to one question, each question gets a run, and mostly they come in the order in which
they were announced. Three things are checked before that is believed:

    the order       craft/order.py; where the talk went its own way, layouts in many orders are added up
    completeness    a list may name half of what was talked about. All layouts are added up twice, with and
                    without a background between the runs. The more the background explains, for each
                    question, the more its layouts count; so a full list loses next to nothing
    presence        a question may not have been asked: craft/absence.py

A question may come back: where a stretch of the background is about it nearly as much as its own run, it is
its second span.

What a person has pinned is taken out of the conversation first. Where pins are in the order of the list,
the questions between two pins are laid out between them; where not, around all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from onrecord.craft import layout_weights as weigh
from onrecord.craft.absence import doubts
from onrecord.craft.field import Ground, field, ground
from onrecord.craft.order import FOLLOWED, bolder, moved, orders
from onrecord.craft.path import Chances, Field, Run, best, chances
from onrecord.craft.pin import Group, around, covers, free
from onrecord.craft.portion import portions
from onrecord.craft.relevance import Alike, Heard, Idf, Sought, meant, sought
from onrecord.craft.runs import about_each, heaviest, others
from onrecord.craft.talk import Placed, Talk
from onrecord.model.time import Ms, Span

_COMES_BACK = 0.8
"""A stretch is a question's too, if it is about it so much of what its own run is."""

Asked = str | Sequence[str]
"""A question as announced: its text, or its parts."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each question lies, in the order announced; and the stretches that belong to none.

    `order` lists the questions as the conversation takes them up; `followed` says whether that is the
    order in which they were announced, by and large.
    """

    placed: tuple[Placed, ...]
    rest: tuple[Span[Ms], ...] = ()
    order: tuple[int, ...] = ()
    followed: bool = True


def lay_out(
    talk: Talk,
    asked: Sequence[Asked],
    *,
    language: str,
    idf: Idf | None = None,
    cohort: Sequence[Heard] = (),
    host: str = "",
    alike: Alike | None = None,
    pinned: Mapping[int, tuple[Span[Ms], ...]] | None = None,
) -> Layout:
    """Lay announced questions out over a conversation.

    Args:
        talk: The conversation; it may be empty.
        asked: The questions as announced; one with several parts as a list of them.
        language: BCP 47, for stems and cues.
        idf: How rare the series' stems are; the conversation's own where there is none.
        cohort: Other conversations of the series (`hear`); from five on, a question may be found missing.
        host: The voice of the host, where it is known.
        alike: What tells how alike questions and texts are in meaning, where there is something.
        pinned: Spans that a person set, by the question's index: they hold, and the rest is laid out
            around them. No spans: a person says that it is not there.

    Returns:
        A placement for each question, none of whose spans overlap another's unless a person set both; they
        lie inside the talk, and together with the rest they cover it.
    """
    pins = dict(pinned or {})
    whole = portions(talk, language)
    if not whole:
        return Layout(tuple(Placed(pins.get(k, ()), float(k in pins)) for k in range(len(asked))))
    texts = [one if isinstance(one, str) else " ".join(one) for one in asked]
    placed = {k: Placed(spans, 1.0) for k, spans in pins.items()}
    order: list[int] = []
    for group in around(whole, len(texts), pins):
        laid, taken = _group(
            talk, [texts[k] for k in group.questions], group, language, idf, cohort, host, alike
        )
        placed |= {group.questions[k]: where for k, where in laid.items()}
        order += [group.questions[k] for k in taken]
    found = tuple(placed.get(k, Placed((), 0.0)) for k in range(len(texts)))
    kept = len(order) - moved(order)
    return Layout(
        found,
        free(covers(whole), [span for where in found for span in where.spans]),
        tuple(sorted((k for k in placed if placed[k].spans), key=lambda k: placed[k].spans[0].start)),
        followed=kept >= FOLLOWED * len(order),
    )


def _group(
    talk: Talk,
    texts: Sequence[str],
    group: Group,
    language: str,
    idf: Idf | None,
    cohort: Sequence[Heard],
    host: str,
    alike: Alike | None,
) -> tuple[dict[int, Placed], list[int]]:
    """Lay some questions out over some portions: each one's placement, and their order."""
    listed = list(range(len(texts)))
    if not texts or not group.portions:
        return {}, listed
    on = ground(talk, group.portions, language, idf, host)
    questions = [sought(text, language, on.heard.idf) for text in texts]
    none = doubts(texts, questions, on.heard, cohort)
    if len(texts) > len(on.starts):
        none = np.maximum(none, -float(len(on.heard)))
    means = meant(on.heard, texts, alike) if alike else None
    made = field(on, questions, none, means)
    found, order = _found(made)
    runs = best(found.ordered(order), made.ordered(order))
    places = {question: run for question, run in zip(order, runs, strict=True) if run is not None}
    own = {question: _portions(on, run) for question, run in places.items()}
    back = _again(on.heard, questions, own)
    placed = {}
    for question in order:
        at = [own[question], *back.get(question, ())] if question in own else []
        inside = found.within[question, slice(*places[question])] if at else 1 - found.there[question]
        elsewhere = others(on.heard, questions[question], own.get(question), 3)
        placed[question] = Placed(
            _spans(sorted(at), group),
            float(np.clip(np.mean(inside), 0, 1)),
            _spans([run for run in elsewhere if run not in at], group)[:2],
        )
    return placed, order


def _portions(on: Ground, run: Run) -> Run:
    """A run of places as a run of portions."""
    first, end = (int(on.edges[place]) for place in run)
    return first, end


def _found(made: Field) -> tuple[Chances, list[int]]:
    """The chances over all orders that are believed, and the order that is right for most words."""
    believed = orders(made)
    if len(believed) == 1:
        order = believed[0][0]
        return _weighed(made.ordered(order)).ordered(np.argsort(order).tolist()), order
    begins, ends = np.zeros_like(made.begin), np.zeros_like(made.begin)
    free = bolder(made)
    for order, share in believed:
        one = _weighed(free.ordered(order))
        begins[order] += share * one.begins
        ends[order] += share * one.ends
    found = Chances(begins, ends, 0.0)
    right = [_right(found.ordered(order), free.ordered(order)) for order, _ in believed]
    return found, believed[int(np.argmax(right))][0]


def _right(found: Chances, made: Field) -> float:
    """For how many words the best layout in this order is right, on average."""
    said = found.within * np.diff(made.at_words)
    runs = best(found, made)
    return sum(float(said[k, run[0] : run[1]].sum()) for k, run in enumerate(runs) if run is not None)


def _weighed(made: Field) -> Chances:
    """The chances of both kinds of layouts, with a background and without, each as far as it is believed."""
    bare, full = chances(replace(made, rest=None)), chances(made)
    gain = (full.weight - bare.weight) / made.questions
    share = 1 / (1 + np.exp(-np.clip((gain - weigh.REST_FROM) / weigh.REST_SLOPE, -50, 50)))
    return Chances(
        (1 - share) * bare.begins + share * full.begins,
        (1 - share) * bare.ends + share * full.ends,
        float(np.logaddexp(bare.weight, full.weight)),
    )


def _again(heard: Heard, questions: Sequence[Sought], own: Mapping[int, Run]) -> dict[int, list[Run]]:
    """Where a question comes back: runs that no question has, and that are about it as its own run is."""
    edges = [0, *(edge for run in sorted(own.values()) for edge in run), len(heard)]
    free = [(start, stop) for start, stop in zip(edges[::2], edges[1::2], strict=True) if start < stop]
    back: dict[int, list[Run]] = {}
    if not free:
        return back
    about = {question: about_each(heard, questions[question]) for question in own}
    for start, stop in free:
        found = []
        for question, run in own.items():
            (first, end), _ = heaviest(about[question][start:stop])
            mean = float(about[question][start + first : start + end].mean())
            if mean >= _COMES_BACK * float(about[question][slice(*run)].mean()) > 0:
                found.append((mean, question, (start + first, start + end)))
        if found:
            _, question, run = max(found)
            back.setdefault(question, []).append(run)
    return back


def _spans(runs: Sequence[Run], group: Group) -> tuple[Span[Ms], ...]:
    return tuple(span for first, end in runs for span in group.spans(first, end))
