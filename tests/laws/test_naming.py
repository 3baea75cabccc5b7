"""Laws of naming voices: what must hold whatever is said."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.craft.naming import CUES, Billed, name_voices
from onrecord.craft.naming_cues import patterns
from onrecord.craft.naming_letters import plain, sound
from onrecord.craft.naming_names import Names

PEOPLE = (
    Billed("ana", "Ana Lind", ("Anya",), "host"),
    Billed("bo", "Bo Ek", (), "guest"),
    Billed("jesper", "Jesper Cockx", (), "guest"),
    Billed("maria", "Maria van der Berg"),
    Billed("srdjan", "Срђан Цвијић", ("Srđan Cvijić",)),
    Billed("twin", "Maria Roth", (), "guest"),
)
PHRASES = tuple(
    """
    Welcome to the show.|Joining me is {}.|I'm {}.|Thank you, {}.|{}, what do you think?|Hi {}!
    As {} said, it rains.
    It was a long way, and nobody knew the road.|Thanks for having me.|What happened then?
    She said, my name is {}.
    {} wrote that in a letter.|Use the promo code NOW.|That's it for today.|…|
    """.replace("\n", "|").split("|")
)
SAID_NAMES = (
    *("Ana", "Ana Lind", "Bo", "Jesper", "Maria", "Maria Roth", "Srđane", "Срђан"),
    *("Yesper Cox", "Maria Smith"),  # misheard, a stranger
)


@st.composite
def turns(draw: st.DrawFn) -> list[tuple[str, str]]:
    voices = draw(st.lists(st.sampled_from(["V1", "V2", "V3", "V4"]), min_size=1, max_size=14))
    line = st.builds(lambda p, n: p.format(n), st.sampled_from(PHRASES), st.sampled_from(SAID_NAMES))
    return [(voice, " ".join(draw(st.lists(line, min_size=1, max_size=3)))) for voice in voices]


billings = st.lists(st.sampled_from(PEOPLE), max_size=6, unique_by=lambda b: b.id)
languages = st.sampled_from([*CUES, "eo", "sr-Latn-RS", ""])


@given(turns(), billings, languages)
def test_each_voice_once_in_order_and_only_people_who_are_billed(
    said: list[tuple[str, str]], billed: list[Billed], language: str
) -> None:
    found = name_voices(said, billed, language=language)
    assert [n.voice for n in found] == list(dict.fromkeys(voice for voice, _ in said))
    ids = {b.id for b in billed} | {""}
    assert {n.person for n in found} | {n.runner_up for n in found} <= ids
    assert all(0 <= n.sure <= 1 and (n.reasons or not n.person) for n in found)
    assert billed or all(n.person == "" for n in found)


@given(turns(), billings, st.randoms())
def test_the_order_of_the_billing_changes_nothing(
    said: list[tuple[str, str]], billed: list[Billed], dice: object
) -> None:
    other = list(billed)
    dice.shuffle(other)  # type: ignore[attr-defined]  # hypothesis' random
    assert name_voices(said, billed) == name_voices(said, other)
    assert name_voices(said, billed) == name_voices(list(said), tuple(billed))


@given(turns(), billings)
def test_renaming_the_voices_renames_the_result(said: list[tuple[str, str]], billed: list[Billed]) -> None:
    other = {"V1": "z", "V2": "Speaker 1", "V3": "", "V4": "a"}
    found = name_voices(said, billed)
    again = name_voices([(other[v], t) for v, t in said], billed)
    assert [(other[n.voice], n.person, n.sure, n.reasons) for n in found] == [
        (n.voice, n.person, n.sure, n.reasons) for n in again
    ]


@given(turns(), billings)
def test_a_person_has_one_voice_unless_each_has_been_named_by_words(
    said: list[tuple[str, str]], billed: list[Billed]
) -> None:
    found = name_voices(said, billed)
    count = Counter(n.person for n in found if n.person)
    for n in found:
        if count[n.person] > 1:
            assert any("`" in reason for reason in n.reasons)


@given(
    st.sampled_from(["Terms and conditions apply.", "Hm.", "Can you hear me?", "Next caller."]),
    st.integers(0, 20),
)
@settings(max_examples=60)
def test_a_few_words_of_a_stranger_turn_no_right_name_into_another(strange: str, at: int) -> None:
    real = [
        (
            "V1",
            "Welcome to the show. I'm Ana Lind, and joining me is Jesper Cockx. Jesper, good to have you.",
        ),
        ("V2", "Thanks for having me, Ana."),
        *[
            pair
            for i in range(6)
            for pair in (("V1", f"Jesper, what came in year {i}?"), ("V2", "More of the same, Ana."))
        ],
        ("V1", "Thank you, Jesper. That's it for today."),
    ]
    people = PEOPLE[:3]
    before = {n.voice: n.person for n in name_voices(real, people)}
    assert before == {"V1": "ana", "V2": "jesper"}
    place = 2 + at % (len(real) - 2)
    after = {n.voice: n.person for n in name_voices([*real[:place], ("X", strange), *real[place:]], people)}
    assert after["X"] == ""
    assert all(after[v] in {p, ""} for v, p in before.items())


@given(st.text())
def test_folding_is_done_once_and_leaves_no_accents(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert plain(text.encode("ascii", "ignore").decode()).isascii()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=12))
def test_a_sound_has_no_doubles_and_needs_no_more_letters_than_x_and_q_add(word: str) -> None:
    heard = sound(word)
    assert all(a != b for a, b in pairwise(heard))
    assert len(heard) <= 2 * len(word)


@given(turns(), billings)
def test_mentions_lie_in_the_text_in_order_and_do_not_overlap(
    said: list[tuple[str, str]], billed: list[Billed]
) -> None:
    texts = [plain(text) for _, text in said]
    names = Names([(b.name, *b.also) for b in billed], texts)
    for text in texts:
        end = 0
        for mention in names.find(text):
            assert end <= mention.start < mention.end <= len(text)
            assert mention.who
            assert 0 < mention.sure <= 1
            end = mention.end


def test_every_language_has_introductions_thanks_welcome_and_closing() -> None:
    for language, cues in CUES.items():
        assert cues.me, language
        assert cues.presents, language
        assert cues.thanks, language
        assert cues.greets, language
        assert cues.host, language
        assert cues.guest, language
        every = [c for field in cues.__slots__ for c in getattr(cues, field)]
        assert all(plain(cue) == cue for cue in every), f"{language}: a cue is not folded"
        patterns(language)
