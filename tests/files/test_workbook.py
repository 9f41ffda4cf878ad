"""Workbooks: read as Excel leaves them, written so that they read back exactly, refused with a reason."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet as OpenpyxlSheet

from capplan.errors import InvalidInstance, Problem, Severity, UsageError
from capplan.files import workbook
from capplan.files.workbook import read_workbook, write_workbook
from capplan.instance import Instance
from capplan.schema.raw import Form

SETTINGS = {"title": "A county", "start": "2017-04-01", "periods": 12}
TABLES = {
    "localities": "locality,name,population_65_plus\nnorth,Ynys Môn,1000\nsouth,Caerdydd,2000",
    "pathways": "pathway,direction,delay_day_gbp,unmet_gbp\nhip,step_down,300.5,never",
    "packages": "package,setting,stay_weeks\nhome,home,3",
    "eligibility": "pathway,package,success\nhip,home,0.9",
    "referrals": "locality,pathway,month,people_per_month\n,hip,,10\nnorth,hip,2017-05,11",
}
SITES = {
    "sites": "site,locality,is_open\nbay,north,no",
    "bed_types": "bed_type,occupancy_max\nward,0.92",
    "site_beds": "site,bed_type,bed_week_gbp,available_from,available_to\nbay,ward,1150,2017-06,2018-03",
    "shift_types": "shift_type,days,start,hours,care_hours\nday,all,08:00,8,6",
}


def a_county(**changes: str) -> Instance:
    return Instance.from_frames(SETTINGS, **{**TABLES, **SITES, **changes})


def made(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """A workbook with these sheets, as another program writes it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def edited(path: Path, sheet: str, edit: Callable[[OpenpyxlSheet], object]) -> Path:
    book = openpyxl.load_workbook(path)
    edit(book[sheet])
    book.save(path)
    return path


def the_same(one: Instance, other: Instance) -> None:
    assert one.settings == other.settings
    assert one.settings.model_fields_set == other.settings.model_fields_set
    for name, frame in one.written.items():
        pd.testing.assert_frame_equal(frame, other.written[name], check_exact=True)


def read_back(path: Path) -> Instance:
    raw = read_workbook(path)
    assert raw.problems == ()
    instance, problems = Instance.from_raw(raw)
    assert instance is not None, problems
    return instance


def problems_of(path: Path, rule: str) -> list[Problem]:
    return [problem for problem in read_workbook(path).problems if problem.rule == rule]


def reason(path: Path) -> str:
    with pytest.raises(InvalidInstance) as refused:
        read_workbook(path)
    (problem,) = refused.value.problems
    return str(problem)


# --- what is written


def test_a_written_workbook_reads_back_exactly(tmp_path: Path) -> None:
    instance = a_county()
    write_workbook(instance, tmp_path / "county.xlsx")
    the_same(instance, read_back(tmp_path / "county.xlsx"))


@pytest.mark.parametrize(
    "text",
    [
        "=cmd()",
        "=1+1",
        "+44 1225",
        "@here",
        "http://example.org",
        "007",
        "2017-04",
        "TRUE",
        "Ynys Môn 🏥",
        "_x0041_",
        "two\nlines",
        "<a & 'b'>",
    ],
)
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    county = a_county()
    localities = county.written["localities"].assign(name=pd.Series([text, None], [2, 3], dtype="str"))
    written = county.replace(
        localities=localities, settings=county.settings.model_copy(update={"title": text})
    )
    write_workbook(written, tmp_path / "county.xlsx")
    the_same(written, read_back(tmp_path / "county.xlsx"))
    cell = openpyxl.load_workbook(tmp_path / "county.xlsx")["localities"]["B2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)


@settings(max_examples=10)
@example(numbers=[0.1 + 0.2], days=datetime.date(1900, 1, 1), note="")
@given(
    numbers=st.lists(st.floats(0.001, 1e300), min_size=1, max_size=5),
    days=st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 12, 31)),
    note=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20),
)
def test_any_number_day_and_text_reads_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float], days: datetime.date, note: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "county.xlsx"
    rows = [{"package": f"p{i}", "setting": "home", "stay_days": x} for i, x in enumerate(numbers)]
    targets = [
        {"target": "a", "metric": "starts", "sense": "min", "unit": "total", "from": days, "note": f"-{note}"}
    ]
    instance = Instance.from_frames(
        SETTINGS,
        **{
            **TABLES,
            "packages": [*rows, {"package": "home", "setting": "home", "stay_days": 3}],
            "targets": targets,
        },
    )
    write_workbook(instance, path)
    the_same(instance, read_back(path))


