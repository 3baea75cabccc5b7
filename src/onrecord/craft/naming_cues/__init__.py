"""How people name each other in talk, one table per language: who introduces, greets, thanks, closes.

Each field holds patterns (regular expressions) over folded text: Latin letters without diacritics, straight
apostrophes, any case; Serbian Cyrillic has been folded to Latin before. The fields say where the name stands:

    me          `my name is`        NAME     the speaker says their own name
    perhaps_me  `this is`           NAME     the same, but only where somebody begins
    me_after    NAME  `here`                 the same, with the name before
    presents    `joined by` ...     NAME     this and the next names in the sentence are others who are there
    presents_after  NAME `joins us`          the same
    thanks      `thank you`         NAME     whoever is thanked has mostly just spoken
    greets      `hello`             NAME     whoever is greeted speaks next, or has just greeted
    hands_over  `over to`           NAME     whoever is called speaks next
    reports     NAME  `said`                 the name is only talked about
    quotes      `said`  before `my name is`  somebody else's words
    titles      `Dr`                NAME     may stand between a cue and the name

and, wherever they stand, what a voice says about its own place in the conversation: `host`, `guest`,
`advert`. A language without a table uses only what needs no words: a name set off by commas, who asks, who
begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from onrecord.craft.naming_cues.albanian import ALBANIAN
from onrecord.craft.naming_cues.cues import Cues
from onrecord.craft.naming_cues.english import ENGLISH
from onrecord.craft.naming_cues.french import FRENCH
from onrecord.craft.naming_cues.german import GERMAN
from onrecord.craft.naming_cues.italian import ITALIAN
from onrecord.craft.naming_cues.serbian import SERBIAN
from onrecord.craft.naming_cues.spanish import SPANISH

__all__ = ["CUES", "Cues", "Patterns", "patterns"]

CUES: Mapping[str, Cues] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "sr": SERBIAN,
    "hr": SERBIAN,
    "bs": SERBIAN,
    "sh": SERBIAN,
    "cnr": SERBIAN,
    "sq": ALBANIAN,
}
"""The languages (BCP 47, without region) whose ways of naming we know."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """The cues of one language made ready; None where the language has none."""

    me: re.Pattern[str]
    perhaps_me: re.Pattern[str]
    me_after: re.Pattern[str]
    presents: re.Pattern[str]
    presents_after: re.Pattern[str]
    thanks: re.Pattern[str]
    greets: re.Pattern[str]
    hands_over: re.Pattern[str]
    reports: re.Pattern[str]
    quotes: re.Pattern[str]
    host: re.Pattern[str]
    guest: re.Pattern[str]
    advert: re.Pattern[str]


@cache
def patterns(language: str) -> Patterns:
    """The patterns of a language such as `sr-Latn-RS`; without cues, patterns that match nothing."""
    known = CUES.get(language.partition("-")[0].casefold(), Cues())
    titles = rf"(?:(?:{'|'.join(known.titles)})\.? )*" if known.titles else ""

    def before(cues: tuple[str, ...]) -> re.Pattern[str]:
        return _ready(rf"(?:{'|'.join(cues)})[,:!]? {titles}$" if cues else "")

    def after(cues: tuple[str, ...]) -> re.Pattern[str]:
        return _ready(rf"^[,]? ?(?:{'|'.join(cues)})\b" if cues else "")

    def anywhere(cues: tuple[str, ...]) -> re.Pattern[str]:
        return _ready(rf"(?:{'|'.join(cues)})" if cues else "")

    return Patterns(
        me=before(known.me),
        perhaps_me=before(known.perhaps_me),
        me_after=after(known.me_after),
        presents=_ready(rf"\b(?:{'|'.join(known.presents)})\b" if known.presents else ""),
        presents_after=after(known.presents_after),
        thanks=before(known.thanks),
        greets=before(known.greets),
        hands_over=before(known.hands_over),
        reports=after(known.reports),
        quotes=before(known.quotes),
        host=anywhere(known.host),
        guest=anywhere(known.guest),
        advert=anywhere(known.advert),
    )


def _ready(pattern: str) -> re.Pattern[str]:
    spaced = pattern.replace(" ?", r"\s*").replace(" ", r"\s+") if pattern else "(?!)"
    begins = spaced if spaced.startswith(("^", "\\b", "(?!)")) else r"\b" + spaced
    return re.compile(begins, re.IGNORECASE)
