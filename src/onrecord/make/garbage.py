"""How often Python looks for garbage: seldom, because a run makes values that stay and hardly any cycles."""

from __future__ import annotations

import atexit
import gc
from typing import Final

_NEW: Final = 10_000
"""So many new values bring about a look at them; with Python's own 700 the looks cost a fifth."""


def seldom() -> None:
    """From now on look seldom, and never again at what is there already."""
    gc.freeze()
    atexit.register(gc.freeze)  # nor at the end, when all of it goes anyway
    gc.set_threshold(_NEW, 20, 20)
