"""Referrals of every period: units, growth, seasons, months that are known, and how they are shared out."""

import pickle

import numpy as np
import pytest

from capplan.demand import Demand, demand
from capplan.horizon import Horizon
from capplan.instance import Instance


def people(referrals: str, **given: object) -> Demand:
    """The demand in two localities: 1,000 and 3,000 people over 65, of whom the first go to both hospitals."""
    instance = found_instance(referrals, **given)
    return demand(instance, Horizon.of(instance.settings))


def found_instance(referrals: str, **given: object) -> Instance:
    """The instance of `people`."""
    tables = {
        "localities": "locality,population_65_plus\nnorth,1000\nsouth,3000",
        "hospitals": "hospital\ngeneral\nroyal",
        "catchments": "locality,hospital,share\nnorth,general,0.75\nnorth,royal,0.25",
        "pathways": "pathway,direction,delay_day_gbp,unmet_gbp\np,step_down,1,1\nq,step_up,1,1",
        "packages": "package,setting,stay_days\nm,home,1",
        "eligibility": "pathway,package\np,m\nq,m",
        "referrals": referrals,
    }
    settings = {"title": "People", "start": "2017-04-01", "periods": 2}
    tables |= {name: text for name, text in given.items() if isinstance(text, str) and "\n" in text}
    settings |= {name: value for name, value in given.items() if name not in tables}
    return Instance.from_frames(settings, **tables)


def by_period(found: Demand) -> np.ndarray:
    return found.referrals.sum(axis=(0, 1, 2))


@pytest.mark.parametrize(
    ("unit", "rate", "expected"),
    [
        ("people_per_day", 2, [60, 62]),
        ("people_per_week", 7, [30, 31]),
        ("people_per_month", 12, [12, 12]),
        ("people_per_year", 365, [30, 31]),
        ("people_per_1000_65_plus_per_year", 36.5, [3, 3.1]),
    ],
)
def test_rates_go_by_calendar_days_and_months(unit, rate, expected):
    assert by_period(people(f"locality,pathway,{unit}\nnorth,p,{rate}")) == pytest.approx(expected)


def test_a_rate_for_a_thousand_counts_everybody_where_no_locality_is_named():
    found = people("pathway,people_per_1000_65_plus_per_year\np,36.5")
    assert by_period(found) == pytest.approx([4 * 3, 4 * 3.1])


def test_a_year_of_366_days_has_the_same_people():
    found = people("locality,pathway,people_per_year\nnorth,p,366", start="2020-01-01", periods=12)
    assert by_period(found)[:2] == pytest.approx([31, 29])
    assert by_period(found).sum() == pytest.approx(366)


def test_an_instance_from_another_process_has_the_same_people():
    referrals = "pathway,people_per_month,profile\np,31,\nq,31,winter"
    tables = {"profiles": "profile,month,factor\nwinter,1,2"}
    found = people(referrals, **tables)
    instance = found_instance(referrals, **tables)
    again = demand(pickle.loads(pickle.dumps(instance)), Horizon.of(instance.settings))
    assert np.array_equal(by_period(found), by_period(again))


def test_half_a_month_has_half_of_the_people():
    found = people("locality,pathway,people_per_month\nnorth,p,12", start="2017-04-16")
    assert by_period(found) == pytest.approx([6, 12])


def test_a_week_takes_its_days_from_both_months():
    found = people("locality,pathway,people_per_month\nnorth,p,930", start="2017-04-28", period="week")
    # Three days of April at 31 a day and four of May at 30.
    assert by_period(found)[0] == pytest.approx(3 * 31 + 4 * 30)


def test_growth_counts_from_the_start_to_the_beginning_of_a_period():
    found = people("locality,pathway,people_per_month,growth_per_year\nnorth,p,100,0.21", periods=13)
    assert by_period(found)[[0, 6, 12]] == pytest.approx([100, 110, 121])


def test_a_season_multiplies_its_months_and_leaves_the_others_alone():
    found = people(
        "locality,pathway,people_per_month,profile\nnorth,p,100,spring",
        profiles="profile,month,factor\nspring,5,1.5",
        periods=3,
    )
    assert by_period(found) == pytest.approx([100, 150, 100])


