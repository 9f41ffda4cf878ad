"""What else a conflict rests on, where that is no limit: referrals, hours, occupancy, how fast people are recruited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from capplan import wording
from capplan.explain.rules import Naming
from capplan.formulation.build import all_families
from capplan.formulation.model import Model

Index = tuple[Any, ...]
Reason = Callable[[Any, Sequence[Index], Naming], list[str]]
SHOWN = 4

HELD_BY_LIMITS = frozenset(
    {
        *("target_minimum", "target_limit", "budget_limit", "transfer_limit", "total_minimum", "total_limit"),
        *("site_capacity", "site_scheme_capacity", "hiring_limit", "shift_cover_minimum", "wait_limit"),
        *("opening_limit", "eligibility_limit", "scheme_mandatory_minimum", "go_live_limit"),
        *("site_reopening_link", "unit_open_link", "list_open_link"),
    }
)
"""Families whose rows a limit holds: what there is to say is said of the limit."""
SILENT = frozenset(
    {
        *("starts_so_far_balance", "starts_at_balance", "starts_home_balance", "starts_served_balance"),
        *(
            "people_days_balance",
            "hours_needed_balance",
            "care_hours_needed_balance",
            "bed_balance",
            "shift_balance",
        ),
        *(
            "joint_state_balance",
            "unmet_state_balance",
            "unmet_state_link",
            "pool_balance",
            "bed_days_freed_balance",
        ),
        *("scheme_state_limit", "share_if_live_link", "share_if_live_limit", "share_if_live_minimum"),
        *(
            "highest_share_minimum",
            "lowest_share_limit",
            "queue_minimum",
            "waiting_shared_limit",
            "list_size_minimum",
        ),
        *("site_link", "list_link", "any_ward_link"),
    }
)
"""Families that only add up or tie variables together, and so are no reason by themselves."""


def reasons(m: Model, rows: Iterable[Any], naming: Naming) -> list[str]:
    """Sentences on the rows of a model that a conflict rests on, the first few of each family."""
    by_family: dict[str, list[Index]] = {}
    for row in rows:
        index = row.index()
        key = index if isinstance(index, tuple) else (index,)
        by_family.setdefault(row.parent_component().local_name, []).append(key)
    sentences: list[str] = []
    for family, indices in by_family.items():
        if family in REASONS:
            sentences += REASONS[family](m, indices, naming)[:SHOWN]
        elif family not in SILENT and family not in HELD_BY_LIMITS:
            sentences.append(_sentence(family))
    return sentences


def whole_lots(m: Model, naming: Naming) -> list[str]:
    """What comes in whole lots: beds that open several at a time, units with a smallest size."""
    stepped, sized = [(*key, 0) for key in m.STEPPED_UNITS], [(*key, 0) for key in m.SIZED_UNITS]
    return [*_steps(m, stepped, naming)[:SHOWN], *_smallest_unit(m, sized, naming)[:SHOWN]]


def _sentence(family: str) -> str:
    """The family's own sentence, for what needs no numbers."""
    text = next(record.sentence for record in all_families() if record.name == family)
    return text.rstrip(".")[:1].lower() + text.rstrip(".")[1:]


def _keys(indices: Sequence[Index], length: int, start: int = 0) -> list[Index]:
    return list(dict.fromkeys(index[start : start + length] for index in indices))


def _occupancy(m: Model, indices: Sequence[Index], naming: Naming) -> list[str]:
    sentences = []
    for bed_type in dict.fromkeys(index[1] for index in indices):
        stays = {
            float(row["stay_days"])
            for row in naming.instance.packages.to_dict("records")
            if row["bed_type"] == bed_type
        }
        stay = wording.listed([wording.number(days) for days in sorted(stays)])
        full = wording.share(float(m.data.occupancy_max[bed_type]), 1)
        sentences.append(
            f"a stay in a bed ({naming.bed_type(bed_type)}) takes {stay} days, and beds are {full} full at most"
        )
    return sentences


def _on_road(share: float) -> str:
    return f", {wording.share(share)} of them on the road" if share > 0 else ""


