"""What holds for every site: links lead somewhere, twins are equal, times are there, nothing is left out."""

from __future__ import annotations

import json
import posixpath
import zlib
from dataclasses import fields, replace
from datetime import datetime
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests import sample

import onrecord.outputs
from onrecord.craft.card import asked, card
from onrecord.craft.paragraph import spoken
from onrecord.craft.speech import speeches
from onrecord.craft.url import SERIES_NAMES, absolute, relative, safe_url
from onrecord.model.edition import Caption, Edition, Site
from onrecord.model.language import spaced
from onrecord.model.theme import Theme
from onrecord.model.time import PubMs, Span
from onrecord.outputs import episode_outputs, frame, page, series_outputs

_PREVIEWS = [False, True]


def _tree(data: bytes) -> Any:
    return lxml.html.fromstring(data)


def _pages(files: dict[str, bytes]) -> dict[str, Any]:
    return {path: _tree(data) for path, data in files.items() if path.endswith(".html")}


@pytest.mark.parametrize("preview", _PREVIEWS)
def test_every_link_inside_the_site_leads_to_a_file_and_to_an_element_of_it(preview: bool) -> None:
    files = sample.files(preview=preview)
    pages = _pages(files)
    known = set(files) | sample.media()
    followed = 0
    for path, tree in pages.items():
        for element, attribute, url, _ in tree.iterlinks():
            bare, fragment = urldefrag(url)
            parts = urlsplit(bare)
            if parts.scheme or element.get("rel") == "canonical":
                continue
            root = urlsplit(sample.SERIES.url).path
            if bare.startswith("/"):
                assert path == "404.html", f"{path}: only the page shown at any depth links from the root"
                target = bare.removeprefix(root)
            else:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(bare)))
                target = target if bare else path
            assert target in known, f"{path}: {element.tag}@{attribute} {url} leads nowhere"
            if fragment and not fragment.startswith("t=") and target in pages:
                assert pages[target].xpath("//*[@id=$i]", i=fragment), f"{path}: {url} leads to no element"
            followed += 1
    assert followed > 100


@pytest.mark.parametrize("preview", _PREVIEWS)
def test_the_same_series_gives_the_same_bytes(preview: bool) -> None:
    assert sample.files(preview=preview) == sample.files(preview=preview)


def test_no_public_file_knows_of_a_draft() -> None:
    files = sample.files()
    secret = sample.draft().episode
    for path, data in files.items():
        assert secret.slug.encode() not in data, path
        assert secret.title.encode() not in data, path
        assert b"noindex" not in data, path
    preview = sample.files(preview=True)
    assert secret.title.encode() in preview["index.html"]
    assert all(b"noindex" in data for path, data in preview.items() if _is_ours(path) and secret.slug in path)
    assert secret.title.encode() not in preview["feed.xml"]


def _is_ours(path: str) -> bool:
    return path.endswith("index.html") or path == "404.html"


def test_a_quote_that_nobody_approved_is_on_no_page() -> None:
    words = "That is my answer."
    edition = sample.full()
    assert any(words == q.text for question in edition.ledger.questions for q in question.quotes)
    for path, data in sample.files(preview=True).items():
        tree = _tree(data) if path.endswith("index.html") else None
        shown = tree.xpath("//blockquote") if tree is not None else []
        assert all(words not in quote.text_content() for quote in shown), path


