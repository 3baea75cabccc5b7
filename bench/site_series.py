"""A series of one-hour episodes from real words, as Onrecord's folder and as the sources of Hugo and Pelican.

Each episode is 9,000 words dealt from the turns of real conversations, so words are as frequent as people
say them: 110 turns or so, with a time for every word, four hundred people who come and go, 60 tags, eight
questions, chapters and answers, ten references. The peers get the same paragraphs with the same ids and time
links, written as their users would write them, and templates for the same pages.
"""

# ruff: noqa: E501 - a line of a template is as long as it must be

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path

WORDS = 9_000
LENGTH_MS = 56 * 60_000
SHARES = 8
_CAPTION_LETTERS = 84
_PARAGRAPH_LETTERS = 500
_GUESTS, _TAGS = 400, 60
_LETTERS = "abcdefghijklmnopqrst"
HOST = "Ada Lind"
TITLE = "The Valley Record"


@dataclass(frozen=True, slots=True)
class Said:
    """A run of words by one person: each word with the millisecond at which it begins."""

    who: str
    words: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        """The words in one line."""
        return " ".join(word for _, word in self.words)


@dataclass(frozen=True, slots=True)
class Hour:
    """An episode before anybody has written it down."""

    number: int
    title: str
    on: date
    guests: tuple[str, ...]
    tags: tuple[str, ...]
    turns: tuple[Said, ...]
    questions: tuple[str, ...]

    @property
    def slug(self) -> str:
        """Its address."""
        return f"{self.on}-episode-{self.number:04d}"

    @property
    def summary(self) -> str:
        """Its introduction."""
        return f"A conversation of an hour with {' and '.join(self.guests)} about {self.title.lower()}."

    @property
    def references(self) -> tuple[tuple[str, str], ...]:
        """What it refers to."""
        return tuple((f"Reference {n}", f"https://example.org/{self.number}/{n}") for n in range(10))

    @property
    def media(self) -> str:
        """Its sound, from its page."""
        return f"programme-{'0' * 8}.mp3"


def person_id(name: str) -> str:
    """The id of an invented person."""
    return name.lower().replace(" ", "-")


def real_turns(transcripts: Path) -> list[str]:
    """What people said, turn by turn, in the conversations of the folder (Markdown, `**Name:** words`)."""
    found = []
    for file in sorted((transcripts / "changelog" / "transcripts").rglob("*.md")):
        for block in re.split(r"\n(?=\*\*[^*\n]+:\*\*)", file.read_text("utf-8")):
            said = re.sub(r"^\*\*.+?:\*\*", "", block)
            said = " ".join(re.sub(r"\\?\[[^\]]*\\?\]|[*_#<>`\\|{}]", "", said).split())
            found += [said] if len(said) > 2 and "-->" not in said else []
    return found


def hours(turns: Sequence[str], count: int) -> Iterator[Hour]:
    """The episodes, one a week; the same ones each time."""
    for number in range(count):
        dice = random.Random(number)  # noqa: S311 - the same archive every time
        guests = tuple(_guest(n) for n in dice.sample(range(_GUESTS), dice.randint(1, 3)))
        asked = [f"{' '.join(dice.choice(turns).split()[:9]).strip('.,?!')}?" for _ in range(SHARES)]
        yield Hour(
            number,
            re.sub(r"[^\w ]", "", " ".join(dice.choice(turns).split()[:6])).strip() or "An hour",
            date(2004, 1, 5) + timedelta(days=7 * number),
            guests,
            tuple(f"tag {n}" for n in dice.sample(range(_TAGS), 3)),
            tuple(_said(dice, turns, (HOST, *guests))),
            tuple(re.sub(r"[^\w ?]", "", text).strip() for text in asked),
        )


