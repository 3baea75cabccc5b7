"""The file border: YAML text to typed fields, and each mistake in them as a problem with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from onrecord.model.problem import Place, Problem
from onrecord.text import yaml_tree
from onrecord.text.field import mistake
from onrecord.text.yaml_mend import advise, quote_for_reading
from onrecord.text.yaml_tree import Mapping, Node, Scalar, Sequence, plain

M = TypeVar("M", bound=BaseModel)


def read_fields(
    model: type[M], text: str, path: str, *, first_line: int = 1
) -> tuple[M | None, Node | None, tuple[Problem, ...]]:
    """Read YAML text and give it its types.

    Returns:
        The typed value, the tree it came from, and every problem with its line; with any problem
        the value is None. An empty text has neither value nor problem.
    """
    text = text.removeprefix("\ufeff")
    fields = frozenset(_all_fields(model, set()))
    node, problems = yaml_tree.read(text, path, first_line=first_line, fields=fields)
    sheet = _Sheet(text.split("\n"), first_line)
    value, more = _validate(model, node, sheet) if node is not None else (None, ())
    # What a line that could not be read lacks or says too much is known only once it is mended.
    unread = {p.place.line: p.line_text for p in problems}
    unread |= {-i: p.hint for i, p in enumerate(more, 1) if p.hint.startswith("did you mean")}
    more = tuple(p for p in more if p.place.line not in unread and not _lost(p, unread.values()))
    found = {(p.place.line, p.says): _told(sheet.with_line(p)) for p in (*more, *problems)}
    return (None if found else value), node, tuple(sorted(found.values()))


def _told(problem: Problem) -> Problem:
    """The problem with sentences of one line, however long and odd what stands in the file."""
    says, hint = (re.sub(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*", " ", t) for t in (problem.says, problem.hint))
    return replace(problem, says=says if len(says) <= 240 else f"{says[:239]}…", hint=hint)


def _lost(problem: Problem, lines: Iterable[str]) -> bool:
    """Whether what is said to be missing stands on one of these lines."""
    field = re.fullmatch(r"`(.+)` is missing", problem.says)
    return field is not None and any(field[1] in line for line in lines)


def place_of(root: Node, *steps: int | str) -> Place:
    """The place of the node that keys and positions lead to, or of the last one on the way there."""
    return _find(root, steps).node.place


def with_line(problem: Problem, text: str, first_line: int = 1) -> Problem:
    """The problem with the line it speaks of."""
    return _Sheet(text.removeprefix("\ufeff").split("\n"), first_line).with_line(problem)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The lines of a text, of which the first is `first_line` of its file."""

    lines: list[str]
    first_line: int

    def at(self, line: int) -> str:
        """A line without its end, empty where there is none."""
        i = line - self.first_line
        return self.lines[i].rstrip("\r") if 0 <= i < len(self.lines) else ""

    def with_line(self, problem: Problem) -> Problem:
        """The problem with the line it speaks of."""
        return problem if problem.line_text else replace(problem, line_text=self.at(problem.place.line))


@dataclass(frozen=True, slots=True)
class _Spot:
    """What an error speaks of: the node, the key before it, and whether brackets stand around it."""

    node: Node
    key: Scalar | None
    in_flow: bool

    def line_with(self, line: str, value: str) -> str | None:
        """The line with another value in the node's place; None if the node is not on one line."""
        start, length = self.node.place.column - 1, self.node.end - self.node.start
        rest = line[start + length :]
        if length > len(line) - start or (self.in_flow and rest[:1] not in (",", "}", "]", " ")):
            return None
        return (line[:start] + value + rest).strip()

    def line_in_quotes(self, line: str) -> str | None:
        """The line with the node's text in quotes; None if the node is not on one line."""
        start, length = self.node.place.column - 1, self.node.end - self.node.start
        if not self.in_flow:
            at = len(line) - len(line.lstrip())
            return (advise(line, max(start, at)) or "").strip() or None
        return self.line_with(line, quote_for_reading(line[start : start + length].strip()))


def _validate(model: type[M], node: Node, sheet: _Sheet) -> tuple[M | None, tuple[Problem, ...]]:
    if not isinstance(node, Mapping):
        hint = "begin with a line such as title: …"
        says = "fields are expected in this file, each on its line: a name, a colon, a space and the text"
        return None, (sheet.with_line(Problem(node.place, says, hint)),)
    try:
        return model.model_validate(plain(node)), ()
    except ValidationError as error:
        errors = error.errors(include_url=False)
    return None, tuple(sheet.with_line(_problem(model, node, e, sheet)) for e in errors)


