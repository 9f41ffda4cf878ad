"""Who pays, and what budgets allow: one week in February 2018 is a 48th of a year, and so of its budget.

Seven people are referred in the week, one a day, for a week in bed each, of which 3.5 days fall into it: a bed takes
two of them and costs £70.
"""

import pytest

from capplan.errors import Infeasible
from capplan.parameters.prepare import prepare
from capplan.plan import solve
from capplan.solved import Plan
from tests.formulation.tiny import (
    AT_HOME,
    EXACT,
    IN_BEDS,
    WITH_TEAM,
    Tables,
    gbp,
    numbers,
    plan_for,
    starts,
    tiny,
)

shows = pytest.mark.shows

ONE_WEEK = {"periods": 1}
BEDS_BY_NHS = "item,funder\nbeds,nhs"
TWO_PLACES: Tables = {
    **IN_BEDS,
    "localities": "locality\nnorth\nsouth",
    "sites": "site,locality\nhill,north\ndale,south",
    "site_beds": "site,bed_type,beds_max,bed_day_gbp\nhill,ward,20,10\ndale,ward,20,10",
    "eligibility": "pathway,package,locality,site\ngoing_home,stay,north,hill\ngoing_home,stay,south,dale",
    "referrals": "locality,pathway,people_per_week\nnorth,going_home,7\nsouth,going_home,7",
    "funding": "item,locality,funder\nbeds,north,nhs\nbeds,south,council",
}


def a_week(gbp: float, funder: str = "nhs", year: str = "2017/18") -> str:
    """A row of `budgets` that has so much for the one week."""
    return f"{funder},{year},{48 * gbp}\n"


def budget(*rows: str) -> str:
    """The table of such rows."""
    return "funder,year,budget_gbp\n" + "".join(rows)


def of(plan: Plan, funder: str, column: str) -> list[float]:
    """A column of the table `budgets` for a funder, year by year."""
    return numbers(plan, "budgets", column, funder=funder)


@shows("budget_limit")
def test_a_budget_for_two_beds_buys_two_beds():
    plan = plan_for(IN_BEDS, funding=BEDS_BY_NHS, budgets=budget(a_week(140)), **ONE_WEEK)
    assert numbers(plan, "beds", "beds_open") == [2]
    assert starts(plan) == [4]
    assert (of(plan, "nhs", "budget_gbp"), of(plan, "nhs", "plan_gbp"), of(plan, "nhs", "gap_gbp")) == (
        [140],
        [140],
        [0],
    )
    free = plan_for(IN_BEDS, funding=BEDS_BY_NHS, **ONE_WEEK)
    assert starts(free) == [7]


@shows("budget_limit")
def test_what_is_committed_elsewhere_is_not_there_to_spend():
    table = f"funder,year,budget_gbp,committed_gbp\nnhs,2017/18,{48 * 300},{48 * 100}"
    plan = plan_for(IN_BEDS, funding=BEDS_BY_NHS, budgets=table, **ONE_WEEK)
    # £200 are left: two beds for £140. 100 + 140 - 300 = -60.
    assert numbers(plan, "beds", "beds_open") == [2]
    assert of(plan, "nhs", "gap_gbp") == [-60]


@shows("budget_limit")
def test_funders_share_a_cost_and_the_poorest_decides():
    funding = "item,funder,share\nbeds,nhs,0.75\nbeds,council,0.25"
    plan = plan_for(IN_BEDS, funding=funding, budgets=budget(a_week(1000), a_week(20, "council")), **ONE_WEEK)
    # A quarter of £70 is £17.50: one bed.
    assert numbers(plan, "beds", "beds_open") == [1]
    assert (gbp(plan, "beds", funder="nhs"), gbp(plan, "beds", funder="council")) == (52.5, 17.5)


