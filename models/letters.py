# ruff: noqa: INP001
"""Make the two cuts of Literata that cards are drawn with: subsets merged, kerning as the simple table.

    npm pack @fontsource/literata && tar xzf fontsource-literata-*.tgz
    pip install fonttools
    python models/letters.py package src/onrecord/outputs/letters

Pillow's own layout, which gives the same picture on every machine, knows only the old `kern` table; the
pairs of letters that text is made of are copied into it from the font's GPOS.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fontTools.merge import Merger
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0

SUBSETS = ("latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext")
WEIGHTS = {"400": "literata-regular.ttf", "600": "literata-semibold.ttf"}
MOST_PAIRS = 10_900
"""What the table holds; the widest pairs stay."""
DROPPED = ("GPOS", "GSUB", "GDEF", "gasp", "fpgm", "prep", "cvt ", "DSIG", "STAT", "HVAR", "MVAR", "avar")


def make(package: Path, weight: str, goal: Path) -> None:
    """Write one cut of the family."""
    with TemporaryDirectory() as folder:
        pairs: dict[tuple[int, int], int] = {}
        parts = []
        for subset in SUBSETS:
            font = TTFont(package / "files" / f"literata-{subset}-{weight}-normal.woff")
            names = {glyph: code for code, glyph in font.getBestCmap().items()}
            pairs |= {
                (names[a], names[b]): value
                for (a, b), value in kerning(font).items()
                if a in names and b in names
            }
            for table in DROPPED:
                if table in font:
                    del font[table]
            font.flavor = None
            path = Path(folder) / f"{subset}.ttf"
            font.save(path)
            parts.append(str(path))
        merged = Merger().merge(parts)
    cmap = merged.getBestCmap()
    table = KernTable_format_0()
    table.apple, table.coverage, table.version, table.format = False, 1, 0, 0
    kept = sorted(
        ((-abs(value), a, b, value) for (a, b), value in pairs.items() if common(a) and common(b)),
    )[:MOST_PAIRS]
    table.kernTable = {(cmap[a], cmap[b]): value for _, a, b, value in kept if a in cmap and b in cmap}
    merged["kern"] = newTable("kern")
    merged["kern"].version = 0
    merged["kern"].kernTables = [table]
    # The same file whenever it is made.
    merged["head"].created = merged["head"].modified = 0
    merged.recalcTimestamp = False
    merged.save(goal)
    sys.stdout.write(
        f"{goal}: {goal.stat().st_size} bytes, {len(cmap)} signs, {len(table.kernTable)} pairs\n"
    )


def common(code: int) -> bool:
    """Letters of plain Latin, Greek and Cyrillic, and the points beside them."""
    plain = ord(unicodedata.normalize("NFD", chr(code))[0])
    return plain < 0x7F or 0x2013 <= plain <= 0x201E or (0x410 <= code <= 0x45F) or (0x391 <= code <= 0x3CE)


def kerning(font: Any) -> dict[tuple[str, str], int]:
    """The pairs of the font's `kern` feature, classes written out; the first rule for a pair holds."""
    if "GPOS" not in font:
        return {}
    table = font["GPOS"].table
    wanted = {
        i
        for r in table.FeatureList.FeatureRecord
        if r.FeatureTag == "kern"
        for i in r.Feature.LookupListIndex
    }
    found: dict[tuple[str, str], int] = {}
    for index in sorted(wanted):
        for outer in table.LookupList.Lookup[index].SubTable:
            sub = getattr(outer, "ExtSubTable", outer)
            if sub.LookupType == 2:
                for first, second, value in by_glyph(sub) if sub.Format == 1 else by_class(font, sub):
                    found.setdefault((first, second), getattr(value, "XAdvance", 0) or 0)
    return {pair: value for pair, value in found.items() if value}


def by_glyph(sub: Any) -> Iterator[tuple[str, str, Any]]:
    """The pairs that are listed one by one."""
    for first, pairs in zip(sub.Coverage.glyphs, sub.PairSet, strict=True):
        for pair in pairs.PairValueRecord:
            yield first, pair.SecondGlyph, pair.Value1


def by_class(font: Any, sub: Any) -> Iterator[tuple[str, str, Any]]:
    """The pairs that are listed by classes of glyphs."""
    classes: dict[int, list[str]] = {}
    for glyph in font.getGlyphOrder():
        classes.setdefault(sub.ClassDef2.classDefs.get(glyph, 0), []).append(glyph)
    for first in sub.Coverage.glyphs:
        row = sub.Class1Record[sub.ClassDef1.classDefs.get(first, 0)].Class2Record
        for number, record in enumerate(row):
            for second in classes.get(number, ()):
                yield first, second, record.Value1


if __name__ == "__main__":
    for weight, name in WEIGHTS.items():
        make(Path(sys.argv[1]), weight, Path(sys.argv[2]) / name)
