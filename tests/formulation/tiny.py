"""Instances small enough to work out by hand, and short ways to read the plans made for them.

All are of weeks in February 2018, from Monday the 5th, unless a test says otherwise: February has 28 days and no
bank holiday, so that a week is a quarter of a month. Seven people a week are referred, one a day. Nobody is in care
before the start, changes cost nothing, and stays are fixed: of a stay of 7 days that begins at a random moment of a
week, 3.5 days fall into that week and 3.5 into the next.
"""

from collections.abc import Mapping
from typing import Any

from capplan.instance import Instance
from capplan.plan import solve
from capplan.schema.settings import Settings
from capplan.solved import Plan
from capplan.solver_options import SolverOptions
from capplan.verify import verify

EXACT = SolverOptions(gap=1e-9, threads=1)
WEEKS = ("2018-02-05", "2018-02-12", "2018-02-19", "2018-02-26")
SETTINGS = {
    "title": "Tiny",
    "start": WEEKS[0],
    "period": "week",
    "periods": 2,
    "capacity_changes_every": 1,
    "change_gbp": 0,
    "opening": "empty",
}
Tables = Mapping[str, str]

AT_HOME: Tables = {
    "localities": """
        locality
        north
        """,
    "pathways": """
        pathway,direction,delay_day_gbp,unmet_gbp
        going_home,step_down,100,1000
        """,
    "packages": """
        package,setting,stay_days,stay_distribution
        care,home,7,fixed
        """,
    "eligibility": """
        pathway,package
        going_home,care
        """,
    "referrals": """
        locality,pathway,people_per_week
        north,going_home,7
        """,
}
"""One a day goes home with care that needs nobody's time."""

IN_BEDS: Tables = {
    **AT_HOME,
    "sites": """
        site,locality
        hill,north
        """,
    "bed_types": """
        bed_type,occupancy_max
        ward,1
        """,
    "site_beds": """
        site,bed_type,beds_max,bed_day_gbp
        hill,ward,20,10
        """,
    "packages": """
        package,setting,bed_type,stay_days,stay_distribution
        stay,bed,ward,7,fixed
        """,
    "eligibility": """
        pathway,package
        going_home,stay
        """,
}
"""One a day goes into a bed for a week: 3.5 beds are full in the first week, 7 in every later one."""

WITH_TEAM: Tables = {
    **AT_HOME,
    "roles": """
        role,contact_hours_per_week
        worker,7
        """,
    "staff": """
        locality,role,wte,wte_max,wte_month_gbp
        north,worker,0,20,400
        """,
    "package_hours": """
        package,role,hours_per_week
        care,worker,7
        """,
}
"""One a day goes home with an hour a day from a worker who has an hour a day: 3.5 WTE, then 7 (for £100 a week)."""

WITH_CREW: Tables = {
    **AT_HOME,
    "shift_types": """
        shift_type,days,start,hours,care_hours
        day,all,08:00,8,1
        """,
    "shifts": """
        locality,shift_type,shifts,shifts_max,shift_gbp
        north,day,0,20,10
        """,
    "package_care": """
        package,shift_type,care_hours_per_day
        care,day,1
        """,
}
"""One a day goes home with an hour a day from crews that give an hour a day: 3.5 crews, then 7 (for £70 a week)."""


def tiny(*parts: Tables, **changes: Any) -> Instance:
    """The tables of the parts, later ones in place of earlier ones, and other tables (as CSV) or settings."""
    settings = {name: value for name, value in changes.items() if name in Settings.model_fields}
    tables = {name: text for part in parts for name, text in part.items()}
    tables |= {name: text for name, text in changes.items() if name not in settings}
    return Instance.from_frames({**SETTINGS, **settings}, **tables)


def plan_for(*parts: Tables, with_today: bool = False, **changes: Any) -> Plan:
    """The cheapest plan for `tiny` of the same; `with_today`, today's capacity is solved beside it."""
    return solve(tiny(*parts, **changes), options=EXACT, with_today=with_today)


def checked_plan_for(*parts: Tables, **changes: Any) -> Plan:
    """The cheapest plan for `tiny` of the same, in which the independent checker finds nothing wrong."""
    plan = plan_for(*parts, **changes)
    assert verify(plan.instance, plan.tables, objective=plan.objective) == ()
    return plan


def numbers(plan: Plan, table: str, column: str, **where: str) -> list[float]:
    """A column of a result table in its order, of the rows with these keys, without solver dust."""
    rows = plan.tables[table]
    for key, name in where.items():
        rows = rows[rows[key] == name]
    return [round(float(number), 6) for number in rows[column]]


def starts(plan: Plan, **where: str) -> list[float]:
    """People who start, by period."""
    rows = plan.tables["starts"]
    for key, name in where.items():
        rows = rows[rows[key] == name]
    periods = sorted(plan.tables["waiting"]["period"].unique())
    return [round(float(rows.loc[rows["period"] == period, "people"].sum()), 6) for period in periods]


def gbp(plan: Plan, item: str, **where: str) -> float:
    """What an item of the `costs` table comes to [£]."""
    return round(sum(numbers(plan, "costs", "gbp", item=item, **where)), 6)


def target(plan: Plan, column: str, **where: str) -> list[Any]:
    """A column of the `targets` table."""
    rows = plan.tables["targets"]
    for key, name in where.items():
        rows = rows[rows[key] == name]
    return [value if isinstance(value, (bool, str)) else round(float(value), 6) for value in rows[column]]
