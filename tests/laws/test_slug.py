"""A slug is safe wherever it is used, whatever it is made from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.craft.slug import LONGEST_BYTES, slug

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
