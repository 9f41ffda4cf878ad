"""Result tables for people: what each holds, headings with units, kinds of cells, display names for keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from capplan import wording
from capplan.digest.names import Names, display_names
from capplan.instance import Instance
from capplan.results.cost_items import cost_item

ABOUT = {
    "targets": "Targets in every scope and window: asked, achieved, shortfall",
    "decisions": "What to sign, by when, and what it costs",
    "beds": "Beds open, how they change and how full they are",
    "sites": "Whether a site is open",
    "staff": "WTE in post, and the contact hours they give and are asked for",
    "shifts": "Crews on duty, and the care hours they give and are asked for",
    "cross_cover": "Hours that teams and crews give to others",
    "schemes": "Schemes: whether they are live, and their cost",
    "starts": "People who start care, by where they live, hospital, pathway, package and site",
    "waiting": "People referred, started, going without and waiting",
    "caseload": "People in care, by where they live",
    "access": "How much care the people of each locality get over the whole plan",
    "costs": "What everything costs, by who pays and who supplies it",
    "budgets": "Spend and budgets by funder and year, and the gap if nothing is done",
    "acute": "Acute bed days freed and wards closed",
    "summary": "Measures of the whole plan, beside those of today's capacity",
}
"""The result tables in the order of their sheets."""


@dataclass(frozen=True)
class Said:
    """How a column of a result table is told: heading, unit (may be empty), kind of its cells."""

    heading: str
    unit: str
    kind: str

    @property
    def with_unit(self) -> str:
        """The heading with its unit in brackets."""
        return f"{self.heading} ({self.unit})" if self.unit else self.heading


def _texts(*names: str) -> dict[str, Said]:
    return {name: Said(wording.sentence(name.replace("_", " ")), "", "text") for name in names}


def _numbers(unit: str, kind: str, **headings: str) -> dict[str, Said]:
    return {name: Said(heading, unit, kind) for name, heading in headings.items()}


SAID: Mapping[str, Said] = {
    **_texts("measure", "what", "where", "provider", "site", "bed_type", "locality", "role", "shift_type"),
    **_texts("hospital", "pathway", "package", "target", "scheme", "scope", "window", "metric", "sense"),
    **_texts("unit", "item", "key", "resource", "from_locality", "to_locality", "funder", "year"),
    **_numbers("", "date", period="Period from", decide_by="Decide by"),
    "from": Said("From", "", "date"),
    **_numbers("", "text", is_open="Open", is_imposed="Imposed", is_met="Met", is_live="Live"),
    **_numbers("in the unit named", "number", value="Value"),
    **_numbers("beds, WTE, crews, wards or schemes", "number", change="Change"),
    **_numbers(
        "£", "money", one_off_gbp="One-off cost", part_year_gbp="Cost to the end of the financial year"
    ),
    **_numbers("£ a year", "money", full_year_gbp="Full-year cost"),
    **_numbers("beds", "number", beds_open="Beds open", beds_opened="Beds opened", beds_closed="Beds closed"),
    **_numbers("beds", "number", beds_converted="Beds converted, in less out", spot_beds="Spot beds"),
    **_numbers(
        "people, mean", "number", people_in_care="People in care", people_queueing="Queueing by chance"
    ),
    **_numbers("people, mean", "number", people_waiting="Waiting anyway"),
    **_numbers("share", "share", occupancy="Occupancy", utilisation="Hours used", served_share="Served"),
    **_numbers("chance", "chance", refusal_probability="Turned away", wait_probability="Having to wait"),
    **_numbers("WTE", "number", wte="In post", wte_hired="Recruits decided on", wte_arrived="Start work"),
    **_numbers("WTE", "number", wte_left="Released", wte_turnover="Leave of their own accord"),
    **_numbers("contact hours", "number", agency_hours="Agency", hours_needed="Needed", hours_given="Given"),
    **_numbers("contact hours", "number", hours_received="Received", hours_available="Available"),
    **_numbers("crews", "number", shifts_on_duty="Crews on duty"),
    **_numbers("care hours", "number", spot_care_hours="Spot care", care_hours_needed="Needed"),
    **_numbers("care hours", "number", care_hours_given="Given", care_hours_received="Received"),
    **_numbers("care hours", "number", care_hours_available="Available"),
    **_numbers("people", "number", people="Start", referrals="Referred", starts="Start", unmet="Go without"),
    **_numbers("people", "number", waiting_at_end="Waiting at the end"),
    **_numbers("days a person", "number", mean_wait_days="Mean wait"),
    **_numbers("person-days", "number", delayed_days="Days waited"),
    **_numbers("people a year per 1,000 aged 65 and over", "number", starts_per_1000_65_plus="Start"),
    **_numbers("in the target's unit", "number", baseline="Baseline"),
    **_numbers("over the window", "number", today_gives="Today's capacity gives", required="Asked"),
    **_numbers("over the window", "number", achieved="Achieved", shortfall="Short by"),
    **_numbers("£ for one unit more", "money", marginal_gbp="What one more costs"),
    **_numbers("£, cash", "money", gbp="Cost", plan_gbp="Plan"),
    **_numbers("£, discounted", "money", gbp_discounted="Cost"),
    **_numbers("£", "money", budget_gbp="Budget", committed_gbp="Committed beside the plan"),
    **_numbers("£", "money", transferred_gbp="Received from the pool", gap_gbp="Gap"),
    **_numbers(
        "£", "money", do_nothing_gbp="If nothing is done", do_nothing_gap_gbp="Gap if nothing is done"
    ),
    **_numbers("acute bed days", "number", bed_days_freed="Bed days freed"),
    **_numbers("wards", "number", wards_closed="Wards closed"),
    **_numbers("beds, mean", "number", beds_freed="Acute beds freed"),
}
"""How the columns of the result tables are told."""

NAMED_IN = {
    **dict.fromkeys(("locality", "from_locality", "to_locality"), ("localities",)),
    "site": ("sites",),
    "bed_type": ("bed_types",),
    "role": ("roles",),
    "shift_type": ("shift_types",),
    "resource": ("roles", "shift_types"),
    "hospital": ("hospitals",),
    "pathway": ("pathways",),
    "package": ("packages",),
    "target": ("targets",),
    "scheme": ("schemes",),
    "what": ("bed_types", "roles", "shift_types", "schemes"),
    "where": ("sites", "localities", "hospitals"),
    "scope": ("localities", "hospitals", "sites", "pathways", "packages", "bed_types"),
    "key": ("bed_types", "roles", "shift_types", "schemes", "packages", "pathways", "sites"),
}
"""Columns that hold keys, and the tables in which their names stand."""
OF_TARGETS = ("baseline", "today_gives", "required", "achieved", "shortfall")
WORDS = {"min": "at least", "max": "at most"}


def said(column: str) -> Said:
    """How a column is told; a column that is new here by its own name."""
    return SAID.get(column) or Said(wording.sentence(column.replace("_", " ")), "", "number")


def unique_names(instance: Instance) -> Names:
    """Display names by table; two things of one name in a table are told apart by their keys."""
    found = {}
    for table, names in display_names(instance).items():
        alike = pd.Series(list(names.values())).duplicated(keep=False)
        found[table] = {
            key: f"{name} ({key})" if is_alike and name != key else str(name)
            for (key, name), is_alike in zip(names.items(), alike, strict=True)
        }
    return found


def cells(instance: Instance, column: str, values: pd.Series) -> list[object]:
    """The cells of a column as people read them: names for keys, words for items, numbers as they are."""
    if column in NAMED_IN:
        known = known_names(unique_names(instance), NAMED_IN[column])
        return [known.get(key, _words(key)) for key in values]
    if column == "item":
        return [cost_item(key) for key in values]
    if column in ("metric", "unit", "sense"):
        return [WORDS.get(key, _words(key)) for key in values]
    if values.dtype == object or said(column).kind in ("text", "date"):
        return [None if cell is None or cell == "" else cell for cell in values.astype(object)]
    numbers: list[object] = values.astype(float).tolist()
    return numbers


def known_names(names: Names, tables: Sequence[str]) -> dict[str, str]:
    """Names by key; a key that means different things in these tables is not in it."""
    found: dict[str, set[str]] = {}
    for table in tables:
        for key, name in names[table].items():
            found.setdefault(key, set()).add(name)
    return {key: next(iter(among)) for key, among in found.items() if len(among) == 1}


def _words(key: object) -> str | None:
    """A key that has no name: as it is, but for those of our own (`acute_ward`, `per_month`)."""
    return str(key).replace("_", " ") if key in OUR_WORDS else (str(key) or None)


OUR_WORDS = frozenset(
    {
        *("acute_ward", "per_day", "per_week", "per_month", "per_year", "diversion_rate", "discharge_rate"),
        *("served_share", "bed_share", "served_share_gap", "delayed_days", "mean_wait_days"),
    }
)
"""Words of ours that are written with underscores in the tables."""


def kinds(table: str, column: str, frame: pd.DataFrame) -> list[str] | None:
    """The kind of each cell where a column holds amounts of several units; None where they are all alike."""
    if table == "summary" and column == "value":
        return ["money" if unit.startswith("£") else "number" for unit in frame["unit"]]
    if table == "targets" and column in OF_TARGETS:
        rows = zip(frame["metric"], frame["unit"], strict=True)
        return [_kind_of_target(column, metric, unit) for metric, unit in rows]
    return None


def _kind_of_target(column: str, metric: str, unit: str) -> str:
    if metric == "spend":
        return "money"
    if column == "shortfall":
        return "share" if metric == "served_share_gap" else "number"
    return "share" if unit == "share" or metric == "occupancy" else "number"
