"""Begin: a new series folder, and a new episode in it."""

from __future__ import annotations

import shutil
import uuid
from datetime import date
from pathlib import Path

from onrecord.craft.page import PageDraft
from onrecord.craft.page_people import Billed
from onrecord.craft.slug import slug
from onrecord.folder import files
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.model.people import Billing, Person
from onrecord.model.problem import Place, Problem, UserError
from onrecord.text import billing, yaml_tree
from onrecord.text.episode_md import write_reference
from onrecord.text.yaml_node import Plain, plain
from onrecord.text.yaml_patch import patch
from onrecord.text.yaml_write import dump, flow, scalar

_SERIES = """\
# The programme. Editors can check this file: onrecord schema --write .onrecord/schemas
guid: {guid}          # never change it: podcast apps know the programme by it
title: {title}
tagline: ""           # one sentence: what the programme is
# presenter: {{name: Institute, unit: Europe Programme, url: https://example.org}}
# host: Name, role, organisation
# hashtag: Debrief
language: {language}
timezone: {timezone}  # a date in an episode means noon there
category: [News, Politics]      # one of Apple's categories, and its subcategory
# url: https://example.org/debrief/   # where public/ will live; the feed needs it
# links: {{youtube: https://…, podcast: https://…}}
# artwork: artwork.png          # square, 1400 to 3000 pixels
"""
_PEOPLE = """\
# The register of people: an id, the name as pages show it, other spellings.
# ada-lind: {name: Ada Lind, also: [A. Lind], url: https://example.org/ada}
"""
_IGNORE = """\
# Made by Onrecord; can be made again. What people wrote, and record/, belong into version control.
/public/
/.onrecord/
cache/
"""


def new_series(root: Path, title: str, *, language: str = "en", timezone: str = "UTC") -> SeriesFolder:
    """Make a series folder.

    Raises:
        UserError: there is one already.
    """
    home = SeriesFolder(root)
    if home.series_yaml.exists():
        raise UserError((Problem(Place(str(home.series_yaml)), "there is a series here already"),))
    text = _SERIES.format(
        guid=uuid.uuid4(), title=scalar(title), language=scalar(language), timezone=scalar(timezone)
    )
    files.save(home.series_yaml, text.encode(), if_match=None)
    for name, content in (("people.yaml", _PEOPLE), (".gitignore", _IGNORE)):
        if not (root / name).exists():
            files.save(root / name, content.encode(), if_match=None)
    files.make_folder(root / "episodes")
    return home


def new_episode(
    home: SeriesFolder,
    *,
    day: date,
    title: str = "",
    recording: Path | None = None,
    page: PageDraft | None = None,
) -> EpisodeFolder:
    """Make an episode folder: `<date>-<title>`, with episode.md and a copy of the recording.

    Raises:
        UserError: the recording is not there, or the episode is.
    """
    if recording is not None and not recording.is_file():
        raise UserError((Problem(Place(str(recording)), "there is no such recording"),))
    day = page.date if page and page.date else day
    title = title or _title(page, recording)
    own = home.episode(f"{day.isoformat()}-{slug(title)}" if title else day.isoformat())
    if own.root.exists():
        says = "there is an episode of that date and title already"
        raise UserError((Problem(Place(home.name(own.root)), says, "give another --title or --date"),))
    text = _page_text(page, day, title or "Untitled") if page else _blank(day, title)
    if recording is not None:
        _copy(recording, own.root / f"recording{recording.suffix.lower()}")
    files.save(own.episode_md, text.encode(), if_match=None, root=home.root)
    return own


def _title(page: PageDraft | None, recording: Path | None) -> str:
    """A title where none was given: the page's, else its guests (a feed needs one), else the file's name."""
    if page and (page.title or page.guests):
        return page.title or " and ".join(guest.name for guest in page.guests)
    return recording.stem if recording else ""


def _copy(recording: Path, target: Path) -> None:
    files.make_folder(target.parent)
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(recording, part)
    files.put(part, target)


