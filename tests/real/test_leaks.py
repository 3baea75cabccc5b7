"""Real media with a passage off the record: leaks planted in sound, picture and tags are found."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests import sounds
from tests.conftest import lacking
from tests.stories import test_series as ferry
from tests.stories.test_off_the_record import MARK, mark, unmark
from tests.stories.test_series import LATER, SLUG

from onrecord.flow.build import Report, Wish, build
from onrecord.flow.leaks import search
from onrecord.folder.layout import SeriesFolder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

GONE, SAID = "The minister promised us a zeppelin.", "One ship, and nine people who know how to sail her."
LENGTH_MS, FPS = 24_000, 25
FROM_MS, TO_MS = 8_600, 12_000
Plant = Callable[[SeriesFolder, bool], None]
PLANTS: dict[str, Plant] = {}


class Here(Executor):
    """Runs a job at once, in this thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def run(home: SeriesFolder) -> Report:
    return build(home, Wish(LATER), lambda: {"cpu": Here()}, lambda _: None, threading.Event())


def film(path: Path) -> None:
    """A film whose frames show their number and whose sound is like talk."""
    import av

    sound = sounds.talk(LENGTH_MS, rate_hz=48_000, level_db=-20)
    with av.open(str(path), "w") as container:
        picture: Any = container.add_stream("libx264", rate=FPS)
        picture.width, picture.height, picture.pix_fmt = 240, 80, "yuv420p"
        picture.codec_context.gop_size = 2 * FPS
        voice = container.add_stream("aac", rate=48_000, layout="mono")
        for number in range(LENGTH_MS * FPS // 1000):
            row = np.repeat(np.array([255 * (number >> i & 1) for i in range(12)], np.uint8), 20)
            image = np.ascontiguousarray(np.broadcast_to(row[None, :, None], (80, 240, 3)))
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        for at in range(0, len(sound), 1024):
            samples = sound[None, at : at + 1024].astype(np.float32)
            piece = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            piece.sample_rate, piece.pts, piece.time_base = 48_000, at, Fraction(1, 48_000)
            container.mux(voice.encode(piece))
        container.mux(voice.encode(None))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SeriesFolder:
    """Built without the mark, which is kept beside; then marked and built again."""
    if not shutil.which("ffmpeg"):
        lacking("ffmpeg")
    home = ferry.write_series(tmp_path_factory.mktemp("film") / "series")
    own = home.episode(SLUG)
    film(own.root / "recording.mkv")
    assert run(home).well
    shutil.copytree(home.public, home.root.parent / "before")
    mark(home)
    report = run(home)
    assert report.well, report.problems
    assert {o.task.step for o in report.outcomes} == {"master", "label", "film", "poster"}
    assert report.cleared.media >= 5
    return home


@pytest.fixture
def marked(built: SeriesFolder, tmp_path: Path) -> SeriesFolder:
    shutil.copytree(built.root, tmp_path / "series")
    return SeriesFolder(tmp_path / "series")


def media(home: SeriesFolder, kind: str) -> Path:
    (found,) = (home.public / SLUG).glob(f"programme-*.{kind}")
    return found


def ffmpeg(*args: str | Path) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, args)], check=True)


def plant(make: Plant) -> Plant:
    PLANTS[make.__name__] = make
    return make


def replaced(home: SeriesFolder, kind: str, *args: str | Path) -> None:
    """A file of the programme, made anew by ffmpeg from itself and what `args` say."""
    target = media(home, kind)
    ffmpeg("-i", target, *args, home.root / f"new.{kind}")
    (home.root / f"new.{kind}").replace(target)


def tagged(home: SeriesFolder, kind: str, tag: str, *, leak: bool) -> None:
    replaced(home, kind, "-map", "0:a", "-c", "copy", "-metadata", f"{tag}={GONE if leak else SAID}")


def with_chapter(home: SeriesFolder, kind: str, *, leak: bool) -> None:
    title = GONE if leak else SAID
    about = home.root / "chapters.txt"
    about.write_text(f";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=5000\ntitle={title}\n")
    replaced(home, kind, "-i", about, "-map", "0:a", "-map_metadata", "1", "-map_chapters", "1", "-c", "copy")


@plant
def a_comment_in_the_mp3(home: SeriesFolder, leak: bool) -> None:
    tagged(home, "mp3", "comment", leak=leak)


@plant
def lyrics_in_the_mp3(home: SeriesFolder, leak: bool) -> None:
    tagged(home, "mp3", "lyrics", leak=leak)


@plant
def a_chapter_in_the_mp3(home: SeriesFolder, leak: bool) -> None:
    with_chapter(home, "mp3", leak=leak)


@plant
def a_description_in_the_m4a(home: SeriesFolder, leak: bool) -> None:
    tagged(home, "m4a", "description", leak=leak)


@plant
def a_chapter_in_the_m4a(home: SeriesFolder, leak: bool) -> None:
    with_chapter(home, "m4a", leak=leak)


@plant
def captions_in_the_film(home: SeriesFolder, leak: bool) -> None:
    words = home.root / "words.srt"
    words.write_text(f"1\n00:00:01,000 --> 00:00:04,000\n{GONE if leak else SAID}\n")
    replaced(home, "mp4", "-i", words, "-map", "0", "-map", "1", "-c", "copy", "-c:s", "mov_text")


