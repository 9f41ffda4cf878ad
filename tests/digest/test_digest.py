"""What a planner reads first about a plan. The numbers are those of instances/tiny/README.md."""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import capplan
from capplan.digest import bottlenecks, capacity, costs, decisions, digest, how_good, people, targets
from capplan.digest.target_units import in_its_unit
from capplan.results.status import Stopped

TINY = Path(__file__).parents[2] / "instances" / "tiny"


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """The tiny instance with limits that bind and one that does not."""
    folder = tmp_path_factory.mktemp("limited") / "tiny"
    shutil.copytree(TINY, folder)
    (folder / "limits.csv").write_text(
        "limit,resource,site,locality,max\nbeds_agreed,rehab,cottage,,10\nfour_workers,rsw,,,4\nplenty,rsw,,northtown,9\n"
    )
    return capplan.solve(folder)


def with_table(plan, name, **columns):
    return replace(plan, tables={**plan.tables, name: plan.tables[name].assign(**columns)})


def with_result(plan, **fields):
    return replace(plan, result=replace(plan.result, **fields))


def text(section):
    grid = section.grid.texts() if section.grid else ()
    return "\n".join([*section.lines, *("  ".join(row) for row in grid)])


def row(metric, unit, window="horizon", target="discharges"):
    return {"target": target, "metric": metric, "unit": unit, "window": window}


@pytest.mark.parametrize(
    ("metric", "unit", "window", "amount", "written"),
    [
        ("discharges", "per_day", "horizon", 183, "1 a day"),
        ("discharges", "per_week", "horizon", 183, "7 a week"),
        ("discharges", "per_month", "horizon", 183, "30.5 a month"),
        ("discharges", "per_month", "2017-04-01", 30, "30 a month"),
        ("discharges", "per_year", "2017/18", 183, "366 a year"),
        ("discharges", "total", "horizon", 183, "183 in all"),
        ("spend", "per_month", "horizon", 600, "£100 a month"),
        ("served_share", "share", "horizon", 0.7, "70%"),
        ("occupancy", "share", "2017-04-01", 0.925, "92.5%"),
        ("mean_wait_days", "total", "horizon", 2.5, "2.5 days"),
        ("discharges", "per_day", "horizon", float("nan"), ""),
    ],
)
def test_a_total_over_a_window_is_told_in_the_unit_of_the_target(plan, metric, unit, window, amount, written):
    assert str(in_its_unit(plan, row(metric, unit, window), amount)) == written


def test_targets_that_are_met_are_told_in_one_sentence_and_their_rates(plan):
    section = targets.targets(plan)
    assert section.lines[0] == "Both imposed targets are met."
    assert "Discharges a day  1 Sep 2017  1 a day  0.9 a day  0.9 a day" in text(section)


def test_a_miss_is_told_first_at_its_worst_with_all_that_is_missed(plan):
    table = plan.tables["targets"]
    is_miss = (table["target"] == "diversions") & table["window"].isin(["2017-05-01", "2017-06-01"])
    shortfall = table["shortfall"].where(~is_miss, 2.0).where(table["window"] != "2017-06-01", 3.0)
    missed = with_table(plan, "targets", is_met=~is_miss, shortfall=shortfall.where(is_miss, 0.0))
    section = targets.targets(missed)
    assert section.lines[0] == "1 of 2 imposed targets is missed."
    assert section.grid is not None
    assert section.grid.texts()[0][0] == "Admissions avoided a day"
    assert section.grid.texts()[0][1] == "1 Jun 2017"
    assert section.grid.texts()[0][-1] == "5 people, in 2 of 6"


def test_targets_that_are_reported_or_not_agreed_are_told_apart(plan):
    table = plan.tables["targets"]
    is_first = table["target"] == "discharges"
    reported = with_table(
        plan, "targets", is_imposed=~is_first, is_met=is_first.where(~is_first, False) | ~is_first
    )
    assert "Of 1 target only reported, 0 would be met; not Discharges a day." in text(
        targets.targets(reported)
    )
    unvalued = with_table(plan, "targets", required=table["required"].where(~is_first))
    assert "1 target has no value agreed yet." in text(targets.targets(unvalued))


