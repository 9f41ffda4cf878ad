"""Journeys: coordinates that look wrong, journeys that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, first_few
from capplan.errors import Problem, Severity

LONG_MINUTES = 180
PLACES = (("localities", "locality"), ("hospitals", "hospital"), ("sites", "site"))


def coordinates_half_given(facts: Facts) -> Iterator[Problem]:
    """A place has a latitude and no longitude, or the reverse."""
    for table, key in PLACES:
        rows = facts.table(table)
        half = rows[rows["latitude"].isna() != rows["longitude"].isna()]
        yield from at_rows(
            facts,
            table,
            half,
            f"'{{{key}}}' has only one of latitude and longitude",
            column="latitude",
            now="give both or neither",
        )


def coordinates_swapped(facts: Facts) -> Iterator[Problem]:
    """Latitude and longitude of a place in Britain the wrong way round."""
    for table, key in PLACES:
        rows = facts.table(table)
        swapped = rows[rows["latitude"].between(-9, 3) & rows["longitude"].between(49, 61)]
        yield from at_rows(
            facts,
            table,
            swapped,
            f"'{{{key}}}' lies at latitude {{latitude}}, longitude {{longitude}}: they look swapped",
            column="latitude",
            now="swap them if the place is in Britain",
            severity=Severity.WARNING,
        )


def journey_unknown(facts: Facts) -> Iterator[Problem]:
    """A travel maximum or price is set, and some journeys to sites with beds are not known."""
    settings, pathways = facts.settings, facts.table("pathways")
    limited = settings.travel_minutes_max is not None or pathways["travel_minutes_max"].notna().any()
    if not limited and settings.travel_gbp_per_minute == 0:
        return
    what = "count as out of reach where a travel maximum holds" if limited else "cost nothing"
    with_beds = facts.axes.sites.isin(facts.table("site_beds")["site"])
    rows = facts.table("localities")
    unknown = np.isnan(facts.minutes) & with_beds
    for position in np.flatnonzero(unknown.any(axis=1)):
        sites = first_few(list(facts.axes.sites[unknown[position]]))
        yield from at_rows(
            facts,
            "localities",
            rows.iloc[[position]],
            f"the journeys from '{{locality}}' to {sites} are not known; they {what}",
            column="latitude",
            now="give coordinates of localities and sites, or rows in travel",
            severity=Severity.WARNING,
        )


def journey_over_three_hours(facts: Facts) -> Iterator[Problem]:
    """A journey takes more than three hours: a distance in place of minutes, or a wrong coordinate."""
    rows = facts.table("travel")
    yield from at_rows(
        facts,
        "travel",
        rows[rows["minutes"] > LONG_MINUTES],
        "{minutes:number} minutes from '{locality}' to '{site}' is more than three hours",
        column="minutes",
        now="write minutes, one way",
        severity=Severity.WARNING,
    )
    if facts.minutes.size == 0:
        return
    nearest = pd.DataFrame(facts.minutes).min(axis=1).to_numpy()
    localities = facts.table("localities").assign(nearest=nearest)
    has_own = localities["latitude"].notna()
    yield from at_rows(
        facts,
        "localities",
        localities[has_own & (nearest > LONG_MINUTES)],
        "'{locality}' is {nearest:number} minutes from the nearest site",
        column="latitude",
        now="look at its coordinates",
        severity=Severity.WARNING,
    )


RULES = (coordinates_half_given, coordinates_swapped, journey_unknown, journey_over_three_hours)
