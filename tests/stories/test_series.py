"""Stories of a series without sound: what is public, what is not, and what a build does again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onrecord import outputs
from onrecord.flow.build import Report, Wish, build
from onrecord.folder import release, standing, still
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.lock import writer
from onrecord.make.progress import Event
from onrecord.model.edition import Edition
from onrecord.outputs import cards

SERIES = """\
guid: 0b1c6f2e-0000-4000-8000-000000000001   # never change
title: "#HarbourDebrief"
tagline: An online interview series.
host: Ada Lind, Senior Fellow, Delta Institute
hashtag: HarbourDebrief
timezone: Europe/Tirane
url: https://example.org/harbour/
category: [News, Politics]
"""
PEOPLE = "ada-lind: {name: Ada Lind, also: [A. Lind]}\ngoran-petek: {name: Goran Petek}\n"
EPISODE = """\
---
id: 5d4f0000-0000-4000-8000-000000000001
title: The last winter ferry
date: 2025-03-12
guests:
  - Goran Petek, Captain, Selna Ferry Cooperative   # his role that day
questions:
  - What is left of the winter ferry?
approved: {by: Ada Lind, on: 2025-03-13}
---
The winter ferry stops for the first time in sixty years.
"""
TRANSCRIPT = """\
WEBVTT

00:00:00.500 --> 00:00:03.500
<v Ada Lind>What is left of the winter ferry?

00:00:04.000 --> 00:00:08.500
<v Goran Petek>One ship, and nine people who
know how to sail her.

00:00:09.000 --> 00:00:12.000
<v Goran Petek>The minister promised us a zeppelin.

00:00:12.000 --> 00:00:14.000
<v A. Lind>Thank you, Goran.
"""
QUESTIONS = """\
questions:
  - id: q1
    question: What is left of the winter ferry?
    found: yes
    asked: 00:00:00.500
    answers:
      - {by: Goran Petek, from: 00:00:04, to: 00:00:08.500}
    quotes:
      - by: Goran Petek
        from: 00:00:04
        to: 00:00:08.500
        text: nine people who know how to sail
        approved: true
chapters:
  - {at: 00:00:00.500, title: The ferry}
