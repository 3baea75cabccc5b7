"""The story of a recording's sound: taken in, cut, mastered, labelled; judged by tools that are not ours."""

from __future__ import annotations

import hashlib
import json
import shutil
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests import sounds
from tests.conftest import lacking

from onrecord.model.problem import UserError
from onrecord.steps import label, master, take_in

RATE_HZ = sounds.RATE_HZ
Taken = Callable[..., tuple[list[Path], dict[str, Any]]]


@pytest.fixture(scope="session", autouse=True)
def ffmpeg() -> None:
    """The judge."""
    if not shutil.which("ffmpeg") or not shutil.which("ffprobe"):
        lacking("ffmpeg")


def take(folder: Path, recording: Path, tracks: dict[str, Path] | None = None) -> dict[str, Any]:
    """Take a recording in; products lie in folder/made."""
    named = [{"person": Path(path).stem.split(".")[0], "path": path} for path in tracks or {}]
    needs = [recording, *(tracks or {}).values()]
    return take_in.do(sounds.work(folder, needs, {"recording": recording.name, "tracks": named}))


def mastered(
    folder: Path,
    recording: Path,
    kept: list[list[int]],
    *around: Path,
    formats: tuple[str, ...] = ("mp3", "m4a"),
) -> dict[str, Any]:
    """Master a cut; products lie in folder/made."""
    made = folder / "made"
    params: dict[str, Any] = {"cut": "programme", "kept": kept, "formats": list(formats)}
    params |= {"recording": recording.name, "intro": None, "outro": None}
    params |= {name: path.name for name, path in zip(("intro", "outro"), around, strict=False)}
    needs = [recording, made / "levels.npz", made / "facts.json", *around]
    return master.do(sounds.work(folder, needs, params))


def test_a_recording_is_taken_in(tmp_path: Path) -> None:
    talk = sounds.talk(20_000)
    talk[8 * RATE_HZ : 9 * RATE_HZ] = 0
    recording = sounds.write_wav(tmp_path / "recording.wav", talk)
    facts = take(tmp_path, recording)
    made = tmp_path / "made"
    assert facts["digest"] == hashlib.sha256(recording.read_bytes()).hexdigest()
    assert (facts["duration_ms"], facts["channels"], facts["rate_hz"]) == (20_000, 1, RATE_HZ)
    assert not facts["has_picture"]
    assert facts["problems"] == []
    assert abs(facts["loudness_lufs"] - sounds.meter(recording)[0]) < 0.1
    with wave.open(str(made / "sound.wav")) as speech:
        assert speech.getparams()[:3] == (1, 2, 16_000)
        assert abs(speech.getnframes() - 320_000) <= 16
    waveform = json.loads((made / "waveform.json").read_text())
    assert waveform["hop_ms"] == 100
    peaks = np.array(waveform["peaks"]).reshape(-1, 2)
    assert len(peaks) == 200
    assert np.abs(peaks[81:89]).max() == 0
    assert np.abs(peaks).max() == round(float(np.abs(talk).max()) * 127)
    silences = json.loads((made / "silences.json").read_text())
    assert any(a <= 8_050 and b >= 8_950 for a, b in silences)
    assert json.loads((made / "voices.json").read_text()) == {"tracks": [], "voices": []}
    assert {p.name for p in made.iterdir()} == {
        "sound.wav",
        "levels.npz",
        "waveform.json",
        "silences.json",
        "facts.json",
        "voices.json",
    }


