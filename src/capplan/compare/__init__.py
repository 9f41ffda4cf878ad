"""Plans side by side: what differs between them, by how much, and why."""

from capplan.compare.comparison import Comparison, compare
from capplan.compare.given import Given
from capplan.compare.telling import sections

__all__ = ["Comparison", "Given", "compare", "sections"]
