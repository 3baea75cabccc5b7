"""Correctable files: the machine proposes, a person decides, and nobody's text is lost.

Three digests decide (never a modification time): `made`, what the machine last wrote; `now`, the file as
it stands; `new`, the new proposal.

    no file               write
    now = new             nothing
    now = made            replace: nobody touched it
    otherwise             beside: it is the person's, the proposal goes to transcript.new.vtt

`made` is what the receipt says. The last proposal, kept in record/proposed/, counts as made by the machine
too: so a person may take `transcript.new.vtt` by a plain `mv`, and a crash between the file and its
receipt does not turn the machine's own words into somebody's.

**Merging.** Where the step names a merge, what is laid beside is not the bare proposal but the merge of three
texts: the *base*, which the person's file was made from, the person's file, and the new proposal. What the
person touched is what differs from the base; so the base must be the right one. If a later proposal were
taken for it, a word that the person mended and that this proposal happens to have right as well
would look untouched, and the next wrong hearing would take it back. Four files in record/proposed/ keep it
right:

    transcript.vtt        the last proposal, bare
    transcript.base.vtt   what the person's file was made from; there from the first merge on, and as long as
                          the file is the person's, however many proposals are laid beside it and not taken
    transcript.next.vtt   the base of what lies beside: that text with the person's changes *undone* (which
    is a
                          merge, too). So whoever takes it has all changes in it still told apart
    transcript.mine.vtt   the person's file as it was merged; what is changed in it between then and `accept`
                          is merged into what is taken

Nothing notes whether the proposal beside was taken: by `accept`, by `mv`, whole or in parts and with other
changes since, before or after a crash. The text itself tells: of `base` and `next`, the one that shares
more lines with the person's file is its base. The first base is the last proposal, if the receipt says that
this is what the machine last wrote in place; where it does not (an older folder, a text from elsewhere),
there is no base, and the bare proposal is laid beside. A wrong guess of the base keeps too much of the old
text; it loses nothing, for what differs from any base stands.

Every file is saved whole, in this order: base, next, mine, the last proposal, what lies beside. A kill in
between leaves a base that still is the file's, and the next run lays the rest. Where the file is the
machine's again, the three are removed before it is replaced: better no base than one of another text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from onrecord.folder import files
from onrecord.model.problem import Problem, UserError

Verdict = Literal["write", "replace", "nothing", "beside"]
Merge = Callable[[bytes, bytes, bytes], tuple[bytes, tuple[Problem, ...]]]
"""(base, the person's, new) -> the merged file, and a problem for each conflict, with its line in there."""


@dataclass(frozen=True, slots=True)
class Laid:
    """What became of a proposal.

    `made` is what the receipt should say the machine last wrote there, None if it never did. `conflicts` have
    their lines in what lies beside. `unread`: why the person's file could not be merged.
    """

    verdict: Verdict
    made: str | None
    conflicts: tuple[Problem, ...] = ()
    unread: tuple[Problem, ...] = ()


def decide(made: str | None, now: str | None, new: str) -> Verdict:
    """What to do with a new proposal, by digests alone.

    >>> decide(None, None, "n"), decide("m", "m", "n"), decide("m", "n", "n"), decide("m", "p", "n")
    ('write', 'replace', 'nothing', 'beside')
    """
    if now is None:
        return "write"
    if now == new:
        return "nothing"
    if now == made:
        return "replace"
    return "beside"


def beside(path: Path) -> Path:
    """Where a proposal lies that waits for a person.

    >>> beside(Path("transcript.vtt")).name
    'transcript.new.vtt'
    """
    return path.with_name(f"{path.stem}.new{path.suffix}")


def lay(
    path: Path, data: bytes, made: str | None, *, proposed: Path, root: Path, merge: Merge | None = None
) -> Laid:
    """Put a proposal where the rule says.

    Args:
        path: the correctable file.
        data: the new proposal.
        made: what the receipt says the machine last wrote there.
        proposed: where the last proposal is kept.
        root: the series folder.
        merge: how a person's file and a new proposal become one.
    """
    if merge is not None:
        return _Merging(path, data, made, proposed, root, merge).lay()
    new, last = files.digest(data), files.digest_file(proposed)
    waiting = beside(path)
    while True:
        now = files.digest_file(path)
        base = now if now is not None and now == last else made
        verdict = decide(base, now, new)
        files.save(proposed, data, root=root)
        try:
            if verdict in {"write", "replace"}:
                files.save(path, data, if_match=now, root=root)
        except files.Changed:
            continue  # somebody saved it in this very moment: it is theirs now
        if verdict == "beside":
            touched = files.digest_file(waiting) not in {None, last, new}
            files.save(waiting, data, root=root, keep_history=root if touched else None)
            return Laid(verdict, base)
        if last is not None and files.digest_file(waiting) == last:
            files.remove(waiting)  # an older proposal that nobody needs to look at any more
        return Laid(verdict, new)


class _Merging:
    """One call of `lay` with a merge."""

    def __init__(
        self, path: Path, data: bytes, made: str | None, proposed: Path, root: Path, merge: Merge
    ) -> None:
        self._path, self._data, self._made, self._proposed = path, data, made, proposed
        self._root, self._merge, self._waiting = root, merge, beside(path)
        self._base, self._next, self._mine = (kept(proposed, what) for what in ("base", "next", "mine"))
        last = _read(proposed)
        self._last = None if last is None else files.digest(last)
        self._first_base = last if last is not None and self._last == made else None

    def lay(self) -> Laid:
        new = files.digest(self._data)
        while True:
            mine = _read(self._path)
            now = None if mine is None else files.digest(mine)
            if mine is None or self._is_machines(now):
                if mine is not None:
                    self._first_base = mine  # should somebody save over it in this very moment
                for old in (self._base, self._next, self._mine):
                    files.remove(old)
                files.save(self._proposed, self._data, root=self._root)
                try:
                    files.save(self._path, self._data, if_match=now, root=self._root)
                except files.Changed:
                    continue
                self._clear(self._data)
                return Laid(decide(now, now, new), new)
            return self._keep(mine, now == new)

    def _is_machines(self, now: str | None) -> bool:
        """Is this text the machine's? A merge that came out as the proposal is not: its changes are known."""
        if now in (self._made, files.digest_file(self._base)):
            return True
        return now == self._last and files.digest_file(self._next) in (None, now)

    def _keep(self, mine: bytes, is_new: bool) -> Laid:
        """The file is the person's: lay the merge beside it, if there is anything to lay."""
        base = self._find_base(mine)
        if base is None:
            if not is_new:
                return self._lay_beside(self._data, mine, None, (), ())
            files.save(self._proposed, self._data, root=self._root)
            self._clear(mine)
            return Laid(
                "nothing", files.digest(mine)
            )  # a text of nobody knows whom says what the machine says
        files.save(self._base, base, root=self._root)
        try:
            text, conflicts = self._merge(base, mine, self._data)
            undone, _ = self._merge(mine, base, text)
        except UserError as error:
            return self._lay_beside(self._data, mine, None, (), error.problems)
        if text == mine:
            files.save(self._proposed, self._data, root=self._root)
            self._clear(mine)
            files.remove(self._next)
            files.remove(self._mine)
            return Laid("nothing", self._made)
        return self._lay_beside(text, mine, undone, conflicts, ())

    def _find_base(self, mine: bytes) -> bytes | None:
        """The text that the person's file was made from, None where nobody knows."""
        of_file, of_waiting = _read(self._base), _read(self._next)
        known = [text for text in (of_file or self._first_base, of_waiting) if text is not None]
        return max(known, key=lambda text: _shared_lines(text, mine), default=None)

    def _lay_beside(
        self,
        text: bytes,
        mine: bytes,
        undone: bytes | None,
        conflicts: tuple[Problem, ...],
        unread: tuple[Problem, ...],
    ) -> Laid:
        for file, content in ((self._next, undone), (self._mine, mine if undone is not None else None)):
            if content is None:
                files.remove(file)
            else:
                files.save(file, content, root=self._root)
        files.save(self._proposed, self._data, root=self._root)
        files.save(self._waiting, text, root=self._root, keep_history=self._root)
        return Laid("beside", self._made, conflicts, unread)

    def _clear(self, stands: bytes) -> None:
        """Remove what lies beside; its last version is kept, for somebody may have worked on it."""
        if self._waiting.is_file():
            files.save(self._waiting, stands, root=self._root, keep_history=self._root)
            files.remove(self._waiting)


def kept(proposed: Path, what: str) -> Path:
    """Where the base, the next base and the merged file are kept, beside the last proposal.

    >>> kept(Path("transcript.vtt"), "base").name
    'transcript.base.vtt'
    """
    return proposed.with_name(f"{proposed.stem}.{what}{proposed.suffix}")


def made_from(path: Path, receipt: Path) -> bytes | None:
    """The text of the machine's that a correctable file was made from: the file itself if nobody touched it.

    Args:
        path: the correctable file.
        receipt: of the step that proposes it.

    Returns:
        None where nobody knows: what stands there is to be taken as it is.
    """
    proposed = path.parent / "record" / "proposed" / path.name
    mine, last = _read(path), _read(proposed)
    try:
        made = json.loads(receipt.read_bytes())["made"].get(path.name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        made = None
    if mine is None:
        return None
    of_file, of_waiting = _read(kept(proposed, "base")), _read(kept(proposed, "next"))
    if files.digest(mine) == made or (mine in (of_file, last) and of_waiting in (None, mine)):
        return mine
    if of_file is None and last is not None and files.digest(last) == made:
        of_file = last
    known = [text for text in (of_file, of_waiting) if text is not None]
    return max(known, key=lambda text: _shared_lines(text, mine), default=None)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _shared_lines(one: bytes, other: bytes) -> int:
    return (Counter(one.splitlines()) & Counter(other.splitlines())).total()


def offer(path: Path, text: bytes, mine: bytes, root: Path) -> None:
    """Lay beside a file what somebody else made of it, to be taken by `accept`.

    Args:
        path: the correctable file, with `record/` beside it.
        text: what is to lie beside it, already merged.
        mine: the file as it was merged.
        root: the series folder, whose writer lock the caller holds.
    """
    proposed = path.parent / "record" / "proposed" / path.name
    files.remove(kept(proposed, "next"))  # its changes are told apart by the base that the file has now
    files.save(kept(proposed, "mine"), mine, root=root)
    files.save(beside(path), text, root=root, keep_history=root)


def accept(path: Path, root: Path, merge: Merge | None = None) -> str | None:
    """Take the proposal that lies beside a file; what stood there is kept in the history.

    Args:
        path: the correctable file, such as transcript.vtt, with `record/` beside it.
        root: the series folder, whose writer lock the caller holds.
        merge: how changes that a person made since the proposal was laid come into it.

    Returns:
        The sha256 of the file as it now stands; None where no proposal lies beside it.

    Raises:
        Changed: somebody saved the file in this very moment.
        UserError: the file was changed since, and cannot be read.
    """
    waiting = beside(path)
    if not waiting.is_file():
        return None
    text, now = waiting.read_bytes(), _read(path)
    merged = _read(kept(path.parent / "record" / "proposed" / path.name, "mine"))
    if merge is not None and now is not None and merged is not None and now not in (merged, text):
        text, _ = merge(merged, now, text)
    seen = None if now is None else files.digest(now)
    taken = files.save(path, text, if_match=seen, keep_history=root)
    files.remove(waiting)
    return taken
