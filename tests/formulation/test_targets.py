"""What counts towards each target, over which windows, and what a target makes the plan do."""

import pytest

from tests.formulation.tiny import AT_HOME, IN_BEDS, Tables, gbp, numbers, plan_for, starts, target

shows = pytest.mark.shows

DEAR: Tables = {
    **AT_HOME,
    "packages": "package,setting,stay_days,stay_distribution,start_gbp\ncare,home,7,fixed,2000",
}
"""Care costs £1,000 more than going without: nobody gets it unless a target says so."""


def aim(**cells: object) -> dict[str, str]:
    """One target; unless told otherwise at least `value` discharges."""
    row = {"target": "aim", "metric": "discharges", "sense": "min"} | cells
    return {"targets": f"{','.join(row)}\n{','.join(str(value) for value in row.values())}"}


def test_without_a_target_nobody_gets_what_costs_more_than_it_saves():
    assert starts(plan_for(DEAR)) == [0, 0]


@shows("target_minimum", "metric discharges", "window each", "window year", "window horizon")
@pytest.mark.parametrize(
    ("value", "unit", "window", "required"),
    [
        (0.5, "per_day", "", [3.5, 3.5]),
        (3, "per_week", "", [3, 3]),
        (8, "per_month", "", [2, 2]),
        (96, "per_year", "", [4]),
        (96, "per_year", "each", [2, 2]),
        (3, "per_week", "horizon", [6]),
        (5, "total", "", [5]),
        (5, "total", "each", [5, 5]),
        (96, "total", "year", [4]),
    ],
)
def test_a_target_asks_for_its_rate_over_its_window(value, unit, window, required):
    # Two weeks of February are half a month.
    plan = plan_for(DEAR, aim(value=value, unit=unit, window=window))
    assert target(plan, "required") == required
    assert target(plan, "achieved") == required
    assert sum(starts(plan)) == pytest.approx(sum(required))


@shows("window year")
def test_a_year_is_a_window_of_its_own_on_either_side_of_april():
    plan = plan_for(DEAR, aim(value=3, unit="per_week", window="year"), start="2018-03-26", periods=3)
    assert target(plan, "window") == ["2017/18", "2018/19"]
    assert target(plan, "required") == [3, 6]
    assert starts(plan)[0] == 3


@shows("window each", "window horizon")
def test_windows_are_called_by_their_first_day_or_the_horizon():
    each = plan_for(DEAR, aim(value=1, unit="per_week"))
    assert target(each, "window") == ["2018-02-05", "2018-02-12"]
    assert target(plan_for(DEAR, aim(value=1, unit="total")), "window") == ["horizon"]


@shows("value_is increase")
def test_an_increase_is_counted_on_top_of_the_baseline():
    plan = plan_for(DEAR, aim(value=1, unit="per_week", value_is="increase", baseline=2))
    assert target(plan, "required") == [3, 3]
    assert starts(plan) == [3, 3]


@shows("value_is level")
def test_a_level_leaves_the_baseline_to_be_compared_with():
    plan = plan_for(DEAR, aim(value=1, unit="per_week", value_is="level", baseline=2))
    assert target(plan, "required") == [1, 1]
    assert target(plan, "baseline") == [2, 2]


@shows("ramp")
def test_a_target_ramps_up():
    ramp = {"ramp_from": 0, "ramp_until": "2018-02-19"}
    plan = plan_for(DEAR, aim(value=7, unit="per_week", **ramp), periods=3)
    # From 0 to 7 a week over 14 days: a quarter of it in the middle of the first week, then three quarters, then all.
    assert target(plan, "required") == [7 / 4, 7 * 3 / 4, 7]
    assert starts(plan) == [1.75, 5.25, 7]


@shows("ramp")
def test_a_ramp_begins_at_the_first_day_of_the_target():
    ramp = {"from": "2018-02-12", "ramp_from": 2, "ramp_until": "2018-02-19"}
    plan = plan_for(DEAR, aim(value=4, unit="per_week", **ramp), periods=3)
    assert starts(plan) == [0, 3, 4]


def test_a_target_holds_in_periods_that_begin_within_its_dates():
    plan = plan_for(
        DEAR,
        aim(value=2, unit="per_week", **{"from": "2018-02-06", "to": "2018-02-19"}),
        periods=4,
    )
    # The first week has begun when it comes into force; the third begins on its last day.
    assert starts(plan) == [0, 2, 2, 0]


