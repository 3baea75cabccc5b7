"""Laws of the merge: what a person touched stays, the rest is new, nothing is chosen in silence."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.corrected import Corrected, Row, bare, bases, corrected, transcript

from onrecord.craft.align import fold
from onrecord.craft.merge import merge
from onrecord.craft.merge_file import merge_files
from onrecord.model.transcript import Transcript
from onrecord.text import vtt


def said(found: Transcript) -> list[tuple[str, str]]:
    """Every word with its voice."""
    return [(word, cue.voice) for cue in found.cues for word in cue.text.split()]


def is_within(few: list[tuple[str, str]] | tuple[tuple[str, str], ...], many: list[tuple[str, str]]) -> bool:
    """Do the few stand among the many, in their order?"""
    rest = iter(many)
    return all(one in rest for one in few)


@given(corrected())
def test_every_word_that_a_person_wrote_stands_in_its_order_with_its_voice(case: Corrected) -> None:
    merged = merge(case.base, case.mine, case.new).transcript
    assert is_within(case.written, said(merged))


@given(corrected())
def test_a_word_that_a_person_took_out_does_not_come_back(case: Corrected) -> None:
    merged = merge(case.base, case.mine, case.new).transcript
    words = {fold(word) for word, _ in said(merged)}
    assert not words & {fold(word) for word in case.deleted}


@given(corrected())
def test_every_name_that_a_person_gave_stands(case: Corrected) -> None:
    """Also in front of words that nobody touched, wherever they are still heard."""
    merged = said(merge(case.base, case.mine, case.new).transcript)
    was, now = dict(said(case.base)), dict(said(case.mine))
    result = dict(merged)
    for word, voice in now.items():
        if word in was and was[word] != voice and word in result:
            assert result[word] == voice


@given(corrected())
def test_where_nobody_touched_anything_all_is_new(case: Corrected) -> None:
    """Where a caption begins and ends with words of the base: without them nobody can tell whose is what."""
    merged = merge(case.base, case.mine, case.new).transcript
    found = {cue.text: cue for cue in merged.cues}
    for cue, origin in zip(case.new.cues, case.origins, strict=True):
        words = cue.text.split()
        if not origin & case.touched and words[0].startswith("b") and words[-1].startswith("b"):
            assert cue.text in found
            if not case.timed:
                assert found[cue.text].span == cue.span


@given(corrected())
def test_a_word_that_is_not_the_persons_is_newly_heard(case: Corrected) -> None:
    merged = merge(case.base, case.mine, case.new)
    allowed = {w for w, _ in said(case.new)} | {w for w, _ in said(case.mine)}
    assert {w for w, _ in said(merged.transcript)} <= allowed
    own = {w for w, _ in case.written}
    untouched = {w for w, _ in said(case.mine)} - own
    heard = {fold(w) for w, _ in said(case.new)}
    for word in untouched:
        if fold(word) not in heard and not merged.conflicts:
            assert word not in {w for w, _ in said(merged.transcript)}


@given(bases(), st.data())
def test_the_three_identities(rows: list[Row], data: st.DataObject) -> None:
    case = data.draw(corrected(common=True))
    assert merge(case.base, case.base, case.new).transcript == case.new
    assert merge(case.base, case.mine, case.base).transcript == case.mine
    assert merge(case.base, case.mine, case.mine).transcript == case.mine
    assert not merge(case.base, case.mine, case.mine).conflicts
    other = transcript(rows)
    assert merge(other, case.mine, other).transcript == case.mine


@settings(max_examples=200)
@given(st.booleans().flatmap(lambda common: corrected(common=common)))
def test_captions_do_not_overlap_and_every_conflict_has_a_place(case: Corrected) -> None:
    merged = merge(case.base, case.mine, case.new)
    cues = merged.transcript.cues
    for before, after in pairwise(cues):
        assert before.span.end <= after.span.start
    assert all(cue.text for cue in cues)
    assert len(merged.mine) == len(cues)
    assert all(m is None or 0 <= m < len(case.mine.cues) for m in merged.mine)
    for conflict in merged.conflicts:
        assert 0 <= conflict.cue < len(cues)


@given(corrected())
def test_captions_that_a_person_cut_or_timed_keep_their_times(case: Corrected) -> None:
    was = {cue.span for cue in case.base.cues}
    spans = {cue.span for cue in merge(case.base, case.mine, case.new).transcript.cues}
    for cue in case.mine.cues:
        if cue.span not in was and not {w for w, _ in case.written}.isdisjoint(cue.text.split()):
            assert cue.span in spans


@given(corrected())
def test_both_readings_are_there_where_they_differ(case: Corrected) -> None:
    """A new word that is not in the result was heard where the person wrote, and is shown."""
    merged = merge(case.base, case.mine, case.new)
    shown = " ".join(c.heard for c in merged.conflicts).split()
    result = {word for word, _ in said(merged.transcript)}
    if merged.transcript.cues:
        for word, _ in said(case.new):
            assert not word.startswith("n") or word in result or word in shown


@settings(max_examples=200)
@given(corrected(), st.data())
def test_of_three_proposals_one_after_the_other_none_takes_a_correction_back(
    case: Corrected, data: st.DataObject
) -> None:
    """The base of a merged file is the new proposal with the person's changes undone."""
    base, mine = case.base, case.mine
    for _ in range(3):
        new = data.draw(st.sampled_from([case.base, case.new]))
        merged = merge(base, mine, new).transcript
        base, mine = merge(mine, base, merged).transcript, merged
        assert is_within(case.written, said(mine))
        assert not {fold(w) for w, _ in said(mine)} & {fold(w) for w in case.deleted}


