"""Real recordings through the real networks: who speaks when, and who is known again in a later episode."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.craft.naming import Billed, name_voices
from onrecord.engines import campplus
from onrecord.engines.voiceprint import Sound
from onrecord.make.step import Work
from onrecord.steps import diarise, remember

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
EPISODES = ROOT / "demo/series/episodes"
CHECKED, LATER = EPISODES / "2026-11-18-counting-the-vote", EPISODES / "2026-11-04-lithium-under-the-lindra"
HOST = {"id": "nadia-hartwell", "names": ["Nadia Hartwell", "Nadia"]}


def taken_in(folder: Path, episode: Path) -> Path:
    """The sound of an episode's recording, as steps hear it."""
    folder.mkdir()
    sound = folder / "sound.wav"
    command = ["ffmpeg", "-v", "error", "-i", str(episode / "recording.mp3"), "-ar", "16000", "-ac", "1"]
    subprocess.run([*command, "-c:a", "pcm_s16le", str(sound)], check=True)
    return sound


def test_a_host_is_known_again_by_voice_where_nobody_says_a_name(tmp_path: Path) -> None:
    checked = tmp_path / "checked"
    taken_in(checked, CHECKED)
    shutil.copy(CHECKED / "transcript.vtt", checked)
    needs = (checked / "sound.wav", checked / "transcript.vtt")
    facts = remember.do(Work(checked, needs, checked, {"people": [HOST]}, print))
    assert facts["people"]["nadia-hartwell"] >= 10_000

    later = tmp_path / "later"
    needs = (taken_in(later, LATER), checked / "nadia-hartwell.json")
    diarise.do(Work(later, needs, later, {"billed": 3}, print))
    found = json.loads((later / "voices.json").read_text())
    likes = {(voice, person): cosine for voice, person, cosine in found["likes"]}
    host = found["voices"][0][2]  # who speaks first in this recording is the host
    rest = [cosine for (voice, _), cosine in likes.items() if voice != host]
    assert len(rest) == 2
    assert likes[host, "nadia-hartwell"] > max(rest) + 0.1  # the other voices are of one synthesiser too

    # By the sound alone: the words are such as anybody might say, and everybody says as many.
    voices = list(dict.fromkeys(voice for _, _, voice in found["voices"]))
    said = [(voice, "The water of the river is as high as it was before.") for voice in voices * 3]
    billed = [
        Billed("nadia-hartwell", "Nadia Hartwell", role="host"),
        Billed("petar-doronovic", "Petar Doronović", role="guest"),
        Billed("helen-marsh", "Helen Marsh", role="guest"),
    ]
    # Voices of one synthesiser are nearer to each other than people are: then no name is given.
    assert {one.person for one in name_voices(said, billed, likes=likes)} == {""}
    # Were the others as unlike as people are, the print would tell.
    apart = {pair: cosine if pair[0] == host else 0.4 for pair, cosine in likes.items()}
    named = {one.voice: one.person for one in name_voices(said, billed, likes=apart)}
    assert named == {voice: "nadia-hartwell" if voice == host else "" for voice in voices}


def test_three_voices_of_a_recording_are_three_found_or_told(tmp_path: Path) -> None:
    engine = campplus.load()
    with Sound(taken_in(tmp_path / "in", LATER)) as sound:
        for count in (0, 3):
            found = diarise.tell_apart(engine, sound, count=count)
            assert len(found.means) == 3
            assert sum(span.length_ms for span in found.speech) > 0.7 * sound.length_ms
        assert len(diarise.tell_apart(engine, sound, count=2).means) == 2


def test_the_same_sound_gives_the_same_figures_on_every_run(tmp_path: Path) -> None:
    sound = taken_in(tmp_path / "in", LATER)
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        script = (
            "import sys; from pathlib import Path; from onrecord.make.step import Work;"
            "from onrecord.steps import diarise; folder = Path(sys.argv[2]);"
            "diarise.do(Work(folder, (Path(sys.argv[1]),), folder, {}, lambda *_: None))"
        )
        subprocess.run([sys.executable, "-c", script, str(sound), str(tmp_path / name)], check=True)
        made.append((tmp_path / name / "voices.json").read_bytes())
    assert made[0] == made[1]


def test_a_damaged_network_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campplus, "SHA256", "0" * 64)
    with pytest.raises(Exception, match="damaged"):
        campplus.load()
