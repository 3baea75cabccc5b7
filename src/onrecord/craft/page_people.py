"""Who is billed on a page: names, roles and organisations, from lists of people in running text.

The essay. A page bills people in one of a few shapes, and all of them are lists:

    Srdjan Cvijić, President of the Advisory Board of the Belgrade Center, and Maxim Samorukov, Fellow at ...
    former Prime Minister of Albania Sali Koci and Dr. Mira Dan (River Institute)
    Ana Kova, Director, Policy Lab; Ben Lis, the EU's special representative for the dialogue

So a list is cut at its commas, semicolons and `and`s, and each piece is one of three things: a new person
(perhaps with a title before the name), a role, or an organisation. What it is follows from its words, and
from what the person before it still lacks: after a role without an organisation, `Balkan Insight` is where
somebody works; after a whole billing it is somebody. A name is two to five capitalised words of which none
is the word of a role, an organisation, a country or a subject. The page decides, and nothing is supplied:
what a person says of themselves only in parts stays in parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from onrecord.craft.page_names import (
    is_capital,
    is_organisation,
    is_role,
    leading_name,
    without_article,
    without_honorific,
    without_kind,
)
from onrecord.craft.page_roles import Split, split_role, split_title
from onrecord.craft.page_words import TOPIC_WORDS

_HAPPENS = re.compile(
    r"\b(?:speaks|talks|says|tells|explains|discusses|describes|answers|shares|looks|joins)\b"
)
_RETIRED = re.compile(r"\s\((?:ret|retd|Ret)\.?\)|#\w+[’']s\s+")
_MARKDOWN = re.compile(r"\[([^\]]+)\]\([^)]*\)|<https?://[^>]*>|https?://\S+|\*\*|__")


@dataclass(frozen=True, slots=True)
class Billed:
    """A person as the page bills them; every text stands on the page."""

    name: str
    role: str = ""
    organisation: str = ""
    role_is_title: bool = False
    """Whether the role stands before the name: `Ambassador Ana Kova`."""
    unsure: str = ""
    """Why a person should look at it; empty where the page is plain."""


def people_in(text: str) -> tuple[Billed, ...]:
    """Everybody that a list of people names, in order."""
    found: list[Billed] = []
    text = _RETIRED.sub("", _MARKDOWN.sub(lambda m: m[1] or "", text)).strip(" .:;!")
    pieces = _pieces(text)
    for i, (joined, piece) in enumerate(pieces):
        begun = begins_person(piece)
        last = found[-1] if found else None
        if begun is None and found and leading_name(piece):
            break  # `..., Magnus Ode looks at the timetable`: the list is over, and the sentence goes on
        if begun is None and joined and _is_pending(pieces, i):
            found.append(_roled("", piece))
            continue
        if begun and last and not last.name:
            # `the director of the Policy Lab, Ana Kova`; `economist and author Mira Dan`.
            role = f"{last.role} and {begun.role}" if joined and begun.role else last.role or begun.role
            found[-1] = replace(begun, role=role, organisation=last.organisation or begun.organisation)
            continue
        if begun and last and not joined and last.role and not last.organisation and _could_employ(piece):
            begun = None  # `Ana Kova, Editor, Balkan Insight`: where she works, though it looks like a name
        if begun:
            found.append(begun)
        elif last:
            found[-1] = _told_more(last, piece, whole=_home_follows(pieces, i))
        elif (titled := _ends_in_name(piece)) is not None:
            found.append(titled)
        else:
            # `the director of the Policy Lab, Ana Kova`: the role comes first, and waits for its name.
            found.append(_roled("", piece))
    return tuple(_settled(found))


def begins_person(piece: str) -> Billed | None:
    """The person that a piece begins with: `Dr. Ana Kova`, `Minister of Energy Ana Kova of the River Lab`."""
    bare = without_honorific(without_kind(piece))
    name = leading_name(bare)
    if name:
        rest = bare[len(name) :].strip()
        if not rest:
            return Billed(name)
        inside = re.match(r"\(([^)]*)\)\s*(.*)", rest)
        if inside:
            return _from_brackets(name, inside[1], inside[2])
        link = re.match(
            r"(?:,\s*)?(of|from|at|with|[–—-]|is|was|has been|serves as|works as|[|])\s+(.+)", rest
        )
        if link is None:
            return None
        if link[1] in {"of", "from", "at", "with"}:
            return Billed(name, "", without_article(link[2]))
        return _roled(name, re.sub(r"\s+since \d{4}.*", "", link[2]))
    return _ends_in_name(bare)


def _pieces(text: str) -> list[tuple[bool, str]]:
    """The pieces of a list, each with whether an `and` or a semicolon stands before it."""
    found: list[tuple[bool, str]] = []
    depth, start, joined = 0, 0, False
    for mark in re.finditer(
        r"[()]|,?\s+(?:and|&|as well as|along with|together with|alongside|"
        r"plus)\s+(?:also\s+)?(?:with\s+)?|;\s*(?:and\s+)?|,\s*",
        text,
    ):
        if mark[0] in "()":
            depth += 1 if mark[0] == "(" else -1
            continue
        if depth > 0 or mark.start() < start:
            continue
        rest = text[mark.end() :]
        is_and = mark[0].strip() != ","
        # An `and` divides people only where a person follows; else it belongs to a role or a name.
        if is_and and not mark[0].lstrip().startswith(";") and not _person_follows(rest):
            continue
        found.append((joined, text[start : mark.start()]))
        start, joined = mark.end(), is_and
    found.append((joined, text[start:]))
    return [(was, piece.strip()) for was, piece in found if piece.strip()]


def _person_follows(rest: str) -> bool:
    """Whether what follows an `and` begins with a person (up to the next comma)."""
    head = re.split(r"[,;]|\s+and\s+", rest, maxsplit=1)[0]
    if begins_person(without_kind(head)) is not None:
        return True
    # `and the director of the Policy Lab, Ana Kova`
    after = rest[len(head) :].lstrip(", ")
    name = leading_name(without_honorific(after)) if is_role(head) else ""
    return bool(name) and name == without_honorific(re.split(r"[,;]", after, maxsplit=1)[0]).strip()


def _told_more(person: Billed, piece: str, *, whole: bool = False) -> Billed:
    """A person with what one more piece says of them; `whole`: it is a role, and its home comes next."""
    also = replace(person, unsure=_why(person.unsure, f"the page also says “{piece}”"))
    if re.match(r"(?:who|whose|which|where|author of|recently|also|currently|now)\b", piece):
        return also
    if _goes_on(person, piece):
        if person.organisation:
            return replace(person, organisation=f"{person.organisation}, {piece}")
        return replace(person, role=f"{person.role}, {piece}")
    split = (without_article(piece), "", "") if whole else split_role(piece)
    return _with_job(person, piece, split) or also


def _with_job(person: Billed, piece: str, split: Split) -> Billed | None:
    """A person with one more role, organisation, or both; None where there is no room for it."""
    role, organisation, why = split
    if not _tells(piece, organisation) or (person.organisation and (person.role or not role or organisation)):
        return None
    if person.role_is_title and role:
        # `Ambassador Ana Kova, Director of the Lab`: what follows the name says more.
        more = _why(f"the page also says “{person.role}”", why)
        return replace(person, role=role, organisation=organisation, role_is_title=False, unsure=more)
    if not person.role:
        home = person.organisation or organisation
        return replace(person, role=role, organisation=home, unsure=_why(person.unsure, why))
    if not is_role(piece):
        return replace(person, organisation=without_article(piece))
    if organisation:
        # `Senior Fellow, Director of research at the River Institute`
        return replace(
            person, role=f"{person.role}, {role}" if role else person.role, organisation=organisation
        )
    return None


def _roled(name: str, text: str) -> Billed:
    role, organisation, why = split_role(text)
    return Billed(name, role, organisation, unsure=why)


def _tells(piece: str, organisation: str) -> bool:
    """Whether a piece after a name says what somebody is, and not what happens next."""
    words = piece.split()
    if _HAPPENS.search(piece):
        return False
    return (
        bool(organisation)
        or is_role(piece)
        or (is_organisation(piece) and not re.search(r" (?:is|are|was|were|has|have|will|offers?) ", piece))
        or (words[0] in {"a", "an"} and len(words) <= 6)
        or re.match(r"(?:the )?[a-z-]+(?: [a-z-]+){0,2} (?:of|at|for) ", piece) is not None
        or (
            len(words) <= 4 and all(is_capital(word) or word in {"of", "for", "and", "the"} for word in words)
        )
    )


def _goes_on(person: Billed, piece: str) -> bool:
    """Whether a piece continues a list of subjects: `Minister of Education, Sports, and Youth`."""
    words = [word.lower() for word in re.findall(r"[\w-]+", piece)]
    before = f"{person.role} {person.organisation}"
    office = re.search(
        r"\b(?:[Mm]inist(?:er|ry)|[Ss]ecretary|[Dd]epartment|[Ff]aculty|[Ss]chool|[Cc]ommittee|"
        r"[Pp]rofessor)\b",
        before,
    )
    return office is not None and all(word in TOPIC_WORDS for word in words)


def _is_pending(pieces: list[tuple[bool, str]], i: int) -> bool:
    """Whether a piece is the role of somebody named next: `and the director of the Lab, Ana Kova`."""
    if i + 1 >= len(pieces) or pieces[i + 1][0] or not is_role(pieces[i][1]):
        return False
    return leading_name(without_honorific(pieces[i + 1][1])) != ""


def _home_follows(pieces: list[tuple[bool, str]], i: int) -> bool:
    """Whether the next piece is where this role is held: `Dean of the Faculty of Law, University of X`."""
    if i + 1 >= len(pieces) or " at " in pieces[i][1] or not is_role(pieces[i][1]):
        return False
    joined, after = pieces[i + 1]
    return not joined and is_organisation(after) and not is_role(after) and begins_person(after) is None


def _settled(found: list[Billed]) -> list[Billed]:
    """Those who have names. A role that begins with a name was none: better none than a wrong one."""
    why = "what the page says of them could not be read"
    return [
        replace(p, role="", unsure=_why(p.unsure, why)) if leading_name(p.role) else p
        for p in found
        if p.name
    ]


def _ends_in_name(piece: str) -> Billed | None:
    """A person whose title comes first: `Ambassador Ana Kova`, `mayor of Lumen Erion Veli`."""
    words = piece.split()
    for first in range(max(1, len(words) - 5), len(words) - 1):
        name = " ".join(words[first:])
        if leading_name(name) != name:
            continue
        title = " ".join(words[:first])
        # After `of` comes the place or the office: `mayor of Lumen Erion Veli`.
        if words[first - 1].lower() in {"of", "to", "for", "at", "in", "the"}:
            continue
        if not (is_role(title) or is_organisation(title)):
            continue
        role, organisation, why = split_title(title)
        return Billed(without_honorific(name), role, organisation, role_is_title=True, unsure=why)
    return None


def _from_brackets(name: str, inside: str, after: str) -> Billed:
    if inside.startswith("@") or not inside.strip() or inside.lower() in {"he/him", "she/her", "they/them"}:
        return _roled(name, after) if after.strip(" ,") else Billed(name)
    parts = [part.strip() for part in inside.split(",")]
    person = Billed(name)
    for i, part in enumerate(parts):
        person = _told_more(
            person, part, whole=i + 1 < len(parts) and is_role(part) and not is_role(parts[i + 1])
        )
    # Brackets hold where somebody is from, unless a role stands in them.
    if person.role and not person.organisation and not is_role(person.role):
        person = replace(person, role="", organisation=person.role)
    return person


def _could_employ(piece: str) -> bool:
    """Whether a piece that looks like a name may as well be where somebody works."""
    return leading_name(piece) == piece and len(piece.split()) <= 3 and without_honorific(piece) == piece


def _why(one: str, two: str) -> str:
    return "; ".join(dict.fromkeys(w for w in (one, two) if w))
