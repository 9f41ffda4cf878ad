"""A command line to call in this process, and the tiny instance to call it with."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from capplan.cli import cli

REPOSITORY = Path(__file__).parents[2]
Call = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own, in which commands are called."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def capplan(here: Path) -> Call:
    """`capplan("solve", "tiny")`: stdout, stderr and exit_code of the command; bugs keep their traceback."""
    assert here.is_dir()
    return lambda *args: CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def tiny(here: Path, capplan: Call) -> Path:
    """A copy of the tiny instance to spoil."""
    assert capplan("new", "tiny", "-q").exit_code == 0
    return here / "tiny"


@dataclass(frozen=True)
class Solved:
    """What `capplan solve tiny -v` printed, and the folder that it was called in."""

    stdout: str
    stderr: str
    folder: Path


@pytest.fixture(scope="session")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Solved:
    """The tiny instance solved once, for tests that only look."""
    folder = tmp_path_factory.mktemp("solved")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        shutil.copytree(REPOSITORY / "instances" / "tiny", folder / "tiny")
        result = CliRunner().invoke(cli, ["solve", "tiny", "-v"], catch_exceptions=False)
    assert result.exit_code == 0
    return Solved(result.stdout, result.stderr, folder)


def replace(file: Path, old: str, new: str) -> None:
    """Changes the text of a file; the old text has to be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