@pytest.mark.parametrize("preview", _PREVIEWS)
def test_pages_have_a_strict_policy_and_nothing_inline(preview: bool) -> None:
    for path, tree in _pages(sample.files(preview=preview)).items():
        if not _is_ours(path):
            continue
        (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not tree.xpath(
            "//style | //@style | //@*[starts-with(name(), 'on')]"
            "| //script[not(@src) and not(@type='application/ld+json')]"
        ), path
        assert all(
            not urlsplit(url).scheme
            for url in tree.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href")
        )


@pytest.mark.parametrize("preview", _PREVIEWS)
def test_headings_are_in_order_and_times_are_dates(preview: bool) -> None:
    for path, tree in _pages(sample.files(preview=preview)).items():
        if not _is_ours(path):
            continue
        levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3", "h4")]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(b - a <= 1 for a, b in pairwise(levels)), path
        for value in tree.xpath("//time/@datetime"):
            assert value.startswith("PT") or datetime.fromisoformat(value), value
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_a_page_says_everything_that_the_episode_file_says() -> None:
    edition = sample.full()
    tree = _tree(page.render(edition)[f"{edition.episode.slug}/index.html"])
    words = " ".join(tree.text_content().split())
    said = [
        edition.episode.title,
        "4 November 2026",
        "Mara Velin",
        "Senior Fellow, Institute for Rivers",
        "Lawyer and member of the Water Council, Talva Legal Aid",
        "A mine is planned where the Talva leaves the hills.",
        *(q.ask for q in edition.episode.questions),
        "Not asked in this conversation",
        *(mark.title for mark in edition.chapters),
        *(quote.text for quote in edition.quotes),
        *(r.title for r in edition.episode.references),
        "checked by Mara Velin on 3 November 2026",
        "9 November 2026 0:26: The survey counted 212 wells, not 221.",
        "YouTube",
        "WebVTT",
        "SubRip",
        "MP3 1.2 MB",
        sample.SERIES.tagline,
        "#ValleyRecord",
        "Presented by Institute for Rivers, Field Office",
    ]
    missing = [s for s in said if s not in words]
    assert not missing
    spoken_words = " ".join(" ".join(c.text.split()) for c in edition.captions)
    paragraphs = tree.xpath("//div[contains(@class, 'turn ')]/p[not(@class)]")
    shown = " ".join(" ".join((p.xpath("string(a/following-sibling::text())")).split()) for p in paragraphs)
    assert shown == spoken_words


@pytest.mark.parametrize(
    ("edition", "words"),
    [
        (sample.announced(), "Coming on 2 December 2026"),
        (sample.draft(), "Draft, not public"),
        (sample.draft(), "made by machine and has not been checked"),
        (sample.video(), "made by machine and has not been checked"),
    ],
)
def test_a_page_tells_its_state(edition: Edition, words: str) -> None:
    data = page.render(edition)[f"{edition.episode.slug}/index.html"]
    assert words in " ".join(_tree(data).text_content().split())


def test_a_time_without_the_script_opens_the_sound_at_that_second() -> None:
    edition = sample.full()
    tree = _tree(page.render(edition)[f"{edition.episode.slug}/index.html"])
    hrefs = tree.xpath("//div[contains(@class, 'turn ')]//a[@class='at']/@href")
    assert "programme-1a2b3c4d.mp3#t=18.6" in hrefs
    assert all("#t=" in href for href in hrefs)
    played = tree.xpath("//*[@data-t]/@data-t")
    assert played
    assert all(float(t) * 1000 <= edition.audio[0].duration for t in played)


def test_questions_find_their_entries_by_their_words_or_their_parts() -> None:
    first, second, third = asked(sample.full())
    assert (first.ids, first.asked, first.answers[0].by.name) == (("q1",), 13_000, "Tomas Oreshi")
    assert second.ids == ("q2", "q3")
    assert [(a.by.id, a.at.start) for a in second.answers] == [("eda-cela", 58_200), ("eda-cela", 60_000)]
    assert (third.found, third.asked) == ("never asked", None)


def test_outputs_of_other_packages_come_in_by_the_same_door(monkeypatch: pytest.MonkeyPatch) -> None:
    other = SimpleNamespace(NAME="newsletter", KIND="episode", render=lambda _: {})
    entry = SimpleNamespace(load=lambda: other)
    onrecord.outputs._found.cache_clear()
    monkeypatch.setattr(onrecord.outputs, "entry_points", lambda **_: [entry])
    try:
        assert other in episode_outputs()
        assert other not in series_outputs()
        monkeypatch.setattr(onrecord.outputs, "entry_points", lambda **_: [entry, entry])
        onrecord.outputs._found.cache_clear()
        with pytest.raises(ValueError, match="two outputs are called newsletter"):
            episode_outputs()
    finally:
        monkeypatch.undo()
        onrecord.outputs._found.cache_clear()


def test_names_that_no_episode_may_have_are_those_of_the_series_files() -> None:
    slugs = {edition.episode.slug for edition in sample.editions()}
    made = {path.partition("/")[0] for path in sample.files()}
    assert made - slugs == SERIES_NAMES


def test_a_series_without_an_address_has_pages_and_no_feed() -> None:
    series = replace(sample.SERIES, url="", artwork="")
    cards = tuple(card(replace(e, series=series)) for e in sample.editions())
    files: dict[str, bytes] = {}
    for output in series_outputs():
        files.update(output.render(Site(series, cards)))
    assert "index.html" in files
    assert not {"feed.xml", "sitemap.xml"} & set(files)
    assert not _tree(files["index.html"]).xpath("//link[@rel='canonical' or @type='application/rss+xml']")


def test_a_long_series_has_its_newest_episodes_at_home_and_all_of_them_in_one_light_list() -> None:
    one = card(sample.full())
    days = [f"{2026 - i // 50}-{12 - i // 5 % 10:02d}-{28 - i % 5:02d}T12:00:00+01:00" for i in range(1000)]
    cards = tuple(replace(one, slug=f"talk-{i}", title=f"Talk {i}", published=d) for i, d in enumerate(days))
    files: dict[str, bytes] = {}
    for output in series_outputs():
        if output.NAME in ("home", "episodes"):
            files.update(output.render(Site(sample.SERIES, cards)))
    home = _tree(files["index.html"])
    assert home.xpath("//article/h3/a/text()") == [f"Talk {i}" for i in range(20)]
    (rest,) = home.xpath("//*[@class='rest']/a")
    assert (rest.text, rest.get("href")) == ("All 1000 episodes", "episodes/index.html")
    everything = _tree(files["episodes/index.html"])
    assert everything.xpath("//li[@data-of]/a/text()") == [c.title for c in cards]
    assert everything.xpath("//section/h2/text()") == [str(2026 - n) for n in range(20)]
    assert len(files["episodes/index.html"]) < 400 * len(cards)
    assert len(zlib.compress(files["episodes/index.html"])) < 50 * len(cards)


def test_rows_name_the_places_of_what_they_belong_to() -> None:
    """The n-th link of each list is what rows call by its letter and n."""
    tree = _tree(sample.files()["episodes/index.html"])
    lists = {
        details.get("data-filter"): [link.text for link in details.iter("a")]
        for details in tree.xpath("//details")
    }
    for shown in sample.site().cards:
        (row,) = tree.xpath("//li[contains(a/@href, $slug)]", slug=shown.slug)
        of = {(key[0], int(key[1:])) for key in row.get("data-of").split()}
        named = {letter: {names[n] for k, n in of if k == letter} for letter, names in _by_letter(lists)}
        assert named["p"] == {billed.person.name for billed in shown.people}
        assert named["o"] == {billed.organisation for billed in shown.people}
        assert named["t"] == set(shown.tags)


def _by_letter(lists: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    return [(name[0], names) for name, names in lists.items()]


def test_the_sitemap_names_every_page_and_dates_it_by_its_content() -> None:
    files = sample.files()
    tree = etree.fromstring(files["sitemap.xml"])
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    found = {
        url.findtext("s:loc", namespaces=spaces): url.findtext("s:lastmod", namespaces=spaces)
        for url in tree.iterfind("s:url", spaces)
    }
    pages = {absolute(sample.SERIES.url, path) for path in files if path.endswith("index.html")}
    assert set(found) == pages
    dates = {e.episode.published.isoformat() for e in sample.editions()} | {"2026-11-09"}
    assert set(found.values()) <= dates


_WORDS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30),
    min_size=1,
    max_size=40,
)


