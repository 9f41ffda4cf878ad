"""What a plan says of today's capacity, held against the tables of today's capacity themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from capplan.errors import Problem
from capplan.results.columns import ResultTable
from capplan.results.tables import BUDGETS, TABLES, TARGETS
from capplan.today import DO_NOTHING
from capplan.verify.differences import same_or_empty
from capplan.verify.evidence import Evidence

WITHOUT = "and the run has no tables of today's capacity"
ITSELF = "and these are the tables of today's capacity themselves"


def today_gives(evidence: Evidence) -> Iterator[Problem]:
    """`today_gives` is what the targets of today's capacity achieve, where that is known."""
    if evidence.today is None:
        return
    table, before = (_by_key(tables["targets"], TARGETS) for tables in (evidence.tables, evidence.today))
    expected = before["achieved"].reindex(table.index)
    yield from same_or_empty("targets", "today_gives", "today_gives", table["today_gives"], expected)


def do_nothing_spend(evidence: Evidence) -> Iterator[Problem]:
    """`do_nothing_gbp` is what the costs of today's capacity book on each funder, where these are known."""
    if evidence.today is None:
        return
    table, costs = _by_key(evidence.tables["budgets"], BUDGETS), evidence.today["costs"]
    years = dict(zip(evidence.horizon.periods, evidence.horizon.years, strict=True))
    spent = costs["gbp"].groupby([costs["funder"], costs["period"].map(years)]).sum()
    expected = spent.reindex(table.index, fill_value=0.0)
    yield from same_or_empty("budgets", "do_nothing", "do_nothing_gbp", table["do_nothing_gbp"], expected)


def unfounded(tables: Mapping[str, pd.DataFrame], why: str = WITHOUT) -> Iterator[Problem]:
    """What tables say of today's capacity although they cannot: `why` ends the sentence."""
    for name, column in OF_TODAY:
        if name in tables and tables[name][column].notna().any():
            yield Problem(name, "today_unfounded", f"{column} is filled in, {why}")
    measures = tables["summary"]["measure"] if "summary" in tables else pd.Series(dtype=str)
    for measure in measures[measures.str.startswith(DO_NOTHING)]:
        yield Problem("summary", "today_unfounded", f"{measure} is there, {why}")


OF_TODAY = tuple(
    (table.name, column.name)
    for table in TABLES.values()
    for column in table.columns
    if any(rule.startswith("today.") for rule in column.counted_by)
)
"""Columns that tell of today's capacity."""


def _by_key(table: pd.DataFrame, record: ResultTable) -> pd.DataFrame:
    """A result table by its key; a row that is there twice is told of elsewhere."""
    return table.drop_duplicates(list(record.key)).set_index(list(record.key))
