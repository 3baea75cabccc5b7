"""Master the sound of a cut: the right loudness, no peak too high, nothing of what was removed.

The loudness of the cut is known before a sample is touched, from the levels of the recording. So the
gain is known. If peaks must be limited, which takes some loudness away, the limited sound is measured
without encoding it and the gain corrected. The encoded files are measured once more, by FFmpeg's own meter
as anybody else would measure them, and if they are off (an encoder adds peaks), all is made once again.

This runs in the child process (see `child`); `steps.master` says what it leaves.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.craft.limiter import Limiter
from onrecord.craft.loudness import BLOCK_MS, Levels, cut_power, integrated_lufs, programme_power
from onrecord.engines.loudness import QUIETEST_LUFS, Meter, judge
from onrecord.engines.m4a import M4aWriter
from onrecord.engines.media import BUS_HZ, listen, refuse
from onrecord.engines.mp3 import Mp3Writer
from onrecord.engines.programme import Part, play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from onrecord.engines.child import Tell
    from onrecord.model.recording import Loudness

    Sound = NDArray[np.float32]

TARGET_LUFS = -16.0
"""What podcast platforms ask for."""
PEAK_DBTP = -1.0
_CEILING_DBTP = -2.0  # an encoder adds half a decibel or so to the peaks
_MOST_GAIN_DB = 30.0  # beyond this a recording is noise, and louder noise helps nobody
_NEAR_ENOUGH_LU, _GUESSED_LU, _GOOD_ENOUGH_LU = 0.1, 0.5, 0.2
_MOST_MENDINGS = 3
_MOST_REHEARSALS = 4
_WORST_UNREHEARSED_LU = 0.5  # on real talk the loss itself was a third of this bound, or less
_BETWEEN_SAMPLES = 1.1  # the true peak of speech is rarely higher over its samples than this


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is played and how it is made."""

    parts: tuple[Part, ...]
    power: NDArray[np.float64]
    channels: int
    bitrate_kbps: int
    warnings: tuple[str, ...]

    @property
    def length_ms(self) -> int:
        return sum(part.length_ms for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Trial:
    """A gain on top of the plan's and a ceiling, and the loudness that the limited sound has with them."""

    gain_db: float
    ceiling_db: float
    limited_lufs: float


def master(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Plan, rehearse, render, judge."""
    plan, aim_lufs, intro_ms, outro_ms = _plan(request)
    cut, out = request["params"]["cut"], Path(request["out"])
    files = {kind: out / f"{cut}.sound.{kind}" for kind in request["params"]["formats"]}
    start = _Trial(0.0, _CEILING_DBTP, aim_lufs)
    if _limits_much(plan, request):
        start = _rehearse(plan, aim_lufs, start, tell, first=True)
    limited_db = _render(plan, files, start, tell)
    heard, renders = {}, 1
    for kind, file in files.items():
        heard[kind], trial = judge(file, file.name, tell), start
        # What an encoder takes away or adds is its own, so each format is mended by itself.
        for _ in range(_MOST_MENDINGS):
            if _is_good(heard[kind], aim_lufs):
                break
            over_db = heard[kind].true_peak_dbtp - PEAK_DBTP
            lower = replace(trial, ceiling_db=trial.ceiling_db - (over_db + 0.2 if over_db > 0 else 0.0))
            # A lower ceiling takes loudness too: rehearse under it, for what the encoder will make of it.
            encoder_lu = heard[kind].integrated_lufs - trial.limited_lufs
            trial = _rehearse(plan, aim_lufs - encoder_lu, lower, tell)
            limited_db = min(limited_db, _render(plan, {kind: file}, trial, tell))
            heard[kind] = judge(file, file.name, tell)
            renders += 1
    worst = _worst(list(heard.values()), aim_lufs)
    return {
        "integrated_lufs": round(worst.integrated_lufs, 2),
        "true_peak_dbtp": round(worst.true_peak_dbtp, 2),
        "range_lu": round(worst.range_lu, 2),
        "channels": plan.channels,
        "bitrate_kbps": plan.bitrate_kbps,
        "duration_ms": plan.length_ms,
        "intro_ms": intro_ms,
        "outro_ms": outro_ms,
        "gain_db": round(max(part.gain_db for part in plan.parts) + start.gain_db, 2),
        "limited_db": round(limited_db, 2),
        "renders": renders,
        "warnings": [*plan.warnings, *_complaints(worst, aim_lufs)],
    }


def _plan(request: dict[str, Any]) -> tuple[_Plan, float, int, int]:
    """Gains and layout, from the levels; the loudness aimed at; the lengths of intro and outro."""
    params = request["params"]
    about = params.get("recording") or Path(request["recording"]).name
    with np.load(request["levels"]) as stored:
        levels = Levels(stored["power"], stored["peak"], int(stored["duration_ms"]))
    facts = json.loads(Path(request["facts"]).read_text())
    kept = tuple((max(0, start), min(end, levels.duration_ms)) for start, end in params["kept"])
    kept = tuple((start, end) for start, end in kept if end > start)
    if not kept:
        raise refuse(about, f"has nothing left in the cut {params['cut']}", "look at its start and end")
    mono = facts["channels"] == 1 or levels.is_mono()
    channels = 1 if mono else 2
    power = levels.heard(channels, kept)
    found_lufs = integrated_lufs(power)
    warnings: list[str] = []
    gain_db = TARGET_LUFS - found_lufs if np.isfinite(found_lufs) else 0.0
    if not np.isfinite(found_lufs):
        warnings.append("the cut is silent; it was not made louder")
    elif gain_db > _MOST_GAIN_DB:
        warnings.append(
            f"the cut is very quiet ({found_lufs:.1f} LUFS); made {_MOST_GAIN_DB:.0f} dB louder only"
        )
        gain_db = _MOST_GAIN_DB
    parts, powers, lengths = [], [], {"intro": 0, "outro": 0}
    for name in ("intro", "recording", "outro"):
        if name == "recording":
            parts.append(Part(Path(request["recording"]), about, kept, gain_db))
            powers.append((power, gain_db))
        elif name in request["around"]:
            part, own = _around(Path(request["around"][name]), params[name], channels)
            parts.append(part)
            powers.append((own, part.gain_db))
            lengths[name] = part.length_ms
    whole = programme_power(powers)
    aim_lufs = integrated_lufs(whole)
    if gain_db < _MOST_GAIN_DB and np.isfinite(found_lufs):
        # The parts are at the target; the gate may still weigh them together a little differently.
        shift_db = TARGET_LUFS - aim_lufs
        parts = [replace(part, gain_db=part.gain_db + shift_db) for part in parts]
        whole, aim_lufs = whole * 10 ** (shift_db / 10), TARGET_LUFS
    plan = _Plan(
        tuple(parts), whole, channels, params.get("bitrate_kbps") or (96 if mono else 128), tuple(warnings)
    )
    return plan, max(aim_lufs, QUIETEST_LUFS), lengths["intro"], lengths["outro"]


def _around(path: Path, about: str, channels: int) -> tuple[Part, NDArray[np.float64]]:
    """An intro or outro, brought to the target by itself; its length is cut to whole milliseconds."""
    meter = Meter(BUS_HZ, channels)
    for piece in listen(path, about, channels=channels):
        meter.push(piece)
    levels = meter.levels()
    if levels.duration_ms == 0:
        raise refuse(about, "is shorter than a millisecond")
    kept = ((0, levels.duration_ms),)
    power = levels.heard(channels)
    found_lufs = integrated_lufs(power)
    gain_db = min(TARGET_LUFS - found_lufs, _MOST_GAIN_DB) if np.isfinite(found_lufs) else 0.0
    return Part(path, about, kept, gain_db), power


def _limits_much(plan: _Plan, request: dict[str, Any]) -> bool:
    """Whether limiting could take so much away that the meter shows it: at worst, by the blocks.

    A block near one that peaks above the ceiling is turned down by no more than that peak demands.
    """
    with np.load(request["levels"]) as stored:
        peak = stored["peak"] * _BETWEEN_SAMPLES
        power = Levels(stored["power"], stored["peak"], int(stored["duration_ms"])).heard(plan.channels)
    recording = max(plan.parts, key=lambda part: part.length_ms)
    near = np.maximum(peak, np.maximum(np.append(peak[1:], 0), np.append(0, peak[:-1])))[: len(power)]
    ceiling = 10 ** ((_CEILING_DBTP - recording.gain_db) / 20)
    limited = power * np.minimum(1.0, ceiling / np.maximum(near, 1e-9)) ** 2
    duration_ms = len(power) * BLOCK_MS
    lost_lu = integrated_lufs(cut_power(power, duration_ms, recording.kept)) - integrated_lufs(
        cut_power(limited, duration_ms, recording.kept)
    )
    return bool(lost_lu > _WORST_UNREHEARSED_LU)


def _rehearse(plan: _Plan, aim_lufs: float, trial: _Trial, tell: Tell, *, first: bool = False) -> _Trial:
    """Find the gain at which the limited sound has the loudness aimed at, by measuring without encoding."""
    gain_db, slope, before, best = trial.gain_db, 0.7, None, None
    for _ in range(_MOST_REHEARSALS):
        meter = Meter(BUS_HZ, plan.channels)
        tried = replace(trial, gain_db=gain_db)
        for piece in _told(plan, tried, _limiter(trial), "measuring the limited sound", tell):
            meter.push(piece)
        tried = replace(tried, limited_lufs=integrated_lufs(meter.levels().heard(plan.channels)))
        off_lu = aim_lufs - tried.limited_lufs
        if best is None or abs(off_lu) < abs(aim_lufs - best.limited_lufs):
            best = tried
        if abs(off_lu) <= _NEAR_ENOUGH_LU or not np.isfinite(off_lu):
            break
        if first and abs(off_lu) <= _GUESSED_LU:
            # So near, a guess is good enough to be encoded: the file is measured in any case.
            return replace(tried, gain_db=gain_db + off_lu / 0.8, limited_lufs=aim_lufs)
        if before is not None and gain_db != before.gain_db:
            slope = _slope(tried.limited_lufs - before.limited_lufs, gain_db - before.gain_db)
        before = tried
        gain_db += off_lu / slope
    return best or trial


def _slope(louder_lu: float, gain_db: float) -> float:
    """What a decibel of gain gave: the more is limited, the less; never less than a quarter is believed."""
    return min(max(louder_lu / gain_db, 0.25), 1.0)


def _render(plan: _Plan, files: dict[str, Path], trial: _Trial, tell: Tell) -> float:
    """Write the files; how far the limiter went down, in dB."""
    limiter = _limiter(trial)
    with ExitStack() as stack:
        writers = [_writer(plan, kind, file) for kind, file in files.items()]
        for writer in writers:
            stack.enter_context(writer)
        for piece in _told(plan, trial, limiter, "encoding", tell):
            for writer in writers:
                writer.push(piece)
    return 20 * float(np.log10(limiter.lowest_gain))


def _writer(plan: _Plan, kind: str, file: Path) -> Mp3Writer | M4aWriter:
    figures = {"rate_hz": BUS_HZ, "channels": plan.channels, "bitrate_kbps": plan.bitrate_kbps}
    return Mp3Writer(file, **figures) if kind == "mp3" else M4aWriter(file, **figures)


def _limiter(trial: _Trial) -> Limiter:
    return Limiter(10 ** (trial.ceiling_db / 20), BUS_HZ)


def _told(plan: _Plan, trial: _Trial, limiter: Limiter, what: str, tell: Tell) -> Iterator[Sound]:
    """Play the plan and tell how far it is."""
    done = 0
    for piece in play(plan.parts, limiter, channels=plan.channels, gain_db=trial.gain_db):
        done += len(piece)
        tell(done / BUS_HZ, plan.length_ms / 1000, what)
        yield piece


def _worst(heard: Sequence[Loudness], aim_lufs: float) -> Loudness:
    """One judgement of several formats: the loudness farthest off, the highest peak."""
    far = max(heard, key=lambda h: abs(h.integrated_lufs - aim_lufs))
    return replace(far, true_peak_dbtp=max(h.true_peak_dbtp for h in heard))


def _is_good(heard: Loudness, aim_lufs: float) -> bool:
    """Good, or silent, which no gain will mend."""
    if heard.integrated_lufs <= QUIETEST_LUFS:
        return True
    near = abs(heard.integrated_lufs - aim_lufs) <= _GOOD_ENOUGH_LU
    return near and heard.true_peak_dbtp <= PEAK_DBTP


def _complaints(heard: Loudness, aim_lufs: float) -> list[str]:
    said = []
    if heard.integrated_lufs > QUIETEST_LUFS and abs(heard.integrated_lufs - aim_lufs) > 0.3:
        said.append(f"the result is at {heard.integrated_lufs:.1f} LUFS instead of {aim_lufs:.1f}")
    if heard.true_peak_dbtp > PEAK_DBTP:
        said.append(f"the result peaks at {heard.true_peak_dbtp:.1f} dBTP, above {PEAK_DBTP:.0f}")
    return said
