"""The questions that a page announces: as bullets, as lines, or in running text; and the parts of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.craft.page_lines import Line, sentences
from onrecord.craft.page_people import begins_person
from onrecord.model.episode import Announced

_ASKING = (
    r"(?:ask(?:s|ing|ed)?|explor(?:e|es|ing)|discuss(?:es|ing)?|examin(?:e|es|ing)|address(?:es|"
    r"ing)?|consider(?:s|ing)?|debat(?:e|es|ing)|"
    r"unpack(?:s|ing)?|tackl(?:e|es|ing)|explain(?:s|ing)?|assess(?:es|ing)?|look(?:s|ing)? (?:at|"
    r"into)|cover(?:s|ing)?|answer(?:s|ing)?|"
    r"delv(?:e|es|ing) into|talk(?:s|ing)? about|find out|investigat(?:e|es|ing)|analy[sz](?:e|es|"
    r"ing)|turn(?:s|ing)? to|reflect(?:s|ing)? on|"
    r"dig(?:s|ging)? into|div(?:e|es|ing) into|break(?:s|ing)? down|weigh(?:s|ing)?|learn|hear|"
    r"speak(?:s|ing)? about|touch(?:es|ing)? on)"
)
_LEAD = re.compile(
    rf"\b(?:{_ASKING}|questions?|topics?|points?|issues|in this episode|highlights|agenda|"
    rf"includ(?:e|es|ing))\b",
    re.IGNORECASE,
)
_PEOPLE_LEAD = re.compile(
    r"\b(?:joined by|joining|guests?|speakers?|panel(?:l?ists)?|featur(?:es|ing)|with|experts?)\b[^:]*:\Z",
    re.IGNORECASE,
)
_ASKED_INSIDE = re.compile(
    rf"\b(?:{_ASKING}|questions?[^:]*|issues[^:]*|topics?[^:]*)[^:.?!]*:\s+(?=\S)", re.IGNORECASE
)
_WORDS = r"(?:what|who|whom|whose|how|why|where|when|whether|which)"
_TELLING = (
    r"(?:ask(?:s|ing)?|explor(?:e|es|ing)|discuss(?:es|ing)?|examin(?:e|es|ing)|address(?:es|ing)?|"
    r"consider(?:s|ing)?|debat(?:e|es|ing)|"
    r"unpack(?:s|ing)?|tackl(?:e|es|ing)|explain(?:s|ing)?|assess(?:es|ing)?|investigat(?:e|es|"
    r"ing)|analy[sz](?:e|es|ing))"
)
_INDIRECT = re.compile(
    rf"\b{_TELLING}(?:,? (?:with|together with) [^,]+,)?\s+(?=(?:{_WORDS}|if)\b)", re.IGNORECASE
)
_CLAUSES = re.compile(
    rf"(?:,? and |; (?:and )?|,? as well as )(?={_WORDS}\b)|, (?=(?:whether|how|why|what)\b)"
)
_VERBS = r"(?:do|does|did|is|are|was|were|can|could|will|would|should|has|have|must|may|might)"
_SECOND = re.compile(
    rf"\s*[,;—–-]?\s*\b(?:and|but) (?=(?:so |if so,? )?{_WORDS}\b|{_VERBS} (?:they|it|he|she|we|"
    rf"you|the|a|an|this|that|there|these|those|[A-Z]))"
)
_INTERROGATIVE = re.compile(rf"(?:\b{_WORDS}\b|(?:^|[—–:,]\s*){_VERBS}\b)", re.IGNORECASE)
_NOT_QUESTIONS = {"guests", "host", "reading", "times", "tags", "programme"}


def announced(text: str) -> Announced:
    """A question with its parts, where it asks several things.

    >>> announced("Who is arriving—students, or others—and what are their motives?").parts
    ('Who is arriving—students, or others', 'what are their motives?')
    """
    parts = [part for part in re.split(r"(?<=\?)\s+", text) if part]
    if len(parts) == 1 and text.endswith("?"):
        cut = next(
            (
                m
                for m in _SECOND.finditer(text)
                if len(text[: m.start()].split()) > 2
                and len(text[m.end() :].split()) > 1
                and _INTERROGATIVE.search(text[: m.start()])
            ),
            None,
        )
        if cut:
            parts = [text[: cut.start()].strip(" ,;—–-"), text[cut.end() :]]
    return Announced(text, tuple(parts) if len(parts) > 1 else ())


def questions_in(lines: Sequence[Line], title: str) -> tuple[tuple[Announced, ...], frozenset[int], str]:
    """The announced questions, the lines that hold nothing else (with what leads to them), and any doubt."""
    best: tuple[int, list[int], bool] = (0, [], False)
    for group in _groups(lines, title):
        led = _is_led(lines, group)
        asked = sum(lines[i].text.endswith("?") for i in group)
        bullets = lines[group[0]].kind == "bullet"
        if not led and not asked and (not bullets or len(group) < 2):
            continue
        score = 3 * led + 2 * asked + len(group)
        if score > best[0]:
            best = (score, group, led or asked > 0)
    _, group, plain = best
    if group:
        held = {*group, *([group[0] - 1] if group[0] and lines[group[0] - 1].kind == "lead" else [])}
        why = "" if plain else "a list that nothing calls questions"
        return tuple(announced(lines[i].text) for i in group), frozenset(held), why
    return _in_running_text(lines)


def people_groups(lines: Sequence[Line]) -> list[int]:
    """The lines of lists under `Joining her are:` and the like."""
    found = []
    for i, line in enumerate(lines):
        if line.kind == "lead" and _PEOPLE_LEAD.search(line.text):
            for j in range(i + 1, len(lines)):
                if lines[j].kind not in {"bullet", "short"} or begins_person(lines[j].text) is None:
                    break
                found.append(j)
    return found


def _groups(lines: Sequence[Line], title: str) -> list[list[int]]:
    """Runs of bullets, and runs of lines without marks that may be a list of questions."""
    groups: list[list[int]] = []
    previous = -2
    for i, line in enumerate(lines):
        usable = (
            line.section not in _NOT_QUESTIONS
            and line.text != title
            and not re.match(r"\(?\d{1,2}:\d\d", line.text)
        )
        asks = line.text.endswith("?") and len(re.findall(r"[.!](?:\s|\Z)", line.text)) == 0
        listed = line.kind == "bullet" and (asks or begins_person(line.text) is None)
        unmarked = line.kind in {"short", "text"} and asks
        topic = (
            line.kind == "short"
            and i > 0
            and (
                line.section == "questions"
                or (lines[i - 1].kind == "lead" and _LEAD.search(lines[i - 1].text))
                or previous == i - 1
            )
        )
        if not usable or not (listed or unmarked or topic):
            continue
        marked = line.kind == "bullet"
        if previous == i - 1 and groups and (lines[groups[-1][-1]].kind == "bullet") == marked:
            groups[-1].append(i)
        else:
            groups.append([i])
        previous = i
    # A single line that asks, with nothing to lead to it, is a heading or a title.
    return [g for g in groups if len(g) > 1 or lines[g[0]].kind == "bullet" or _is_led(lines, g)]


def _is_led(lines: Sequence[Line], group: list[int]) -> bool:
    before = lines[group[0] - 1] if group[0] else None
    return lines[group[0]].section == "questions" or bool(
        before
        and before.text.endswith(":")
        and (_LEAD.search(before.text) or not _PEOPLE_LEAD.search(before.text))
    )


def _in_running_text(lines: Sequence[Line]) -> tuple[tuple[Announced, ...], frozenset[int], str]:
    paragraphs = [
        line.text for line in lines if line.kind in {"text", "lead"} and line.section not in _NOT_QUESTIONS
    ]
    led: list[str] = []
    indirect: list[str] = []
    plain: list[str] = []
    for paragraph in paragraphs:
        asking = False
        for sentence in sentences(paragraph):
            inside = _ASKED_INSIDE.search(sentence)
            if inside and (
                sentence.endswith("?") or re.match(rf"{_WORDS}\b", sentence[inside.end() :], re.IGNORECASE)
            ):
                led += _split_list(sentence[inside.end() :])
                asking = True
            elif sentence.endswith(("?", "?”", '?"')):
                (led if asking else plain).extend(re.split(r"(?<=\?)\s+", sentence))
            else:
                asking = False
                found = _INDIRECT.search(sentence)
                if found:
                    indirect += [c.strip(" ,;.") for c in _CLAUSES.split(sentence[found.end() :])]
    if led:
        return tuple(map(announced, led)), frozenset(), "taken from running text"
    if indirect:
        return (
            tuple(Announced(text) for text in indirect),
            frozenset(),
            "the page tells of them in running text and asks none",
        )
    if plain:
        return (
            tuple(map(announced, plain)),
            frozenset(),
            "asked in the introduction, and perhaps not announced",
        )
    return (), frozenset(), ""


def _split_list(text: str) -> list[str]:
    """Questions in a row: after each question mark, else at semicolons, else at the words that ask."""
    for cut in (r"(?<=\?)\s+(?:and )?", r";\s+(?:and )?"):
        pieces = [piece.strip() for piece in re.split(cut, text) if piece.strip()]
        if len(pieces) > 1:
            return pieces
    return [piece.strip(" ,") for piece in _CLAUSES.split(text.rstrip("."))]
