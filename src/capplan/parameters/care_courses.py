"""Courses of care: a package that people start, what follows it when the stay ends, and what schemes make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from capplan.instance import Instance

Change = tuple[str, str, str]
"""A number that schemes change: its name (`packages.stay_days`, …), package, and role or shift type or ""."""


@dataclass(frozen=True, order=True)
class Variant:
    """What schemes make of the numbers of a course: for each that they change a factor, and what is then added."""

    changes: tuple[tuple[Change, tuple[float, float]], ...] = ()

    def value(self, base: float, number: str, package: str, resource: str = "") -> float:
        """A number as the schemes leave it."""
        factor, added = dict(self.changes).get((number, package, resource), (1.0, 0.0))
        return base * factor + added


@dataclass(frozen=True)
class Stage:
    """A package that people are in on a course of care: the one they started, or one that follows on.

    `path` are the packages from the start to this one, `share` the share of the people who start and come to it.
    `name` tells courses of one package apart: those of people who start are as `variant` says, those of people from
    before the plan as `before` says.
    """

    path: tuple[str, ...]
    share: float
    name: str
    variant: Variant = Variant()
    before: Variant = Variant()

    @property
    def key(self) -> str:
        """The stage's name in the model: the course's where people start with it, else `course>package`."""
        return ">".join((self.name, *self.path[1:]))

    @property
    def first(self) -> str:
        """The package that people started."""
        return self.path[0]

    @property
    def package(self) -> str:
        """The package that people are in."""
        return self.path[-1]


Courses = Mapping[str, tuple[Stage, ...]]
"""What a start leads to, by the course's name: the package itself first, then what follows it."""


def courses_of_care(instance: Instance) -> Courses:
    """The course of every package, called like the package, in the table's order."""
    following: dict[str, list[tuple[str, float]]] = {}
    for row in instance.onward.sort_values(["package", "next_package"]).itertuples():
        if row.share > 0:
            following.setdefault(row.package, []).append((row.next_package, float(row.share)))
    return {
        package: tuple(_stages(Stage((package,), 1.0, package), following))
        for package in instance.packages["package"]
    }


def _stages(stage: Stage, following: Mapping[str, list[tuple[str, float]]]) -> Iterator[Stage]:
    yield stage
    for package, share in following.get(stage.package, ()):
        if package not in stage.path:  # a ring is no course; the checks refuse it
            later = replace(stage, path=(*stage.path, package), share=stage.share * share)
            yield from _stages(later, following)


def leading_to(package: str, courses: Courses) -> frozenset[str]:
    """The packages whose courses come to a package, itself included."""
    return frozenset(
        course[0].first for course in courses.values() if any(stage.package == package for stage in course)
    )
