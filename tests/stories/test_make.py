"""Stories of steps: what runs again, what a person's file goes through, and what goes wrong."""

from __future__ import annotations

import pickle
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from onrecord.folder import correct, files
from onrecord.folder.digests import Digests
from onrecord.make import run, work
from onrecord.make.cluster import connect
from onrecord.make.run import Event, Outcome, make
from onrecord.make.status import Status, status
from onrecord.make.step import Failure, Job, Receipt, Task, Work, canonical
from onrecord.make.workers import Workers
from onrecord.model.problem import Place, Problem

SCRIPTED = str(Path(__file__).parents[1] / "scripted")


CLUSTER = pytest.param("cluster", marks=pytest.mark.xdist_group("cluster"))


def opened(request: pytest.FixtureRequest, tmp: Path) -> Iterator[Mapping[str, Executor]]:
    sys.path.insert(0, SCRIPTED)
    if request.param == "cluster":
        with connect(request.getfixturevalue("cluster"), tmp) as pools:
            yield pools
    else:
        with ThreadPoolExecutor(2) if request.param == "threads" else Workers(2) as pool:
            yield {"cpu": pool}
    sys.path.remove(SCRIPTED)


@pytest.fixture(scope="module", params=["threads", "processes", CLUSTER])
def executors(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Executor]]:
    yield from opened(request, tmp_path_factory.mktemp("claims"))


@pytest.fixture(scope="module", params=["processes", CLUSTER])
def processes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Executor]]:
    """Where a story is about the death of a process."""
    yield from opened(request, tmp_path_factory.mktemp("claims"))


@pytest.fixture
def episode(tmp_path: Path) -> Path:
    """An episode with a recording, in a series folder."""
    (tmp_path / ".onrecord").mkdir()
    folder = tmp_path / "episodes/one"
    folder.mkdir(parents=True)
    (folder / "recording.txt").write_text("rec1")
    return folder


def recognise(folder: Path, do: str = "recognise", beam: int = 1) -> Task:
    needs, makes = ("recording.txt",), ("cache/words.txt",)
    return Task(
        "recognise", folder.name, 1, f"tiny_steps:{do}", str(folder), needs, makes, canonical({"beam": beam})
    )


def chain(folder: Path, beam: int = 1) -> list[Task]:
    words, vtt = ("cache/words.txt",), ("transcript.vtt",)
    unit, root = folder.name, str(folder)
    return [
        Task("page", unit, 1, "tiny_steps:page", root, vtt, ("cache/page.html",)),
        Task("transcribe", unit, 1, "tiny_steps:propose", root, words, vtt, correctable=True),
        recognise(folder, beam=beam),
    ]


def go(
    tasks: list[Task], executors: Mapping[str, Executor], tell: list[Event] | None = None
) -> list[Outcome]:
    return make(tasks, executors, (tell if tell is not None else []).append, threading.Event())


