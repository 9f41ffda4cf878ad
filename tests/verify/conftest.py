"""A plan of two weeks that was worked out by hand: a care home, two teams, a crew, a ward, eleven people a week.

It lies in `two_weeks/` as a run folder. Both weeks are in February 2018 (28 days), so that each is a quarter of a
month and of the months' prices. Stays are fixed: who starts at a random moment of a week and stays 7 days spends 3.5
of them in this week and 3.5 in the next; who stays 14 days spends 3.5 in this week and 7 in the next. Six discharges a
week are two beyond the baseline and free 14 acute bed days, less 6 for the 1.2 people who come back for 5 days: enough
for a ward of one bed, which closes in the second week and releases half of £400 a month for half a week of it.
"""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from capplan.files import read
from capplan.instance import Instance

TWO_WEEKS = Path(__file__).parent / "two_weeks"


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, two_weeks: Instance) -> Path:
    """The run folder, which says whose plan it is; copy it before you change anything."""
    folder = shutil.copytree(TWO_WEEKS, tmp_path_factory.mktemp("runs") / "two_weeks")
    info = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    said = json.dumps({**info, "fingerprint": two_weeks.fingerprint})
    (folder / "run.json").write_text(said, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def two_weeks() -> Instance:
    """The instance."""
    return read(TWO_WEEKS / "instance")


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    """The result tables, every number worked out by hand."""
    return {file.stem: pd.read_csv(file) for file in TWO_WEEKS.glob("*.csv")}


@pytest.fixture
def results(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The result tables, to change."""
    return {name: frame.copy() for name, frame in tables.items()}
