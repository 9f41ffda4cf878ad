"""What is measured of every plan: groups of numbers by key and place, each from the result tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from capplan.compare.runs_compared import View
from capplan.funding import NOBODY, unfunded
from capplan.results.cost_items import NOTIONAL

Values = dict[tuple[str, str], float]
"""Numbers by key (bed type, pathway, funder … or empty: all) and place (locality, team … or empty: in all)."""
NOT_KNOWN = float("nan")
EVERYWHERE = ""


@dataclass(frozen=True)
class Group:
    """Numbers of one kind.

    `table` is where they come from, `unit` what they are in. `absent` is what a plan has that lacks a row which
    another has: 0 of what adds up, not known of ratios. `is_money`: the gaps of the plans leave them open.
    """

    name: str
    table: str
    unit: str
    of: Callable[[View], Values]
    absent: float = 0.0
    is_money: bool = False


def _total_cost(view: View) -> Values:
    return {("", EVERYWHERE): float(view.tables["costs"]["gbp_discounted"].sum())}


def _paid(view: View, *, is_paid: bool) -> Values:
    costs = view.tables["costs"]
    rows = costs["item"].isin(NOTIONAL) != is_paid
    return {("", EVERYWHERE): float(costs.loc[rows, "gbp"].sum())}


def _by_item(view: View) -> Values:
    return _sums(view.tables["costs"], "item", "gbp")


def _by_funder(view: View) -> Values:
    """Cash by funder; what nobody is named for counts where somebody pays it."""
    costs = view.tables["costs"]
    named = _sums(costs[costs["funder"] != NOBODY], "funder", "gbp")
    return {**named, ("", EVERYWHERE): unfunded(costs)}


def _budget_gaps(view: View) -> Values:
    """committed + plan - budget by funder and year, where the whole of the plans is compared."""
    if not (view.common_scope.is_whole_time and view.common_scope.is_whole_place):
        return {}
    with_gap = view.tables["budgets"].dropna(subset=["gap_gbp"])
    return {
        (str(row["funder"]), str(row["year"])): float(row["gap_gbp"]) for row in with_gap.to_dict("records")
    }


def _at_end(view: View, table: str, key: str, column: str) -> Values:
    frame = view.tables[table]
    return _by_place(view, frame[frame["period"] == view.last_period], key, column)


def _on_average(view: View, table: str, key: str, column: str) -> Values:
    """Mean over the days."""
    frame = view.tables[table]
    days = frame["period"].map(view.days)
    weighted = frame.assign(**{column: frame[column] * days / sum(view.days.values())})
    return _by_place(view, weighted, key, column)


def _bought(view: View, table: str, column: str) -> Values:
    return {("", EVERYWHERE): float(view.tables[table][column].sum())}


def _spot_bed_days(view: View) -> Values:
    beds = view.tables["beds"]
    return {("", EVERYWHERE): float((beds["spot_beds"] * beds["period"].map(view.days)).sum())}


def _people(view: View, column: str) -> Values:
    """By pathway, by locality, and in all."""
    return _of_people(view.tables["waiting"], column)


def _waiting_at_end(view: View) -> Values:
    waiting = view.tables["waiting"]
    return _of_people(waiting[waiting["period"] == view.last_period], "waiting_at_end")


def _of_people(waiting: pd.DataFrame, column: str) -> Values:
    by_locality = waiting.groupby("locality")[column].sum()
    return {
        ("", EVERYWHERE): float(waiting[column].sum()),
        **_sums(waiting, "pathway", column),
        **{("", str(locality)): float(people) for locality, people in by_locality.items() if locality},
    }


def _served_share(view: View) -> Values:
    return _ratio(_people(view, "starts"), _people(view, "referrals"))


def _mean_wait(view: View) -> Values:
    """Little's law: days waited ÷ people referred."""
    return _ratio(_people(view, "delayed_days"), _people(view, "referrals"))


def _occupancy(view: View) -> Values:
    """People in beds ÷ beds that can be used, both by the day."""
    beds = view.tables["beds"]
    days = beds["period"].map(view.days)
    usable_beds = (beds["people_in_care"] / beds["occupancy"]).where(beds["occupancy"] > 0)
    # Where nobody is in them, the table does not say how many of the open beds could be used in the period.
    empty = (beds["beds_open"] + beds["spot_beds"]).where(beds["occupancy"].notna(), 0.0)
    people = beds.assign(amount=beds["people_in_care"] * days)
    usable_days = beds.assign(amount=usable_beds.fillna(empty) * days)
    return _ratio(
        _by_place(view, people, "bed_type", "amount"), _by_place(view, usable_days, "bed_type", "amount")
    )