def brief(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    return [(o.task.step, o.result) for o in outcomes]


ALL_MADE = [("recognise", "made"), ("transcribe", "made"), ("page", "made")]


def test_what_is_missing_is_made_in_order_and_then_nothing(
    episode: Path, executors: Mapping[str, Executor]
) -> None:
    events: list[Event] = []
    outcomes = go(chain(episode), executors, events)
    assert brief(outcomes) == ALL_MADE
    assert (episode / "cache/page.html").read_text() == "<p>transcript of words(rec1,1)</p>"
    assert [p.says for p in outcomes[0].problems] == ["it is short"]
    assert [(e.step, e.kind) for e in events if e.kind == "made"] == ALL_MADE
    before = {p: p.stat().st_mtime_ns for p in episode.rglob("*")}
    assert go(chain(episode), executors) == []
    assert {p: p.stat().st_mtime_ns for p in episode.rglob("*")} == before
    assert not (episode / "cache/.scratch/recognise").exists()
    receipt = Receipt.read((episode / "record/recognise.json").read_bytes())
    assert receipt.facts == {"length": 4}
    assert receipt.made == {"cache/words.txt": files.digest_file(episode / "cache/words.txt")}
    assert receipt.params == {"beam": 1}


def test_an_untouched_proposal_is_replaced(episode: Path, executors: Mapping[str, Executor]) -> None:
    go(chain(episode), executors)
    assert brief(go(chain(episode, beam=2), executors)) == ALL_MADE
    assert (episode / "transcript.vtt").read_text() == "transcript of words(rec1,2)\n"
    assert not (episode / "transcript.new.vtt").exists()


def test_a_corrected_file_stays_and_the_proposal_lies_beside_it_and_that_is_said_once(
    episode: Path, executors: Mapping[str, Executor]
) -> None:
    go(chain(episode), executors)
    (episode / "transcript.vtt").write_text("mine\n")
    assert brief(go(chain(episode), executors)) == [("page", "made")]
    outcomes = go(chain(episode, beam=2), executors)
    assert brief(outcomes) == [("recognise", "made"), ("transcribe", "beside")]
    assert [p.place.path for p in outcomes[1].problems] == ["episodes/one/transcript.new.vtt"]
    assert not outcomes[1].problems[0].grave
    assert (episode / "transcript.vtt").read_text() == "mine\n"
    assert (episode / "transcript.new.vtt").read_text() == "transcript of words(rec1,2)\n"
    assert go(chain(episode, beam=2), executors) == []


def test_a_file_that_already_says_the_same_is_left(episode: Path, executors: Mapping[str, Executor]) -> None:
    (episode / "transcript.vtt").write_text("transcript of words(rec1,1)\n")
    before = (episode / "transcript.vtt").stat()
    assert brief(go(chain(episode), executors)) == ALL_MADE
    after = (episode / "transcript.vtt").stat()  # the time of reading may change: it is read for its digest
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not (episode / "transcript.new.vtt").exists()


def test_a_file_without_a_receipt_is_the_persons(episode: Path, executors: Mapping[str, Executor]) -> None:
    (episode / "transcript.vtt").write_text("typed by hand\n")
    assert ("transcribe", "beside") in brief(go(chain(episode), executors))
    assert (episode / "transcript.vtt").read_text() == "typed by hand\n"
    go(chain(episode, beam=2), executors)
    assert (episode / "transcript.vtt").read_text() == "typed by hand\n"


def test_an_accepted_proposal_is_the_machines_again_by_command_or_by_hand(
    episode: Path, executors: Mapping[str, Executor]
) -> None:
    file, root = episode / "transcript.vtt", episode.parents[1]
    go(chain(episode), executors)
    file.write_text("mine\n")
    go(chain(episode, beam=2), executors)
    assert correct.accept(file, root) == files.digest_file(file)
    assert [p.read_text() for p in files.history(root, file)] == ["mine\n"]
    assert correct.accept(file, root) is None
    assert brief(go(chain(episode, beam=3), executors)) == ALL_MADE
    file.write_text("mine again\n")
    go(chain(episode, beam=4), executors)
    (episode / "transcript.new.vtt").replace(file)
    assert brief(go(chain(episode, beam=5), executors)) == ALL_MADE
    assert file.read_text() == "transcript of words(rec1,5)\n"


def test_another_recording_or_a_lost_cache_deletes_no_text(
    episode: Path, executors: Mapping[str, Executor]
) -> None:
    go(chain(episode), executors)
    (episode / "transcript.vtt").write_text("mine\n")
    (episode / "recording.txt").write_text("rec2")
    go(chain(episode), executors)
    shutil.rmtree(episode / "cache")
    shutil.rmtree(episode / "record")
    go(chain(episode), executors)
    assert (episode / "transcript.vtt").read_text() == "mine\n"
    assert (episode / "transcript.new.vtt").read_text() == "transcript of words(rec2,1)\n"


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        ("mistake", "starts after the end"),
        ("bug", "a mistake in Onrecord: tiny_steps.Crooked: here: there"),
        ("forgets", "a mistake in Onrecord: RuntimeError: tiny_steps:moody did not write words.txt"),
        ("not plain", "a mistake in Onrecord: TypeError: Object of type object is not JSON"),
        ("full", "the file system says: No space left on device"),
    ],
)
def test_one_that_fails_leaves_the_others(
    episode: Path, executors: Mapping[str, Executor], mood: str, says: str
) -> None:
    other = episode.with_name("two")
    shutil.copytree(episode, other)
    (episode / "recording.txt").write_text(mood)
    bad = [replace(t, do="tiny_steps:moody") if t.step == "recognise" else t for t in chain(episode)]
    outcomes = go(bad + chain(other), executors)
    mine = {o.task.step: o for o in outcomes if o.task.unit == "one"}
    assert mine["recognise"].failed
    assert mine["recognise"].says.startswith(says)
    assert [(o.result, o.says) for s, o in sorted(mine.items()) if s != "recognise"] == [
        ("blocked", "waits for transcribe"),
        ("blocked", "waits for recognise"),
    ]
    assert brief([o for o in outcomes if o.task.unit == "two"]) == ALL_MADE
    (episode / "recording.txt").write_text("well")
    assert brief(go(bad, executors)) == ALL_MADE


