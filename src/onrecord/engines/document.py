"""A transcript as a Word document for colleagues, and a stranger's document read in a limited child process.

Each turn is one paragraph, `[00:03:12] Ilva Tare: words`. That is what tracked changes are best at: a word
mended, a paragraph split, a name typed over are each one change, where rows of a table would be three.
Changes are tracked from the start.

A document that comes back is a zip of XML by anybody, so it is read by `read` in a child (see `child`): only
three of its parts, each up to a limit, without document types or entities. Of tracked changes the result is
read: what was inserted is there, what was deleted is not, as if all were accepted.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.craft.review import HEADING, Paragraph, Remark
from onrecord.model.problem import Place, Problem, UserError

if TYPE_CHECKING:
    from lxml import etree

    from onrecord.engines.child import Tell

MARK = re.compile(r"onrecord-review-([0-9a-f]{16})")
_MOST_PART_BYTES = 48 << 20
_MOST_FILE_BYTES = 64 << 20
_MOST_PARAGRAPHS = 200_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_HOW = (
    "Correct what you read below; changes are tracked. Change a name in front of its colon. To split a turn, "
    "begin a new paragraph with the name and a colon. Leave the times in brackets as they are. "
    "Comments are welcome."
)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Review:
    """What a document for colleagues says; by the 16 digits of its `mark` it is known when it comes back."""

    title: str
    series: str
    day: datetime
    people: tuple[str, ...]
    language: str
    paragraphs: tuple[Paragraph, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Came:
    """What a document says when it comes back; `mark` is empty where it was lost."""

    mark: str
    texts: tuple[str, ...]
    remarks: tuple[Remark, ...]


def write(review: Review) -> bytes:
    """Write the document."""
    import docx
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    made = docx.Document()
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), review.language or "en")
    settings = made.settings.element
    settings.find(qn("w:defaultTabStop")).addprevious(OxmlElement("w:trackRevisions"))
    properties = made.core_properties
    properties.title, properties.author = _clean(review.title), _clean(review.series)
    properties.created = properties.modified = review.day
    properties.language, properties.comments = review.language, ""
    properties.identifier = properties.keywords = f"onrecord-review-{review.mark}"
    made.add_heading(_clean(review.title), 0)
    made.add_paragraph(_clean(f"{review.series}, {review.day.date().isoformat()}"))
    for person in review.people:
        made.add_paragraph(_clean(person)).paragraph_format.space_after = Pt(0)
    how = made.add_paragraph().add_run(f"{_HOW} (onrecord-review-{review.mark})")
    how.italic = True
    made.add_heading(HEADING, 1)
    for turn in review.paragraphs:
        paragraph = made.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(8)
        time = paragraph.add_run(f"[{turn.time}] ")
        time.font.size, time.font.color.rgb = Pt(9), RGBColor(0x66, 0x66, 0x66)
        paragraph.add_run(f"{_clean(turn.name)}:").bold = True
        paragraph.add_run(f" {_clean(turn.text)}")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def came(data: dict[str, Any]) -> Came:
    """What `read` answered, as a value."""
    remarks = tuple(Remark(**remark) for remark in data["remarks"])
    return Came(str(data["mark"]), tuple(str(text) for text in data["texts"]), remarks)


def read(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Read a document (runs in the child): `file` and `about` in, mark, texts and remarks out."""
    del tell
    file, about = Path(request["file"]), str(request["about"])
    try:
        if file.stat().st_size > _MOST_FILE_BYTES:
            raise _refuse(about, "is too large for a transcript")
        with zipfile.ZipFile(file) as parts:
            body = _part(parts, "word/document.xml", about)
            if body is None:
                raise _refuse(about, "is a zip file, but no Word document")
            comments = _part(parts, "word/comments.xml", about)
            properties = _part(parts, "docProps/core.xml", about)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, UserError):
            raise
        raise _refuse(about, "is no Word document (.docx), or a damaged one") from None
    by_id = dict(_comments(comments)) if comments is not None else {}
    texts: list[str] = []
    remarks: list[Remark] = []
    seen: set[str] = set()
    joins = False
    for paragraph in body.iter(f"{_W}p"):
        text, starts = _text(paragraph)
        number, begin = (len(texts) - 1, len(texts[-1])) if joins else (len(texts), 0)
        if joins:
            texts[-1] += text
        else:
            texts.append(text)
        joins = paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None
        for comment, at in starts:
            if comment in by_id and comment not in seen:
                seen.add(comment)
                by, said = by_id[comment]
                remarks.append(Remark(by, said, number, begin + at))
        if len(texts) > _MOST_PARAGRAPHS:
            raise _refuse(about, "has more paragraphs than a transcript can have")
    remarks += [Remark(by, said) for one, (by, said) in by_id.items() if one not in seen]
    named = "" if properties is None else " ".join(str(t) for t in properties.itertext())
    mark = MARK.search(named) or MARK.search(" ".join(texts[:200]))
    return {"mark": mark[1] if mark else "", "texts": texts, "remarks": [asdict(r) for r in remarks]}


def _part(parts: zipfile.ZipFile, name: str, about: str) -> etree._Element | None:
    """One part as a tree, without document types, entities or anything from outside."""
    from lxml import etree

    try:
        info = parts.getinfo(name)
    except KeyError:
        return None
    with parts.open(info) as file:
        data = file.read(_MOST_PART_BYTES + 1)  # what the zip says of its sizes need not be true
    if len(data) > _MOST_PART_BYTES:
        raise _refuse(about, "holds more than a transcript can hold")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise _refuse(about, "is no Word document (.docx), or a damaged one") from None
    if getattr(tree.getroottree().docinfo, "doctype", ""):
        raise _refuse(about, "declares a document type, which no Word document does")
    return tree


def _text(paragraph: etree._Element) -> tuple[str, list[tuple[str, int]]]:
    """A paragraph's text with all changes accepted, and where comments begin in it."""
    out: list[str] = []
    length = 0
    starts: list[tuple[str, int]] = []
    for node in _kept(paragraph):
        tag, said = str(node.tag), ""
        if tag == f"{_W}t":
            said = node.text or ""
        elif tag in {f"{_W}tab", f"{_W}br", f"{_W}cr"}:
            said = " "
        elif tag == f"{_W}noBreakHyphen":
            said = "-"
        elif tag in {f"{_W}commentRangeStart", f"{_W}commentReference"}:
            starts.append((str(node.get(f"{_W}id")), length))
        out.append(said)
        length += len(said)
    return "".join(out), starts


def _kept(node: etree._Element) -> Iterator[etree._Element]:
    """All that is below a paragraph, but for what was deleted and for paragraphs within it (text boxes)."""
    for child in node:
        if not isinstance(child.tag, str) or child.tag in _GONE or child.tag == f"{_W}p":
            continue
        yield child
        yield from _kept(child)


def _comments(tree: etree._Element) -> Iterator[tuple[str, tuple[str, str]]]:
    for comment in tree.iter(f"{_W}comment"):
        said = " ".join(_text(p)[0] for p in comment.iter(f"{_W}p"))
        yield str(comment.get(f"{_W}id")), (str(comment.get(f"{_W}author") or ""), said)


def _refuse(about: str, says: str) -> UserError:
    hint = "give the document that `onrecord review` wrote, saved as .docx"
    return UserError((Problem(Place(about), says, hint),))


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)
