"""Host and guests, from the sentences of a page in which somebody meets somebody."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from onrecord.craft.page_lines import Line, sentences
from onrecord.craft.page_names import is_role, leading_name, without_kind
from onrecord.craft.page_people import Billed, begins_person, people_in

_LONGEST = 2_000
"""No sentence that bills people is longer, in characters; a page made to be slow is."""

_LATER = r"(?:[\w’', -]{0,40}? )?"
# The host is before these words, the guests behind them.
_MEETS = re.compile(
    rf"\b(?:(?:is|are|was|were) (?:once again |again |now )?joined {_LATER}by|"
    rf"sits? down {_LATER}(?:with|to talk to)|sat down {_LATER}with|"
    rf"(?:speaks|speak|spoke|talks|talk|talked|chats|chatted) {_LATER}(?:with|to)|welcom(?:es|ed|"
    rf"e)(?: back)?|hosts(?= (?:[A-Z]|(?:two|three|four|five|six) ))|"
    rf"interview(?:s|ed)|meets|brings together|asks(?= (?!her|him|them|us|you|a\b|the question)\S)|"
    rf"in (?:a )?(?:[\w-]+ )?conversation with|in dialogue with|"
    rf"(?:discusses|explores|examines|unpacks|debates|assesses|considers|asks|looks at|talks about|"
    rf"breaks down) (?:[^.?!]{{0,160}}? )?(?:together )?with)\b\s*"
)
# Guests are behind these, and who is before them says nothing.
_FEATURES = re.compile(
    r"\b(?:features|featuring|(?:her|his|their|our|this week[’']s|today[’']s|the|"
    r"tonight[’']s) (?:special )?guests?(?: (?:this week|today))?(?: (?:is|are|"
    r"include))?[,:]?(?! discuss| talk| explore)|"
    r"with (?:special )?guests?|(?:[Cc]onversation|[Ii]nterview|discussion|dialogue|panel|debate|"
    r"talk) (?:with|between)|guests? (?:is|are|include|includes|this week (?:is|are)|"
    r"for this episode (?:is|are))|"
    r"[Jj]oining (?:her|him|them|us|me|the (?:show|program|programme|podcast|conversation|"
    r"discussion)|(?:our )?(?:host )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?)[^.]{0,60}? (?:is|are)|"
    r"[Jj]oining us[^.:]{0,40}(?=:)|^Joined by)\b[,:]?\s*"
)
# Guests are before this one, the host behind it.
_JOINS = re.compile(
    r"\b(?:joins?|joined|sits? down with|speaks? (?:with|to)|talks? (?:with|to)) (?=(?:our |the |"
    r"her |his )?(?:host|moderator|presenter|journalist|anchor)\b)(?:our |the )?(?:host |"
    r"moderator |presenter )?|\bjoins? (?=[A-Z])"
)
# Guests are before these, too; the host may be named with the talk.
_COMES = re.compile(
    r"\b(?:joins?|joined|returns? to|comes? to|appears? on|visits?)(?: us)?(?: on| in)? (?:#\w+|us|"
    r"the (?:show|program(?:me)?|podcast|studio|conversation|series))(?!\w)"
    r"|\bin an? (?:[\w-]+ )?(?:interview|conversation) (?:for|on) (?:#\w+|the )"
)
_TALK_WITH = re.compile(
    r"\b(?:interview|conversation|talk|discussion|dialogue) with (?:our |the )?(?:host )?"
)
_JOINED_ONE = re.compile(r"\b[Jj]oining (?:our |the )?(?:host |moderator |journalist )?(?=[A-Z])")
_AND_GUESTS = re.compile(r"[,;]? (?:and|with|together with) (?:her|his|their) (?:\w+ )?guests?\b")
_EXPLORES = re.compile(
    r"\b(?:delves|explores|examines|discusses|unpacks|looks|asks|investigates|analy[sz]es|"
    r"moderates|leads|breaks|dives|considers|assesses|traces|turns|takes|hosts|guides|digs|reports|"
    r"debates|untangles)\b"
)
_TOGETHER = re.compile(r",? (?:discuss|explore|debate|examine|unpack|talk|reflect|look|consider|assess)\b")
_HOSTED = re.compile(
    r"\b(?:[Hh]osted|moderated|presented and hosted|anchored) by\s+|\b(?:our|your|its|series|"
    r"program|programme|podcast|show) host,?\s+(?=[A-Z])|\b[Hh]ost(?= [A-Z][\w’'-]+ [A-Z])\s+"
)
_OPENING = re.compile(
    r"^(?:(?:In|On|For|During|This|Today|Tonight|As|After|With|Ahead|Following|Amid|Since|While|"
    r"When|Here|Recorded|Against|Days|Weeks|Months|Just|Now|Once|Live|Speaking|Drawing|One|Two|"
    r"Three|Four|Five|Ten)\b[^,]*,\s*)+"
)
_EPISODE = re.compile(
    r"^(?:[Ii]n|[Oo]n|[Ff]or) (?:this|the|today[’']s|our|a)(?: [\w’'-]+){0,4}? (?:episode|edition|"
    r"interview|conversation|instal+ment|show|debrief)(?: of (?:the )?(?:#\w+|"
    r"[A-Z][\w’']*(?: [A-Z][\w’']*)*?))? (?=[A-Z])"
)
_CLAUSE = re.compile(
    r",? (?:to (?:discuss|talk|explore|examine|unpack|assess|look|make|answer|ask|understand|"
    r"analy[sz]e|break|reflect|consider|hear|dive|delve|debate|"
    r"explain|share|shed|take|find|map|trace|help|offer|give|get|bring|tackle|provide|address|"
    r"weigh|dig|walk|speak)|for (?:a|an) |about (?!the author)|as (?:they|she|he|we|it)\b|explor|"
    r"discuss(?:ing)?\b|examin(?:e|ing)\b|"
    r"unpack|who (?:discuss|explain|share|talk|explore|offer|bring|debate|join|reflect|give)|"
    r"in (?:a|an|this) |on (?:how|why|what|whether|where|who)\b|ahead of|following|amid|after |"
    r"before |how |whether |why |what )|, (?:talk|discuss|debate|explain|share|explore|reflect|"
    r"describe|argue|look|speak|weigh)\b(?! of)|: |\?|\s[—–]\s(?=[a-z])|—(?=[a-z])"
)
_LABEL = re.compile(
    r"(guests?|speakers?|featuring|with|panell?ists?|participants?|hosts?|hosted by|moderator|"
    r"moderated by|presented by|presenter|interviewer|interviewee)\s*(?::|\s[–—-]\s)\s*(.+)",
    re.IGNORECASE,
)
_HOSTING = re.compile(
    r"(?<!\w)(?:(?:[Oo]ur|[Yy]our|[Tt]he(?: [\w-]+[’']s)?|#\w+) )?"
    r"(?:[Hh]ost|[Mm]oderator|[Pp]resenter|[Ii]nterviewer)\b,? ?"
)


def billing(
    lines: Sequence[Line], tagline: str, listed: Collection[int]
) -> tuple[Billed | None, tuple[Billed, ...], list[tuple[str, str]]]:
    """The host, the guests, and what is in doubt as (field, why).

    Args:
        lines: The page's lines without the programme's own.
        tagline: The programme's own line, which may name the host.
        listed: The lines of which each is one guest.
    """
    hosts: list[Billed] = []
    guests: list[Billed] = []
    perhaps: list[Billed] = []
    for i, line in enumerate(lines):
        label = _LABEL.match(line.text)
        if i in listed or line.section == "guests":
            guests += people_in(sentences(line.text)[0])
        elif line.section == "host":
            hosts += people_in(sentences(line.text)[0])[:1]
        elif label and line.kind in {"short", "text", "bullet", "lead"}:
            (hosts if _hosts(label[1]) else guests).extend(people_in(label[2]))
        elif line.kind in {"text", "short", "lead", "call"}:
            for sentence in sentences(line.text):
                _read_sentence(sentence, hosts, guests, perhaps)
    for sentence in sentences(tagline):
        hosts += _hosted(sentence)
    by_line = [
        person
        for line in lines
        if line.kind == "short"
        and (by := re.search(r"(?:^By|\d{4},? (?:by|By|[|·•–—-] By)) (.+)", line.text))
        for person in people_in(by[1])
    ]
    guessed = not hosts
    if not hosts and by_line:
        hosts = by_line[:1]
    if not hosts:
        hosts = perhaps
    else:
        hosts += [p for p in perhaps if _same(p, hosts[0])]
        guests += [p for p in perhaps if not any(_same(p, h) for h in hosts)]
    host = _richest([*hosts, *guests], hosts[0]) if hosts else None
    merged = [g for g in _merged(guests) if host is None or not _same(g, host)]
    return (
        _plain(host),
        tuple(filter(None, map(_plain, merged))),
        list(_doubts(host, merged, guessed=guessed)),
    )


def _read_sentence(sentence: str, hosts: list[Billed], guests: list[Billed], perhaps: list[Billed]) -> None:
    """Add whom a sentence bills: as host, as guest, or as somebody who may be the host."""
    if len(sentence) > _LONGEST:
        return
    hosts += _hosted(sentence)
    come = _JOINS.search(sentence) or _COMES.search(sentence)
    if come:
        guests += people_in(_subject(sentence[: come.start()]))
        talk = come if come.re is _JOINS else _TALK_WITH.search(sentence, come.end())
        hosts += people_in(_object(sentence[talk.end() :]))[:1] if talk else ()
        return
    meets = _MEETS.search(sentence)
    for match in [*_MEETS.finditer(sentence), *_FEATURES.finditer(sentence)]:
        found = _people_met(_object(sentence[match.end() :]))
        guests += [p for p in found if not any(_same(p, g) for g in guests)]
    one, company = _JOINED_ONE.search(sentence), _AND_GUESTS.search(sentence)
    if one and (name := leading_name(sentence[one.end() :])):
        hosts.append(Billed(name))
    for before in filter(None, (company, meets)):
        hosts += people_in(_subject(sentence[: before.start()]))[:1]
    if not meets and not company:
        _read_actors(sentence, hosts, guests, perhaps)


def _read_actors(sentence: str, hosts: list[Billed], guests: list[Billed], perhaps: list[Billed]) -> None:
    """Add those of whom a sentence only says that they talk about something."""
    together, explores = _TOGETHER.search(sentence), _EXPLORES.search(sentence)
    if together:
        talking = people_in(_subject(sentence[: together.start()]))
        # Of several who talk, the host is told apart at the end; where none is known, all are guests.
        guests += talking if len(talking) > 1 else ()
    elif explores:
        alone = people_in(_subject(sentence[: explores.start()]))[:1]
        (hosts if explores[0] in {"hosts", "moderates"} else perhaps).extend(alone)


def _people_met(text: str) -> tuple[Billed, ...]:
    """The people of a list that begins with one, or with the role of one."""
    first = re.split(r"[,;(]", text, maxsplit=1)[0]
    return people_in(text) if begins_person(first) or is_role(first) else ()


def _hosted(sentence: str) -> Iterator[Billed]:
    for match in _HOSTED.finditer(sentence):
        rest = _MEETS.split(_EXPLORES.split(_CLAUSE.split(sentence[match.end() :])[0])[0])[0]
        rest = re.split(
            r"(?:,| and)? (?:(?:the|this|our) (?:series|show|podcast|program(?:me)?)\b|is|are|was|"
            r"were|will|has|have|who|that|which|(?:and )?(?:produced|presented|made|brought))\b",
            rest,
        )[0]
        name = leading_name(rest)
        # `host Runa Selig and energy experts ...`: the host alone.
        yield from people_in(name if name and re.match(r",? (?:and|&) ", rest[len(name) :]) else rest)[:1]


def _subject(text: str) -> str:
    """Who acts, from the words before the verb: openings, and the word host, are dropped."""
    text = _OPENING.sub("", text)
    text = _EPISODE.sub("", text)
    text = re.sub(
        r"\s(?:is|are|was|then|now|also)\Z", "", _HOSTING.sub("", text.strip(" ,—–-")).strip(" ,")
    ).strip(" ,")
    # Nobody acts where no name begins: `Secretary of State, Magnus Ode looks at ...` was another's role.
    first = re.split(r"[,;(]|\s(?:and|&)\s", text, maxsplit=1)[0]
    whole = re.split(r"[,;(]", text, maxsplit=1)[0]
    return text if begins_person(first) or begins_person(whole) else ""


def _object(text: str) -> str:
    """Who is met, from the words behind the verb, up to what they meet for."""
    text = without_kind(text.strip())
    return _CLAUSE.split(text, maxsplit=1)[0].strip()


def _hosts(label: str) -> bool:
    return label.lower().startswith(("host", "moderat", "present", "interviewer"))


def _same(one: Billed, other: Billed) -> bool:
    return one.name.casefold() == other.name.casefold() or one.name.split()[-1] == other.name.casefold()


def _richest(people: Sequence[Billed], person: Billed) -> Billed:
    """The fullest billing of one person: with an organisation, else with a role, else the first."""
    own = [p for p in people if _same(p, person)]
    return max(own, key=lambda p: (bool(p.organisation), bool(p.role), len(p.role)))


def _merged(people: Sequence[Billed]) -> list[Billed]:
    found: list[Billed] = []
    for person in people:
        if not any(_same(person, other) for other in found):
            found.append(_richest(people, person))
    return found


def _plain(person: Billed | None) -> Billed | None:
    return replace(person, role_is_title=False) if person else None


def _doubts(host: Billed | None, guests: Sequence[Billed], *, guessed: bool) -> Iterator[tuple[str, str]]:
    if host is None:
        yield "host", "the page names none"
    elif guessed:
        yield "host", f"{host.name} is not called the host"
    elif host.unsure:
        yield "host", f"{host.name}: {host.unsure}"
    if not guests:
        yield "guests", "the page names none"
    for guest in guests:
        if guest.unsure:
            yield "guests", f"{guest.name}: {guest.unsure}"
