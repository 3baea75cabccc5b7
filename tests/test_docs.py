"""The docs say what the code does, and what they link to is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from onrecord import outputs, steps
from onrecord.faces.cli import VERBS, onrecord_command
from onrecord.text.episode_fields import EpisodeFile
from onrecord.text.people_yaml import PersonFields
from onrecord.text.questions_yaml import QuestionsFile
from onrecord.text.series_yaml import SeriesFile

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def headings(name: str) -> set[str]:
    lines = (ROOT / "docs" / name).read_text("utf-8").splitlines()
    return {line.lstrip("# `").rstrip("` ") for line in lines if line.startswith("#")}


def test_every_verb_has_its_heading_and_its_help() -> None:
    text = (ROOT / "docs/verbs.md").read_text("utf-8")
    assert {f"onrecord {verb}" for verb in VERBS} <= headings("verbs.md")
    ctx = click.Context(onrecord_command, info_name="onrecord")
    for verb in onrecord_command.list_commands(ctx):
        command = onrecord_command.get_command(ctx, verb)
        assert command is not None
        first = (command.help or "").split(".")[0].split("\n")[0].strip()
        assert first in text


def test_every_step_and_output_has_its_heading() -> None:
    assert {step.NAME for step in steps.find()} <= headings("steps.md")
    found = {o.NAME for o in outputs.episode_outputs()} | {o.NAME for o in outputs.series_outputs()}
    found |= {o.NAME for o in outputs.picture_outputs()}
    assert found <= headings("outputs.md")


@pytest.mark.parametrize("model", [SeriesFile, PersonFields, EpisodeFile, QuestionsFile])
def test_every_setting_has_its_heading_and_a_description(model: type) -> None:
    for name, field in model.model_fields.items():  # type: ignore[attr-defined]  # a pydantic model
        assert (field.alias or name) in headings("settings.md")
        assert field.description, f"{model.__name__}.{name} says nothing of itself"


def test_generated_pages_are_what_the_code_says() -> None:
    run = subprocess.run(
        [sys.executable, ROOT / "docs/generate.py", "--check"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_dependency_has_its_reason() -> None:
    declared = set(
        re.findall(r'^    "([A-Za-z0-9-]+)[><=]', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    )
    why = (ROOT / "docs/why.md").read_text("utf-8")
    assert declared
    assert not [name for name in declared if name not in why]


def test_one_word_per_idea() -> None:
    banned = re.compile(
        r"\b(utterance|subtitle|speaker_id|diarization|redact\w*|segment_id)s?\b", re.IGNORECASE
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in (ROOT / "src").rglob("*.py")
        for match in banned.finditer(path.read_text("utf-8"))
    ]
    assert not found


def test_files_are_small_and_modules_say_what_they_are() -> None:
    for path in (ROOT / "src").rglob("*.py"):
        text = path.read_text("utf-8")
        assert text.startswith(('"""', "# ", 'r"""')), f"{path} does not open with a sentence"
        assert text.count("\n") <= 330, f"{path.relative_to(ROOT)} asks for a second room"


def test_nothing_is_committed_that_must_not_be() -> None:
    """No registry's host, no path of a machine, no material from ../shared."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    names = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(
        b"\0"
    )
    wrong = re.compile(
        rb"pythonhosted\.org|pypi\.org/simple|registry\.npmjs|deb\.debian\.org|--index-url|/root/|/home/\w"
    )
    me = Path(__file__).resolve()
    found = []
    for name in filter(None, names):
        path = ROOT / name.decode()
        if path.resolve() != me and path.is_file() and wrong.search(path.read_bytes()):
            found.append(name.decode())
    assert not found


def tutorial() -> list[str]:
    text = (ROOT / "docs/tutorial.md").read_text("utf-8")
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def test_the_tutorial_works_word_for_word(tmp_path: Path) -> None:
    script = "set -e\n" + "\n".join(tutorial())
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    env = {"PATH": path, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    run = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert (tmp_path / "debrief/public/index.html").is_file()
    page = next((tmp_path / "debrief/public").glob("2025-03-12-*/index.html")).read_text("utf-8")
    assert "What is left of the winter ferry?" in page