def _contact_hours(m: Model, indices: Sequence[Index], naming: Naming) -> list[str]:
    sentences = []
    for team, role in _keys(indices, 2):
        who = f"({naming.of(role, 'roles')}) for {naming.team(team)}"
        if not m.data.teams[team, role].row:
            sentences.append(f"there is no team {who}")
            continue
        hours = float(m.role[role]["contact_hours_per_week"])
        on_road = wording.share(m.data.teams[team, role].travel_share)
        sentences.append(
            f"a WTE {who} gives {wording.number(hours)} contact hours a week, {on_road} of them on the road"
        )
    return sentences


def _care_hours(m: Model, indices: Sequence[Index], naming: Naming) -> list[str]:
    sentences = []
    for crew, shift_type in _keys(indices, 2):
        who = f"({naming.of(shift_type, 'shift_types')}) for {naming.team(crew)}"
        if not m.data.crews[crew, shift_type].row:
            sentences.append(f"there is no crew {who}")
            continue
        hours = float(m.shift_type[shift_type]["care_hours"])
        on_road = _on_road(m.data.crews[crew, shift_type].travel_share)
        sentences.append(f"a shift {who} gives {wording.number(hours)} care hours{on_road}")
    return sentences


def _referrals(m: Model, indices: Sequence[Index], naming: Naming) -> list[str]:
    sentences = []
    for pathway in dict.fromkeys(index[2] for index in indices):
        periods = sorted({index[3] for index in indices if index[2] == pathway})
        streams = [stream for key, stream in m.stream.items() if key[2] == pathway]
        people = sum(float(stream.referrals[t]) for stream in streams for t in periods)
        # By the day, in a month of the plan's mean length: which periods conflict is chance, and months are not alike.
        a_day = people / float(np.sum(m.days[periods]))
        a_month = wording.number(a_day * float(np.sum(m.days) / np.sum(m.months)))
        sentences.append(f"{a_month} people a month are referred to {naming.of(pathway, 'pathways')}")
    return sentences


def _recruitment(m: Model, indices: Sequence[Index], naming: Naming) -> list[str]:
    sentences = []
    for role in dict.fromkeys(index[1] for index in indices):
        row = m.role[role]
        late, turnover = float(row["recruitment_periods"]), float(row["turnover_per_year"])
        parts = [f"start work {wording.count(late, naming.period)} after the decision"] if late else []
        parts += [f"{wording.share(turnover)} of posts fall vacant a year"] if turnover else []
        if parts:
            sentences.append(f"recruits ({naming.of(role, 'roles')}) {' and '.join(parts)}")
    return sentences


def _smallest_unit(m: Model, indices: Sequence[Index], naming: Naming) -> list[str]:
    return [
        f"a unit ({naming.bed_type(b)}) at {naming.of(s, 'sites')} has at least "
        f"{wording.count(float(m.data.units[s, b].row['unit_beds_min']), 'bed')} if any is open"
        for s, b in _keys(indices, 2)
    ]


def _steps(m: Model, indices: Sequence[Index], naming: Naming) -> list[str]:
    return [
        f"beds ({naming.bed_type(b)}) at {naming.of(s, 'sites')} open and close "
        f"{wording.number(float(m.data.units[s, b].row['beds_step']))} at a time"
        for s, b in _keys(indices, 2)
    ]


REASONS: Mapping[str, Reason] = {
    "bed_capacity": _occupancy,
    "staff_capacity": _contact_hours,
    "shift_capacity": _care_hours,
    "waiting_balance": _referrals,
    "wte_balance": _recruitment,
    "unit_size_minimum": _smallest_unit,
    "bed_step_balance": _steps,
}
"""Families with words of their own; any other is told by its sentence."""
IN_ITS_OWN_WORDS = frozenset(
    {
        *("conversion_capacity", "cross_cover_limit", "service_level_limit", "hire_step_balance"),
        *(
            "site_closing_link",
            "scheme_age_link",
            "scheme_order_link",
            "scheme_exclusion_link",
            "scheme_pilot_link",
        ),
        *("ward_release_link", "ward_order_link"),
    }
)
"""Families that are told by the sentence they have in the model."""
