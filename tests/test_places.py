"""Every place: its tables, the numbers kept for its page, and the table of all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

import capplan
from capplan.sources import sources
from docs.places import overview, page, questions
from docs.places.known import PLACES
from docs.places.place import BASE, NEAR, Place
from docs.places.words import amount, difference, missed, proved, worth

ALL = list(PLACES.values())
BY_NAME = {"argvalues": ALL, "ids": list(PLACES)}
LESS_PROVED = {("dorset", "as_much_as_pays"): 0.03}
"""Runs whose proof takes more than some minutes, and how far from their bound they may be [share]."""


@pytest.fixture(scope="module")
def instances():
    return {name: capplan.read(place.instance_folder) for name, place in PLACES.items()}


@pytest.mark.parametrize("place", **BY_NAME)
def test_the_tables_have_no_error(place, instances):
    problems = capplan.check(instances[place.name])
    assert [str(p) for p in problems if p.severity is capplan.Severity.ERROR] == []


@pytest.mark.parametrize("place", **BY_NAME)
def test_every_number_has_a_source_or_is_named_an_assumption(place, instances):
    found = sources(instances[place.name])
    assert found[found["kind"] == "none"][["table", "key", "column"]].to_dict("records") == []


@pytest.mark.parametrize("place", **BY_NAME)
def test_every_scenario_and_range_can_be_asked(place, instances):
    instance = instances[place.name]
    for name in questions.names(place, instance):
        assert questions.question(place, instance, name).changed is not None
    for row in instance.table("ranges").to_dict("records"):
        for end in ("low", "high"):
            capplan.change(instance, f"{row['value']} = {row[end]}")


@pytest.mark.parametrize("place", **BY_NAME)
def test_the_numbers_are_of_this_instance_and_tell_every_run(place, instances):
    assert page.complaint(place) is None
    told = page.read_numbers(place)["runs"]
    assert list(told) == list(questions.names(place, instances[place.name]))


def test_another_instance_makes_the_page_stale(tmp_path, instances):
    capplan.write(capplan.change(instances["wiltshire"], "instance.change_gbp = 501"), tmp_path / "changed")
    changed = replace(PLACES["wiltshire"], instance=str(tmp_path / "changed"))
    assert "run make places PLACE=wiltshire" in page.complaint(changed)


@pytest.mark.parametrize("place", **BY_NAME)
def test_the_table_of_all_places_has_every_run_and_how_far_it_is_proved(place):
    section = overview.page().split(f"\n## {place.title}\n")[1].split("\n## ")[0]
    for name, run in page.read_numbers(place)["runs"].items():
        (row,) = [line for line in section.splitlines() if line.startswith(f"| `{name}` |")]
        assert proved(run) in row


@pytest.mark.parametrize("place", **BY_NAME)
def test_no_run_is_further_from_its_bound_than_two_per_cent_but_for_those_named(place):
    for name, run in page.read_numbers(place)["runs"].items():
        assert run["is_best_effort"] or run["gap"] <= LESS_PROVED.get((place.name, name), 0.02), name


def test_a_saved_run_answers_its_question_whatever_its_sources_and_the_other_scenarios_say(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(Place, "runs_folder", tmp_path)
    place = Place("tiny", "Tiny", "tiny", months=())
    tiny = capplan.read(place.instance_folder)
    questions.answer(place, tiny, BASE)
    reworded = tiny.replace(
        sites=tiny.written["sites"].assign(source="another report"),
        scenarios=tiny.written["scenarios"].iloc[:0],
    )
    assert questions.saved(place, reworded, BASE) is not None
    assert questions.saved(place, capplan.change(tiny, "instance.change_gbp += 1"), BASE) is None


def test_a_run_may_be_solved_less_nearly_than_the_others():
    place = Place("tiny", "Tiny", "tiny", months=(), gaps={"hard": 0.01}, compared=("beside",))
    assert place.options_of("hard").gap == 0.01
    assert place.options_of("any") == place.options
    assert place.options_of(BASE).gap == place.options_of("beside").gap == NEAR < place.options.gap


def test_a_text_that_asks_for_a_number_that_is_not_there_fails(tmp_path, monkeypatch):
    place = PLACES["wiltshire"]
    (tmp_path / "wiltshire.in.md").write_text("It costs $base_cost, or $nobody_knows.", encoding="utf-8")
    monkeypatch.setattr(type(place), "text_file", tmp_path / "wiltshire.in.md")
    with pytest.raises(KeyError, match="nobody_knows"):
        page.page(place)


def test_a_difference_smaller_than_what_is_proved_is_told_as_none():
    runs = {
        "base": {"cost": 10_000_000, "bound": 9_950_000, "is_best_effort": False},
        "near": {"cost": 10_060_000, "bound": 9_980_000, "is_best_effort": False},
        "far": {"cost": 12_000_000, "bound": 11_900_000, "is_best_effort": False},
        "short": {"cost": 12_000_000, "bound": None, "is_best_effort": True},
    }
    assert difference({"runs": runs}, "near") == "about the same"
    assert difference({"runs": runs}, "far") == "£2.00m more"
    assert difference({"runs": runs}, "short").startswith("not comparable")


def test_numbers_are_written_for_people():
    assert amount("diversion_rate", 0.153) == "15%"
    assert amount("starts", 1234.4) == "1,234"
    assert amount("starts", None) == "–"
    assert worth(None) == "is infeasible"
    assert worth(-1234) == "saves £1,200"
    assert proved({"is_best_effort": False, "gap": 0.0021}) == "0.21%"
    short = {"missed": [{"target": "ict_month", "metric": "admissions", "short": 12.0}]}
    assert missed(short) == "cannot all be met; best effort: `ict_month` 12 people short"
