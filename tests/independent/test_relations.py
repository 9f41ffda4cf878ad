"""Relations that hold between the costs of two questions, whatever the questions are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capplan.errors import Infeasible
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.parameters.stays import Stay, days_in_care
from capplan.plan import solve
from capplan.schema.tables import TABLES
from tests.independent.optima import EXACT, model_cost, planned_cost
from tests.strategies import ANYWHERE, examples, instance_with, small_instance

PENNY = 0.01
LOCALITY_COLUMNS = {"locality", "from_locality", "to_locality", "pilot_locality"}
LIMITS = {"limits": "max", "pathways": "wait_days_max", "conversions": "beds_per_change_max"}
few = settings(max_examples=examples(8), suppress_health_check=[HealthCheck.too_slow])


def without(*features: str) -> st.SearchStrategy[Instance]:
    """Instances with any features but these ones."""
    others = st.sets(st.sampled_from(sorted(set(ANYWHERE) - set(features))))
    return st.builds(instance_with, others, st.integers(0, 999))


def changed(instance: Instance, table: str, **columns: object) -> Instance:
    """The instance with other columns in a table."""
    return instance.trusted(**{table: instance.written[table].assign(**columns)})


def with_rows(instance: Instance, tables: Mapping[str, list[dict[str, object]]]) -> Instance:
    """The instance with more rows."""
    longer = {}
    for name, rows in tables.items():
        written = instance.written[name]
        more = pd.DataFrame(rows, columns=written.columns).astype(written.dtypes)
        longer[name] = pd.concat([written, more]) if len(written) else more
        longer[name].index = pd.RangeIndex(2, len(longer[name]) + 2, name="row")
    return instance.trusted(**longer)


# More freedom never costs more


@few
@given(small_instance("soft_target", "hard_target", "fewer_delays"))
def test_a_looser_target_never_costs_more(instance: Instance):
    targets = instance.written["targets"]
    eased = targets["value"] * np.where(targets["sense"] == "min", 0.8, 1.25)
    assert model_cost(changed(instance, "targets", value=eased)) <= model_cost(instance) + PENNY


@few
@given(small_instance("staff", "shifts"), st.sampled_from(["site_beds", "staff", "shifts"]))
def test_more_capacity_allowed_never_costs_more(instance: Instance, table: str):
    column = {"site_beds": "beds_max", "staff": "wte_max", "shifts": "shifts_max"}[table]
    roomier = changed(instance, table, **{column: instance.table(table)[column] + 1})
    assert model_cost(roomier) <= model_cost(instance) + PENNY


@few
@given(small_instance("limit_on_beds", "wait_limit", "conversion"), st.sampled_from(sorted(LIMITS)))
def test_a_looser_limit_never_costs_more(instance: Instance, table: str):
    looser = instance.table(table)[LIMITS[table]] + 2
    eased = changed(instance, table, **{LIMITS[table]: looser})
    assert model_cost(eased) <= model_cost(instance) + PENNY


@few
@given(small_instance("travel", "second_site", "second_locality"))
def test_a_longer_journey_allowed_never_costs_more(instance: Instance):
    further = instance.settings.model_copy(update={"travel_minutes_max": 90.0})
    assert model_cost(instance.trusted(settings=further)) <= model_cost(instance) + PENNY


@few
@given(small_instance())
def test_a_package_that_suits_more_people_never_costs_more(instance: Instance):
    everybody = changed(instance, "eligibility", share_max=1.0)
    assert model_cost(everybody) <= model_cost(instance) + PENNY


@few
@given(without("turnover", "arrivals", "wait_limit", "cover", "limit_on_beds", "scheme_rival"))
def test_the_plan_never_costs_more_than_today_where_nothing_is_demanded_of_it(instance: Instance):
    free = instance.trusted(targets=instance.written["targets"].iloc[:0])
    assert planned_cost(free) <= planned_cost(free, as_is=True) + PENNY


@few
@given(small_instance("wards"))
def test_more_wards_allowed_to_close_never_cost_more(instance: Instance):
    more = instance.table("acute_beds")["wards_max"] + 1
    assert model_cost(changed(instance, "acute_beds", wards_max=more)) <= model_cost(instance) + PENNY


@few
@given(
    small_instance("wards"),
    st.sampled_from(
        [
            {"discharges_baseline_per_month": 0.0},
            {"bed_days_per_discharge": 20.0},
            {"occupancy": 0.3},
            {"gain_share": 1.0},
            {"double_running_months": 0.0},
        ]
    ),
)
def test_wards_that_close_on_less_or_release_more_never_cost_more(
    instance: Instance, better: dict[str, float]
):
    assert model_cost(changed(instance, "acute_beds", **better)) <= model_cost(instance) + PENNY


@few
@given(small_instance("wards", "second_hospital"))
def test_wards_across_a_sub_region_never_cost_more_than_by_hospital(instance: Instance):
    together = changed(instance, "hospitals", sub_region="east")
    row = together.written["acute_beds"].assign(discharges_baseline_per_month=0.0, wards_max=1.0)
    together = changed(together, "eligibility", failure_acute_bed_days=0.0)
    both = pd.concat([row, row.assign(hospital="royal")])
    apart = together.replace(acute_beds=both.set_axis(pd.RangeIndex(2, 4, name="row")))
    together = together.replace(acute_beds=row.assign(hospital="east", wards_max=2.0))
    assert model_cost(together) <= model_cost(apart) + PENNY


# Budgets


FUNDED = {
    "beds": ("nhs", 0.6),
    "starts": ("nhs", 1.0),
    "hiring": ("nhs", 1.0),
    "agency": ("nhs", 1.0),
    "care_days": ("council", 1.0),
    "staff": ("council", 1.0),
    "shifts": ("council", 1.0),
}
fewer = settings(few, max_examples=examples(4))


def with_budgets(instance: Instance, part: float) -> Instance:
    """The instance with two funders, each with a budget of a part of what it would spend."""
    rows: list[dict[str, object]] = [
        {"item": item, "funder": funder, "share": share} for item, (funder, share) in FUNDED.items()
    ]
    funded = with_rows(instance, {"funding": [*rows, {"item": "beds", "funder": "council", "share": 0.4}]})
    try:
        spent = solve(funded, as_is=False, options=EXACT).tables["budgets"]
    except Infeasible:
        return funded
    of_year = spent["year"].map(Horizon.of(instance.settings).share_of_year)
    budgets = spent[["funder", "year"]].assign(budget_gbp=part * spent["plan_gbp"] / of_year)
    return with_rows(funded, {"budgets": budgets.to_dict("records")})


def pooled(instance: Instance, most: float) -> Instance:
    """The two funders in a pool in which one gives at most so much."""
    members = [{"funder": "nhs", "transfer_max_gbp": most}, {"funder": "council"}]
    return with_rows(instance, {"budget_pools": [{"pool": "both", **member} for member in members]})


@fewer
@given(without("hard_target", "cover"), st.floats(0.3, 1.0))
def test_more_budget_never_costs_more(instance: Instance, part: float):
    tight = with_budgets(instance, part)
    ample = changed(tight, "budgets", budget_gbp=1.2 * tight.table("budgets")["budget_gbp"])
    free = changed(tight, "budgets", is_imposed=False)
    cost = model_cost(ample)
    assert cost <= model_cost(tight) + PENNY
    assert model_cost(free) <= cost + PENNY


@fewer
@given(
    small_instance("second_locality", "staff"), st.floats(0.3, 1.0), st.sampled_from([0.0, 5_000.0, np.nan])
)
def test_a_pool_never_costs_more_than_separate_budgets(instance: Instance, part: float, most: float):
    apart = with_budgets(instance, part)
    assert model_cost(pooled(apart, most)) <= model_cost(apart) + PENNY


@fewer
@given(small_instance("second_locality", "second_hospital"), st.floats(0.3, 1.0))
def test_streams_that_are_planned_together_keep_budgets_as_those_apart(instance: Instance, part: float):
    by_place = [{"item": "starts", "locality": "south", "funder": "charity", "share": 1.0}]
    poor = with_rows(
        with_budgets(instance, part),
        {"funding": by_place, "budgets": [{"funder": "charity", "year": "2017/18", "budget_gbp": 500.0}]},
    )
    assert model_cost(poor) == pytest.approx(model_cost(poor, is_aggregated=False), rel=1e-7)


# What changes the cost by a known amount


@fewer
@given(small_instance("prices_rise"), st.floats(0.3, 1.0))
def test_doubling_all_prices_and_budgets_doubles_the_cost(instance: Instance, part: float):
    instance = pooled(with_budgets(instance, part), 1000.0)
    dearer = {
        name: frame.assign(
            **{column: 2 * frame[column] for column in frame if "_gbp" in column and "source" not in column}
        )
        for name, frame in instance.written.items()
    }
    priced = [name for name in type(instance.settings).model_fields if "_gbp" in name or name.endswith("gbp")]
    twice = {name: 2 * getattr(instance.settings, name) for name in priced}
    twice_as_dear = instance.trusted(settings=instance.settings.model_copy(update=twice), **dearer)
    assert model_cost(twice_as_dear) == pytest.approx(2 * model_cost(instance), rel=1e-7)


# What changes nothing


@few
@given(small_instance("second_locality"))
def test_swapping_the_names_of_two_localities_keeps_the_cost(instance: Instance):
    other = {"north": "south", "south": "north"}
    renamed = {
        name: frame.assign(
            **{column: frame[column].replace(other) for column in LOCALITY_COLUMNS.intersection(frame)}
        )
        for name, frame in instance.written.items()
    }
    assert model_cost(instance.trusted(**renamed)) == pytest.approx(model_cost(instance), rel=1e-7)


@few
@given(without("local_teams", "cross_cover", "scheme_by_locality", "scheme_success"))
def test_cutting_a_locality_in_two_halves_keeps_the_cost(instance: Instance):
    def halved(name: str, *numbers: str) -> list[dict[str, object]]:
        rows = instance.written[name]
        rows = rows[rows["locality"] == "north"]
        return rows.assign(locality="north_east", **{n: rows[n] / 2 for n in numbers}).to_dict("records")

    numbers = {"localities": ["population_65_plus"], "referrals": ["people_per_month"]}
    cut = with_rows(
        instance, {name: halved(name, *numbers.get(name, ())) for name in (*numbers, "catchments", "travel")}
    )
    for name, columns in numbers.items():
        rows = cut.written[name]
        half = {n: rows[n].where(rows["locality"] != "north", rows[n] / 2) for n in columns}
        cut = changed(cut, name, **half)
    assert model_cost(cut) == pytest.approx(model_cost(instance), rel=1e-7)


@few
@given(small_instance())
def test_what_nobody_uses_changes_nothing(instance: Instance):
    with_more = with_rows(
        instance,
        {
            "localities": [{"locality": "nowhere", "population_65_plus": 0.0, "network": "moors"}],
            "sites": [{"site": "ruin", "locality": "nowhere"}],
            "bed_types": [{"bed_type": "bench", "occupancy_max": 1.0}],
            "site_beds": [{"site": "ruin", "bed_type": "bench", "beds_max": 5.0, "bed_day_gbp": 1.0}],
            "packages": [{"package": "nap", "setting": "bed", "bed_type": "bench", "stay_days": 1.0}],
        },
    )
    assert model_cost(with_more) == pytest.approx(model_cost(instance), rel=1e-7)


@few
@given(small_instance("second_locality", "second_hospital"))
def test_streams_that_are_planned_together_cost_what_they_cost_apart(instance: Instance):
    assert model_cost(instance) == pytest.approx(model_cost(instance, is_aggregated=False), rel=1e-7)


@few
@given(small_instance("second_locality", "second_hospital", "wards"))
def test_hospitals_whose_wards_can_close_are_told_apart(instance: Instance):
    assert model_cost(instance) == pytest.approx(model_cost(instance, is_aggregated=False), rel=1e-7)


@few
@given(small_instance())
def test_the_order_of_rows_does_not_matter(instance: Instance):
    reversed_rows = {name: frame.iloc[::-1] for name, frame in instance.written.items()}
    assert model_cost(instance.trusted(**reversed_rows)) == pytest.approx(model_cost(instance), rel=1e-7)


@few
@given(small_instance("hard_target", "soft_target"))
def test_a_best_effort_costs_what_the_plan_costs_where_every_target_can_be_met(instance: Instance):
    strict = changed(instance, "targets", shortfall_gbp=np.nan)
    best = solve(strict, best_effort=True, options=EXACT)
    cost = planned_cost(strict)
    if np.isfinite(cost):
        assert best.objective == pytest.approx(cost, rel=1e-5)
    assert (best.tables["targets"]["shortfall"].sum() < 1e-3) == np.isfinite(cost)


# Periods


@few
@given(
    st.sampled_from(["exponential", "fixed", "lognormal", "gamma"]),
    st.floats(0.5, 200),
    st.lists(st.integers(1, 40), min_size=1, max_size=6),
)
def test_cutting_every_period_in_two_keeps_the_days_in_care(
    distribution: str, stay_days: float, lengths: list[int]
):
    stay = Stay(distribution, stay_days, 0.6 * stay_days)
    edges = np.concatenate([[0.0], np.cumsum(lengths)])
    halved = np.sort(np.concatenate([edges, (edges[:-1] + edges[1:]) / 2]))
    fine = days_in_care(stay, halved)
    periods = len(lengths)
    together = fine.reshape(periods, 2, periods, 2).sum(axis=3).mean(axis=1)
    assert together == pytest.approx(days_in_care(stay, edges), rel=1e-9, abs=1e-9)


def test_every_table_that_names_a_locality_is_renamed():
    named = {c.name for table in TABLES.values() for c in table.columns if "localities" in c.refers_to}
    assert named <= LOCALITY_COLUMNS | {"network"}
