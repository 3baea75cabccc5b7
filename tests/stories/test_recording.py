"""Stories of a series with a recording, through the command line, with a recogniser that hears tones."""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SLUG = "2025-03-12-tones"
SERIES = """\
guid: 0b1c6f2e-0000-4000-8000-000000000001
title: Tone Debrief
host: Ada Lind, Senior Fellow, Delta Institute
url: https://example.org/tones/
recogniser: scripted:{thinks}
"""
EPISODE = """\
---
id: 5d4f0000-0000-4000-8000-000000000002
title: Tones
date: 2025-03-12
guests:
  - Goran Petek, Captain, Selna Ferry Cooperative
approved: {by: Ada Lind, on: 2025-03-13}
---
Tones and silences.
"""


def make_series(root: Path, length_s: int = 40, thinks: int = 0) -> Path:
    own = root / "episodes" / SLUG
    own.mkdir(parents=True)
    (root / "series.yaml").write_text(SERIES.format(thinks=thinks))
    (own / "episode.md").write_text(EPISODE)
    runpy.run_path(str(ROOT / "tests/scripted/tones.py"))["write"](own, length_s)
    (own / "sound.wav").rename(own / "recording.wav")
    for name in ("silences.json", "facts.json"):
        (own / name).unlink()
    return own


def environment(root: Path) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests/scripted")])
    return os.environ | {"PYTHONPATH": path, "SCRIPTED_LOG": str(root.parent / "log")}


def onrecord(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "onrecord", "-C", str(root), *args]
    return subprocess.run(command, capture_output=True, text=True, env=environment(root), check=False)


def built(root: Path) -> dict[str, object]:
    done = onrecord(root, "build", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tones") / "series"
    own = make_series(root)
    built(root)
    assert own.is_dir()
    return root


def test_a_recording_becomes_a_page_with_sound_and_words(published: Path) -> None:
    own, public = published / "episodes" / SLUG, published / "public"
    assert "<v Speaker 1>" in (own / "transcript.vtt").read_text()
    page = (public / SLUG / "index.html").read_text()
    assert "Speaker 1" in page
    assert "has not been checked" in page
    (sound,) = (public / SLUG).glob("programme-*.mp3")
    feed = (public / "feed.xml").read_text()
    assert f'length="{sound.stat().st_size}"' in feed
    assert sound.name in feed
    status = json.loads(onrecord(published, "status", SLUG, "--json").stdout)[0]
    assert status["state"] == "published"
    assert not status["due"]
    assert any("Speaker 1 has no name" in wait for wait in status["waits"])


def test_the_cache_can_be_deleted_freely(published: Path) -> None:
    import shutil

    sound = next((published / "public" / SLUG).glob("programme-*.mp3"))
    before = sound.read_bytes()
    shutil.rmtree(published / "episodes" / SLUG / "cache")
    (published / "episodes" / SLUG / "episode.md").write_text(EPISODE.replace("Tones and", "Many tones and"))
    built(published)
    assert "Many tones" in (published / "public" / SLUG / "index.html").read_text()
    assert next((published / "public" / SLUG).glob("programme-*.mp3")).read_bytes() == before


def test_what_a_person_corrected_is_never_overwritten(tmp_path: Path) -> None:
    root = tmp_path / "series"
    own = make_series(root)
    built(root)
    proposed = (own / "transcript.vtt").read_text()
    mine = proposed.replace("<v Speaker 1>", "<v Goran Petek>")
    (own / "transcript.vtt").write_text(mine)
    assert "Goran Petek" in proposed.replace("Speaker 1", "Goran Petek")
    (root / "series.yaml").write_text(SERIES.format(thinks=1))
    (due, *_) = [
        d["why"]
        for e in json.loads(onrecord(root, "status", "--json").stdout)
        for d in e["due"]
        if d["step"] == "recognise"
    ]
    assert "recogniser" in due
    assert "scripted:0" in due
    (own / "record/words.json").write_text("{}")  # the words are the machine's; they are simply made again
    built(root)
    assert (own / "transcript.vtt").read_text() == mine
    page = (root / "public" / SLUG / "index.html").read_text()
    assert "Speaker 1" not in page


def test_a_given_transcript_means_no_recognition(tmp_path: Path) -> None:
    root = tmp_path / "series"
    own = make_series(root)
    given = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Ada Lind>Only this was said.\n"
    (own / "transcript.vtt").write_text(given)
    built(root)
    assert not (tmp_path / "log").exists(), "the recogniser was never called"
    assert not (own / "record/words.json").exists()
    assert (own / "transcript.vtt").read_text() == given
    assert "Only this was said." in (root / "public" / SLUG / "index.html").read_text()


@pytest.mark.slow
def test_sound_that_is_off_the_record_leaves_the_files(tmp_path: Path) -> None:
    root = tmp_path / "series"
    own = make_series(root)
    built(root)
    (whole,) = (root / "public" / SLUG).glob("*.mp3")
    before = json.loads((own / "record/label.json").read_text())["facts"]["files"][0]["duration_ms"]
    (own / "episode.md").write_text(
        EPISODE.replace("approved:", "off_record: [00:00:05 - 00:00:15]\napproved:")
    )
    built(root)
    after = json.loads((own / "record/label.json").read_text())["facts"]["files"][0]["duration_ms"]
    assert before - after == 10_000
    assert not (root / "public" / SLUG / whole.name).exists()


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_cleanly_and_the_next_run_goes_on(tmp_path: Path, number: int, code: int) -> None:
    root = tmp_path / "series"
    own = make_series(root, length_s=240, thinks=20)
    command = [sys.executable, "-m", "onrecord", "-C", str(root), "build"]
    run = subprocess.Popen(command, env=environment(root), stderr=subprocess.PIPE, text=True)
    journal = own / "cache/.scratch/recognise/journal.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (journal.exists() and journal.read_bytes().count(b"\n") >= 3):
        time.sleep(0.05)
    assert run.poll() is None, "control: it was still at work"
    run.send_signal(number)
    assert run.wait(30) == code
    assert run.stderr is not None
    assert "Traceback" not in run.stderr.read()
    run.stderr.close()
    assert not (own / "transcript.vtt").exists()
    heard = (tmp_path / "log").read_text().splitlines()
    assert len(heard) >= 2
    built(root)
    again = (tmp_path / "log").read_text().splitlines()[len(heard) :]
    repeated = sum(json.loads(line)[1] for line in again if line in heard)
    assert repeated <= 60_000, "at most 60 s of sound are heard twice"
    assert "<v Speaker 1>" in (own / "transcript.vtt").read_text()


def test_a_recording_without_sound_is_a_clear_problem(tmp_path: Path) -> None:
    root = tmp_path / "series"
    own = make_series(root)
    (own / "recording.wav").write_bytes(b"RIFF nothing of the kind")
    done = onrecord(root, "build")
    assert done.returncode == 1
    assert f"episodes/{SLUG}/recording.wav" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (root / "public").exists()
