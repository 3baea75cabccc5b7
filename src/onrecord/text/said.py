"""What a published file says: the words in any format, without its marks.

Not a reader of formats but a sieve: it may give too much (names of elements, of keys), and must not give too
little. So markup is stripped *and* the values of its attributes are given; escapes are undone as often as
they were done (HTML in XML in JSON); what is packed is unpacked. Nothing is looked up and nothing executed.
"""

from __future__ import annotations

import base64
import contextlib
import html
import json
import re
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

MARKUP = (".html", ".htm", ".xml", ".svg", ".rss", ".opf", ".xhtml")
_MOST_BYTES = 64 << 20
_TAG = re.compile(r"<[^<>]*>")
_VALUE = re.compile(r"""=\s*(?:"([^"<>]*)"|'([^'<>]*)')""")
_TIMES = re.compile(r"(?m)^.*-->.*$|^\s*\d+\s*$")
_CODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_PACKED = re.compile(r"base64,([A-Za-z0-9+/]{24,}={0,2})")


def texts(name: str, data: bytes) -> Iterator[str]:
    """Every text in a file, for the search of words; times and numbers may be among them.

    Args:
        name: the file's name: its ending says what it is.
        data: its content.

    >>> list(texts("a.json", b'{"words": [["The", 9], ["ferry", 12]]}'))
    ['words The ferry']
    >>> list(texts("a.html", b'<p title="one">two &amp;amp; <b>three</b></p>'))[0].split()
    ['two', '&', 'three', 'one']
    """
    low = name.lower()
    if low.endswith(".gz") or data[:2] == b"\x1f\x8b":
        yield from texts(low.removesuffix(".gz"), _inflate(data, 31))
    elif data[:8] == b"\x89PNG\r\n\x1a\n":
        yield from _png(data)
    elif low.endswith(".bin"):
        yield from _streams(data)
    elif low.endswith((".json", ".jsonl", ".ndjson", ".webmanifest")):
        yield from _json(data)
    else:
        yield from _plain(_decoded(data), times=low.endswith((".vtt", ".srt")))


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8", "replace")


def _plain(text: str, *, times: bool = False) -> Iterator[str]:
    """A text as it reads, its markup's values behind it; then what is packed in it."""
    if times:
        text = _TIMES.sub("", text)
    text = _CODE.sub(lambda m: chr(int(m[1], 16)), text)
    values: list[str] = []
    for _ in range(3):  # HTML that was escaped into XML, and once more
        values += [one or other for one, other in _VALUE.findall(text)]
        bare = html.unescape(_TAG.sub(" ", text))
        if bare == text:
            break
        text = bare
    yield " ".join([text, *map(html.unescape, values)])
    if "%" in text or any("%" in value for value in values):
        yield unquote(" ".join([text, *values]))
    for packed in _PACKED.findall(" ".join([text, *values])):
        with contextlib.suppress(ValueError):
            yield from texts("", base64.b64decode(packed + "=" * (-len(packed) % 4)))


def _json(data: bytes) -> Iterator[str]:
    """All strings in their order, so that words with times between them stand in a row."""
    text = _decoded(data)
    try:
        found = [json.loads(text)]
    except ValueError:
        found = []
        for line in text.splitlines():
            with contextlib.suppress(ValueError):
                found.append(json.loads(line))
        if not found:
            yield from _plain(text)
            return
    yield from _plain(" ".join(_strings(found)))


def _strings(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            if value[:1] in ("{", "["):  # JSON in JSON, as a release remembers its cards
                with contextlib.suppress(ValueError, RecursionError):
                    stack.append(json.loads(value))
            yield value
        elif isinstance(value, list):
            stack += reversed(value)
        elif isinstance(value, dict):
            stack += [part for pair in reversed(value.items()) for part in reversed(pair)]


def numbers(name: str, data: bytes) -> Iterator[tuple[float, ...]]:
    """The rows of numbers in a JSON file: a waveform is one.

    >>> list(numbers("a.json", b'{"peaks": [1, -2, 3], "of": [["a", 1]]}'))
    [(1.0, -2.0, 3.0)]
    """
    if not name.lower().endswith(".json"):
        return
    try:
        stack = [json.loads(_decoded(data))]
    except (ValueError, RecursionError):
        return
    while stack:
        value = stack.pop()
        if isinstance(value, list) and value and all(type(v) in (int, float) for v in value):
            yield tuple(map(float, value))
        elif isinstance(value, list):
            stack += value
        elif isinstance(value, dict):
            stack += value.values()


def _png(data: bytes) -> Iterator[str]:
    """The texts that a PNG picture carries beside its pixels."""
    at = 8
    while at + 12 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        at += 12 + size
        if kind == b"tEXt":
            yield body.replace(b"\0", b" ").decode("latin-1")
        elif kind == b"zTXt":
            key, _, packed = body.partition(b"\0")
            yield f"{key.decode('latin-1')} {_inflate(packed[1:], 15).decode('latin-1')}"
        elif kind == b"iTXt":
            key, _, rest = body.partition(b"\0")
            is_packed, rest = rest[:1] == b"\1", rest[2:]
            *about, text = rest.split(b"\0", 2)
            text = _inflate(text, 15) if is_packed else text
            yield b" ".join([key, *about, text]).decode("utf-8", "replace")


def _streams(data: bytes) -> Iterator[str]:
    """The texts of a search file: deflated streams one after another, behind two lengths or none."""
    for begins in (0, 8):
        left, found = data[begins:], 0
        while left:
            unpacker = zlib.decompressobj(-15)
            try:
                plain = unpacker.decompress(left, _MOST_BYTES)
            except zlib.error:
                break
            yield from _json(plain) if plain[:1] in (b"[", b"{") else _plain(_decoded(plain))
            left, found = unpacker.unused_data, found + 1
        if found:
            return
    yield from _plain(_decoded(data))


def _inflate(data: bytes, kind: int) -> bytes:
    """Unpack, but never more than a limit: a small file may claim to be a large one."""
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj(kind).decompress(data, _MOST_BYTES)
    return b""
