"""Schemes, a second way: every way in which they can go live, one by one, and what is then simply the number.

Nothing here is taken from the package but the tables of an instance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import inf

import numpy as np
import pandas as pd

from capplan.instance import Instance
from tests.independent.second_need import Need, Row, empty

EVERYWHERE = ""
MONTHS = {"week": 7 * 12 / 365.25, "month": 1.0, "quarter": 3.0}
"""Length of a period as effects count it [months]."""
Rollout = tuple[str, str]
Live = Mapping[Rollout, int | None]
"""By scheme and locality the period in which it goes live; None: never, or long before the start."""
People = tuple[str, str, str]


class Schemes:
    """The schemes of an instance that have gone live as told; without `live` none of those that are to decide."""

    def __init__(self, instance: Instance, need: Need, live: Live | None = None) -> None:
        self.instance, self.need = instance, need
        self.rows = {row["scheme"]: row for row in need.rows("schemes")}
        self.effects = need.rows("scheme_effects")
        self.places = {j: self._localities(row) for j, row in self.rows.items()}
        self.rollouts = [(j, l) for j, places in self.places.items() for l in places]
        self.live: Live = dict.fromkeys(self.rollouts) if live is None else live

    def _localities(self, row: Row) -> list[str]:
        if not row["by_locality"]:
            return [EVERYWHERE]
        own = [r["locality"] for r in self.need.rows("scheme_localities") if r["scheme"] == row["scheme"]]
        return sorted(own or self.need.population)

    # When they go live

    def ways_to_go_live(self) -> Iterator[Live]:
        """Every way that keeps the windows, the order, the pilot, the exclusions and the limits."""
        for points in product(*(self._points(*rollout) for rollout in self.rollouts)):
            self.live = dict(zip(self.rollouts, points, strict=True))
            if all(rule() for rule in (self._in_order, self._apart, self._after_pilots, self._few_at_once)):
                yield dict(self.live)

    def _points(self, j: str, l: str) -> list[int | None]:
        row = self.rows[j]
        if row["is_live"]:
            return [None]
        own = [
            r["earliest"]
            for r in self.need.rows("scheme_localities")
            if (r["scheme"], r["locality"]) == (j, l) and not empty(r["earliest"])
        ]
        first = own[0] if own else row["earliest"]
        points = [
            e
            for e in range(0, len(self.need.days), self.instance.settings.periods_between_decisions)
            if (empty(first) or self._day(e) >= first)
            and (empty(row["latest"]) or self._day(e) <= row["latest"])
            and (empty(row["ends"]) or self._day(e) <= row["ends"])
        ]
        return points if row["mandatory"] else [None, *points]

    def _day(self, t: int) -> pd.Timestamp:
        return pd.Timestamp(self.need.edges[t])

    @staticmethod
    def _named(cell: object) -> list[str]:
        return [] if empty(cell) else str(cell).split(";")

    def _pairs(self, column: str) -> Iterator[tuple[Rollout, Rollout]]:
        """Roll-outs with those that they name in a column: in the same locality, or anywhere if one is everywhere."""
        for j, l in self.rollouts:
            for other in self._named(self.rows[j][column]):
                yield from (
                    ((j, l), (other, k)) for k in self.places[other] if EVERYWHERE in (l, k) or l == k
                )

    def _in_order(self) -> bool:
        """What is required has gone live by then."""
        return all(
            self.live[one] is None
            or self.rows[other[0]]["is_live"]
            or (self.live[other] is not None and self.live[other] <= self.live[one])
            for one, other in self._pairs("requires")
        )

    def _apart(self) -> bool:
        return not any(
            self.is_live(one, t) and self.is_live(other, t)
            for one, other in self._pairs("excludes")
            for t in range(len(self.need.days))
        )

    def _after_pilots(self) -> bool:
        for (j, l), point in self.live.items():
            row = self.rows[j]
            if point is None or empty(row["pilot_locality"]) or l in (EVERYWHERE, row["pilot_locality"]):
                continue
            pilot = self.live[j, row["pilot_locality"]]
            if pilot is None or pilot + row["pilot_periods"] > point:
                return False
        return True

    def _few_at_once(self) -> bool:
        every = self.instance.settings.periods_between_decisions
        for j, row in self.rows.items():
            if empty(row["go_lives_max_per_period"]):
                continue
            points = [self.live[j, l] for l in self.places[j]]
            for e in {point for point in points if point is not None}:
                spans = min(every, len(self.need.days) - e)
                if points.count(e) > row["go_lives_max_per_period"] * spans:
                    return False
        return True

    def is_live(self, rollout: Rollout, t: int) -> bool:
        row, point = self.rows[rollout[0]], self.live[rollout]
        begins = -inf if row["is_live"] else inf if point is None else point
        ends = inf if row["is_live"] or empty(row["lasts_periods"]) else begins + row["lasts_periods"]
        return begins <= t < ends and (empty(row["ends"]) or self._day(t) <= row["ends"])

    # What they change

    def _fraction(self, effect: Row, rollout: Rollout, t: int) -> float:
        """How much of an effect is there: after a lag, in steps, from month to month."""
        if not self.is_live(rollout, t):
            return 0.0
        row = self.rows[rollout[0]]
        if row["is_live"]:
            return 1.0 if empty(effect["to_month"]) else 0.0
        age = t - self.live[rollout] - row["lag_periods"]
        months = age * MONTHS[self.instance.settings.period]
        last = inf if empty(effect["to_month"]) else effect["to_month"]
        if age < 0 or months + 1e-9 < effect["from_month"] or months + 1e-9 >= last:
            return 0.0
        return min(1.0, (age + 1) / (row["ramp_periods"] + 1))

    def _on(self, changes: str, t: int, **of: object) -> Iterator[tuple[Row, float]]:
        """Effects on a number in a period, with their fractions."""
        for effect in self.effects:
            if effect["effect"] != changes or not self._is_meant(effect, of):
                continue
            for place in self.places[effect["scheme"]]:
                if place in (EVERYWHERE, of["locality"]):
                    fraction = self._fraction(effect, (effect["scheme"], place), t)
                    if fraction:
                        yield effect, fraction

    def _is_meant(self, effect: Row, of: Mapping[str, object]) -> bool:
        """Whether the filters of an effect leave what a number is of; what a number is not of is no reason."""
        return all(
            empty(effect[column]) or column not in of or of[column] in self._named(effect[column])
            for column in (
                *("locality", "network", "hospital", "sub_region", "site", "kind", "provider"),
                *("pathway", "package", "bed_type", "resource"),
            )
        )

    def _of_people(self, people: People) -> dict[str, object]:
        l, h, p = people
        network = {row["locality"]: row["network"] for row in self.need.rows("localities")}
        region = {row["hospital"]: row["sub_region"] for row in self.need.rows("hospitals")}
        return {
            "locality": l,
            "network": network[l],
            "hospital": h,
            "sub_region": region.get(h),
            "pathway": p,
        }

    def changed(
        self,
        changes: str,
        number: float,
        t: int,
        people: People,
        *,
        package: Row | None = None,
        site: str = "",
        resource: str = "",
    ) -> float:
        """A number after all effects on it: factors multiply, then what they add is added."""
        of = self._of_people(people)
        if package is not None:
            sites = {row["site"]: row for row in self.need.rows("sites")}
            where = sites.get(site, {"kind": None, "provider": None})
            of |= {"package": package["package"], "bed_type": package["bed_type"], "site": site}
            of |= {"kind": where["kind"], "provider": where["provider"]}
        if resource:
            of["resource"] = resource
        return self._after(number, self._on(changes, t, **of))

    def changed_site(self, beds_max: float, t: int, site: Row) -> float:
        """How many beds fit into a building."""
        of = {column: site[column] for column in ("locality", "site", "kind", "provider")}
        return self._after(beds_max, self._on("sites.beds_max", t, **of))

    @staticmethod
    def _after(number: float, steps: Iterator[tuple[Row, float]]) -> float:
        factor, added = 1.0, 0.0
        for effect, fraction in steps:
            factor *= 1 + fraction * (effect["multiply"] - 1)
            added += fraction * effect["add"]
        return number * factor + added

    def more_referrals(self, people: People) -> np.ndarray:
        """People more who are referred in each period: shares of the number without schemes, and what is added.

        What is added is for everybody whom the filters leave (in the locality of a roll-out), shared like referrals.
        """
        own = self.need.referrals[people]
        more = np.zeros(len(own))
        for t in range(len(own)):
            for effect, fraction in self._on("referrals.people_per_month", t, **self._of_people(people)):
                more[t] += fraction * (effect["multiply"] - 1) * own[t]
                if effect["add"]:
                    everybody = self._alike(effect, people[0])[t]
                    more[t] += fraction * effect["add"] * self.need.months[t] * own[t] / everybody
        return more

    def _alike(self, effect: Row, locality: str) -> np.ndarray:
        """Referrals of everybody whom an effect changes together."""
        by_locality = self.rows[effect["scheme"]]["by_locality"]
        found = np.zeros(len(self.need.days))
        for people, referred in self.need.referrals.items():
            if self._is_meant(effect, self._of_people(people)) and (not by_locality or people[0] == locality):
                found += referred
        return found
