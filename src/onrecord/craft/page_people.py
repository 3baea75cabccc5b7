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

from onrecord.craft.page_words import (
    HONORIFICS,
    NOT_A_NAME,
    ORGANISATION_WORDS,
    PARTICLES,
    PLACES,
    ROLE_MODIFIERS,
    ROLE_WORDS,
    SURNAMES_TOO,
    TOPIC_WORDS,
    UNIT_WORDS,
)

_WORD = re.compile(r"[^\s,;()]+")
_MARKDOWN = re.compile(r"\[([^\]]+)\]\([^)]*\)|<https?://[^>]*>|https?://\S+|\*\*|__")


_CALLED = re.compile(
    r"^(?:[a-z’'-]+ ){0,4}(?:guests|guest|experts|panell?ists|speakers|colleagues|leaders|scholars|journalists|analysts|people|"
    r"women|men|members|voices|students|activists|researchers|authors|diplomats)[,:]? (?=[A-Z])"
)


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
    text = _MARKDOWN.sub(lambda m: m[1] or "", text).strip(" .:;!")
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
        link = re.match(r"(?:,\s*)?(of|from|at|with|[–—-]|is|was|has been|serves as|works as|[|])\s+(.+)", rest)
        if link is None:
            return None
        if link[1] in {"of", "from", "at", "with"}:
            return Billed(name, "", _without_article(link[2]))
        return _roled(name, re.sub(r"\s+since \d{4}.*", "", link[2]))
    return _ends_in_name(bare)


def leading_name(text: str) -> str:
    """The name that a text begins with, or nothing.

    >>> leading_name("Maxim Samorukov of the Carnegie Center"), leading_name("Policy Lab"), leading_name("Ilva")
    ('Maxim Samorukov', '', '')
    """
    words, end = 0, 0
    taken: list[str] = []
    for match in _WORD.finditer(text):
        word = match[0]
        bare = re.sub(r"[’']s\Z", "", word)
        gap = text[end : match.start()]
        if words and gap != " ":
            break
        if words >= 5 or not (_capital(word) or (words and word.lower() in PARTICLES)):
            break
        banned = bare.lower().strip(".") in NOT_A_NAME - (SURNAMES_TOO if taken else frozenset())
        if banned or bare != word or re.search(r"[:!?“”\"#@/]", word):
            if bare != word:
                return ""
            break
        taken.append(word)
        words, end = words + 1, match.end()
    while taken and not _capital(taken[-1]):
        end -= len(taken.pop()) + 1
    after = text[end:].lstrip()
    # `Ana Kova Institute`, `Ben Lis Foundation`: the name goes on as an organisation's.
    if after and re.match(r"[A-Z]", after) and _first(after) in ORGANISATION_WORDS:
        return ""
    if (
        len(taken) < 2
        or all(len(w.strip(".")) == 1 for w in taken)
        or (taken[0].isupper() and len(taken[0]) in {2, 3})
    ):
        return ""
    return text[:end]


