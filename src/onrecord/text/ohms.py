"""An episode as OHMS XML, version 6: what the Oral History Metadata Synchronizer and Aviary take in.

https://www.oralhistoryonline.org: one `record` with what the interview is, an `index` of points in time,
and the transcript as WebVTT inside the XML. Times are the published cut's; points are in whole seconds, as
the format has them. The order of the elements is that of the files which OHMS itself writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from onrecord.model.time import PubMs

NAMESPACE = "https://www.weareavp.com/nunncenter/ohms"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class Point:
    """An entry of the index: a moment, its title, the words said there, what it is about, and its address."""

    at: PubMs
    title: str
    words: str = ""
    synopsis: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An interview as OHMS describes it; `language` is a name in English."""

    id: str
    day: date
    title: str
    length_ms: int
    series: str
    repository: str
    repository_url: str
    interviewees: Sequence[str]
    interviewers: Sequence[str]
    keywords: Sequence[str]
    language: str
    media_url: str
    is_video: bool
    description: str
    link: str
    series_link: str
    points: Sequence[Point]
    transcript: str
    """WebVTT."""


def write(record: Record) -> bytes:
    """Write the record as a whole XML file."""
    spaces: dict[str | None, str] = {None: NAMESPACE, "xsi": _XSI}
    root = etree.Element(_name("ROOT"), nsmap=spaces)  # type: ignore[arg-type]  # the stubs know no default
    root.set(f"{{{_XSI}}}schemaLocation", f"{NAMESPACE} {NAMESPACE}/ohms.xsd")
    own = etree.SubElement(root, _name("record"), id=_clean(record.id), dt=record.day.isoformat())
    kind = "video" if record.is_video else "audio"
    _add(own, "version", "6.0")
    etree.SubElement(own, _name("date"), value=record.day.isoformat(), format="yyyy-mm-dd")
    _add(own, "date_nonpreferred_format")
    _add(own, "cms_record_id", record.id)
    _add(own, "title", record.title)
    _add(own, "accession")
    _add(own, "duration", _clock(record.length_ms))
    for empty in ("collection_id", "collection_name", "series_id"):
        _add(own, empty)
    _add(own, "series_name", record.series)
    _add(own, "repository", record.repository)
    _add(own, "funding")
    _add(own, "repository_url", record.repository_url)
    for tag, several in (
        ("keyword", record.keywords),
        ("interviewee", record.interviewees),
        ("interviewer", record.interviewers),
    ):
        for text in several or (("",) if tag != "keyword" else ()):
            _add(own, tag, text)
    _add(own, "format", kind)
    _add(own, "file_name", record.media_url.rpartition("/")[2])
    _add(own, "transcript_alt_lang")
    _add(own, "translate", "0")
    _add(own, "media_id")
    _add(own, "media_url", record.media_url)
    media = _add(own, "mediafile")
    _add(media, "host", "Other")
    for empty in ("avalon_target_domain", "host_account_id", "host_player_id", "host_clip_id"):
        _add(media, empty)
    _add(media, "clip_format", kind)
    _add(own, "kembed")
    _add(own, "language", record.language)
    _add(own, "user_notes")
    index = _add(own, "index")
    for point in record.points:
        _point(index, point)
    _add(own, "type", "interview")
    _add(own, "description", record.description)
    _add(own, "rel", record.link)
    vtt = _add(own, "vtt_transcript")
    # A section cannot hold its own end; there, and only there, the end is written as text.
    words = _clean(record.transcript)
    vtt.text = etree.CDATA(words) if "]]>" not in words else words
    _add(own, "rights")
    _add(own, "fmt", kind)
    _add(own, "usage")
    _add(own, "userestrict", "0")
    _add(own, "xmllocation")
    _add(own, "xmlfilename")
    _add(own, "collection_link")
    _add(own, "series_link", record.series_link)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _point(index: etree._Element, point: Point) -> None:
    own = _add(index, "point")
    _add(own, "time", str(point.at // 1000))
    for tag, text in (
        ("title", point.title),
        ("partial_transcript", point.words),
        ("synopsis", point.synopsis),
        ("keywords", ""),
        ("subjects", ""),
    ):
        _add(own, tag, text)
        _add(own, f"{tag}_alt")
    places = _add(own, "gpspoints")
    for empty in ("gps", "gps_zoom", "gps_text", "gps_text_alt"):
        _add(places, empty)
    links = _add(own, "hyperlinks")
    _add(links, "hyperlink", point.link)
    _add(links, "hyperlink_text", "Listen from here" if point.link else "")
    _add(links, "hyperlink_text_alt")


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _add(parent: etree._Element, tag: str, text: str = "") -> etree._Element:
    own = etree.SubElement(parent, _name(tag))
    own.text = _clean(text) or None
    return own


def _clean(text: str) -> str:
    """The text without what XML cannot hold (control characters, halves of a pair)."""
    return "".join(
        c
        for c in text
        if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )


def _clock(length_ms: int) -> str:
    minutes, seconds = divmod(length_ms // 1000, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
