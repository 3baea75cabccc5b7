"""RSS as a table of tags: what stands on the left is written with what the function on the right gives.

    ITEM = (
        ("title", lambda item: text(item.card.title)),
        ("enclosure", lambda item: [Filled(attributes={"url": …, "length": …, "type": …})]),
    )

A function may give nothing (the tag is left out) or several fillings (the tag is repeated). The table
is the list of what our feed says, in its order; this module only writes it down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

from lxml import etree

from onrecord.craft.prose import printable

SPACES: Final = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
}
Source = TypeVar("Source")


class Filled(NamedTuple):
    """What one tag holds: text, or tags below it; `html` text is wrapped in CDATA as podcast apps want it."""

    text: str = ""
    attributes: Mapping[str, str] = MappingProxyType({})
    below: tuple[tuple[str, Filled], ...] = ()
    html: bool = False


Table = Sequence[tuple[str, Callable[[Source], Iterable[Filled]]]]


def text(words: str) -> list[Filled]:
    """One tag with these words, none where there are none."""
    return [Filled(words)] if words else []


def html(words: str) -> list[Filled]:
    """One tag with HTML, none where there is none."""
    return [Filled(words, html=True)] if words else []


def write(channel: Source, of_channel: Table[Source], items: Iterable[Any], of_item: Table[Any]) -> bytes:
    """Write a feed: the channel's tags, then each item's."""
    out = BytesIO()
    with etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("rss", {"version": "2.0"}, nsmap=SPACES), xml.element("channel"):
            _write_table(xml, channel, of_channel)
            for item in items:
                xml.write("\n")
                with xml.element("item"):
                    _write_table(xml, item, of_item)
            xml.write("\n")
    return out.getvalue() + b"\n"


def _write_table(xml: Any, source: Source, table: Table[Source]) -> None:
    for name, fill in table:
        tag = _qualified(name)
        for filled in fill(source):
            xml.write("\n")
            _write(xml, tag, filled)


def _write(xml: Any, tag: str, filled: Filled) -> None:
    with xml.element(tag, {key: printable(value) for key, value in filled.attributes.items()}):
        if filled.html:
            # `]]>` would end the section; in HTML `&gt;` is the same sign.
            xml.write(etree.CDATA(printable(filled.text).replace("]]>", "]]&gt;")))
        elif filled.text:
            xml.write(printable(filled.text))
        for name, inner in filled.below:
            _write(xml, _qualified(name), inner)


@cache
def _qualified(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}" if colon else name
