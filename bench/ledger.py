"""The ledger on conversations whose questions have been located by people: predictions of the product alone.

    python bench/ledger.py --conversations FILE.json --mode agenda|shuffled|half|absent|single|archive|quotes \
        --out PRED.json

It knows of a conversation who speaks, the words, and `start_ms` where a turn has it; times between are
counted at 150 words a minute.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from onrecord.craft.layout import lay_out
from onrecord.craft.portion import portions
from onrecord.craft.relevance import Idf, idf_of
from onrecord.craft.talk import Placed, Said, Talk
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

Conversation = Mapping[str, Any]
WORD_MS = 400
LANGUAGE = "en"


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


def series(conversations: Iterable[Conversation]) -> Idf:
    """How rare stems are in all of them."""
    return idf_of(p for c in conversations for p in portions(talk_of(c), LANGUAGE))


def turns_in(talk: Talk, span: Span[Ms]) -> tuple[int, int]:
    """The first and the last turn of which at least half of the words lie in a span."""
    inside = [
        sum(span.start <= word.span.start < span.end for word in said.words) / len(said.words)
        for said in talk
    ]
    held = [i for i, share in enumerate(inside) if share >= 0.5] or [inside.index(max(inside))]
    return held[0], held[-1]


def laid_out(conversations: Sequence[Conversation]) -> list[dict[str, Any]]:
    """Every conversation's own list, in its order."""
    idf = series(conversations)
    out: list[dict[str, Any]] = []
    for conversation in conversations:
        talk = talk_of(conversation)
        layout = lay_out(talk, [q["query"] for q in conversation["queries"]], language=LANGUAGE, idf=idf)
        out += written(conversation, talk, layout.placed)
    return out


def written(conversation: Conversation, talk: Talk, placed: Iterable[Placed]) -> list[dict[str, Any]]:
    """Placements as the scorers read them, the best span first."""
    return [
        {
            "meeting_id": conversation["meeting_id"],
            "qid": query["qid"],
            "spans": [turns_in(talk, span) for span in sorted(where.spans, key=lambda s: -s.length_ms)],
        }
        for query, where in zip(conversation["queries"], placed, strict=True)
    ]


MODES: Mapping[str, Callable[[Sequence[Conversation]], list[dict[str, Any]]]] = {"agenda": laid_out}


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
    given.out.write_text(json.dumps(MODES[given.mode](conversations)), encoding="utf-8")


if __name__ == "__main__":
    main()