def _queueing(view: View) -> Values:
    with_queue = view.tables["beds"].dropna(subset=["people_queueing"])
    share = with_queue["period"].map(view.days) / sum(view.days.values())
    weighted = with_queue.assign(people_queueing=with_queue["people_queueing"] * share)
    return _by_place(view, weighted, "bed_type", "people_queueing")


def _schemes_live(view: View) -> Values:
    schemes = view.tables["schemes"]
    last = schemes[schemes["period"] == view.last_period]
    return {
        (str(row["scheme"]), str(row["locality"])): float(row["is_live"]) for row in last.to_dict("records")
    }


def _wards(view: View, column: str) -> Values:
    acute = view.tables["acute"]
    last = acute[acute["period"] == view.last_period]
    return {(str(row["hospital"]), EVERYWHERE): float(row[column]) for row in last.to_dict("records")}


def _sums(frame: pd.DataFrame, key: str, column: str) -> Values:
    return {
        (str(name), EVERYWHERE): float(amount) for name, amount in frame.groupby(key)[column].sum().items()
    }


def _by_place(view: View, frame: pd.DataFrame, key: str, column: str) -> Values:
    """Sums by key, and by key and place: where sites stand, as teams are called."""
    place = frame["site"].map(view.locality_of_site) if "site" in frame.columns else frame["locality"]
    sums = frame.groupby([frame[key], place.rename("place")])[column].sum()
    return _sums(frame, key, column) | {
        (str(name), str(where)): float(amount) for (name, where), amount in sums.items()
    }


def _ratio(part: Values, whole: Values) -> Values:
    return {row: part.get(row, 0.0) / amount if amount > 0 else NOT_KNOWN for row, amount in whole.items()}


def _capacity(name: str, table: str, key: str, column: str, unit: str) -> Iterable[Group]:
    yield Group(f"{name}_at_end", table, unit, partial(_at_end, table=table, key=key, column=column))
    yield Group(f"{name}_on_average", table, unit, partial(_on_average, table=table, key=key, column=column))


GROUPS: tuple[Group, ...] = (
    Group("cost", "costs", "£ discounted", _total_cost, is_money=True),
    Group("cost_paid", "costs", "£", partial(_paid, is_paid=True), is_money=True),
    Group("cost_notional", "costs", "£", partial(_paid, is_paid=False), is_money=True),
    Group("cost_by_item", "costs", "£", _by_item, is_money=True),
    Group("cost_by_funder", "costs", "£", _by_funder, is_money=True),
    Group("budget_gap", "budgets", "£", _budget_gaps, NOT_KNOWN, is_money=True),
    *_capacity("beds", "beds", "bed_type", "beds_open", "beds"),
    *_capacity("wte", "staff", "role", "wte", "WTE"),
    *_capacity("shifts", "shifts", "shift_type", "shifts_on_duty", "crews on duty"),
    Group("spot_bed_days", "beds", "bed days", _spot_bed_days),
    Group("agency_hours", "staff", "hours", partial(_bought, table="staff", column="agency_hours")),
    Group("spot_care_hours", "shifts", "hours", partial(_bought, table="shifts", column="spot_care_hours")),
    Group("referrals", "waiting", "people", partial(_people, column="referrals")),
    Group("starts", "waiting", "people", partial(_people, column="starts")),
    Group("served_share", "waiting", "share", _served_share, NOT_KNOWN),
    Group("unmet", "waiting", "people", partial(_people, column="unmet")),
    Group("waiting_at_end", "waiting", "people", _waiting_at_end),
    Group("delayed_days", "waiting", "days", partial(_people, column="delayed_days")),
    Group("mean_wait_days", "waiting", "days", _mean_wait, NOT_KNOWN),
    Group("occupancy", "beds", "share", _occupancy, NOT_KNOWN),
    Group("people_queueing", "beds", "people", _queueing),
    Group("schemes_live", "schemes", "live", _schemes_live),
    Group("wards_closed", "acute", "wards", partial(_wards, column="wards_closed")),
    Group("acute_beds_freed", "acute", "beds", partial(_wards, column="beds_freed")),
)
"""Everything that is measured, besides targets (`capplan.compare.targets`)."""