def test_a_job_that_kills_its_worker_twice_is_left_out_and_the_others_are_made(
    episode: Path, processes: Mapping[str, Executor]
) -> None:
    tasks = []
    for n in range(6):
        folder = episode.with_name(f"e{n}")
        folder.mkdir()
        (folder / "recording.txt").write_text("kills" if n == 1 else "well")
        tasks.append(recognise(folder, "moody"))
    outcomes = go(tasks, processes)
    assert sorted((o.task.unit, o.result) for o in outcomes) == [
        (f"e{n}", "failed" if n == 1 else "made") for n in range(6)
    ]
    failed = next(o for o in outcomes if o.failed)
    assert failed.says == "recognise made its worker process die twice, so it was left out"
    assert (episode.with_name("e1") / "deaths").read_text().split() == ["one"] * 2
    (episode.with_name("e1") / "recording.txt").write_text("well")
    assert brief(go(tasks, processes)) == [("recognise", "made")]


def interrupted(task: Task, executors: Mapping[str, Executor], sign: str) -> list[Outcome]:
    """Run a task and set `stop` as soon as the sign file is in its scratch."""
    stop = threading.Event()

    def watch() -> None:
        deadline = time.monotonic() + 20
        while not (task.scratch / sign).exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.4)
        stop.set()

    thread = threading.Thread(target=watch)
    thread.start()
    outcomes = make([task], executors, lambda _: None, stop)
    thread.join()
    return outcomes


def test_what_is_interrupted_goes_on_where_it_was(episode: Path, executors: Mapping[str, Executor]) -> None:
    task = recognise(episode, "patient")
    assert brief(interrupted(task, executors, "journal")) == [("recognise", "stopped")]
    assert not (episode / "cache/words.txt").exists()
    assert len((task.scratch / "journal").read_text().split()) == 5
    (episode / "go").touch()
    events: list[Event] = []
    (outcome,) = go([task], executors, events)
    assert outcome.receipt is not None
    assert outcome.receipt.facts == {"resumed_at": 5}
    assert [line[0] for line in (episode / "cache/words.txt").read_text().split()] == list("0123456789")


def test_a_scratch_folder_of_other_inputs_is_not_taken_up(
    episode: Path, executors: Mapping[str, Executor]
) -> None:
    task = recognise(episode, "patient")
    interrupted(task, executors, "journal")
    (episode / "recording.txt").write_text("rec2")
    (episode / "go").touch()
    (outcome,) = go([task], executors)
    assert outcome.receipt is not None
    assert outcome.receipt.facts == {"resumed_at": 0}


