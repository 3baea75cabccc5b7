"""Voice prints and the consent to them: what nobody allows any more is removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from onrecord.craft.register import Register
from onrecord.folder import files
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import read_series, read_text
from onrecord.model.people import Person
from onrecord.model.problem import Place, Problem, UserError
from onrecord.text import people_yaml, series_yaml, yaml_patch, yaml_tree


def prune(home: SeriesFolder, register: Register) -> tuple[Path, ...]:
    """Remove the voice prints of people who do not allow one, and of episodes that are gone.

    Returns:
        What was removed.
    """
    allowed = {person.id for person in register.people if "voice" in person.consent}
    there = {own.slug for own in home.episodes}
    gone = [p for p in home.voice_prints if p.stem not in allowed or p.parent.name not in there]
    _remove(home, gone)
    return tuple(gone)


def _remove(home: SeriesFolder, prints: Sequence[Path]) -> None:
    for path in prints:
        files.remove(path)
        if not any(path.parent.iterdir()):
            files.remove(path.parent)
    # What a run that was interrupted left in the making is a print too.
    for left in (home.root / "episodes").glob("*/cache/.scratch/remember"):
        files.remove(left)


def forget(home: SeriesFolder, name: str) -> tuple[Person, tuple[Path, ...]]:
    """Withdraw a person's consent to a voice print, and remove every print there is of them.

    The prints go first: whatever happens then, they are gone. The caller holds the writer lock.

    Args:
        home: the series.
        name: the person's id in people.yaml, or their name in any spelling.

    Returns:
        The person, and the prints that were removed.

    Raises:
        UserError: nobody is called so, or people.yaml cannot be read.
        Changed: somebody saved people.yaml at the same moment.
    """
    read = read_series(home)
    if read.series is None or any(p.grave for p in read.problems):
        raise UserError(tuple(p for p in read.problems if p.grave))
    people = read.register.people
    person = next((p for p in people if p.id == name), None) or read.register.find(name)
    prints = [p for p in home.voice_prints if p.stem == (person.id if person else name)]
    if person is None and not prints:
        hint = "known are " + ", ".join(sorted(p.id for p in people)) if people else "nobody is registered"
        raise UserError((Problem(Place("people.yaml"), f"nobody is called `{name}`", hint),))
    _remove(home, prints)
    if person is None:
        return Person(name, name, registered=False), tuple(prints)
    if "voice" in person.consent:
        _withdraw(home, person)
    return person, tuple(prints)


def _withdraw(home: SeriesFolder, person: Person) -> None:
    """Take `voice` out of a person's consent: that one value, everything else byte for byte."""
    series, _ = read_text(home.series_yaml, "series.yaml")
    path = home.root / series_yaml.people_path(series or "")
    text, _ = read_text(path, home.name(path))
    left: list[yaml_tree.Plain] = [consent for consent in person.consent if consent != "voice"]
    patched = yaml_patch.patch(text or "", (person.id, "consent"), left or None)
    wrong = [p for p in people_yaml.read(patched)[1] if p.grave]
    if wrong:
        raise UserError(tuple(wrong))
    seen = files.digest((text or "").encode())
    files.save(path, patched.encode(), if_match=seen, keep_history=home.root)
