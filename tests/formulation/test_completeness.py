"""No family, cost, metric or window without a test, and no equation whose names the code does not know."""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest

from capplan.formulation.build import PARTS, all_families, build
from capplan.formulation.costs import CONTRIBUTORS
from capplan.formulation.model import (
    LETTERS,
    NUMBERS,
    PARAMETERS,
    RECORDS,
    SETS,
    VARIABLES,
    WORDS,
    letters_of,
)
from capplan.instance import Instance
from capplan.results.cost_items import COST_ITEMS, NOTIONAL
from capplan.results.metrics import METRICS
from capplan.schema.tables import TABLES
from capplan.solver.compiled import compile_model
from tests.formulation.cases import CASES

HERE = Path(__file__).parent
FAMILIES = {family.name: family for family in all_families()}
RELATIONS = {
    "_balance": {"=="},
    "_capacity": {"<="},
    "_limit": {"<="},
    "_minimum": {">="},
    "_link": {"<=", ">="},
}
ROW_ENDS = {"_balance": "=", "_capacity": "<=", "_limit": "<=", "_minimum": ">="}


@cache
def shown() -> frozenset[str]:
    """What the tests of this folder are marked to show."""
    return frozenset(name for path in HERE.glob("test_*.py") for name in _shown_in(path))


def _shown_in(path: Path) -> Iterator[str]:
    module = importlib.import_module(f"tests.formulation.{path.stem}")
    for name, test in vars(module).items():
        if name.startswith("test_"):
            for mark in getattr(test, "pytestmark", ()):
                yield from mark.args if mark.name == "shows" else ()


@cache
def _built(case: Callable[[], Instance]) -> pyo.ConcreteModel:
    return build(case())


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_has_a_snapshot_and_a_test_of_its_behaviour(name):
    assert name in CASES
    assert (HERE / "snapshots" / f"{name}.lp").is_file()
    assert name in shown(), f'mark a test with @pytest.mark.shows("{name}")'


def test_tests_show_only_families_that_exist():
    words = {"metric", "cost", "window", "value_is"}
    others = {"ramp", "shortfall", "reported only", "for_each", "filters", "as is", "best effort", "onward"}
    assert {name for name in shown() - set(FAMILIES) if name.split()[0] not in words} <= others


@pytest.mark.parametrize(
    "feature",
    [
        *(f"metric {metric}" for metric in METRICS),
        *(f"cost {item}" for item in CONTRIBUTORS),
        *(f"window {choice}" for choice in TABLES["targets"].column("window").choices),
        *(f"value_is {choice}" for choice in TABLES["targets"].column("value_is").choices),
    ],
)
def test_every_metric_cost_and_window_has_a_test_of_its_behaviour(feature):
    assert feature in shown(), f'mark a test with @pytest.mark.shows("{feature}")'


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_every_family_tells_a_sentence_an_equation_and_a_reason(family):
    assert family.sentence.endswith(".")
    assert "\n" not in family.sentence
    assert re.search(r"==|<=|>=", family.equation)
    assert family.equation.startswith("    ")
    assert family.reason.endswith(".")
    assert family.unit


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_the_suffix_of_a_family_says_its_relation(family):
    suffix = f"_{family.name.rsplit('_', 1)[1]}"
    assert re.findall(r"==|<=|>=", family.equation.split(" for ")[0])[0] in RELATIONS[suffix]
    rows = (HERE / "snapshots" / f"{family.name}.lp").read_text(encoding="utf-8")
    found = set(re.findall(r"^        (=|<=|>=) \S+$", rows, re.MULTILINE))
    assert found == {ROW_ENDS[suffix]} if suffix in ROW_ENDS else found <= {"<=", ">="}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_the_equation_names_every_variable_in_the_rows(family):
    rows = (HERE / "snapshots" / f"{family.name}.lp").read_text(encoding="utf-8").split("subject to")[1]
    variables = set(re.findall(r"^        [+-] (?:\S+ )?(\w+)\[", rows, re.MULTILINE))
    stand_for = {"achieved", "required", "spent"} & set(re.findall(r"\w+", family.equation))
    assert variables
    assert stand_for or variables <= set(re.findall(r"\w+", family.equation))


