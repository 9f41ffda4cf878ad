from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of


def test_two_rows_with_one_display_name():
    instance = build({"localities": ("Village", "TOWN")})
    assert place(only(instance, "duplicate_display_name", Severity.WARNING)) == ("localities", 3, "name")


def test_a_role_named_like_a_bed_type_is_ambiguous_in_limits():
    instance = build({"roles": ("rsw,25", "ic,25"), "staff": ("rsw", "ic"), "package_hours": ("rsw", "ic")})
    problem = only(instance, "resource_name_twice")
    assert place(problem) == ("roles", 2, "role")
    assert "bed_types" in problem.message


def test_a_locality_is_not_named_like_a_network_of_several():
    instance = build(
        {"localities": ("village,Village,51.4,-2.1,4000,west", "village,Village,51.4,-2.1,4000,town")}
    )
    assert not problems_of(
        build({"localities": ("51.3,-2.0,6000,west", "51.3,-2.0,6000,town")}), "area_name_twice"
    )
    assert place(only(instance, "area_name_twice")) == ("localities", 2, "locality")


def test_all_is_no_network():
    instance = build({"localities": ("51.3,-2.0,6000,west", "51.3,-2.0,6000,all")})
    assert only(instance, "area_name_twice").column == "network"


def test_a_filter_names_a_provider_that_there_is():
    targets = "target,metric,sense,value,unit,{}\na,discharges,min,5,per_month,{}"
    problem = only(build(targets=targets.format("provider", "nhs;nobody")), "filter_value_unknown")
    assert place(problem) == ("targets", 2, "provider")
    assert "no provider named 'nobody'" in problem.message
    assert "homes_ltd, nhs" in problem.what_now
    only(build(targets=targets.format("sub_region", "south")), "filter_value_unknown")
    only(build(limits="limit,resource,provider,max\na,ic,nobody,5"), "filter_value_unknown")
