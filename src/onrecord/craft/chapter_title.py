"""A question shortened to a chapter's title: words are left out, none is put in.

Podcast players cut titles at about forty characters, YouTube at fifty to seventy. So a title has at most
39. A longer question is shortened in the ways of an editor, and of all that fits, what keeps most of the
words that tell something is taken:

    without the frame   `Are we witnessing a cultural shift or a temporary wave?`
                        -> `A cultural shift or a temporary wave?`
    a clause of it      `Who are the migrants arriving, and what are their motivations?`
                        -> `Who are the migrants arriving?`
    cut, and marked     `How much of the water that ...` -> `How much of the water…`

Frames and empty words are known for English, empty words for some languages more; in any other, clauses
and marked cuts do it. The first letter may become a capital, the question mark stays a question's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from onrecord.model.language import UNSPACED_LETTERS, family, one_line

MOST_CHARACTERS = 39
_LEAST_WORDS = 2
_CUT_COSTS = 1.5
_FRAME_COSTS = 0.25
_LATER_COSTS = 1.2

_FRAMES = {
    "en": re.compile(
        r"""(?:
        (?:and|so|but|now|well|okay|ok|then),?\s+ )*
        (?:(?:could|can|would)\s+(?:you|we)\s+(?:please\s+)?
            (?:tell\s+us|explain|describe|say|talk|walk\s+us\s+through|elaborate)(?:\s+(?:more|a\s+bit))?
            (?:\s+(?:about|on|to\s+us))?
        |how\s+(?:do|did|does|would|should|can)\s+(?:you|we|they)\s+(?:see|view|assess|evaluate|judge|explain)
        |what\s+(?:do|did|would)\s+you\s+(?:make|think)\s+(?:of|about)
        |what(?:'s|’s|\s+is|\s+are)\s+your\s+(?:view|views|take|opinion|assessment|thoughts)\s+(?:on|of|about)
        |(?:are|were)\s+(?:we|you)\s+(?:really\s+)?(?:witnessing|seeing|looking\s+at|facing)
        |do\s+you\s+(?:think|believe|feel|expect|see)(?:\s+that)?
        |(?:is|was)\s+it\s+(?:true|fair\s+to\s+say|possible|likely)\s+that
        |(?:what|how)\s+(?:is|are|was|were|about)
        |(?:is|are|was|were)\s+there
        |tell\s+us(?:\s+(?:more|a\s+bit))?\s+about
        |to\s+what\s+extent\s+(?:is|are|do|does|did|can|has|have)
        |let(?:'s|’s|\s+us)\s+talk\s+about|i\s+want(?:ed)?\s+to\s+ask(?:\s+you)?(?:\s+about)?
        )\s+(?=\S)""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
_EMPTY = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an the of to in on at for with from by as and or but that which who whom whose what when "
        "where why how is are was were be been do does did has have had will would can could should "
        "may might it its their his her our your my this these those than then into about over "
        "between among if whether not so also just we you they he she i very more most",
        "de": "der die das den dem des ein eine einen einem einer eines und oder aber dass daß in im an "
        "am auf zu zum zur von vom mit für bei aus nach über unter ist sind war waren wird werden "
        "hat haben wie was wer wo warum wenn ob nicht auch",
        "fr": "le la les un une des du de d' l' et ou mais que qui dans en sur au aux à par pour avec est "
        "sont était a ont ce cette ces il elle ils elles si ne pas comment pourquoi quel quelle",
        "es": "el la los las un una unos unas de del y o pero que en a al por para con es son era ha han "
        "su sus se como qué quién cómo cuándo si no",
        "it": "il lo la i gli le un una uno di del della dei delle e o ma che in a al alla per con è sono "
        "era ha hanno si non come quando chi cosa se",
        "sr": "i a ili ali da u na o od do za sa s iz po je su li se koji koja koje što šta ko kako kada "
        "gde ne",
        "sq": "i e të së në me për nga një dhe ose por që si kush çfarë ku kur është janë ka kanë po nuk",
    }.items()
}
FRAMED: Final = frozenset(_FRAMES)
"""The languages of whose questions the frame (what do you think about) is known."""
EMPTIED: Final = frozenset(_EMPTY)
"""Those of which the empty words are."""
_CLAUSES = re.compile(r"(?<=\w[,;:?!.])\s+|\s+[—–-]\s+")
_AND = "(?:and|or|but|und|oder|aber|et|ou|mais|y|pero|e|ma|i|ili|ali|dhe|ose|por)"
_ANDS = re.compile(rf",?\s+(?={_AND}\s)", re.IGNORECASE)
_LEADING = re.compile(rf"(?:{_AND}\s+|[/·•*-]\s*)+", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_UNSPACED = re.compile(UNSPACED_LETTERS)


def title_of(question: str, language: str, names: Sequence[str] = (), most: int = MOST_CHARACTERS) -> str:
    """Shorten a question (or a topic) to a title.

    Args:
        question: as announced or asked.
        language: BCP 47.
        names: by which people are addressed; one at the beginning goes.
        most: how many characters the title may have.

    Returns:
        A title whose words stand in the question, in its order; empty only for an empty question.

    >>> title_of("Who are the migrants arriving, and what are their motivations?", "en")
    'Who are the migrants arriving?'
    >>> title_of("Are we witnessing a cultural shift or a temporary wave?", "en")
    'A cultural shift or a temporary wave?'
    """
    text = _unaddressed(one_line(question).strip(' "“”„«»'), names)
    if len(text) <= most:
        return _capital(text)
    best, most_worth = "", -1.0
    for candidate, costs in _candidates(text, family(language)):
        if len(candidate) <= most and (worth := _worth(candidate, family(language)) - costs) > most_worth:
            best, most_worth = candidate, worth
    return _capital(best or _letters(text, most))


def _candidates(text: str, language: str) -> Iterator[tuple[str, float]]:
    """Shorter forms, each with what is lost by it apart from words."""
    asks = text[-1] if text[-1] in "?？؟;" else ""
    frame = _FRAMES[language].match(text) if language in _FRAMES else None
    forms = [(text, 0.0)] + ([(text[frame.end() :], _FRAME_COSTS)] if frame else [])
    article = _ARTICLE.match(text) if language == "en" else None
    forms += [(text[article.end() :], _FRAME_COSTS)] if article else []
    for form, costs in forms:
        yield form, costs
        for clause in _clauses(form):
            if len(clause.split()) >= _LEAST_WORDS:
                begins = form.startswith(clause)
                yield _asking(clause, asks), costs + (0.1 if begins else _LATER_COSTS)
        for cut in _cuts(form, language):
            yield cut, costs + _CUT_COSTS


def _clauses(text: str) -> Iterator[str]:
    for breaks in (_CLAUSES, _ANDS):
        starts = [0, *(m.end() for m in breaks.finditer(text))]
        ends = [*(m.start() for m in breaks.finditer(text)), len(text)]
        for i, start in enumerate(starts):
            for end in ends[i:]:
                clause = text[start:end]
                yield clause[found.end() :] if start and (found := _LEADING.match(clause)) else clause


def _asking(clause: str, asks: str) -> str:
    bare = clause.rstrip(" ,;:.…—–-")
    ended = bare != clause and clause.rstrip().endswith((".", ":"))
    return bare if not asks or ended or bare.endswith(("?", "!", asks)) else bare + asks


def _cuts(text: str, language: str) -> Iterator[str]:
    """The first words of a text, not ended by one that leads to another."""
    words = text.split()
    for end in range(len(words) - 1, 0, -1):
        if _bare(words[end - 1]) not in _EMPTY.get(language, frozenset()):
            yield " ".join(words[:end]).rstrip(" ,;:.?!—–-") + "…"


def _worth(text: str, language: str) -> float:
    empty = _EMPTY.get(language, frozenset())
    words = [_bare(word) for word in text.split()]
    return sum(1.0 if word and word not in empty else 0.05 for word in words)


def _bare(word: str) -> str:
    return word.strip(".,;:?!…—–-()\"'“”„‘’«»").casefold()


def _letters(text: str, most: int) -> str:
    """The beginning of a text without spaces, or of one endless word."""
    room = most - 1
    head = text[:room]
    spaced = head.rpartition(" ")[0]
    return (head if not spaced or _UNSPACED.search(head) else spaced).rstrip(" ,;:") + "…"


def _unaddressed(text: str, names: Sequence[str]) -> str:
    """Without the name of whom it is addressed to: `Maxim, who are they?`."""
    called = {part.casefold() for name in names for part in (name, *name.split())}
    head, comma, rest = text.partition(", ")
    return rest if comma and rest and head.casefold() in called else text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if len(text[:1].upper()) == 1 else text