@shows("reported only")
def test_a_target_without_a_value_or_not_imposed_is_reported_only():
    plan = plan_for(
        DEAR,
        targets="""
            target,metric,sense,value,unit,is_imposed
            not_agreed,discharges,min,,per_week,yes
            not_imposed,discharges,min,3,per_week,no
            """,
    )
    assert starts(plan) == [0, 0]
    assert target(plan, "achieved") == [0, 0, 0, 0]
    assert target(plan, "is_imposed") == [False] * 4
    agreed = plan.tables["targets"].set_index("target").loc["not_imposed"]
    assert agreed["shortfall"].tolist() == [3, 3]
    assert agreed["is_met"].tolist() == [False, False]
    open_ = plan.tables["targets"].set_index("target").loc["not_agreed"]
    assert open_["required"].isna().all()
    assert open_["is_met"].isna().all()


@shows("target_minimum", "cost shortfall", "shortfall")
def test_a_target_is_missed_where_that_is_cheaper_than_meeting_it():
    # One discharge more costs £2,000 and saves £1,000.
    missed = plan_for(DEAR, aim(value=3, unit="per_week", shortfall_gbp=900))
    met = plan_for(DEAR, aim(value=3, unit="per_week", shortfall_gbp=1100))
    assert target(missed, "shortfall") == [3, 3]
    assert gbp(missed, "shortfall") == 6 * 900
    assert target(met, "shortfall") == [0, 0]
    assert gbp(met, "shortfall") == 0


@shows("target_minimum")
def test_one_discharge_more_has_its_price():
    plan = plan_for(DEAR, aim(value=3, unit="per_week"))
    assert target(plan, "marginal_gbp") == [1000, 1000]


TWO_DIRECTIONS: Tables = {
    "pathways": """
        pathway,direction,delay_day_gbp,unmet_gbp
        going_home,step_down,100,1000
        staying_home,step_up,100,1000
        neighbours,community,100,1000
        """,
    "eligibility": """
        pathway,package,success
        going_home,care,0.8
        staying_home,care,0.5
        neighbours,care,0.1
        """,
    "referrals": """
        locality,pathway,people_per_week
        north,going_home,7
        north,staying_home,14
        north,neighbours,7
        """,
}


@shows("metric discharges", "metric diversions", "metric discharge_rate", "metric diversion_rate")
@pytest.mark.parametrize(
    ("metric", "value", "unit", "pathway", "expected"),
    [
        ("discharges", 2, "per_week", "going_home", [2, 2]),
        ("diversions", 2, "per_week", "staying_home", [4, 4]),  # one in two avoids an admission
        ("discharge_rate", 0.5, "share", "going_home", [3.5, 3.5]),  # of 7
        ("diversion_rate", 0.25, "share", "staying_home", [7, 7]),  # 3.5 of 14 are avoided
    ],
)
def test_discharges_are_starts_and_diversions_are_successes(metric, value, unit, pathway, expected):
    plan = plan_for(DEAR, TWO_DIRECTIONS, aim(metric=metric, value=value, unit=unit))
    assert starts(plan, pathway=pathway) == expected
    assert starts(plan) == expected


@shows("metric successes", "metric starts", "metric served_share")
def test_successes_starts_and_served_shares_count_every_pathway():
    reported = """
        target,metric,sense,value,unit,window
        successes,successes,min,,total,
        starts,starts,min,,total,
        served,served_share,min,,share,horizon
        """
    plan = plan_for(AT_HOME, TWO_DIRECTIONS, targets=reported)
    assert target(plan, "achieved", target="successes") == [2 * (7 * 0.8 + 14 * 0.5 + 7 * 0.1)]
    assert target(plan, "achieved", target="starts") == [2 * 28]
    assert target(plan, "achieved", target="served") == [1]


@shows("metric successes", "metric starts", "metric served_share")
def test_more_successes_starts_and_served_people_can_be_asked_for():
    successes = plan_for(DEAR, TWO_DIRECTIONS, aim(metric="successes", value=4, unit="per_week"))
    # The surest way: discharges succeed in 8 of 10.
    assert starts(successes, pathway="going_home") == [5, 5]
    assert sum(starts(plan_for(DEAR, TWO_DIRECTIONS, aim(metric="starts", value=4, unit="per_week")))) == 8
    share = aim(metric="served_share", value=0.25, unit="share")
    assert starts(plan_for(DEAR, TWO_DIRECTIONS, share)) == [7, 7]


BED_OR_HOME: Tables = {
    **IN_BEDS,
    "packages": """
        package,setting,bed_type,stay_days,stay_distribution
        stay,bed,ward,7,fixed
        care,home,,7,fixed
        """,
    "eligibility": "pathway,package\ngoing_home,stay\ngoing_home,care",
}


