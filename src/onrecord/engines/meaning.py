"""What a meaning engine is: texts to vectors, of which those of like meaning point the same way.

An engine is one module here with a class that has this shape, named in `ENGINES`. Optional all of them:
without one the ledger is laid out by words alone, which costs a tenth and is nearly as good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from onrecord.model.problem import Place, Problem, UserError

ENGINES: Final[Mapping[str, str]] = {
    "static": "onrecord.engines.static_vectors:StaticVectors",
    "minilm": "onrecord.engines.minilm:MiniLM",
}
"""The engines by the name that `meaning:` in series.yaml gives them."""


class Meaning(Protocol):
    """Texts to vectors."""

    languages: tuple[str, ...]
    """The languages (primary tags) that it was trained on; in others it is not asked."""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text, of length 1; all 0 for a text that says nothing."""


def load(name: str) -> Meaning:
    """The engine of that name.

    Raises:
        UserError: there is none, or what it needs is not installed.
    """
    if name not in ENGINES:
        says, known = f"no meaning engine is called `{name}`", " and ".join(ENGINES)
        raise UserError((Problem(Place("series.yaml"), says, f"there are {known}"),))
    module, _, own = ENGINES[name].partition(":")
    return cast("Meaning", getattr(import_module(module), own)())


def not_installed(name: str, packages: Sequence[str]) -> UserError:
    """The error where an engine's packages are missing."""
    says = f"the meaning engine `{name}` is not installed ({', '.join(packages)} is missing)"
    return UserError((Problem(Place("series.yaml"), says, f"pip install 'onrecord[{name}]'"),))
