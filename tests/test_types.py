"""What mypy sees of the model: a misspelt name of a set or variable is an error, not a surprise in a run."""

import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[1] / "src"
SNIPPET = """
from capplan.formulation.model import Model

def days_of(m: Model) -> float:
    return float(m.{name}[0])
"""


@pytest.mark.parametrize(("name", "is_known"), [("days", True), ("dayz", False), ("startz", False)])
def test_mypy_knows_the_names_of_the_model(tmp_path, name, is_known):
    pytest.importorskip("mypy")
    snippet = tmp_path / "snippet.py"
    snippet.write_text(SNIPPET.format(name=name), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--follow-imports=silent",
        "--cache-dir",
        str(SOURCES.parent / ".mypy_cache"),
    ]
    told = subprocess.run(
        [*command, "--config-file", str(SOURCES.parent / "pyproject.toml"), str(snippet)],
        capture_output=True,
        text=True,
        cwd=SOURCES,
        check=False,
    )
    assert (told.returncode == 0) is is_known, told.stdout
    assert is_known or f'"Model" has no attribute "{name}"' in told.stdout


def test_no_model_is_any():
    texts = [path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py")]
    assert sum(text.count("m: Any") + text.count("model: Any") for text in texts) == 0
