"""people.yaml: the register of people, by id."""

from __future__ import annotations

import re
import unicodedata

from pydantic import Field, RootModel

from onrecord.model.people import Person
from onrecord.model.problem import Place, Problem
from onrecord.text import yaml_patch, yaml_tree
from onrecord.text.border import read_fields, with_line
from onrecord.text.field import File, SomeText, Strict, Texts, Url


class PersonFields(Strict):
    """What the register holds of a person."""

    name: SomeText = Field(description="the name as pages show it")
    also: Texts = Field([], description="other spellings, in any script")
    url: Url | None = Field(None, description="a page about the person")
    picture: File | None = Field(None, description="such as people/ada.jpg")
    consent: Texts = Field([], description="`voice` allows a voice print")


class PeopleFile(RootModel[dict[str, PersonFields]]):
    """The fields of people.yaml: an id, and the person."""


def read(text: str, path: str = "people.yaml") -> tuple[tuple[Person, ...], tuple[Problem, ...]]:
    """Read the register; names and other spellings must be one person's each."""
    file, node, problems = read_fields(PeopleFile, text, path)
    if file is None or node is None:
        return (), problems
    found = [p for key in file.root if (p := _id_problem(node, key, path))]
    people = tuple(
        Person(key, p.name, tuple(p.also), p.url or "", p.picture or "", tuple(p.consent))
        for key, p in file.root.items()
    )
    found += _twice(people, node, path)
    return people, tuple(sorted(with_line(p, text) for p in found))


def _id_problem(node: yaml_tree.Node, key: str, path: str) -> Problem | None:
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        return None
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode().lower()
    meant = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "ada-lind"
    says = f"`{key}` cannot be an id: small letters, figures and dashes can"
    return Problem(_place(node, key, path), says, f"write {meant}: instead of {key}:")


def _twice(people: tuple[Person, ...], node: yaml_tree.Node, path: str) -> list[Problem]:
    owners: dict[str, str] = {}
    found = []
    for person in people:
        for name in {n.casefold(): n for n in (person.name, *person.also)}.values():
            owner = owners.setdefault(name.casefold(), person.id)
            if owner != person.id:
                place = _place(node, person.id, path)
                says = f"`{name}` belongs to both {owner} and {person.id}"
                found.append(Problem(place, says, "a name must lead to one person; take it from one of them"))
    return found


def _place(node: yaml_tree.Node, key: str, path: str) -> Place:
    if isinstance(node, yaml_tree.Mapping):
        return next((k.place for k, _ in node.items if k.value == key), Place(path, 1, 1))
    return Place(path, 1, 1)


def write(people: tuple[Person, ...]) -> str:
    """Write the register, one line a person."""
    lines = []
    for person in people:
        fields: dict[str, yaml_tree.Plain] = {
            "name": person.name,
            "also": list(person.also),
            "url": person.url,
            "picture": person.picture,
            "consent": list(person.consent),
        }
        kept = yaml_patch.flow({key: value for key, value in fields.items() if value})
        lines.append(f"{person.id}: {kept}\n")
    return "".join(lines)
