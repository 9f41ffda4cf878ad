"""Full beds make people queue or turn them away, by chance: small units need more empty beds than large ones."""

from math import factorial

import numpy as np
import pytest

from capplan.formulation.build import build
from capplan.parameters.prepare import prepare
from capplan.search.find_plan import find_plan
from capplan.search.lazy_rows import LazyRows
from capplan.solver import highs
from capplan.solver.compiled import compile_model
from capplan.verify import verify
from tests.formulation.tiny import EXACT, IN_BEDS, gbp, numbers, plan_for, starts, tiny

shows = pytest.mark.shows

STEADY = {"opening": "steady", "periods": 1}
"""One a day for seven days each: seven people in care at any moment, if nobody is turned away."""
SEVEN = 7.0


def bed_type(**cells: object) -> dict[str, str]:
    """The ward's beds, otherwise."""
    row = {"bed_type": "ward"} | cells
    return {"bed_types": f"{','.join(row)}\n{','.join(str(value) for value in row.values())}"}


def waits(queue_day_gbp: object = 50, **cells: object) -> dict[str, str]:
    """People queue for the ward's beds."""
    return bed_type(congestion="wait", queue_day_gbp=queue_day_gbp, **cells)


RANDOM_STAY = {"packages": "package,setting,bed_type,stay_days\nstay,bed,ward,7"}
"""Exponential stays, for which Erlang's formulas are exact."""


def loss(beds: int, load: float) -> float:
    """Erlang B, as it is written in textbooks."""
    terms = [load**k / factorial(k) for k in range(beds + 1)]
    return terms[-1] / sum(terms)


def delay(beds: int, load: float) -> float:
    """Erlang C, as it is written in textbooks."""
    last = load**beds / factorial(beds) * beds / (beds - load)
    return last / (sum(load**k / factorial(k) for k in range(beds)) + last)


def queue(beds: int, load: float) -> float:
    """People waiting in M/M/n."""
    return delay(beds, load) * load / (beds - load)


def checked(plan):
    """The plan, after the independent checker had nothing to say."""
    assert verify(plan.instance, plan.tables, objective=plan.objective) == ()
    return plan


@shows("queue_minimum", "cost queueing")
def test_empty_beds_are_bought_until_the_queue_they_save_is_cheaper():
    plan = checked(plan_for(IN_BEDS, RANDOM_STAY, waits(), **STEADY))
    cost = {n: 7 * (10 * n + 50 * queue(n, SEVEN)) for n in range(8, 21)}
    best = min(cost, key=cost.get)
    assert numbers(plan, "beds", "beds_open") == [best]
    assert plan.objective == pytest.approx(cost[best], rel=1e-6)
    assert numbers(plan, "beds", "people_queueing") == pytest.approx([queue(best, SEVEN)], abs=1e-6)
    assert numbers(plan, "beds", "wait_probability") == pytest.approx([delay(best, SEVEN)], abs=1e-6)
    assert gbp(plan, "queueing") == pytest.approx(7 * 50 * queue(best, SEVEN), abs=1e-4)
    assert plan.result.gap < 1e-6


@shows("service_level_limit")
@pytest.mark.parametrize(("most", "beds"), [(0.5, 9), (0.2, 11), (0.05, 13)])
def test_so_many_beds_are_open_that_no_more_people_wait_than_agreed(most, beds):
    assert delay(beds, SEVEN) <= most < delay(beds - 1, SEVEN)
    plan = checked(plan_for(IN_BEDS, RANDOM_STAY, waits("", wait_probability_max=most), **STEADY))
    assert numbers(plan, "beds", "beds_open") == [beds]
    assert numbers(plan, "beds", "wait_probability") == pytest.approx([delay(beds, SEVEN)], abs=1e-6)


def refuses(most: float) -> dict[str, str]:
    """Full beds of the ward turn people away."""
    return bed_type(congestion="refuse", refusal_probability_max=most)


def test_beds_that_refuse_are_filled_by_those_who_are_taken_and_the_others_go_without():
    plan = checked(plan_for(IN_BEDS, RANDOM_STAY, refuses(0.1), **STEADY))
    # 7 are offered a bed on average; of 10 beds fewer than 1 in 10 finds none.
    assert loss(10, SEVEN) <= 0.1 < loss(9, SEVEN)
    assert numbers(plan, "beds", "beds_open") == [10]
    assert numbers(plan, "beds", "people_in_care") == pytest.approx([0.9 * SEVEN])
    assert numbers(plan, "beds", "refusal_probability") == pytest.approx([loss(10, SEVEN)], abs=1e-6)
    assert starts(plan) == pytest.approx([0.9 * 7])
    assert numbers(plan, "waiting", "unmet") == pytest.approx([0.1 * 7])
    assert gbp(plan, "unmet") == pytest.approx(0.1 * 7 * 1000)


TWO_SITES = {
    "sites": "site,locality\nhill,north\ndale,north",
}


def two_units(waiting_list: str) -> dict[str, str]:
    """A unit on the hill and one in the dale."""
    rows = [f"{site},ward,{waiting_list},20,10" for site in ("hill", "dale")]
    return {**TWO_SITES, "site_beds": "\n".join(["site,bed_type,waiting_list,beds_max,bed_day_gbp", *rows])}


