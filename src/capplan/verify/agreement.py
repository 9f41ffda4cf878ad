"""Tables that repeat what others say: `decisions` and `summary`."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.horizon import Horizon
from capplan.results.cost_items import NOTIONAL
from capplan.results.tables import ACUTE_WARD, DECISIONS
from capplan.today import DO_NOTHING
from capplan.verify.acute import acute_rows
from capplan.verify.differences import unequal
from capplan.verify.evidence import Evidence
from capplan.verify.schemes.order import went_live

DAYS_PER_YEAR = 365
KEYS = ["what", "where", "period"]
DECISION = list(DECISIONS.key)
ONE_OFF = ("openings", "closings", "conversions", "changes")
"""Cost items of beds and crews that come with a decision."""


def decisions(evidence: Evidence) -> Iterator[Problem]:
    """The changes in `decisions` are those of beds open, recruits and leavers, crews on duty, schemes and wards."""
    table = evidence.tables["decisions"].rename(columns={"from": "period"})
    for period in sorted(set(table["period"]) - set(evidence.horizon.periods)):
        yield Problem("decisions", "decisions_periods", f"from {period!r} is the first day of no period")
    reported = evidence.spread(table, "change", *KEYS[:2])
    parts = (_bed_changes, _post_changes, _shift_changes, _scheme_changes, _ward_changes)
    expected = pd.concat([part(evidence) for part in parts])
    expected = expected.groupby(level=KEYS[:2]).sum()
    yield from unequal("decisions", "decisions_change", "change", reported, expected)


def decision_amounts(evidence: Evidence) -> Iterator[Problem]:
    """One-off costs follow from what changes; a full year is at the prices given, a part year its rest."""
    table = evidence.tables["decisions"].drop_duplicates(DECISION).set_index(DECISION)
    table = table[table.index.get_level_values("from").isin(evidence.horizon.periods)]
    once = _one_off(evidence)
    rows = table.index.union(once.index[once != 0])
    reported, expected = (gbp.reindex(rows, fill_value=0.0) for gbp in (table["one_off_gbp"], once))
    yield from unequal("decisions", "decisions_one_off", "one_off_gbp", reported, expected)
    prices = _year_prices(evidence)
    a_year = [prices.get((what, where), 0.0) for what, where, _ in table.index]
    reported = table["full_year_gbp"]
    yield from unequal(
        "decisions", "decisions_full_year", "full_year_gbp", reported, table["change"] * a_year
    )
    days = [_days_left(evidence.horizon, day) for day in table.index.get_level_values("from")]
    later = acute_rows(evidence.instance)["double_running_months"]
    waits = [later.get(where, 0.0) if what == ACUTE_WARD else 0.0 for what, where, _ in table.index]
    years = np.minimum(days, DAYS_PER_YEAR) / DAYS_PER_YEAR - np.array(waits) / 12
    part = table["full_year_gbp"] * np.clip(years, 0.0, None)
    yield from unequal("decisions", "decisions_part_year", "part_year_gbp", table["part_year_gbp"], part)


def _one_off(evidence: Evidence) -> pd.Series:
    """One-off costs by (what, where, from), at the price year's prices: of beds and crews as `costs` books them."""
    costs = evidence.tables["costs"]
    teams = set(evidence.instance.table("roles")["role"])
    booked = costs[costs["item"].isin(ONE_OFF) & ~costs["key"].isin(teams)]
    rise = 1 + evidence.instance.settings.price_rise_per_year
    factor = dict(zip(evidence.horizon.periods, rise**evidence.horizon.years_since_start, strict=True))
    where = booked["site"].where(booked["site"] != "", booked["locality"])
    gbp = (
        (booked["gbp"] / booked["period"].map(factor)).groupby([booked["key"], where, booked["period"]]).sum()
    )
    pieces = [gbp, _posts_one_off(evidence), _going_live_gbp(evidence)]
    return pd.concat([piece.rename_axis(DECISION) for piece in pieces]).groupby(level=DECISION).sum()


def _posts_one_off(evidence: Evidence) -> pd.Series:
    """Recruits on the day they start work, and leavers on the day they leave."""
    hired, left = _arrivals_decided(evidence)
    price = evidence.instance.table("staff").set_index(["role", "locality"])["hiring_gbp_per_wte"]
    each = evidence.instance.settings.change_gbp
    gbp = hired.mul(price.reindex(hired.index).fillna(0.0) + each, axis=0) + left * each
    return gbp.stack()


