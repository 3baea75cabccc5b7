"""The story of a poster: it shows what the film mostly shows, and goes when the film goes."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests import sounds
from tests.conftest import lacking

from onrecord.engines.poster import most_like_the_others
from onrecord.flow.media import find_media
from onrecord.flow.off_record import cuts
from onrecord.folder.layout import EpisodeFolder
from onrecord.model.passage import Marked
from onrecord.model.problem import UserError
from onrecord.model.time import Ms, Span
from onrecord.steps import poster

if TYPE_CHECKING:
    from pathlib import Path

TALK = "color=c=0x2f7d5b:size=640x360:rate=25,drawbox=x=200:y=80:w=200:h=280:color=0xd9a273:t=fill"
TITLE = "color=c=white:size=640x360:rate=25,drawbox=x=40:y=150:w=560:h=60:color=black:t=fill"
BLACK = "color=c=black:size=640x360:rate=25"


def shot(path: Path, *shots: tuple[str, int], shape: str = "null") -> Path:
    """A film of shots, each so many seconds long, with a key frame a second."""
    if not shutil.which("ffmpeg"):
        lacking("ffmpeg")
    inputs = [part for picture, s in shots for part in ("-f", "lavfi", "-t", str(s), "-i", picture)]
    joined = "".join(f"[{i}:v]" for i in range(len(shots))) + f"concat=n={len(shots)}:v=1:a=0,{shape}"
    command = ["ffmpeg", "-v", "error", *inputs, "-filter_complex", joined]
    subprocess.run([*command, "-g", "25", "-pix_fmt", "yuv420p", str(path)], check=True)
    return path


def of(folder: Path, film: Path) -> tuple[dict[str, object], Image.Image]:
    """What the step says of a film, and the picture."""
    said = poster.do(sounds.work(folder, [film], {"cut": "programme"}))
    with Image.open(folder / "made/programme.jpg") as image:
        image.load()
        return said, image


def near(image: Image.Image, at: tuple[float, float], colour: tuple[int, int, int]) -> bool:
    """Whether the picture has the colour at that share of its width and height."""
    place = round(at[0] * (image.width - 1)), round(at[1] * (image.height - 1))
    found = image.convert("RGB").getpixel(place)
    assert isinstance(found, tuple)
    return all(abs(a - b) < 12 for a, b in zip(found, colour, strict=True))


def test_the_poster_is_neither_the_black_before_nor_the_title_nor_a_slide(tmp_path: Path) -> None:
    film = shot(tmp_path / "programme.mp4", (BLACK, 4), (TITLE, 6), (TALK, 14), (BLACK, 3))
    said, image = of(tmp_path, film)
    assert isinstance(said["at_ms"], int)
    assert 10_000 <= said["at_ms"] < 24_000
    assert (image.width, image.height) == (said["width"], said["height"]) == (640, 360)
    assert near(image, (0.05, 0.05), (0x2F, 0x7D, 0x5B))
    assert near(image, (0.45, 0.6), (0xD9, 0xA2, 0x73))
    assert (tmp_path / "made/programme.jpg").stat().st_size == said["size_bytes"]


def test_a_wide_film_gives_a_picture_that_loads_quickly(tmp_path: Path) -> None:
    film = shot(tmp_path / "programme.mp4", (TALK, 3), shape="scale=1920:1080")
    said, image = of(tmp_path, film)
    assert (image.width, image.height) == (1280, 720)
    assert image.info["progressive"]
    assert isinstance(said["size_bytes"], int)
    assert said["size_bytes"] < 100_000


def test_pixels_that_are_not_square_are_made_square(tmp_path: Path) -> None:
    film = shot(tmp_path / "programme.mp4", (TALK, 3), shape="scale=480:360,setsar=4/3")
    _, image = of(tmp_path, film)
    assert (image.width, image.height) == (640, 360)


def test_a_film_that_is_black_throughout_still_has_one(tmp_path: Path) -> None:
    _, image = of(tmp_path, shot(tmp_path / "programme.mp4", (BLACK, 3)))
    assert near(image, (0.5, 0.5), (0, 0, 0))


def test_a_file_without_a_picture_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no picture"):
        of(tmp_path, sounds.write_wav(tmp_path / "programme.wav", sounds.talk(1_000)))


@given(st.integers(0, 2**32 - 1), st.integers(3, 12))
def test_what_is_chosen_differs_least_from_the_others_wherever_it_stands(seed: int, count: int) -> None:
    dice = np.random.default_rng(seed)
    frames = [dice.integers(0, 256, (18, 32), dtype=np.uint8) for _ in range(count)]
    chosen = most_like_the_others(frames)
    order = dice.permutation(count)

    def differs(i: int) -> float:
        return sum(float(np.abs(frames[i].astype(float) - other).mean()) for other in frames)

    assert differs(chosen) <= min(map(differs, range(count))) + 1e-3
    again = int(order[most_like_the_others([frames[i] for i in order])])
    assert differs(again) == pytest.approx(differs(chosen), abs=1e-3)
    # Of however many that are of one colour, none is taken.
    plain = [np.full((18, 32), 7, np.uint8)] * (3 * count)
    assert most_like_the_others([*plain, *frames]) >= 3 * count


def test_a_passage_that_the_film_holds_takes_the_poster_with_it(tmp_path: Path) -> None:
    own = EpisodeFolder(tmp_path / "one", "one")
    own.record.mkdir(parents=True)
    film = {"file": "programme.mp4", "mime": "video/mp4", "size_bytes": 9, "duration_ms": 9_000}
    picture = {"file": "programme.jpg", "mime": "image/jpeg", "size_bytes": 5}
    rows = {
        "film": ({"recording.mp4": ""}, "cache/programme.mp4", {"kept": [[0, 9_000]]}, film),
        "poster": ({"cache/programme.mp4": ""}, "cache/programme.jpg", {"cut": "programme"}, picture),
        "take_in": ({"recording.mp4": ""}, "cache/levels.npz", {}, {}),
    }
    for step, (needs, made, params, facts) in rows.items():
        sha256 = {"sha256": "0123456789abcdef"} if facts else {}
        told = {"needs": needs, "made": {made: ""}, "params": params, "facts": facts | sha256}
        (own.record / f"{step}.json").write_text(json.dumps(told))
    media = find_media(own)
    assert media.poster == "one/programme-01234567.jpg"
    assert media.files[media.poster] == own.cache / "programme.jpg"
    assert [e.path for e in media.enclosures] == ["one/programme-01234567.mp4"]
    gone = cuts(own, Marked("id", "one", (Span(Ms(4_000), Ms(5_000)),)))
    assert {path.stem for path in gone} == {"film", "poster"}
    assert not cuts(own, Marked("id", "one", (Span(Ms(9_500), Ms(9_900)),)))
