"""The Podcasting 2.0 JSON transcript 1.0.0 to and from the captions of a cut.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md#json
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from onrecord.model.edition import Caption
from onrecord.model.problem import Place, Problem
from onrecord.model.time import PubMs, Span
from onrecord.text.caption import all_untold, fits

_LONGEST_S = 10_000 * 3600.0
_quoted = json.JSONEncoder(ensure_ascii=False).encode
Seconds = Annotated[float, Field(ge=0, le=_LONGEST_S, allow_inf_nan=False, strict=True)]


class _Part(BaseModel):
    speaker: str | None = None
    startTime: Seconds  # noqa: N815 - the format's name
    endTime: Seconds | None = None  # noqa: N815 - the format's name
    body: str


class _File(BaseModel):
    segments: list[_Part]


def read(text: str, path: str = "") -> tuple[tuple[Caption, ...], tuple[Problem, ...]]:
    """Read a JSON transcript; a missing end is the next start. What is no such file gives problems only."""
    try:
        parts = _File.model_validate_json(text).segments
    except ValidationError as error:
        return (), tuple(json_problems(error, path))
    captions = []
    for i, part in enumerate(parts):
        start = to_ms(part.startTime)
        after = parts[i + 1] if i + 1 < len(parts) else part
        end = after.startTime if part.endTime is None else part.endTime
        span = Span(PubMs(start), PubMs(max(start, to_ms(end))))
        captions.append(fits(Caption(span, part.speaker or "", part.body)))
    return tuple(c for c in captions if c.text), ()


def write(captions: Iterable[Caption]) -> str:
    """Write a JSON transcript; reading it gives the captions as `caption.untold` says."""
    # The standard library indents in Python, caption by caption: by hand it takes a fifth of the time.
    parts = []
    for caption in all_untold(captions):
        if caption.text:
            who = f'   "speaker": {_quoted(caption.voice)},\n' if caption.voice else ""
            start, end = seconds(caption.span.start), seconds(caption.span.end)
            times = f'   "startTime": {start},\n   "endTime": {end},\n'
            parts.append(f'  {{\n{who}{times}   "body": {_quoted(caption.text)}\n  }}')
    segments = "[\n" + ",\n".join(parts) + "\n ]" if parts else "[]"
    return f'{{\n "version": "1.0.0",\n "segments": {segments}\n}}\n'


def seconds(at_ms: int) -> int | float:
    """Milliseconds as JSON seconds, whole where they are whole.

    >>> seconds(9400), seconds(9000)
    (9.4, 9)
    """
    return at_ms / 1000 if at_ms % 1000 else at_ms // 1000


def to_ms(at_s: float) -> int:
    """JSON seconds as milliseconds.

    >>> to_ms(9.4), to_ms(9)
    (9400, 9000)
    """
    return round(at_s * 1000)


def json_problems(error: ValidationError, path: str) -> Iterable[Problem]:
    """What is wrong with a JSON file, as problems of the whole file."""
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        where = ".".join(str(step) for step in fault["loc"])
        yield Problem(Place(path), f"{where}: {fault['msg']}" if where else fault["msg"])
