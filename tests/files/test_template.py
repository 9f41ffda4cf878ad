"""The blank workbook: a sheet, a note and a drop-down list for everything in the schema."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from capplan.errors import UsageError
from capplan.files.template import write_template
from capplan.files.workbook import read_workbook
from capplan.instance import Instance
from capplan.schema.columns import Column, Kind, Table
from capplan.schema.settings import Settings
from capplan.schema.tables import TABLES

COLUMNS = [(table, column) for table in TABLES.values() for column in table.columns]
FILLED_IN: dict[str, dict[str, object]] = {
    "localities": {"locality": "north", "population_65_plus": 1000},
    "pathways": {"pathway": "hip", "direction": "step_down", "delay_day_gbp": 300, "unmet_gbp": "never"},
    "packages": {"package": "home", "setting": "home", "stay_days": 21},
    "eligibility": {"pathway": "hip", "package": "home"},
    "referrals": {"pathway": "hip", "people_per_month": 10},
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("template") / "blank.xlsx"
    write_template(written)
    return written


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def rule_of(book: Workbook, table: Table, column: Column) -> DataValidation | None:
    """The rule for the first cell below the header of the column."""
    cell = f"{openpyxl.utils.get_column_letter(table.columns.index(column) + 1)}2"
    rules = [rule for rule in book[table.name].data_validations.dataValidation if cell in rule.sqref]
    assert len(rules) <= 1
    return rules[0] if rules else None


def test_it_has_contents_settings_every_table_and_hidden_lists(book: Workbook) -> None:
    assert book.sheetnames == ["contents", "instance", *TABLES, "lists"]
    assert book["lists"].sheet_state == "hidden"


def test_contents_link_to_every_sheet_and_say_which_are_required(book: Workbook) -> None:
    links = {row[0].value: row for row in book["contents"].iter_rows() if row[0].hyperlink}
    assert list(links) == ["instance", *TABLES]
    for name, table in TABLES.items():
        assert links[name][0].hyperlink.location == f"'{name}'!A1"
        assert links[name][1].value == ("required" if table.is_required else "optional")


def test_every_setting_is_listed_with_its_help(book: Workbook) -> None:
    rows = list(book["instance"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == list(Settings.model_fields)
    assert [row[-1] for row in rows] == [field.description for field in Settings.model_fields.values()]
    assert all(row[1] is None for row in rows)


def test_choices_among_settings_have_a_list(book: Workbook) -> None:
    rules = {str(rule.sqref): rule.formula1 for rule in book["instance"].data_validations.dataValidation}
    position = list(Settings.model_fields).index("opening") + 2
    assert rules[f"B{position}"] == '"steady,empty,census"'


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_has_a_header_and_a_note(book: Workbook, table: Table) -> None:
    sheet = book[table.name]
    assert [cell.value for cell in sheet[1]] == [*(column.name for column in table.columns), "source", "note"]
    assert sheet.freeze_panes == "A2"
    for cell, column in zip(sheet[1], table.columns, strict=False):
        assert column.help in cell.comment.text
        assert all(other in cell.comment.text for other in column.variants)
    assert all(cell.comment for cell in sheet[1])


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{t.name}.{c.name}" for t, c in COLUMNS])
def test_every_column_with_choices_names_or_bounds_has_a_rule(
    book: Workbook, table: Table, column: Column
) -> None:
    rule = rule_of(book, table, column)
    if column.refers_to:
        assert rule is not None
        assert (rule.type, rule.errorStyle) == ("list", "warning")
    elif column.choices:
        assert rule is not None
        assert (rule.type, rule.formula1) == ("list", f'"{",".join(column.choices)}"')
    elif column.kind is Kind.YES_NO:
        assert rule is not None
        assert rule.formula1 == '"yes,no"'
    elif column.kind in {Kind.NUMBER, Kind.WHOLE}:
        assert rule is not None
        assert "ISNUMBER" in rule.formula1
        assert all(f'"{word}"' in rule.formula1 for word in column.words)
    else:
        assert rule is None


def test_bounds_are_those_of_the_schema(book: Workbook) -> None:
    occupancy = rule_of(book, TABLES["bed_types"], TABLES["bed_types"].column("occupancy_max"))
    assert occupancy is not None
    assert occupancy.formula1 == "OR(AND(ISNUMBER(C2),C2>=0,C2>0,C2<=1))"
    delay = rule_of(book, TABLES["pathways"], TABLES["pathways"].column("delay_day_gbp"))
    assert delay is not None
    assert delay.formula1 == 'OR(AND(ISNUMBER(D2),D2>=0),D2="never")'


def test_names_come_from_the_sheet_that_they_refer_to(book: Workbook) -> None:
    site = rule_of(book, TABLES["site_beds"], TABLES["site_beds"].column("site"))
    assert site is not None
    assert "sites!$A$2:$A$2001" in site.formula1
    team = rule_of(book, TABLES["staff"], TABLES["staff"].column("locality"))
    assert team is not None
    assert team.formula1 == "OFFSET(lists!$A$2,0,0,lists!$A$1,1)"
    assert book["lists"]["A2"].value == "all"
    assert "INDEX(localities!$A$2:$A$2001,1)" in book["lists"]["A3"].value


def test_required_columns_look_different(book: Workbook) -> None:
    header = {cell.value: cell.fill.fgColor.rgb for cell in book["packages"][1]}
    assert header["package"] == header["setting"] == header["stay_days"]
    assert len({header["package"], header["start_gbp"], header["note"]}) == 3


def test_a_blank_template_is_read_without_problems_of_its_sheets(path: Path) -> None:
    raw = read_workbook(path)
    assert raw.problems == ()
    assert list(raw.tables) == list(TABLES)
    assert not any(len(frame) for frame in raw.tables.values())


def test_filled_in_with_a_minimal_instance_it_is_read(path: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(path)
    settings = {"title": "A county", "start": "2017-04-01", "periods": 12}
    for row in book["instance"].iter_rows(min_row=2):
        row[1].value = settings.get(row[0].value)
    for name, cells in FILLED_IN.items():
        header = [cell.value for cell in book[name][1]]
        for column, cell in cells.items():
            book[name].cell(2, header.index(column) + 1, cell)
    book.save(tmp_path / "filled.xlsx")
    instance, problems = Instance.from_raw(read_workbook(tmp_path / "filled.xlsx"))
    assert problems == ()
    assert instance is not None
    assert list(instance.referrals["people_per_month"]) == [10]


def test_a_template_never_replaces_a_file(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(UsageError, match="exists already"):
        write_template(path)
    assert path.read_bytes() == before
