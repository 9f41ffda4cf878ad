"""Fair shares and ring-fences: floors for every place, gaps between places, a protected share of beds."""

import pytest

from capplan.checks import check
from tests.formulation.test_targets import aim
from tests.formulation.tiny import AT_HOME, IN_BEDS, Tables, gbp, numbers, plan_for, starts, target, tiny

shows = pytest.mark.shows

COUNTY: Tables = {
    **AT_HOME,
    "localities": """
        locality,network
        north,hills
        dale,hills
        south,plains
        moor,moors
        """,
    "packages": """
        package,setting,stay_days,start_gbp
        care,home,7,0
        far_care,home,7,1500
        """,
    "eligibility": """
        pathway,package,locality
        going_home,care,north
        going_home,far_care,dale;south;moor
        """,
    "referrals": """
        locality,pathway,people_per_week
        north,going_home,6
        dale,going_home,4
        south,going_home,10
        """,
}
"""In the north care costs nothing, elsewhere £500 more than going without; nobody is referred from the moor."""


def served(plan) -> dict[str, float]:
    """People who start in the first week, by locality."""
    return {l: starts(plan, locality=l)[0] for l in ("north", "dale", "south", "moor")}


def floor(**cells: object) -> dict[str, str]:
    return aim(**{"metric": "served_share", "value": 0.7, "unit": "share", **cells})


@shows("for_each")
def test_a_floor_for_every_locality_holds_in_each():
    plan = plan_for(COUNTY, floor(for_each="locality"), periods=1)
    assert served(plan) == {"north": 6, "dale": 2.8, "south": 7, "moor": 0}


@shows("for_each")
def test_a_floor_for_every_network_holds_for_its_localities_together():
    plan = plan_for(COUNTY, floor(for_each="network"), periods=1)
    # 7 of the hills' 10 are enough, and 6 of them are the north's.
    assert served(plan) == {"north": 6, "dale": 1, "south": 7, "moor": 0}


@shows("for_each")
@pytest.mark.parametrize(("floor_for", "member"), [("locality", "moor"), ("network", "moors")])
def test_a_place_from_which_nobody_is_referred_asks_for_nothing(floor_for, member):
    plan = plan_for(COUNTY, floor(for_each=floor_for), periods=1)
    assert target(plan, "is_met", scope=member) == [True]
    assert plan.tables["targets"].set_index("scope").loc[
        member, ["achieved", "shortfall"]
    ].isna().tolist() == [
        True,
        False,
    ]


@shows("for_each")
def test_a_floor_may_be_missed_at_a_price_for_every_person():
    plan = plan_for(COUNTY, floor(for_each="locality", shortfall_gbp=400), periods=1)
    # £400 a person is less than the £500 that care costs more than going without.
    assert served(plan) == {"north": 6, "dale": 0, "south": 0, "moor": 0}
    assert gbp(plan, "shortfall") == pytest.approx(400 * (2.8 + 7))
    assert target(plan, "is_met") == [False, True, True, False]


@shows("metric served_share_gap")
def test_a_gap_between_networks_leaves_out_those_without_referrals():
    gap = floor(metric="served_share_gap", sense="max", value=0.2, for_each="network")
    plan = plan_for(COUNTY, gap, periods=1)
    # The hills serve 6 of 10; the plains must serve at least 4 of 10, the moors have nobody to serve.
    assert served(plan) == {"north": 6, "dale": 0, "south": 4, "moor": 0}
    assert target(plan, "achieved") == [0.2]


@shows("metric served_share_gap")
def test_a_gap_of_which_only_one_member_has_referrals_is_none():
    alone = {"referrals": "locality,pathway,people_per_week\nsouth,going_home,10"}
    gap = floor(metric="served_share_gap", sense="max", value=0.2, for_each="locality")
    plan = plan_for(COUNTY, alone, gap, periods=1)
    assert target(plan, "achieved") == [0]
    assert served(plan)["south"] == 0


@shows("for_each")
def test_a_floor_for_all_of_a_direction_leaves_out_localities_that_refer_nobody_that_way():
    both = {
        "pathways": """
            pathway,direction,delay_day_gbp,unmet_gbp
            going_home,step_down,100,1000
            staying_home,step_up,100,1000
            """,
        "eligibility": """
            pathway,package
            going_home,care
            staying_home,far_care
            """,
        "referrals": """
            locality,pathway,people_per_week
            north,going_home,6
            south,staying_home,10
            """,
    }
    plan = plan_for(COUNTY, both, floor(metric="diversion_rate", value=0.5, for_each="locality"), periods=1)
    assert served(plan) == {"north": 6, "dale": 0, "south": 5, "moor": 0}
    assert all(target(plan, "is_met"))


