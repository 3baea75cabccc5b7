"""Names to people: who in the register a written name means, and the names that transcripts use."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from onrecord.craft.fold import fold
from onrecord.craft.slug import slug
from onrecord.model.episode import Episode, Series
from onrecord.model.people import Billing, Person


@lru_cache(maxsize=8192)
def fold_name(name: str) -> str:
    """A name as it is compared: one form of accents, no case, single spaces.

    >>> fold_name(" Ada  LIND ") == fold_name("ada lind")
    True
    """
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@lru_cache(maxsize=8192)
def _fold_name(name: str) -> str:
    return fold(fold_name(name))


class Names(Mapping[str, Person]):
    """People by name: as it is written, else folded (craft/fold.py) if that leads to one person.

    So "Srdjan Cvijic" finds Срђан Цвијић; but where Ana Đurić and Ana Durić are both known, "Ana Djuric"
    finds nobody, and each of them is found by her own spelling alone.
    """

    def __init__(self, people: Iterable[Person], others: Names | None = None) -> None:
        """Of several people with one name, the first has it; `others` come after these people."""
        exact: dict[str, Person] = {}
        folded: dict[str, list[Person]] = {}
        for person in people:
            for name in (person.name, *person.also):
                exact.setdefault(fold_name(name), person)
                folded.setdefault(_fold_name(name), []).append(person)
        self.rows: tuple[tuple[dict[str, Person], dict[str, list[Person]]], ...] = ((exact, folded),)
        if others:
            self.rows += others.rows

    def __getitem__(self, name: str) -> Person:
        """The person with that name; it is folded here if need be."""
        own = fold_name(name)
        if one := next((exact[own] for exact, _ in self.rows if own in exact), None):
            return one
        found = [person for _, folded in self.rows for person in folded.get(_fold_name(own), ())]
        if len({(person.id, person.name) for person in found}) != 1:
            raise KeyError(name)
        return found[0]

    def __iter__(self) -> Iterator[str]:
        """The names as they are written."""
        return iter(dict.fromkeys(name for exact, _ in self.rows for name in exact))

    def __len__(self) -> int:
        """How many names there are."""
        return len(set().union(*(exact for exact, _ in self.rows)))


@dataclass(frozen=True, slots=True)
class Register:
    """The people of people.yaml, found by any spelling of their names."""

    people: tuple[Person, ...] = ()
    names: Names = field(init=False, repr=False, compare=False)
    """The people by name: hundreds of episodes ask the same register."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Names(self.people))

    def find(self, name: str) -> Person | None:
        """The person with that name or other spelling."""
        return self.names.get(name)

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
    """Who speaks, by the name that stands in a transcript: the billed first, then the register."""
    return Names((b.person for b in billed), register.names)