def inner(model: type[M], value: object) -> M:
    """Validate fields inside a validator; the first mistake becomes the mistake of the whole."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    context = first.get("ctx") or {}
    says, hint = _say(model, first, None)
    raise mistake(
        says, hint or (f"write {context['instead']}" if "instead" in context else "put it in quotes")
    )


def _problem(model: type[BaseModel], root: Node, error: ErrorDetails, sheet: _Sheet) -> Problem:
    spot = _find(root, error["loc"])
    extra = spot.key is not None and error["type"] == "extra_forbidden"
    place = spot.key.place if spot.key is not None and extra else spot.node.place
    says, hint = _say(model, error, spot)
    context, line = error.get("ctx") or {}, sheet.at(place.line)
    written: str | None = None
    if "instead" in context:
        written = spot.line_with(line, str(context["instead"]))
        hint = f"write {context['instead']}"
    elif "in_quotes" in context:
        written = spot.line_in_quotes(line)
        hint = "put it on one line, in quotes"
    return Problem(place, says, f"write: {written}" if written else hint)


def _say(model: type[BaseModel], error: ErrorDetails, spot: _Spot | None) -> tuple[str, str]:
    """A pydantic error in our words: what is wrong, and what to try."""
    context = error.get("ctx") or {}
    field = str(error["loc"][-1]) if error["loc"] else ""
    value = spot.node.value if spot is not None and isinstance(spot.node, Scalar) else ""
    match error["type"]:
        case "mistake":
            return str(context["says"]), str(context["hint"])
        case "missing":
            nested = spot is None or len(error["loc"]) > 1
            return f"`{field}` is missing", f"add `{field}: …`" if nested else f"add a line `{field}: …`"
        case "extra_forbidden":
            near = _nearest(field, sorted(set(_fields(model, error["loc"]))))
            hint = f"did you mean `{near}`?" if near else "docs/formats.md names the fields there are"
            return f"there is no field `{field}`", hint
        case "list_type":
            return f"`{field}` is a list", f"put each one on a line of its own after a dash: - {value or '…'}"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"fields are expected in `{field}`", f"write: {field}: {{{_sample(model, field)}}}"
        case _:
            said = error["msg"][0].lower() + error["msg"][1:]
            return said, f"it says {quote_for_reading(value)}" if value else "look at docs/formats.md"


def _nearest(field: str, names: list[str]) -> str | None:
    """The known name that a wrong one most likely means."""
    word = field.strip().lower().replace(" ", "_").replace("-", "_")
    near = difflib.get_close_matches(word, names, 1) or difflib.get_close_matches(
        word.split("_")[0], names, 1
    )
    return near[0] if near else None


def _sample(model: type[BaseModel], name: str) -> str:
    """The fields to write in a field that holds fields: those that must be there, else the first two."""
    for outer in (model, *_all_models(model, set())):
        found = outer.model_fields.get(name) or outer.model_fields.get("root")
        inside = next(_models(found.annotation), None) if found else None
        if inside is not None:
            fields = [f.alias or key for key, f in inside.model_fields.items() if f.is_required()]
            return ", ".join(f"{key}: …" for key in fields or list(inside.model_fields)[:2])
    return "name: …"


def _find(root: Node, loc: tuple[int | str, ...]) -> _Spot:
    """Walk to the node an error speaks of; steps that are pydantic's own labels are passed over."""
    node, key, flow = root, None, False
    for step in loc:
        if isinstance(node, Mapping):
            pair = next(((k, v) for k, v in node.items if k.value == step), None)
            if pair is not None:
                flow, (key, node) = node.flow, pair
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            flow, key, node = node.flow, None, node.items[step]
    return _Spot(node, key, flow)


def _fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> Iterator[str]:
    """The field names that could stand at a place (below the top, of the whole file: enough for a hint)."""
    return _all_fields(model, set()) if len(loc) > 1 else _names(model)


def _names(model: type[BaseModel]) -> Iterator[str]:
    return (field.alias or name for name, field in model.model_fields.items())


def _all_fields(model: type[BaseModel], seen: set[Any]) -> Iterator[str]:
    yield from _names(model)
    for other in _all_models(model, seen):
        yield from _names(other)


def _all_models(model: type[BaseModel], seen: set[Any]) -> Iterator[type[BaseModel]]:
    """The models in the fields of a model, and in theirs."""
    seen.add(model)
    for field in model.model_fields.values():
        for found in (*_models(field.annotation), *getattr(field, "metadata", ())):
            if isinstance(found, type) and issubclass(found, BaseModel) and found not in seen:
                yield found
                yield from _all_models(found, seen)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in (*getattr(annotation, "__args__", ()), *getattr(annotation, "__metadata__", ())):
        yield from _models(part)
