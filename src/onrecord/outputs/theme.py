"""Templates compiled: the built-in ones, and before them those of the series' own theme.

A theme's `episode.html` takes the place of the built-in one; it reaches that one as
`onrecord/episode.html`, so it may also extend it and fill single blocks anew. Every value is escaped,
whoever wrote the template. A theme may be a stranger's, so its templates run in Jinja's sandbox: they see
the page's values and no way from them into the machine.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from importlib.resources import files
from itertools import islice
from types import CodeType
from typing import Any, Final
from zlib import crc32

import jinja2
from jinja2 import (
    ChoiceLoader,
    Environment,
    FunctionLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    meta,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

import onrecord
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.theme import Theme

FOLDER: Final = "theme"
_HERE: Final = __file__.removesuffix("theme.py")


class _Code(SourceFileLoader):
    """A built-in template compiled, and kept where Python keeps the byte code of the module beside it."""

    def __init__(self, made: Environment, name: str, path: str) -> None:
        super().__init__(name, path)
        self._environment = made

    def path_stats(self, path: Any) -> Any:
        """The marks by which byte code is known: another Jinja, or another version of this, has others."""
        found = dict(super().path_stats(path))
        own = super().path_stats(__file__)["mtime"]
        marks = (found["mtime"], own, onrecord.__version__, jinja2.__version__)
        return found | {"mtime": crc32(repr(marks).encode())}

    def source_to_code(self, data: Any, path: Any, *, _optimization: int = -1) -> CodeType:  # type: ignore[override]
        """Compile a template."""
        return self._environment.compile(data.decode(), self.name, str(path))


class _BuiltIn(PackageLoader):
    """The built-in templates; none of a theme comes near the byte code that is kept of them.

    Nor does an environment that would compile them in another way, as one that escapes nothing.
    """

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Template:
        """Load a template, compiled before where it was."""
        if environment.sandboxed or environment.overlayed or environment.autoescape is not True:
            return super().load(environment, name, globals)
        try:
            code = _Code(environment, name, f"{_HERE}templates/{name}").get_code(name)
        except OSError:  # no such template, or the package is no folder
            return super().load(environment, name, globals)
        assert code is not None  # noqa: S101 - it has a source
        return environment.template_class.from_code(environment, code, globals or {}, lambda: True)


@lru_cache(maxsize=8)
def environment(theme: Theme) -> Environment:
    """The environment of a theme, without the filters and values that pages bring."""
    templates = dict(theme.templates)

    def own(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (templates[name], f"{FOLDER}/{name}", lambda: True) if name in templates else None

    ours = _BuiltIn("onrecord.outputs")
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


def _joined(pieces: Iterator[str]) -> str:
    """A page from its pieces, of which a large one has half a million: never all of them at once."""
    parts = []
    while some := tuple(islice(pieces, 4096)):
        parts.append("".join(some))
    return "".join(parts)


def fill(made: Environment, template: str, values: Mapping[str, Any]) -> str:
    """Fill a template.

    Raises:
        UserError: a theme's own template cannot be filled.
    """
    try:
        return _joined(made.get_template(template).generate(values))
    except (TemplateError, TypeError, ValueError, AttributeError, RecursionError) as error:
        mine = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(f"{FOLDER}/")]
        if not mine:
            raise
        place = Place(mine[-1].filename, mine[-1].lineno or 0)
        says = f"no page can be made from this template: {error}"
        raise UserError((Problem(place, says, "docs/theme.md says what templates may use"),)) from error
