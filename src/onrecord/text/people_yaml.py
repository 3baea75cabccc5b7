"""people.yaml: the register of people, by id."""

from __future__ import annotations

import re

from pydantic import Field, RootModel, field_validator

from onrecord.model.people import Person
from onrecord.model.problem import Place, Problem
from onrecord.text import yaml_patch, yaml_tree
from onrecord.text.border import File, SomeText, Strict, Texts, Url, mistake, read_fields


class PersonFields(Strict):
    """What the register holds of a person."""

    name: SomeText = Field(description="the name as pages show it")
    also: Texts = Field([], description="other spellings, in any script")
    url: Url | None = Field(None, description="a page about the person")
    picture: File | None = Field(None, description="such as people/ada.jpg")
    consent: Texts = Field([], description="`voice` allows a voice print")


class PeopleFile(RootModel[dict[str, PersonFields]]):
    """The fields of people.yaml: an id, and the person."""

    @field_validator("root")
    @classmethod
    def _good_ids(cls, value: dict[str, PersonFields]) -> dict[str, PersonFields]:
        for key in value:
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
                raise mistake(f"`{key}` cannot be an id", "use small letters, digits and dashes: ada-lind")
        return value


def read(text: str, path: str = "people.yaml") -> tuple[tuple[Person, ...], tuple[Problem, ...]]:
    """Read the register; names and other spellings must be one person's each."""
    file, node, problems = read_fields(PeopleFile, text, path)
    if file is None or node is None:
        return (), problems
    people = tuple(
        Person(key, p.name, tuple(p.also), p.url or "", p.picture or "", tuple(p.consent))
        for key, p in file.root.items()
    )
    return people, tuple(_twice(people, node, path))


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
        return next((k.place for k, _ in node.items if k.value == key), Place(path, 1))
    return Place(path, 1)


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
