"""Stories of names: who speaks in a transcript, a name given by hand, and a voice that is to be forgotten."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.craft.voice import is_anonymous
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Turn
from onrecord.steps.remember import ENOUGH_MS, alone

SLUG = "2025-03-12-ferry"
SERIES = """\
guid: 0b1c6f2e-0000-4000-8000-000000000001
title: Harbour Debrief
host: Ada Lind, Senior Fellow, Delta Institute
"""
PEOPLE = """\
# Who is who. Keep this comment.
ada-lind: {name: Ada Lind, consent: [voice]}   # she signed in March
goran-petek:
  name: Goran Petek
  also: [Горан Петек]
  consent: [voice, picture]
"""
EPISODE = """\
---
id: 5d4f0000-0000-4000-8000-000000000002
title: The last winter ferry
date: 2025-03-12
guests:
  - Goran Petek, Captain, Selna Ferry Cooperative
---
Ferries.
"""
TALK = [
    ("SPEAKER_00", "Welcome to the Harbour Debrief. I'm Ada Lind, and joining me today is Goran Petek."),
    ("SPEAKER_01", "Thank you for having me, Ada."),
    ("SPEAKER_00", "Goran, what is left of the winter ferry?"),
    ("SPEAKER_01", "Very little. We sail twice a week, and in January we may stop altogether."),
    ("SPEAKER_00", "Goran Petek, thank you. I'm Ada Lind. Goodbye."),
]


@pytest.fixture
def series(tmp_path: Path) -> Path:
    own = tmp_path / "episodes" / SLUG
    own.mkdir(parents=True)
    (tmp_path / "series.yaml").write_text(SERIES)
    (tmp_path / "people.yaml").write_text(PEOPLE)
    (own / "episode.md").write_text(EPISODE)
    cues = [
        f"00:00:{5 * i:02d}.000 --> 00:00:{5 * i + 4:02d}.500\n<v {voice}>{text}</v>\n"
        for i, (voice, text) in enumerate(TALK)
    ]
    (own / "transcript.vtt").write_text("WEBVTT\n\nNOTE from another program\n\n" + "\n".join(cues))
    return tmp_path


def onrecord(root: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "onrecord", "-C", str(root), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def voice_print(root: Path, slug: str, person: str) -> Path:
    path = root / ".onrecord/voices" / slug / f"{person}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"person": person, "episode": slug, "vector": [1.0], "speech_ms": 60_000}))
    return path


def test_a_transcript_alone_is_enough_to_propose_names(series: Path) -> None:
    own = series / "episodes" / SLUG
    before = (own / "transcript.vtt").read_bytes()
    done = onrecord(series, "name", SLUG)
    assert done.returncode == 0, done.stderr
    assert "? Ada Lind" in done.stdout
    assert "? Goran Petek" in done.stdout
    assert (own / "transcript.vtt").read_bytes() == before
    proposed = (own / "transcript.new.vtt").read_bytes()
    assert proposed == before.replace(b"<v SPEAKER_00>", b"<v Ada Lind>").replace(
        b"<v SPEAKER_01>", b"<v Goran Petek>"
    )
    assert onrecord(series, "accept", SLUG).returncode == 0
    assert (own / "transcript.vtt").read_bytes() == proposed
    again = onrecord(series, "name", SLUG)
    assert "?" not in again.stdout
    assert not (own / "transcript.new.vtt").exists()


def test_a_dry_run_writes_nothing(series: Path) -> None:
    found = json.loads(onrecord(series, "name", SLUG, "--json").stdout)
    assert [(v["voice"], v["name"], v["named"]) for v in found] == [
        ("SPEAKER_00", "Ada Lind", False),
        ("SPEAKER_01", "Goran Petek", False),
    ]
    assert all(v["sure"] > 0.5 and v["reasons"] for v in found)
    onrecord(series, "name", SLUG, "--dry-run")
    assert not (series / "episodes" / SLUG / "transcript.new.vtt").exists()


def test_where_nothing_is_said_nobody_is_named(series: Path) -> None:
    own = series / "episodes" / SLUG
    text = (own / "transcript.vtt").read_text()
    for _, said in TALK:
        text = text.replace(said, "Mhm, mhm, yes.")
    (own / "transcript.vtt").write_text(text)
    done = onrecord(series, "name", SLUG)
    assert "no name: nothing said enough" in done.stdout
    assert not (own / "transcript.new.vtt").exists()


def test_a_name_given_by_hand_changes_that_voice_and_nothing_else(series: Path) -> None:
    own = series / "episodes" / SLUG
    before = (own / "transcript.vtt").read_bytes()
    done = onrecord(series, "name", SLUG, "SPEAKER_01", "Goran Petek")
    assert done.stdout == "SPEAKER_01 is Goran Petek now: 2 turns\n"
    after = (own / "transcript.vtt").read_bytes()
    assert after == before.replace(b"<v SPEAKER_01>", b"<v Goran Petek>")
    kept = [p.read_bytes() for p in (series / ".onrecord/history").rglob("*") if p.is_file()]
    assert before in kept
    wrong = onrecord(series, "name", SLUG, "SPEAKER_07", "Goran Petek")
    assert wrong.returncode == 1
    assert "its voices are SPEAKER_00, Goran Petek" in wrong.stderr


def test_forgetting_removes_every_print_and_the_consent_and_nothing_else(series: Path) -> None:
    gone = [voice_print(series, SLUG, "ada-lind"), voice_print(series, "2025-01-01-old", "ada-lind")]
    stays = voice_print(series, SLUG, "goran-petek")
    unfinished = series / "episodes" / SLUG / "cache/.scratch/remember/ada-lind.json"
    unfinished.parent.mkdir(parents=True)
    unfinished.write_text("{}")
    done = onrecord(series, "forget", "Ada Lind")
    assert done.returncode == 0, done.stderr
    assert "2 voice prints removed" in done.stdout
    assert not any(path.exists() for path in (*gone, unfinished))
    assert stays.exists()
    text = (series / "people.yaml").read_text()
    assert text.startswith("# Who is who. Keep this comment.")
    assert text.splitlines()[2:] == PEOPLE.splitlines()[2:]
    assert "ada-lind: {name: Ada Lind" in text
    assert "# she signed in March" in text
    assert "voice" not in text.splitlines()[1]
    assert onrecord(series, "forget", "goran-petek").returncode == 0
    assert "consent: [picture]" in (series / "people.yaml").read_text()
    assert not stays.exists()


def test_nobody_is_forgotten_by_mistake(series: Path) -> None:
    stays = voice_print(series, SLUG, "ada-lind")
    done = onrecord(series, "forget", "Ada Lund")
    assert done.returncode == 1
    assert "nobody is called `Ada Lund`" in done.stderr
    assert stays.exists()


def test_a_build_removes_prints_that_nobody_allows_any_more(series: Path) -> None:
    kept, gone = voice_print(series, SLUG, "ada-lind"), voice_print(series, SLUG, "goran-petek")
    stranger, lost = voice_print(series, SLUG, "nobody"), voice_print(series, "2020-01-01-gone", "ada-lind")
    (series / "people.yaml").write_text(PEOPLE.replace("consent: [voice, picture]", "consent: [picture]"))
    assert onrecord(series, "build", "--drafts", "--quiet").returncode == 0
    assert kept.exists()
    assert not any(path.exists() for path in (gone, stranger, lost))


def test_a_print_is_made_of_the_longest_turns_without_their_edges() -> None:
    turns = [Turn(Span(Ms(a), Ms(b)), "Ada", ()) for a, b in ((0, 1500), (5000, 95_000), (100_000, 190_000))]
    spans = alone(turns)
    assert spans == (Span(Ms(5250), Ms(94_750)), Span(Ms(100_250), Ms(130_750)))
    assert sum(s.length_ms for s in spans) == ENOUGH_MS


@pytest.mark.parametrize("voice", ["Speaker 1", "SPEAKER_00", "spk_2", "Unknown", "voice-3", "Speaker B", ""])
def test_voices_of_other_programs_are_known_as_nameless(voice: str) -> None:
    assert is_anonymous(voice)
    assert not is_anonymous(f"{voice} Lind".strip())
