"""Starts that schemes change: each is copied once for every state of the schemes, with its own stays and hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from capplan.parameters.care_courses import Change, Courses, Stage, Variant
from capplan.parameters.eligibility import Option
from capplan.parameters.schemes import People, SchemeData
from capplan.parameters.streams import Stream
from capplan.rollouts import SUCCESS, JointState, Touch

StreamKey = tuple[str, str, str]


@dataclass(frozen=True)
class InState:
    """Options of a stream that are open only while the schemes of a touch are in one of some joint states."""

    touch: Touch
    joints: tuple[JointState, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Varied:
    """Streams with their options copied once a state, the courses these lead to, and in which states they are open.

    `of_census` names the course of people in care at the start, by locality, site and package.
    """

    streams: tuple[Stream, ...]
    courses: Courses
    in_state: Mapping[StreamKey, tuple[InState, ...]]
    of_census: Mapping[tuple[str, str, str], str]


@dataclass
class _Names:
    """Names for courses: the package's own where schemes change nothing, else `package#1`, `package#2`, …"""

    courses: dict[str, tuple[Stage, ...]]
    known: dict[tuple[str, Variant, Variant], str] = field(default_factory=dict)

    def name(self, package: str, variant: Variant, before: Variant) -> str:
        if not variant.changes and not before.changes:
            return package
        asked = package, variant, before
        if asked not in self.known:
            number = 1 + sum(first == package for first, _, _ in self.known)
            name = self.known[asked] = f"{package}#{number}"
            self.courses[name] = tuple(
                replace(stage, name=name, variant=variant, before=before) for stage in self.courses[package]
            )
        return self.known[asked]


def varied(
    streams_before: Iterable[Stream],
    people: Mapping[StreamKey, People],
    in_care: Iterable[tuple[str, str, str]],
    schemes: SchemeData,
    courses: Courses,
) -> Varied:
    """Copies every option that schemes change.

    `people` has a member of each stream (what holds for it holds for all), `in_care` the localities, sites and
    packages of people in care at the start.
    """
    names, streams, in_state = _Names(dict(courses)), [], {}
    for stream in streams_before:
        options: list[Option] = []
        groups: dict[tuple[Touch, tuple[JointState, ...]], list[Option]] = {}
        for option in stream.options:
            touch = schemes.option_touch(people[stream.key], option)
            before = _variant(schemes, touch, schemes.calendar.before(touch), option.package, option.site)
            for variant, joints in _by_variant(schemes, touch, option).items():
                copy = _copy(option, names.name(option.package, variant, before), variant)
                options.append(copy)
                if touch:
                    groups.setdefault((touch, joints), []).append(copy)
        streams.append(replace(stream, options=tuple(options)))
        if groups:
            in_state[stream.key] = tuple(
                InState(touch, joints, tuple(options)) for (touch, joints), options in groups.items()
            )
    of_census = {key: _course_of_census(key, schemes, names) for key in in_care}
    return Varied(tuple(streams), names.courses, in_state, of_census)


def _course_of_census(key: tuple[str, str, str], schemes: SchemeData, names: _Names) -> str:
    locality, site, package = key
    touch = schemes.census_touch(locality, site, package)
    before = _variant(schemes, touch, schemes.calendar.before(touch), package, site)
    return names.name(package, before, before)


def _copy(option: Option, course: str, variant: Variant) -> Option:
    success = variant.value(option.success, SUCCESS, option.package)
    return replace(option, course=course, success=min(max(success, 0.0), 1.0))


def _by_variant(schemes: SchemeData, touch: Touch, option: Option) -> dict[Variant, tuple[JointState, ...]]:
    """The variants of an option, each with the joint states in which it is what a start leads to."""
    joints_of: dict[Variant, list[JointState]] = {}
    for joint in schemes.calendar.joint_states(touch):
        joints_of.setdefault(_variant(schemes, touch, joint, option.package, option.site), []).append(joint)
    return {variant: tuple(joints) for variant, joints in joints_of.items()}


def _variant(schemes: SchemeData, touch: Touch, joint: JointState, package: str, site: str) -> Variant:
    changes: dict[Change, tuple[float, float]] = {}
    for change, steps in schemes.steps(touch, joint, package, site):
        factor, added = 1.0, 0.0
        for effect, fraction in steps:
            factor *= 1 + fraction * (effect.multiply - 1)
            added += fraction * effect.add
        if (factor, added) != (1.0, 0.0):
            changes[change] = factor, added
    return Variant(tuple(sorted(changes.items())))
