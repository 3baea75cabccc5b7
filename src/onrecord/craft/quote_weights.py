"""What the features of a quote are worth (learnt by bench/ledger_quotes_fit.py), and words against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {
    "shares": 0.0660,
    "dense": 0.0071,
    "around": 0.0013,
    "typical": 0.2490,
    "telling": -0.0084,
    "full": 0.0661,
    "length": 0.0206,
    "weak": -0.0020,
    "asks": -0.0138,
    "fillers": -0.0269,
    "late": -0.0020,
    "first": -0.0028,
    "long_turn": -0.0021,
    "named": 0.0441,
}
"""In the order in which quotes.py measures them."""

WEAK_COSTS: Final = 0.01
LONG_COSTS: Final = 0.02
"""Set by hand: for a weak opening, and for each factor of e beyond thirty words."""

WEAK: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "and but or so because it that this these those which he she they then yeah yes no well ok "
        "okay right uh um mm hmm oh also like mean",
        "de": "und aber oder denn weil das dies es er sie dann ja nein also genau naja äh ähm auch",
        "fr": "et mais ou donc car parce ça cela il elle ils elles alors oui non bon ben euh aussi",
        "es": "y pero o porque eso esto él ella ellos entonces sí no bueno pues también",
        "it": "e ma o perché quindi questo quello lui lei loro allora sì no beh ecco anche",
        "sr": "i a ali ili jer to ovo on ona oni onda da ne pa dakle "
        "također takođe и а али или јер то онда да не па",
        "sq": "dhe por ose sepse kjo ky ai ajo ata atëherë po jo pra edhe",
    }.items()
}
"""Words that lean on what was said before them, by the first part of a language's tag."""

FILLERS: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset(("uh", "um", "uhm", "er", "erm", "hmm", "mm", "mhm", "huh", "yeah")),
    "de": frozenset(("äh", "ähm", "hm", "öh")),
    "fr": frozenset(("euh", "hein", "ben")),
    "es": frozenset(("eh", "em", "este")),
    "it": frozenset(("ehm", "eh", "cioè")),
    "sr": frozenset(("ovaj", "hm", "овај", "хм")),
    "sq": frozenset(("ëë", "hm")),
}
"""Sounds that fill a pause, and words that mostly do."""