@shows("budget_limit")
def test_the_row_with_more_filters_decides_who_pays():
    funding = "item,key,funder\nbeds,,council\nbeds,ward,nhs"
    plan = plan_for(IN_BEDS, funding=funding, budgets=budget(a_week(70)), **ONE_WEEK)
    assert gbp(plan, "beds", funder="nhs") == 70
    assert gbp(plan, "beds", funder="council") == 0


def test_what_nobody_is_said_to_pay_has_no_funder_and_the_costs_sum_to_the_objective():
    thirds = "item,funder,share\nbeds,nhs,0.333\nbeds,council,0.333\nbeds,charity,0.333"
    plan = plan_for(IN_BEDS, funding=thirds, site_beds="site,bed_type,beds_max,bed_day_gbp\nhill,ward,2,10")
    costs = plan.tables["costs"]
    assert costs["gbp_discounted"].sum() == pytest.approx(plan.objective, rel=1e-9)
    assert set(costs.loc[costs["item"] == "unmet", "funder"]) == {""}
    assert gbp(plan, "beds", funder="charity") == pytest.approx(gbp(plan, "beds") / 3)
    assert gbp(plan, "beds", funder="") == 0


@shows("budget_limit")
def test_what_is_notional_is_in_a_budget_only_where_funding_names_it():
    two_beds = {"site_beds": "site,bed_type,beds_max,bed_day_gbp\nhill,ward,2,10"}
    little = budget(a_week(140))
    plan = plan_for(IN_BEDS, two_beds, funding=BEDS_BY_NHS, budgets=little, **ONE_WEEK)
    assert gbp(plan, "unmet") >= 3000
    with pytest.raises(Infeasible):
        plan_for(IN_BEDS, two_beds, funding=f"{BEDS_BY_NHS}\nunmet,nhs", budgets=little, **ONE_WEEK)


@shows("budget_limit")
def test_prices_rise_and_budgets_are_cash():
    # A bed costs £300 a quarter, 10 % more a year later. The budget buys 11 beds in the first year, and 10 in the next.
    first_year = 300 * sum(1.1 ** (quarter / 4) for quarter in range(4))
    cash = 11.05 * first_year
    plan = plan_for(
        IN_BEDS,
        site_beds="site,bed_type,beds_max,bed_month_gbp\nhill,ward,30,100",
        referrals="locality,pathway,people_per_month\nnorth,going_home,120",
        funding=BEDS_BY_NHS,
        budgets=f"funder,year,budget_gbp\nnhs,2018/19,{cash}\nnhs,2019/20,{cash}",
        start="2018-04-01",
        period="quarter",
        periods=8,
        capacity_changes_every=4,
        price_rise_per_year=0.1,
        discount_rate_per_year=0.035,
    )
    assert numbers(plan, "beds", "beds_open") == [11] * 4 + [10] * 4
    # 10 beds at 1.1 times the price cost what 11 beds cost before.
    assert of(plan, "nhs", "plan_gbp") == pytest.approx([11 * first_year, 11 * first_year])
    assert gbp(plan, "beds") == pytest.approx(22 * first_year)


@shows("budget_limit")
def test_a_year_that_the_plan_has_in_part_has_its_part_of_the_budget():
    plan = plan_for(
        IN_BEDS,
        funding=BEDS_BY_NHS,
        budgets="funder,year,budget_gbp,committed_gbp\nnhs,2017/18,1200,240\nnhs,2018/19,2400,0",
        start="2018-02-01",
        period="month",
        periods=5,
    )
    # February and March are two twelfths, April to June three.
    assert of(plan, "nhs", "budget_gbp") == [200, 600]
    assert of(plan, "nhs", "committed_gbp") == [40, 0]


@shows("budget_limit")
def test_a_budget_that_is_not_imposed_is_reported_only():
    table = f"funder,year,budget_gbp,is_imposed\nnhs,2017/18,{48 * 140},no"
    plan = plan_for(IN_BEDS, funding=BEDS_BY_NHS, budgets=table, **ONE_WEEK)
    assert starts(plan) == [7]
    assert of(plan, "nhs", "gap_gbp") == [140]


