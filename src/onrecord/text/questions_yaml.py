"""questions.yaml: the ledger of an episode, on the recording's clock."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from onrecord.model.ledger import Answer, Chapter, Found, Ledger, Question, Quote
from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, Span, write_clock
from onrecord.text import yaml_patch, yaml_tree
from onrecord.text.border import Clock, SomeText, Strict, Yes, mistake, read_fields, with_line

_FOUND = ("yes", "no", "never asked")


def _found(value: Any) -> str:
    word = {"true": "yes", "false": "no"}.get(str(value).lower(), str(value).lower())
    if word not in _FOUND:
        raise mistake(f"`{value}` is not yes, no or never asked", "write found: yes")
    return word


class AnswerFields(Strict):
    """Who answers, and where."""

    by: SomeText = Field(description="the person's name")
    start: Clock = Field(alias="from", description="where the answer begins")
    end: Clock = Field(alias="to", description="where it ends")


class QuoteFields(AnswerFields):
    """Verbatim words of one person."""

    text: SomeText = Field(description="the words as they stand in the transcript")
    approved: Yes = Field(default=False, description="true makes it public")


class QuestionFields(Strict):
    """An announced question with its place."""

    id: SomeText = Field(description="stays when the question is reworded")
    question: SomeText = Field(description="as announced")
    found: Annotated[
        Found, BeforeValidator(_found), WithJsonSchema({"enum": ["yes", "no", "never asked", True, False]})
    ] = Field("no", description="yes, no (not found) or, only by a person, never asked")
    asked: Clock | None = Field(None, description="where the host asks it")
    answers: list[AnswerFields] = Field([], description="who answers, and where")
    quotes: list[QuoteFields] = Field([], description="verbatim quotes")


class ChapterFields(Strict):
    """A chapter."""

    at: Clock = Field(description="where it begins")
    title: SomeText = Field(description="its title")


class QuestionsFile(Strict):
    """The fields of questions.yaml."""

    questions: list[QuestionFields] = Field([], description="in the order announced")
    chapters: list[ChapterFields] = Field([], description="in time order")


def read(text: str, path: str = "questions.yaml") -> tuple[Ledger | None, tuple[Problem, ...]]:
    """Read the ledger of an episode."""
    file, node, problems = read_fields(QuestionsFile, text, path)
    if file is None or node is None:
        return (None if problems else Ledger()), problems
    found: list[Problem] = []
    questions = []
    seen: dict[str, int] = {}
    for i, q in enumerate(file.questions):
        place = _place(node, "questions", i, path)
        if q.id in seen:
            found.append(Problem(place, f"the id `{q.id}` is given twice", "give each question its own id"))
        seen[q.id] = i
        answers = tuple(a for a in (_answer(a, place, found) for a in q.answers) if a)
        quotes = tuple(
            Quote(a.by, a.span, fields.text, fields.approved, place)
            for fields in q.quotes
            if (a := _answer(fields, place, found))
        )
        asked = Ms(q.asked) if q.asked is not None else None
        questions.append(Question(q.id, q.question, q.found, asked, answers, quotes, place))
    chapters = [
        Chapter(Ms(c.at), c.title, _place(node, "chapters", i, path)) for i, c in enumerate(file.chapters)
    ]
    for before, after in zip(chapters, chapters[1:], strict=False):
        if after.at <= before.at and after.place:
            says = f"chapter starts at {write_clock(after.at)}, not after the one before it"
            found.append(Problem(after.place, says, "put chapters in the order of their times"))
    marked = tuple(with_line(p, text) for p in found)
    return (None if found else Ledger(tuple(questions), tuple(chapters))), marked


def _answer(fields: AnswerFields, place: Place, found: list[Problem]) -> Answer | None:
    if fields.end <= fields.start:
        says = f"what {fields.by} says ends before it begins ({write_clock(fields.start)})"
        found.append(Problem(place, says, "swap `from` and `to`"))
        return None
    return Answer(fields.by, Span(Ms(fields.start), Ms(fields.end)))


def _place(node: yaml_tree.Node, key: str, i: int, path: str) -> Place:
    items = node.get(key) if isinstance(node, yaml_tree.Mapping) else None
    return items.items[i].place if isinstance(items, yaml_tree.Sequence) else Place(path, 1)


def write(ledger: Ledger) -> str:
    """Write a ledger: answers, quotes and chapters on a line each."""
    out = ["questions:\n" if ledger.questions else "questions: []\n"]
    for q in ledger.questions:
        out.append(f"  - id: {yaml_patch.scalar(q.id)}\n")
        out.append(f"    question: {yaml_patch.scalar(q.text)}\n    found: {q.found}\n")
        if q.asked is not None:
            out.append(f"    asked: {write_clock(q.asked)}\n")
        answers = [_write_answer(a.by, a.span) for a in q.answers]
        quotes = [
            {**_write_answer(u.by, u.span), "text": u.text, **({"approved": "true"} if u.approved else {})}
            for u in q.quotes
        ]
        for key, items in (("answers", answers), ("quotes", quotes)):
            if items:
                out.append(f"    {key}:\n")
                out += [f"      - {yaml_patch.flow(dict(item))}\n" for item in items]
    out.append("chapters:\n" if ledger.chapters else "chapters: []\n")
    for c in ledger.chapters:
        out.append(f"  - {yaml_patch.flow({'at': write_clock(c.at), 'title': c.title})}\n")
    return "".join(out)


def _write_answer(by: str, span: Span[Ms]) -> dict[str, str]:
    return {"by": by, "from": write_clock(span.start), "to": write_clock(span.end)}
