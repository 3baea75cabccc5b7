"""What becomes of languages: found where nobody said which, kept where they switch, shown to every reader."""

from __future__ import annotations

import json
import re
import sys
import wave
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lxml.html
import numpy as np
import pytest
from tests import sample

from onrecord.craft.align import align
from onrecord.craft.cue import cues, known_languages
from onrecord.craft.edition import Source, edit
from onrecord.craft.language import listed, stated
from onrecord.craft.paragraph import spoken
from onrecord.craft.register import Register, bill_episode, voices
from onrecord.craft.sentence import sentences
from onrecord.craft.serbian import to_cyrillic
from onrecord.craft.speech import speeches
from onrecord.craft.turn import Said
from onrecord.engines import parakeet, whisper
from onrecord.engines.recogniser import RATE_HZ, Heard, Samples
from onrecord.make.step import Work
from onrecord.model.edition import Caption
from onrecord.model.episode import Episode, Series
from onrecord.model.language import NAMES, joined
from onrecord.model.people import Billing, Person
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.transcript import Cue, Transcript, Word
from onrecord.outputs import page, transcripts
from onrecord.steps import recognise, transcribe
from onrecord.text import episode_md, series_yaml, vtt

PITCHES_HZ = {"en": 200, "sr": 400, "la": 800}


