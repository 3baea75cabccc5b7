"""Stories of corrections: another recogniser, a repeated misspelling, colleagues with a document."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import cast

import docx
import pytest
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph
from tests.stories.test_recording import SLUG, built, make_series, onrecord

from onrecord.folder.layout import SeriesFolder

FERRY = "2025-03-12-ferry"
VTT = """\
WEBVTT

NOTE mine: heard twice

00:00:00.500 --> 00:00:03.500
<v Ada Lind>What is left of the winter ferry, Mr. Vucic?

00:00:04.000 --> 00:00:08.500 align:start
<v Aleksandar Vucic>One ship, and nine people who
know how to sail her.

00:00:09.000 --> 00:00:12.000
<v Aleksandar Vucic>The minister, Aleksandar
Vucic, says Vucic's zeppelin. Vucicevic?
"""
QUESTIONS = """\
questions:
  - id: q1
    question: What is left of the winter ferry?
    found: yes
    asked: 00:00:00.500
    answers:
      - {by: Aleksandar Vucic, from: 00:00:04, to: 00:00:08.500}
    quotes:
      - {by: Aleksandar Vucic, from: 00:00:09, to: 00:00:12, text: Vucic's zeppelin, approved: true}   # good
"""
EPISODE = """\
---
id: 5d4f0000-0000-4000-8000-000000000001
title: The last winter ferry
date: 2025-03-12
host: Ada Lind, Senior Fellow, Delta Institute
guests:
  - Aleksandar Vučić, Captain, Selna Ferry Cooperative
approved: {by: Ada Lind, on: 2025-03-13}
---
The winter ferry stops.
"""


@pytest.fixture
def home(tmp_path: Path) -> SeriesFolder:
    root = tmp_path / "series"
    own = root / "episodes" / FERRY
    own.mkdir(parents=True)
    (root / "series.yaml").write_text("guid: 0b1c6f2e\ntitle: Harbour\nlanguage: en\n")
    (own / "episode.md").write_text(EPISODE)
    (own / "transcript.vtt").write_text(VTT)
    (own / "questions.yaml").write_text(QUESTIONS)
    return SeriesFolder(root)


def words(path: Path) -> list[str]:
    text = re.sub(r"NOTE[^\n]*", "", path.read_text())
    return re.sub(r"<[^>]*>", "", text).split()


def contents(home: SeriesFolder) -> dict[Path, bytes]:
    """Every file but the lock, which says who was the last to write."""
    return {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file() and p.name != "lock"}


# Another recogniser.


@pytest.mark.slow
def test_recognised_anew_by_another_engine_no_correction_is_lost(tmp_path: Path) -> None:
    root = tmp_path / "series"
    own = make_series(root, 14)
    built(root)
    transcript, waiting = own / "transcript.vtt", own / "transcript.new.vtt"
    assert words(transcript).count("good") > 0
    mine = transcript.read_text().replace("Speaker 1", "Goran Petek")
    mine = mine.replace("good", "Good, my friends,", 1).replace("Who Who Who", "Whoever", 1)
    mine = mine.replace("WEBVTT\nLanguage: en\n", "WEBVTT\nLanguage: en\n\nNOTE heard it twice\n", 1)
    transcript.write_text(mine)
    settings = root / "series.yaml"
    for engine in ("other:0", "scripted:0"):
        settings.write_text(re.sub("recogniser: .*", f"recogniser: {engine}", settings.read_text()))
        before = transcript.read_bytes()
        done = onrecord(root, "build")
        assert done.returncode == 0, done.stderr
        assert transcript.read_bytes() == before
        if waiting.exists():
            assert "transcript.new.vtt" in done.stderr
            assert onrecord(root, "accept", SLUG).returncode == 0
        text = transcript.read_text()
        assert "Good, my friends," in " ".join(words(transcript))
        assert "Whoever" in text
        assert "NOTE heard it twice" in text
        assert "Speaker" not in text
        if engine.startswith("other"):
            assert "hello" in text
            assert "debrief." not in text
    assert (own / "record/proposed/transcript.vtt").read_text().count("my friends") == 0


@pytest.mark.slow
def test_conflicts_are_counted_by_build_and_status_and_shown_in_the_file(tmp_path: Path) -> None:
    root = tmp_path / "series"
    own = make_series(root, 30)
    built(root)
    transcript = own / "transcript.vtt"
    transcript.write_text(transcript.read_text().replace("debrief.", "dinner.").replace("good", "goods"))
    settings = root / "series.yaml"
    settings.write_text(settings.read_text().replace("scripted:0", "other:0"))
    done = onrecord(root, "build")
    shown = (own / "transcript.new.vtt").read_text()
    count = shown.count("\nNOTE onrecord: the new recognition has ")
    assert count > 0
    assert 'has "hello" here; your words were kept' in shown or 'has "debate.' in shown
    assert f"in {count} place" in done.stderr
    assert f"{count} conflict" in onrecord(root, "status", SLUG).stdout


@pytest.mark.slow
def test_a_file_that_cannot_be_read_gets_the_plain_proposal_beside_it_and_a_word(tmp_path: Path) -> None:
    root = tmp_path / "series"
    own = make_series(root, 20)
    built(root)
    (own / "transcript.vtt").write_text("no transcript at all")
    settings = root / "series.yaml"
    settings.write_text(settings.read_text().replace("scripted:0", "other:0"))
    done = onrecord(root, "build")
    assert "could not be merged: the file does not begin with WEBVTT" in done.stderr
    assert (own / "transcript.new.vtt").read_bytes() == (own / "record/proposed/transcript.vtt").read_bytes()
    assert (own / "transcript.vtt").read_text() == "no transcript at all"


# A repeated misspelling.


def test_fix_shows_every_place_and_writes_nothing_unasked(home: SeriesFolder) -> None:
    before = contents(home)
    for more in ([], ["--dry-run"]):
        done = onrecord(home.root, "fix", FERRY, "Vucic", "Vučić", *more)
        assert done.returncode == 0, done.stderr
        assert f"episodes/{FERRY}/transcript.vtt:6 " in done.stdout
        assert "Vucic -> Vučić" in done.stdout
        assert "nothing was written" in done.stdout
        assert "glossary" in done.stdout
        assert contents(home) == before


def test_fix_mends_words_names_and_quotes_and_the_build_goes_on(home: SeriesFolder) -> None:
    own = home.episode(FERRY)
    done = onrecord(home.root, "fix", "--all", "Vucic", "Vučić", "--yes")
    assert done.returncode == 0, done.stderr
    assert "mended 8 places in 1 episode" in done.stdout
    mended = VTT.replace("Vucicevic", "\0").replace("Vucic", "Vučić").replace("\0", "Vucicevic")
    assert own.transcript.read_text() == mended
    assert own.questions.read_text() == QUESTIONS.replace("Vucic", "Vučić")
    assert len([p for p in (home.root / ".onrecord/history").rglob("*") if p.is_file()]) == 2
    assert onrecord(home.root, "build", "--as-of", "2025-04-01").returncode == 0
    assert "stands nowhere" in onrecord(home.root, "fix", FERRY, "Vucic", "Vučić", "--yes").stdout


def test_fix_says_how_it_is_called(home: SeriesFolder) -> None:
    assert onrecord(home.root, "fix", "Vucic", "Vučić").returncode == 2
    assert onrecord(home.root, "fix", "nowhere", "Vucic", "Vučić").returncode == 2
    assert onrecord(home.root, "fix", FERRY, "Vucic", " ").returncode == 2


# Colleagues with a document.


def exported(home: SeriesFolder) -> Path:
    out = home.root.parent / "out.docx"
    done = onrecord(home.root, "review", FERRY, str(out))
    assert done.returncode == 0, done.stderr
    return out


def taken(home: SeriesFolder, file: Path) -> str:
    done = onrecord(home.root, "review", FERRY, "--take", str(file))
    assert done.returncode == 0, done.stderr
    return done.stdout


def turns(document: Document) -> list[Paragraph]:
    return [p for p in document.paragraphs if p.text.startswith("[")]


def test_the_document_says_who_what_and_when(home: SeriesFolder) -> None:
    document = docx.Document(str(exported(home)))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "The last winter ferry" in text
    assert "Aleksandar Vučić, Captain, Selna Ferry Cooperative" in text
    assert "2025-03-12" in text
    assert [p.text for p in turns(document)][1].startswith(
        "[00:00:04] Aleksandar Vucic: One ship, and nine people"
    )
    assert document.settings.element.find(qn("w:trackRevisions")) is not None
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {"en"}
    again = onrecord(home.root, "review", FERRY, str(home.root.parent / "out.docx"))
    assert again.returncode == 1
    assert "there is a file of that name already" in again.stderr


def test_an_untouched_document_changes_nothing(home: SeriesFolder) -> None:
    file = exported(home)
    before = contents(home)
    assert "nothing was written" in taken(home, file)
    document = docx.Document(str(file))
    for paragraph in turns(document):
        for run in paragraph.runs:
            run.text = run.text.replace("'", "’")
    document.save(str(file))
    assert "nothing was written" in taken(home, file)
    assert contents(home) == before


def tracked(kind: str, text: str) -> BaseOxmlElement:
    """A run that was inserted or deleted while changes were tracked."""
    change, run = OxmlElement(f"w:{kind}"), OxmlElement("w:r")
    change.set(qn("w:id"), "7")
    change.set(qn("w:author"), "Ana")
    said = OxmlElement("w:delText" if kind == "del" else "w:t")
    said.text = text
    said.set(qn("xml:space"), "preserve")
    run.append(said)
    change.append(run)
    return cast("BaseOxmlElement", change)


def test_what_colleagues_corrected_comes_back_and_what_was_changed_since_stays(home: SeriesFolder) -> None:
    own = home.episode(FERRY)
    file = exported(home)
    document = docx.Document(str(file))
    first, second, *_ = turns(document)
    first.runs[2].text = " What is left of the winter ferry,"
    first._p.append(tracked("ins", " dear Captain"))
    first._p.append(tracked("del", " Mr. Vucic?"))
    first.add_run("?")
    second.runs[1].text = "Aleksandar Vučić:"
    document.add_comment(second.runs, text="is it\nreally nine?", author="Ana")
    document.save(str(file))
    # In the meantime.
    own.transcript.write_text(VTT.replace("nine people", "ten people").replace("left of", "still left of"))
    assert "1 remark" in taken(home, file)
    shown = (own.root / "transcript.new.vtt").read_text()
    assert "What is still left of the winter\nferry, dear Captain?" in shown
    assert "<v Aleksandar Vučić>One ship, and ten people who\nknow how to sail her." in shown
    assert "NOTE Ana remarks: is it really nine?\n\n00:00:04.000 --> 00:00:08.500 align:start\n" in shown
    assert "NOTE mine: heard twice" in shown
    assert own.transcript.read_text().count("ten people") == 1
    # And while it lay there.
    own.transcript.write_text(own.transcript.read_text().replace("zeppelin", "balloon"))
    again = onrecord(home.root, "review", FERRY, "--take", str(file))
    assert again.returncode == 1
    assert "another proposal waits here already" in again.stderr
    assert onrecord(home.root, "accept", FERRY).returncode == 0
    assert own.transcript.read_text() == shown.replace("zeppelin", "balloon")


def test_where_both_changed_the_same_words_both_are_shown(home: SeriesFolder) -> None:
    own = home.episode(FERRY)
    file = exported(home)
    document = docx.Document(str(file))
    turns(document)[1].runs[2].text = " One ship, and eight people who know how to sail her."
    document.save(str(file))
    own.transcript.write_text(VTT.replace("nine people", "ten people"))
    done = onrecord(home.root, "review", FERRY, "--take", str(file))
    assert "1 conflict" in done.stdout
    assert "transcript.new.vtt:" in done.stderr
    shown = (own.root / "transcript.new.vtt").read_text()
    assert 'NOTE onrecord: the reviewed document has "eight" here; your words were kept' in shown
    assert "ten people" in shown


def test_a_document_that_lost_its_mark_is_compared_with_the_nearest_copy_and_says_so(
    home: SeriesFolder,
) -> None:
    file = exported(home)
    document = docx.Document(str(file))
    document.core_properties.identifier = document.core_properties.keywords = ""
    for paragraph in document.paragraphs:
        if "onrecord-review-" in paragraph.text:
            paragraph.runs[0].text = "Thanks!"
    turns(document)[1].runs[2].text = " Two ships, and nine people who know how to sail her."
    document.save(str(file))
    assert "no longer says which copy it is" in taken(home, file)
    assert "Two ships" in (home.episode(FERRY).root / "transcript.new.vtt").read_text()


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ENTITIES = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
HOSTILE = {
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" * 9,
    "a broken zip": packed({"word/document.xml": b"<a/>" * 99})[:-30],
    "another zip": packed({"a.txt": b"a"}),
    "no xml": packed({"word/document.xml": b"no"}),
    "entities": packed(
        {"word/document.xml": ENTITIES + b"<w:document " + W + b"><w:p>&b;</w:p></w:document>"}
    ),
    "a bomb": packed(
        {"word/document.xml": b"<w:document " + W + b">" + b" " * (60 << 20) + b"</w:document>"}
    ),
    "no turns": packed({"word/document.xml": b"<w:document " + W + b"><w:p/></w:document>"}),
    "deep": packed({"word/document.xml": b"<w:document " + W + b">" + b"<w:p>" * 90_000}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_strangers_file_is_a_problem_and_never_a_traceback(home: SeriesFolder, name: str) -> None:
    file = home.root.parent / "x.docx"
    file.write_bytes(HOSTILE[name])
    before = contents(home)
    done = onrecord(home.root, "review", FERRY, "--take", str(file))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "x.docx" in done.stderr
    assert contents(home) == before
