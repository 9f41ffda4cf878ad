"""What people cost who start, are in care, wait, queue or go without."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from capplan.verify.care import person_days, starts_onward
from capplan.verify.congestion import congested
from capplan.verify.costs.booked import UNIT, at_site, booked, indexed, of_people
from capplan.verify.demand import STREAM
from capplan.verify.evidence import Evidence
from capplan.verify.options import OPTION, options
from capplan.verify.scheme_effects import unmet_gbp
from capplan.verify.variants import success_of


def starts(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """What every start costs: by itself, the way there, and how it ends."""
    known = options(evidence)
    packages = evidence.instance.table("packages").set_index("package")
    rows = evidence.tables["starts"].merge(known, on=OPTION)
    success = success_of(evidence, rows)
    prices = {
        "starts": rows["package"].map(packages["start_gbp"]),
        "travel": rows["minutes"] * evidence.instance.settings.travel_gbp_per_minute,
        "failures": rows["failure_gbp"] * (1 - success),
        "successes": rows["success_gbp"] * success,
    }
    for item, price in prices.items():
        gbp = rows.assign(gbp=rows["people"] * price.fillna(0.0))
        yield booked(evidence, item, evidence.spread(gbp, "gbp", "package", "locality", "site"))


def in_care(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Days in care, and starts of what follows on: booked at the site, or at home where people live."""
    packages = evidence.instance.table("packages")
    amounts: tuple[tuple[str, str, Callable[[Evidence, str, str], pd.DataFrame]], ...] = (
        ("care_days", "care_day_gbp", person_days),
        ("starts", "start_gbp", starts_onward),
    )
    for item, price, amount in amounts:
        for row in packages[packages[price] != 0].to_dict("records"):
            by = "site" if row["setting"] == "bed" else "locality"
            gbp = amount(evidence, row["package"], by) * row[price]
            gbp.index = pd.MultiIndex.from_product([[row["package"]], gbp.index], names=["package", by])
            yield (
                at_site(evidence, item, gbp.swaplevel())
                if by == "site"
                else booked(evidence, item, pd.concat({"": gbp}, names=["site"]))
            )


def without_care(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """What waiting and going without are priced at."""
    pathways = evidence.instance.table("pathways").set_index("pathway").replace(np.inf, np.nan)
    never = np.isinf(evidence.instance.table("pathways").set_index("pathway")["unmet_gbp"])
    delayed, waiting = (
        evidence.wide("waiting", c, *STREAM).groupby(level=["locality", "pathway"]).sum()
        for c in ("delayed_days", "waiting_at_end")
    )
    by_pathway = delayed.index.get_level_values("pathway")
    yield of_people("waiting", delayed.mul(by_pathway.map(pathways["delay_day_gbp"]).fillna(0.0), axis=0))
    # Schemes change unmet_gbp by hospital too.
    without, left = (evidence.wide("waiting", c, *STREAM) for c in ("unmet", "waiting_at_end"))
    prices = unmet_gbp(evidence.instance, evidence.horizon, without.index, evidence.tables["schemes"])
    left = left * (np.arange(left.shape[1]) == left.shape[1] - 1)
    gbp = ((without + left) * prices).groupby(level=["locality", "pathway"]).sum()
    yield of_people("unmet", gbp)
    at_end = (pathways["delay_day_gbp"] * pathways["wait_days_max"]).where(never, 0.0)
    waiting.iloc[:, :-1] = 0.0
    yield of_people("unmet", waiting.mul(by_pathway.map(at_end).fillna(0.0), axis=0))


def queueing(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """People queueing by chance, at the site of a unit with a list of its own, nowhere where units share one."""
    lists = congested(evidence)
    price = lists.kinds["queue_day_gbp"].where(lists.kinds["congestion"] == "wait").fillna(0.0)
    people = lists.sums(evidence.wide("beds", "people_queueing", *UNIT))
    gbp = people.mul(price.reindex(people.index).astype(float), axis=0) * evidence.horizon.days
    units = lists.of_unit.groupby(lists.of_unit.to_numpy()).size()
    alone = gbp[[units[key] == 1 for key in gbp.index]]
    if len(alone):
        site_of = {key: unit[0] for unit, key in lists.of_unit.items()}
        keys = [(site_of[key], key[1]) for key in alone.index]
        yield at_site(evidence, "queueing", alone.set_axis(pd.MultiIndex.from_tuples(keys, names=UNIT)))
    shared = gbp[[units[key] > 1 for key in gbp.index]]
    nowhere = [""] * len(shared)
    yield indexed(shared, "queueing", [key[1] for key in shared.index], nowhere, nowhere, nowhere)
