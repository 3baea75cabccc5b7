"""A person as billed: `Name, role, organisation` on one line, or the three as fields."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from onrecord.model.people import Billing, Person
from onrecord.text.border import SomeText, Strict, Text, inner, mistake
from onrecord.text.yaml_tree import Plain


class _Fields(Strict):
    name: SomeText
    role: Text = ""
    organisation: Text = ""


def read(line: str) -> Billing:
    """Split a line at its first and its last comma.

    >>> read("Ada Lind, Head of Press, Delta Institute").role
    'Head of Press'
    >>> read("Ada Lind, Fellow").role, read("Ada Lind").role
    ('Fellow', '')
    """
    name, _, rest = line.partition(",")
    role, comma, organisation = rest.rpartition(",")
    if not comma:
        role, organisation = organisation, ""
    return Billing(Person("", name.strip(), registered=False), role.strip(), organisation.strip())


def write(billing: Billing) -> Plain:
    """One line where that reads back the same, else the fields."""
    line = ", ".join(p for p in (billing.person.name, billing.role, billing.organisation) if p)
    if _key(read(line)) == _key(billing):
        return line
    fields: dict[str, Plain] = {"name": billing.person.name}
    if billing.role:
        fields["role"] = billing.role
    if billing.organisation:
        fields["organisation"] = billing.organisation
    return fields


def _key(billing: Billing) -> tuple[str, str, str]:
    return billing.person.name, billing.role, billing.organisation


def _billing(value: Any) -> Billing:
    if isinstance(value, dict):
        fields = inner(_Fields, value)
        return Billing(Person("", fields.name, registered=False), fields.role, fields.organisation)
    if not isinstance(value, str) or not value.strip():
        raise mistake(
            "a person is expected here",
            "write: Name, role, organisation (or {name: …, role: …, organisation: …})",
        )
    billing = read(value)
    if not billing.person.name:
        raise mistake("a name is missing before the comma", "write: Name, role, organisation")
    return billing


BillingLine = Annotated[
    Billing,
    BeforeValidator(_billing),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "examples": ["Name, role, organisation"]}, _Fields.model_json_schema()]}
    ),
]
