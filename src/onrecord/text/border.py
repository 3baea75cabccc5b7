"""The file border: pydantic types for what people write, and its errors as problems with places."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from onrecord.model.problem import Problem
from onrecord.model.time import Ms, Span, read_clock, write_clock
from onrecord.text import yaml_tree
from onrecord.text.yaml_tree import Mapping, Node, Scalar, Sequence, plain, quote_for_reading

M = TypeVar("M", bound=BaseModel)


class Strict(BaseModel):
    """A mapping in which every key is known."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def mistake(says: str, hint: str = "") -> PydanticCustomError:
    """A user's mistake inside a validator: what is wrong, and what to type."""
    return PydanticCustomError("mistake", "{says}", {"says": says, "hint": hint})


def _text(value: Any) -> str:
    if isinstance(value, dict) and len(value) == 1:
        # "- Serbia: what next?" is a mapping to YAML and a sentence to everybody else.
        ((key, rest),) = value.items()
        if isinstance(rest, str):
            return f"{key}: {rest}".strip()
    if not isinstance(value, str):
        kind = "a list" if isinstance(value, list) else "a group of fields"
        raise mistake(f"a text is expected here, not {kind}", "put it on one line, in quotes")
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value):
        raise mistake("a control character stands in this text", "delete it and type the word again")
    return value.strip()


def _some_text(value: Any) -> str:
    text = _text(value)
    if not text:
        raise mistake("this is empty", 'a text that begins with # needs quotes, such as "#Debrief"')
    return text


def _clock(value: Any) -> Ms:
    at = read_clock(value) if isinstance(value, str) else None
    if at is None:
        raise mistake(f"`{value}` is not a time", "write hours:minutes:seconds, such as 00:03:12.400")
    return Ms(at)


def _passage(value: Any) -> Span[Ms]:
    ends = re.split(r"\s*[-–—]\s*", value.strip()) if isinstance(value, str) else []
    times = [read_clock(end) for end in ends]
    if len(times) != 2 or times[0] is None or times[1] is None:
        raise mistake(f"`{value}` is not a passage", "write two times, such as 00:14:05 - 00:14:50")
    if times[1] <= times[0]:
        raise mistake(f"the passage ends ({ends[1]}) before it begins ({ends[0]})", "swap the two times")
    return Span(Ms(times[0]), Ms(times[1]))


def write_passage(span: Span[Ms]) -> str:
    """`00:14:05 - 00:14:50`."""
    return f"{write_clock(span.start)} - {write_clock(span.end)}"


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else _no_day(value)
    except ValueError:
        return _no_day(value)


def _no_day(value: Any) -> date:
    raise mistake(f"`{value}` is not a date", "write year-month-day, such as 2025-03-13")


def _moment(value: Any) -> date | datetime:
    if isinstance(value, str) and len(value) > 10:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            _no_day(value)
        else:
            return moment
    return _day(value)


def write_offset(moment: datetime) -> str:
    """An ISO 8601 time with seconds and its zone's offset."""
    return moment.isoformat(timespec="seconds")


def _yes(value: Any) -> bool:
    if value in (True, False):
        return bool(value)
    word = str(value).lower()
    if word not in ("true", "false", "yes", "no"):
        raise mistake(f"`{value}` is neither true nor false", "write true or false")
    return word in ("true", "yes")


def _url(value: Any) -> str:
    text = _some_text(value)
    if not re.fullmatch(r"https?://[^\s<>\"']+", text):
        raise mistake(f"`{text}` is not an address", "write it whole, such as https://example.org/page")
    return text


def _file(value: Any) -> str:
    text = _some_text(value)
    if text.startswith(("/", "~")) or "\\" in text or ".." in text.split("/") or ":" in text:
        raise mistake(f"`{text}` leads out of the folder", "name a file inside the folder, such as intro.mp3")
    return text


def _texts(value: Any) -> Any:
    """A list, or one text where a list may stand."""
    return [value] if isinstance(value, str) and value else value


_STRING = {"type": "string"}
_CLOCK_SCHEMA = {"type": "string", "pattern": r"^(\d{1,3}:)?\d{1,2}:\d{2}([.,]\d{1,3})?$"}
_PASSAGE_SCHEMA = {"type": "string", "examples": ["00:14:05 - 00:14:50"]}

