"""What a recogniser of speech is, and how one is found: by its file in this folder or in another package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import Any, Protocol, runtime_checkable

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


@runtime_checkable
class Witness(Protocol):
    """A recogniser that can also be asked what it would think of a text."""

    def likelihood(
        self, samples: Samples, language: str | None, texts: Sequence[str], expecting: str = ""
    ) -> tuple[float, ...]:
        """How likely each of several texts is, given the sound.

        Args:
            samples: At most 30 s of sound.
            language: BCP 47, or None or empty if it is not known.
            texts: Whole readings of the sound, which differ in a word or two.
            expecting: A name or term that may be said in it, for all texts alike; a recogniser that knows
                no expectations leaves it unheeded.

        Returns:
            For each text the natural logarithm of its probability, comparable among these texts only.
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
    module, model = _module(name)
    if module is None:
        says, hint = f"no recogniser is called {name.partition(':')[0]}", "known are " + ", ".join(known())
        raise UserError((Problem(Place("series.yaml"), says, hint),))
    load: Callable[[str], Recogniser] = module.recogniser
    return load(model)


def heeds_names(name: str) -> bool:
    """Whether a recogniser does anything with names to expect; nothing is loaded.

    An engine says so with a function `heeds_names(model: str) -> bool`; one that says nothing is taken to.
    What it does not heed is no part of a step's key: a corrected name then costs no recognition.
    """
    module, model = _module(name)
    heeds = getattr(module, "heeds_names", None)
    return bool(heeds(model)) if heeds else True


def known() -> tuple[str, ...]:
    """The names of all engines."""
    return tuple(sorted(name for name in {*_here(), *entry_points(group=GROUP).names} if _engine(name)))


def _module(name: str) -> tuple[Any, str]:
    """The engine's module (None where there is none) and what it is to load."""
    first, colon, model = name.partition(":")
    found = _engine(first)
    if found is None and (not colon or "/" in first):
        return _engine(_DEFAULT), name
    return found, model


def _engine(name: str) -> Any:
    """An engine's module by its name; of two of one name, the other package's."""
    module: Any = None
    if name in entry_points(group=GROUP).names:
        module = entry_points(group=GROUP)[name].load()
    elif name in _here():
        module = import_module(f"onrecord.engines.{name}")
    return module if callable(getattr(module, "recogniser", None)) else None


def _here() -> set[str]:
    import onrecord.engines

    return {module.name for module in iter_modules(onrecord.engines.__path__)}
