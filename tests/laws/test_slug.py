"""A slug is safe wherever it is used, whatever it is made from."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.craft.slug import LONGEST_BYTES, own_slug, slug

SAFE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@given(st.text(st.characters(), max_size=200))
def test_a_slug_is_short_safe_and_never_empty(text: str) -> None:
    made = slug(text)
    assert SAFE.fullmatch(made)
    assert len(made.encode()) <= LONGEST_BYTES
    assert made not in DEVICES


@given(st.text(max_size=100))
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Srdjan Cvijić", "srdjan-cvijic"),
        ("Срђан Цвијић", "srdjan-cvijic"),
        ("Đorđe Šćepanović", "djordje-scepanovic"),
        ("Ѓорѓи Ќосев", "gjorgji-kjosev"),
        ("Київ і Щука", "kiyiv-i-shchuka"),
        ("Йордан Цветков", "yordan-tsvetkov"),
        ("Ёлка, объезд", "yolka-obezd"),
        ("Ελλάδα και Κύπρος", "ellada-kai-kypros"),
        ("Ærø, Þór & Øystein", "aero-thor-and-oystein"),
        ("İstanbul, Diyarbakır", "istanbul-diyarbakir"),
        ("Serbia’s future—what next?", "serbias-future-what-next"),
        ("ǆ Ⅷ ﬁ ½", "dz-viii-fi-1-2"),
        ("con", "con-1"),
        ("Com1", "com1-1"),
        ("a" * 100, "a" * 80),
        ("one two " * 12, "one-two-" * 9 + "one-two"),
    ],
)
def test_letters_are_spelled_as_their_readers_do(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_hostile_names_become_safe_names(shared: Path) -> None:
    names = json.loads((shared / "data/hostile/names/names.json").read_text("utf-8"))
    texts = [text for group in names.values() for text in group] if isinstance(names, dict) else names
    dangerous = [t for t in texts if isinstance(t, str) and not SAFE.fullmatch(t)]
    assert len(dangerous) > 50
    for text in dangerous:
        made = slug(text)
        assert SAFE.fullmatch(made)
        assert made not in DEVICES


# Letters and signs that slugs drop or share, so that names which must stay apart are really tried.
_NAMES = st.text(st.sampled_from("cC+#&/-. \u0301éжьЖzж中و1½№€'"), max_size=6) | st.text(max_size=100)


@given(_NAMES)
def test_an_own_slug_is_safe_and_empty_only_for_spaces(name: str) -> None:
    made = own_slug(name)
    assert bool(made) == bool(unicodedata.normalize("NFKC", name).split())
    if made:
        assert SAFE.fullmatch(made)
        assert len(made.encode()) <= LONGEST_BYTES + 9
        assert made not in DEVICES


@given(_NAMES, _NAMES)
def test_two_names_share_an_own_slug_only_where_nothing_that_matters_is_lost(one: str, other: str) -> None:
    """That is: where they are the same but for case and spaces, or where a slug says all of either."""

    def whole(name: str) -> str:
        return " ".join(unicodedata.normalize("NFKC", name).casefold().split())

    if whole(one) == whole(other):
        assert own_slug(one) == own_slug(other)
    elif own_slug(one) == own_slug(other):
        assert own_slug(one) == slug(one) == slug(other)
        signs = set("+#€") | set("ь中و½")
        assert not signs & set((one + other).lower())


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (("C", "C++", "C#", "c"), 3),
        (("Al-Jazeera", "Al Jazeera", "al jazeera"), 1),
        (("Université de Genève", "Universite de Geneve"), 1),
        (("Влада Србије", "Vlada Srbije"), 1),
        (("R&D", "R and D", "RD"), 2),
        (("мат", "мать", "mat"), 2),
        (("وزارة", "وزارة العدل", "中国", "中华"), 4),
        (("x" * 200 + "a", "x" * 200 + "b"), 2),
        (("con", "con 1", "con-1"), 2),
        (("Article 3.5", "Article 35"), 2),
    ],
)
def test_spellings_of_one_name_share_an_address_and_other_names_do_not(
    names: tuple[str, ...], count: int
) -> None:
    assert len({own_slug(name) for name in names}) == count
