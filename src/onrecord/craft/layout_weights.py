"""What each sign weighs in a layout; learnt by bench/ledger_fit.py from conversations with marked topics."""

from __future__ import annotations

from typing import Final

RELEVANCE: Final = (0.002, 0.141, -0.046)
"""For each size of window, a portion of sixty words."""
OWN: Final = 0.032
"""How much more a portion is about this question than about the others."""
MEANT: Final = 0.1
"""How much it means the question, where an engine tells."""
CUE: Final = 0.476
INSIDE: Final = -4.2
"""For beginning inside of a turn."""
ASKED: Final = 0.615
"""Relevance of the first sixty words."""
TOLD: Final = 0.053
"""Relevance of the sixty words ahead."""
EVEN: Final = 0.566
LONG: Final = -0.337
TIGHT: Final = 2.283
REST: Final = -6.0
"""What a stretch of the background gets for being one."""
REST_PLACES: Final = 6.0
"""How much less, for each log of the number of places above the usual one: each is a chance to fit."""
USUAL_PLACES: Final = 270
REST_FROM: Final = 0.5
"""How much more the background must explain, for each question, before it counts as much as none."""
REST_SLOPE: Final = 0.3
ABSENT: Final = 7.6
"""What a question gets for not being there, before it is compared with the cohort."""
FITS: Final = 2.6
"""How much less it gets for each spread by which it fits better here than elsewhere."""