def _blank(day: date, title: str) -> str:
    return (
        "---\n"
        f"id: {uuid.uuid4()}   # never change it: podcast apps know the episode by it\n"
        f"title: {scalar(title) if title else 'Untitled   # the episode’s title'}\n"
        f"date: {day.isoformat()}\n"
        "guests: []            # - Name, role, organisation\n"
        "questions: []         # - What the episode explores, a line each\n"
        "# references:\n#   - Title of a report <https://example.org/report>\n"
        "# tags: []\n"
        "# links: {youtube: https://…}\n"
        "# off_record: [00:14:05 - 00:14:50]\n"
        "# approved: {by: Name, on: "
        + day.isoformat()
        + "}   # without it the episode stays in the preview\n"
        "---\n"
    )


def _page_text(page: PageDraft, day: date, title: str) -> str:
    """episode.md from an existing page; what was guessed says so behind the line."""
    why = {guess.field: guess.why for guess in page.guessed}

    def note(field: str) -> str:
        return f"   # guessed, please check: {why[field]}" if field in why else ""

    host = [billing.write(_bill(page.host))] if page.host else []
    lists: tuple[tuple[str, list[Plain]], ...] = (
        ("guests", [billing.write(_bill(g)) for g in page.guests]),
        ("questions", [{"ask": q.ask, "parts": list(q.parts)} if q.parts else q.ask for q in page.questions]),
        ("references", [write_reference(r) for r in page.references]),
        ("tags", list(page.tags)),
    )
    out = [
        "---\n",
        f"id: {uuid.uuid4()}   # never change it: podcast apps know the episode by it\n",
        f"title: {scalar(title)}{note('title')}\n",
        f"date: {day.isoformat()}{note('date') if page.date else '   # the page gave no date'}\n",
        *(f"host: {scalar(h) if isinstance(h, str) else flow(h)}{note('host')}\n" for h in host),
    ]
    for field, items in lists:
        if items:
            out.append(f"{field}:{note(field)}\n{dump(items, '  ')}")
        elif field in why:
            out.append(f"# {field}: {why[field]}\n")
    links = {c.name.lower().replace(" ", "-"): c.url for c in page.channels if c.url}
    if links:
        out.append(f"links:\n{dump(dict(links), '  ')}")
    out.append(
        f"# approved: {{by: Name, on: {day.isoformat()}}}   # without it the episode is in the preview only\n"
    )
    return "".join(out) + "---\n" + (f"{page.introduction}\n" if page.introduction else "")


def _bill(billed: Billed) -> Billing:
    return Billing(Person("", billed.name, registered=False), billed.role, billed.organisation)


def fill_series(home: SeriesFolder, page: PageDraft) -> tuple[str, ...]:
    """Put what a page says of the programme into series.yaml, where that says nothing yet.

    Returns:
        The fields that were filled in.
    """
    text = home.series_yaml.read_text("utf-8")
    tree, problems = yaml_tree.read(text, "series.yaml")
    known = plain(tree) if tree is not None and not problems else None
    if not isinstance(known, dict):
        return ()
    wanted: dict[str, Plain] = {
        "tagline": page.tagline,
        "hashtag": page.hashtag,
        "presenter": {"name": page.presenter} if page.presenter else "",
        "host": billing.write(_bill(page.host)) if page.host else "",
        "links": {c.name.lower().replace(" ", "-"): "" for c in page.channels},
    }
    filled = {field: value for field, value in wanted.items() if value and not known.get(field)}
    patched = text
    for field, value in filled.items():
        patched = patch(patched, (field,), value)
    if filled:
        files.save(
            home.series_yaml,
            patched.encode(),
            if_match=files.digest(text.encode()),
            root=home.root,
            keep_history=home.root,
        )
    return tuple(filled)


def page_notes(
    home: SeriesFolder, own: EpisodeFolder, page: PageDraft, filled: tuple[str, ...]
) -> tuple[Problem, ...]:
    """What a person should look at after a page was read: every guess, and what is missing."""
    name = home.name(own.episode_md)
    lines = own.episode_md.read_text("utf-8").splitlines()

    def place(field: str) -> Place:
        found = (n for n, line in enumerate(lines, 1) if line.startswith((f"{field}:", f"# {field}:")))
        return Place(name, next(found, 1))

    notes = [
        Problem(place(g.field), f"{g.field} was guessed: {g.why}", "please check", grave=False)
        for g in page.guessed
    ]
    empty = [c.name for c in page.channels if not c.url]
    if empty and "links" in filled:
        says = f"the page names {' and '.join(empty)}, but gives no address"
        notes.append(Problem(Place("series.yaml"), says, "write the addresses under links:", grave=False))
    return tuple(notes)
