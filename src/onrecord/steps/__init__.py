"""The slow floor: files to files, one file a step."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from onrecord.steps.base import Step


@cache
def find() -> tuple[Step, ...]:
    """All steps: the modules of this folder and those that other packages offer, by name."""
    own = [import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__) if m.name != "base"]
    offered = [entry.load() for entry in entry_points(group="onrecord.steps")]
    found = [cast("Step", module) for module in (*own, *offered) if hasattr(module, "order")]
    return tuple(sorted(found, key=lambda step: step.NAME))
