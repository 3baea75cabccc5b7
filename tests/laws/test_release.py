"""Laws of releases: a name is the content, publishing and stepping back undo each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.folder import disk, manifest, release
from onrecord.folder.release import Kept, publish, rollback
from onrecord.model.problem import UserError

NAMES = st.sampled_from(
    ["index.html", "a/index.html", "a/sound.mp3", "b/c/d.json", "e", "ü.html", "with space"]
)
SITES = st.dictionaries(NAMES, st.binary(max_size=40), min_size=1)


def site(root: Path) -> dict[str, bytes]:
    public = root / "public"
    return {
        path.relative_to(public).as_posix(): path.read_bytes()
        for path in public.rglob("*")
        if path.is_file() and path.name != manifest.NAME
    }


def judge(root: Path) -> None:
    """public/ is exactly what its manifest says."""
    name = json.loads((root / "public/release.json").read_text())["release"]
    listed = json.loads((root / f".onrecord/releases/{name}.json").read_text())["files"]
    assert {p: f[0] for p, f in listed.items()} == {
        p: hashlib.sha256(data).hexdigest() for p, data in site(root).items()
    }


@given(SITES, SITES)
def test_a_release_is_named_by_its_content_alone(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    def name(files: Mapping[str, bytes]) -> str:
        return manifest.name_release({p: (hashlib.sha256(d).hexdigest(), len(d)) for p, d in files.items()})

    assert (name(one) == name(other)) == (one == other)
    assert name(one) == name(dict(reversed(one.items())))


@settings(max_examples=12, deadline=None)
@given(SITES, SITES)
def test_what_was_laid_ready_is_published_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, bytes], second: dict[str, bytes]
) -> None:
    root, plain = tmp_path_factory.mktemp("series"), tmp_path_factory.mktemp("plain")
    for files in (first, second):
        laid = release.lay(root, files)
        assert not any(isinstance(entry, bytes) for entry in laid.values())
        assert publish(root, laid, {}) == publish(plain, files, {})
        assert site(root) == site(plain) == files
        judge(root)
        assert not (root / ".onrecord/releases/ready").exists()


def test_what_was_laid_ready_by_a_run_that_was_killed_goes(tmp_path: Path) -> None:
    release.lay(tmp_path, {"a/index.html": b"words"})
    release.recover(tmp_path)
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


@settings(max_examples=12, deadline=None)
@given(SITES, SITES, SITES)
def test_stepping_back_undoes_publishing(
    tmp_path_factory: pytest.TempPathFactory,
    first: dict[str, bytes],
    second: dict[str, bytes],
    third: dict[str, bytes],
) -> None:
    root = tmp_path_factory.mktemp("series")
    old = publish(root, first, {"n": 1})
    assert site(root) == first
    judge(root)
    new = publish(root, second, {"n": 2})
    judge(root)
    assert new.changed == (first != second)
    if first != second:
        assert rollback(root).release == old.release
        assert site(root) == first
        judge(root)
        assert rollback(root).release == new.release
    assert site(root) == second
    publish(root, third, {})
    judge(root)
    assert site(root) == third


def test_the_same_site_is_no_new_release_but_its_receipt_is_kept(tmp_path: Path) -> None:
    one = publish(tmp_path, {"a": b"1"}, {"built": 1})
    inode = (tmp_path / "public").stat().st_ino
    two = publish(tmp_path, {"a": Kept()}, {"built": 2})
    assert (two.release, two.changed) == (one.release, False)
    assert (tmp_path / "public").stat().st_ino == inode
    now = release.current(tmp_path)
    assert now is not None
    assert now.receipt == {"built": 2}


def test_unchanged_files_are_linked_and_media_are_linked_from_the_cache(tmp_path: Path) -> None:
    sound = tmp_path / "cache/sound.mp3"
    sound.parent.mkdir()
    sound.write_bytes(b"mp3")
    publish(tmp_path, {"a": b"1", "b": b"2", "sound.mp3": sound}, {})
    inode = (tmp_path / "public/a").stat().st_ino
    assert (tmp_path / "public/sound.mp3").stat().st_ino == sound.stat().st_ino
    done = publish(tmp_path, {"a": b"1", "b": b"3", "sound.mp3": Kept()}, {})
    assert (tmp_path / "public/a").stat().st_ino == inode
    assert (done.written, done.linked) == (1, 2)
    assert site(tmp_path) == {"a": b"1", "b": b"3", "sound.mp3": b"mp3"}


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public/thesis.txt").write_text("years of work")
    with pytest.raises(UserError, match="not a release"):
        publish(tmp_path, {"a": b"1"}, {})
    assert (tmp_path / "public/thesis.txt").read_text() == "years of work"
    assert not (tmp_path / "public/a").exists()


def test_an_empty_folder_may_become_public(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    publish(tmp_path, {"a": b"1"}, {})
    assert site(tmp_path) == {"a": b"1"}


@pytest.mark.parametrize(
    "paths",
    [
        [""],
        ["/etc/passwd"],
        ["../a"],
        ["a/../b"],
        ["a//b"],
        ["./a"],
        ["a/"],
        ["a\\b"],
        ["a\nb"],
        ["release.json"],
        ["Straße", "STRASSE"],
        ["caf\u00e9", "cafe\u0301"],
        ["A/x", "a/y"],
        ["a", "a/b"],
        ["x" * 256],
    ],
)
def test_paths_that_cannot_be_kept_apart_are_refused(tmp_path: Path, paths: list[str]) -> None:
    with pytest.raises(UserError):
        publish(tmp_path, dict.fromkeys(paths, b""), {})
    assert not (tmp_path / "public").exists()


def test_a_strangers_file_in_public_is_saved_and_mentioned(tmp_path: Path) -> None:
    publish(tmp_path, {"a": b"1"}, {})
    (tmp_path / "public/CNAME").write_text("example.org")
    done = publish(tmp_path, {"a": b"2"}, {})
    assert [p.place.path for p in done.problems] == ["public/CNAME"]
    assert (tmp_path / ".onrecord/strays/CNAME").read_text() == "example.org"
    assert site(tmp_path) == {"a": b"2"}


def test_what_was_changed_by_hand_is_put_right_and_never_linked_on(tmp_path: Path) -> None:
    publish(tmp_path, {"a": b"1", "b": b"2"}, {})
    publish(tmp_path, {"a": b"1", "b": b"3"}, {})
    (tmp_path / "public/a").write_text("defaced")
    (tmp_path / "public/b").unlink()
    assert release.damaged(tmp_path) == ("a", "b")
    with pytest.raises(UserError, match="changed by hand"):
        publish(tmp_path, {"a": Kept(), "b": b"3"}, {})
    done = publish(tmp_path, {"a": b"1", "b": b"3"}, {})
    assert done.changed
    assert site(tmp_path) == {"a": b"1", "b": b"3"}
    judge(tmp_path)
    rollback(tmp_path)
    assert site(tmp_path) == {"a": b"defaced", "b": b"2"}  # one inode: a hand in one release is in the other


def test_without_its_manifest_a_release_is_read_again(tmp_path: Path) -> None:
    publish(tmp_path, {"a": b"1", "b": b"2"}, {"x": 1})
    for path in (tmp_path / ".onrecord/releases").glob("*.json"):
        path.unlink()
    publish(tmp_path, {"a": Kept(), "b": b"3"}, {})
    assert site(tmp_path) == {"a": b"1", "b": b"3"}
    judge(tmp_path)


def test_nothing_leads_back_across_a_take_down(tmp_path: Path) -> None:
    publish(tmp_path, {"a": b"secret"}, {"quote": "secret"})
    publish(tmp_path, {"a": b"rest"}, {})
    release.forget_previous(tmp_path)
    with pytest.raises(UserError, match="no earlier release"):
        rollback(tmp_path)
    everything = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"secret" not in everything
    assert site(tmp_path) == {"a": b"rest"}


def test_where_folders_cannot_be_exchanged_two_renames_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "exchange", lambda *_: False)
    publish(tmp_path, {"a": b"1"}, {})
    publish(tmp_path, {"a": b"2"}, {})
    judge(tmp_path)
    rollback(tmp_path)
    assert site(tmp_path) == {"a": b"1"}
    judge(tmp_path)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(SITES, st.booleans()), min_size=2, max_size=5))
def test_the_spare_holds_nothing_but_what_public_holds_and_a_take_down_leaves_none(
    tmp_path_factory: pytest.TempPathFactory, builds: list[tuple[dict[str, bytes], bool]]
) -> None:
    root = tmp_path_factory.mktemp("series")
    spare, public = root / ".onrecord/releases/spare", root / "public"
    for files, keep_old in builds:
        changed = publish(root, files, {}, keep_old=keep_old).changed
        assert site(root) == files
        judge(root)
        shared = [path for path in spare.rglob("*") if path.is_file()]
        assert all(path.samefile(public / path.relative_to(spare)) for path in shared)
        assert keep_old or not changed or not spare.exists()


def test_a_release_is_put_together_in_the_spare_and_nothing_is_written_into_what_public_shares(
    tmp_path: Path,
) -> None:
    pages = {f"{n}/index.html": b"%d" % n for n in range(9)}
    sites = [{**pages, "3/index.html": words, "list.html": words} for words in (b"a", b"bb", b"ccc", b"dddd")]
    spare = tmp_path / ".onrecord/releases/spare"
    for n, files in enumerate(sites):
        was = {path.name: path.stat().st_ino for path in (spare, tmp_path / "public") if path.exists()}
        old = site(tmp_path) if n else {}
        published = publish(tmp_path, files, {})
        assert (published.written, published.linked) == ((len(files), 0) if n == 0 else (2, len(files) - 2))
        assert site(tmp_path) == files
        judge(tmp_path)
        assert n in {0, 2} or (tmp_path / "public").stat().st_ino == was["spare"]
        if n:
            release.rollback(tmp_path)
            assert site(tmp_path) == old
            assert publish(tmp_path, files, {}).changed
