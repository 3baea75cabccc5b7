"""Templates compiled: the built-in ones, and before them those of the series' own theme.

A theme's `episode.html` takes the place of the built-in one; it reaches that one as
`onrecord/episode.html`, so it may also extend it and fill single blocks anew. Every value is escaped,
whoever wrote the template. A theme may be a stranger's, so its templates run in Jinja's sandbox: they see
the page's values and no way from them into the machine.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import (
    ChoiceLoader,
    Environment,
    FunctionLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    meta,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.theme import Theme

FOLDER: Final = "theme"


@lru_cache(maxsize=8)
def environment(theme: Theme) -> Environment:
    """The environment of a theme, without the filters and values that pages bring."""
    templates = dict(theme.templates)

    def own(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (templates[name], f"{FOLDER}/{name}", lambda: True) if name in templates else None

    ours = PackageLoader("onrecord.outputs")
    kind = ImmutableSandboxedEnvironment if templates else Environment
    return kind(
        loader=ChoiceLoader([FunctionLoader(own), ours, PrefixLoader({"onrecord": ours})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
    )


def check(theme: Theme, folder: str = FOLDER) -> tuple[Problem, ...]:
    """What is wrong with a theme's templates as they are written; what they do shows when a page is made."""
    built_in = {entry.name for entry in (files("onrecord.outputs") / "templates").iterdir()}
    named: set[str | None] = set()
    problems = []
    for name, text in theme.templates:
        try:
            named |= set(meta.find_referenced_templates(environment(theme).parse(text, name)))
        except TemplateSyntaxError as error:
            lines = text.splitlines()
            line = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
            says = f"this template cannot be read: {error.message}"
            problems.append(Problem(Place(f"{folder}/{name}", error.lineno), says, line_text=line))
    for name, _ in theme.templates:
        if name not in built_in and name not in named:
            hint = f"the built-in ones are {', '.join(sorted(built_in))}"
            says = "no page is made from a template of this name"
            problems.append(Problem(Place(f"{folder}/{name}"), says, hint, grave=False))
    return tuple(problems)


def fill(made: Environment, template: str, values: Mapping[str, Any]) -> str:
    """Fill a template.

    Raises:
        UserError: a theme's own template cannot be filled.
    """
    try:
        return made.get_template(template).render(values)
    except (TemplateError, TypeError, ValueError, AttributeError, RecursionError) as error:
        mine = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(f"{FOLDER}/")]
        if not mine:
            raise
        place = Place(mine[-1].filename, mine[-1].lineno or 0)
        says = f"no page can be made from this template: {error}"
        raise UserError((Problem(place, says, "docs/theme.md says what templates may use"),)) from error
