"""Display names in a comparison: the baseline's, and of what it has not the other plans'."""

from __future__ import annotations

from dataclasses import dataclass

from capplan.compare.comparison import Comparison
from capplan.digest.names import Names, display_names, name_of
from capplan.digest.targets import SCOPES


@dataclass(frozen=True)
class Naming:
    """Keys into names; a key that no plan has a name for stays as it is."""

    names: Names

    @classmethod
    def of(cls, comparison: Comparison) -> Naming:
        """The names of all plans' instances together."""
        every = [display_names(given.solved.instance) for given in reversed(comparison.given)]
        return cls({table: {k: v for names in every for k, v in names[table].items()} for table in every[0]})

    def target(self, key: str) -> str:
        """A target."""
        return name_of(self.names, key, "targets")

    def scope(self, key: str) -> str:
        """A member of what a target is for each of."""
        return name_of(self.names, key, *SCOPES)

    def place(self, key: str) -> str:
        """A locality; networks and `all` have no name."""
        return name_of(self.names, key, "localities")

    def resource(self, key: str) -> str:
        """A bed type, role or shift type."""
        return name_of(self.names, key, "bed_types", "roles", "shift_types")

    def pathway(self, key: str) -> str:
        """A pathway."""
        return name_of(self.names, key, "pathways")

    def scheme(self, key: str) -> str:
        """A scheme."""
        return name_of(self.names, key, "schemes")

    def hospital(self, key: str) -> str:
        """A hospital or sub-region."""
        return name_of(self.names, key, "hospitals")
