"""How much a place looks like the beginning of something new, whatever it may be about.

Hosts move on in recognisable ways. The cue adds up, in the manner of a logistic regression:

    who        the voice that asks most, or the host where he is known
    how        a question mark within the next words; a long turn, after a long turn
    with what  words that open ("okay", "so", "next", "welcome") and words that only react ("yeah", "thanks")
    change     the words ahead and those from here on are unlike (craft/cohesion.py), and many are new

The weights were learnt from meetings whose topics people have marked (bench/ledger_fit.py), and stand in
boundary_weights.py. The words that open are known for English only: elsewhere the other signs decide.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from onrecord.craft.boundary_weights import OPENERS, WEIGHTS
from onrecord.craft.cohesion import Counts, dips, novelty
from onrecord.craft.relevance import Array, Heard
from onrecord.craft.talk import Talk
from onrecord.model.language import primary

FEATURES = (
    *("opens", "asked soon", "asks", "share of questions", "questions a word", "share of words"),
    *("opens, share of questions", "turn", "portion", "turn before", "dip 60", "dip 120", "dip 300", "new"),
)
_SOON_WORDS = 60
_FIRST_WORDS = 10
_MARKS = re.compile("[?？؟\u037e፧]")
_WORD = re.compile(r"[\w']+")


def boundary(talk: Talk, heard: Heard, table: Counts, language: str, host: str = "") -> Array:
    """For each portion how much it looks like a beginning: 0 on average, in units of log odds."""
    if not len(heard):
        return np.zeros(0)
    scores = features(talk, heard, table, host) @ np.array([WEIGHTS[name] for name in FEATURES])
    if primary(language) == "en":
        weights = np.array(list(OPENERS.values()))
        scores = scores + opening(heard) @ weights
    out: Array = scores - np.average(scores, weights=heard.words)
    return out


def features(talk: Talk, heard: Heard, table: Counts, host: str = "") -> Array:
    """A row for each portion, in the order of `FEATURES`."""
    portions = heard.portions
    marks = np.array([len(_MARKS.findall(portion.text)) for portion in portions], float)
    first, end = heard.after(_SOON_WORDS)
    marks_before = np.concatenate(([0.0], np.cumsum(marks)))
    soon = np.minimum(marks_before[end] - marks_before[first], 3)
    turn_words = np.bincount([p.turn for p in portions], weights=heard.words, minlength=len(talk))
    words, asked = Counter[str](), Counter[str]()
    for portion, asks in zip(portions, marks, strict=True):
        words[talk[portion.turn].voice] += portion.words
        asked[talk[portion.turn].voice] += int(asks)
    all_asked, all_words = sum(asked.values()), sum(words.values())
    drop, new = dips(heard, table), novelty(heard, table)
    rows = []
    for i, portion in enumerate(portions):
        voice = talk[portion.turn].voice
        share = float(voice == host) if host in words else asked[voice] / all_asked if all_asked else 0.0
        rows.append(
            [
                float(portion.opens),
                soon[i],
                float(marks[i] > 0),
                share,
                min(3.0, 100 * asked[voice] / words[voice]),
                words[voice] / all_words,
                share * portion.opens,
                np.log1p(turn_words[portion.turn]),
                np.log1p(portion.words),
                np.log1p(turn_words[portion.turn - 1]) if portion.turn else 0.0,
                *drop[:, i],
                new[i],
            ]
        )
    return np.array(rows, float)


def opening(heard: Heard) -> Array:
    """A row for each portion: which of the words of `OPENERS` its first ten words hold."""
    table = np.zeros((len(heard), len(OPENERS)))
    column = {word: i for i, word in enumerate(OPENERS)}
    for i, portion in enumerate(heard.portions):
        for word in _WORD.findall(portion.text.lower())[:_FIRST_WORDS]:
            if word in column:
                table[i, column[word]] = 1
    return table
