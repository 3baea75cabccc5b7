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
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from onrecord.folder import files

Verdict = Literal["write", "replace", "nothing", "beside"]


@dataclass(frozen=True, slots=True)
class Laid:
    """What became of a proposal.

    `made` is what the receipt should say the machine last wrote there, None if it never did.
    """

    verdict: Verdict
    made: str | None


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


def lay(path: Path, data: bytes, made: str | None, *, proposed: Path, root: Path) -> Laid:
    """Put a proposal where the rule says.

    Args:
        path: the correctable file.
        data: the new proposal.
        made: what the receipt says the machine last wrote there.
        proposed: where the last proposal is kept.
        root: the series folder.
    """
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


def accept(path: Path, root: Path) -> str | None:
    """Take the proposal that lies beside a file; what stood there is kept in the history.

    Args:
        path: the correctable file, such as transcript.vtt.
        root: the series folder, whose writer lock the caller holds.

    Returns:
        The sha256 of the file as it now stands; None where no proposal lies beside it.

    Raises:
        Changed: somebody saved the file in this very moment.
    """
    waiting = beside(path)
    if not waiting.is_file():
        return None
    seen = files.digest_file(path)
    taken = files.save(path, waiting.read_bytes(), if_match=seen, keep_history=root)
    files.remove(waiting)
    return taken
