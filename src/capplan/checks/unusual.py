"""Suspicious arithmetic: prices and numbers that are far from what such things usually are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, problem
from capplan.errors import Problem, Severity
from capplan.instance import Instance
from capplan.schema.columns import Kind
from capplan.schema.tables import TABLES
from capplan.schema.tables.parts import DAYS_PER_YEAR

WEEKS_PER_YEAR = DAYS_PER_YEAR / 7
"""Roughly (a year has 365.25 days), as everything here: for checks and ratios only."""
NEAR = 0.02


class Usual(NamedTuple):
    """Numbers of a column that nobody would wonder at; 0 in a price is a statement and never unusual."""

    table: str
    column: str
    low: float
    high: float
    unit: str


PRICES = (
    Usual("site_beds", "bed_day_gbp", 20, 2_000, "£ a bed-day"),
    Usual("site_beds", "spot_bed_day_gbp", 20, 2_000, "£ a bed-day"),
    Usual("staff", "wte_month_gbp", 500, 20_000, "£ a WTE and month"),
    Usual("staff", "agency_hour_gbp", 5, 200, "£ an hour"),
    Usual("shifts", "shift_gbp", 5, 200, "£ an hour of a shift"),
    Usual("shifts", "spot_care_hour_gbp", 5, 200, "£ an hour"),
)
NUMBERS = (
    Usual("packages", "stay_days", 0, 365, "days, more than a year"),
    Usual("roles", "contact_hours_per_week", 0, 60, "contact hours a week of one WTE"),
    Usual("roles", "turnover_per_year", 0, 1, "of the posts fall vacant every year"),
    Usual("package_care", "care_hours_per_day", 0, 24, "care hours a day for one person"),
)


def arithmetic_price_unusual(facts: Facts) -> Iterator[Problem]:
    """A price that is far from what such things cost."""
    for usual in PRICES:
        yield from _unusual(facts, usual, _price(facts, usual))


def arithmetic_number_unusual(facts: Facts) -> Iterator[Problem]:
    """A stay of more than a year, a WTE with more than 60 contact hours a week, and the like."""
    for usual in NUMBERS:
        yield from _unusual(facts, usual, facts.table(usual.table)[usual.column])


def _unusual(facts: Facts, usual: Usual, numbers: pd.Series) -> Iterator[Problem]:
    odd = (numbers > 0) & ((numbers < usual.low) | (numbers > usual.high))
    rows = facts.table(usual.table).assign(number=numbers)
    usually = (
        f"more than {wording.figures(usual.high)}"
        if usual.low == 0
        else f"outside {wording.figures(usual.low)} to {wording.figures(usual.high)}"
    )
    yield from at_rows(
        facts,
        usual.table,
        rows[odd],
        f"{{number:figures}} {usual.unit} ({usually})",
        column=usual.column,
        now="look at the unit, or begin the note with 'accepted:'",
        severity=Severity.WARNING,
    )


def _price(facts: Facts, usual: Usual) -> pd.Series:
    if usual.table == "site_beds":
        return per_bed_day(facts.table("site_beds"), usual.column.removesuffix("_day_gbp"))
    if usual.column == "shift_gbp":
        return per_shift_hour(facts)
    return facts.table(usual.table)[usual.column]


def arithmetic_price_in_another_unit(facts: Facts) -> Iterator[Problem]:
    """A price that is 7 or 30 times (posts: 12 or 52 times) that of the same thing elsewhere."""
    week, month = (7.0,), (WEEKS_PER_YEAR / 12, DAYS_PER_YEAR / 12, 30.0, 28.0)
    looked_at = (
        ("site_beds", "bed_type", "bed_day_gbp", (*week, *month)),
        ("staff", "role", "wte_month_gbp", (12.0, WEEKS_PER_YEAR / 12, WEEKS_PER_YEAR)),
        ("shifts", "shift_type", "shift_gbp", (*week, 8.0, 12.0)),
    )
    for table, same, column, factors in looked_at:
        rows = facts.table(table)
        price = _price(facts, Usual(table, column, 0, 0, ""))
        usual = price[price > 0].groupby(rows[same]).median()
        times = price / rows[same].map(usual)
        ratios = np.outer(times, [*factors, *(1 / factor for factor in factors)])
        slip = (np.abs(ratios - 1) <= NEAR).any(axis=1)
        yield from at_rows(
            facts,
            table,
            rows.assign(price=price, usual=rows[same].map(usual))[slip],
            f"comes to {{price:money}}, and the same '{{{same}}}' elsewhere to {{usual:money}}: looks like another "
            f"unit of time",
            column=column,
            now="look at the column name: day, week, month, year or hour",
            severity=Severity.WARNING,
        )


def arithmetic_ends_on_a_first(facts: Facts) -> Iterator[Problem]:
    """Something holds up to and including the first of a month: a spreadsheet may have made a day of `Apr-17`."""
    for table in TABLES.values():
        for column in (column.name for column in table.columns if column.kind is Kind.DATE_TO):
            rows = facts.table(table.name)
            yield from at_rows(
                facts,
                table.name,
                rows[rows[column].dt.day == 1],
                f"{{{column}:date}} is the last day, and the first of a month",
                column=column,
                now="write the month (2017-04) if the whole month is meant (spreadsheets turn Apr-17 into 1 April), or "
                "begin the note with 'accepted:'",
                severity=Severity.WARNING,
            )


def arithmetic_price_years_mixed(facts: Facts) -> Iterator[Problem]:
    """Prices of different years stand side by side."""
    years = {
        name: _price_years(written) for name, written in facts.written.items() if "price_year" in written
    }
    own = facts.settings.price_year
    price_years = {year for rows in years.values() for year in rows["year"]} | ({own} if own else set())
    if len(price_years) < 2:
        return
    common = own or pd.concat([rows["year"] for rows in years.values()]).mode().iloc[0]
    for table, rows in years.items():
        other = rows[rows["year"] != common]
        for (year, _), group in other.groupby(["year", "is_accepted"]):
            yield problem(
                table,
                f"{len(group)} rows are in prices of {year}, others in prices of {common}",
                row=int(group.index[0]),
                column="price_year",
                value=year,
                now="bring them to one price year, or begin the note with 'accepted:'",
                severity=Severity.WARNING,
            )


def _price_years(written: pd.DataFrame) -> pd.DataFrame:
    """Price years of the rows that give one; columns year, is_accepted."""
    none = pd.Series(None, index=written.index, dtype="str")
    notes = written["note"] if "note" in written.columns else none
    accepted = notes.fillna("").str.strip().str.lower().str.startswith("accepted:")
    return pd.DataFrame({"year": written["price_year"], "is_accepted": accepted}).dropna(subset="year")


def per_bed_day(units: pd.DataFrame, stem: str = "bed") -> pd.Series:
    """Rough price of a bed for a day [£], of the canonical table `site_beds`; `stem` may be `spot_bed`."""
    by_month, by_year = units[f"{stem}_month_gbp"], units[f"{stem}_year_gbp"]
    return units[f"{stem}_day_gbp"].fillna(by_month * 12 / DAYS_PER_YEAR).fillna(by_year / DAYS_PER_YEAR)


def per_shift_hour(instance: Instance) -> pd.Series:
    """Rough price of an hour of a shift [£]; index: row of `shifts`."""
    crews = instance.table("shifts")
    hours = crews["shift_type"].map(instance.table("shift_types").set_index("shift_type")["hours"])
    return crews["shift_hour_gbp"].fillna(crews["shift_gbp"] / hours)


RULES = (
    arithmetic_price_unusual,
    arithmetic_number_unusual,
    arithmetic_price_in_another_unit,
    arithmetic_ends_on_a_first,
    arithmetic_price_years_mixed,
)
