"""Stories of a build on a cluster: the same bytes, deaths of workers, workers that do not fit, traps."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from onrecord.faces.cli.build import workers
from onrecord.flow.build import Report, Wish, build
from onrecord.folder.layout import SeriesFolder
from onrecord.make import claim
from onrecord.make.claim import Claim, Gone, do_once, marks
from onrecord.make.cluster import connect
from onrecord.make.run import Event, Outcome, make
from onrecord.make.step import Failure, Job, Receipt, Task, canonical
from onrecord.make.work import carry_out
from onrecord.model.problem import UserError

pytestmark = [pytest.mark.xdist_group("cluster"), pytest.mark.timeout(180)]

ROOT = Path(__file__).resolve().parents[2]
SCRIPTED = ROOT / "tests/scripted"
SERIES = """\
guid: 0b1c6f2e-0000-4000-8000-000000000001
title: Tone Debrief
host: Ada Lind, Senior Fellow, Delta Institute
url: https://example.org/tones/
recogniser: scripted:{thinks}
"""
EPISODE = """\
---
id: 5d4f0000-0000-4000-8000-00000000000{n}
title: Tones {n}
date: 2025-03-1{n}
guests:
  - Goran Petek, Captain, Selna Ferry Cooperative
approved: {{by: Ada Lind, on: 2025-03-13}}
---
Tones and silences.
"""
LATER = datetime(2025, 4, 1, tzinfo=UTC)


def make_series(root: Path, episodes: int = 2, length_s: int = 15, thinks: int = 0) -> SeriesFolder:
    """A series of tones that are a little different in each episode."""
    root.mkdir()
    (root / "series.yaml").write_text(SERIES.format(thinks=thinks))
    for n in range(1, episodes + 1):
        own = root / f"episodes/2025-03-1{n}-tones"
        own.mkdir(parents=True)
        (own / "episode.md").write_text(EPISODE.format(n=n))
        runpy.run_path(str(SCRIPTED / "tones.py"))["write"](own, length_s, n)
        (own / "sound.wav").rename(own / "recording.wav")
        for name in ("silences.json", "facts.json"):
            (own / name).unlink()
    return SeriesFolder(root.resolve())


def copied(home: SeriesFolder, to: Path) -> SeriesFolder:
    shutil.copytree(home.root, to)
    return SeriesFolder(to.resolve())


def run(
    home: SeriesFolder,
    cluster: str | None,
    tell: Callable[[Event], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> Report:
    with workers(1, cluster, home) as executors:
        return build(home, Wish(LATER), executors, tell, stop or threading.Event())


def contents(home: SeriesFolder) -> dict[str, bytes]:
    """What a build leaves for people and for the next build; of receipts all but how long it took."""
    found = {}
    for path in sorted(home.root.rglob("*")):
        name = path.relative_to(home.root).as_posix()
        if not path.is_file() or "/cache/" in name or name.startswith(".onrecord/"):
            continue
        data = path.read_bytes()
        if "/record/" in name and name.endswith(".json"):
            whole = json.loads(data)
            if isinstance(whole, dict):
                whole.pop("seconds", None)
            data = json.dumps(whole).encode()
        found[name] = data
    return found


@pytest.fixture(scope="module", autouse=True)
def scripted() -> Iterator[None]:
    sys.path.insert(0, str(SCRIPTED))
    yield
    sys.path.remove(str(SCRIPTED))


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> SeriesFolder:
    """Nothing is made in it: take a copy."""
    return make_series(tmp_path_factory.mktemp("cluster") / "series")


@pytest.fixture(scope="module")
def local(series: SeriesFolder, tmp_path_factory: pytest.TempPathFactory) -> SeriesFolder:
    """Built on this machine, without a cluster."""
    home = copied(series, tmp_path_factory.mktemp("local") / "series")
    assert run(home, None).well
    return home


def onrecord(home: SeriesFolder, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "onrecord", "-C", str(home.root), *args]
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(SCRIPTED)])}
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


@pytest.mark.slow
def test_the_command_makes_the_same_bytes_as_on_one_machine(
    cluster: str, series: SeriesFolder, local: SeriesFolder, tmp_path: Path
) -> None:
    home = copied(series, tmp_path / "series")
    done = onrecord(home, "build", "--cluster", cluster, "--as-of", "2025-04-01", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {m["step"] for m in json.loads(done.stdout)["made"]} >= {"take_in", "recognise", "master"}
    assert "distributed" not in done.stderr, "what dask has to say is told in our words or not at all"
    expected = contents(local)
    made = contents(home)
    assert [n for n in sorted(expected | made) if expected.get(n) != made.get(n)] == []
    assert any(name.endswith(".mp3") for name in expected), "control: there is something to compare"
    assert any(name.endswith("record/words.json") for name in expected)
    assert not (home.root / ".onrecord/cluster").exists()
    again = onrecord(home, "build", "--cluster", "tcp://127.0.0.1:9", "--as-of", "2025-04-01")
    assert (again.returncode, again.stdout) == (0, "nothing changed\n"), "who needs no cluster calls none"


@pytest.mark.slow
def test_a_worker_that_is_killed_in_the_middle_costs_nothing_but_time(
    cluster: str, series: SeriesFolder, local: SeriesFolder, tmp_path: Path
) -> None:
    home = copied(series, tmp_path / "series")
    (home.root / "series.yaml").write_text(SERIES.format(thinks=100))
    killed: list[int] = []
    heard: list[tuple[str, str]] = []

    def tell(event: Event) -> None:
        heard.append((event.step, event.kind))
        note = home.root / "episodes" / event.unit / "cache/.scratch/recognise/.running"
        if event.step == "recognise" and event.kind in {"begun", "progress"} and not killed:
            killed.append(int(note.read_text().split()[0]))
            os.kill(killed[0], signal.SIGKILL)

    report = run(home, cluster, tell)
    assert len(killed) == 1, "no worker was at recognise: the test tests nothing"
    assert report.well, report.outcomes
    assert {o.result for o in report.outcomes} == {"made"}
    assert heard.count(("recognise", "made")) == 2
    words = "episodes/2025-03-11-tones/record/words.json"
    assert contents(home)[words] == contents(local)[words]


@pytest.mark.slow
def test_what_is_stopped_goes_on_where_it_was(cluster: str, tmp_path: Path) -> None:
    home = make_series(tmp_path / "series", length_s=45, thinks=60)
    undisturbed = copied(home, tmp_path / "undisturbed")
    assert run(undisturbed, None).well
    stop = threading.Event()

    def tell(event: Event) -> None:
        if event.step == "recognise" and event.what == "recognising" and event.done > 0:
            stop.set()

    report = run(home, cluster, tell, stop)
    assert report.published is None
    stopped = [o for o in report.outcomes if o.result == "stopped"]
    assert any(o.task.step == "recognise" and o.says.startswith("interrupted") for o in stopped), stopped
    journals = list(home.root.rglob("journal.jsonl"))
    before = {path: path.read_text().count("\n") for path in journals}
    assert max(before.values()) > 1, "nothing had been heard"
    time.sleep(0.5)
    assert {path: path.read_text().count("\n") for path in journals} == before, "nobody works on"
    assert run(home, cluster).well
    for words in home.root.glob("episodes/*/record/words.json"):
        assert words.read_bytes() == (undisturbed.root / words.relative_to(home.root)).read_bytes()


def lay(folder: Path, do: str, says: str = "well", step: str = "recognise", wants: str = "cpu") -> Task:
    (folder / ".onrecord").mkdir(parents=True, exist_ok=True)
    own = folder / f"episodes/{step}-{do}"
    own.mkdir(parents=True)
    (own / "recording.txt").write_text(says)
    makes = ("cache/words.txt",) if do != "place" else ("cache/place.txt",)
    params = canonical({"beam": 1})
    return Task(
        step, own.name, 1, f"tiny_steps:{do}", str(own), ("recording.txt",), makes, params, wants=wants
    )


def made(tasks: list[Task], address: str, root: Path) -> list[Outcome]:
    with connect(address, root) as executors:
        return make(tasks, executors, lambda _: None, threading.Event())


def a_worker(address: str, *args: str, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    command = [*before, sys.executable, "-m", "distributed.cli.dask_worker", address]
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(SCRIPTED)])}
    return subprocess.Popen(
        [*command, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--name", "guest", *args],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def guest(cluster: str, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts another worker for one test; its address."""
    from distributed import Client

    running: list[subprocess.Popen[bytes]] = []
    with Client(cluster, set_as_default=False) as client:  # type: ignore[no-untyped-call] # dask has no types

        def names() -> dict[str, str]:
            found = client.scheduler_info(n_workers=-1)["workers"]
            return {worker["name"]: address for address, worker in found.items()}

        def start(*args: str, before: tuple[str, ...] = ()) -> str:
            running.append(a_worker(cluster, "--local-directory", str(tmp_path), *args, before=before))
            until = time.monotonic() + 30
            while "guest" not in names() and time.monotonic() < until:
                time.sleep(0.1)
            return names()["guest"]

        yield start
        for process in running:
            process.kill()
            process.wait()
        until = time.monotonic() + 30
        while "guest" in names() and time.monotonic() < until:
            time.sleep(0.1)


