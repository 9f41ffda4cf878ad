"""The data dictionary in words says what the schema says."""

from __future__ import annotations

import pytest

from capplan.errors import UsageError
from capplan.schema.describe import describe, header_note, tables_page
from capplan.schema.settings import Settings
from capplan.schema.tables import TABLES


def row_of(table: str, column: str) -> dict[str, str]:
    return next(row for row in describe(table) if row["column"] == column)


def test_every_setting_and_column_is_described_in_order() -> None:
    columns_described = [(row["table"], row["column"]) for row in describe()]
    columns = [(table.name, column.name) for table in TABLES.values() for column in table.columns]
    assert columns_described == [*(("instance", name) for name in Settings.model_fields), *columns]
    assert all(row["help"] and row["kind"] for row in describe())


def test_one_table_is_described_alone() -> None:
    assert {row["table"] for row in describe("site_beds")} == {"site_beds"}
    assert {row["table"] for row in describe("instance")} == {"instance"}


def test_a_table_that_does_not_exist_is_a_usage_error_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="no table 'site_bed'; did you mean 'site_beds'"):
        describe("site_bed")
    with pytest.raises(UsageError, match="the tables are instance, localities, hospitals"):
        describe("xyz")


@pytest.mark.parametrize(
    ("table", "column", "part", "expected"),
    [
        ("site_beds", "bed_day_gbp", "unit", "£/bed-day"),
        ("site_beds", "bed_day_gbp", "other_units", "bed_week_gbp, bed_month_gbp, bed_year_gbp"),
        ("site_beds", "beds_max", "default", "as beds"),
        ("site_beds", "beds_step", "default", "1"),
        ("site_beds", "site", "required", "yes"),
        ("site_beds", "site", "allowed", "a name in sites"),
        ("sites", "is_open", "default", "yes"),
        ("sites", "beds_max", "required", "no"),
        ("staff", "locality", "allowed", "a name in localities or a network, all"),
        ("limits", "network", "allowed", "a network in localities"),
        ("pathways", "delay_day_gbp", "allowed", "0 or more, never"),
        ("pathways", "direction", "allowed", "step_down, step_up, community"),
        ("localities", "latitude", "allowed", "-90 to 90"),
        ("localities", "travel_minutes_per_visit", "required", "no"),
        ("roles", "contact_share", "required", "this or contact_hours_per_week"),
        ("roles", "contact_hours_per_week", "required", "this or paid_hours_per_week and contact_share"),
        ("instance", "period", "allowed", "month, week, quarter"),
        ("instance", "period", "default", "month"),
        ("instance", "periods", "allowed", "1 to 2000"),
        ("instance", "periods", "required", "yes"),
        ("instance", "periods", "kind", "whole number"),
        ("instance", "start", "kind", "date"),
        ("instance", "capacity_changes_every", "allowed", "1 or more"),
        ("instance", "price_rise_per_year", "allowed", "above -1, 1 or less"),
        ("instance", "price_rise_per_year", "default", "0"),
        ("instance", "change_gbp", "default", "100"),
    ],
)
def test_a_column_is_described_as_it_is(table: str, column: str, part: str, expected: str) -> None:
    assert row_of(table, column)[part] == expected


def test_a_note_says_unit_need_default_bounds_and_other_units() -> None:
    assert header_note(TABLES["packages"], "stay_days").splitlines() == [
        "Mean length of the stay.",
        "Unit: days.",
        "Needed: yes.",
        "Allowed: 0.001 or more.",
        "Other units: rename the column to stay_weeks.",
    ]
    assert "If empty: as beds." in header_note(TABLES["site_beds"], "beds_max")


def test_a_note_on_another_spelling_leads_back_to_the_columns_own_name() -> None:
    note = header_note(TABLES["packages"], "stay_weeks")
    assert "Unit: as the name says (stay_days: days)." in note
    assert "rename the column to stay_days." in note


def test_free_columns_have_notes() -> None:
    assert "assumption:" in header_note(TABLES["packages"], "source")
    assert "stay_days" in header_note(TABLES["packages"], "stay_days_source")


def test_the_page_lists_every_table_under_its_section_and_every_column() -> None:
    lines = tables_page().splitlines()
    for table in TABLES.values():
        assert lines.count(f"### `{table.name}`") == 1
        assert lines.index(f"## {table.section}") < lines.index(f"### `{table.name}`")
        for column in table.columns:
            assert any(line.startswith(f"| `{column.name}`") and column.help in line for line in lines)


def test_every_row_of_the_page_has_as_many_cells_as_its_heading() -> None:
    rows = [line.replace("\\|", "") for line in tables_page().splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {8}
