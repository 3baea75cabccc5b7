"""Markdown that a person wrote, as HTML that is safe to show and as plain text.

Two locks: the Markdown reader passes no HTML through, and what it makes is cleaned with a short
allow-list of tags. Headings become second-level headings, whatever their number of signs, so that an
introduction never breaks the outline of the page it stands on. Pictures stay words: a page asks no
other server for anything.
"""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from onrecord.craft.url import safe_url

_TAGS = {"p", "br", "a", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "h2", "hr"}
# What neither HTML nor XML may hold: control characters, halves of surrogate pairs, non-characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])
    reader.validateLink = lambda url: bool(safe_url(url))  # type: ignore[method-assign]
    return reader


_READER = _reader()


def printable(text: str) -> str:
    r"""Leave out what neither HTML nor XML may hold.

    >>> printable("a\x00b\ud800c")
    'abc'
    """
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)


@lru_cache(maxsize=256)
def to_html(markdown: str) -> str:
    r"""Render Markdown as HTML that is safe to show.

    >>> to_html("# Why\n\n*Now*, [see](javascript:alert(1)) <script>")
    '<h2>Why</h2>\n<p><em>Now</em>, [see](javascript:alert(1)) &lt;script&gt;</p>\n'
    """
    tokens = _READER.parse(printable(markdown))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2"
    html = _READER.renderer.render(tokens, _READER.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


@lru_cache(maxsize=256)
def first_paragraph(markdown: str) -> str:
    r"""The first paragraph of Markdown as plain text in one line; empty where there is none.

    >>> first_paragraph("## Why\n\nSince the *start*\nof [it](https://example.org).\n\nMore.")
    'Since the start of it.'
    """
    inside = False
    for token in _READER.parse(printable(markdown)):
        if token.type == "paragraph_open":
            inside = True
        elif token.type == "inline" and inside:
            return " ".join(_words(token).split())
    return ""


def _words(token: Token) -> str:
    if token.children is None:
        return token.content if token.type in ("text", "code_inline") else " "
    return "".join(
        _words(child) if not child.type.endswith(("_open", "_close")) else "" for child in token.children
    )


def shortened(text: str, most: int) -> str:
    """Text in one line of at most `most` characters, cut between words, with an ellipsis where it was cut.

    >>> shortened("Who are the Russians in Serbia?", 20)
    'Who are the…'
    """
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most - 1].rpartition(" ")[0].rstrip(",;:.–—- ") + "…"
