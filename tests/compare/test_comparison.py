"""Plans of the tiny instance side by side; its README.md works the numbers out by hand."""

import csv
import json
from collections import defaultdict
from dataclasses import replace

import pandas as pd
import pytest

import capplan
from capplan.compare import ComparedRun, compare, sections
from capplan.errors import UsageError
from capplan.runs import read_run
from capplan.runs.writing import write_run

EXTRA = 80 * 183 - 100 - 7.32 * 500 + 7.32 * 30
"""What an eleventh bed costs [£]."""


def value(comparison, run, group, key="", where=""):
    return row(comparison, run, group, key, where)["value"]


def difference(comparison, run, group, key="", where=""):
    return row(comparison, run, group, key, where)["difference"]


def row(comparison, run, group, key="", where=""):
    table = comparison.measures
    found = table[(table["run"] == run) & (table["group"] == group) & (table["key"] == key)]
    found = found[found["where"] == where]
    assert len(found) == 1, f"{len(found)} rows of {group}, {key}, {where}"
    return found.iloc[0]


def groups(comparison):
    return set(comparison.measures["group"])


def text(comparison):
    lines = []
    for section in sections(comparison):
        lines += [section.heading, *section.lines]
        if section.grid is not None:
            lines += [" | ".join(cells) for cells in (section.grid.columns, *section.grid.texts())]
    return "\n".join(lines)


def costing(run, objective, bound):
    """The same plan with other numbers of its cost and of what is proved."""
    return replace(
        run,
        solved=replace(run.solved, result=replace(run.solved.result, objective=objective, bound=bound)),
    )


def with_costs(run, name, more_gbp, bound_below):
    """A plan that pays so much more for beds, and could be so much cheaper."""
    plan = run.solved
    costs = plan.tables["costs"].copy()
    first = costs.index[costs["item"] == "beds"][0]
    costs.loc[first, ["gbp", "gbp_discounted"]] += more_gbp
    objective = float(costs["gbp_discounted"].sum())
    changed = replace(plan, tables={**plan.tables, "costs": costs})
    return costing(replace(run, name=name, solved=changed), objective, objective - bound_below)


def test_a_plan_compared_with_itself_shows_no_difference(base):
    found = compare([base, replace(base, name="again")])
    assert (found.measures["difference"].fillna(0) == 0).all()
    assert found.measures["is_no_difference"].all()
    assert found.drivers.empty
    assert "again costs the same" in text(found)
    assert "again: its instance is base's." in text(found)


def test_a_higher_target_costs_one_bed_more_and_serves_more_people(base, more_discharges):
    """0.94 instead of 0.9 discharges on each of 183 days, by an eleventh bed (80 £ a day), that is not closed (100 £).

    7.32 people more (500 £ each if they go without) travel 30 minutes from Southvale, at 1 £ each.
    """
    found = compare([base, more_discharges])
    run = "more_discharges"
    assert difference(found, run, "cost") == pytest.approx(EXTRA)
    assert difference(found, run, "cost_by_item", "beds") == pytest.approx(80 * 183)
    assert difference(found, run, "beds_at_end", "rehab") == 1
    assert difference(found, run, "beds_at_end", "rehab", "northtown") == 1
    assert difference(found, run, "starts", "discharge") == pytest.approx(0.04 * 183)
    assert difference(found, run, "unmet") == pytest.approx(-0.04 * 183)
    assert value(found, run, "target_required", "discharges") == pytest.approx(0.94)
    assert value(found, run, "targets_met") == 2


def test_a_difference_is_told_in_per_cent_of_the_baseline(base, more_discharges):
    found = row(compare([base, more_discharges]), "more_discharges", "cost")
    assert found["difference_share"] == pytest.approx(EXTRA / 334_648)


def test_another_baseline_turns_the_signs(base, more_discharges, town_only):
    runs = [base, more_discharges, town_only]
    forward, backward = compare(runs), compare(runs, "town_only")
    key = ["group", "key", "where"]
    there = forward.measures[forward.measures["run"] == "town_only"].set_index(key).sort_index()
    back = backward.measures[backward.measures["run"] == "base"].set_index(key).sort_index()
    assert list(there.index) == list(back.index)
    pd.testing.assert_series_equal(there["difference"], -back["difference"])
    assert (there["is_no_difference"] == back["is_no_difference"]).all()
    assert backward.baseline.name == "town_only"
    assert [run.name for run in backward.others] == ["base", "more_discharges"]


