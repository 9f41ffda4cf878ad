"""What was asked of a run after it was saved, kept beside it: one CSV file for each question."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from capplan.runs.parts import ANSWERS_FOLDER


def keep_answer(run: Path, name: str, table: pd.DataFrame) -> bool:
    """Writes a table into the run's folder, whole or not at all; False where nothing can be written there.

    A run that is solved again begins without answers. Columns that end in `_gbp`, and `people`, are numbers,
    those that begin with `is_` or `has_` are true or false, everything else is text.
    """
    folder = run / ANSWERS_FOLDER
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}.", dir=folder) as workshop:
            new = Path(workshop, f"{name}.csv")
            spelt = {column: table[column].map({True: "true", False: "false"}) for column in _yes_no(table)}
            table.assign(**spelt).to_csv(new, index=False, encoding="utf-8", lineterminator="\n")
            new.replace(folder / new.name)
    except OSError:
        return False
    return True


def read_answers(run: Path) -> dict[str, pd.DataFrame]:
    """Every table that was kept, by name; none of a folder without answers."""
    files = sorted(Path(run, ANSWERS_FOLDER).glob("*.csv"))
    return {file.stem: _read(file) for file in files}


def _read(file: Path) -> pd.DataFrame:
    cells = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
    numbers = {
        name: cells[name].map(lambda cell: float(cell or "nan")).astype(float)
        for name in cells.columns
        if name.endswith("_gbp") or name == "people"
    }
    return cells.assign(**numbers, **{name: cells[name].eq("true") for name in _yes_no(cells)})


def _yes_no(table: pd.DataFrame) -> list[str]:
    return [name for name in table.columns if name.startswith(("is_", "has_"))]
