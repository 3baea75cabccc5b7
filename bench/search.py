"""What the search page of a large archive loads, and what its index costs.

    python bench/search.py [--shared PATH] [--tools PATH] [--episodes N] [--folder PATH]

Episodes of 9,000 words are dealt from the turns of the shared data's real conversations, each in another
order, so words are as frequent as people say them. Printed are the CPU time of the segments (once for each
episode), of the merge (at every build), the size of the index, and what Chromium loads over the wire for the
first search of a visitor and for later ones: the page, style and script (compressed, as hosts do) and every
part of the index. Questions are two or three telling words that somebody says in one sentence, and phrases of
three words. The aims: a first search 60 KB in all, later ones 30 KB (median).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.naming_cases import cases
from tests import sample

from onrecord.craft.card import card
from onrecord.craft.edition import laid_out
from onrecord.craft.slug import slug as slugify
from onrecord.faces.serve import app
from onrecord.model.edition import Caption, Card, Edition, Site
from onrecord.model.people import Billing, Person
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.timeline import lay
from onrecord.outputs import said, series_outputs, shards

SHARED = Path(__file__).resolve().parents[2] / "shared"
TOOLS = Path(__file__).resolve().parents[1] / ".tools"
WORDS, CAPTION_WORDS, WORD_MS, GUESTS = 9000, 14, 400, 700


def editions(shared: Path, count: int) -> Iterator[Edition]:
    """Invented episodes of real turns, two to four speakers each."""
    turns = [text for case in cases(shared) for _, text in case.turns if text.strip()]
    plain = sample.full()
    whole = lay("programme", Span(Ms(0), Ms(WORDS * WORD_MS * 2)))
    for number in range(count):
        dice = random.Random(number)  # noqa: S311 - the same archive every time
        published = datetime(2004, 1, 5, 12, tzinfo=UTC) + timedelta(days=7 * number)
        numbers = dice.sample(range(GUESTS), dice.randint(1, 3))
        guests = [Person(f"guest-{n}", f"Guest Number{n}") for n in numbers]
        title = " ".join(dice.choice(turns).split()[:7]).strip(".,?!")
        slug = f"{published:%Y-%m-%d}-{slugify(title)}"
        episode = replace(
            plain.episode, slug=slug, title=title, published=published, questions=(),
            guests=tuple(Billing(g, "Fellow", "Institute for Rivers") for g in guests),
            tags=tuple(f"tag {n}" for n in dice.sample(range(60), 3)),
        )  # fmt: skip
        captions = tuple(_captions(dice, turns, (sample.MARA, *guests)))
        yield laid_out(replace(plain, episode=episode, captions=captions, timeline=whole))


def _captions(dice: random.Random, turns: Sequence[str], people: Sequence[Person]) -> Iterator[Caption]:
    at = said_words = 0
    while said_words < WORDS:
        who = people[0] if said_words % 2 else dice.choice(people[1:])
        words = dice.choice(turns).split()
        said_words += len(words)
        for i in range(0, len(words), CAPTION_WORDS):
            some = words[i : i + CAPTION_WORDS]
            end = at + len(some) * WORD_MS
            yield Caption(Span(PubMs(at), PubMs(end)), who.name, " ".join(some), who)
            at = end


def questions(texts: Iterable[str], count: int) -> list[dict[str, str]]:
    """What a visitor may ask of these turns: telling words of one sentence; every fourth a phrase."""
    dice = random.Random(7)  # noqa: S311 - the same questions every time
    turns = [words for text in texts if len(words := text.split()) > 20]
    often = Counter(word for words in turns for word in words)
    found: list[dict[str, str]] = []
    while len(found) < count:
        words = dice.choice(turns)
        i = dice.randrange(len(words) - 12)
        if len(found) % 4 == 3:
            run = words[i : i + 3]
            if all(word.isalpha() for word in run) and any(often[word] < 300 for word in run):
                found.append({"query": f'"{" ".join(run)}"'})
            continue
        telling = [w for w in words[i : i + 12] if w.isalpha() and len(w) > 3 and often[w] < 1500]
        if len(telling) >= 2:
            found.append({"query": " ".join(telling[: dice.choice((2, 3))])})
    return found


def main() -> None:
    """Make the archive, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--tools", type=Path, default=TOOLS)
    parser.add_argument("--episodes", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="where the site is made")
    args = parser.parse_args()
    if not args.shared.is_dir():
        print("no shared data here; nothing is measured")
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.folder or Path(scratch)
        make(folder, args.shared, args.episodes)
        texts = (text for case in cases(args.shared) for _, text in case.turns)
        show(load(folder, args.tools.resolve(), questions(texts, 40)))


