"""Acute wards: bed days freed, wards that close on them, and what they release."""

import pytest

from capplan.parameters.prepare import prepare
from tests.formulation.tiny import AT_HOME, WITH_CREW, Tables, gbp, numbers, plan_for, starts, target, tiny

shows = pytest.mark.shows

ROYAL: Tables = {
    **AT_HOME,
    "hospitals": "hospital,sub_region\nroyal,county\ngeneral,county",
    "pathways": "pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_down,never,1000",
    "referrals": "locality,hospital,pathway,people_per_week\nnorth,royal,going_home,7",
}
"""One a day leaves the Royal, without a wait, with care at home that costs nothing."""
WAITING: Tables = {
    "pathways": AT_HOME["pathways"],
    "waiting": "locality,hospital,pathway,people\nnorth,royal,going_home,7",
}
"""Seven more wait at the start, for £100 a day."""


def wards(**cells: object) -> dict[str, str]:
    """One row of `acute_beds`: 4 discharges a week are the baseline, each one more frees 7 bed days."""
    row = {
        "hospital": "royal",
        "discharges_baseline_per_month": 16,
        "bed_days_per_discharge": 7,
        "ward_beds": 2,
        "wards_max": 3,
        "occupancy": 1,
        "ward_month_gbp": 4000,
        **cells,
    }
    return {"acute_beds": ",".join(row) + "\n" + ",".join(str(cell) for cell in row.values())}


@shows("bed_days_freed_balance", "ward_release_link", "cost acute")
def test_a_ward_closes_when_its_beds_are_freed():
    plan = plan_for(ROYAL, wards())
    # 3 discharges a week beyond the 4 of today free 21 bed days, 3 beds: one ward of two, for £1,000 a week.
    assert numbers(plan, "acute", "bed_days_freed") == [21, 21]
    assert numbers(plan, "acute", "beds_freed") == [3, 3]
    assert numbers(plan, "acute", "wards_closed") == [1, 1]
    assert numbers(plan, "acute", "gbp") == [-1000, -1000]
    assert gbp(plan, "acute", key="royal") == -2000
    assert plan.objective == pytest.approx(-2000)


@shows("ward_release_link")
@pytest.mark.parametrize(("occupancy", "closed"), [(1, 1), (0.8, 1), (0.75, 2), (0.5, 3), (0.4, 3)])
def test_a_ward_needs_only_its_occupied_beds_freed_and_no_more_close_than_can(occupancy, closed):
    plan = plan_for(ROYAL, wards(occupancy=occupancy))
    assert numbers(plan, "acute", "wards_closed") == [closed, closed]


@shows("any_ward_link", "ward_release_link")
@pytest.mark.parametrize(("bed_days", "closed"), [(4.6, 0), (4.7, 1)])
def test_no_part_of_a_ward_closes(bed_days, closed):
    # 3 × 4.6 = 13.8 bed days are less than the 14 of a ward's week.
    plan = plan_for(ROYAL, wards(bed_days_per_discharge=bed_days))
    assert numbers(plan, "acute", "wards_closed") == [closed, closed]


@shows("any_ward_link", "bed_days_freed_balance")
def test_discharges_may_stay_below_their_baseline_where_no_ward_closes():
    plan = plan_for(ROYAL, wards(discharges_baseline_per_month=40))
    assert numbers(plan, "acute", "bed_days_freed") == [-21, -21]
    assert numbers(plan, "acute", "wards_closed") == [0, 0]
    assert starts(plan) == [7, 7]


@shows("bed_days_freed_balance")
@pytest.mark.parametrize(("bed_days", "freed", "closed"), [(2, 14, 1), (2.5, 12.25, 0)])
def test_people_who_come_back_take_bed_days(bed_days, freed, closed):
    terms = f"pathway,package,success,failure_acute_bed_days\ngoing_home,care,0.5,{bed_days}"
    plan = plan_for(ROYAL, wards(), eligibility=terms)
    # 3.5 of the 7 a week come back.
    assert numbers(plan, "acute", "bed_days_freed") == [freed, freed]
    assert numbers(plan, "acute", "wards_closed") == [closed, closed]


@shows("bed_days_freed_balance")
def test_admissions_that_are_avoided_free_beds_as_often_as_care_succeeds():
    kept_out = {
        "pathways": "pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_up,never,1000",
        "eligibility": "pathway,package,success\ngoing_home,care,0.5",
    }
    row = {
        "discharges_baseline_per_month": "",
        "diversions_baseline_per_month": 8,
        "bed_days_per_diversion": 14,
    }
    plan = plan_for(ROYAL, kept_out, wards(**row))
    # 3.5 diversions a week, 1.5 beyond the baseline.
    assert numbers(plan, "acute", "bed_days_freed") == [21, 21]
    unknown = plan_for(ROYAL, kept_out, wards(**{**row, "diversions_baseline_per_month": ""}))
    assert numbers(unknown, "acute", "bed_days_freed") == [0, 0]


@shows("bed_days_freed_balance")
def test_people_of_other_hospitals_and_community_pathways_free_nothing():
    general = plan_for(ROYAL, wards(hospital="general"))
    assert numbers(general, "acute", "bed_days_freed") == [-28, -28]
    community = "pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,community,100,1000"
    other = plan_for(ROYAL, wards(discharges_baseline_per_month=0), pathways=community)
    assert numbers(other, "acute", "bed_days_freed") == [0, 0]


