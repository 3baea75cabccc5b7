"""Where the site's pages live, and which addresses may be written into a page or a feed.

Escaping does not stop `javascript:`. So every address that comes from a person or a file goes through
`safe_url`, the one allow-list: http, https, mailto, and addresses relative to the page.

Pages link to each other relatively and name `index.html`, so that `public/` works under any address
and opened from a disk. Only the feed, the sitemap and canonical links are absolute.
"""

from __future__ import annotations

import re
from functools import lru_cache
from posixpath import relpath
from typing import Final
from urllib.parse import quote, urlsplit

from onrecord.craft.slug import own_slug

_ALLOWED = ("http", "https", "mailto")
# What URLs may hold as it stands; the rest is written as %XX. `%` itself stays where it opens an escape.
_KEPT = "!#$%&'()*+,/:;=?@~-._"
_SCHEME = re.compile(r"([^/?#:]*):")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Browsers drop these wherever they stand, so `java\nscript:` is `javascript:` to them.
_DROPPED = re.compile(r"[\x00-\x1f\x7f]")
# Nothing in it needs to be written as %XX: nearly all of our own paths.
_PLAIN = re.compile(r"[A-Za-z0-9/._~-]*")
_ODD = frozenset(("", ".", ".."))
_PICTURE = re.compile(r"(?!/)[^:\\\x00-\x1f\x7f]+\.(?:jpe?g|png|webp|avif)", re.IGNORECASE)


def safe_url(url: str) -> str:
    r"""The address as it may be written into a page or a feed; empty where it may not.

    >>> safe_url(" https://example.org/a b?q=č ")
    'https://example.org/a%20b?q=%C4%8D'
    >>> safe_url("java\nscript:alert(1)"), safe_url("data:text/html,x"), safe_url("../people/")
    ('', '', '../people/')
    """
    bare = _DROPPED.sub("", url).strip()
    scheme = _SCHEME.match(bare)
    if scheme and scheme[1].lower() not in _ALLOWED:
        return ""
    return quote(_STRAY_PERCENT.sub("%25", bare), safe=_KEPT, errors="replace")


def web_url(url: str) -> str:
    """As `safe_url`, but only a whole http or https address; for feeds, where nothing is relative.

    >>> web_url("https://example.org/"), web_url("people/"), web_url("https://")
    ('https://example.org/', '', '')
    """
    safe = safe_url(url)
    return safe if re.match(r"https?://[^/?#\s]", safe, re.IGNORECASE) else ""


def episode_path(slug: str, file: str = "index.html") -> str:
    """Where an episode's page, or another file of it, lives under public/."""
    return f"{slug}/{file}"


SERIES_NAMES: Final = frozenset(
    (
        *("404.html", "feed.xml", "index.html", "index.md", "llms.txt", "robots.txt", "sitemap.xml"),
        *("assets", "episodes", "organisations", "people", "questions", "search", "tags"),
    )
)
"""What lies under public/ beside the episodes: no episode's slug may be one of these."""


def person_path(person_id: str) -> str:
    """Where a person's page lives under public/; empty for somebody without an id.

    >>> person_path("ada-lind"), person_path("")
    ('people/ada-lind/index.html', '')
    """
    return f"people/{person_id}/index.html" if person_id else ""


def organisation_path(name: str) -> str:
    """Where an organisation's page lives under public/; empty for no organisation.

    >>> organisation_path("Institute for Rivers"), organisation_path("")
    ('organisations/institute-for-rivers/index.html', '')
    """
    return f"organisations/{own}/index.html" if (own := own_slug(name)) else ""


def tag_path(name: str) -> str:
    """Where a tag's page lives under public/; empty for no tag.

    >>> tag_path("Western Balkans"), tag_path(" ")
    ('tags/western-balkans/index.html', '')
    """
    return f"tags/{own}/index.html" if (own := own_slug(name)) else ""


def picture_path(path: str) -> str:
    """The path of a picture under public/ as it is given; empty where it is no path of a picture.

    A picture on somebody else's server is not shown: pages ask nobody else for anything.

    >>> picture_path("people/ilva.jpg"), picture_path("https://example.org/a.jpg"), picture_path("../a.jpg")
    ('people/ilva.jpg', '', '')
    """
    return path if _PICTURE.fullmatch(path) and ".." not in path.split("/") else ""


_YOUTUBE = re.compile(
    r"https?://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:[^#]*&)?v=|live/|embed/)|youtu\.be/)([\w-]{11})(?![\w-])",
    re.ASCII,
)


def youtube_id(url: str) -> str:
    """Which film of YouTube an address leads to; empty where it leads to none.

    >>> youtube_id("https://www.youtube.com/watch?v=aqz-KE-bpKQ&t=3"), youtube_id("https://youtu.be/aqz-KE-bpKQ")
    ('aqz-KE-bpKQ', 'aqz-KE-bpKQ')
    >>> youtube_id("https://www.youtube.com/@debrief"), youtube_id("https://example.org/watch?v=aqz-KE-bpKQ")
    ('', '')
    """
    found = _YOUTUBE.match(url.strip())
    return found[1] if found else ""


@lru_cache(maxsize=1024)
def relative(page: str, path: str) -> str:
    """The link from one page under public/ to another file there.

    >>> relative("2025-03-12-x/index.html", "people/ada/index.html"), relative("index.html", "feed.xml")
    ('../people/ada/index.html', 'feed.xml')
    """
    here, there = page.split("/")[:-1], path.split("/")
    if _ODD.isdisjoint(here) and _ODD.isdisjoint(there):
        # As posixpath.relpath, which is most of the work of a list of a thousand links.
        same = 0
        for one, other in zip(here, there, strict=False):
            if one != other:
                break
            same += 1
        found = "/".join([*[".."] * (len(here) - same), *there[same:]]) or "."
    else:
        found = relpath(path, "/".join(here) or ".")
    return found if _PLAIN.fullmatch(found) else quote(found, safe="/~-._")


def absolute(series_url: str, path: str) -> str:
    """The whole address of a file under public/ (`index.html` is not said); empty without the series' own.

    >>> absolute("https://example.org/debrief/", "2025-03-12-x/index.html")
    'https://example.org/debrief/2025-03-12-x/'
    """
    base = _base(series_url)
    if not base:
        return ""
    shown = (
        path.removesuffix("index.html")
        if path in ("", "index.html") or path.endswith("/index.html")
        else path
    )
    return base + (shown if _PLAIN.fullmatch(shown) else quote(shown, safe="/~-._"))


@lru_cache(maxsize=64)
def _base(series_url: str) -> str:
    base = web_url(series_url)
    return base.rstrip("/") + "/" if base else ""


def rooted(series_url: str, path: str) -> str:
    """The address from the server's root: for the one page that is shown at any depth (404).

    >>> rooted("https://example.org/debrief/", "assets/a.css"), rooted("", "index.html")
    ('/debrief/assets/a.css', '/index.html')
    """
    base = urlsplit(web_url(series_url)).path.strip("/")
    return (f"/{base}/" if base else "/") + quote(path, safe="/~-._")
