"""Instances as values: what makes them keeps to the rules of the schema, and they say in a few lines what they are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import capplan
from capplan import instance as instance_module
from capplan.errors import InvalidInstance
from capplan.instance import Instance
from capplan.today import as_is

INSTANCES = sorted((Path(__file__).parents[1] / "instances").iterdir())
TINY = Path(__file__).parents[1] / "instances" / "tiny"


@pytest.fixture(scope="module")
def tiny():
    return capplan.read(TINY)


def problems_of(instance, **tables):
    with pytest.raises(InvalidInstance) as raised:
        instance.replace(**tables)
    return raised.value.problems


def test_rows_that_are_there_twice_are_refused_and_do_not_double_the_demand(tiny):
    rows = tiny.written["referrals"]
    problems = problems_of(tiny, referrals=pd.concat([rows, rows]))
    assert {problem.rule for problem in problems} == {"key"}
    assert [problem.row for problem in problems] == [4, 5]
    assert "as row 2" in str(problems[0])


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        (lambda rows: rows.assign(people_per_day=-1), "bounds", "people_per_day"),
        (lambda rows: rows.assign(people_per_day="many"), "number", "people_per_day"),
        (lambda rows: rows.assign(people_per_day=np.inf), "number", "people_per_day"),
        (lambda rows: rows.assign(people_per_day=np.nan), "required", None),
        (lambda rows: rows.drop(columns="pathway"), "required", "pathway"),
        (lambda rows: rows.rename(columns={"pathway": "pathwey"}), "column", None),
        (lambda rows: rows.assign(pathway="nobody_knows"), "name", "pathway"),
        (lambda rows: rows.iloc[:0], "required", None),
    ],
)
def test_a_table_that_breaks_a_rule_of_the_schema_is_refused(tiny, change, rule, column):
    problems = problems_of(tiny, referrals=change(tiny.written["referrals"]))
    broken = [problem for problem in problems if problem.rule == rule]
    assert broken
    assert column in (None, broken[0].column)
    assert {problem.place for problem in problems} == {"referrals"}


def test_every_mistake_in_every_table_comes_at_once(tiny):
    sites = tiny.written["sites"].assign(beds_max=-1)
    targets = tiny.written["targets"].assign(sense="many")
    problems = problems_of(tiny, sites=sites, targets=targets, sitez=sites, settings={"periods": 0})
    assert {problem.table for problem in problems} == {"instance", "sites", "targets", "sitez"}


def test_a_table_that_others_refer_to_has_to_keep_what_they_name(tiny):
    elsewhere = tiny.written["sites"].assign(site="elsewhere")
    problems = problems_of(tiny, sites=elsewhere)
    assert {problem.table for problem in problems} == {"travel", "site_beds"}
    assert "'cottage' is not in sites" in str(problems[0])


def test_settings_are_asked_too_however_they_were_made(tiny):
    unheard = tiny.settings.model_copy(update={"periods": 0})
    with pytest.raises(InvalidInstance, match="periods"):
        tiny.replace(settings=unheard)
    longer = tiny.replace(settings=tiny.settings.model_copy(update={"periods": 9}))
    assert longer.settings.periods == 9
    assert longer.written["sites"] is tiny.written["sites"]


def test_cells_are_read_as_in_a_file_and_names_become_keys(tiny):
    rows = [{"locality": "Northtown", "pathway": "Crisis at home", "people_per_month": "1,200"}]
    changed = tiny.replace(referrals=rows)
    (row,) = changed.referrals.to_dict("records")
    assert (row["locality"], row["pathway"]) == ("northtown", "crisis")
    assert changed.written["referrals"]["people_per_month"].tolist() == [1200.0]
    assert list(changed.written["referrals"].index) == [2]


@pytest.mark.parametrize("folder", INSTANCES, ids=lambda folder: folder.name)
def test_the_tables_of_a_shipped_instance_make_the_same_instance_again(folder):
    instance = capplan.read(folder)
    tables = {name: frame for name, frame in instance.written.items() if len(frame)}
    again = Instance.from_frames(instance.settings, **tables)
    assert again.fingerprint == instance.fingerprint
    copies = {name: frame.copy() for name, frame in tables.items()}
    unchanged = instance.replace(**copies)
    assert all(unchanged.written[name] is frame for name, frame in instance.written.items())


def test_changes_of_our_own_are_not_asked_for_the_rules_of_the_schema(tiny, monkeypatch):
    monkeypatch.setattr(instance_module, "assemble", lambda raw: pytest.fail(f"{raw.form} is read again"))
    capplan.change(tiny, "instance.periods = 3", "referrals.people_per_day *= 2", scenario="town_only")
    as_is(tiny)
    with pytest.raises(pytest.fail.Exception):
        tiny.replace()


def test_an_instance_says_what_it_is_in_a_few_lines(tiny):
    said = repr(tiny)
    assert said == str(tiny)
    first, second, third = said.splitlines()
    assert first == "Instance: Tiny: two localities, six months"
    assert second.strip() == "6 months from 1 April 2017; 2 localities, 1 hospital, 1 site"
    assert "referrals 2" in third
    assert "census" not in third


def test_a_title_of_many_lines_stays_on_one(tiny):
    title = "A title\nthat goes on " + "and on " * 200
    said = repr(tiny.trusted(settings=tiny.settings.model_copy(update={"title": title})))
    assert len(said.splitlines()) == 3
    assert max(map(len, said.splitlines())) <= 410


def test_the_python_interface_has_the_class():
    assert capplan.Instance is Instance
    assert "Instance" in capplan.__all__


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "is no CSV text"),
        ("\n \n", "is no CSV text"),
        ("pathway,people_per_day\ndischarge,2,3\n", "is no CSV text"),
        ('pathway,people_per_day\ndischarge,"2', "is no CSV text"),
        (None, "is of type NoneType, and no table"),
        (5, "is of type int, and no table"),
        (Path("referrals.csv"), "and no table"),
        ({"pathway": ["discharge"]}, "is of type dict, and no table"),
        ([{"pathway": "discharge"}, 5], "is of type list, and no table"),
        ([{"pathway": "discharge", "people_per_day": [1]}], "people_per_day holds the list [1]"),
    ],
)
def test_what_is_no_table_is_refused_by_its_name_and_says_what_one_is(tiny, table, told):
    problems = problems_of(tiny, referrals=table)
    assert [problem.table for problem in problems] == ["referrals"]
    assert told in str(problems[0])
    assert "give a frame, a list of rows" in str(problems[0])


def test_all_that_is_no_table_and_settings_that_are_none_are_told_at_once():
    with pytest.raises(InvalidInstance) as refused:
        Instance.from_frames(None, referrals=5, sites=6)
    assert {problem.table for problem in refused.value.problems} == {"instance", "referrals", "sites"}


def test_instances_are_equal_where_their_settings_and_tables_are(tiny):
    again = capplan.read(TINY)
    assert tiny == again
    assert len({tiny, again}) == 1
    assert tiny != capplan.change(tiny, "instance.periods = 3")
    assert tiny != "tiny"
