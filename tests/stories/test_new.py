"""Stories of a beginning: a series, an episode from a recording, an episode from the text of its page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.text import episode_md, series_yaml

PAGE = """\
March 12, 2025

The winter ferry to Selna stops for the first time in sixty years.

In this episode of #HarbourDebrief, Ada Lind, Senior Fellow at the Delta Institute, speaks with Goran Petek,
Captain at the Selna Ferry Cooperative.

In this episode, we explore:

- What is left of the winter ferry?
- Who leaves the island: the young, or everybody?

#HarbourDebrief is an online interview series presented by the Delta Institute and hosted by Ada Lind.

Watch #HarbourDebrief on YouTube and listen to it as a Podcast.
"""


def onrecord(*args: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "onrecord", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, input=stdin, check=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    root = tmp_path / "debrief"
    assert onrecord("new", "series", root, "--title", "#HarbourDebrief").returncode == 0
    return root


def test_a_new_series_has_no_problems_and_is_made_once(home: Path) -> None:
    checked = onrecord("-C", home, "check")
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout == "0 problems, 0 warnings\n"
    again = onrecord("new", "series", home)
    assert again.returncode == 1
    assert "already" in again.stderr


def test_an_episode_from_a_recording_holds_a_copy_of_it(home: Path, tmp_path: Path) -> None:
    recording = tmp_path / "Ferry Talk.WAV"
    recording.write_bytes(b"sound")
    made = onrecord("-C", home, "new", "episode", recording, "--date", "2025-03-12")
    assert made.returncode == 0, made.stderr
    own = home / "episodes/2025-03-12-ferry-talk"
    assert (own / "recording.wav").read_bytes() == b"sound"
    episode, problems = episode_md.read((own / "episode.md").read_text(), slug=own.name)
    assert not problems
    assert episode is not None
    assert episode.title == "Ferry Talk"
    assert episode.approved is None
    again = onrecord("-C", home, "new", "episode", recording, "--date", "2025-03-12")
    assert again.returncode == 1
    assert "already" in again.stderr


def test_an_episode_from_standard_input_fills_in_what_the_page_says(home: Path) -> None:
    made = onrecord("-C", home, "new", "episode", "--from-text", "-", stdin=PAGE)
    assert made.returncode == 0, made.stderr
    (own,) = (home / "episodes").iterdir()
    episode, problems = episode_md.read((own / "episode.md").read_text(), slug=own.name)
    assert not problems
    assert episode is not None
    assert episode.published.date().isoformat() == "2025-03-12"
    assert [q.ask for q in episode.questions] == [
        "What is left of the winter ferry?",
        "Who leaves the island: the young, or everybody?",
    ]
    (guest,) = episode.guests
    assert (guest.person.name, guest.role, guest.organisation) == (
        "Goran Petek",
        "Captain",
        "Selna Ferry Cooperative",
    )
    series, problems = series_yaml.read((home / "series.yaml").read_text())
    assert not problems
    assert series is not None
    assert series.hashtag == "HarbourDebrief"
    assert series.tagline.startswith("#HarbourDebrief is an online interview series")
    assert series.presenter.name == "Delta Institute"
    assert list(series.links) == ["youtube", "podcast"]
    assert "gives no address" in made.stderr


def test_what_the_series_says_already_stays(home: Path) -> None:
    file = home / "series.yaml"
    file.write_text(file.read_text().replace('tagline: ""', "tagline: Our own line."))
    onrecord("-C", home, "new", "episode", "--from-text", "-", stdin=PAGE)
    series, _ = series_yaml.read(file.read_text())
    assert series is not None
    assert series.tagline == "Our own line."
    assert "# never change it" in file.read_text(), "comments stay"


def test_the_page_of_a_real_programme(home: Path, shared: Path) -> None:
    made = onrecord(
        "-C", home, "new", "episode", "--from-text", shared / "data/pages/balkansdebrief-2025-03-12.txt"
    )
    assert made.returncode == 0, made.stderr
    (own,) = (home / "episodes").iterdir()
    episode, problems = episode_md.read((own / "episode.md").read_text("utf-8"), slug=own.name)
    assert not problems
    assert episode is not None
    assert episode.published.date().isoformat() == "2025-03-12"
    assert episode.introduction.startswith("Since the start of the war in Ukraine, over 100,000 Russians")
    assert [(b.person.name, b.role, b.organisation) for b in episode.billed] == [
        ("Ilva Tare", "Senior Fellow", "Atlantic Council’s Europe Center"),
        (
            "Srdjan Cvijić",
            "President of the International Advisory Board",
            "Belgrade Center for Security Policy",
        ),
        ("Maxim Samorukov", "Fellow", "Carnegie Russia-Eurasia Center"),
    ]
    assert len(episode.questions) == 5
    assert episode.references[0].title.startswith("Their latest research offers a fresh perspective")
    series, _ = series_yaml.read((home / "series.yaml").read_text("utf-8"))
    assert series is not None
    assert series.hashtag == "BalkansDebrief"
    assert series.tagline.startswith("#BalkansDebrief is an online interview series presented by")
    assert list(series.links) == ["youtube", "podcast"]
    assert "guessed, please check" in (own / "episode.md").read_text("utf-8")
