"""The benchmarks: each part runs on a small instance, and its tables say what was measured. No times are asserted."""

import json
import math

import pytest
from click.testing import CliRunner

from benchmarks import __main__ as command
from benchmarks import congestion, gaps, gaps_report, growth, handover, overhead
from benchmarks.alone import alone
from benchmarks.gaps import CAPPLAN, PLAIN, Point, Race
from benchmarks.page import PAGE, machine, markdown, with_section
from capplan.generate import generate

TINY = generate("small", 0, localities=2, sites=2, periods=3)


def test_pyomo_hands_over_the_same_and_rows_and_columns_of_fixed_variables_besides():
    found = [handover.hand_over(way, "small", 6) for way in (handover.CAPPLAN, *handover.PYOMO)]
    assert len({way.rows for way in found[1:]}) == 1
    assert all(1.02 * found[0].rows > way.rows >= found[0].rows > 0 for way in found[1:])
    assert all(way.columns >= found[0].columns > 0 for way in found[1:])
    assert all(f"| {way.way} (" in handover.report(found) for way in found)


def test_a_measurement_runs_in_a_process_of_its_own():
    assert alone(json.dumps, {"beds": 2}) == '{"beds": 2}'
    with pytest.raises(ValueError, match="math domain error"):
        alone(math.sqrt, -1.0)


def test_the_stages_of_a_solve_and_what_highs_takes_of_them():
    found = {stage.name: stage for stage in overhead.stages(TINY, 60.0)}
    assert list(found)[:3] == ["read", "check", "build"]
    assert list(found)[-1] == "write the run folder"
    assert 0 < found["solve"].in_highs < found["solve"].wall
    assert found["build"].in_highs == found["tables"].in_highs == 0
    assert overhead.report(list(found.values())).count("\n| ") == len(found) + 2


def test_a_run_of_highs_counts_in_the_stage_it_lies_in():
    runs = [(11.0, 12.0), (12.5, 14.0)]
    stages = overhead.stages_of_solve({"build": 1.0, "solve": 3.0, "tables": 2.0}, 10.0, runs)
    assert [stage.in_highs for stage in stages] == [0.0, 2.5, 0.0]
    assert [stage.outside for stage in stages] == [1.0, 0.5, 2.0]
    assert "MORE THAN" not in overhead.report(stages)
    assert "MORE THAN the 6.0 s" in overhead.report([overhead.Stage("tables", 6.5)])


def test_growth_is_told_per_column():
    found = growth.grown("small")
    assert found.columns > 1000
    twice = growth.Grown(
        "county", 2 * found.columns, 2 * found.build, 2 * found.hand_over, 2 * found.tables, 1, 1
    )
    assert (
        growth.report([found, twice])
        .splitlines()[-1]
        .startswith(f"| county | {2 * found.columns:,} | 1.0 × |")
    )


def test_both_searches_of_a_race_find_plans_of_the_same_cost():
    points = gaps.side_by_side(TINY, 60.0)
    last = {name: found[-1] for name, found in points.items()}
    assert set(last) == {CAPPLAN, PLAIN}
    assert last[CAPPLAN].plan == pytest.approx(last[PLAIN].plan, rel=2 * gaps.GAP)
    assert all(point.bound <= last[CAPPLAN].plan * (1 + 1e-6) for point in last.values())


def test_only_what_was_measured_is_reported():
    page = gaps_report.report([RACE], 60.0)
    assert "### Quarterly decisions" in page
    assert "### Yearly decisions" not in page


RACE = Race(
    3,
    7,
    {
        CAPPLAN: [Point(0, None, None), Point(5, 110.0, None), Point(8, 104.0, 96.0), Point(20, 100.0, 99.0)],
        PLAIN: [Point(0, None, None), Point(16, 200.0, 90.0), Point(40, 120.0, 98.0)],
    },
)


def test_gaps_are_those_of_the_last_news():
    rows = gaps_report.gaps_after_seconds([RACE], 60.0).splitlines()[2:]
    assert rows[0].startswith("| 10 | 7.69 % (7.69 % to 7.69 %) | none (none to none) | 4.81 %")
    assert rows[1].startswith("| 30 | 1.00 % (1.00 % to 1.00 %) | 55.00 % (55.00 % to 55.00 %) | 1.00 %")
    assert len(rows) == 3


