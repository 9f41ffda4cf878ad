"""Costs: every item of the table `costs` counted again from the other tables, and their sum, the objective."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.verify.beds import sites_that_tell
from capplan.verify.differences import TOLERANCE, below, unequal
from capplan.verify.evidence import Evidence
from capplan.verify.money.budgets import with_funders
from capplan.verify.money.cost_items import ITEMS, KEYS
from capplan.wording import precise, precise_change

PAID = [*KEYS, "funder"]
SMALL_CHANGE_GBP = 100.0
"""Costs may be off by a millionth of this or of the row's sum: a billionth of a person who waits costs something."""


def costs(evidence: Evidence) -> Iterator[Problem]:
    """Every cost follows from what the plan does and the instance's prices, by item, key, place, provider, funder."""
    expected = with_funders(evidence.instance, recomputed(evidence))
    reported = evidence.wide("costs", "gbp", *PAID)
    scale = expected.abs().sum(axis=1).clip(lower=SMALL_CHANGE_GBP)
    unsure = _conversions_unsure(evidence, reported.index.union(expected.index))
    yield from unequal("costs", "costs", "gbp", _without(reported, unsure), _without(expected, unsure), scale)
    for key in reported.index.difference(expected.index.union(unsure)):
        if not reported.loc[key].to_numpy().any():
            where = ", ".join(filter(None, key))
            yield Problem("costs", "cost_rows", f"{where}: costs nothing, and there is no such cost")
    least = expected.reindex(unsure, fill_value=0.0)
    yield from below("costs", "costs", "gbp", reported.reindex(unsure, fill_value=0.0), least)


def _conversions_unsure(evidence: Evidence, index: pd.MultiIndex) -> pd.MultiIndex:
    """Costs that depend on which beds became which, at sites where the tables do not tell."""
    converting = pd.Index(evidence.instance.table("conversions")["site"].unique())
    sites = converting.difference(sites_that_tell(evidence))
    at_site = index.get_level_values("site").isin(sites)
    return index[at_site & index.get_level_values("item").isin(["conversions", "changes"])]


def _without(wide: pd.DataFrame, index: pd.MultiIndex) -> pd.DataFrame:
    return wide[~wide.index.isin(index)]


def discounted(evidence: Evidence) -> Iterator[Problem]:
    """The discounted amount is the amount at the discount rate, and their sum is the objective."""
    reported = evidence.wide("costs", "gbp_discounted", *PAID)
    years = evidence.horizon.years_since_start
    rate = 1 + evidence.instance.settings.discount_rate_per_year
    gbp = evidence.wide("costs", "gbp", *PAID)
    yield from unequal("costs", "discount", "gbp_discounted", reported, gbp / rate**years, SMALL_CHANGE_GBP)
    if evidence.objective is not None:
        total, largest = reported.to_numpy().sum(), np.abs(reported.to_numpy()).sum()
        if not abs(total - evidence.objective) <= TOLERANCE * max(1.0, largest):
            message = (
                f"gbp_discounted sums to {precise(total)}, the objective is {precise(evidence.objective)}"
            )
            yield Problem("costs", "objective", f"{message} ({precise_change(total - evidence.objective)})")


def recomputed(evidence: Evidence) -> pd.DataFrame:
    """Cash costs: rows (item, key, provider, locality, site), columns periods; price rises included."""
    pieces = [piece for items in ITEMS for piece in items(evidence)]
    expected = pd.concat(pieces).groupby(level=KEYS).sum()
    rise = 1 + evidence.instance.settings.price_rise_per_year
    return expected * rise**evidence.horizon.years_since_start
