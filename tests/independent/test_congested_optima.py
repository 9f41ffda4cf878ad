"""Small congested instances, every number of beds priced one by one: the search finds the cheapest and proves it."""

from itertools import product

import numpy as np
import pytest

from capplan.formulation.build import build
from capplan.instance import Instance
from capplan.search.find_plan import find_plan
from capplan.solver.compiled import compile_model
from capplan.solver_options import SolverOptions
from tests.formulation.tiny import IN_BEDS, tiny

GAP = 1e-4
OPTIONS = SolverOptions(gap=GAP, threads=1)
LARGEST = 5
CONGESTION = {
    "wait": "bed_type,congestion,queue_day_gbp\nward,wait,60",
    "wait at most": "bed_type,congestion,queue_day_gbp,wait_probability_max\nward,wait,20,0.3",
    "refuse": "bed_type,congestion,refusal_probability_max\nward,refuse,0.2",
}


def two_sites(congestion: str, waiting_list: str, spot_bed_day_gbp: str) -> Instance:
    """Two sites with a unit each, one of which costs something to keep open; more people come in the second week."""
    spot = spot_bed_day_gbp
    rows = [
        f"hill,ward,{waiting_list},2,{LARGEST},30,40,{spot}",
        f"dale,ward,{waiting_list},0,{LARGEST},24,40,",
    ]
    return tiny(
        IN_BEDS,
        sites="site,locality,open_gbp_per_month\nhill,north,0\ndale,north,80",
        site_beds="\n".join(
            [
                "site,bed_type,waiting_list,beds,beds_max,bed_day_gbp,opening_gbp_per_bed,spot_bed_day_gbp",
                *rows,
            ]
        ),
        bed_types=CONGESTION[congestion],
        packages="package,setting,bed_type,stay_days,stay_distribution,stay_sd_days\nstay,bed,ward,4,gamma,2.5",
        referrals="locality,pathway,month,people_per_week\nnorth,going_home,2018-02,4\nnorth,going_home,2018-03,6",
        pathways="pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_down,70,400",
        opening="empty",
        periods=4,
        capacity_changes_every=4,
    )


@pytest.mark.parametrize(
    ("congestion", "waiting_list", "spot_bed_day_gbp"),
    [
        *((name, "", "") for name in CONGESTION),
        ("wait", "town", ""),
        ("wait", "", "34"),
        ("wait", "town", "34"),
    ],
)
def test_the_search_finds_what_pricing_every_number_of_beds_finds(congestion, waiting_list, spot_bed_day_gbp):
    m = build(two_sites(congestion, waiting_list, spot_bed_day_gbp))
    compiled = compile_model(m)
    beds = compiled.columns_of(m.beds_open[site, "ward", 0] for site in ("hill", "dale"))

    def cost(*numbers: int) -> float:
        """Of so many beds; infinite where they fit no plan."""
        given = np.array(numbers, dtype=float)
        found = find_plan(m, compiled.with_bounds(beds, given, given), OPTIONS)[1].objective
        return float("inf") if found is None else found

    _, found = find_plan(m, compiled, OPTIONS)
    cheapest = min(cost(*numbers) for numbers in product(range(LARGEST + 1), repeat=2))
    assert found.objective == pytest.approx(cheapest, rel=GAP)
    assert found.bound <= cheapest * (1 + 1e-9)
    assert found.gap <= GAP
