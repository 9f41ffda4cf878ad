"""Who needs care and for how long, counted a second way: day by day, and by integrating over each day of a stay.

Nothing here is taken from the package but the tables of an instance.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from capplan.instance import Instance

LONGEST_STAY = 900
"""Days after which nobody is in care: far beyond any stay of a few weeks."""
SPRING_HOLIDAYS = {datetime.date(2017, 4, 14), datetime.date(2017, 4, 17), datetime.date(2017, 5, 1)} | {
    datetime.date(2017, 5, 29)
}
"""Bank holidays in England from April to July 2017."""
POINTS, WEIGHTS = np.polynomial.legendre.leggauss(8)
Row = dict[str, Any]


def empty(cell: object) -> bool:
    return bool(pd.isna(cell))


@dataclass(frozen=True)
class Need:
    """The calendar of an instance from April to July 2017, its referrals and what its people in care ask for.

    `more_referrals` are people more in each period, by locality, hospital and pathway; `lasts` the days of stays
    that are not those of the table. `known` is what has been worked out of the same instance.
    """

    instance: Instance
    more_referrals: Mapping[tuple[str, str, str], np.ndarray] = field(default_factory=dict)
    lasts: Mapping[str, float] = field(default_factory=dict)
    known: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def rows(self, table: str) -> list[Row]:
        if table not in self.known:
            self.known[table] = self.instance.table(table).to_dict("records")
        return self.known[table]

    def _once(self, asked: Hashable, answer: Callable[[], np.ndarray]) -> np.ndarray:
        """What has been worked out before, also for others of the same instance; a copy, to change at will."""
        key = asked, frozenset(self.lasts.items())
        if key not in self.known:
            self.known[key] = answer()
        return self.known[key].copy()

    @cached_property
    def edges(self) -> list[datetime.date]:
        """First days of the periods, and the day after the last."""
        settings = self.instance.settings
        day, found = settings.start, [settings.start]
        while len(found) <= settings.periods:
            day += datetime.timedelta(days=1)
            weeks_gone, days_over = divmod((day - settings.start).days, 7)
            is_first_day = day.day == 1 if settings.period == "month" else days_over == 0 and weeks_gone > 0
            found += [day] if is_first_day else []
        return found

    @cached_property
    def days(self) -> list[list[datetime.date]]:
        """The days of each period."""
        return [
            [first + datetime.timedelta(days=i) for i in range((after - first).days)]
            for first, after in zip(self.edges, self.edges[1:], strict=False)
        ]

    @cached_property
    def months(self) -> list[float]:
        return [sum(1 / calendar.monthrange(d.year, d.month)[1] for d in days) for days in self.days]

    def years_before(self, t: int) -> float:
        """Years from the start to the beginning of a period."""
        return sum(self.months[:t]) / 12

    def duty_days(self, pattern: str) -> list[int]:
        """Days of each period on which a shift is on duty: every day, or weekdays that are no bank holiday."""
        return [
            sum(pattern == "all" or (day.weekday() < 5 and day not in SPRING_HOLIDAYS) for day in days)
            for days in self.days
        ]

    @cached_property
    def population(self) -> dict[str, float]:
        return {row["locality"]: row["population_65_plus"] for row in self.rows("localities")}

    @cached_property
    def referrals(self) -> dict[tuple[str, str, str], np.ndarray]:
        """People referred in each period, by locality, hospital and pathway, those whom schemes bring included.

        Hospitals count only where wards can close or schemes tell them apart; else everybody's is "".
        """
        return {
            people: number + self.more_referrals.get(people, 0.0)
            for people, number in self.referrals_without_schemes.items()
        }

    @cached_property
    def referrals_without_schemes(self) -> dict[tuple[str, str, str], np.ndarray]:
        pathways = [row["pathway"] for row in self.rows("pathways")]
        hospitals = ["", *(row["hospital"] for row in self.rows("hospitals") if self.tells_hospitals_apart)]
        found = {
            (l, h, p): np.zeros(len(self.days)) for l in self.population for h in hospitals for p in pathways
        }
        for t, days in enumerate(self.days):
            for row, people in ((row, people) for day in days for row, people in self._on(day, t)):
                for locality, share in self._homes(row["locality"]):
                    for hospital, part in self._hospitals(row["hospital"], locality):
                        found[locality, hospital, row["pathway"]][t] += share * part * people
        return found

    @cached_property
    def tells_hospitals_apart(self) -> bool:
        of_hospitals = [row["hospital"] for row in self.rows("scheme_effects")]
        return bool(self.rows("acute_beds")) or not all(map(empty, of_hospitals))

    def _hospitals(self, hospital: object, locality: str) -> list[tuple[str, float]]:
        """Hospitals that share the people of a locality: the one they name, else by catchment, else none."""
        rows = [row for row in self.rows("catchments") if row["locality"] == locality]
        if not self.tells_hospitals_apart or (empty(hospital) and not rows):
            return [("", 1.0)]
        if not empty(hospital):
            return [(str(hospital), 1.0)]
        return [(row["hospital"], row["share"]) for row in rows]

    def _on(self, day: datetime.date, t: int) -> Iterator[tuple[Row, float]]:
        """Rows of referrals that count on a day, and the people they send on it."""
        rows = self.rows("referrals")
        this_month = [r for r in rows if not empty(r["month"]) and r["month"].date() == day.replace(day=1)]
        replaced = {self._cell(row) for row in this_month}
        for row in rows:
            if empty(row["month"]) and self._cell(row) not in replaced:
                growth = (1 + row["growth_per_year"]) ** self.years_before(t)
                yield row, self._rate(row, day) * growth * self._season(row["profile"], day)
        yield from ((row, self._rate(row, day)) for row in this_month)

    @staticmethod
    def _cell(row: Row) -> tuple[str, str, str]:
        return str(row["locality"]), str(row["hospital"]), str(row["pathway"])

    def _rate(self, row: Row, day: datetime.date) -> float:
        """People a day."""
        if not empty(row["people_per_month"]):
            return row["people_per_month"] / calendar.monthrange(day.year, day.month)[1]
        if not empty(row["people_per_week"]):
            return row["people_per_week"] / 7
        everybody = sum(self.population.values())
        served = everybody if empty(row["locality"]) else self.population[row["locality"]]
        return row["people_per_1000_65_plus_per_year"] * served / 1000 / 365

    def _season(self, profile: object, day: datetime.date) -> float:
        rows = [
            row for row in self.rows("profiles") if (row["profile"], row["month"]) == (profile, day.month)
        ]
        return rows[0]["factor"] if rows else 1.0

    def _homes(self, locality: object) -> list[tuple[str, float]]:
        """Localities that share a row that names none, by population; else the one it names."""
        if not empty(locality):
            return [(str(locality), 1.0)]
        return [(l, people / sum(self.population.values())) for l, people in self.population.items()]

    def homes_like_referrals(self, locality: object, pathways: list[str]) -> list[tuple[str, float]]:
        """Localities that share a row that names none, by the first period's referrals of some pathways."""
        if not empty(locality):
            return [(str(locality), 1.0)]
        first = dict.fromkeys(self.population, 0.0)
        for (l, _, p), people in self.referrals_without_schemes.items():
            first[l] += people[0] if p in pathways else 0.0
        return [(l, people / sum(first.values())) for l, people in first.items()]

    def like_referrals(self, pathway: str) -> list[tuple[str, str, float]]:
        """Localities and hospitals by their share of a pathway's referrals in the first period."""
        referrals = self.referrals_without_schemes.items()
        first = {(l, h): people[0] for (l, h, p), people in referrals if p == pathway}
        return [(l, h, people / sum(first.values())) for (l, h), people in first.items()]

    def ways(self, package: str) -> list[tuple[tuple[str, ...], float]]:
        """What a start of a package leads to: packages one after the other, and the share of people; itself first."""
        found = [((package,), 1.0)]
        for path, share in found:
            rows = [row for row in self.rows("onward") if row["package"] == path[-1]]
            found += [((*path, row["next_package"]), share * row["share"]) for row in rows]
        return found

    def asked(
        self, path: tuple[str, ...], t_start: int, windows: list[tuple[float, float, float]]
    ) -> np.ndarray:
        """What who starts in a period asks for in each, in the last package of a path: an amount a day in windows.

        People from before a steady start come on top of those who start in the first period.
        """
        key = "asked", path, t_start, tuple(windows)
        return self._once(key, lambda: self._asked(path, t_start, windows))

    def _asked(
        self, path: tuple[str, ...], t_start: int, windows: list[tuple[float, float, float]]
    ) -> np.ndarray:
        length = len(self.days[t_start])
        asked = self._spread(path, windows, self._edge(t_start), length) / length
        if t_start == 0 and self.instance.settings.opening == "steady":
            asked += self._spread(path, windows, -LONGEST_STAY, LONGEST_STAY) / length
        return asked

    def started(self, path: tuple[str, ...], t_start: int) -> np.ndarray:
        """Who starts in a period starts the last package of a path in each; from before a steady start too."""
        return self._once(("started", path, t_start), lambda: self._started(path, t_start))

    def _started(self, path: tuple[str, ...], t_start: int) -> np.ndarray:
        length, since = len(self.days[t_start]), self._edge(t_start)
        reached = [self._reached(path[:-1], self._edge(t), since, length) for t in range(len(self.edges))]
        if t_start == 0 and self.instance.settings.opening == "steady" and len(path) > 1:
            from_before = [
                self._reached(path[:-1], self._edge(t), -LONGEST_STAY, LONGEST_STAY)
                for t in range(len(self.edges))
            ]
            reached = [now + before for now, before in zip(reached, from_before, strict=True)]
        return np.diff(reached) / length

    def asked_by_census(self, path: tuple[str, ...], windows: list[tuple[float, float, float]]) -> np.ndarray:
        """The same for a person found in the first package, of whose stay only the distribution is known."""
        if len(path) == 1:
            return self._spread(path, windows, -LONGEST_STAY, LONGEST_STAY) / self._stay(path[0])["stay_days"]
        x, weight = self._weights(path[-1], windows)
        return np.array([weight @ self._left(path, t, x) for t in range(len(self.days))])

    def started_by_census(self, path: tuple[str, ...]) -> np.ndarray:
        return np.array([float(self._left(path, t, np.zeros(1))[0]) for t in range(len(self.days))])

    def _left(self, path: tuple[str, ...], t: int, x: np.ndarray) -> np.ndarray:
        """Chance that x days after the stays before the last one, found under way at the start, lie in a period."""
        first, *others = (self._stay(package) for package in path[:-1])
        assert all(stay["stay_distribution"] == "fixed" for stay in others)
        later = x + sum(stay["stay_days"] for stay in others)

        def until(z: np.ndarray) -> np.ndarray:
            z, mean = np.maximum(z, 0.0), first["stay_days"]
            return np.minimum(z / mean, 1) if first["stay_distribution"] == "fixed" else 1 - np.exp(-z / mean)

        return until(self._edge(t + 1) - later) - until(self._edge(t) - later)

    def _stay(self, package: str) -> Row:
        stay = next(row for row in self.rows("packages") if row["package"] == package)
        return stay | {"stay_days": self.lasts.get(package, stay["stay_days"])}

    def year(self, t: int) -> str:
        """The financial year of a period's first day."""
        day = self.edges[t]
        first = day.year - (day.month < 4)
        return f"{first}/{(first + 1) % 100:02d}"

    def _edge(self, t: int) -> int:
        return (self.edges[t] - self.edges[0]).days

    def _spread(
        self, path: tuple[str, ...], windows: list[tuple[float, float, float]], first: int, length: int
    ) -> np.ndarray:
        """What one person a day, starting on days [first, first + length), asks for in each period.

        The integral over the day x of the last stay of amount(x) · survival(x) · (how long x falls into the period);
        all kinks fall on whole days, so that a Gauss rule within each day is as good as exact.
        """
        x, weight = self._weights(path[-1], windows)
        until = [self._reached(path[:-1], self._edge(t) - x, first, length) for t in range(len(self.edges))]
        return np.array([weight @ (after - before) for before, after in pairwise(until)])

    def _weights(
        self, package: str, windows: list[tuple[float, float, float]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Days of a stay, and what is asked for on them."""
        x = (np.arange(LONGEST_STAY)[:, None] + (1 + POINTS) / 2).ravel()
        weight = np.tile(WEIGHTS / 2, LONGEST_STAY) * self._survival(package, x)
        return x, weight * sum(rate * ((x >= low) & (x < high)) for low, high, rate in windows)

    def _reached(
        self, before: tuple[str, ...], day: np.ndarray | float, first: int, length: int
    ) -> np.ndarray:
        """Of one start a day on days [first, first + length): how many are through the stays before by a day."""
        return self._ramp(before, day - first) - self._ramp(before, day - first - length)

    def _ramp(self, before: tuple[str, ...], z: np.ndarray | float) -> np.ndarray:
        """E[(z - B)+] for fixed stays and at most one exponential one."""
        stays = [self._stay(package) for package in before]
        random = [stay["stay_days"] for stay in stays if stay["stay_distribution"] == "exponential"]
        fixed = [stay["stay_days"] for stay in stays if stay["stay_distribution"] == "fixed"]
        z = np.maximum(z - sum(fixed), 0.0)
        assert len(random) < 2
        return z - random[0] * (1 - np.exp(-z / random[0])) if random else z

    def _survival(self, package: str, x: np.ndarray) -> np.ndarray:
        stay = self._stay(package)
        if stay["stay_distribution"] == "fixed":
            return (x < stay["stay_days"]).astype(float)
        return np.exp(-x / stay["stay_days"])
