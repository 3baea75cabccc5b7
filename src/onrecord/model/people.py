"""People, and what they were on the day of an episode."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the register (people.yaml) or a guest of one episode only.

    `id` survives renames and is part of addresses; `also` are other spellings of the name.
    """

    id: str
    name: str
    also: tuple[str, ...] = ()
    url: str = ""
    picture: str = ""
    consent: tuple[str, ...] = ()
    registered: bool = True


@dataclass(frozen=True, slots=True)
class Billing:
    """A person as billed in one episode: the role and the organisation of that day."""

    person: Person
    role: str = ""
    organisation: str = ""

    @property
    def title(self) -> str:
        """Role and organisation in one line, as a page shows them."""
        return ", ".join(part for part in (self.role, self.organisation) if part)