@dataclass
class Bilingual:
    """A recogniser that tells languages by the pitch of tones, and hears one word a second."""

    engine: str = "bilingual 1"
    weights: str = "none"
    asked: list[str | None] = field(default_factory=list)
    looked: int = 0
    stops_after: int = 10**6

    def discern(self, samples: Samples) -> Mapping[str, float]:
        """The share of each pitch; Serbian is heard as two."""
        self._work()
        self.looked += 1
        loud = samples[np.abs(samples) > 0.01]
        crossings = np.count_nonzero(np.diff(np.signbit(loud))) / max(1, len(loud)) * RATE_HZ / 2
        one = min(PITCHES_HZ, key=lambda code: abs(PITCHES_HZ[code] - crossings))
        return {"hr": 0.5, "sr": 0.45} if one == "sr" else {one: 0.96, "cy": 0.02}

    def recognise(self, samples: Samples, language: str | None, prompt: str, *, again: bool = False) -> Heard:
        """A word a second."""
        del prompt, again
        self._work()
        self.asked.append(language)
        text = "Здраво." if (language or "").startswith("sr") else "Hello."
        seconds = range(len(samples) // RATE_HZ)
        loud = [i for i in seconds if np.abs(samples[i * RATE_HZ : (i + 1) * RATE_HZ]).max() > 0.01]
        words = tuple(Word(Span(Ms(i * 1000), Ms(i * 1000 + 900)), text, 0.9) for i in loud)
        return Heard(words, language or "en")

    def _work(self) -> None:
        self.stops_after -= 1
        if self.stops_after < 0:
            raise KeyboardInterrupt


PLAN = [("en", 40), ("sr", 25), ("en", 30), ("la", 1), ("en", 20)]


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Forty seconds of one language, twenty-five of another, then the first again with a cough in it."""
    monkeypatch.setitem(sys.modules, "faster_whisper", None)  # its voice detector knows tones from speech
    sound, silences, at = [], [], 0
    for language, seconds in PLAN:
        for _ in range(seconds):
            tone = np.sin(2 * np.pi * PITCHES_HZ[language] * np.arange(RATE_HZ * 7 // 10) / RATE_HZ) * 0.4
            sound += [tone, np.zeros(RATE_HZ * 3 // 10)]
            silences.append([at + 700, at + 1000])
            at += 1000
    with wave.open(str(tmp_path / "sound.wav"), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE_HZ)
        wav.writeframes((np.concatenate(sound) * 32767).astype("<i2").tobytes())
    (tmp_path / "silences.json").write_text(json.dumps(silences))
    (tmp_path / "scratch").mkdir()
    return tmp_path


def hear(folder: Path, engine: Bilingual, monkeypatch: pytest.MonkeyPatch, **params: Any) -> dict[str, Any]:
    monkeypatch.setattr(recognise, "find", lambda _: engine)
    needs = (folder / "sound.wav", folder / "silences.json")
    given = {"recogniser": "bilingual", "language": "", "languages": [], "prompt": "", **params}
    recognise.do(Work(folder, needs, folder / "scratch", given, lambda *_: None))
    return dict(json.loads((folder / "scratch/words.json").read_text()))


def test_a_switch_is_found_and_each_stretch_is_heard_in_its_own_language(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Bilingual()
    made = hear(talk, engine, monkeypatch, language="en", languages=["en", "sr-Latn"])
    (first, second, third) = made["languages"]
    assert [row[2] for row in made["languages"]] == ["en", "sr-Latn", "en"]
    assert (first[0], third[1]) == (0, 116_000)
    assert abs(second[0] - 40_000) <= 5000
    assert abs(second[1] - 65_000) <= 5000
    assert made["language"] == "en"
    assert set(engine.asked) == {"en", "sr-Latn"}
    # What was heard in Cyrillic stands in the script that the episode asks for.
    assert {text for _, _, text, _ in made["words"]} == {"Hello.", "Zdravo."}


def test_nothing_said_of_languages_finds_them_too_and_one_stated_is_not_looked_for(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = hear(talk, Bilingual(), monkeypatch)
    assert [row[2] for row in found["languages"]] == ["en", "hr", "en"]
    assert found["language"] == "en"
    engine = Bilingual()
    stands = hear(talk, engine, monkeypatch, language="en")
    assert "languages" not in stands
    assert (engine.looked, set(engine.asked)) == (0, {"en"})


@pytest.mark.parametrize("share", [0.05, 0.4, 0.7, 0.8, 0.95])
def test_interrupted_while_looking_or_hearing_it_ends_with_the_same_bytes(
    talk: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    whole = Bilingual()
    hear(talk, whole, monkeypatch, languages=["en", "sr"])
    expected = (talk / "scratch/words.json").read_bytes()
    for file in (talk / "scratch").iterdir():
        file.unlink()
    after = int((whole.looked + len(whole.asked)) * share)
    first, second = Bilingual(stops_after=after), Bilingual()
    with pytest.raises(KeyboardInterrupt):
        hear(talk, first, monkeypatch, languages=["en", "sr"])
    hear(talk, second, monkeypatch, languages=["en", "sr"])
    assert (talk / "scratch/words.json").read_bytes() == expected
    assert first.looked + second.looked == whole.looked
    assert len(first.asked) + len(second.asked) == len(whole.asked)


def test_each_caption_of_the_proposal_names_the_other_language(
    talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(talk, Bilingual(), monkeypatch, language="en", languages=["en", "sr-Cyrl"])
    params = {"language": "en", "people": []}
    transcribe.do(Work(talk, (talk / "scratch/words.json",), talk, params, lambda *_: None))
    text = (talk / "transcript.vtt").read_text()
    assert "<v Speaker 1><lang sr-Cyrl>Здраво." in text
    read, problems = vtt.read(text, "transcript.vtt")
    assert not problems
    for cue in read.cues:
        assert cue.language == ("sr-Cyrl" if "Здраво" in cue.text else "")
        assert not ("Здраво" in cue.text and "Hello" in cue.text)


def test_whisper_is_told_to_write_what_is_said_and_never_to_translate() -> None:
    told: dict[str, Any] = {}

    def transcribe_with(_: Samples, **options: Any) -> tuple[list[Any], Any]:
        told.update(options)
        return [], SimpleNamespace(language="de")

    model = SimpleNamespace(transcribe=transcribe_with, supported_languages=["de", "en", "sr"])
    engine = whisper.Whisper(model, "", "", heeds_names=False)
    for language in (None, "de", "sr-Cyrl"):
        told.clear()
        engine.recognise(np.zeros(RATE_HZ, np.float32), language, "")
        assert told["task"] == "transcribe"
        assert told["language"] == (language and language[:2])


@pytest.mark.parametrize(
    ("episode", "series", "main", "several"),
    [
        ({}, {}, "en", ()),
        ({"language": "sq"}, {"languages": ("en", "sr")}, "sq", ()),
        ({"language": "auto"}, {}, "", ()),
        ({"language": "auto"}, {"languages": ("en", "sr")}, "", ("en", "sr")),
        ({"languages": ("sr-Latn", "en")}, {}, "sr-Latn", ("sr-Latn", "en")),
        ({"language": "en", "languages": ("sr", "hr")}, {}, "en", ("en", "sr")),
        ({}, {"languages": ("sr",)}, "en", ("en", "sr")),
        ({"languages": ("de",)}, {}, "de", ()),
    ],
)
def test_the_files_say_which_languages_may_be_spoken(
    episode: dict[str, Any], series: dict[str, Any], main: str, several: tuple[str, ...]
) -> None:
    one = Episode("1", "x", "X", datetime(2026, 1, 1, tzinfo=UTC), **episode)
    programme = Series("g", "P", **series)
    assert stated(one, programme) == main
    assert listed(one, programme) == several


@pytest.mark.parametrize(
    ("written", "says", "hint"),
    [
        ("language: English", "`English` is not a language of BCP 47", "language: en"),
        ("languages: [en, Serbian]", "`Serbian` is not a language of BCP 47", "sr"),
        ("language: '??'", "`??` is not a language of BCP 47", "write one such as"),
    ],
)
def test_a_language_that_is_none_is_told_with_what_was_meant(written: str, says: str, hint: str) -> None:
    text = f"---\nid: a\ntitle: T\ndate: 2026-01-01\n{written}\n---\n"
    episode, problems = episode_md.read(text)
    assert episode is None
    assert problems[0].says == says
    assert hint in problems[0].hint


def test_a_series_has_one_language_and_an_episode_may_have_it_found() -> None:
    series, problems = series_yaml.read("guid: a\ntitle: T\nlanguage: auto\n")
    assert series is None
    assert "language: auto` in an episode.md" in problems[0].hint
    text = "---\nid: a\ntitle: T\ndate: 2026-01-01\nlanguage: AUTO\nlanguages: en, sr_Latn\n---\n"
    episode, problems = episode_md.read(text)
    assert not problems
    assert episode is not None
    assert (episode.language, episode.languages) == ("auto", ("en", "sr-Latn"))


def edition_of(transcript: Transcript, **episode: Any) -> Any:
    made = Episode("1", "talk", "Talk", datetime(2026, 1, 1, tzinfo=UTC), **episode)
    source = Source(Series("g", "P", language="en"), made, {}, transcript, duration_ms=100_000)
    return edit(source, datetime(2026, 2, 1, tzinfo=UTC), draft=True)[0]


def test_a_found_language_reaches_the_page_and_never_the_word_auto() -> None:
    found = edition_of(Transcript("de", (Cue(Span(Ms(0), Ms(900)), "A", "Guten Tag."),)), language="auto")
    assert found.language == "de"
    assert edition_of(Transcript("", ()), language="auto").language == "en"
    assert edition_of(Transcript("de", ()), language="sr").language == "sr"
    assert edition_of(Transcript("de", ())).language == "de"
    html = page.render(found)["talk/index.html"].decode()
    assert '<html lang="de"' in html
    assert '"auto"' not in html.replace('dir="auto"', "")


def test_a_turn_in_another_language_says_so_on_the_page_and_in_every_format_that_can() -> None:
    edition = sample.switching()
    made = {**page.render(edition), **transcripts.render(edition)}
    slug = edition.episode.slug
    tree: Any = lxml.html.fromstring(made[f"{slug}/index.html"])
    inside = {e.get("lang"): e for e in tree.xpath('//div[@class="turns"]//*[@lang]')}
    assert set(inside) == {"sr-Cyrl", "ar"}
    assert inside["ar"].get("dir") == "rtl"
    assert inside["sr-Cyrl"].tag == "p", "the voice speaks in two languages: its paragraphs tell them"
    assert (
        b"<v Eda \xc3\x87ela-\xc4\x90or\xc4\x91evi\xc4\x87><lang sr-Cyrl>" in made[f"{slug}/transcript.vtt"]
    )
    assert b'<p lang="ar" dir="rtl" data-end=' in made[f"{slug}/transcript.html"]
    for file in ("srt", "json", "md"):
        assert "Ко одлучује" in made[f"{slug}/transcript.{file}"].decode()


CVIJIC = Person("srdjan-cvijic", "Срђан Цвијић")
MATIC, OTHER = Person("ana-djuric", "Ana Đurić"), Person("ana-duric", "Ana Durić")


@pytest.mark.parametrize("name", ["Srdjan Cvijić", "Srđan Cvijić", "SRDJAN CVIJIC", "Срђан  Цвијић"])
def test_a_person_is_found_in_either_script(name: str) -> None:
    register = Register((CVIJIC, MATIC, OTHER))
    assert register.find(name) == CVIJIC
    episode = Episode("1", "x", "X", datetime(2026, 1, 1, tzinfo=UTC), guests=(Billing(Person("", name)),))
    billed = bill_episode(episode, Series("g", "P"), register).billed
    assert billed[0].person == CVIJIC
    assert voices(billed, register).get("srdjan cvijic") == CVIJIC


def test_two_people_whose_names_are_alike_are_never_taken_for_each_other() -> None:
    register = Register((MATIC, OTHER))
    assert register.find("Ana Đurić") == MATIC
    assert register.find("Ana Durić") == OTHER
    assert register.find("Ana Duric") is None
    assert register.find("Ана Ђурић") is None
    assert Register((MATIC,)).find("Ана Ђурић") == MATIC


def test_a_corrected_transcript_in_cyrillic_keeps_its_times_and_its_quotes_their_words() -> None:
    said = ["Mislim", "da", "je", "injekcija", "stigla,", "ljudi", "su", "nadživeli", "rat."]
    heard = [Word(Span(Ms(i * 400), Ms(i * 400 + 300)), text, 0.7) for i, text in enumerate(said)]
    cue = Cue(Span(Ms(0), Ms(4000)), "A", to_cyrillic(" ".join(said)))
    (row,) = align(heard, [cue])
    assert joined(w.text for w in row) == "Мислим да је инјекција стигла, људи су надживели рат."
    assert [(w.span, w.sure) for w in row] == [(w.span, w.sure) for w in heard]


def test_japanese_has_no_spaces_in_captions_turns_or_paragraphs() -> None:
    text = "本当に川の水は減っているのでしょうか？はい、住民はそう言っています。政府は何も言いません。"
    words = tuple(Word(Span(Ms(i * 150), Ms(i * 150 + 140)), c) for i, c in enumerate(text))
    made = cues([Said("A", words)], "ja")
    assert len(made) > 1
    assert "".join(c.text.replace("\n", "") for c in made) == text
    assert all(len(line) <= 21 for c in made for line in c.text.split("\n"))
    (turn,) = Transcript("ja", made).turns
    assert turn.text == text
    captions = [Caption(Span(PubMs(c.span.start), PubMs(c.span.end)), "A", c.text) for c in made]
    (said,) = spoken(speeches(captions))
    assert [p.text for p in said.paragraphs] == [text]
    letters = [w.span.start for row in align(words, made) for w in row]
    assert letters == [w.span.start for w in words if w.text.isalnum()]


@pytest.mark.parametrize(
    "text",
    [
        "Τι έγινε;|Τίποτα.",
        "Ήρθε; είπε.|Όχι.",
        "क्या हुआ?|कुछ नहीं।|अच्छा।",
        "ماذا حدث؟|لا شيء.",
        "Ի՞նչ եղավ։|Ոչինչ։",
        "ምን ሆነ፧|ምንም።",
        "Das ist so; er ging.|Ja.",
        "Šta je bilo?|Ništa.",
    ],
)
def test_sentences_end_where_each_script_ends_them(text: str) -> None:
    words = [
        Word(Span(Ms(i * 300), Ms(i * 300 + 280)), t) for i, t in enumerate(text.replace("|", " ").split())
    ]
    assert [" ".join(w.text for w in s) for s in sentences(words)] == text.split("|")


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        ("<v Ana><lang sr-Latn>Dobro veče.</lang></v>", "sr-Latn"),
        ("<lang.loud sr_Latn><v Ana>Dobro <i>veče</i>.</v></lang>", "sr-Latn"),
        ("<v Ana>He said <lang fr>au revoir</lang> and left the room.</v>", ""),
        ("<v Ana>So: <lang fr>liberté, égalité, fraternité</lang>.</v>", "fr"),
        ("<v Ana><lang not a tag>Good evening.</lang></v>", ""),
        ("<v Ana><lang>Good evening.</lang></v>", ""),
    ],
)
def test_the_language_of_a_foreign_caption_is_read(markup: str, language: str) -> None:
    read, problems = vtt.read(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{markup}\n", "x.vtt")
    assert not problems
    assert [(c.voice, c.language) for c in read.cues] == [("Ana", language)]


def test_the_page_of_languages_promises_what_the_code_does() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs/languages.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if "(`" in line]
    told = {code: row for row in rows for code in re.findall(r"\(`(\w+)`\)", row[0])}
    assert set(told) == set(NAMES)
    assert {code for code, row in told.items() if "Parakeet" in row[1]} == parakeet.LANGUAGES
    assert {code for code, row in told.items() if "articles" in row[4]} == known_languages()
    assert "Cyrillic" in told["sr"][5]
    assert "not proposed" in told["th"][2]
    assert ";" in told["el"][2]
    # Only what was measured on real speech says so.
    assert [code for code, row in told.items() if row[8] == "yes"] == ["en"]


def test_the_languages_that_we_name_are_those_of_whisper() -> None:
    tokenizer = pytest.importorskip("faster_whisper.tokenizer")
    assert set(tokenizer._LANGUAGE_CODES) == set(NAMES)
