"""What each limit says, in a planner's words with the instance's own names and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from capplan import cells, wording
from capplan.cells import Cell, Content
from capplan.digest.names import Names, display_names, name_of
from capplan.digest.target_units import as_written
from capplan.explain.limits.limit import Limit
from capplan.instance import Instance

PERIOD = {"week": "week", "month": "month", "quarter": "quarter"}


@dataclass(frozen=True)
class Naming:
    """The names that things have in an instance."""

    instance: Instance

    @cached_property
    def names(self) -> Names:
        """For each table key to display name."""
        return display_names(self.instance)

    def of(self, key: str, *tables: str) -> str:
        """The display name of a key; several keys ("a;b") are listed, none is everywhere."""
        return wording.listed([name_of(self.names, part, *tables) for part in key.split(";")])

    def bed_type(self, key: str) -> str:
        """A bed type, as in "12 beds (Rehab bed)"."""
        return self.of(key, "bed_types")

    def team(self, key: str) -> str:
        """Whom a team or crew serves."""
        return "all localities" if key == "all" else self.of(key, "localities")

    @property
    def period(self) -> str:
        """What a period is called."""
        return self.instance.settings.period


Amount = Callable[[Limit, Any, Naming], Content]
Rule = Callable[[Limit, str, Naming], str]


@dataclass(frozen=True)
class Saying:
    """How a limit is told: what its value is called, the rule with that value in it, and the rule once it is gone."""

    amount: Amount
    rule: Rule
    gone: Rule | None = None


def rule(limit: Limit, naming: Naming, value: object = None) -> str:
    """The limit as a rule, with its present value or with another one."""
    return SAYINGS[limit.what].rule(
        limit, amount(limit, limit.value if value is None else value, naming), naming
    )


def amount(limit: Limit, value: object, naming: Naming) -> str:
    """A value of the limit's cell: 12 beds, 0.9 a day, £1.2m, 30 minutes."""
    return str(SAYINGS[limit.what].amount(limit, value, naming))


def changed(limit: Limit, value: object, naming: Naming) -> str:
    """The limit with another value: "at most 23 beds (Rehab bed) at Cottage Hospital, not 8 beds"."""
    saying = SAYINGS[limit.what]
    if saying.gone is not None:
        return saying.gone(limit, amount(limit, value, naming), naming)
    now, before = cells.told_apart(*(saying.amount(limit, each, naming) for each in (value, limit.value)))
    return f"{saying.rule(limit, now, naming)}, not {before}"


def _counted(one: str, many: str = "") -> Amount:
    return lambda limit, value, naming: cells.counted(float(value), one, many)  # noqa: ARG005 - all are called alike


def _money(limit: Limit, value: Any, naming: Naming) -> Cell:  # noqa: ARG001
    return cells.pounds(float(value))


def _share(limit: Limit, value: Any, naming: Naming) -> Cell:  # noqa: ARG001
    return cells.share(float(value))


def _day(limit: Limit, value: Any, naming: Naming) -> str:  # noqa: ARG001
    return wording.date(str(value))


def _nothing(limit: Limit, value: Any, naming: Naming) -> str:  # noqa: ARG001
    return ""


def _price(limit: Limit, value: Any, naming: Naming) -> str:  # noqa: ARG001
    return "never" if value == limit.value else wording.money(float(value))


def _periods(limit: Limit, value: Any, naming: Naming) -> Cell:  # noqa: ARG001
    return cells.counted(float(value), naming.period)


def _resource(limit: Limit, value: Any, naming: Naming) -> Cell:
    resource = limit.facts["resource"]
    name = naming.of(resource, "bed_types", "roles", "shift_types")
    unit = {"beds": "beds", "staff": "WTE", "shifts": "shifts"}[limit.kind.value]
    return cells.count(float(value), f" {unit} ({name})")


def _target_amount(limit: Limit, value: Any, naming: Naming) -> Cell:  # noqa: ARG001
    written = as_written(limit.facts, float(value))
    if limit.facts["value_is"] == "increase":
        return cells.with_note(
            written, " more than today's ", as_written(limit.facts, float(limit.facts["baseline"]))
        )
    return written


def _target(limit: Limit, value: str, naming: Naming) -> str:
    least = "at least" if limit.direction < 0 else "at most"
    facts = limit.facts
    first = "" if pd.isna(facts["from"]) else f" from {wording.date(str(pd.Timestamp(facts['from']).date()))}"
    each = "" if pd.isna(facts["for_each"]) else f", for each {str(facts['for_each']).replace('_', ' ')}"
    return f"the target ‘{naming.of(limit.named('target'), 'targets')}’: {least} {value}{first}{each}"


def _unit(limit: Limit, naming: Naming) -> str:
    return f"({naming.bed_type(limit.named('bed_type'))}) at {naming.of(limit.named('site'), 'sites')}"


def _in_post(limit: Limit, naming: Naming) -> str:
    role = naming.of(limit.named("role"), "roles")
    return f"({role}) for {naming.team(limit.named('locality'))}"


def _on_duty(limit: Limit, naming: Naming) -> str:
    crew = naming.of(limit.named("shift_type"), "shift_types")
    return f"({crew}) for {naming.team(limit.named('locality'))}"


def _capacity(limit: Limit, naming: Naming) -> str:
    """The beds, posts or shifts of a row of site_beds, staff or shifts."""
    by_table = {"site_beds": ("beds", _unit), "staff": ("posts", _in_post), "shifts": ("shifts", _on_duty)}
    what, where = by_table[limit.table]
    return f"{what} {where(limit, naming)}"


