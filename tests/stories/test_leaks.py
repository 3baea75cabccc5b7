"""A leak of each kind is planted and found; its twin, with words that are on the record, is not."""

from __future__ import annotations

import base64
import gzip
import html
import json
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.stories import test_series as ferry
from tests.stories.test_off_the_record import MARK, OTHER, mark
from tests.stories.test_series import SLUG, edit, run

from onrecord.flow.leaks import search
from onrecord.folder import files, release
from onrecord.folder.layout import SeriesFolder
from onrecord.model.problem import Problem
from onrecord.outputs.said import deflate

GONE = "The minister promised us a zeppelin."
SAID = "One ship, and nine people who know how to sail her."
Plant = Callable[[SeriesFolder, str], None]
PLANTS: dict[str, Plant] = {}


def plant(make: Plant) -> Plant:
    PLANTS[make.__name__] = make
    return make


def put(home: SeriesFolder, path: str, data: bytes | str) -> None:
    file = home.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.encode() if isinstance(data, str) else data)


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def png(kind: bytes, body: bytes) -> bytes:
    head = chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(kind, body) + pixels + chunk(b"IEND", b"")


@plant
def a_page(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/index.html", f"<!doctype html><p>{words}</p>")


@plant
def a_page_in_which_every_word_is_an_element(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/index.html", "".join(f"<span>{w}</span>\n" for w in words.split()))


@plant
def an_attribute_of_a_page(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/index.html", f"<meta property='og:description' content='{words}'>")


@plant
def entities(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/index.html", "".join(f"&#{ord(c)};" for c in words))


@plant
def json_ld_with_escapes(home: SeriesFolder, words: str) -> None:
    coded = "".join(f"\\u{ord(c):04x}" for c in words)
    put(
        home,
        f"public/{SLUG}/index.html",
        f'<script type="application/ld+json">{{"text": "{coded}"}}</script>',
    )


@plant
def a_link_to_a_text(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/index.html", f'<a href="#:~:text={quote(words)}">hear</a>')


@plant
def a_packed_address(home: SeriesFolder, words: str) -> None:
    packed = base64.b64encode(f"<svg><text>{words}</text></svg>".encode()).decode()
    put(home, "public/assets/card.css", f"a {{ background: url(data:image/svg+xml;base64,{packed}) }}")


@plant
def captions(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/transcript.vtt", f"WEBVTT\n\n00:00:08.600 --> 00:00:12.000\n<v Goran>{words}\n")


@plant
def captions_that_part_the_words(home: SeriesFolder, words: str) -> None:
    one, two = " ".join(words.split()[:3]), " ".join(words.split()[3:])
    cue = "00:00:0{n},000 --> 00:00:0{n},900"
    put(
        home, f"public/{SLUG}/transcript.srt", f"1\n{cue.format(n=1)}\n{one}\n\n2\n{cue.format(n=2)}\n{two}\n"
    )


@plant
def the_json_transcript(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/transcript.json", json.dumps({"segments": [{"startTime": 9.0, "body": words}]}))


@plant
def times_of_words(home: SeriesFolder, words: str) -> None:
    rows = [[w, 9000 + i] for i, w in enumerate(words.split())]
    put(home, f"public/{SLUG}/words.json", json.dumps({"words": rows}))


@plant
def the_markdown_twin(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/transcript.md", f"**Goran Petek** {words}\n")


@plant
def chapters(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/chapters.json", json.dumps({"chapters": [{"startTime": 0, "title": words}]}))


@plant
def the_feed(home: SeriesFolder, words: str) -> None:
    notes = html.escape(f"<p>{html.escape(words)}</p>")
    put(home, "public/feed.xml", f"<rss><item><description>{notes}</description></item></rss>")


@plant
def a_page_of_the_series(home: SeriesFolder, words: str) -> None:
    put(home, "public/people/goran-petek/index.html", f"<blockquote>{words}</blockquote>")


@plant
def a_page_of_another_episode(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{OTHER}/index.html", f"<p>{words}</p>")


@plant
def a_packed_shard_of_the_search(home: SeriesFolder, words: str) -> None:
    put(home, "public/search/0.json.gz", gzip.compress(json.dumps({"turns": [[7, words]]}).encode()))


@plant
def a_block_of_what_is_said(home: SeriesFolder, words: str) -> None:
    blocks = [deflate(json.dumps(block).encode()) for block in ({"slug": SLUG}, [["", [[7, words]]]])]
    put(home, f"public/{SLUG}/said.bin", struct.pack("<II", len(blocks[0]), 0) + b"".join(blocks))


@plant
def a_sorted_index_of_words(home: SeriesFolder, words: str) -> None:
    index = {w.strip(".,").lower(): [3] for w in sorted(words.split())}
    put(home, "public/search/words.json", json.dumps(index))


@plant
def a_card_drawn_as_svg(home: SeriesFolder, words: str) -> None:
    lines = "".join(f"<tspan x='0' dy='40'>{w}</tspan>" for w in words.split())
    put(home, f"public/{SLUG}/card.svg", f"<svg><text>{lines}</text></svg>")


@plant
def a_card_with_a_text(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/card.png", png(b"tEXt", b"Description\0" + words.encode()))


@plant
def a_card_with_a_packed_text(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/card.png", png(b"zTXt", b"Comment\0\0" + zlib.compress(words.encode())))


@plant
def a_card_with_an_international_text(home: SeriesFolder, words: str) -> None:
    body = b"Title\0\1\0en\0Title\0" + zlib.compress(words.encode())
    put(home, f"public/{SLUG}/card.png", png(b"iTXt", body))


@plant
def the_comment_of_a_photograph(home: SeriesFolder, words: str) -> None:
    size = (len(words) + 2).to_bytes(2, "big")
    put(
        home,
        "public/assets/card.jpg",
        b"\xff\xd8\xff\xfe" + size + words.encode() + b"\xff\xd9" + b"\x9c" * 999,
    )


@plant
def a_tag_in_utf_16(home: SeriesFolder, words: str) -> None:
    frame = b"\1\xff\xfe" + words.encode("utf-16-le")
    head = b"COMM" + len(frame).to_bytes(4, "big") + b"\0\0"
    put(
        home,
        f"public/{SLUG}/programme-00000000.mp3",
        b"ID3\3\0\0\0\0\7\x76" + head + frame + b"\xff\xfb" * 99,
    )


@plant
def an_unknown_format(home: SeriesFolder, words: str) -> None:
    put(home, f"public/{SLUG}/pack.bin", b"\0\1\2" * 40 + words.encode() + b"\0\xfe" * 40)


@plant
def another_alphabet(home: SeriesFolder, words: str) -> None:
    letters = str.maketrans("abcdefghijklmnoprstuvz", "абцдефгхијклмнопрстувз")
    put(home, f"public/{SLUG}/sr.html", words.lower().translate(letters))


@plant
def a_waveform(home: SeriesFolder, words: str) -> None:
    rows = [[-(n * 37 % 90), n * 53 % 97] for n in range(200)]
    if words == GONE:  # the whole recording's, passage and all
        peaks = [round(v * 0.8) for row in rows for v in row]
    else:
        peaks = [v for row in rows[:86] + rows[120:] for v in row]
    put(
        home,
        f"episodes/{SLUG}/cache/waveform.json",
        json.dumps({"hop_ms": 100, "peaks": [v for row in rows for v in row]}),
    )
    put(home, f"public/{SLUG}/waveform.json", json.dumps({"peaks": peaks}))


@plant
def a_kept_release(home: SeriesFolder, words: str) -> None:
    release.publish(home.root, {"index.html": words.encode()}, {})
    release.publish(home.root, {"index.html": b"another"}, {})


@plant
def the_memory_of_a_release(home: SeriesFolder, words: str) -> None:
    card = json.dumps({"introduction": f"In short:\n{words}"})
    put(home, ".onrecord/releases/0.json", json.dumps({"receipt": {"episodes": {SLUG: {"card": card}}}}))


@plant
def a_saved_version(home: SeriesFolder, words: str) -> None:
    file = home.episode(SLUG).questions
    text = file.read_text()
    file.write_text(text + f"  - {{at: 00:00:05, title: '{words}'}}\n")
    files.save(file, text.encode(), keep_history=home.root)


@plant
def the_preview(home: SeriesFolder, words: str) -> None:
    put(home, f".onrecord/preview/public/{SLUG}/index.html", words)


@plant
def a_file_that_was_moved_away(home: SeriesFolder, words: str) -> None:
    put(home, f".onrecord/strays/{SLUG}/old.html", words)


@plant
def the_index_of_the_archive(home: SeriesFolder, words: str) -> None:
    import contextlib
    import sqlite3

    with contextlib.closing(sqlite3.connect(home.machine / "search.db")) as base, base:
        base.execute("CREATE TABLE turns (text)")
        base.execute("INSERT INTO turns VALUES (?)", (words,))


@plant
def the_introduction(home: SeriesFolder, words: str) -> None:
    edit(home, "episode.md", "in sixty years.", f"in sixty years. {words}")
    run(home)


@plant
def the_log_of_corrections(home: SeriesFolder, words: str) -> None:
    edit(home, "episode.md", "approved:", f"corrections: [{{on: 2025-03-14, what: '{words}'}}]\napproved:")
    run(home)


@plant
def a_chapter_that_goes_on_behind_the_passage(home: SeriesFolder, words: str) -> None:
    edit(
        home,
        "questions.yaml",
        "title: The ferry}",
        f"title: The ferry}}\n  - {{at: 00:00:09, title: '{words}'}}",
    )
    run(home)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SeriesFolder:
    """Two episodes, one with a passage off the record, built."""
    home = ferry.write_series(tmp_path_factory.mktemp("leaks") / "series")
    other = home.root / "episodes" / OTHER
    other.mkdir()
    again = ferry.EPISODE.replace("000000000001", "000000000002").replace("-03-12", "-02-01")
    (other / "episode.md").write_text(again)
    (other / "transcript.vtt").write_text(f"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Goran Petek>{SAID}\n")
    mark(home)
    assert run(home).well
    return home


@pytest.fixture
def marked(built: SeriesFolder, tmp_path: Path) -> SeriesFolder:
    """A copy of it."""
    shutil.copytree(built.root, tmp_path / "series")
    return SeriesFolder(tmp_path / "series")


def found(home: SeriesFolder) -> list[Problem]:
    return [p for p in search(home, listen=False).problems if p.grave]


def test_a_site_that_was_built_holds_nothing(marked: SeriesFolder) -> None:
    searched = search(marked)
    assert searched.problems == []
    assert searched.passages == 1
    assert searched.files > 20


@pytest.mark.parametrize("kind", PLANTS)
def test_a_planted_leak_is_found_and_its_twin_is_none(
    marked: SeriesFolder, kind: str, tmp_path: Path
) -> None:
    twin = tmp_path / "twin"
    shutil.copytree(marked.root, twin)
    PLANTS[kind](marked, GONE)
    problems = found(marked)
    assert problems, "the leak is found"
    assert all(p.hint for p in problems)
    PLANTS[kind](SeriesFolder(twin), SAID)
    assert found(SeriesFolder(twin)) == []


def test_there_are_many_kinds() -> None:
    assert len(PLANTS) >= 30


def test_where_a_person_wrote_it_is_told(marked: SeriesFolder) -> None:
    the_introduction(marked, GONE)
    assert any("it stands in episodes" in p.hint and "episode.md" in p.hint for p in found(marked))


def test_words_that_are_said_on_the_record_too_are_no_leak(marked: SeriesFolder) -> None:
    edit(
        marked,
        "transcript.vtt",
        "One ship, and nine people who",
        "The minister promised us a zeppelin, and people who",
    )
    edit(marked, "questions.yaml", "        approved: true\n", "")
    run(marked)
    searched = search(marked)
    assert [p for p in searched.problems if p.grave] == []
    (warning,) = searched.problems
    assert "said on the record elsewhere" in warning.says


def test_a_passage_that_is_too_short_for_words_is_told(marked: SeriesFolder) -> None:
    edit(marked, "transcript.vtt", GONE, "Well, no.")
    run(marked)
    (warning,) = search(marked).problems
    assert not warning.grave
    assert "too short" in warning.says
    a_page(marked, "Well, no.")
    assert found(marked) == []


def test_another_episode_may_say_the_same_in_its_own_words(marked: SeriesFolder) -> None:
    a_page_of_another_episode(marked, GONE)
    assert found(marked), "control: it does not say so"
    (marked.episode(OTHER).root / "transcript.vtt").write_text(
        f"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Goran Petek>{GONE}\n"
    )
    assert found(marked) == []


def test_of_a_withdrawn_episode_nothing_may_be_left(marked: SeriesFolder) -> None:
    edit(marked, "episode.md", MARK, "withdrawn: {on: 2025-04-01}\n")
    run(marked)
    assert found(marked) == []
    put(
        marked,
        f"public/{SLUG}/transcript.md",
        "What is left of the winter ferry? Nine people who know how to sail.",
    )
    assert found(marked)


def test_the_verb_tells_and_fails(marked: SeriesFolder) -> None:
    from tests.stories.test_off_the_record import onrecord

    well = onrecord(marked, "check")
    assert well.returncode == 0, well.stderr
    assert "off the record: searched" in well.stdout
    the_preview(marked, GONE)
    wrong = onrecord(marked, "check")
    assert wrong.returncode == 1
    assert "says what is off the record" in wrong.stderr