def sound(home: SeriesFolder) -> np.ndarray:
    return sounds.decode(home.episode(SLUG).recordings[0])


def part(whole: np.ndarray, start_ms: float, end_ms: float) -> np.ndarray:
    return whole[int(start_ms * 44.1) : int(end_ms * 44.1)]


def as_mp3(home: SeriesFolder, samples: np.ndarray, target: Path) -> None:
    file = sounds.write_wav(home.root / "new.wav", samples)
    ffmpeg("-i", file, "-b:a", "96k", target)
    file.unlink()


@plant
def the_whole_sound(home: SeriesFolder, leak: bool) -> None:
    whole = sound(home)
    cut = np.concatenate([part(whole, 0, FROM_MS), part(whole, TO_MS, LENGTH_MS)])
    as_mp3(home, whole if leak else cut, media(home, "mp3"))


@plant
def two_seconds_of_it_much_quieter(home: SeriesFolder, leak: bool) -> None:
    whole = sound(home)
    more = part(whole, 9_000, 11_000) if leak else part(whole, 14_000, 16_000)
    out = [part(whole, 0, FROM_MS), part(whole, TO_MS, LENGTH_MS), 0.1 * more]
    as_mp3(home, np.concatenate(out), home.public / SLUG / "extra.mp3")


@plant
def an_old_file_that_was_left_behind(home: SeriesFolder, leak: bool) -> None:
    (old,) = (home.root.parent / "before" / SLUG).glob("*.m4a") if leak else ((media(home, "m4a")),)
    shutil.copy(old, home.public / "old-backup.m4a")


@plant
def a_clip_of_it(home: SeriesFolder, leak: bool) -> None:
    whole = sound(home)
    start = 9_000 if leak else 13_000
    file = sounds.write_wav(home.root / "new.wav", part(whole, start, start + 2_500))
    ffmpeg("-i", file, home.public / SLUG / "clip.ogg")
    file.unlink()


@plant
def a_cut_that_begins_late(home: SeriesFolder, leak: bool) -> None:
    """The half second before the passage's end is still there."""
    whole = sound(home)
    until = TO_MS - (500 if leak else 0)
    as_mp3(home, np.concatenate([part(whole, 0, FROM_MS), part(whole, until, LENGTH_MS)]), media(home, "mp3"))


@plant
def a_pause_where_the_passage_was(home: SeriesFolder, leak: bool) -> None:
    whole = sound(home)
    pause = np.zeros(44_100 * 3 // 10 if leak else 0)
    out = [part(whole, 0, FROM_MS), pause, part(whole, TO_MS, LENGTH_MS)]
    as_mp3(home, np.concatenate(out), media(home, "mp3"))


@plant
def a_film_of_which_the_sound_alone_was_cut(home: SeriesFolder, leak: bool) -> None:
    if leak:
        recording, target = home.episode(SLUG).recordings[0], media(home, "mp4")
        ffmpeg(
            "-i", recording, "-i", target, "-map", "0:v", "-map", "1:a", "-c", "copy", home.root / "new.mp4"
        )
        (home.root / "new.mp4").replace(target)


@plant
def frames_of_it_after_the_join(home: SeriesFolder, leak: bool) -> None:
    """A few frames too many at the join: the sound is right."""
    late = TO_MS - (200 if leak else 0)
    recording, target = home.episode(SLUG).recordings[0], media(home, "mp4")
    keep = f"lt(t,{FROM_MS / 1000})+gte(t,{late / 1000})"
    chosen = f"select='{keep}',setpts=N/{FPS}/TB"
    ffmpeg(
        "-i",
        recording,
        "-i",
        target,
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-vf",
        chosen,
        "-c:a",
        "copy",
        home.root / "n.mp4",
    )
    (home.root / "n.mp4").replace(target)


@pytest.mark.parametrize("kind", PLANTS)
def test_a_leak_in_media_is_found_and_its_twin_is_none(
    marked: SeriesFolder, kind: str, built: SeriesFolder
) -> None:
    if not (marked.root.parent / "before").exists():
        shutil.copytree(built.root.parent / "before", marked.root.parent / "before")
    twin = marked.root.parent / "twin"
    shutil.copytree(marked.root, twin)
    PLANTS[kind](marked, True)
    problems = search(marked).problems
    assert problems, "the leak is found"
    PLANTS[kind](SeriesFolder(twin), False)
    assert search(SeriesFolder(twin)).problems == []


def test_what_was_built_holds_nothing_and_unmarking_restores_the_same_bytes(
    marked: SeriesFolder, built: SeriesFolder
) -> None:
    searched = search(marked)
    assert searched.problems == []
    assert searched.compared == 3
    unmark(marked, MARK)
    report = run(marked)
    assert {o.task.step for o in report.outcomes} == {"master", "label", "film", "poster"}
    before = built.root.parent / "before"
    names = {p.relative_to(before) for p in before.rglob("*") if p.is_file()}
    assert names == {p.relative_to(marked.public) for p in marked.public.rglob("*") if p.is_file()}
    assert all((before / n).read_bytes() == (marked.public / n).read_bytes() for n in names)
    mark(marked, MARK.replace("00:00:12]", "00:00:13]"))
    assert {o.task.step for o in run(marked).outcomes} == {"master", "label", "film", "poster"}
