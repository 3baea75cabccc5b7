"""The sample site before its judges: the Nu checker, axe in Chromium, and two podcast programs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from tests import sample
from tests.conftest import lacking
from tests.laws import test_xss as hostile

from onrecord.craft.card import card
from onrecord.model.edition import Edition, Site
from onrecord.model.theme import Theme
from onrecord.outputs import episode_outputs, frame, series_outputs, tombstone
from onrecord.outputs import page as episode_page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HERE = Path(__file__).parent
TOOLS = HERE.parents[1] / ".tools"
_LOOKED_AT = (
    "2026-11-04-lithium-under-the-talva/index.html",
    "2026-11-11-night-ferry/index.html",
    "2026-12-02-after-the-flood/index.html",
    "2026-11-18-counting-the-vote/index.html",
    "2026-11-04-elsewhere/index.html",
    "index.html",
    "people/index.html",
    "people/eda-cela/index.html",
    "questions/index.html",
    "search/index.html",
    "episodes/index.html",
    "organisations/index.html",
    "organisations/talva-legal-aid/index.html",
    "tags/index.html",
    "tags/talva/index.html",
    "2026-11-04-lithium-under-the-talva/embed.html",
    "2026-11-11-night-ferry/embed.html",
    "2026-11-04-lithium-under-the-talva/said-36000.html",
    "404.html",
)


@pytest.fixture(scope="module")
def tools() -> Path:
    for name in (HERE.parent / "tools.txt").read_text("utf-8").split():
        if not (TOOLS / "node_modules" / name.partition("@")[0]).is_dir():
            lacking(f"{name} in .tools (make tools)")
    return TOOLS


def _needs(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            lacking(program)


def _lay(root: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


@contextmanager
def _served(root: Path, at: str = "/record") -> Iterator[str]:
    """Serve a folder, ranges and all, on a free port of this machine."""
    app = Starlette(routes=[Mount(at, StaticFiles(directory=root, html=True))])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def _browse(
    tools: Path, base: str, wanted: list[dict[str, Any]], shots: Path | None = None
) -> list[dict[str, Any]]:
    command = ["node", str(HERE / "browse.mjs"), str(tools), base, *([str(shots)] if shots else [])]
    run = subprocess.run(command, input=json.dumps(wanted), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found: list[dict[str, Any]] = json.loads(run.stdout)
    return found


def _at_youtube() -> Edition:
    """The full sample, whose film lies at YouTube."""
    edition = sample.full()
    links = {"youtube": "https://youtu.be/aqz-KE-bpKQ"}
    return replace(edition, episode=replace(edition.episode, slug="2026-11-04-elsewhere", links=links))


def test_the_nu_checker_finds_no_error(tools: Path, tmp_path: Path) -> None:
    _needs("java")
    jar = tools / "node_modules/vnu-jar/build/dist/vnu.jar"
    for name, preview in (("public", False), ("preview", True)):
        _lay(tmp_path / name, sample.files(preview=preview))
        _lay(tmp_path / name, episode_page.render(_at_youtube()))
    _lay(tmp_path / "gone", tombstone.render(sample.withdrawn()))

    def errors(folder: Path) -> str:
        command = ["java", "-jar", str(jar), "--errors-only", "--skip-non-html", str(folder)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stderr

    assert errors(tmp_path) == ""
    _lay(
        tmp_path / "control", {"index.html": b"<!doctype html><title>x</title><p><time>0:00</time><li>x</li>"}
    )
    assert "error" in errors(tmp_path / "control")


def test_html_validate_finds_no_error(tools: Path, tmp_path: Path) -> None:
    _needs("node")
    _lay(tmp_path, sample.files(preview=True) | sample.files())
    _lay(tmp_path, episode_page.render(_at_youtube()))
    _lay(tmp_path, tombstone.render(sample.withdrawn()))
    program = tools / "node_modules/html-validate/bin/html-validate.mjs"

    def judged(*pages: Path) -> list[tuple[str, str]]:
        command = ["node", str(program), "--config", str(HERE / "htmlvalidate.json"), "--formatter", "json"]
        run = subprocess.run([*command, *map(str, pages)], capture_output=True, text=True, check=False)
        return [(m["ruleId"], m["message"]) for file in json.loads(run.stdout) for m in file["messages"]]

    pages = sorted(tmp_path.rglob("*.html"))
    assert len(pages) > 20
    assert judged(*pages) == []
    _lay(tmp_path, {"control.html": b"<!doctype html><title>x</title><ul><p>in a list</p></ul><img src=a>"})
    assert len(judged(tmp_path / "control.html")) >= 2


@pytest.mark.parametrize("path", ["", "2026-11-04-lithium-under-the-talva/", "people/eda-cela/", "search/"])
def test_lighthouse_gives_full_marks(path: str, tools: Path, tmp_path: Path) -> None:
    _needs("node", "chromium")
    _lay(tmp_path, sample.files())
    _lay(tmp_path, dict.fromkeys(sample.media(), b"x" * 1000))
    _lay(tmp_path, {p: draw() for p, draw in sample.pictures().items()})
    program, report = tools / "node_modules/lighthouse/cli/index.js", tmp_path / "report.json"
    command = ["node", str(program), "--quiet", "--output=json", f"--output-path={report}"]
    command += ["--only-categories=accessibility,best-practices,seo"]
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    env = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}

    def marks(url: str) -> tuple[dict[str, float], list[str]]:
        subprocess.run([*command, url], check=True, capture_output=True, env=env)
        told = json.loads(report.read_text("utf-8"))
        lost = [
            name
            for name, audit in told["audits"].items()
            if audit["score"] is not None and audit["score"] < 1
        ]
        return {name: category["score"] for name, category in told["categories"].items()}, lost

    with _served(tmp_path) as base:
        given, lost = marks(f"{base}/record/{path}")
        assert given == {"accessibility": 1, "best-practices": 1, "seo": 1}, lost
        if not path:
            _lay(tmp_path, {"control.html": b"<!doctype html><title></title><img src=a><p>pale"})
            assert min(marks(f"{base}/record/control.html")[0].values()) < 1


def test_axe_finds_no_violation_and_pages_ask_nobody_else(tools: Path, tmp_path: Path) -> None:
    _needs("node", "chromium")
    _lay(tmp_path / "site", sample.files(preview=True) | sample.files())
    _lay(tmp_path / "site", episode_page.render(_at_youtube()))
    _lay(tmp_path / "site", dict.fromkeys(sample.media(), b"x" * 1000))
    gone = tombstone.render(sample.withdrawn())
    _lay(tmp_path / "site", gone)
    _lay(
        tmp_path / "site",
        {"control.html": b"<!doctype html><title>x</title><img src=a.png><p style='color:#999'>pale"},
    )
    shots = Path(os.environ["SHOTS"]) if "SHOTS" in os.environ else None
    wanted: list[dict[str, Any]] = [
        {"path": f"/record/{path}", "width": width, "dark": dark}
        for path in (*_LOOKED_AT, *gone)
        for width, dark in ((1280, False), (375, False), (1280, True), (320, True))
    ]
    wanted += [{"path": f"/record/{path}", "scripts": False} for path in _LOOKED_AT]
    with _served(tmp_path / "site") as base:
        *found, control = _browse(tools, base, [*wanted, {"path": "/record/control.html"}], shots)
    assert len(control["violations"]) >= 2
    words: dict[str, set[int]] = {}
    for page in found:
        where = f"{page['path']} at {page['width']} {'dark' if page['dark'] else 'light'}"
        assert page.get("violations", []) == [], where
        assert page["elsewhere"] == [], where
        assert page["failed"] == [], where
        assert [line for line in page["said"] if "404 (Not Found)" not in line] == [], where
        assert page["sideways"] <= 0, where
        if page["width"] == 1280 and "passes" in page:
            words.setdefault(page["path"], set()).add(page["words"])
        # A page that is set into another has less on it that axe could judge.
        least = 20 if page["path"].endswith(("index.html", "404.html")) else 12
        assert "passes" not in page or page["passes"] > least, where


def test_nothing_moves_while_a_page_loads(tools: Path, tmp_path: Path) -> None:
    _needs("node", "chromium")
    _lay(tmp_path, sample.files())
    talk, film, _ = (f"{e.episode.slug}/index.html" for e in sample.editions())
    lists = [f"{name}/index.html" for name in ("episodes", "people", "organisations", "tags", "questions")]
    paths = ["index.html", talk, film, *lists, "search/index.html", "search/index.html?q=wells"]
    paths.insert(0, "episodes/index.html?person=tomas-oreshi#narrowed")
    with _served(tmp_path) as base:
        command = ["node", str(HERE / "settle.mjs"), str(tools), *(f"{base}/record/{path}" for path in paths)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout)
    assert found.pop("control") > 0.005
    assert len(found) == 2 * len(paths)
    assert {where: moved for where, moved in found.items() if moved} == {}


def test_letters_twice_as_large_fit_and_no_control_is_out_of_sight(tools: Path, tmp_path: Path) -> None:
    _needs("node", "chromium")
    _lay(tmp_path, sample.files())
    _lay(tmp_path, dict.fromkeys(sample.media(), b"x" * 1000))
    paths = [path for path in _LOOKED_AT if path.endswith("index.html")]
    with _served(tmp_path) as base:
        command = ["node", str(HERE / "large.mjs"), str(tools), *(f"{base}/record/{path}" for path in paths)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout)
    assert found.pop("letters") == "32px"
    assert "pre." in found.pop("control")
    assert len(found) == 3 * len(paths) > 15
    assert {where: what for where, what in found.items() if what} == {}


def test_all_episodes_are_narrowed_by_keyboard_and_by_address(tools: Path, tmp_path: Path) -> None:
    _needs("node", "chromium")
    _lay(tmp_path, sample.files())
    _lay(tmp_path, dict.fromkeys(sample.media(), b"x" * 1000))
    with _served(tmp_path) as base:
        command = ["node", str(HERE / "narrow.mjs"), str(tools), f"{base}/record/episodes/index.html"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout)
    lithium, ferry, flood = (e.episode.slug for e in sample.editions())
    assert found["errors"] == []
    assert found["live"] == "status"
    everything = {"told": "3 episodes", "rows": [flood, ferry, lithium], "years": 1}
    assert found["all"] == {**everything, "query": "", "pages": []}
    assert found["keyed"] == {
        "told": "2 of 3 episodes",
        "rows": [ferry, lithium],
        "years": 1,
        "query": "?person=tomas-oreshi#narrowed",
        "pages": ["../people/tomas-oreshi/index.html"],
    }
    assert found["reset"] == {**everything, "query": "", "pages": []}
    assert found["focus"] == "person"
    assert found["both"]["rows"] == [flood]
    assert found["both"]["told"] == "1 of 3 episodes"
    assert found["none"] == {
        "told": "0 of 3 episodes",
        "rows": [],
        "years": 0,
        "query": "?tag=mining&organisation=ministry-of-public-works#narrowed",
        "pages": ["../organisations/ministry-of-public-works/index.html", "../tags/mining/index.html"],
    }
    assert found["unknown"]["rows"] == []
    assert found["back"]["rows"] == [ferry, lithium]
    plain = found["plain"]
    assert plain["rows"] == [flood, ferry, lithium]
    assert "../organisations/talva-legal-aid/index.html" in plain["links"]
    assert "../tags/mining/index.html" in plain["links"]


def test_times_play_and_links_with_a_moment_arrive_there(tools: Path, tmp_path: Path) -> None:
    _needs("node", "chromium", "ffmpeg")
    slug = sample.full().episode.slug
    _lay(tmp_path, sample.files())
    sound = tmp_path / sample.full().audio[0].path
    silence = ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono", "-t", "75", "-b:a", "64k"]
    subprocess.run(["ffmpeg", "-v", "error", *silence, str(sound)], check=True)
    with _served(tmp_path) as base:
        command = ["node", str(HERE / "play.mjs"), str(tools), f"{base}/record/{slug}/index.html", "18.6"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout)
    assert found["before"] == 0, "sound is loaded before anybody asks for it"
    assert 18.6 < found["clicked"]["at"] < 22
    assert found["clicked"]["paused"] is False
    assert found["clicked"]["marked"] == ["Tomas Oreshi"]
    assert found["clicked"]["hash"] == "#t=18.6"
    assert found["chapter"]["hash"] == "#t53"
    assert found["chapter"]["y"] > 0
    assert found["arrived"] is True
    assert found["covered"] == []
    none = dict.fromkeys(("#t=-20", "#t=soon", "?t=", "#t=1:2:3:4"))
    twenty = dict.fromkeys(("#t=0:20", "#t=npt:20,21", "?t=20s", "#t=%32%30"), 20)
    assert found["moments"] == {**none, **twenty, "#t=00:01:02.5": 62.5, "?t=1m2s": 62, "#t=,20": 0}


def test_words_are_marked_as_they_are_heard_and_can_be_shared(tools: Path, tmp_path: Path) -> None:
    _needs("node", "chromium", "ffmpeg")
    edition = sample.full()
    slug = edition.episode.slug
    _lay(tmp_path, sample.files())
    silence = ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono", "-t", "75", "-b:a", "64k"]
    subprocess.run(["ffmpeg", "-v", "error", *silence, str(tmp_path / edition.audio[0].path)], check=True)
    with _served(tmp_path) as base:
        command = ["node", str(HERE / "listen.mjs"), str(tools), f"{base}/record/{slug}/index.html"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout)
    assert found["errors"] == []
    assert found["elsewhere"] == []
    assert found["lazy"], "word times are fetched before anybody plays"
    said = [word for caption in edition.captions for word in caption.text.split()]
    times = [at for speech in edition.speeches for at in speech.words]
    for at_s, word in found["heard"]:
        i = bisect_right(times, at_s * 1000) - 1
        # Between reading the time and the mark, a word may have passed.
        assert word in said[max(0, i - 1) : i + 2], (at_s, word)
    assert found["label"] == "Pause"
    assert found["valuetext"].endswith(" of 1:15, Eda Çela-Đorđević")
    sentence = "So the first question is not about lithium."
    assert found["pointed"] == [sentence]
    assert found["sentence"] == pytest.approx(41.5, abs=0.3)
    assert found["next"] == pytest.approx(53, abs=0.05)
    assert found["previous"] == pytest.approx(13, abs=0.05)
    assert 23 <= found["ahead"] < 40
    assert (found["paused"], found["rate"], found["off"], found["closed"]) == (True, 1.25, True, "SUMMARY")
    assert found["lanes"] == pytest.approx(37.5, abs=0.5)
    quote, about, link = found["copied"].split("\n")
    words = "valley without water cannot promise water"
    assert quote == f"“{words}” — Tomas Oreshi, Hydrologist, University of Varna Hills"
    assert about == "Lithium under the Talva: a promise or a threat? · The Valley Record · 4 November 2026"
    assert link.startswith(f"{sample.SERIES.url}{slug}/#t=36.")
    assert found["inBar"]
    assert found["quoted"] == [words]
    assert found["shown"]
    assert found["began"] == pytest.approx(float(link.partition("=")[2].partition(",")[0]), abs=0.3)
    assert 0 <= found["stopped"] - float(link.partition(",")[2]) < 1
    assert found["query"] == pytest.approx(30, abs=0.3)
    # Seconds pass between starting, pausing and looking, more of them on a busy machine.
    assert {30 <= int(address.partition("?t=")[2]) < 60 for address in found["cited"]} == {True}
    assert len(found["cited"]) == 3
    assert 30 <= found["remembered"] < 60
    assert found["offered"].startswith("Listen from 0:")
    assert found["follows"]
    assert found["stays"] == [True, "false"]
    assert found["stops"] > 40
    assert found["hidden"] == []
    assert found["arrow"] == pytest.approx(5, abs=0.6)
    assert found["sideways"] <= 0
    assert (found["moved"], found["blocking"]) == (0, 0)


def test_films_have_captions_and_youtube_is_asked_only_after_a_click(tools: Path, tmp_path: Path) -> None:
    _needs("node", "chromium", "ffmpeg")
    own = sample.video()
    film = own.video
    assert film is not None
    elsewhere = _at_youtube()
    _lay(tmp_path, sample.files())
    _lay(tmp_path, episode_page.render(elsewhere))
    silence = ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono"]
    grey = ["-f", "lavfi", "-i", "color=gray:s=320x180:r=10", "-pix_fmt", "yuv420p"]
    for inputs, path in ((silence, elsewhere.audio[0].path), ([*silence, *grey], film.path)):
        subprocess.run(["ffmpeg", "-v", "error", *inputs, "-t", "20", str(tmp_path / path)], check=True)
    with _served(tmp_path) as base:
        pages = [f"{base}/record/{edition.episode.slug}/index.html" for edition in (own, elsewhere)]
        command = ["node", str(HERE / "film.mjs"), str(tools), *pages]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout)
    assert found["captions"] == ["captions", "sr", len(own.captions)]
    assert found["bar"]
    assert "frame-src" not in found["frames"]
    assert found["before"] == []
    (asked,) = found["after"]
    assert asked.startswith("https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?")
    assert (found["paused"], found["title"]) == (True, elsewhere.episode.title)


def test_no_hostile_word_runs_in_chromium_and_the_policy_alone_would_stop_it(
    tools: Path, tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _needs("node", "chromium")
    lines = (shared / "data/hostile/xss/vectors.jsonl").read_text("utf-8").splitlines()
    vectors = [json.loads(line)["v"] for line in lines][:600]
    # These run by themselves wherever they are not escaped.
    vectors[::60] = [f"<img src=x onerror=\"alert('fired {i}')\">" for i in range(10)]
    assert "script-src 'self'" in frame.POLICY

    def lay(name: str) -> list[dict[str, Any]]:
        wanted = []
        for i in range(0, len(vectors), 60):
            edition = hostile._edition(sample.full(), vectors[i : i + 60])
            files: dict[str, bytes] = {}
            for output in episode_outputs():
                files.update(output.render(edition))
            for series_output in series_outputs():
                files.update(series_output.render(Site(edition.series, (card(edition),))))
            _lay(tmp_path / f"{name}{i}", files)
            pages = (f"{edition.episode.slug}/index.html", "index.html", "episodes/index.html")
            wanted += [{"path": f"/record/{name}{i}/{path}", "probe": True} for path in pages]
        return wanted

    escaped = lay("escaped")
    careless = frame._environment(Theme()).overlay(autoescape=False)
    monkeypatch.setattr(frame, "_environment", lambda _: careless)
    policed = lay("policed")
    monkeypatch.setitem(careless.globals, "policy", "default-src * 'unsafe-inline'")
    control = lay("control")
    with _served(tmp_path) as base:
        fired = {
            name: sum("dialog" in line for page in _browse(tools, base, wanted) for line in page["said"])
            for name, wanted in (("escaped", escaped), ("policed", policed), ("control", control))
        }
    assert fired["control"] >= 10, fired
    assert (fired["escaped"], fired["policed"]) == (0, 0), fired


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[tuple[str, Path, Callable[[], None]]]:
    """A feed on this machine with sound of the very size that it names, and how to publish a change of it."""
    site = tmp_path / "site"
    site.mkdir()
    with _served(site, "/") as base:
        series = replace(sample.SERIES, url=f"{base}/")

        def publish(title: str = "", only: int = 3) -> None:
            editions = [replace(e, series=series) for e in sample.editions()][:only]
            if title:
                editions[0] = replace(editions[0], episode=replace(editions[0].episode, title=title))
            cards = sorted((card(e) for e in editions), key=lambda c: c.published, reverse=True)
            for output in series_outputs():
                _lay(site, output.render(Site(series, tuple(cards))))
            for edition in editions:
                for sound in edition.audio:
                    _lay(site, {sound.path: b"\xff\xfb\x90\x00" + bytes(sound.size_bytes - 4)})

        publish()
        yield f"{base}/feed.xml", site, publish


def test_newsboat_reads_the_feed(feed: tuple[str, Path, Any], tmp_path: Path) -> None:
    _needs("newsboat")
    address, _, _ = feed
    home = tmp_path / "home"
    _lay(home, {"urls": f"{address}\n".encode(), "config": f"download-path {home}/sound\n".encode()})
    base = ["newsboat", "-C", str(home / "config"), "-u", str(home / "urls"), "-c", str(home / "cache.db")]
    environment = {**os.environ, "HOME": str(home), "TERM": "dumb"}
    subprocess.run([*base, "-x", "reload"], check=True, env=environment, capture_output=True)
    unread = subprocess.run(
        [*base, "-x", "print-unread"], check=True, env=environment, capture_output=True, text=True
    )
    assert "2 unread" in unread.stdout


def test_gpodder_downloads_the_sound_and_knows_an_episode_again(
    feed: tuple[str, Path, Any], tmp_path: Path
) -> None:
    _needs("gpo")
    address, _, publish = feed
    home = tmp_path / "gpodder"
    environment = {**os.environ, "GPODDER_HOME": str(home), "GPODDER_DOWNLOAD_DIR": str(home / "sound")}

    def gpo(*words: str) -> str:
        run = subprocess.run(["gpo", *words], env=environment, capture_output=True, text=True, check=True)
        return run.stdout

    gpo("subscribe", address, "Valley")
    gpo("update")
    assert (
        len(
            [
                line
                for line in gpo("episodes").splitlines()
                if "trajekt" in line or "Lithium" in line or "трајект" in line
            ]
        )
        == 2
    )
    gpo("download")
    sounds = sorted(p.stat().st_size for p in (home / "sound").rglob("*") if p.suffix == ".mp3")
    assert sounds == sorted(e.audio[0].size_bytes for e in (sample.full(), sample.video()))
    publish("Lithium under the Talva, corrected")
    gpo("update")
    lines = [line for line in gpo("episodes").splitlines() if "Lithium" in line]
    assert len(lines) == 1, "a new title must not make a second episode"
