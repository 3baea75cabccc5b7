"""Laws of the tag at an MP3 file's head: a reader that follows the standard finds what was written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onrecord.text.id3 import Label, write

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


def frames(data: bytes) -> list[tuple[str, bytes]]:
    """A plain reader of ID3v2.3 frames."""
    found = []
    while data:
        name, size = data[:4].decode(), int.from_bytes(data[4:8], "big")
        found.append((name, data[10 : 10 + size]))
        assert len(found[-1][1]) == size
        data = data[10 + size :]
    return found


def text_of(body: bytes) -> str:
    assert body[:3] == b"\x01\xff\xfe"
    return body[3:].decode("utf-16-le")


@given(
    title=words,
    artist=words,
    comment=words,
    lengths=st.lists(st.tuples(st.integers(1, 600_000), words), max_size=300),
    cover=st.sampled_from([b"", b"\x89PNG picture", b"\xff\xd8\xff picture"]),
)
def test_a_reader_finds_what_was_written(
    title: str, artist: str, comment: str, lengths: list[tuple[int, str]], cover: bytes
) -> None:
    chapters, at_ms = [], 0
    for length_ms, name in lengths:
        chapters.append((at_ms, at_ms + length_ms, name))
        at_ms += length_ms
    label = Label(title, artist, "", "2025-03-12", "sq", comment, cover=cover, chapters=tuple(chapters))
    tag = write(label)
    assert tag[:6] == b"ID3\x03\x00\x00"
    assert all(byte < 0x80 for byte in tag[6:10])
    assert sum(byte << shift for byte, shift in zip(tag[6:10], (21, 14, 7, 0), strict=True)) == len(tag) - 10
    found = frames(tag[10:])
    names = [name for name, _ in found]
    one = dict(found)
    assert ("TIT2" in one) == bool(title)
    assert not title or text_of(one["TIT2"]) == title
    assert not artist or text_of(one["TPE1"]) == artist
    assert text_of(one["TYER"]) + text_of(one["TDAT"]) == "20251203"
    assert text_of(one["TLAN"]) == "sqi"
    if comment:
        assert one["COMM"][1:4] == b"sqi"
        assert one["COMM"][8:].decode("utf-16").endswith(comment)
    if cover:
        assert one["APIC"].endswith(b"\0\x03\0" + cover)
        assert one["APIC"].startswith(b"\0image/png\0" if b"PNG" in cover else b"\0image/jpeg\0")
    if chapters:
        assert one["CTOC"][:5] == b"toc\0\x03"
        assert one["CTOC"][5] == min(len(chapters), 255)
        assert names.index("CTOC") == len(names) - len(chapters) - 1
    listed = one.get("CTOC", b"")[6:].split(b"\0")
    for number, body in enumerate(body for name, body in found if name == "CHAP"):
        element, rest = body.split(b"\0", 1)
        assert number >= 255 or listed[number] == element
        start_ms, end_ms, name = chapters[number]
        assert (int.from_bytes(rest[:4], "big"), int.from_bytes(rest[4:8], "big")) == (start_ms, end_ms)
        assert rest[8:16] == b"\xff" * 8
        (inner,) = frames(rest[16:])
        assert inner[0] == "TIT2"
        assert text_of(inner[1]) == name
