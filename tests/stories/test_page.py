"""The pages of interview programmes, as people paste them, and what a person would take from them."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onrecord.craft.page import PageDraft, read_page
from onrecord.craft.page_people import Billed, people_in

PAGES = sorted((Path(__file__).parent / "pages").glob("*.txt"))
TODAY = date(2026, 11, 23)


def billed(person: Billed | None) -> list[str] | None:
    return [person.name, person.role, person.organisation] if person else None


def plain(draft: PageDraft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "date": draft.date.isoformat() if draft.date else None,
        "introduction": draft.introduction.split("\n\n") if draft.introduction else [],
        "host": billed(draft.host),
        "guests": [billed(guest) for guest in draft.guests],
        "questions": [q.ask for q in draft.questions],
        "parts": {q.ask: list(q.parts) for q in draft.questions if q.parts},
        "references": [[r.title, r.url] for r in draft.references],
        "tagline": draft.tagline,
        "presenter": draft.presenter,
        "hashtag": draft.hashtag,
        "channels": [[c.name, c.url] for c in draft.channels],
        "tags": list(draft.tags),
        "guessed": sorted({g.field for g in draft.guessed}),
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_gives_its_episode(page: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert plain(read_page(page.read_bytes().decode("utf-8"), TODAY)) == expected


def test_there_are_pages_of_many_shapes() -> None:
    assert len(PAGES) >= 14


def texts_of(draft: PageDraft) -> list[str]:
    people = [p for p in (draft.host, *draft.guests) if p]
    return [
        *(
            draft.title,
            draft.tagline,
            draft.presenter,
            draft.hashtag,
            *draft.introduction.split("\n\n"),
            *draft.tags,
        ),
        *(text for p in people for text in (p.name, p.role, p.organisation)),
        *(text for q in draft.questions for text in (q.ask, *q.parts)),
        *(text for r in draft.references for text in (r.title, r.url)),
        *(text for c in draft.channels for text in (c.name, c.url)),
    ]


def words(text: str) -> list[str]:
    visible = re.sub("[\u200b-\u200f\ufeff\u00ad\u2060]", "", text)
    return re.findall(r"\w+", visible)


def stands_in(text: str, page: str) -> bool:
    """Whether the words of a text occur in the page in their order."""
    following = iter(words(page))
    return all(word in following for word in words(text))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_nothing_is_invented(page: Path) -> None:
    text = page.read_text("utf-8")
    taken = [t for t in texts_of(read_page(text, TODAY)) if t]
    assert taken
    for each in taken:
        assert stands_in(each, text), each
    assert not stands_in("nobody ever wrote this", text)


def test_the_real_page_is_read_as_its_editors_would(shared: Path) -> None:
    text = (shared / "data/pages/balkansdebrief-2025-03-12.txt").read_text("utf-8")
    draft = read_page(text, TODAY)
    assert draft.date == date(2025, 3, 12)
    assert billed(draft.host) == ["Ilva Tare", "Senior Fellow", "Atlantic Council’s Europe Center"]
    assert [billed(guest) for guest in draft.guests] == [
        [
            *("Srdjan Cvijić", "President of the International Advisory Board"),
            "Belgrade Center for Security Policy",
        ],
        ["Maxim Samorukov", "Fellow", "Carnegie Russia-Eurasia Center"],
    ]
    assert len(draft.questions) == 5
    assert draft.questions[1].ask.startswith("Who are the migrants arriving")
    assert len(draft.questions[1].parts) == 2
    assert [r.title.split(" on ")[0] for r in draft.references] == [
        "Their latest research offers a fresh perspective"
    ]
    assert draft.tagline.startswith("#BalkansDebrief is an online interview series presented by")
    assert draft.presenter == "Atlantic Council’s Europe Center"
    assert draft.hashtag == "BalkansDebrief"
    assert [c.name for c in draft.channels] == ["YouTube", "Podcast"]
    assert [p.split(" ", 3)[:3] for p in draft.introduction.split("\n\n")] == [
        ["Since", "the", "start"],
        ["In", "this", "episode"],
        ["Their", "latest", "research"],
    ]
    assert {g.field for g in draft.guessed} == {"title", "guests"}
    for each in filter(None, texts_of(draft)):
        assert stands_in(each, text)


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n\n", "\u2028"])
def test_line_ends_and_blanks_do_not_matter(shared: Path, line_end: str) -> None:
    text = (shared / "data/pages/balkansdebrief-2025-03-12.txt").read_text("utf-8")
    messy = text.replace("\n", line_end).replace(" ", "\u00a0", 40).replace("Ilva", "Il\u200bva")
    assert plain(read_page(messy, TODAY)) == plain(read_page(text, TODAY))


@pytest.mark.parametrize("mark", ["–", "-", "•", "*", "—", "·", "▪", "1.", "2)", "\t•"])
def test_bullets_of_every_kind_are_questions(shared: Path, mark: str) -> None:
    text = (shared / "data/pages/balkansdebrief-2025-03-12.txt").read_text("utf-8")
    assert read_page(text.replace("\n– ", f"\n{mark} "), TODAY).questions == read_page(text, TODAY).questions


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("March 12, 2025", date(2025, 3, 12)),
        ("12 March 2025", date(2025, 3, 12)),
        ("2025-03-12", date(2025, 3, 12)),
        ("date 2025-03-12", date(2025, 3, 12)),
        ("Wed, 12 Mar 2025", date(2025, 3, 12)),
        ("Published on the 12th of March, 2025", date(2025, 3, 12)),
        ("12.03.2025", date(2025, 3, 12)),
        ("25/12/2024", date(2024, 12, 25)),
        ("March 12", date(2026, 3, 12)),
        ("December 24", date(2025, 12, 24)),
        ("31 February 2025", None),
        ("In 2025", None),
    ],
)
def test_dates_are_read_as_sites_write_them(line: str, expected: date | None) -> None:
    draft = read_page(
        f"{line}\n\nSomething happened on 1 May 2020, they say, and it was a long and a cold day there.\n",
        TODAY,
    )
    assert draft.date == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ambassador Ana Kova", [["Ana Kova", "Ambassador", ""]]),
        ("Dr. Mira Dan (River Institute)", [["Mira Dan", "", "River Institute"]]),
        (
            "former Prime Minister of Albania Sali Koci",
            [["Sali Koci", "former Prime Minister of Albania", ""]],
        ),
        ("Minister of Energy Ana Kova", [["Ana Kova", "Minister of Energy", ""]]),
        ("Ana Kova, Director, Policy Lab", [["Ana Kova", "Director", "Policy Lab"]]),
        (
            "Ana Kova, Editor, Balkan Insight, and Ben Lis",
            [["Ana Kova", "Editor", "Balkan Insight"], ["Ben Lis", "", ""]],
        ),
        (
            "Ana Kova, Ben Lis, and Mira Dan",
            [["Ana Kova", "", ""], ["Ben Lis", "", ""], ["Mira Dan", "", ""]],
        ),
        ("Ana Kova, who leads the Policy Lab, and Ben Lis", [["Ana Kova", "", ""], ["Ben Lis", "", ""]]),
        ("economist and author Mira Dan", [["Mira Dan", "economist and author", ""]]),
        ("the Policy Lab’s director Mira Dan", [["Mira Dan", "director", "Policy Lab"]]),
        ("Jan van der Berg of the River Lab", [["Jan van der Berg", "", "River Lab"]]),
        ("Sofia Rossi, Foreign Minister of Kessia", [["Sofia Rossi", "Foreign Minister of Kessia", ""]]),
        ("the Western Balkans and the European Union", []),
    ],
)
def test_people_are_found_in_the_ways_that_pages_bill_them(text: str, expected: list[list[str]]) -> None:
    assert [billed(p) for p in people_in(text)] == expected
