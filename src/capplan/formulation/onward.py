"""Care that follows on: what a start of one package leads to when the stay ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from capplan.instance import Instance


@dataclass(frozen=True)
class Stage:
    """A package that people are in on a course of care: the one they started, or one that follows on.

    `path` are the packages from the start to this one, `share` the share of the people who start and come to it.
    """

    path: tuple[str, ...]
    share: float

    @property
    def key(self) -> str:
        """The stage's name in the model: the package where people start with it, else `start>package`."""
        return ">".join(self.path)

    @property
    def first(self) -> str:
        """The package that people started."""
        return self.path[0]

    @property
    def package(self) -> str:
        """The package that people are in."""
        return self.path[-1]


def courses_of_care(instance: Instance) -> dict[str, tuple[Stage, ...]]:
    """By package, in its table's order: the stages of a start, the package itself first."""
    following: dict[str, list[tuple[str, float]]] = {}
    for row in instance.onward.sort_values(["package", "next_package"]).itertuples():
        if row.share > 0:
            following.setdefault(row.package, []).append((row.next_package, float(row.share)))
    return {
        package: tuple(_stages(Stage((package,), 1.0), following)) for package in instance.packages["package"]
    }


def _stages(stage: Stage, following: Mapping[str, list[tuple[str, float]]]) -> Iterator[Stage]:
    yield stage
    for package, share in following.get(stage.package, ()):
        if package not in stage.path:  # a ring is no course; the checks refuse it
            yield from _stages(Stage((*stage.path, package), stage.share * share), following)


def leading_to(package: str, courses: Mapping[str, tuple[Stage, ...]]) -> frozenset[str]:
    """The packages whose courses come to a package, itself included."""
    return frozenset(
        first for first, course in courses.items() if any(stage.package == package for stage in course)
    )
