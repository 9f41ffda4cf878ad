"""`capplan schema` and `capplan sources`: tables for people and for programs."""

import csv
import io
import json

import pytest

from capplan.results.tables import TABLES as RESULTS
from capplan.schema.tables import TABLES
from tests.cli.conftest import replace


def test_the_dictionary_has_every_table(capplan):
    text = capplan("schema").stdout
    headings = {line.split(": ")[0].split(" (")[0] for line in text.splitlines() if ": " in line}
    assert {*TABLES, *RESULTS} <= headings


def test_a_name_of_an_input_and_a_result_table_prints_both_unless_one_is_chosen(capplan):
    both = capplan("schema", "staff").stdout
    assert "staff (input): " in both
    assert "staff (result, staff.csv of a run): " in both
    assert "(input)" not in capplan("schema", "staff", "--results").stdout
    assert "(result" not in capplan("schema", "staff", "--inputs").stdout
    assert "no input table 'beds'" in capplan("schema", "beds", "--inputs").stderr


@pytest.mark.parametrize("flags", [("--inputs", "--results"), ("--results", "--inputs")])
def test_both_parts_together_are_the_whole_dictionary(capplan, flags):
    assert capplan("schema", *flags).stdout == capplan("schema").stdout


def test_one_table_of_the_dictionary_has_its_columns_and_no_other(capplan):
    rows = list(csv.DictReader(io.StringIO(capplan("schema", "site_beds", "--format", "csv").stdout)))
    assert [row["column"] for row in rows] == [column.name for column in TABLES["site_beds"].columns]
    assert "site_beds" in capplan("schema", "site_beds").stdout


def test_a_mistyped_table_is_suggested(capplan):
    result = capplan("schema", "site_bed")
    assert result.exit_code == 2
    assert "did you mean 'site_beds'" in result.stderr


def test_settings_are_in_the_dictionary(capplan):
    assert "capacity_changes_every" in capplan("schema", "instance").stdout


def test_numbers_without_a_source_are_counted_and_listed(capplan, tiny):
    everything = capplan("sources", tiny)
    assert "None." in everything.stdout
    replace(tiny / "bed_types.csv", ",made up", ",")
    text = capplan("sources", tiny).stdout
    assert "occupancy_max" in text.split("Numbers without a source")[1]


def test_every_number_is_listed_when_asked(capplan, tiny):
    assert "Every number" in capplan("sources", tiny, "--all").stdout


def test_sources_as_json_has_one_row_a_number_and_never_is_a_word(capplan, tiny):
    rows = json.loads(capplan("sources", tiny, "--format", "json").stdout)
    delay = next(row for row in rows if row["column"] == "delay_day_gbp")
    assert delay["value"] == "never"
    assert delay["source"] == "made up"
