"""Apple's podcast categories, which every directory reads: exact names, in at most two levels.

The table is Apple's public list, in the form that w3c/feedvalidator checks. Apple files a programme
under its first category and subcategory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Arts": (
            "Books",
            "Design",
            "Fashion & Beauty",
            "Food",
            "Performing Arts",
            "Visual Arts",
        ),
        "Business": (
            "Careers",
            "Entrepreneurship",
            "Investing",
            "Management",
            "Marketing",
            "Non-Profit",
        ),
        "Comedy": (
            "Comedy Interviews",
            "Improv",
            "Stand-Up",
        ),
        "Education": (
            "Courses",
            "How To",
            "Language Learning",
            "Self-Improvement",
        ),
        "Fiction": (
            "Comedy Fiction",
            "Drama",
            "Science Fiction",
        ),
        "Government": (),
        "History": (),
        "Health & Fitness": (
            "Alternative Health",
            "Fitness",
            "Medicine",
            "Mental Health",
            "Nutrition",
            "Sexuality",
        ),
        "Kids & Family": (
            "Education for Kids",
            "Parenting",
            "Pets & Animals",
            "Stories for Kids",
        ),
        "Leisure": (
            "Animation & Manga",
            "Automotive",
            "Aviation",
            "Crafts",
            "Games",
            "Hobbies",
            "Home & Garden",
            "Video Games",
        ),
        "Music": (
            "Music Commentary",
            "Music History",
            "Music Interviews",
        ),
        "News": (
            "Business News",
            "Daily News",
            "Entertainment News",
            "News Commentary",
            "Politics",
            "Sports News",
            "Tech News",
        ),
        "Religion & Spirituality": (
            "Buddhism",
            "Christianity",
            "Hinduism",
            "Islam",
            "Judaism",
            "Spirituality",
        ),
        "Science": (
            "Astronomy",
            "Chemistry",
            "Earth Sciences",
            "Life Sciences",
            "Mathematics",
            "Natural Sciences",
            "Nature",
            "Physics",
            "Social Sciences",
        ),
        "Society & Culture": (
            "Documentary",
            "Personal Journals",
            "Philosophy",
            "Places & Travel",
            "Relationships",
        ),
        "Sports": (
            "Baseball",
            "Basketball",
            "Cricket",
            "Fantasy Sports",
            "Football",
            "Golf",
            "Hockey",
            "Rugby",
            "Running",
            "Soccer",
            "Swimming",
            "Tennis",
            "Volleyball",
            "Wilderness",
            "Wrestling",
        ),
        "Technology": (),
        "True Crime": (),
        "TV & Film": (
            "After Shows",
            "Film History",
            "Film Interviews",
            "Film Reviews",
            "TV Reviews",
        ),
    }
)
"""Category to its subcategories."""


def nested(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Names in the order given, as (category, subcategory or empty); what Apple does not know is left out.

    >>> nested(["News", "Politics", "History", "Chess"])
    (('News', 'Politics'), ('History', ''))
    >>> nested(["Politics"])
    (('News', 'Politics'),)
    """
    found: list[tuple[str, str]] = []
    for name in names:
        if name in CATEGORIES:
            found.append((name, ""))
            continue
        above = _above(name, found[-1][0] if found else "")
        if found and found[-1] == (above, ""):
            found[-1] = (above, name)
        elif above:
            found.append((above, name))
    return tuple(dict.fromkeys(found))


def _above(name: str, preferred: str) -> str:
    if name in CATEGORIES.get(preferred, ()):
        return preferred
    return next((category for category, below in CATEGORIES.items() if name in below), "")


def unknown(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Names that Apple does not know, each with the nearest that it does (or empty).

    >>> unknown(["News", "politics", "Chess"])
    (('politics', 'Politics'), ('Chess', ''))
    """
    known = {name.casefold(): name for category, below in CATEGORIES.items() for name in (category, *below)}
    found = []
    for name in names:
        if known.get(name.casefold()) != name:
            near = get_close_matches(name.casefold(), known, n=1, cutoff=0.75)
            found.append((name, known[near[0]] if near else ""))
    return tuple(found)
