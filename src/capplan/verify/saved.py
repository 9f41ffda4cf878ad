"""A run folder as it lies there: what can be read of it, and all that cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from capplan.errors import Problem, Severity
from capplan.files import read_raw
from capplan.instance import Instance
from capplan.results.columns import ResultTable
from capplan.results.info import ANSWERS_FOLDER, INSTANCE_FOLDER, RUN_FILE, TODAY, read_info, stops_reading
from capplan.results.reading import read_table
from capplan.results.tables import ANSWERS, TABLES
from capplan.today import as_is

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Saved:
    """What a run folder holds, table by table; `instance` is None where it cannot be read.

    `unread` is what cannot be read, `unsaid` what run.json does not say although a run does.
    """

    info: Mapping[str, Any]
    instance: Instance | None
    tables: Tables
    today: Tables
    answers: Tables
    unread: tuple[Problem, ...]
    unsaid: tuple[Problem, ...]

    @cached_property
    def instance_today(self) -> Instance | None:
        """The instance with today's capacity fixed."""
        return None if self.instance is None else as_is(self.instance)


def read_saved(folder: Path) -> Saved:
    """Everything in a run folder; FileNotFoundError where it has no run.json."""
    if not (folder / RUN_FILE).is_file():
        raise FileNotFoundError(folder / RUN_FILE)
    info, of_info = read_info(folder)
    instance, of_instance = _instance(folder / INSTANCE_FOLDER)
    tables, of_tables = _tables(folder, TABLES, "")
    today, of_today = _tables(folder / TODAY, TABLES, f"{TODAY}/")
    answers, of_answers = _tables(folder / ANSWERS_FOLDER, ANSWERS, f"{ANSWERS_FOLDER}/")
    stops = [problem for problem in of_info if stops_reading(problem)]
    unread = (*stops, *of_instance, *of_tables, *of_today, *of_answers)
    unsaid = tuple(problem for problem in of_info if not stops_reading(problem))
    return Saved(info, instance, tables, today, answers, unread, unsaid)


def _instance(folder: Path) -> tuple[Instance | None, list[Problem]]:
    """The instance in a run, or why there is none."""
    instance, problems = Instance.from_raw(read_raw(folder))
    told = [
        replace(problem, place=INSTANCE_FOLDER if problem.rule == "folder" else _below(problem))
        for problem in problems
        if problem.severity is Severity.ERROR
    ]
    return instance, told


def _below(problem: Problem) -> str:
    return f"{INSTANCE_FOLDER}/{problem.place or problem.table}"


def _tables(
    folder: Path, records: Mapping[str, ResultTable], above: str
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Every CSV file of a folder, those that are no result tables too (without rows), so that they are noticed."""
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.csv")):
        if file.stem not in records:
            tables[file.stem] = pd.DataFrame()
            continue
        table, faults = read_table(file, records[file.stem], f"{above}{file.name}")
        problems += faults
        if table is not None:
            tables[file.stem] = table
    return tables, problems
