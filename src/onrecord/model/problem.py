"""A user's mistake is a value: where it is, what is wrong, and what to try."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file: path from the series folder with `/`, line and column from 1 (0: the whole file)."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return self.path + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that a person should know or mend.

    `says` and `hint` are sentences without a full stop; `line_text` is the line as it stands.
    A `grave` problem keeps what it touches from being published; others are warnings.
    """

    place: Place
    says: str
    hint: str = ""
    grave: bool = True
    line_text: str = ""


class UserError(ValueError):
    """Work that cannot go on because of problems that the user can mend (it pickles)."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(f"{p.place}: {p.says}" for p in self.problems)
