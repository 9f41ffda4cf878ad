import pytest

from capplan.errors import Severity
from tests.checks.cases import build, only, place, problems_of


def test_a_bed_package_says_in_which_bed_and_a_home_package_in_none():
    bare = build({"packages": ("ic_bed,bed,ic", "ic_bed,bed,")})
    assert place(only(bare, "bed_package_without_bed_type")) == ("packages", 2, "bed_type")
    home = build({"packages": ("reable,home,", "reable,home,ic")})
    assert only(home, "bed_package_without_bed_type").row == 3


def test_lognormal_stays_need_a_standard_deviation_and_exponential_stays_none():
    without = build({"packages": ("lognormal,14", "lognormal,")})
    assert place(only(without, "stay_deviation")) == ("packages", 2, "stay_sd_days")
    spare = build({"packages": ("35,exponential,", "35,exponential,20")})
    assert only(spare, "stay_deviation", Severity.WARNING).row == 3


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (
            "package_hours",
            "package,role,from_day,to_day,hours_per_week\nreable,rsw,{},{},7\nreable,rsw,{},{},3",
        ),
        (
            "package_care",
            "package,shift_type,from_day,to_day,care_hours_per_day\nurgent,day,{},{},2\nurgent,day,{},{},1",
        ),
    ],
)
def test_the_days_of_a_need_run_forwards_and_do_not_overlap(table, text):
    column = only(build(**{table: text.format(0, 1, 2, 2)}), "day_window_backwards").column
    assert column == "to_day"
    assert not problems_of(build(**{table: text.format(0, 1, 1, "")}), "day_windows_overlap")
    problem = only(build(**{table: text.format(0, 2, 1, "")}), "day_windows_overlap")
    assert place(problem) == (table, 3, "from_day")


def test_an_early_row_without_an_end_overlaps_every_later_one():
    rows = (
        "package,role,from_day,to_day,hours_per_week\nreable,rsw,0,,1\nreable,rsw,7,14,2\nreable,rsw,20,21,2"
    )
    assert [p.row for p in problems_of(build(package_hours=rows), "day_windows_overlap")] == [3, 4]


def test_a_need_after_a_fixed_stay_is_pointed_out():
    rows = "package,shift_type,from_day,to_day,care_hours_per_day\nurgent,day,0,3,2\nurgent,day,3,5,1"
    problem = only(build(package_care=rows), "need_after_the_exit", Severity.WARNING)
    assert place(problem) == ("package_care", 3, "from_day")
    assert "ends on day 3" in problem.message


def test_a_row_that_asks_for_nothing_is_pointed_out():
    rows = """
        package,role,from_day,hours_per_week,hours_per_start
        reable,rsw,0,7,
        reable,rsw,14,,
        urgent,rsw,0,,2
        """
    assert only(build(package_hours=rows), "need_of_nothing", Severity.WARNING).row == 3


def test_every_pathway_has_a_package_and_every_package_a_pathway():
    eligibility = "pathway,package\nrehab,ic_bed\nrehab,reable"
    instance = build(eligibility=eligibility)
    assert place(only(instance, "pathway_without_package")) == ("pathways", 3, "pathway")
    assert only(instance, "package_unused", Severity.WARNING).row == 4


def test_two_rows_with_as_many_filters_for_the_same_people_are_a_tie():
    rows = "pathway,package,locality,hospital,site,success\ncrisis,urgent,,,,0.7\nrehab,reable,,,,1\n{}"
    tie = build(eligibility=rows.format("rehab,ic_bed,town,,,0.8\nrehab,ic_bed,,infirmary,,0.9"))
    problem = only(tie, "eligibility_tie")
    assert place(problem) == ("eligibility", 5, "package")
    assert "row 4" in problem.message
    for apart in (
        "rehab,ic_bed,town,,,0.8\nrehab,ic_bed,village,,,0.9",
        "rehab,ic_bed,town,,,0.8\nrehab,ic_bed,town,infirmary,,0.9",
        "rehab,ic_bed,,,cottage,0.8\nrehab,ic_bed,,,manor,0.9",
        "rehab,ic_bed,,,,0.8\nrehab,ic_bed,west,,,0.9",
    ):
        assert not problems_of(build(eligibility=rows.format(apart)), "eligibility_tie")
    network = "rehab,ic_bed,west,,,0.8\nrehab,ic_bed,town,,,0.9"
    assert only(build(eligibility=rows.format(network)), "eligibility_tie").row == 5


def test_a_site_that_cannot_give_the_package_is_pointed_out():
    rows = "pathway,package,site\ncrisis,urgent,{}\nrehab,reable,\nrehab,ic_bed,{}"
    home = build(eligibility=rows.format("cottage", ""))
    assert place(only(home, "site_filter_catches_nothing")) == ("eligibility", 2, "site")
    units = "site,bed_type,beds,bed_day_gbp\ncottage,ic,16,150"
    elsewhere = build(eligibility=rows.format("", "cottage;manor"), site_beds=units)
    problem = only(elsewhere, "site_filter_catches_nothing", Severity.WARNING)
    assert problem.row == 4
    assert "which manor does not have" in problem.message


def test_waits_that_cost_nothing_or_say_nothing_are_mentioned():
    free = build({"pathways": ("300,20,3000", "0,,3000")})
    assert place(only(free, "waiting_is_free", Severity.INFO)) == ("pathways", 2, "delay_day_gbp")
    last = build({"pathways": ("300,20,3000", "300,,never")})
    assert only(last, "last_wait_is_free", Severity.WARNING).column == "wait_days_max"
    nobody = build({"pathways": ("never,,1500", "never,5,1500")})
    assert only(nobody, "longest_wait_of_nobody", Severity.INFO).row == 3
