from capplan.errors import Severity
from tests.checks.cases import TABLES, build, only, place, problems_of

BEDS_ONLY = "pathway,package,locality,share_max\nrehab,ic_bed,{},{}\ncrisis,urgent,,1"
MUST_START = TABLES["pathways"].replace("300,20,3000", "300,20,never")


def test_people_beyond_the_longest_journey_are_reached_by_no_bed():
    travel = "locality,site,minutes\nvillage,cottage,75\nvillage,manor,61\ntown,cottage,0\ntown,manor,61"
    given = {"travel": travel, "eligibility": BEDS_ONLY.format("", 1), "travel_minutes_max": 60}
    problem = only(build(**given), "people_whom_no_package_reaches", Severity.WARNING)
    assert place(problem) == ("pathways", 2, "pathway")
    assert "from village (120 during the plan)" in problem.message
    assert "travel_minutes_max" in problem.message
    only(build(**given, pathways=MUST_START), "people_whom_no_package_reaches", Severity.ERROR)
    assert not problems_of(build(**{**given, "travel_minutes_max": 61}), "people_whom_no_package_reaches")


def test_a_pathway_may_have_a_shorter_longest_journey_than_the_rest():
    travel = "locality,site,minutes\nvillage,cottage,50\nvillage,manor,50\ntown,cottage,0\ntown,manor,50"
    pathways = """
        pathway,direction,delay_day_gbp,wait_days_max,unmet_gbp,travel_minutes_max
        rehab,step_down,300,20,3000,45
        crisis,step_up,never,,1500,
        """
    given = {"travel": travel, "eligibility": BEDS_ONLY.format("", 1), "travel_minutes_max": 60}
    assert (
        "village"
        in only(build(**given, pathways=pathways), "people_whom_no_package_reaches", Severity.WARNING).message
    )


def test_people_whom_the_eligibility_leaves_out():
    instance = build(eligibility=BEDS_ONLY.format("town", 1))
    problem = only(instance, "people_whom_no_package_reaches", Severity.WARNING)
    assert "no row of eligibility holds for them" in problem.message


def test_beds_at_closed_sites_reach_nobody():
    sites = "site,locality,is_open,can_open\ncottage,town,no,no\nmanor,village,no,no"
    instance = build(sites=sites, eligibility=BEDS_ONLY.format("", 1))
    problem = only(instance, "people_whom_no_package_reaches", Severity.WARNING)
    assert "no site can have the beds of ic_bed" in problem.message
    assert "from town, village" in problem.message


def test_everybody_who_must_start_needs_packages_that_suit_everybody():
    half = BEDS_ONLY.format("", 0.5)
    problem = only(build(eligibility=half, pathways=MUST_START), "shares_leave_people_out")
    assert "suit at most 50%" in problem.message
    assert not problems_of(build(eligibility=half), "shares_leave_people_out")
    both = f"{half}\nrehab,reable,,0.5"
    assert not problems_of(build(eligibility=both, pathways=MUST_START), "shares_leave_people_out")


def test_a_package_that_no_team_can_give_is_a_warning_where_there_are_others():
    nobody = build(staff="locality,role,wte,wte_max,wte_month_gbp\nall,rsw,,,2300")
    problem = only(nobody, "package_nobody_can_give", Severity.WARNING)
    assert place(problem) == ("package_hours", 2, "role")
    assert "anywhere" in problem.message
    assert not problems_of(nobody, "people_whom_nobody_serves")


def test_a_package_that_a_team_gives_in_one_place_only_is_information():
    town = build(staff="locality,role,wte,wte_month_gbp\ntown,rsw,8,2300")
    assert "in village" in only(town, "package_nobody_can_give", Severity.INFO).message


def test_people_whose_only_package_nobody_can_give():
    nobody = {"shifts": "locality,shift_type,shifts,shift_gbp\ntown,day,3,160"}
    problem = only(build(**nobody), "people_whom_nobody_serves", Severity.WARNING)
    assert place(problem) == ("pathways", 3, "pathway")
    assert "from village (192 during the plan)" in problem.message
    assert "gives day there" in problem.message
    must = TABLES["pathways"].replace("never,,1500", "never,,never")
    only(build(**nobody, pathways=must), "people_whom_nobody_serves", Severity.ERROR)


def test_agency_spot_care_recruits_and_help_are_somebody():
    for given in (
        {"shifts": "locality,shift_type,shifts_max,spot_care_hour_gbp\nall,day,0,30"},
        {
            "shifts": "locality,shift_type,shifts,shift_gbp\ntown,day,3,160\nvillage,day,0,160",
            "cross_cover": "resource,from_locality,to_locality\nday,town,village",
        },
    ):
        assert not problems_of(build(**given), "people_whom_nobody_serves")
    for given in (
        {"staff": "locality,role,wte_max,agency_hour_gbp\nall,rsw,0,30"},
        {
            "staff": "locality,role,wte_max,wte_month_gbp\nall,rsw,0,2300",
            "arrivals": "locality,role,month,wte\nall,rsw,2017-06,2",
        },
    ):
        assert not problems_of(build(**given), "package_nobody_can_give")


def test_people_in_beds_are_served_where_the_bed_is():
    hours = f"{TABLES['package_hours'].strip()}\nic_bed,rsw,0,,5"
    rows = "locality,role,wte,wte_month_gbp\ntown,rsw,8,2300"
    problems = problems_of(
        build(package_hours="\n".join(map(str.strip, hours.splitlines())), staff=rows),
        "package_nobody_can_give",
    )
    assert [(p.row, p.severity) for p in problems] == [(2, Severity.INFO), (4, Severity.INFO)]
    assert all("in village" in p.message for p in problems)
