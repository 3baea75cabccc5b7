"""Quotes for questions that people asked of meetings, as `bench/ledger.py --mode quotes` writes them.

Each question is looked for by itself (`locate`, as a question added by hand is), and the worthiest run of
whole sentences in the place that is found is its quote. Nothing but the product's functions, with no setting
of its own; of a conversation it knows who speaks and the words.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.ledger_quotes_fit import said

from onrecord.craft.asked import within
from onrecord.craft.locate import locate
from onrecord.craft.quotes import Run, idf_of, ranked
from onrecord.craft.talk import Placed, Talk
from onrecord.model.time import Span

LANGUAGE = "en"


def predictions(conversations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One quote a question: of the place that was found, else of the next ones, else of all that was said."""
    out = []
    for conversation in conversations:
        turns = conversation["turns"]
        talk = said(turns)
        idf = idf_of(talk, LANGUAGE)
        for query in conversation["queries"]:
            place = locate(talk, query["query"], language=LANGUAGE)
            best = _best(talk, place, query["query"], idf)
            if best is not None:
                number = next(i for i, one in enumerate(talk) if best.words[0] in one.words)
                text = _as_written(best, turns[number]["text"])
                one = {"qid": query["qid"], "meeting_id": conversation["meeting_id"], "turn": number}
                out.append(one | {"text": text})
    return out


def _best(talk: Talk, place: Placed, question: str, idf: Mapping[str, float]) -> Run | None:
    for span in (*place.spans, *place.others, Span(talk[0].span.start, talk[-1].span.end)):
        found = ranked(tuple(within(talk, span)), question, LANGUAGE, idf)
        if found:
            return found[0]
    return None


def _as_written(run: Run, text: str) -> str:
    """The run as it stands in its turn, spaces and all."""
    words = [word.text for word in run.words]
    at = 0
    while (start := text.find(words[0], at)) >= 0:
        end = start
        for word in words:
            if not text.startswith(word, end):
                break
            end += len(word)
            end += len(text[end:]) - len(text[end:].lstrip())
        else:
            return text[start:end].rstrip()
        at = start + 1
    raise ValueError(f"these words do not stand there: {run.text}")
