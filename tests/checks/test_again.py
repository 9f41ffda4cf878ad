"""Checked again after a change: only the rules whose tables have changed, and exactly what a full check says."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import capplan
from capplan.checks import RULES, check, check_again, check_fully
from capplan.checks.facts import Facts
from capplan.checks.workings import Workings
from capplan.errors import CapplanError
from capplan.schema.columns import Kind
from capplan.schema.raw import Form
from capplan.schema.tables import TABLES
from tests.checks.cases import BY_NAME, build

FOLDER = Path(__file__).parents[2] / "instances"
DRAWS = {"tiny": 12, "suffolk-2009": 2, "thurrock-2015": 2, "bromley-2015": 2, "wiltshire-2017": 2}
"""How often an instance is changed; what a large one costs a small one can show as well."""
FACTORS = (0.0, 0.5, 0.99, 1.3, 4.0)
SETTINGS = (
    "instance.periods = 3",
    "instance.start = 2018-02-01",
    "instance.travel_minutes_max = 12",
    "instance.price_year = 1999/00",
    "instance.opening = census",
)


@cache
def checked(name):
    return check_fully(capplan.read(FOLDER / name))


def drawn(instance, random):
    """One override: a number of one row or of all scaled, a filter emptied, a yes or no, or a setting."""
    if random.random() < 0.1:
        return str(random.choice(SETTINGS))
    written = {name: frame for name, frame in instance.written.items() if len(frame)}
    name = str(random.choice(list(written)))
    columns = [c for c in TABLES[name].columns if c.kind in CHANGES and c.name in written[name].columns]
    if not columns:
        return str(random.choice(SETTINGS))
    column = columns[random.integers(len(columns))]
    return f"{name}{_row(instance, name, random)}.{column.name} {CHANGES[column.kind](random)}"


CHANGES = {
    Kind.NUMBER: lambda random: f"*= {random.choice(FACTORS)}",
    Kind.WHOLE: lambda random: f"+= {random.integers(-1, 3)}",
    Kind.YES_NO: lambda random: f"= {random.choice(['yes', 'no'])}",
    Kind.NAMES: lambda _: "=",
    Kind.TEXT: lambda random: f"= {random.choice(['accepted: looked at', 'Somewhere'])}",
}


def _row(instance, name, random):
    own = TABLES[name].own_key
    if own is None or random.random() < 0.3:
        return ""
    return f"[{own}={random.choice(instance.written[name][own].to_numpy())}]"


def changed(instance, random):
    """The instance after one to three overrides, of those that can be made."""
    for _ in range(random.integers(1, 4)):
        try:
            instance = capplan.change(instance, drawn(instance, random))
        except CapplanError:
            continue
    return instance


@pytest.mark.parametrize(("name", "n_drawn"), DRAWS.items())
def test_after_random_changes_it_finds_exactly_what_a_full_check_finds(name, n_drawn):
    base = checked(name)
    random = np.random.default_rng([*name.encode()])
    n_asked = 0
    for _ in range(n_drawn):
        instance = changed(base.facts.plain, random)
        again = check_again(base, instance)
        assert again.problems == check(instance)
        n_asked += len(again.asked)
    assert n_asked < 0.4 * n_drawn * len(RULES), f"{n_asked} rules were asked in {n_drawn} checks"


def test_a_chain_of_changes_is_checked_step_by_step():
    base = checked("tiny")
    random = np.random.default_rng(7)
    answers = set()
    for _ in range(10):
        base = check_again(base, changed(base.facts.plain, random))
        assert base.problems == check(base.facts.plain)
        answers.add(base.problems)
    assert len(answers) > 3, "hardly a change was one that a rule complains of"


def test_scenarios_are_found_as_by_a_full_check():
    base = checked("suffolk-2009")
    instance = base.facts.plain
    for scenario in instance.scenarios["scenario"].iloc[:3]:
        again = check_again(base, capplan.change(instance, scenario=scenario))
        assert again.problems == check(again.facts.plain)
        assert len(again.asked) < len(RULES) / 2


def test_nothing_is_asked_where_nothing_has_changed():
    base = checked("tiny")
    again = check_again(base, capplan.read(FOLDER / "tiny"))
    assert again.asked == ()
    assert again.problems == base.problems


def test_every_rule_that_reads_a_changed_table_is_asked_and_no_other():
    base = check_fully(build())
    hires = base.facts.plain.written["staff"].assign(hires_max_per_period=3.0)
    asked = check_again(base, base.facts.plain.trusted(staff=hires)).asked
    assert asked == tuple(rule for rule in RULES if "staff" in base.answers[rule].tables)
    assert BY_NAME["beds_above_maximum"] not in asked
    assert 0 < len(asked) < len(RULES) / 3


def test_an_instance_that_is_called_otherwise_is_checked_anew():
    base = checked("tiny")
    as_workbook = capplan.read(FOLDER / "tiny")
    object.__setattr__(as_workbook, "form", Form.WORKBOOK)
    assert check_again(base, as_workbook).asked == RULES


def test_settings_count_as_a_table():
    facts = Facts.of(build())
    with facts.workings.reads.noted() as tables:
        assert len(facts.horizon) == 12
    assert tables == {"instance"}


def test_who_reads_a_fact_that_is_known_already_has_read_its_tables():
    facts = Facts.of(build())
    reads = facts.workings.reads
    with reads.noted() as first:
        facts.minutes  # noqa: B018 - reading is the test
    with reads.noted() as second:
        facts.minutes  # noqa: B018
    assert first == second >= {"travel", "localities", "sites", "instance"}


def test_what_is_read_of_a_changed_copy_is_read_of_the_instance():
    facts = Facts.of(build())
    with facts.workings.reads.noted() as tables:
        copy = facts.trusted(sites=facts.plain.written["sites"])
        assert tables == set()
        assert len(copy.packages) == 3
        assert "note" not in copy.written["staff"]
        assert copy.settings.periods == 12
    assert tables == {"packages", "staff", "instance"}


def test_what_was_read_for_one_thing_was_read_for_what_it_is_part_of():
    workings = Workings()

    def outer():
        return workings.worked_out("inner", lambda: workings.reads.note("sites")), workings.reads.note(
            "staff"
        )

    workings.worked_out("outer", outer)
    assert workings.by_name["inner"].tables == {"sites"}
    assert workings.by_name["outer"].tables == {"sites", "staff"}
    assert set(workings.without(frozenset({"staff"})).by_name) == {"inner"}


def test_a_table_written_anew_with_the_same_cells_is_no_other_table():
    base = checked("tiny")
    plain = base.facts.plain
    copies = {name: frame.copy() for name, frame in plain.written.items()}
    assert check_again(base, plain.trusted(**copies)).asked == ()
    renumbered = plain.written["sites"].set_axis(pd.Index([9], name="row"))
    assert check_again(base, plain.trusted(sites=renumbered)).asked != ()
