"""Stories of the ledger: questions proposed, corrected, laid out anew, quoted, and quotes that fall."""

from __future__ import annotations

import json
import runpy
import shutil
from pathlib import Path

import pytest
from tests.stories.test_recording import ROOT, built, onrecord

from onrecord.model.ledger import Ledger
from onrecord.text import questions_yaml

SLUG = "2025-03-12-winter-ferry"
SERIES = """\
guid: 0b1c6f2e-0000-4000-8000-000000000003
title: Harbour Debrief
host: Ada Lind, Senior Fellow, Delta Institute
url: https://example.org/harbour/
language: en
recogniser: scripted:0
"""
EPISODE = """\
---
id: 5d4f0000-0000-4000-8000-000000000004
title: The last winter ferry
date: 2025-03-12
guests:
  - Goran Petek, Captain, Selna Ferry Cooperative
  - Mira Kos, Minister of Transport
questions:
  - What is left of the winter ferry?
  - Who pays for the bridge over the sound?
  - How will the islanders get to hospital?
checked: {by: Ada Lind, on: 2025-03-13}
approved: {by: Ada Lind, on: 2025-03-13}
---
The winter ferry stops.
"""
SAID = """\
Ada Lind: Good evening and welcome to the debrief. We sit in the old harbour office tonight, \
with a storm at the windows. The winter ferry stops this year, and we ask why.
Ada Lind: With me are Goran Petek and Mira Kos. Goran, what is left of the winter ferry?
Goran Petek: One ship is left, and nine people who know how to sail her through the ice. \
The winter ferry was never a business, it was the road that we did not have. \
When the ice comes, the ferry is all that moves between the islands and the town.
Ada Lind: And the crew?
Goran Petek: The crew will go to the summer boats, and nobody will teach the young ones what ice does \
to a hull.
Ada Lind: Minister, who pays for the bridge over the sound?
Mira Kos: The bridge is paid for by the ministry and by the union, half and half, as we said in the spring. \
A bridge over the sound costs what the ferry would cost in forty winters. \
I know that this does not console anybody who waits on the quay tonight.
Goran Petek: But nobody asked us about that bridge.
Ada Lind: Let me turn to the islanders. How will they get to a hospital when the sea is frozen?
Mira Kos: By helicopter, and in the worst nights by the coast guard, who have promised a boat for the \
hospital. The islanders will get to hospital within an hour, and we have written that down.
Goran Petek: In an hour the ice has closed, and the hospital is as far from the islanders as the moon.
Ada Lind: Thank you both. This was the debrief.
"""
QUOTE = "The winter ferry was never a business, it was the road that we did not have."


def transcript(said: str = SAID) -> str:
    out, at = ["WEBVTT\n"], 500
    for line in said.splitlines():
        voice, _, words = line.partition(": ")
        for sentence in words.replace(". ", ".|").replace("? ", "?|").split("|"):
            end = at + 300 * len(sentence.split())
            out.append(f"\n{clock(at)} --> {clock(end)}\n<v {voice}>{sentence}\n")
            at = end + 100
    return "".join(out)


def clock(ms: int) -> str:
    return f"00:{ms // 60000:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


def make(root: Path) -> Path:
    own = root / "episodes" / SLUG
    own.mkdir(parents=True)
    (root / "series.yaml").write_text(SERIES)
    (own / "episode.md").write_text(EPISODE)
    runpy.run_path(str(ROOT / "tests/scripted/tones.py"))["write"](own, 110)
    (own / "sound.wav").rename(own / "recording.wav")
    for name in ("silences.json", "facts.json"):
        (own / name).unlink()
    (own / "transcript.vtt").write_text(transcript())
    return own


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ferry") / "series"
    make(root)
    built(root)
    return root


def ledger(own: Path) -> Ledger:
    found, problems = questions_yaml.read((own / "questions.yaml").read_text())
    assert found is not None, problems
    return found


