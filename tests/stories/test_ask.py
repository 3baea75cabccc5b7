"""Stories of asking the archive: what is found, what never is, and what becomes of a damaged index."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree
from tests.conftest import lacking
from tests.stories.test_recording import environment

from onrecord.faces.cli import onrecord_command
from onrecord.flow import ask as flow
from onrecord.flow.ask import ask, asking
from onrecord.folder.archive import Archive
from onrecord.folder.layout import SeriesFolder
from onrecord.model.archive import Filter, Said
from onrecord.model.problem import UserError
from onrecord.text.turn_rows import read_csv, read_jsonl

NOW = Filter(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000))
FERRY, VALLEY, DRAFT = "2024-03-12-ferry", "2025-05-01-valley", "2025-06-01-draft"
PEOPLE = """\
ada-lind: {name: Ada Lind}
srdjan-cvijic: {name: Srđan Cvijić, also: [Срђан Цвијић]}
ana-ilic: {name: Ana Ilić}
"""
HEAD = """\
---
id: {id}
title: {title}
date: {day}
host: Ada Lind, Senior Fellow, Delta Institute
guests:
  - {guest}
{more}
---
A conversation.
"""
SAID = {
    FERRY: (
        ("Ada Lind", "Good evening. Tonight we talk about the winter ferry and who pays for it."),
        ("Ada Lind", "How do people on the island view President Vučić?"),
        ("Srđan Cvijić", "They see him as a guarantor of the ferry, because he opened the line himself."),
        ("Srđan Cvijić", "Nobody on the island has forgotten that Vučić cut the ribbon twice."),
        ("Ada Lind", "And off the record?"),
        ("Srđan Cvijić", "Between us, the zeppelin contract was never signed by anybody at all."),
        ("Ada Lind", "Thank you. Let us talk about migration then."),
        (
            "Srđan Cvijić",
            "The migrations of the nineties emptied the villages, and the ferries carried them.",
        ),
    ),
    VALLEY: (
        ("Ada Lind", "Ko odlučuje o rudniku u dolini?"),
        ("Ana Ilić", "О руднику одлучује влада, а не села која леже испод бране и која нико није питао."),
        ("Ana Ilić", "Председник Вучић је обећао да ће село питати, али то се није догодило."),
        ("Ada Lind", "Hvala vam."),
    ),
    DRAFT: (
        ("Ada Lind", "What will become of the lighthouse?"),
        ("Ana Ilić", "The lighthouse will be sold to whoever promises to keep its lamp burning at night."),
    ),
}


def vtt(said: tuple[tuple[str, str], ...]) -> str:
    out = ["WEBVTT\n"]
    for i, (voice, text) in enumerate(said):
        start, end = 10 * i, 10 * i + 9
        out.append(
            f"00:{start // 60:02}:{start % 60:02}.000 --> 00:{end // 60:02}:{end % 60:02}.500\n"
            f"<v {voice}>{text}\n"
        )
    return "\n".join(out)


@pytest.fixture
def home(tmp_path: Path) -> SeriesFolder:
    root = tmp_path / "series"
    root.mkdir()
    (root / "series.yaml").write_text(
        "guid: 0b1c6f2e\ntitle: Harbour\nlanguage: en\nurl: https://harbour.example.org/\n"
    )
    (root / "people.yaml").write_text(PEOPLE)
    approved = "approved: {by: Ada Lind, on: 2025-01-01}"
    cvijic = "Srđan Cvijić, Captain, Selna Ferry Cooperative"
    ilic = "Ana Ilić, Lawyer, Talva Legal Aid"
    for slug, guest, more in (
        (FERRY, cvijic, f"{approved}\nchecked: {{by: Ada Lind, on: 2025-01-01}}"),
        (VALLEY, ilic, f"language: sr\n{approved}"),
        (DRAFT, ilic, ""),
    ):
        own = root / "episodes" / slug
        own.mkdir(parents=True)
        head = HEAD.format(id=slug, title=slug[11:].title(), day=slug[:10], guest=guest, more=more).replace(
            "\n\n---", "\n---"
        )
        (own / "episode.md").write_text(head)
        (own / "transcript.vtt").write_text(vtt(SAID[slug]))
    return SeriesFolder(root)


def found(home: SeriesFolder, text: str, wish: Filter = NOW, limit: int = 5) -> tuple[Said, ...]:
    return asking(home, lambda opened: ask(opened, text, wish, limit))


def run(home: SeriesFolder, *args: str) -> bytes:
    """What a verb prints, in this process."""
    done = CliRunner().invoke(onrecord_command, ["-C", str(home.root), *args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


def mark(home: SeriesFolder, passage: str = "00:00:50 - 00:01:00", slug: str = FERRY) -> None:
    own = home.episode(slug).episode_md
    own.write_text(own.read_text().replace("\napproved:", f"\noff_record: [{passage}]\napproved:", 1))


def test_a_question_is_answered_in_the_words_of_who_knows(home: SeriesFolder) -> None:
    first, *_ = found(home, "how do they view Vucic?")
    assert first.text.startswith("They see him as a guarantor of the ferry")
    assert "Vučić cut the ribbon twice." in first.text
    assert (first.voice, first.role, first.organisation, first.part) == (
        "Srđan Cvijić",
        "Captain",
        "Selna Ferry Cooperative",
        "guest",
    )
    assert (first.episode, first.at.start, first.recorded.start) == (FERRY, 20_000, 20_000)
    assert first.link == f"https://harbour.example.org/{FERRY}/#t=20"
    assert "Vučić" in {first.text[a:b] for a, b in first.marks}
    assert first.checked


@pytest.mark.parametrize("spelt", ["Vučić", "vucic", "ВУЧИЋ", "Вучића", "vučića", "Vučić’s"])
def test_any_spelling_finds_both_scripts(home: SeriesFolder, spelt: str) -> None:
    assert {FERRY, VALLEY} <= {said.episode for said in found(home, spelt, limit=10)}


def test_endings_do_not_matter(home: SeriesFolder) -> None:
    assert found(home, "migration")[0].text.startswith("The migrations of the nineties")
    assert found(home, "rudnik")[0].episode == VALLEY


def test_only_whose_words_and_days_are_asked_for(home: SeriesFolder) -> None:
    def wish(**only: object) -> Filter:
        return Filter(NOW.at_ms, **only)  # type: ignore[arg-type]  # each is its own type

    day = datetime(2025, 1, 1, tzinfo=UTC).date()
    assert {s.episode for s in found(home, "Vučić", wish(since=day))} == {VALLEY}
    assert {s.episode for s in found(home, "Vučić", wish(until=day))} == {FERRY}
    assert {s.part for s in found(home, "Vučić ferry", wish(part="host"))} == {"host"}
    assert {s.person for s in found(home, "Vučić", wish(persons=("ana-ilic",)))} == {"ana-ilic"}


def test_drafts_are_asked_only_by_who_says_so(home: SeriesFolder) -> None:
    assert not found(home, "lighthouse")
    said = found(home, "lighthouse", Filter(NOW.at_ms, drafts=True))
    assert said[0].draft
    assert not said[0].link
    assert found(home, "ferry", Filter(0)) == ()  # before its day


def test_what_is_off_the_record_is_in_no_answer_and_in_no_byte(home: SeriesFolder) -> None:
    ever = Filter(NOW.at_ms, drafts=True)
    assert found(home, "zeppelin contract", ever)  # the control: it was there
    assert b"zeppelin" in home.archive.read_bytes()
    mark(home)
    assert all("zeppelin" not in said.text for said in found(home, "zeppelin contract signed", ever))
    assert not found(home, "zeppelin", ever)
    for file in home.machine.glob("archive*"):
        assert b"zeppelin" not in file.read_bytes(), file
        assert b"contract" not in file.read_bytes(), file
    after = found(home, "migration")[0]  # the cut moved it, the recording did not
    assert (after.at.start, after.recorded.start) == (60_000, 70_000)


def test_a_deleted_episode_leaves_no_byte(home: SeriesFolder) -> None:
    assert found(home, "lighthouse", Filter(NOW.at_ms, drafts=True))
    for path in home.episode(DRAFT).root.iterdir():
        path.unlink()
    home.episode(DRAFT).root.rmdir()
    assert not found(home, "lighthouse", Filter(NOW.at_ms, drafts=True))
    assert b"lighthous" not in home.archive.read_bytes()


def test_an_unchanged_episode_is_not_read_again(home: SeriesFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = flow._read

    def counting(home: SeriesFolder, series: object, slug: str) -> object:
        read.append(slug)
        return real(home, series, slug)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(flow, "_read", counting)
    found(home, "ferry")
    assert sorted(read) == sorted(SAID)
    read.clear()
    found(home, "ferry")
    assert read == []
    own = home.episode(VALLEY).transcript
    own.write_text(own.read_text().replace("нико није", "нико никад није"))
    assert "никад" in found(home, "нико није питао")[0].text
    assert read == [VALLEY]


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def garbage(path: Path) -> None:
    path.write_bytes(b"no index " * 3000)


def torn(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def older(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("UPDATE about SET format = '0.0.1/0'")
    db.close()


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE shopping(list TEXT)")
    db.close()


def empty(path: Path) -> None:
    path.write_bytes(b"")


DAMAGES = (cut_short, garbage, torn, older, foreign, empty)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.__name__)
def test_a_damaged_index_is_made_anew(home: SeriesFolder, damage: Callable[[Path], None]) -> None:
    before = found(home, "how do they view Vučić?")
    damage(home.archive)
    assert found(home, "how do they view Vučić?") == before != ()


def test_an_index_that_cannot_be_written_is_kept_in_memory(home: SeriesFolder) -> None:
    home.machine.write_text("a file where the folder should be")
    assert Archive(home.archive).keys() == {}
    home.machine.unlink()
    home.machine.mkdir()
    home.archive.mkdir()
    assert Archive(home.archive).keys() == {}


KILLED = """\
import os, signal, sys
from pathlib import Path
from onrecord.folder import archive
from onrecord.flow.ask import asking
from onrecord.folder.layout import SeriesFolder
real, left = archive.windows, [int(sys.argv[2])]
def dying(sentences):
    for window in real(sentences):
        left[0] -= 1
        if left[0] < 0:
            print("dead", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        yield window
archive.windows = dying
asking(SeriesFolder(Path(sys.argv[1])), lambda opened: None)
print("alive")
"""


@pytest.mark.slow
def test_an_index_survives_a_kill_at_any_window(home: SeriesFolder) -> None:
    fired = 0
    wanted = None
    for after in range(0, 30, 3):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, home.root, str(after)], capture_output=True, text=True, check=False
        )
        died = done.returncode == -signal.SIGKILL
        assert died == ("dead" in done.stdout), done.stderr
        fired += died
        db = sqlite3.connect(home.archive)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.close()
        now = found(home, "how do they view Vučić?")
        wanted = wanted or now
        assert now == wanted
        home.archive.unlink()
        if not died:
            break
    assert fired >= 3


def test_the_verb_answers_as_json_and_in_words(home: SeriesFolder) -> None:
    (first, *_) = json.loads(run(home, "ask", "migration", "--json", "--by", "cvijic"))
    assert (first["person"], first["start_ms"], first["part"]) == ("srdjan-cvijic", 70_000, "guest")
    assert run(home, "ask", "flying carpets").decode().startswith("nobody said anything with these words")
    with pytest.raises(UserError) as error:
        run(home, "ask", "ferry", "--by", "Srdan Cviji")
    assert error.value.problems[0].hint == "did you mean Srđan Cvijić?"
    assert (
        CliRunner().invoke(onrecord_command, ["-C", str(home.root), "ask", "x", "--since", "soon"]).exit_code
        == 2
    )


@pytest.mark.slow
def test_in_a_terminal_the_words_that_were_asked_for_stand_out(home: SeriesFolder) -> None:
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(environment(home.root), COLUMNS="80", TERM="xterm-256color")
        verb = ["ask", "how do they view Vučić", "--limit", "1"]
        os.execv(sys.executable, [sys.executable, "-m", "onrecord", "-C", str(home.root), *verb])  # noqa: S606
    out = b""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            more = os.read(fd, 65536)
        except OSError:
            break
        if not more:
            break
        out += more
    os.waitpid(pid, 0)
    text = out.decode()
    assert re.search("\x1b\\[33m\x1b\\[1mVučić\x1b\\[0m", text), text
    bare = re.sub("\x1b\\[[0-9;]*m", "", text)
    assert f"https://harbour.example.org/{FERRY}/#t=20" in bare
    lines = [line for line in bare.splitlines() if not line.strip().startswith("https://")]
    assert max(map(len, lines)) <= 80


def test_turns_are_exported_as_they_were_said(home: SeriesFolder, tmp_path: Path) -> None:
    mark(home)
    lines = run(home, "export", "turns", "--jsonl").decode()
    rows = read_jsonl(lines)
    assert {row.episode for row in rows} == {FERRY, VALLEY}
    assert "zeppelin" not in lines
    assert [row.text for row in rows if row.voice == "Ana Ilić"] == [
        " ".join(t for v, t in SAID[VALLEY] if v == "Ana Ilić")
    ]
    out = tmp_path / "turns.csv"
    run(home, "export", "turns", "--csv", "-o", str(out))
    assert read_csv(out.read_bytes().decode()) == rows
    last = next(row for row in rows if row.text.startswith("The migrations"))
    assert (last.start_ms, last.recording_start_ms, last.language, last.part) == (
        60_000,
        70_000,
        "en",
        "guest",
    )
    drafts = read_jsonl(run(home, "export", "turns", "--drafts", "--role", "guest").decode())
    assert {row.episode for row in drafts if row.draft} == {DRAFT}
    assert {row.part for row in drafts} == {"guest"}


def test_parquet_holds_the_same_rows(home: SeriesFolder, tmp_path: Path) -> None:
    if find_spec("pyarrow") is None:
        lacking("pyarrow")
    import pyarrow.parquet as pq

    out = tmp_path / "turns.parquet"
    run(home, "export", "turns", "--parquet", "-o", str(out))
    rows = read_jsonl(run(home, "export", "turns", "--jsonl").decode())
    table = pq.read_table(out).to_pylist()
    assert [row["text"] for row in table] == [row.text for row in rows]
    assert [(row["date"].isoformat(), row["start_ms"], row["checked"]) for row in table] == [
        (row.date, row.start_ms, row.checked) for row in rows
    ]


@pytest.mark.slow
def test_without_pyarrow_parquet_says_what_to_do(home: SeriesFolder, tmp_path: Path) -> None:
    script = (
        "import sys, importlib.machinery as m\nreal = m.PathFinder.find_spec\n"
        "m.PathFinder.find_spec = lambda name, *a: None if name in ('pyarrow', 'mcp') else real(name, *a)\n"
        "from onrecord.faces.cli import main\nmain()"
    )
    for args in (["export", "turns", "--parquet", "-o", str(tmp_path / "x")], ["mcp"]):
        command = [sys.executable, "-c", script, "-C", str(home.root), *args]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment(home.root), check=False
        )
        assert done.returncode == 1
        assert f'pip install "onrecord[{"mcp" if args == ["mcp"] else "parquet"}]"' in done.stderr


RECORD = (
    *("version", "date", "date_nonpreferred_format", "cms_record_id", "title", "accession", "duration"),
    *("collection_id", "collection_name", "series_id", "series_name", "repository", "funding"),
    *("repository_url", "keyword", "interviewee", "interviewer", "format", "file_name"),
    *("transcript_alt_lang", "translate", "media_id", "media_url", "mediafile", "kembed", "language"),
    *("user_notes", "index", "type", "description", "rel", "vtt_transcript", "rights", "fmt", "usage"),
    *("userestrict", "xmllocation", "xmlfilename", "collection_link", "series_link"),
)
_BOTH = ("title", "partial_transcript", "synopsis", "keywords", "subjects")
POINT = ["time", *(name for tag in _BOTH for name in (tag, f"{tag}_alt")), "gpspoints", "hyperlinks"]
"""In the order of files that OHMS itself wrote."""


def names(element: etree._Element) -> list[str]:
    return [str(child.tag).partition("}")[2] for child in element]


def test_an_episode_is_exported_as_ohms_xml(home: SeriesFolder) -> None:
    mark(home)
    own = home.episode(FERRY)
    own.episode_md.write_text(
        own.episode_md.read_text().replace("\napproved", "\ntags: [ferry, island]\napproved", 1)
    )
    own.questions.write_text(
        "questions:\n  - id: q1\n    question: How do they view Vučić?\n    found: yes\n    asked: 00:00:10\n"
        "    answers:\n      - {by: Srđan Cvijić, from: 00:00:20, to: 00:00:40}\n"
        "chapters:\n  - {at: 00:00:00, title: The ferry}\n  - {at: 00:01:05, title: Migration}\n"
    )
    data = run(home, "export", "ohms", FERRY)
    root = etree.fromstring(data)
    assert root.tag == "{https://www.weareavp.com/nunncenter/ohms}ROOT"
    (record,) = root
    assert tuple(dict.fromkeys(names(record))) == RECORD
    index = record.find("{*}index")
    assert index is not None
    assert [(p.findtext("{*}time"), p.findtext("{*}title")) for p in index] == [
        ("0", "The ferry"),
        ("10", "How do they view Vučić?"),
        ("55", "Migration"),
    ]
    assert all(names(p) == POINT for p in index)
    transcript = record.findtext("{*}vtt_transcript") or ""
    assert transcript.startswith("WEBVTT")
    assert "guarantor" in transcript
    assert b"zeppelin" not in data
    assert record.findtext("{*}interviewee") == "Srđan Cvijić (Captain, Selna Ferry Cooperative)"
    with pytest.raises(UserError, match="not public"):
        run(home, "export", "ohms", DRAFT)
    assert run(home, "export", "ohms", DRAFT, "--drafts")


@pytest.mark.slow
def test_a_model_asks_over_the_protocol_and_every_sentence_has_its_address(home: SeriesFolder) -> None:
    if find_spec("mcp") is None:
        lacking("the package mcp")
    import anyio
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client
    from mcp.types import CallToolResult

    async def session() -> dict[str, CallToolResult]:
        args = ["-m", "onrecord", "-C", str(home.root), "mcp"]
        server = StdioServerParameters(command=sys.executable, args=args, env=environment(home.root))
        async with stdio_client(server) as (read, write), ClientSession(read, write) as client:
            await client.initialize()
            assert {t.name for t in (await client.list_tools()).tools} == {
                "search",
                "quote",
                "episode",
                "questions",
            }
            calls: dict[str, tuple[str, dict[str, Any]]] = {
                "search": ("search", {"question": "how do they view Vučić?", "role": "guest", "limit": 2}),
                "draft": ("search", {"question": "lighthouse"}),
                "moment": ("quote", {"episode": FERRY, "at": "0:25"}),
                "stands": ("quote", {"episode": FERRY, "words": "GUARANTOR of the ferry because"}),
                "invented": ("quote", {"episode": FERRY, "words": "guarantor of the zeppelin"}),
                "episode": ("episode", {"episode": FERRY}),
                "all": ("episode", {}),
                "questions": ("questions", {}),
                "nobody": ("search", {"question": "ferry", "by": "Somebody Else"}),
                "secret": ("episode", {"episode": DRAFT}),
            }
            return {name: await client.call_tool(tool, given) for name, (tool, given) in calls.items()}

    got = anyio.run(session)
    for result in got.values():
        for quote in (result.structured_content or {}).get("quotes", []):
            assert quote["link"].startswith("https://harbour.example.org/")
            assert all((quote["by"], quote["text"], quote["date"]))
    data = {name: result.structured_content or {} for name, result in got.items()}
    assert data["search"]["quotes"][0]["text"].startswith("They see him as a guarantor")
    assert data["draft"] == {"quotes": []}
    assert "They see him as a guarantor" in data["moment"]["quotes"][0]["text"]
    assert (data["stands"]["stands"], data["invented"]["stands"]) == (True, False)
    assert data["episode"]["episodes"][0]["people"][1]["role"] == "Captain"
    assert [e["episode"] for e in data["all"]["episodes"]] == [VALLEY, FERRY]
    assert [name for name, result in got.items() if result.is_error] == ["nobody", "secret"]
