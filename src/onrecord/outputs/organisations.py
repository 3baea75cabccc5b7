"""The organisations that people spoke for, a page for each: who spoke for it, as what, in which episode.

What counts is what somebody was on the day of the conversation, not what they have become.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from onrecord.craft.gathered import Organisation, Spoke, held, organisations
from onrecord.craft.url import organisation_path
from onrecord.model.edition import Card, Site
from onrecord.model.people import Person
from onrecord.outputs import linked, twin
from onrecord.outputs.base import LISTED
from onrecord.outputs.frame import Page, fill, linking_from

NAME = "organisations"
KIND = "series"
USES = LISTED
INDEX = "organisations/index.html"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who spoke for an organisation: as what, the newest first, and when."""

    person: Person
    is_host: bool
    roles: tuple[str, ...]
    conversations: int
    years: str
    """`2024`, or `2024–2026`."""


def render(site: Site) -> Mapping[str, bytes]:
    """Give `organisations/index.html` and `organisations/<slug>/index.html`."""
    found = organisations(site.cards)
    page = Page(
        path=INDEX,
        series=site.series,
        title="Organisations",
        description=f"Every organisation that somebody spoke for in {site.series.title}.",
        draft=site.draft,
        link=linking_from(INDEX),
    )
    rows = [(organisation_path(one.name), one.name, _counted(one)) for one in found]
    values = {"rows": rows, "nothing": "Nobody has spoken for an organisation yet."}
    return {INDEX: fill("names.html", page, values)} | dict(_page(site, one) for one in found)


def _counted(organisation: Organisation) -> str:
    people = len({_key(one) for one in organisation.spoke})
    said = counted(organisation.cards)
    return f"{people} people · {said}" if people > 1 else said


def counted(cards: Iterable[Card]) -> str:
    """How many conversations, in words.

    >>> counted(())
    'announced'
    """
    count = held(cards)
    return f"{count} conversation{'' if count == 1 else 's'}" if count else "announced"


def _page(site: Site, organisation: Organisation) -> tuple[str, bytes]:
    path = organisation_path(organisation.name)
    name = organisation.name
    about = {"@type": "Organization", "name": name}
    page = Page(
        path=path,
        series=site.series,
        title=name,
        description=f"Everybody who spoke for {name} in {site.series.title}, and in which conversation.",
        draft=site.draft,
        link=linking_from(path),
        linked=linked.written(linked.of_collection(site.series, path, name, about, organisation.cards)),
        twin=path.replace("index.html", twin.FILE),
    )
    # An episode with two of them stands once, with both.
    by_card = [(card, tuple(some)) for card, some in groupby(organisation.spoke, key=lambda one: one.card)]
    years = [(year, list(some)) for year, some in groupby(by_card, key=lambda row: row[0].published[:4])]
    values = {"organisation": organisation, "speakers": tuple(_speakers(organisation)), "years": years}
    return path, fill("organisation.html", page, values)


def _key(one: Spoke) -> str:
    return one.billed.person.id or one.billed.person.name


def _speakers(organisation: Organisation) -> Iterator[Speaker]:
    """Everybody once: guests before hosts, who last spoke first."""
    by_person: dict[str, list[Spoke]] = {}
    for one in organisation.spoke:
        by_person.setdefault(_key(one), []).append(one)
    for mine in sorted(by_person.values(), key=_is_host):
        years = sorted({one.card.published[:4] for one in mine})
        yield Speaker(
            person=mine[0].billed.person,
            is_host=_is_host(mine),
            roles=tuple(dict.fromkeys(one.billed.role for one in mine if one.billed.role)),
            conversations=held(one.card for one in mine),
            years="–".join(dict.fromkeys((years[0], years[-1]))),
        )


def _is_host(spoke: Iterable[Spoke]) -> bool:
    return all(one.billed.part == "host" for one in spoke)
