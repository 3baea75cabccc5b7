"""The names of people and of organisations, told from the other words of a page."""

from __future__ import annotations

import re

from onrecord.craft.page_words import (
    HONORIFICS,
    NOT_A_NAME,
    ORGANISATION_WORDS,
    PARTICLES,
    PLACES,
    ROLE_WORDS,
    SURNAMES_TOO,
    UNIT_WORDS,
)

_WORD = re.compile(r"[^\s,;()]+")
_MOST_WORDS = 5
_CALLED = re.compile(
    r"^(?:[a-z’'-]+ ){0,4}(?:guests|guest|experts|panell?ists|speakers|colleagues|leaders|"
    r"scholars|journalists|analysts|people|"
    r"women|men|members|voices|students|activists|researchers|authors|diplomats)[,:]? (?=[A-Z])"
)


def leading_name(text: str) -> str:
    """The name that a text begins with, or nothing.

    >>> leading_name("Maxim Samorukov of the Carnegie Center"), leading_name("Policy Lab")
    ('Maxim Samorukov', '')
    """
    words, end = 0, 0
    taken: list[str] = []
    for match in _WORD.finditer(text):
        word = match[0]
        bare = re.sub(r"[’']s\Z", "", word)
        gap = text[end : match.start()]
        if words and gap != " ":
            break
        if words >= _MOST_WORDS or not (is_capital(word) or (words and word.lower() in PARTICLES)):
            break
        banned = bare.lower().strip(".") in NOT_A_NAME - (SURNAMES_TOO if taken else frozenset())
        if banned or bare != word or re.search(r"[:!?“”\"#@/]", word):
            if bare != word:
                return ""
            break
        taken.append(word)
        words, end = words + 1, match.end()
    while taken and not is_capital(taken[-1]):
        end -= len(taken.pop()) + 1
    after = text[end:].lstrip()
    # `Ana Kova Institute`, `Ben Lis Foundation`: the name goes on as an organisation's.
    if after and re.match(r"[A-Z]", after) and _first(after) in ORGANISATION_WORDS:
        return ""
    only_initials = all(len(w.strip(".")) == 1 for w in taken)
    acronym = bool(taken) and taken[0].isupper() and len(taken[0]) in {2, 3}
    return "" if len(taken) < 2 or only_initials or acronym else text[:end]


def is_role(text: str) -> bool:
    """Whether some word of a text is the word of a role."""
    return any(word.lower().strip(".") in ROLE_WORDS for word in re.findall(r"[\w.-]+", text))


def is_organisation(text: str) -> bool:
    """Whether a text is an organisation's name: by one of its words, or letters, and no bare country."""
    words = re.findall(r"[\w’'&.-]+", text)
    if not words or not any(is_capital(word) for word in words):
        return False
    lowered = [re.sub(r"[’']s\Z", "", word.lower()) for word in words]
    if all(word in PLACES or not is_capital(w) for word, w in zip(lowered, words, strict=True)):
        return False
    if any(
        word in ORGANISATION_WORDS | UNIT_WORDS and is_capital(w)
        for word, w in zip(lowered, words, strict=True)
    ):
        return True
    # Letters, or a word with capitals inside: `ECFR`, `SCiDEV`.
    return any(re.fullmatch(r"[A-Z][\w&]*[A-Z][\w&]*(?:[’']s)?", w) and not w.startswith("Mc") for w in words)


def without_honorific(text: str) -> str:
    """A name without `Dr.`, `Prof.`, `H.E.` before it."""
    words = text.split(" ")
    while len(words) > 2 and words[0].lower() in HONORIFICS:
        words = words[1:]
    return " ".join(words)


def without_kind(text: str) -> str:
    """A list without what it calls its people: `three young leaders: Ida Holm`, `energy experts Ana Kova`."""
    return _CALLED.sub("", text)


def without_article(text: str) -> str:
    """A text without `the`, `a` or a possessive before it."""
    return re.sub(r"^(?:the|a|an|our|her|his|their|its|The)\s+", "", text.strip())


def is_capital(word: str) -> bool:
    """Whether a word is written as a name is: `Ana`, `al-Rahman`, `d’Este`."""
    letters = word.lstrip("“\"‘'(")
    return bool(letters) and (
        letters[0].isupper() or bool(re.match(r"(?:al|el)-[^\W\d_a-z]|d[’'][A-Z]", letters))
    )


def _first(text: str) -> str:
    return re.split(r"[\s,;.]", text.lower(), maxsplit=1)[0]
