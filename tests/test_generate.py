"""The generator: the same for the same seed, of the size asked for, right by every check, and with a plan."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from capplan.checks import check
from capplan.demand import demand
from capplan.errors import Severity, UsageError
from capplan.files import read, write
from capplan.generate import SIZES, generate
from capplan.geography import travel_minutes
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.plan import solve
from capplan.schema.columns import Kind
from capplan.schema.tables import TABLES
from capplan.solver_options import SolverOptions
from tests.strategies import FEATURES, features_of, instance_with, tiny_instance

SMALL = generate("small", 0)
COUNTY = generate("county", 0)


def assert_same(one: Instance, other: Instance) -> None:
    assert one.settings == other.settings
    for table in TABLES:
        pd.testing.assert_frame_equal(one.written[table], other.written[table])


def errors_of(instance: Instance) -> list[str]:
    return [str(problem) for problem in check(instance) if problem.severity is Severity.ERROR]


def test_the_same_seed_gives_the_same_instance():
    assert_same(SMALL, generate("small", 0))


def test_another_seed_gives_other_towns_and_other_prices():
    other = generate("small", 1)

    assert set(other.localities["locality"]) != set(SMALL.localities["locality"])
    assert list(other.site_beds["bed_day_gbp"]) != list(SMALL.site_beds["bed_day_gbp"])


def test_a_longer_plan_is_about_the_same_places():
    longer = generate("small", 0, periods=24)

    pd.testing.assert_frame_equal(longer.localities, SMALL.localities)
    pd.testing.assert_frame_equal(longer.referrals, SMALL.referrals)


@pytest.mark.parametrize(
    ("size", "localities", "hospitals", "sites", "periods"),
    [("small", 4, 1, 4, 12), ("county", 20, 3, 15, 36), ("region", 60, 8, 40, 36)],
)
def test_the_size_is_the_one_asked_for(size, localities, hospitals, sites, periods):
    instance = generate(size, 3)

    assert len(instance.localities) == localities
    assert len(instance.hospitals) == hospitals
    assert len(instance.sites) == sites
    assert instance.settings.periods == periods
    assert size in instance.settings.title
    assert "seed 3" in instance.settings.title


def test_options_replace_those_of_the_size():
    instance = generate("small", 0, localities=6, hospitals=2, sites=5, periods=9, capacity_changes_every=4)

    assert (len(instance.localities), len(instance.hospitals), len(instance.sites)) == (6, 2, 5)
    assert Horizon.of(instance.settings).decision_points == (0, 4, 8)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"sites": 1}, "sites must be 2 or more, not 1"),
        ({"hospitals": 5}, "5 hospitals need as many localities"),
        ({"wards": 3}, "no such option: wards"),
    ],
)
def test_a_shape_that_cannot_be_made_is_a_usage_error(overrides, message):
    with pytest.raises(UsageError, match=message):
        generate("small", 0, **overrides)


def test_an_unknown_size_or_a_negative_seed_is_a_usage_error():
    with pytest.raises(UsageError, match="no such size: england; choose small, county, region"):
        generate("england", 0)
    with pytest.raises(UsageError, match="seed must be 0 or more"):
        generate("small", -1)


@pytest.mark.parametrize(("size", "seed"), [("small", 0), ("county", 3), ("region", 1)])
def test_no_check_complains(size, seed):
    instance = generate(size, seed)

    assert [str(problem) for problem in check(instance)] == []


@pytest.mark.parametrize(("size", "units"), [("small", 5), ("county", 30)])
def test_with_congestion_people_queue_at_every_unit(size, units):
    instance = generate(size, 0, congestion=True)
    delay_day_gbp = instance.pathways["delay_day_gbp"].min()
    queue_day_gbp = instance.bed_types.set_index("bed_type")["queue_day_gbp"]

    assert len(instance.site_beds) == units
    assert set(instance.bed_types["congestion"]) == {"wait"}
    assert (
        delay_day_gbp
        < queue_day_gbp.max()
        < instance.pathways.set_index("pathway")["delay_day_gbp"]["p2_bed"]
    )
    assert errors_of(instance) == []


@pytest.mark.parametrize("overrides", [{}, {"periods": 5}, {"periods": 25, "congestion": True}])
def test_with_investment_there_are_ten_schemes_budgets_and_wards(overrides):
    instance = generate("small", 0, investment=True, **overrides)
    years = -(-instance.settings.periods // 12)

    assert [str(problem) for problem in check(instance) if problem.severity is not Severity.INFO] == []
    assert len(instance.schemes) == 10
    assert set(instance.scheme_effects["scheme"]) == set(instance.schemes["scheme"])
    assert len(instance.budgets) == 2 * years
    assert (instance.budgets["budget_gbp"] > 2 * instance.budgets["committed_gbp"]).all()
    assert set(instance.acute_beds["hospital"]) == set(instance.hospitals["hospital"])


def test_without_investment_nobody_asks_who_pays():
    assert all(SMALL.table(name).empty for name in ("schemes", "budgets", "funding", "acute_beds"))


def test_a_county_with_congestion_decides_once_a_year_unless_told_otherwise():
    assert generate("county", 0, congestion=True).settings.periods_between_decisions == 12
    assert (
        generate("county", 0, congestion=True, capacity_changes_every=6).settings.periods_between_decisions
        == 6
    )


@pytest.mark.parametrize(
    "overrides",
    [
        {"localities": 1, "sites": 2, "periods": 1},
        {"localities": 3, "hospitals": 3, "sites": 12},
        {"localities": 11, "periods": 5, "capacity_changes_every": 12},
    ],
)
def test_odd_shapes_have_no_errors(overrides):
    assert errors_of(generate("small", 0, **overrides)) == []


def test_every_row_says_that_it_is_assumed():
    for table, rows in COUNTY.written.items():
        if len(rows):
            assert rows["source"].str.startswith("assumption: generated").all(), table


def test_tables_with_prices_name_their_year():
    for table, rows in COUNTY.written.items():
        if len(rows) and any("gbp" in column for column in rows.columns):
            assert set(rows["price_year"]) == {COUNTY.settings.price_year}, table


def test_catchments_share_out_everybody():
    shares = COUNTY.catchments.groupby("locality")["share"].sum()

    assert set(shares.index) == set(COUNTY.localities["locality"])
    assert shares.to_numpy() == pytest.approx(1)


def test_networks_are_of_four_to_six_neighbours():
    sizes = COUNTY.localities["network"].value_counts()

    assert len(sizes) == 4
    assert sizes.between(4, 6).all()


def test_hospitals_stand_in_large_towns():
    towns = COUNTY.hospitals["hospital"].str.removesuffix("_general")
    population = COUNTY.localities.set_index("locality")["population_65_plus"]

    assert population[towns].min() > population.median()
    assert population.between(2000, 15000).all()


def test_people_in_small_towns_are_further_from_one_another():
    by_size = COUNTY.localities.sort_values("population_65_plus")["home_travel_share"]

    assert by_size.between(0.1, 0.3).all()
    assert by_size.head(5).mean() > by_size.tail(5).mean() + 0.05


def test_everybody_lives_within_an_hour_of_a_bed():
    assert (travel_minutes(COUNTY).min(axis=1) <= 60).all()


def test_beds_today_are_a_tenth_to_a_fifth_short():
    """Recomputed from the tables: starts by the mix in mind, stays and the occupancy allowed."""
    pathway = demand(COUNTY, Horizon.of(COUNTY.settings))
    first_year = pathway.referrals[:, :, pathway.pathways.index("p3_nursing"), :12].sum()
    stay_days = COUNTY.packages.set_index("package")["stay_days"]["nursing_bed"]
    occupancy = COUNTY.bed_types.set_index("bed_type")["occupancy_max"]["nursing"]
    needed = 0.85 * first_year * stay_days / 365 / occupancy
    beds = COUNTY.site_beds.groupby("bed_type")["beds"].sum()

    assert 0.75 < beds["nursing"] / needed < 0.95


def test_referrals_come_at_the_rates_that_england_sees():
    people = demand(COUNTY, Horizon.of(COUNTY.settings))
    thousands = COUNTY.localities["population_65_plus"].sum() / 1000
    first_year = dict(zip(people.pathways, people.referrals[..., :12].sum(axis=(0, 1, 3)), strict=True))
    step_down = sum(first_year[pathway] for pathway in ("p1_home", "p2_bed", "p3_nursing"))

    assert step_down / thousands / 12 == pytest.approx(3.51, rel=0.12)
    assert first_year["crisis"] / thousands / 12 == pytest.approx(4.05, rel=0.12)


def test_winter_is_busier_than_summer():
    people = demand(COUNTY, Horizon.of(COUNTY.settings)).referrals.sum(axis=(0, 1, 2))
    august, january = people[4] / 31, people[9] / 31

    assert january > 1.08 * august


def test_it_survives_being_written_and_read(tmp_path):
    write(SMALL, tmp_path / "small")

    assert_same(dataclasses.replace(read(tmp_path / "small"), form=SMALL.form), SMALL)


@pytest.mark.parametrize("seed", range(5))
def test_a_small_one_has_a_plan(seed):
    plan = solve(generate("small", seed, periods=6), options=SolverOptions(gap=0.1))

    assert plan.tables["targets"].query("target == 'fair_share'")["is_met"].all()
    assert plan.objective < plan.today.objective


def test_sizes_are_in_order():
    sizes = [SIZES[size].localities for size in ("small", "county", "region")]

    assert sizes == sorted(sizes)


@pytest.mark.parametrize("seed", range(6))
def test_tiny_instances_break_no_rule_and_have_few_plans(seed):
    instance = tiny_instance(seed)

    assert errors_of(instance) == []
    assert plans(instance) <= 2000
    assert len(instance.localities) <= 2
    assert len(instance.sites) <= 2


def plans(instance: Instance) -> float:
    """Whole-number plans counted from the tables, where `tiny_instance` counts while it makes them."""
    points = len(Horizon.of(instance.settings).decision_points)
    every = instance.settings.periods_between_decisions
    units, teams = instance.site_beds, instance.staff
    hires = (teams["hires_max_per_period"] * every).fillna(teams["wte_max"]).clip(upper=teams["wte_max"])
    choices = ((units["beds_max"] // units["beds_step"]) + 1).prod()
    choices *= (instance.conversions["beds_per_change_max"] + 1).prod()
    choices *= (hires // teams["wte_step"] + 1).prod()
    choices *= (instance.shifts["shifts_max"] + 1).prod()
    return float(choices**points)


def test_a_tiny_instance_is_the_same_for_its_seed():
    assert_same(tiny_instance(4), tiny_instance(4))


@pytest.mark.parametrize("first", range(0, len(FEATURES), 7))
def test_features_can_be_asked_for(first):
    features = list(FEATURES)[first : first + 7]
    instance = instance_with(features, 0)

    assert errors_of(instance) == []
    assert features_of(instance) >= set(features)


def test_all_features_go_together():
    assert errors_of(instance_with(FEATURES, 0)) == []


def test_tables_hold_no_column_that_the_schema_lacks():
    for name, rows in SMALL.written.items():
        known = set(TABLES[name].spellings) | {"source", "price_year"}
        assert set(rows.columns) <= known
        keys = [column.name for column in TABLES[name].columns if column.kind is Kind.KEY and len(rows)]
        assert all(rows[key].str.fullmatch("[a-z][a-z0-9_]*").all() for key in keys)
