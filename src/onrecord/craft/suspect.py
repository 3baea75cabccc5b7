"""Runs of words that may be a name, misspelt: found in the text, before anybody listens.

A small recogniser hears a guest's name and writes what such a sound is usually written like: Verbeek
becomes *Verbeag*, Samorukov *Sammo Rukov*. The billing knows better. But a wrong repair is worse than
none, for it puts a name into somebody's mouth. So a run of words is a *suspect* only if all of this holds:

    near        it is like one form of one name, to the eye and to the ear (craft/sounding.py); the less
                there is to go by (a first name alone, few letters), the nearer it must be
    no name     it is not a name or word that the episode's own files spell that way: Mia is not Maya
                where both are billed
    looks so    it is written as a name (a capital inside the sentence), unless the rest of the name
                stands right beside it: `Liam for beak`
    no other's  no other surname follows a first name, no other first name stands before a surname:
                `Anna Verbeck` is somebody else
    throughout  each word is somewhat like its own word of the name: Peter Mutia is not Pieter Wuille
    whole       no part of it is nearer to the name than all of it
    one word    it is not short for two (We'll is not Will)
    no case     a longer form is grammar and not a miss (Samorukova), and in a language that bends names so
                is another ending

What differs from a name in accents, hyphens or a split alone (Cvijic, Montague Park) is *plain*.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from onrecord.craft.near import EYE, alike_throughout, bent, near, nearer_within
from onrecord.craft.sounding import alike, letters
from onrecord.model.transcript import Word

_PAUSE_MS = 700
_MOST_WORDS = 5

_POSSESSIVE = re.compile(r"(?P<stem>.*\w)(?P<own>['’]s|(?<=s)['’])(?P<marks>\W*)", re.DOTALL)
_EDGES = re.compile(r"(?P<before>\W*)(?P<core>.*?)(?P<after>\W*)", re.DOTALL)
_SHORTENED = re.compile(r"\w['’](?:ll|ve|re|d|m|t)$", re.IGNORECASE)
"""Two words in one (`we'll`), which no name is."""
_ENDS = (".", "?", "!", "…", ",", ";", ":", "。", "？", "！")
_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
_CLOSERS = "\"'”’»)"


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNBENT = _listed("en fr es it pt nl de sv da no nb nn ca gl oc ro af cy ga vi zh yue ja ko th id ms")
"""Languages in which a name has one ending (and its possessive)."""

_TITLES = _listed("""
    dr mr mrs ms miss prof professor sir dame lord lady president minister senator ambassador general colonel
    captain judge justice chancellor commissioner congressman congresswoman governor mayor secretary director
    chair doctor herr frau doktor monsieur madame senor senora signor signora gospodin gospodja
