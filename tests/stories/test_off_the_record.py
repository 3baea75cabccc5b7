"""Stories of passages and episodes that are taken off the record: what is deleted, what is made again."""

from __future__ import annotations

import io
import json
import shutil
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from tests.stories import test_series as ferry
from tests.stories.test_series import SLUG, edit, public_text, run

from onrecord.faces.cli import main
from onrecord.flow import off_record
from onrecord.folder import files, release
from onrecord.folder.layout import SeriesFolder

MARK = "off_record: [00:00:08.600 - 00:00:12]\n"
SECRET = "zeppelin"  # noqa: S105 - a word, not a key to anything
OTHER = "2025-02-01-other"


def onrecord(home: SeriesFolder, *args: str) -> subprocess.CompletedProcess[str]:
    """The command line in this process, which saves the second that Python takes to start."""
    command = ["onrecord", "-C", str(home.root), *args]
    out, err, argv = io.StringIO(), io.StringIO(), sys.argv
    terminate = signal.getsignal(signal.SIGTERM)
    sys.argv = command
    try:
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = argv
        signal.signal(signal.SIGTERM, terminate)
    return subprocess.CompletedProcess(command, int(ended.value.code or 0), out.getvalue(), err.getvalue())


def mark(home: SeriesFolder, line: str = MARK) -> None:
    edit(home, "episode.md", "approved:", f"{line}approved:")


def unmark(home: SeriesFolder, line: str = MARK) -> None:
    edit(home, "episode.md", line, "")


def everything(folder: Path) -> str:
    """All text below a folder, hidden files too."""
    return public_text(folder)


def site(home: SeriesFolder) -> dict[str, bytes]:
    return {
        p.relative_to(home.public).as_posix(): p.read_bytes() for p in home.public.rglob("*") if p.is_file()
    }


def saved(home: SeriesFolder, old: str, new: str) -> None:
    """Somebody saves the transcript with a tool of ours, so that a version is kept."""
    file = home.episode(SLUG).transcript
    text = file.read_text()
    assert old in text
    files.save(file, text.replace(old, new).encode(), keep_history=home.root)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SeriesFolder:
    """A series with another episode, two releases, a preview and a saved version, all of which hold it."""
    home = ferry.write_series(tmp_path_factory.mktemp("marks") / "series")
    other = home.root / "episodes" / OTHER
    other.mkdir()
    (other / "episode.md").write_text(
        ferry.EPISODE.replace("000000000001", "000000000002")
        .replace("last winter", "other")
        .replace("-03-", "-02-")
    )
    run(home)
    run(home, drafts=True)
    saved(home, "Thank you, Goran.", "Thanks, Goran.")
    run(home)
    for folder in (home.public, home.machine / "releases", home.preview, home.machine / "history"):
        assert SECRET in everything(folder), f"control: {folder} holds it"
    return home


@pytest.fixture
def full(built: SeriesFolder, tmp_path: Path) -> SeriesFolder:
    """A copy of it."""
    shutil.copytree(built.root, tmp_path / "series")
    return SeriesFolder(tmp_path / "series")


def test_a_mark_deletes_every_copy_that_holds_the_passage(full: SeriesFolder) -> None:
    mark(full)
    report = run(full)
    assert report.well, report.problems
    assert SECRET not in everything(full.public)
    assert SECRET not in everything(full.machine)
    assert "Thanks, Goran." in public_text(full.public)
    assert (report.cleared.releases, report.cleared.versions) == (3, 1)
    assert report.cleared.withheld == (SLUG,)
    own = full.episode(SLUG)
    assert SECRET in own.transcript.read_text(), "the person's own files are left alone"


def test_only_the_marked_episode_is_rendered_again(full: SeriesFolder) -> None:
    before = {p: p.stat().st_ino for p in (full.public / OTHER).rglob("*") if p.is_file()}
    mark(full)
    report = run(full)
    assert report.rendered == (SLUG,)
    assert report.kept == 1
    assert before == {p: p.stat().st_ino for p in (full.public / OTHER).rglob("*") if p.is_file()}
    again = run(full)
    assert again.rendered == ()
    assert not again.cleared