def _year_prices(evidence: Evidence) -> dict[tuple[str, str], float]:
    """What one bed, WTE or crew more costs in a full year of 365 days, by what and where."""
    units = evidence.instance.table("site_beds").set_index(["bed_type", "site"])
    by_day, by_month, by_year = (units[f"bed_{unit}_gbp"] for unit in ("day", "month", "year"))
    beds = (by_day * DAYS_PER_YEAR).fillna(by_month * 12).fillna(by_year)
    staff = evidence.instance.table("staff").set_index(["role", "locality"])["wte_month_gbp"] * 12
    crews = evidence.instance.table("shifts").set_index(["shift_type", "locality"])
    types = evidence.instance.table("shift_types").set_index("shift_type")
    own = types.reindex(crews.index.get_level_values("shift_type")).set_axis(crews.index)
    on_duty = np.array([evidence.horizon.duty_days(pattern).sum() for pattern in own["days"]])
    a_shift = crews["shift_gbp"].fillna(crews["shift_hour_gbp"] * own["hours"])
    shifts = a_shift * on_duty / evidence.horizon.days.sum() * DAYS_PER_YEAR
    own = evidence.instance.table("schemes").set_index("scheme")["month_gbp"]
    schemes = pd.Series({key: own[key[0]] * 12 for key in went_live(evidence).index}, dtype=float)
    prices: dict[tuple[str, str], float] = pd.concat([beds, staff, shifts, schemes]).fillna(0.0).to_dict()
    wards = acute_rows(evidence.instance)
    released = wards["gain_share"] * wards["ward_month_gbp"] * 12
    return prices | {(ACUTE_WARD, str(where)): float(gbp) for where, gbp in released.items()}


def _going_live_gbp(evidence: Evidence) -> pd.Series:
    """What it costs that schemes go live, by (scheme, locality, period) [£ of the price year]."""
    one_off = evidence.instance.table("schemes").set_index("scheme")["one_off_gbp"]
    changes = _scheme_changes(evidence)
    prices = one_off.reindex(changes.index.get_level_values(0)).to_numpy()
    return changes.mul(prices, axis=0).stack()


def _scheme_changes(evidence: Evidence) -> pd.DataFrame:
    """One for each roll-out in the period in which it goes live."""
    went = went_live(evidence)
    positions = np.arange(len(evidence.horizon))
    began = (went.to_numpy()[:, None] == positions).astype(float)
    index = pd.MultiIndex.from_tuples(list(went.index), names=KEYS[:2]) if len(went) else _no_keys()
    return pd.DataFrame(began, index, pd.Index(evidence.horizon.periods, name="period"))


def _no_keys() -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([[], []], names=KEYS[:2])


def _days_left(horizon: Horizon, first: str) -> int:
    """Days from a first day to the end of its financial year."""
    day = datetime.date.fromisoformat(first)
    end = datetime.date(day.year + (day.month >= horizon.year_starts), horizon.year_starts, 1)
    return (end - day).days


def summary(evidence: Evidence) -> Iterator[Problem]:
    """The measures of `summary` are totals of the other tables."""
    reported = evidence.tables["summary"].set_index("measure")["value"]
    expected = pd.Series(
        {
            **_money(evidence),
            **_people(evidence),
            **_capacity(evidence),
            **_targets(evidence),
            **_gaps(evidence),
            **_do_nothing(evidence),
        },
        dtype=float,
    )
    both = reported.index.intersection(expected.index)
    yield from unequal("summary", "summary", "value", reported[both], expected[both])
    for measure in sorted(set(expected.index) - set(both)):
        yield Problem("summary", "summary_complete", f"{measure} is missing")
    of_today = (
        () if evidence.today is not None else [name for name in reported.index if name.startswith(DO_NOTHING)]
    )
    for measure in sorted(set(reported.index) - set(both) - set(of_today)):
        yield Problem("summary", "summary_complete", f"{measure} is no measure of this plan")


def _money(evidence: Evidence) -> dict[str, float]:
    costs = evidence.tables["costs"]
    is_notional = costs["item"].isin(NOTIONAL)
    items = {f"cost_{item}": float(gbp) for item, gbp in costs.groupby("item")["gbp"].sum().items()}
    return items | {
        "objective": float(costs["gbp_discounted"].sum()),
        "cost_paid": float(costs.loc[~is_notional, "gbp"].sum()),
        "cost_notional": float(costs.loc[is_notional, "gbp"].sum()),
    }