def test_seconds_to_a_gap_are_a_bound_where_it_was_not_reached():
    rows = gaps_report.seconds_to_gaps([RACE], 60.0).splitlines()[2:]
    assert rows[0] == "| 20.00 % | 5.0 × | 8.0 (1 of 1) | 40.0 (1 of 1) |"
    assert rows[1] == "| 10.00 % | > 7.5 × | 8.0 (1 of 1) | > 60 (0 of 1) |"
    assert rows[-1] == "| 0.50 % | – | > 60 (0 of 1) | > 60 (0 of 1) |"


def test_early_plans_are_held_against_the_best_of_both():
    assert gaps_report.early_plans([RACE]).splitlines()[2] == "| seed 7 | 0.00 % | 100.00 % |"


def test_the_textbook_formulation_of_queues_has_plans_of_the_same_cost():
    instance = generate("small", 0, localities=2, sites=2, periods=3, congestion=True)
    points = gaps.race(instance, 60.0, {CAPPLAN: gaps.by_capplan, PLAIN: congestion.by_plain_queues})
    last = {name: found[-1] for name, found in points.items()}
    # Its tangents leave out up to 2 % of each queue, and nothing else differs.
    assert last[PLAIN].plan == pytest.approx(last[CAPPLAN].plan, rel=0.005)
    assert last[PLAIN].bound <= last[CAPPLAN].plan * (1 + 1e-6)
    assert last[CAPPLAN].bound <= last[CAPPLAN].plan


def test_plans_with_congestion_are_held_against_the_best_of_both():
    other = Race(12, 8, {CAPPLAN: RACE.points[PLAIN], PLAIN: RACE.points[CAPPLAN]})
    page = congestion.report({"queues": [RACE, RACE, other]}, 60.0)
    rows = page.splitlines()
    assert "### Queues" in page
    assert rows[4].startswith("| 30 | 1.00 % (1.00 % to 55.00 %) | 55.00 % (1.00 % to 55.00 %) |")
    assert rows[-2:] == ["| 30 | 0.00 % | 100.00 % | 2 of 3 |", "| 60 | 0.00 % | 20.00 % | 2 of 3 |"]


def test_a_point_is_noted_only_where_something_is_better():
    log = gaps.Log()
    for plan, bound in ((None, None), (10.0, None), (12.0, 5.0), (11.0, 4.0), (9.0, None)):
        log.add(gaps.Progress(0.0, plan, bound))
    assert [(point.plan, point.bound) for point in log.points] == [
        (None, None),
        (10.0, None),
        (10.0, 5.0),
        (9.0, 5.0),
    ]


def test_only_the_tables_of_the_page_are_written_anew():
    page = "prose\n<!-- gaps: written by make bench -->\nold\n<!-- end of gaps -->\nmore prose\n"
    changed = with_section(page, "gaps", r"new \1")
    assert changed == page.replace("old", "\nnew \\1\n")
    assert with_section(changed, "gaps", r"new \1") == changed
    with pytest.raises(ValueError, match="no section"):
        with_section(page, "growth", "new")


def test_the_page_has_a_place_for_every_part():
    page = PAGE.read_text(encoding="utf-8")
    for part in command.PARTS:
        assert with_section(page, part, "new") != page


def test_the_command_prints_a_part_and_writes_it_where_asked(tmp_path, monkeypatch):
    page = tmp_path / "performance.md"
    page.write_text("<!-- growth: written by make bench -->\n<!-- end of growth -->\n")
    monkeypatch.setattr(command, "PAGE", page)
    monkeypatch.setattr(growth, "measure", lambda: [growth.Grown("small", 1000, 0.5, 0.25, 0.25, 10.0, 5.0)])
    result = CliRunner().invoke(command.main, ["growth", "--write"], catch_exceptions=False)
    assert result.exit_code == 0
    row = "| small | 1,000 | 1.0 × | 0.50 | 0.25 | 0.25 | 1000 | 10 | 10.0 | 5 |"
    assert row in result.stdout
    assert f"{machine().split(' on ')[0]}" in page.read_text()
    assert row in page.read_text()


def test_a_markdown_table_has_its_numbers_on_the_right():
    assert markdown(("size", "s"), [("small", 1)]) == "| size | s |\n| --- | ---: |\n| small | 1 |"
