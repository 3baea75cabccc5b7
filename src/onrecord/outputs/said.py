"""What is said in an episode, for the search page: the segment of its words and its turns in small blocks.

`<slug>/said.bin` is read by two. The archive takes its head and its words when it makes the shards
(outputs/shards.py), so an episode that did not change is not read again. A browser fetches only the block
of the turn that it shows, by the range of its bytes; the archive told it where that is.

    lengths of head and words   two numbers of four bytes, the lowest first
    head                        JSON: slug, title, day, tags, people with their turns, the blocks' sizes
    words                       JSON and bytes, see `pack`
    blocks                      JSON: turns as [language, [[at_ms, sentence], …]]

Head, words and each block are deflated by themselves, because not every server compresses, and none a range.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import accumulate, groupby, pairwise
from operator import attrgetter
from typing import Any, Final

from onrecord.craft.card import appearances
from onrecord.craft.postings import segment
from onrecord.craft.saying import said_in
from onrecord.craft.url import episode_path
from onrecord.model.edition import Edition
from onrecord.outputs.turns import voices

NAME = "said"
KIND = "episode"
THEMED = False

FILE: Final = "said.bin"
BLOCK_LETTERS: Final = 1000
"""A block ends with the turn that makes it so long."""
_write: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_LENGTHS: Final = struct.Struct("<II")

Turn = tuple[str, list[tuple[int, str]]]
"""A turn: its language where it is not the episode's, and its sentences with their moments in ms."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whose turns stand together: how they are billed, and how many turns there are.

    `part` is `host`, `guest` or empty; `hue` is the class of the voice's colour.
    """

    id: str
    name: str
    part: str
    billed: str
    hue: str
    turns: int


@dataclass(frozen=True, slots=True)
class Head:
    """What the archive knows of an episode; a block is how many turns it holds and how many bytes it has."""

    slug: str
    title: str
    published: str
    language: str
    draft: bool
    tags: tuple[str, ...]
    speakers: tuple[Speaker, ...]
    blocks: tuple[tuple[int, int], ...]
    """The first block begins at `start`."""
    start: int = 0


def render(edition: Edition) -> Mapping[str, bytes]:
    """Give `<slug>/said.bin` where words are public."""
    told = list(_told(edition))
    if not told:
        return {}
    speakers = _speakers(edition, told)
    ranks = {_who(s.id, s.name): i for i, s in enumerate(speakers)}
    told.sort(key=lambda turn: ranks[turn[0]])  # a stable sort: by person, then by time
    turns = [turn for _, turn in told]
    blocks = [(len(block), deflate(_json(block))) for block in _blocks(turns)]
    texts = [" ".join(text for _, text in said) for _, said in turns]
    packed = pack(segment(texts))
    head = Head(
        edition.episode.slug,
        edition.episode.title,
        edition.episode.published.isoformat(timespec="seconds"),
        edition.language,
        edition.draft,
        edition.episode.tags,
        speakers,
        tuple((count, len(data)) for count, data in blocks),
    )
    written = deflate(_json(asdict(head)))
    whole = [_LENGTHS.pack(len(written), len(packed)), written, packed, *(data for _, data in blocks)]
    return {episode_path(head.slug, FILE): b"".join(whole)}


def _told(edition: Edition) -> Iterator[tuple[tuple[str, str], Turn]]:
    """Each turn with who says it."""
    for _, group in groupby(edition.speeches, key=attrgetter("turn")):
        turn = list(group)
        said: list[tuple[int, str]] = [(at, text) for speech in turn for at, _, text in said_in(speech)]
        if said:
            person = turn[0].person.id if turn[0].person else ""
            yield _who(person, turn[0].voice), (_other(turn[0].language, edition.language), said)


def _who(person: str, voice: str) -> tuple[str, str]:
    return (person, "") if person else ("", voice)


def _other(language: str, whole: str) -> str:
    return "" if language == whole else language


def _speakers(edition: Edition, told: Iterable[tuple[tuple[str, str], Turn]]) -> tuple[Speaker, ...]:
    """Those who speak: the host, the guests as billed, then voices that nobody billed."""
    counts: dict[tuple[str, str], int] = {}
    for who, _ in told:
        counts[who] = counts.get(who, 0) + 1
    billed = list(appearances(edition))
    host = next((a.person for a in billed if a.part == "host"), None)
    voice = voices(host, (a.person for a in billed if a.part == "guest"))
    found: dict[tuple[str, str], Speaker] = {}
    for a in billed:
        who = _who(a.person.id, a.person.name)
        if who in counts:
            title = ", ".join(part for part in (a.role, a.organisation) if part)
            found.setdefault(who, Speaker(who[0], a.person.name, a.part, title, voice(a.person), counts[who]))
    people = {_who(p.id, p.name): p for c in edition.captions if (p := c.person)}
    for who in counts.keys() - found.keys():
        person = people.get(who)
        found[who] = Speaker(who[0], person.name if person else who[1], "", "", voice(person), counts[who])
    known = [s for s in found.values() if s.part]
    return (*known, *sorted((s for s in found.values() if not s.part), key=lambda s: (s.id, s.name)))


def _blocks(turns: Iterable[Turn]) -> Iterator[list[Turn]]:
    block: list[Turn] = []
    letters = 0
    for turn in turns:
        block.append(turn)
        letters += sum(len(text) for _, text in turn[1])
        if letters >= BLOCK_LETTERS:
            yield block
            block, letters = [], 0
    if block:
        yield block


def pack(held: Mapping[str, bytes]) -> bytes:
    """A segment as bytes: how long its words are in all, the words, their parts' lengths, the parts."""
    names = "\n".join(held).encode("utf-8", "replace")
    lengths = [len(part) for part in held.values()]
    numbers = struct.pack(f"<II{len(lengths)}I", len(names), len(lengths), *lengths)
    return deflate(numbers + names + b"".join(held.values()), 6)  # no browser fetches it


