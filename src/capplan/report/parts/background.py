"""Background: what was asked and solved, and the data dictionary of a run and its instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capplan import cells, wording
from capplan.cells import Content
from capplan.digest import how_good
from capplan.horizon import Horizon
from capplan.report.blocks import Part, Table
from capplan.report.subject import Subject
from capplan.results.describe import key_of
from capplan.results.tables import TABLES as RESULTS
from capplan.schema.describe import describe
from capplan.schema.tables import TABLES
from capplan.sections import Grid, grid

COLUMNS = ("table", "column", "unit", "help")


def about_this_plan(subject: Subject) -> Part:
    """Where the plan comes from and how good it is proved to be."""
    rows = [(name, value) for name, value in _facts(subject) if value]
    description = (subject.plan.instance.settings.description or "").strip()
    lines = tuple(filter(None, [" ".join(description.split()), *how_good(subject.plan)]))
    return Part("About this plan", lines, (Table("What was solved", grid(("what", "said"), rows)),))


def _facts(subject: Subject) -> Iterator[tuple[str, Content]]:
    info, settings = subject.info, subject.plan.instance.settings
    horizon = Horizon.of(settings)
    yield "name of the run", subject.name
    yield "scenario", str(info.get("scenario") or "")
    yield "changes to the instance", "; ".join(info.get("overrides") or ())
    yield "periods", f"{wording.count(len(horizon), settings.period)} from {wording.date(horizon.periods[0])}"
    yield "prices of", str(settings.price_year or "")
    yield "discount rate a year", cells.share(settings.discount_rate_per_year)
    yield "discounted cost", cells.money(subject.plan.objective)
    yield "written", wording.date(str(info["written"])[:10]) if info.get("written") else ""
    yield "versions", ", ".join(f"{name} {number}" for name, number in (info.get("versions") or {}).items())
    yield "fingerprint of the instance", str(info.get("fingerprint") or "")


def dictionary(subjects: Sequence[Subject]) -> Part:
    """Every result table in words, and every column of the tables that the instances fill."""
    results = tuple(
        (table.name, column.name, column.unit, column.help)
        for table in RESULTS.values()
        for column in table.columns
    )
    about = tuple((table.name, f"{table.about}. {table.help}", key_of(table)) for table in RESULTS.values())
    used = [name for name in TABLES if any(len(subject.plan.instance.written[name]) for subject in subjects)]
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
