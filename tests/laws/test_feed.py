"""The feed against the rules of podcast apps, read by lxml as they would read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import lxml.html
import pytest
from lxml import etree
from tests import sample

from onrecord.craft.card import card
from onrecord.craft.category import CATEGORIES, nested
from onrecord.model.edition import Card, Site
from onrecord.model.episode import Series
from onrecord.outputs import feed
from onrecord.outputs.rss import SPACES

ROOT = sample.SERIES.url


def _channel(series: Series = sample.SERIES, cards: tuple[Card, ...] | None = None) -> Any:
    found = sample.site().cards if cards is None else cards
    (data,) = feed.render(Site(series, found)).values()
    # No DTD, no entities, nothing to fetch: a strict parser must be content.
    tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    return tree.find("channel")


def _texts(node: Any, path: str) -> list[str]:
    return [element.text or "" for element in node.findall(path, SPACES)]


def test_the_channel_says_who_what_and_where() -> None:
    channel = _channel()
    one = {
        "title": "The Valley Record",
        "link": ROOT,
        "description": sample.SERIES.tagline,
        "language": "en",
        "copyright": "Institute for Rivers",
        "itunes:author": "Institute for Rivers, Field Office",
        "itunes:type": "episodic",
        "itunes:explicit": "false",
        "podcast:guid": sample.SERIES.guid,
        "podcast:locked": "yes",
        "podcast:medium": "podcast",
        "podcast:person": "Mara Velin",
    }
    assert {path: _texts(channel, path) for path in one} == {path: [text] for path, text in one.items()}
    self_link = channel.find("atom:link", SPACES)
    assert (self_link.get("href"), self_link.get("rel")) == (f"{ROOT}feed.xml", "self")
    assert channel.find("itunes:image", SPACES).get("href") == f"{ROOT}artwork.png"
    assert channel.find("image/link").text == channel.find("link").text
    assert channel.find("image/title").text == channel.find("title").text
    category = channel.find("itunes:category", SPACES)
    assert category.get("text") == "News"
    assert category.find("itunes:category", SPACES).get("text") == "Politics"
    assert channel.find("itunes:owner", SPACES) is None


def test_the_owner_is_named_only_with_an_email() -> None:
    channel = _channel(replace(sample.SERIES, email="desk@example.org", explicit=True))
    assert channel.findtext("itunes:owner/itunes:email", namespaces=SPACES) == "desk@example.org"
    assert channel.find("podcast:locked", SPACES).get("owner") == "desk@example.org"
    assert {e.text for e in channel.iter(f"{{{SPACES['itunes']}}}explicit")} == {"true"}


def test_an_item_is_what_can_be_heard_and_nothing_else() -> None:
    heard = [sample.video(), sample.full()]
    cards = (*sample.site(preview=True).cards, replace(card(sample.full()), id="x", state="approved"))
    channel = _channel(cards=cards)
    assert _texts(channel, "item/guid") == [e.episode.id for e in heard]
    for item, edition in zip(channel.findall("item"), heard, strict=True):
        (sound,) = edition.audio
        (enclosure,) = item.findall("enclosure")
        assert dict(enclosure.attrib) == {
            "url": ROOT + sound.path,
            "length": str(sound.size_bytes),
            "type": "audio/mpeg",
        }
        assert item.find("guid").get("isPermaLink") == "false"
        assert item.findtext("title") == item.findtext("itunes:title", namespaces=SPACES)
        assert item.findtext("link") == f"{ROOT}{edition.episode.slug}/"
        assert item.findtext("itunes:duration", namespaces=SPACES) == "75"
        assert item.findtext("itunes:explicit", namespaces=SPACES) == "false"
        assert parsedate_to_datetime(item.findtext("pubDate")) == edition.episode.published
        assert item.findtext("pubDate")[-5:] == "+0100"
    urls = [e.get("url") for e in channel.iter("enclosure")]
    assert len(urls) == len(set(urls))


def test_an_item_names_the_host_again() -> None:
    for item in _channel().findall("item"):
        people = [(p.get("role"), p.text) for p in item.findall("podcast:person", SPACES)]
        assert people == [("host", "Mara Velin"), ("guest", "Tomas Oreshi"), ("guest", "Eda Çela-Đorđević")]


def test_transcripts_and_chapters_are_files_of_the_site() -> None:
    files = {ROOT + path for path in sample.files()}
    for item in _channel().findall("item"):
        transcripts = {t.get("type"): t.get("url") for t in item.findall("podcast:transcript", SPACES)}
        assert list(transcripts) == ["text/vtt", "application/x-subrip", "application/json", "text/html"]
        (chapters,) = item.findall("podcast:chapters", SPACES)
        assert chapters.get("type") == "application/json+chapters"
        assert {*transcripts.values(), chapters.get("url")} <= files
        simple = item.findall("psc:chapters/psc:chapter", SPACES)
        assert [c.get("start") for c in simple] == ["00:00:00.000", "00:00:13.000", "00:00:53.000"]


def test_a_video_is_offered_beside_the_sound() -> None:
    with_picture, without = _channel().findall("item")
    twin, video = with_picture.findall("podcast:alternateEnclosure", SPACES)
    assert (twin.get("default"), twin.get("type")) == ("true", "audio/mpeg")
    assert video.find("podcast:source", SPACES).get("uri") == ROOT + sample.video().video.path  # type: ignore[union-attr]
    assert not without.findall("podcast:alternateEnclosure", SPACES)


def test_notes_are_short_plain_html_with_chapters_as_lines() -> None:
    for item in _channel().findall("item"):
        notes = item.findtext("description")
        assert len(notes.encode()) <= 4000
        assert "<p>00:00:00 Introduction<br>\n00:00:13 A promise or a threat?<br>\n" in notes
        tags = {e.tag for e in lxml.html.fragment_fromstring(notes, create_parent="div").iter()}
        assert tags <= {"div", "p", "br", "ul", "li", "a", "strong", "em"}
        assert len(item.findtext("content:encoded", namespaces=SPACES)) >= len(notes)
    raw = feed.render(sample.site())["feed.xml"]
    assert raw.count(b"<description><![CDATA[") == 2


def test_notes_never_grow_past_4000_bytes() -> None:
    edition = sample.full()
    long = replace(edition.episode, introduction="Ћирилица и још речи. " * 900)
    cut = _channel(cards=(card(replace(edition, episode=long)),)).findtext("item/description")
    assert len(cut.encode()) <= 4000
    assert "00:00:13 A promise or a threat?" in cut
    many = tuple(replace(edition.chapters[0], title=f"Chapter {i} ]]> & <b>") for i in range(400))
    item = _channel(cards=(card(replace(edition, chapters=many)),)).find("item")
    assert len(item.findtext("description").encode()) <= 4000
    assert item.findtext("content:encoded", namespaces=SPACES).count("]]&gt; &amp; &lt;b&gt;") == 400


def test_the_feed_is_dated_by_its_newest_episode() -> None:
    built = parsedate_to_datetime(_channel().findtext("lastBuildDate"))
    assert built == sample.video().episode.published
    assert _channel(cards=()).find("lastBuildDate") is None


def test_a_new_title_keeps_the_guid_and_new_sound_has_a_new_address() -> None:
    old = card(sample.full())
    new = replace(
        old, title="Another", audio=(replace(old.audio[0], path=f"{old.slug}/programme-00000000.mp3"),)
    )
    (before,), (after,) = _channel(cards=(old,)).findall("item"), _channel(cards=(new,)).findall("item")
    assert before.findtext("guid") == after.findtext("guid")
    assert before.find("enclosure").get("url") != after.find("enclosure").get("url")


def test_what_no_xml_can_hold_is_left_out() -> None:
    odd = replace(card(sample.full()), title="A\x00B\x0b\ud800C & <D>", summary="\uffff")
    assert _texts(_channel(cards=(odd,)), "item/title") == ["ABC & <D>"]


@pytest.mark.parametrize("name", ["news", "Politics ", "Chess"])
def test_a_category_that_apple_does_not_know_is_not_written(name: str) -> None:
    channel = _channel(replace(sample.SERIES, category=(name,)))
    assert not channel.findall("itunes:category", SPACES)


def test_every_category_of_apple_can_be_named_in_full() -> None:
    for category, below in CATEGORIES.items():
        assert nested([category]) == ((category, ""),)
        for name in below:
            assert nested([category, name]) == ((category, name),)


def test_dates_are_the_same_moment_in_any_zone() -> None:
    moved = replace(card(sample.full()), published="2026-11-04T06:00:00-05:00")
    found = _channel(cards=(moved,)).findtext("item/pubDate")
    assert parsedate_to_datetime(found) == datetime.fromisoformat("2026-11-04T11:00:00+00:00")


def test_a_feed_of_which_a_few_items_are_made_anew_is_the_feed_made_anew() -> None:
    whole = sample.site()
    (before,) = feed.render(whole).values()
    told = {
        "title": "]]> <item> & more",
        "summary": "Another",
        "introduction_html": "<p>\n&lt;item&gt;</p>",
        "chapters": (),
        "questions": ("Why?",),
        "people": (),
        "has_transcript": False,
    }
    for name, value in told.items():
        cards = tuple(replace(card, **{name: value}) for card in whole.cards)  # type: ignore[arg-type]
        (after,) = feed.render(replace(whole, cards=cards)).values()
        (one,) = feed.render(replace(whole, cards=(cards[0], *whole.cards[1:]))).values()
        assert feed.revise(before, replace(whole, cards=cards[:1])) == one, name
        assert feed.revise(before, replace(whole, cards=cards)) == after, name
        assert feed.revise(after, whole) == before, name
    other = tuple(replace(card, id="0") for card in whole.cards)
    assert feed.revise(before, replace(whole, cards=other)) is None