def _guest(n: int) -> str:
    letters = _LETTERS[n % 20] + _LETTERS[n // 20]
    return f"Guest{letters.title()} Number{letters[::-1]}"


def _said(dice: random.Random, turns: Sequence[str], people: Sequence[str]) -> Iterator[Said]:
    dealt: list[tuple[str, list[str]]] = []
    count = 0
    while count < WORDS:
        words = dice.choice(turns).split()[: WORDS - count]
        count += len(words)
        dealt.append((people[0] if len(dealt) % 2 else dice.choice(people[1:]), words))
    lengths = [
        (90 + 55 * len(w) + 350 * w.endswith((".", "?", "!"))) * dice.uniform(0.6, 1.4)
        for _, words in dealt
        for w in words
    ]
    scale, at, i = LENGTH_MS / sum(lengths), 0.0, 0
    for who, words in dealt:
        timed = []
        for word in words:
            timed.append((int(at), word))
            at += lengths[i] * scale
            i += 1
        yield Said(who, tuple(timed))


def runs(turns: Sequence[Said], letters: int) -> Iterator[Said]:
    """The turns in runs of about so many letters."""
    for turn in turns:
        run: list[tuple[int, str]] = []
        held = 0
        for timed in turn.words:
            if run and held + len(timed[1]) > letters:
                yield Said(turn.who, tuple(run))
                run, held = [], 0
            run.append(timed)
            held += len(timed[1]) + 1
        yield Said(turn.who, tuple(run))


def clock(ms: int) -> str:
    """WebVTT's writing of a time."""
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"


def _short(ms: int) -> str:
    seconds = ms // 1000
    hour = f"{seconds // 3600}:" if seconds >= 3600 else ""
    return f"{hour}{seconds // 60 % 60:{'02d' if hour else 'd'}}:{seconds % 60:02d}"


def write(path: Path, text: str | bytes) -> None:
    """Write a file, and its folder before it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


# Onrecord


def onrecord(home: Path, all_hours: Sequence[Hour]) -> None:
    """The series folder, as it is once all steps have run and people have approved everything."""
    write(
        home / "series.yaml",
        f"guid: 00000000-0000-4000-8000-000000000000\ntitle: {TITLE}\nurl: https://valley.example.org/\n"
        f"host: {HOST}, Senior Fellow, Delta Institute\ncategory: [News, Politics]\n",
    )
    people = [_guest(n) for n in range(_GUESTS)]
    write(home / "people.yaml", "".join(f"{person_id(p)}: {{name: {p}}}\n" for p in (HOST, *people)))
    for hour in all_hours:
        _episode(home / "episodes" / hour.slug, hour)


def _episode(own: Path, hour: Hour) -> None:
    guests = "".join(f"  - {g}, Fellow, Institute for Rivers\n" for g in hour.guests)
    questions = "".join(f"  - {q}\n" for q in hour.questions)
    references = "".join(f"  - {{title: {t}, url: {u}}}\n" for t, u in hour.references)
    write(
        own / "episode.md",
        f"---\nid: 00000000-0000-4000-8000-{hour.number:012d}\ntitle: {hour.title}\ndate: {hour.on}\n"
        f"guests:\n{guests}tags: [{', '.join(hour.tags)}]\nquestions:\n{questions}references:\n{references}"
        f"checked: {{by: {HOST}, on: {hour.on}}}\napproved: {{by: {HOST}, on: {hour.on}}}\n---\n"
        f"{hour.summary}\n",
    )
    cues = list(runs(hour.turns, _CAPTION_LETTERS))
    ends = [cue.words[0][0] for cue in cues[1:]] + [LENGTH_MS]
    spoken = (
        f"\n{clock(c.words[0][0])} --> {clock(end)}\n<v {c.who}>{escape(c.text, quote=False)}\n"
        for c, end in zip(cues, ends, strict=True)
    )
    write(own / "transcript.vtt", "WEBVTT\nLanguage: en\n" + "".join(spoken))
    write(own / "questions.yaml", _ledger(hour))
    words = [timed for turn in hour.turns for timed in turn.words]
    after = [at for at, _ in words[1:]] + [LENGTH_MS]
    rows = ",\n".join(
        json.dumps([at, end, word, 0.98], ensure_ascii=False)
        for (at, word), end in zip(words, after, strict=True)
    )
    write(own / "record" / "words.json", f'{{"words": [\n{rows}\n]}}\n')
    write(own / "record" / "take_in.json", json.dumps({"facts": {"duration_ms": LENGTH_MS}}))
    sound = b"not a real sound: only its name and size matter here"
    about = {"file": "programme.mp3", "sha256": "0" * 64, "mime": "audio/mpeg"}
    facts = {"files": [{**about, "size_bytes": len(sound), "duration_ms": LENGTH_MS}]}
    write(own / "record" / "label.json", json.dumps({"facts": facts}))
    write(own / "cache" / "programme.mp3", sound)


def _ledger(hour: Hour) -> str:
    out = ["questions:\n"]
    for n, text in enumerate(hour.questions):
        at = LENGTH_MS * n // SHARES + 60_000
        out.append(
            f"  - id: q{n}\n    question: {text}\n    found: yes\n    asked: {clock(at)}\n    answers:\n"
            f"      - {{by: {hour.guests[n % len(hour.guests)]}, from: {clock(at)}, to: {clock(at + 200_000)}}}\n"
        )
    out.append("chapters:\n")
    out += [
        f"  - {{at: {clock(LENGTH_MS * n // SHARES)}, title: Part {n + 1} of this hour}}\n"
        for n in range(SHARES)
    ]
    return "".join(out)


# The peers


def _fields(hour: Hour) -> dict[str, object]:
    asked = [LENGTH_MS * n // SHARES + 60_000 for n in range(SHARES)]
    return {
        "title": hour.title,
        "date": f"{hour.on}T12:00:00Z",
        "slug": hour.slug,
        "summary": hour.summary,
        "people": [HOST, *hour.guests],
        "tags": list(hour.tags),
        "media": hour.media,
        "minutes": LENGTH_MS // 60_000,
        "questions": [
            {"text": q, "at": at // 1000, "clock": _short(at), "by": hour.guests[n % len(hour.guests)]}
            for n, (q, at) in enumerate(zip(hour.questions, asked, strict=True))
        ],
        "references": [{"title": t, "url": u} for t, u in hour.references],
    }


def paragraphs(hour: Hour, style: str) -> str:
    """The transcript in the peers' writing.

    Args:
        hour: The episode.
        style: `goldmark` or `python-markdown`, which write an id in two ways, or `html`.
    """
    out: list[str] = []
    before, named = "", set()
    left = list(range(SHARES))
    for run in runs(hour.turns, _PARAGRAPH_LETTERS):
        at = run.words[0][0]
        anchor = f"t{at // 1000}"
        text = escape(run.text, quote=False)
        if left and at >= LENGTH_MS * left[0] // SHARES:
            number = left.pop(0) + 1
            heading = f"Part {number} of this hour"
            if style == "html":
                out.append(f'<h3 id="chapter-{number}">{heading}</h3>\n')
            else:
                out.append(f"### {heading} {{{':' * (style != 'goldmark')}#chapter-{number}}}\n\n")
        if run.who != before:
            out.append(f'<p class="name">{run.who}</p>\n' if style == "html" else f"**{run.who}**\n\n")
            before = run.who
        href = f"{hour.media}#t={at / 1000:g}"
        mark = "" if anchor in named else anchor
        named.add(anchor)
        if style == "html":
            where = f' id="{mark}"' if mark else ""
            out.append(f'<p{where}><a class="at" href="{href}">{_short(at)}</a> {text}</p>\n')
        else:
            written = {"goldmark": f"{{#{mark}}}\n", "python-markdown": f"{{: #{mark} }}\n"}[style]
            out.append(f"[{_short(at)}]({href}) {text}\n{written if mark else ''}\n")
    return "".join(out)


def hugo(home: Path, all_hours: Sequence[Hour], style: str) -> None:
    """A Hugo site: `goldmark` writes the words as Markdown, `html` as HTML that Hugo only copies."""
    for name, text in HUGO.items():
        write(home / name, text)
    ending = "md" if style == "goldmark" else "html"
    for hour in all_hours:
        front = json.dumps(_fields(hour), indent=1)
        write(home / "content" / "posts" / f"{hour.slug}.{ending}", f"{front}\n\n{paragraphs(hour, style)}")


def pelican(home: Path, all_hours: Sequence[Hour]) -> None:
    """A Pelican site; its fields are lines of text, so what is a list is JSON, which its templates read."""
    for name, text in PELICAN.items():
        write(home / name, text)
    for hour in all_hours:
        fields = _fields(hour)
        front = [
            f"Title: {hour.title}",
            f"Date: {hour.on} 12:00",
            f"Slug: {hour.slug}",
            f"Summary: {hour.summary}",
            f"Authors: {'; '.join(str(p) for p in (HOST, *hour.guests))}",
            f"Tags: {', '.join(hour.tags)}",
            f"Media: {hour.media}",
            f"Minutes: {LENGTH_MS // 60_000}",
            f"Questions: {json.dumps(fields['questions'])}",
            f"Links: {json.dumps(fields['references'])}",
        ]
        body = paragraphs(hour, "python-markdown")
        write(home / "content" / f"{hour.slug}.md", "\n".join(front) + "\n\n" + body)


_HEAD = """<!DOCTYPE html>
<html lang="en" dir="ltr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
"""

HUGO = {
    "hugo.toml": f"""baseURL = "https://valley.example.org/"
languageCode = "en"
title = "{TITLE}"
disableKinds = ["section"]
[taxonomies]
tag = "tags"
person = "people"
[outputs]
home = ["html", "rss"]
taxonomy = ["html"]
term = ["html"]
[markup.goldmark.parser.attribute]
block = true
title = true
[security]
allowContent = [".*"]
""",
    "layouts/_default/baseof.html": _HEAD
    + """<title>{{ .Title }}</title>
<meta name="description" content="{{ with .Params.summary }}{{ . }}{{ end }}">
<link rel="canonical" href="{{ .Permalink }}">
<meta property="og:title" content="{{ .Title }}">
<meta property="og:url" content="{{ .Permalink }}">
<meta property="og:site_name" content="{{ site.Title }}">
<link rel="stylesheet" href="/assets/style.css"><script src="/assets/player.js" defer></script>
{{ block "head" . }}{{ end }}</head><body>
<header><a href="/">{{ site.Title }}</a><nav><a href="/people/">People</a> <a href="/tags/">Tags</a></nav></header>
<main>{{ block "main" . }}{{ end }}</main>
<footer>{{ site.Title }}</footer></body></html>
""",
    "layouts/_default/single.html": """{{ define "head" -}}
<script type="application/ld+json">
{{ dict "@context" "https://schema.org" "@type" "PodcastEpisode" "name" .Title "url" .Permalink
  "datePublished" .Date "description" .Params.summary "contributor" .Params.people "keywords" .Params.tags
  | jsonify | safeJS }}
</script>
{{- end }}
{{ define "main" }}<article><h1>{{ .Title }}</h1>
<p><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time> · {{ .Params.minutes }} min</p>
<ul class="billed">{{ range .Params.people }}<li><a href="/people/{{ . | urlize }}/">{{ . }}</a></li>{{ end }}</ul>
<p>{{ .Params.summary }}</p>
<ul class="tags">{{ range .Params.tags }}<li><a href="/tags/{{ . | urlize }}/">{{ . }}</a></li>{{ end }}</ul>
<audio controls preload="none" src="{{ .Params.media }}"></audio>
<h2>Questions</h2><ol>{{ range .Params.questions }}<li><a href="#t{{ .at }}">{{ .text }}</a> <span>{{ .by }}, <a href="#t{{ .at }}">{{ .clock }}</a></span></li>{{ end }}</ol>
<h2>Transcript</h2><section id="transcript">{{ .Content }}</section>
<h2>References</h2><ul>{{ range .Params.references }}<li><a href="{{ .url }}">{{ .title }}</a></li>{{ end }}</ul>
</article>{{ end }}
""",
    "layouts/_default/list.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul class="episodes">{{ range .Pages.ByDate.Reverse }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> <time>{{ .Date.Format "2 January 2006" }}</time>
<p>{{ .Params.summary }}</p><ul>{{ range .Params.questions }}<li>{{ .text }}</li>{{ end }}</ul></li>{{ end }}</ul>{{ end }}
""",
    "layouts/_default/terms.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range .Pages.ByTitle }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ len .Pages }}</li>{{ end }}</ul>{{ end }}
""",
    "layouts/index.html": """{{ define "main" }}<h1>{{ site.Title }}</h1>
<ul class="episodes">{{ range site.RegularPages.ByDate.Reverse }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> <time>{{ .Date.Format "2 January 2006" }}</time>
<p>{{ .Params.summary }}</p><p>{{ delimit .Params.people ", " }}</p></li>{{ end }}</ul>{{ end }}
""",
    "layouts/index.rss.xml": """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>{{ site.Title }}</title>
<link>{{ site.BaseURL }}</link><itunes:explicit>false</itunes:explicit>
{{ range site.RegularPages.ByDate.Reverse }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link><guid>{{ .Permalink }}</guid>
<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate><description>{{ .Params.summary }}</description>
<enclosure url="{{ .Permalink }}{{ .Params.media }}" length="52" type="audio/mpeg"/>
<itunes:duration>{{ mul .Params.minutes 60 }}</itunes:duration></item>
{{ end }}</channel></rss>
""",
}

_PELICAN_BASE = (
    _HEAD
    + """<title>{{ title }}</title>
<meta name="description" content="{{ summary }}">
<link rel="canonical" href="{{ url }}">
<meta property="og:title" content="{{ title }}">
<meta property="og:url" content="{{ url }}">
<meta property="og:site_name" content="{{ SITENAME }}">
<link rel="stylesheet" href="/assets/style.css"><script src="/assets/player.js" defer></script>
</head><body>
<header><a href="/">{{ SITENAME }}</a><nav><a href="/people/">People</a> <a href="/tags/">Tags</a></nav></header>
<main>{% block main %}{% endblock %}</main>
<footer>{{ SITENAME }}</footer></body></html>
"""
)
_PELICAN_LIST = """{% extends "base.html" %}{% set title = NAME %}
{% block main %}<h1>{{ title }}</h1><ul class="episodes">{% for a in LIST %}<li><a href="/{{ a.url }}">{{ a.title }}</a> <time>{{ a.date.strftime("%d %B %Y") }}</time>
<p>{{ a.metadata.summary }}</p><ul>{% for q in a.questions | from_json %}<li>{{ q.text }}</li>{% endfor %}</ul></li>{% endfor %}</ul>{% endblock %}
"""
_PELICAN_TERMS = """{% extends "base.html" %}{% set title = "NAME" %}
{% block main %}<h1>{{ title }}</h1><ul>{% for term, found in LIST | sort %}<li><a href="/{{ term.url }}">{{ term.name }}</a> {{ found | length }}</li>{% endfor %}</ul>{% endblock %}
"""

PELICAN = {
    "pelicanconf.py": f"""import json
SITENAME = "{TITLE}"
SITEURL = "https://valley.example.org"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
PATH = "content"
THEME = "theme"
DEFAULT_PAGINATION = False
LOAD_CONTENT_CACHE = False
ARTICLE_URL = ARTICLE_SAVE_AS = "posts/{{slug}}/index.html"
AUTHOR_URL = AUTHOR_SAVE_AS = "people/{{slug}}/index.html"
AUTHORS_SAVE_AS = "people/index.html"
TAG_URL = TAG_SAVE_AS = "tags/{{slug}}/index.html"
TAGS_SAVE_AS = "tags/index.html"
CATEGORY_SAVE_AS = CATEGORIES_SAVE_AS = ARCHIVES_SAVE_AS = ""
DIRECT_TEMPLATES = ["index", "authors", "tags"]
FEED_ALL_RSS = "feed.xml"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
RSS_FEED_SUMMARY_ONLY = True
FEED_MAX_ITEMS = None
JINJA_ENVIRONMENT = {{"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}}
JINJA_FILTERS = {{"from_json": json.loads}}
MARKDOWN = {{"extensions": ["markdown.extensions.attr_list", "markdown.extensions.meta"], "output_format": "html5"}}
""",
    "theme/static/style.css": "",
    "theme/templates/base.html": _PELICAN_BASE,
    "theme/templates/article.html": """{% extends "base.html" %}{% set title = article.title %}{% set url = SITEURL ~ "/" ~ article.url %}
{% set summary = article.metadata.summary %}
{% block main %}<article><h1>{{ article.title }}</h1>
<script type="application/ld+json">{{ {"@type": "PodcastEpisode", "name": article.title | string, "url": url | string} | tojson }}</script>
<p><time datetime="{{ article.date.date() }}">{{ article.date.strftime("%d %B %Y") }}</time> · {{ article.minutes }} min</p>
<ul class="billed">{% for a in article.authors %}<li><a href="/{{ a.url }}">{{ a.name }}</a></li>{% endfor %}</ul>
<p>{{ article.metadata.summary }}</p>
<ul class="tags">{% for t in article.tags %}<li><a href="/{{ t.url }}">{{ t.name }}</a></li>{% endfor %}</ul>
<audio controls preload="none" src="{{ article.media }}"></audio>
<h2>Questions</h2><ol>{% for q in article.questions | from_json %}<li><a href="#t{{ q.at }}">{{ q.text }}</a> <span>{{ q.by }}, <a href="#t{{ q.at }}">{{ q.clock }}</a></span></li>{% endfor %}</ol>
<h2>Transcript</h2><section id="transcript">{{ article.content | safe }}</section>
<h2>References</h2><ul>{% for r in article.links | from_json %}<li><a href="{{ r.url }}">{{ r.title }}</a></li>{% endfor %}</ul>
</article>{% endblock %}
""",
    "theme/templates/index.html": _PELICAN_LIST.replace("NAME", "SITENAME", 1).replace("LIST", "articles"),
    "theme/templates/author.html": _PELICAN_LIST.replace("NAME", "author.name").replace("LIST", "articles"),
    "theme/templates/tag.html": _PELICAN_LIST.replace("NAME", "tag.name").replace("LIST", "articles"),
    "theme/templates/authors.html": _PELICAN_TERMS.replace("NAME", "People").replace("LIST", "authors"),
    "theme/templates/tags.html": _PELICAN_TERMS.replace("NAME", "Tags").replace("LIST", "tags"),
}
