"""Stories of doubt: a misheard name is put right where the sound agrees, and status says where to look."""

from __future__ import annotations

import importlib
import json
import runpy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from onrecord.faces.cli import onrecord_command
from onrecord.flow.plan import plan
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import read_episode, read_series
from onrecord.make.step import Work

ROOT = Path(__file__).resolve().parents[2]
SCRIPTED = ROOT / "tests/scripted"
SLUG = "2025-03-12-ferry"
SERIES = """\
guid: 0b1c6f2e-0000-4000-8000-000000000001
title: Harbour Debrief
language: en
recogniser: witness
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


def make_series(root: Path) -> Path:
    own = root / "episodes" / SLUG
    own.mkdir(parents=True)
    (root / "series.yaml").write_text(SERIES)
    (own / "episode.md").write_text(EPISODE)
    return own


def onrecord(root: Path, *args: str) -> str:
    done = CliRunner().invoke(onrecord_command, ["-C", str(root), *args])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the recogniser of the stories notes, which is on the path now."""
    monkeypatch.syspath_prepend(str(SCRIPTED))
    monkeypatch.setenv("SCRIPTED_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def noted(log: Path) -> list[Any]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def step(root: Path, name: str) -> None:
    """Do one step of the plan, and put what it makes in its place."""
    home = SeriesFolder(root)
    series = read_series(home)
    assert series.series
    own = home.episode(SLUG)
    tasks = plan(home, series.series, [read_episode(home, own, series.series, series.register)])
    (task,) = [task for task in tasks if task.step == name]
    needs = tuple(own.root / path for path in task.needs)
    task.scratch.mkdir(parents=True, exist_ok=True)
    module = importlib.import_module(f"onrecord.steps.{name}")
    module.do(Work(own.root, needs, task.scratch, json.loads(task.params), lambda *_: None))
    for path in task.makes:
        (own.root / path).parent.mkdir(exist_ok=True)
        (own.root / path).write_bytes(task.draft(path).read_bytes())


def recorded(root: Path) -> Path:
    """An episode as it is once its recording was taken in."""
    own = make_series(root)
    (own / "cache").mkdir()
    runpy.run_path(str(SCRIPTED / "witness_recogniser.py"))["write"](own / "recording.wav")
    (own / "cache/sound.wav").write_bytes((own / "recording.wav").read_bytes())
    (own / "cache/silences.json").write_text("[]")
    return own


def test_a_misheard_name_is_put_right_only_where_the_sound_agrees(tmp_path: Path, log: Path) -> None:
    root = tmp_path / "series"
    own = recorded(root)
    step(root, "recognise")
    step(root, "spell")
    words = json.loads((own / "record/words.json").read_text())["words"]
    spelled = json.loads((own / "record/spelled.json").read_text())
    assert " ".join(w[2] for w in words) == ("With me is Goran Petak, who wears a Patek. Good Goran Petak,")
    assert " ".join(w[2] for w in spelled["words"]) == (
        "With me is Goran Petek, who wears a Patek. Good Goran Petek,"
    )
    assert [w[:2] for w in spelled["words"]] == [w[:2] for w in words]
    changed = [a[:3] for a, b in zip(words, spelled["words"], strict=True) if a[2] != b[2]]
    assert [[a, b] for a, b, *_ in spelled["repairs"]] == [w[:2] for w in changed]
    assert [row[2:] for row in spelled["repairs"]] == [["Petak", "Petek,", "Goran Petek"]] * 2
    assert [row[2:4] for row in spelled["near"]] == [["Patek", "Petek."]]
    asked = [told for what, told in noted(log) if what == "asked"]
    assert len(asked) == 3
    assert all(told[-1] == "Goran Petek" for told in asked)
    (own / "record/voices.json").write_text('{"voices": []}')
    step(root, "transcribe")
    (own / "record/transcribe.json").write_text("{}")
    text = (own / "transcript.vtt").read_text()
    assert "Petek" in text
    assert "Petak" not in text

    told = onrecord(root, "status", SLUG)
    assert "Patek might be Petek" in told
    assert f'onrecord fix {SLUG} "Patek" "Petek"' in told
    assert "Petak was put right as Petek (at 0:03, and 1 more)" in told
    assert f'onrecord fix {SLUG} "Petek" "Petak"' in told
    assert "hardly heard" not in told

    # Somebody else is billed: nothing is put right.
    (own / "episode.md").write_text(EPISODE.replace("Goran Petek", "Ilva Tare"))
    step(root, "spell")
    spelled = json.loads((own / "record/spelled.json").read_text())
    assert (spelled["repairs"], spelled["near"]) == ([], [])


VTT = """\
WEBVTT
Language: en

00:00:00.000 --> 00:00:04.000
<v Speaker 1>The budget is twelve million for Selna.

00:00:06.000 --> 00:00:08.000
<v Ada Lind>And Mr. Petak said no.

00:00:09.000 --> 00:00:11.000
<v Speaker 2><lang sr-Latn>Ne, hvala vam lepo.</lang>
"""


def laid(root: Path, voices: str = VTT) -> Path:
    """What the steps would leave: words, repairs, speech and overlap."""
    own = make_series(root)
    (own / "transcript.vtt").write_text(voices)
    (own / "record").mkdir()
    said = [
        ("The", 0, 300, 0.9),
        ("budget", 300, 800, 0.2),
        ("is", 800, 1000, 0.9),
        ("twelve", 1000, 1600, 0.3),
        ("million", 1600, 2200, 0.9),
        ("for", 2200, 2500, 0.9),
        ("Selna.", 2500, 4000, 0.1),
        ("And", 6000, 6300, 0.9),
        ("Mr.", 6300, 6700, 0.9),
        ("Petak", 6700, 7300, 0.4),
        ("said", 7300, 7600, 0.9),
        ("no.", 7600, 8000, 0.9),
        ("Ne,", 9000, 9300, 0.9),
        ("hvala", 9300, 9900, 0.9),
        ("vam", 9900, 10_300, 0.9),
        ("lepo.", 10_300, 11_000, 0.9),
    ]
    spelled = {
        "language": "en",
        "words": [[a, b, text, sure] for text, a, b, sure in said],
        "gaps": [],
        "repairs": [[0, 300, "De", "The", "The"]],
        "near": [[6700, 7300, "Petak", "Petek", "Goran Petek"]],
    }
    (own / "record/spelled.json").write_text(json.dumps(spelled))
    speech, overlap = [[0, 5800], [6000, 8900], [9000, 11_000]], [[8000, 11_000], [9500, 10_500]]
    (own / "record/voices.json").write_text(json.dumps({"speech": speech, "overlap": overlap}))
    return own


def test_status_lists_what_to_look_at_in_order_of_worth(tmp_path: Path) -> None:
    own = laid(tmp_path)
    (found,) = json.loads(onrecord(tmp_path, "status", SLUG, "--json"))
    assert [(d["kind"], d["says"]) for d in found["doubts"]] == [
        ("voice", "Speaker 1 has no name (1 turn, 0:04 in all, first at 0:00)"),
        ("voice", "Speaker 2 has no name (1 turn, 0:02 in all, first at 0:09)"),
        ("gap", "somebody speaks from 0:04 for 1.7 s, but no words stand there"),
        ("word", "Petak might be Petek (at 0:06)"),
        ("word", "Selna was hardly heard (10%, at 0:02)"),
        ("word", "twelve was hardly heard (30%, at 0:01)"),
        ("gap", "somebody speaks from 0:08 for 0.8 s, but no words stand there"),
        ("overlap", "two people talk at once from 0:08 for 3 s"),
        ("language", "the language changes from en to sr-Latn at 0:09"),
        ("repair", "De was put right as The (at 0:00)"),
    ]
    assert all(SLUG in d["hint"] or "listen" in d["hint"] or "look" in d["hint"] for d in found["doubts"])
    told = onrecord(tmp_path, "status", SLUG)
    places = [told.index(d["says"]) for d in found["doubts"]]
    assert places == sorted(places)

    # What a person names, writes and mends is no doubt any more; what is still missing is one.
    mine = VTT.replace("Speaker 1", "Goran Petek").replace("Speaker 2", "Goran Petek")
    mine = mine.replace("twelve", "twenty").replace("Selna", "Velna").replace("Petak", "Petek")
    (own / "transcript.vtt").write_text(mine)
    (found,) = json.loads(onrecord(tmp_path, "status", SLUG, "--json"))
    kinds = [d["kind"] for d in found["doubts"]]
    assert "voice" not in kinds
    assert [d["says"] for d in found["doubts"] if d["kind"] == "word"] == []
    assert kinds.count("gap") == 2


def test_a_long_list_is_cut_and_shown_whole_when_asked_for(tmp_path: Path) -> None:
    cues = [
        f"00:00:{n:02d}.000 --> 00:00:{n:02d}.900\n<v Speaker {n + 1}>Yes, that is number {n}.\n"
        for n in range(24)
    ]
    laid(tmp_path, "WEBVTT\nLanguage: en\n\n" + "\n".join(cues))
    told = onrecord(tmp_path, "status", SLUG)
    assert told.count("has no name") == 20
    assert f"onrecord status {SLUG} --all" in told
    whole = onrecord(tmp_path, "status", SLUG, "--all")
    assert whole.count("has no name") == 24
    assert "--all" not in whole
    assert f"things for you: onrecord status {SLUG}" in onrecord(tmp_path, "status")
