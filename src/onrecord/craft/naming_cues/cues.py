"""What one language's table holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one language, as patterns over folded text; a space in a pattern is any white space."""

    me: tuple[str, ...] = ()
    perhaps_me: tuple[str, ...] = ()
    me_after: tuple[str, ...] = ()
    presents: tuple[str, ...] = ()
    presents_after: tuple[str, ...] = ()
    thanks: tuple[str, ...] = ()
    greets: tuple[str, ...] = ()
    hands_over: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    host: tuple[str, ...] = ()
    guest: tuple[str, ...] = ()
    advert: tuple[str, ...] = ()
