"""The ledger on conversations whose questions have been located by people: predictions of the product alone.

    python bench/ledger.py --conversations FILE.json --out PRED.json \
        --mode agenda|shuffled|half|absent|single|archive|quotes

It knows of a conversation who speaks, the words, and `start_ms` where a turn has it; times between are
counted at 150 words a minute. All modes with a list are one and the same call, `lay_out`: the list of the
file as it stands (`agenda`; `half`, where the file holds half of a list; `absent`, where it holds questions
of other conversations), or shuffled here (`shuffled`). `single` looks for each question alone and is told
only about where in the list it stands, `archive` asks all conversations of the file.

The other conversations of the file are the series: they give the idf, and the cohort that tells what was not
asked. What a conversation lists in `not_archive` is left out of both.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from onrecord.craft.layout import lay_out
from onrecord.craft.locate import located, prepare
from onrecord.craft.portion import Portion, portions
from onrecord.craft.relevance import Heard, Idf, hear, idf_of
from onrecord.craft.sentence import sentences
from onrecord.craft.talk import Placed, Talk
from onrecord.craft.turn import Said
from onrecord.flow.ask import Open, ask
from onrecord.folder.archive import Archive
from onrecord.model.archive import Filter, Kept, Sentence
from onrecord.model.edition import Card
from onrecord.model.episode import Series
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.transcript import Word

Conversation = Mapping[str, Any]
Predictions = list[dict[str, Any]]
WORD_MS = 400
LANGUAGE = "en"
HITS = 10
HEARD_WORDS = 120


def talk_of(conversation: Conversation) -> Talk:
    """The turns of a conversation as the product sees them; an empty turn is one silent word."""
    talk: list[Said] = []
    at = 0
    for turn in conversation["turns"]:
        at = max(at, int(turn.get("start_ms") or 0))
        words = []
        for text in turn["text"].split() or ["…"]:
            words.append(Word(Span(Ms(at), Ms(at + WORD_MS)), text))
            at += WORD_MS
        talk.append(Said(turn["speaker"], tuple(words)))
    return tuple(talk)


@dataclass(frozen=True, eq=False, slots=True)
class Told:
    """A conversation with what the product makes of it, and what it may know of the others."""

    given: Conversation
    talk: Talk
    portions: tuple[Portion, ...]
    idf: Idf
    cohort: tuple[Heard, ...]

    @property
    def id(self) -> str:
        """As the file names it."""
        return str(self.given["meeting_id"])

    @property
    def questions(self) -> list[str]:
        """Its list."""
        return [query["query"] for query in self.given["queries"]]


def told(conversations: Sequence[Conversation]) -> Iterator[Told]:
    """Each conversation with the others as its series."""
    talks = [talk_of(c) for c in conversations]
    parts = [portions(talk, LANGUAGE) for talk in talks]
    every = idf_of(p for some in parts for p in some)
    heard = [hear(some, every) for some in parts]
    for n, conversation in enumerate(conversations):
        barred = {conversation["meeting_id"], *conversation.get("not_archive", ())}
        allowed = [m for m, other in enumerate(conversations) if other["meeting_id"] not in barred]
        left_out = len(allowed) < len(conversations) - 1
        idf = idf_of(p for m in (*allowed, n) for p in parts[m]) if left_out else every
        yield Told(conversation, talks[n], parts[n], idf, tuple(heard[m] for m in allowed))


def turns_in(talk: Talk, span: Span[Ms]) -> tuple[int, int]:
    """The first and the last turn of which at least half of the words lie in a span."""
    inside = [
        sum(span.start <= word.span.start < span.end for word in said.words) / len(said.words)
        for said in talk
    ]
    held = [i for i, share in enumerate(inside) if share >= 0.5] or [inside.index(max(inside))]
    return held[0], held[-1]


def laid_out(conversations: Sequence[Conversation]) -> Predictions:
    """Every conversation's own list, as it stands."""
    out: Predictions = []
    for one in told(conversations):
        layout = lay_out(one.talk, one.questions, language=LANGUAGE, idf=one.idf, cohort=one.cohort)
        out += written(one.given, one.talk, layout.placed)
    return out


def shuffled(conversations: Sequence[Conversation]) -> Predictions:
    """The same with each list shuffled."""
    draw = random.Random(11)  # noqa: S311
    return laid_out(
        [{**one, "queries": draw.sample(one["queries"], len(one["queries"]))} for one in conversations]
    )


