"""The law of building: whatever was done in whatever order, the site is the one that is made from nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.flow.build import Report, Wish, build
from onrecord.folder.layout import SeriesFolder

PEOPLE = ("Ada Lind", "Goran Petek", "Eda Çela", "Ana Đurić")
TAGS = ("ferry", "winter", "Selna", "#1")
WORDS = ("One ship is left.", "Nobody asked us. Nobody will.", "The minister promised a zeppelin?")
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def _series() -> dict[str, Any]:
    """A series as plain values; `_files` writes it down."""
    about: dict[str, Any] = {
        "guid": "0b1c6f2e-0000-4000-8000-000000000001",
        "title": "Harbour",
        "tagline": "Talks.",
    }
    about |= {"host": "Ada Lind, Fellow, Delta Institute", "url": "https://example.org/harbour/"}
    about |= {"timezone": "Europe/Tirane", "category": ["News", "Politics"]}
    people = {key: value for name in PEOPLE for key, value in _person(name).items()}
    return {"series": about, "people": people, "episodes": [_episode(n) for n in range(3)], "style": ""}


def _episode(n: int) -> dict[str, Any]:
    said = [(PEOPLE[i % 2 * (1 + n % 3)], WORDS[(n + i) % 3]) for i in range(4)]
    fields: dict[str, Any] = {"id": f"5d4f0000-0000-4000-8000-00000000000{n}", "title": f"Talk {n}"}
    fields |= {"date": f"2025-0{1 + n % 5}-12", "tags": [TAGS[n % 4]]}
    fields |= {
        "guests": [f"{PEOPLE[1 + n % 3]}, Captain, Cooperative {n % 2}"],
        "questions": ["What is left?"],
    }
    fields |= {"approved": {"by": "Ada Lind", "on": "2025-01-13"}}
    return {"slug": f"talk-{n}", "fields": fields, "intro": "Of ferries.", "said": said, "chapter": "Ships"}


def _files(state: dict[str, Any]) -> dict[str, str]:
    """The files of a series; JSON is YAML."""
    files = {"series.yaml": json.dumps(state["series"]), "people.yaml": json.dumps(state["people"])}
    if state["style"]:
        files["theme/style.css"] = f":root {{ --accent: {state['style']}; }}\n"
    for e in state["episodes"]:
        own = f"episodes/{e['slug']}"
        fields = "\n".join(f"{name}: {_plain(value)}" for name, value in e["fields"].items())
        files[f"{own}/episode.md"] = f"---\n{fields}\n---\n{e['intro']}\n"
        cues = [
            f"00:00:{i * 4:02d}.000 --> 00:00:{i * 4 + 4:02d}.000\n<v {by}>{text}\n"
            for i, (by, text) in enumerate(e["said"])
        ]
        files[f"{own}/transcript.vtt"] = "WEBVTT\n\n" + "\n".join(cues)
        answer = {"by": e["said"][1][0], "from": "00:00:04", "to": "00:00:08"}
        asked = {"id": "q1", "question": "What is left?", "found": "yes", "asked": "00:00:00"}
        ledger = {"questions": [asked | {"answers": [answer]}]}
        ledger |= {"chapters": [{"at": "00:00:00", "title": e["chapter"]}]}
        files[f"{own}/questions.yaml"] = json.dumps(ledger)
    return files


def _plain(value: object) -> str:
    # A passage is plain text, as people write it: `[00:00:05 - 00:00:07]`.
    return json.dumps(value) if not isinstance(value, list) or "- 00" not in str(value) else f"[{value[0]}]"


def _write(root: Path, files: dict[str, str]) -> None:
    """Make the folder hold these files; those that say the same already are left alone."""
    for path in [p for top in ("episodes", "theme") for p in (root / top).rglob("*") if p.is_file()]:
        if str(path.relative_to(root)) not in files:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
    for name, text in files.items():
        path = root / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def _build(root: Path, now: datetime, *, drafts: bool = False) -> Report:
    return build(SeriesFolder(root), Wish(now, drafts), dict, lambda _: None, threading.Event())


def _site(root: Path) -> dict[str, bytes]:
    # What somebody put there stays until the next release.
    found = (p for p in (root / "public").rglob("*") if p.is_file() and p.name != "own.txt")
    return {str(p.relative_to(root / "public")): p.read_bytes() for p in found}


FIELDS: dict[str, tuple[str, Callable[[int], object]]] = {
    "title": ("title", lambda n: f"Talk {n} & <b>more</b>"),
    "day": ("date", lambda n: f"2025-0{n + 1}-12" if n < 9 else "2026-01-12"),  # some have not come yet
    "tags": ("tags", lambda n: [TAGS[n % 4], TAGS[n // 4 % 4]][: 1 + n % 2]),
    "guest": ("guests", lambda n: [f"{PEOPLE[1 + n % 3]}, Role {n % 2}, Office {n % 3}"]),
    "correction": (
        "corrections",
        lambda n: [{"on": f"2025-05-0{1 + n % 9}", "what": f"A name, {n}.", "at": "00:00:05"}],
    ),
    "checked": ("checked", lambda n: {"by": "Ada Lind", "on": f"2025-05-0{1 + n % 9}"}),
    "approved": ("approved", lambda _: {"by": "Ada Lind", "on": "2025-01-13"}),
    "unapproved": ("approved", lambda _: None),
    "off the record": ("off_record", lambda n: [f"00:00:0{n % 8} - 00:00:{10 + n % 3}"]),
    "on the record": ("off_record", lambda _: None),
    "withdrawn": ("withdrawn", lambda _: {"on": "2025-05-01", "reason": "At a wish."}),
    "brought back": ("withdrawn", lambda _: None),
}
"""Changes of a field of episode.md; None takes it away."""
PARTS: dict[str, Callable[[dict[str, Any], int], None]] = {
    "introduction": lambda e, n: e.update(intro=f"Of *{n}* ferries."),
    "words": lambda e, n: e["said"].__setitem__(n % 4, (e["said"][n % 4][0], WORDS[n % 3])),
    "voice": lambda e, n: e["said"].__setitem__(n % 4, (PEOPLE[n % 4], e["said"][n % 4][1])),
    "chapter": lambda e, n: e.update(chapter=f"Ships {n}"),
    "new name": lambda e, n: e.update(slug=f"talk-{e['slug'].split('-')[1]}-{n}"),
}
"""Changes of an episode's other files, and of its folder's name."""
WHOLE: dict[str, Callable[[dict[str, Any], int], None]] = {
    "deleted": lambda state, n: state["episodes"].__delitem__(slice(n % 3, n % 3 + 1)),
    "added": lambda state, n: state["episodes"].extend(_others(state, n)),
    "person": lambda state, n: state["people"].update(_person(PEOPLE[n % 4], url=f"https://e.org/{n}")),
    "programme": lambda state, n: state["series"].update(title=f"Harbour {n % 2}", hashtag=f"Harbour{n}"),
    "address": lambda state, n: state["series"].update(url=f"https://example.org/{n}/"),
    "style": lambda state, n: state.update(style=("", "teal", "#123456")[n % 3]),
}
"""Changes of the series."""
CHANGES = (*FIELDS, *PARTS, *WHOLE)


def _change(what: str, state: dict[str, Any], pick: st.DataObject) -> None:
    """Change the series as somebody might."""
    n = pick.draw(st.integers(0, 9), label="n")
    if what in WHOLE:
        WHOLE[what](state, n)
    elif state["episodes"]:
        e = pick.draw(st.sampled_from(state["episodes"]), label="episode")
        if what in PARTS:
            PARTS[what](e, n)
            return
        name, value = FIELDS[what]
        e["fields"].pop(name, None)
        e["fields"] |= {name: value(n)} if value(n) is not None else {}


def _others(state: dict[str, Any], n: int) -> list[dict[str, Any]]:
    """The episode of that number, if it is not there."""
    there = {e["slug"].split("-")[1] for e in state["episodes"]}
    return [] if str(n) in there else [_episode(n)]


def _person(name: str, **more: str) -> dict[str, Any]:
    return {name.split(maxsplit=1)[0].lower(): {"name": name} | more}


HAPPENINGS = ("nothing", "time", "preview", "damage", "loss", "stray")


def _happen(what: str, root: Path, now: datetime, pick: st.DataObject) -> datetime:
    """What happens to a folder besides; gives the time by now."""
    files = sorted(_site(root))
    some = root / "public" / pick.draw(st.sampled_from(files), label="file") if files else root / "public/x"
    match what:
        case "time":
            return now + timedelta(days=pick.draw(st.sampled_from((-120, 40, 200)), label="days"))
        case "preview":
            _build(root, now, drafts=True)
        case "damage" if files and some.name != "release.json":
            some.write_bytes(b"damaged by hand")
        case "loss" if files and some.name != "release.json":
            some.unlink()
        case "stray" if files:
            (root / "public" / "own.txt").write_text("somebody's")
    return now


def _up_to_date(did: list[str], pick: st.DataObject) -> None:
    state, now = _series(), NOW
    with tempfile.TemporaryDirectory() as folder:
        root, other = Path(folder) / "kept", Path(folder) / "new"
        for what in ["nothing", *did]:
            if what in CHANGES:
                _change(what, state, pick)
            else:
                now = _happen(what, root, now, pick)
            _write(root, _files(state))
            shutil.rmtree(other, ignore_errors=True)
            _write(other, _files(state))
            kept, made = _build(root, now), _build(other, now)
            assert made.published, made.problems
            assert kept.published, kept.problems
            assert _site(root) == _site(other), what
            assert kept.published.release == made.published.release


@settings(max_examples=4)
@given(st.permutations(CHANGES + HAPPENINGS), st.data())
def test_a_site_brought_up_to_date_is_the_site_made_from_nothing(did: list[str], pick: st.DataObject) -> None:
    _up_to_date(did, pick)


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(st.sampled_from(CHANGES + HAPPENINGS), min_size=2, max_size=40), st.data())
def test_so_it_is_after_many_more_changes(did: list[str], pick: st.DataObject) -> None:
    _up_to_date(did, pick)