def test_a_known_month_replaces_the_rate_season_and_growth():
    found = people(
        """
        locality,pathway,month,people_per_month,growth_per_year,profile
        north,p,,100,0.21,spring
        north,p,2017-05,7,,
        """,
        profiles="profile,month,factor\nspring,5,1.5",
        periods=3,
    )
    assert by_period(found) == pytest.approx([100, 7, 100 * 1.21 ** (2 / 12)])


def test_a_known_month_replaces_only_its_own_days_of_a_week():
    found = people(
        """
        locality,pathway,month,people_per_month
        north,p,,300
        north,p,2017-05,31
        """,
        start="2017-04-28",
        period="week",
    )
    # Three days of April at 10 a day, four of May at 1.
    assert by_period(found) == pytest.approx([3 * 10 + 4 * 1, 7])


def test_a_known_month_of_one_pathway_leaves_the_others_alone():
    found = people(
        """
        locality,hospital,pathway,month,people_per_month
        north,general,p,,100
        north,general,p,2017-05,7
        north,royal,p,,10
        north,general,q,,1
        """
    )
    assert by_period(found) == pytest.approx([111, 7 + 10 + 1])


def test_a_known_month_before_or_after_the_plan_changes_nothing():
    found = people(
        """
        locality,pathway,month,people_per_month
        north,p,,100
        north,p,2017-03,7
        north,p,2017-06,7
        """
    )
    assert by_period(found) == pytest.approx([100, 100])


def test_people_of_no_locality_are_shared_out_by_population():
    found = people("pathway,people_per_month\np,100")
    assert found.localities == ("north", "south")
    assert found.referrals[:, :, 0, 0].sum(axis=1) == pytest.approx([25, 75])


def test_they_are_shared_out_evenly_where_no_population_is_known():
    found = people("pathway,people_per_month\np,100", localities="locality\nnorth\nsouth")
    assert found.referrals[:, :, 0, 0].sum(axis=1) == pytest.approx([50, 50])


def test_rows_with_and_without_a_locality_are_different_people():
    found = people("locality,pathway,people_per_month\n,p,100\nnorth,p,10")
    assert found.referrals[:, :, 0, 0].sum(axis=1) == pytest.approx([35, 75])


def test_people_of_no_hospital_are_shared_out_by_catchment_where_there_is_one():
    found = people("locality,pathway,people_per_month\nnorth,p,100\nsouth,p,100")
    assert found.hospitals == ("", "general", "royal")
    assert found.referrals[0, :, 0, 0] == pytest.approx([0, 75, 25])
    assert found.referrals[1, :, 0, 0] == pytest.approx([100, 0, 0])


def test_a_row_that_names_its_hospital_is_not_shared_out():
    found = people("locality,hospital,pathway,people_per_month\nnorth,royal,p,100")
    assert found.referrals[0, :, 0, 0] == pytest.approx([0, 0, 100])


ALL_FOUR = """
    locality,hospital,pathway,people_per_month
    north,general,p,10
    north,royal,p,30
    south,royal,p,60
    """


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",,p,20", [[0, 2, 6], [0, 0, 12]]),
        ("north,,p,20", [[0, 5, 15], [0, 0, 0]]),
        (",royal,p,30", [[0, 0, 10], [0, 0, 20]]),
        ("south,royal,p,5", [[0, 0, 0], [0, 0, 5]]),
        ("south,general,p,5", [[0, 0, 0], [0, 5, 0]]),
    ],
)
def test_people_waiting_are_shared_out_like_the_first_referrals(row, expected):
    found = people(ALL_FOUR, waiting=f"locality,hospital,pathway,people\n{row}")
    assert found.waiting[:, :, 0] == pytest.approx(np.array(expected, dtype=float))
    assert found.waiting[:, :, 1].sum() == 0


def test_people_waiting_for_a_pathway_without_referrals_are_shared_out_by_population_and_catchment():
    found = people(ALL_FOUR, waiting="locality,hospital,pathway,people\nnorth,,q,4")
    assert found.waiting[0, :, 1].tolist() == pytest.approx([0, 3, 1])
