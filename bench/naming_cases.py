"""The real transcripts of the shared data as conversations whose speakers are hidden, for bench/naming.py.

What is billed, and where each set says it:

    changelog          everybody with three turns or more and a name of their own; the two presenters of the
                       programme (Adam Stacoviak, Jerod Santo) are hosts, the others guests
    haskell_interlude  everybody whose initials stand before turns and whose name stands in the summary or
                       before a turn; the page's title names the guest, the others are hosts
    futureofcoding     Steve Krouse is the host, the title names the guest
    ohms_xml           the interviewee is the guest, the interviewer the host
    bitcoin            the speakers of the front matter, no roles; nobody else is billed
    podcasts           talks and podcasts of ../bench/data, everybody with a name as a name, no roles
    earnings21         everybody with a name and 20 words or more; the operator is not billed, no roles
    scripts            the written scripts of the synthetic episodes and the labelled sales call, with roles

A voice that is nobody's (`Break`, `Audience 2`, `Speaker 0`, an advertisement) must stay anonymous. Two
labels of one person (`James`, `James O'Beirne`) are one voice. Turns of one voice that follow each other are
one turn.
"""

from __future__ import annotations

import csv
import gzip
import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import cast

from onrecord.craft.naming import Billed, Role
from onrecord.craft.naming_letters import plain
from onrecord.craft.slug import slug

