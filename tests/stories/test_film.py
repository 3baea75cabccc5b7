"""The story of a film: its frames are those of the cut, none of what was removed, and the sound fits."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests import sounds
from tests.conftest import lacking

from onrecord.model.problem import UserError
from onrecord.steps import film, master, take_in

if TYPE_CHECKING:
    from pathlib import Path

FPS = 25


@pytest.fixture(scope="module", autouse=True)
def ffmpeg() -> None:
    """The judge."""
    if not shutil.which("ffmpeg"):
        lacking("ffmpeg")


def filmed(folder: Path, recording: Path, kept: list[list[int]], *around: Path) -> dict[str, Any]:
    """Take in, master and film; the film lies in folder/made."""
    made = folder / "made"
    take_in.do(sounds.work(folder, [recording], {"recording": recording.name, "tracks": []}))
    params: dict[str, Any] = {"cut": "web", "kept": kept, "recording": recording.name, "formats": ["m4a"]}
    params |= {name: path.name for name, path in zip(("intro", "outro"), around, strict=False)}
    master.do(sounds.work(folder, [recording, made / "levels.npz", made / "facts.json", *around], params))
    needs = [recording, made / "facts.json", made / "web.sound.m4a", made / "web.loudness.json"]
    return film.do(sounds.work(folder, needs, params))


def shown(path: Path) -> list[tuple[float, int]]:
    """(ms, number) of every frame."""
    import av

    with av.open(str(path)) as container:
        return [
            (round(float(frame.time or 0) * 1000, 1), sounds.number_of(frame.to_ndarray(format="rgb24")))
            for frame in container.decode(video=0)
        ]


def beeps(path: Path) -> list[int]:
    """Where the beeps begin, in ms."""
    sound = np.abs(sounds.decode(path)).astype(np.float64)
    level = np.sqrt(np.convolve(sound**2, np.ones(220) / 220, mode="same"))
    loud = level > 0.25 * level.max()
    return [int(i / 44.1) for i in np.flatnonzero(np.diff(loud.astype(int)) == 1)]


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_frames_at_each_edit_are_right_and_removed_ones_are_nowhere(tmp_path: Path, codec: str) -> None:
    beeps_ms = (2_000, 6_000, 9_000)
    recording = sounds.counted_video(tmp_path / "recording.mkv", 12_000, codec=codec, beeps_ms=beeps_ms)
    kept = [[1_030, 4_000], [5_010, 7_500], [8_200, 11_000]]
    result = filmed(tmp_path, recording, kept)
    assert not result["copied"]
    path = tmp_path / "made/web.mp4"
    frames = shown(path)
    assert result["frames"] == len(frames)
    removed = [n for n in range(300) if not any(a <= n * 40 < b for a, b in kept)]
    assert len(removed) > 80
    assert not {n for _, n in frames} & set(removed)
    published = 0
    for start, end in kept:
        inside = [(at, n) for at, n in frames if start <= n * 40 < end]
        assert [n for _, n in inside] == list(range(-(-start // 40), -(-end // 40)))
        # The very first frame of a film stands from its first instant on.
        for at_ms, n in inside[1:]:
            assert abs(at_ms - (published + n * 40 - start)) <= 2
        published += end - start
    assert result["duration_ms"] == published
    # The sound is where the picture is: a beep begins with its frame.
    expected = [970, 2_970 + 990, 2_970 + 2_490 + 800]
    assert len(beeps(path)) == 3
    assert all(abs(a - b) <= 40 for a, b in zip(beeps(path), expected, strict=True))
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    streams = sounds.probe(path, "-show_streams")["streams"]
    assert [s["codec_name"] for s in streams] == ["h264", "aac"]


def test_a_picture_that_nothing_was_cut_from_is_copied(tmp_path: Path) -> None:
    recording = sounds.counted_video(tmp_path / "recording.mp4", 4_000, beeps_ms=(1_000, 3_000))
    facts = take_in.do(sounds.work(tmp_path, [recording], {"recording": recording.name, "tracks": []}))
    result = filmed(tmp_path, recording, [[0, facts["duration_ms"]]])
    assert result["copied"]
    frames = shown(tmp_path / "made/web.mp4")
    assert [n for _, n in frames] == list(range(100))
    assert all(abs(at_ms - n * 40) <= 1 for at_ms, n in frames)
    assert all(
        abs(a - b) <= 40 for a, b in zip(beeps(tmp_path / "made/web.mp4"), (1_000, 3_000), strict=True)
    )


def test_during_an_intro_the_first_frame_stands(tmp_path: Path) -> None:
    recording = sounds.counted_video(tmp_path / "recording.mp4", 4_000)
    intro = sounds.write_wav(tmp_path / "intro.wav", sounds.talk(2_500))
    outro = sounds.write_wav(tmp_path / "outro.wav", sounds.talk(1_500, seed=3))
    result = filmed(tmp_path, recording, [[1_000, 3_000]], intro, outro)
    assert result["duration_ms"] == 6_000
    frames = shown(tmp_path / "made/web.mp4")
    assert {n for at_ms, n in frames if at_ms < 2_490} == {25}
    assert {n for at_ms, n in frames if at_ms >= 4_490} == {74}
    assert [n for at_ms, n in frames if 2_490 <= at_ms < 4_490] == list(range(25, 75))


def test_a_recording_without_a_picture_gives_no_film(tmp_path: Path) -> None:
    recording = sounds.write_wav(tmp_path / "recording.wav", sounds.talk(2_000))
    with pytest.raises(UserError, match="has no picture"):
        filmed(tmp_path, recording, [[0, 2_000]])


def test_a_large_picture_is_made_fit_for_the_web(tmp_path: Path) -> None:
    import av

    recording = tmp_path / "recording.mp4"
    with av.open(str(recording), "w") as container:
        picture: Any = container.add_stream("libx264", rate=5, options={"preset": "ultrafast"})
        picture.width, picture.height, picture.pix_fmt = 2560, 1440, "yuv420p"
        voice = container.add_stream("aac", rate=44_100, layout="mono")
        for _ in range(5):
            image = np.zeros((1440, 2560, 3), np.uint8)
            container.mux(picture.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(picture.encode(None))
        frame = av.AudioFrame.from_ndarray(
            sounds.talk(1_000)[None].astype(np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = 44_100
        container.mux(voice.encode(frame))
        container.mux(voice.encode(None))
    result = filmed(tmp_path, recording, [[0, 900]])
    assert (result["width"], result["height"], result["copied"]) == (1920, 1080, False)
