"""The search on congested models that are large: a first plan in quarters, bounds by the month."""

import pytest

from capplan.errors import UsageError
from capplan.formulation.build import build
from capplan.instance import Instance
from capplan.search import congested, pricing, relaxation
from capplan.search.find_plan import find_plan
from capplan.solver.compiled import compile_model
from capplan.solver_options import SolverOptions
from tests.formulation.tiny import IN_BEDS, SETTINGS

GAP = 1e-3


def two_years(**changes: object):
    """Two sites by the month, decisions once a year, one site with a cost of its own."""
    tables = {
        **IN_BEDS,
        "sites": "site,locality,open_gbp_per_month\nhill,north,0\ndale,north,300",
        "site_beds": """
            site,bed_type,beds,beds_max,unit_beds_min,bed_day_gbp,opening_gbp_per_bed
            hill,ward,3,8,2,30,40
            dale,ward,0,8,2,24,40
            """,
        "bed_types": "bed_type,congestion,queue_day_gbp\nward,wait,60",
        "packages": "package,setting,bed_type,stay_days\nstay,bed,ward,7",
        "referrals": "locality,pathway,people_per_week,growth_per_year\nnorth,going_home,5,0.2",
        "pathways": "pathway,direction,delay_day_gbp,unmet_gbp\ngoing_home,step_down,70,4000",
    }
    settings = {
        **SETTINGS,
        "start": "2018-04-01",
        "period": "month",
        "periods": 12,
        "capacity_changes_every": 6,
        "opening": "steady",
    }
    return Instance.from_frames({**settings, **changes}, **tables)


@pytest.mark.parametrize("changes", [{}, {"capacity_changes_every": 4}])
def test_the_way_of_large_models_leads_to_the_same_plan(monkeypatch, changes):
    m = build(two_years(**changes))
    compiled, options = compile_model(m), SolverOptions(gap=GAP, threads=1)
    _, directly = find_plan(m, compiled, options)
    monkeypatch.setattr(relaxation, "LARGE", 0)
    monkeypatch.setattr(pricing, "LARGE", 0)
    _, by_diving = find_plan(m, compiled, options)
    assert by_diving.objective == pytest.approx(directly.objective, rel=GAP)
    assert by_diving.bound <= directly.objective * (1 + 1e-6)
    assert by_diving.gap <= GAP


def test_a_first_plan_is_found_by_diving(monkeypatch):
    monkeypatch.setattr(relaxation, "LARGE", 0)
    m = build(two_years())
    compiled = compile_model(m)
    search = congested.Search(m, compiled, congested.Clock.started(SolverOptions(threads=1)), None)
    search.find_first_plan()
    assert search.incumbent.objective is not None
    assert search.relaxation.relax().objective <= search.incumbent.objective


def test_links_that_quarters_break_are_in_the_months_from_the_beginning(monkeypatch):
    monkeypatch.setattr(relaxation, "LARGE", 0)
    options = SolverOptions(threads=1)
    months, quarters = (
        build(two_years(period=period, periods=n, capacity_changes_every=every))
        for period, n, every in (("month", 12, 6), ("quarter", 4, 2))
    )
    clock = congested.Clock.started(options)
    fine, coarse = (
        relaxation.Relaxation(m, compile_model(m), clock, congested.Incumbent(clock))
        for m in (months, quarters)
    )
    coarse.relax()
    fine.learn(coarse)
    there, here = (
        {name.rsplit(",", 1)[0] for name in one.compiled.extra_row_names} for one in (coarse, fine)
    )
    assert there
    assert here == there
    assert len(fine.compiled.extra_row_names) == 3 * len(coarse.compiled.extra_row_names)


def test_a_search_over_openings_alone_bounds_every_plan(monkeypatch):
    monkeypatch.setattr(relaxation, "LARGE", 0)
    m = build(two_years())
    compiled = compile_model(m)
    search = congested.Search(m, compiled, congested.Clock.started(SolverOptions(gap=GAP, threads=1)), None)
    relaxed = search.relaxation.relax()
    openings = search.openings_alone(search.relaxation.extend())
    _, best = find_plan(m, compiled, SolverOptions(gap=GAP, threads=1))
    assert relaxed.objective < openings.bound <= best.objective * (1 + 1e-6)


def test_another_solver_cannot_plan_with_congestion():
    m = build(two_years())
    with pytest.raises(UsageError, match="congestion needs the solver highs, not cbc"):
        find_plan(m, compile_model(m), SolverOptions(solver="cbc"))