@shows("metric admissions")
def test_admissions_are_starts_in_beds():
    # Care at home costs nothing here, beds do.
    assert starts(plan_for(BED_OR_HOME), package="stay") == [0, 0]
    plan = plan_for(BED_OR_HOME, aim(metric="admissions", value=2, unit="per_week"))
    assert starts(plan, package="stay") == [2, 2]


TWO_BED_TYPES: Tables = {
    **IN_BEDS,
    "bed_types": "bed_type,occupancy_max\nward,1\nflat,1",
    "site_beds": """
        site,bed_type,beds_max,bed_day_gbp
        hill,ward,20,10
        hill,flat,20,10
        """,
}


@shows("metric bed_share")
def test_a_bed_share_is_the_bed_days_of_a_type_among_all_that_are_open():
    share = aim(metric="bed_share", value=0.3, unit="share", bed_type="flat")
    plan = plan_for(TWO_BED_TYPES, share, opening="steady")
    # 7 beds of the ward are needed; 3 flats are 3 in 10.
    assert numbers(plan, "beds", "beds_open", bed_type="ward") == [7, 7]
    assert numbers(plan, "beds", "beds_open", bed_type="flat") == [3, 3]
    assert target(plan, "achieved") == [0.3, 0.3]


@shows("metric occupancy", "target_limit")
def test_a_limit_on_occupancy_opens_more_beds():
    plan = plan_for(IN_BEDS, aim(metric="occupancy", sense="max", value=0.5, unit="share"), opening="steady")
    assert numbers(plan, "beds", "beds_open") == [14, 14]
    assert target(plan, "achieved") == [0.5, 0.5]


@shows("metric occupancy")
def test_a_floor_of_occupancy_closes_beds():
    beds = {
        "site_beds": "site,bed_type,beds,beds_max,bed_day_gbp,closing_gbp_per_bed\nhill,ward,20,20,1,1000"
    }
    floor = aim(metric="occupancy", sense="min", value=0.5, unit="share")
    assert numbers(plan_for(IN_BEDS, beds, opening="steady"), "beds", "beds_open") == [20, 20]
    assert numbers(plan_for(IN_BEDS, beds, floor, opening="steady"), "beds", "beds_open") == [14, 14]


@shows("metric occupancy")
def test_spot_beds_count_as_beds_in_the_occupancy():
    spot = {
        "sites": "site,locality,beds_max\nhill,north,20",
        "site_beds": "site,bed_type,beds_max,bed_day_gbp,spot_bed_day_gbp\nhill,ward,5,10,12",
    }
    plan = plan_for(
        IN_BEDS, spot, aim(metric="occupancy", sense="max", value=0.7, unit="share"), opening="steady"
    )
    assert numbers(plan, "beds", "spot_beds") == [5, 5]


BEDS_FROM_SECOND_WEEK: Tables = {
    **IN_BEDS,
    "site_beds": "site,bed_type,beds_max,bed_day_gbp,available_from\nhill,ward,20,10,2018-02-12",
}
"""Left to itself, everybody of the first week waits for the second: 24.5 delayed days in each."""


@shows("metric delayed_days", "target_limit")
def test_a_limit_on_delayed_days_leaves_fewer_waiting():
    plan = plan_for(BEDS_FROM_SECOND_WEEK, aim(metric="delayed_days", sense="max", value=28, unit="total"))
    # A queue that grows to 4 and falls to 0 again is 2 people on average for 14 days.
    assert numbers(plan, "waiting", "waiting_at_end") == [4, 0]
    assert numbers(plan, "waiting", "unmet") == [3, 0]
    assert target(plan, "achieved") == [28]


@shows("metric mean_wait_days", "target_limit")
def test_a_mean_wait_is_the_delayed_days_of_one_person_referred():
    plan = plan_for(BEDS_FROM_SECOND_WEEK, aim(metric="mean_wait_days", sense="max", value=1, unit="total"))
    # 14 people may wait 14 days in all: a queue that grows to 2 and falls to 0 again.
    assert numbers(plan, "waiting", "waiting_at_end") == [2, 0]
    assert target(plan, "achieved") == [1]


@shows("metric delayed_days")
def test_who_waited_before_the_start_is_delayed_too():
    waiting = {"waiting": "locality,pathway,people\nnorth,going_home,4"}
    plan = plan_for(
        AT_HOME, waiting, aim(metric="delayed_days", sense="max", value="", unit="total"), periods=1
    )
    # The four start within the week: 2 on average, for 7 days.
    assert target(plan, "achieved") == [14]


