"""What the result tables hold, from the docstrings of the functions that make them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from capplan.plan import budgets, capacity, costs, decisions, people, schemes, summary
from capplan.plan.achievement import targets_table
from capplan.plan.acute import acute_table

RESULTS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("summary", summary.summary_table),
    ("decisions", decisions.decisions_table),
    *capacity.TABLES.items(),
    ("schemes", schemes.schemes_table),
    ("starts", people.starts_table),
    ("waiting", people.waiting_table),
    ("caseload", people.caseload_table),
    ("access", people.access_table),
    ("targets", targets_table),
    ("costs", costs.costs_table),
    ("acute", acute_table),
    ("budgets", budgets.budgets_table),
)
"""Every result table with the function that makes it, whose docstring states its key, columns and units."""


def result_tables() -> tuple[tuple[str, str], ...]:
    """Every result table in the order of the docs, with what it holds in words."""
    return tuple((name, inspect.getdoc(function) or "") for name, function in RESULTS)
