"""Names to people: who in the register a written name means, and the names that transcripts use."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from onrecord.craft.slug import slug
from onrecord.model.episode import Episode, Series
from onrecord.model.people import Billing, Person


def fold_name(name: str) -> str:
    """A name as it is compared: one form of accents, no case, single spaces.

    >>> fold_name(" Ada  LIND ") == fold_name("ada lind")
    True
    """
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@dataclass(frozen=True, slots=True)
class Register:
    """The people of people.yaml, found by any spelling of their names."""

    people: tuple[Person, ...] = ()

    @property
    def _names(self) -> Mapping[str, Person]:
        return {fold_name(name): p for p in self.people for name in (p.name, *p.also)}

    def find(self, name: str) -> Person | None:
        """The person with that name or other spelling."""
        return self._names.get(fold_name(name))

    def bill(self, billing: Billing) -> Billing:
        """The billing with the person of the register; a stranger gets an id for this episode."""
        known = self.find(billing.person.name)
        if known is None:
            own = slug(billing.person.name)
            taken = any(p.id == own for p in self.people)
            known = replace(billing.person, id=f"{own}-guest" if taken else own, registered=False)
        return replace(billing, person=known)


def bill_series(series: Series, register: Register) -> Series:
    """The series with its host found in the register."""
    return replace(series, host=register.bill(series.host)) if series.host else series


def bill_episode(episode: Episode, series: Series, register: Register) -> Episode:
    """The episode with everybody found in the register, and the series' host where it names none."""
    host = episode.host or series.host
    return replace(
        episode,
        host=register.bill(host) if host else None,
        guests=tuple(register.bill(g) for g in episode.guests),
    )


def voices(billed: Iterable[Billing], register: Register) -> Mapping[str, Person]:
    """Who speaks, by the folded name that stands in a transcript: the billed first, then the register."""
    found: dict[str, Person] = {}
    for person in (*(b.person for b in billed), *register.people):
        for name in (person.name, *person.also):
            found.setdefault(fold_name(name), person)
    return found
