"""The demo, made from its recordings with the real recogniser, and a real conversation beside it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onrecord.text.said import texts

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def onrecord(*args: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "onrecord", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("demo") / "demo-series"
    done = onrecord("demo", root, "--no-serve")
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(root / "public") in done.stdout
    return root


def episode(demo: Path, word: str) -> Path:
    (found,) = (demo / "public").glob(f"*{word}*/")
    return found


def public_text(folder: Path) -> str:
    files = (p for p in folder.rglob("*") if p.is_file() and p.suffix not in {".mp3", ".m4a"})
    return "\n".join(text for p in sorted(files) for text in texts(p.name, p.read_bytes()))


def loudness(file: Path) -> tuple[float, float]:
    """Integrated loudness and true peak by Debian's FFmpeg, which is not the one that made the file."""
    ffmpeg = shutil.which("ffmpeg")
    assert ffmpeg, "install the Debian package ffmpeg"
    run = subprocess.run(
        [ffmpeg, "-hide_banner", "-nostats", "-i", file, "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    summary = run.stderr[run.stderr.rindex("Summary:") :]
    lufs, peak = re.search(r"I:\s+(\S+) LUFS", summary), re.search(r"Peak:\s+(\S+) dBFS", summary)
    assert lufs
    assert peak
    return float(lufs[1]), float(peak[1])


def test_three_episodes_can_be_heard_and_one_is_announced(demo: Path) -> None:
    feed = (demo / "public/feed.xml").read_text()
    assert feed.count("<item>") == 3
    sounds = sorted((demo / "public").glob("*/*.mp3"))
    assert len(sounds) == 3
    for file in (*sounds, *(demo / "public").glob("*/*.m4a")):
        lufs, peak = loudness(file)
        assert abs(lufs + 16) <= 0.3, file
        assert peak <= -1, file
    announced = episode(demo, "winter-power") / "index.html"
    assert "<audio" not in announced.read_text()


def test_tracks_name_the_voices(demo: Path) -> None:
    text = (episode(demo, "night-ferry") / "transcript.vtt").read_text()
    voices = set(re.findall(r"<v ([^>]+)>", text))
    assert voices == {"Nadia Hartwell", "Jonas Ferrick"}


def test_a_single_recording_has_honest_voices_and_says_that_nobody_checked_it(demo: Path) -> None:
    folder = episode(demo, "lithium")
    said = re.findall(r"<v ([^>]+)>(.+)", (folder / "transcript.vtt").read_text())
    voices = {voice for voice, _ in said}
    assert len(voices) == 3, "a host and two guests"
    assert said[0][0] == "Nadia Hartwell", "she says who she is"
    # A guest has his name or none, never the other's.
    first = next(voice for voice, text in said if "a fair question" in text)
    second = next(voice for voice, text in said if "May I add something" in text)
    assert first in {"Petar Doronović", "Speaker 2"}
    assert second in {"Helen Marsh", "Speaker 3"}
    page = (folder / "index.html").read_text()
    assert "has not been checked" in page
    assert "lithium" in page


def test_what_was_said_off_the_record_and_outside_the_cut_is_nowhere(demo: Path) -> None:
    given = next((demo / "episodes").glob("*counting*/transcript.vtt")).read_text()
    published = public_text(episode(demo, "counting"))
    assert "off the record" in given, "control: it is in the given transcript"
    assert "off the record" not in published
    assert "recording" in given.partition("Welcome")[0], "control: small talk before the programme"
    first = (episode(demo, "counting") / "transcript.srt").read_text().splitlines()[2]
    assert "Welcome" in first


def test_building_again_changes_nothing(demo: Path) -> None:
    before = (demo / "public/release.json").read_bytes()
    began = time.monotonic()
    again = onrecord("-C", demo, "build")
    assert again.returncode == 0
    assert "nothing changed" in again.stdout
    assert (demo / "public/release.json").read_bytes() == before
    assert time.monotonic() - began < 30


def test_a_real_conversation_becomes_an_episode(shared: Path, tmp_path: Path) -> None:
    home = tmp_path / "debrief"
    assert onrecord("new", "series", home, "--title", "#BalkansDebrief").returncode == 0
    with (home / "series.yaml").open("a") as file:
        file.write("url: https://example.org/debrief/\n")
    page = shared / "data/pages/balkansdebrief-2025-03-12.txt"
    recording = shared / "data/audio/gecko_demo/demo.mp3"
    made = onrecord("-C", home, "new", "episode", recording, "--from-text", page)
    assert made.returncode == 0, made.stderr
    (own,) = (home / "episodes").iterdir()
    assert onrecord("-C", home, "accept", own.name, "--approved-by", "Ilva Tare").returncode == 0
    done = onrecord("-C", home, "build")
    assert done.returncode == 0, done.stderr
    public = home / "public" / own.name
    words = (public / "transcript.md").read_text("utf-8").lower()
    assert len(words.split()) > 1000
    assert "virgil" in words or "roger" in words
    feed = (home / "public/feed.xml").read_text("utf-8")
    html = (public / "index.html").read_text("utf-8")
    for said in (
        "Since the start of the war in Ukraine, over 100,000 Russians",
        "Ilva Tare",
        "Senior Fellow",
        "Atlantic Council’s Europe Center",
        "Srdjan Cvijić",
        "President of the International Advisory Board",
        "Belgrade Center for Security Policy",
        "Maxim Samorukov",
        "Carnegie Russia-Eurasia Center",
        "Their latest research offers a fresh perspective",
        "are we witnessing a cultural shift or a temporary wave?",
        "How do they view Vladimir Putin and Serbian President Vučić?",
        "is an online interview series presented by",
        "#BalkansDebrief",
        "YouTube",
        "Podcast",
    ):
        assert said in html, said
        assert said in feed, said
    assert "12 March 2025" in html
    assert "Wed, 12 Mar 2025" in feed
    (sound,) = public.glob("*.mp3")
    lufs, peak = loudness(sound)
    assert abs(lufs + 16) <= 0.3
    assert peak <= -1
