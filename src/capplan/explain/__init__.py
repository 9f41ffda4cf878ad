"""Why there is no plan and what would change that; where there is one, what binds and what one more is worth."""

from capplan.explain.infeasible import Explanation, explain_infeasible
from capplan.explain.one_more import feasible_sections, feasible_table, one_more_table, what_one_more_is_worth
from capplan.explain.sections import TODAY_HAS_NO_PLAN, as_table, conflicts_of, sections, with_conflicts

__all__ = [
    "TODAY_HAS_NO_PLAN",
    "Explanation",
    "as_table",
    "conflicts_of",
    "explain_infeasible",
    "feasible_sections",
    "feasible_table",
    "one_more_table",
    "sections",
    "what_one_more_is_worth",
    "with_conflicts",
]
