"""The file of the archive's index: its tables, and how an index comes about that can be used.

The file holds nothing that the episodes' files do not hold, so it may be deleted at any time, and one that is
damaged, foreign or of another version is made anew. Where nothing can be written it lives in memory.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

import onrecord
from onrecord.folder import files

FORMAT: Final = f"{onrecord.__version__}/2"
"""An index of another program version or form is made anew."""

_TABLES: Final = """
CREATE TABLE about(format TEXT NOT NULL);
CREATE TABLE episode(id INTEGER PRIMARY KEY, slug TEXT UNIQUE NOT NULL, key TEXT NOT NULL,
    content TEXT NOT NULL, taken_out TEXT NOT NULL, public_from_ms INTEGER, day TEXT NOT NULL,
    languages TEXT NOT NULL, card TEXT NOT NULL);
CREATE TABLE sentence(episode INTEGER, n INTEGER, turn INTEGER, start_ms INTEGER, end_ms INTEGER,
    recorded_start_ms INTEGER, recorded_end_ms INTEGER, voice TEXT, person TEXT, language TEXT, text TEXT,
    PRIMARY KEY(episode, n)) WITHOUT ROWID;
CREATE TABLE place(id INTEGER PRIMARY KEY, episode INTEGER, first INTEGER, last INTEGER,
    person TEXT, part TEXT);
CREATE TABLE person(episode INTEGER, id TEXT, name TEXT);
CREATE INDEX place_of_episode ON place(episode);
CREATE VIRTUAL TABLE windows USING fts5(own, lead,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'");
"""
_WAIT_S: Final = 30.0


def open_index(path: Path) -> sqlite3.Connection:
    """An index that can be used: the one that is there, else a new one, in memory if need be."""
    for _ in range(2):
        try:
            files.make_folder(path.parent)
            return _usable(sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None))
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or not _may_write(path):
                break
            discard(path)
        except sqlite3.DatabaseError:
            discard(path)
        except OSError:
            break
    return _usable(sqlite3.connect(":memory:", isolation_level=None))


def _usable(db: sqlite3.Connection) -> sqlite3.Connection:
    """The connection, with our tables in it; a DatabaseError where the file is no index of ours."""
    try:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("PRAGMA synchronous = NORMAL")
        if not _is_ours(db):
            db.execute("BEGIN IMMEDIATE")
            if not _is_ours(db):  # nobody else was quicker
                for statement in _TABLES.split(";\n"):
                    db.execute(statement)
                db.execute("INSERT INTO about VALUES(?)", (FORMAT,))
            db.execute("COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def _is_ours(db: sqlite3.Connection) -> bool:
    """Whether our tables are in it; False for an empty file, a DatabaseError for anything else."""
    if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return False
    if db.execute("SELECT format FROM about").fetchone() != (FORMAT,):
        raise sqlite3.DatabaseError("an index of another version")
    return True


def _may_write(path: Path) -> bool:
    probe = path.with_name(path.name + ".try")
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def discard(path: Path) -> None:
    """Remove an index with all that SQLite keeps beside it."""
    for left in (path, *(path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm"))):
        with contextlib.suppress(OSError):
            left.unlink(missing_ok=True)