def test_a_mark_moved_deletes_what_holds_the_rest_and_a_smaller_one_deletes_nothing(
    full: SeriesFolder,
) -> None:
    mark(full)
    run(full)
    edit(full, "episode.md", "00:00:08.600 - 00:00:12", "00:00:08.600 - 00:00:14")
    wider = run(full)
    assert wider.cleared.withheld == (SLUG,)
    assert "Thanks, Goran." not in everything(full.public) + everything(full.machine)
    edit(full, "episode.md", "00:00:08.600 - 00:00:14", "00:00:08.600 - 00:00:12")
    smaller = run(full)
    assert not smaller.cleared
    assert smaller.rendered == (SLUG,)
    assert "Thanks, Goran." in everything(full.public)


def test_unmarking_restores_the_same_bytes(full: SeriesFolder) -> None:
    before = site(full)
    mark(full)
    run(full)
    assert site(full) != before
    unmark(full)
    report = run(full)
    assert not report.cleared
    assert site(full) == before


def test_a_mark_beyond_the_cut_deletes_nothing(full: SeriesFolder) -> None:
    mark(full, "off_record: [00:10:00 - 00:11:00]\n")
    assert not run(full).cleared
    assert release.previous(full.root) is not None


def test_rollback_across_the_mark_is_refused_before_and_after_the_build(full: SeriesFolder) -> None:
    assert onrecord(full, "rollback").returncode == 0, "control: without a mark it works"
    assert onrecord(full, "rollback").returncode == 0
    mark(full)
    refused = onrecord(full, "rollback")
    assert refused.returncode == 1
    assert "off the record since" in refused.stderr
    run(full)
    gone = onrecord(full, "rollback")
    assert gone.returncode == 1
    assert "no earlier release" in gone.stderr
    edit(full, "episode.md", "What is left", "What remains")
    run(full)
    assert onrecord(full, "rollback").returncode == 0, (
        "a later release may go back to one without the passage"
    )
    assert SECRET not in everything(full.public)


def test_rollback_asks_that_every_episode_can_be_read(full: SeriesFolder) -> None:
    edit(full, "episode.md", "date: 2025-03-12", "date: soon")
    refused = onrecord(full, "rollback")
    assert refused.returncode == 1
    assert "episode.md:4" in refused.stderr


def test_a_problem_that_stops_the_build_does_not_keep_the_passage_public(full: SeriesFolder) -> None:
    edit(full, "questions.yaml", "text: nine people who know how to sail", "text: promised us a zeppelin")
    edit(
        full,
        "questions.yaml",
        "from: 00:00:04\n        to: 00:00:08.500",
        "from: 00:00:09\n        to: 00:00:12",
    )
    assert run(full).well
    assert "promised us a zeppelin" in public_text(full.public / "people")
    mark(full)
    report = run(full)
    assert report.published is None, "the approved quote lies in the passage"
    assert report.cleared.withheld == (SLUG,)
    assert SECRET not in everything(full.public)
    assert SECRET not in everything(full.machine)
    assert (full.public / OTHER / "index.html").is_file()


def test_a_problem_of_another_episode_does_not_keep_it_public(full: SeriesFolder) -> None:
    (full.episode(OTHER).root / "transcript.vtt").write_text("no transcript at all")
    mark(full)
    report = run(full)
    assert report.published is None
    assert SECRET not in everything(full.public)
    assert (full.public / OTHER / "index.html").is_file()


def test_a_series_that_cannot_be_read_is_told_that_it_is_still_public(full: SeriesFolder) -> None:
    (full.root / "series.yaml").write_text("title: [")
    mark(full)
    report = run(full)
    assert report.published is None
    assert any("still holds what is off the record" in p.says for p in report.problems)
    assert SECRET not in everything(full.machine / "history")


