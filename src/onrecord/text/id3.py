"""Write the tag at the head of an MP3 file: ID3v2.3 with cover and chapters.

A tag is a list of frames: four letters, a length, two bytes of flags, a body. Text is UTF-16 with a byte
order mark. Chapters are `CHAP` frames, each holding a title frame of its own, and one table (`CTOC`) that
names them in order. The chapter frames stand in time order too: many programs ignore the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_UTF16 = b"\x01"
_NO_OFFSET = b"\xff\xff\xff\xff"
_MOST_IN_A_TABLE = 255

# ISO 639-1 to 639-2/T, which ID3 asks for; other languages go untold.
_LANGUAGE_TABLE = """
ar=ara az=aze be=bel bg=bul bs=bos ca=cat cs=ces cy=cym da=dan de=deu el=ell en=eng es=spa et=est eu=eus
fa=fas fi=fin fr=fra ga=gle gl=glg he=heb hi=hin hr=hrv hu=hun hy=hye id=ind is=isl it=ita ja=jpn ka=kat
kk=kaz ko=kor lt=lit lv=lav mk=mkd mt=mlt nb=nob nl=nld nn=nno no=nor pl=pol pt=por ro=ron ru=rus sk=slk
sl=slv sq=sqi sr=srp sv=swe sw=swa th=tha tr=tur uk=ukr ur=urd vi=vie zh=zho
"""
_LANGUAGES = dict(pair.split("=") for pair in _LANGUAGE_TABLE.split())


@dataclass(frozen=True, slots=True)
class Label:
    """What a media file says of itself.

    `date` is ISO 8601 (a day or a year). `chapters` are (start_ms, end_ms, title) in time order on the
    file's own clock. `cover` is a JPEG or PNG file's bytes.
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    date: str = ""
    language: str = ""
    comment: str = ""
    genre: str = "Podcast"
    cover: bytes = field(default=b"", repr=False)
    chapters: Sequence[tuple[int, int, str]] = ()


def write(label: Label) -> bytes:
    r"""The tag as bytes, to stand before the first frame of sound.

    >>> write(Label(title="A"))[:10]
    b'ID3\x03\x00\x00\x00\x00\x00*'
    """
    day = re.fullmatch(r"(\d{4})(?:-(\d\d)-(\d\d))?.*", label.date)
    language = language_code(label.language)
    texts = [
        ("TIT2", label.title),
        ("TPE1", label.artist),
        ("TALB", label.album),
        ("TYER", day[1] if day else ""),
        ("TDAT", f"{day[3]}{day[2]}" if day and day[2] else ""),
        ("TCON", label.genre),
        ("TLAN", language),
    ]
    frames = [_frame(name, _UTF16 + _utf16(text)) for name, text in texts if text]
    if label.comment:
        head = _UTF16 + (language or "und").encode() + _utf16("") + b"\0\0"
        frames.append(_frame("COMM", head + _utf16(label.comment)))
    if label.cover:
        mime = cover_mime(label.cover).encode() + b"\0"
        frames.append(_frame("APIC", b"\0" + mime + b"\x03" + b"\0" + label.cover))
    frames.extend(_chapters(label.chapters))
    body = b"".join(frames)
    # The length has seven bits in a byte, so that no decoder takes it for the start of sound.
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def language_code(language: str) -> str:
    """The three letters of ISO 639-2 for a BCP 47 tag; empty where unknown.

    >>> language_code("en-GB"), language_code("tlh")
    ('eng', '')
    """
    return _LANGUAGES.get(re.split("[-_]", language.lower())[0], "")


def cover_mime(cover: bytes) -> str:
    r"""The type of a cover by its first bytes.

    >>> cover_mime(b"\x89PNG...")
    'image/png'
    """
    return "image/png" if cover.startswith(b"\x89PNG") else "image/jpeg"


def _chapters(chapters: Sequence[tuple[int, int, str]]) -> list[bytes]:
    if not chapters:
        return []
    names = [f"chp{i}".encode() + b"\0" for i in range(len(chapters))]
    listed = names[:_MOST_IN_A_TABLE]
    table = b"toc\0" + b"\x03" + bytes([len(listed)]) + b"".join(listed)
    frames = [_frame("CTOC", table)]
    for name, (start_ms, end_ms, title) in zip(names, chapters, strict=True):
        times = start_ms.to_bytes(4, "big") + end_ms.to_bytes(4, "big") + _NO_OFFSET + _NO_OFFSET
        frames.append(_frame("CHAP", name + times + _frame("TIT2", _UTF16 + _utf16(title))))
    return frames


def _frame(name: str, body: bytes) -> bytes:
    return name.encode() + len(body).to_bytes(4, "big") + b"\0\0" + body


def _utf16(text: str) -> bytes:
    return b"\xff\xfe" + text.replace("\0", "").encode("utf-16-le", "replace")
