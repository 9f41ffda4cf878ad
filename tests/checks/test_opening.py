from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of

CENSUS = "locality,site,package,people\n{}"


def test_an_opening_by_census_needs_one_and_a_census_that_opening():
    assert place(only(build(opening="census"), "census_and_opening")) == ("instance", None, "opening")
    unused = build(census=CENSUS.format("town,,reable,4"))
    assert only(unused, "census_and_opening", Severity.WARNING).table == "census"
    assert not problems_of(
        build(census=CENSUS.format("town,,reable,4"), opening="census"), "census_and_opening"
    )


def test_people_in_a_bed_are_at_a_site_that_has_it():
    for row in (",,ic_bed,4", "town,cottage,reable,4"):
        assert place(only(build(census=CENSUS.format(row)), "census_site")) == ("census", 2, "site")
    units = "site,bed_type,beds,bed_day_gbp\ncottage,ic,16,150"
    elsewhere = build(census=CENSUS.format(",manor,ic_bed,4"), site_beds=units)
    assert "which 'manor' does not have" in only(elsewhere, "census_site").message


def test_no_more_people_are_in_beds_than_beds_are_open():
    crowd = build(census=CENSUS.format(",cottage,ic_bed,10\ntown,cottage,ic_bed,7"))
    problem = only(crowd, "census_above_beds", Severity.WARNING)
    assert place(problem) == ("site_beds", 2, "beds")
    assert "17 people" in problem.message
