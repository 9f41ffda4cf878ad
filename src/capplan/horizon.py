"""The calendar of a plan: periods, decision points, financial years, duty days."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from capplan.schema.settings import Settings

SUBDIVISIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class Horizon:
    """Periods [start, end) of a plan and the decision points among them.

    `starts` has one more day than there are periods: the last is the day after the plan.
    `decision_points` are positions of periods; `epoch[t]` is the position of the last one at or before t.
    """

    starts: tuple[datetime.date, ...]
    periods_between_decisions: int
    year_starts: int
    bank_holidays: str

    @classmethod
    def of(cls, settings: Settings) -> Horizon:
        """The calendar that the settings describe."""
        return cls(
            _starts(settings.start, settings.period, settings.periods),
            settings.periods_between_decisions,
            settings.year_starts,
            settings.bank_holidays,
        )

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """ISO dates of the periods' first days: the names of the periods."""
        return tuple(day.isoformat() for day in self.starts[:-1])

    @cached_property
    def edges(self) -> np.ndarray:
        """Days since the start at which periods begin and end, length T + 1 [days]."""
        return np.array([(day - self.starts[0]).days for day in self.starts], dtype=float)

    @cached_property
    def days(self) -> np.ndarray:
        """Days in each period, length T."""
        return np.diff(self.edges)

    @cached_property
    def dates(self) -> pd.DatetimeIndex:
        """Every day of the plan."""
        return pd.date_range(self.starts[0], self.starts[-1], inclusive="left", unit="s")

    @cached_property
    def period_of_day(self) -> np.ndarray:
        """Position of the period of every day of `dates`."""
        return np.repeat(np.arange(len(self)), self.days.astype(int))

    def sum_by_period(self, per_day: np.ndarray) -> np.ndarray:
        """Sums a number given for every day of `dates` over the days of each period."""
        total: np.ndarray = np.bincount(self.period_of_day, weights=per_day, minlength=len(self))
        return total

    @cached_property
    def months(self) -> np.ndarray:
        """Calendar months in each period: Σ over its days of 1 ÷ days in that month."""
        return self.sum_by_period(1 / self.dates.days_in_month.to_numpy())

    @cached_property
    def years_since_start(self) -> np.ndarray:
        """Years from the start to the beginning of each period, in months ÷ 12."""
        return np.concatenate([[0.0], np.cumsum(self.months)[:-1]]) / 12

    @cached_property
    def decision_points(self) -> tuple[int, ...]:
        """Positions of the periods at whose beginning capacity may change."""
        return tuple(range(0, len(self), self.periods_between_decisions))

    @cached_property
    def epoch(self) -> np.ndarray:
        """For each period the position of the last decision point at or before it."""
        return np.arange(len(self)) // self.periods_between_decisions * self.periods_between_decisions

    def share_within(self, first: object, last: object) -> np.ndarray:
        """Share of each period's days from `first` to `last`, both included; an empty date is no bound."""
        inside = np.ones(len(self.dates))
        if not pd.isna(first):
            inside *= self.dates >= pd.Timestamp(first)
        if not pd.isna(last):
            inside *= self.dates <= pd.Timestamp(last)
        share: np.ndarray = self.sum_by_period(inside) / self.days
        return share

    def financial_year(self, day: datetime.date) -> str:
        """Name of the financial year of a day: `2017/18`, or `2017` where years start in January."""
        first = day.year if day.month >= self.year_starts else day.year - 1
        return str(first) if self.year_starts == 1 else f"{first}/{(first + 1) % 100:02d}"

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Financial year of every period, by the period's first day."""
        return tuple(self.financial_year(day) for day in self.starts[:-1])

    @cached_property
    def share_of_year(self) -> dict[str, float]:
        """Share of each financial year that lies in the plan: months of the periods that begin in it ÷ 12."""
        months = pd.Series(self.months).groupby(list(self.years), sort=False).sum()
        return {str(year): round(float(amount), 12) / 12 for year, amount in months.items()}

    def duty_days(self, pattern: str) -> np.ndarray:
        """Days in each period on which shifts of that pattern are on duty (`shift_types.days`)."""
        if pattern == "all":
            return self.days.copy()
        weekday = self.dates.day_of_week.to_numpy()
        holiday = self._is_bank_holiday
        on_duty = {
            "weekdays": (weekday < SATURDAY) & ~holiday,
            "weekends": (weekday >= SATURDAY) | holiday,
            "saturday": (weekday == SATURDAY) & ~holiday,
            "sunday_and_bank_holidays": (weekday == SUNDAY) | holiday,
        }[pattern]
        return self.sum_by_period(on_duty.astype(float))

    @cached_property
    def _is_bank_holiday(self) -> np.ndarray:
        if self.bank_holidays == "none":
            return np.zeros(len(self.dates), dtype=bool)
        import holidays

        years = range(self.starts[0].year, self.starts[-1].year + 1)
        calendar = holidays.country_holidays("GB", subdiv=SUBDIVISIONS[self.bank_holidays], years=years)
        return np.array([day.date() in calendar for day in self.dates])


def _starts(start: datetime.date, period: str, periods: int) -> tuple[datetime.date, ...]:
    if period == "week":
        return tuple(start + datetime.timedelta(weeks=i) for i in range(periods + 1))
    months = {"month": 1, "quarter": 3}[period]
    first = start.year * 12 + (start.month - 1) // months * months
    later = (first + months * i for i in range(1, periods + 1))
    return (start, *(datetime.date(month // 12, month % 12 + 1, 1) for month in later))