def test_questions_are_proposed_with_places_answers_quotes_and_chapters(laid: Path) -> None:
    found = ledger(laid / "episodes" / SLUG)
    assert [q.id for q in found.questions] == ["q1", "q2", "q3"]
    assert [q.found for q in found.questions] == ["yes", "yes", "yes"]
    by = [[a.by for a in q.answers] for q in found.questions]
    assert by == [["Goran Petek"], ["Mira Kos", "Goran Petek"], ["Mira Kos", "Goran Petek"]]
    said = " ".join(SAID.split())
    quotes = [u for q in found.questions for u in q.quotes]
    assert len(quotes) >= 4
    for quote in quotes:
        assert quote.text in said
        assert 12 <= len(quote.text.split()) <= 60
        assert not quote.approved
    titles = [c.title for c in found.chapters]
    assert titles == [
        "Introduction",
        "What is left of the winter ferry?",
        "Who pays for the bridge over the sound?",
        "How will the islanders get to hospital?",
    ]
    assert found.chapters[0].at == 0
    told = json.loads((laid / "episodes" / SLUG / "cache/ledger.json").read_text())["questions"]
    assert set(told) == {"q1", "q2", "q3"}
    assert told["q1"]["follow_ups"], "And the crew?"


def test_what_nobody_approved_is_not_public_and_chapters_are_in_every_format(laid: Path) -> None:
    public = laid / "public" / SLUG
    marks = json.loads((public / "chapters.json").read_text())["chapters"]
    assert [m["title"] for m in marks][1] == "What is left of the winter ferry?"
    (sound,) = public.glob("programme-*.mp3")
    assert "What is left of the winter ferry?".encode("utf-16-le") in sound.read_bytes()[:20_000]
    assert "<blockquote" not in (public / "index.html").read_text()


def test_a_person_corrects_and_the_next_proposal_lies_beside(laid: Path, tmp_path: Path) -> None:
    root = tmp_path / "series"
    shutil.copytree(laid, root, symlinks=True)
    own = root / "episodes" / SLUG
    file, waiting = own / "questions.yaml", own / "questions.new.yaml"
    proposed = file.read_text()
    chosen = next(q for q in ledger(own).questions[0].quotes)
    mine = proposed.replace("question: Who pays for the bridge over the sound?", "question: Who pays?   # so")
    mine = mine.replace(f'{chosen.text}"}}', f'{chosen.text}", approved: true}}   # the one')
    mine = mine.replace("title: Introduction}", "title: Welcome}")
    added = "  - id: own\n    question: What do the young ones learn of ice?\n"
    mine = mine.replace("chapters:\n", f"{added}chapters:\n")
    file.write_text("# ours\n" + mine)
    assert not waiting.exists()
    built(root)
    assert file.read_text() == "# ours\n" + mine, "it was located, but beside the person's file"
    assert "asked" in waiting.read_text().partition("id: own")[2]
    status = onrecord(root, "status", SLUG).stdout
    assert "questions.new.yaml is a new proposal" in status
    assert onrecord(root, "accept", SLUG).returncode == 0
    text = file.read_text()
    assert text.startswith("# ours\n")
    assert "question: Who pays?   # so" in text
    assert "approved: true}   # the one" in text
    assert "title: Welcome}" in text
    found = {q.id: q for q in ledger(own).questions}
    assert found["own"].found == "yes"
    assert found["q2"].asked == ledger_of(proposed).questions[1].asked
    again = built(root)
    assert not waiting.exists(), again
    assert file.read_text() == text

    # The approved quote is public, and stops the build when one of its words breaks.
    page = root / "public" / SLUG / "index.html"
    assert chosen.text in page.read_text()
    whole = (own / "transcript.vtt").read_text()
    (own / "transcript.vtt").write_text(whole.replace("never a business", "always a business"))
    for verb in ("build", "check"):
        done = onrecord(root, verb)
        assert done.returncode == 1
        assert "no longer stands" in done.stderr
        assert "was never a business" in done.stderr
        assert "was always a business" in done.stderr
    assert "never a business" in page.read_text(), "the old site stands"
    (own / "transcript.vtt").write_text(whole)
    assert onrecord(root, "build").returncode == 0


def ledger_of(text: str) -> Ledger:
    found, problems = questions_yaml.read(text)
    assert found is not None, problems
    return found
