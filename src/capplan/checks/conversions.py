"""Conversions: beds that become what they are, or what there is no unit or room for."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.found import at_rows
from capplan.errors import Problem, Severity


def conversion_to_itself(facts: Facts) -> Iterator[Problem]:
    """Beds are converted into the type that they are."""
    rows = facts.table("conversions")
    yield from at_rows(
        facts,
        "conversions",
        rows[rows["from_bed_type"] == rows["to_bed_type"]],
        "'{from_bed_type}' beds are converted into '{to_bed_type}' beds",
        column="to_bed_type",
        now="name another bed type, or take the row out",
    )


def conversion_without_unit(facts: Facts) -> Iterator[Problem]:
    """A conversion names a unit that is not in site_beds, or one that has no room for a bed more."""
    rows = facts.table("conversions")
    units = facts.table("site_beds").set_index(["site", "bed_type"])
    for column in ("from_bed_type", "to_bed_type"):
        known = pd.MultiIndex.from_frame(rows[["site", column]]).isin(units.index)
        yield from at_rows(
            facts,
            "conversions",
            rows[~known],
            f"there is no row in site_beds for '{{{column}}}' beds at '{{site}}'",
            column=column,
            now="add one, with the price of the beds and beds_max (beds = 0 where there are none yet)",
        )
    into = units.reindex(pd.MultiIndex.from_frame(rows[["site", "to_bed_type"]]))
    full = (into["beds_max"] <= into["beds"]).to_numpy()
    yield from at_rows(
        facts,
        "conversions",
        rows.assign(most=into["beds_max"].to_numpy())[full],
        "no bed at '{site}' can become '{to_bed_type}': its beds_max is {most}, today's number",
        column="to_bed_type",
        now="raise beds_max of that unit in site_beds (empty means today's number)",
        severity=Severity.WARNING,
    )


RULES = (conversion_to_itself, conversion_without_unit)
