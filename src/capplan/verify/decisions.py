"""The table `decisions`: what changes, in time for lead and notice, what it costs and who supplies it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.horizon import Horizon
from capplan.results.tables import ACUTE_WARD, DECISIONS
from capplan.verify.acute import acute_rows
from capplan.verify.differences import TOLERANCE, unequal
from capplan.verify.evidence import Evidence, once
from capplan.verify.schemes.order import went_live

DAYS_PER_YEAR = 365
KEYS = ["what", "where", "period"]
DECISION = list(DECISIONS.key)
ONE_OFF = ("openings", "closings", "conversions", "changes")
"""Cost items of beds and crews that come with a decision."""


def changes(evidence: Evidence) -> Iterator[Problem]:
    """The changes in `decisions` are those of beds open, recruits and leavers, crews on duty, schemes and wards."""
    table = evidence.tables["decisions"].rename(columns={"from": "period"})
    for period in sorted(set(table["period"]) - set(evidence.horizon.periods)):
        yield Problem("decisions", "decisions_periods", f"from {period!r} is the first day of no period")
    reported = evidence.spread(table, "change", *KEYS[:2])
    parts = (_bed_changes, _post_changes, _shift_changes, _scheme_changes, _ward_changes)
    expected = pd.concat([part(evidence) for part in parts])
    expected = expected.groupby(level=KEYS[:2]).sum()
    yield from unequal("decisions", "decisions_change", "change", reported, expected)


def amounts(evidence: Evidence) -> Iterator[Problem]:
    """One-off costs follow from what changes; a full year is at the prices given, a part year its rest."""
    table = evidence.tables["decisions"].drop_duplicates(DECISION).set_index(DECISION)
    table = table[table.index.get_level_values("from").isin(evidence.horizon.periods)]
    one_off = _one_off(evidence)
    rows = table.index.union(one_off.index[one_off != 0])
    reported, expected = (gbp.reindex(rows, fill_value=0.0) for gbp in (table["one_off_gbp"], one_off))
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


def terms(evidence: Evidence) -> Iterator[Problem]:
    """Every change has its row: decided in time for lead or notice, with who supplies what changes."""
    expected = _decided(evidence)
    table = evidence.tables["decisions"].set_index(DECISION)
    for key, row in table.iterrows():
        where, parts = ", ".join(filter(None, key)), expected.get(key)
        if parts is None:
            if row["change"] == 0:
                yield Problem("decisions", "decision_rows", f"{where}: nothing changes")
            continue
        should = {"decide_by": min(part.decide_by for part in parts), "provider": parts[0].provider}
        for column, wanted in should.items():
            if row[column] != wanted:
                told = f"{column} is {row[column] or 'empty'}, recomputed {wanted or 'empty'}"
                yield Problem("decisions", f"decision_{column}", f"{where}: {told}")
    for key, parts in expected.items():
        changes = abs(sum(part.change for part in parts)) > TOLERANCE
        if key not in table.index and not changes and any(part.is_sure for part in parts):
            where = ", ".join(filter(None, key))
            yield Problem("decisions", "decision_rows", f"{where}: the row is missing")


class Decided(NamedTuple):
    """A change from period t on, `waits` periods after the decision; not `is_sure` where no table tells of it."""

    what: str
    where: str
    t: int
    waits: int
    change: float
    provider: str
    is_sure: bool = True
    decide_by: str = ""


@once
def _decided(evidence: Evidence) -> dict[tuple[str, str, str], list[Decided]]:
    """The changes by what, where and first day, with the last day to decide each."""
    by_key: dict[tuple[str, str, str], list[Decided]] = {}
    days = [day.isoformat() for day in evidence.horizon.starts]
    for part in (_beds_decided, _posts_decided, _shifts_decided, _others_decided):
        for one in part(evidence):
            decide_by = days[max(one.t - one.waits, 0)]
            by_key.setdefault((one.what, one.where, days[one.t]), []).append(
                one._replace(decide_by=decide_by)
            )
    return by_key


def _beds_decided(evidence: Evidence) -> Iterator[Decided]:
    keys = ["bed_type", "site"]
    net = _bed_changes(evidence)
    moved = [evidence.wide("beds", f"beds_{how}", *keys) for how in ("opened", "closed", "converted")]
    size = net.abs() + sum(frame.abs().reindex(net.index) for frame in moved)
    units = evidence.instance.table("site_beds").set_index(keys)
    providers = _texts(evidence.instance.table("sites").set_index("site")["provider"])
    converting = set(evidence.instance.table("conversions")["site"])
    for key in units.index.intersection(net.index):
        lead, notice = (int(np.nan_to_num(units.at[key, lag])) for lag in ("lead_periods", "notice_periods"))
        is_moved = size.loc[key].to_numpy() > TOLERANCE
        # As many beds may become of this type as become of others: that is decided too, and no table tells of it.
        may_be = is_moved | (evidence.is_decision & (key[1] in converting))
        for t in np.flatnonzero(may_be):
            change = float(net.loc[key].iloc[t])
            waits = lead if change > TOLERANCE else notice
            provider = providers.get(key[1], "")
            yield Decided(key[0], key[1], int(t), waits, change, provider, bool(is_moved[t]))


def _posts_decided(evidence: Evidence) -> Iterator[Decided]:
    lags = evidence.instance.table("roles").set_index("role")["recruitment_periods"].astype(int)
    providers = _texts(evidence.instance.table("staff").set_index(["role", "locality"])["provider"])
    arrived, left = _arrivals_decided(evidence)
    for (role, team), t, wte in _cells(arrived):
        yield Decided(role, team, t, int(lags[role]), wte, providers.get((role, team), ""))
    for (role, team), t, wte in _cells(left):
        yield Decided(role, team, t, 0, -wte, providers.get((role, team), ""))


def _shifts_decided(evidence: Evidence) -> Iterator[Decided]:
    rows = evidence.instance.table("shifts").set_index(["shift_type", "locality"])
    providers = _texts(rows["provider"])
    for key, t, change in _cells(_shift_changes(evidence)):
        lag = "lead_periods" if change > 0 else "notice_periods"
        waits = int(np.nan_to_num(rows.at[key, lag])) if key in rows.index else 0
        yield Decided(key[0], key[1], t, waits, change, providers.get(key, ""))


def _others_decided(evidence: Evidence) -> Iterator[Decided]:
    """Schemes and wards, which are decided on the day."""
    providers = _texts(evidence.instance.table("schemes").set_index("scheme")["provider"])
    for changed in (_scheme_changes(evidence), _ward_changes(evidence)):
        for (what, where), t, change in _cells(changed):
            yield Decided(what, where, t, 0, change, providers.get(what, ""))


def _cells(wide: pd.DataFrame) -> Iterator[tuple[tuple[str, str], int, float]]:
    """Row, position of the period and number of every cell that is more than dust."""
    numbers = wide.to_numpy(dtype=float)
    for row, t in zip(*np.nonzero(np.abs(numbers) > TOLERANCE), strict=True):
        yield wide.index[row], int(t), float(numbers[row, t])


def _texts(cells: pd.Series) -> dict[Any, str]:
    """Text by key; empty where there is none."""
    return {key: "" if pd.isna(cell) else str(cell) for key, cell in cells.items()}


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
