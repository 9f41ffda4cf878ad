from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

LOCALITIES = (
    "locality,latitude,longitude,population_65_plus,network\ntown,{},6000,west\nvillage,51.4,-2.1,4000,west"
)


def test_latitude_comes_with_longitude_and_in_that_order():
    half = build(localities=LOCALITIES.format("51.3,"))
    assert place(only(half, "coordinates_half_given")) == ("localities", 2, "latitude")
    swapped = build(localities=LOCALITIES.format("-2.0,51.3"))
    assert only(swapped, "coordinates_swapped", Severity.WARNING).row == 2


def test_journeys_that_nobody_knows_are_named_where_they_matter():
    unknown = LOCALITIES.format(",")
    assert not problems_of(build(localities=unknown), "journey_unknown")
    limited = problems_of(build(localities=unknown, travel_minutes_max=60), "journey_unknown")
    # Town to its own cottage hospital is no journey; from the village there is a row.
    assert [(p.row, p.severity) for p in limited] == [(2, Severity.WARNING)]
    assert "from 'town' to manor" in limited[0].message
    assert "out of reach" in limited[0].message
    priced = only(build(localities=unknown, travel_gbp_per_minute=0.5), "journey_unknown", Severity.WARNING)
    assert "cost nothing" in priced.message


def test_a_journey_of_more_than_three_hours_is_pointed_out():
    row = only(
        build(travel="locality,site,minutes\ntown,cottage,200"), "journey_over_three_hours", Severity.WARNING
    )
    assert place(row) == ("travel", 2, "minutes")
    # 2 degrees east in place of 2 degrees west: 280 km.
    far = build(
        localities=LOCALITIES.format("51.3,4.0"),
        sites="site,locality,latitude,longitude\ncottage,town,51.3,-2\nmanor,village,,",
    )
    problem = only(far, "journey_over_three_hours", Severity.WARNING)
    assert place(problem) == ("localities", 2, "latitude")
