"""Sign an episode: one line of episode.md, everything else byte for byte."""

from __future__ import annotations

from datetime import date
from typing import Literal

from onrecord.folder import files
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import read_text
from onrecord.model.problem import Place, Problem, UserError
from onrecord.text import episode_md
from onrecord.text.yaml_patch import NotWritable

Field = Literal["checked", "approved"]


def sign(home: SeriesFolder, own: EpisodeFolder, field: Field, by: str, on: date) -> None:
    """Write `checked:` or `approved:` into episode.md.

    Raises:
        UserError: the file cannot be read as it stands.
        Changed: somebody saved it at the same moment.
    """
    name = home.name(own.episode_md)
    text, problems = read_text(own.episode_md, name)
    if text is None:
        raise UserError(problems or (Problem(Place(name), "there is no episode.md"),))
    try:
        signed = episode_md.patch(text, (field,), {"by": by, "on": on.isoformat()})
    except NotWritable as error:
        _, problems = episode_md.read(text, name)
        raise UserError(problems or (Problem(Place(name), str(error)),)) from None
    seen = files.digest(text.encode())
    files.save(own.episode_md, signed.encode(), if_match=seen, root=home.root, keep_history=home.root)