def test_tracks_say_whose_voice_it_is(tmp_path: Path) -> None:
    rate_hz = 16_000
    dice = np.random.default_rng(8)
    one, other = np.zeros(60 * rate_hz), np.zeros(60 * rate_hz)
    truth = []
    at_ms, person = 500, 0
    while at_ms < 56_000:
        length_ms = int(dice.integers(1_500, 4_000))
        piece = sounds.talk(length_ms, seed=at_ms, rate_hz=rate_hz)
        start = at_ms * rate_hz // 1000
        (one, other)[person][start : start + len(piece)] += piece[: len(one) - start]
        truth.append((at_ms, at_ms + length_ms, ("ilva", "srdjan")[person]))
        at_ms, person = at_ms + length_ms + 600, 1 - person
    noise = 1e-4 * dice.standard_normal((3, len(one)))
    recording = sounds.write_wav(tmp_path / "recording.wav", one + other + noise[0], rate_hz)
    late = 3 * rate_hz  # srdjan's recorder began three seconds later, ilva's two seconds earlier
    ilva = np.concatenate([noise[2][: 2 * rate_hz], one + 0.2 * other + noise[1]])
    srdjan = (2.5 * (other + 0.2 * one) + noise[2])[late:]
    tracks = {
        "tracks/ilva.wav": sounds.write_wav(tmp_path / "tracks/ilva.wav", ilva, rate_hz),
        "tracks/srdjan.wav": sounds.write_wav(tmp_path / "tracks/srdjan.wav", srdjan, rate_hz),
        "tracks/wrong.wav": sounds.write_wav(
            tmp_path / "tracks/wrong.wav", sounds.talk(50_000, seed=99, rate_hz=rate_hz), rate_hz
        ),
    }
    facts = take(tmp_path, recording, tracks)
    laid = {t["person"]: t for t in facts["tracks"]}
    assert abs(laid["ilva"]["offset_ms"] + 2_000) <= 20
    assert abs(laid["srdjan"]["offset_ms"] - 3_000) <= 20
    assert [(p["path"], p["grave"]) for p in facts["problems"]] == [("tracks/wrong.wav", False)]
    named = np.full(60_000, "", dtype=object)
    for start_ms, end_ms, who in json.loads((tmp_path / "made/voices.json").read_text())["voices"]:
        named[start_ms:end_ms] = who
    right = wrong = 0
    for start_ms, end_ms, who in truth:
        within = named[max(start_ms, 3_200) : end_ms]
        right += int((within == who).sum())
        wrong += int(((within != who) & (within != "")).sum())
    assert right > 20 * wrong
    assert right > 0.7 * sum(b - a for a, b, _ in truth)


@pytest.mark.parametrize("shape", ["mono", "stereo", "equal", "eight"])
def test_a_cut_is_at_minus_16_lufs_whatever_its_channels(tmp_path: Path, shape: str) -> None:
    talk = sounds.talk(24_000, level_db=-32)
    other = sounds.talk(24_000, seed=2, level_db=-30)
    columns = {
        "mono": [talk],
        "stereo": [talk, other],
        "equal": [talk, talk],
        "eight": [talk, other, talk, talk, other, other, talk, other],
    }[shape]
    recording = sounds.write_wav(tmp_path / "recording.wav", np.stack(columns, axis=1))
    take(tmp_path, recording)
    result = mastered(tmp_path, recording, [[1_000, 10_000], [11_500, 23_000]])
    assert result["channels"] == (1 if shape in ("mono", "equal") else 2)
    for kind in ("mp3", "m4a"):
        loudness_lufs, peak_dbtp = sounds.meter(tmp_path / f"made/programme.sound.{kind}")
        assert abs(loudness_lufs + 16) <= 0.3, kind
        assert peak_dbtp <= -1.0, kind
    assert result["problems"] == []
    assert json.loads((tmp_path / "made/programme.loudness.json").read_text())["duration_ms"] == 20_500


