"""Laws of what an episode's page is made from: citations, the picture of the conversation, colours."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import sample

from onrecord.craft import cite
from onrecord.craft.card import asked, card
from onrecord.craft.paragraph import spoken
from onrecord.craft.speech import speeches
from onrecord.model.edition import Caption, Edition, PublishedQuestion
from onrecord.model.people import Person
from onrecord.model.time import PubMs, Span
from onrecord.outputs import lanes, page
from onrecord.outputs.frame import HUES, POLICY
from onrecord.outputs.turns import voices

_LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
_NAMES = st.text(_LETTERS, min_size=1, max_size=20).filter(lambda name: bool(name.split()))
_DAY = datetime(2026, 11, 4, 12, tzinfo=UTC)
WORK = cite.Work(
    "Lithium: a promise or a threat?",
    "The Valley Record",
    "Institute for Rivers",
    _DAY,
    ("Mara Velin",),
    ("Tomas Oreshi", "Sofia de la Cruz"),
    "https://valley.example.org/record/lithium/",
    "Audio",
    1_893_000,
)


def _page(edition: Edition) -> Any:
    return lxml.html.fromstring(page.render(edition)[f"{edition.episode.slug}/index.html"])


def test_an_episode_is_cited_as_the_manuals_have_it() -> None:
    assert "".join(cite.apa(WORK)) == (
        "Velin, M. (Host), Oreshi, T. (Guest), & de la Cruz, S. (Guest). (2026, November 4). "
        "Lithium: a promise or a threat? [Audio podcast episode]. In The Valley Record. Institute for Rivers."
    )
    assert "".join(cite.chicago(WORK)) == (
        "Velin, Mara, host. “Lithium: a promise or a threat?” With Tomas Oreshi and Sofia de la Cruz. "
        "The Valley Record. November 4, 2026. Institute for Rivers. Audio, 31:33."
    )
    assert cite.bibtex(WORK).splitlines() == [
        "@misc{velin2026lithium,",
        "  author = {Velin, Mara and Oreshi, Tomas and de la Cruz, Sofia},",
        "  title = {{Lithium: a promise or a threat?}},",
        "  howpublished = {The Valley Record, Institute for Rivers},",
        "  year = {2026},",
        "  month = {11},",
        "  day = {4},",
        "  note = {Audio, 31:33},",
    ]


def test_what_is_not_known_leaves_no_hole_in_a_citation() -> None:
    bare = cite.Work("After the flood", "The Valley Record", "", _DAY, (), (), medium="")
    assert "".join(cite.apa(bare)) == "After the flood. (2026, November 4). In The Valley Record."
    assert "".join(cite.chicago(bare)) == "“After the flood.” The Valley Record. November 4, 2026."
    assert cite.bibtex(bare).startswith("@misc{anonymous2026after,\n  title = ")


@settings(max_examples=50)
@given(st.text(), _NAMES, st.lists(_NAMES, max_size=3))
def test_braces_of_bibtex_close_whatever_people_are_called(title: str, host: str, guests: list[str]) -> None:
    entry = cite.bibtex(replace(WORK, title=title, hosts=(host,), guests=tuple(guests))) + "}"
    bare = re.sub(r"\\[{}\\]", "", entry)
    depth = 0
    for letter in bare:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0
    assert re.match(r"@misc\{[a-z0-9]+,\n", entry)


@given(_NAMES)
def test_no_part_of_a_name_is_lost_when_it_is_turned(name: str) -> None:
    family, given_names = cite.family_first(name)
    assert f"{given_names} {family}".split() == name.split()


_VOICES = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(0, 5000), st.integers(1, 60_000)), min_size=1
)


@settings(max_examples=50)
@given(_VOICES, st.lists(st.integers(0, 600_000), max_size=12))
def test_the_picture_holds_every_second_and_every_question(
    said: list[tuple[str, int, int]], moments: list[int]
) -> None:
    at, captions = 0, []
    for voice, pause, long_ms in said:
        captions.append(Caption(Span(PubMs(at + pause), PubMs(at + pause + long_ms)), voice, "Words."))
        at += pause + long_ms
    turns = spoken(speeches(captions))
    rows = lanes.lanes(turns, None)
    assert {lane.voice for lane in rows} == {voice for voice, _, _ in said}
    for lane in rows:
        assert list(lane.spans) == sorted(lane.spans)
        for turn in turns:
            inside = any(a <= turn.span.start and turn.span.end <= b for a, b in lane.spans)
            assert inside or turn.voice != lane.voice
    questions = [PublishedQuestion(f"Why {n}?", asked=PubMs(min(m, at))) for n, m in enumerate(moments)]
    html = lanes.picture(rows, questions, PubMs(at), voices(None, ()), lambda t: f"#t{t // 1000}")
    tree: Any = lxml.html.fromstring(html)
    assert len(tree.xpath("//a")) == len(questions)
    for x in tree.xpath("//circle/@cx"):
        assert 0 <= float(str(x).rstrip("%")) <= 100


def test_the_picture_of_the_sample_says_who_speaks_for_how_long() -> None:
    edition = sample.full()
    (picture,) = _page(edition).xpath("//svg[@class='lanes']")
    assert [" ".join(t.text_content().split()) for t in picture.xpath("./g/text")] == [
        "Mara Velin 27 s",
        "Tomas Oreshi 34 s",
        "Eda Çela-Đorđević 12 s",
    ]
    said = [q.text for q in asked(edition) if q.asked is not None]
    assert [t.text.rpartition(" ")[0] for t in picture.iter("title")] == said
    assert lanes.picture((), (), PubMs(0), voices(None, ()), str) == ""


@settings(max_examples=50)
@given(st.lists(_NAMES, unique=True, max_size=HUES))
def test_guests_of_one_conversation_never_share_a_hue(names: list[str]) -> None:
    guests = [Person("", name) for name in names]
    voice = voices(sample.MARA, guests)
    assert len({voice(guest) for guest in guests}) == len(guests)
    assert voice(sample.MARA) == "voice-host"
    assert voice(None) == "voice-unnamed"
    assert all(voices(None, [guest])(guest) == voices(None, ())(guest) for guest in guests)


def test_one_approved_quote_stands_under_a_question_and_no_other_is_lost() -> None:
    edition = sample.full()
    second = replace(edition.quotes[0], at=Span(PubMs(47_000), PubMs(52_500)), text="That is my answer.")
    both = replace(edition, quotes=(*edition.quotes, second))
    tree = _page(both)
    assert len(tree.xpath("//ol[@class='questions']//blockquote")) == 1
    assert [q.text_content() for q in tree.xpath("//section[@aria-labelledby='quotes']//p")] == [second.text]


def test_corrections_say_when_the_page_was_changed() -> None:
    edition = sample.full()
    day = "//meta[@property='article:modified_time']/@content"
    assert _page(edition).xpath(day) == ["2026-11-09"]
    assert card(edition).modified == "2026-11-09"
    assert card(sample.draft()).modified == ""
    assert (
        "modified_time"
        not in page.render(sample.announced())["2026-12-02-after-the-flood/index.html"].decode()
    )


@pytest.mark.parametrize(
    ("url", "framed"), [("https://youtu.be/aqz-KE-bpKQ", True), ("https://x.org/a", False)]
)
def test_only_a_page_with_a_film_at_youtube_may_open_a_frame(url: str, framed: bool) -> None:
    edition = sample.full()
    edition = replace(edition, episode=replace(edition.episode, links={"youtube": url}))
    tree = _page(edition)
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == POLICY + ("; frame-src https://www.youtube-nocookie.com" if framed else "")
    assert bool(tree.xpath("//a[@class='facade']")) == framed
    assert not tree.xpath("//iframe")
