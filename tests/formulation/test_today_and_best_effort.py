"""Two other questions to the same instance: what today's capacity gives, and the most that can be achieved."""

import pytest

from capplan.errors import Infeasible
from capplan.plan import solve
from tests.formulation.tiny import (
    AT_HOME,
    EXACT,
    IN_BEDS,
    WITH_CREW,
    WITH_TEAM,
    numbers,
    starts,
    target,
    tiny,
)

shows = pytest.mark.shows

TODAY = {
    "site_beds": "site,bed_type,beds,beds_max,bed_day_gbp,spot_bed_day_gbp\nhill,ward,2,20,10,20",
    "sites": "site,locality,beds_max\nhill,north,30",
    "targets": "target,metric,sense,value,unit\naim,discharges,min,5,per_week",
}
TOO_MUCH = """
    target,metric,sense,value,unit,window
    too_many,discharges,min,10,per_week,horizon
    enough,discharges,min,2,per_week,each
    """


@shows("as is")
def test_today_keeps_todays_beds_and_reports_targets():
    plan = solve(tiny(IN_BEDS, TODAY), as_is=True, options=EXACT)
    assert numbers(plan, "beds", "beds_open") == [2, 2]
    assert numbers(plan, "beds", "spot_beds") == [0, 0]
    # 2 beds have room for 28 bed days of 3.5 days of each stay: 4 in the first week, nobody else in the second.
    assert sum(starts(plan)) == 4
    assert target(plan, "is_imposed") == [False, False]


@shows("as is")
def test_today_keeps_todays_posts_and_shifts():
    team = {
        "staff": "locality,role,wte,wte_max,wte_month_gbp,agency_hour_gbp\nnorth,worker,3,20,400,1",
        "roles": "role,contact_hours_per_week,turnover_per_year\nworker,7,4.8",
    }
    plan = solve(tiny(WITH_TEAM, team), as_is=True, options=EXACT)
    assert numbers(plan, "staff", "wte") == [3, 3]
    assert numbers(plan, "staff", "agency_hours") == [0, 0]
    crew = {
        "shifts": "locality,shift_type,shifts,shifts_max,shift_gbp,spot_care_hour_gbp\nnorth,day,3,20,10,1"
    }
    plan = solve(tiny(WITH_CREW, crew), as_is=True, options=EXACT)
    assert numbers(plan, "shifts", "shifts_on_duty") == [3, 3]
    assert numbers(plan, "shifts", "spot_care_hours") == [0, 0]


@shows("as is")
def test_a_plan_tells_what_today_gives_towards_each_target():
    plan = solve(tiny(IN_BEDS, TODAY), options=EXACT)
    assert sum(target(plan, "today_gives")) == 4
    assert target(plan, "achieved") == [7, 7]
    assert plan.today is not None
    assert plan.today.is_as_is


@shows("as is")
def test_a_longest_wait_does_not_bind_a_day_on_which_nobody_decides():
    wait = {
        "pathways": """
            pathway,direction,delay_day_gbp,wait_days_max,unmet_gbp
            going_home,step_down,100,1,never
            """
    }
    plan = solve(tiny(IN_BEDS, TODAY, wait), as_is=True, options=EXACT)
    assert sum(numbers(plan, "waiting", "unmet")) + numbers(plan, "waiting", "waiting_at_end")[-1] == 10


@shows("best effort")
def test_the_best_effort_names_the_target_that_is_missed_and_meets_the_others():
    instance = tiny(AT_HOME, targets=TOO_MUCH)
    with pytest.raises(Infeasible):
        solve(instance, options=EXACT)
    plan = solve(instance, best_effort=True, options=EXACT)
    assert target(plan, "is_met", target="too_many") == [False]
    assert target(plan, "shortfall", target="too_many") == pytest.approx([20 - 14], abs=1e-3)
    assert target(plan, "is_met", target="enough") == [True, True]


@shows("best effort")
def test_the_best_effort_misses_as_little_as_can_be_before_it_looks_at_the_cost():
    dear = {"packages": "package,setting,stay_days,start_gbp\ncare,home,7,100000"}
    plan = solve(tiny(AT_HOME, dear, targets=TOO_MUCH), best_effort=True, options=EXACT)
    assert sum(starts(plan)) == pytest.approx(14, abs=1e-3)


@shows("best effort")
def test_the_best_effort_is_the_cheapest_plan_where_every_target_can_be_met():
    instance = tiny(IN_BEDS, TODAY)
    best = solve(instance, best_effort=True, options=EXACT)
    assert best.objective == pytest.approx(solve(instance, options=EXACT).objective, rel=1e-4)
    assert all(target(best, "is_met"))
