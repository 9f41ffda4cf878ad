"""What was asked of a run after it was saved, kept beside it: one CSV file for each question."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from capplan.errors import Problem
from capplan.results.columns import spelt
from capplan.results.tables import ANSWERS
from capplan.runs.parts import ANSWERS_FOLDER, read_tables


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


def read_answers(run: Path) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Every table that was kept, by name (`results.tables.ANSWERS`), and all that is wrong with them."""
    return read_tables(run / ANSWERS_FOLDER, ANSWERS, is_whole=False)
