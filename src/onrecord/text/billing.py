"""A person as billed: `Name, role, organisation` on one line, or the three as fields."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from onrecord.model.people import Billing, Person
from onrecord.text.field import OrLine, SomeText, Strict, Text, mistake
from onrecord.text.yaml_tree import Plain


class BillingFields(Strict):
    """A person as billed, field by field."""

    name: SomeText = Field(description="as people.yaml or the guest writes it")
    role: Text = Field("", description="what the person was on that day")
    organisation: Text = Field("", description="and where")

    @property
    def billing(self) -> Billing:
        """The person as billed; the register gives the id."""
        return Billing(Person("", self.name, registered=False), self.role, self.organisation)


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


def _billing(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    if not isinstance(value, str) or not value.strip():
        raise mistake(
            "a person is expected here",
            "such as: - Name, role, organisation",
        )
    billing = read(value)
    if not billing.person.name:
        raise mistake("a name is missing before the comma", "such as: Name, role, organisation")
    return {"name": billing.person.name, "role": billing.role, "organisation": billing.organisation}


BillingLine = Annotated[BillingFields, BeforeValidator(_billing), OrLine("Name, role, organisation")]