"""
SLUG = "2025-03-12-ferry"
LATER = datetime(2025, 4, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> SeriesFolder:
    return write_series(tmp_path / "series")


def write_series(folder: Path) -> SeriesFolder:
    """A series with one episode, as people write it."""
    own = folder / "episodes" / SLUG
    own.mkdir(parents=True)
    (folder / "series.yaml").write_text(SERIES)
    (folder / "people.yaml").write_text(PEOPLE)
    (own / "episode.md").write_text(EPISODE)
    (own / "transcript.vtt").write_text(TRANSCRIPT)
    (own / "questions.yaml").write_text(QUESTIONS)
    return SeriesFolder(folder)


def run(home: SeriesFolder, as_of: datetime = LATER, *, drafts: bool = False) -> Report:
    import threading

    return build(home, Wish(as_of, drafts), dict, lambda _: None, threading.Event())


def edit(home: SeriesFolder, name: str, old: str, new: str) -> None:
    file = home.episode(SLUG).root / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def public_text(folder: Path) -> str:
    return "\n".join(p.read_text("utf-8", "replace") for p in sorted(folder.rglob("*")) if p.is_file())


def page(home: SeriesFolder, *, drafts: bool = False) -> str:
    root = home.preview / "public" if drafts else home.public
    return (root / SLUG / "index.html").read_text("utf-8")


def test_an_approved_episode_is_published_with_all_that_its_page_should_say(home: SeriesFolder) -> None:
    report = run(home)
    assert report.well, report.problems
    text = page(home)
    for said in (
        "The last winter ferry",
        "Goran Petek",
        "Captain",
        "Selna Ferry Cooperative",
        "Senior Fellow",
        "What is left of the winter ferry?",
        "nine people who",
        "#HarbourDebrief",
        "An online interview series.",
        "has not been checked",
    ):
        assert said in text, said
    names = {p.name for p in (home.public / SLUG).iterdir()}
    assert {
        "transcript.vtt",
        "transcript.srt",
        "transcript.json",
        "transcript.html",
        "transcript.md",
    } <= names


def test_nothing_is_public_that_nobody_approved(home: SeriesFolder) -> None:
    edit(home, "episode.md", "approved: {by: Ada Lind, on: 2025-03-13}\n", "")
    assert run(home).well
    assert not (home.public / SLUG).exists()
    assert "winter ferry" not in public_text(home.public)
    assert run(home, drafts=True).well
    assert "Draft" in page(home, drafts=True)
    assert "noindex" in page(home, drafts=True)
    assert "winter ferry" not in public_text(home.public)


def test_an_unapproved_quote_stays_in_the_preview(home: SeriesFolder) -> None:
    run(home)
    assert page(home).count("nine people who") > 1, "control: the approved quote stands beside the transcript"
    edit(home, "questions.yaml", "        approved: true\n", "")
    run(home)
    assert page(home).count("nine people who") == 1


def test_an_episode_without_a_recording_is_announced(home: SeriesFolder) -> None:
    for name in ("transcript.vtt", "questions.yaml"):
        (home.episode(SLUG).root / name).unlink()
    assert run(home, datetime(2025, 3, 1, tzinfo=UTC)).well
    assert "The last winter ferry" in page(home)
    assert "<item>" not in (home.public / "feed.xml").read_text()


def test_the_day_of_publication_decides_what_is_shown(home: SeriesFolder) -> None:
    run(home, datetime(2025, 3, 12, 10, tzinfo=UTC))
    assert "nine people" not in public_text(home.public), "noon in Tirane is 11:00 UTC"
    run(home, datetime(2025, 3, 12, 12, tzinfo=UTC))
    assert "nine people" in public_text(home.public)


def test_what_is_off_the_record_is_nowhere(home: SeriesFolder) -> None:
    run(home)
    assert "zeppelin" in public_text(home.public), "control: it is there as long as nobody marks it"
    edit(home, "episode.md", "approved:", "off_record: [00:00:08.600 - 00:00:12]\napproved:")
    run(home)
    assert "zeppelin" not in public_text(home.public)
    assert "Thank you, Goran." in public_text(home.public)


def test_an_approved_quote_that_no_longer_stands_stops_the_build(home: SeriesFolder) -> None:
    before = run(home).published
    edit(home, "transcript.vtt", "nine people", "ten people")
    report = run(home)
    assert report.published is None
    (problem,) = [p for p in report.problems if p.grave]
    assert problem.place.path.endswith("questions.yaml")
    assert problem.place.line > 1
    assert "nine people" in problem.says
    assert "ten people" in problem.says
    assert release.current(home.root).release == before.release  # type: ignore[union-attr]  # both are there
    assert "nine people" in page(home), "the old site stands"


def test_nothing_changed_makes_no_new_release(home: SeriesFolder) -> None:
    first, second = run(home).published, run(home)
    assert first is not None
    assert second.published is not None
    assert first.changed
    assert not second.published.changed
    assert second.rendered == ()
    assert second.kept == 1


def settle(home: SeriesFolder) -> None:
    """As if everything had been left alone for an hour."""
    for path in home.root.rglob("*"):
        if path.is_file() and not path.is_relative_to(home.machine) and not path.is_relative_to(home.public):
            about = path.stat()
            os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns - 3_600_000_000_000))


def test_where_nothing_changed_no_receipt_is_read(
    home: SeriesFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(home)
    first, looked = run(home), run(home)
    assert still.read(home.root) is not None
    monkeypatch.setattr(standing, "current", lambda _: pytest.fail("the receipt was read"))
    again = run(home)
    assert looked.published
    assert again.published
    assert first.published
    assert (again.published.release, again.published.changed) == (first.published.release, False)
    assert (again.kept, again.problems) == (looked.kept, looked.problems) == (1, ())


def test_a_site_that_was_copied_stands_as_soon_as_it_was_read_once(
    home: SeriesFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(home)
    run(home)
    run(home)
    for path in home.public.rglob("*.html"):
        os.utime(path)  # what a copy does: the same content with other times
    assert run(home).published
    monkeypatch.setattr(standing, "current", lambda _: pytest.fail("the receipt was read"))
    assert run(home).published


def _corrected(home: SeriesFolder) -> None:
    edit(home, "transcript.vtt", "zeppelin", "airship!")


def _tagline(home: SeriesFolder) -> None:
    home.series_yaml.write_text(SERIES.replace("An online", "Another online"))


def _theme(home: SeriesFolder) -> None:
    home.theme.mkdir()
    (home.theme / "style.css").write_text("body { color: teal }")


def _spoilt(home: SeriesFolder) -> None:
    (home.public / SLUG / "index.html").write_text("by hand")


def _deleted(home: SeriesFolder) -> None:
    (home.public / "index.html").unlink()


def _added(home: SeriesFolder) -> None:
    home.episode("2025-03-13-new").root.mkdir()


@pytest.mark.parametrize("change", [_corrected, _tagline, _theme, _spoilt, _deleted, _added])
@pytest.mark.parametrize("aged", [False, True])
def test_whatever_changed_is_seen(
    home: SeriesFolder, change: Callable[[SeriesFolder], None], aged: bool
) -> None:
    settle(home)
    run(home)
    run(home)
    assert still.read(home.root) is not None
    before = public_text(home.public)
    change(home)
    if aged:
        settle(home)
    report = run(home)
    assert (report.published and report.published.changed) or report.problems
    assert public_text(home.public) != before or change in (_spoilt, _deleted, _added)
    assert not release.damaged(home.root)


def test_a_new_theme_makes_anew_what_it_changes_and_nothing_else(
    home: SeriesFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(home)
    _theme(home)
    made: list[str] = []
    for output in outputs.episode_outputs():
        name, render = output.NAME, output.render

        def counted(edition: Edition, name: str = name, render: Any = render) -> Mapping[str, bytes]:
            made.append(name)
            found: Mapping[str, bytes] = render(edition)
            return found

        monkeypatch.setattr(output, "render", counted)
    assert run(home).rendered == (SLUG,)
    assert sorted(made) == ["embed", "page"]
    assert "color: teal" in public_text(home.public)
    made.clear()
    edit(home, "transcript.vtt", "zeppelin", "airship")
    (home.theme / "style.css").write_text("body { color: olive }")
    run(home)
    assert len(made) == len(outputs.episode_outputs()), "an episode that changed too is made whole"
    afresh = write_series(tmp_path / "afresh")
    shutil.copytree(home.theme, afresh.theme)
    edit(afresh, "transcript.vtt", "zeppelin", "airship")
    run(afresh)
    assert files_of(home.public) == files_of(afresh.public)
    (home.theme / "style.css").write_text("body { color: teal }")
    shutil.copytree(home.theme, afresh.theme, dirs_exist_ok=True)
    run(home)
    shutil.rmtree(afresh.machine)
    shutil.rmtree(afresh.public)
    run(afresh)
    assert files_of(home.public) == files_of(afresh.public)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_day_that_comes_or_is_taken_back_is_seen(home: SeriesFolder) -> None:
    early, late = datetime(2025, 3, 1, tzinfo=UTC), LATER
    settle(home)
    for as_of in (early, late, early, late):
        run(home, as_of)
        run(home, as_of)
        assert still.read(home.root) is not None
        assert ("zeppelin" in public_text(home.public)) == (as_of == late)


def test_only_what_changed_is_rendered_again(home: SeriesFolder) -> None:
    other = home.root / "episodes/2025-02-01-other"
    other.mkdir()
    (other / "episode.md").write_text(
        EPISODE.replace("000000000001", "000000000002")
        .replace("last winter", "other")
        .replace("-03-12", "-02-01")
    )
    run(home)
    edit(home, "episode.md", "What is left", "What remains")
    report = run(home)
    assert report.rendered == (SLUG,)
    assert report.kept == 1
    assert "What remains of the winter ferry?" in page(home)
    assert (home.public / "2025-02-01-other/index.html").is_file()


def test_an_episode_that_is_deleted_leaves_the_site(home: SeriesFolder) -> None:
    import shutil

    run(home)
    shutil.rmtree(home.episode(SLUG).root)
    assert run(home).well
    assert not (home.public / SLUG).exists()
    assert "winter ferry" not in public_text(home.public)


def test_a_problem_of_a_draft_does_not_stop_the_others(home: SeriesFolder) -> None:
    draft = home.root / "episodes/2025-05-01-draft"
    draft.mkdir()
    (draft / "episode.md").write_text("---\nid: x\ntitle: Draft\ndate: 2025-05-01\n---\n")
    (draft / "transcript.vtt").write_text("no transcript at all")
    report = run(home)
    assert report.published is not None
    assert any(p.place.path.endswith("transcript.vtt") for p in report.problems)
    assert not report.well, "the exit code says that something is to be mended"


def test_all_problems_of_all_files_are_told_at_once(home: SeriesFolder) -> None:
    edit(home, "episode.md", "date: 2025-03-12", "date: 12.3.2025\ntilte: again")
    edit(home, "questions.yaml", "asked: 00:00:00.500", "asked: 61:99")
    report = run(home)
    found = {(p.place.path.rpartition("/")[2], p.place.line) for p in report.problems}
    assert {("episode.md", 4), ("episode.md", 5), ("questions.yaml", 5)} <= found
    assert all(p.hint for p in report.problems if p.grave)


def test_copies_of_a_sync_service_are_problems(home: SeriesFolder) -> None:
    copy = home.episode(SLUG).root / "episode (Ada's conflicted copy 2025-03-12).md"
    copy.write_text(EPISODE)
    assert any("second copy of episode.md" in p.says for p in run(home).problems)


def test_a_card_is_drawn_once_and_again_only_when_what_is_on_it_changed(
    home: SeriesFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = cards.draw

    def counted(drawing: cards.Drawing) -> bytes:
        drawn.append(drawing.words)
        return draw(drawing)

    monkeypatch.setattr(cards, "draw", counted)

    def pictures() -> set[str]:
        return {p.name for p in (home.public / SLUG).glob("card-*.png") if p.stat().st_size > 1000}

    run(home)
    assert len(drawn) == len(pictures()) == 2, "one of the episode, one of its quote"
    first = pictures()
    edit(home, "transcript.vtt", "a zeppelin", "an airship")
    assert run(home).rendered == (SLUG,)
    assert len(drawn) == 2
    assert pictures() == first
    edit(home, "episode.md", "The last winter ferry", "The last ferry")
    run(home)
    assert drawn[2:] == ["The last ferry"]
    assert len(pictures() & first) == 1


@pytest.mark.parametrize("name", ["people", "Tags", "feed.xml"])
def test_no_episode_takes_the_address_of_a_page_of_the_series(home: SeriesFolder, name: str) -> None:
    run(home)
    before = public_text(home.public)
    (home.root / "episodes" / SLUG).rename(home.root / "episodes" / name)
    report = run(home)
    assert report.published is None
    assert [p.place.path for p in report.problems if "something else" in p.says] == [f"episodes/{name}"]
    assert public_text(home.public) == before


def test_many_episodes_come_out_of_worker_processes_as_they_do_one_by_one(
    home: SeriesFolder, tmp_path: Path
) -> None:
    import threading

    from onrecord.flow.many import ENOUGH
    from onrecord.make.workers import Workers

    for n in range(ENOUGH):
        own = home.episode(f"2025-02-{n + 1:02d}-again")
        shutil.copytree(home.episode(SLUG).root, own.root)
        text = EPISODE.replace("000000000001", f"00000000{n:04d}0").replace(
            "2025-03-12", f"2025-02-{n + 1:02d}"
        )
        own.episode_md.write_text(text.replace("last", "first", n % 2))
    other = SeriesFolder(tmp_path / "copy")
    shutil.copytree(home.root, other.root)
    pool, told = Workers(2), list[Event]()
    try:
        many = build(home, Wish(LATER), lambda: {"cpu": pool}, told.append, threading.Event())
    finally:
        pool.shutdown(cancel_futures=True)
    one_by_one = run(other)
    assert many.published
    assert many.published == one_by_one.published
    rendered = [e for e in told if e.step == "render" and e.total]
    assert [e.done for e in rendered] == list(range(1, ENOUGH + 2))
    assert {e.total for e in rendered} == {ENOUGH + 1}
    assert all(e.seconds_left is not None for e in rendered)
    assert told[-1].what == "putting the site together"
    assert many.rendered == one_by_one.rendered
    assert len(many.rendered) == ENOUGH + 1
    assert not (home.machine / "releases/ready").exists()


def test_the_search_index_is_kept_until_words_change(
    home: SeriesFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from onrecord.outputs import shards

    def index(of: SeriesFolder) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in (of.public / "search").glob("*.bin")}

    def anew() -> dict[str, bytes]:
        again = SeriesFolder(tmp_path / f"again{len(merged)}")
        shutil.copytree(home.root, again.root, ignore=shutil.ignore_patterns("public", ".onrecord"))
        run(again)
        return index(again)

    run(home)
    first = index(home)
    merged = []
    merge = shards.of_files

    def noted(names: Iterable[str], read: Callable[[str], bytes]) -> Mapping[str, bytes]:
        merged.append(names)
        return merge(names, read)

    monkeypatch.setattr(shards, "of_files", noted)
    edit(home, "questions.yaml", "title: The ferry", "title: The ship")
    assert run(home).rendered == (SLUG,)
    assert index(home) == first
    edit(home, "transcript.vtt", "zeppelin", "balloon")
    assert run(home).rendered == (SLUG,)
    assert not merged
    assert index(home) != first
    assert index(home) == anew()
    (home.public / "search/index.bin").unlink()
    merged.clear()
    run(home)
    assert len(merged) == 1
    assert index(home) == anew()


def test_a_search_index_that_is_not_as_it_was_made_is_made_anew(home: SeriesFolder) -> None:
    run(home)
    made = {p: p.read_bytes() for p in (home.public / "search").glob("[0-9]*.bin")}
    assert made
    for path in made:  # a disk that forgets, which no time or size tells
        about = path.stat()
        path.write_bytes(bytes(about.st_size))
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    edit(home, "transcript.vtt", "zeppelin", "balloon")
    run(home)
    edit(home, "transcript.vtt", "balloon", "zeppelin")
    run(home)
    assert {p: p.read_bytes() for p in made} == made


def test_reproducible_to_the_byte(home: SeriesFolder, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(home.root, tmp_path / "again")
    again = SeriesFolder(tmp_path / "again")
    run(home)
    run(again, datetime(2026, 1, 1, tzinfo=UTC))
    one = {p.relative_to(home.public): p.read_bytes() for p in home.public.rglob("*") if p.is_file()}
    two = {p.relative_to(again.public): p.read_bytes() for p in again.public.rglob("*") if p.is_file()}
    assert one == two


def onrecord(*args: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "onrecord", *args]
    return subprocess.run(command, capture_output=True, text=True, input=stdin, check=False)


def test_one_writer_at_a_time(home: SeriesFolder) -> None:
    with writer(home.root, "build"):
        busy = onrecord("-C", home.root, "build")
    assert busy.returncode == 75
    assert "onrecord build" in busy.stderr
    assert "process" in busy.stderr
    assert onrecord("-C", home.root, "build").returncode == 0


def test_the_exit_codes(home: SeriesFolder, tmp_path: Path) -> None:
    assert onrecord("-C", tmp_path, "build").returncode == 1
    assert onrecord("nonsense").returncode == 2
    edit(home, "episode.md", "date: 2025-03-12", "date: soon")
    wrong = onrecord("-C", home.root, "build")
    assert wrong.returncode == 1
    assert "episode.md:4:7" in wrong.stderr
    assert "date: soon" in wrong.stderr
    assert "hint:" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_the_json_face(home: SeriesFolder) -> None:
    built = json.loads(onrecord("-C", home.root, "build", "--json", "--as-of", "2025-04-01").stdout)
    assert built["changed"]
    assert built["rendered"] == [SLUG]
    (status,) = json.loads(onrecord("-C", home.root, "status", "--json", "--as-of", "2025-04-01").stdout)
    assert status["state"] == "published"


def test_signing_changes_one_line_and_keeps_the_version_before(home: SeriesFolder) -> None:
    file = home.episode(SLUG).episode_md
    before = file.read_bytes()
    done = onrecord("-C", home.root, "accept", SLUG, "--checked-by", "Ada Lind", "--on", "2025-03-14")
    assert done.returncode == 0, done.stderr
    after = file.read_bytes()
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert added == [b"checked: {by: Ada Lind, on: 2025-03-14}"]
    assert after.replace(added[0] + b"\n", b"") == before
    kept = list((home.machine / "history").rglob("*-*"))
    assert [k.read_bytes() for k in kept if k.is_file()] == [before]


def test_rollback_puts_the_release_before_back(home: SeriesFolder) -> None:
    run(home)
    edit(home, "transcript.vtt", "Thank you, Goran.", "Thanks, Goran.")
    run(home)
    assert "Thanks, Goran." in page(home)
    assert onrecord("-C", home.root, "rollback").returncode == 0
    assert "Thank you, Goran." in page(home)


def test_a_public_folder_of_somebody_else_is_left_alone(home: SeriesFolder) -> None:
    home.public.mkdir()
    (home.public / "index.html").write_text("my other site")
    done = onrecord("-C", home.root, "build")
    assert done.returncode == 1
    assert (home.public / "index.html").read_text() == "my other site"


def test_schemas_know_every_field() -> None:
    done = onrecord("schema", "episode")
    assert done.returncode == 0
    assert {"id", "title", "date", "off_record", "approved"} <= json.loads(done.stdout)["properties"].keys()
