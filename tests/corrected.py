"""What a person makes of a proposal, and what another recogniser makes of the same sound, drawn at random.

Every word is one of a kind: `b12` of the base, `p3` written by the person, `n4` newly heard. So a law
can say of each what must become of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue, Transcript

Row = tuple[int, int, str, list[str]]
"""(start, end, voice, words)"""


@dataclass(frozen=True)
class Corrected:
    """A base, a person's file made from it, and a new proposal."""

    base: Transcript
    mine: Transcript
    new: Transcript
    written: tuple[tuple[str, str], ...]
    """Words that the person wrote, with their voices, in order."""
    deleted: frozenset[str]
    """Words of the base that the person took out."""
    timed: bool
    """Whether the person cut or timed a caption."""
    touched: frozenset[int]
    """Captions of the base, by number, in which the person touched something."""
    origins: tuple[frozenset[int], ...]
    """For each caption of the new proposal, the captions of the base that its words lie in or beside."""


def transcript(rows: list[Row], language: str = "en") -> Transcript:
    cues = [Cue(Span(Ms(a), Ms(b)), voice, lines(words)) for a, b, voice, words in rows if words]
    return Transcript(language, tuple(cues))


def lines(words: list[str]) -> str:
    half = (len(words) + 1) // 2
    return " ".join(words) if len(words) < 4 else " ".join(words[:half]) + "\n" + " ".join(words[half:])


VOICES = ("Speaker 1", "Speaker 2", "Ilva Tare")


@st.composite
def bases(draw: st.DrawFn, common: bool = False) -> list[Row]:
    rows: list[Row] = []
    at, count = draw(st.integers(0, 5000)), 0
    for _ in range(draw(st.integers(1, 7))):
        length = draw(st.integers(1, 6))
        words = []
        for _ in range(length):
            plain = common and draw(st.booleans())
            words.append(draw(st.sampled_from(["the", "and", "a"])) if plain else f"b{count}")
            count += 1
        span = draw(st.integers(300, 4000))
        rows.append((at, at + span, draw(st.sampled_from(VOICES)), words))
        at += span + draw(st.sampled_from([0, 0, 40, 900]))
    return rows


def _edit(  # noqa: C901, PLR0912 - one branch for each thing that people do
    draw: st.DrawFn, rows: list[Row]
) -> tuple[list[Row], set[str], bool]:
    """A person's changes; the words that were taken out, and whether captions were cut or timed."""
    rows = [(a, b, voice, list(words)) for a, b, voice, words in rows]
    deleted: set[str] = set()
    timed = False
    for written in range(draw(st.integers(0, 6))):
        what = draw(
            st.sampled_from(
                [
                    "replace",
                    "insert",
                    "delete",
                    "capital",
                    "mark",
                    "rename",
                    "voice",
                    "split",
                    "join",
                    "time",
                    "add",
                ]
            )
        )
        k = draw(st.integers(0, len(rows) - 1))
        a, b, voice, words = rows[k]
        w = draw(st.integers(0, max(0, len(words) - 1)))
        fresh = f"p{written}"
        if what == "insert":
            words.insert(draw(st.integers(0, len(words))), fresh)
        elif what == "replace" and words:
            deleted.add(words[w])
            words[w] = fresh
        elif what == "delete" and words:
            deleted.add(words.pop(w))
        elif what == "capital" and words:
            words[w] = words[w].capitalize()
        elif what == "mark" and words:
            words[w] = words[w].rstrip(".,!") + draw(st.sampled_from([".", ",", "!"]))
        elif what == "rename":
            name = draw(st.sampled_from(["Maxim Samorukov", "Ana Brnabić"]))
            rows = [(i, j, name if v == voice else v, ws) for i, j, v, ws in rows]
        elif what == "voice":
            rows[k] = (a, b, draw(st.sampled_from(["Maxim Samorukov", *VOICES])), words)
        elif what == "split" and len(words) > 1 and b - a > 20:
            cut, at = draw(st.integers(1, len(words) - 1)), draw(st.integers(a + 1, b - 1))
            rows[k : k + 1] = [(a, at, voice, words[:cut]), (at, b, voice, words[cut:])]
            timed = True
        elif what == "join" and k + 1 < len(rows):
            _, end, _, more = rows[k + 1]
            rows[k : k + 2] = [(a, end, voice, words + more)]
            timed = True
        elif what == "time" and k + 1 < len(rows):
            _, d, other, more = rows[k + 1]
            if b - a > 20 and d - b > 20:
                at = draw(st.integers(a + 1, d - 1))
                rows[k], rows[k + 1] = (a, at, voice, words), (at, d, other, more)
                timed = True
        elif what == "add":
            end = rows[k + 1][0] if k + 1 < len(rows) else b + 3000
            if end - b > 20:
                rows.insert(k + 1, (b, end, draw(st.sampled_from(VOICES)), [fresh, fresh + "x"]))
                timed = True
    return [row for row in rows if row[3]], deleted, timed