""")


@dataclass(frozen=True, slots=True)
class Name:
    """A name or term that is likely to be said: its spelling, and whether its parts are said alone."""

    text: str
    person: bool = True


@dataclass(frozen=True, slots=True)
class Suspect:
    """A run of words `[start, end)` that may be a form of a name, misspelt.

    `put` is what would stand there instead, a text for each word; `name` the name it is a form of; `eye`
    and `ear` how alike the two are, 0 to 1; `backed` whether the rest of the name stands beside it;
    `plain` where only accents, hyphens, capitals or spaces differ; `alone` where it is a part of a name of
    which nothing else is said in the whole recording.
    """

    start: int
    end: int
    heard: str
    put: tuple[str, ...]
    name: str
    eye: float = 1.0
    ear: float = 1.0
    backed: bool = False
    plain: bool = False
    alone: bool = False

    @property
    def both(self) -> float:
        """Likeness to eye and ear in one figure."""
        return (self.eye + self.ear) / 2

    @property
    def kind(self) -> tuple[str, str]:
        """What it has in common with other places of the same misspelling."""
        return (letters(self.heard), " ".join(letters(text) for text in self.put))


def suspects(
    words: Sequence[Word], names: Sequence[Name], known: Collection[str] = (), language: str = "en"
) -> tuple[Suspect, ...]:
    """Find runs of words that are nearly a form of a name.

    Args:
        words: As recognised, in order of time.
        names: The names and terms, those of most worth first.
        known: Other words that the episode's files spell, as written; they are right as they stand.
        language: BCP 47 of what is said.

    Returns:
        Suspects in order of time that share no word.
    """
    forms = [form for name in names for form in _forms(name)]
    page = _Page(words, names, forms, known, language)
    bares = [letters(core) for word in words for core in _cores((word.text,))]
    found: list[Suspect] = []
    for i in range(len(words)):
        bare = ""
        for run in range(1, page.reach(i, _MOST_WORDS) + 1):
            bare += bares[i + run - 1]
            for form in forms:
                if Levenshtein.normalized_similarity(bare, form.bare, score_cutoff=EYE):
                    suspect = page.suspect(i, i + run, form)
                    found += [suspect] if suspect else []
    chosen: list[Suspect] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda s: (not s.plain, not s.backed, -s.both, s.start)):
        if taken.isdisjoint(range(one.start, one.end)):
            chosen.append(one)
            taken.update(range(one.start, one.end))
    met = {one.name for one in chosen if one.backed or len(one.put) == len(one.name.split())}
    met |= {name for name, parts in page.parts.items() if parts & set(bares)}
    return tuple(replace(s, alone=s.name not in met) for s in sorted(chosen, key=lambda s: s.start))


@dataclass(frozen=True, slots=True)
class _Form:
    words: tuple[str, ...]
    name: str
    whole: bool
    at: int  # where in the name it begins
    bare: str

    @property
    def rare(self) -> bool:
        """Whether it can be no phrase of the language: two parts that are written as names."""
        return sum(_named(word) and len(letters(word)) > 2 for word in self.words) > 1


def _forms(name: Name) -> list[_Form]:
    """The whole name; of a person also what follows the first name, and each part that can stand alone."""
    parts = tuple(name.text.split())
    if not letters(name.text):
        return []

    def form(words: tuple[str, ...], at: int) -> _Form:
        return _Form(words, name.text, len(words) == len(parts), at, letters(" ".join(words)))

    forms = [form(parts, 0)]
    if not name.person or len(parts) == 1 or not any(_named(p) and len(letters(p)) > 2 for p in parts):
        return forms
    if len(parts) > 2:
        forms.append(form(parts[1:], 1))
    for i, part in enumerate(parts):
        if len(letters(part)) > 2 and _named(part) and not part.endswith("."):
            forms.append(form((part,), i))
    return forms


class _Page:
    """The words of a recording, looked at as text."""

    def __init__(
        self,
        words: Sequence[Word],
        names: Sequence[Name],
        forms: Sequence[_Form],
        known: Collection[str],
        language: str,
    ) -> None:
        self.words = words
        self.unbent = not language or language.partition("-")[0].lower() in _UNBENT
        self.right = {letters(spelling) for word in known for spelling in (word, *_cores((word,)))}
        self.right |= {form.bare for form in forms}
        self.right |= {letters(part) for form in forms for word in form.words for part in word.split("-")}
        self.parts = {
            name.text: {letters(part) for word in name.text.split() for part in (word, *word.split("-"))}
            for name in names
            if name.person
        }
        ends = (w.text.rstrip(_CLOSERS).endswith(_SENTENCE_ENDS) for w in words)
        self.starts = {0} | {i for i, ended in enumerate(ends, 1) if ended}
        # Whatever is written small somewhere is a word of the language.
        self.small = {letters(w.text) for w in words if w.text[:1].islower()}

    def reach(self, i: int, most: int) -> int:
        """How many words from `i` on can be one name: no mark and no pause between them."""
        n = 1
        while n < most and i + n < len(self.words):
            left, right = self.words[i + n - 1], self.words[i + n]
            if left.text.endswith(_ENDS) or right.span.start - left.span.end > _PAUSE_MS:
                break
            n += 1
        return n

    def suspect(self, start: int, end: int, form: _Form) -> Suspect | None:
        """A run and a form of a name: the part of the run that is a miss, if it is one."""
        run = [w.text for w in self.words[start:end]]
        cores, put = _cores(run), list(form.words)
        if letters("".join(cores)) == form.bare:
            return self._plain(start, run, cores, form)
        # What stands right already at either end of the run is no part of the miss, but backs it.
        head = _same(cores, put)
        tail = _same(cores[head:][::-1], put[head:][::-1])
        last = len(run) - tail
        cores, put = cores[head:last], put[head : len(put) - tail]
        heard, wanted = "".join(cores), " ".join(put)
        eye, ear = alike(heard, wanted)
        backed = head + tail > 0 or self._beside(start, end, form)
        whole = form.whole and len(form.words) > 1
        if not near(eye, ear, len(letters(wanted)), backed=backed, whole=whole):
            return None
        if nearer_within(cores, wanted, eye) or not alike_throughout(cores, put):
            return None
        if not self._may_be(start + head, start + last, cores, put, form, backed=backed):
            return None
        texts = _dressed(put, run[head:last])
        return Suspect(start + head, start + last, " ".join(cores), texts, form.name, eye, ear, backed)

    def _plain(self, start: int, run: list[str], cores: list[str], form: _Form) -> Suspect | None:
        """Only accents, hyphens, spaces or capitals differ."""
        if [c.casefold() for c in cores] == [w.casefold() for w in form.words]:
            return None
        if not (all(_named(core) for core in cores) or (len(cores) > 1 and form.rare)):
            return None
        if start in self.starts and len(cores) == 1 and letters(cores[0]) in self.small:
            return None
        head = tail = 0
        if len(cores) == len(form.words):  # what stands right already at either end is no part of the miss
            head = _same(cores, form.words, str.casefold)
            tail = _same(cores[head:][::-1], form.words[head:][::-1], str.casefold)
        last = len(run) - tail
        texts = _dressed(form.words[head : len(form.words) - tail], run[head:last])
        heard = " ".join(cores[head:last])
        return Suspect(start + head, start + last, heard, texts, form.name, plain=True)

    def _may_be(
        self, start: int, end: int, cores: list[str], put: list[str], form: _Form, *, backed: bool
    ) -> bool:
        """Whether nothing speaks against a run that is like a name."""
        bares = [letters(core) for core in cores]
        heard, wanted = "".join(bares), letters("".join(put))
        known = heard in self.right or any(bare in self.right for bare in bares)
        ending = bent(heard, wanted) or not (self.unbent or heard[-1:] == wanted[-1:])
        if known or ending or not heard or any(_SHORTENED.search(core) for core in cores):
            return False
        if backed:
            return True
        at_start = start in self.starts
        inside = any(_named(core) for core in cores[1 if at_start else 0 :])
        looks_so = inside or (at_start and all(_named(core) for core in cores))
        if not looks_so or any(bare in self.small for bare in bares):
            return False
        return form.whole or not self._somebody_else(start, end, form)

    def _beside(self, start: int, end: int, form: _Form) -> bool:
        """Whether another part of the same name stands right beside a part of it."""
        if form.whole:
            return False
        own = self.parts.get(form.name, set()) - {letters(form.words[0])}
        if form.at == 0:
            return self.reach(end - 1, 2) == 2 and letters(self.words[end].text) in own
        return start > 0 and self.reach(start - 1, 2) == 2 and letters(self.words[start - 1].text) in own

    def _somebody_else(self, start: int, end: int, form: _Form) -> bool:
        """Whether another's name stands beside a part of a name: Anna before Verbeek, Brown after Liam."""
        if form.at == 0:
            return self.reach(end - 1, 2) == 2 and self._is_name(end)
        return start > 0 and self.reach(start - 1, 2) == 2 and self._is_name(start - 1)

    def _is_name(self, i: int) -> bool:
        bare = letters(self.words[i].text)
        return _named(self.words[i].text) and bare not in _TITLES and bare not in self.small and len(bare) > 1


