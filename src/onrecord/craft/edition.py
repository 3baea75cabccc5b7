"""From what the files say to what may be shown: the edition of an episode.

This is where the recording's clock ends. Every caption, chapter and quote is carried through the
programme's timeline; what is off the record or trimmed away does not come out on the other side.
Where word times are known, a caption that touches such a passage keeps the words wholly outside it;
where they are not known, the whole caption goes: a word too few can be mended, one too many cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onrecord.craft.card import asked
from onrecord.craft.language import stated
from onrecord.craft.quoted import published_quotes
from onrecord.craft.register import fold_name
from onrecord.craft.speech import speeches
from onrecord.craft.timing import places, published, word_starts
from onrecord.model.edition import Caption, Edition, Mark
from onrecord.model.episode import Episode, Series, State
from onrecord.model.language import joined, tag
from onrecord.model.ledger import Answer, Chapter, Ledger, Question
from onrecord.model.people import Person
from onrecord.model.problem import Place, Problem
from onrecord.model.recording import Enclosure
from onrecord.model.time import Ms, PubMs, Span, write_clock
from onrecord.model.timeline import Timeline, lay
from onrecord.model.transcript import Cue, Transcript, Words

FOREVER = Ms(10**11)
"""Later than any recording ends: the end of a cut whose recording's length is not known yet."""

_SHORTEST_PART_MS = 100


@dataclass(frozen=True, slots=True)
class Source:
    """What the files of an episode say, read."""

    series: Series
    episode: Episode
    people: Mapping[str, Person]
    """By folded name: who a voice is (register.voices)."""
    transcript: Transcript | None = None
    ledger: Ledger = Ledger()
    heard: Words = Words()
    duration_ms: int | None = None
    has_recording: bool = False
    intro_ms: int = 0
    outro_ms: int = 0
    audio: tuple[Enclosure, ...] = ()
    video: Enclosure | None = None
    poster: str = ""


def programme(episode: Episode, duration_ms: int | None, intro_ms: int = 0, outro_ms: int = 0) -> Timeline:
    """The timeline of the cut that page, podcast and web video share."""
    cut = episode.cut("programme")
    end = FOREVER if duration_ms is None else Ms(duration_ms)
    if cut.end is not None:
        end = min(end, cut.end)
    start = min(cut.start or Ms(0), end)
    return lay("programme", Span(start, end), episode.off_record, intro_ms=intro_ms, outro_ms=outro_ms)


def state_of(source: Source, as_of: datetime) -> State:
    """How far the episode has come."""
    episode = source.episode
    if episode.withdrawn:
        return "withdrawn"
    if not source.has_recording and source.transcript is None:
        return "announced"
    if episode.approved:
        return "published" if episode.published <= as_of else "approved"
    if source.transcript is None:
        return "recorded"
    return "checked" if episode.checked else "recognised"


def edit(source: Source, as_of: datetime, *, draft: bool = False) -> tuple[Edition, tuple[Problem, ...]]:
    """Make the edition of an episode.

    An approved episode whose day has not come is edited as announced: page and billing, but neither
    sound nor words. With `draft` everything is shown, and marked. Of one that was withdrawn nothing is
    left but the days and the reason given.

    Returns:
        The edition, and problems: an approved quote that no longer stands is grave.
    """
    state = state_of(source, as_of)
    if state == "withdrawn":
        return _withdrawn(source, draft=draft and not source.episode.approved), ()
    if state == "announced" or (state == "approved" and not draft):
        return _announced(source, "announced", draft=draft and not source.episode.approved), ()
    episode = source.episode
    duration_ms = source.duration_ms
    if duration_ms is None and source.transcript and source.transcript.cues:
        duration_ms = max(c.span.end for c in source.transcript.cues)
    timeline = programme(episode, duration_ms, source.intro_ms, source.outro_ms)
    cues, problems = _on_the_record(source, timeline)
    captions = _captions(cues, source, timeline)
    late = tuple(
        _too_late(c, duration_ms)
        for c in source.ledger.chapters
        if duration_ms is not None and c.at >= duration_ms
    )
    quotes, fallen = published_quotes(source.ledger, episode.billed, source.people, timeline, captions)
    edition = Edition(
        series=source.series,
        episode=episode,
        state=state,
        language=_language(source),
        timeline=timeline,
        captions=captions,
        ledger=_public_ledger(source.ledger, timeline),
        chapters=marks(source.ledger, timeline),
        quotes=quotes,
        audio=source.audio,
        video=source.video,
        poster=source.poster if source.video else "",
        draft=draft and state != "published",
        corrections=published(episode.corrections, timeline),
    )
    return laid_out(edition), (*problems, *late, *fallen)


def laid_out(edition: Edition) -> Edition:
    """The edition with what follows from the rest: its questions in their places, its words as speech."""
    return replace(edition, asked=asked(edition), speeches=speeches(edition.captions))


def _language(source: Source) -> str:
    """What the episode states, else its transcript: so a language that was found reaches the page."""
    stands = source.transcript.language if source.transcript else ""
    own = source.episode.language or source.episode.languages
    return (stated(source.episode, source.series) if own else "") or tag(stands) or source.series.language


def _announced(source: Source, state: State, *, draft: bool) -> Edition:
    episode = replace(source.episode, corrections=(), checked=None)
    language = stated(episode, source.series) or source.series.language
    made = Edition(source.series, episode, state, language, None, (), Ledger(), (), (), (), None, draft)
    return laid_out(made)


