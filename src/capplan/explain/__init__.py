"""Why there is no plan, and what would have to change for one."""

from capplan.explain.infeasible import Explanation, explain_infeasible
from capplan.explain.telling import as_table, conflict_lines, sections

__all__ = ["Explanation", "as_table", "conflict_lines", "explain_infeasible", "sections"]
