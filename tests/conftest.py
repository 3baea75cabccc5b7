"""Fixtures that all tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]


# The same examples every time, so that main always passes or always fails. To look for new ones:
# HYPOTHESIS_PROFILE=explore make test
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden-update", action="store_true", help="write golden files anew; look at the diff")


def lacking(what: str) -> None:
    """Skip a test for want of something; where REQUIRE=all (in CI) that is a failure."""
    if os.environ.get("REQUIRE") == "all":
        pytest.fail(f"REQUIRE=all, and {what} is not here")
    pytest.skip(f"{what} is not here")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real material beside the project."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        lacking("../shared")
    return folder


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Compare bytes with a golden file under tests/golden; `--golden-update` writes it."""

    def compare(name: str, data: bytes) -> None:
        file = ROOT / "tests/golden" / name
        if request.config.getoption("--golden-update"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        assert file.is_file(), f"no golden file {name}; run `make golden` and look at it"
        assert data == file.read_bytes(), f"{name} differs from its golden file"

    return compare
