"""What a run folder is made of, and the answers kept in it: one CSV file for each question asked afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from capplan.errors import Problem
from capplan.results.columns import ResultTable, spelt
from capplan.results.info import ANSWERS_FOLDER, INSTANCE_FOLDER, RUN_FILE, TODAY
from capplan.results.reading import read_table
from capplan.results.tables import ANSWERS

PARTS = (RUN_FILE, INSTANCE_FOLDER, TODAY, ANSWERS_FOLDER)


def is_run(path: Path | str) -> bool:
    """Whether the path is a run folder."""
    return Path(path, RUN_FILE).is_file()


def read_tables(
    folder: Path, records: Mapping[str, ResultTable], *, is_whole: bool = True
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """The tables of a run in a folder, and all that is wrong with them.

    What runs of before do not have may be missing, and every table where the folder need not be `is_whole`.
    """
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    above = "" if is_run(folder) else f"{folder.name}/"
    for name, record in records.items():
        file = folder / f"{name}.csv"
        if not (file.exists() or file.is_symlink()):
            if is_whole and not (record.is_later or record.needs):
                problems.append(Problem(name, "file", "is missing", place=f"{above}{file.name}"))
            continue
        table, faults = read_table(file, record, f"{above}{file.name}")
        problems += faults
        if table is not None:
            problems += _other_columns(record, table, f"{above}{file.name}")
            tables[name] = table
    return tables, problems


def _other_columns(record: ResultTable, table: pd.DataFrame, place: str) -> Iterator[Problem]:
    """Columns that a table of a run does not have, and those that it always has and this one does not."""
    for name in table.columns:
        if name not in record:
            yield Problem(record.name, "columns", f"there is no column {name} in a run", place=place)
    for column in record.columns:
        if column.name not in table and not column.is_later:
            yield Problem(record.name, "columns", f"the column {column.name} is missing", place=place)
    if set(record.key) <= set(table.columns) and table.duplicated(list(record.key)).any():
        message = f"two rows have the same {', '.join(record.key)}"
        yield Problem(record.name, "rows_unique", message, place=place)


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