def test_a_funder_without_a_budget_is_not_limited_and_its_spend_is_reported():
    plan = plan_for(IN_BEDS, funding=BEDS_BY_NHS, **ONE_WEEK)
    assert of(plan, "nhs", "plan_gbp") == [280]
    assert plan.tables["budgets"]["gap_gbp"].isna().all()


# Pools

RICH_AND_POOR = {"budgets": budget(a_week(350), a_week(140, "council"))}


def pool(transfer_max: float) -> str:
    """A pool in which the rich member gives at most so much for the week."""
    return f"pool,funder,transfer_max_gbp\nboth,nhs,{48 * transfer_max}\nboth,council,"


def test_separate_budgets_keep_money_where_it_is():
    plan = plan_for(TWO_PLACES, RICH_AND_POOR, **ONE_WEEK)
    assert numbers(plan, "beds", "beds_open", site="hill") == [4]
    assert numbers(plan, "beds", "beds_open", site="dale") == [2]
    assert of(plan, "nhs", "transferred_gbp") == of(plan, "council", "transferred_gbp") == [0]


@shows("pool_balance", "budget_limit")
def test_what_one_member_can_spare_pays_for_the_other():
    plan = plan_for(TWO_PLACES, RICH_AND_POOR, budget_pools=pool(70), **ONE_WEEK)
    # Four beds for £280 leave £70 of £350, which are a third bed in the south.
    assert numbers(plan, "beds", "beds_open", site="hill") == [4]
    assert numbers(plan, "beds", "beds_open", site="dale") == [3]
    assert of(plan, "nhs", "transferred_gbp") == [-70]
    assert of(plan, "council", "transferred_gbp") == [70]
    assert of(plan, "council", "gap_gbp") == [70]


@shows("transfer_limit")
def test_a_member_gives_no_more_than_agreed():
    plan = plan_for(TWO_PLACES, RICH_AND_POOR, budget_pools=pool(69), **ONE_WEEK)
    assert numbers(plan, "beds", "beds_open", site="dale") == [2]
    assert of(plan, "nhs", "transferred_gbp") == [0]


@shows("transfer_limit")
def test_a_member_gives_no_more_than_it_has():
    # The north's people bring in £1000 each, which pays for everything but is not there to give away.
    contribution = TWO_PLACES | {
        "packages": "package,setting,bed_type,stay_days,stay_distribution\nstay,bed,ward,7,fixed",
        "eligibility": """
            pathway,package,locality,site,success_gbp
            going_home,stay,north,hill,-1000
            going_home,stay,south,dale,0
            """,
        "funding": "item,locality,funder\nbeds,north,nhs\nbeds,south,council\nsuccesses,north,nhs",
        "budgets": budget(a_week(70), a_week(140, "council")),
        "budget_pools": "pool,funder\nboth,nhs\nboth,council",
    }
    plan = plan_for(contribution, **ONE_WEEK)
    assert numbers(plan, "beds", "beds_open", site="hill") == [4]
    assert numbers(plan, "beds", "beds_open", site="dale") == [3]
    assert of(plan, "nhs", "transferred_gbp") == [-70]


# Who is told apart

HOME_BY_PLACE: Tables = {
    **AT_HOME,
    "localities": "locality\nnorth\nsouth",
    "packages": "package,setting,stay_days,stay_distribution,care_day_gbp\ncare,home,7,fixed,10",
    "referrals": "locality,pathway,people_per_week\nnorth,going_home,7\nsouth,going_home,7",
    "funding": "item,locality,funder\ncare_days,north,nhs\ncare_days,south,council",
}