def written(conversation: Conversation, talk: Talk, placed: Iterable[Placed]) -> Predictions:
    """Placements as the scorers read them, the best span first."""
    return [
        {
            "meeting_id": conversation["meeting_id"],
            "qid": query["qid"],
            "spans": [turns_in(talk, span) for span in sorted(where.spans, key=lambda s: -s.length_ms)],
        }
        for query, where in zip(conversation["queries"], placed, strict=True)
    ]


def alone(conversations: Sequence[Conversation]) -> Predictions:
    """Every question looked for by itself: three runs of turns, and all turns, best first."""
    out: Predictions = []
    for one in told(conversations):
        on = prepare(one.talk, one.portions, LANGUAGE, one.idf)
        turn = [portion.turn for portion in one.portions]
        count = len(one.questions)
        for k, query in enumerate(one.given["queries"]):
            found = located(on, query["query"], LANGUAGE, (k + 0.5) / count)
            ranked = sorted(range(len(turn)), key=lambda i: -found.within[i])
            out.append(
                {
                    "meeting_id": one.id,
                    "qid": query["qid"],
                    "spans": [(turn[a], turn[b - 1]) for a, b in found.runs],
                    "turns": list(dict.fromkeys(turn[i] for i in ranked)),
                }
            )
    return out


def archive(conversations: Sequence[Conversation]) -> Predictions:
    """Every question asked of all conversations: the quotes that answer, with what is said around them."""
    out: Predictions = []
    with tempfile.TemporaryDirectory() as folder, Archive(Path(folder) / "archive.sqlite") as index:
        talks = {str(c["meeting_id"]): talk_of(c) for c in conversations}
        index.update(dict.fromkeys(talks, ""), lambda slug: kept(slug, talks[slug]))
        opened = Open(index, Series("0b1c6f2e", "Everything"))
        for query in (query for c in conversations for query in c["queries"]):
            said = ask(opened, query["query"], Filter(0, drafts=True), HITS)
            hits = [
                {"meeting_id": one.episode, "turns": heard_around(talks[one.episode], one.recorded)}
                for one in said
            ]
            out.append({"qid": query["qid"], "hits": hits})
    return out


def kept(slug: str, talk: Talk) -> Kept:
    """A conversation as the archive keeps it."""
    card = Card(
        slug, slug, slug, "2025-01-01T00:00:00+00:00", "", "", "published", (), (), (), (), (), (), LANGUAGE,
        (), (), None, checked=True, draft=False, has_transcript=True,
    )  # fmt: skip
    said = tuple(
        Sentence(
            turn,
            Span(PubMs(words[0].span.start), PubMs(words[-1].span.end)),
            Span(words[0].span.start, words[-1].span.end),
            one.voice,
            "",
            " ".join(word.text for word in words),
            LANGUAGE,
        )
        for turn, one in enumerate(talk)
        for words in sentences(one.words)
    )
    return Kept(card, 0, "", said)


def heard_around(talk: Talk, at: Span[Ms]) -> tuple[int, int]:
    """The first and the last turn around a quote: what somebody hears who opens its link."""
    turn = next(i for i, said in enumerate(talk) if said.words[-1].span.end > at.start)
    first = last = turn
    words = len(talk[turn].words)
    while words < HEARD_WORDS:
        ways = [i for i in (last + 1, first - 1) if 0 <= i < len(talk)]
        if not ways:
            break
        nearest = ways[0] if last - turn <= turn - first else ways[-1]
        words += len(talk[nearest].words)
        if words > HEARD_WORDS:
            break
        first, last = min(first, nearest), max(last, nearest)
    return first, last


def quotes(conversations: Sequence[Conversation]) -> Predictions:
    """A quote for every question: bench/ledger_quotes.py."""
    made: Predictions = importlib.import_module("bench.ledger_quotes").predictions(conversations)
    return made


MODES: Mapping[str, Callable[[Sequence[Conversation]], Predictions]] = {
    "agenda": laid_out,
    "shuffled": shuffled,
    "half": laid_out,
    "absent": laid_out,
    "single": alone,
    "archive": archive,
    "quotes": quotes,
}


def main() -> None:
    """Read conversations, write predictions."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--conversations", required=True, type=Path)
    parser.add_argument("--mode", required=True, choices=sorted(MODES))
    parser.add_argument("--out", required=True, type=Path)
    given = parser.parse_args()
    conversations = json.loads(given.conversations.read_text(encoding="utf-8"))
    made = MODES[given.mode](conversations)
    given.out.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
