"""Least-cost beds for people who queue, against published simulation.

Onen-Dumlu et al., Mathematical modelling and optimisation of intermediate care capacity (PLoS One 17(6), 2022,
e0268837), bed-based discharge pathways of an English system from 14 May to 31 December 2021: cost a week =
7 × (price × beds + £346 × mean people waiting), beds in steps of five, nobody waiting at the start. Costs are read
from the paper's figure.
"""

from math import exp, sqrt

import pytest

from capplan.instance import Instance
from capplan.plan import solve
from capplan.solved import Plan
from capplan.solver_options import SolverOptions
from capplan.verify import verify

DELAY_DAY_GBP = 346
MONTHS = ("2021-05", "2021-06", "2021-07", "2021-08", "2021-09", "2021-10", "2021-11", "2021-12")
PEOPLE_PER_DAY = {
    "p2": (7.3994, 7.6470, 8.7468, 8.7669, 8.9308, 9.0510, 8.9513, 8.8633),
    "p3": (6.2895, 6.4999, 7.4348, 7.4518, 7.5912, 7.6934, 7.6086, 7.5338),
}
IN_CARE = {"p2": 151, "p3": 172}
BED_DAY_GBP = {"p2": 150, "p3": 164}
CASES = [
    ("p2", (3.14, 0.7), 275, 295.7),
    ("p3", (3.55, 0.7), 335, 401.9),
    ("p2", (2.92, 0.5), 200, 213.7),
    ("p3", (3.21, 0.5), 220, 262.1),
]
READING = 1.5
"""How finely a cost can be read from the figure [£k a week]."""


def published(pathway: str, stay: tuple[float, float], sites: int = 1) -> Instance:
    """A case as an instance, its beds on one list of one or more sites."""
    mu, sigma = stay
    mean = exp(mu + sigma**2 / 2)
    sd = mean * sqrt(exp(sigma**2) - 1)
    referrals = [
        f"area,{pathway},{month},{people}"
        for month, people in zip(MONTHS, PEOPLE_PER_DAY[pathway], strict=True)
    ]
    units = [f"home{n},bed,county,500,5,{BED_DAY_GBP[pathway]}" for n in range(sites)]
    return Instance.from_frames(
        {
            "title": "Discharge to assess",
            "start": "2021-05-14",
            "periods": 8,
            "capacity_changes_every": 8,
            "change_gbp": 0,
            "opening": "census",
        },
        localities="locality\narea",
        sites="\n".join(["site,locality", *(f"home{n},area" for n in range(sites))]),
        bed_types=f"bed_type,congestion,queue_day_gbp\nbed,wait,{DELAY_DAY_GBP}",
        site_beds="\n".join(["site,bed_type,waiting_list,beds_max,beds_step,bed_day_gbp", *units]),
        pathways=f"pathway,direction,delay_day_gbp,unmet_gbp\n{pathway},step_down,{DELAY_DAY_GBP},never",
        packages="package,setting,bed_type,stay_days,stay_distribution,stay_sd_days\n"
        f"stay,bed,bed,{mean},lognormal,{sd}",
        eligibility=f"pathway,package\n{pathway},stay",
        referrals="\n".join(["locality,pathway,month,people_per_day", *referrals]),
        census=f"site,package,people\nhome0,stay,{IN_CARE[pathway]}",
    )


def solved(instance: Instance) -> Plan:
    """Its plan, to 0.05 %."""
    return solve(instance, options=SolverOptions(gap=0.0005, threads=1))


@pytest.mark.parametrize(("pathway", "stay", "beds", "thousand_gbp_a_week"), CASES)
def test_least_cost_beds_and_their_cost_are_those_of_the_simulation(pathway, stay, beds, thousand_gbp_a_week):
    plan = solved(published(pathway, stay))
    weeks = 232 / 7
    assert plan.tables["beds"]["beds_open"].unique() == pytest.approx(beds, abs=5)
    assert plan.objective / weeks / 1000 == pytest.approx(
        thousand_gbp_a_week, abs=0.01 * thousand_gbp_a_week + READING
    )
    assert plan.result.gap <= 0.0005
    assert verify(plan.instance, plan.tables, objective=plan.objective) == ()


def test_the_same_beds_spread_over_two_sites_on_one_list_cost_the_same():
    pathway, stay, _, _ = CASES[2]
    together, apart = solved(published(pathway, stay)), solved(published(pathway, stay, sites=2))
    assert apart.objective == pytest.approx(together.objective, rel=0.001)
