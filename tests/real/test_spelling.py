"""Names, words and gaps of real speech, as `onrecord build` makes them: see bench/spelling.py."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from onrecord.craft.sounding import letters

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

ONLY = ("p05_e02", "p08_e02")


def test_names_are_right_no_word_is_lost_by_it_and_what_is_missing_is_told(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from bench.spelling import measure

    found = measure(shared, ONLY, tmp_path)
    with capsys.disabled():
        print(f"\n{json.dumps(found, indent=1, ensure_ascii=False)}")  # noqa: T201
    # What is heard depends a little on the processor's rounding: of these twelve one may be heard otherwise.
    assert found["tts"]["right"] >= 0.9
    assert found["tts"]["right"] > found["tts"]["right_alone"]
    for name in ONLY:
        told = found[name]
        assert told["wer"] <= told["wer_alone"]
        assert told["control_people"] > 50
        # Nobody else's name is put; an accent more or less (René, Rene) is another spelling, and is listed.
        assert all(letters(heard) == letters(put) for heard, put, _ in told["control_repairs"])
        assert told["all_five_told"] >= 0.9
        assert told["clauses_told"] >= 0.98
        assert told["gaps_uncut_long"] <= 1