def test_every_name_of_a_family_is_its_own():
    assert len({family.name for family in all_families()}) == len(all_families())
    assert {part.__name__ for part in PARTS} == {family.rule.__module__ for family in all_families()}


def test_every_item_of_the_costs_table_has_a_contributor_and_a_name():
    assert set(CONTRIBUTORS) == set(COST_ITEMS)
    assert set(CONTRIBUTORS) > NOTIONAL
    assert all(contributor.__doc__ for contributor in CONTRIBUTORS.values())


RECORDS_AND_NUMBERS = {**RECORDS, **NUMBERS}
LETTER_IN_CODE = {"j'": "other_j", "l'": "other_l"}
"""How a second index of one kind is written in code."""


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_letter_runs_over_the_same_things_in_every_family(family):
    _, *written = inspect.signature(family.rule).parameters
    assert written == [LETTER_IN_CODE.get(letter, letter) for letter in letters_of(family.sets)]


@pytest.mark.parametrize("name", [*SETS, *VARIABLES, *PARAMETERS, *NUMBERS])
def test_letters_and_words_of_an_index_are_explained_on_the_page_of_names(name):
    letters = (
        letters_of(VARIABLES[name].sets)
        if name in VARIABLES
        else RECORDS_AND_NUMBERS[name].letters.split(",")
    )
    assert {letter.rstrip("'") for letter in letters} <= set(LETTERS) | set(WORDS)


def indexed_names(equation: str) -> Iterator[tuple[str, list[str]]]:
    """The names in an equation that have an index, each with the parts of the index."""
    for name, index in re.findall(r"([A-Za-z_]\w*)\[((?:[^\[\]]|\[[^\]]*\])*)\]", equation):
        yield name, re.split(r",(?![^\[]*\])", index)


def letter_of(part: str) -> str:
    """The letter that a part of an index is made of: `t-1`, `e(t)`, `l'`, `""` stand for t, e, l and anything."""
    return re.sub(r"('|\(t\)|-1|-\w+\[\w+\])+$", "", part)


STAND_INS = {
    "t": {"u", "0"},
    "e": {"t"},
    "u": {"t"},
    "s": {'""'},
    "z": {"s"},
    "r": {"d"},
    "b": {"c"},
    "c": {"b"},
    "w": {"r", "d"},
}
"""What may stand in the place of a letter: an earlier period, a decision point by its period, a site for a zone, hours
of either kind of worker, what beds become for what they were."""


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_every_name_in_an_equation_is_defined_with_its_index(family):
    columns = {spelling for table in TABLES.values() for spelling in table.spellings}
    for name, index in indexed_names(family.equation):
        letters = [letter_of(part) for part in index]
        assert {letter for letter in letters if letter not in {"0", '""', "pilot_locality[j]"}} <= set(
            LETTERS
        ) | set(WORDS), (name, index)
        if name in VARIABLES:
            own = letters_of(VARIABLES[name].sets)
        elif name in RECORDS_AND_NUMBERS:
            own = RECORDS_AND_NUMBERS[name].letters.split(",")
        else:
            assert name in columns, name
            continue
        assert len(own) == len(letters), (name, index)
        for mine, letter in zip(own, letters, strict=True):
            assert (
                letter == mine.rstrip("'")
                or letter in STAND_INS.get(mine, ())
                or letter == "pilot_locality[j]"
            ), (name, index)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_an_equation_has_no_other_names(family):
    bare = re.sub(r"([A-Za-z_]\w*)\[((?:[^\[\]]|\[[^\]]*\])*)\]", "", family.equation)
    columns = {spelling for table in TABLES.values() for spelling in table.spellings}
    assert set(re.findall(r"[A-Za-z]+_\w+", bare)) <= columns


def test_every_whole_number_has_its_place_in_the_dive():
    for name, variable in VARIABLES.items():
        assert variable.domain.is_whole == (variable.rounded is not None), name


@pytest.mark.parametrize("family", FAMILIES)
def test_no_column_is_whole_that_the_dive_does_not_know(family):
    compiled = compile_model(_built(CASES[family]))
    names = {compiled.variables[i].parent_component().local_name for i in np.flatnonzero(compiled.is_integer)}
    assert names <= {name for name, variable in VARIABLES.items() if variable.rounded is not None}
