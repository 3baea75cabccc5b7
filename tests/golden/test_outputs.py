"""Every output's files, whole, as they were last looked at; `--golden-update` writes them anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

import pytest
from tests import sample

from onrecord.model.theme import Theme
from onrecord.outputs import episode_outputs, said, series_outputs, tombstone
from onrecord.outputs.assets import EPISODES, ICON, SCRIPT, SEARCH, style

Golden = Callable[[str, bytes], None]
_EDITIONS = {
    "full": sample.full,
    "video": sample.video,
    "switching": sample.switching,
    "announced": sample.announced,
    "draft": sample.draft,
}


@pytest.mark.parametrize("name", [output.NAME for output in episode_outputs()])
@pytest.mark.parametrize("which", _EDITIONS)
def test_an_output_of_an_episode_gives_the_files_that_were_looked_at(
    name: str, which: str, golden: Golden
) -> None:
    output = next(o for o in episode_outputs() if name == o.NAME)
    edition = _EDITIONS[which]()
    made = output.render(edition)
    assert made or which == "announced"
    for path, data in made.items():
        slug, _, rest = path.partition("/")
        assert slug == edition.episode.slug
        golden(f"{name}/{which}/{rest}", _read(data) if name == "said" else _settled(data))


@pytest.mark.parametrize("name", [output.NAME for output in series_outputs() if output.NAME != "assets"])
@pytest.mark.parametrize("preview", [False, True])
def test_an_output_of_the_series_gives_the_files_that_were_looked_at(
    name: str, preview: bool, golden: Golden
) -> None:
    output = next(o for o in series_outputs() if name == o.NAME)
    made = output.render(sample.site(preview=preview))
    assert made
    for path, data in made.items():
        golden(f"{name}/{'preview' if preview else 'public'}/{path}", _settled(data))


def _read(data: bytes) -> bytes:
    """What a segment holds, because compressed bytes differ between machines."""
    head, held = said.read(data)
    at, blocks = head.start, []
    for _, size_bytes in head.blocks:
        blocks.append(json.loads(said.inflate(data[at : at + size_bytes])))
        at += size_bytes
    plain = asdict(head) | {"start": 0, "blocks": [count for count, _ in head.blocks]}
    whole = {"head": plain, "words": {word: list(part) for word, part in held.items()}, "turns": blocks}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def test_the_notice_of_a_withdrawn_episode_is_the_one_that_was_looked_at(golden: Golden) -> None:
    edition = sample.withdrawn()
    ((path, data),) = tombstone.render(edition).items()
    assert path == f"{edition.episode.slug}/index.html"
    golden("tombstone/withdrawn/index.html", _settled(data))


def _settled(data: bytes) -> bytes:
    """Without the digests in the names of style sheet, script and icon: they change with every touch."""
    for path in (style(Theme()), SCRIPT, SEARCH, EPISODES, ICON):
        stem, ending = path.rsplit("-", 1)
        data = data.replace(path.encode(), f"{stem}.{ending.partition('.')[2]}".encode())
    return data