def _hear(draw: st.DrawFn, rows: list[Row], wishes: dict[str, str]) -> tuple[list[Row], list[set[int]]]:
    """Another recognition: other words, other cuts, other times, other numbers of voices."""
    shift, stretch = draw(st.sampled_from([0, 0, 120, 7000])), draw(st.sampled_from([100, 100, 103]))
    swap = draw(st.booleans())
    chance = draw(st.sampled_from([0, 10, 4, 2]))
    numbers = {"Speaker 1": "Speaker 2", "Speaker 2": "Speaker 1"} if swap else {}
    heard: list[tuple[str, int, int, str, int]] = []
    count = 0
    for k, (a, b, voice, words) in enumerate(rows):
        for w, word in enumerate(words):
            start, end = (a + (b - a) * x // len(words) for x in (w, w + 1))
            dice = draw(st.integers(1, chance)) if chance else 0
            said = [word]
            if chance and dice == 1:
                count += 1
                said = draw(st.sampled_from([[f"n{count}"], [], [word, f"n{count}"], [word.upper()]]))
                if word in wishes and draw(st.booleans()):
                    said = [wishes[word]]
            for n, text in enumerate(said):
                s, e = (start + (end - start) * x // len(said) for x in (n, n + 1))
                heard.append((text, s, e, numbers.get(voice, voice), k))
    made: list[Row] = []
    origins: list[set[int]] = []
    recut = draw(st.booleans())
    for text, start, end, voice, k in heard:
        s, e = start * stretch // 100 + shift, end * stretch // 100 + shift
        goes_on = bool(made) and made[-1][2] == voice
        if goes_on and (draw(st.integers(0, 3)) > 0 if recut else k in origins[-1]):
            a, _, _, words = made[-1]
            made[-1] = (a, max(e, a), voice, [*words, text])
            origins[-1].add(k)
        else:
            made.append((s, e, voice, [text]))
            origins.append({k})
    return made, origins


@st.composite
def corrected(draw: st.DrawFn, common: bool = False) -> Corrected:
    rows = draw(bases(common))
    mine, deleted, timed = _edit(draw, rows)
    wishes: dict[str, str] = {}
    if len(mine) == len(rows):
        for (_, _, _, was), (_, _, _, now) in zip(rows, mine, strict=True):
            if len(was) == len(now):
                wishes |= {w: n for w, n in zip(was, now, strict=True) if w != n}
    new, origins = _hear(draw, rows, wishes)
    of_base = {w for row in rows for w in row[3]}
    written = tuple((w, v) for _, _, v, words in mine for w in words if w not in of_base)
    as_was = {(a, b, v, tuple(words)) for a, b, v, words in mine}
    touched = frozenset(k for k, (a, b, v, words) in enumerate(rows) if (a, b, v, tuple(words)) not in as_was)
    return Corrected(
        transcript(rows),
        transcript(mine),
        transcript(new),
        written,
        frozenset(deleted - {w for _, _, _, words in mine for w in words}),
        timed,
        touched,
        tuple(frozenset(o) for o in origins),
    )


def bare(found: Transcript) -> Transcript:
    """Without places."""
    return replace(found, cues=tuple(replace(cue, place=None) for cue in found.cues))