def test_an_instance_without_targets_says_what_the_plan_is(plan):
    empty = replace(plan, tables={**plan.tables, "targets": plan.tables["targets"].iloc[:0]})
    assert "cheapest way" in text(targets.targets(empty))


def test_a_plan_as_is_shows_activity_over_all_its_windows_beside_baselines(plan):
    table = plan.tables["targets"]
    baselines = table["target"].map({"discharges": 0.8})
    today = replace(with_table(plan, "targets", baseline=baselines), is_as_is=True)
    section = targets.targets(today)
    assert section.heading == "Activity"
    assert section.grid is not None
    assert section.grid.texts() == (("Discharges a day", "0.8 a day", "0.9 a day", "0.9 a day"),)


def test_decisions_are_in_the_order_in_which_they_are_due_and_the_heaviest_are_shown(plan):
    first = plan.tables["decisions"].iloc[[0]]
    many = pd.concat(
        [
            first.assign(change=n, full_year_gbp=n * 1000.0, decide_by=f"2017-{(n - 1) % 12 + 1:02d}-01")
            for n in range(1, 21)
        ],
        ignore_index=True,
    )
    section = decisions.to_sign(replace(plan, tables={**plan.tables, "decisions": many}))
    assert section is not None
    assert section.lines == ("20 decisions, the first by 1 January 2017.",)
    assert section.grid is not None
    assert section.grid.more == "… and 12 smaller ones (see decisions.csv)"
    assert {row[3] for row in section.grid.texts()} == {f"+{n}" for n in range(13, 21)}
    assert section.grid.texts()[0][0] == "1 Jan 2017"


def test_a_plan_without_decisions_says_so(plan):
    none = replace(plan, tables={**plan.tables, "decisions": plan.tables["decisions"].iloc[:0]})
    section = decisions.to_sign(none)
    assert section is not None
    assert section.lines == ("Nothing changes: today's capacity stays as it is.",)


def test_capacity_is_told_from_today_to_the_end(plan):
    section = capacity.at_the_end(plan)
    assert section is not None
    assert section.heading == "Capacity from 1 September 2017"
    assert "As today: Rapid response crew 3." in section.lines
    assert "Rehab bed  25  10  -15  beds" in text(section)
    assert "Rehab support worker  0  4  +4  WTE" in text(section)


def test_capacity_that_changes_by_less_than_is_shown_is_not_as_today_and_dust_is(plan):
    shifts = plan.tables["shifts"]["shifts_on_duty"]
    little = capacity.at_the_end(with_table(plan, "shifts", shifts_on_duty=shifts + 0.004))
    assert "Rapid response crew  3  3  +0.004  crews on duty" in text(little)
    dust = capacity.at_the_end(with_table(plan, "shifts", shifts_on_duty=shifts + 1e-9))
    assert "As today: Rapid response crew 3." in dust.lines


def test_what_is_bought_by_the_day_is_a_share_of_all_that_is_in_use(plan):
    section = capacity.at_the_end(with_table(plan, "beds", spot_beds=1.0, beds_open=9.0))
    assert "Spot beds are 10% of bed days." in text(section)
    agency = plan.tables["staff"]["hours_available"] / 3
    assert "Agency is 25% of staff hours." in text(
        capacity.at_the_end(with_table(plan, "staff", agency_hours=agency))
    )


def test_costs_are_told_by_item_with_the_difference_to_today(plan):
    section = costs.by_item(plan)
    assert "beds  £366,000  £146,400  -£219,600" in text(section)
    assert "people who go without (nobody pays)  £0  £9,150  +£9,150" in text(section)
    assert "in all  £497,394  £334,648  -£162,746" in text(section)


def test_where_today_has_no_plan_costs_stand_alone(plan):
    section = costs.by_item(replace(plan, today=None))
    assert "Today's capacity gives no plan to compare with." in section.lines
    assert "in all  £334,648" in text(section)