CHANGELOG_HOSTS = ("Adam Stacoviak", "Jerod Santo")
_NOBODY = re.compile(
    r"^(?i:break|jingle|sound sample|sponsors?|ad|intro(ducer)?|anchor|audience.*|unknown.*|speaker.*"
    r"|moderator|mixed audio|host|operator|agenda|tweet|paper|\?)$|^[A-Z]{1,3}\d*$|^[A-Z]+[a-z]?[A-Z]+$"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation: set and show, turns of hidden voices, whose each is ("" nobody's), who is billed."""

    set: str
    show: str
    name: str
    turns: tuple[tuple[str, str], ...]
    truth: dict[str, str]
    billed: tuple[Billed, ...]

    @property
    def roles(self) -> bool:
        """Whether the set says who is host and who is guest."""
        return any(b.role for b in self.billed)


def cases(shared: Path) -> list[Case]:
    """All conversations below the shared folder."""
    data = shared / "data/transcripts"
    found = [
        *_changelog(data / "changelog/transcripts"),
        *_haskell(data / "haskell_interlude"),
        *_coding(data / "futureofcoding"),
        *_ohms(data / "ohms_xml"),
        *_bitcoin(data / "bitcointranscripts_chapters/gold"),
        *_podcasts(shared / "bench/data/podcasts_dev.json.gz"),
        *_earnings(data / "earnings21"),
    ]
    return [case for case in found if len(case.turns) > 2]


def scripts(shared: Path) -> list[Case]:
    """The scripts of the synthetic episodes, and the sales call whose two people name each other."""
    return [
        *_tts(shared / "data/audio/podcast_scraper_v3_tts/transcripts/v3"),
        *_gecko(shared / "data/audio/gecko_demo"),
    ]


def make(
    where: tuple[str, str, str],
    said: Iterable[tuple[str, str]],
    people: dict[str, str],
    roles: Mapping[str, str],
) -> Case:
    """A case from labelled turns: `people` is label -> full name, `roles` is full name -> role."""
    said = list(said)
    labels = {label: people.get(label, label) for label, _ in said}
    names = list(dict.fromkeys([*people.values(), *roles]))
    hidden = {who: f"Speaker {i}" for i, who in enumerate(dict.fromkeys(labels.values()), 1)}
    joined = [
        (hidden[who], " ".join(text for _, text in group))
        for who, group in groupby(((labels[label], _clean(text)) for label, text in said), key=lambda t: t[0])
    ]
    truth = {hidden[who]: slug(who) if who in names else "" for who in hidden}
    billed = tuple(Billed(slug(name), name, role=cast("Role", roles.get(name, ""))) for name in names)
    return Case(*where, tuple((v, t) for v, t in joined if t), truth, billed)


def _clean(text: str) -> str:
    text = re.sub(r"<[^>]+>", " ", html.unescape(text))
    text = re.sub(r"\\?\[\d+:\d\d(?::\d\d)?(?:\.\d+)?\\?\]", " ", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"[*_`#]|\\(?=\W)", "", text).split())


def _changelog(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*/*.md")):
        parts = re.split(r"^\*\*([^*\n]+?):\*\*", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
        said = list(zip(parts[::2], parts[1::2], strict=True))
        count = Counter(label for label, _ in said)
        names = [
            n
            for n in count
            if (count[n] >= 3 or n in CHANGELOG_HOSTS) and n not in {"Break", "Sound Sample", "Jingle"}
        ]
        roles = {n: "host" if n in CHANGELOG_HOSTS else "guest" for n in names}
        yield make(("changelog", path.parent.name, path.stem), said, {n: n for n in names}, roles)


def _haskell(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*/transcript.markdown"), key=lambda p: int(p.parent.name)):
        head, _, summary = (path.parent / "index.markdown").read_text("utf-8").partition("\npublished")
        text = re.sub(r"^<p>", "", path.read_text("utf-8"), flags=re.MULTILINE)
        parts = re.split(
            r"^[_*]{0,2}([A-Z][\w. ’'-]{1,30}?)[_*]{0,2}:[_*]{0,2}(?=\s)", text, flags=re.MULTILINE
        )[1:]
        said = list(zip(parts[::2], parts[1::2], strict=True))
        labels = Counter(label.strip("_* ") for label, _ in said)
        full = [label for label in labels if 1 <= label.count(" ") <= 3 and label.split()[-1][0].isupper()]
        full += re.findall(r"(?:[A-ZÉÖ][\w’'-]+ )(?:[Vv]an der |de )?(?:[A-ZÉÖ][\w’'-]+ ?){1,2}", summary)
        guest = re.search(r"^title: *(.+)", head, re.MULTILINE)
        people: dict[str, str] = {}
        for label in labels:
            same = [n.strip() for n in full if n.strip() == label or _fits(label, n)]
            if same:
                people[label] = next((n for n in people.values() if _same_name(n, same[0])), same[0])
        named = set(people.values())
        guests = [n for n in named if guest and slug(n)[:5] in slug(guest.group(1))]
        roles = {n: "guest" if n in guests else "host" for n in named}
        if guests and len(named) >= 2:
            yield make(("haskell_interlude", "haskell", path.parent.name), said, people, roles)


def _initials(name: str) -> str:
    return "".join(part[0] for part in plain(name).split())


def _fits(label: str, name: str) -> bool:
    """Whether initials may be a name's: all of them, the first ones, or the first and the last."""
    own = _initials(name).upper()
    return len(label) >= 2 and label.upper() in {own, own[:2], own[0] + own[-1]}


def _same_name(one: str, other: str) -> bool:
    """Whether one name is the beginning of the other (`Alejandro Serrano Mena`), or nearly the other."""
    short, long = sorted((slug(one), slug(other)), key=len)
    return long.startswith(short) or (
        short[:5] == long[:5] and short.split("-")[-1][:6] == long.split("-")[-1][:6]
    )


def _coding(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("0*.md")):
        text = path.read_text("utf-8")
        title = re.search(r"^title: *(.+)", text, re.MULTILINE)
        said = re.findall(
            r'<div class="name">([^<]+?):?</div>(.*?)(?=<div class="(?:block|time|name)|\Z)', text, re.DOTALL
        )
        labels = Counter(label for label, _ in said)
        names = re.findall(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)+", title.group(1)) if title else []
        guests = {label: n for label in labels for n in names if _initials(n) == label}
        if guests and "SK" in labels:
            roles = {"Steve Krouse": "host", **dict.fromkeys(guests.values(), "guest")}
            yield make(
                ("futureofcoding", "futureofcoding", path.stem), said, {"SK": "Steve Krouse", **guests}, roles
            )


def _ohms(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.rglob("*.xml")):
        text = path.read_text("utf-8")
        body = re.search(r"<transcript>(.*?)</transcript>", text, re.DOTALL)
        parts = (
            re.split(r"^([A-Z]{3,}): ", html.unescape(body.group(1)), flags=re.MULTILINE)[1:] if body else []
        )
        said = list(zip(parts[::2], parts[1::2], strict=True))
        labels = Counter(label for label, _ in said)
        stated = re.findall(r"<(interviewee|interviewer)>([^<]+)</", text)
        stated += [
            ("interviewee", n)
            for n in re.findall(r"<title>Oral history interview with ([^<]+)</title>", text)
        ]
        people, roles = {}, {}
        for kind, name in stated:
            for label in labels:
                if name.split()[-1].upper() == label and label not in people:
                    people[label], roles[name] = name, "guest" if kind == "interviewee" else "host"
        if people:
            yield make(("ohms_xml", "ohms", path.stem), said, people, roles)


def _bitcoin(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*__*.json")):
        found = json.loads(path.read_text("utf-8"))
        stated = [name.strip("'\"") for name in found["meta"]["speakers"]]
        said = [(t["speaker"], t["text"]) for t in found["turns"]]
        people = _same(dict.fromkeys(label for label, _ in said), stated)
        if people:
            yield make(
                ("bitcoin", path.stem.split("__")[0], path.stem), said, people, dict.fromkeys(stated, "")
            )


def _same(labels: Iterable[str], stated: list[str]) -> dict[str, str]:
    people = {}
    for label in labels:
        for name in stated:
            one, other = slug(label), slug(name)
            near = one[:1] == other[:1] and one.split("-")[-1][:4] == other.split("-")[-1][:4]
            if one == other or near or one == other.split("-")[0] or (one, other) == ("oxb10c", "0xb10c"):
                people[label] = name
    return people


def _podcasts(path: Path) -> Iterator[Case]:
    stated = {
        p.stem for p in (path.parents[2] / "data/transcripts/bitcointranscripts_chapters/gold").glob("*.json")
    }
    for meeting in json.loads(gzip.decompress(path.read_bytes())):
        said = [(t["speaker"], t["text"]) for t in meeting["turns"]]
        names = [n for n in Counter(s for s, _ in said) if not _NOBODY.match(n) and "’" not in n]
        where = ("podcasts", meeting["meeting_id"].split("__")[0], meeting["meeting_id"])
        if meeting["meeting_id"] not in stated and len(names) >= 2 and len(names) < 8:
            people = {
                n: next(o for o in names if _same_name(o, n) or slug(o).startswith(slug(n))) for n in names
            }
            yield make(where, said, people, dict.fromkeys(people.values(), ""))


def _earnings(folder: Path) -> Iterator[Case]:
    with (folder / "speaker-metadata.csv").open(newline="", encoding="utf-8") as file:
        stated = {(row["file_id"], row["speaker_id"]): row["speaker_name"] for row in csv.DictReader(file)}
    for path in sorted((folder / "transcripts/nlp_references").glob("*.nlp")):
        said = _nlp(path)
        words = Counter[str]()
        for label, text in said:
            words[label] += len(text.split())
        people = {
            s: n
            for (file, s), n in stated.items()
            if file == path.stem and not _NOBODY.match(n) and words[s] >= 20
        }
        people = {s: n for s, n in people.items() if s != "0"}  # the operator, whatever the table calls it
        yield make(("earnings21", path.stem, path.stem), said, people, dict.fromkeys(people.values(), ""))


def _nlp(path: Path) -> list[tuple[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE))
    return [
        (label, " ".join(row["token"] + (row["punctuation"] or "") for row in group))
        for label, group in groupby(rows, key=lambda row: row["speaker"])
    ]


def _tts(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text("utf-8").splitlines()
        stated = dict(line.split(": ", 1) for line in lines if line.startswith(("Host: ", "Guest: ")))
        said = [
            tuple(line.split(": ", 1))
            for line in lines
            if ": " in line and not line.startswith(("#", "Host: ", "Guest: ", "["))
        ]
        roles = {name: role.lower() for role, name in stated.items()}
        yield make(("scripts", path.stem, path.stem), [(s, t) for s, t in said], {n: n for n in roles}, roles)


def _gecko(folder: Path) -> Iterator[Case]:
    found = json.loads((folder / "demo.json").read_text("utf-8"))["monologues"]
    said = [
        (m["speaker"]["id"], re.sub(r" (?=[.,?!])", "", " ".join(t["text"] for t in m["terms"])))
        for m in found
    ]
    names = {label: label for label, _ in said}
    yield make(("scripts", "gecko", "gecko"), said, names, dict.fromkeys(names, ""))