@given(
    st.booleans().flatmap(lambda common: corrected(common=common)),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_a_merged_file_reads_as_the_merged_transcript_and_shows_every_conflict(
    case: Corrected, newline: str, adorned: bool
) -> None:
    base, mine, new = (vtt.write(t) for t in (case.base, case.mine, case.new))
    comments = []
    if adorned:
        blocks = mine.split("\n\n")
        for k, block in enumerate(blocks[1:]):
            times, _, words = block.partition("\n")
            blocks[k + 1] = f"NOTE mine {k}\n\ncue-{k}\n{times} align:start\n{words}"
            comments.append(f"NOTE mine {k}")
        mine = "\n\n".join(blocks) + "\n\nNOTE the end\n"
    mine = mine.replace("\n", newline)
    data, problems = merge_files(base.encode(), mine.encode(), new.encode())
    merged = merge(case.base, case.mine, case.new)
    read, wrong = vtt.read(data.decode(), "t.vtt")
    assert not [p for p in wrong if p.grave]
    assert bare(read) == merged.transcript
    lines = data.decode().split(newline)
    for problem in problems:
        assert lines[problem.place.line - 1].startswith("NOTE onrecord: ")
    if adorned and case.mine != case.base:
        assert [line for line in lines if line.startswith("NOTE mine")] == comments
        assert "NOTE the end" in lines
    old = mine.split(newline * 2)
    kept = data.decode().split(newline * 2)
    for cue in case.mine.cues:
        if cue in merged.transcript.cues and case.mine != case.base:
            block = next(b for b in old if f"{vtt.write_time(cue.span.start)} -->" in b)
            assert block.strip() in {b.strip() for b in kept}


@given(corrected())
def test_bytes_are_left_where_nothing_is_new(case: Corrected) -> None:
    base, mine, new = (vtt.write(t).encode() for t in (case.base, case.mine, case.new))
    mine = mine.replace(b"\n", b"\r\n") + b"\r\n\r\nNOTE x"
    assert merge_files(base, mine, base) == (mine, ())
    assert merge_files(base, mine, mine) == (mine, ())
    assert merge_files(base, base, new) == (new, ())
    shown, _ = merge_files(base, mine, new)
    undone, _ = merge_files(mine, base, shown)
    again, _ = merge_files(undone, shown, new)
    assert said(vtt.read(again.decode(), "")[0]) == said(vtt.read(shown.decode(), "")[0])