def test_people_are_told_by_pathway_with_what_falls_beyond_the_plan(plan):
    section = people.by_pathway(plan)
    assert section is not None
    assert "started care as in the first period" in section.lines[0]
    assert "20 people are in care on average, and 0 people wait on 30 September 2017" in section.lines[1]
    assert "Discharge from hospital  183  183  165  18.3  0  0" in text(section)


def test_what_is_tight_names_full_beds_busy_teams_limits_and_dear_targets(plan):
    lines = bottlenecks.what_is_tight(plan).lines
    assert lines[0] == "Full beds, in so many of 6 periods: Cottage Hospital, Rehab bed (6)."
    assert "Rehab support worker, Northtown (6)" in lines[1]
    assert lines[2] == "Limits reached: beds_agreed (at most 10) and four_workers (at most 4)."
    assert lines[3].startswith("One more for a target costs: Discharges a day up to £")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"bound": 334_648.0, "gap": 0.0}, "Proved: no plan is cheaper."),
        ({"bound": 331_301.0, "gap": 0.01}, "Proved: no plan can be more than 1% (£3,347) cheaper."),
        ({"bound": None, "gap": None}, "How much cheaper a plan could be is not proved."),
    ],
)
def test_how_good_the_plan_is_proved_to_be(plan, fields, said):
    assert how_good(with_result(plan, objective=334_648.0, **fields)) == (said,)


def test_a_search_that_was_stopped_says_so(plan):
    said = how_good(with_result(plan, stopped=Stopped.TIME_LIMIT, bound=330_000.0, gap=0.0139))
    assert said[0] == "The time limit was reached: this is the best plan found until then."
    assert "1.39%" in said[1]


def test_the_digest_keeps_its_order(plan):
    assert [section.heading for section in digest(plan)] == [
        "Targets",
        "What to commission",
        "Capacity from 1 September 2017",
        "What it costs over the plan",
        "People",
        "What is tight",
    ]


@pytest.fixture(scope="module")
def paid(tmp_path_factory):
    """The tiny instance with an NHS that pays for beds and a council that pays for people at home."""
    folder = tmp_path_factory.mktemp("paid") / "tiny"
    shutil.copytree(TINY, folder)
    (folder / "funding.csv").write_text("item,funder\nbeds,nhs\nstaff,council\nshifts,council\n")
    (folder / "budgets.csv").write_text("funder,year,budget_gbp,committed_gbp\nnhs,2017/18,400000,40000\n")
    return capplan.solve(folder)


def test_each_funder_pays_its_items_beside_what_it_would_pay_today(paid):
    section = costs.by_funder(paid)
    # Half a year: 10 beds of 25; 4 workers for £48,000 and crews for £82,350 as today.
    assert "nhs  £366,000  £146,400  -£219,600" in text(section)
    assert "council  £82,350  £130,350  +£48,000" in text(section)
    # Journeys, failures and changes: 1,098 + 45,750 + 1,900.
    assert "nobody is named  £49,044  £48,748  -£296" in text(section)


def test_every_budget_has_its_gap_beside_that_of_doing_nothing(paid):
    section = costs.budgets(paid)
    # Half of the year's money: 200,000 less 20,000 committed.
    assert "nhs  2017/18  £200,000  £20,000  £146,400  -£33,600  £186,000" in text(section)
    assert section.lines[1] == "With today's capacity and schemes as they are it would be £186,000."


def test_without_funding_nobody_asks_who_pays(plan):
    assert costs.by_funder(plan) is None
    assert costs.budgets(plan) is None


def test_a_budget_of_which_next_to_nothing_is_left_is_tight(paid):
    assert "Budgets" not in text(bottlenecks.what_is_tight(paid))
    table = paid.tables["budgets"]
    nearly = with_table(paid, "budgets", gap_gbp=-0.004 * table["budget_gbp"])
    assert "Budgets used up: nhs in 2017/18." in text(bottlenecks.what_is_tight(nearly))
    in_a_pool = with_table(nearly, "budgets", transferred_gbp=5_000.0)
    assert "Budgets" not in text(bottlenecks.what_is_tight(in_a_pool))
