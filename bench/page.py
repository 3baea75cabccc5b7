"""The page of a one-hour conversation: its bytes after gzip, its word times, and what making it costs.

    PYTHONPATH=src python bench/page.py --shared ../shared

The words are those of real transcripts; each gets a time from its length and chance, as speech has it
(9,000 words in 56 minutes), and captions, eight chapters and eight questions with answers are laid over
them. What counts is the page and its word times together; style sheet and player are shared by all pages
of a site and fetched once.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

from onrecord.craft.edition import laid_out
from onrecord.model.edition import Caption, Edition, Mark, Site
from onrecord.model.episode import Announced, Episode, Series
from onrecord.model.ledger import Answer, Ledger, Question
from onrecord.model.people import Billing, Person
from onrecord.model.recording import Enclosure
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.timeline import lay
from onrecord.outputs import assets, page, words

WORDS = 9_000
LENGTH_MS = 56 * 60_000
MOST_BYTES = 35_000
_CAPTION_LETTERS = 84
_QUESTIONS = 8


def spoken(text: str) -> list[tuple[str, str]]:
    """Who says which word, in order: the first 9,000."""
    found: list[tuple[str, str]] = []
    who = ""
    for block in re.split(r"\n\s*\n", text):
        named = re.match(r"\*\*(.+?):\*\*\s*", block)
        who = named[1] if named else who
        said = re.sub(r"\\\[[^\]]*\\\]|[*_#]", "", block[named.end() :] if named else block)
        found += ((who, word) for word in said.split() if who)
    return found[:WORDS]


def edition(text: str, seed: int) -> Edition:
    """An episode of these words."""
    dice = random.Random(seed)  # noqa: S311 - the same hour each time
    said = spoken(text)
    raw = [(90 + 55 * len(w) + 350 * w.endswith((".", "?", "!"))) * dice.uniform(0.6, 1.4) for _, w in said]
    scale, at = LENGTH_MS / sum(raw), 0.0
    starts = []
    for length in raw:
        starts.append(int(at))
        at += length * scale
    people = {name: Person(re.sub(r"\W+", "-", name.lower()), name) for name, _ in said}
    captions, first = [], 0
    for i in range(1, len(said) + 1):
        full = i == len(said) or said[i][0] != said[first][0]
        if full or len(" ".join(w for _, w in said[first : i + 1])) > _CAPTION_LETTERS:
            span = Span(PubMs(starts[first]), PubMs(starts[i] if i < len(said) else LENGTH_MS))
            words = tuple(PubMs(s) for s in starts[first:i])
            name, line = said[first][0], " ".join(w for _, w in said[first:i])
            captions.append(Caption(span, name, line, people[name], words=words))
            first = i
    names = list(people)
    asked = [Ms(LENGTH_MS * n // _QUESTIONS + 60_000) for n in range(_QUESTIONS)]
    texts = [f"What has changed since the {n}th year, and who pays for it now?" for n in range(_QUESTIONS)]
    ledger = Ledger(
        tuple(
            Question(
                f"q{n}",
                texts[n],
                "yes",
                asked[n],
                tuple(Answer(name, Span(asked[n], Ms(asked[n] + 200_000))) for name in names[1:2]),
            )
            for n in range(_QUESTIONS)
        ),
        (),
    )
    made = Edition(
        series=Series(
            "x", "The Valley Record", url="https://valley.example.org/", host=Billing(people[names[0]])
        ),
        episode=Episode(
            "x",
            "2026-11-04-an-hour",
            "An hour about the valley",
            datetime(2026, 11, 4, 12, tzinfo=UTC),
            "A conversation of an hour.",
            guests=tuple(Billing(people[n], "Fellow", "Institute for Rivers") for n in names[1:]),
            questions=tuple(Announced(t) for t in texts),
        ),
        state="published",
        language="en",
        timeline=lay("programme", Span(Ms(0), Ms(LENGTH_MS))),
        captions=tuple(captions),
        ledger=ledger,
        chapters=tuple(Mark(PubMs(int(a)), t) for a, t in zip(asked, texts, strict=True)),
        quotes=(),
        audio=(Enclosure("2026-11-04-an-hour/programme-1a2b3c4d.mp3", "audio/mpeg", 1, PubMs(LENGTH_MS)),),
    )
    return laid_out(made)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="the folder of real material")
    files = sorted((parser.parse_args().shared / "data/transcripts/changelog").rglob("transcripts/*/*.md"))
    texts = [text for file in files if len(spoken(text := file.read_text("utf-8"))) == WORDS][:20]
    sizes, timed, costs = [], [], []
    for seed, text in enumerate(texts):
        made = edition(text, seed)
        page.render(made)
        begun = time.process_time()
        bytes_of = page.render(made)
        costs.append(time.process_time() - begun)
        html, times = (
            gzip.compress(data, 6, mtime=0) for data in (*bytes_of.values(), *words.render(made).values())
        )
        sizes.append(len(html))
        timed.append(len(times))
    both = [a + b for a, b in zip(sizes, timed, strict=True)]
    print(f"{len(texts)} pages of {WORDS:,} words, gzip -6, median (largest):")
    for what, row in (("page", sizes), ("word times", timed), ("together", both)):
        print(f"  {what:<12}{statistics.median(row):>9,.0f} ({max(row):,}) bytes")
    print(f"  made in     {statistics.median(costs) * 1000:>9.1f} ms CPU")
    shared = assets.render(Site(made.series, ())).items()
    for path, data in shared:
        print(f"  once a site {len(gzip.compress(data, 6)):>9,} bytes  {path.rpartition('/')[2]}")
    print(f"goal: together at most {MOST_BYTES:,}: {'met' if max(both) <= MOST_BYTES else 'missed'}")


if __name__ == "__main__":
    main()
