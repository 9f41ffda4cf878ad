"""Why there is no plan and what would change that; where there is one, what binds and what one more is worth."""

from capplan.explain.feasible import (
    feasible_sections,
    feasible_table,
    one_more_table,
    what_one_more_is_worth,
)
from capplan.explain.infeasible import Explanation, explain_infeasible
from capplan.explain.telling import as_table, conflict_lines, sections

__all__ = [
    "Explanation",
    "as_table",
    "conflict_lines",
    "explain_infeasible",
    "feasible_sections",
    "feasible_table",
    "one_more_table",
    "sections",
    "what_one_more_is_worth",
]