@pytest.mark.parametrize(
    "processes",
    ["processes", pytest.param("cluster", marks=[pytest.mark.xdist_group("cluster"), pytest.mark.slow])],
    indirect=True,
)
def test_a_step_that_does_not_listen_is_ended(
    episode: Path, processes: Mapping[str, Executor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_GRACE_S", 0.2)
    assert brief(interrupted(recognise(episode, "deaf"), processes, "begun")) == [("recognise", "stopped")]
    assert brief(go([recognise(episode)], processes)) == [("recognise", "made")]


def test_progress_is_told_with_the_time_that_is_left(
    episode: Path, executors: Mapping[str, Executor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_POLL_S", 0.02)
    events: list[Event] = []
    release = threading.Timer(1.0, (episode / "go").touch)
    release.start()
    go([recognise(episode, "patient")], executors, events)
    release.join()
    kinds = [event.kind for event in events]
    assert kinds[0] == "begun"
    assert kinds[-1] == "made"
    told = [event for event in events if event.kind == "progress"]
    assert {(e.what, e.total) for e in told} == {("listening", 10)}
    assert any(e.done == 5 and e.seconds_left is not None for e in told)


def test_work_begins_while_the_rest_is_still_being_looked_at(
    episode: Path, executors: Mapping[str, Executor], monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = []
    for n in range(20):
        folder = episode.with_name(f"e{n}")
        shutil.copytree(episode, folder)
        tasks.append(recognise(folder))
    looked: list[Path] = []
    genuine = Digests.of

    def slow(self: Digests, path: Path) -> str | None:
        if path not in looked:
            looked.append(path)
            time.sleep(0.1)
        return genuine(self, path)

    monkeypatch.setattr(Digests, "of", slow)
    at: list[int] = []
    outcomes = make(
        tasks,
        executors,
        lambda event: at.append(len(looked)) if event.kind == "made" else None,
        threading.Event(),
    )
    assert brief(outcomes) == [("recognise", "made")] * 20
    assert at[0] < 15, "the first was made long before the last was looked at"
    stop = threading.Event()
    looked.clear()
    threading.Timer(0.3, stop.set).start()
    make([replace(t, version=2) for t in tasks], executors, lambda _: None, stop)
    assert len(looked) < 15, "a stop is heard meanwhile"


def test_status_says_why(episode: Path, executors: Mapping[str, Executor]) -> None:
    page, transcribe, task = chain(episode)
    assert status(task) == Status("missing", "never made")
    assert status(transcribe) == Status("waiting", "needs cache/words.txt")
    go([task, transcribe], executors)
    assert status(task) == status(transcribe) == Status("fresh")
    assert status(replace(task, version=2)).why == "the step's version went from 1 to 2"
    assert status(recognise(episode, beam=5)).why == "setting `beam` changed from 1 to 5"
    more = replace(
        task, params=canonical({"beam": 1, "voice": "x"}), needs=("recording.txt", "transcript.vtt")
    )
    assert status(more).why == "transcript.vtt is now needed too; setting `voice` is new: x"
    (episode / "transcript.vtt").write_text("mine")
    assert status(transcribe) == Status("fresh")
    (episode / "cache/words.txt").write_text("damaged")
    assert status(task) == Status("stale", "cache/words.txt is not what the step made")
    (episode / "cache/words.txt").unlink()
    assert status(task) == Status("missing", "cache/words.txt is gone")
    (episode / "recording.txt").write_text("rec2")
    task.receipt.write_text("{")
    assert status(task) == Status("missing", "its receipt record/recognise.json cannot be read")
    assert status(page) == Status("missing", "never made")
    with Digests(episode.parents[1]) as digests:
        assert status(task, digests).state == "missing"


def test_a_changed_input_is_named(episode: Path, executors: Mapping[str, Executor]) -> None:
    go(chain(episode), executors)
    (episode / "recording.txt").write_text("rec2")
    assert status(recognise(episode)) == Status("stale", "recording.txt changed")


def test_what_is_not_there_is_waited_for(episode: Path, executors: Mapping[str, Executor]) -> None:
    (episode / "recording.txt").unlink()
    outcomes = go(chain(episode), executors)
    first = outcomes[0]
    assert (first.task.step, first.result, first.says) == ("recognise", "waiting", "needs recording.txt")


def test_whatever_crosses_to_a_worker_pickles(episode: Path) -> None:
    task = recognise(episode)
    problem = Problem(Place("a", 1, 2), "says", "hint")
    receipt = Receipt("s", 1, "k", {"a": "b"}, {"p": [1]}, {"m": "d"}, {"f": None}, 1.25, (problem,))
    failure = Failure("s", "u", (problem,), "trace", stopped=True)
    folder = Work(episode, (episode / "recording.txt",), task.scratch, {"beam": 1}, print)
    for value in (
        task,
        Job(task, ("d",), "k"),
        receipt,
        failure,
        folder,
        Status("stale", "why"),
        Outcome(task, "failed", "says", receipt, failure, (problem,)),
        Event("u", "s", "progress", "what", 1, 2, 3.0),
        Status("fresh"),
    ):
        assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own bytes
    assert Receipt.read(receipt.write()) == receipt


def test_nothing_is_ever_raised_across(episode: Path) -> None:
    came = work.carry_out(Job(replace(recognise(episode), do="no_such_module:do"), ("d",), "k"))
    assert isinstance(came, Failure)
    assert "no_such_module" in came.trace
