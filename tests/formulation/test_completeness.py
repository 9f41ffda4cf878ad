"""No family, cost, metric or window without a test, and no equation whose names the code does not know."""

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pyomo.environ as pyo
import pytest

import capplan.formulation
from capplan.formulation.build import PARTS, all_families, build
from capplan.formulation.costs import CONTRIBUTORS
from capplan.instance import Instance
from capplan.results.cost_items import COST_ITEMS, NOTIONAL
from capplan.results.metrics import METRICS
from capplan.schema.tables import TABLES
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
def names_in_code() -> frozenset[str]:
    """Names and attributes in the formulation's code; docstrings and comments do not count."""
    nodes = [
        node
        for path in Path(capplan.formulation.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return frozenset(names | attributes | {node.name for node in nodes if isinstance(node, ast.FunctionDef)})


def names_in_model(family: str) -> frozenset[str]:
    """Sets, numbers, variables and families of the model of a family's case."""
    return frozenset(vars(_built(CASES[family])))


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
def test_the_names_in_an_equation_are_names_in_the_code(family):
    names = set(re.findall(r"[A-Za-z_]\w*(?=\[)|[A-Za-z]+_\w+", family.equation))
    columns = {spelling for table in TABLES.values() for spelling in table.spellings}
    assert names
    assert names <= columns | names_in_code() | names_in_model(family.name)


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
