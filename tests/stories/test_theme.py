"""A series with a theme of its own: tokens, templates, files; what a mistake in one says."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from tests import sample
from tests.laws import test_xss as hostile

from onrecord.craft.register import Register
from onrecord.flow.theme import dress
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import SeriesRead
from onrecord.model.episode import Series
from onrecord.model.problem import UserError
from onrecord.model.theme import Theme
from onrecord.outputs import assets, frame, notfound, page
from onrecord.outputs import theme as templates

ROOT = Path(__file__).resolve().parents[2]
PLAIN = ROOT / "demo/themes/plain"


def dressed(root: Path) -> tuple[Series, list[str]]:
    read, problems = dress(SeriesFolder(root), SeriesRead(sample.SERIES, Register(), ()))
    assert read.series is not None
    return read.series, [f"{p.place}: {p.says}" for p in problems]


def html(series: Series) -> str:
    edition = replace(sample.full(), series=series)
    return page.render(edition)[f"{edition.episode.slug}/index.html"].decode()


def wear(root: Path, **files: str) -> None:
    for name, text in files.items():
        file = root / "theme" / name.replace("_", ".")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")


def test_a_token_in_style_css_comes_after_the_built_in_ones(tmp_path: Path) -> None:
    wear(tmp_path, style_css=":root { --accent: teal; }")
    (tmp_path / "theme/serif.woff2").write_bytes(b"wOF2")
    series, problems = dressed(tmp_path)
    assert not problems
    files = assets.render(replace(sample.site(), series=series))
    (sheet,) = (data.decode() for path, data in files.items() if path.endswith(".css"))
    assert sheet.rindex("--accent: teal") > sheet.rindex("--accent: #")
    assert files["assets/theme/serif.woff2"] == b"wOF2"
    (path,) = (path for path in files if path.endswith(".css"))
    assert f'href="../{path}"' in html(series)
    assert f'href="../{path}"' not in html(sample.SERIES)


def test_a_template_takes_the_place_of_the_built_in_one_and_may_extend_it(tmp_path: Path) -> None:
    wear(
        tmp_path,
        episode_html='{% extends "onrecord/episode.html" %}\n'
        "{% block lanes %}<p>{{ episode.title }} & more</p>{% endblock %}",
        notfound_html="<p>gone from {{ page.series.title }}",
    )
    series, problems = dressed(tmp_path)
    assert not problems
    text = html(series)
    assert "<svg" not in text
    assert '<div class="turns"' in text
    assert "promise or a threat? & more</p>" in text
    made = notfound.render(replace(sample.site(), series=series))
    assert made["404.html"] == b"<p>gone from The Valley Record"


def test_what_a_theme_writes_is_escaped_and_cannot_leave_the_sandbox(tmp_path: Path) -> None:
    wear(tmp_path, episode_html="<h1>{{ episode.title }}</h1>")
    series, _ = dressed(tmp_path)
    edition = replace(sample.full(), series=series)
    edition = replace(edition, episode=replace(edition.episode, title="<script>alert(1)</script>"))
    assert b"<script>" not in page.render(edition)[f"{edition.episode.slug}/index.html"]
    wear(tmp_path, episode_html="{{ ''.__class__.__mro__[1].__subclasses__() }}")
    with pytest.raises(UserError, match=r"theme/episode\.html:1: no page can be made"):
        html(dressed(tmp_path)[0])


def test_a_mistake_in_a_template_is_told_with_its_place(tmp_path: Path) -> None:
    wear(tmp_path, episode_html="<p>\n{% if %}", epsiode_html="x", player_js="y")
    _, problems = dressed(tmp_path)
    assert len(problems) == 3
    assert problems[0] == "theme/player.js: a theme has no use for this file"
    assert problems[1].startswith("theme/episode.html:2: this template cannot be read: ")
    assert problems[2] == "theme/epsiode.html: no page is made from a template of this name"
    wear(tmp_path, episode_html="<p>\n{{ episode.titel }}")
    with pytest.raises(UserError, match=r"theme/episode\.html:2: .*titel"):
        html(dressed(tmp_path)[0])


def test_the_plain_theme_is_another_look_of_the_same_page(tmp_path: Path) -> None:
    shutil.copytree(PLAIN, tmp_path / "theme")
    series, problems = dressed(tmp_path)
    assert not problems
    tree, ours = lxml.html.fromstring(html(series)), lxml.html.fromstring(html(sample.SERIES))
    assert not tree.xpath("//svg")
    assert ours.xpath("//svg")
    for words in ("//div[@class='turns']", "//ol[@class='questions']", "//h1"):
        assert tree.xpath(f"string({words})") == ours.xpath(f"string({words})") != ""
    assert tree.xpath("//meta[@http-equiv]/@content") == ours.xpath("//meta[@http-equiv]/@content")


def test_hostile_words_stay_words_in_the_plain_theme(tmp_path: Path) -> None:
    shutil.copytree(PLAIN, tmp_path / "theme")
    theme = dressed(tmp_path)[0].theme
    edition = hostile._edition(sample.full(), ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
    edition = replace(edition, series=replace(edition.series, theme=theme))
    made = page.render(edition)[f"{edition.episode.slug}/index.html"]
    assert b"&lt;script&gt;alert(1)" in made
    assert not hostile._findings(made)


def test_the_docs_name_every_token_and_every_block() -> None:
    said = set(re.findall(r"`(--[a-z-]+|[a-z]+)`", (ROOT / "docs/theme.md").read_text("utf-8")))
    source = ROOT / "src/onrecord/outputs"
    sheet = (source / "assets/onrecord.css").read_text("utf-8")
    tokens = set(re.findall(r"^  (--[a-z-]+):", sheet.partition("}")[0], re.MULTILINE))
    blocks = set(re.findall(r"{% block (\w+) %}", (source / "templates/episode.html").read_text("utf-8")))
    assert len(tokens) > 10
    assert len(blocks) > 10
    assert not (tokens | blocks) - said


def test_no_theme_is_the_built_in_one(tmp_path: Path) -> None:
    series, problems = dressed(tmp_path)
    assert (series.theme, problems) == (Theme(), [])


def test_templates_that_escape_nothing_are_never_kept_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    def told(careless: bool) -> bool:
        """Whether words come out as they are."""
        made = templates.environment.__wrapped__(Theme())
        made = made.overlay(autoescape=False) if careless else made
        made.filters.update(frame._environment(Theme()).filters)
        made.globals.update(frame._environment(Theme()).globals)
        series = replace(sample.SERIES, title="<b>")
        drawn: str = made.get_template("notfound.html").render(
            page=frame.Page("404.html", series, "<b>", "", link=str), style="", newest=()
        )
        return "<title><b>" in drawn

    assert told(careless=True)
    assert not told(careless=False)
    assert list(tmp_path.rglob("notfound*.pyc")), "the control: byte code is kept"
    assert told(careless=True)
    assert not told(careless=False)
