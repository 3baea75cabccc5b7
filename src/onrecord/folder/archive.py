"""The index of all sentences of a series: one SQLite file in `.onrecord`, brought up to date by what changed.

    episode    one row each: the digest of the files it was read from, its card, when it is public
    sentence   every sentence of the cut, on both clocks
    place      where a window lies: episode, sentences, who speaks and in which part
    windows   FTS5: the terms of each window, its own and those of its lead (craft/window.py)

The file is made anew wherever it cannot be used (folder/archive_file.py). An episode goes in or out in one
transaction: kill -9 leaves it as it was before or after. Readers and one writer may use it at the same time.

What was taken off the record must be nowhere. SQLite leaves deleted bytes in free pages, and FTS5 deleted
terms in old segments; so free pages are overwritten (`secure_delete`), and when a passage was taken out or an
episode is gone, the segments are merged into one.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from onrecord.craft.answering import Place, settle
from onrecord.craft.question import Weighed
from onrecord.craft.window import windows
from onrecord.folder import files
from onrecord.folder.archive_file import open_index
from onrecord.model.archive import Filter, Kept, Sentence
from onrecord.model.edition import Card
from onrecord.model.time import Ms, PubMs, Span
from onrecord.text import card_json

_LEAD_WEIGHT: Final = 0.45
_MOST_LOOKED_AT: Final = 400


class Archive:
    """The index of a series. Use it as a context manager, or `close` it."""

    def __init__(self, path: Path) -> None:
        """Open the index at `path`, or make an empty one; in memory where nothing can be written there."""
        self._path = path
        self._db = open_index(path)
        self._cards: dict[int, tuple[Card, int | None]] = {}
        self._db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, windows, row)"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def keys(self) -> dict[str, str]:
        """The episodes in the index by slug, each with the key of what it was read from."""
        return dict(self._db.execute("SELECT slug, key FROM episode"))

    def update(self, keys: Mapping[str, str], read: Callable[[str], Kept | None]) -> int:
        """Bring the index up to date.

        Args:
            keys: all episodes by slug, each with the digest of what it is read from.
            read: reads one; None where it cannot be shown at all.

        Returns:
            How many episodes were read.
        """
        known = self.keys()
        changed = [slug for slug, key in keys.items() if known.get(slug) != key]
        gone = [slug for slug in known if slug not in keys]
        if not changed and not gone:
            return 0
        scrub = False
        self._cards.clear()
        for slug in gone:
            with self._writing():
                scrub |= self._forget(slug)
        for slug in changed:
            kept = read(slug)
            with self._writing():
                scrub |= self._replace(slug, keys[slug], kept)
        if scrub:
            with self._writing():
                self._db.execute("INSERT INTO windows(windows) VALUES('optimize')")
        return len(changed)

    def languages(self) -> tuple[str, ...]:
        """The languages (BCP 47) that are spoken in the archive, in a steady order."""
        found = {
            tag
            for (row,) in self._db.execute("SELECT DISTINCT languages FROM episode")
            for tag in row.split()
        }
        return tuple(sorted(found))

    def __len__(self) -> int:
        """How many windows there are."""
        return int(self._db.execute("SELECT count(*) FROM place").fetchone()[0])

    def held_by(self, term: str) -> int:
        """How many windows hold a term."""
        row = self._db.execute("SELECT doc FROM temp.vocabulary WHERE term = ?", (term,)).fetchone()
        return int(row[0]) if row else 0

    def search(self, asked: Weighed, wish: Filter, limit: int) -> list[Place]:
        """The windows that hold most of what is asked, best first."""
        expression = _expression(asked)
        if not expression:
            return []
        where, values = _where(wish)
        rows = self._db.execute(
            f"SELECT place.id, place.episode, -bm25(windows, 1.0, {_LEAD_WEIGHT}) AS fit"  # noqa: S608
            " FROM windows JOIN place ON place.id = windows.rowid JOIN episode ON episode.id = place.episode"
            f" WHERE windows MATCH ? {where} ORDER BY fit DESC, windows.rowid LIMIT ?",
            (expression, *values, _MOST_LOOKED_AT),
        ).fetchall()
        return [self._place(number, fit) for number, fit in settle(rows, limit)]

    def _place(self, number: int, score: float) -> Place:
        episode, first, last, lead = self._db.execute(
            "SELECT episode, first, last, lead FROM place JOIN windows ON windows.rowid = place.id"
            " WHERE id = ?",
            (number,),
        ).fetchone()
        rows = self.sentences(episode, range(max(0, first - 3), last + 4))
        turn = next(s.turn for n, s in rows if n == first)
        own = [(n, s) for n, s in rows if s.turn == turn]
        begin = own[0][0]
        return Place(
            episode,
            score,
            tuple(s for _, s in own),
            range(first - begin, last - begin + 1),
            frozenset(lead.split()),
            begin,
        )

    def sentences(self, episode: int, numbers: range | None = None) -> list[tuple[int, Sentence]]:
        """Sentences of an episode with their numbers, in order; all, or those of some numbers."""
        first, last = (numbers.start, numbers.stop - 1) if numbers is not None else (0, 1 << 60)
        rows = self._db.execute(
            "SELECT n, turn, start_ms, end_ms, recorded_start_ms, recorded_end_ms, voice, person, text,"
            " language FROM sentence WHERE episode = ? AND n BETWEEN ? AND ? ORDER BY n",
            (episode, first, last),
        )
        return [
            (n, Sentence(turn, Span(PubMs(a), PubMs(b)), Span(Ms(c), Ms(d)), voice, person, text, language))
            for n, turn, a, b, c, d, voice, person, text, language in rows
        ]

    def card(self, episode: int, at_ms: int) -> tuple[Card, bool]:
        """The card of an episode, and whether it is a draft at a moment (Unix time): not public yet."""
        known = self._cards.get(episode)
        if known is None:
            text, public = self._db.execute(
                "SELECT card, public_from_ms FROM episode WHERE id = ?", (episode,)
            ).fetchone()
            read = card_json.read([text])
            if not read:
                raise sqlite3.DatabaseError("a card that cannot be read")
            known = self._cards[episode] = (read[0], public)
        card, public = known
        return card, public is None or public > at_ms

    def episodes(self, wish: Filter) -> list[int]:
        """The episodes that a filter lets through (whose words do not matter), newest first."""
        where, values = _where(
            Filter(wish.at_ms, None, "", wish.since, wish.until, wish.episode, wish.drafts)
        )
        rows = self._db.execute(f"SELECT id FROM episode WHERE 1 {where} ORDER BY day DESC, slug", values)  # noqa: S608
        return [row[0] for row in rows]

    def names(self, wish: Filter) -> list[tuple[str, str]]:
        """Everybody billed, without or with drafts: pairs of id and name or other spelling."""
        where, values = _where(Filter(wish.at_ms, drafts=wish.drafts))
        rows = self._db.execute(
            "SELECT person.id, name FROM person JOIN episode ON episode.id = person.episode"  # noqa: S608
            f" WHERE 1 {where} GROUP BY person.id, name ORDER BY min(person.rowid)",
            values,
        )
        return [(person, name) for person, name in rows]

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.rollback()
            raise
        self._db.commit()

    def _replace(self, slug: str, key: str, kept: Kept | None) -> bool:
        """Put an episode in; True if something that was in the index must be nowhere now."""
        row = self._db.execute("SELECT content, taken_out FROM episode WHERE slug = ?", (slug,)).fetchone()
        card = card_json.write(kept.card) if kept else ""
        content = files.digest(repr((kept, card)).encode("utf-8", "surrogatepass"))
        if row and row[0] == content:  # other files changed, or what they say of others: the same words
            self._db.execute("UPDATE episode SET key = ? WHERE slug = ?", (key, slug))
            return False
        self._forget(slug)
        taken_out = kept.taken_out if kept else ""
        public = kept.public_from_ms if kept else None
        day = kept.card.published[:10] if kept else ""
        tags = " ".join(sorted({s.language for s in kept.sentences if s.language})) if kept else ""
        own = self._db.execute(
            "INSERT INTO episode(slug, key, content, taken_out, public_from_ms, day, languages, card)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
            (slug, key, content, taken_out, public, day, tags, card),
        ).lastrowid
        if kept and own is not None:
            self._fill(own, kept)
        return bool(row) and row[1] != taken_out

    def _fill(self, episode: int, kept: Kept) -> None:
        parts = {a.person.id: a.part for a in kept.card.people}
        self._db.executemany(
            "INSERT INTO sentence VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (episode, n, s.turn, *_ends(s.at), *_ends(s.recorded), s.voice, s.person, s.language, s.text)
                for n, s in enumerate(kept.sentences)
            ),
        )
        self._db.executemany(
            "INSERT INTO person VALUES(?, ?, ?)",
            (
                (episode, a.person.id, name)
                for a in kept.card.people
                for name in (a.person.name, *a.person.also)
            ),
        )
        for window in windows(kept.sentences):
            who = kept.sentences[window.first].person
            place = self._db.execute(
                "INSERT INTO place(episode, first, last, person, part) VALUES(?, ?, ?, ?, ?)",
                (episode, window.first, window.last, who, parts.get(who, "") if who else ""),
            ).lastrowid
            self._db.execute(
                "INSERT INTO windows(rowid, own, lead) VALUES(?, ?, ?)",
                (place, " ".join(window.own), " ".join(window.lead)),
            )

    def _forget(self, slug: str) -> bool:
        row = self._db.execute("SELECT id FROM episode WHERE slug = ?", (slug,)).fetchone()
        if row is None:
            return False
        self._db.execute("DELETE FROM windows WHERE rowid IN (SELECT id FROM place WHERE episode = ?)", row)
        for table, column in (
            ("place", "episode"),
            ("person", "episode"),
            ("sentence", "episode"),
            ("episode", "id"),
        ):
            self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", row)  # noqa: S608 - our own names
        return True


def _ends(span: Span[Any]) -> tuple[int, int]:
    return int(span.start), int(span.end)


def _expression(asked: Weighed) -> str:
    """What FTS5 is asked for. Terms are letters and figures alone, and quoted, so nothing else is said."""
    any_of = " OR ".join(f'"{term}"' for term in asked.weights)
    phrases = [_phrase(phrase) for phrase in asked.phrases]
    return " AND ".join([*phrases, *([f"({any_of})"] if any_of else [])])


def _phrase(words: Sequence[tuple[str, ...]]) -> str:
    """A phrase in every language of the archive: the n-th reading of each word, where it has so many."""
    most = max(len(word) for word in words)
    ways = dict.fromkeys(" ".join(word[min(i, len(word) - 1)] for word in words) for i in range(most))
    return "(" + " OR ".join(f'{{own}} : "{way}"' for way in ways) + ")"


def _where(wish: Filter) -> tuple[str, list[Any]]:
    """The filter as conditions of SQL, each with its values."""
    conditions: list[tuple[str, Iterable[Any]]] = []
    if not wish.drafts:
        conditions.append(("public_from_ms <= ?", (wish.at_ms,)))
    if wish.persons is not None:
        marks = ", ".join("?" * len(wish.persons))
        conditions.append((f"place.person IN ({marks})", wish.persons))
    if wish.part:
        conditions.append(("place.part = ?", (wish.part,)))
    if wish.since:
        conditions.append(("day >= ?", (wish.since.isoformat(),)))
    if wish.until:
        conditions.append(("day <= ?", (wish.until.isoformat(),)))
    if wish.episode:
        conditions.append(("slug = ?", (wish.episode,)))
    return "".join(f" AND {text}" for text, _ in conditions), [v for _, values in conditions for v in values]
