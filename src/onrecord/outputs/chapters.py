"""The chapters of an episode for podcast apps: JSON chapters 1.2."""

from __future__ import annotations

from collections.abc import Mapping

from onrecord.craft.url import episode_path
from onrecord.model.edition import Edition
from onrecord.text import chapters_json

NAME = "chapters"
KIND = "episode"
THEMED = False
FILE = "chapters.json"
MIME = "application/json+chapters"


def render(edition: Edition) -> Mapping[str, bytes]:
    """Give `<slug>/chapters.json`; nothing where there are no chapters."""
    if not edition.chapters:
        return {}
    text = chapters_json.write(edition.chapters)
    return {episode_path(edition.episode.slug, FILE): text.encode(errors="replace")}