def split_role(text: str) -> tuple[str, str, str]:
    """Role, organisation and why one should look, from `Fellow at the Carnegie Center`.

    >>> split_role("President of the International Advisory Board of the Belgrade Center for Security Policy")[:2]
    ('President of the International Advisory Board', 'Belgrade Center for Security Policy')
    >>> split_role("former Prime Minister of Albania")[:2], split_role("the EU's envoy to the region")[:2]
    (('former Prime Minister of Albania', ''), ('envoy to the region', 'EU'))
    """
    text = _without_article(text.strip(" ,;."))
    from_brackets = re.fullmatch(r"(.+?) \(([^()]+)\)", text)
    if from_brackets and is_role(from_brackets[1]) and is_organisation(from_brackets[2]) and " " in from_brackets[2]:
        return from_brackets[1], from_brackets[2], ""
    owned = re.match(r"(?:the )?(.+?)(?:[’']s|s[’']) (.+)", text)
    if owned and owned[2][0].islower() and is_role(owned[2]) and is_organisation(owned[1]):
        return owned[2], _without_article(owned[1]), "role and organisation were split at the possessive"
    at = list(re.finditer(r" (?:at|with|@) (?:the )?(?=[^\W\d_a-z]|[A-Z])", text))
    if at:
        # The last `at` before any `and a second role` decides.
        role, organisation = text[: at[-1].start()], text[at[-1].end() :]
        second = re.search(r",? and (?:an? |the )?(?=[a-z-]*\s?)(.+)", organisation)
        if second and is_role(second[1]) and not is_organisation(second[1].split(" of ")[0]):
            why = f"the page also says “{second[0].strip(' ,')}”"
            return role, organisation[: second.start()], why
        return role, organisation, "" if len(at) == 1 else "several roles in one line"
    for cut in reversed(list(re.finditer(r" (?:of|for|from) (?:the )?(?=[^\W\d_a-z])", text))):
        before = _last(text[: cut.start()])
        rest = text[cut.end() :]
        if before in ORGANISATION_WORDS - UNIT_WORDS or not is_organisation(rest):
            continue
        # `Permanent Representative of Corvia to the Harbour League` is no organisation's.
        sent = re.search(r"(\w+) to (?:the )?[A-Z]", rest)
        if sent and sent[1].lower() not in ORGANISATION_WORDS:
            continue
        role = text[: cut.start()]
        # `Port of Selin Authority` is one name; `Keeper of the Skarv Museum` is two things.
        if not is_role(role) and (
            before in UNIT_WORDS or not (role[0].islower() or cut[0].endswith(" the "))
        ):
            continue
        return text[: cut.start()], rest, f"role and organisation were split at “{cut[0].strip()}”"
    led = re.match(
        r"(.*\b(?:co-?founder|founder|director|editor|editor-in-chief|CEO|owner|publisher|manager|"
        r"partner)) of (?:the )?(\S+(?: [A-Z]\S*){0,3})\Z",
        text,
    )
    if led and leading_capital(led[2]) and not {w.lower() for w in led[2].split()} & (PLACES | TOPIC_WORDS):
        return led[1], led[2], "role and organisation were split at “of”"
    before_role = _home_before_role(text)
    if before_role:
        return before_role
    if not is_role(text) and is_organisation(text):
        return "", text, ""
    return text, "", ""


def is_role(text: str) -> bool:
    """Whether some word of a text is the word of a role."""
    return any(word.lower().strip(".") in ROLE_WORDS for word in re.findall(r"[\w.-]+", text))


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
    """A person with what one more piece says of them."""
    clause = re.match(r"(?:who|whose|which|where|author of|recently|also|currently|now)\b", piece)
    if clause:
        return replace(person, unsure=_why(person.unsure, f"the page also says “{piece}”"))
    role, organisation, why = (_without_article(piece), "", "") if whole else split_role(piece)
    if (person.role or person.organisation) and _goes_on(person, piece):
        if person.organisation:
            return replace(person, organisation=f"{person.organisation}, {piece}")
        return replace(person, role=f"{person.role}, {piece}")
    if not _tells(piece, organisation):
        return replace(person, unsure=_why(person.unsure, f"the page also says “{piece}”"))
    if person.role and not person.organisation and role and person.role_is_title:
        more = f"the page also says “{person.role}”"
        person = replace(person, role="", role_is_title=False, unsure=_why(person.unsure, more))
    if not person.role and not person.organisation:
        return replace(person, role=role, organisation=organisation, unsure=_why(person.unsure, why))
    if not person.role and role and not organisation:
        return replace(person, role=role)
    if not person.organisation and not is_role(piece):
        return replace(person, organisation=_without_article(piece))
    if not person.organisation and organisation and person.role:
        # `Senior Fellow, Europe Programme at the River Institute`, `Director and Fellow at ...`
        return replace(
            person, role=f"{person.role}, {role}" if role else person.role, organisation=organisation
        )
    more = f"the page also says “{piece}”"
    return replace(person, unsure=_why(person.unsure, more))


def _roled(name: str, text: str) -> Billed:
    role, organisation, why = split_role(text)
    return Billed(name, role, organisation, unsure=why)


