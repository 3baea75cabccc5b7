"""For programs that read text: what the series is and where everything of it stands (https://llmstxt.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from onrecord.craft.url import absolute, episode_path, person_path, relative
from onrecord.model.edition import Appearance, Card, Site
from onrecord.outputs import twin
from onrecord.outputs.frame import day
from onrecord.outputs.twin import one_line

NAME = "llms"
KIND = "series"


def render(site: Site) -> Mapping[str, bytes]:
    """Give `llms.txt`, and the twins of the home page and of each person's."""
    made = {"llms.txt": _lines(site, "llms.txt"), "index.md": _lines(site, "index.md")}
    visits: dict[str, list[tuple[Card, Appearance]]] = {}
    for card in site.cards:
        for billed in card.people:
            if billed.person.id:
                visits.setdefault(billed.person.id, []).append((card, billed))
    for key, mine in visits.items():
        path = person_path(key).replace("index.html", twin.FILE)
        made[path] = _person(path, mine)
    return {path: ("\n".join(lines) + "\n").encode(errors="replace") for path, lines in made.items()}


def _lines(site: Site, path: str) -> Iterator[str]:
    series = site.series
    yield f"# {one_line(series.title)}"
    if series.tagline:
        yield f"\n> {one_line(series.tagline)}"
    yield "\nEvery episode: who spoke, what was asked, and every word with its time. Quotes are verbatim.\n"
    feed = absolute(series.url, "feed.xml")
    if feed:
        yield f"Podcast feed: <{feed}>\n"
    yield "## Episodes\n"
    for card in site.cards:
        yield _entry(path, card)


def _entry(path: str, card: Card, of_day: str = "") -> str:
    to = relative(path, episode_path(card.slug, twin.FILE))
    names = ", ".join(billed.person.name for billed in card.people if billed.part == "guest")
    coming = "coming on " if card.state == "announced" else ""
    said = "; ".join(part for part in (coming + day(card.published), of_day or one_line(names)) if part)
    return f"- [{one_line(card.title)}]({to}): {said}"


def _person(path: str, visits: list[tuple[Card, Appearance]]) -> Iterator[str]:
    yield f"# {one_line(visits[0][1].person.name)}\n"
    for card, billed in visits:
        title = ", ".join(part for part in (billed.role, billed.organisation) if part)
        yield _entry(path, card, one_line(f"{billed.part}, {title}" if title else billed.part))
        for quote in card.quotes:
            if quote.by.id == billed.person.id:
                yield f"  > {one_line(quote.text)}"