PAID: Tables = {
    **AT_HOME,
    "localities": "locality\nnorth\nsouth",
    "packages": "package,setting,stay_days,stay_distribution,start_gbp\ncare,home,7,fixed,100",
    "referrals": """
        locality,pathway,people_per_week
        north,going_home,7
        south,going_home,7
        """,
}


@shows("metric spend", "target_limit")
def test_a_limit_on_spend_buys_what_it_can():
    plan = plan_for(PAID, aim(metric="spend", sense="max", value=500, unit="total"))
    assert gbp(plan, "starts") == 500
    assert sum(starts(plan)) == 5
    # Those who go without cost nothing that anybody pays.
    assert target(plan, "achieved") == [500]
    assert gbp(plan, "unmet") == 23 * 1000


@shows("metric spend")
def test_a_limit_on_the_spend_of_one_locality_leaves_the_other_alone():
    plan = plan_for(PAID, aim(metric="spend", sense="max", value=200, unit="per_week", locality="south"))
    assert starts(plan, locality="south") == [2, 2]
    assert starts(plan, locality="north") == [7, 7]


@shows("metric spend")
def test_spend_can_be_narrowed_to_site_kind_and_provider():
    plan = plan_for(
        IN_BEDS,
        sites="site,locality,kind,provider\nhill,north,care_home,Trust\ndale,north,other,Charity",
        site_beds="""
            site,bed_type,beds,beds_min,bed_day_gbp
            hill,ward,2,2,10
            dale,ward,3,3,10
            """,
        targets="""
            target,metric,sense,value,unit,site,kind,provider
            all,spend,max,,total,,,
            hill,spend,max,,total,hill,,
            other,spend,max,,total,,other,
            trust,spend,max,,total,,,Trust
            """,
    )
    assert target(plan, "achieved") == [5 * 140, 2 * 140, 3 * 140, 2 * 140]


UNEQUAL: Tables = {
    **PAID,
    "packages": """
        package,setting,stay_days,start_gbp
        care,home,7,0
        far_care,home,7,1500
        """,
    "eligibility": """
        pathway,package,locality
        going_home,care,north
        going_home,far_care,south
        """,
}
"""In the north care costs nothing, in the south £500 more than going without."""


@shows("metric served_share_gap", "highest_share_minimum", "lowest_share_limit", "target_limit")
def test_a_limit_on_the_gap_raises_the_share_of_those_who_are_served_least():
    assert starts(plan_for(UNEQUAL), locality="south") == [0, 0]
    gap = aim(metric="served_share_gap", sense="max", value=0.4, unit="share", for_each="locality")
    plan = plan_for(UNEQUAL, gap)
    assert starts(plan, locality="north") == [7, 7]
    assert starts(plan, locality="south") == [4.2, 4.2]
    assert target(plan, "achieved") == [0.4, 0.4]


@shows("metric served_share_gap")
def test_where_nobody_is_referred_there_is_no_gap():
    gap = aim(metric="served_share_gap", sense="max", value=0.4, unit="share", for_each="locality")
    nobody = "locality,pathway,people_per_week\nnorth,going_home,0\nsouth,going_home,0"
    plan = plan_for(UNEQUAL, gap, referrals=nobody)
    assert target(plan, "achieved") == [0, 0]
    assert target(plan, "is_met") == [True, True]


@shows("for_each")
def test_a_target_for_each_locality_is_a_floor_in_all_of_them():
    plan = plan_for(UNEQUAL, aim(metric="served_share", value=0.5, unit="share", for_each="locality"))
    assert starts(plan, locality="south") == [3.5, 3.5]
    assert target(plan, "scope") == ["north", "north", "south", "south"]
    only_south = aim(
        metric="served_share",
        value=0.5,
        unit="share",
        for_each="locality",
        locality="south",
        window="horizon",
    )
    assert target(plan_for(UNEQUAL, only_south), "scope") == ["south"]


