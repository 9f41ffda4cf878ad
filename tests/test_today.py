"""Today's capacity as an instance of its own: which cells say so, and that these are known."""

from pathlib import Path

import pytest

import capplan
from capplan.generate import generate
from capplan.schema.tables import TABLES
from capplan.today import FIXED, as_is, is_fixed

INSTANCES = sorted((Path(__file__).parents[1] / "instances").iterdir())


def instances():
    yield from (capplan.read(folder) for folder in INSTANCES)
    yield generate("small", 3, investment=True)


def other_cells(one, other, table):
    """Columns of which a row that both have is told otherwise."""
    before, after = one.table(table), other.table(table)
    rows = before.index.intersection(after.index)
    return {name for name in before.columns if not before.loc[rows, name].equals(after.loc[rows, name])}


def test_every_cell_that_is_fixed_is_known_to_be():
    for instance in instances():
        today = as_is(instance)
        for table in TABLES:
            assert other_cells(instance, today, table) <= set(FIXED.get(table, ())), table


def test_what_is_said_to_be_fixed_is_a_column_and_no_other_is():
    for table, columns in FIXED.items():
        assert set(columns) <= set(TABLES[table].spellings)
    assert is_fixed("site_beds", "beds_max")
    assert not is_fixed("eligibility", "share_max")
    assert not is_fixed("sites", "beds_max")


@pytest.mark.parametrize("folder", INSTANCES, ids=lambda folder: folder.name)
def test_todays_capacity_fixed_twice_is_fixed_once(folder):
    once = as_is(capplan.read(folder))
    assert as_is(once).fingerprint == once.fingerprint
