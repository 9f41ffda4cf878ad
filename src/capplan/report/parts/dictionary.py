"""The data dictionary: what stands in the tables of a run and of its instance."""

from __future__ import annotations

from collections.abc import Sequence

from capplan.report.blocks import Part, Table
from capplan.report.subject import Subject
from capplan.results.describe import key_of
from capplan.results.tables import TABLES as RESULTS
from capplan.schema.describe import describe
from capplan.schema.tables import TABLES
from capplan.sections import Grid

COLUMNS = ("table", "column", "unit", "help")


def dictionary(subjects: Sequence[Subject]) -> Part:
    """Every result table in words, and every column of the tables that the instances fill."""
    results = tuple(
        (table.name, column.name, column.unit, column.help)
        for table in RESULTS.values()
        for column in table.columns
    )
    about = tuple((table.name, f"{table.about}. {table.help}", key_of(table)) for table in RESULTS.values())
    used = [name for name in TABLES if any(len(one.plan.instance.written[name]) for one in subjects)]
    columns = tuple(tuple(row[column] for column in COLUMNS) for name in used for row in describe(name))
    line = (
        "A run folder holds one CSV file for each result table and the instance that was solved. Periods are called by "
        "their first day; money is in pounds."
    )
    return Part(
        "Data dictionary",
        (line,),
        (
            Table("Result tables", Grid(("table", "what it holds", "its rows"), about), is_folded=True),
            Table("Columns of the result tables", Grid(COLUMNS, results), is_folded=True),
            Table("Tables of the instance", Grid(COLUMNS, columns), is_folded=True),
        ),
    )
