r"""What an output is, and how to write a new one.

An output turns what is known into files of the published site. There are three kinds:

- **of an episode** (`KIND = "episode"`): `render(edition)` sees one `Edition` and gives the files that
  belong to it: its page, its transcripts, its chapters. All its paths begin with the episode's slug. It may
  say that no theme changes its files (`THEMED = False`): a new theme then leaves them as they are.
- **of the series** (`KIND = "series"`): `render(site)` sees a `Site`, that is the series and the cards
  of its episodes, newest first, and gives the files above them: home, people, feed, sitemap. It may say
  which fields of the cards its files come from (`USES`): while these are as they were, the files are kept.
  If it has one file with a part for each card, `revise(before, site)` may make the parts of a few cards
  anew, where none of the fields in `PLACED` changed.
- **a picture** (`KIND = "picture"`): `render(edition)` gives, for each path, a function that draws it. The
  path holds a digest of all that is drawn, so a build keeps what it has drawn before.

To write a new one, add **one module** to this folder (or name a module of your own package under the
entry point group `onrecord.outputs`; both come in by the same door, `outputs/__init__.py`):

    '''The episode's questions as a plain list, for a newsletter.'''

    from collections.abc import Mapping

    from onrecord.craft.url import episode_path
    from onrecord.model.edition import Edition

    NAME = "newsletter"
    KIND = "episode"

    def render(edition: Edition) -> Mapping[str, bytes]:
        lines = [f"- {question.ask}" for question in edition.episode.questions]
        return {episode_path(edition.episode.slug, "questions.txt"): "\n".join(lines).encode()}

and its golden files under `tests/golden/<NAME>/` (`pytest --golden-update` writes them; look at them).

Rules:

- A pure function: the same edition gives the same bytes. No clock, no files, no network, no chance.
- Everything in an `Edition` may be shown: what is off the record or outside the cut is not in it. But the
  ledger also holds what nobody approved yet: show `edition.quotes`, not the ledger's quotes.
- A `Site` that is no preview holds no drafts. Only published episodes with sound belong in a feed.
- Times in an edition's captions, chapters and quotes are published ones; times in its ledger are the
  recording's, and only `edition.timeline` crosses (`edition.asked` and `edition.speeches` have done so).
- Escape where you write: templates do it by themselves, addresses go through craft/url.py `safe_url`.
- Links between pages are relative (`craft.url.relative`); only feeds and the like use whole addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal, Protocol, runtime_checkable

from onrecord.model.edition import Edition, Site

LISTED: Final = ("slug", "title", "published", "language", "draft", "state", "people")
"""The fields of a card that every list of episodes shows."""


class EpisodeOutput(Protocol):
    """A module that makes files of one episode."""

    NAME: str
    KIND: Literal["episode"]

    def render(self, edition: Edition) -> Mapping[str, bytes]:
        """Give files of the episode: path under public/ (with `/`) to bytes."""


class PictureOutput(Protocol):
    """A module that draws pictures of one episode."""

    NAME: str
    KIND: Literal["picture"]

    def render(self, edition: Edition) -> Mapping[str, Callable[[], bytes]]:
        """Give pictures of the episode: path under public/, named by its content, to what draws it."""


class SeriesOutput(Protocol):
    """A module that makes files of the whole series."""

    NAME: str
    KIND: Literal["series"]

    def render(self, site: Site) -> Mapping[str, bytes]:
        """Give files of the series: path under public/ (with `/`) to bytes."""


@runtime_checkable
class RevisedOutput(SeriesOutput, Protocol):
    """One that can make its file from the one before and the cards that changed."""

    PLACED: tuple[str, ...]
    """The fields of a card by which its part has its place, or none; where one changed, all is made anew."""

    def revise(self, before: bytes, site: Site) -> bytes | None:
        """Give the file anew, `site` holding only the cards that changed; None where that cannot be done."""
