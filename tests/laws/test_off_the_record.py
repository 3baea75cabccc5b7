"""Laws of passages off the record: nothing published lies in one, and taking a mark back undoes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import sample

from onrecord.craft import leak, likeness
from onrecord.craft.edition import Source, edit, programme
from onrecord.craft.register import Register, voices
from onrecord.flow.memory import Remembered
from onrecord.model.edition import Edition
from onrecord.model.episode import Cut
from onrecord.model.passage import Marked, marked
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.transcript import Cue, Transcript, Word, Words
from onrecord.outputs import episode_outputs

LENGTH_MS = 60_000
LATER = datetime(9999, 1, 1, tzinfo=UTC)


@st.composite
def spans(draw: st.DrawFn) -> Span[Ms]:
    start = draw(st.integers(0, LENGTH_MS - 1))
    return Span(Ms(start), Ms(draw(st.integers(start + 1, LENGTH_MS))))


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """An episode in which every word has a name of its own and a known time."""
    edges = sorted(draw(st.sets(st.integers(0, LENGTH_MS), min_size=2, max_size=60)))
    heard = tuple(
        Word(Span(Ms(a), Ms(b)), f"word{n}x") for n, (a, b) in enumerate(pairwise(edges)) if b - a >= 2
    )
    cues = []
    at = 0
    while at < len(heard):
        size = draw(st.integers(1, 8))
        group = heard[at : at + size]
        cues.append(
            Cue(
                Span(group[0].span.start, group[-1].span.end), "Tomas Oreshi", " ".join(w.text for w in group)
            )
        )
        at += size
    full = sample.full()
    whole = draw(st.none() | spans())
    cuts = (Cut("programme", whole.start, whole.end),) if whole else ()
    marks = tuple(draw(st.lists(spans(), max_size=4)))
    episode = replace(full.episode, cuts=cuts, off_record=marks)
    return Source(
        series=full.series,
        episode=episode,
        people=voices(episode.billed, Register((sample.MARA, sample.TOMAS, sample.EDA))),
        transcript=Transcript("en", tuple(cues)),
        ledger=replace(full.ledger, questions=tuple(replace(q, quotes=()) for q in full.ledger.questions)),
        heard=Words.of(heard) if draw(st.booleans()) else Words(),
        duration_ms=LENGTH_MS,
        has_recording=True,
    )


def everything(edition: Edition) -> dict[str, bytes]:
    return {path: data for output in episode_outputs() for path, data in output.render(edition).items()}


@settings(max_examples=40)
@given(sources())
def test_no_published_word_lies_in_a_passage_nor_any_published_time(known: Source) -> None:
    edition, _ = edit(known, LATER)
    line = edition.timeline
    assert line is not None
    published = {word for caption in edition.captions for word in caption.text.split()}
    times = {f"word{n}x": span for n, span in _times(known).items()}
    for passage in known.episode.off_record:
        assert not [word for word in published if times[word] & passage]
        assert not [kept for kept in line.kept if kept & passage]
    moments = [c.span.start for c in edition.captions] + [m.at for m in edition.chapters]
    for at in moments:
        recorded = line.record(PubMs(min(at, max(line.length - 1, 0))))
        assert recorded is None or not any(recorded in passage for passage in known.episode.off_record)


def _times(known: Source) -> dict[int, Span[Ms]]:
    assert known.transcript is not None
    found = {}
    for cue in known.transcript.cues:
        for text in cue.text.split():
            found[int(text[4:-1])] = cue.span  # without word times a caption goes as a whole
    for word in known.heard:
        found[int(word.text[4:-1])] = word.span
    return found


@settings(max_examples=25)
@given(sources(), spans())
def test_taking_a_mark_back_restores_the_same_bytes(known: Source, passage: Span[Ms]) -> None:
    before = everything(edit(known, LATER)[0])
    more = replace(known, episode=replace(known.episode, off_record=(*known.episode.off_record, passage)))
    edit(more, LATER)
    back = replace(more, episode=replace(more.episode, off_record=known.episode.off_record))
    assert everything(edit(back, LATER)[0]) == before


@settings(max_examples=40)
@given(sources(), st.lists(spans(), max_size=3))
def test_a_release_holds_a_passage_exactly_if_its_cut_kept_something_of_it(
    known: Source, later: list[Span[Ms]]
) -> None:
    line = programme(known.episode, LENGTH_MS)
    kept = tuple((int(s.start), int(s.end)) for s in line.kept)
    release = Remembered("k", files=("a/index.html",), card="{}", kept=kept)
    mark = Marked("id", "a", tuple(later))
    some = any(line.publish(Ms(at)) is not None for span in later for at in (span.start, span.end - 1))
    inside = any(k.start in span for span in later for k in line.kept)
    assert release.holds(mark) == (some or inside)
    own = marked(known.episode)
    assert own is None or not release.holds(own)
    assert not replace(release, files=()).holds(Marked("id", "a", tuple(later), withdrawn=True))
    assert release.holds(Marked("id", "a", withdrawn=True))
    assert replace(release, kept=None).holds(mark) == bool(later)


SPOKEN = ("river", "ferry", "winter", "minister", "harbour", "captain", "zeppelin", "and", "the", "of")
WORDS = st.lists(st.sampled_from(SPOKEN), max_size=30)


@settings(max_examples=50)
@given(WORDS, WORDS, st.lists(WORDS, max_size=2))
def test_what_is_looked_for_is_said_off_the_record_only_and_is_found_there(
    off: list[str], around: list[str], on: list[list[str]]
) -> None:
    said = [" ".join(row) for row in on]
    found = leak.needles([" ".join(off)], said)
    for text in said:
        assert not [run for run in leak.search(leak.words(text), found) if len(run) > 1]
    if found:
        whole = leak.words(" ".join([*around, *off, *around]))
        assert leak.search(whole, found)
        assert leak.raw(" ".join([*around, *off]).encode("utf-16-le"), found)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(1200, 4000), st.integers(0, 20_000), st.floats(0.02, 3.0))
def test_a_passage_is_found_wherever_it_stands_and_nowhere_else(
    seed: int, length_ms: int, at_ms: int, gain: float
) -> None:
    dice = np.random.default_rng(seed)
    rate = likeness.RATE_HZ
    talk = (dice.standard_normal(30 * rate) * np.repeat(dice.uniform(0.02, 0.3, 300), rate // 10)).astype(
        np.float32
    )
    gone = (0.2 * dice.standard_normal(length_ms * rate // 1000)).astype(np.float32)
    wanted = likeness.windows([(5000, gone)])
    assert wanted
    assert likeness.find(wanted, np.array_split(talk, 7)) == ()
    at = at_ms * rate // 1000
    leaked = np.concatenate([talk[:at], gain * gone, talk[at:]]).astype(np.float32)
    matches = likeness.find(wanted, np.array_split(leaked, 5))
    assert {m.window for m in matches} == set(range(len(wanted)))
    for match in matches:
        assert abs(match.at_ms - at_ms - (wanted[match.window].start_ms - 5000)) <= 2
