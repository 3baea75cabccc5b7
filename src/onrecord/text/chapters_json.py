"""The Podcasting 2.0 JSON chapters 1.2.0 to and from the marks of a cut.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from pydantic import BaseModel, ValidationError

from onrecord.model.edition import Mark
from onrecord.model.problem import Problem
from onrecord.model.time import PubMs
from onrecord.text.caption import normal_voice
from onrecord.text.transcript_json import Seconds, json_problems, seconds, to_ms


class _Chapter(BaseModel):
    startTime: Seconds  # noqa: N815 - the format's name
    title: str = ""


class _File(BaseModel):
    chapters: list[_Chapter]


def read(text: str, path: str = "") -> tuple[tuple[Mark, ...], tuple[Problem, ...]]:
    """Read JSON chapters; what is no such file gives problems only."""
    try:
        chapters = _File.model_validate_json(text).chapters
    except ValidationError as error:
        return (), tuple(json_problems(error, path))
    return tuple(Mark(PubMs(to_ms(c.startTime)), normal_voice(c.title)) for c in chapters), ()


def write(marks: Iterable[Mark]) -> str:
    """Write JSON chapters; titles are brought to one line."""
    chapters = [{"startTime": seconds(m.at), "title": normal_voice(m.title)} for m in marks]
    return json.dumps({"version": "1.2.0", "chapters": chapters}, ensure_ascii=False, indent=1) + "\n"
