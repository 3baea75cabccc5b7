"""What a person took off the record of an episode: passages, or the whole of it."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.model.episode import Episode
from onrecord.model.time import Ms, Span


@dataclass(frozen=True, slots=True)
class Marked:
    """An episode with something off the record: `passages` on the recording's clock, or all of it."""

    id: str
    slug: str
    passages: tuple[Span[Ms], ...] = ()
    withdrawn: bool = False

    def takes(self, span: Span[Ms]) -> bool:
        """Whether something of a stretch of the recording is off the record."""
        return self.withdrawn or any(span & passage for passage in self.passages)


def marked(episode: Episode) -> Marked | None:
    """What is off the record of an episode; None where nothing is."""
    if not episode.off_record and episode.withdrawn is None:
        return None
    return Marked(episode.id, episode.slug, episode.off_record, episode.withdrawn is not None)
