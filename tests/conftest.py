"""What every test shares: repeatable property tests in CI, and a working directory of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# No deadline: a machine that is busy with something else fails no test.
settings.register_profile("exploring", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "exploring")


@pytest.fixture(scope="session", autouse=True)
def working_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a test writes to a relative path lands in pytest's temporary folder, not in the repository."""
    before = Path.cwd()
    elsewhere = tmp_path_factory.mktemp("working_directory")
    os.chdir(elsewhere)
    yield elsewhere
    os.chdir(before)
