"""Limits on money, and on schemes: budgets, what pools may pass on, what must go live."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capplan.explain.limits.limit import Held, Kind, Limit, chosen
from capplan.formulation.limits.budgets import budget_limit, transfer_limit
from capplan.formulation.model import Model
from capplan.formulation.schemes.go_live import go_live_limit, scheme_mandatory_minimum
from capplan.instance import Instance


def budget_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Imposed budgets, and the most that a member of a pool may give."""
    share = m.data.horizon.share_of_year
    for row in instance.budgets.sort_values(["funder", "year"]).to_dict("records"):
        key = row["funder"], row["year"]
        if key in budget_limit.rows(m):
            held: Held = ((budget_limit.rows(m)[key], share[key[1]]),)
            where = "budgets", chosen(row, ["funder", "year"]), "budget_gbp"
            yield Limit("budget", Kind.BUDGETS, *where, float(row["budget_gbp"]), rows=held, facts=row)
    for row in instance.budget_pools.sort_values(["pool", "funder"]).to_dict("records"):
        if not np.isnan(row["transfer_max_gbp"]):
            members = [key for key in m.MEMBERS if key[:2] == (row["pool"], row["funder"])]
            rows = tuple((transfer_limit.rows(m)[key], share[key[2]]) for key in members)
            where = "budget_pools", chosen(row, ["pool", "funder"]), "transfer_max_gbp"
            yield Limit("transfer", Kind.BUDGETS, *where, float(row["transfer_max_gbp"]), rows=rows)


def scheme_limits(m: Model, instance: Instance) -> Iterator[Limit]:
    """Schemes that must go live, and how many localities may at once."""
    for row in instance.schemes.sort_values("scheme").to_dict("records"):
        where = "schemes", chosen(row, ["scheme"])
        mandatory = [key for key in m.MANDATORY if key[0] == row["scheme"]]
        if mandatory:
            rows = tuple((scheme_mandatory_minimum.rows(m)[key], 1.0) for key in mandatory)
            yield Limit(
                *("mandatory", Kind.SCHEMES, *where, "mandatory", True),
                step=1.0,
                most=1.0,
                rows=rows,
                instead="false",
            )
        limited = [key for key in m.LIMITED_GO_LIVES if key[0] == row["scheme"]]
        if limited:
            rows = tuple((go_live_limit.rows(m)[key], float(m.periods_until_next[key[1]])) for key in limited)
            column = "go_lives_max_per_period"
            yield Limit(column, Kind.SCHEMES, *where, column, float(row[column]), step=1.0, rows=rows)
