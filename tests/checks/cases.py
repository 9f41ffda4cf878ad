"""A small instance without any fault, and a way to put one in."""

from functools import cache
from io import StringIO
from textwrap import dedent

import pandas as pd

from capplan.checks import RULES, check
from capplan.errors import Problem, Severity
from capplan.instance import Instance
from capplan.schema.canonical import dtype
from capplan.schema.settings import Settings
from capplan.schema.tables import TABLES as SCHEMA

SETTINGS = {"title": "Clean", "start": "2017-04-01", "periods": 12, "price_year": "2017/18"}
BY_NAME = {rule.__name__: rule for rule in RULES}
TABLES = {
    "localities": """
        locality,name,latitude,longitude,population_65_plus,network,home_travel_share
        town,Town,51.3,-2.0,6000,west,0.1
        village,Village,51.4,-2.1,4000,west,0.2
        """,
    "hospitals": """
        hospital,name,sub_region
        infirmary,Infirmary,north
        """,
    "catchments": """
        locality,hospital,share
        town,infirmary,1
        village,infirmary,1
        """,
    "sites": """
        site,name,locality,provider,kind,beds_max
        cottage,Cottage Hospital,town,nhs,community_hospital,30
        manor,Manor House,village,homes_ltd,care_home,12
        """,
    "travel": """
        locality,site,minutes
        village,cottage,25
        """,
    "bed_types": """
        bed_type,occupancy_max
        ic,0.9
        """,
    "site_beds": """
        site,bed_type,beds,beds_min,beds_max,bed_day_gbp
        cottage,ic,16,0,24,150
        manor,ic,4,0,10,120
        """,
    "roles": """
        role,contact_hours_per_week,turnover_per_year,recruitment_periods
        rsw,25,0.2,2
        """,
    "staff": """
        locality,role,wte,wte_max,wte_month_gbp
        all,rsw,8,20,2300
        """,
    "shift_types": """
        shift_type,days,start,hours,care_hours
        day,all,08:00,8,6
        """,
    "shifts": """
        locality,shift_type,shifts,shifts_max,shift_gbp
        all,day,3,6,160
        """,
    "pathways": """
        pathway,direction,delay_day_gbp,wait_days_max,unmet_gbp
        rehab,step_down,300,20,3000
        crisis,step_up,never,,1500
        """,
    "packages": """
        package,setting,bed_type,stay_days,stay_distribution,stay_sd_days
        ic_bed,bed,ic,28,lognormal,14
        reable,home,,35,exponential,
        urgent,home,,3,fixed,
        """,
    "package_hours": """
        package,role,from_day,to_day,hours_per_week
        reable,rsw,0,14,7
        reable,rsw,14,,3
        """,
    "package_care": """
        package,shift_type,care_hours_per_day
        urgent,day,1.5
        """,
    "eligibility": """
        pathway,package,success,share_max
        rehab,ic_bed,0.8,1
        rehab,reable,0.7,0.6
        crisis,urgent,0.75,1
        """,
    "referrals": """
        locality,pathway,people_per_month
        town,rehab,20
        village,rehab,10
        town,crisis,24
        village,crisis,16
        """,
    "targets": """
        target,metric,sense,value,unit,baseline,pathway
        home_sooner,discharges,min,25,per_month,20,rehab
        avoided,diversion_rate,min,0.6,share,,crisis
        """,
}


def build(edits: dict[str, tuple[str, str]] | None = None, **given: object) -> Instance:
    """`edits` replaces one text by another in a table; keywords give whole tables (as CSV) or settings."""
    tables = {**TABLES, **{name: text for name, text in given.items() if name in SCHEMA}}
    for name, (old, new) in (edits or {}).items():
        assert old in tables[name], f"{old!r} is not in {name}"
        tables[name] = tables[name].replace(old, new)
    settings = {name: value for name, value in given.items() if name not in SCHEMA}
    written = {name: typed(name, text) for name, text in tables.items()}
    return Instance(Settings.model_validate({**SETTINGS, **settings}), written)


@cache
def typed(name: str, text: str) -> pd.DataFrame:
    """A table as `assemble` would write it, without its checks of single cells."""
    frame = pd.read_csv(StringIO(dedent(text).strip()), dtype=str)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    for column in frame.columns.intersection(SCHEMA[name].spellings):
        cells, kind = frame[column], dtype(SCHEMA[name].column(column))
        if kind == "float64":
            cells = cells.replace("never", "inf")
        elif kind == "boolean":
            cells = cells.map({"yes": True, "no": False})
        elif kind.startswith("datetime"):
            cells = pd.to_datetime(cells)
        frame[column] = cells.astype(kind)
    return frame


def problems_of(instance: Instance, rule: str) -> list[Problem]:
    """What one rule says about an instance."""
    return list(check(instance, [BY_NAME[rule]]))


def only(instance: Instance, rule: str, severity: Severity = Severity.ERROR) -> Problem:
    """The only problem that a rule finds, of the severity expected."""
    problems = problems_of(instance, rule)
    assert len(problems) == 1, problems
    assert problems[0].severity is severity
    return problems[0]


def place(problem: Problem) -> tuple[str, int | None, str | None]:
    """Table, row and column of a problem."""
    return problem.table, problem.row, problem.column
