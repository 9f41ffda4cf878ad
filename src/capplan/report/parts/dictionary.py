"""The data dictionary: what stands in the tables of a run and of its instance."""

from __future__ import annotations

from collections.abc import Sequence

from capplan.plan.dictionary import result_tables
from capplan.report.blocks import Part, Table
from capplan.report.subject import Subject
from capplan.schema.describe import describe
from capplan.schema.tables import TABLES
from capplan.sections import Grid

COLUMNS = ("table", "column", "unit", "help")


def dictionary(subjects: Sequence[Subject]) -> Part:
    """Every result table in words, and every column of the tables that the instances fill."""
    results = tuple((name, *_in_two(text)) for name, text in result_tables())
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
            Table(
                "Result tables", Grid(("table", "what it holds", "key and columns"), results), is_folded=True
            ),
            Table("Tables of the instance", Grid(COLUMNS, columns), is_folded=True),
        ),
    )


def _in_two(text: str) -> tuple[str, str]:
    """The first sentence of a description, and the rest of it, each on one line."""
    first, _, rest = text.partition("\n\n")
    return " ".join(first.split()), " ".join(rest.split())