def test_every_number_comes_out_of_the_run_folders(base, more_discharges, tmp_path):
    """A second computation: sums over the CSV files, with nothing of capplan."""
    folders = {each.name: write_run(each.solved, tmp_path / each.name) for each in (base, more_discharges)}
    found = compare([ComparedRun.saved(name, read_run(folder)) for name, folder in folders.items()])
    sums = {name: summed(folder) for name, folder in folders.items()}
    assert set(sums["base"]) == set(sums["more_discharges"])
    for key, number in sums["base"].items():
        other = sums["more_discharges"][key]
        assert value(found, "base", *key) == pytest.approx(number, abs=1e-6), key
        assert value(found, "more_discharges", *key) == pytest.approx(other, abs=1e-6), key
        assert difference(found, "more_discharges", *key) == pytest.approx(other - number, abs=1e-5), key


def summed(folder):
    sums = defaultdict(float)
    rows = {file.stem: list(csv.DictReader(file.open(encoding="utf-8"))) for file in folder.glob("*.csv")}
    for line in rows["costs"]:
        sums["cost", "", ""] += float(line["gbp_discounted"])
        sums["cost_by_item", line["item"], ""] += float(line["gbp"])
        kind = "cost_notional" if line["item"] == "unmet" else "cost_paid"
        sums[kind, "", ""] += float(line["gbp"])
    for line in rows["waiting"]:
        for group in ("referrals", "starts", "unmet", "delayed_days"):
            sums[group, "", ""] += float(line[group])
            sums[group, line["pathway"], ""] += float(line[group])
            sums[group, "", line["locality"]] += float(line[group])
    for key, people in list(sums.items()):
        if key[0] == "referrals":
            sums["served_share", *key[1:]] = sums["starts", *key[1:]] / people
    capacity = {
        "beds": ("bed_type", "beds_open"),
        "staff": ("role", "wte"),
        "shifts": ("shift_type", "shifts_on_duty"),
    }
    for table, (key, column) in capacity.items():
        name = {"staff": "wte"}.get(table, table)
        for line in rows[table]:
            where = line.get("locality", "northtown")
            days = {"2017-04-01": 30, "2017-06-01": 30, "2017-09-01": 30}.get(line["period"], 31)
            for place in {"", where}:
                sums[f"{name}_on_average", line[key], place] += float(line[column]) * days / 183
                if line["period"] == "2017-09-01":
                    sums[f"{name}_at_end", line[key], place] += float(line[column])
    for line in rows["targets"]:
        sums["target_shortfall", line["target"], line["scope"]] += float(line["shortfall"])
        sums["target_achieved", line["target"], line["scope"]] += float(line["achieved"]) / 183
    return sums


def test_occupancy_is_people_in_beds_by_the_day(base):
    """Every day 8 people are in 10 beds."""
    found = compare([base, replace(base, name="again")])
    assert value(found, "base", "occupancy", "rehab") == pytest.approx(0.8)


def test_a_difference_smaller_than_the_gaps_is_no_difference(base):
    near = with_costs(base, "near", 300, bound_below=500)
    found = compare([base, near])
    assert difference(found, "near", "cost") == pytest.approx(300)
    assert row(found, "near", "cost")["is_no_difference"]
    assert row(found, "near", "cost_by_item", "beds")["is_no_difference"]
    assert "near costs no different: £300 more, and the gaps leave £500 open" in text(found)
    assert "no difference" in text(found)


def test_a_difference_larger_than_the_gaps_is_one(base):
    found = compare([base, with_costs(base, "dear", 501, bound_below=500)])
    assert not row(found, "dear", "cost")["is_no_difference"]
    assert not row(found, "dear", "cost_by_item", "beds")["is_no_difference"]
    assert row(found, "dear", "cost_by_item", "staff")["is_no_difference"]
    assert "dear costs £501 more" in text(found)


