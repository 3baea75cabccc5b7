"""What a recogniser of speech is, and how one is found: by its file in this folder or in another package."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.transcript import Word

RATE_HZ = 16_000
GROUP = "onrecord.recognisers"
"""The entry points of other packages, each `name = "package.module"`."""

_DEFAULT = "whisper"

Samples = npt.NDArray[np.float32]
"""Mono sound at 16 kHz, between -1 and 1."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in one piece of sound: words with times from the piece's start, and the language."""

    words: tuple[Word, ...]
    language: str


class Recogniser(Protocol):
    """A recogniser with its weights loaded.

    Given the same sound it must hear the same words, so that an interrupted recording goes on where it
    stopped and ends as if it had never been interrupted.
    """

    @property
    def engine(self) -> str:
        """The engine with its version, as a receipt tells it."""
        ...

    @property
    def weights(self) -> str:
        """Which weights, from where, with what digest, as a receipt tells it."""
        ...

    def recognise(self, samples: Samples, language: str | None, prompt: str, *, again: bool = False) -> Heard:
        """Hear the words of one piece of sound.

        Args:
            samples: At most 60 s of sound.
            language: BCP 47, or None to find out. The words are in it as they were said, never translated.
            prompt: Names and terms that are likely to be said.
            again: Whether the piece was heard once and words are missing: listen more patiently.
        """
        ...


@runtime_checkable
class Discerning(Protocol):
    """A recogniser that can tell a language before it hears any word; not every one can."""

    def discern(self, samples: Samples) -> Mapping[str, float]:
        """How likely each language is, by its code of two or three letters; only the likeliest are told.

        Args:
            samples: At most 10 s of sound.
        """
        ...


def find(name: str) -> Recogniser:
    """Find a recogniser by what series.yaml calls it, and load it.

    An engine is a module with a function `recogniser(model: str) -> Recogniser`: a file of this folder, or
    what an entry point of the group `onrecord.recognisers` names.

    Args:
        name: `parakeet` (an engine), `whisper:small` or `parakeet:/path` (an engine and its model), or
            only a model or a path, for Whisper: `base`, `large-v3-turbo`, `/models/mine`.

    Raises:
        UserError: There is no such engine or model, something is not installed, or the weights cannot be had.
    """
    first, colon, model = name.partition(":")
    load = _engine(first)
    if load is None and (not colon or "/" in first):
        load, model = _engine(_DEFAULT), name
    if load is None:
        hint = "known are " + ", ".join(known())
        raise UserError((Problem(Place("series.yaml"), f"no recogniser is called {first}", hint),))
    return load(model)


def known() -> tuple[str, ...]:
    """The names of all engines."""
    return tuple(sorted(name for name in {*_here(), *entry_points(group=GROUP).names} if _engine(name)))


def _engine(name: str) -> Callable[[str], Recogniser] | None:
    """An engine by its name; of two of one name, the other package's."""
    module: object = None
    if name in entry_points(group=GROUP).names:
        module = entry_points(group=GROUP)[name].load()
    elif name in _here():
        module = import_module(f"onrecord.engines.{name}")
    load = getattr(module, "recogniser", None)
    return load if callable(load) else None


def _here() -> set[str]:
    import onrecord.engines

    return {module.name for module in iter_modules(onrecord.engines.__path__)}
