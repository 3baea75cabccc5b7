"""A text with its lines: where an offset stands, and which characters no text file should hold."""

from __future__ import annotations

import re
from bisect import bisect_right

from onrecord.model.problem import Place, Problem
from onrecord.text.yaml_mend import Fault

BOM = "\ufeff"


class Sheet:
    """A text with its lines, to tell where an offset stands."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.text, self.path, self.first_line = text, path, first_line
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.bom = 1 if text.startswith(BOM) else 0

    def line_at(self, offset: int) -> int:
        """The line (from 0) of an offset."""
        return bisect_right(self.starts, offset) - 1

    def line(self, i: int) -> str:
        """A line without its end."""
        end = self.starts[i + 1] if i + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[i] : end].rstrip("\r\n").removeprefix(BOM)

    def column(self, offset: int) -> int:
        """The column (from 0) of an offset."""
        return self._at(offset)[1]

    def _at(self, offset: int) -> tuple[int, int]:
        i = self.line_at(offset)
        return i, max(0, offset - self.starts[i] - (self.bom if i == 0 else 0))

    def place(self, offset: int) -> Place:
        """The place of an offset."""
        i, column = self._at(offset)
        return Place(self.path, self.first_line + i, column + 1)

    def problem(self, offset: int, says: str, hint: str) -> Problem:
        """A problem at an offset."""
        return Problem(self.place(offset), says, hint, line_text=self.line(self.line_at(offset)))

    def fault(self, fault: Fault) -> Problem:
        """A fault as a problem."""
        place = Place(self.path, self.first_line + fault.line, fault.column + 1)
        return Problem(place, fault.says, fault.hint, line_text=self.line(fault.line))


_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def without_unwritable(sheet: Sheet) -> tuple[str, list[Problem]]:
    """The text without characters that no text file should hold, and a problem for each line with one."""
    found: dict[int, Problem] = {}
    for match in _UNWRITABLE.finditer(sheet.text):
        says = f"a character that cannot be seen (U+{ord(match[0]):04X}) stands here"
        hint = "delete what stands there and type it again"
        found.setdefault(sheet.line_at(match.start()), sheet.problem(match.start(), says, hint))
    shown = _UNWRITABLE.sub(" ", sheet.text) if found else sheet.text
    return shown, list(found.values())[:30]
