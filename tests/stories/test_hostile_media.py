"""Files made to break a reader: a sample of each kind; all of them are in tests/real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import hostile_media, sounds

from onrecord.engines import child
from onrecord.engines.media import Damage, listen
from onrecord.model.problem import UserError

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = (
    "concat.mp3",
    "dash.mp4",
    "hls.mp3",
    "hls_master_file.mp3",
    "hls_master_http.mp3",
    "html.mp3",
    "id3_only.mp3",
    "image.mp3",
    "no_audio.mp4",
    "pls.mp3",
    "sdp.mp3",
    "svg.mp3",
    "tiny10ms.wav",
    "trunc40B.mp3",
    "wav_65535ch.wav",
    "wav_sr1.wav",
    "zero.wav",
)
TAKEN = (
    "$(id).mp3",
    "-i.mp3",
    "8_Channel_ID.m4a",
    "antiphase.wav",
    "bad_metadata.flac",
    "chained.ogg",
    "ch8.wav",
    "chapters5000.mp3",
    "concat_ok.mp3|x.mp3",
    "http:x.mp3",
    "mp3_as.wav",
    "mp4_as.mp3",
    "mp4_duration_136y.m4a",
    "nan.wav",
    "noext",
    "offset5s.mkv",
    "ok.aac",
    "ok.flac",
    "ok.m4a",
    "ok.mkv",
    "ok.mp3",
    "ok.mp4",
    "ok.ogg",
    "ok.opus",
    "ok.wav",
    "ok.webm",
    "rate_change.mp3",
    "scihist_sample_video.mp4",
    "tracks24.mkv",
    "trunc50.mp3",
    "trunc_tail.flac",
    "wav_data_ffffffff.wav",
    "xing_4G_frames.mp3",
)


def test_hostile_files_are_refused_by_name_and_odd_ones_are_taken(shared: Path) -> None:
    here = {path.name: path for path in hostile_media.files(shared)}
    refused = said = 0
    # In one process: what a single file may cost is for the suite that gives each its own child.
    for name in (*REFUSED, *TAKEN):
        damage = Damage()
        try:
            length = sum(len(piece) for piece in listen(here[name], "recording.x", channels=2, damage=damage))
        except UserError as error:
            assert name in REFUSED, f"{name}: {error}"  # noqa: PT017 - either outcome is right for some
            refused += 1
        else:
            said += 1
            assert name in TAKEN or length < 4410, name
    assert (refused, said) == (len(REFUSED) - 1, len(TAKEN) + 1)


def test_a_few_through_the_real_door(shared: Path, tmp_path: Path) -> None:
    here = {path.name: path for path in hostile_media.files(shared)}
    names = ("ok.mp3", "hls.mp3", "zero.wav", "tiny10ms.wav", "offset5s.mkv")
    count, said = hostile_media.outcomes((here[name] for name in names), tmp_path)
    assert count["taken in"] == 2
    assert said["zero.wav"] == "is empty"
    assert said["tiny10ms.wav"].startswith("is 10 ms long")


@pytest.mark.parametrize("kind", ["concat", "hls"])
def test_a_list_that_poses_as_a_recording_opens_nothing_else(tmp_path: Path, kind: str) -> None:
    """With a control: without our list of demuxers, the same file does open the other."""
    import av

    sounds.write_wav(tmp_path / "other.wav", sounds.talk(2_000))
    with (
        av.open(str(tmp_path / "other.wav")) as source,
        av.open(str(tmp_path / "other.ts"), "w", format="mpegts") as container,
    ):
        stream = container.add_stream("mp2", rate=44_100, layout="mono")
        for frame in source.decode(audio=0):
            frame.pts = None
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    lists = {
        "concat": ("recording.mp3", "ffconcat version 1.0\nfile other.ts\n"),
        "hls": ("recording.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nother.ts\n#EXT-X-ENDLIST\n"),
    }
    name, text = lists[kind]
    path = tmp_path / name
    path.write_text(text)
    with av.open(str(path)) as control:
        assert sum(frame.samples for frame in control.decode(audio=0)) > 80_000
    with pytest.raises(UserError, match="is no sound or video file"):
        list(listen(path, "recording.mp3", channels=1))
    with pytest.raises(UserError, match="is no sound or video file"):
        child.run(
            "onrecord.engines.intake:recording",
            {"file": str(path), "about": "recording.mp3", "out": str(tmp_path)},
            about="recording.mp3",
        )
