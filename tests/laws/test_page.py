"""Whatever text is pasted, a page is read without a fault, soon, and nothing is made up."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.craft.page import read_page

TODAY = date(2026, 11, 23)
PIECES = st.sampled_from(
    [
        *(
            "Ana Kova",
            "Ben Lis",
            "Director",
            "of the River Institute",
            ", ",
            " and ",
            "; ",
            ". ",
            "? ",
            ": ",
            "\n",
            "\n\n",
        ),
        *(
            "- ",
            "• ",
            "1. ",
            "In this episode",
            "we ask",
            "is joined by",
            "sits down with",
            "hosted by",
            "Dr. ",
            "the EU’s ",
        ),
        *(
            "#RiverTalk",
            " is a podcast presented by ",
            "March 12, 2025",
            "Guests:",
            "Watch on YouTube",
            "Related",
            "(",
            ")",
        ),
        *(
            "https://example.org/a",
            "why",
            "who",
            "Their report",
            "“",
            "”",
            "joins",
            "Joining her are ",
            " at ",
            " of ",
            "’s ",
        ),
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join)))
def test_any_page_is_read_and_nothing_is_made_up(page: str) -> None:
    draft = read_page(page, TODAY)
    people = [p for p in (draft.host, *draft.guests) if p]
    own = re.findall(r"\w+", re.sub("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]", "", page))
    for text in (
        draft.title,
        draft.tagline,
        draft.presenter,
        *(q.ask for q in draft.questions),
        *(p.name for p in people),
    ):
        following = iter(own)
        assert all(word in following for word in re.findall(r"\w+", text))
    assert all(p.name for p in people)


SLOW = (
    *(
        "a, ",
        "Ana Kova, ",
        "Ana Kova and ",
        "In this episode, ",
        "(",
        "“",
        "is joined by ",
        "of the River Lab ",
        "Aa",
    ),
    *("why, ", "? ", "The a ", "> ", "Facebook | ", "discusses ", "explores ", "hosted by ", "#Ab ", "Dr. "),
    *(
        "12 March ",
        "their new ",
        "Joining Ana ",
        "sits down Ana ",
        "X, a ",
        "A – a ",
        "is a ",
        "Ab Cd of the ",
    ),
)


@pytest.mark.parametrize("piece", SLOW)
def test_a_page_made_to_be_slow_is_not(piece: str) -> None:
    start = time.process_time()
    read_page(piece * (20_000 // len(piece)), TODAY)
    read_page(("#Show is a podcast. " + piece * 20 + "\n") * 60, TODAY)
    assert time.process_time() - start < 2
