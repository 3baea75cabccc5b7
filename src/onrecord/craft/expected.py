"""What an episode's files say is likely to be said: names and terms, those of most worth first.

A recogniser that heeds names has room for few of them, so the order counts: who is billed, what the
producer wrote into the glossary, then organisations, then names that the title, the questions and the
introduction mention, then tags and references.

A name in running text is a run of words with capitals that does not begin a sentence; small words may
join two of them (`Bank of Sweden`, `Ursula von der Leyen`). In German every noun has a capital, so there
only runs of two count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from onrecord.craft.register import fold_name
from onrecord.craft.suspect import Name
from onrecord.model.episode import Episode, Series

_JOINING = frozenset(
    word
    for few in (
        "of the and for",
        "de del della di du da dos la le",
        "van von der den zu und al el bin ibn y i e",
    )
    for word in few.split()
)
_NOUNS_HAVE_CAPITALS = frozenset(("de", "lb", "gsw", "nds"))
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*\.?")
_BETWEEN = re.compile(r"[ \t\n]+")
_MARKUP = re.compile(r"\]\([^)]*\)|https?://\S+|[*_`#>\[\]]")


def expected(episode: Episode, series: Series) -> tuple[str, ...]:
    """Names and terms that are likely to be said, each once, those of most worth first.

    Args:
        episode: With everybody found in the register (`bill_episode`).
        series: The programme.

    Returns:
        Texts as the files spell them.
    """
    language = (episode.language or series.language).partition("-")[0].lower()
    billed = [*episode.guests, *([episode.host] if episode.host else ())]
    texts = [
        *(b.person.name for b in billed),
        *episode.glossary,
        *series.glossary,
        *(b.organisation for b in billed),
        *names_in(episode.title, language, opens=False),
        *(name for asked in episode.questions for name in names_in(asked.ask, language)),
        *names_in(episode.introduction, language),
        *episode.tags,
        *(name for one in episode.references for name in names_in(one.title, language, opens=False)),
    ]
    return _once(texts)


def names(episode: Episode, series: Series) -> tuple[Name, ...]:
    """What is put right where it is misspelt: billed people in each of their spellings, then terms."""
    people = _once(spelling for b in episode.billed for spelling in (b.person.name, *b.person.also))
    terms = _once((*episode.glossary, *series.glossary))
    return (*(Name(text) for text in people), *(Name(text, person=False) for text in terms))


def known(episode: Episode, series: Series) -> tuple[str, ...]:
    """Words that the episode's files write with a capital: right as they stand, whatever they are like."""
    texts = [
        *expected(episode, series),
        series.title,
        series.tagline,
        series.presenter.name,
        series.presenter.unit,
        episode.title,
        episode.introduction,
        *(part for asked in episode.questions for part in (asked.ask, *asked.parts)),
        *(one.title for one in episode.references),
        *(b.title for b in episode.billed),
    ]
    words = (word.rstrip(".") for text in texts for word in _WORD.findall(_MARKUP.sub(" ", text)))
    return _once(word for word in words if word[:1].lower() != word[:1])


def names_in(text: str, language: str = "en", *, opens: bool = True) -> tuple[str, ...]:
    """Names in running text: runs of words with capitals inside a sentence.

    Args:
        text: Plain text or Markdown.
        language: Two letters.
        opens: Whether the text's first word has a capital only because it is the first.

    >>> names_in("What does Aleksandar Vučić want from the Bank of Sweden? Ask Maya.")
    ('Aleksandar Vučić', 'Bank of Sweden', 'Maya')
    >>> names_in("Wer zahlt den Preis? Etwa Frau Angela Merkel?", "de")
    ('Frau Angela Merkel',)
    """
    plain = _MARKUP.sub(" ", text)
    runs: list[list[str]] = [[]]
    end, first = 0, opens
    for match in _WORD.finditer(plain):
        between = plain[end : match.start()]
        if not _BETWEEN.fullmatch(between):
            runs.append([])
            first = first or bool(re.search(r"[.?!…:]", between))
        word = match[0] if len(match[0].rstrip(".")) == 1 or "." in match[0][:-1] else match[0].rstrip(".")
        capital = word[:1].lower() != word[:1]
        if not first and (capital or (runs[-1] and word in _JOINING)):
            runs[-1].append(word)
        else:
            runs.append([])
        stopped = match[0].endswith(".") and word != match[0]
        if stopped:
            runs.append([])
        first, end = stopped, match.end()
    found = []
    for run in runs:
        while run and run[-1] in _JOINING:
            run.pop()
        few = sum(word not in _JOINING for word in run) < 2
        if run and not (few and (language in _NOUNS_HAVE_CAPITALS or len(run[0]) < 3)):
            found.append(" ".join(run))
    return _once(found)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, whatever its capitals; the first spelling stays."""
    return tuple(
        {fold_name(text): text for text in reversed([t.strip() for t in texts if t.strip()])}.values()
    )[::-1]
