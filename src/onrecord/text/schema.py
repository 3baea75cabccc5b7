"""JSON Schemas of the files that people write, for their editors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from onrecord.text.episode_fields import EpisodeFile
from onrecord.text.people_yaml import PeopleFile
from onrecord.text.questions_yaml import QuestionsFile
from onrecord.text.series_yaml import SeriesFile

MODELS: dict[str, type[BaseModel]] = {
    "series": SeriesFile,
    "people": PeopleFile,
    "episode": EpisodeFile,
    "questions": QuestionsFile,
}


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file; `episode` is the front matter of episode.md."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | MODELS[name].model_json_schema(by_alias=True)
