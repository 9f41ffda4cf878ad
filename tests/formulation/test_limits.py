"""Bounds on sums of beds, WTE or shifts, by place, provider and date."""

import pytest

from tests.formulation.tiny import IN_BEDS, WITH_CREW, WITH_TEAM, numbers, plan_for

shows = pytest.mark.shows

THREE_SITES = {
    "localities": "locality,network\nnorth,hills\nsouth,plains",
    "sites": """
        site,locality,kind,provider
        hill,north,care_home,Trust
        dale,north,community_hospital,Trust
        port,south,care_home,Charity
        """,
    "site_beds": """
        site,bed_type,beds_max,bed_day_gbp
        hill,ward,10,10
        dale,ward,10,11
        port,ward,10,12
        """,
}
"""The cheapest 7 beds are on the hill, then in the dale, then at the port."""
STEADY_WEEK = {"opening": "steady", "periods": 1}


def beds(plan) -> dict[str, float]:
    """Beds open by site."""
    return dict(zip(plan.tables["beds"]["site"], numbers(plan, "beds", "beds_open"), strict=True))


@shows("total_limit")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"site": "hill"}, {"hill": 3, "dale": 4, "port": 0}),
        ({"kind": "care_home"}, {"hill": 3, "dale": 4, "port": 0}),
        ({"provider": "Trust"}, {"hill": 3, "dale": 0, "port": 4}),
        ({"locality": "north"}, {"hill": 3, "dale": 0, "port": 4}),
        ({"network": "hills"}, {"hill": 3, "dale": 0, "port": 4}),
    ],
    ids=lambda case: next(iter(case)),
)
def test_no_more_beds_are_open_than_agreed_for_those_that_the_filter_leaves(filters, expected):
    name, value = next(iter(filters.items()))
    limit = f"limit,resource,{name},max\nagreed,ward,{value},3"
    plan = plan_for(IN_BEDS, THREE_SITES, limits=limit, **STEADY_WEEK)
    assert beds(plan) == expected


@shows("total_limit")
def test_a_limit_for_everywhere_leaves_open_where_the_beds_are():
    plan = plan_for(IN_BEDS, THREE_SITES, limits="limit,resource,max\nagreed,ward,3", **STEADY_WEEK)
    assert beds(plan) == {"hill": 3, "dale": 0, "port": 0}


@shows("total_minimum")
def test_at_least_as_many_beds_are_open_as_agreed():
    plan = plan_for(
        IN_BEDS,
        THREE_SITES,
        limits="limit,resource,kind,min\nagreed,ward,community_hospital,2",
        **STEADY_WEEK,
    )
    assert beds(plan) == {"hill": 5, "dale": 2, "port": 0}


@shows("total_limit", "total_minimum")
def test_a_limit_holds_in_the_periods_that_its_dates_touch():
    plan = plan_for(
        IN_BEDS,
        limits="""
            limit,resource,from,to,min,max
            most_first,ward,,2018-02-05,,3
            least_last,ward,2018-02-25,,9,
            """,
        periods=3,
    )
    # 3.5 beds are needed in the first week, 7 in the others; the 25th is the last day of the third week.
    assert numbers(plan, "beds", "beds_open") == [3, 7, 9]


@shows("total_limit")
def test_posts_are_bounded_over_the_teams_of_an_area():
    plan = plan_for(
        WITH_TEAM,
        localities="locality,network\nnorth,hills\nsouth,hills",
        staff="""
            locality,role,wte,wte_max,wte_month_gbp
            north,worker,0,20,400
            south,worker,2,20,400
            """,
        limits="limit,resource,network,min,max\nagreed,worker,hills,6,6",
        opening="steady",
    )
    total = [
        sum(pair)
        for pair in zip(*(numbers(plan, "staff", "wte", locality=l) for l in ("north", "south")), strict=True)
    ]
    assert total == [6, 6]


@shows("total_minimum")
def test_shifts_are_bounded_by_provider():
    plan = plan_for(
        WITH_CREW,
        localities="locality\nnorth\nsouth",
        shifts="""
            locality,shift_type,provider,shifts_max,shift_gbp
            north,day,Trust,20,10
            south,day,Charity,20,10
            """,
        limits="limit,resource,provider,min\nagreed,day,Charity,2",
        opening="steady",
    )
    assert numbers(plan, "shifts", "shifts_on_duty", locality="north") == [7, 7]
    assert numbers(plan, "shifts", "shifts_on_duty", locality="south") == [2, 2]