def make(folder: Path, shared: Path, count: int) -> None:
    """Write the search page and its index; print what they cost."""
    segments: list[bytes] = []
    cards: list[Card] = []
    cpu_s = 0.0
    for edition in editions(shared, count):
        began = time.process_time()
        made = said.render(edition)
        cpu_s += time.process_time() - began
        segments += made.values()
        cards.append(card(edition))
        _lay(folder, made)
    size = sum(len(data) for data in segments)
    each_ms = cpu_s * 1000 / count
    print(f"{count} segments: {cpu_s:.1f} CPU s, {each_ms:.0f} ms each, {size / 1e6:.1f} MB with the text")
    began = time.process_time()
    index = shards.render(segments)
    print(f"merge: {time.process_time() - began:.1f} CPU s")
    sizes = sorted(len(data) for path, data in index.items() if path[7:-4].isdecimal())
    print(
        f"{len(sizes)} shards, {sum(sizes) / 1e6:.2f} MB; median {statistics.median(sizes) / 1e3:.1f} KB, "
        f"95 % under {sizes[int(len(sizes) * 0.95)] / 1e3:.1f}, largest {sizes[-1] / 1e3:.1f}; "
        f"index.bin {len(index['search/index.bin']) / 1e3:.1f} KB, "
        f"filters.bin {len(index['search/filters.bin']) / 1e3:.1f} KB"
    )
    _lay(folder, index)
    site = Site(sample.SERIES, tuple(cards[:3]))
    for output in series_outputs():
        if output.NAME in ("assets", "search", "home"):
            _lay(folder, output.render(site))


def _lay(folder: Path, made: object) -> None:
    assert isinstance(made, dict)
    for path, data in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def _texts(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.suffix in (".html", ".css", ".js")]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The site on this machine, text compressed as public hosts do."""
    plain = app(folder)

    def answer(request: Request) -> Response:
        path = folder / request.url.path.lstrip("/")
        kind = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}[path.suffix]
        headers = {"content-encoding": "gzip"}
        return Response(gzip.compress(path.read_bytes()), media_type=kind, headers=headers)

    texts = [Route(f"/{p.relative_to(folder).as_posix()}", answer) for p in _texts(folder)]
    whole = Starlette(routes=[*texts, Mount("/", plain)])
    server = uvicorn.Server(uvicorn.Config(whole, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(5)


def load(folder: Path, tools: Path, asked: list[dict[str, str]]) -> dict[str, list[float]]:
    """Ask in Chromium: each question as the first of a new visitor, then all one after another.

    Returns:
        By question: bytes of `first` and `later` searches, ms they `took`, how many `results` there were.
    """
    script = Path(__file__).parents[1] / "bench/search.mjs"
    with served(folder) as base:
        command = ["node", str(script), str(tools), f"{base}/search/index.html", json.dumps(asked)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, list[float]] = json.loads(run.stdout)
    return found


def show(found: dict[str, list[float]]) -> None:
    """Print what `load` found."""
    print(f"found something: {sum(n > 0 for n in found['results'])} of {len(found['results'])} questions")
    for name in ("first", "later"):
        rows = sorted(found[name])
        print(
            f"{name} search: median {statistics.median(rows) / 1e3:.1f} KB, "
            f"95 % under {rows[int(len(rows) * 0.95)] / 1e3:.1f}, largest {rows[-1] / 1e3:.1f}"
        )
    print(f"time to the results, this machine: median {statistics.median(found['took']):.0f} ms")


if __name__ == "__main__":
    main()