def test_a_worker_that_does_not_see_the_folder_is_named_before_work_begins(
    cluster: str, guest: Callable[..., str], tmp_path: Path
) -> None:
    hide = ("unshare", "-Urm", "sh", "-c", 'mount -t tmpfs none "$0" && exec "$@"')
    folder = tmp_path / "series"
    task = lay(folder, "recognise")
    try:
        subprocess.run([*hide, str(folder), "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system lets nobody hide a folder from one process (unshare)")
    blind = guest(before=(*hide, str(folder)))
    with pytest.raises(UserError) as caught:
        made([task], cluster, folder)
    (problem,) = caught.value.problems
    assert problem.place.path == blind
    assert problem.says == f"the worker does not see the folder {folder}"
    assert "same path" in problem.hint
    assert not (task.folder / "cache").exists(), "no work had begun"
    assert not (folder / ".onrecord/cluster").exists()


def test_a_graphics_card_gets_what_wants_it_and_the_others_get_it_where_there_is_none(
    cluster: str, guest: Callable[..., str], tmp_path: Path
) -> None:
    wanting = [lay(tmp_path, "place", step=f"hear{n}", wants="gpu") for n in range(3)]
    others = [lay(tmp_path, "place", step=f"take{n}") for n in range(6)]
    assert {o.result for o in made(wanting, cluster, tmp_path)} == {"made"}
    without = {(t.folder / "cache/place.txt").read_text() for t in wanting}
    fast = guest("--resources", "GPU=1")
    assert fast not in without
    assert {o.result for o in made([replace(t, version=2) for t in wanting], cluster, tmp_path)} == {"made"}
    assert {(t.folder / "cache/place.txt").read_text() for t in wanting} == {fast}
    assert {o.result for o in made(others, cluster, tmp_path)} == {"made"}


def test_only_recognise_wants_a_graphics_card(local: SeriesFolder) -> None:
    from onrecord.flow.plan import plan
    from onrecord.folder.load import read_episode, read_series

    read = read_series(local)
    assert read.series is not None
    reads = [read_episode(local, own, read.series, read.register) for own in local.episodes]
    wants = {task.step: task.wants for task in plan(local, read.series, reads)}
    assert wants["recognise"] == "gpu"
    assert {step for step, kind in wants.items() if kind != "cpu"} == {"recognise"}


@pytest.mark.parametrize(
    ("cards", "able", "device", "told"),
    [
        (0, set(), ("cpu", "int8"), ", int8"),
        (1, {"float16", "int8", "float32"}, ("cuda", "float16"), ", float16 on cuda"),
        (2, {"int8", "float32"}, ("cuda", "int8"), ", int8 on cuda"),
        (1, {"float32"}, ("cuda", "float32"), ", float32 on cuda"),
        (1, set(), ("cpu", "int8"), ", int8, as the graphics card could not be used"),
    ],
)
def test_whisper_counts_on_a_graphics_card_where_there_is_one_and_says_so(
    cards: int,
    able: set[str],
    device: tuple[str, str],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from onrecord.engines import weights, whisper

    (tmp_path / "model.bin").write_bytes(b"")
    asked: list[dict[str, object]] = []

    def load(_: str, **how: object) -> object:
        asked.append(how)
        return SimpleNamespace(feature_extractor=lambda _: np.zeros((80, 3001)), encode=encode)

    def encode(features: Any) -> None:
        assert features.shape == (80, 3000)
        if not able:
            raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")

    fast, translate = ModuleType("faster_whisper"), ModuleType("ctranslate2")
    fast.__spec__ = ModuleSpec("faster_whisper", None)
    fast.WhisperModel = load  # type: ignore[attr-defined] # a stand-in
    translate.__version__ = "4"  # type: ignore[attr-defined] # the same
    translate.get_cuda_device_count = lambda: cards  # type: ignore[attr-defined] # the same
    translate.get_supported_compute_types = lambda _: able  # type: ignore[attr-defined] # the same
    monkeypatch.setitem(sys.modules, "faster_whisper", fast)
    monkeypatch.setitem(sys.modules, "ctranslate2", translate)
    monkeypatch.setattr(weights, "whisper", lambda _: SimpleNamespace(folder=tmp_path, told="w"))
    engine = whisper.recogniser("base").engine
    assert (asked[-1]["device"], asked[-1]["compute_type"]) == device
    assert engine.endswith(told)


def test_nobody_answers_and_nobody_works_are_said_within_seconds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("onrecord.make.cluster._ANSWERS_WITHIN_S", 1.0)
    monkeypatch.setattr("onrecord.make.cluster._WORKERS_WITHIN_S", 1.0)
    before = time.monotonic()
    with pytest.raises(UserError, match="no scheduler answers"), connect("tcp://127.0.0.1:9", tmp_path):
        pass
    with pytest.raises(UserError, match="no scheduler answers"), connect("nonsense://x", tmp_path):
        pass
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=":0") as empty:  # type: ignore[no-untyped-call] # no types
        address = empty.scheduler_address
        with pytest.raises(UserError, match="no workers") as caught, connect(address, tmp_path):
            pass
    assert f"dask worker {address}" in caught.value.problems[0].hint
    assert time.monotonic() - before < 20


@pytest.mark.slow
def test_the_command_says_it_without_a_traceback(local: SeriesFolder) -> None:
    (local.root / "series.yaml").write_text(SERIES.format(thinks=1))
    before = time.monotonic()
    done = onrecord(local, "build", "--cluster", "tcp://127.0.0.1:9", "--as-of", "2025-04-01")
    assert time.monotonic() - before < 25
    assert done.returncode == 1
    assert done.stderr.startswith("tcp://127.0.0.1:9: no scheduler answers")
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 3


def test_jobs_are_for_one_machine(local: SeriesFolder) -> None:
    done = onrecord(local, "build", "--cluster", "tcp://127.0.0.1:9", "--jobs", "3")
    assert done.returncode == 2
    assert "--jobs" in done.stderr


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("onrecord.make.cluster.find_spec", lambda _: None)
    with pytest.raises(UserError, match="not installed") as caught, connect("tcp://127.0.0.1:9", tmp_path):
        pass
    assert "onrecord[cluster]" in caught.value.problems[0].hint


@pytest.mark.parametrize("which", ["onrecord", "python", "av"])
def test_other_versions_are_told(
    cluster: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, which: str
) -> None:
    from distributed import Client

    if which == "onrecord":
        monkeypatch.setattr("onrecord.__version__", "99.0")
        expected = "has Onrecord "
    elif which == "python":
        genuine = Client.get_versions

        def another(self: Any) -> Any:
            found: Any = genuine(self)
            next(iter(found["workers"].values()))["packages"]["python"] = "3.9.1.final.0"
            return found

        monkeypatch.setattr(Client, "get_versions", another)
        expected = "the worker has python 3.9, this is 3."
    else:
        asked = Client.run

        def differ(self: Any, *args: Any, **keywords: Any) -> Any:
            found = asked(self, *args, **keywords)
            found[max(found)]["versions"]["av"] = "1.0"
            return found

        monkeypatch.setattr(Client, "run", differ)
        expected = "the worker has av 1.0, tcp://"
    with pytest.raises(UserError, match=expected) as caught, connect(cluster, tmp_path):
        pass
    assert all(p.place.path.startswith("tcp://") and p.hint for p in caught.value.problems)


def test_an_archive_is_sent_out_little_by_little(cluster: str, tmp_path: Path) -> None:
    tasks = [lay(tmp_path, "place", step=f"take{n}") for n in range(30)]
    peak = 0

    def watch(_: Event) -> None:
        nonlocal peak
        peak = max(peak, sum(not sent.done() for sent in pool._sent))

    with connect(cluster, tmp_path) as executors:
        pool: Any = executors["cpu"]
        outcomes = make(tasks, executors, watch, threading.Event())
        assert pool.has_room()
    assert [o.result for o in outcomes] == ["made"] * 30
    assert 1 <= peak <= 6, "three for each of the two workers"


@pytest.mark.slow
def test_a_machine_without_onrecord_is_named(guest: Callable[..., str], cluster: str, tmp_path: Path) -> None:
    other = tmp_path / "path/onrecord"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    lacking = guest(before=("env", f"PYTHONPATH={other.parent}"))
    with pytest.raises(UserError, match="cannot run Onrecord") as caught, connect(cluster, tmp_path):
        pass
    assert [p.place.path for p in caught.value.problems] == [lacking]
    assert "pip install" in caught.value.problems[0].hint


# ── the traps of the seam, each with dask's own executor as its control ──


def test_an_exception_that_does_not_unpickle_comes_back_as_a_failure(cluster: str, tmp_path: Path) -> None:
    # The control, in a process of its own: dask teaches pickle some exceptions as soon as it is imported.
    there_and_back = "import pickle, tiny_steps as t; pickle.loads(pickle.dumps(t.Crooked('here', 'there')))"
    bare = subprocess.run(
        [sys.executable, "-c", there_and_back],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(SCRIPTED)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "TypeError: Crooked.__init__() missing" in bare.stderr
    task = lay(tmp_path, "moody", "bug")
    (outcome,) = made([task], cluster, tmp_path)
    assert outcome.says == "a mistake in Onrecord: tiny_steps.Crooked: here: there"
    (task.folder / "recording.txt").write_text("well")
    assert [o.result for o in made([task], cluster, tmp_path)] == ["made"]


def test_the_same_job_twice_is_done_twice(cluster: str, tmp_path: Path) -> None:
    job = Job(lay(tmp_path, "recognise"), ("d",), "k")
    with connect(cluster, tmp_path) as executors:
        # In turn, as they share a scratch folder; the first is held, so dask could answer from it.
        first = executors["cpu"].submit(carry_out, job)
        once = first.result(timeout=30)
        again = executors["cpu"].submit(carry_out, job).result(timeout=30)
    assert isinstance(once, Receipt)
    assert isinstance(again, Receipt)
    assert again.seconds != once.seconds
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:  # type: ignore[no-untyped-call] # dask has no types
        bare = client.get_executor()
        stamps = [bare.submit(time.time_ns) for _ in range(2)]
        assert len({s.result(timeout=30) for s in stamps}) == 1, (
            "control: dask answers from memory by default"
        )


def test_keywords_do_not_get_lost(cluster: str, tmp_path: Path) -> None:
    job = Job(lay(tmp_path, "recognise"), ("d",), "k")
    with connect(cluster, tmp_path) as executors:
        for wrong in ({"priority": 7}, {"key": "k"}):
            with pytest.raises(TypeError, match="positional"):
                executors["cpu"].submit(carry_out, job, **wrong)
        with pytest.raises(TypeError, match="positional"):
            executors["cpu"].submit(len, "no job")
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:  # type: ignore[no-untyped-call] # dask has no types
        swallowed = client.get_executor(pure=False).submit(dict, a=1, priority=7)
        assert swallowed.result(timeout=30) == {"a": 1}, "control: dask keeps `priority` for itself"


# ── each job once ──


def test_a_claim_is_made_once_and_who_comes_second_gets_the_answer_or_the_truth(tmp_path: Path) -> None:
    task = lay(tmp_path, "recognise")
    job, mine = Job(task, ("d",), "k"), Claim(str(tmp_path / ".onrecord/one"))
    times: list[int] = []

    def act(_: Job) -> Receipt | Failure:
        times.append(1)
        return Failure(task.step, task.unit)

    first = do_once(mine, marks(job), act, job)
    assert do_once(mine, marks(job), act, job) == first
    assert len(times) == 1
    Path(mine.path + ".answer").unlink()
    with pytest.raises(Gone):
        do_once(mine, marks(job), act, job)
    assert len(times) == 1
    do_once(Claim(str(tmp_path / ".onrecord/two")), marks(job), act, job)
    assert len(times) == 2, "control: another sending is another claim"


def test_a_worker_that_came_late_and_is_blind_says_so_and_harms_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "_PATIENCE_S", 0.1)
    monkeypatch.setattr(claim, "_LOOK_EVERY_S", 0.02)
    task = lay(tmp_path, "recognise")
    job = Job(task, ("d",), "k")
    seen = marks(job)
    times: list[int] = []

    def act(_: Job) -> Receipt | Failure:
        times.append(1)
        return Failure(task.step, task.unit)

    came = do_once(Claim(str(tmp_path / "gone/cluster/run/one")), seen, act, job)
    assert isinstance(came, Failure)
    assert "does not see" in came.problems[0].says
    (task.folder / "recording.txt").write_text("an older one")
    os.utime(task.folder / "recording.txt", (seen[0][2] - 9, seen[0][2] - 9))
    came = do_once(Claim(str(tmp_path / ".onrecord/two")), seen, act, job)
    assert isinstance(came, Failure)
    assert "recording.txt" in came.problems[0].says
    assert not times
    monkeypatch.setattr(claim, "_PATIENCE_S", 10)

    def arrives() -> None:
        (task.folder / "recording.txt").write_text("well")
        os.utime(task.folder / "recording.txt", (seen[0][2], seen[0][2]))

    late = threading.Timer(0.3, arrives)
    late.start()
    assert do_once(Claim(str(tmp_path / ".onrecord/three")), seen, act, job)
    late.join()
    assert times, "control: it begins as soon as it sees the file that was meant"


def test_a_job_is_taken_back_only_while_nobody_is_at_it(cluster: str, tmp_path: Path) -> None:
    tasks = [lay(tmp_path, "patient", step=f"s{n}") for n in range(4)]
    with connect(cluster, tmp_path) as executors:
        sent = [executors["cpu"].submit(carry_out, Job(task, ("d",), "k")) for task in tasks]
        until = time.monotonic() + 20
        while sum((t.scratch / "journal").exists() for t in tasks) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        begun = [(task.scratch / "journal").exists() for task in tasks]
        assert begun.count(True) == 2
        assert [future.cancel() for future in sent] == [not b for b in begun]
        for task in tasks:
            (task.folder / "go").touch()
        for future, was in zip(sent, begun, strict=True):
            if was:
                assert isinstance(future.result(timeout=30), Receipt)
            else:
                with pytest.raises(CancelledError):
                    future.result(timeout=30)
    time.sleep(0.3)
    assert [(task.scratch / "journal").exists() for task in tasks] == begun


def test_whoever_lost_its_scratch_folder_to_another_stops(cluster: str, tmp_path: Path) -> None:
    task = lay(tmp_path, "patient")
    with connect(cluster, tmp_path) as executors:
        old = executors["cpu"].submit(carry_out, Job(task, ("d",), "k"))
        until = time.monotonic() + 20
        while not (task.scratch / "journal").exists() and time.monotonic() < until:
            time.sleep(0.05)
        new = executors["cpu"].submit(carry_out, Job(task, ("d",), "k"))
        came = old.result(timeout=30)
        assert isinstance(came, Failure)
        assert came.stopped
        (task.folder / "go").touch()
        assert isinstance(new.result(timeout=30), Receipt)


def dies(note: str) -> None:
    with Path(note).open("a") as file:
        file.write("one\n")
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
def test_left_to_itself_dask_would_give_a_job_four_workers(cluster: str, tmp_path: Path) -> None:
    """The control of `test_a_job_that_kills_its_worker_twice_is_left_out…` in test_make.py."""
    from distributed import Client, KilledWorker

    with Client(cluster, set_as_default=False) as client:  # type: ignore[no-untyped-call] # dask has no types
        job = client.get_executor(pure=False, retries=0).submit(dies, str(tmp_path / "deaths"))
        with pytest.raises(KilledWorker):
            job.result(timeout=120)
    assert (tmp_path / "deaths").read_text().split() == ["one"] * 4


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler of one's own, which may be killed."""
    file = tmp_path / "where.json"
    scheduler = subprocess.Popen(
        [
            *(sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"),
            *("--port", "0", "--no-dashboard", "--scheduler-file", str(file)),
        ],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(SCRIPTED)])},
        stderr=subprocess.DEVNULL,
    )
    wait_for(file.exists)
    yield json.loads(file.read_text())["address"], scheduler
    scheduler.kill()
    scheduler.wait()


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        time.sleep(0.05)
    assert what()