def _tells(piece: str, organisation: str) -> bool:
    """Whether a piece after a name says what somebody is, and not what happens next."""
    words = piece.split()
    return (
        bool(organisation)
        or is_role(piece)
        or (
            is_organisation(piece) and not re.search(r" (?:is|are|was|were|has|have|will|offers?) ", piece)
        )
        or (words[0] in {"a", "an"} and len(words) <= 6)
        or re.match(r"(?:the )?[a-z-]+(?: [a-z-]+){0,2} (?:of|at|for) ", piece) is not None
        or (len(words) <= 4 and all(_capital(word) or word in {"of", "for", "and", "the"} for word in words))
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
    """Whether a piece is the role of somebody whose name comes next: `and the director of the Lab, Ana Kova`."""
    if i + 1 >= len(pieces) or pieces[i + 1][0] or not is_role(pieces[i][1]):
        return False
    return leading_name(without_honorific(pieces[i + 1][1])) != ""


def _home_follows(pieces: list[tuple[bool, str]], i: int) -> bool:
    """Whether the next piece is where the role of this one is held: `Dean of the Faculty of Law, University of X`."""
    if i + 1 >= len(pieces) or " at " in pieces[i][1] or not is_role(pieces[i][1]):
        return False
    joined, after = pieces[i + 1]
    return not joined and is_organisation(after) and not is_role(after) and begins_person(after) is None


def _settled(found: list[Billed]) -> list[Billed]:
    """People with names; a role that is split only because no organisation followed stays as it was read."""
    # A role that begins with a name was not a role: better none than a wrong one.
    return [
        replace(p, role="", unsure=_why(p.unsure, "the page's words about them could not be read")) if leading_name(p.role) else p
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
        role, organisation, why = _before_name(title)
        return Billed(without_honorific(name), role, organisation, role_is_title=True, unsure=why)
    return None


def _before_name(title: str) -> tuple[str, str, str]:
    """Role and organisation from a title before a name: `River Institute fellow`, `the Lab's director`."""
    title = _without_article(title)
    if re.search(r"[’']s ", title) or re.search(r" (?:of|at|for|to) ", title):
        return split_role(title)
    return _home_before_role(title) or (title, "", "")


def _home_before_role(text: str) -> tuple[str, str, str] | None:
    """Role and organisation where the organisation comes first: `Europe Center senior fellow`."""
    words = text.split()
    for i, word in enumerate(words):
        if word.lower() in ROLE_MODIFIERS | ROLE_WORDS and word.islower():
            organisation = " ".join(words[:i])
            if organisation and is_organisation(organisation) and not is_role(organisation):
                return " ".join(words[i:]), organisation, "the organisation stands before the role"
            break
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


def is_organisation(text: str) -> bool:
    """Whether a text is an organisation's name: by one of its words, or letters, and no bare country."""
    words = re.findall(r"[\w’'&.-]+", text)
    if not words or not any(_capital(word) for word in words):
        return False
    lowered = [re.sub(r"[’']s\Z", "", word.lower()) for word in words]
    if all(word in PLACES or not _capital(w) for word, w in zip(lowered, words, strict=True)):
        return False
    if any(
        word in ORGANISATION_WORDS | UNIT_WORDS and _capital(w)
        for word, w in zip(lowered, words, strict=True)
    ):
        return True
    # Letters, or a word with capitals inside: `ECFR`, `SCiDEV`.
    return any(re.fullmatch(r"[A-Z][\w&]*[A-Z][\w&]*(?:[’']s)?", w) and not w.startswith("Mc") for w in words)


def _could_employ(piece: str) -> bool:
    """Whether a piece that looks like a name may as well be where somebody works."""
    return leading_name(piece) == piece and len(piece.split()) <= 3 and not _titled(piece)


def _titled(piece: str) -> bool:
    return without_honorific(piece) != piece


def without_honorific(text: str) -> str:
    words = text.split(" ")
    while len(words) > 2 and words[0].lower() in HONORIFICS:
        words = words[1:]
    return " ".join(words)


def without_kind(text: str) -> str:
    """A list's text without what it calls its people: `three young leaders: Ida Holm`, `energy experts Ana Kova`."""
    return _CALLED.sub("", text)


def _without_article(text: str) -> str:
    return re.sub(r"^(?:the|a|an|our|her|his|their|its|The)\s+", "", text.strip())


def leading_capital(text: str) -> bool:
    """Whether a text begins with a capital letter."""
    return _capital(text.split(" ", 1)[0]) if text else False


def _capital(word: str) -> bool:
    letters = word.lstrip("“\"‘'(")
    return bool(letters) and (
        letters[0].isupper() or bool(re.match(r"(?:al|el)-[^\W\d_a-z]|d[’'][A-Z]", letters))
    )


def _first(text: str) -> str:
    return re.split(r"[\s,;.]", text.lower(), maxsplit=1)[0]


def _last(text: str) -> str:
    return text.rsplit(None, 1)[-1].lower().strip(",.;") if text.split() else ""


def _why(one: str, two: str) -> str:
    return "; ".join(dict.fromkeys(w for w in (one, two) if w))
