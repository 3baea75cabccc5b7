"""The goals of naming on real transcripts whose speakers are hidden."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

pytestmark = pytest.mark.slow


def test_the_right_names_and_hardly_a_wrong_one(shared: Path) -> None:
    from bench.naming import figures

    found = figures(shared)
    assert found["with roles"].episodes >= 40
    assert found["with roles"].right >= 95
    assert found["with roles"].wrong <= 1.5
    assert found["without roles"].right >= 75
    assert found["without roles"].wrong <= 1.5
    assert found["without roles, sets that state none"].right >= 75
    assert found["without roles, sets that state none"].wrong <= 1.5
    assert found["scripts (synthetic episodes, sales call)"].wrong == 0
    assert found["scripts without roles"].wrong == 0


def test_a_namer_that_names_at_random_is_found_out(shared: Path) -> None:
    from bench.naming import score
    from bench.naming_cases import Case, cases

    def shifted(case: Case) -> dict[str, str]:
        ids = [b.id for b in case.billed]
        return {voice: ids[(i + 1) % len(ids)] for i, voice in enumerate(case.truth)}

    found = [case for case in cases(shared) if case.roles]
    assert score(found, lambda _: shifted).wrong > 30


def test_an_hour_of_speech_with_six_people_is_named_in_a_third_of_a_second(shared: Path) -> None:
    from bench.naming_cases import cases

    from onrecord.craft.naming import Billed, name_voices

    case = max(cases(shared), key=lambda c: sum(len(text.split()) for _, text in c.turns))
    absent = ("Petra Lund", "Kenji Watanabe", "Ngozi Adeyemi", "Srđan Cvijić", "Maeve Quill")
    billed = (*case.billed, *(Billed(name, name) for name in absent))[:6]
    name_voices(case.turns[:3], billed)
    hours = sum(len(text.split()) for _, text in case.turns) / 9000
    before = time.process_time()
    name_voices(case.turns, billed)
    assert (time.process_time() - before) / hours < 0.3