def test_dates_are_real_dates_and_numbers_real_numbers(tmp_path: Path) -> None:
    write_workbook(a_county(), tmp_path / "county.xlsx")
    book = openpyxl.load_workbook(tmp_path / "county.xlsx")
    beds = {cell.value: cell.offset(row=1) for cell in book["site_beds"][1]}
    assert beds["available_to"].value == datetime.datetime(2018, 3, 31)
    assert beds["available_to"].number_format == "yyyy-mm-dd"
    assert beds["bed_week_gbp"].value == 1150
    months = {cell.value: cell.offset(row=2) for cell in book["referrals"][1]}
    assert (months["month"].value, months["month"].number_format) == (
        datetime.datetime(2017, 5, 1),
        "yyyy-mm",
    )
    assert book["pathways"]["D2"].value == "never"
    assert book["instance"]["B3"].value == datetime.datetime(2017, 4, 1)


def test_sheets_stand_in_the_order_of_the_schema_and_empty_tables_are_left_out(tmp_path: Path) -> None:
    write_workbook(Instance.from_frames(SETTINGS, **TABLES), tmp_path / "county.xlsx")
    assert openpyxl.load_workbook(tmp_path / "county.xlsx").sheetnames == ["instance", *TABLES]


def test_the_header_is_frozen_bold_and_explained(tmp_path: Path) -> None:
    write_workbook(a_county(), tmp_path / "county.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "county.xlsx")["site_beds"]
    assert sheet.freeze_panes == "A2"
    for cell in sheet[1]:
        assert cell.font.bold
        assert cell.comment is not None
    price = next(cell for cell in sheet[1] if cell.value == "bed_week_gbp")
    assert "Price of one open bed" in price.comment.text


def test_the_same_instance_gives_the_same_bytes(tmp_path: Path) -> None:
    write_workbook(a_county(), tmp_path / "one.xlsx")
    write_workbook(a_county(), tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    # The time of writing is not in it either: two writes may fall into one second.
    created = openpyxl.load_workbook(tmp_path / "one.xlsx").properties.created
    assert created == datetime.datetime(2000, 1, 1)


def test_a_workbook_that_cannot_be_finished_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "county.xlsx"
    path.write_text("the old one")
    monkeypatch.setattr(workbook, "_write_table", _no_space_left)
    with pytest.raises(UsageError, match=r"cannot write .*county\.xlsx"):
        write_workbook(a_county(), path)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


def _no_space_left(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_workbook_in_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        write_workbook(a_county(), tmp_path / "nowhere" / "county.xlsx")


def test_what_a_sheet_cannot_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    county = a_county()
    long = county.written["localities"].assign(note=pd.Series(["x" * 32_768, None], [2, 3], dtype="str"))
    with pytest.raises(UsageError, match="localities, note: a text is longer"):
        write_workbook(county.replace(localities=long), tmp_path / "county.xlsx")
    monkeypatch.setattr(workbook, "ROWS_MAX", 2)
    with pytest.raises(UsageError, match="localities has 2 rows"):
        write_workbook(county, tmp_path / "county.xlsx")
    assert list(tmp_path.iterdir()) == []


# --- what is read


def sheets_of_a_county() -> dict[str, list[list[object]]]:
    return {
        "instance": [["title", "A county"], ["start", datetime.date(2017, 4, 1)], ["periods", 12]],
        "localities": [["locality", "population_65_plus"], ["north", 1000], ["south", 2000]],
        "pathways": [
            ["pathway", "direction", "delay_day_gbp", "unmet_gbp"],
            ["hip", "step_down", 300, "never"],
        ],
        "packages": [["package", "setting", "stay_days"], ["home", "home", 21]],
        "eligibility": [["pathway", "package"], ["hip", "home"]],
        "referrals": [["pathway", "people_per_month"], ["hip", 10]],
    }


def test_a_workbook_made_by_hand_is_read(tmp_path: Path) -> None:
    sheets = sheets_of_a_county()
    sheets["shift_types"] = [
        ["shift_type", "days", "start", "hours", "care_hours"],
        ["day", "all", datetime.time(8, 0), 8, 6],
    ]
    instance = read_back(made(tmp_path / "county.xlsx", sheets))
    assert instance.form is Form.WORKBOOK
    assert instance.settings.periods == 12
    assert list(instance.localities["population_65_plus"]) == [1000, 2000]
    assert list(instance.shift_types["start"]) == ["08:00"]


def test_names_of_sheets_do_not_care_about_capitals_and_blanks(tmp_path: Path) -> None:
    sheets = {name.title(): rows for name, rows in sheets_of_a_county().items()}
    sheets["Bed Types"] = [["Bed type", "Occupancy max"], ["ward", 0.9]]
    instance = read_back(made(tmp_path / "county.xlsx", sheets))
    assert list(instance.bed_types["occupancy_max"]) == [0.9]


def test_the_sheet_instance_may_have_a_header_empty_rows_and_help(tmp_path: Path) -> None:
    sheets = sheets_of_a_county()
    sheets["instance"] = [
        ["setting", "value", "help"],
        [],
        *([*row, "explained"] for row in sheets["instance"]),
        ["price_year", 2017],
        ["description", None],
    ]
    instance = read_back(made(tmp_path / "county.xlsx", sheets))
    assert instance.settings.price_year == "2017"
    assert instance.settings.description == ""


def test_sheets_that_explain_are_left_out_and_unknown_ones_are_tables(tmp_path: Path) -> None:
    extra = {
        "_sums": [["x"]],
        "Help": [["x"]],
        "contents": [["x"]],
        "lists": [["x"]],
        "sitez": [["site"], ["bay"]],
    }
    raw = read_workbook(made(tmp_path / "county.xlsx", {**sheets_of_a_county(), **extra, "Sheet1": []}))
    assert list(raw.tables) == ["localities", "pathways", "packages", "eligibility", "referrals", "sitez"]
    assert raw.problems == ()


def test_rows_count_as_in_the_sheet_and_trailing_ones_are_dropped(tmp_path: Path) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    edited(path, "localities", lambda sheet: (sheet.insert_rows(3), sheet.cell(9, 1, " ")))
    frame = read_workbook(path).tables["localities"]
    assert list(frame.columns) == ["locality", "population_65_plus"]
    assert list(frame["locality"]) == ["north", None, "south"]
    assert list(frame.index) == [2, 3, 4]
    assert frame.index.name == "row"


def test_an_empty_table_is_its_header(tmp_path: Path) -> None:
    raw = read_workbook(
        made(tmp_path / "county.xlsx", {**sheets_of_a_county(), "sites": [["site", "locality"]]})
    )
    assert raw.problems == ()
    assert list(raw.tables["sites"].columns) == ["site", "locality"]
    assert len(raw.tables["sites"]) == 0


def test_a_formula_counts_with_its_value(tmp_path: Path) -> None:
    raw = read_workbook(_with_formulas(tmp_path, {"B2": ("=500*2", 1000), "B3": ('=IF(1=1,"","")', "")}))
    assert raw.problems == ()
    assert list(raw.tables["localities"]["population_65_plus"]) == [1000, None]


def _with_formulas(tmp_path: Path, formulas: Mapping[str, tuple[str, object]]) -> Path:
    """A workbook with these formulas and their values; None: never calculated, "": an empty text."""
    path = tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets_of_a_county().items():
            sheet = book.add_worksheet(name)
            for position, row in enumerate(rows):
                sheet.write_row(position, 0, [cell for cell in row if not isinstance(cell, datetime.date)])
        for cell, (formula, value) in formulas.items():
            book.get_worksheet_by_name("localities").write_formula(cell, formula, None, value)
    return _as_excel_marks_empty_text(path)


def _as_excel_marks_empty_text(path: Path) -> Path:
    """XlsxWriter forgets to say that an empty value is text: IF formulas get that mark, as Excel gives it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b'<c r="B3"><f>IF', b'<c r="B3" t="str"><f>IF'))
    return path


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#NAME?", "#VALUE!"])
def test_a_formula_error_is_named_with_its_cell(tmp_path: Path, error: str) -> None:
    (problem,) = problems_of(_with_formulas(tmp_path, {"B3": ("=1/0", error)}), "formula")
    assert (problem.table, problem.row, problem.column, problem.value) == (
        "localities",
        3,
        "population_65_plus",
        error,
    )
    assert "B3" in problem.message


def test_formulas_never_calculated_are_one_problem(tmp_path: Path) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    edited(path, "localities", lambda sheet: (sheet.cell(2, 2, "=500*2"), sheet.cell(3, 2, "=B2")))
    (problem,) = problems_of(path, "formula")
    assert (problem.row, problem.column) == (2, "population_65_plus")
    assert "B2 and 1 more was never calculated" in problem.message
    assert "save it" in problem.what_now


def test_a_formula_error_in_a_setting_is_named(tmp_path: Path) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    edited(path, "instance", lambda sheet: sheet.cell(3, 2, "#REF!"))
    (problem,) = problems_of(path, "formula")
    assert (problem.table, problem.row) == ("instance", 3)


def test_merged_cells_in_a_table_are_a_problem(tmp_path: Path) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    edited(path, "localities", lambda sheet: sheet.merge_cells("B2:B3"))
    (problem,) = problems_of(path, "merged cells")
    assert (problem.table, problem.row) == ("localities", 2)
    assert "B2:B3" in problem.message


def test_merged_cells_beside_a_table_do_not_matter(tmp_path: Path) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    edited(path, "localities", lambda sheet: sheet.merge_cells("E2:F3"))
    assert read_workbook(path).problems == ()


def test_a_title_above_the_header_is_a_problem_and_the_table_is_read_all_the_same(tmp_path: Path) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    edited(path, "localities", lambda sheet: (sheet.insert_rows(1, 2), sheet.cell(1, 1, "Our localities")))
    raw = read_workbook(path)
    (problem,) = raw.problems
    assert (problem.rule, problem.row, problem.what_now) == ("header", 3, "delete rows 1 to 2")
    assert list(raw.tables["localities"].index) == [4, 5]
    assert list(raw.tables["localities"]["locality"]) == ["north", "south"]


def test_an_empty_sheet_with_the_name_of_a_table_is_a_problem(tmp_path: Path) -> None:
    (problem,) = problems_of(made(tmp_path / "county.xlsx", {**sheets_of_a_county(), "sites": []}), "header")
    assert (problem.table, problem.message) == ("sites", "the sheet is empty")


def test_two_sheets_for_one_table_are_a_problem(tmp_path: Path) -> None:
    sheets = {**sheets_of_a_county(), "bed types": [["bed_type"]], "bed_types": [["bed_type"]]}
    (problem,) = problems_of(made(tmp_path / "county.xlsx", sheets), "table")
    assert problem.table == "bed_types"


def test_settings_set_twice_or_without_a_name_are_problems(tmp_path: Path) -> None:
    sheets = sheets_of_a_county()
    sheets["instance"] += [["Periods", 24], [None, 7]]
    problems = problems_of(made(tmp_path / "county.xlsx", sheets), "column")
    assert [(problem.row, problem.message) for problem in problems] == [
        (4, "'Periods' is set twice"),
        (5, "'7' stands beside no setting"),
    ]


def test_a_workbook_without_the_sheet_instance_is_a_problem(tmp_path: Path) -> None:
    sheets = sheets_of_a_county()
    del sheets["instance"]
    (problem,) = problems_of(made(tmp_path / "county.xlsx", sheets), "required")
    assert problem.table == "instance"


def test_a_workbook_open_in_excel_is_a_warning(tmp_path: Path) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    (tmp_path / "~$county.xlsx").write_bytes(b"\x05Ann")
    (problem,) = read_workbook(path).problems
    assert problem.severity is Severity.WARNING
    assert Instance.from_raw(read_workbook(path))[0] is not None


def test_charts_are_not_tables(tmp_path: Path) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    book = openpyxl.load_workbook(path)
    book.create_chartsheet("chart")
    book.save(path)
    assert "chart" not in read_workbook(path).tables


# --- what is no workbook


def _archive(path: Path, *names: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FILES_THAT_ARE_NO_WORKBOOK: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda path: path.write_text("site,beds"), "no Excel workbook; save it as"),
    "nothing": (lambda path: path.write_bytes(b""), "no Excel workbook"),
    "a folder": (lambda path: path.mkdir(), "cannot be read"),
    "no file": (lambda _: None, "cannot be read .*; check the name"),
    "xls": (lambda path: path.write_bytes(OLE + bytes(600)), "Excel 97-2003; save it as"),
    "password": (
        lambda path: path.write_bytes(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
        "protected by a password; save it without",
    ),
    "ods": (lambda path: _archive(path, "mimetype", "content.xml"), "OpenDocument"),
    "xlsb": (lambda path: _archive(path, "[Content_Types].xml", "xl/workbook.bin"), "binary workbook"),
    "zip": (lambda path: _archive(path, "sites.csv"), "an archive, not an Excel workbook"),
    "docx": (lambda path: _archive(path, "[Content_Types].xml", "word/document.xml"), "damaged"),
}


@pytest.mark.parametrize("kind", FILES_THAT_ARE_NO_WORKBOOK)
def test_a_file_that_is_no_workbook_is_refused_with_a_reason(tmp_path: Path, kind: str) -> None:
    make, expected = FILES_THAT_ARE_NO_WORKBOOK[kind]
    path = tmp_path / "county.xlsx"
    make(path)
    message = reason(path)
    assert message.startswith("county.xlsx: ")
    assert re.search(expected, message)


def test_a_lock_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "~$county.xlsx").write_bytes(b"\x05Ann")
    assert "beside an open workbook; name the workbook itself" in reason(tmp_path / "~$county.xlsx")


def _rewritten(path: Path, edit: Callable[[str, bytes], bytes | None]) -> Path:
    """The workbook with every part of its archive edited; None leaves a part out."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            changed = edit(name, content)
            if changed is not None:
                archive.writestr(name, changed)
    return path


DAMAGES: dict[str, Callable[[str, bytes], bytes | None]] = {
    "a sheet cut short": lambda name, content: content[:300] if name.endswith("sheet2.xml") else content,
    "a sheet missing": lambda name, content: None if name.endswith("sheet2.xml") else content,
    "no list of sheets": lambda name, content: None if name == "xl/workbook.xml" else content,
    "no relations": lambda name, content: None if name.endswith(".rels") else content,
    "no XML at all": lambda _, content: b"\0" * len(content),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_workbook_is_refused(tmp_path: Path, damage: str) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    assert "damaged" in reason(_rewritten(path, DAMAGES[damage]))


def test_a_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    path.write_bytes(path.read_bytes()[:3000])
    assert "damaged or cut short" in reason(path)


def test_a_sheet_that_goes_on_to_the_last_cell_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = made(tmp_path / "county.xlsx", sheets_of_a_county())
    edited(path, "localities", lambda sheet: sheet.cell(1_048_576, 16_384, "x"))
    assert "localities: the sheet goes on to cell XFD1048576" in reason(path)


def test_many_rows_are_read_whole(tmp_path: Path) -> None:
    count = 20_000
    path = tmp_path / "county.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("referrals")
        sheet.write_row(0, 0, ["pathway", "people_per_month"])
        for row in range(1, count + 1):
            sheet.write_row(row, 0, ["hip", row / 8])
    frame = read_workbook(path).tables["referrals"]
    assert len(frame) == count
    assert frame["people_per_month"].sum() == count * (count + 1) / 16
