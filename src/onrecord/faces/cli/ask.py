"""`onrecord ask`: what was said about something, in the words in which it was said."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import date

    from onrecord.model.archive import Said

_WIDEST = 88
_INDENT = "  "


def a_day(_ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """The day that `--since` or `--until` names."""
    from onrecord.craft.days import day

    if value is None:
        return None
    found = day(value, "first" if param.name == "since" else "last")
    if found is None:
        raise click.BadParameter(f"`{value}` is no day; write 2024, 2024-03 or 2024-03-12")
    return found


@click.command("ask", short_help="Ask the archive, and be answered in its people's own words.")
@click.argument("question", nargs=-1, required=True)
@click.option(
    "--by", metavar="PERSON", help="Only what this person said (a name, or the part only they have)."
)
@click.option("--role", type=click.Choice(["guest", "host"]), help="Only what guests said, or the host.")
@click.option("--since", metavar="DAY", callback=a_day, help="From this day, month or year on.")
@click.option("--until", metavar="DAY", callback=a_day, help="Until this day, month or year, and with it.")
@click.option("--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="So many quotes.")
@click.option("--drafts", is_flag=True, help="Also from episodes that are not public yet.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    question: tuple[str, ...],
    by: str | None,
    role: str | None,
    since: date | None,
    until: date | None,
    limit: int,
    drafts: bool,
    as_json: bool,
) -> None:
    """Ask all episodes, and be answered in the words of those who spoke, the best answer first.

    Each quote is whole sentences of one voice, word for word, with who it is and what they were on that
    day, the episode, and a link to the second. Words are found in any ending, any script and with or
    without marks; "words in quotes" must stand as they are. What is off the record is not in the archive.
    """
    from datetime import UTC, datetime
    from typing import cast

    from onrecord.faces.cli import series_folder
    from onrecord.faces.show import echo_json, said_json
    from onrecord.flow.ask import Open, ask, asking, persons
    from onrecord.model.archive import Filter, Part

    now_ms = int(datetime.now(UTC).timestamp() * 1000)

    def work(opened: Open) -> tuple[Said, ...]:
        wish = Filter(now_ms, None, cast("Part", role or ""), since, until, drafts=drafts)
        if by:
            wish = Filter(now_ms, persons(opened, by, wish), wish.part, since, until, drafts=drafts)
        return ask(opened, " ".join(question), wish, limit)

    found = asking(series_folder(ctx), work)
    if as_json:
        echo_json([said_json(said) for said in found])
        return
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    for said in found:
        click.echo("\n".join(_lines(said, width)) + "\n")
    if not found:
        click.echo("nobody said anything with these words" + _where(by, role, since, until))
        hint = "fewer or other words may find it"
        click.echo(
            click.style(hint + ("" if drafts else "; --drafts also asks what is not public yet"), dim=True)
        )


def _where(by: str | None, role: str | None, since: date | None, until: date | None) -> str:
    parts = [f"as {role}" if role else "", f"by {by}" if by else ""]
    parts += [f"since {since}" if since else "", f"until {until}" if until else ""]
    return "".join(f", {part}" for part in parts if part)


def _lines(said: Said, width: int) -> Iterator[str]:
    """A quote on a terminal: who, the words with what was asked for in bold, and where they are heard."""
    from onrecord.model.time import short_clock

    name = said.voice or "Unknown voice"
    title = ", ".join(part for part in (said.role, said.organisation) if part)
    who = textwrap.wrap(f"{name}, {title}" if title else name, width) or [name]
    yield click.style(who[0][: len(name)], bold=True) + who[0][len(name) :]
    yield from who[1:]
    yield from _marked(f"“{said.text}”", [(a + 1, b + 1) for a, b in said.marks], width)
    state = "" if said.checked else " · not checked"
    state += " · draft" if said.draft else ""
    where = f"{said.day} · {short_clock(said.at.start)} · {said.title}{state}"
    for line in textwrap.wrap(where, width - len(_INDENT)):
        yield _INDENT + click.style(line, dim=True)
    # A link is never broken: a terminal makes it one click.
    yield _INDENT + click.style(said.link or f"episodes/{said.episode}", fg="blue")


def _marked(text: str, marks: Iterable[tuple[int, int]], width: int) -> Iterator[str]:
    """Text in lines of at most `width`, with places of it in bold; wrapped first, as styles have no width."""
    left = sorted(marks)
    at = 0
    for line in _wrapped(text, width - len(_INDENT)):
        out = []
        for match in re.finditer(r"\S+|\s+", line):
            start, end = at + match.start(), at + match.end()
            inside = [(max(a, start), min(b, end)) for a, b in left if a < end and b > start]
            seen = start
            for a, b in inside:
                out += [text[seen:a], click.style(text[a:b], bold=True, fg="yellow")]
                seen = b
            out.append(text[seen:end])
        at += len(line)
        yield _INDENT + "".join(out).rstrip()


def _wrapped(text: str, width: int) -> Iterator[str]:
    """The text cut into lines, every character kept, so that places in it stay places."""
    line = ""
    for part in re.findall(r"\S+\s*|\s+", text):
        if line and len(line) + len(part.rstrip()) > width:
            yield line
            line = ""
        line += part
    yield line