def test_only_the_dearer_plans_gap_leaves_a_difference_open(base):
    """The baseline is dearer by 300 and proved: however much cheaper the other could be, it is cheaper."""
    cheap = with_costs(base, "cheap", -300, bound_below=10_000)
    assert not row(compare([base, cheap]), "cheap", "cost")["is_no_difference"]
    open_base = costing(base, base.solved.objective, base.solved.objective - 400)
    assert row(compare([open_base, cheap]), "cheap", "cost")["is_no_difference"]


def test_where_nothing_is_proved_every_difference_counts(base):
    best = with_costs(base, "best", 1, bound_below=0)
    best = replace(best, solved=replace(best.solved, is_best_effort=True))
    found = compare([base, costing(best, best.solved.objective, None)])
    assert not row(found, "best", "cost")["is_no_difference"]
    assert any("not proved: best" in note for note in found.notes)
    assert any("Best effort" in note for note in found.notes)


def test_plans_of_different_length_are_compared_on_the_months_that_both_have(base, four_months):
    found = compare([base, four_months])
    costs = base.solved.tables["costs"]
    shared = costs[costs["period"] < "2017-08-01"]
    assert value(found, "base", "cost") == pytest.approx(shared["gbp_discounted"].sum())
    assert value(found, "four_months", "cost") == pytest.approx(four_months.solved.objective)
    assert value(found, "base", "referrals") == value(found, "four_months", "referrals") == pytest.approx(244)
    assert "Compared from 1 April 2017 to 31 July 2017" in found.notes[0]
    assert "base after that, to 30 September 2017" in found.notes[0]
    cells = found.drivers.set_index(["table", "column"])
    assert tuple(cells.loc[("instance", "periods"), ["from", "to"]]) == (6, 4)


def test_targets_of_other_months_are_left_out(base, four_months):
    found = compare([base, four_months])
    windows = base.solved.tables["targets"].set_index(["target", "window"])["achieved"]
    months = ["2017-04-01", "2017-05-01", "2017-06-01", "2017-07-01"]
    by_day = sum(windows["discharges", month] for month in months) / 122
    assert value(found, "base", "target_achieved", "discharges") == pytest.approx(by_day)


def test_months_and_quarters_are_compared_over_the_same_days(base, instance):
    quarters = ComparedRun(
        "quarters", capplan.solve(instance, sets=["instance.period = quarter", "instance.periods = 2"])
    )
    found = compare([base, quarters])
    assert value(found, "base", "referrals") == pytest.approx(366)
    assert difference(found, "quarters", "referrals") == pytest.approx(0, abs=1e-6)
    assert found.common_scope.is_whole_time
    assert value(found, "quarters", "beds_on_average", "rehab") == 10


def test_plans_without_a_common_period_are_refused(base, instance):
    later = replace(
        base.solved, instance=capplan.change(instance, "instance.start = 2019-04-01"), is_as_is=False
    )
    with pytest.raises(UsageError, match="no period in common: base 2017-04-01 to 2017-10-01; later 2019"):
        compare([base, ComparedRun("later", later)])


def test_only_localities_that_both_have_are_compared(base, grown):
    found = compare([base, grown])
    assert found.common_scope.localities == {"northtown", "southvale"}
    assert {"", "northtown", "southvale"} == set(found.measures["where"])
    waiting = grown.solved.tables["waiting"]
    inside = waiting[waiting["locality"] != "eastwick"]
    assert value(found, "grown", "starts") == pytest.approx(inside["starts"].sum())
    assert value(found, "grown", "beds_at_end", "rehab") == grown.solved.tables["beds"].iloc[-1]["beds_open"]
    assert "Compared in Northtown and Southvale, which all of them have." in found.notes
    crews = [note for note in found.notes if "£82,350 of costs that stand in no locality" in note]
    assert [note.split(":")[0] for note in crews] == ["Left out of base", "Left out of grown"]
    assert "Eastwick" in crews[1]


def test_crews_of_the_whole_place_are_not_compared_where_the_place_is_another(base, grown):
    found = groups(compare([base, grown]))
    assert {"wte_at_end", "beds_at_end"} <= found
    assert "shifts_at_end" not in found
    assert not any(group.startswith("target_") for group in found)


