"""questions.yaml: the ledger of an episode, on the recording's clock."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from onrecord.model.ledger import Answer, Chapter, Found, Ledger, Question, Quote
from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, Span, write_clock
from onrecord.text import yaml_patch
from onrecord.text.border import place_of, read_fields, with_line
from onrecord.text.field import Clock, SomeText, Strict, Yes, mistake
from onrecord.text.yaml_node import Plain

_FOUND = ("yes", "no", "never asked")


def _found(value: Any) -> str:
    word = {"true": "yes", "false": "no"}.get(str(value).lower(), str(value).lower())
    if word not in _FOUND:
        raise mistake(f"`{value}` is not yes, no or never asked", "write: found: yes")
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
        place = place_of(node, "questions", i)
        if q.id in seen:
            says = f"the id `{q.id}` is given twice: line {seen[q.id]} has it too"
            found.append(Problem(place_of(node, "questions", i, "id"), says, "give each question its own id"))
        seen.setdefault(q.id, place.line)
        answers = [
            Answer(a.by, span)
            for j, a in enumerate(q.answers)
            if (span := _span(a, place_of(node, "questions", i, "answers", j), found))
        ]
        quotes = [
            Quote(u.by, span, u.text, u.approved, at)
            for j, u in enumerate(q.quotes)
            if (span := _span(u, at := place_of(node, "questions", i, "quotes", j), found))
        ]
        asked = Ms(q.asked) if q.asked is not None else None
        questions.append(Question(q.id, q.question, q.found, asked, tuple(answers), tuple(quotes), place))
    chapters = [
        Chapter(Ms(c.at), c.title, place_of(node, "chapters", i)) for i, c in enumerate(file.chapters)
    ]
    for before, after in pairwise(chapters):
        if after.at <= before.at and after.place:
            when = "at the same time as" if after.at == before.at else "before"
            says = f"this chapter starts at {write_clock(after.at)}, {when} the one above it"
            found.append(Problem(after.place, says, "put chapters in the order of their times"))
    marked = tuple(with_line(p, text) for p in sorted(found))
    return (None if found else Ledger(tuple(questions), tuple(chapters))), marked


def _span(fields: AnswerFields, place: Place, found: list[Problem]) -> Span[Ms] | None:
    if fields.end > fields.start:
        return Span(Ms(fields.start), Ms(fields.end))
    start, end = write_clock(fields.start), write_clock(fields.end)
    says = f"what {fields.by} says ends ({end}) before it begins ({start})"
    hint = f"write from: {end}, to: {start}" if fields.end < fields.start else "write where it ends"
    found.append(Problem(place, says, hint))
    return None


def write(ledger: Ledger) -> str:
    """Write a ledger: answers, quotes and chapters on a line each."""
    out = ["questions:\n" if ledger.questions else "questions: []\n"]
    out += [question_lines(plain_question(q), "  ") for q in ledger.questions]
    out.append("chapters:\n" if ledger.chapters else "chapters: []\n")
    out += [f"  - {yaml_patch.flow(dict(plain_entry(c)))}\n" for c in ledger.chapters]
    return "".join(out)


def plain_fields(question: Question) -> dict[str, str]:
    """The fields of a question that hold one text each, as they are written."""
    asked = {"asked": write_clock(question.asked)} if question.asked is not None else {}
    return {"id": question.id, "question": question.text, "found": question.found, **asked}


def plain_entry(entry: Answer | Quote | Chapter) -> dict[str, str]:
    """The fields of an answer, a quote or a chapter, as they are written."""
    if isinstance(entry, Chapter):
        return {"at": write_clock(entry.at), "title": entry.title}
    fields = {"by": entry.by, "from": write_clock(entry.span.start), "to": write_clock(entry.span.end)}
    if isinstance(entry, Quote):
        fields |= {"text": entry.text, **({"approved": "true"} if entry.approved else {})}
    return fields


def plain_question(question: Question) -> Plain:
    """A question with its answers and quotes, as it is written."""
    fields: dict[str, Plain] = {**plain_fields(question)}
    lists = (("answers", question.answers), ("quotes", question.quotes))
    return fields | {key: [{**plain_entry(e)} for e in entries] for key, entries in lists if entries}


def question_lines(question: Plain, indent: str) -> str:
    """A plain question as lines: a field, an answer, a quote on each."""
    assert isinstance(question, dict)  # noqa: S101 - it comes from plain_question
    out: list[str] = []
    for key, value in question.items():
        lead = f"{indent}  " if out else f"{indent}- "
        if isinstance(value, str):
            out.append(f"{lead}{key}: {yaml_patch.scalar(value)}\n")
        else:
            out.append(f"{lead}{key}:\n")
            out += [f"{indent}    - {yaml_patch.flow(item)}\n" for item in value]
    return "".join(out)
