"""Role and organisation, told apart in the words that a page says of somebody."""

from __future__ import annotations

import re

from onrecord.craft.page_names import is_capital, is_organisation, is_role, without_article
from onrecord.craft.page_words import (
    ORGANISATION_WORDS,
    PLACES,
    ROLE_MODIFIERS,
    ROLE_WORDS,
    TOPIC_WORDS,
    UNIT_WORDS,
)

Split = tuple[str, str, str]
"""Role, organisation, and why a person should look at it (empty where the page is plain)."""

_HEADED = re.compile(
    r"(.*\b(?:co-?founder|founder|director|editor|editor-in-chief|CEO|owner|publisher|manager|"
    r"partner)) of (?:the )?(\S+(?: [A-Z]\S*){0,3})\Z"
)


def split_role(text: str) -> Split:
    """Split what a page says of somebody: `Fellow at the Carnegie Center`.

    The rules are tried in order, and the first that fits decides; a text that none splits is a role, or,
    without any word of one, an organisation.

    >>> split_role("President of the Advisory Board of the Belgrade Center for Security Policy")[:2]
    ('President of the Advisory Board', 'Belgrade Center for Security Policy')
    >>> split_role("former Prime Minister of Albania")[:2], split_role("the EU's envoy to the region")[:2]
    (('former Prime Minister of Albania', ''), ('envoy to the region', 'EU'))
    """
    text = without_article(text.strip(" ,;."))
    for rule in (_in_brackets, _owned, _at, _of, _headed, home_before_role):
        split = rule(text)
        if split:
            return split
    return ("", text, "") if not is_role(text) and is_organisation(text) else (text, "", "")


def split_title(title: str) -> Split:
    """Split what stands before a name: `River Institute fellow`, `the Lab's director`."""
    title = without_article(title)
    if re.search(r"[’']s ", title) or re.search(r" (?:of|at|for|to) ", title):
        return split_role(title)
    return home_before_role(title) or (title, "", "")


def home_before_role(text: str) -> Split | None:
    """The organisation comes first: `Europe Center senior fellow`."""
    words = text.split()
    for i, word in enumerate(words):
        if word.lower() in ROLE_MODIFIERS | ROLE_WORDS and word.islower():
            organisation = " ".join(words[:i])
            if organisation and is_organisation(organisation) and not is_role(organisation):
                return " ".join(words[i:]), organisation, "the organisation stands before the role"
            break
    return None


def _in_brackets(text: str) -> Split | None:
    """`Professor of Political Science (University of Brannick)`; brackets with letters are no home."""
    found = re.fullmatch(r"(.+?) \(([^()]+)\)", text)
    if (
        found
        and "author of" not in found[1]
        and is_role(found[1])
        and is_organisation(found[2])
        and " " in found[2]
    ):
        return found[1], found[2], ""
    return None


def _owned(text: str) -> Split | None:
    """`the EU's special representative`."""
    found = re.match(r"(?:the )?(.+?)(?:[’']s|s[’']) (.+)", text)
    if found and found[2][0].islower() and is_role(found[2]) and is_organisation(found[1]):
        return found[2], without_article(found[1]), "role and organisation were split at the possessive"
    return None


def _at(text: str) -> Split | None:
    """`Fellow at the Lab`: the last `at` decides; a second role after it is told, and not kept."""
    cuts = list(re.finditer(r" (?:at|with|@) (?:the )?(?=[^\W\d_a-z]|[A-Z])", text))
    if not cuts:
        return None
    role, organisation = text[: cuts[-1].start()], text[cuts[-1].end() :]
    second = re.search(r",? and (?:an? |the )?(.+)", organisation)
    if second and is_role(second[1]) and not is_organisation(second[1].split(" of ")[0]):
        why = f"the page also says “{second[0].strip(' ,')}”"
        return role, organisation[: second.start()], why
    return role, organisation, "" if len(cuts) == 1 else "several roles in one line"


def _of(text: str) -> Split | None:
    """`Director of the Lab`: the last `of` or `for` that is not within a name decides."""
    for cut in reversed(list(re.finditer(r" (?:of|for|from) (?:the )?(?=[^\W\d_a-z])", text))):
        role, rest = text[: cut.start()], text[cut.end() :]
        last = role.rsplit(None, 1)[-1].lower().strip(",.;") if role.split() else ""
        if last in ORGANISATION_WORDS - UNIT_WORDS or last == "author" or not is_organisation(rest):
            continue
        # `Permanent Representative of Corvia to the Harbour League` is no organisation's.
        sent = re.search(r"(\w+) to (?:the )?[A-Z]", rest)
        if sent and sent[1].lower() not in ORGANISATION_WORDS:
            continue
        # `Port of Selin Authority` is one name; `Keeper of the Skarv Museum` is two things.
        two_things = role[0].islower() or cut[0].endswith(" the ")
        if is_role(role) or (two_things and last not in UNIT_WORDS):
            return role, rest, f"role and organisation were split at “{cut[0].strip()}”"
    return None


def _headed(text: str) -> Split | None:
    """`editor of Lumina`: who heads something heads an organisation, unless it is a place or a subject."""
    found = _HEADED.match(text)
    if not found or not is_capital(found[2].split(" ", 1)[0]):
        return None
    if {word.lower() for word in found[2].split()} & (PLACES | TOPIC_WORDS):
        return None
    return found[1], found[2], "role and organisation were split at “of”"
