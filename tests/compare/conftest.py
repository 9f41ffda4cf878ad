"""Plans of the tiny instance, each solved once, and what they are compared as."""

from pathlib import Path

import pandas as pd
import pytest

import capplan
from capplan.compare import ComparedRun

TINY = Path(__file__).parents[2] / "instances" / "tiny"


@pytest.fixture(scope="session")
def instance():
    return capplan.read(TINY)


@pytest.fixture(scope="session")
def base(instance):
    return ComparedRun("base", capplan.solve(instance))


@pytest.fixture(scope="session")
def more_discharges(instance):
    plan = capplan.solve(instance, scenario="more_discharges")
    return ComparedRun("more_discharges", plan, "more_discharges")


@pytest.fixture(scope="session")
def town_only(instance):
    return ComparedRun("town_only", capplan.solve(instance, scenario="town_only"), "town_only")


@pytest.fixture(scope="session")
def four_months(instance):
    return ComparedRun("four_months", capplan.solve(instance, sets=["instance.periods = 4"]))


@pytest.fixture(scope="session")
def as_is(base):
    return ComparedRun("as_is", base.solved.today)


@pytest.fixture(scope="session")
def grown(instance):
    return ComparedRun("grown", capplan.solve(with_third_locality(instance)))


def with_third_locality(instance):
    east = pd.DataFrame(
        {
            "locality": ["eastwick"],
            "name": ["Eastwick"],
            "population_65_plus": [0.0],
            "home_travel_share": [0.25],
        },
        index=pd.Index([9], name="row"),
    )
    road = pd.DataFrame(
        {"locality": ["eastwick"], "site": ["cottage"], "minutes": [20.0]}, index=pd.Index([9], name="row")
    )
    localities, travel = instance.written["localities"], instance.written["travel"]
    return instance.replace(localities=pd.concat([localities, east]), travel=pd.concat([travel, road]))