def test_an_episode_whose_folder_was_renamed_is_still_the_same(full: SeriesFolder) -> None:
    mark(full)
    renamed = full.episode("2025-03-12-the-ferry").root
    full.episode(SLUG).root.rename(renamed)
    report = run(full)
    assert report.cleared.withheld == ("2025-03-12-the-ferry",)
    assert SECRET not in everything(full.public)
    assert SECRET not in everything(full.machine / "releases")


def test_a_lost_manifest_counts_as_one_that_holds_it(full: SeriesFolder) -> None:
    for manifest in (full.machine / "releases").glob("*.json"):
        manifest.unlink()
    mark(full)
    run(full)
    assert SECRET not in everything(full.public)
    assert SECRET not in everything(full.machine)


def test_a_preview_deletes_its_own_copies_and_leaves_public_alone(full: SeriesFolder) -> None:
    mark(full)
    before = site(full)
    run(full, drafts=True)
    assert site(full) == before
    assert SECRET not in everything(full.preview)
    run(full)
    assert SECRET not in everything(full.public)


def test_a_whole_episode_leaves_a_notice_and_nothing_else(full: SeriesFolder) -> None:
    mark(full, "withdrawn: {on: 2025-04-01, reason: At the wish of those who took part.}\n")
    report = run(full)
    assert report.well, report.problems
    assert [p.name for p in (full.public / SLUG).iterdir()] == ["index.html"]
    notice = (full.public / SLUG / "index.html").read_text()
    assert "withdrawn on" in notice
    assert "1 April 2025" in notice
    assert "At the wish of those who took part." in notice
    assert "noindex" in notice
    text = public_text(full.public)
    for gone in ("The last winter ferry", "nine people", SECRET, f'{SLUG}/index.html">'):
        assert gone not in text, gone
    assert "The other ferry" in text, "control: the other episode is there"
    for gone in ("nine people", SECRET):
        assert gone not in everything(full.machine)
    assert SLUG not in (full.public / "sitemap.xml").read_text()
    assert onrecord(full, "rollback").returncode == 1
    again = run(full)
    assert again.rendered == ()
    unmark(full, "withdrawn: {on: 2025-04-01, reason: At the wish of those who took part.}\n")
    assert run(full).well
    assert "nine people" in public_text(full.public)


def test_a_draft_that_is_withdrawn_leaves_no_notice(full: SeriesFolder) -> None:
    edit(full, "episode.md", "approved: {by: Ada Lind, on: 2025-03-13}\n", "withdrawn: {on: 2025-04-01}\n")
    assert run(full).well
    assert not (full.public / SLUG).exists()


def test_takedown_of_a_passage_says_what_it_will_do_does_it_and_lists_the_rest(full: SeriesFolder) -> None:
    edit(full, "episode.md", "approved:", "links: {youtube: https://video.example.org/1}\napproved:")
    before = full.episode(SLUG).episode_md.read_bytes()
    passage = ("--passage", "00:00:08.600-00:00:12")
    for extra in (("--dry-run",), ()):
        shown = onrecord(full, "takedown", SLUG, *passage, *extra)
        assert shown.returncode == 0, shown.stderr
        assert "nothing was done" in shown.stdout
        assert "the release one step back is deleted" in shown.stdout
        assert "1 saved version" in shown.stdout
        assert "https://video.example.org/1" in shown.stdout
        assert full.episode(SLUG).episode_md.read_bytes() == before
    assert SECRET in public_text(full.public)
    done = onrecord(full, "takedown", SLUG, *passage, "--yes")
    assert done.returncode == 0, done.stderr
    assert "https://video.example.org/1" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if str(full.root) not in line) <= 80
    added = set(full.episode(SLUG).episode_md.read_text().splitlines()) - set(before.decode().splitlines())
    assert added == {"off_record:", "  - 00:00:08.600 - 00:00:12"} or len(added) == 1
    assert SECRET not in everything(full.public)
    assert SECRET not in everything(full.machine)
    again = onrecord(full, "takedown", SLUG, *passage, "--yes")
    assert again.returncode == 0
    assert "says so already" in again.stdout