@pytest.mark.slow
@pytest.mark.parametrize("comes", [True, False])
def test_without_any_worker_it_waits_for_one_and_can_be_stopped(
    own_cluster: tuple[str, subprocess.Popen[bytes]], tmp_path: Path, comes: bool
) -> None:
    address, _ = own_cluster
    task = lay(tmp_path, "patient")
    outcomes: list[Outcome] = []
    stop = threading.Event()

    def go() -> None:
        with connect(address, tmp_path) as executors:
            outcomes.extend(make([task], executors, lambda _: None, stop))

    first = a_worker(address, "--local-directory", str(tmp_path))
    thread = threading.Thread(target=go)
    thread.start()
    wait_for(lambda: lines(task.scratch / "journal") == 5)
    first.kill()
    first.wait()
    time.sleep(1)
    assert thread.is_alive()
    if not comes:
        stop.set()
        thread.join(60)
        assert [o.result for o in outcomes] == ["stopped"]
        return
    (task.folder / "go").touch()
    second = a_worker(address, "--local-directory", str(tmp_path))
    thread.join(60)
    second.kill()
    second.wait()
    (outcome,) = outcomes
    assert outcome.receipt is not None
    assert outcome.receipt.facts == {"resumed_at": 5}


def lines(journal: Path) -> int:
    return journal.read_text().count("\n") if journal.exists() else 0


@pytest.mark.slow
def test_a_scheduler_that_dies_ends_the_build_with_a_sentence_and_the_next_one_goes_on(
    own_cluster: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    address, scheduler = own_cluster
    worker = a_worker(address, "--local-directory", str(tmp_path))
    task = lay(tmp_path, "patient")
    failed: list[Outcome] = []

    def go() -> None:
        failed.extend(made([task, replace(task, step="second")], address, tmp_path))

    thread = threading.Thread(target=go)
    thread.start()
    wait_for(lambda: lines(task.scratch / "journal") == 5)
    scheduler.kill()
    scheduler.wait()
    thread.join(60)
    assert not thread.is_alive()
    assert [o.result for o in failed] == ["failed", "failed"]
    assert "scheduler of the cluster is gone" in failed[0].says
    (task.folder / "go").touch()
    assert worker.wait(60) is not None, "a worker without its scheduler ends"
    with ThreadPoolExecutor(1) as here:
        (outcome,) = make([task], {"cpu": here}, lambda _: None, threading.Event())
    assert outcome.receipt is not None
    assert outcome.receipt.facts["resumed_at"] >= 5