@shows("bed_days_freed_balance", "ward_release_link")
def test_a_sub_region_adds_up_what_its_hospitals_free():
    halves = """
        locality,hospital,pathway,people_per_week
        north,royal,going_home,3.5
        north,general,going_home,3.5
        """
    together = plan_for(ROYAL, wards(hospital="county"), referrals=halves)
    assert numbers(together, "acute", "bed_days_freed", hospital="county") == [21, 21]
    assert numbers(together, "acute", "wards_closed") == [1, 1]
    apart = """
        hospital,discharges_baseline_per_month,bed_days_per_discharge,ward_beds,wards_max,occupancy,ward_month_gbp
        royal,8,7,2,3,1,4000
        general,8,7,2,3,1,4000
        """
    # Each hospital frees 10.5 bed days of the 14 that a ward takes.
    alone = plan_for(ROYAL, acute_beds=apart, referrals=halves)
    assert numbers(alone, "acute", "bed_days_freed") == [10.5] * 4
    assert numbers(alone, "acute", "wards_closed") == [0] * 4


@shows("ward_order_link")
def test_a_ward_that_cannot_stay_closed_is_not_closed():
    # Seven people wait at the start: 70 bed days are freed in the first week, 21 in the second.
    plan = plan_for(
        ROYAL,
        WAITING,
        wards(ward_month_gbp=40, wards_max=5),
    )
    assert numbers(plan, "acute", "bed_days_freed") == [70, 21]
    assert numbers(plan, "acute", "wards_closed") == [1, 1]


@shows("ward_release_link")
def test_bed_days_add_up_until_the_next_decision():
    plan = plan_for(
        ROYAL,
        WAITING,
        wards(wards_max=5),
        capacity_changes_every=2,
    )
    # 91 bed days in two weeks: three wards take 84.
    assert numbers(plan, "acute", "wards_closed") == [3, 3]


@shows("cost acute")
def test_a_ward_releases_nothing_while_it_runs_double_and_then_the_funders_share():
    plan = plan_for(ROYAL, wards(double_running_months=0.375, gain_share=0.25), periods=3)
    # One and a half weeks of double running; then a quarter of £1,000 a week.
    assert numbers(plan, "acute", "wards_closed") == [1, 1, 1]
    assert numbers(plan, "acute", "gbp") == [0, -125, -250]


@shows("cost acute")
def test_a_ward_that_closes_later_releases_later():
    # Care begins in the second week: without any, all go without.
    shifts = """
        locality,shift_type,shifts,shifts_max,shift_gbp,available_from
        north,day,0,20,0,2018-02-12
        """
    pathways = "pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_down,never,1000"
    plan = plan_for(
        WITH_CREW, ROYAL, wards(double_running_months=0.25), shifts=shifts, pathways=pathways, periods=3
    )
    assert numbers(plan, "acute", "bed_days_freed") == [-28, 21, 21]
    assert numbers(plan, "acute", "wards_closed") == [0, 1, 1]
    assert numbers(plan, "acute", "gbp") == [0, 0, -1000]


@shows("cost acute", "ward_release_link")
def test_what_a_ward_releases_pays_for_care_that_would_not_pay_alone():
    dear = {
        "packages": "package,setting,stay_days,stay_distribution,start_gbp\ncare,home,7,fixed,1100",
        "pathways": "pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_down,never,1000",
    }
    assert starts(plan_for(ROYAL, dear)) == [0, 0]
    # Six starts, two beyond the baseline, fill a ward: £600 more than going without, for £1,000.
    plan = plan_for(ROYAL, dear, wards())
    assert starts(plan) == [6, 6]
    assert plan.objective == pytest.approx(2 * (6 * 1100 + 1000 - 1000))


@shows("metric spend")
def test_what_wards_release_counts_in_spend_everywhere_and_in_that_of_no_locality():
    aims = """
        target,metric,sense,value,unit,for_each,is_imposed
        everywhere,spend,max,0,total,,no
        by_locality,spend,max,0,total,locality,no
        """
    plan = plan_for(ROYAL, wards(), localities="locality\nnorth\nsouth", targets=aims)
    assert target(plan, "achieved", target="everywhere") == [-2000]
    assert target(plan, "achieved", target="by_locality") == [0, 0]


def test_a_closing_ward_is_a_decision_with_what_it_releases_in_a_year():
    row = plan_for(ROYAL, wards(double_running_months=0.25)).tables["decisions"].iloc[0]
    assert (row["what"], row["where"], row["from"], row["change"]) == (
        "acute_ward",
        "royal",
        "2018-02-05",
        -1,
    )
    assert row["full_year_gbp"] == -48_000
    # 55 days are left of the financial year, less a quarter of a month.
    assert row["part_year_gbp"] == pytest.approx(-48_000 * (55 / 365 - 0.25 / 12))


@shows("as is")
def test_today_no_ward_is_closed():
    plan = plan_for(ROYAL, wards(), with_today=True)
    assert plan.today is not None
    assert numbers(plan.today, "acute", "bed_days_freed") == [21, 21]
    assert numbers(plan.today, "acute", "wards_closed") == [0, 0]


def test_people_are_told_apart_only_by_the_hospitals_whose_wards_can_close():
    three = """
        locality,hospital,pathway,people_per_week
        north,royal,going_home,1
        north,general,going_home,1
        north,infirmary,going_home,1
        """
    instance = tiny(ROYAL, wards(), hospitals="hospital\nroyal\ngeneral\ninfirmary", referrals=three)
    assert streams_of(instance) == {"royal", "general+1"}


def streams_of(instance) -> set[str]:
    """Names of the hospitals, or groups of them, that the model tells apart."""
    return {stream.hospital for stream in prepare(instance).streams}
