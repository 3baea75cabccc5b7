"""Write the transcript of a performed script as WebVTT, cut into cues that can be read on a screen."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from speech import Sound

LINE_CHARS, LINES = 42, 2
MIN_MS, MAX_MS, CHARS_PER_S = 830, 7000, 20
SHORT_MS = 1130  # a cue shorter than this joins its neighbour, if it can
REACH_MS = 220  # how far from the place reckoned by letters a pause is looked for
LINGER_MS = 400  # how long a cue may stay after its words, if nobody else speaks


class Said(NamedTuple):
    """One sentence and where it stands in the recording."""

    start_s: float
    end_s: float
    person: str
    text: str


class Cue(NamedTuple):
    """One caption."""

    start_ms: int
    end_ms: int
    person: str
    text: str


def lines(text: str) -> list[str]:
    """Break a cue into one line, or two as equal as the words allow; more lines mean it does not fit."""
    if len(text) <= LINE_CHARS:
        return [text]
    spaces = [m.start() for m in re.finditer(" ", text)]
    middle = min(spaces, key=lambda at: abs(at - len(text) / 2))
    halves = [text[:middle], text[middle + 1 :]]
    return halves if max(map(len, halves)) <= LINE_CHARS else [*halves, "does not fit"]


def split(text: str) -> list[str]:
    """Cut a sentence into few cues of similar length, after a comma where there is one nearby."""
    if len(lines(text)) <= LINES:
        return [text]
    middle = len(text) / 2
    spaces = [m.start() for m in re.finditer(" ", text)]
    at = min(spaces, key=lambda at: abs(at - middle) - (len(text) / 5 if text[at - 1] in ",;:" else 0))
    return split(text[:at]) + split(text[at + 1 :])


def quietest_ms(samples: "Sound", rate_hz: int, near_ms: float) -> int:
    """The quietest moment near a time: where one word ends and the next begins, most likely."""
    begin, end = (round(max(0, near_ms + side * REACH_MS) * rate_hz / 1000) for side in (-1, 1))
    step = rate_hz // 50
    energy = [float((samples[at : at + step] ** 2).sum()) for at in range(begin, end, step)]
    return round((begin + (energy.index(min(energy)) + 0.5) * step) * 1000 / rate_hz)


def joined(before: Cue, after: Cue) -> Cue | None:
    """Two cues of one person as one, if one of them is short and both fit together."""
    both = Cue(before.start_ms, after.end_ms, before.person, f"{before.text} {after.text}")
    short = min(before.end_ms - before.start_ms, after.end_ms - after.start_ms) < SHORT_MS
    fits = len(lines(both.text)) <= LINES and both.end_ms - both.start_ms <= MAX_MS
    return both if short and fits and before.person == after.person else None


def cues(said: list[Said], samples: "Sound", rate_hz: int) -> list[Cue]:
    """Lay the sentences out as cues."""
    out: list[Cue] = []
    for start_s, end_s, person, sentence in said:
        first, end, done = round(start_s * 1000), round(end_s * 1000), 0
        start = first
        for part in split(sentence):
            done += len(part) + 1
            until = end
            if done <= len(sentence):
                until = quietest_ms(samples, rate_hz, first + (end - first) * done / (len(sentence) + 1))
            cue = Cue(start, until, person, part)
            if out and (both := joined(out[-1], cue)):
                out[-1] = both
            else:
                out.append(cue)
            start = until
    limits = [cue.start_ms for cue in out[1:]] + [out[-1].end_ms + LINGER_MS]
    return [
        cue._replace(end_ms=min(limit, cue.end_ms + LINGER_MS))
        for cue, limit in zip(out, limits, strict=True)
    ]


def clock(ms: int) -> str:
    """Milliseconds as WebVTT writes them."""
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def write_transcript(said: list[Said], samples: "Sound", rate_hz: int, path: Path) -> None:
    """Write the cues, and stop if one of them breaks the rules above."""
    blocks = ["WEBVTT"]
    for start, end, person, text in cues(said, samples, rate_hz):
        broken = lines(text)
        times = f"{clock(start)} --> {clock(end)}"
        slow_enough = len(text) <= CHARS_PER_S * (end - start) / 1000
        if len(broken) > LINES or not MIN_MS <= end - start <= MAX_MS or not slow_enough:
            raise SystemExit(f"{times}: this cue is too long, too short or too fast: {text!r}")
        blocks.append(f"{times}\n<v {person}>" + "\n".join(broken) + "</v>")
    path.write_text("\n\n".join(blocks) + "\n", "utf-8")
    print(f"  {path.name}  {len(blocks) - 1} cues", flush=True)