def _same(cores: Sequence[str], put: Sequence[str], fold: Callable[[str], str] = letters) -> int:
    """How many words at the start are the same; at least one on either side is left over."""
    n = 0
    while n < min(len(cores), len(put)) - 1 and fold(cores[n]) == fold(put[n]):
        n += 1
    return n


def _named(core: str) -> bool:
    """Whether a word is written as a name: with a capital, or in a script that has none."""
    first = next((c for c in core if c.isalpha()), "")
    return bool(first) and (first.isupper() or first.lower() == first.upper())


def _cores(run: Sequence[str]) -> list[str]:
    """Words without the marks around them, the last without its possessive."""
    cores = []
    for i, text in enumerate(run, 1):
        own = _POSSESSIVE.fullmatch(text) if i == len(run) else None
        edges = _EDGES.fullmatch(own["stem"] if own else text)
        cores.append(edges["core"] if edges else text)
    return cores


def _dressed(put: Sequence[str], run: Sequence[str]) -> tuple[str, ...]:
    """A name with the marks and the possessive of the run that it replaces."""
    first, own, last = _EDGES.fullmatch(run[0]), _POSSESSIVE.fullmatch(run[-1]), _EDGES.fullmatch(run[-1])
    before = first["before"] if first else ""
    after = own["own"] + own["marks"] if own else last["after"] if last else ""
    texts = [*put]
    texts[0] = before + texts[0]
    # A name that ends in a full stop (Robert Downey Jr.) brings its own.
    texts[-1] += after.removeprefix(".") if texts[-1].endswith(".") else after
    return tuple(texts)