def _cover(limit: Limit, value: str, naming: Naming) -> str:
    crew = naming.of(limit.named("shift_type"), "shift_types")
    area = limit.named("locality") or limit.named("network")
    where = naming.of(area, "localities") if area else "everywhere together"
    return f"cover: at least {value} ({crew}) on duty, {where}"


def _conversion(limit: Limit, value: str, naming: Naming) -> str:
    kinds = (naming.bed_type(limit.named(column)) for column in ("from_bed_type", "to_bed_type"))
    into = " into ".join(kinds)
    return f"at most {value} at {naming.of(limit.named('site'), 'sites')} are converted at a time ({into})"


def _suits(limit: Limit, value: str, naming: Naming) -> str:
    package, pathway = limit.named("package"), limit.named("pathway")
    return f"{naming.of(package, 'packages')} suits at most {value} of {naming.of(pathway, 'pathways')}"


def _journey(limit: Limit, value: str, naming: Naming) -> str:
    pathway = limit.named("pathway")
    whose = f" for {naming.of(pathway, 'pathways')}" if pathway else ""
    return f"a journey to a site takes at most {value}{whose}"


def _pathway(limit: Limit, naming: Naming) -> str:
    return naming.of(limit.named("pathway"), "pathways")


SAYINGS: Mapping[str, Saying] = {
    "target": Saying(_target_amount, _target),
    "budget": Saying(
        _money,
        lambda g, v, n: f"{g.named('funder')} may spend at most {v} in {g.named('year')}",  # noqa: ARG005
    ),
    "transfer": Saying(
        _money,
        lambda g, v, n: f"{g.named('funder')} gives the pool ‘{g.named('pool')}’ at most {v} a year",  # noqa: ARG005
    ),
    "beds_max": Saying(_counted("bed"), lambda g, v, n: f"at most {v} {_unit(g, n)}"),
    "beds_min": Saying(_counted("bed"), lambda g, v, n: f"at least {v} {_unit(g, n)}"),
    "site_beds_max": Saying(
        _counted("bed"), lambda g, v, n: f"{n.of(g.named('site'), 'sites')} holds at most {v}"
    ),
    "can_open": Saying(
        _nothing,
        lambda g, v, n: f"{n.of(g.named('site'), 'sites')} is closed and may not open",  # noqa: ARG005
        lambda g, v, n: f"{n.of(g.named('site'), 'sites')} may open",  # noqa: ARG005
    ),
    "beds_per_change_max": Saying(_counted("bed"), _conversion),
    "limit_max": Saying(_resource, lambda g, v, n: f"the limit ‘{g.named('limit')}’: at most {v}"),  # noqa: ARG005
    "limit_min": Saying(_resource, lambda g, v, n: f"the limit ‘{g.named('limit')}’: at least {v}"),  # noqa: ARG005
    "wte_max": Saying(_counted("WTE", "WTE"), lambda g, v, n: f"at most {v} {_in_post(g, n)}"),
    "wte_min": Saying(_counted("WTE", "WTE"), lambda g, v, n: f"at least {v} {_in_post(g, n)}"),
    "hires_max_per_period": Saying(
        _counted("WTE", "WTE"), lambda g, v, n: f"at most {v} recruited a {n.period} {_in_post(g, n)}"
    ),
    "shifts_max": Saying(_counted("shift"), lambda g, v, n: f"at most {v} {_on_duty(g, n)}"),
    "shifts_min": Saying(_counted("shift"), lambda g, v, n: f"at least {v} {_on_duty(g, n)}"),
    "on_duty_min": Saying(_counted("shift"), _cover),
    "lead_periods": Saying(_periods, lambda g, v, n: f"{_capacity(g, n)} take {v} to open"),
    "notice_periods": Saying(_periods, lambda g, v, n: f"{_capacity(g, n)} have {v} of notice"),
    "available_from": Saying(_day, lambda g, v, n: f"{_capacity(g, n)} are available from {v}"),
    "wait_days_max": Saying(
        _counted("day"), lambda g, v, n: f"people wait at most {v} on average: {_pathway(g, n)}"
    ),
    "delay_day_gbp": Saying(
        _price,
        lambda g, v, n: f"nobody may wait from one {n.period} to the next: {_pathway(g, n)}",  # noqa: ARG005
        lambda g, v, n: f"people may wait, at {v} a day: {_pathway(g, n)}",
    ),
    "unmet_gbp": Saying(
        _price,
        lambda g, v, n: f"everybody must start: {_pathway(g, n)}",  # noqa: ARG005
        lambda g, v, n: f"people may go without, at {v} each: {_pathway(g, n)}",
    ),
    "share_max": Saying(_share, _suits),
    "travel_minutes_max": Saying(_counted("minute"), _journey),
    "mandatory": Saying(
        _nothing,
        lambda g, v, n: f"the scheme ‘{n.of(g.named('scheme'), 'schemes')}’ must go live",  # noqa: ARG005
        lambda g, v, n: f"the scheme ‘{n.of(g.named('scheme'), 'schemes')}’ need not go live",  # noqa: ARG005
    ),
    "go_lives_max_per_period": Saying(
        _counted("locality", "localities"),
        lambda g, v, n: f"‘{n.of(g.named('scheme'), 'schemes')}’ goes live in at most {v} a {n.period}",
    ),
    "opening": Saying(
        _nothing,
        lambda g, v, n: f"the opening is steady: no queue may grow in the first {n.period}",  # noqa: ARG005
        lambda g, v, n: "the plan opens otherwise (nobody in care, or the census)",  # noqa: ARG005
    ),
}
"""Every limit by its name; a test holds that none is missing."""
