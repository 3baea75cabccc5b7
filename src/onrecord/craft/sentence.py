"""Words to sentences: where one ends, in any language that ends them with a mark.

A question mark, an exclamation mark or an ellipsis ends a sentence unless the next word goes on in
small letters (`"Really?" he said`). The full stop is the hard one, because it also marks
abbreviations, initials, ordinals and times of day. Each word that ends in a full stop is one of:

    never an end      a title or a word that leads to another: Dr.  Prof.  St.  No.  vs.
    an initial        a single capital: J. Robert   (an end only before a pause)
    mostly no end     letters with stops between: U.S.  e.g.  p.m.   and: etc.  Inc.  Jr.   and ordinals:
                      am 3. Oktober  (an end before a pause or a word that opens sentences: The, He, But)
    an end            all others, unless the next word is in small letters

Recognised speech gives one help that written text does not: the pause. It decides the doubtful
cases. Numbers such as 3.5 hold their stop inside and are no case at all. Scripts without capitals
(Georgian, Hindi, Chinese) simply never meet the small-letter rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from onrecord.model.transcript import Word

PAUSE_MS = 600
"""A silence that decides a doubtful full stop."""

_GREEK_QUESTION = "\u037e"
_GREEK_ASKS = re.compile("[\u0370-\u03ff\u1f00-\u1fff];\\Z")
"""Greek asks with what looks like a semicolon, and is mostly typed as one."""

CLOSERS = "\"'”’»›)]}」』）】》"
_STRONG = ("?", "!", "。", "？", "！", "｡", "．", "।", "॥", "؟", "۔", "։", "።", "፧", "။", "។", "།", "჻")
_SURE_ENDS = (*_STRONG, "…", "...", _GREEK_QUESTION)
ENDS = "".join(dict.fromkeys("." + "".join(_SURE_ENDS) + ";"))
"""Every letter with which a sentence may end."""

_CLAUSE = (",", ";", ":", "—", "–", "،", "؛", "、", "，", "；", "：", "՝", "፣", "၊")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEADING = _listed("""
    dr mr mrs ms prof sr st mt ft gen col capt lt sgt maj rev hon gov sen rep pres no nos vs cf ca approx
    fig vol pp ed eds resp op dept univ mag dipl ing hr fr frl nr bzw vgl abb mme mlle sra srta dott sig avv
""")
_TRAILING = _listed("etc inc ltd corp co bros jr usw et al dgl")
_UNSURE = _LEADING | _TRAILING
_OPENERS = _listed("""
    the a an he she it we they you i this that these those there here but and so or then now well yes no
    what who how why when where in on at for if because my our their his her its let
    der die das er sie es wir ihr ich und aber also dann nun ja nein was wer wie warum wo
    le la les il elle nous vous ils elles je et mais donc alors oui non
    el los las ella nosotros ellos yo y pero entonces
""")

Edge = Literal["sentence", "clause", "none"]


def sentences(words: Sequence[Word]) -> tuple[tuple[Word, ...], ...]:
    """Cut words into sentences; every word is in exactly one, in order.

    >>> from onrecord.model.time import Ms, Span
    >>> said = "I met Dr. Smith at 3.5 p.m. today. Really? Yes."
    >>> words = [Word(Span(Ms(i), Ms(i + 1)), t) for i, t in enumerate(said.split())]
    >>> [" ".join(w.text for w in s) for s in sentences(words)]
    ['I met Dr. Smith at 3.5 p.m. today.', 'Really?', 'Yes.']
    """
    cut: list[tuple[Word, ...]] = []
    start = 0
    for i, word in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) else None
        if after is None or edge(word, after) == "sentence":
            cut.append(tuple(words[start : i + 1]))
            start = i + 1
    return tuple(cut)


def edge(word: Word, after: Word) -> Edge:
    """What lies between two words: a sentence's end, the end of a clause (a comma), or nothing."""
    return between(word.text, after.text, after.span.start - word.span.end)


def between(text: str, after: str, pause_ms: int) -> Edge:
    """What lies between two words, told from their texts and the silence between them."""
    bare = text.rstrip(CLOSERS)
    first = after[:1]
    if bare[-2:-1].islower() and bare[-1] in ".?!" and first.isupper() and first.isalpha():
        # Most ends are as plain as this.
        core = bare[:-1]
        if core.isalpha() and core == core.casefold() and core not in _UNSURE and core[1:]:
            return "sentence"
    goes_on = _begins_small(after)
    if bare.endswith(_SURE_ENDS) or _GREEK_ASKS.search(bare):
        if goes_on and (pause_ms < PAUSE_MS or not bare.endswith(_STRONG)):
            return "clause"
        return "sentence"
    if bare.endswith("."):
        return "sentence" if _stop_ends(bare, after, goes_on=goes_on, pause_ms=pause_ms) else "none"
    return "clause" if bare.endswith(_CLAUSE) else "none"


def _stop_ends(bare: str, after: str, *, goes_on: bool, pause_ms: int) -> bool:
    core = bare[:-1].lstrip("\"'“‘«‹([{").casefold()
    paused = pause_ms >= PAUSE_MS
    if core in _LEADING or goes_on or not core:
        return False
    if len(core) == 1 and core.isalpha() and core != "i":
        return paused
    doubtful = core in _TRAILING or ("." in core and core.replace(".", "").isalpha())
    if doubtful or (core.isdigit() and len(core) <= 2):
        return paused or after.strip(CLOSERS + "\"'“‘«,.").casefold() in _OPENERS
    return True


def _begins_small(text: str) -> bool:
    first = next((c for c in text if c.isalnum()), "")
    return first.islower()
