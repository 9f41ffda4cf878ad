"""Plans side by side: what differs between them, by how much, and why."""

from capplan.compare.comparison import Comparison, compare
from capplan.compare.runs_compared import ComparedRun
from capplan.compare.sections import sections

__all__ = ["ComparedRun", "Comparison", "compare", "sections"]
