"""A series' own theme: what of the built-in pages it puts in another form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """What lies in `theme/`; everything empty is the built-in theme.

    `templates` are pairs of a name (`episode.html`) and a Jinja template that takes the place of the
    built-in one; `style` is CSS that comes after the built-in sheet; `files` are pairs of a name and the
    bytes of a font or picture that `style` or a template names.
    """

    templates: tuple[tuple[str, str], ...] = ()
    style: str = ""
    files: tuple[tuple[str, bytes], ...] = ()
