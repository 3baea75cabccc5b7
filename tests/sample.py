"""Editions built in memory: invented people who talk about an invented valley."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from onrecord.craft.card import card
from onrecord.craft.edition import laid_out
from onrecord.craft.timing import published
from onrecord.model.edition import Caption, Edition, Mark, PublishedQuote, Site
from onrecord.model.episode import (
    Announced,
    Correction,
    Cut,
    Episode,
    Presenter,
    Reference,
    Series,
    Sign,
    Withdrawal,
)
from onrecord.model.ledger import Answer, Chapter, Ledger, Question, Quote
from onrecord.model.people import Billing, Person
from onrecord.model.recording import Enclosure
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.timeline import Timeline, lay

CET = timezone(timedelta(hours=1))

MARA = Person("mara-velin", "Mara Velin", also=("Mara",), url="https://example.org/mara")
TOMAS = Person("tomas-oreshi", "Tomas Oreshi")
EDA = Person("eda-cela", "Eda Çela-Đorđević", also=("Eda Cela",))

SERIES = Series(
    guid="0b1c6f2e-6f0e-5a57-9c55-3f4dd1e6c001",
    title="The Valley Record",
    tagline="Conversations about the Talva valley, presented by the Institute for Rivers.",
    presenter=Presenter("Institute for Rivers", "Field Office", "https://example.org/rivers"),
    host=Billing(MARA, "Senior Fellow", "Institute for Rivers"),
    hashtag="ValleyRecord",
    language="en",
    timezone="Europe/Tirane",
    category=("News", "Politics"),
    url="https://valley.example.org/record/",
    links={"youtube": "https://video.example.org/valley", "podcast": "https://pod.example.org/valley"},
    artwork="artwork.png",
)

# (start, end) on the published clock in ms, voice, words
_SAID = (
    (0, 4000, MARA, "Welcome to the Valley Record. I am Mara Velin."),
    (
        4000,
        9500,
        MARA,
        "Today we ask what the new lithium mine would do\nto the river, and to the people on it.",
    ),
    (9500, 13000, MARA, "With me are Tomas Oreshi and Eda Çela-Đorđević."),
    (13000, 18200, MARA, "Tomas, is the mine a promise or a threat to the valley?"),
    (18600, 24000, TOMAS, "It is both, and that is why we talk about it so badly."),
    (24000, 30100, TOMAS, "Dr. Lind's survey counted 212 wells, and 40 of them were dry in August."),
    (30100, 36000, TOMAS, "Nobody can say that the mine did this. It is not built."),
    (36000, 41500, TOMAS, "But a valley without water cannot promise water to anybody."),
    (41500, 47000, TOMAS, "So the first question is not about lithium. It is about wells."),
    (47000, 52500, TOMAS, "And about who is allowed to count them. That is my answer."),
    (53000, 58000, MARA, "Eda, who decides, and who was never asked?"),
    (58200, 64000, EDA, "The ministry decides. The villages below the weir were not asked once."),
    (64000, 70000, EDA, "Their mayors learned of it from the newspaper & from the surveyors' pegs."),
    (70400, 74000, MARA, "Thank you both. This was the Valley Record."),
)
_OFFSET_MS = 7000  # the cut leaves out the first seven seconds of the recording


def _captions() -> tuple[Caption, ...]:
    return tuple(Caption(Span(PubMs(a), PubMs(b)), who.name, words, who) for a, b, who, words in _SAID)


def _ms(published_ms: int) -> Ms:
    return Ms(published_ms + _OFFSET_MS)


def _span(start_ms: int, end_ms: int) -> Span[Ms]:
    return Span(_ms(start_ms), _ms(end_ms))


def _timeline() -> Timeline:
    return lay("programme", Span(Ms(_OFFSET_MS), Ms(_OFFSET_MS + 75_000)))


QUOTE = "But a valley without water cannot promise water to anybody."


def full() -> Edition:
    """An episode with everything: checked, approved, published."""
    episode = Episode(
        id="5d4fb9a2-0d3f-4a5e-9f62-6a7a1c2d0001",
        slug="2026-11-04-lithium-under-the-talva",
        title="Lithium under the Talva: a promise or a threat?",
        published=datetime(2026, 11, 4, 12, tzinfo=CET),
        introduction=(
            "A mine is planned where the *Talva* leaves the hills. Those who live below it were told late, "
            "and those who would work in it were told much.\n\n"
            "Mara Velin talks with a hydrologist and a lawyer; the [survey](https://example.org/survey) "
            "that both speak of is among the references.\n"
        ),
        host=Billing(MARA, "Senior Fellow", "Institute for Rivers"),
        guests=(
            Billing(TOMAS, "Hydrologist", "University of Varna Hills"),
            Billing(EDA, "Lawyer and member of the Water Council", "Talva Legal Aid"),
        ),
        questions=(
            Announced("Is the mine a promise or a threat to the valley?"),
            Announced("Who decides, and who was never asked?", ("Who decides?", "Who was never asked?")),
            Announced("What would a fair price for the water be?"),
        ),
        references=(
            Reference("The wells of the Talva: a survey", "https://example.org/survey"),
            Reference("Minutes of the Water Council, 1988"),
        ),
        tags=("Talva", "mining"),
        links={"youtube": "https://video.example.org/valley/1"},
        cuts=(Cut("programme", Ms(_OFFSET_MS), Ms(_OFFSET_MS + 75_000)),),
        corrections=(Correction(date(2026, 11, 9), "The survey counted 212 wells, not 221.", _ms(26_000)),),
        checked=Sign("Mara Velin", date(2026, 11, 3)),
        approved=Sign("Mara Velin", date(2026, 11, 3)),
    )
    ledger = Ledger(
        questions=(
            Question(
                "q1",
                "Is the mine a promise or a threat to the valley?",
                "yes",
                _ms(13_000),
                (Answer("Tomas Oreshi", _span(18_600, 52_500)),),
                (
                    Quote("Tomas Oreshi", _span(36_000, 41_500), QUOTE, approved=True),
                    Quote("Tomas Oreshi", _span(47_000, 52_500), "That is my answer.", approved=False),
                ),
            ),
            Question("q2", "Who decides?", "yes", _ms(53_000), (Answer("Eda Cela", _span(58_200, 60_000)),)),
            Question(
                "q3", "Who was never asked?", "yes", _ms(53_000), (Answer("Eda Cela", _span(60_000, 70_000)),)
            ),
            Question("q4", "What would a fair price for the water be?", "never asked"),
        ),
        chapters=(
            Chapter(_ms(0), "Introduction"),
            Chapter(_ms(13_000), "A promise or a threat?"),
            Chapter(_ms(53_000), "Who decides"),
        ),
    )
    slug = episode.slug
    return laid_out(
        Edition(
            series=SERIES,
            episode=episode,
            state="published",
            language="en",
            timeline=_timeline(),
            captions=_captions(),
            ledger=ledger,
            chapters=tuple(Mark(PubMs(c.at - _OFFSET_MS), c.title) for c in ledger.chapters),
            quotes=(
                PublishedQuote(
                    "q1",
                    TOMAS,
                    "Hydrologist, University of Varna Hills",
                    Span(PubMs(36_000), PubMs(41_500)),
                    QUOTE,
                ),
            ),
            audio=(Enclosure(f"{slug}/programme-1a2b3c4d.mp3", "audio/mpeg", 1_200_345, PubMs(75_000)),),
            corrections=published(episode.corrections, _timeline()),
        )
    )


def video() -> Edition:
    """The same conversation with a picture, in Serbian by its label, with a voice that nobody named."""
    edition = full()
    slug = "2026-11-11-night-ferry"
    captions = (
        *edition.captions[:-1],
        Caption(Span(PubMs(70_400), PubMs(74_000)), "Speaker 4", "Хвала вам обома."),
    )
    episode = replace(
        edition.episode,
        id="5d4fb9a2-0d3f-4a5e-9f62-6a7a1c2d0002",
        slug=slug,
        title="Ноћни трајект",
        published=datetime(2026, 11, 11, 9, 30, tzinfo=CET),
        checked=None,
        corrections=(),
        links={},
    )
    return laid_out(
        replace(
            edition,
            episode=episode,
            language="sr",
            captions=captions,
            corrections=(),
            audio=(Enclosure(f"{slug}/programme-99aa88bb.mp3", "audio/mpeg", 1_200_346, PubMs(75_000)),),
            video=Enclosure(f"{slug}/programme-12ab34cd.mp4", "video/mp4", 9_800_000, PubMs(75_000)),
            poster=f"{slug}/programme-77cc66dd.jpg",
        )
    )


def switching() -> Edition:
    """A conversation in English in which one guest answers in Serbian, and one sentence is Arabic."""
    edition = full()
    slug = "2026-11-25-three-languages"
    said = list(edition.captions)
    said[11] = replace(
        said[11], text="Ко одлучује? Министарство, а села нико није питао.", language="sr-Cyrl"
    )
    said[13] = replace(said[13], text="شكرا لكما.", language="ar")
    return laid_out(
        replace(
            edition,
            episode=replace(
                edition.episode,
                id="5d4fb9a2-0d3f-4a5e-9f62-6a7a1c2d0005",
                slug=slug,
                title="Three languages at one table",
                languages=("en", "sr-Cyrl", "ar"),
                corrections=(),
            ),
            captions=tuple(said),
            corrections=(),
            quotes=(),
            audio=(Enclosure(f"{slug}/programme-77889900.mp3", "audio/mpeg", 1_200_348, PubMs(75_000)),),
        )
    )


def announced() -> Edition:
    """An episode that has no recording yet."""
    episode = Episode(
        id="5d4fb9a2-0d3f-4a5e-9f62-6a7a1c2d0003",
        slug="2026-12-02-after-the-flood",
        title="After the flood: who rebuilds?",
        published=datetime(2026, 12, 2, 12, tzinfo=CET),
        introduction="A year after the flood, half of the bridges stand.",
        guests=(Billing(EDA, "Deputy Minister", "Ministry of Public Works"),),
        questions=(Announced("Which bridges come first?"),),
        approved=Sign("Mara Velin", date(2026, 11, 20)),
    )
    return laid_out(Edition(SERIES, episode, "announced", "en", None, (), Ledger(), (), (), ()))


def draft() -> Edition:
    """An episode that was recognised and that nobody has checked or approved."""
    edition = full()
    slug = "2026-11-18-counting-the-vote"
    questions = (
        *edition.ledger.questions[:3],
        Question("q4", "What would a fair price for the water be?", "no"),
    )
    return laid_out(
        replace(
            edition,
            episode=replace(
                edition.episode,
                id="5d4fb9a2-0d3f-4a5e-9f62-6a7a1c2d0004",
                slug=slug,
                title="Counting the vote",
                published=datetime(2026, 11, 18, 12, tzinfo=CET),
                checked=None,
                approved=None,
                corrections=(),
            ),
            corrections=(),
            state="recognised",
            ledger=Ledger(questions, edition.ledger.chapters),
            quotes=(),
            audio=(Enclosure(f"{slug}/programme-55667788.mp3", "audio/mpeg", 1_200_347, PubMs(75_000)),),
            draft=True,
        )
    )


def withdrawn() -> Edition:
    """What is left of an episode that was taken down."""
    whole = full().episode
    gone = Withdrawal(date(2026, 12, 1), "At the wish of one of those who took part.")
    episode = Episode(
        "5d4fb9a2-0d3f-4a5e-9f62-6a7a1c2d0006", "2026-10-28-gone", "", whole.published, withdrawn=gone
    )
    return Edition(SERIES, episode, "withdrawn", "en", None, (), Ledger(), (), (), ())


def editions(*, preview: bool = False) -> tuple[Edition, ...]:
    """What the sample series publishes; its preview has the draft as well."""
    return (full(), video(), announced(), *((draft(),) if preview else ()))


def site(*, preview: bool = False) -> Site:
    """The sample series as its pages see it."""
    cards = sorted((card(e) for e in editions(preview=preview)), key=lambda c: c.published, reverse=True)
    return Site(SERIES, tuple(cards), draft=preview)


def files(*, preview: bool = False) -> dict[str, bytes]:
    """Every file of the sample site but pictures and sound (see `pictures`)."""
    from onrecord.outputs import episode_outputs, series_outputs, shards

    found: dict[str, bytes] = {}
    for edition in editions(preview=preview):
        for output in episode_outputs():
            found.update(output.render(edition))
    for series_output in series_outputs():
        found.update(series_output.render(site(preview=preview)))
    found.update(shards.render(data for path, data in found.items() if path.endswith("/said.bin")))
    return found


def media() -> set[str]:
    """Paths of sound and pictures that the sample site names."""
    sounds = {e.path for edition in editions(preview=True) for e in (*edition.audio, edition.video) if e}
    posters = {edition.poster for edition in editions(preview=True) if edition.poster}
    return sounds | posters | {SERIES.artwork} | set(pictures(preview=True))


def pictures(*, preview: bool = False) -> dict[str, Callable[[], bytes]]:
    """What draws each picture of the sample site."""
    from onrecord.outputs import picture_outputs

    found: dict[str, Callable[[], bytes]] = {}
    for edition in editions(preview=preview):
        for output in picture_outputs():
            found.update(output.render(edition))
    return found