def test_peaks_are_limited_and_the_loudness_is_right_all_the_same(tmp_path: Path) -> None:
    talk = sounds.talk(30_000, level_db=-34)
    knock = 0.9 * np.hanning(300) * np.sin(np.arange(300) / 8)
    for at in range(0, len(talk) - 300, RATE_HZ // 2):
        talk[at : at + 300] += knock  # somebody taps on the table, far above the voice
    recording = sounds.write_wav(tmp_path / "recording.wav", talk)
    take(tmp_path, recording)
    result = mastered(tmp_path, recording, [[0, 30_000]])
    assert result["limited_db"] < -6
    for kind in ("mp3", "m4a"):
        loudness_lufs, peak_dbtp = sounds.meter(tmp_path / f"made/programme.sound.{kind}")
        assert abs(loudness_lufs + 16) <= 0.3, kind
        assert peak_dbtp <= -1.0, kind


def test_what_was_removed_is_gone_without_a_click_and_times_are_kept(tmp_path: Path) -> None:
    t = np.arange(20 * RATE_HZ) / RATE_HZ
    sound = 0.1 * np.sin(2 * np.pi * 220 * t)
    secret = slice(5 * RATE_HZ, 8 * RATE_HZ)
    sound[secret] += 0.3 * np.sin(2 * np.pi * 3_000 * t[secret])
    marks_ms = (2_000, 11_000, 18_000)  # short noises, whose times are compared
    for at_ms in marks_ms:
        at = at_ms * RATE_HZ // 1000
        sound[at : at + 441] += 0.5 * np.random.default_rng(at_ms).standard_normal(441)
    recording = sounds.write_wav(tmp_path / "recording.wav", sound)
    take(tmp_path, recording)
    mastered(tmp_path, recording, [[0, 5_000], [8_000, 20_000]])
    for kind in ("mp3", "m4a"):
        heard = sounds.decode(tmp_path / f"made/programme.sound.{kind}")
        frame = {"mp3": 1152, "m4a": 1024}[kind]
        assert abs(len(heard) - 17 * RATE_HZ) <= frame, kind
        # The secret tone: as much of it as where it never was.
        rows = np.abs(np.fft.rfft(heard[: 16 * RATE_HZ].reshape(-1, 4410), axis=1))[:, 300]
        there = np.delete(rows, [at // 100 - (30 if at > 8_000 else 0) for at in marks_ms])
        assert there.max() < 0.002 * np.abs(np.fft.rfft(sound[secret][:4410]))[300], kind
        # No click: around the edit nothing is far above the tone, and nothing broad is there.
        edit = heard[5 * RATE_HZ - 2205 : 5 * RATE_HZ + 2205]
        assert np.abs(np.diff(edit)).max() < 2.5 * np.abs(np.diff(heard[3 * RATE_HZ : 4 * RATE_HZ])).max(), (
            kind
        )
        for at_ms in marks_ms:
            published = at_ms - (3_000 if at_ms > 8_000 else 0)
            at = published * RATE_HZ // 1000
            mark = np.random.default_rng(at_ms).standard_normal(441)
            around = heard[at - 2205 : at + 2205 + 441]
            found = int(np.argmax(np.correlate(around, mark, "valid"))) - 2205
            assert abs(found) <= 0.005 * RATE_HZ, kind


def test_an_intro_and_an_outro_stand_around_the_cut_at_the_same_loudness(tmp_path: Path) -> None:
    recording = sounds.write_wav(tmp_path / "recording.wav", sounds.talk(30_000, level_db=-35))
    intro = sounds.write_wav(tmp_path / "intro.wav", sounds.talk(6_000, seed=5, level_db=-12), 48_000)
    outro = sounds.write_wav(tmp_path / "outro.wav", sounds.talk(5_000, seed=6, level_db=-40))
    take(tmp_path, recording)
    result = mastered(tmp_path, recording, [[0, 30_000]], intro, outro, formats=("mp3",))
    intro_ms = 6_000 * RATE_HZ // 48_000
    assert (result["intro_ms"], result["outro_ms"]) == (intro_ms, 5_000)
    assert result["duration_ms"] == intro_ms + 35_000
    heard = sounds.decode(tmp_path / "made/programme.sound.mp3")
    parts = [(0, intro_ms), (intro_ms, intro_ms + 30_000), (intro_ms + 30_000, intro_ms + 35_000)]
    for number, (start_ms, end_ms) in enumerate(parts):
        part = heard[start_ms * RATE_HZ // 1000 : end_ms * RATE_HZ // 1000]
        file = sounds.write_wav(tmp_path / f"part{number}.wav", part)
        assert abs(sounds.meter(file)[0] + 16) < 1.0


def test_a_nearly_silent_recording_is_not_blown_up(tmp_path: Path) -> None:
    recording = sounds.write_wav(tmp_path / "recording.wav", sounds.talk(10_000, level_db=-55))
    take(tmp_path, recording)
    result = mastered(tmp_path, recording, [[0, 10_000]], formats=("mp3",))
    assert result["gain_db"] == 30.0
    assert [p["grave"] for p in result["problems"]] == [False]
    silent = sounds.write_wav(tmp_path / "silence.wav", np.zeros(5 * RATE_HZ))
    assert take(tmp_path, silent)["problems"][0]["says"] == "the recording is silent"
    result = mastered(tmp_path, silent, [[0, 5_000]])
    assert result["gain_db"] == 0.0


def test_mastering_the_same_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    recording = sounds.write_wav(tmp_path / "recording.wav", sounds.talk(8_000))
    seen = []
    for _ in range(2):
        take(tmp_path, recording)
        mastered(tmp_path, recording, [[0, 8_000]])
        seen.append({p.name: p.read_bytes() for p in sorted((tmp_path / "made").iterdir())})
    assert seen[0] == seen[1]


def cover(path: Path) -> Path:
    import av

    image = np.zeros((300, 300, 3), np.uint8)
    image[:, :, 0] = 200
    with av.open(str(path), "w", format="image2") as container:
        stream: Any = container.add_stream("mjpeg", rate=1)
        stream.width = stream.height = 300
        stream.pix_fmt = "yuvj420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    return path


CHAPTERS = [[0, "Uvod"], [3_000, "Who are the migrants?"], [10_500, "Šta sad – what now"]]


def labelled(folder: Path, **changed: Any) -> dict[str, Any]:
    made = folder / "made"
    params: dict[str, Any] = {
        "cut": "programme",
        "formats": ["mp3", "m4a"],
        "title": "Who are the Russians in Serbia?",
        "artist": "Srdjan Cvijić",
        "album": "#BalkansDebrief",
        "date": "2025-03-12",
        "language": "sr-Latn",
        "comment": "An interview",
        "chapters": CHAPTERS,
        "cover": "artwork.jpg",
    } | changed
    needs = [made / "programme.sound.mp3", made / "programme.sound.m4a", made / "programme.loudness.json"]
    needs += [folder / params["cover"]] if params["cover"] else []
    return label.do(sounds.work(folder, needs, params))


def test_labels_are_read_by_others_and_the_sound_is_untouched(tmp_path: Path) -> None:
    recording = sounds.write_wav(tmp_path / "recording.wav", sounds.talk(15_000))
    take(tmp_path, recording)
    mastered(tmp_path, recording, [[0, 15_000]])
    cover(tmp_path / "artwork.jpg")
    result = labelled(tmp_path)
    made = tmp_path / "made"
    for file in result["files"]:
        path = made / file["file"]
        assert file["size_bytes"] == path.stat().st_size
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        said = sounds.probe(path, "-show_chapters", "-show_format", "-show_streams")
        tags = {k.lower(): v for k, v in said["format"]["tags"].items()}
        assert tags["title"] == "Who are the Russians in Serbia?"
        assert tags["artist"] == "Srdjan Cvijić"
        assert tags["album"] == "#BalkansDebrief"
        assert tags["genre"] == "Podcast"
        assert tags["date"].startswith("2025")
        found = [[round(float(c["start_time"]) * 1000), c["tags"]["title"]] for c in said["chapters"]]
        assert found == CHAPTERS
        assert round(float(said["chapters"][-1]["end_time"])) == 15
        pictures = [s for s in said["streams"] if s["codec_type"] == "video"]
        assert [(s["width"], s["disposition"]["attached_pic"]) for s in pictures] == [(300, 1)]
        bare = sounds.decode(made / f"programme.sound.{file['format']}")
        assert np.array_equal(sounds.decode(path), bare)
        assert abs(float(said["format"]["duration"]) - 15) < 0.06
    mp3 = (made / "programme.mp3").read_bytes()
    assert mp3.startswith(b"ID3\x03")
    assert mp3.index(b"CTOC") < mp3.index(b"CHAP")
    assert b"APIC" in mp3
    m4a = (made / "programme.m4a").read_bytes()
    assert m4a.index(b"moov") < m4a.index(b"mdat")


def test_a_new_title_changes_the_label_alone(tmp_path: Path) -> None:
    recording = sounds.write_wav(tmp_path / "recording.wav", sounds.talk(6_000))
    take(tmp_path, recording)
    mastered(tmp_path, recording, [[0, 6_000]])
    before = (tmp_path / "made/programme.sound.mp3").read_bytes()
    labelled(tmp_path, cover=None, chapters=[])
    labelled(tmp_path, cover=None, chapters=[], title="Another")
    after = (tmp_path / "made/programme.mp3").read_bytes()
    assert (tmp_path / "made/programme.sound.mp3").read_bytes() == before
    assert after.endswith(before)


def test_a_cover_that_is_no_picture_is_named(tmp_path: Path) -> None:
    recording = sounds.write_wav(tmp_path / "recording.wav", sounds.talk(3_000))
    take(tmp_path, recording)
    mastered(tmp_path, recording, [[0, 3_000]])
    (tmp_path / "artwork.jpg").write_bytes(b"#EXTM3U\nfile:///etc/passwd\n")
    with pytest.raises(UserError) as caught:
        labelled(tmp_path)
    assert caught.value.problems[0].place.path == "artwork.jpg"
