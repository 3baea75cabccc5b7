"""Begin: a new series folder, and a new episode in it."""

from __future__ import annotations

import shutil
import uuid
from datetime import date
from pathlib import Path

from onrecord.craft.page import PageDraft
from onrecord.craft.slug import slug
from onrecord.folder import files
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.model.problem import Place, Problem, UserError
from onrecord.text import billing
from onrecord.text.yaml_patch import dump, flow, scalar

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
    title = title or (page.title if page else "") or (recording.stem if recording else "")
    own = home.episode(f"{day.isoformat()}-{slug(title)}" if title else day.isoformat())
    if own.root.exists():
        says = "there is an episode of that date and title already"
        raise UserError((Problem(Place(home.name(own.root)), says, "give another --title or --date"),))
    text = _page_text(page, day, title) if page else _blank(day, title)
    if recording is not None:
        _copy(recording, own.root / f"recording{recording.suffix.lower()}")
    files.save(own.episode_md, text.encode(), if_match=None, root=home.root)
    return own


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

    out = ["---\n", f"id: {uuid.uuid4()}   # never change it: podcast apps know the episode by it\n"]
    if title:
        out.append(f"title: {scalar(title)}{note('title')}\n")
    else:
        out.append("title: Untitled   # the page gave no title\n")
    out.append(
        f"date: {day.isoformat()}{note('date')}" + ("\n" if page.date else "   # the page gave no date\n")
    )
    if page.host:
        out.append(f"host: {_one_line(billing.write(page.host))}{note('host')}\n")
    for field, items in (
        ("guests", [billing.write(g) for g in page.guests]),
        ("questions", list(page.questions)),
        ("references", list(page.references)),
        ("tags", list(page.tags)),
    ):
        if items:
            out.append(f"{field}:{note(field)}\n{dump(list(items), '  ')}")
        elif field in why:
            out.append(f"# {field}: {why[field]}\n")
    if page.links:
        out.append(f"links:{note('links')}\n{dump(dict(page.links), '  ')}")
    out.append(
        f"# approved: {{by: Name, on: {day.isoformat()}}}   # without it the episode stays in the preview\n"
    )
    return "".join(out) + "---\n" + (f"{page.introduction}\n" if page.introduction else "")


def _one_line(value: object) -> str:
    return scalar(value) if isinstance(value, str) else flow(value)  # type: ignore[arg-type]  # what billing writes