PATCHWORK: Tables = {
    "localities": "locality,network\nnorth,hills\nsouth,plains",
    "hospitals": "hospital,sub_region\nroyal,west\ngeneral,east",
    "sites": """
        site,locality,kind,provider
        hill,north,care_home,Trust
        dale,south,community_hospital,Charity
        """,
    "bed_types": "bed_type,occupancy_max\nward,1\nflat,1",
    "site_beds": "site,bed_type,beds_max,bed_day_gbp\nhill,ward,20,1\ndale,flat,20,1",
    "pathways": """
        pathway,direction,delay_day_gbp,unmet_gbp
        going_home,step_down,100,1000
        staying_home,step_up,100,1000
        """,
    "packages": """
        package,setting,bed_type,stay_days,start_gbp
        stay,bed,ward,7,
        flat_stay,bed,flat,7,
        care,home,,7,
        """,
    "eligibility": """
        pathway,package,locality,hospital
        going_home,stay,north,royal
        going_home,flat_stay,north,general
        going_home,care,south,royal
        going_home,stay,south,general
        staying_home,care,,
        """,
    "referrals": """
        locality,hospital,pathway,people_per_week
        north,royal,going_home,1
        north,general,going_home,2
        south,royal,going_home,4
        south,general,going_home,8
        south,,staying_home,16
        """,
}
"""Every number of people a week is another power of two, so that a sum tells who was counted."""

FILTERS = [
    ("locality", "north", 1 + 2),
    ("locality", "north;south", 31),
    ("locality", "plains", 4 + 8 + 16),
    ("network", "hills", 1 + 2),
    ("hospital", "royal", 1 + 4),
    ("sub_region", "east", 2 + 8),
    ("site", "hill", 1 + 8),
    ("kind", "community_hospital", 2),
    ("provider", "Charity", 2),
    ("pathway", "going_home", 15),
    ("package", "care", 4 + 16),
    ("bed_type", "ward", 1 + 8),
]


@shows("filters", "metric starts")
def test_targets_count_only_what_their_filters_leave():
    names = list(dict.fromkeys(name for name, _, _ in FILTERS))
    rows = [
        [f"aim_{i}", "starts", "min", "", "total", *(value if name == own else "" for name in names)]
        for i, (own, value, _) in enumerate(FILTERS)
    ]
    header = ["target", "metric", "sense", "value", "unit", *names]
    plan = plan_for(PATCHWORK, targets="\n".join(",".join(row) for row in [header, *rows]), periods=1)
    assert target(plan, "achieved") == [people for _, _, people in FILTERS]


@shows("filters", "target_minimum")
@pytest.mark.parametrize(("name", "value", "most"), FILTERS)
def test_a_target_makes_only_those_start_whom_its_filters_leave(name, value, most):
    dear = {
        "packages": PATCHWORK["packages"].replace(",7,", ",7,2000"),
        "site_beds": PATCHWORK["site_beds"].replace(",20,1", ",20,0"),
    }
    plan = plan_for(
        PATCHWORK, dear, aim(metric="starts", value=most, unit="total", **{name: value}), periods=1
    )
    # As many as there are in the filter, and nobody else.
    assert target(plan, "achieved") == [most]
    assert sum(starts(plan)) == pytest.approx(most)


@shows("filters", "metric served_share")
def test_of_a_share_filters_on_places_of_care_narrow_only_what_is_achieved():
    plan = plan_for(
        PATCHWORK,
        targets="""
            target,metric,sense,value,unit,locality,package,site
            south,served_share,min,,share,south,,
            care_in_south,served_share,min,,share,south,care,
            hill_from_south,served_share,min,,share,south,,hill
            """,
        periods=1,
    )
    assert target(plan, "achieved") == pytest.approx([1, 20 / 28, 8 / 28], abs=1e-6)


@shows("for_each")
def test_a_target_may_be_reported_for_each_of_any_filter():
    dimensions = list(dict.fromkeys(name for name, _, _ in FILTERS))
    rows = [f"{name},starts,min,,total,{name}" for name in dimensions]
    plan = plan_for(
        PATCHWORK, targets="\n".join(["target,metric,sense,value,unit,for_each", *rows]), periods=1
    )
    table = plan.tables["targets"].set_index(["target", "scope"])["achieved"].round(6)
    assert table["locality"].to_dict() == {"north": 3, "south": 28}
    assert table["network"].to_dict() == {"hills": 3, "plains": 28}
    assert table["hospital"].to_dict() == {"general": 10, "royal": 5}
    assert table["sub_region"].to_dict() == {"east": 10, "west": 5}
    assert table["site"].to_dict() == {"dale": 2, "hill": 9}
    assert table["kind"].to_dict() == {"care_home": 9, "community_hospital": 2}
    assert table["provider"].to_dict() == {"Charity": 2, "Trust": 9}
    assert table["pathway"].to_dict() == {"going_home": 15, "staying_home": 16}
    assert table["package"].to_dict() == {"care": 20, "flat_stay": 2, "stay": 9}
    assert table["bed_type"].to_dict() == {"flat": 2, "ward": 9}
