"""What a run folder is made of, and the answers kept in it: one CSV file for each question asked afterwards."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from capplan.results.columns import spelt
from capplan.results.tables import ANSWERS

RUN_FILE = "run.json"
INSTANCE_FOLDER = "instance"
TODAY_FOLDER = "today"
"""Where a run keeps the result tables of today's capacity."""
ANSWERS_FOLDER = "answers"
"""Where a run keeps what was asked of it afterwards: what one more is worth, which assumptions could change it."""
PARTS = (RUN_FILE, INSTANCE_FOLDER, TODAY_FOLDER, ANSWERS_FOLDER)


def is_run(path: Path | str) -> bool:
    """Whether the path is a run folder."""
    return Path(path, RUN_FILE).is_file()


def read_cells(file: Path) -> pd.DataFrame:
    """A CSV file of a run, every cell as text. Raises OSError and ValueError where it cannot be read."""
    return pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")


def keep_answer(run: Path, name: str, table: pd.DataFrame) -> bool:
    """Writes a table into the run's folder, whole or not at all; False where nothing can be written there.

    A run that is solved again begins without answers.
    """
    folder = run / ANSWERS_FOLDER
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}.", dir=folder) as workshop:
            new = Path(workshop, f"{name}.csv")
            spelt(table).to_csv(new, index=False, encoding="utf-8", lineterminator="\n")
            new.replace(folder / new.name)
    except OSError:
        return False
    return True


def read_answers(run: Path) -> dict[str, pd.DataFrame]:
    """Every table that was kept, by name (`results.tables.ANSWERS`); none of a folder without answers."""
    files = {name: run / ANSWERS_FOLDER / f"{name}.csv" for name in ANSWERS}
    return {name: ANSWERS[name].typed(read_cells(file)) for name, file in files.items() if file.is_file()}
