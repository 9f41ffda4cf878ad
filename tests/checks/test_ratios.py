import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from capplan.checks import ratios
from capplan.checks.ratios import days_until
from tests.checks.cases import build


@pytest.fixture(scope="module")
def clean() -> pd.Series:
    """Ratios of the clean instance by measure and scope."""
    return ratios(build()).set_index(["measure", "scope"])["value"]


def test_ratios_have_a_measure_a_scope_a_value_and_a_unit():
    table = ratios(build())
    assert list(table.columns) == ["measure", "scope", "value", "unit"]
    assert np.isfinite(table["value"]).all()


@pytest.mark.parametrize(
    ("measure", "scope", "by_hand"),
    [
        ("referrals_per_1000_65_plus", "rehab", 30 * 12 / 10),
        ("people_per_bed_year", "ic", 0.9 * 365.25 / 28),
        ("people_a_year_in_beds_today", "ic", 20 * 0.9 * 365.25 / 28),
        # 360 people in 365 days, 28 days each, on 20 beds at 0.9.
        ("bed_need_over_capacity", "ic", 360 / 365 * 28 / (20 * 0.9)),
        ("cost_per_contact_hour", "rsw", 2300 * 12 / (365.25 / 7) / 25),
        ("cost_per_contact_hour", "day", 160 / 6),
        ("contact_hours_per_start", "urgent", 3 * 1.5),
        # An hour a day for a fortnight, then three a week, of exponential stays of 35 days.
        ("contact_hours_per_start", "reable", 35 * (1 - np.exp(-0.4)) + 35 * np.exp(-0.4) * 3 / 7),
        # Two sites at 150 and 120 pounds for an open bed.
        ("cost_per_start", "ic_bed", 28 * 135 / 0.9),
        ("cost_per_start", "urgent", 4.5 * 160 / 6),
    ],
)
def test_ratios_come_out_by_hand(clean, measure, scope, by_hand):
    assert clean[measure, scope] == pytest.approx(by_hand)


def test_a_wte_carries_so_many_people_a_year(clean):
    hours = clean["contact_hours_per_start", "reable"]
    assert clean["starts_per_wte_year", "reable, rsw"] == pytest.approx(25 * 365.25 / 7 / hours)


@pytest.mark.parametrize("day", [1.0, 14.0, 60.0, np.inf])
@pytest.mark.parametrize(
    ("distribution", "survival"),
    [
        ("exponential", stats.expon(scale=28).sf),
        ("fixed", lambda x: float(x < 28)),
        ("lognormal", stats.lognorm(s=np.sqrt(np.log(1.25)), scale=28 / np.sqrt(1.25)).sf),
        ("gamma", stats.gamma(4, scale=7).sf),
    ],
)
def test_days_of_a_stay_before_a_day_are_the_area_under_its_survival(distribution, survival, day):
    package = pd.Series({"stay_days": 28.0, "stay_distribution": distribution, "stay_sd_days": 14.0})
    end = 600.0 if np.isinf(day) else day
    area = integrate.quad(survival, 0, end, points=[28.0] if end > 28 else None, limit=200)[0]
    assert days_until(package, day) == pytest.approx(area, rel=1e-5)


def test_an_instance_without_beds_or_population_has_ratios_all_the_same():
    bare = build(
        localities="locality\ntown\nvillage",
        site_beds="site,bed_type,beds\n",
        staff="locality,role\n",
        shifts="locality,shift_type\n",
    )
    assert "contact_hours_per_start" in set(ratios(bare)["measure"])