@given(_WORDS, st.lists(st.integers(0, 80_000), max_size=4))
def test_paragraphs_hold_every_word_once_and_in_order(texts: list[str], marked: list[int]) -> None:
    captions = [
        Caption(Span(PubMs(i * 2000), PubMs(i * 2000 + 1800)), f"V{i // 7 % 2}", text)
        for i, text in enumerate(texts)
    ]
    turns = spoken(speeches(captions), [PubMs(m) for m in marked])
    shown = [word for turn in turns for p in turn.paragraphs for word in p.text.split()]
    given_words = [word for text in texts for word in text.split()]
    assert "".join(shown) == "".join(given_words)
    if all(spaced(before, after) for before, after in pairwise(given_words)):
        assert shown == given_words
    ats = [p.at for turn in turns for p in turn.paragraphs]
    assert ats == sorted(ats)
    for turn in turns:
        assert all(p.at in turn.span or p.at == turn.span.start for p in turn.paragraphs)


@given(st.integers(1, 60))
def test_sentences_are_dealt_three_to_five_a_paragraph(count: int) -> None:
    text = " ".join(f"This is sentence {i} here." for i in range(count))
    (turn,) = spoken(speeches([Caption(Span(PubMs(0), PubMs(count * 1000)), "Ada", text)]))
    sizes = [p.text.count("here.") for p in turn.paragraphs]
    assert sum(sizes) == count
    assert max(sizes) <= 5
    assert min(sizes) >= min(3, count)


