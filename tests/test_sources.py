"""Every number of an instance with where it comes from."""

from __future__ import annotations

from math import inf

import pandas as pd
import pytest

from capplan.instance import Instance
from capplan.schema.columns import Kind
from capplan.schema.tables import TABLES
from capplan.sources import sources, sources_summary

SETTINGS = {"title": "A county", "start": "2017-04-01", "periods": 12}


@pytest.fixture
def instance() -> Instance:
    return Instance.from_frames(
        SETTINGS,
        localities="""
                locality,population_65_plus,latitude,source,population_65_plus_source
                north,1000,51.3,county atlas,census 2011
                south,2000,,county atlas,""",
        pathways="""
                pathway,direction,delay_day_gbp,unmet_gbp,source,unmet_gbp_source
                hip,step_down,300,never,tariff 2017/18,assumption: nobody may be left out""",
        packages="""
                package,setting,stay_weeks,stay_days_source,care_day_gbp
                home,home,3,derived: 21 days by 7,40""",
        eligibility="pathway,package,success,source\nhip,home,0.9,Assumption: as elsewhere",
        referrals="pathway,month,people_per_month,profile\nhip,,10,winter\nhip,2017-05,11,",
        profiles="profile,month,factor\nwinter,1,1.2",
    )


def told(found: pd.DataFrame, table: str, column: str) -> list[tuple[float, str, str]]:
    rows = found[(found["table"] == table) & (found["column"] == column)]
    return list(zip(rows["value"], rows["kind"], rows["source"], strict=True))


def test_a_columns_own_source_comes_before_the_rows(instance: Instance) -> None:
    found = sources(instance)
    assert told(found, "localities", "population_65_plus") == [
        (1000, "source", "census 2011"),
        (2000, "source", "county atlas"),
    ]
    assert told(found, "localities", "latitude") == [(51.3, "source", "county atlas")]


def test_assumptions_and_derived_numbers_are_told_apart(instance: Instance) -> None:
    found = sources(instance)
    assert told(found, "pathways", "delay_day_gbp") == [(300, "source", "tariff 2017/18")]
    assert told(found, "pathways", "unmet_gbp") == [(inf, "assumption", "assumption: nobody may be left out")]
    assert told(found, "eligibility", "success") == [(0.9, "assumption", "Assumption: as elsewhere")]


def test_a_number_in_another_unit_takes_the_source_of_its_column(instance: Instance) -> None:
    assert told(sources(instance), "packages", "stay_weeks") == [(3, "derived", "derived: 21 days by 7")]


def test_a_number_without_a_source_has_none(instance: Instance) -> None:
    found = sources(instance)
    assert told(found, "packages", "care_day_gbp") == [(40, "none", "")]
    assert [kind for _, kind, _ in told(found, "referrals", "people_per_month")] == ["none", "none"]


def test_numbers_that_name_a_row_are_left_out(instance: Instance) -> None:
    found = sources(instance)
    assert list(found.loc[found["table"] == "profiles", "column"]) == ["factor"]


def test_rows_are_named_by_their_key_and_their_place_in_the_file(instance: Instance) -> None:
    found = sources(instance)
    referrals = found[found["table"] == "referrals"]
    assert list(zip(referrals["row"], referrals["key"], strict=True)) == [(2, "hip"), (3, "hip, 2017-05")]
    assert list(found.loc[found["table"] == "profiles", "key"]) == ["winter, 1"]
    assert list(found.loc[found["table"] == "eligibility", "key"]) == ["hip, home"]


def test_there_is_one_row_for_every_number_in_the_tables(instance: Instance) -> None:
    count = sum(
        frame[name].notna().sum()
        for table, frame in instance.written.items()
        for name in frame.columns
        if name in TABLES[table].spellings
        and TABLES[table].column(name).kind in {Kind.NUMBER, Kind.WHOLE}
        and name not in TABLES[table].key
    )
    found = sources(instance)
    assert len(found) == count == 11
    order = list(TABLES)
    assert list(found["table"]) == sorted(found["table"], key=order.index)


def test_the_summary_counts_by_table_and_kind(instance: Instance) -> None:
    summary = sources_summary(sources(instance))
    assert list(summary.columns) == ["numbers", "source", "assumption", "derived", "none"]
    assert list(summary.loc["localities"]) == [3, 3, 0, 0, 0]
    assert list(summary.loc["pathways"]) == [2, 1, 1, 0, 0]
    assert list(summary.loc["packages"]) == [2, 0, 0, 1, 1]
    assert summary["numbers"].sum() == len(sources(instance))


def test_an_instance_without_numbers_has_an_empty_list_and_summary(instance: Instance) -> None:
    empty = Instance(instance.settings, {})
    found = sources(empty)
    assert (len(found), list(found.columns)) == (0, list(sources(instance).columns))
    assert len(sources_summary(found)) == 0
