"""A plan with schemes that was worked out by hand, held against an instance or a table that says something else."""

from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from capplan.errors import Problem
from capplan.instance import Instance
from capplan.results.tables import BEDS
from capplan.verify import beds
from capplan.verify.evidence import Evidence, complete
from capplan.verify.money import cost_items
from capplan.verify.people import flow
from capplan.verify.schemes import order
from capplan.verify.schemes.effects import unmet_gbp

Rule = Callable[[Evidence], Iterator[Problem]]
WEEKS = ("2018-02-05", "2018-02-12", "2018-02-19")
SETTINGS = {
    "title": "Three weeks",
    "start": WEEKS[0],
    "period": "week",
    "periods": 3,
    "capacity_changes_every": 1,
    "opening": "empty",
}
TABLES = {
    "localities": "locality,network\na,hills\nb,hills",
    "sites": "site,locality,beds_max\ns,b,2",
    "bed_types": "bed_type,occupancy_max\nward,1",
    "site_beds": "site,bed_type,beds_max,bed_day_gbp\ns,ward,9,10",
    "pathways": "pathway,direction,delay_day_gbp,unmet_gbp\nhome,step_down,100,1000",
    "packages": "package,setting,bed_type,stay_days\nstay,bed,ward,7",
    "eligibility": "pathway,package\nhome,stay",
    "referrals": "locality,pathway,people_per_week\na,home,10\nb,home,30",
    "schemes": """
        scheme,one_off_gbp,month_gbp,by_locality,requires,pilot_locality,pilot_periods,go_lives_max_per_period,ramp_periods
        hub,70,40,no,,,,,
        teams,20,,yes,hub,a,1,1,1
        """,
    "scheme_effects": """
        scheme,effect,locality,network,multiply,add
        hub,referrals.people_per_month,,hills,,-8
        hub,pathways.unmet_gbp,b,,0.5,
        teams,referrals.people_per_month,,,0.6,
        teams,pathways.unmet_gbp,,,0.8,-100
        teams,sites.beds_max,,,1.5,4
        """,
}
"""The hub goes live in the first week, team a in the second, team b in the third."""
LIVE = {("hub", ""): (1, 1, 1), ("teams", "a"): (0, 1, 1), ("teams", "b"): (0, 0, 1)}
GBP = {("hub", ""): (80, 10, 10), ("teams", "a"): (0, 20, 0), ("teams", "b"): (0, 0, 20)}
# A week is a quarter of a month: the hub takes 2 of 40 a week, a quarter of them in a.
# The teams take 20 % in their first week and 40 % from then on.
REFERRALS = {"a": (9.5, 7.5, 5.5), "b": (28.5, 28.5, 22.5)}
UNMET_GBP = {"a": (1000, 850, 700), "b": (500, 500, 400)}
BEDS_MAX = (2, 2, 4.5)


def instance(**changes: str) -> Instance:
    """The instance, with one text in a table replaced by another (`table="old>new"`)."""
    tables = dict(TABLES)
    for table, change in changes.items():
        old, new = change.split(">")
        assert old in tables[table]
        tables[table] = tables[table].replace(old, new)
    return Instance.from_frames(SETTINGS, **tables)


