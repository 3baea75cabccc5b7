"""What all pages have in common: the templates, compiled once, and the frame around each page.

A page runs nothing and asks nobody else: its content security policy allows the site's own files and
no inline script or style, so words that slipped through every escape would still be only words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from onrecord.craft.prose import printable
from onrecord.craft.url import (
    absolute,
    organisation_path,
    person_path,
    picture_path,
    relative,
    safe_url,
    tag_path,
)
from onrecord.model.edition import Card, PublishedAnswer
from onrecord.model.episode import Series
from onrecord.model.language import direction
from onrecord.model.theme import Theme
from onrecord.model.time import short_clock
from onrecord.outputs.assets import ICON, SCRIPT, style
from onrecord.outputs.theme import environment as theme_environment
from onrecord.outputs.theme import fill as fill_template

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'"
)
HUES: Final = 8
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SERVICES: Final = {
    "youtube": "YouTube",
    "podcast": "Podcast",
    "apple": "Apple Podcasts",
    "spotify": "Spotify",
    "rss": "RSS",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page's frame: where it lives under public/, what it is called, and how it links.

    `link` makes the address of another file under public/ as this page writes it; pages that are
    shown at any depth bring their own.
    """

    path: str
    series: Series
    title: str
    description: str = ""
    language: str = ""
    draft: bool = False
    hidden: bool = False
    """Whether search engines are asked to leave it out although it is public."""
    kind: str = "website"
    """What Open Graph calls the page: `website`, `article`, `profile`."""
    link: Callable[[str], str] = field(default=str)
    card: str = ""
    """The path of the picture that stands for the page where its link is shared; empty for none."""
    card_words: str = ""
    """What can be read on that picture."""
    linked: Markup = Markup()
    """What the page says in JSON-LD (outputs/linked.py); empty for nothing."""
    oembed: str = ""
    """The path of what oEmbed asks for; empty for none."""
    twin: str = ""
    """The path of the page's Markdown twin; empty for none."""
    frames: str = ""
    """The origin of the one frame that the page may open, after a click; empty for none."""

    @property
    def canonical(self) -> str:
        """The page's whole address; empty while the series has none."""
        return absolute(self.series.url, self.path)

    @property
    def picture(self) -> str:
        """The whole address of its card; empty while the series has none."""
        return absolute(self.series.url, self.card) if self.card else ""

    @property
    def lang(self) -> str:
        """The language of the page, BCP 47; it stands before the policy, so it holds nothing but that."""
        return re.sub(r"[^A-Za-z0-9-]", "", self.language or self.series.language)[:35] or "en"

    @property
    def direction(self) -> str:
        """The direction of its script."""
        return direction(self.lang)


def linking_from(path: str) -> Callable[[str], str]:
    """Links as the page at `path` writes them: relative."""
    return lambda to: relative(path, to)


def fill(template: str, page: Page, values: Mapping[str, Any]) -> bytes:
    """Fill a template of this floor; every value is escaped but what `trusted` marked."""
    made = _environment(page.series.theme)
    html = fill_template(made, template, {"page": page, "style": style(page.series.theme), **values})
    return printable(html).encode()


def trusted(html: str) -> Markup:
    """Mark HTML as made by us: escaped word by word, or cleaned (craft/prose.py). The only such mark."""
    return Markup(html)  # noqa: S704 - the one place, for HTML that was escaped or cleaned when it was made


@lru_cache(maxsize=8)
def _environment(theme: Theme) -> Environment:
    """The templates of a theme with what they may use."""
    made = theme_environment(theme)
    made.filters.update(
        clock=short_clock,
        seconds=seconds,
        day=day,
        minutes=minutes,
        length=length,
        initials=initials,
        safe_url=safe_url,
        service=service,
        picture=picture_path,
        person_path=person_path,
        organisation_path=organisation_path,
        tag_path=tag_path,
        short_day=short_day,
        hue=hue,
        size=size,
        anchor=anchor,
        by_person=by_person,
    )
    made.globals.update(policy=POLICY, script=SCRIPT, icon=ICON)
    return made


def seconds(at_ms: int) -> str:
    """Milliseconds as seconds without needless digits, as media fragments and the player take them.

    >>> seconds(123_400), seconds(5000)
    ('123.4', '5')
    """
    whole, ms = divmod(at_ms, 1000)
    return f"{whole}.{ms:03d}".rstrip("0") if ms else str(whole)


def day(when: date | datetime | str) -> str:
    """A day as people write it.

    >>> day("2025-03-12T12:00:00+01:00")
    '12 March 2025'
    """
    on = datetime.fromisoformat(when) if isinstance(when, str) else when
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def short_day(when: str) -> str:
    """A day under the heading of its year.

    >>> short_day("2025-03-12T12:00:00+01:00")
    '12 Mar'
    """
    on = datetime.fromisoformat(when)
    return f"{on.day} {_MONTHS[on.month - 1][:3]}"


def minutes(length_ms: int) -> str:
    """A length as people say it, rounded.

    >>> minutes(40_000), minutes(1_893_000), minutes(3_900_000)
    ('1 min', '32 min', '1 h 5 min')
    """
    hours, rest = divmod(max(1, (length_ms + 30_000) // 60_000), 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def length(length_ms: int) -> str:
    """A length as people say it, in seconds where it is short.

    >>> length(21_400), length(89_000), length(125_000)
    ('21 s', '89 s', '2 min')
    """
    return f"{max(1, (length_ms + 500) // 1000)} s" if length_ms < 89_500 else minutes(length_ms)


def size(size_bytes: int) -> str:
    """A file's size as people say it.

    >>> size(29_300_000), size(40)
    ('29.3 MB', '0.1 MB')
    """
    return f"{max(size_bytes, 100_000) / 1_000_000:.1f} MB"


def initials(name: str) -> str:
    """What stands for a face where there is no picture.

    >>> initials("Ilva Tare"), initials("Sofia de la Cruz"), initials("Ana")
    ('IT', 'SC', 'A')
    """
    words = [word for word in name.split() if word[0].isalpha()] or name.split()[:1]
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else "?"


def hue(person_id: str) -> int:
    """Which of the hues is a person's: the same in every episode, because it comes from the id alone."""
    return sha256(person_id.encode(errors="replace")).digest()[0] % HUES


def by_person(answers: tuple[PublishedAnswer, ...]) -> list[list[PublishedAnswer]]:
    """Answers in time order, those that one person gives one after another together."""
    return [list(group) for _, group in groupby(answers, key=lambda answer: answer.by)]


def anchor(name: str) -> str:
    """A name as part of an element's id and of a link to it.

    >>> anchor("q 1/ü")
    'q-1--'
    """
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


def service(name: str) -> str:
    """How a link of `links:` is called on a page.

    >>> service("youtube"), service("castbox")
    ('YouTube', 'Castbox')
    """
    return _SERVICES.get(name.lower(), name[:1].upper() + name[1:])


def in_time_order(cards: tuple[Card, ...]) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """What is announced, the next one first, and what was recorded, in the order given."""
    announced = sorted((c for c in cards if c.state == "announced"), key=lambda c: (c.published, c.slug))
    return tuple(announced), tuple(c for c in cards if c.state != "announced")
