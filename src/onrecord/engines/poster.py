"""Choose the picture that stands for a film until it plays: the frame that is most like all others.

Frames are taken from all over the film. So the picture shows what the film mostly shows, and not its title,
a slide or the black between two shots.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.engines.film import Fit
from onrecord.engines.media import open_media, picture_of, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from onrecord.engines.child import Tell

_LOOKS = 25
_PLAIN = 6.0
"""A frame whose grey values (0 to 255) deviate less from their mean is of one colour."""
_WIDEST = 1280
_QUALITY = 80


def make(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Make the poster that `steps.poster` asks for; runs in the child process (see `child`)."""
    film, target = Path(request["film"]), Path(request["target"])
    with open_media(film, request["about"]) as container:
        picture = picture_of(container)
        looks = {} if picture is None else _looks(container, picture, tell)
        if picture is None or not looks:
            raise refuse(request["about"], "has no picture that can be decoded")
        at = tuple(looks)[most_like_the_others(tuple(looks.values()))]
        container.seek(at, stream=picture)
        chosen = next(container.decode(picture))
        upright: Any = Fit(picture.codec_context.sample_aspect_ratio)(chosen)
        image = upright.to_image()
    image.thumbnail((_WIDEST, _WIDEST))
    image.save(target, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    data = target.read_bytes()
    about = {"file": target.name, "mime": "image/jpeg", "size_bytes": len(data)}
    return about | {
        "sha256": hashlib.sha256(data).hexdigest(),
        "width": image.width,
        "height": image.height,
        "at_ms": round(float(chosen.time or 0) * 1000),
    }


def most_like_the_others(frames: Sequence[np.ndarray[Any, Any]]) -> int:
    """Which of some small grey pictures of one shape differs least from all others.

    One that is of a single colour is taken only where all are.
    """
    rows = np.stack([frame.astype(np.float32).ravel() for frame in frames])
    differs = np.abs(rows[:, None, :] - rows[None, :, :]).mean(axis=2).sum(axis=1)
    plain = rows.std(axis=1) < _PLAIN
    if not plain.all():
        differs[plain] = np.inf
    return int(differs.argmin())


def _looks(container: InputContainer, picture: VideoStream, tell: Tell) -> dict[int, np.ndarray[Any, Any]]:
    """Key frames from all over the film, small and grey, by their time in the stream's own unit.

    Those that cannot be decoded are left out.
    """
    import av

    length_us, found = container.duration or 0, dict[int, np.ndarray[Any, Any]]()
    for n in range(_LOOKS):
        tell(n, _LOOKS, "choosing the poster")
        try:
            container.seek(int(length_us * (n + 0.5) / _LOOKS))
            frame = next(container.decode(picture))
            if frame.pts is not None and frame.pts not in found:
                found[frame.pts] = frame.reformat(width=32, height=18, format="gray").to_ndarray()
        except (StopIteration, av.FFmpegError, ValueError):
            continue
    return found
