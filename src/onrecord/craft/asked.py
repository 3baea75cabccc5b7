"""Asked and answered: where a question is asked, by whom it is answered, and what is asked after it.

A layout says in which stretch of the conversation a question is dealt with. Inside it we look for the turn
in which the host asks it: a turn of theirs near the beginning (the stretch may begin with the answer, so the
turn before it counts too) that asks something, or shares words with the question, the more the better:

    turn        host: ... so, Maxim, who are they?  guest: (3 min)  host: And their motives?  guest: ...
    score       shares `who`, asks                  -               asks, but later
                ^ asked                             ^ answer ---------- with a follow-up inside ------->

An answer is what one guest says from there until another guest speaks, the host's follow-ups inside. Words
thrown in (fewer than five) neither begin an answer nor end one. If no turn of the host's qualifies, the
question was answered without being asked: there are answers, which have words of it, and `asked` is empty.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from onrecord.craft.content import asked_stems, stems
from onrecord.craft.sentence import CLOSERS, sentences
from onrecord.craft.talk import Talk
from onrecord.craft.turn import Said
from onrecord.model.ledger import Answer
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

_THROWN_IN_WORDS = 5
_LOOKS_BACK_TURNS = 2
_LATER_COSTS = 0.12
_SHARES_WEIGHT = 1.5
_ENOUGH = 0.6
_ABOUT = 1 / 3
_PUTS = 0.8
"""A sentence of the host's with so much of a question asks it, if it has at least so many words."""
_PUTS_WORDS = 3
_LEAD_WORDS = 50
"""A host who talks longer than this before the question comes is not asking it yet."""
_ASKS = re.compile(r"[?？؟;፧՞\u037e]\Z")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What becomes of a question.

    `asked` is None where it is answered all the same; `answers` are in order of time, `follow_ups` the
    moments at which the host asks on inside them.
    """

    asked: Ms | None
    answers: tuple[Answer, ...]
    follow_ups: tuple[Ms, ...]


def exchange(
    talk: Talk, spans: Sequence[Span[Ms]], question: str, hosts: Collection[str], language: str
) -> Exchange:
    """Find where a question is asked and answered.

    Args:
        talk: the whole conversation.
        spans: where the layout places the question, in order of time; none: nowhere.
        question: as announced.
        hosts: the voices that ask.
        language: BCP 47.
    """
    wanted = frozenset(asked_stems(question, language))
    asked: Ms | None = None
    answers: list[Answer] = []
    follow_ups: list[Ms] = []
    plainly = False
    for span in spans:
        turns = within(talk, span)
        if asked is None:
            before = _host_before(talk, turns, hosts)
            at = _asking_turn([*before, *turns], wanted, hosts, language)
            if at is not None:
                said = [*before, *turns][at]
                asked = _moment(said, wanted, language, opens=said.span.start == talk[0].span.start)
                plainly = is_asking(said) or _puts(said, wanted, language)
                turns = turns[max(0, at + 1 - len(before)) :]
        found, more = _answers(turns, hosts, asked=plainly)
        answers += found
        follow_ups += more
    if not plainly and not _told(talk, answers, wanted, language):
        return Exchange(None, (), ())
    return Exchange(asked, tuple(answers), tuple(follow_ups))


def _told(talk: Talk, answers: Sequence[Answer], wanted: frozenset[str], language: str) -> bool:
    """Whether what nobody plainly asked for is about the question all the same."""
    said = " ".join(said.text for answer in answers for said in within(talk, answer.span))
    return _shared(said, wanted, language) >= _ABOUT


def within(talk: Talk, span: Span[Ms]) -> list[Said]:
    """The turns of a talk with no more of each than begins in a span."""
    found = []
    for said in talk:
        words = tuple(word for word in said.words if word.span.start in span)
        if words:
            found.append(said if len(words) == len(said.words) else Said(said.voice, words))
    return found


def is_asking(said: Said) -> bool:
    """Whether a turn asks anything."""
    return any(_asks(sentence) for sentence in sentences(said.words))


def _puts(said: Said, wanted: frozenset[str], language: str) -> bool:
    """Whether a sentence has the question's own words: recognisers leave out question marks."""
    if len(wanted) < _PUTS_WORDS:
        return False
    spoken = (" ".join(word.text for word in sentence) for sentence in sentences(said.words))
    return any(_shared(text, wanted, language) >= _PUTS for text in spoken)


def last_question(said: Said) -> str:
    """The last sentence of a turn that asks; empty where none does."""
    asking = [s for s in sentences(said.words) if _asks(s)]
    return " ".join(word.text for word in asking[-1]) if asking else ""


def _asks(sentence: Sequence[Word]) -> bool:
    return _ASKS.search(sentence[-1].text.rstrip(CLOSERS)) is not None


def _host_before(talk: Talk, turns: Sequence[Said], hosts: Collection[str]) -> list[Said]:
    """The host's turn right before a stretch that begins with somebody else."""
    if not turns or turns[0].voice in hosts:
        return []
    before = [said for said in talk if said.span.start < turns[0].span.start][-_LOOKS_BACK_TURNS:]
    return [said for said in before if said.voice in hosts][-1:]


def _asking_turn(
    turns: Sequence[Said], wanted: frozenset[str], hosts: Collection[str], language: str
) -> int | None:
    """The turn in which the host asks, None where none qualifies."""
    best, most = None, _ENOUGH
    for rank, i in enumerate(i for i, said in enumerate(turns) if said.voice in hosts):
        score = _SHARES_WEIGHT * _shared(turns[i].text, wanted, language) - _LATER_COSTS * rank
        score += 1.0 if is_asking(turns[i]) else 0.0
        if score > most:
            best, most = i, score
    return best


def shared(text: str, question: str, language: str) -> float:
    """How much of a question's words a text has, 0 to 1."""
    return _shared(text, frozenset(asked_stems(question, language)), language)


def _shared(text: str, wanted: frozenset[str], language: str) -> float:
    return len(wanted & set(stems(text, language))) / max(1, len(wanted))


def _moment(said: Said, wanted: frozenset[str], language: str, *, opens: bool) -> Ms:
    """Where in a turn the question begins: with the turn, unless the host talks for long before it.

    Nor is the welcome with which a conversation opens a question yet.
    """
    said_before = 0
    start = said.span.start
    best = -1.0
    for sentence in sentences(said.words):
        score = _shared(" ".join(word.text for word in sentence), wanted, language)
        score += 0.5 if _asks(sentence) else 0.0
        if said_before > (0 if opens else _LEAD_WORDS) and score > best:
            start = sentence[0].span.start
        best = max(best, score)
        said_before += len(sentence)
    return start


def _answers(turns: Sequence[Said], hosts: Collection[str], *, asked: bool) -> tuple[list[Answer], list[Ms]]:
    replies = [said for said in turns if said.voice not in hosts and said.span]
    counted = [said for said in replies if len(said.words) >= _THROWN_IN_WORDS]
    if asked and not counted:
        counted = sorted(replies, key=lambda said: len(said.words))[-1:]
    answers: list[Answer] = []
    follow_ups: list[Ms] = []
    waiting: list[Ms] = []
    for said in turns:
        if said.voice in hosts:
            waiting += [said.span.start] if answers and is_asking(said) else []
        elif said in counted:
            if answers and answers[-1].by == said.voice:
                answers[-1] = Answer(said.voice, answers[-1].span | said.span)
            else:
                answers.append(Answer(said.voice, said.span))
            follow_ups += waiting
            waiting = []
    return answers, follow_ups