def test_plans_without_a_common_locality_are_refused(base, instance):
    moved = instance.written["localities"].assign(locality=["here", "there"])
    elsewhere = replace(base.solved, instance=instance.replace(localities=moved))
    with pytest.raises(
        UsageError, match="no locality in common: base has northtown, southvale; moved has here"
    ):
        compare([base, ComparedRun("moved", elsewhere)])


def test_prices_of_different_years_are_told_and_not_converted(base, instance):
    dear = replace(base.solved, instance=capplan.change(instance, "instance.price_year = 2017/18"))
    found = compare([base, ComparedRun("dear", dear)])
    assert difference(found, "dear", "cost") == 0
    assert (
        "Prices are of different years and not converted: base of no year that is named and dear 2017/18."
        in (found.notes)
    )


def test_todays_capacity_is_compared_without_a_list_of_everything_that_it_fixes(base, as_is):
    found = compare([as_is, base])
    assert found.drivers.empty
    assert value(found, "as_is", "beds_at_end", "rehab") == 25
    assert difference(found, "base", "beds_at_end", "rehab") == -15
    assert "as_is: today's capacity, fixed." in text(found)


def test_who_pays_and_who_gains(base, town_only):
    """Five more beds at 80 £ on 183 days, and two workers fewer at 2,000 £ in six months."""
    payers = {"beds": "Health", "failures": "Health", "staff": "Council", "shifts": "Council"}
    found = compare([paid_by(base, payers), paid_by(town_only, payers)])
    assert difference(found, "town_only", "cost_by_funder", "Health") == pytest.approx(5 * 80 * 183)
    assert difference(found, "town_only", "cost_by_funder", "Council") == pytest.approx(-2 * 2000 * 6)
    told = "town_only: pays more: Health +£73,200 and nobody is named +£398; pays less: Council -£24,000."
    assert told in text(found)


def paid_by(run, payers):
    costs = run.solved.tables["costs"]
    costs = costs.assign(funder=costs["item"].map(payers).fillna(""))
    return replace(run, solved=replace(run.solved, tables={**run.solved.tables, "costs": costs}))


def test_a_table_that_an_older_run_does_not_have_is_not_known_there(base):
    tables = {name: table for name, table in base.solved.tables.items() if name != "acute"}
    shifts_missing = {name: table for name, table in tables.items() if name != "shifts"}
    old = ComparedRun("old", replace(base.solved, tables=shifts_missing))
    found = compare([base, old])
    assert pd.isna(value(found, "old", "shifts_at_end", "rapid"))
    assert pd.isna(difference(found, "old", "shifts_at_end", "rapid"))
    assert not row(found, "old", "shifts_at_end", "rapid")["is_no_difference"]
    assert any("old has no table acute and shifts" in note for note in found.notes)


def test_names_are_said_as_the_instance_spells_them(base, town_only, instance):
    names = instance.written["localities"].assign(name=["Llanrhaeadr-ym-Mochnant", "Tŷ-croes, Ynys Môn"])
    welsh = instance.replace(localities=names)
    found = compare(
        [
            ComparedRun("sylfaen", replace(base.solved, instance=welsh)),
            ComparedRun("tŷ", replace(town_only.solved, instance=welsh)),
        ]
    )
    assert "Tŷ-croes, Ynys Môn | Rehab support worker | WTE | 2 | 0 | -2" in text(found)
    assert "tŷ costs £49,598 more" in text(found)


@pytest.mark.parametrize(
    ("names", "baseline", "told"),
    [
        (["base"], None, "two runs or more; given: base"),
        ([], None, "two runs or more; given: none"),
        (["base", "base"], None, "two runs have one name"),
        (["base", "other"], "third", "no run is called 'third'; there are base, other"),
    ],
)
def test_what_cannot_be_compared_is_told(base, names, baseline, told):
    with pytest.raises(UsageError, match=told):
        compare([replace(base, name=name) for name in names], baseline)


def test_a_measures_table_can_be_read_by_a_program(base, more_discharges):
    found = compare([base, more_discharges]).measures
    assert list(found.columns) == [
        *("group", "key", "where", "unit", "run", "value"),
        *("difference", "difference_share", "is_no_difference"),
    ]
    assert not found.duplicated(["group", "key", "where", "run"]).any()
    json.dumps(found.to_dict("records"))