Text = Annotated[str, BeforeValidator(_text), WithJsonSchema(_STRING)]
SomeText = Annotated[str, BeforeValidator(_some_text), WithJsonSchema({"type": "string", "minLength": 1})]
Clock = Annotated[int, BeforeValidator(_clock), WithJsonSchema(_CLOCK_SCHEMA)]
Passage = Annotated[Span[Ms], BeforeValidator(_passage), WithJsonSchema(_PASSAGE_SCHEMA)]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[
    date | datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "examples": ["2025-03-12", "2025-03-12T09:00:00+01:00"]}),
]
Yes = Annotated[bool, BeforeValidator(_yes), WithJsonSchema({"type": ["boolean", "string"]})]
Url = Annotated[str, BeforeValidator(_url), WithJsonSchema({"type": "string", "format": "uri"})]
File = Annotated[str, BeforeValidator(_file), WithJsonSchema(_STRING)]
Texts = Annotated[list[SomeText], BeforeValidator(_texts)]


def read_fields(
    model: type[M], text: str, path: str, *, first_line: int = 1
) -> tuple[M | None, Node | None, tuple[Problem, ...]]:
    """Read YAML text and give it its types.

    Returns:
        The typed value, the tree it came from, and every problem with its line; with any problem
        the value is None. An empty text has neither value nor problem.
    """
    text = text.removeprefix("\ufeff")
    node, problems = yaml_tree.read(text, path, first_line=first_line)
    value, more = _validate(model, node) if node is not None else (None, ())
    found = tuple(with_line(p, text, first_line) for p in (*problems, *more))
    return (None if found else value), node, found


def with_line(problem: Problem, text: str, first_line: int = 1) -> Problem:
    """The problem with the line it speaks of."""
    lines = text.split("\n")
    at = problem.place.line - first_line
    if problem.line_text or not 0 <= at < len(lines):
        return problem
    return replace(problem, line_text=lines[at].rstrip("\r"))


def _validate(model: type[M], node: Node) -> tuple[M | None, tuple[Problem, ...]]:
    if not isinstance(node, Mapping):
        hint = "begin with a line such as title: …"
        return None, (Problem(node.place, "this file should hold fields, each on its line", hint),)
    try:
        return model.model_validate(plain(node)), ()
    except ValidationError as error:
        errors = error.errors(include_url=False)
    return None, tuple(sorted({_problem(model, node, e) for e in errors}))


def inner(model: type[M], value: object) -> M:
    """Validate fields inside a validator; the first mistake becomes the mistake of the whole."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    says, hint = _say(model, first, "")
    raise mistake(says, hint)


def _problem(model: type[BaseModel], root: Node, error: ErrorDetails) -> Problem:
    node, key = _find(root, error["loc"])
    place = key.place if key is not None and error["type"] == "extra_forbidden" else node.place
    return Problem(place, *_say(model, error, node.value if isinstance(node, Scalar) else ""))


def _say(model: type[BaseModel], error: ErrorDetails, value: str) -> tuple[str, str]:
    """A pydantic error in our words: what is wrong, and what to try."""
    context = error.get("ctx") or {}
    field = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "mistake":
            return str(context["says"]), str(context["hint"])
        case "missing":
            return f"`{field}` is missing", f"add a line `{field}: …`"
        case "extra_forbidden":
            near = difflib.get_close_matches(field, _fields(model, error["loc"][:-1]), 1)
            hint = f"did you mean `{near[0]}`?" if near else "see docs/formats.md for the fields there are"
            return f"there is no field `{field}`", hint
        case "list_type":
            return "a list is expected here", "put each one on a line of its own after a dash"
        case "model_type" | "dict_type" | "model_attributes_type":
            return "fields are expected here, such as {by: …, on: …}", ""
        case _:
            said = error["msg"][0].lower() + error["msg"][1:]
            return said, f"it says {quote_for_reading(value)}" if value else ""


def _find(root: Node, loc: tuple[int | str, ...]) -> tuple[Node, Scalar | None]:
    """Walk to the node an error speaks of; steps that are pydantic's own labels are passed over."""
    node, key = root, None
    for step in loc:
        if isinstance(node, Mapping):
            pair = next(((k, v) for k, v in node.items if k.value == step), None)
            if pair is not None:
                key, node = pair
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            key, node = None, node.items[step]
    return node, key


def _fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """All field names that could stand at a place (of the whole file: near enough for a hint)."""
    return sorted(set(_all_fields(model, set()))) if loc else list(model.model_fields)


def _all_fields(model: type[BaseModel], seen: set[type]) -> Iterator[str]:
    seen.add(model)
    for name, field in model.model_fields.items():
        yield name
        for inner in _models(field.annotation):
            if inner not in seen:
                yield from _all_fields(inner, seen)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)
