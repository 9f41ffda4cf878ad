"""Suffolk's tables: what the report says, what it leaves open, and the page that tells of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import capplan
from docs.places import suffolk
from docs.places.page import read_numbers

SUFFOLK = Path(__file__).parents[1] / "instances" / "suffolk-2009"


@pytest.fixture(scope="module")
def instance():
    return capplan.read(SUFFOLK)


@pytest.fixture(scope="module")
def told():
    return read_numbers(suffolk.PLACE)


def row(instance, table, key, name):
    """One row of a table, by its key."""
    return instance.table(table).set_index(key).loc[name]


def test_three_acute_hospitals_and_two_nhs_commissioners(instance):
    assert len(instance.hospitals) == 3
    funders = set(instance.table("budgets")["funder"])
    assert funders == {"Suffolk County Council", "NHS Suffolk", "NHS Great Yarmouth and Waveney"}


def test_the_pilot_saves_250_000_a_year_for_health_alone(instance):
    assert 12 * row(instance, "schemes", "scheme", "ipscom")["month_gbp"] == pytest.approx(-250_000, abs=10)
    paying = instance.table("funding").query("item == 'schemes' and key == 'ipscom'")
    assert list(zip(paying["funder"], paying["share"], strict=True)) == [("NHS Suffolk", 1.0)]


def test_phase_1_is_due_everywhere_within_the_year_and_phase_2_follows_it(instance):
    first, second = (row(instance, "schemes", "scheme", name) for name in ("phase_1", "phase_2"))
    assert first["mandatory"]
    assert first["by_locality"]
    assert (str(first["earliest"])[:10], str(first["latest"])[:10]) == ("2010-01-01", "2010-12-31")
    assert second["requires"] == "phase_1"
    assert not second["mandatory"]
    taking_part = instance.table("scheme_localities").query("scheme == 'phase_1'")["locality"]
    assert set(taking_part) == set(instance.localities["locality"])


def test_the_gain_elsewhere_is_half_of_what_the_pilot_made_in_ipswich(instance):
    crises = instance.referrals.query("pathway in ['crisis_home', 'crisis_bed']")["people_per_month"].sum()
    people = instance.localities.set_index("locality")["population_65_plus"]
    of_ipswich = 12 * crises * people["ipswich"] / people.sum()
    admission = row(instance, "pathways", "pathway", "crisis_home")["unmet_gbp"]
    share_saved = 250_000 / admission / of_ipswich
    effects = instance.table("scheme_effects").query("scheme == 'phase_1' and from_month == 3")
    elsewhere = effects[effects["locality"].fillna("").str.contains("felixstowe")]["multiply"].item()
    assert 1 - elsewhere == pytest.approx(share_saved / 2, abs=0.01)


def test_targets_without_a_number_in_the_report_have_no_value(instance):
    assert row(instance, "targets", "target", "admissions_avoided").isna()["value"]


def test_every_locality_goes_over_in_2010_and_ipswich_is_first(instance, told):
    begins = {
        k.split()[1]: f["from"] for k, f in told["runs"]["base"]["schemes"].items() if k[:8] == "phase_1 "
    }
    assert set(begins) == set(instance.localities["locality"])
    assert max(begins.values()) <= "2010-12-31"
    assert begins["ipswich"] == "2010-01-01"
    assert min(start for place, start in begins.items() if place != "ipswich") >= "2010-04-01"


def test_no_locality_has_phase_2_without_phase_1(told):
    for run in told["runs"].values():
        live = {key: found["from"] for key, found in run["schemes"].items()}
        for key, start in live.items():
            if key.startswith("phase_2 "):
                assert live[key.replace("phase_2", "phase_1")] <= start


def test_shared_budgets_never_cost_more(told):
    pooled, plan = told["runs"]["pooled"], told["runs"]["base"]
    assert pooled["bound"] <= plan["cost"]
