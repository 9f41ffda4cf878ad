"""What separates two instances: cells, many alike as one, and rows that only one of them has."""

from dataclasses import replace

import capplan
from capplan.compare import ComparedRun, compare, sections
from capplan.compare.drivers import changed_cells
from capplan.compare.reasons import grouped_changes


def changed(base, instance, *overrides):
    other = ComparedRun("other", replace(base.solved, instance=capplan.change(instance, *overrides)))
    return changed_cells(base, other)


def lines(base, instance, *overrides):
    plan = replace(base.solved, instance=capplan.change(instance, *overrides))
    found = compare([base, ComparedRun("other", plan, None, overrides)])
    section = next(each for each in sections(found) if each.heading == "What separates them")
    return section.lines, () if section.grid is None else section.grid.texts()


def test_a_cell_is_named_as_in_an_override(base, instance):
    cells = changed(base, instance, "packages[package=rehab_bed].stay_days = 24")
    assert cells.to_dict("records") == [
        {
            "run": "other",
            "table": "packages",
            "row": "package=rehab_bed",
            "column": "stay_days",
            "from": 20.0,
            "to": 24.0,
        }
    ]


def test_the_same_override_gives_the_other_instance(base, instance):
    cells = changed(base, instance, "packages[package=rehab_bed].stay_days = 24", "instance.periods = 3")
    texts = [
        f"{cell['table']}{'[' + cell['row'] + ']' if cell['row'] else ''}.{cell['column']} = {cell['to']:g}"
        for cell in cells.to_dict("records")
    ]
    again = replace(base, solved=replace(base.solved, instance=capplan.change(instance, *texts)))
    there = capplan.change(instance, "packages[package=rehab_bed].stay_days = 24", "instance.periods = 3")
    assert changed_cells(again, ComparedRun("other", replace(base.solved, instance=there))).empty


def test_rows_that_were_multiplied_alike_are_one_line(base, instance):
    told, rows = lines(base, instance, "localities.population_65_plus *= 1.25")
    assert rows == (("other", "localities", "2 rows", "population_65_plus", "× 1.25"),)
    assert told == ("other: localities.population_65_plus *= 1.25.",)


def test_rows_to_which_the_same_was_added_are_one_line(base, instance):
    _, rows = lines(base, instance, "localities.population_65_plus += 500")
    assert rows == (("other", "localities", "2 rows", "population_65_plus", "+500"),)


def test_rows_with_the_same_change_are_one_line_with_what_they_share(base, instance):
    _, rows = lines(base, instance, "staff.wte_max = 7")
    assert rows == (("other", "staff", "2 rows: role=rsw", "wte_max", "5 → 7"),)


def test_a_price_that_may_not_be_paid_is_told_in_words(base, instance):
    _, rows = lines(base, instance, "pathways[pathway=discharge].unmet_gbp = never")
    assert rows == (("other", "pathways", "pathway=discharge", "unmet_gbp", "500 → never"),)


def test_rows_that_only_one_has_are_told(base, instance):
    shorter = instance.replace(staff=instance.written["staff"].iloc[:1])
    other = ComparedRun("other", replace(base.solved, instance=shorter))
    (change,) = grouped_changes(changed_cells(base, other))
    assert (change.table, change.rows, change.before, change.after) == (
        "staff",
        ("locality=southvale,role=rsw",),
        "a row",
        "no row",
    )


def test_names_sources_and_scenarios_separate_no_plans(base, instance):
    renamed = instance.replace(
        sites=instance.written["sites"].assign(name="Hospital", source="elsewhere"),
        scenarios=instance.written["scenarios"].iloc[:0],
    )
    assert changed_cells(base, ComparedRun("other", replace(base.solved, instance=renamed))).empty


def test_a_number_in_another_unit_is_the_same_number(base, instance):
    weeks = instance.written["packages"].drop(columns="stay_days").assign(stay_weeks=[20 / 7, 20 / 7, 2 / 7])
    other = ComparedRun("other", replace(base.solved, instance=instance.replace(packages=weeks)))
    assert changed_cells(base, other).empty
