"""The transcript for programs and for keeping: WebVTT, SubRip, JSON, HTML and Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from onrecord.craft.url import episode_path
from onrecord.model.edition import Edition
from onrecord.text import caption, srt, transcript_html, transcript_json, transcript_md, vtt

NAME = "transcripts"
KIND = "episode"
THEMED = False


@dataclass(frozen=True, slots=True)
class Format:
    """One form of the transcript: what people call it, its MIME type, and how it is written."""

    title: str
    mime: str
    write: Callable[[Edition], str]


def _vtt(edition: Edition) -> str:
    cues = ((c.span.start, c.span.end, c.voice, c.text, c.language) for c in edition.captions)
    return vtt.write_cues(cues, edition.language)


def _html(edition: Edition) -> str:
    return transcript_html.write(edition.captions, edition.language, edition.episode.title)


FORMATS: Final[Mapping[str, Format]] = {
    "transcript.vtt": Format("WebVTT", "text/vtt", _vtt),
    "transcript.srt": Format("SubRip", "application/x-subrip", lambda e: srt.write(e.captions)),
    "transcript.json": Format("JSON", "application/json", lambda e: transcript_json.write(e.captions)),
    "transcript.html": Format("HTML", "text/html", _html),
    "transcript.md": Format("Markdown", "text/markdown", lambda e: transcript_md.write(e.captions)),
}
"""Every form by its file's name; the order is that of preference."""


def render(edition: Edition) -> Mapping[str, bytes]:
    """Give `<slug>/transcript.*`; nothing where nobody has said anything yet."""
    if not edition.captions:
        return {}
    slug = edition.episode.slug
    # Each form would bring the captions into the form that files keep; it is done once for all.
    fitting = replace(edition, captions=caption.fitted(edition.captions))
    return {
        episode_path(slug, name): form.write(fitting).encode(errors="replace")
        for name, form in FORMATS.items()
    }
