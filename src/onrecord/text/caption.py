"""The form that captions' words and names have in every file: what all formats of captions share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from onrecord.model.edition import Caption
from onrecord.model.language import tag

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@lru_cache(maxsize=1024)
def normal_text(text: str) -> str:
    r"""Bring a caption's text into the form that files keep: no control characters, margins or empty lines.

    >>> normal_text(" Good\tevening. \n\n And\x07 welcome.\n")
    'Good evening.\nAnd welcome.'
    """
    if text == text.strip(" \n") and not (
        CONTROL.search(text) or ("\n" in text and ("\n\n" in text or "\n " in text or " \n" in text))
    ):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    lines = (line.strip(" ") for line in CONTROL.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)


@lru_cache(maxsize=256)
def normal_voice(voice: str) -> str:
    r"""Bring a voice's name into the form that files keep: one line, single spaces, no control characters.

    >>> normal_voice(" Ilva\n Tare ")
    'Ilva Tare'
    """
    return " ".join(CONTROL.sub("", " ".join(voice.split())).split())


def fits(caption: Caption) -> Caption:
    """The caption as a file can hold it: text and voice in normal form, no reference to a person."""
    voice, words = normal_voice(caption.voice), normal_text(caption.text)
    language = tag(caption.language) if caption.language else ""
    fitting = voice == caption.voice and words == caption.text and language == caption.language
    if fitting and caption.person is None and not caption.words:
        return caption
    return Caption(caption.span, voice, words, language=language)


def untold(caption: Caption) -> Caption:
    """The caption as a format holds it that cannot tell one caption's language."""
    fitting = fits(caption)
    return replace(fitting, language="") if fitting.language else fitting


class Fitted(tuple[Caption, ...]):
    """Captions that fit: five formats write the same ones, and only the first need bring them into form."""

    __slots__ = ()


def fitted(captions: Iterable[Caption]) -> Fitted:
    """Captions as files can hold them, each as `fits` gives it."""
    return captions if isinstance(captions, Fitted) else Fitted(map(fits, captions))


def all_untold(captions: Iterable[Caption]) -> Fitted:
    """Captions as a format holds them that cannot tell one caption's language."""
    fitting = fitted(captions)
    return Fitted(map(untold, fitting)) if any(c.language for c in fitting) else fitting