def _withdrawn(source: Source, *, draft: bool) -> Edition:
    """Nothing but the notice: no title, nobody's name, not a word."""
    whole = source.episode
    episode = Episode(whole.id, whole.slug, "", whole.published, withdrawn=whole.withdrawn)
    language = source.series.language
    return Edition(source.series, episode, "withdrawn", language, None, (), Ledger(), (), (), (), None, draft)


def _on_the_record(source: Source, timeline: Timeline) -> tuple[tuple[Cue, ...], tuple[Problem, ...]]:
    """The transcript's cues on the recording's clock, with their times checked against the recording."""
    if source.transcript is None:
        return (), ()
    cues = source.transcript.cues
    if source.episode.transcript_clock == "programme":
        cues = tuple(c for c in (_to_recording(cue, timeline) for cue in cues) if c)
    problems = []
    if source.duration_ms is not None and cues and cues[-1].span.start > source.duration_ms + 1000:
        ends = write_clock(source.duration_ms)
        says = f"a caption starts at {write_clock(cues[-1].span.start)}, after the recording ends ({ends})"
        place = cues[-1].place or Place("transcript.vtt")
        problems.append(Problem(place, says, "is this the transcript of another recording?"))
    return cues, tuple(problems)


def _to_recording(cue: Cue, timeline: Timeline) -> Cue | None:
    start = timeline.record(PubMs(cue.span.start))
    last = timeline.record(PubMs(max(cue.span.end - 1, cue.span.start)))
    if start is None or last is None or last < start:
        return None
    return replace(cue, span=Span(start, Ms(last + 1)))


def _captions(cues: Sequence[Cue], source: Source, timeline: Timeline) -> tuple[Caption, ...]:
    heard = source.heard
    rows = places(heard, cues) if heard else [Words()] * len(cues)
    people = {voice: source.people.get(fold_name(voice)) for voice in {cue.voice for cue in cues}}
    found = []
    for cue, place in zip(cues, rows, strict=True):
        person = people[cue.voice]
        voice = person.name if person else cue.voice
        if at := timeline.whole(cue.span):
            begins = heard.starts[place] if isinstance(place, slice) else place.starts
            starts = word_starts(begins, cue.span, at)
            found.append(Caption(at, voice, cue.text, person, cue.language, starts))
            continue
        timed = (heard[place] if isinstance(place, slice) else place) if heard else None
        for span, text, kept in _kept_text(cue, timed, timeline, source.episode.off_record):
            at = timeline.publish_span(span)
            if at:
                found.append(
                    Caption(at, voice, text, person, cue.language, word_starts(kept.starts, span, at))
                )
    return tuple(found)


def _kept_text(
    cue: Cue, words: Words | None, timeline: Timeline, off_record: Sequence[Span[Ms]]
) -> list[tuple[Span[Ms], str, Words]]:
    """What stays of a caption that the cut does not keep whole: its span, text and words."""
    pieces = [p for p in timeline.parts(cue.span) if p.length_ms >= _SHORTEST_PART_MS]
    if words is None or any(not w.span for w in words):
        mostly = sum(p.length_ms for p in pieces) * 2 >= cue.span.length_ms
        touches = any(cue.span & gone for gone in off_record)
        return (
            [(Span(pieces[0].start, pieces[-1].end), cue.text, Words())]
            if pieces and mostly and not touches
            else []
        )
    found = []
    for part in pieces:
        kept = Words.of([w for w in words if w.span.start >= part.start and w.span.end <= part.end])
        if kept:
            found.append((part, joined(kept.texts), kept))
    return found


def marks(ledger: Ledger, timeline: Timeline) -> tuple[Mark, ...]:
    """The chapters that the cut keeps something of, on its published clock; the first one begins at 0."""
    found: list[Mark] = []
    for i, chapter in enumerate(ledger.chapters):
        until = ledger.chapters[i + 1].at if i + 1 < len(ledger.chapters) else FOREVER
        if not timeline.parts(Span(chapter.at, until)):
            continue
        at = timeline.clamp(chapter.at)
        if found and found[-1].at >= at:
            found.pop()
        found.append(Mark(at, chapter.title))
    # Players want a chapter at 0; the first one begins with the programme.
    return tuple([replace(found[0], at=PubMs(0)), *found[1:]] if found else [])


def _too_late(chapter: Chapter, duration_ms: int) -> Problem:
    ends = write_clock(duration_ms)
    says = f"chapter starts at {write_clock(chapter.at)}, after the recording ends ({ends})"
    hours, rest = divmod(chapter.at, 3_600_000)
    hint = f"did you mean {write_clock(rest)}?" if hours and rest < duration_ms else "mend its time"
    return Problem(chapter.place or Place("questions.yaml"), says, hint)


def _public_ledger(ledger: Ledger, timeline: Timeline) -> Ledger:
    """The questions that were found, without what the cut does not keep; quotes are published apart."""
    kept = []
    for q in ledger.questions:
        if q.found != "yes":
            continue
        asked = q.asked if q.asked is not None and timeline.publish(q.asked) is not None else None
        answers = tuple(Answer(a.by, part) for a in q.answers for part in timeline.parts(a.span)[:1])
        if asked is not None or answers:
            kept.append(Question(q.id, q.text, q.found, asked, answers, (), q.place))
    return Ledger(tuple(kept), ())
