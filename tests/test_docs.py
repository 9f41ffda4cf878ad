"""The generated pages: up to date, complete."""

import pyomo.environ as pyo
import pytest

import capplan
from capplan.formulation.build import all_families, build
from capplan.formulation.costs import CONTRIBUTORS
from capplan.plan import solve
from docs import formulation_page, generate
from tests.test_api import TINY


@pytest.mark.parametrize("name", generate.PAGES)
def test_a_generated_page_is_up_to_date(name):
    page = (generate.DOCS / name).read_text(encoding="utf-8")
    assert page == f"{generate.NOTE}\n\n{generate.PAGES[name]()}"


def test_a_stale_page_fails_the_check(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(generate, "DOCS", tmp_path)
    monkeypatch.setattr("sys.argv", ["generate.py", "--check"])
    assert generate.main() == 1
    assert "docs/tables.md is not up to date" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["generate.py"])
    assert generate.main() == 0
    monkeypatch.setattr("sys.argv", ["generate.py", "--check"])
    assert generate.main() == 0


def test_every_family_is_on_the_page_with_sentence_equation_and_reason():
    page = formulation_page.page()
    for family in all_families():
        section = page.split(f"### `{family.name}`")[1].split("###")[0]
        assert family.sentence in section
        assert family.equation.strip() in section
        assert family.reason in section


def test_every_variable_of_the_model_is_on_the_page():
    page = formulation_page.page()
    names = [variable.name for variable in build(capplan.read(TINY)).component_objects(pyo.Var)]
    assert names
    assert [name for name in names if f"`{name}[" not in page] == []


def test_every_cost_item_is_on_the_page():
    assert all(f"| `{item}` |" in formulation_page.page() for item in CONTRIBUTORS)


def test_every_result_table_and_column_is_on_the_page():
    page = generate.results_page()
    for name, table in solve(capplan.read(TINY)).tables.items():
        section = page.split(f"## `{name}`")[1].split("\n## ")[0]
        assert [column for column in table.columns if column not in section] == []
