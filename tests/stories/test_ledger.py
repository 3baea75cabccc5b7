"""Stories of the ledger: questions proposed, corrected, laid out anew, quoted, and quotes that fall."""

from __future__ import annotations

import json
import runpy
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.stories.test_recording import ROOT, built, onrecord

from onrecord.craft.merge_questions import merge_questions
from onrecord.flow.build import Report, Wish, build
from onrecord.flow.ledger import drawn
from onrecord.flow.plan import plan
from onrecord.flow.status import look
from onrecord.folder.correct import accept
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import read_episode, read_series
from onrecord.make.run import Outcome, make
from onrecord.model.ledger import Ledger
from onrecord.model.time import write_clock
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


def make_series(root: Path) -> Path:
    """A series whose transcript was laid there by hand, so that nothing has to be recognised."""
    own = root / "episodes" / SLUG
    own.mkdir(parents=True)
    (root / "series.yaml").write_text(SERIES)
    (own / "episode.md").write_text(EPISODE)
    (own / "transcript.vtt").write_text(transcript())
    (own / "recording.wav").write_bytes(b"")
    return own


def lay(root: Path) -> list[Outcome]:
    """Run the one step that lays questions out, as a build does; the others have sound to listen to."""
    home = SeriesFolder(root)
    read = read_series(home)
    assert read.series is not None
    reads = [read_episode(home, own, read.series, read.register) for own in home.episodes]
    tasks = [task for task in plan(home, read.series, reads) if task.step == "lay_out"]
    assert tasks
    with ThreadPoolExecutor(1) as pool:
        return make(tasks, {"cpu": pool}, lambda _: None, threading.Event())


def publish(root: Path) -> Report:
    wish = Wish(datetime(2025, 4, 1, tzinfo=UTC), quick=True)
    return build(SeriesFolder(root), wish, dict, lambda _: None, threading.Event())


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = make_series(tmp_path / "series")
    (outcome,) = lay(tmp_path / "series")
    assert outcome.result == "made", outcome
    assert not lay(tmp_path / "series"), "laid out once, it is fresh"
    return folder


def ledger(own: Path) -> Ledger:
    found, problems = questions_yaml.read((own / "questions.yaml").read_text())
    assert found is not None, problems
    return found


def test_questions_are_proposed_with_places_answers_quotes_and_chapters(own: Path) -> None:
    found = ledger(own)
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
    told = json.loads((own / "cache/ledger.json").read_text())["questions"]
    assert set(told) == {"q1", "q2", "q3"}
    assert told["q1"]["follow_ups"], "And the crew?"


@pytest.mark.parametrize(
    ("put", "found"), [("what is left of the winter ferry", "yes"), ("now to you", "no")]
)
def test_a_question_that_is_put_without_a_question_mark_is_asked(
    put: str, found: str, tmp_path: Path
) -> None:
    own = make_series(tmp_path / "series")
    said = SAID.replace("what is left of the winter ferry?", f"{put}.")
    said = said.replace("The winter ferry stops this year, and we ask why.", "It is late.")
    said = said.replace("And the crew?", "And the crew.")
    # Nobody answers in the question's words either, so nothing but the asking tells.
    start, _, rest = said.partition("Goran Petek: ")
    answer, _, after = rest.partition("\n")
    assert "winter ferry" in answer, "control"
    plain = "Nine people know how to sail her through the ice. " * 3
    (own / "transcript.vtt").write_text(transcript(f"{start}Goran Petek: {plain.strip()}\n{after}"))
    lay(tmp_path / "series")
    question = next(q for q in ledger(own).questions if q.text == "What is left of the winter ferry?")
    assert question.found == found


OTHERS = ("vineyard", "library", "tramway", "orchard", "theatre", "granary")


def said_of(subject: str) -> str:
    """Another conversation, which shares no more with the first than any two interviews do."""
    return (
        f"Ada Lind: Good evening and welcome to the debrief. Tonight we talk about the old {subject}.\n"
        f"Jo Bell: The {subject} was here before the town, and whoever walks there sees what the town was.\n"
        f"Ada Lind: What is left of the {subject}, and who pays for it?\n"
        f"Jo Bell: Nobody pays. The roof of the {subject} leaks, and in the spring we carry buckets.\n"
        "Ada Lind: Thank you. This was the debrief.\n"
    )


