"""What all worker processes that render share: loaded once, before they are forked (make/workers.py)."""

from __future__ import annotations

from onrecord import outputs
from onrecord.flow import many, render
from onrecord.make.garbage import seldom

__all__ = ["many", "render"]

outputs.episode_outputs()
seldom()  # a look at what is shared would make a copy of it
