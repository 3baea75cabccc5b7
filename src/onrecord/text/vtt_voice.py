"""Rename voices in a WebVTT text and leave every other byte as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from onrecord.text.caption import normal_voice

_VOICE = re.compile(r"(<v(?:\.[^ \n>]*)?[ \n]+)([^>]*)(>)")


def rename(text: str, names: Mapping[str, str]) -> str:
    """Write other names in front of words.

    Args:
        text: The file as it stands.
        names: Old voices and their new names.

    >>> rename("<v.loud Speaker 1>Hi</v> <v Speaker 12>Ho", {"Speaker 1": "Ada & Co"})
    '<v.loud Ada &amp; Co>Hi</v> <v Speaker 12>Ho'
    """

    def written(tag: re.Match[str]) -> str:
        new = names.get(normal_voice(unescape(tag[2])))
        return tag[0] if new is None else tag[1] + escape(normal_voice(new), quote=False) + tag[3]

    return _VOICE.sub(written, text)
