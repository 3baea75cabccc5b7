"""Voices that nobody has named yet: how programs write them."""

from __future__ import annotations

import re

_ANONYMOUS = re.compile(
    r"(?:speaker|spk|voice|sprecher(?:in)?|govornik|folësi|interlocuteur|locuteur|hablante|parlante|unknown)"
    r"(?:[ _.-]*(?:speaker|voice))?(?:[ _.:#-]*(?:\d{1,3}|[a-z]))?",
    re.IGNORECASE,
)


def is_anonymous(voice: str) -> bool:
    """Whether a voice has no person's name yet: ours (`Speaker 2`) and those of other programs.

    >>> [is_anonymous(v) for v in ("Speaker 2", "SPEAKER_01", "speaker a", "Unknown speaker", "")]
    [True, True, True, True, True]
    >>> [is_anonymous(v) for v in ("Ada Lind", "John Speaker", "Voice of America", "Speaker Johnson")]
    [False, False, False, False]
    """
    return not voice or _ANONYMOUS.fullmatch(voice) is not None