def test_a_question_that_fits_other_conversations_as_well_is_not_found(tmp_path: Path) -> None:
    root = tmp_path / "series"
    own = make_series(root)
    foreign = "  - Why does the roof of the granary leak?\n"
    (own / "episode.md").write_text(EPISODE.replace("  - Who pays", f"{foreign}  - Who pays"))
    lay(root)
    assert {q.found for q in ledger(own).questions} == {"yes"}, "control: alone, every question has its place"
    for day, subject in enumerate(OTHERS, 1):
        folder = root / "episodes" / f"2025-01-0{day}-{subject}"
        folder.mkdir()
        (folder / "transcript.vtt").write_text(transcript(said_of(subject)))
    (outcome,) = lay(root)
    assert outcome.result == "made"
    found = {q.text: q.found for q in ledger(own).questions}
    assert found.pop("Why does the roof of the granary leak?") == "no"
    assert set(found.values()) == {"yes"}
    later = root / "episodes" / "2026-01-01-later"
    later.mkdir()
    (later / "transcript.vtt").write_text(transcript(said_of("lighthouse")))
    (root / "episodes" / "2025-01-01-vineyard" / "transcript.vtt").write_text(transcript())
    assert not lay(root), "neither a later episode nor a correction in another one lays this one out anew"


def test_a_person_corrects_and_the_next_proposal_lies_beside(own: Path) -> None:
    root = own.parents[1]
    file, waiting = own / "questions.yaml", own / "questions.new.yaml"
    chosen = ledger(own).questions[0].quotes[0]
    mine = corrected(file.read_text(), chosen.text)
    asked = ledger(own).questions[1].asked
    file.write_text(mine)
    (outcome,) = lay(root)
    assert outcome.result == "beside"
    assert file.read_text() == mine, "what was added is located, but beside the person's file"
    assert "asked" in waiting.read_text().partition("id: own")[2]
    waits = look(SeriesFolder(root), datetime(2025, 4, 1, tzinfo=UTC), SLUG)[0].waits
    assert waits[0].startswith("questions.new.yaml is a new proposal")
    assert accept(file, root, merge_questions)
    text = file.read_text()
    for line in (
        "# ours\n",
        "question: Who pays?   # so\n",
        "approved: true}   # the one\n",
        "title: Welcome}",
    ):
        assert line in text
    found = {q.id: q for q in ledger(own).questions}
    assert found["own"].found == "yes"
    assert found["q2"].asked == asked
    lay(root)
    assert not lay(root), "the places of what was added are theirs now, which is laid out once more"
    assert not waiting.exists()
    assert file.read_text() == text


def corrected(proposed: str, chosen: str) -> str:
    mine = proposed.replace("question: Who pays for the bridge over the sound?", "question: Who pays?   # so")
    mine = mine.replace(f'{chosen}"}}', f'{chosen}", approved: true}}   # the one')
    mine = mine.replace("title: Introduction}", "title: Welcome}")
    added = "  - id: own\n    question: What do the young ones learn of ice?\n"
    return "# ours\n" + mine.replace("chapters:\n", f"{added}chapters:\n")


def test_pins_hold_and_the_rest_is_laid_out_around_them(own: Path) -> None:
    root, file = own.parents[1], own / "questions.yaml"
    first = ledger(own)
    text = file.read_text().replace("asked: " + write_clock(first.questions[1].asked or 0), "asked: 0:25")
    said_no = "question: How will the islanders get to hospital?\n    found: "
    text = text.replace(f"{said_no}yes", f"{said_no}never asked")
    file.write_text(text)
    lay(root)
    assert accept(file, root, merge_questions)
    found = ledger(own)
    assert found.questions[1].asked == 25_000
    assert found.questions[2].found == "never asked"
    assert found.questions[2].asked == first.questions[2].asked, "who says so has looked: the entry is theirs"
    assert "How will the islanders get to hospital?" not in [c.title for c in found.chapters]
    assert found.chapters[-1].at <= 25_000


def test_a_reworded_announcement_keeps_its_entry_and_a_new_one_gets_its_own(own: Path) -> None:
    episode = own / "episode.md"
    text = episode.read_text().replace(
        "What is left of the winter ferry?", "What remains of the winter ferry?"
    )
    episode.write_text(text.replace("  - Who pays", "  - What happens to the crew?\n  - Who pays"))
    (outcome,) = lay(own.parents[1])
    assert outcome.result == "made", "nobody had touched the file"
    found = ledger(own).questions
    assert [(q.id, q.text) for q in found[:3]] == [
        ("q1", "What remains of the winter ferry?"),
        ("q4", "What happens to the crew?"),
        ("q2", "Who pays for the bridge over the sound?"),
    ]


def test_nothing_announced_gives_the_questions_that_were_really_asked(own: Path) -> None:
    episode, root = own / "episode.md", own.parents[1]
    head, _, rest = episode.read_text().partition("questions:\n")
    episode.write_text(head + rest[rest.index("checked:") :])
    (own / "questions.yaml").unlink()
    lay(root)
    found = ledger(own)
    assert found.questions
    said = " ".join(SAID.split())
    for question in found.questions:
        assert question.text in said
        assert question.text.endswith("?")
        assert question.answers
    assert not lay(root)


