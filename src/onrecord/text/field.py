"""What people write in a field: texts, times, passages, days, addresses; each mistake with what was meant."""

from __future__ import annotations

import calendar
import contextlib
import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from onrecord.model.language import NAMES, meant, primary, tag
from onrecord.model.time import Ms, Span, read_clock, write_clock


class Strict(BaseModel):
    """Fields of which every one is known; one that may be absent may also be left blank."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        names = {field.alias or name for name, field in cls.model_fields.items() if not field.is_required()}
        return {key: item for key, item in value.items() if item != "" or key not in names}


class OrLine:
    """Marks fields for which one line of text may stand, in the JSON Schema; `examples` are such lines."""

    def __init__(self, *examples: str) -> None:
        """Nothing is worked out until somebody asks for the schema: reading a series takes no part in it."""
        self._line: dict[str, Any] = {"type": "string"} | ({"examples": list(examples)} if examples else {})

    def __get_pydantic_json_schema__(self, core: CoreSchema, fields: GetJsonSchemaHandler) -> dict[str, Any]:
        """Called by pydantic."""
        return {"anyOf": [self._line, fields(core)]}


def mistake(says: str, hint: str = "") -> PydanticCustomError:
    """A user's mistake inside a validator: what is wrong, and what to type."""
    return PydanticCustomError("mistake", "{says}", {"says": says, "hint": hint})


def instead(says: str, value: str) -> PydanticCustomError:
    """A mistake whose hint is the line with another value in the place of what stands there."""
    return PydanticCustomError("mistake", "{says}", {"says": says, "hint": "", "instead": value})


def in_quotes(says: str) -> PydanticCustomError:
    """A mistake that is mended by quotes around the rest of the line."""
    return PydanticCustomError("mistake", "{says}", {"says": says, "hint": "", "in_quotes": True})


def _text(value: Any) -> str:
    if isinstance(value, list):
        raise in_quotes("a text is expected here, and YAML reads a list")
    if not isinstance(value, str):
        raise in_quotes("a text is expected here, and YAML reads fields")
    return value.strip()


def _some_text(value: Any) -> str:
    text = _text(value)
    if not text:
        raise mistake("nothing stands here", "fill it in; a text that begins with # needs quotes around it")
    return text


def _language(value: Any) -> str:
    text = _some_text(value)
    says = f"`{text}` is not a language of BCP 47"
    if text.lower() == "auto":
        raise mistake("`auto` is no language", "write one here, and `language: auto` in an episode.md")
    written = tag(text)
    # `English` has the form of a tag, but is none; a short code that we do not know may well be one.
    if written and (len(primary(written)) <= 3 or primary(written) in NAMES):
        return written
    likely = meant(text)
    if likely and primary(likely) in NAMES:
        raise instead(says, likely)
    raise mistake(says, "write one such as en, sq or sr-Latn")


def _language_or_auto(value: Any) -> str:
    text = _text(value)
    return "auto" if text.lower() == "auto" else _language(text) if text else ""


def clock_meant(text: str) -> str | None:
    """The time somebody most likely meant.

    >>> clock_meant("61:30"), clock_meant("00.03.12"), clock_meant("1h 2m 3s"), clock_meant("noon")
    ('01:01:30', '00:03:12', '01:02:03', None)
    """
    match = re.fullmatch(
        r"\s*(?:(\d{1,3})[:.h]\s*)?(\d{1,3})[:.m'’]\s*(\d{1,2})(?:[.,](\d{1,3}))?\s*[s\"”]?\s*", text
    )
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
    at_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((match[4] or "").ljust(3, "0"))
    written = write_clock(at_ms)
    return written if read_clock(written) == at_ms else None


def _no_clock(text: str) -> str:
    """Why a text is not a time."""
    beyond = re.fullmatch(r"(?:\d+:)?\d+:\d+(?:[.,]\d+)?", text.strip())
    why = ": minutes and seconds end at 59" if beyond and clock_meant(text) else ""
    return f"`{text}` is not a time{why}"


def _clock(value: Any) -> Ms:
    if not isinstance(value, str):
        raise mistake("a time is expected here", "write hours:minutes:seconds, such as 00:03:12.400")
    at = read_clock(value)
    if at is None:
        meant = clock_meant(value)
        if meant:
            raise instead(_no_clock(value), meant)
        raise mistake(_no_clock(value), "write hours:minutes:seconds, such as 00:03:12.400")
    return Ms(at)


def _passage(value: Any) -> Span[Ms]:
    ends = re.split(r"\s*(?:[-–—]|\bto\b)\s*", value.strip()) if isinstance(value, str) else []
    if len(ends) != 2:
        raise mistake("a passage has two times", "write both with a dash between: 00:14:05 - 00:14:50")
    times = [read_clock(end) for end in ends]
    if times[0] is None or times[1] is None:
        wrong = ends[0] if times[0] is None else ends[1]
        meant = [clock_meant(end) for end in ends]
        if all(meant):
            raise instead(_no_clock(wrong), f"{meant[0]} - {meant[1]}")
        raise mistake(_no_clock(wrong), "write two times, such as 00:14:05 - 00:14:50")
    if times[1] == times[0]:
        raise mistake(f"the passage begins and ends at {ends[0]}", "write where it begins and where it ends")
    if times[1] < times[0]:
        says = f"the passage ends ({ends[1]}) before it begins ({ends[0]})"
        raise instead(says, f"{ends[1]} - {ends[0]}")
    return Span(Ms(times[0]), Ms(times[1]))


def read_passage(text: str) -> Span[Ms]:
    """Read `00:14:05 - 00:14:50`.

    Raises:
        ValueError: with a sentence that says what is wrong.
    """
    try:
        return _passage(text)
    except PydanticCustomError as error:
        raise ValueError((error.context or {})["says"]) from None


