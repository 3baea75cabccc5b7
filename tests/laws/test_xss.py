"""Hostile words in every field of an edition stay words, on every page and in the feed's notes.

The judge is a browser's way of reading HTML (lxml.html on the finished file), and it is first shown to be
awake: the same words, written without escaping, must be found in great number.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from lxml import etree
from tests import sample

from onrecord.craft import prose
from onrecord.craft.card import card
from onrecord.craft.slug import own_slug
from onrecord.craft.url import safe_url
from onrecord.model.edition import Edition, Site
from onrecord.model.theme import Theme
from onrecord.model.time import Span
from onrecord.outputs import episode_outputs, feed, frame, series_outputs
from onrecord.outputs.assets import EPISODES, SCRIPT, SEARCH
from onrecord.outputs.rss import SPACES

# Ids, addresses of files, kinds and languages come from names that Onrecord itself makes or checks.
_OURS = {"id", "slug", "state", "part", "found", "path", "mime", "guid", "question_id", "place", "timezone"}


@pytest.fixture(scope="module")
def vectors(shared: Path) -> list[str]:
    lines = (shared / "data/hostile/xss/vectors.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["v"] for line in lines]


def _poisoned(value: Any, text: str, words: Iterator[str], name: str = "") -> Any:
    """The same value with hostile words in each of its texts, and a hostile word for each address."""
    if name in _OURS or isinstance(value, Span | datetime):
        return value
    if isinstance(value, str):
        return next(words) if name in ("url", "picture", "artwork") else f"{value} {text}"
    if isinstance(value, tuple):
        return tuple(_poisoned(v, text, words, name) for v in value)
    if isinstance(value, dict):
        return {f"{key} {text}": next(words) for key in value}
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            f.name: _poisoned(getattr(value, f.name), text, words, f.name) for f in fields(value) if f.init
        }
        return replace(value, **changed)
    return value


def _edition(edition: Edition, vectors: list[str]) -> Edition:
    """All the vectors in each text; in fields that hold only an address, one after another."""

    def words() -> Iterator[str]:
        while True:
            yield from vectors

    poisoned: Edition = _poisoned(edition, " ".join(vectors), words())
    # The series' own address must be one, or there is no feed to judge; addresses elsewhere stay hostile.
    return replace(poisoned, series=replace(poisoned.series, url=sample.SERIES.url))


FOREIGN = ("iframe", "object", "embed", "base", "style", "math", "applet", "frame")
SEARCH_FORM = {"class": "search", "role": "search", "action": "index.html", "hidden": ""}
"""The one form of the site."""


def _findings(html: str | bytes) -> list[str]:
    """What could run: scripts not ours, handlers, hostile addresses, frames, objects, styles, bases."""
    tree: Any = lxml.html.fromstring(html)
    found = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and not (
            (element.get("src") or "").endswith((SCRIPT, SEARCH, EPISODES)) or _is_data(element)
        ):
            found.append("script")
        foreign = element.tag in FOREIGN
        foreign = foreign or (element.tag == "form" and dict(element.attrib) != SEARCH_FORM)
        if foreign or (element.tag == "svg" and not _is_ours(element)):
            found.append(element.tag)
        if element.tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
            found.append("refresh")
        for name, value in element.attrib.items():
            if str(name).lower().startswith("on") or name in ("style", "srcdoc"):
                found.append(str(name))
            bare = "".join(c for c in str(value) if c > " ").lower()
            if name in ("href", "src", "action", "formaction", "data", "poster") and bare.partition(":")[
                0
            ] in (
                "javascript",
                "vbscript",
                "data",
            ):
                found.append(f"{name}={bare[:20]}")
    return found


def _is_data(script: Any) -> bool:
    """A graph of JSON-LD that ends where its element does, and nothing that runs."""
    if dict(script.attrib) != {"type": "application/ld+json"}:
        return False
    try:
        return set(json.loads(script.text)) == {"@context", "@graph"}
    except (ValueError, TypeError):
        return False


def _is_ours(svg: Any) -> bool:
    """The picture of a conversation, or a lane in it, and in it nothing but shapes, letters and links."""
    if svg.get("class") != "lanes":
        return svg.getparent().tag == "g" and [e.tag for e in svg.iterdescendants()] == ["path", "path"]
    drawn = {e.tag for e in svg.iterdescendants()}
    return drawn <= {"g", "svg", "path", "text", "tspan", "a", "title", "line", "circle"}


def test_the_judge_finds_the_same_words_written_without_escaping(vectors: list[str]) -> None:
    fired = sum(
        bool(_findings(f"<!doctype html><body><p>{v}</p><a href='{v}'>x</a></body>")) for v in vectors
    )
    assert fired > len(vectors) * 0.8, f"only {fired} of {len(vectors)} are seen at all"


def _judge(start: Edition, vectors: list[str], each: int) -> int:
    """Render the sample with `each` vectors at a time in every field; give how many pages were judged."""
    judged = 0
    for i in range(0, len(vectors), each):
        edition = _edition(start, vectors[i : i + each])
        files: dict[str, bytes] = {}
        for output in episode_outputs():
            files.update(output.render(edition))
        later = edition.episode.published + timedelta(days=1)
        other = replace(edition, episode=replace(edition.episode, slug="other", published=later))
        site = Site(edition.series, (card(other), card(edition)))
        for series_output in series_outputs():
            files.update(series_output.render(site))
        # What is named by hostile words alone has a page as well, at an address that is none.
        kinds = Counter(
            path.split("/")[0] for path in files if re.fullmatch(r"[a-z]+/[a-z0-9-]+/index\.html", path)
        )
        assert kinds["organisations"] >= len({b.organisation for b in edition.episode.guests})
        assert kinds["tags"] == len({own_slug(tag) for tag in edition.episode.tags})
        assert "episodes/index.html" in files
        for path, data in files.items():
            if path.endswith(".html"):
                assert not _findings(data), f"{path}: {_findings(data)}"
                judged += 1
    return judged


def test_the_judge_finds_the_same_words_in_templates_that_do_not_escape(
    vectors: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = frame._environment(Theme()).overlay(autoescape=False)
    monkeypatch.setattr(frame, "_environment", lambda _: careless)
    fired = 0
    for i in range(0, len(vectors), 100):
        for output in episode_outputs():
            made = output.render(_edition(sample.full(), vectors[i : i + 100]))
            fired += sum(bool(_findings(data)) for path, data in made.items() if path.endswith("index.html"))
    # A page whose title opens <plaintext> hides all else from the judge, as it would from a browser.
    assert fired >= 0.9 * len(vectors) // 100


@pytest.mark.parametrize(("make", "of"), [(sample.full, 1), (sample.video, 10), (sample.announced, 10)])
def test_hostile_words_in_any_field_stay_words(make: Any, of: int, vectors: list[str]) -> None:
    ridden = vectors[::of]
    assert _judge(make(), ridden, 60) >= len(ridden) / 60 * 5


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_each_hostile_word_alone_in_every_field_stays_a_word(vectors: list[str]) -> None:
    assert _judge(sample.full(), vectors, 1) >= len(vectors) * 5


def test_no_hostile_word_is_a_safe_address(vectors: list[str]) -> None:
    for vector in vectors:
        assert not _findings(f'<body><a href="{safe_url(vector)}">x</a></body>'), vector


def test_hostile_words_in_the_feeds_notes_stay_words(vectors: list[str]) -> None:
    judged = 0
    for i in range(0, len(vectors), 100):
        edition = _edition(sample.full(), vectors[i : i + 100])
        (data,) = feed.render(Site(edition.series, (card(edition),))).values()
        tree = etree.fromstring(data)
        for notes in (*tree.iter("description"), *tree.iter(f"{{{SPACES['content']}}}encoded")):
            if notes.getparent().tag == "item":  # type: ignore[union-attr]
                assert not _findings(f"<body>{notes.text}</body>")
                judged += 1
        for attribute in tree.xpath("//@href | //@url | //@uri | //@img"):  # type: ignore[union-attr]
            assert str(attribute).startswith("https://"), attribute
    assert judged == 2 * -(-len(vectors) // 100)


def test_hostile_markdown_stays_words(vectors: list[str]) -> None:
    for vector in vectors:
        for markdown in (vector, f"[x]({vector})", f"[x]: {vector}\n\n[x]", f"<{vector}>", f"`{vector}`"):
            html = prose.to_html(markdown)
            assert not html or not _findings(f"<body>{html}</body>"), markdown