def read(data: bytes) -> tuple[Head, dict[str, bytes]]:
    """The head of a `said.bin`, with the place of its first block, and its segment."""
    head, packed = opened(data)
    return head, unpack(packed)


def opened(data: bytes) -> tuple[Head, bytes]:
    """The head of a `said.bin`, and its segment as `pack` gives it."""
    head_bytes, packed_bytes = _LENGTHS.unpack_from(data)
    after = _LENGTHS.size + head_bytes
    told: dict[str, Any] = json.loads(inflate(data[_LENGTHS.size : after]))
    head = Head(
        **told
        | {
            "tags": tuple(told["tags"]),
            "speakers": tuple(Speaker(**speaker) for speaker in told["speakers"]),
            "blocks": tuple((count, size) for count, size in told["blocks"]),
            "start": after + packed_bytes,
        }
    )
    return head, data[after : after + packed_bytes]


def unpack(packed: bytes) -> dict[str, bytes]:
    """The segment that `pack` was given."""
    whole = inflate(packed)
    name_bytes, count = _LENGTHS.unpack_from(whole)
    lengths = struct.unpack_from(f"<{count}I", whole, _LENGTHS.size)
    at = _LENGTHS.size + 4 * count
    names = whole[at : at + name_bytes].decode().split("\n") if count else []
    places = accumulate(lengths, initial=at + name_bytes)
    return {name: whole[a:b] for name, (a, b) in zip(names, pairwise(places), strict=True)}


def deflate(data: bytes, level: int = 9) -> bytes:
    """Compressed without any header, as browsers' `deflate-raw` reads it."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def inflate(data: bytes) -> bytes:
    """What `deflate` was given."""
    return zlib.decompress(data, -15)


def _json(value: object) -> bytes:
    return _write(value).encode("utf-8", "replace")
