"""What a report says. The numbers are those of instances/tiny/README.md."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from capplan.digest import assumptions, bottlenecks, costs, decisions, people, sharing, targets
from capplan.report import Subject
from capplan.report.blocks import Chart
from capplan.report.charts import Measure, over_time, side_by_side
from capplan.report.parts import parts
from capplan.report.parts.map_of_places import APART, Point, _moved_apart
from capplan.report.parts.side_by_side import plans_side_by_side, what_differs


@pytest.fixture(scope="module")
def by_heading(subject):
    return {part.heading: part for part in parts(subject)}


def with_table(run, name, table):
    return replace(run, tables={**run.tables, name: table})


def test_the_plan_in_short_has_its_cost_targets_capacity_people_and_what_comes_first(by_heading):
    cost, capacity, first = by_heading["In short"].lines
    assert cost.startswith("From 1 April 2017 to 30 September 2017 the plan costs £325,498, £171,896 less")
    assert "It meets both imposed targets (today's capacity: 2 of 2)." in cost
    assert "10 beds (-15 on today), 4 WTE (+4 on today) and 3 crews on duty (as today)" in capacity
    assert "Of 366 people referred, 348 start care (366 with today's capacity); 18.3 go without" in capacity
    assert first.startswith("3 decisions have to be signed, the first by 1 April 2017.")
    assert "-£438,000 in a full year" in first  # 15 beds at £80 for 365 days
    assert "no plan is cheaper" in first


def test_every_part_has_something_to_say(by_heading):
    assert all(part.lines or part.blocks for part in by_heading.values())
    assert "Acute beds" not in by_heading  # tiny has no acute wards


def test_each_target_has_a_line_from_baseline_to_plan(run):
    section = targets.line_by_line(run)
    assert section.grid.columns == (
        "target",
        "today's capacity",
        "target in the end",
        "plan in the end",
        "met",
    )
    assert section.grid.texts()[1] == (
        "Admissions avoided a day",
        "0.75 a day",
        "0.7 a day",
        "0.75 a day",
        "yes",
    )


def test_a_target_missed_in_two_of_six_months_says_so(run):
    table = run.tables["targets"]
    is_miss = (table["target"] == "diversions") & table["window"].isin(["2017-05-01", "2017-06-01"])
    missed = with_table(run, "targets", table.assign(is_met=~is_miss))
    assert targets.line_by_line(missed).grid.texts()[1][-1] == "in 4 of 6"


def test_every_decision_is_listed_with_its_cost_once_this_year_and_in_a_full_one(run):
    grid = decisions.every(run)
    assert len(grid.texts()) == 3
    beds = next(row for row in grid.texts() if row[1] == "Rehab bed")
    assert beds[-5:] == ("-15", "1 Apr 2017", "£1,500", "-£438,000", "-£438,000")


def test_a_discharge_costs_what_beds_workers_and_journeys_cost_an_admission_avoided_the_crews(run):
    # Discharges: (146,400 + 48,000 + 1,098 + 1,900) / 164.7. Avoided: (82,350 + 45,750) / 137.25.
    assert costs.per_person(run).grid.texts() == (
        ("a discharge", "£2,018", "£1,199"),
        ("an admission avoided", "£933", "£933"),
    )


def test_costs_shared_out_over_people_add_up_to_the_costs(run):
    paid = costs.paid_rows(run)
    shared = sharing.shared_out(run, paid)
    assert shared["gbp"].sum() == pytest.approx(paid["gbp"].sum())
    on_beds = shared[shared["item"] == "beds"]
    assert set(on_beds["package"]) == {"rehab_bed"}


def test_people_who_go_on_to_a_next_package_need_that_too(run):
    onward = pd.DataFrame({"package": ["rehab_bed"], "next_package": ["rehab_home"], "share": [0.5]})
    going_on = replace(run, instance=run.instance.replace(onward=onward))
    hours = sharing.needs(going_on).set_index(["kind", "pathway", "package"])["amount"]
    # 183 × (0.5 at home at once + half of 0.4 from a bed), 7 hours a week for 20 days
    assert hours["roles", "discharge", "rehab_home"] == pytest.approx(183 * 0.7 * 20)


def test_running_costs_and_what_is_paid_once_are_told_apart_by_year(run):
    assert costs.by_year(run).grid.texts() == (
        ("2017/18 (6 months)", "£323,598", "£1,900", "£325,498", "£497,394"),
    )


def test_access_is_starts_a_year_per_1000_people_over_65(run):
    section = people.by_locality(run)
    south = section.grid.texts()[-1]
    assert south == ("Southvale", "4,000", "146", "128", "87%", "18.3", "64", "73.2")
    assert section.lines[0].endswith("fewest in Southvale (64).")


def test_full_beds_and_teams_used_up_are_listed_with_how_often(run):
    assert ("team used up", "Rehab support worker", "Southvale", "6") in bottlenecks.every(run).texts()


def test_money_on_assumed_prices_is_told_and_the_five_largest_assumptions_named(run):
    written = run.instance.written
    assumed = run.instance.replace(
        site_beds=written["site_beds"].assign(source="assumption: a guess"),
        roles=written["roles"].assign(source="assumption: another"),
    )
    guessed = replace(run, instance=assumed)
    lines = assumptions.what_it_rests_on(guessed).lines
    assert "£146,400 (45%) on assumed prices" in lines[1]
    rows = {row[0]: row for row in assumptions.the_five(guessed).grid.texts()}
    assert rows["site_beds.bed_day_gbp"][2:] == ("£146,400", "+£14,640", "assumption: a guess")
    # A tenth more hours from each post: 48,000 × (1 / 1.1 - 1)
    assert rows["roles.contact_hours_per_week"][2:4] == ("£48,000", "-£4,364")


def test_numbers_that_read_alike_are_told_from_the_lowest_to_the_highest(run):
    minutes = run.instance.written["travel"].assign(minutes=[20.04, 20.01], source="a map")
    told = assumptions.every_number(replace(run, instance=run.instance.replace(travel=minutes)))
    assert ("20.01 to 20.04", "source", "a map") in [row[3:] for row in told.texts()]


def test_an_instance_with_a_source_for_every_number_has_no_five(run):
    assert assumptions.the_five(run) is None


def test_a_run_of_an_older_version_is_told_without_what_it_does_not_have(run):
    later = ("budgets", "acute", "schemes", "cross_cover", "sites")
    tables = {name: table for name, table in run.tables.items() if name not in later}
    tables["beds"] = tables["beds"].drop(columns=["people_queueing", "wait_probability"])
    older = Subject.saved("older", replace(run, tables=tables, today_tables=None))
    assert older.plan.tables["budgets"].empty
    found = {part.heading: part for part in parts(older)}
    assert "Acute beds" not in found
    assert "today's capacity gives no plan to compare with" in found["In short"].lines[0]


def test_a_plan_with_todays_capacity_is_told_as_such(run):
    today = run.today
    found = parts(Subject("today", today, {}))
    assert found[0].lines[0] == "From 1 April 2017 to 30 September 2017 today's capacity costs £497,394."
    assert "What to commission" not in {part.heading for part in found}


def test_plans_side_by_side_have_a_column_each(subject):
    part = plans_side_by_side([subject, Subject("today", subject.plan.today)])
    rows = {row[0]: row[1:] for row in part.blocks[0].grid.texts()}
    assert rows["paid over the plan"] == ("£325,498", "£497,394")
    assert rows["imposed targets met"] == ("2 of 2", "")
    assert rows["people who go without"] == ("18.3", "0")
    assert rows["Rehab bed, beds at the end"] == ("10", "25")
    assert part.lines == ()


def test_plans_are_compared_with_the_first_as_the_command_compare_does(subject):
    part = what_differs([subject, Subject("today", subject.plan.today)])
    said = [*part.lines, *(cell for block in part.blocks for row in block.grid.texts() for cell in row)]
    assert any("£171,896" in text for text in said)  # 497,394 - 325,498


def test_plans_of_different_length_are_said_to_be(subject):
    plan = subject.plan
    longer = plan.instance.settings.model_copy(update={"periods": 12, "price_year": "2018/19"})
    other = replace(plan, instance=plan.instance.replace(settings=longer))
    part = plans_side_by_side([subject, Subject("longer", other)])
    assert "do not cover the same time" in part.lines[0]


def test_a_chart_has_every_number_of_its_table(by_heading):
    chart = next(
        block for block in by_heading["People, waiting and occupancy"].blocks if isinstance(block, Chart)
    )
    drawn = {(row["from"], row["series"]): row["told"] for row in chart.spec["data"]["values"]}
    for cells in chart.grid.texts():
        for name, cell in zip(chart.grid.columns[1:], cells[1:], strict=True):
            assert drawn[cells[0], name] == cell


def test_beyond_six_series_the_smallest_are_drawn_as_one_and_listed_all():
    rows = [{"period": "2017-04-01", "series": f"site {n}", "amount": float(n)} for n in range(1, 9)]
    chart = over_time(pd.DataFrame(rows), Measure("beds"), "Beds", is_stacked=True)
    assert [name for name, _ in chart.series] == [
        "site 8",
        "site 7",
        "site 6",
        "site 5",
        "site 4",
        "3 others",
    ]
    rest = next(row for row in chart.spec["data"]["values"] if row["series"] == "3 others")
    assert rest["amount"] == 1 + 2 + 3
    assert len(chart.grid.columns) == 1 + 8


def test_nothing_is_drawn_where_all_is_nought():
    rows = pd.DataFrame({"period": ["2017-04-01"], "series": ["a"], "amount": [0.0]})
    assert over_time(rows, Measure("people"), "People", is_stacked=True) is None
    empty = pd.DataFrame({"label": [], "series": [], "amount": []})
    assert side_by_side(empty, Measure("paid", "money"), "Paid", "funder") is None


def test_periods_shorter_than_a_month_are_called_by_their_first_day():
    rows = pd.DataFrame({"period": ["2017-04-03", "2017-04-10"], "series": "a", "amount": [1.0, 2.0]})
    chart = over_time(rows, Measure("people"), "People", is_stacked=True)
    assert [row["when"] for row in chart.spec["data"]["values"]] == ["3 Apr 2017", "10 Apr 2017"]


def test_places_on_top_of_each_other_are_moved_apart_on_the_map_and_localities_stay():
    town, other = Point(-2.0, 51.0), Point(-2.0, 52.0)
    known = {("localities", "town"): town, ("localities", "other"): other}
    known |= {("sites", name): town for name in "abc"}
    moved = _moved_apart(known)
    assert moved["localities", "town"] == town
    incumbent = list(moved.values())
    wide = math.cos(math.radians(51.2))
    apart = [
        math.hypot((one.longitude - two.longitude) * wide, one.latitude - two.latitude)
        for n, one in enumerate(incumbent)
        for two in incumbent[:n]
    ]
    assert min(apart) > 0.99 * APART  # the map is one degree high
