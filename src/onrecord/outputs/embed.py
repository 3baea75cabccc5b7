"""Small pages to set into other people's: the player of an episode, and each approved quote with its sound.

They run no script and ask nobody else: the browser's own player, the style sheet, and a policy that allows
no more. oEmbed is served as it can be from any static host: one JSON file for each, which the page that it is
about links to (https://oembed.com, discovery).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape

from onrecord.craft.card import appearances
from onrecord.craft.url import absolute, episode_path
from onrecord.model.edition import Edition, PublishedQuote
from onrecord.outputs import cards
from onrecord.outputs.frame import Page, fill, linking_from, seconds

NAME = "embed"
KIND = "episode"

WIDE, HIGH, HIGH_QUOTE = 640, 240, 360
POLICY = "default-src 'none'; style-src 'self'; media-src 'self'; img-src 'self'; base-uri 'none'"


def page_path(slug: str, quote: PublishedQuote | None = None) -> str:
    """Where the small page of an episode, or of one of its quotes, lives under public/."""
    return episode_path(slug, f"said-{quote.at.start}.html" if quote else "embed.html")


def oembed_path(slug: str, quote: PublishedQuote | None = None) -> str:
    """Where what oEmbed asks for lives under public/."""
    return episode_path(slug, f"said-{quote.at.start}.json" if quote else "oembed.json")


def render(edition: Edition) -> Mapping[str, bytes]:
    """Give `embed.html`, `said-<ms>.html` for each quote, and the JSON of each; nothing before it is out."""
    if not (edition.audio or edition.video):
        return {}
    made: dict[str, bytes] = {}
    for quote in (None, *edition.quotes):
        made.update(_one(edition, quote))
    return made


def _one(edition: Edition, quote: PublishedQuote | None) -> Iterator[tuple[str, bytes]]:
    series, episode = edition.series, edition.episode
    path = page_path(episode.slug, quote)
    drawing = cards.of_quote(edition, quote) if quote else cards.of_edition(edition)
    media = edition.video or edition.audio[0]
    start, end = (quote.at.start, quote.at.end) if quote else (None, None)
    moment = f"#t={seconds(start)},{seconds(end)}" if start is not None and end is not None else ""
    page = Page(
        path=path,
        series=series,
        title=f"{quote.by.name}: {episode.title}" if quote else episode.title,
        description=quote.text if quote else "",
        language=edition.language,
        draft=edition.draft,
        kind="article",
        link=linking_from(path),
        card=cards.path(episode.slug, drawing),
        card_words=drawing.text,
        oembed=oembed_path(episode.slug, quote) if absolute(series.url, path) else "",
    )
    whole = episode_path(episode.slug)
    values = {
        "edition": edition,
        "episode": episode,
        "quote": quote,
        "media": media,
        "media_url": page.link(media.path) + moment,
        "whole": page.link(whole) + (f"#t={seconds(start)}" if start is not None else ""),
        "original": absolute(series.url, whole),
        "billed": tuple(appearances(edition)),
        "policy": POLICY,
    }
    yield path, fill("embed.html", page, values)
    if page.oembed:
        yield page.oembed, _oembed(edition, quote, page)


def _oembed(edition: Edition, quote: PublishedQuote | None, page: Page) -> bytes:
    series = edition.series
    high = HIGH_QUOTE if quote or edition.video else HIGH
    frame = (
        f'<iframe src="{escape(page.canonical)}" width="{WIDE}" height="{high}" loading="lazy" '
        f'title="{escape(page.title)}" style="border:0;max-width:100%"></iframe>'
    )
    found = {
        "version": "1.0",
        "type": "rich",
        "title": page.title,
        "author_name": quote.by.name if quote else series.title,
        "provider_name": series.title,
        "provider_url": absolute(series.url, ""),
        "html": frame,
        "width": WIDE,
        "height": high,
        "thumbnail_url": page.picture,
        "thumbnail_width": cards.WIDE,
        "thumbnail_height": cards.HIGH,
    }
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode(errors="replace")
