"""A WebVTT file as a person left it, block by block: what is not changed is written again byte for byte.

Comments, styles, ids and settings say nothing to Onrecord, but they are somebody's. So where captions of a
file are replaced, each caption that stays is its own old lines, one that has other times keeps its words'
lines, its id and its settings, and a comment stays in front of the caption that it stood before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from onrecord.model.transcript import Cue, Transcript
from onrecord.text import vtt
from onrecord.text.vtt_block import TIME

_RAW_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_SETTINGS = re.compile(rf"[ ]*{TIME}[ ]*-->[ ]*{TIME}([^\r\n]*)")
_NOTE = re.compile(r"^NOTE (.*)$", re.MULTILINE)
_LANGUAGE = re.compile(r"^[Ll]anguage[ ]*:[^\r\n]*", re.MULTILINE)
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t\r\n]|\Z)")


@dataclass(frozen=True, slots=True)
class Block:
    """The raw lines of a caption, in their order; several `cues` where several voices speak in it."""

    gap: str
    comments: str
    id: str
    times: str
    words: str
    cues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file in pieces; all of them in a row are the file."""

    head: str
    blocks: tuple[Block, ...]
    tail: str
    newline: str


def sheet(text: str, transcript: Transcript) -> Sheet:
    """Take a file apart.

    Args:
        text: the file as it stands, line ends and all.
        transcript: what `vtt.read` read from it.
    """
    raw = _RAW_LINE.findall(text)
    plain = vtt.normal_file(text).split("\n")
    newline = next((end for end in ("\r\n", "\n", "\r") if end in text), "\n")
    numbers: dict[int, list[int]] = {}
    for number, cue in enumerate(transcript.cues):
        if cue.place is not None:
            numbers.setdefault(cue.place.line - 1, []).append(number)
    at = next((i for i, line in enumerate(plain) if not line), len(raw))
    at = min(at, len(raw), *numbers) if numbers else min(at, len(raw))
    head, blocks = "".join(raw[:at]), []
    for line in sorted(numbers):
        end = line + 1
        while end < len(raw) and plain[end] and "-->" not in plain[end]:
            end += 1
        named = line - 1 >= at and bool(plain[line - 1]) and (line - 2 < at or not plain[line - 2])
        named = named and not _COMMENT.match(plain[line - 1])
        first = line - 1 if named else line
        full = next((i for i in range(at, first) if plain[i]), first)
        gap, comments, own_id = "".join(raw[at:full]), "".join(raw[full:first]), "".join(raw[first:line])
        words = "".join(raw[line + 1 : end])
        blocks.append(Block(gap, comments, own_id, raw[line], words, tuple(numbers[line])))
        at = end
    return Sheet(head, tuple(blocks), "".join(raw[at:]), newline)


def rewrite(
    own: Sheet,
    mine: Transcript,
    result: Transcript,
    begins: Sequence[int | None],
    notes: Mapping[int, Sequence[str]],
) -> str:
    """Write captions in the place of a file's, leaving what stays as it stands.

    Args:
        own: the file in pieces.
        mine: its transcript.
        result: the captions to be written.
        begins: for each of them the number of the caption of `mine` in which it begins.
        notes: one-line comments to stand before captions of the result, by number.

    Returns:
        The text of the file; exactly the old one where nothing differs.
    """
    block_of = {cue: b for b, block in enumerate(own.blocks) for cue in block.cues}
    out = [_with_language(own.head, mine.language, result.language, own.newline)]
    left = dict(enumerate(own.blocks))  # those of which nothing is written yet
    nothing = Block("", "", "", "", "", ())

    def add(*pieces: str) -> None:
        if out[-1] and not out[-1].endswith(("\r", "\n")):
            out.append(own.newline)
        out.extend(piece for piece in pieces if piece)

    k = 0
    while k < len(result.cues):
        cue, begin = result.cues[k], begins[k]
        number = None if begin is None else block_of.get(begin)
        block = nothing if number is None else left.get(number, nothing)
        for b in [b for b in left if number is not None and b < number]:
            _keep_comments(left.pop(b), own.newline, add)
        if number is not None:
            left.pop(number, None)
        said = [f"NOTE {note}{own.newline}{own.newline}" for note in notes.get(k, ())]
        add(block.gap or own.newline, block.comments, *said, block.id)
        old = [mine.cues[c] for c in block.cues]
        if old and [_bare(c) for c in result.cues[k : k + len(old)]] == [_bare(c) for c in old]:
            add(block.times, block.words)
            k += len(old)
            continue
        settings = _SETTINGS.match(own.blocks[number].times) if number is not None else None
        times = f"{vtt.write_time(cue.span.start)} --> {vtt.write_time(cue.span.end)}"
        add(times + (settings[settings.re.groups].rstrip() if settings else "") + own.newline)
        same_words = [(c.voice, c.text) for c in old] == [(cue.voice, cue.text)]
        add(block.words if same_words else _words(cue).replace("\n", own.newline))
        k += 1
    for block in left.values():
        _keep_comments(block, own.newline, add)
    if own.tail:
        add(own.tail)
    return "".join(out)


def notes_before(own: Sheet, cue: int) -> tuple[str, ...]:
    """The one-line comments that stand before a caption, by its number."""
    block = next((block for block in own.blocks if cue in block.cues), None)
    return tuple(_NOTE.findall(block.comments.replace("\r", "\n"))) if block else ()


def _keep_comments(block: Block, newline: str, add: Callable[..., None]) -> None:
    """What somebody wrote before a caption that is no more."""
    if block.comments:
        add(block.gap or newline, block.comments.rstrip("\r\n") + newline)


def _words(cue: Cue) -> str:
    return vtt.write(Transcript("", (_bare(cue),))).split("\n", 3)[3]


def _bare(cue: Cue) -> Cue:
    return replace(cue, place=None)


def _with_language(head: str, was: str, now: str, newline: str) -> str:
    if was == now or not now:
        return head
    line = f"Language: {now}"
    if was:
        return _LANGUAGE.sub(lambda _: line, head, count=1)
    first, end, rest = head.partition(newline)
    return first + newline + line + (end or newline) + rest