@shows("budget_limit")
def test_people_whom_different_funders_pay_for_are_told_apart():
    penniless = budget(a_week(0, "council"))
    plan = plan_for(HOME_BY_PLACE, budgets=penniless, **ONE_WEEK)
    assert (starts(plan, locality="north"), starts(plan, locality="south")) == ([7], [0])
    # Seven stays of which 3.5 days fall into the week, at £10 a day.
    assert gbp(plan, "care_days", funder="nhs") == 245
    alone = solve(tiny(HOME_BY_PLACE, budgets=penniless, **ONE_WEEK), is_aggregated=False, options=EXACT)
    assert alone.objective == pytest.approx(plan.objective)
    assert len(prepare(tiny(HOME_BY_PLACE)).streams) == 1


def test_a_team_for_all_is_paid_by_a_row_for_all_of_its_area_only():
    team = "locality,role,wte_max,wte_month_gbp\nall,worker,20,400"
    two = "locality,network\nnorth,hills\nsouth,hills"
    one_place = "item,locality,funder\nstaff,north,nhs"
    plan = plan_for(WITH_TEAM, staff=team, localities=two, funding=one_place)
    assert gbp(plan, "staff", funder="nhs") == 0
    plan = plan_for(WITH_TEAM, staff=team, localities=two, funding="item,network,funder\nstaff,hills,nhs")
    assert gbp(plan, "staff", funder="nhs") == gbp(plan, "staff") > 0


# Nothing is done

TODAY = {
    "site_beds": "site,bed_type,beds,beds_max,bed_day_gbp\nhill,ward,2,20,10",
    "funding": BEDS_BY_NHS,
    "budgets": budget(a_week(350)),
}


def test_the_gap_if_nothing_is_done_stands_beside_that_of_the_plan():
    plan = plan_for(IN_BEDS, TODAY, with_today=True, **ONE_WEEK)
    assert of(plan, "nhs", "gap_gbp") == [280 - 350]
    assert (of(plan, "nhs", "do_nothing_gbp"), of(plan, "nhs", "do_nothing_gap_gbp")) == ([140], [140 - 350])
    summary = dict(zip(*(plan.tables["summary"][c] for c in ("measure", "value")), strict=True))
    assert summary["gap_nhs_2017/18"] == -70
    assert summary["do_nothing_gap_nhs_2017/18"] == -210
    assert summary["do_nothing_unmet_2017/18"] + plan.today.tables["waiting"]["waiting_at_end"].sum() == 3


@shows("as is")
def test_where_nothing_is_done_budgets_are_reported_and_not_imposed():
    poor = tiny(IN_BEDS, TODAY, budgets=budget(a_week(70)), **ONE_WEEK)
    plan = solve(poor, as_is=True, options=EXACT)
    assert of(plan, "nhs", "gap_gbp") == [70]
    assert numbers(plan, "beds", "beds_open") == [2]


@shows("best effort")
def test_a_budget_that_cannot_be_kept_leaves_no_plan_whatever_is_missed():
    bound = tiny(
        IN_BEDS,
        site_beds="site,bed_type,beds,beds_min,beds_max,bed_day_gbp\nhill,ward,2,2,20,10",
        funding=BEDS_BY_NHS,
        budgets=budget(a_week(70)),
        targets="target,metric,sense,value,unit\naim,discharges,min,4,per_week",
        **ONE_WEEK,
    )
    with pytest.raises(Infeasible, match="budget"):
        solve(bound, options=EXACT)
    with pytest.raises(Infeasible, match="whatever targets are missed"):
        solve(bound, best_effort=True, options=EXACT)


@shows("best effort")
def test_a_best_effort_keeps_to_the_budget():
    aim = "target,metric,sense,value,unit\naim,discharges,min,7,per_week"
    poor = tiny(IN_BEDS, funding=BEDS_BY_NHS, budgets=budget(a_week(140)), targets=aim, **ONE_WEEK)
    plan = solve(poor, best_effort=True, options=EXACT)
    assert starts(plan) == [4]
    assert of(plan, "nhs", "plan_gbp") == [140]
