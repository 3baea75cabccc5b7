"""Fixtures that all tests share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
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


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a scheduler with two worker processes on this machine, which know the scripted steps."""
    if find_spec("distributed") is None:
        lacking("dask.distributed")
    from distributed import LocalCluster

    sys.path.insert(0, str(ROOT / "tests/scripted"))  # workers get the path as it is when they start
    with LocalCluster(  # type: ignore[no-untyped-call] # dask has no types
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", memory_limit=0
    ) as running:
        yield running.scheduler_address
    sys.path.remove(str(ROOT / "tests/scripted"))


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
