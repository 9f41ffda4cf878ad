"""Two units that share one waiting list never cost more than the same two run apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capplan.plan import solve
from capplan.solver_options import SolverOptions
from tests.formulation.tiny import IN_BEDS, tiny
from tests.strategies import examples

GAP = 1e-4


def two_units(waiting_list: str, price: int, people: float, stay_days: float, congestion: str):
    """Two units of one town; without a list each has its own."""
    rows = [f"{site},ward,{waiting_list},12,{price}" for site in ("hill", "dale")]
    return tiny(
        IN_BEDS,
        sites="site,locality\nhill,north\ndale,north",
        site_beds="\n".join(["site,bed_type,waiting_list,beds_max,bed_day_gbp", *rows]),
        bed_types=congestion,
        packages=f"package,setting,bed_type,stay_days\nstay,bed,ward,{stay_days}",
        referrals=f"locality,pathway,people_per_week\nnorth,going_home,{people}",
        opening="steady",
        periods=1,
    )


CONGESTION = (
    "bed_type,congestion,queue_day_gbp\nward,wait,60",
    "bed_type,congestion,wait_probability_max\nward,wait,0.1",
    "bed_type,congestion,refusal_probability_max\nward,refuse,0.05",
)


@pytest.mark.parametrize("congestion", CONGESTION)
@settings(max_examples=examples(3))
@given(
    price=st.integers(5, 60),
    people=st.floats(1, 12).map(lambda number: round(number, 1)),
    stay_days=st.sampled_from([3, 7, 10]),
)
def test_pooling_two_equal_units_never_costs_more_than_running_them_apart(
    congestion, price, people, stay_days
):
    pooled, apart = (
        solve(
            two_units(name, price, people, stay_days, congestion), options=SolverOptions(gap=GAP, threads=1)
        ).objective
        for name in ("town", "")
    )
    assert pooled <= apart * (1 + GAP) + 1e-6
