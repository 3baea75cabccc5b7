"""A series of real recordings through the command line, judged word by word: who said what, by name.

    python bench/end_to_end.py [--shared PATH] [--folder PATH] [--hour]

Builds a series whose episodes are the three synthetic interviews and the real conversation of the shared
data, with nothing but a recording, names and roles in each folder, runs `onrecord build`, and compares
transcript.vtt with what was said. The labels of the data are used for nothing but the comparison.

With --folder the series is kept there, and a second run makes only what has changed. With --hour the
conversation is repeated to one hour, and what the steps cost is compared with the recogniser alone in the
same run.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import jiwer
from whisper_normalizer.english import EnglishTextNormalizer

from onrecord.craft.align import fold
from onrecord.text import vtt

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SERIES = """\
guid: 0b1c6f2e-0000-4000-8000-000000000009
title: Quality
language: en
"""
NORMAL = EnglishTextNormalizer()


@dataclass(frozen=True, slots=True)
class Case:
    """An episode: its recording, who is billed, and what was said by whom (`Ad` and such are nobody)."""

    name: str
    title: str
    recording: Path
    host: str
    guests: tuple[str, ...]
    said: tuple[tuple[str, str], ...]


def cases(shared: Path) -> list[Case]:
    """The three synthetic interviews, as their files announce them, and the real conversation."""
    tts = shared / "data/audio/podcast_scraper_v3_tts"
    found = [
        _interview(path, tts / f"audio/v3/{path.stem}.mp3")
        for path in sorted(tts.glob("transcripts/v3/p*.txt"))
    ]
    gecko = shared / "data/audio/gecko_demo"
    turns = json.loads((gecko / "demo.json").read_text())["monologues"]
    said = tuple((t["speaker"]["id"], " ".join(term["text"] for term in t["terms"])) for t in turns)
    return [*found, Case("gecko_demo", "A call", gecko / "demo.mp3", "Roger", ("Virgil",), said)]


def _interview(path: Path, recording: Path) -> Case:
    text = path.read_text()
    heads = dict(re.findall(r"^(Host|Guest): (.+)$", text, re.MULTILINE))
    title = re.findall(r"^## (.+)$", text, re.MULTILINE)[0]
    body = text.partition("[00:00]")[2]
    said = tuple(re.findall(r"^([^:\[\n]{1,40}): (.+)$", body, re.MULTILINE))
    return Case(path.stem, title, recording, heads["Host"], (heads["Guest"],), said)


def lay(root: Path, case: Case) -> Path:
    """The folder of one episode: what a producer would write, and the recording."""
    own = root / "episodes" / f"2025-01-01-{case.name.replace('_', '-')}"
    if own.exists():
        return own
    own.mkdir(parents=True)
    guests = "".join(f"  - {{name: {json.dumps(name)}}}\n" for name in case.guests)
    (own / "episode.md").write_text(
        f"---\nid: {uuid.uuid5(uuid.NAMESPACE_DNS, case.name)}\ntitle: {json.dumps(case.title)}\n"
        f"date: 2025-01-01\nhost: {{name: {json.dumps(case.host)}}}\nguests:\n{guests}---\n"
    )
    shutil.copyfile(case.recording, own / f"recording{case.recording.suffix}")
    return own


@dataclass(frozen=True, slots=True)
class Used:
    """CPU seconds of a program and all that it started, and the most memory they had together."""

    cpu_s: float
    peak_mb: float


def use(arguments: Sequence[str]) -> Used:
    """Run Python in a session of its own, and look twice a second at what it uses."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen([sys.executable, *arguments], start_new_session=True)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _resident_mb(process.pid))
        time.sleep(0.5)
    if process.returncode:
        raise SystemExit(f"{arguments} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Used(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak)


def _resident_mb(session: int) -> float:
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                total += int(fields[21]) * resource.getpagesize()
        except (OSError, ValueError, IndexError):
            continue  # it ended while we looked
    return total / 2**20


def build(root: Path) -> Used:
    """`onrecord build --drafts` as a producer runs it."""
    return use(["-m", "onrecord", "-C", str(root), "build", "--drafts", "--quiet"])


def judge(case: Case, own: Path) -> dict[str, float]:
    """Words on the right named person, on a wrong one, and on none, as shares of the words that match.

    Words are matched by their text: a word that was misheard counts where it stands for one word. Words of
    voices that nobody bills (an advertisement) are right where they have no name.
    """
    read, _ = vtt.read((own / "transcript.vtt").read_text(), "transcript.vtt")
    truth = [(fold(w), who) for who, text in case.said for w in text.split() if any(map(str.isalnum, w))]
    ours = [(fold(w), c.voice) for c in read.cues for w in c.text.split() if any(map(str.isalnum, w))]
    people = {case.host, *case.guests}
    right = wrong = unnamed = 0
    out = jiwer.process_words(" ".join(_one(w) for w, _ in truth), " ".join(_one(w) for w, _ in ours))
    for part in out.alignments[0]:
        if part.type not in ("equal", "substitute"):
            continue
        for k in range(part.ref_end_idx - part.ref_start_idx):
            who, voice = truth[part.ref_start_idx + k][1], ours[part.hyp_start_idx + k][1]
            if voice in people:
                right, wrong = right + (voice == who), wrong + (voice != who)
            elif who in people:
                unnamed += 1
            else:
                right += 1
    total = max(1, right + wrong + unnamed)
    text = NORMAL(" ".join(text for _, text in case.said))
    return {
        "words": total,
        "right": right / total,
        "wrong": wrong / total,
        "unnamed": unnamed / total,
        "wer": jiwer.wer(text, NORMAL(" ".join(" ".join(c.text.split()) for c in read.cues))),
        "voices": len({c.voice for c in read.cues}),
    }


def _one(word: str) -> str:
    """A word that stays one word for whoever splits at spaces."""
    return "".join(word.split()) or "-"


def names_given(own: Path) -> list[dict[str, object]]:
    """What the receipt tells of the voices: the name, how sure, why."""
    receipt = json.loads((own / "record/transcribe.json").read_text())
    found: list[dict[str, object]] = receipt["facts"]["names"]
    return found


def measure(shared: Path, folder: Path | None = None) -> dict[str, dict[str, float]]:
    """Build all cases and judge each; by the name of the case. A given folder is kept."""
    with tempfile.TemporaryDirectory() as scratch:
        root = folder or Path(scratch)
        root.mkdir(parents=True, exist_ok=True)
        (root / "series.yaml").write_text(SERIES)
        all_cases = cases(shared)
        places = [lay(root, case) for case in all_cases]
        build(root)
        for own in places:
            for told in names_given(own):
                print(f"  {own.name}: {told['voice']} is {told['as']} ({told['sure']}): {told['reasons']}")
        return {case.name: judge(case, own) for case, own in zip(all_cases, places, strict=True)}


def hour(shared: Path) -> dict[str, float]:
    """What an hour costs: all steps against the recogniser alone, CPU seconds and memory, in one run."""
    case = next(c for c in cases(shared) if c.name == "gecko_demo")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "series.yaml").write_text(SERIES)
        own = lay(root, case)
        _repeat(own / "recording.mp3", 3600)
        with av.open(str(own / "recording.mp3")) as opened:
            length_s = (opened.duration or 0) / av.time_base
        assert length_s > 3590
        alone = use(["-c", _ALONE, str(own / "recording.mp3")])
        used = build(root)
        for path in sorted((own / "record").glob("*.json")):
            if seconds := json.loads(path.read_text()).get("seconds"):
                print(f"  {path.stem}: {seconds:.0f} s")
        return {
            "length_s": length_s,
            "alone_cpu_s": alone.cpu_s,
            "ours_cpu_s": used.cpu_s,
            "ratio": used.cpu_s / alone.cpu_s,
            "peak_mb": used.peak_mb,
        }


def _repeat(recording: Path, length_s: int) -> None:
    """Play a recording again and again until it is long enough (by Debian's ffmpeg, as 128 kbit/s MP3)."""
    once = recording.rename(recording.with_name(f"once{recording.suffix}"))
    loop = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", str(once), "-t", str(length_s)]
    subprocess.run([*loop, "-b:a", "128k", str(recording)], check=True)
    once.unlink()


_ALONE = """
import sys
from onrecord.engines import whisper
from faster_whisper.audio import decode_audio
engine = whisper.recogniser("base")
sound = decode_audio(sys.argv[1], sampling_rate=16_000)
found, _ = engine.model.transcribe(sound, language="en", beam_size=5, vad_filter=True, word_timestamps=True,
    condition_on_previous_text=False)
print("  the recogniser alone:", sum(len(part.words or ()) for part in found), "words")
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--hour", action="store_true")
    asked = parser.parse_args()
    if asked.hour:
        print(json.dumps(hour(asked.shared), indent=1))
    else:
        print(json.dumps(measure(asked.shared, asked.folder), indent=1))
