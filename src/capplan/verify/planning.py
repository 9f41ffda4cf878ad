"""The planning return: demand is who is referred, and the gap what capacity does not meet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.results.tables import PLANNING_RETURN
from capplan.verify.differences import unequal
from capplan.verify.evidence import Evidence

NAME = PLANNING_RETURN.name


def demand(evidence: Evidence) -> Iterator[Problem]:
    """Demand is who is referred, period by period spread over the months by days."""
    by_pathway = evidence.referrals.groupby(level="pathway").sum()
    day_of = [np.flatnonzero(evidence.horizon.period_of_day == t) for t in range(len(evidence.horizon))]
    month_of_day = np.array([day.replace(day=1).isoformat() for day in evidence.horizon.dates.date])
    months = list(dict.fromkeys(month_of_day))
    share = np.array([[np.mean(month_of_day[days] == month) for month in months] for days in day_of])
    direction = evidence.instance.table("pathways").set_index("pathway")["direction"]
    wide = pd.DataFrame(by_pathway.to_numpy() @ share, by_pathway.index, pd.Index(months, name="month"))
    expected = wide.reindex(direction.index, fill_value=0.0).rename_axis("pathway").stack()
    keys = [(direction[pathway], pathway, month) for pathway, month in expected.index]
    expected.index = pd.MultiIndex.from_tuples(keys, names=PLANNING_RETURN.key)
    yield from unequal(NAME, "return_demand", "demand", _by_key(evidence)["demand"], expected)


def gap(evidence: Evidence) -> Iterator[Problem]:
    """The gap is demand less commissioned and spot capacity, which are not negative."""
    table = _by_key(evidence)
    expected = table["demand"] - table["commissioned"] - table["spot"]
    yield from unequal(NAME, "return_gap", "gap", table["gap"], expected, table.abs().max(axis=1))
    for column in ("commissioned", "spot"):
        for key in table.index[table[column] < 0]:
            yield Problem(NAME, "return_negative", f"{', '.join(key)}: {column} is below 0")


def _by_key(evidence: Evidence) -> pd.DataFrame:
    key = list(PLANNING_RETURN.key)
    return evidence.tables[NAME].drop_duplicates(key).set_index(key)
