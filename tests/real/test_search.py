"""The search page in Chromium: from words to the turn, and from the turn to its sound."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests import sample
from tests.real.test_pages import HERE, _lay, _needs, _served, tools

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

__all__ = ["tools"]

_ASKED = [
    {"query": '"valley without water"'},
    {"query": "wells"},
    {"query": "minist*"},
    {"query": "HVALA"},
    {"query": '"without valley"'},
    {"query": "ministry", "person": "Eda Cela", "year": "2026"},
    {"query": "valley", "part": "host"},
    {"query": "valley", "year": "1999"},
]


def test_words_lead_to_the_turn_and_its_link_plays_from_that_second(tools: Path, tmp_path: Path) -> None:
    _needs("node", "chromium", "ffmpeg")
    _lay(tmp_path, sample.files())
    silence = ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono"]
    grey = ["-f", "lavfi", "-i", "color=gray:s=320x180:r=10", "-pix_fmt", "yuv420p"]
    film = sample.video().video
    assert film is not None
    _lay(tmp_path, {sample.video().poster: b"x" * 1000})
    for inputs, path in ((silence, sample.full().audio[0].path), ([*silence, *grey], film.path)):
        subprocess.run(["ffmpeg", "-v", "error", *inputs, "-t", "75", str(tmp_path / path)], check=True)
    with _served(tmp_path) as base:
        command = ["node", str(HERE / "search.mjs"), str(tools), f"{base}/record/search/index.html"]
        run = subprocess.run([*command, json.dumps(_ASKED)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout)
    phrase, word, prefix, latin, reversed_phrase, person, host, early = (f["results"] for f in found["found"])
    assert found["errors"] == []
    assert [r["marked"] for r in phrase] == [["valley", "without", "water"]] * 2
    assert {r["href"].partition("#")[2] for r in phrase} == {"t=36"}
    assert {r["who"] for r in word} == {"Tomas Oreshi"}
    assert word[1]["role"] == "Hydrologist, University of Varna Hills"
    assert word[1]["meta"] == "4 November 2026 · Lithium under the Talva: a promise or a threat?"
    assert {r["marked"][0] for r in prefix} == {"ministry"}
    assert [r["said"] for r in latin] == ["Хвала вам обома."]
    assert (reversed_phrase, early) == ([], [])
    assert {r["who"] for r in person} == {"Eda Çela-Đorđević"}
    assert {r["who"] for r in host} == {"Mara Velin"}
    assert len(host) == 3
    assert found["heard"]["at"] == pytest.approx(36, abs=0.3)
    assert found["heard"]["turn"] == "Tomas Oreshi"
    assert found["sideways"] == {"320": 0, "375": 0, "1280": 0}
    assert (found["lists"], found["field"]) == (5, False)