def results(live: dict[tuple[str, str], tuple[int, ...]] = LIVE) -> dict[str, pd.DataFrame]:
    """The result tables that speak of schemes; nobody starts, everybody goes without."""
    rows = [
        (*key, week, bool(is_live))
        for key, weeks in live.items()
        for week, is_live in zip(WEEKS, weeks, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["scheme", "locality", "period", "is_live"])
    amounts = [
        (*key, week, gbp) for key, weeks in GBP.items() for week, gbp in zip(WEEKS, weeks, strict=True)
    ]
    paid = pd.DataFrame(amounts, columns=["key", "locality", "period", "gbp"])
    people = [
        ("waiting", place, week, n, price)
        for place in "ab"
        for week, n, price in zip(WEEKS, REFERRALS[place], UNMET_GBP[place], strict=True)
    ]
    waiting = pd.DataFrame(people, columns=["item", "locality", "period", "referrals", "price"])
    unmet = waiting.assign(item="unmet", key="home", gbp=waiting["referrals"] * waiting["price"])
    booked = pd.concat([paid.assign(item="schemes"), unmet[["item", "key", "locality", "period", "gbp"]]])
    beds_open = pd.DataFrame({"site": "s", "bed_type": "ward", "period": WEEKS, "beds_open": BEDS_MAX})
    return {
        "schemes": table.assign(gbp=paid["gbp"]),
        "costs": booked.assign(funder="", provider="", site="", gbp_discounted=booked["gbp"]),
        "waiting": _filled(waiting, hospital="", pathway="home", unmet=waiting["referrals"]),
        "beds": _filled(
            beds_open, **dict.fromkeys(column.name for column in BEDS.columns if column.may_be_empty)
        ),
        "sites": pd.DataFrame({"site": "s", "period": WEEKS, "is_open": True}),
    }


def _filled(frame: pd.DataFrame, **cells: object) -> pd.DataFrame:
    """The frame with more columns, and 0 in the numbers that a result table must have and this one has not."""
    numbers = [
        *("starts", "unmet", "waiting_at_end", "delayed_days", "mean_wait_days"),
        *("beds_opened", "beds_closed", "beds_converted", "spot_beds", "people_in_care"),
    ]
    return frame.assign(**dict.fromkeys(numbers, 0.0)).assign(**cells)


def rules(rule: Rule, planned: Instance, tables: dict[str, pd.DataFrame]) -> list[str]:
    """What a rule finds wrong."""
    ready = complete(planned, tables)[0]
    nothing = {name: frame for name, frame in complete(planned, {})[0].items() if name not in ready}
    return [problem.rule for problem in rule(Evidence(planned, {**nothing, **ready}))]


def live(**changes: str) -> dict[str, pd.DataFrame]:
    """The result tables with other weeks in which a scheme is live (`hub="011"`)."""
    keys = {"hub": ("hub", ""), "a": ("teams", "a"), "b": ("teams", "b")}
    return results(LIVE | {keys[name]: tuple(int(c) for c in weeks) for name, weeks in changes.items()})


SCHEME_RULES = (
    order.scheme_rows,
    order.once_and_for_good,
    order.window,
    order.mandatory,
    order.order,
    order.exclusion,
    order.pilot,
    order.go_live_limit,
    order.amounts,
)


@pytest.mark.parametrize("rule", [*SCHEME_RULES, flow.referral_rows, beds.site_capacity])
def test_the_plan_worked_out_by_hand_is_right(rule: Rule):
    assert rules(rule, instance(), results()) == []


def test_the_costs_worked_out_by_hand_are_right():
    planned, tables = instance(), complete(instance(), results())[0]
    recount = unmet_gbp(planned, Evidence(planned, tables).horizon, _index(tables), tables["schemes"])
    assert {place: tuple(recount.loc[place].iloc[0]) for place in "ab"} == UNMET_GBP
    paid = next(cost_items.schemes(Evidence(planned, tables)))
    gbp = paid.groupby(level=["key", "locality"]).sum()
    assert {key: pytest.approx(GBP[key]) for key in gbp.index} == {k: tuple(row) for k, row in gbp.iterrows()}


def _index(tables: dict[str, pd.DataFrame]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(tables["waiting"][["locality", "hospital", "pathway"]].drop_duplicates())


@pytest.mark.parametrize(
    ("rule", "tables", "name"),
    [
        (order.once_and_for_good, live(hub="101"), "once_and_for_good"),
        (order.order, live(hub="011", a="111"), "scheme_order"),
        (order.pilot, live(b="011"), "scheme_pilot"),
        (order.go_live_limit, live(a="001"), "go_live_limit"),
        (flow.referral_rows, live(a="001"), "referrals"),
        (beds.site_capacity, live(b="000"), "site_capacity"),
    ],
)
def test_a_table_that_cannot_be_is_found(rule: Rule, tables: dict[str, pd.DataFrame], name: str):
    assert name in rules(rule, instance(), tables)


def test_a_row_that_is_missing_is_found():
    tables = results()
    assert rules(order.scheme_rows, instance(), tables | {"schemes": tables["schemes"].iloc[:-3]}) == [
        "scheme_rows"
    ]
    assert rules(order.scheme_rows, instance(), tables | {"schemes": tables["schemes"].iloc[:-1]}) == [
        "scheme_rows"
    ]


@pytest.mark.parametrize(
    ("rule", "column", "cell", "name"),
    [
        (order.window, "latest", pd.Timestamp(WEEKS[1]), "scheme_window"),
        (order.window, "earliest", pd.Timestamp(WEEKS[1]), "scheme_window"),
        (order.once_and_for_good, "ends", pd.Timestamp(WEEKS[1]), "once_and_for_good"),
        (order.once_and_for_good, "lasts_periods", 1, "once_and_for_good"),
        (order.exclusion, "excludes", "hub", "scheme_exclusion"),
        (order.pilot, "pilot_periods", 2, "scheme_pilot"),
        (order.pilot, "pilot_locality", "b", "scheme_pilot"),
        (flow.referral_rows, "lag_periods", 1, "referrals"),
        (flow.referral_rows, "ramp_periods", 2, "referrals"),
        (beds.site_capacity, "ramp_periods", 2, "site_capacity"),
    ],
)
def test_an_instance_that_asks_for_something_else_is_found(rule: Rule, column: str, cell: object, name: str):
    planned = instance()
    other = planned.replace(schemes=planned.written["schemes"].assign(**{column: cell}))
    assert name in rules(rule, other, results())


def test_a_mandatory_scheme_that_never_goes_live_is_found():
    planned = instance()
    other = planned.replace(schemes=planned.written["schemes"].assign(mandatory=True))
    assert rules(order.mandatory, other, live(b="000")) == ["scheme_mandatory"]


def test_a_go_live_between_two_decision_points_is_found():
    fortnights = instance().settings.model_copy(update={"capacity_changes_every": 2})
    assert rules(order.window, instance().replace(settings=fortnights), results()) == ["decision_points"]


def test_a_cost_that_the_tables_tell_differently_is_found():
    tables = results()
    dearer = tables["schemes"].assign(gbp=lambda rows: rows["gbp"] + 1)
    assert set(rules(order.amounts, instance(), tables | {"schemes": dearer})) == {"scheme_gbp"}
