"""What a place's page is made of: its instance, what is solved for it, and what its page may show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from capplan.solver_options import SolverOptions

FOLDER = Path(__file__).parent
REPOSITORY = FOLDER.parents[1]
AS_IS, BASE = "as_is", "base"
Numbers = Mapping[str, Any]
"""What `NAME.json` holds."""
Changes = Mapping[str, tuple[str, ...]]
"""Overrides by the name of the run that they make."""
NEAR = 0.003
"""How near the plan and what is compared with it are solved, so that their differences can be told."""
OPTIONS = SolverOptions(gap=0.005, time_limit=300.0, threads=1)
"""One thread: the same plan on every machine."""


@dataclass(frozen=True)
class Place:
    """One place: `docs/places/NAME.in.md` is its text, `NAME.json` its numbers, `docs/NAME.md` its page.

    instance: the folder in `instances/`. months: the months (2017-04) whose capacity is shown.
    lines: targets that tell a line of the document, by what the table calls them: their last window counts.
    columns: targets that the table of scenarios shows, likewise.
    others: runs that are no scenario of the instance. what_ifs: changes whose worth is told from relaxations, by
    the name the text calls them. detailed: runs whose capacity, decisions and prices are kept too.
    tables: tables of this page alone, by the name the text calls them. values: further numbers for the text.
    options: how near and how long runs are solved; gaps: how near those that would take too long otherwise.
    compared: scenarios that are compared with the plan in `results/`, and solved as nearly as the plan for that.
    """

    name: str
    title: str
    instance: str
    months: tuple[str, ...]
    lines: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    others: Changes = field(default_factory=dict)
    what_ifs: Changes = field(default_factory=dict)
    detailed: tuple[str, ...] = (AS_IS, BASE)
    tables: Mapping[str, Callable[[Place, Numbers], str]] = field(default_factory=dict)
    values: Callable[[Numbers], Iterable[tuple[str, str]]] | None = None
    options: SolverOptions = OPTIONS
    gaps: Mapping[str, float] = field(default_factory=dict)
    compared: tuple[str, ...] = ()

    def options_of(self, run: str) -> SolverOptions:
        """How near and how long a run is solved."""
        near = NEAR if run in (BASE, *self.compared) else self.options.gap
        return replace(self.options, gap=self.gaps.get(run, min(near, self.options.gap)))

    @property
    def text_file(self) -> Path:
        """The page's text, with placeholders for numbers."""
        return FOLDER / f"{self.name}.in.md"

    @property
    def numbers_file(self) -> Path:
        """The numbers of the solved runs."""
        return FOLDER / f"{self.name}.json"

    @property
    def instance_folder(self) -> Path:
        """Where the instance lies."""
        return REPOSITORY / "instances" / self.instance

    @property
    def runs_folder(self) -> Path:
        """Where its runs are kept."""
        return REPOSITORY / "results" / "places" / self.name
