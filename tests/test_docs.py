"""The generated pages: up to date, complete."""

import pyomo.environ as pyo
import pytest

import capplan
from capplan.formulation.build import all_families, build
from capplan.formulation.costs import CONTRIBUTORS
from capplan.plan import solve
from docs import architecture_page, formulation_page, generate
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


def test_every_step_of_a_numbers_way_is_a_file():
    assert [
        file for file, _ in architecture_page.STEPS if not (architecture_page.ROOT / file).is_file()
    ] == []


def test_the_picture_of_the_architecture_is_drawn_from_the_contracts():
    picture = (generate.DOCS / architecture_page.NAME).read_text(encoding="utf-8")
    assert picture == architecture_page.picture()
    assert {architecture_page.wing_of(name) for name in ("plan", "search", "explain")} == {
        architecture_page.MAKERS
    }
    assert {architecture_page.wing_of(name) for name in ("runs", "verify")} == {architecture_page.READERS}
    assert architecture_page.wing_of("instance") == architecture_page.GROUND


def test_every_column_in_an_equation_is_told_with_its_tables():
    page = formulation_page.page()
    assert all(f"| `{name}` |" in page for name in formulation_page.columns_in_equations())
    assert "occupancy_max" in formulation_page.columns_in_equations()


def test_decisions_bear_a_number_once_and_are_listed():
    decisions = generate.DOCS / "decisions"
    files = sorted(path.name for path in decisions.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    listed = (decisions / "README.md").read_text(encoding="utf-8")
    assert all(f"({name})" in listed for name in files)
