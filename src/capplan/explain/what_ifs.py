"""Which assumptions could change the answer: the instance solved again with each at its low and its high end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from capplan import wording
from capplan.digest.assumptions import Stake, stakes
from capplan.digest.names import TABLES as NAMED
from capplan.digest.names import display_names, name_of
from capplan.errors import InvalidInstance, UsageError
from capplan.explain.resolve import Answer, Changes, own_answer, resolve
from capplan.overrides import Operation, Override, apply_overrides, parse_override
from capplan.results.tables import ASSUMPTIONS
from capplan.schema.tables import TABLES
from capplan.solved import Solved
from capplan.solver_options import SolverOptions

FIVE, MOST_WEIGHED = 5, 16
"""So many are told, out of so many that are weighed by the relaxation."""
TENTH = 0.1
"""By how much of itself a number without a range is changed."""
MOST_OCCUPANCY = 0.999
KEYS = {
    "site_beds": ("bed_type",),
    "sites": ("site",),
    "staff": ("role",),
    "shifts": ("shift_type",),
    "packages": ("package",),
    "package_hours": ("package", "role"),
    "package_care": ("package", "shift_type"),
    "eligibility": ("package",),
    "schemes": ("scheme",),
    "pathways": ("pathway",),
    "referrals": ("pathway",),
    "bed_types": ("bed_type",),
    "roles": ("role",),
    "shift_types": ("shift_type",),
    "acute_beds": ("hospital",),
}
"""The columns by which the rows of a stake are found."""
SHOWN = 3


@dataclass(frozen=True)
class WhatIf:
    """An assumed number with its ends: how they are told, and the overrides that put them in."""

    number: str
    of: str
    low: str
    high: str
    source: str
    at_low: Changes
    at_high: Changes


def what_ifs(plan: Solved) -> list[WhatIf]:
    """The numbers that the instance gives a range, then those without one on which most money hangs."""
    ranges = plan.instance.written["ranges"].to_dict("records")
    candidates = [_of_range(plan, row) for row in ranges]
    with_range = {what_if.number for what_if in candidates}
    rest = sorted(stakes(plan), key=lambda stake: -stake.gbp)
    candidates += [
        _of_stake(plan, stake) for stake in rest if f"{stake.table}.{stake.column}" not in with_range
    ]
    return [what_if for what_if in candidates if _can_be_asked(plan, what_if)][
        : max(MOST_WEIGHED, len(ranges))
    ]


def _can_be_asked(plan: Solved, what_if: WhatIf) -> bool:
    """Whether the instance takes both ends: rows may be written in other units, and shares end at 1."""
    try:
        for changes in (what_if.at_low, what_if.at_high):
            apply_overrides(plan.instance, changes)
    except (UsageError, InvalidInstance):
        return False
    return True


def could_change_it(
    plan: Solved, options: SolverOptions, jobs: int = 1, cache: Path | None = None, n_told: int = FIVE
) -> pd.DataFrame:
    """The assumptions that matter most, each solved again at both ends.

    The rows of `results.tables.ASSUMPTIONS`.
    """
    candidates = what_ifs(plan)
    relaxed, *by_end = resolve(plan.instance, [(), *_ends(candidates)], options, jobs, cache, is_relaxed=True)
    if relaxed is None:
        return ASSUMPTIONS.frame([])
    pairs = dict(zip(candidates, zip(by_end[::2], by_end[1::2], strict=True), strict=True))
    swings = {what_if: _swing([relaxed, *pair]) for what_if, pair in pairs.items()}
    heavy = sorted(
        (what_if for what_if in candidates if swings[what_if] > 0), key=lambda what_if: -swings[what_if]
    )[:n_told]
    base = own_answer(plan, options)
    first: list[Changes] = [()] if heavy and base is None else []
    answers = resolve(plan.instance, [*first, *_ends(heavy)], options, jobs, cache)
    base = answers.pop(0) if first else base
    rows = []
    for what_if, low, high in zip(heavy, answers[::2], answers[1::2], strict=True):
        ends = {"low": (low, pairs[what_if][0]), "high": (high, pairs[what_if][1])}
        outcome = {end: _end(end, base, answer, relaxed, loose) for end, (answer, loose) in ends.items()}
        rows.append(_named(what_if) | outcome["low"] | outcome["high"])
    return ASSUMPTIONS.frame(pd.DataFrame(rows, columns=ASSUMPTIONS.names))


def _ends(what_ifs: Sequence[WhatIf]) -> list[Changes]:
    return [changes for what_if in what_ifs for changes in (what_if.at_low, what_if.at_high)]


def _swing(answers: Sequence[Answer | None]) -> float:
    """How far apart the costs are; an end without a plan is further than any."""
    costs = [answer.objective for answer in answers if answer is not None]
    if len(costs) < len(answers):
        return 0.0
    with_plan = [cost for cost in costs if cost is not None]
    return max(with_plan) - min(with_plan) if len(with_plan) == len(costs) else math.inf


def _named(what_if: WhatIf) -> dict[str, object]:
    return {
        "number": what_if.number,
        "of": what_if.of,
        "low": what_if.low,
        "high": what_if.high,
        "source": what_if.source,
        "overrides_low": "; ".join(what_if.at_low),
        "overrides_high": "; ".join(what_if.at_high),
    }


def _end(
    end: str, base: Answer | None, answer: Answer | None, relaxed: Answer, loose: Answer | None
) -> dict[str, object]:
    """What comes of one end: by whole plans where these tell a difference, else by the relaxation."""
    has_plan = not any(each is not None and each.objective is None for each in (answer, loose))
    outcome = {
        f"has_plan_{end}": has_plan,
        f"{end}_gbp": math.nan,
        f"by_{end}": "relaxation",
        f"changes_{end}": "",
    }
    if not has_plan:
        return outcome | {f"by_{end}": "plan"}
    if base is not None and answer is not None:
        gbp = _difference(base, answer)
        if abs(gbp) > base.left_open + answer.left_open:
            return outcome | {
                f"{end}_gbp": gbp,
                f"by_{end}": "plan",
                f"changes_{end}": _changes(base, answer),
            }
    return outcome | {f"{end}_gbp": math.nan if loose is None else _difference(relaxed, loose)}


def _difference(base: Answer, answer: Answer) -> float:
    if base.objective is None or answer.objective is None:
        return math.nan
    return answer.objective - base.objective


def _changes(base: Answer, answer: Answer) -> str:
    """+12 Rehab bed, -3 Support worker: what is open at the end, the largest changes first."""
    by = {
        name: answer.open.get(name, 0.0) - base.open.get(name, 0.0) for name in {**base.open, **answer.open}
    }
    phrases = [
        f"{wording.signed(change)} {name}"
        for name, change in sorted(by.items(), key=lambda item: -abs(item[1]))
        if abs(change) > wording.DUST
    ]
    return wording.listed(phrases, SHOWN) or "the same capacity"


def _of_range(plan: Solved, row: Mapping[str, object]) -> WhatIf:
    """A row of the table `ranges`."""
    left = str(row["value"])
    parsed = parse_override(f"{left} = 0")
    names = [
        _name(plan, value) for column, values in parsed.filters for value in values if column != "source"
    ]
    low, high = float(str(row["low"])), float(str(row["high"]))
    return WhatIf(
        f"{parsed.table}.{parsed.column}",
        wording.listed(names, 4, "; "),
        wording.exact(low),
        wording.exact(high),
        _source_text(row.get("source")),
        (f"{left} = {wording.exact(low)}",),
        (f"{left} = {wording.exact(high)}",),
    )


def _of_stake(plan: Solved, stake: Stake) -> WhatIf:
    """An assumed number without a range: a tenth lower and higher, occupancy at most full."""
    names = [_name(plan, part) for key in stake.keys for part in key.split(", ") if part]
    return WhatIf(
        f"{stake.table}.{stake.column}",
        wording.listed(list(dict.fromkeys(names)), 4, "; "),
        "a tenth lower",
        "a tenth higher",
        stake.source or "none given",
        tuple(_changed(plan, stake, 1 - TENTH)),
        tuple(_changed(plan, stake, 1 + TENTH)),
    )


def _changed(plan: Solved, stake: Stake, factor: float) -> Iterator[str]:
    columns, written = KEYS[stake.table], plan.instance.written[stake.table]
    spellings = TABLES[stake.table].column(stake.column).spellings
    column = next(name for name in spellings if name in written.columns and written[name].notna().any())
    if stake.column == "occupancy_max" and factor > 1:
        fullest = float(plan.instance.table("bed_types")["occupancy_max"].max())
        factor = min(factor, MOST_OCCUPANCY / fullest)
    for key in stake.keys:
        filters = tuple(
            (name, (value,)) for name, value in zip(columns, key.split(", "), strict=False) if value
        )
        yield str(Override(stake.table, filters, column, Operation.TIMES, wording.exact(factor)))


def _name(plan: Solved, key: str) -> str:
    return name_of(display_names(plan.instance), key, *NAMED)


def _source_text(source: object) -> str:
    return "" if source is None or pd.isna(source) else str(source)