_PATH = st.lists(st.text("abc-č ?#%&'\"", min_size=1, max_size=6), min_size=1, max_size=4).map("/".join)


@given(_PATH, _PATH)
def test_a_relative_link_leads_from_one_page_to_the_other(start: str, goal: str) -> None:
    link = relative(start, goal)
    assert urlsplit(link).path == link
    back = posixpath.normpath(posixpath.join(posixpath.dirname(start), unquote(link)))
    assert back == posixpath.normpath(goal)


@given(
    st.text() | st.sampled_from(["java\tscript:alert(1)", " JAVASCRIPT:x", "\x01javascript:x", "vbscript:x"])
)
def test_a_safe_address_is_plain_and_of_an_allowed_scheme(url: str) -> None:
    safe = safe_url(url)
    assert safe == safe_url(safe)
    assert safe.isascii()
    assert not set(safe) & set(' "<>\\^`{|}\n\t')
    head = safe.partition("/")[0].partition("?")[0].partition("#")[0]
    assert ":" not in head or head.partition(":")[0].lower() in ("http", "https", "mailto")


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c&d#e", "mailto:a@example.org", "../x/", "#t3", "/a:b"]
)
def test_a_good_address_stays_as_it_is(url: str) -> None:
    assert safe_url(url) == url


def test_a_person_has_the_same_hue_everywhere() -> None:
    hues = {frame.hue(f"person-{i}") for i in range(200)}
    assert hues == set(range(frame.HUES))
    assert frame.hue("tomas-oreshi") == frame.hue("tomas-oreshi")


def test_the_card_is_small_and_plain() -> None:
    made = card(sample.full())
    assert made.summary.startswith("A mine is planned where the Talva leaves the hills.")
    assert "*" not in made.summary
    assert made.has_transcript
    assert made.checked
    assert json.dumps([made.title, made.published, made.questions])


@pytest.mark.parametrize("preview", _PREVIEWS)
def test_an_output_of_the_series_looks_at_no_other_fields_of_the_cards_than_it_says(preview: bool) -> None:
    whole = sample.site(preview=preview)
    one = whole.cards[0]
    empty = {f.name: type(getattr(one, f.name))() for f in fields(one) if f.name != "video"} | {"video": None}
    for output in series_outputs():
        hidden = {name: value for name, value in empty.items() if name not in getattr(output, "USES", empty)}
        told = replace(whole, cards=tuple(replace(c, **hidden) for c in whole.cards))
        assert output.render(told) == output.render(whole), output.NAME
        assert hidden, f"{output.NAME} says of no field that it does without"


def test_an_output_that_says_so_is_changed_by_no_theme() -> None:
    theme = Theme(style=":root { --accent: teal }", templates=(("episode.html", "<p>{{ episode.title }}"),))
    plain = {output.NAME for output in episode_outputs() if not getattr(output, "THEMED", True)}
    for edition in sample.editions():
        worn = replace(edition, series=replace(edition.series, theme=theme))
        for output in episode_outputs():
            same = output.render(worn) == output.render(edition)
            assert same or output.NAME not in plain, output.NAME
    assert page.render(worn) != page.render(edition), "the control: a page wears it"
    assert {"said", "transcripts"} <= plain
