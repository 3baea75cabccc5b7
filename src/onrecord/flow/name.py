"""Name voices: by what is said, as a proposal beside the transcript, or by a person's word, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onrecord.craft.naming import Billed, name_voices
from onrecord.craft.voice import is_anonymous
from onrecord.folder import correct, files
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import EpisodeRead, read_episode, read_likes, read_receipt, read_series, read_text
from onrecord.model.episode import Episode
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.time import Ms
from onrecord.model.transcript import Transcript, Turn
from onrecord.text import vtt_voice


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of a transcript: how much it says, and what it is or might be called.

    `name` is empty where nothing is proposed; `named` says that the transcript already calls it so.
    """

    voice: str
    turns: int
    length_ms: int
    first: Ms
    name: str
    named: bool
    sure: float = 0.0
    reasons: tuple[str, ...] = ()


def billed(episode: Episode) -> tuple[Billed, ...]:
    """The people of an episode as naming knows them."""
    return tuple(
        Billed(b.person.id, b.person.name, b.person.also, "host" if b is episode.host else "guest")
        for b in episode.billed
    )


def look(home: SeriesFolder, own: EpisodeFolder) -> tuple[Voice, ...]:
    """All voices of a transcript, each with the name that what is said gives it; nothing is written.

    Raises:
        UserError: the episode cannot be read, or has no transcript.
    """
    episode, transcript = _read(home, own)
    of: dict[str, list[Turn]] = {}
    for turn in transcript.turns:
        of.setdefault(turn.voice, []).append(turn)
    language = episode.language or transcript.language
    spoken = [(turn.voice, turn.text) for turn in transcript.turns]
    namings = name_voices(spoken, billed(episode), language=language, likes=read_likes(own))
    found = {one.voice: one for one in namings}
    taken = {voice for voice in of if not is_anonymous(voice)}
    names = {b.person.id: b.person.name for b in episode.billed}
    receipt = {str(n.get("as")): n for n in read_receipt(own, "transcribe").get("facts", {}).get("names", ())}
    voices = []
    for voice, turns in of.items():
        length_ms = sum(turn.span.length_ms for turn in turns)
        about = (voice, len(turns), length_ms, turns[0].span.start)
        one = found[voice]
        name = names.get(one.person, "")
        if not is_anonymous(voice):
            why = receipt.get(voice, {})
            voices.append(
                Voice(*about, voice, True, float(why.get("sure", 0.0)), tuple(why.get("reasons", ())))
            )
        elif name and name not in taken:
            voices.append(Voice(*about, name, False, one.sure, one.reasons))
        else:
            voices.append(Voice(*about, "", False))
    return tuple(voices)


def propose(home: SeriesFolder, own: EpisodeFolder, voices: Sequence[Voice]) -> bool:
    """Lay a transcript with the proposed names beside the person's; True where there is anything new."""
    names = {v.voice: v.name for v in voices if v.name and not v.named}
    if not names:
        return False
    text, _ = read_text(own.transcript, home.name(own.transcript))
    waiting = correct.beside(own.transcript)
    seen = files.digest_file(waiting)
    if seen is not None:
        # A proposal of the machine's that waits there is the newer text: the names go into that one.
        text, _ = read_text(waiting, home.name(waiting))
    files.save(
        waiting,
        vtt_voice.rename(text or "", names).encode(),
        if_match=seen,
        root=home.root,
        keep_history=home.root,
    )
    return True


def rename(home: SeriesFolder, own: EpisodeFolder, names: Mapping[str, str]) -> int:
    """Call voices by other names in transcript.vtt, at once; the version before it is kept in the history.

    Returns:
        How many turns have another name now.

    Raises:
        UserError: there is no such voice.
        Changed: somebody saved the transcript at the same moment.
    """
    _, transcript = _read(home, own)
    place = home.name(own.transcript)
    known = list(dict.fromkeys(turn.voice for turn in transcript.turns))
    for old in names:
        if old not in known:
            hint = "its voices are " + ", ".join(known)
            raise UserError((Problem(Place(place), f"there is no voice `{old}`", hint),))
    text, _ = read_text(own.transcript, place)
    seen = files.digest((text or "").encode())
    renamed = vtt_voice.rename(text or "", names)
    files.save(own.transcript, renamed.encode(), if_match=seen, root=home.root, keep_history=home.root)
    return sum(turn.voice in names for turn in transcript.turns)


def _read(home: SeriesFolder, own: EpisodeFolder) -> tuple[Episode, Transcript]:
    read = read_series(home)
    if read.series is None:
        raise UserError(read.problems)
    found: EpisodeRead = read_episode(home, own, read.series, read.register)
    if found.episode is None or found.transcript is None:
        none = Problem(Place(home.name(own.transcript)), "there is no transcript yet", "run: onrecord build")
        raise UserError(tuple(p for p in found.problems if p.grave) or (none,))
    return found.episode, found.transcript
