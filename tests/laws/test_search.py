"""What holds for search: every public word leads to its turn, and what is gone has left no trace."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import groupby, pairwise, zip_longest
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import sample
from tests.conftest import lacking

from onrecord.craft import reposting
from onrecord.craft.asked_again import asked_again
from onrecord.craft.edition import laid_out
from onrecord.craft.fold import SHADES, fold
from onrecord.craft.postings import LEVELS, in_order, merge, read_varint, segment, shards, varint
from onrecord.craft.terms import counted, words
from onrecord.model.edition import Caption, Edition
from onrecord.model.time import PubMs, Span
from onrecord.outputs import said
from onrecord.outputs import shards as archive
from onrecord.outputs.shards_renewed import MOST_CHANGED, Files, renew

_LETTERS = st.sampled_from("abcčđdjšžЂљшÅßİ'-. ,9日本がﻱ𐐀")
_TURNS = st.lists(st.text(_LETTERS, min_size=1, max_size=30), min_size=1, max_size=8)


def _numbers(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        number, at = read_varint(data, at)
        yield number


def _unpacked(whole: bytes) -> tuple[int, set[tuple[int, int]]]:
    """How many turns a list says it has, and those that it names: episode, turn."""
    numbers = _numbers(whole)
    count, episode, found = next(numbers), 0, set()
    for step in numbers:
        episode += step
        turn = 0
        for _ in range(next(numbers)):
            turn += next(numbers) // LEVELS
            found.add((episode, turn))
    return count, found


def _read_shard(data: bytes) -> dict[str, bytes]:
    left, at = read_varint(data, 0)
    names: list[tuple[str, int]] = []
    before = b""
    for _ in range(left):
        shared, at = read_varint(data, at)
        own, at = read_varint(data, at)
        before = before[:shared] + data[at : at + own]
        length, at = read_varint(data, at + own)
        names.append((before.decode(), length))
    found = {}
    for name, length in names:
        found[name] = data[at : at + length]
        at += length
    assert at == len(data)
    return found


@given(st.integers(0, 10**9))
def test_a_number_is_read_as_it_was_written(number: int) -> None:
    assert read_varint(varint(number), 0) == (number, len(varint(number)))


@given(st.text(_LETTERS | st.characters(exclude_categories=["Cs"]), max_size=60))
def test_words_are_counted_as_they_are_found(text: str) -> None:
    assert counted(text) == Counter(word for _, _, word in words(text))


@given(st.lists(st.text(st.sampled_from("azﻱ𐐀"), min_size=1, max_size=3)))
def test_words_stand_as_a_browser_compares_them(found: list[str]) -> None:
    assert in_order(found) == sorted(found, key=lambda word: word.encode("utf-16-be"))


@given(st.lists(_TURNS, max_size=4))
@settings(max_examples=60)
def test_every_word_of_every_turn_is_found_with_its_turn_and_nothing_else_is(
    episodes: list[list[str]],
) -> None:
    lists = merge(segment(turns) for turns in episodes)
    said_in: dict[str, set[tuple[int, int]]] = {}
    for e, turns in enumerate(episodes):
        for t, text in enumerate(turns):
            for _, _, word in words(text):
                said_in.setdefault(word, set()).add((e, t))
    cut = list(shards(lists, size_bytes=40))
    found = {word: part for _, data in cut for word, part in _read_shard(data).items()}
    assert list(found) == list(lists)
    assert all(next(iter(_read_shard(data))) == first for first, data in cut)
    assert {word: _unpacked(part) for word, part in found.items()} == {
        word: (len(turns), turns) for word, turns in said_in.items()
    }


_SAID = st.lists(_TURNS, max_size=6)


@given(
    _SAID, st.dictionaries(st.integers(0, 7), st.none() | _TURNS, max_size=3), st.sampled_from((6, 12, 40))
)
@settings(max_examples=200)
def test_shards_of_which_some_stay_are_the_shards_of_a_merge(
    episodes: list[list[str]], corrected: dict[int, list[str] | None], size_bytes: int
) -> None:
    before = [segment(turns) for turns in episodes]
    now = list(before)
    for number, turns in sorted(corrected.items()):  # said otherwise, fallen silent, or new at the end
        now[number : number + 1] = [segment(turns or [])]
    pairs = {
        number: (was or {}, is_now or {}) for number, (was, is_now) in enumerate(zip_longest(before, now))
    }
    change = reposting.changed(pairs)
    old, new = (list(shards(merge(segments), size_bytes)) for segments in (before, now))
    if not old:
        return
    opened: list[int] = []

    def read(number: int) -> bytes:
        opened.append(number)
        return old[number][1]

    made = list(reposting.reshard([first for first, _ in old], read, change, size_bytes))
    assert [(first, old[data][1] if isinstance(data, int) else data) for first, data in made] == new
    stay = [data for _, data in made if isinstance(data, int)]
    assert not any(word in change for number in stay for word in _read_shard(old[number][1]))
    assert change or not opened
    assert [list(reposting.opened(data)) for _, data in old] == [list(_read_shard(data)) for _, data in old]


def _spoken(texts: list[str], slug: str, day: int) -> Edition:
    edition = sample.full()
    captions = tuple(
        Caption(Span(PubMs(i * 2000), PubMs(i * 2000 + 1800)), who.name, text, who)
        for i, (text, who) in enumerate(zip(texts, (sample.MARA, sample.TOMAS, sample.EDA) * 9, strict=False))
    )
    published = edition.episode.published.replace(day=day)
    episode = replace(edition.episode, slug=slug, title=slug, published=published)
    return laid_out(replace(edition, captions=captions, episode=episode))


def _segments(*editions: Edition) -> list[bytes]:
    return [data for edition in editions for data in said.render(edition).values()]


def test_an_archive_without_an_episode_is_the_archive_that_never_had_it() -> None:
    one, two = _spoken(["River and wells."], "one", 3), _spoken(["Ferry.", "Wells."], "two", 2)
    gone = _spoken(["Zanzibar wells.", "Secret."], "gone", 4)
    whole = archive.render(_segments(gone, one, two))
    left = archive.render(_segments(two, one))
    assert left == archive.render(_segments(one, two))
    assert left != whole
    read = [said.inflate(data) for path, data in left.items() if path.endswith(".bin")]
    assert not any(word in data for data in read for word in (b"zanzibar", b"secret", b"gone"))
    assert any(b"zanzibar" in said.inflate(data) for data in whole.values())


def test_an_episode_in_which_no_word_is_said_is_in_the_index() -> None:
    laughter, wells = _spoken(["♪ …"], "laughter", 2), _spoken(["Wells."], "wells", 3)
    (data,) = _segments(laughter)
    assert said.read(data)[1] == {}
    shown = said.inflate(archive.render(_segments(laughter, wells))["search/e0.bin"])
    assert [row[0] for row in json.loads(shown)] == ["laughter", "wells"]


def test_a_new_episode_changes_no_shard_in_which_it_says_nothing() -> None:
    many = [" ".join(f"word{i}x{n}" for i in range(300)) for n in range(4)]
    old = [_spoken([text], f"e{n}", n + 1) for n, text in enumerate(many)]
    before = archive.render(_segments(*old))
    after = archive.render(_segments(*old, _spoken(["Word0x0 again."], "new", 9)))
    shard = [path for path in before if path.removeprefix("search/").removesuffix(".bin").isdecimal()]
    assert len(shard) >= 3
    assert sum(before[path] != after[path] for path in shard) == 1


def _files(public: Mapping[str, bytes], read: list[str]) -> Files:
    def noted(path: str) -> bytes:
        read.append(path)
        return public[path]

    return Files({path: sha256(data).hexdigest() for path, data in public.items()}, noted)


def _said_files(*editions: Edition) -> dict[str, bytes]:
    return {path: data for edition in editions for path, data in said.render(edition).items()}


_TEXTS = [" ".join(f"{chr(97 + n)}word{i}" for i in range(300)) for n in range(20)]
_MANY = [_spoken([text], f"e{n}", n + 1) for n, text in enumerate(_TEXTS)]
_CORRECTED = _spoken([_TEXTS[3].replace("dword7 ", "dward7 ")], "e3", 4)


@pytest.mark.parametrize(
    "now",
    [
        [*_MANY[:3], _CORRECTED, *_MANY[4:]],
        [*_MANY[:3], _spoken(["Bword1 wells."], "e3", 4), *_MANY[4:]],
        [*_MANY, _spoken(["Bword1 ferry."], "new", 28)],
        _MANY[:-1],
        [_spoken(["Older."], "old", 1), *_MANY[1:]],
        [*_MANY[:3], replace(_MANY[3], episode=replace(_MANY[3].episode, tags=("wells",))), *_MANY[4:]],
    ],
    ids=["a word", "all words", "a new one", "the last one gone", "another one first", "another tag"],
)
def test_an_index_that_is_renewed_is_the_index_made_anew(now: list[Edition]) -> None:
    before, after = _said_files(*_MANY), _said_files(*now)
    old_index, new_index = archive.render(before.values()), archive.render(after.values())
    renewed = renew(_files({**before, **old_index}, []), _files(after, []))
    assert renewed is not None
    assert {path: old_index[path] if data is None else data for path, data in renewed.items()} == new_index


def test_for_a_corrected_word_two_shards_are_read_at_most_for_each_of_its_spellings() -> None:
    before, after = _said_files(*_MANY), _said_files(*_MANY[:3], _CORRECTED, *_MANY[4:])
    index = archive.render(before.values())
    read: list[str] = []
    renewed = renew(_files({**before, **index}, read), _files(after, []))
    assert renewed is not None
    assert len(read) <= len(("index", "head", "words")) + 4
    assert sum(data is not None for data in renewed.values()) <= len(("index", "filters", "group")) + 4
    assert len(renewed) > 20


def test_an_index_of_which_most_changed_is_made_anew() -> None:
    before = _said_files(*_MANY)
    whole = _files({**before, **archive.render(before.values())}, [])
    first = _spoken(["The first."], "first", 1)
    moved = replace(
        first, episode=replace(first.episode, published=first.episode.published.replace(year=1999))
    )
    assert renew(whole, _files(_said_files(moved, *_MANY), [])) is None
    assert len(_MANY) > MOST_CHANGED
    none = _files(archive.render([]), [])
    assert renew(none, _files(before, [])) is None


def test_blocks_hold_every_sentence_with_its_moment_and_its_speaker() -> None:
    edition = sample.full()
    (data,) = said.render(edition).values()
    head, _ = said.read(data)
    at, turns = head.start, []
    for count, size in head.blocks:
        block = json.loads(said.inflate(data[at : at + size]))
        assert len(block) == count
        turns += block
        at += size
    assert at == len(data)
    who = [s.name for s in head.speakers for _ in range(s.turns)]
    told = sorted(
        (turn[1][0][0], name, " ".join(text for _, text in turn[1]))
        for name, turn in zip(who, turns, strict=True)
    )
    runs = [(voice, list(run)) for voice, run in groupby(edition.captions, key=lambda c: c.voice)]
    assert told == [
        (run[0].span.start, voice, " ".join(" ".join(c.text.split()) for c in run)) for voice, run in runs
    ]
    assert [s.part for s in head.speakers] == ["host", "guest", "guest"]
    moments = [at for turn in turns for at, _ in turn[1]]
    assert 41_500 in moments, "the second sentence of a turn has its own second"
    assert all(a < b for turn in turns for (a, _), (b, _) in pairwise(turn[1]))


def test_what_is_no_edition_of_words_has_no_segment_and_no_draft_is_in_the_public_index() -> None:
    assert said.render(sample.announced()) == {}
    public = sample.files()
    secret = sample.draft().episode
    for path, data in public.items():
        if path.endswith(".bin") and path.startswith("search/"):
            assert secret.title.encode() not in said.inflate(data), path
    preview = sample.files(preview=True)
    assert any(
        secret.title.encode() in said.inflate(data)
        for path, data in preview.items()
        if path.startswith("search/e")
    )


def test_questions_that_ask_the_same_are_found_and_others_are_not() -> None:
    asked = [
        "Will Serbia join the Union?",
        "Who pays?",
        "Does Serbia want to join the Union?",
        "Who pays for it?",
        "",
    ]
    assert asked_again([(text, "en") for text in asked]) == ((0, 2),)


# ---- The browser's half: the same words, folded the same (run by node, which is the browser's engine)

_SCRIPT = """
const source = require("fs").readFileSync(process.argv[2], "utf8");
const start = source.indexOf("const UNSPACED");
const { folding, wordsOf, lists } = new Function(
  "text", source.slice(start, source.indexOf("const shard =")) + "; return { folding, wordsOf, lists };",
)(new TextDecoder());
const { fold, texts } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const folded = folding(fold);
console.log(JSON.stringify(texts.map((text) => wordsOf(text, folded).map((w) => w.word))));
"""


def test_no_letter_beyond_the_planes_that_are_looked_at_is_folded() -> None:
    chars = map(chr, range(archive.LAST_PLANE, 0x110000))
    marks = [c for c in chars if unicodedata.combining(c) in SHADES or c.casefold() != c.lower()]
    assert marks == []


def _in_node(script: Path, asked: Mapping[str, Any]) -> Any:
    if not shutil.which("node"):
        lacking("node")
    source = Path(said.__file__).parent / "assets/search.js"
    run = subprocess.run(
        ["node", str(script), str(source)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def test_a_browser_folds_words_as_we_do(tmp_path: Path) -> None:
    script = tmp_path / "fold.cjs"
    script.write_text(_SCRIPT, "utf-8")
    texts = [
        "Srđan Cvijić",
        "СРЂАН ЦВИЈИЋ",
        "Srdjan Cvijic",
        "Vučić's l’acqua",
        "Straße ÆRØ İzmir ﬁn",
        "ΜΗΤΣΟΤΆΚΗΣ",
    ]
    texts += [
        "日本NATO が か\u3099 ไทย",
        "e\u0301te\u0301 हिन्दी",
        "ѓќ Ѓ",
        "ǅ ǆ ŉ ſ",
        "a_b 10.000 ½",
        "x" * 99,
    ]
    # Every letter of the scripts that anybody's words are written in, alone and between two others.
    letters = [
        chr(c)
        for c in (*range(0x21, 0x600), *range(0x900, 0x980), *range(0x10A0, 0x1100), *range(0x1E00, 0x2000))
    ]
    texts += letters + [f"a{c}b" for c in letters]
    ours = [[word for _, _, word in words(text)] for text in texts]
    theirs = _in_node(script, {"fold": archive.folding(), "texts": texts})
    differ = [(text, a, b) for text, a, b in zip(texts, ours, theirs, strict=True) if a != b]
    assert not differ
    assert fold("Srđan") == "srdan"


@pytest.mark.parametrize("name", ["search/index.bin", "search/filters.bin"])
def test_the_same_archive_gives_the_same_bytes(name: str) -> None:
    assert sample.files()[name] == sample.files()[name]
