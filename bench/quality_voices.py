"""All figures of words and voices in one run, written down as docs/quality.md.

    python bench/quality_voices.py [--shared PATH] [--folder PATH] [--only SECTION ...]

Each section is a bench of its own and can be run alone; this calls them one after another and writes what
they found, with the commands. The folder keeps the series that is built, so that a second run is shorter.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import end_to_end, naming, spelling, voices

PAGE = Path(__file__).resolve().parents[1] / "docs/quality.md"

_HEAD = """\
# Quality: words and voices

Made by `make quality-voices` from the recordings and transcripts of the shared data, in one run. The labels
of the data are used for nothing but the comparison. What each figure means says the docstring of its bench.
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def who_said_what(found: Mapping[str, Mapping[str, float]]) -> str:
    """Words on the right named person."""
    rows = [
        [name, *(_share(one[key]) for key in ("right", "wrong", "unnamed")), str(int(one["words"]))]
        for name, one in found.items()
    ]
    return _section(
        "Who said what, by name",
        "bench/end_to_end.py",
        "From nothing but a recording, the title and the billing to transcript.vtt. Of the words that match, "
        "those that stand under the right name, under a wrong one and under none.",
        table(["recording", "right", "wrong", "no name", "words"], rows),
    )


def names_from_text(found: Mapping[str, naming.Score]) -> str:
    """Naming on transcripts alone."""
    rows = [
        [
            name,
            f"{one.right:.1f} % ({one.right_interval[0]:.1f}–{one.right_interval[1]:.1f})",
            f"{one.wrong:.2f} % ({one.wrong_interval[0]:.2f}–{one.wrong_interval[1]:.2f})",
            str(one.episodes),
        ]
        for name, one in found.items()
    ]
    return _section(
        "Names from the text alone",
        "bench/naming.py",
        "Real transcripts with the speakers hidden and the people billed, with roles and without. Words "
        "under the right name and under a wrong one, with 95 % intervals (bootstrap over episodes).",
        table(["transcripts", "right", "wrong", "episodes"], rows),
    )


def who_speaks_when(found: Mapping[str, Any]) -> str:
    """Telling voices apart."""
    rows = []
    for key, name in (("little_overlap", "less than 15 % overlap"), ("much_overlap", "more")):
        one = found[key]
        ours, spike = _share(one["ours"]), _share(one["spike"])
        bare = f"{_share(one['ours_no_collar'])} / {_share(one['spike_no_collar'])}"
        rows.append([name, str(one["clips"]), ours, spike, f"{one['ratio']:.2f}", bare])
    right = [f"{who} {' of '.join(map(str, found[f'{who}_count_right']))}" for who in ("ours", "spike")]
    cost = [f"{who} {found[f'{who}_cpu']:.3f}" for who in ("ours", "spike")]
    return _section(
        "Who speaks when",
        "bench/voices.py",
        f"Diarisation error (collar 0.25 s, pooled) on {found['clips']} labelled recordings, "
        f"{found['sound_s'] / 60:.0f} minutes, beside the first spike (CAM++, Silero, spectral clustering).",
        table(["recordings", "clips", "ours", "spike", "ratio", "no collar, ours / spike"], rows),
        f"Number of voices right where little overlaps: {', '.join(right)}. CPU time as a share of the "
        f"sound's length: {', '.join(cost)}.",
    )


def names_spelled(found: Mapping[str, Any]) -> str:
    """Names of billed people, word errors, gaps."""
    rows = [
        [
            name,
            str(one["mentions"]),
            _share(one["right"] / max(1, one["mentions"])),
            _share(one["right_alone"] / max(1, one["mentions"])),
            _share(one["wer"]),
            _share(one["wer_alone"]),
            f"{len(one['control_repairs'])} ({one['control_people']})",
        ]
        for name, one in found.items()
        if name != "tts"
    ]
    cuts = [
        [
            name,
            _share(one["clauses_told"]),
            _share(one["all_five_told"]),
            f"{one['gaps_uncut']}, of them {one['gaps_uncut_long']} long, in {one['minutes']:.0f} min",
        ]
        for name, one in found.items()
        if name != "tts"
    ]
    every = found["tts"]
    return _section(
        "Names spelled, words, gaps",
        "bench/spelling.py",
        "Mentions of billed people to the letter, and word error rate: ours, and the engine alone. The "
        "control bills people who are not in the recording: every repair there is wrong (in brackets how "
        "many there were).",
        table(["recording", "mentions", "right", "alone", "WER", "WER alone", "false repairs"], rows),
        f"The synthetic interviews together: {_share(every['right'])} of {every['mentions']} mentions, "
        f"the engine alone {_share(every['right_alone'])}.",
        "Five clauses cut out of the transcript at random, again and again: how many are told as speech "
        "without words.",
        table(["recording", "clauses told", "all five told", "told where nothing is cut"], cuts),
    )


def an_hour(found: Mapping[str, float]) -> str:
    """What an hour costs."""
    return _section(
        "An hour",
        "bench/end_to_end.py --hour",
        "The real conversation repeated to one hour; all steps against the recogniser alone in the same run.",
        f"All steps {found['ours_cpu_s']:.0f} CPU s, the recogniser alone {found['alone_cpu_s']:.0f} CPU s: "
        f"ratio {found['ratio']:.2f}. Most memory at once: {found['peak_mb']:.0f} MB.",
    )


def _section(title: str, command: str, *parts: str) -> str:
    return "\n\n".join([f"## {title}", *parts, f"`python {command}`"])


def _kept(page: str) -> dict[str, str]:
    """The sections of a page that was written before, by their titles."""
    parts = page.split("\n## ")[1:]
    return {part.partition("\n")[0]: f"## {part}".rstrip() for part in parts}


def main() -> None:
    """Measure, and write the page; after every section, so that what was measured is not lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=end_to_end.SHARED)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", choices=SECTIONS, nargs="+", default=list(SECTIONS))
    asked = parser.parse_args()
    parts = _kept(PAGE.read_text()) if PAGE.exists() else {}
    for name in asked.only:
        section = SECTIONS[name](asked.shared, asked.folder)
        parts |= _kept(f"\n{section}")
        PAGE.write_text("\n\n".join([_HEAD.rstrip(), *parts.values()]) + "\n")
    print(PAGE.read_text())


SECTIONS: Mapping[str, Callable[[Path, Path | None], str]] = {
    "end-to-end": lambda shared, folder: who_said_what(end_to_end.measure(shared, folder)),
    "naming": lambda shared, _: names_from_text(naming.figures(shared)),
    "voices": lambda shared, _: who_speaks_when(voices.measure(shared)),
    "spelling": lambda shared, folder: names_spelled(spelling.measure(shared, folder=folder)),
    "hour": lambda shared, _: an_hour(end_to_end.hour(shared)),
}

if __name__ == "__main__":
    main()