def test_takedown_of_a_second_passage_keeps_the_first(full: SeriesFolder) -> None:
    mark(full)
    done = onrecord(
        full, "takedown", SLUG, "--passage", "0:12-0:14", "--reason", "A name was wrong.", "--yes"
    )
    assert done.returncode == 0, done.stderr
    text = full.episode(SLUG).episode_md.read_text()
    assert "off_record: [00:00:08.600 - 00:00:12, 00:00:12 - 00:00:14]" in text
    assert "A name was wrong." in public_text(full.public / SLUG)
    assert "Thanks, Goran." not in public_text(full.public)


def test_takedown_of_an_episode_writes_the_field_and_publishes_the_notice(full: SeriesFolder) -> None:
    done = onrecord(full, "takedown", SLUG, "--reason", "Asked for.", "--yes")
    assert done.returncode == 0, done.stderr
    assert "withdrawn: {on: " in full.episode(SLUG).episode_md.read_text()
    assert "Asked for." in (full.public / SLUG / "index.html").read_text()
    status = json.loads(onrecord(full, "status", SLUG, "--json").stdout)[0]
    assert status["state"] == "withdrawn"
    assert status["due"] == []
    assert status["waits"] == []


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("nobody", "--yes"), 2),
        ((SLUG, "--passage", "noon", "--yes"), 2),
        ((SLUG, "--passage", "0:14-0:12", "--yes"), 2),
        ((SLUG, "--passage", "0:12", "--yes"), 2),
    ],
)
def test_takedown_of_nothing_is_told(full: SeriesFolder, args: tuple[str, ...], code: int) -> None:
    before = full.episode(SLUG).episode_md.read_bytes()
    assert onrecord(full, "takedown", *args).returncode == code
    assert full.episode(SLUG).episode_md.read_bytes() == before


def test_what_holds_nothing_any_more_stays(full: SeriesFolder) -> None:
    """A version from before the passage was transcribed, and one of episode.md, tell nothing."""
    own = full.episode(SLUG)
    files.save(own.episode_md, own.episode_md.read_bytes() + b"\nMore.\n", keep_history=full.root)
    text = own.transcript.read_text()
    own.transcript.write_text(text.split("00:00:09.000")[0])
    saved(full, "One ship", "A ship")
    own.transcript.write_text(text)
    mark(full)
    (found,) = off_record.find([own])
    assert len(off_record.versions(full, found)) == 1
    run(full)
    kept = [p for p in (full.machine / "history").rglob("*") if p.is_file()]
    assert len(kept) == 2


def test_a_transcript_on_the_published_clock_is_not_read_a_passage_too_late(full: SeriesFolder) -> None:
    """Its times are those of the cut as it was; after a mark they would mean other words."""
    edit(full, "episode.md", "approved:", "transcript: {clock: programme}\napproved:")
    assert run(full).well
    assert SECRET in page_text(full)
    mark(full)
    for _ in range(2):
        report = run(full)
        assert report.published is None
        assert any("cut before a passage was taken off" in p.says for p in report.problems)
        assert SECRET not in everything(full.public)
    text = full.episode(SLUG).transcript.read_text()
    passage = text[text.index("00:00:09.000") : text.index("00:00:12.000 -->")]
    full.episode(SLUG).transcript.write_text(
        text.replace(passage, "").replace("00:00:12.000 -->", "00:00:08.600 -->")
    )
    report = run(full)
    assert report.well, report.problems
    assert "nine people" in page_text(full)
    assert SECRET not in everything(full.public)
    assert run(full).rendered == ()


def page_text(home: SeriesFolder) -> str:
    return public_text(home.public / SLUG)