@shows("list_size_minimum", "list_open_link")
def test_units_on_one_list_congest_as_one_large_unit():
    plan = checked(plan_for(IN_BEDS, RANDOM_STAY, two_units("county"), waits(), **STEADY))
    alone = plan_for(IN_BEDS, RANDOM_STAY, waits(), **STEADY)
    assert plan.objective == pytest.approx(alone.objective, rel=1e-6)
    assert sum(numbers(plan, "beds", "people_queueing")) == pytest.approx(
        numbers(alone, "beds", "people_queueing")[0], abs=1e-5
    )


@shows("list_link")
def test_a_relaxation_that_may_not_start_people_on_a_closed_list_is_dearer_and_the_plan_the_same():
    dear = {"site_beds": "site,bed_type,beds_max,unit_beds_min,bed_day_gbp\nhill,ward,40,9,10"}
    m = build(tiny(IN_BEDS, RANDOM_STAY, dear, waits(), **STEADY))
    compiled, lazy = compile_model(m), LazyRows(m, compile_model(m))
    loose = highs.solve(compiled.relaxed(), EXACT)
    broken = lazy.broken(loose.values)
    assert len(broken) == 1
    tight = highs.solve(lazy.added_to(compiled, broken).relaxed(), EXACT)
    plan = find_plan(m, compiled, EXACT)[1]
    # 7 people in care of 40 beds that a full unit would have: without the link about a fifth of a unit is open.
    assert loose.objective < tight.objective <= plan.objective


def test_a_unit_that_is_closed_may_still_have_beds_for_one_person():
    spot = {
        "site_beds": "site,bed_type,beds_max,unit_beds_min,bed_day_gbp,spot_bed_day_gbp\nhill,ward,40,9,10,11"
    }
    m = build(tiny(IN_BEDS, RANDOM_STAY, spot, waits(), **STEADY))
    compiled, lazy = compile_model(m), LazyRows(m, compile_model(m))
    plan = find_plan(m, compiled, EXACT)[1]
    in_use = {name: compiled.columns_of(getattr(m, name).values()) for name in ("beds_open", "spot_beds")}
    assert plan.values[in_use["beds_open"]].sum() == 0
    assert plan.values[in_use["spot_beds"]].min() > 1
    assert not len(lazy.broken(plan.values))
    every = lazy.added_to(compiled, np.arange(len(lazy)))
    assert every.is_plan(plan.values)


OVERLOADED = {
    "opening": "empty",
    "periods": 2,
    "referrals": "locality,pathway,people_per_week\nnorth,going_home,14",
    "pathways": "pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_down,100,never",
    "waiting": "locality,pathway,people\nnorth,going_home,10",
}


@shows("waiting_shared_limit")
def test_people_who_wait_anyway_are_not_counted_once_more_in_a_queue_by_chance():
    few = {"site_beds": "site,bed_type,beds_max,bed_day_gbp\nhill,ward,4,10\ndale,ward,4,10", **TWO_SITES}
    plan = checked(plan_for(IN_BEDS, RANDOM_STAY, few, waits(), **OVERLOADED))
    at_end = numbers(plan, "waiting", "waiting_at_end")
    mean = [(10 + at_end[0]) / 2, (at_end[0] + at_end[1]) / 2]
    beds = plan.tables["beds"].groupby("period")
    assert (beds["people_waiting"].sum() <= [n + 1e-6 for n in mean]).all()
    # Far more wait for the season than would by chance: nothing is left to be charged.
    assert gbp(plan, "queueing") == pytest.approx(0, abs=0.1)
    assert (plan.tables["beds"]["people_in_care"] < 4).all()


def test_a_closed_unit_has_no_queue():
    plan = checked(
        plan_for(
            IN_BEDS,
            RANDOM_STAY,
            waits(),
            referrals="locality,pathway,people_per_week\nnorth,going_home,0.01",
            pathways="pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_down,100,1",
            **STEADY,
        )
    )
    assert numbers(plan, "beds", "beds_open") == [0]
    assert numbers(plan, "beds", "people_queueing") == [0]


def test_todays_beds_are_priced_with_their_queue():
    today = {"site_beds": "site,bed_type,beds,beds_max,bed_day_gbp\nhill,ward,9,20,10"}
    plan = plan_for(IN_BEDS, RANDOM_STAY, today, waits(), with_today=True, **STEADY)
    assert plan.today is not None
    assert plan.today.objective == pytest.approx(7 * (90 + 50 * queue(9, SEVEN)), rel=1e-6)


def test_beds_open_in_steps_where_people_queue():
    steps = {"site_beds": "site,bed_type,beds_max,beds_step,bed_day_gbp\nhill,ward,40,4,10"}
    plan = checked(plan_for(IN_BEDS, RANDOM_STAY, steps, waits(), **STEADY))
    cost = {n: 7 * (10 * n + 50 * queue(n, SEVEN)) for n in range(8, 41, 4)}
    assert numbers(plan, "beds", "beds_open") == [min(cost, key=cost.get)]


def test_the_stays_of_a_list_vary_as_the_mixture_of_its_packages_does():
    mixed = {
        "packages": """
            package,setting,bed_type,stay_days,stay_distribution
            short,bed,ward,2,fixed
            long,bed,ward,12,fixed
            """,
        "eligibility": "pathway,package,share_max\ngoing_home,short,0.5\ngoing_home,long,0.5",
    }
    (one,) = prepare(tiny(IN_BEDS, mixed, waits())).bed_lists.values()
    # Half 2 and half 12 days: a mean of 7 and a variance of 25.
    assert one.cv_squared == pytest.approx(25 / 49)
