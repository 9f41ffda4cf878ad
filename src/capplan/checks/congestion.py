"""Congestion: what full beds do to people has to be said whole, and at prices that cannot be dodged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows
from capplan.errors import Problem, Severity

ASKED_BY = {
    "queue_day_gbp": "wait",
    "wait_probability_max": "wait",
    "refusal_probability_max": "refuse",
}
"""The congestion under which each column says something."""


def refusal_probability_missing(facts: Facts) -> Iterator[Problem]:
    """Full beds turn people away, and nobody says how many may be."""
    types = facts.table("bed_types")
    yield from at_rows(
        facts,
        "bed_types",
        types[(types["congestion"] == "refuse") & types["refusal_probability_max"].isna()],
        "full '{bed_type}' beds refuse people, and no share that may be refused is agreed",
        column="refusal_probability_max",
        now="give refusal_probability_max (0.05: one in twenty may be turned away)",
    )


def queue_has_no_measure(facts: Facts) -> Iterator[Problem]:
    """People queue for full beds, and neither a price nor a limit says how long the queue may be."""
    types = facts.table("bed_types")
    unpriced = types["queue_day_gbp"].isna() | (types["queue_day_gbp"] == 0)
    yield from at_rows(
        facts,
        "bed_types",
        types[(types["congestion"] == "wait") & unpriced & types["wait_probability_max"].isna()],
        "people wait for full '{bed_type}' beds, at no cost and for as long as it takes",
        column="congestion",
        now="give queue_day_gbp (what a day of waiting costs, at most the pathways' delay_day_gbp) or "
        "wait_probability_max",
    )


def probability_is_certain(facts: Facts) -> Iterator[Problem]:
    """A share of 1 is no limit, and no number of beds follows from it."""
    types = facts.table("bed_types")
    for column in ("wait_probability_max", "refusal_probability_max"):
        yield from at_rows(
            facts,
            "bed_types",
            types[(types[column] >= 1) & (types["congestion"] == ASKED_BY[column])],
            f"{column} = {{{column}}} lets everybody find '{{bed_type}}' beds full",
            column=column,
            now="give a share below 1, such as 0.05",
        )


def queue_dearer_than_delay(facts: Facts) -> Iterator[Problem]:
    """A queue by chance costs more than waiting does: the plan would make people wait to hide the queue."""
    starts = facts.table("eligibility").merge(facts.table("packages")[["package", "bed_type"]], on="package")
    delays = facts.table("pathways").set_index("pathway")["delay_day_gbp"]
    starts = starts.assign(delay_day_gbp=starts["pathway"].map(delays)).dropna(subset="delay_day_gbp")
    cheapest = (
        starts.sort_values(["delay_day_gbp", "pathway"]).drop_duplicates("bed_type").set_index("bed_type")
    )
    types = facts.table("bed_types")
    types = types.assign(
        delay=types["bed_type"].map(cheapest["delay_day_gbp"]).astype(float),
        pathway=types["bed_type"].map(cheapest["pathway"]),
    )
    yield from at_rows(
        facts,
        "bed_types",
        types[(types["congestion"] == "wait") & (types["queue_day_gbp"] > types["delay"])],
        "a day in the queue for '{bed_type}' costs {queue_day_gbp:money}, a day of waiting on pathway '{pathway}' "
        "{delay:money}: making people wait would hide the queue",
        column="queue_day_gbp",
        now="lower queue_day_gbp to {delay} or less, or raise delay_day_gbp of '{pathway}'",
    )


def congestion_not_asked(facts: Facts) -> Iterator[Problem]:
    """A column speaks of a congestion that the bed type does not have."""
    types = facts.table("bed_types")
    for column, congestion in ASKED_BY.items():
        yield from at_rows(
            facts,
            "bed_types",
            types[types[column].notna() & (types["congestion"] != congestion)],
            f"{column} says nothing while congestion = {{congestion}}",
            column=column,
            now=f"say congestion = {congestion}, or leave the cell empty",
            severity=Severity.WARNING,
        )


def waiting_list_without_congestion(facts: Facts) -> Iterator[Problem]:
    """Units share a list for beds on which nobody waits or is refused."""
    units = _units(facts)
    yield from at_rows(
        facts,
        "site_beds",
        units[units["waiting_list"].notna() & (units["congestion"] == "none")],
        "waiting_list '{waiting_list}' means nothing while '{bed_type}' beds have no congestion",
        column="waiting_list",
        now="say congestion = wait or refuse of the bed type, or leave the cell empty",
        severity=Severity.WARNING,
    )


def waiting_list_of_several_types(facts: Facts) -> Iterator[Problem]:
    """One list is named for beds of several types, which cannot stand for each other."""
    units = _units(facts)
    named = units[units["waiting_list"].notna() & (units["congestion"] != "none")]
    types = named.groupby("waiting_list")["bed_type"].nunique()
    several = named[named["waiting_list"].map(types) > 1]
    yield from at_rows(
        facts,
        "site_beds",
        several.drop_duplicates(["waiting_list", "bed_type"]).iloc[1:] if len(several) else several,
        "waiting_list '{waiting_list}' has beds of several types: each type's part is a list of its own",
        column="waiting_list",
        now="use one bed type for beds that can stand for each other, or a name for each list",
        severity=Severity.WARNING,
    )


def waiting_list_named_as_site(facts: Facts) -> Iterator[Problem]:
    """A list has the name of a site whose own unit of that bed type is on no list."""
    units = _units(facts)
    alone = units[units["waiting_list"].isna()]
    own = set(zip(alone["site"], alone["bed_type"], strict=True))
    clash = [
        isinstance(name, str) and (name, bed_type) in own
        for name, bed_type in zip(units["waiting_list"], units["bed_type"], strict=True)
    ]
    yield from at_rows(
        facts,
        "site_beds",
        units[np.array(clash, dtype=bool) & (units["congestion"] != "none").to_numpy()],
        "waiting_list '{waiting_list}' is also the name of a site with a '{bed_type}' unit that is on no list",
        column="waiting_list",
        now="give the list another name, or the unit at that site this list",
    )


def _units(facts: Facts) -> pd.DataFrame:
    """Rows of `site_beds` with the congestion of their bed type."""
    congestion = facts.table("bed_types").set_index("bed_type")["congestion"]
    units = facts.table("site_beds")
    return units.assign(congestion=units["bed_type"].map(congestion))


RULES = (
    refusal_probability_missing,
    queue_has_no_measure,
    probability_is_certain,
    queue_dearer_than_delay,
    congestion_not_asked,
    waiting_list_without_congestion,
    waiting_list_of_several_types,
    waiting_list_named_as_site,
)