def _people(evidence: Evidence) -> dict[str, float]:
    waiting = evidence.tables["waiting"]
    directions = evidence.instance.table("pathways").set_index("pathway")["direction"]
    columns = ["referrals", "starts", "unmet", "delayed_days"]
    sums = waiting.groupby(waiting["pathway"].map(directions))[columns].sum()
    last = waiting["period"] == evidence.horizon.periods[-1]
    unmet = _unmet(evidence, waiting)
    at_end = {"waiting_at_end": float(waiting.loc[last, "waiting_at_end"].sum())}
    return (
        unmet
        | at_end
        | {f"{name}_{column}": float(sums.at[name, column]) for name in sums.index for column in columns}
    )


def _unmet(evidence: Evidence, waiting: pd.DataFrame) -> dict[str, float]:
    """People who go without, by year."""
    years = waiting["period"].map(dict(zip(evidence.horizon.periods, evidence.horizon.years, strict=True)))
    sums = (
        waiting["unmet"]
        .groupby(years)
        .sum()
        .reindex(list(dict.fromkeys(evidence.horizon.years)), fill_value=0.0)
    )
    return {f"unmet_{year}": float(people) for year, people in sums.items()}


def _do_nothing(evidence: Evidence) -> dict[str, float]:
    """The same with today's capacity; nothing where that has no plan."""
    if evidence.today is None:
        return {}
    costs, waiting = evidence.today["costs"], evidence.today["waiting"]
    unmet = {f"do_nothing_{name}": people for name, people in _unmet(evidence, waiting).items()}
    return unmet | {"do_nothing_cost_paid": float(costs.loc[~costs["item"].isin(NOTIONAL), "gbp"].sum())}


def _capacity(evidence: Evidence) -> dict[str, float]:
    at_end = {
        f"{column}_at_end_{name}": float(amount)
        for table, key, column in (
            ("beds", "bed_type", "beds_open"),
            ("staff", "role", "wte"),
            ("shifts", "shift_type", "shifts_on_duty"),
        )
        for name, amount in evidence.wide(table, column, key).iloc[:, -1].items()
    }
    spot_beds = evidence.wide("beds", "spot_beds", "site") * evidence.horizon.days
    return at_end | {
        "spot_bed_days": float(spot_beds.to_numpy().sum()),
        "agency_hours": float(evidence.tables["staff"]["agency_hours"].sum()),
        "spot_care_hours": float(evidence.tables["shifts"]["spot_care_hours"].sum()),
    }


def _targets(evidence: Evidence) -> dict[str, float]:
    table = evidence.tables["targets"]
    imposed = table[(table["is_imposed"] == 1) & table["required"].notna()]
    return {"targets_imposed": float(len(imposed)), "targets_met": float((imposed["is_met"] == 1).sum())}


def _gaps(evidence: Evidence) -> dict[str, float]:
    table = evidence.tables["budgets"]
    gaps = ("gap",) if evidence.today is None else ("gap", "do_nothing_gap")
    return {
        f"{gap}_{row['funder']}_{row['year']}": row[f"{gap}_gbp"]
        for gap in gaps
        for row in table[table[f"{gap}_gbp"].notna()].to_dict("records")
    }


def _bed_changes(evidence: Evidence) -> pd.DataFrame:
    beds = evidence.wide("beds", "beds_open", "bed_type", "site")
    before = evidence.instance.table("site_beds").set_index(["bed_type", "site"])["beds"]
    return (beds - evidence.before(beds, before)).rename_axis(KEYS[:2])


def _post_changes(evidence: Evidence) -> pd.DataFrame:
    hired, left = _arrivals_decided(evidence)
    return (hired - left).rename_axis(KEYS[:2])


def _arrivals_decided(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Recruits in the period in which they start work (people already recruited are no decision), and leavers."""
    hired, left = (evidence.wide("staff", column, "role", "locality") for column in ("wte_hired", "wte_left"))
    lags = evidence.instance.table("roles").set_index("role")["recruitment_periods"].astype(int)
    rows = [row.shift(lags[role], fill_value=0.0) for (role, _), row in hired.iterrows()]
    return (pd.DataFrame(rows, hired.index, hired.columns) if rows else hired), left


def _ward_changes(evidence: Evidence) -> pd.DataFrame:
    closed = evidence.wide("acute", "wards_closed", "hospital")
    opened = evidence.before(closed, pd.Series(dtype=float)) - closed
    return pd.concat({ACUTE_WARD: opened}).rename_axis(KEYS[:2])


def _shift_changes(evidence: Evidence) -> pd.DataFrame:
    on_duty = evidence.wide("shifts", "shifts_on_duty", "shift_type", "locality")
    before = evidence.instance.table("shifts").set_index(["shift_type", "locality"])["shifts"]
    return (on_duty - evidence.before(on_duty, before)).rename_axis(KEYS[:2])
