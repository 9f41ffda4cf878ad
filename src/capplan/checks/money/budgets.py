"""Budgets and pools: years that are none of the plan, budgets that are spent already, pools that do nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows
from capplan.errors import Problem, Severity


def budget_year_unreadable(facts: Facts) -> Iterator[Problem]:
    """The year of a budget is not written as the name of a financial year."""
    rows = facts.table("budgets")
    yield from at_rows(
        facts,
        "budgets",
        rows[~_is_year(facts, rows)],
        "'{year}' is no financial year of this instance (year_starts = " + f"{facts.settings.year_starts})",
        column="year",
        now=f"write it like {facts.horizon.years[0]}, as text: spreadsheets take 2011/12 for a date",
    )


def budget_year_outside(facts: Facts) -> Iterator[Problem]:
    """A budget is for a year in which the plan has no period."""
    rows = facts.table("budgets")
    outside = rows[_is_year(facts, rows) & ~rows["year"].isin(facts.horizon.years)]
    yield from at_rows(
        facts,
        "budgets",
        outside,
        f"{{year}} lies outside the plan ({facts.horizon.years[0]} to {facts.horizon.years[-1]}): the row is not used",
        column="year",
        now="correct the year or leave the row out",
        severity=Severity.WARNING,
    )


def budget_year_missing(facts: Facts) -> Iterator[Problem]:
    """A funder has a budget in some years of the plan and none in others, where nothing limits what it spends."""
    rows = facts.table("budgets")
    years = dict.fromkeys(facts.horizon.years)
    for _, own in rows[rows["year"].isin(list(years))].groupby("funder", sort=False):
        missing = [year for year in years if year not in set(own["year"])]
        if missing:
            yield from at_rows(
                facts,
                "budgets",
                own.head(1),
                f"'{{funder}}' has no budget for {', '.join(missing)}: what it spends then is not limited",
                column="year",
                now="add the rows, or leave it so where no budget is known yet",
                severity=Severity.WARNING,
            )


def arithmetic_budget_pro_rata(facts: Facts) -> Iterator[Problem]:
    """The plan has only part of the year of a budget, and so takes only that part of it."""
    part = facts.horizon.share_of_year
    rows = facts.table("budgets")
    share = rows["year"].map(part).astype(float)
    cut = rows.assign(months=share * 12, part=rows["budget_gbp"] * share)
    yield from at_rows(
        facts,
        "budgets",
        cut[share < 1 - 0.02],  # 52 whole weeks are a day or two short of a year
        "{months:number} months of {year} lie in the plan: of {budget_gbp:pounds} it may use {part:pounds}",
        column="budget_gbp",
        now="give the budget of the whole year; begin the note with 'accepted:' if it is",
        severity=Severity.WARNING,
    )


def budget_below_committed(facts: Facts) -> Iterator[Problem]:
    """More is committed than the budget has."""
    rows = facts.table("budgets")
    yield from at_rows(
        facts,
        "budgets",
        rows[(rows["committed_gbp"] > rows["budget_gbp"]) & rows["is_imposed"].astype(bool)],
        "{committed_gbp:pounds} is committed of a budget of {budget_gbp:pounds}: only savings or a pool can mend that",
        column="committed_gbp",
        now="correct one of them, or set is_imposed to no: the gap is then reported",
        severity=Severity.WARNING,
    )


def funder_in_two_pools(facts: Facts) -> Iterator[Problem]:
    """A funder is a member of two pools, which could spend its budget twice."""
    rows = facts.table("budget_pools")
    yield from at_rows(
        facts,
        "budget_pools",
        rows[rows.duplicated("funder")],
        "'{funder}' is a member of another pool too",
        column="funder",
        now="let it be a member of one pool, or make the pools one",
    )


def pool_of_one(facts: Facts) -> Iterator[Problem]:
    """A pool has one member, who can share with nobody."""
    rows = facts.table("budget_pools")
    yield from at_rows(
        facts,
        "budget_pools",
        rows[~rows.duplicated("pool", keep=False)],
        "'{funder}' is the only member of the pool '{pool}'",
        column="pool",
        now="add the other members, or leave the pool out",
        severity=Severity.WARNING,
    )


def pool_member_without_budget(facts: Facts) -> Iterator[Problem]:
    """A member of a pool has no budget to share."""
    rows = facts.table("budget_pools")
    yield from at_rows(
        facts,
        "budget_pools",
        rows[~rows["funder"].isin(facts.table("budgets")["funder"])],
        "'{funder}' has no budget: it neither gives nor receives",
        column="funder",
        now="give it rows in budgets, or look at the name",
        severity=Severity.WARNING,
    )


def _is_year(facts: Facts, rows: pd.DataFrame) -> pd.Series:
    """Which rows name a financial year as this instance does."""
    return rows["year"].map(lambda year: _year_named(facts, str(year)) == year).astype(bool)


def _year_named(facts: Facts, text: str) -> str:
    """The financial year that begins in the year with which the text begins; empty where there is none."""
    first = text[:4]
    if not (first.isascii() and first.isdigit() and int(first) >= datetime.MINYEAR):
        return ""
    return facts.horizon.financial_year(datetime.date(int(first), facts.settings.year_starts, 1))


RULES = (
    budget_year_unreadable,
    budget_year_outside,
    budget_year_missing,
    arithmetic_budget_pro_rata,
    budget_below_committed,
    funder_in_two_pools,
    pool_of_one,
    pool_member_without_budget,
)
