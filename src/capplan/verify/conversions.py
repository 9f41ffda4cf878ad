"""Which beds became which, as far as the net numbers of the table `beds` tell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from capplan.verify.evidence import Evidence

ARC = ["site", "from_bed_type", "to_bed_type"]


def least_conversions(evidence: Evidence) -> pd.DataFrame:
    """Beds converted: rows (site, from_bed_type, to_bed_type), columns periods.

    The cheapest conversions that `conversions` allows and that give the net numbers of the table `beds`; nothing
    where none do (`conversions_allowed` says so).
    """
    rows = evidence.instance.table("conversions").set_index(ARC)
    net = evidence.wide("beds", "beds_converted", "site", "bed_type")
    flows = pd.DataFrame(0.0, index=rows.index, columns=net.columns)
    for site, arcs in rows.groupby(level="site"):
        at_site = net[net.index.get_level_values("site") == site].droplevel("site")
        for period in at_site.columns[(at_site != 0).any()]:
            flows.loc[arcs.index, period] = _cheapest(arcs, at_site[period], evidence)
    return flows


def sites_that_tell(evidence: Evidence) -> pd.Index:
    """Sites where the net numbers leave no choice: no way from a bed type back to it, whichever direction it takes."""
    rows = evidence.instance.table("conversions")
    return pd.Index([site for site, arcs in rows.groupby("site") if _is_forest(arcs)])


def _is_forest(arcs: pd.DataFrame) -> bool:
    from scipy.sparse.csgraph import connected_components

    ends = arcs[["from_bed_type", "to_bed_type"]]
    names = {name: n for n, name in enumerate(np.unique(ends.to_numpy(str)))}
    links = np.zeros((len(names), len(names)))
    for one, other in ends.itertuples(index=False):
        links[names[one], names[other]] += 1
    groups, _ = connected_components(links, directed=False)
    return bool(groups == len(names) - len(arcs))


def _cheapest(arcs: pd.DataFrame, net: pd.Series, evidence: Evidence) -> np.ndarray:
    from scipy.optimize import linprog

    gained = [arcs.index.get_level_values("to_bed_type") == bed_type for bed_type in net.index]
    lost = [arcs.index.get_level_values("from_bed_type") == bed_type for bed_type in net.index]
    balance = np.array(gained, dtype=float) - np.array(lost, dtype=float)
    price = arcs["convert_gbp_per_bed"].to_numpy() + evidence.instance.settings.change_gbp
    most = [(0.0, None if np.isnan(most) else most) for most in arcs["beds_per_change_max"]]
    result = linprog(price, A_eq=balance, b_eq=net.to_numpy(), bounds=most)
    return np.asarray(result.x) if result.success else np.zeros(len(arcs))
