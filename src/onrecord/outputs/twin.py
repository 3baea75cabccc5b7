"""The Markdown twin of an episode's page: the same, for programs that read text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from onrecord.craft.card import appearances
from onrecord.craft.url import absolute, episode_path, web_url
from onrecord.model.edition import Edition
from onrecord.model.time import short_clock
from onrecord.outputs.frame import day
from onrecord.text import transcript_md
from onrecord.text.transcript_md import escaped

NAME = "twin"
KIND = "episode"
THEMED = False
FILE = "index.md"


def render(edition: Edition) -> Mapping[str, bytes]:
    """Give `<slug>/index.md`."""
    text = "\n".join(_lines(edition)) + "\n"
    return {episode_path(edition.episode.slug, FILE): text.encode(errors="replace")}


def _lines(edition: Edition) -> Iterator[str]:
    episode, series = edition.episode, edition.series
    yield f"# {one_line(episode.title)}"
    coming = "Coming on " if edition.state == "announced" else ""
    yield f"\n{one_line(series.title)}, {coming}{day(episode.published)}"
    if page := absolute(series.url, episode_path(episode.slug)):
        yield f"\n<{page}>"
    yield ""
    for billed in appearances(edition):
        title = ", ".join(part for part in (billed.role, billed.organisation) if part)
        of_day = f", {one_line(title)}" if title else ""
        yield f"- {one_line(billed.person.name)} ({billed.part}){of_day}"
    if episode.introduction.strip():
        # The introduction is Markdown already, and is cleaned where it becomes a page.
        yield f"\n{episode.introduction.strip()}"
    yield from _questions(edition)
    if edition.captions:
        by = (
            f"checked by {one_line(episode.checked.by)}"
            if episode.checked
            else "made by machine, not checked"
        )
        yield f"\n## Transcript\n\n({by})\n\n{transcript_md.write(edition.captions).rstrip()}"
    if edition.corrections:
        yield "\n## Corrections\n"
        yield from (f"- {day(c.on)}: {one_line(c.what)}" for c in edition.corrections)
    if episode.references:
        yield "\n## References\n"
        for reference in episode.references:
            url = web_url(reference.url)
            yield f"- {one_line(reference.title)}{f' <{url}>' if url else ''}"


def _questions(edition: Edition) -> Iterator[str]:
    questions = edition.asked
    if questions:
        yield "\n## Questions\n"
    for n, question in enumerate(questions, 1):
        at = f" [{short_clock(question.asked)}]" if question.asked is not None else ""
        yield f"{n}. {one_line(question.text)}{at}"
        for answer in question.answers:
            yield f"   - {one_line(answer.by.name)} [{short_clock(answer.at.start)}]"
    for quote in edition.quotes:
        yield f"\n> {one_line(quote.text)}"
        yield f">\n> {one_line(quote.by.name)} [{short_clock(quote.at.start)}]"


def one_line(text: str) -> str:
    """Words in one line in which nothing means anything to Markdown."""
    return escaped(" ".join(text.split()))