def test_a_ledger_that_a_person_wrote_without_us_is_left_alone(tmp_path: Path) -> None:
    folder = make_series(tmp_path / "series")
    (folder / "questions.yaml").write_text("questions: []\nchapters: []\n")
    with pytest.raises(AssertionError):
        lay(tmp_path / "series")


def test_only_approved_quotes_are_public_and_stop_the_build_when_a_word_breaks(own: Path) -> None:
    root, file = own.parents[1], own / "questions.yaml"
    page = root / "public" / SLUG / "index.html"
    assert publish(root).well
    assert "<blockquote" not in page.read_text()
    chosen = ledger(own).questions[0].quotes[0].text
    assert "never a business" in chosen
    file.write_text(corrected(file.read_text(), chosen))
    assert publish(root).well
    assert "<blockquote" in page.read_text()
    whole = (own / "transcript.vtt").read_text()
    (own / "transcript.vtt").write_text(whole.replace("never a business", "always a business"))
    before = page.read_bytes()
    report = publish(root)
    assert report.published is None
    (problem,) = [p for p in report.problems if p.grave]
    says, old, new = problem.says.splitlines()
    assert says == "the approved quote by Goran Petek no longer stands"
    assert chosen in old
    assert chosen.replace("never", "always") in new
    assert problem.place.line > 1
    assert page.read_bytes() == before, "the old site stands"
    tidied = chosen.replace("it was the road that", "[…] the road that")
    (own / "transcript.vtt").write_text(whole)
    file.write_text(file.read_text().replace(chosen, tidied))
    assert publish(root).well, "words left out are marked"
    file.write_text(file.read_text().replace("[…] the road", "the road"))
    assert publish(root).published is None, "words left out are not marked"


def test_status_shows_the_ledger_and_draws_the_conversation(own: Path) -> None:
    status = look(SeriesFolder(own.parents[1]), datetime(2025, 4, 1, tzinfo=UTC), SLUG)[0]
    first = status.ledger[0]
    assert (first.id, first.found, first.answered_by) == ("q1", "yes", ("Goran Petek",))
    assert first.sure is not None
    assert first.waiting == len(ledger(own).questions[0].quotes)
    lines = drawn(SeriesFolder(own.parents[1]), own_folder(own), 80).splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split("  ")[0].strip() for line in lines[1:7]] == [
        *("Ada Lind", "Goran Petek", "Mira Kos"),
        *("q1", "q2", "q3"),
    ]
    assert all("?" in line and "━" in line for line in lines[4:7])


def own_folder(own: Path) -> EpisodeFolder:
    return EpisodeFolder(own, SLUG)


@pytest.mark.slow
def test_from_the_recording_to_chapters_in_every_format_by_the_command_line(tmp_path: Path) -> None:
    root = tmp_path / "series"
    folder = make_series(root)
    runpy.run_path(str(ROOT / "tests/scripted/tones.py"))["write"](folder, 110)
    (folder / "sound.wav").replace(folder / "recording.wav")
    for name in ("silences.json", "facts.json"):
        (folder / name).unlink()
    built(root)
    public = root / "public" / SLUG
    marks = json.loads((public / "chapters.json").read_text())["chapters"]
    assert [m["title"] for m in marks][1] == "What is left of the winter ferry?"
    (sound,) = public.glob("programme-*.mp3")
    assert "What is left of the winter ferry?".encode("utf-16-le") in sound.read_bytes()[:20_000]
    file = folder / "questions.yaml"
    chosen = ledger(folder).questions[0].quotes[0].text
    file.write_text(corrected(file.read_text(), chosen))
    built(root)
    assert "questions.new.yaml is a new proposal" in onrecord(root, "status", SLUG).stdout
    assert onrecord(root, "accept", SLUG).returncode == 0
    built(root)
    assert not (folder / "questions.new.yaml").exists()
    assert chosen in (public / "index.html").read_text()
    assert "answered by" in onrecord(root, "status", SLUG).stdout
    assert "━" in onrecord(root, "status", SLUG, "--map").stdout
    whole = (folder / "transcript.vtt").read_text()
    (folder / "transcript.vtt").write_text(whole.replace("never a business", "always a business"))
    for verb in ("build", "check"):
        done = onrecord(root, verb)
        assert done.returncode == 1
        assert "no longer stands" in done.stderr
        assert "was never a business" in done.stderr
        assert "was always a business" in done.stderr
