"""The type checker finds a recording's time used as a published one, and the other way round."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mypy import api

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

RIGHT = (HERE / "clocks_apart.py").read_text("utf-8")
MIX_UPS = {
    "return line.clamp(said)": "return line.clamp(line.clamp(said))",
    "return line.publish_span(span)": "return span",
    "return line.record(at)": "return at",
    "return span.start <= at < span.end": "return Span(Ms(0), at) == span",
    "said: Ms) -> PubMs": "said: PubMs) -> PubMs",
    "from onrecord.model.timeline import Timeline": (
        "from onrecord.model.timeline import Timeline\n\nat: Ms = 1200\nlate: PubMs = Ms(3)"
    ),
}


def test_a_mix_up_of_the_clocks_is_found_by_the_type_checker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYPYPATH", str(ROOT / "src"))
    right = tmp_path / "right.py"
    right.write_text(RIGHT, "utf-8")
    files = [right]
    for i, (was, now) in enumerate(MIX_UPS.items()):
        assert was in RIGHT
        files.append(tmp_path / f"wrong_{i}.py")
        files[-1].write_text(RIGHT.replace(was, now), "utf-8")
    options = [
        "--strict",
        "--no-error-summary",
        "--config-file=",
        f"--cache-dir={ROOT / '.mypy_cache/clocks'}",
    ]
    out, err, _ = api.run([*options, *map(str, files)])
    assert not err
    found = set(re.findall(r"(\w+)\.py:\d+: error: .*(?:Ms|PubMs|Clock)", out))
    assert found == {f"wrong_{i}" for i in range(len(MIX_UPS))}, out
