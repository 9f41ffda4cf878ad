"""Queues and refusals of a plan, changed one number at a time: the checker finds each."""

from functools import cache

import pytest

from capplan.plan import solve
from capplan.solved import Plan
from capplan.solver_options import SolverOptions
from capplan.verify import verify
from tests.formulation.tiny import IN_BEDS, tiny

KINDS = {
    "wait": "bed_type,congestion,queue_day_gbp,wait_probability_max\nward,wait,50,0.5",
    "refuse": "bed_type,congestion,refusal_probability_max\nward,refuse,0.1",
}


@cache
def plan(kind: str) -> Plan:
    """Two units on one list, with people waiting at the start."""
    instance = tiny(
        IN_BEDS,
        sites="site,locality\nhill,north\ndale,north",
        site_beds="""
            site,bed_type,waiting_list,beds_min,beds_max,bed_day_gbp
            hill,ward,town,3,6,10
            dale,ward,town,0,6,12
            """,
        bed_types=KINDS[kind],
        packages="package,setting,bed_type,stay_days\nstay,bed,ward,5",
        waiting="locality,pathway,people\nnorth,going_home,2",
    )
    return solve(instance, options=SolverOptions(gap=1e-4, threads=1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_congested_plan_is_right(kind):
    congested = plan(kind)
    assert verify(congested.instance, congested.tables, objective=congested.objective) == ()


@pytest.mark.parametrize(
    ("kind", "column", "rule"),
    [
        ("wait", "people_queueing", "queue_minimum"),
        ("wait", "people_waiting", "waiting_counted"),
        ("wait", "wait_probability", "wait_probability"),
        ("refuse", "refusal_probability", "refusal_probability"),
        ("wait", "refusal_probability", "refusal_probability"),
    ],
)
def test_every_number_of_congestion_that_is_changed_is_found(kind, column, rule):
    congested = plan(kind)
    beds = congested.tables["beds"].copy()
    beds[column] = beds[column].fillna(0.0) + 3.0
    rules = {problem.rule for problem in verify(congested.instance, {**congested.tables, "beds": beds})}
    assert rule in rules


def test_people_who_are_refused_are_among_those_who_go_without():
    congested = plan("refuse")
    waiting = congested.tables["waiting"].assign(unmet=0.0)
    rules = {problem.rule for problem in verify(congested.instance, {**congested.tables, "waiting": waiting})}
    assert "refused_go_without" in rules


def test_a_service_level_that_is_not_kept_is_found():
    congested = plan("wait")
    stricter = tiny_with(
        congested, "bed_type,congestion,queue_day_gbp,wait_probability_max\nward,wait,50,0.001"
    )
    rules = {problem.rule for problem in verify(stricter, congested.tables)}
    assert "service_level_limit" in rules


def tiny_with(congested: Plan, bed_types: str):
    """The plan's instance with other bed types."""
    other = tiny(IN_BEDS, bed_types=bed_types)
    return congested.instance.replace(bed_types=other.written["bed_types"])
