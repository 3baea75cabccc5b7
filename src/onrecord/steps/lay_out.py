"""Lay the questions out along the conversation: where each is asked, who answers, what to quote, chapters.

The result is questions.yaml, for a person to correct. What they fixed comes back as pins: the next layout is
made around them, and merged into the person's file (craft/merge_questions.py).

Which words are rare, and whether a question was asked at all, shows beside other conversations of the
series: the first ones, so that a new episode changes nothing for those before it. They are no inputs by
their digest: a correction in an old transcript is no reason to lay out another ledger anew.

With `meaning:` in series.yaml what is said is also compared with a question by meaning (engines/meaning.py;
in the languages that the engine knows). With `chooser:` a language model is shown the places that were
found for a question and may choose another of them, by its number; nothing that it writes gets anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from onrecord.craft.as_talk import as_talk, who_asks
from onrecord.craft.chapters import Around
from onrecord.craft.language import stated
from onrecord.craft.lay_ledger import Proposal, Wanted, ledger, pin_of, unannounced
from onrecord.craft.layout import lay_out
from onrecord.craft.locate import locate
from onrecord.craft.merge_questions import read_ledger
from onrecord.craft.pins import wanted
from onrecord.craft.quotes import idf_of as idf_of_talk
from onrecord.craft.read_out import in_order, read_out
from onrecord.craft.register import fold_name
from onrecord.craft.talk import Placed
from onrecord.folder.correct import made_from
from onrecord.model.ledger import Answer, Ledger, Quote
from onrecord.model.problem import UserError
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word
from onrecord.steps import beside
from onrecord.text import questions_yaml, vtt

if TYPE_CHECKING:
    from onrecord.craft.talk import Talk
    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "lay_out"
VERSION = 3
MERGE = "onrecord.craft.merge_questions:merge_questions"
"""How a new proposal comes into a questions.yaml that a person corrected."""


def order(desk: Desk) -> Task | None:
    """A ledger is proposed from a transcript; one that a person wrote without us is left alone."""
    given = desk.folder.questions.exists() and not (desk.folder.record / f"{NAME}.json").exists()
    if given or desk.episode.transcript_clock != "recording":
        return None
    try:
        base, mine = _ledgers(desk)
    except UserError:
        return None  # reading the episode has told what is wrong in it
    announced = {one.ask: one.parts for one in desk.episode.questions}
    questions, gone = wanted(tuple(announced), base, mine)
    questions = tuple(replace(one, parts=announced.get(one.text, ())) for one in questions)
    words = () if desk.transcript_given else ("record/spelled.json",)
    return desk.task(
        NAME,
        VERSION,
        needs=("transcript.vtt", *words),
        makes=("questions.yaml", "cache/ledger.json"),
        params={
            "language": stated(desk.episode, desk.series),
            "title": desk.episode.title,
            "announced": bool(announced),
            "questions": [_packed(one) for one in questions],
            "gone": list(gone),
            "people": _people(desk),
            "kept": desk.kept,
            "series": beside.others(desk),
            "meaning": desk.series.meaning,
            "chooser": list(desk.series.chooser),
        },
        correctable=True,
        merge=MERGE,
    )


def do(work: Work) -> dict[str, Any]:
    """Make the proposal of questions.yaml.

    Needs: transcript.vtt as it stands; spelled.json (of spell), where there is one, for its words' times.
    Params: `language` (BCP 47; empty: the transcript's), `title`, `announced` (whether the episode announces
    anything), `questions` (what is to be laid out with what a person fixed of it), `gone` (ids that a person
    took out), `people` ([{"name", "also", "role"}, ...]), `kept` ([[start_ms, end_ms], ...]: the programme),
    `series` (paths of other transcripts), `meaning` (the engine that compares by meaning, or empty),
    `chooser` ([address, model] of a language model's server, or two empty texts).
    Makes questions.yaml, and ledger.json: by id where each question was placed, how sure that is, up to two
    other places, and when the host asks on.
    """
    transcript_file, *words_file = work.needs
    transcript, _ = vtt.read(transcript_file.read_text("utf-8"), transcript_file.name)
    heard = json.loads(words_file[0].read_text("utf-8"))["words"] if words_file else []
    words = [Word(Span(Ms(start), Ms(end)), text, sure) for start, end, text, sure in heard]
    people = work.params["people"]
    names = {fold_name(name): p["name"] for p in people for name in (p["name"], *p["also"])}
    cues = transcript.cues if transcript else ()
    talk = as_talk(cues, words, [Span(Ms(a), Ms(b)) for a, b in work.params["kept"]], names)
    language = str(work.params["language"] or (transcript.language if transcript else ""))
    hosts = who_asks(talk, [p["name"] for p in people if p["role"] == "host"])
    work.tell(0, 1, "laying out the questions")
    questions = [_unpacked(one) for one in work.params["questions"]]
    around = Around(_programme(talk, work.params["kept"]), language, hosts, str(work.params["title"]))
    others = [transcript_file.parent / path for path in work.params["series"]]
    usual = replace(
        beside.usual(talk, others, language), alike=beside.alike_by(work.params["meaning"], language)
    )
    proposal, followed, problems = _lay(talk, questions, around, work.params, usual)
    (work.scratch / "questions.yaml").write_text(questions_yaml.write(proposal.ledger), "utf-8")
    told = {"questions": _told(proposal), "followed": followed, "hosts": sorted(hosts)}
    (work.scratch / "ledger.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    work.tell(1, 1, "the questions are laid out")
    found = [q for q in proposal.ledger.questions if q.found == "yes"]
    return {
        "questions": len(proposal.ledger.questions),
        "found": len(found),
        "quotes": sum(len(q.quotes) for q in found),
        "chapters": len(proposal.ledger.chapters),
        "problems": [*problems, *([] if followed else [_not_followed()])],
    }


def _lay(
    talk: Talk, questions: Sequence[Wanted], around: Around, params: Mapping[str, Any], usual: beside.Usual
) -> tuple[Proposal, bool, list[dict[str, Any]]]:
    """Lay questions out: those that were announced together, those that a person added one by one.

    Returns:
        The proposal, whether the order of the list is followed, and problems of the chooser.
    """
    if not talk:
        return ledger(talk, questions, [_nowhere()] * len(questions), around), True, []
    host = next(iter(sorted(around.hosts)), "")
    if not params["announced"]:
        return _unannounced(talk, questions, around, params, usual), True, []
    together = [one for one in questions if not one.is_absent and not one.added]
    idf = idf_of_talk(talk, around.language)
    read = read_out(talk, [one.text for one in together], around.hosts, around.language, idf)
    order = in_order(len(together), read)
    together = [together[k] for k in order]
    texts = [one.parts or one.text for one in together]
    lay = partial(
        lay_out,
        talk,
        texts,
        language=around.language,
        host=host,
        idf=usual.idf,
        cohort=usual.cohort,
        alike=usual.alike,
    )
    laid = lay()
    pinned = {
        i: (pin_of(one, i, laid.placed, talk),) for i, one in enumerate(together) if one.pinned is not None
    }
    if pinned:
        laid = lay(pinned=pinned)
    chosen, problems = beside.choose(talk, [one.text for one in together], laid, pinned, params["chooser"])
    if chosen:
        laid = lay(pinned=pinned | chosen)
    places = {one.id: place for one, place in zip(together, laid.placed, strict=True)}
    placed = [_place(talk, one, places, around, host, usual) for one in questions]
    followed = laid.followed and list(order) == sorted(order)
    return ledger(talk, questions, placed, around), followed, problems


def _unannounced(
    talk: Talk, fixed: Sequence[Wanted], around: Around, params: Mapping[str, Any], usual: beside.Usual
) -> Proposal:
    """What the host really asked, and what a person made of it the last time."""
    own = {one.id: one for one in fixed}
    asked, places = unannounced(talk, around)
    found = [(one, place) for one, place in zip(asked, places, strict=True) if one.id not in params["gone"]]
    found = [(own.pop(one.id, one), place) for one, place in found]
    host = next(iter(sorted(around.hosts)), "")
    found += [(one, _place(talk, one, {}, around, host, usual)) for one in own.values()]
    return ledger(talk, [one for one, _ in found], [place for _, place in found], around)


def _place(
    talk: Talk, one: Wanted, places: Mapping[str, Placed], around: Around, host: str, usual: beside.Usual
) -> Placed:
    """Where a question lies: as it was laid out with the others, else by a person's word, else by itself."""
    if one.is_absent:
        return _nowhere()
    if one.id in places:
        return places[one.id]
    found = locate(talk, one.text, language=around.language, host=host, idf=usual.idf, alike=usual.alike)
    if one.pinned is None:
        return found
    return Placed((pin_of(one, 0, (found, *places.values()), talk),), 1.0, found.others)


def _nowhere() -> Placed:
    return Placed((), 0.0)


def _programme(talk: Talk, kept: Sequence[Sequence[int]]) -> Span[Ms]:
    """From the first kept moment to the last; where the cut has no end, to the last word."""
    start = min((Ms(a) for a, _ in kept), default=Ms(0))
    end = max((Ms(b) for _, b in kept), default=Ms(0))
    said = talk[-1].span.end if talk else start
    return Span(start, max(start, min(end, said)))


def _ledgers(desk: Desk) -> tuple[Ledger, Ledger]:
    """What the machine wrote and what stands now.

    Raises:
        UserError: what stands cannot be read.
    """
    path = desk.folder.questions
    if not path.exists():
        return Ledger(), Ledger()
    mine = path.read_bytes()
    base = made_from(path, desk.folder.record / f"{NAME}.json")
    return read_ledger(mine if base is None else base)[1], read_ledger(mine)[1]


def _people(desk: Desk) -> list[dict[str, Any]]:
    host = desk.episode.host
    return [
        {
            "name": b.person.name,
            "also": [b.person.id, *b.person.also],
            "role": "host" if b is host else "guest",
        }
        for b in desk.episode.billed
    ]


def _packed(one: Wanted) -> dict[str, Any]:
    """Only what is fixed, so that a question nobody touched is two texts."""
    whole: dict[str, Any] = {"id": one.id, "text": one.text}
    if one.parts:
        whole["parts"] = list(one.parts)
    if one.added:
        whole["added"] = True
    if one.found is not None:
        whole["found"] = one.found
    if one.asked is not None:
        whole["asked"] = one.asked
    if one.answers is not None:
        whole["answers"] = [[a.by, a.span.start, a.span.end] for a in one.answers]
    if one.quotes:
        whole["quotes"] = [[q.by, q.span.start, q.span.end, q.text, q.approved] for q in one.quotes]
    if one.gone:
        whole["gone"] = [[span.start, span.end] for span in one.gone]
    return whole


def _unpacked(whole: Mapping[str, Any]) -> Wanted:
    answers = whole.get("answers")
    return Wanted(
        whole["id"],
        whole["text"],
        whole.get("found"),
        whole.get("asked"),
        None if answers is None else tuple(Answer(by, Span(Ms(a), Ms(b))) for by, a, b in answers),
        tuple(Quote(by, Span(Ms(a), Ms(b)), text, ok) for by, a, b, text, ok in whole.get("quotes", ())),
        tuple(Span(Ms(a), Ms(b)) for a, b in whole.get("gone", ())),
        added=bool(whole.get("added")),
        parts=tuple(whole.get("parts", ())),
    )


def _told(proposal: Proposal) -> dict[str, Any]:
    return {
        one: {
            "spans": [[span.start, span.end] for span in place.spans],
            "sure": round(place.sure, 3),
            "others": [[span.start, span.end] for span in place.others],
            "follow_ups": list(proposal.follow_ups.get(one, ())),
        }
        for one, place in proposal.placed.items()
    }


def _not_followed() -> dict[str, Any]:
    return {
        "path": "episode.md",
        "says": "the conversation does not follow the order in which the questions are announced",
        "hint": "they were looked for in any order; see in questions.yaml whether each is where it belongs",
        "grave": False,
    }