def write_passage(span: Span[Ms]) -> str:
    """`00:14:05 - 00:14:50`."""
    return f"{write_clock(span.start)} - {write_clock(span.end)}"


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else _no_day(value)
    except ValueError:
        return _no_day(value)


_MONTHS = {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if number}


def day_meant(text: str) -> str | None:
    """The day somebody most likely meant; None where it could be two.

    >>> day_meant("12.03.2025"), day_meant("March 12, 2025"), day_meant("2025-3-9"), day_meant("03/04/2025")
    ('2025-03-12', '2025-03-12', '2025-03-09', None)
    """
    words = re.findall(r"\d+|[A-Za-z]+", text)
    named = [_MONTHS[w[:3].lower()] for w in words if w[:3].lower() in _MONTHS]
    figures = [int(w) for w in words if w.isdigit() and len(w) <= 4]
    years = [f for f in figures if 1900 <= f <= 2200]
    rest = [f for f in figures if f not in years]
    if len(years) != 1 or len(rest) + len(named) != 2:
        return None
    if named:
        month, day = named[0], rest[0] if rest else 0
    elif figures[0] == years[0] or (rest[0] <= 12 < rest[1]):
        month, day = rest
    elif "." in text or rest[0] > 12:
        day, month = rest
    else:
        return None
    with contextlib.suppress(ValueError):
        return date(years[0], month, day).isoformat()
    return None


def _no_day(value: Any) -> date:
    if not isinstance(value, str):
        raise mistake("a date is expected here", "write year-month-day, such as 2025-03-13")
    meant = day_meant(value)
    if meant and not read_clock(value[-8:]):
        raise instead(f"`{value}` is not a date as it is written here (year-month-day)", meant)
    shape = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)
    if shape and 1 <= int(shape[2]) <= 12 and int(shape[1]):
        days = calendar.monthrange(int(shape[1]), int(shape[2]))[1]
        month = f"{calendar.month_name[int(shape[2])]} {shape[1]}"
        raise mistake(f"there is no `{value}`", f"{month} has {days} days")
    if shape:
        raise mistake(f"there is no month {shape[2]}", "write year-month-day, such as 2025-03-13")
    raise mistake(f"`{value}` is not a date", "write year-month-day, such as 2025-03-13")


def _moment(value: Any) -> date | datetime:
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[T ]", value):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            hint = "write it such as 2025-03-12T09:00:00+01:00"
            raise mistake(f"`{value}` is not a date with an hour", hint) from None
        if moment.tzinfo is None:
            raise mistake(f"`{value}` has no time zone", f"end it with the offset: {value}+01:00")
        return moment
    return _day(value)


def write_offset(moment: datetime) -> str:
    """An ISO 8601 time with its zone's offset."""
    return moment.isoformat(timespec="auto")


def _yes(value: Any) -> bool:
    if value in (True, False):
        return bool(value)
    word = str(value).strip().lower()
    if word not in ("true", "false", "yes", "no"):
        raise mistake(f"`{value}` is neither true nor false", "write true or false")
    return word in ("true", "yes")


def _number(value: Any) -> int:
    text = _some_text(value)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST):
        raise mistake(f"`{text}` is not a number from 1 to {MOST}", "write it in figures, such as 3")
    return int(text)


def _url(value: Any) -> str:
    text = _some_text(value)
    if not _ADDRESS.fullmatch(text):
        bare = text.strip("<>\"'“”„‘’ ")
        meant = bare if "://" in bare else f"https://{bare}"
        if _ADDRESS.fullmatch(meant) and re.match(r"https?://[\w-]+(\.[\w-]+)+(/|$)", meant):
            raise instead(f"`{text}` is not a whole address", meant)
        raise mistake(f"`{text}` is not an address", "write it whole, such as https://example.org/page")
    return text


def _address(value: Any) -> str:
    """An address, or nothing while it is not known."""
    return "" if value == "" else _url(value)


_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def _file(value: Any) -> str:
    text = _beside(value)
    if ".." in text.split("/"):
        raise mistake(f"`{text}` leads out of the folder", "name a file inside the folder, such as intro.mp3")
    return text


def _beside(value: Any) -> str:
    text = _some_text(value)
    if text.startswith(("/", "~")) or "\\" in text or ":" in text:
        raise mistake(f"`{text}` is not a path from this folder", "name it from this folder, with / between")
    return text


MOST = 50
"""The most that is counted in a field: people who speak."""


def _texts(value: Any) -> Any:
    """A list, or one text where a list may stand."""
    return [value] if isinstance(value, str) and value else value


def _languages(value: Any) -> Any:
    """A list, or a text with commas between."""
    return re.findall(r"[^,\s]+", value) if isinstance(value, str) else value


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
Number = Annotated[int, BeforeValidator(_number), WithJsonSchema({"type": ["integer", "string"]})]
Url = Annotated[str, BeforeValidator(_url), WithJsonSchema({"type": "string", "format": "uri"})]
Address = Annotated[str, BeforeValidator(_address), WithJsonSchema({"type": "string"})]
File = Annotated[str, BeforeValidator(_file), WithJsonSchema(_STRING)]
Beside = Annotated[str, BeforeValidator(_beside), WithJsonSchema(_STRING)]
Language = Annotated[str, BeforeValidator(_language), WithJsonSchema({"type": "string", "minLength": 2})]
LanguageOrAuto = Annotated[str, BeforeValidator(_language_or_auto), WithJsonSchema(_STRING)]
Texts = Annotated[list[SomeText], BeforeValidator(_texts)]
Languages = Annotated[list[Language], BeforeValidator(_languages)]
