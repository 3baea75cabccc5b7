"""What programs are told of a page: typed, escaped, only what is public; and the cards that stand for it."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from io import BytesIO
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image
from tests import sample

from onrecord.craft.card import card
from onrecord.model.edition import Edition, Site
from onrecord.outputs import cards, embed, lettering, linked, llms, page, sitemap, twin

# The properties used, on which types they may stand and what they may hold, as schema.org defines them.
TEXT, URL, DATE, DURATION, NUMBER = "Text", "URL", "Date", "Duration", "Number"
_WORK = {
    "name": {TEXT},
    "url": {URL},
    "description": {TEXT},
    "image": {URL},
    "sameAs": {URL},
    "datePublished": {DATE},
    "dateModified": {DATE},
    "inLanguage": {TEXT},
    "keywords": {TEXT},
    "contributor": {"Person", "Role"},
    "creator": {"Person"},
    "publisher": {"Organization"},
    "citation": {"CreativeWork"},
    "text": {TEXT},
    "video": {"VideoObject", "Clip"},
    "hasPart": {"Clip", "Quotation"},
    "associatedMedia": {"AudioObject", "VideoObject"},
}
_MEDIA = _WORK | {
    "contentUrl": {URL},
    "contentSize": {TEXT},
    "encodingFormat": {TEXT},
    "duration": {DURATION},
    "uploadDate": {DATE},
    "thumbnailUrl": {URL},
}
SCHEMA: dict[str, dict[str, set[str]]] = {
    "PodcastSeries": _WORK | {"webFeed": {URL}},
    "PodcastEpisode": _WORK | {"duration": {DURATION}, "partOfSeries": {"PodcastSeries"}},
    "AudioObject": _MEDIA,
    "VideoObject": _MEDIA,
    "Clip": _WORK | {"startOffset": {NUMBER}, "endOffset": {NUMBER}},
    "Quotation": _WORK,
    "CreativeWork": _WORK,
    "Role": {"roleName": {TEXT}, "contributor": {"Person"}},
    "Person": {k: _WORK[k] for k in ("name", "url", "image", "sameAs")} | {"subjectOf": {"PodcastEpisode"}},
    "Organization": {"name": {TEXT}, "url": {URL}},
}
_FORMS = {
    URL: re.compile(r"https?://\S+"),
    DATE: re.compile(r"\d{4}-\d\d-\d\d(T[\d:]+[+-]\d\d:\d\d)?"),
    DURATION: re.compile(r"PT\d+S"),
    TEXT: re.compile(r"\S.*", re.DOTALL),
}


def _check(node: Any, wrong: list[str]) -> None:
    kind = node["@type"]
    for name, value in node.items():
        if name.startswith("@"):
            continue
        ranges = SCHEMA[kind].get(name)
        if ranges is None:
            wrong.append(f"{kind} has no {name}")
            continue
        for one in value if isinstance(value, list) else [value]:
            if not _fits(one, ranges, wrong):
                wrong.append(f"{kind}.{name}: {one!r}")


def _fits(value: Any, ranges: set[str], wrong: list[str]) -> bool:
    if isinstance(value, int):
        return NUMBER in ranges
    if isinstance(value, str):
        return any(r in _FORMS and _FORMS[r].fullmatch(value) for r in ranges)
    if "@type" not in value:
        return set(value) == {"@id"}  # a reference
    _check(value, wrong)
    return value["@type"] in ranges


def _graph(html: bytes) -> list[Any]:
    tree: Any = lxml.html.fromstring(html)
    (script,) = tree.xpath("//script[@type='application/ld+json']")
    graph: list[Any] = json.loads(script.text)["@graph"]
    return graph


@pytest.mark.parametrize("make", [sample.full, sample.video, sample.announced])
def test_the_graph_of_an_episode_is_typed_as_schema_org_says(make: Any) -> None:
    edition = make()
    nodes = _graph(page.render(edition)[f"{edition.episode.slug}/index.html"])
    wrong: list[str] = []
    for node in nodes:
        _check(node, wrong)
    assert wrong == []
    assert nodes[0]["@type"] == "PodcastEpisode"
    assert ("video" in nodes[0]) == (edition.video is not None)
    _check({"@type": "Clip", "name": 3, "seconds": "x", "url": "nowhere"}, wrong)
    assert len(wrong) == 3, "the judge sleeps"


def test_the_graphs_of_the_series_and_of_a_person_are_typed() -> None:
    wrong: list[str] = []
    site = sample.site()
    for node in (
        *_graph(sample.files()["index.html"]),
        *linked.of_person(site.series, sample.EDA, site.cards),
    ):
        _check(linked._bare(node), wrong)
    assert wrong == []


def test_a_person_has_one_identity_and_the_role_of_the_day() -> None:
    roles = []
    for edition in (sample.full(), sample.announced()):
        (episode, *_) = _graph(page.render(edition)[f"{edition.episode.slug}/index.html"])
        roles += [r for r in episode["contributor"] if r["contributor"]["name"] == sample.EDA.name]
    assert len({r["contributor"]["@id"] for r in roles}) == 1
    assert roles[0]["roleName"][1] != roles[1]["roleName"][1]


def test_a_clip_leads_to_its_second() -> None:
    edition = sample.video()
    (episode, *_) = _graph(page.render(edition)[f"{edition.episode.slug}/index.html"])
    clips = episode["video"]["hasPart"]
    assert [c["name"] for c in clips] == [mark.title for mark in edition.chapters]
    assert all(c["url"].endswith(f"?t={c['startOffset']}") for c in clips)
    assert all(c["startOffset"] < c["endOffset"] for c in clips)


_ATTACKS = ("</script><img src=x onerror=alert(1)>", "<!--<script>", "]]>", "\u2028alert(1)//", "&quot;\"'\\")


@pytest.mark.parametrize("attack", _ATTACKS)
def test_hostile_words_do_not_leave_the_graph(attack: str) -> None:
    nodes = [{"@type": "Clip", "name": attack}]

    def read(text: str) -> Any:
        tree: Any = lxml.html.fromstring(
            f'<!doctype html><head><script type="application/ld+json">{text}</script></head><body><p>x</p>'
        )
        assert [e.tag for e in tree.iter()] == ["html", "head", "script", "body", "p"]
        return json.loads(tree.xpath("//script")[0].text)["@graph"]

    assert read(linked.written(nodes)) == nodes
    careless = json.dumps({"@graph": nodes})
    if "script>" in attack and attack.startswith("</"):
        with pytest.raises((AssertionError, ValueError)):
            read(careless)


@given(st.text())
def test_any_words_come_back_from_the_graph(words: str) -> None:
    text = linked.written([{"@type": "Clip", "name": f"a{words}"}])
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text)["@graph"][0]["name"].startswith("a")


def test_nothing_of_a_draft_or_unapproved_is_told() -> None:
    draft = sample.draft()
    public = sample.files()
    for path in ("llms.txt", "index.md", "sitemap.xml", "index.html"):
        assert draft.episode.title.encode() not in public[path]
    assert draft.episode.title.encode() in sample.files(preview=True)["llms.txt"]
    edition = sample.full()
    unapproved = [q.text for r in edition.ledger.questions for q in r.quotes if not q.approved]
    assert unapproved
    told = {**embed.render(edition), **cards.render(edition)}
    assert len([p for p in told if "said-" in p]) == 2 * len(edition.quotes)
    assert len(cards.render(edition)) == 1 + len(edition.quotes)


def test_oembed_gives_a_frame_of_the_small_page() -> None:
    edition = sample.full()
    files = embed.render(edition)
    slug = edition.episode.slug
    for page_name, name in (("embed.html", "oembed.json"), ("said-36000.html", "said-36000.json")):
        found = json.loads(files[f"{slug}/{name}"])
        (frame,) = lxml.html.fragments_fromstring(found["html"])
        assert frame.get("src") == f"{sample.SERIES.url}{slug}/{page_name}"
        assert (found["version"], found["type"]) == ("1.0", "rich")
        tree: Any = lxml.html.fromstring(files[f"{slug}/{page_name}"])
        assert not tree.xpath("//script | //iframe")
        (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert "script" not in policy
    small: Any = lxml.html.fromstring(files[f"{slug}/said-36000.html"])
    (src,) = small.xpath("//audio/@src")
    assert str(src).endswith("#t=36,41.5")
    without = replace(edition, series=replace(edition.series, url=""))
    assert not [p for p in embed.render(without) if p.endswith(".json")]


def test_the_twin_says_every_word_and_hostile_ones_stay_words() -> None:
    edition = sample.full()
    (data,) = twin.render(edition).values()
    text = data.decode().replace("\\", "")
    assert all(" ".join(c.text.split()) in text for c in edition.captions)
    assert all(q.ask in text for q in edition.episode.questions)
    bad = replace(edition, episode=replace(edition.episode, title="# [x](javascript:alert(1)) <b>\n# y"))
    (first, *rest) = next(iter(twin.render(bad).values())).decode().split("\n")
    assert first == r"# \# \[x\](javascript:alert(1)) \<b\> \# y"
    assert not [line for line in rest if line.startswith("# ")]
    assert b"\\[x\\]" in llms.render(replace(sample.site(), cards=(card(bad),)))["llms.txt"]


def test_a_film_is_in_the_sitemap_with_its_poster_or_else_its_card() -> None:
    v = {"v": "http://www.google.com/schemas/sitemap-video/1.1"}
    film = card(sample.video())
    for shown, pictures in ((film, {film.poster}), (replace(film, poster=""), sample.pictures())):
        tree: Any = etree.fromstring(sitemap.render(Site(sample.SERIES, (shown,)))["sitemap.xml"])
        (found,) = tree.iterfind(".//v:video", v)
        thumb = found.findtext("v:thumbnail_loc", namespaces=v).removeprefix(sample.SERIES.url)
        assert thumb in pictures
        assert found.findtext("v:duration", namespaces=v) == "75"


def _drawn(edition: Edition) -> dict[str, bytes]:
    return {path: draw() for path, draw in cards.render(edition).items()}


def test_a_card_is_a_picture_of_the_right_size_with_its_words_inside_and_always_the_same() -> None:
    edition = sample.full()
    first, again = _drawn(edition), _drawn(edition)
    assert first == again
    for data in first.values():
        picture = Image.open(BytesIO(data))
        assert picture.size == (1200, 630)
        assert len(data) < 60_000
        words = picture.text["Description"]  # type: ignore[attr-defined]
        assert sample.SERIES.title in words
    assert any(sample.QUOTE.encode() in data for data in first.values()), "a search for words must find them"
    changed = replace(edition, episode=replace(edition.episode, title="Another"))
    assert len(set(cards.render(changed)) - set(first)) == 1


@pytest.mark.parametrize("words", ["Čćžšđ ÇËçë Łódź Ærø ŞĞışğ", "Ђорђевић ћирилица Їжак", "Αθήνα Ωκεανός"])
def test_the_typeface_has_the_letters_of_our_languages(words: str) -> None:
    assert lettering.drawable(words) == words


@pytest.mark.parametrize("title", ["", "شكرا لكما", "x" * 400, "a " * 600, "\x00\ud800", "😀😀"])
def test_a_card_is_drawn_whatever_the_title(title: str) -> None:
    made = cards.Drawing("Programme", title, (("N" * 200, "R " * 100, "#000"),) * 5, "1 May 2026", "#123456")
    assert Image.open(BytesIO(cards.draw(made))).size == (1200, 630)
    assert lettering.drawable("شكرا لكما") == ""
    assert sys.getsizeof(made.digest) < 100


def test_lines_fit_and_hold_every_word() -> None:
    words = "The ministry decides and the villages below the weir were not asked once"
    for size in (40, 60, 88):
        lines = lettering.set_lines(words, size, 900)
        assert lines is not None
        assert " ".join(lines) == words
        assert all(lettering.font(size, bold=True).getlength(line) <= 901 for line in lines)
