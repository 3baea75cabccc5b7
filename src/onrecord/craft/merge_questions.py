"""A questions.yaml and a new proposal into one file: lines that nobody has to change stay as they are.

The ledgers are merged (merge_ledger.py); what differs then is patched into the person's text, field by
field. So comments, order, spacing and the way a time is written survive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from onrecord.craft.merge_ledger import MergedLedger, MergedQuestion, Row, bare, merge_ledgers
from onrecord.model.ledger import Answer, Chapter, Ledger, Question, Quote
from onrecord.model.problem import Place, Problem, UserError
from onrecord.text import questions_yaml, yaml_tree
from onrecord.text.yaml_arrange import Changes, arrange
from onrecord.text.yaml_node import Plain, plain
from onrecord.text.yaml_patch import NotWritable


def merge_questions(base: bytes, mine: bytes, new: bytes) -> tuple[bytes, tuple[Problem, ...]]:
    """Merge files as `merge_ledgers` merges ledgers.

    Args:
        base: the proposal that `mine` was made from.
        mine: the person's file.
        new: the new proposal.

    Returns:
        The merged file, and no problem: where two say different things, what the person wrote stands.

    Raises:
        UserError: one of the three is no questions.yaml that can be read; the places are lines of that file.
    """
    if mine == base:
        return new, ()
    if new in (base, mine):
        return mine, ()
    (_, was), (text, own), (_, fresh) = (read_ledger(data) for data in (base, mine, new))
    merged = merge_ledgers(was, own, fresh, given_fields(text))
    return patched(text, own, merged).encode(), ()


def read_ledger(data: bytes) -> tuple[str, Ledger]:
    """The text and the ledger of a file.

    Raises:
        UserError: it cannot be read; the path is empty.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        place = Place("", data[: error.start].count(b"\n") + 1, 1)
        hint = "save it as UTF-8 in your editor"
        raise UserError((Problem(place, "the file is not UTF-8 text", hint),)) from None
    ledger, problems = questions_yaml.read(text, "")
    if ledger is None:
        raise UserError(problems)
    return text, ledger


def given_fields(text: str) -> dict[str, frozenset[str]]:
    """By id, the fields that are written in the entries of a questions.yaml."""
    node, _ = yaml_tree.read(text, "")
    whole = plain(node) if node is not None else {}
    entries = whole.get("questions", []) if isinstance(whole, dict) else []
    return {
        str(entry.get("id", "")).strip(): frozenset(key for key, value in entry.items() if value != "")
        for entry in entries
        if isinstance(entry, dict)
    }


def patched(text: str, own: Ledger, merged: MergedLedger) -> str:
    """A text that says `own`, patched until it says `merged`."""
    if bare(own) == merged.ledger:
        return text
    try:
        found = _patch(text, own, merged)
        ledger, _ = questions_yaml.read(found, "")
        if ledger is not None and bare(ledger) == merged.ledger:
            return found
    except NotWritable:
        pass
    # A layout of lines that no patch can follow: the content counts for more than the form.
    return questions_yaml.write(merged.ledger)


def _patch(text: str, own: Ledger, merged: MergedLedger) -> str:
    for row in merged.questions:
        if row.mine is not None:
            text = _patch_question(text, row.mine, own.questions[row.mine], row.entry)
    questions: list[tuple[int, Changes] | Plain] = [
        (row.mine, _fields(own.questions[row.mine], row.entry.question))
        if row.mine is not None
        else questions_yaml.plain_question(row.entry.question)
        for row in merged.questions
    ]
    text = arrange(text, ("questions",), questions, questions_yaml.question_lines)
    return arrange(text, ("chapters",), _rows(merged.chapters, own.chapters))


def _patch_question(text: str, i: int, own: Question, merged: MergedQuestion) -> str:
    for key, rows, had in (
        ("answers", _rows(merged.answers, own.answers), own.answers),
        ("quotes", _rows(merged.quotes, own.quotes), own.quotes),
    ):
        if rows or had:
            text = arrange(text, ("questions", i, key), rows)
    return text


def _rows(
    rows: Sequence[Row[Answer]] | Sequence[Row[Quote]] | Sequence[Row[Chapter]],
    own: Sequence[Answer | Quote | Chapter],
) -> list[tuple[int, Changes] | Plain]:
    found: list[tuple[int, Changes] | Plain] = []
    for row in rows:
        new = questions_yaml.plain_entry(row.entry)
        if row.mine is None:
            found.append(dict(new))
        else:
            found.append((row.mine, _changes(questions_yaml.plain_entry(own[row.mine]), new)))
    return found


def _fields(own: Question, new: Question) -> Changes:
    return _changes(questions_yaml.plain_fields(own), questions_yaml.plain_fields(new))


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
    """Where both are written by us, what differs in them differs in meaning."""
    changed: dict[str, Plain | None] = {key: value for key, value in new.items() if old.get(key) != value}
    return changed | {key: None for key in old if key not in new}
