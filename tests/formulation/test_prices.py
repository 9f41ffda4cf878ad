"""Every price in every unit it may be written in, and what prices do over the years."""

import pytest

from tests.formulation.tiny import AT_HOME, IN_BEDS, WITH_CREW, WITH_TEAM, gbp, plan_for

shows = pytest.mark.shows

MARCH_AND_APRIL = {"start": "2018-03-01", "period": "month", "periods": 2, "opening": "steady"}


def only(row: dict[str, object]) -> str:
    """A table of one row."""
    return f"{','.join(row)}\n{','.join(str(value) for value in row.values())}"


@shows("cost beds")
@pytest.mark.parametrize(
    ("column", "price", "expected"),
    [
        ("bed_day_gbp", 100, 100 * (31 + 30)),
        ("bed_week_gbp", 700, 100 * (31 + 30)),
        ("bed_month_gbp", 3000, 3000 * 2),
        ("bed_year_gbp", 36000, 36000 / 12 * 2),
    ],
)
def test_a_bed_is_priced_by_day_week_month_or_year(column, price, expected):
    unit = {"site": "hill", "bed_type": "ward", "beds": 1, "beds_min": 1, column: price}
    none = "locality,pathway,people_per_week\nnorth,going_home,0"
    plan = plan_for(IN_BEDS, site_beds=only(unit), referrals=none, **MARCH_AND_APRIL)
    assert gbp(plan, "beds") == pytest.approx(expected)


@shows("cost spot")
@pytest.mark.parametrize(
    ("column", "price", "expected"),
    [
        ("spot_bed_day_gbp", 20, 20 * 61 * 7),
        ("spot_bed_week_gbp", 140, 20 * 61 * 7),
        ("spot_bed_month_gbp", 600, 600 * 2 * 7),
        ("spot_bed_year_gbp", 7200, 600 * 2 * 7),
    ],
)
def test_a_spot_bed_is_priced_by_day_week_month_or_year(column, price, expected):
    unit = {"site": "hill", "bed_type": "ward", "beds_max": 0, "bed_day_gbp": 10, column: price}
    room = "site,locality,beds_max\nhill,north,10"
    plan = plan_for(IN_BEDS, site_beds=only(unit), sites=room, **MARCH_AND_APRIL)
    # One a day for 7 days each: 7 spot beds.
    assert gbp(plan, "spot") == pytest.approx(expected)


@shows("cost staff")
@pytest.mark.parametrize(("column", "price"), [("wte_month_gbp", 2000), ("wte_year_gbp", 24000)])
def test_a_post_is_priced_by_month_or_year(column, price):
    team = {"locality": "north", "role": "worker", "wte": 7, "wte_min": 7, "wte_max": 7, column: price}
    plan = plan_for(WITH_TEAM, staff=only(team), **MARCH_AND_APRIL)
    assert gbp(plan, "staff") == 7 * 2000 * 2


@shows("cost shifts")
@pytest.mark.parametrize(("column", "price"), [("shift_gbp", 120), ("shift_hour_gbp", 15)])
def test_a_shift_is_priced_by_shift_or_hour(column, price):
    crew = {"locality": "north", "shift_type": "day", "shifts": 7, column: price}
    plan = plan_for(WITH_CREW, shifts=only(crew), **MARCH_AND_APRIL)
    # Eight hours a day, seven crews, 61 days.
    assert gbp(plan, "shifts") == 120 * 7 * 61


@shows("cost sites")
@pytest.mark.parametrize(("column", "price"), [("open_gbp_per_month", 50), ("open_gbp_per_year", 600)])
def test_a_building_is_priced_by_month_or_year(column, price):
    site = {"site": "hill", "locality": "north", column: price}
    plan = plan_for(IN_BEDS, sites=only(site), **MARCH_AND_APRIL)
    assert gbp(plan, "sites") == 50 * 2


@shows("cost starts", "cost care_days")
@pytest.mark.parametrize(("column", "price"), [("care_day_gbp", 4), ("care_week_gbp", 28)])
def test_a_package_costs_by_start_and_by_day_or_week_in_care(column, price):
    package = {"package": "care", "setting": "home", "stay_days": 7, "stay_distribution": "fixed"}
    package |= {"start_gbp": -20, column: price}
    plan = plan_for(AT_HOME, packages=only(package), **MARCH_AND_APRIL)
    assert gbp(plan, "starts") == pytest.approx(-20 * 61)
    # One a day for 7 days each, those from before the start included: 7 in care on every day.
    assert gbp(plan, "care_days") == pytest.approx(4 * 7 * 61)


@shows("cost failures", "cost successes")
def test_failures_and_successes_are_paid_by_their_probability():
    plan = plan_for(
        AT_HOME,
        eligibility=only(
            {
                "pathway": "going_home",
                "package": "care",
                "success": 0.75,
                "failure_gbp": 200,
                "success_gbp": 40,
            }
        ),
    )
    assert gbp(plan, "failures") == pytest.approx(0.25 * 200 * 14)
    assert gbp(plan, "successes") == pytest.approx(0.75 * 40 * 14)


@shows("cost starts")
def test_the_package_with_the_better_price_for_its_success_is_chosen():
    packages = "package,setting,stay_days,start_gbp\ncare,home,7,100\nmore_care,home,7,150"
    eligibility = """
        pathway,package,success,failure_gbp
        going_home,care,0.5,{0}
        going_home,more_care,0.7,{0}
        """
    # Seven in ten rather than five: a fifth of a failure less, for £50.
    cheap = plan_for(AT_HOME, packages=packages, eligibility=eligibility.format(200))
    dear = plan_for(AT_HOME, packages=packages, eligibility=eligibility.format(300))
    assert gbp(cheap, "starts") == 14 * 100
    assert gbp(dear, "starts") == 14 * 150


TWO_YEARS = {"start": "2018-04-01", "period": "month", "periods": 24, "capacity_changes_every": 24}
ONE_BED = {
    "site_beds": "site,bed_type,beds,beds_min,bed_month_gbp\nhill,ward,1,1,100",
    "referrals": "locality,pathway,people_per_week\nnorth,going_home,0",
}


@shows("cost beds")
def test_prices_rise_from_year_to_year():
    plan = plan_for(IN_BEDS, ONE_BED, price_rise_per_year=0.21, **TWO_YEARS)
    assert gbp(plan, "beds", period="2018-04-01") == 100
    assert gbp(plan, "beds", period="2018-10-01") == pytest.approx(110)
    assert gbp(plan, "beds", period="2019-04-01") == pytest.approx(121)


@shows("cost beds")
def test_later_costs_count_less_but_are_paid_in_full():
    plan = plan_for(IN_BEDS, ONE_BED, discount_rate_per_year=0.21, **TWO_YEARS)
    costs = plan.tables["costs"].set_index("period")
    assert gbp(plan, "beds", period="2019-04-01") == 100
    assert costs.loc["2018-10-01", "gbp_discounted"] == pytest.approx(100 / 1.1)
    assert costs.loc["2019-04-01", "gbp_discounted"] == pytest.approx(100 / 1.21)
    assert plan.objective == pytest.approx(sum(100 * 1.21 ** -(month / 12) for month in range(24)))


def test_a_rise_and_a_discount_of_the_same_rate_cancel():
    rates = {"price_rise_per_year": 0.05, "discount_rate_per_year": 0.05}
    assert plan_for(IN_BEDS, ONE_BED, **rates, **TWO_YEARS).objective == pytest.approx(2400)