TWO_KINDS: Tables = {
    **IN_BEDS,
    "localities": "locality,network\nnorth,hills\nsouth,plains",
    "sites": "site,locality\nhill,north\nport,south",
    "bed_types": "bed_type,occupancy_max\nward,1\nflat,1",
    "site_beds": """
        site,bed_type,beds,beds_max,bed_day_gbp
        hill,ward,4,20,10
        hill,flat,4,20,15
        port,ward,4,20,12
        port,flat,0,20,15
        """,
    "packages": "package,setting,bed_type,stay_days,stay_distribution\nstay,bed,ward,7,fixed",
}
"""All stay in wards, the cheaper beds at the hill first; flats are step-up beds that nobody needs today."""
STEADY_WEEK = {"opening": "steady", "periods": 1}


def beds(plan) -> dict[str, float]:
    """Beds open by site and bed type."""
    rows = plan.tables["beds"]
    names = [f"{site} {bed_type}" for site, bed_type in zip(rows["site"], rows["bed_type"], strict=True)]
    return dict(zip(names, numbers(plan, "beds", "beds_open"), strict=True))


@shows("metric bed_share")
def test_a_protected_share_of_step_up_beds_stays_open():
    alone = {"hill ward": 7, "hill flat": 0, "port ward": 0, "port flat": 0}
    assert beds(plan_for(TWO_KINDS, **STEADY_WEEK)) == alone
    fence = aim(metric="bed_share", value=0.3, unit="share", bed_type="flat")
    plan = plan_for(TWO_KINDS, fence, **STEADY_WEEK)
    # Seven ward beds are needed; three of ten are then flats.
    assert sum(count for name, count in beds(plan).items() if "flat" in name) == 3
    assert target(plan, "achieved") == [0.3]


@shows("metric bed_share", "for_each")
def test_a_ring_fence_for_every_network_is_on_the_beds_that_stand_there():
    floors = """
        site,bed_type,beds,beds_min,beds_max,bed_day_gbp
        hill,ward,4,4,4,10
        hill,flat,4,0,20,15
        port,ward,4,3,3,10
        port,flat,0,0,20,15
        """
    fence = aim(metric="bed_share", value=0.5, unit="share", bed_type="flat", for_each="network")
    plan = plan_for(TWO_KINDS, fence, site_beds=floors, **STEADY_WEEK)
    assert beds(plan) == {"hill ward": 4, "hill flat": 4, "port ward": 3, "port flat": 3}
    assert target(plan, "achieved") == [0.5, 0.5]
    at_port = aim(metric="bed_share", value=0.5, unit="share", bed_type="flat", locality="south")
    assert beds(plan_for(TWO_KINDS, at_port, site_beds=floors, **STEADY_WEEK))["hill flat"] == 0


@shows("metric bed_share")
def test_a_ring_fence_around_no_beds_at_all_is_kept():
    nobody = {"referrals": "locality,pathway,people_per_week\nnorth,going_home,0"}
    fence = aim(metric="bed_share", value=0.3, unit="share", bed_type="flat")
    plan = plan_for(TWO_KINDS, nobody, fence, **STEADY_WEEK)
    assert set(beds(plan).values()) == {0}
    assert target(plan, "is_met") == [True]


@shows("metric occupancy")
def test_an_occupancy_by_network_is_that_of_the_beds_that_stand_there():
    fullness = aim(metric="occupancy", sense="max", value=0.5, unit="share", for_each="network")
    plan = plan_for(TWO_KINDS, fullness, **STEADY_WEEK)
    assert sum(beds(plan).values()) == 14
    by_network = dict(zip(target(plan, "scope"), target(plan, "achieved"), strict=True))
    assert by_network["hills"] == pytest.approx(0.5)


def test_a_filter_on_a_network_without_beds_is_pointed_out():
    moors = {"localities": "locality,network\nnorth,hills\nsouth,plains\nmoor,moors"}
    fence = aim(metric="bed_share", value=0.3, unit="share", bed_type="flat", network="moors")
    problems = check(tiny(TWO_KINDS, moors, fence))
    assert [p.message for p in problems if p.rule == "target_catches_nobody"] == [
        "the filters of 'aim' leave no beds"
    ]
