"""Aggregation: people whom the model cannot tell apart are one stream, and get their parts back afterwards."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from capplan.demand import Demand
from capplan.parameters.prepare import prepare
from capplan.parameters.streams import Stream, group_name, split
from capplan.plan import solve
from capplan.solver_options import SolverOptions
from tests.formulation.tiny import AT_HOME, WITH_TEAM, Tables, tiny
from tests.strategies import instance_with, tiny_instance

CLOSE = SolverOptions(gap=1e-6, threads=1)

FOUR_STREAMS: Tables = {
    "localities": "locality,population_65_plus\nnorth,1000\nsouth,1000",
    "hospitals": "hospital\nroyal\ngeneral",
    "referrals": """
        locality,hospital,pathway,people_per_week
        north,royal,going_home,7
        north,general,going_home,3
        south,royal,going_home,14
        south,general,going_home,6
        """,
}
"""Both localities send 7 in 10 of their people to the same hospital."""
WAIT_LIMIT: Tables = {
    "pathways": """
        pathway,direction,delay_day_gbp,wait_days_max,unmet_gbp
        going_home,step_down,100,2,1000
        """
}


def streams_of(*parts: Tables, **changes: object) -> list[tuple[str, str]]:
    """Locality and hospital of every stream."""
    return [stream.key[:2] for stream in prepare(tiny(*parts, **changes)).streams]


def test_equal_streams_merge():
    assert streams_of(AT_HOME, FOUR_STREAMS) == [("north+1", "general+1")]


def test_without_aggregation_every_locality_and_hospital_stays_apart():
    found = prepare(tiny(AT_HOME, FOUR_STREAMS), is_aggregated=False).streams
    assert len(found) == 4


def test_a_target_for_one_hospital_splits_its_people_from_the_others():
    aim = "target,metric,sense,value,unit,hospital\naim,discharges,min,3,per_week,royal"
    assert streams_of(AT_HOME, FOUR_STREAMS, targets=aim) == [("north+1", "general"), ("north+1", "royal")]


def test_a_target_that_is_only_reported_splits_nobody():
    aim = "target,metric,sense,value,unit,hospital\naim,discharges,min,,per_week,royal"
    assert streams_of(AT_HOME, FOUR_STREAMS, targets=aim) == [("north+1", "general+1")]


def test_a_target_for_one_locality_splits_its_people_from_the_others():
    aim = "target,metric,sense,value,unit,locality\naim,discharges,min,3,per_week,south"
    assert streams_of(AT_HOME, FOUR_STREAMS, targets=aim) == [("north", "general+1"), ("south", "general+1")]


def test_different_terms_split():
    terms = "pathway,package,locality,success\ngoing_home,care,north,0.9\ngoing_home,care,south,0.8"
    assert len(streams_of(AT_HOME, FOUR_STREAMS, eligibility=terms)) == 2


def test_teams_of_their_own_split_localities():
    team = "locality,role,wte_max,wte_month_gbp"
    own = f"{team}\nnorth,worker,9,400\nsouth,worker,9,400"
    assert len(streams_of(WITH_TEAM, FOUR_STREAMS, staff=own)) == 2
    assert len(streams_of(WITH_TEAM, FOUR_STREAMS, staff=f"{team}\nall,worker,9,400")) == 1


def test_roads_of_their_own_split_localities_where_a_team_drives_on_them():
    roads = {"localities": "locality,population_65_plus,home_travel_share\nnorth,1000,0.1\nsouth,1000,0.2"}
    team = "locality,role,wte_max,wte_month_gbp\nall,worker,9,400"
    assert len(streams_of(WITH_TEAM, FOUR_STREAMS, roads, staff=team)) == 2
    assert len(streams_of(AT_HOME, FOUR_STREAMS, roads)) == 1


def test_localities_with_a_limit_on_waits_merge_only_in_proportion():
    south_grows = """
        locality,hospital,pathway,people_per_week,growth_per_year
        north,royal,going_home,7,0
        south,royal,going_home,14,0.5
        """
    assert len(streams_of(AT_HOME, FOUR_STREAMS, WAIT_LIMIT)) == 1
    assert len(streams_of(AT_HOME, FOUR_STREAMS, WAIT_LIMIT, referrals=south_grows)) == 2
    assert len(streams_of(AT_HOME, FOUR_STREAMS, referrals=south_grows)) == 1


def test_a_share_of_the_referrals_merges_only_in_proportion():
    share = {"eligibility": "pathway,package,share_max\ngoing_home,care,0.5"}
    waiting = {"waiting": "locality,hospital,pathway,people\nnorth,royal,going_home,3"}
    assert len(streams_of(AT_HOME, FOUR_STREAMS, share)) == 1
    assert len(streams_of(AT_HOME, FOUR_STREAMS, share, waiting)) == 2
    assert len(streams_of(AT_HOME, FOUR_STREAMS, waiting)) == 1


def test_localities_with_a_limit_merge_only_where_hospitals_that_are_told_apart_send_as_many_of_each():
    other_mix = """
        locality,hospital,pathway,people_per_week
        north,royal,going_home,7
        north,general,going_home,3
        south,royal,going_home,6
        south,general,going_home,14
        """
    aim = "target,metric,sense,value,unit,hospital\naim,discharges,min,3,per_week,royal"
    assert len(streams_of(AT_HOME, FOUR_STREAMS, WAIT_LIMIT, targets=aim)) == 2
    assert len(streams_of(AT_HOME, FOUR_STREAMS, WAIT_LIMIT, targets=aim, referrals=other_mix)) == 4
    assert len(streams_of(AT_HOME, FOUR_STREAMS, WAIT_LIMIT, referrals=other_mix)) == 1


def test_a_group_is_called_by_its_first_member_and_how_many_more():
    assert group_name(["south"]) == "south"
    assert group_name(["west", "north", "south"]) == "north+2"


def test_each_member_takes_part_in_proportion_to_who_is_there():
    demand = _demand(np.array([[6.0, 2.0], [2.0, 2.0]]), np.array([2.0, 0.0]))
    parts = split(_stream(demand), demand, starts=np.array([5.0, 4.0]), unmet=np.array([1.0, 0.0]))
    # 8 of 10 in the first period are of the first member: 4 of 5 starts, 0.8 of 1 unmet, 3.2 of 4 wait.
    assert parts.share_of_starts[:, 0] == pytest.approx([0.8, 0.2])
    assert parts.unmet[:, 0] == pytest.approx([0.8, 0.2])
    assert parts.waiting[:, 0] == pytest.approx([3.2, 0.8])
    # Then 5.2 and 2.8 of 8.
    assert parts.share_of_starts[:, 1] == pytest.approx([0.65, 0.35])
    assert parts.waiting[:, 1] == pytest.approx([5.2 / 2, 2.8 / 2])


def _demand(referrals: np.ndarray, waiting: np.ndarray) -> Demand:
    """One pathway, no hospital, a locality for each row."""
    localities = tuple(f"l{i}" for i in range(len(referrals)))
    return Demand(localities, ("",), ("p",), referrals[:, None, None, :], waiting[:, None, None])


def _stream(demand: Demand) -> Stream:
    members = tuple((i, 0) for i in range(len(demand.localities)))
    referrals, waiting = demand.referrals[:, 0, 0].sum(axis=0), float(demand.waiting.sum())
    return Stream("l0+", "", "p", members, (), {}, referrals, waiting)


PEOPLE = st.floats(0, 50).map(lambda number: round(number, 3))


@given(st.data())
def test_the_split_sums_up_and_keeps_every_balance(data):
    members, periods = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 5))
    numbers = st.lists(PEOPLE, min_size=members * periods, max_size=members * periods)
    referrals = np.array(data.draw(numbers)).reshape(members, periods)
    before = np.array(data.draw(st.lists(PEOPLE, min_size=members, max_size=members)))
    shares = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=periods, max_size=periods)
    starts, unmet, there = [], [], before.sum()
    for t, (leaving, starting) in enumerate(data.draw(shares)):
        there += referrals[:, t].sum()
        starts.append(there * leaving * starting)
        unmet.append(there * leaving * (1 - starting))
        there -= starts[-1] + unmet[-1]
    demand = _demand(referrals, before)
    parts = split(_stream(demand), demand, np.array(starts), np.array(unmet))
    own_starts = parts.share_of_starts * np.array(starts)
    assert own_starts.sum(axis=0) == pytest.approx(np.array(starts), abs=1e-6)
    assert parts.unmet.sum(axis=0) == pytest.approx(np.array(unmet), abs=1e-6)
    assert parts.waiting[:, -1].sum() == pytest.approx(there, abs=1e-6)
    previous = np.column_stack([before, parts.waiting[:, :-1]])
    assert parts.waiting == pytest.approx(previous + referrals - own_starts - parts.unmet, abs=1e-6)
    for part in (own_starts, parts.unmet, parts.waiting):
        assert (part >= -1e-9).all()


TWO_OF_EACH = ("second_locality", "second_hospital", "waiting")


@pytest.mark.parametrize(
    "instance",
    [
        *(tiny_instance(seed) for seed in (1, 12, 28)),
        instance_with([*TWO_OF_EACH, "step_up", "steps"], 2),
        instance_with([*TWO_OF_EACH, "soft_target", "season", "busy_month", "empty_opening"], 2),
        instance_with([*TWO_OF_EACH, "hard_target", "fewer_delays", "empty_opening"], 2),
        instance_with([*TWO_OF_EACH, "onward", "staff", "local_teams", "census"], 2),
    ],
    ids=lambda instance: instance.settings.description,
)
def test_the_aggregated_optimum_is_the_plain_one(instance):
    together, apart = (solve(instance, options=CLOSE, is_aggregated=is_one) for is_one in (True, False))
    assert together.result.columns < apart.result.columns
    assert together.objective == pytest.approx(apart.objective, rel=1e-5)
    keys = ["locality", "hospital", "pathway", "period", "referrals"]
    assert_frame_equal(together.tables["waiting"][keys], apart.tables["waiting"][keys])


@pytest.mark.parametrize("seed", [0, 5])
def test_the_costs_table_sums_to_what_the_solver_found(seed):
    plan = solve(tiny_instance(seed), options=CLOSE)
    # The bound comes from the solver's own objective, the table from the contributors and the values of the plan.
    assert plan.tables["costs"]["gbp_discounted"].sum() == pytest.approx(plan.result.bound, rel=1e-5)
