"""The model's page of names: its sets, parameters and variables, each with index, unit and a sentence."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Annotated

import numpy as np

from capplan import modelling as pyo
from capplan.formulation.components import Domain, Index, Parameter, Rounding, Variable, indices
from capplan.formulation.terms import Term, Terms
from capplan.funding import Budget, Member
from capplan.instance import Row
from capplan.parameters.data import Data
from capplan.parameters.loads import Needs
from capplan.parameters.streams import Stream
from capplan.parameters.targets import TargetRow
from capplan.parameters.teams import Help
from capplan.parameters.variants import InState
from capplan.parameters.waiting_lists import BedList
from capplan.queueing import Facet
from capplan.rollouts import JointState, Rollout, State, Touch

LETTERS = {
    "a": "row of the table `eligibility`",
    "b": "bed type",
    "c": "bed type that beds become",
    "d": "shift type (of duty)",
    "e": "decision point; `e(t)` is the last one at or before `t`, `e-1` the one before `e`",
    "f": "funder",
    "g": "target (goal)",
    "h": "hospital; empty: no hospital refers",
    "j": "scheme",
    "k": "package, or a later stage of its course, or a copy of either that schemes have changed",
    "l": "locality; of a team or scheme the area that it is for, empty: everywhere",
    "o": "row of the table `cover` (on duty)",
    "p": "pathway",
    "q": "waiting list of beds that congest (queue)",
    "r": "role",
    "s": "site; empty: at home",
    "t": "period",
    "u": "period of the start, `t` or earlier",
    "v": "group of places that one team or crew serves with one package (visits)",
    "w": "role or shift type whose hours are lent (workers)",
    "x": "hospital or sub-region with acute wards",
    "y": "financial year",
    "z": "home-care zone: localities that the same teams serve on the same roads",
}
"""What each index letter runs over, in code and docs alike; `l'` is another `l`. `m` is the model itself."""
WORDS = {
    "scope": "member of `for_each` that a target's row is of; empty: one row for all",
    "window": "window of a target: a period, a year or the whole horizon",
    "limit": "row of the table `limits`",
    "pool": "pool of budgets",
    "facet": "facet of the envelope of a queue",
    "member": "member of a gap between served shares",
    "which": "`highest` or `lowest` share",
    "sharing": "group of streams that may start on the same several lists",
    "group": "group of a stream's starts that are open in the same states of schemes",
    "joint": "group of roll-outs that change one number together",
    "state": "state of the roll-outs: what they have done to a number by then",
}
"""What runs over things too rare for a letter."""

Key = tuple[str, str]
StreamKey = tuple[str, str, str]
TargetKey = tuple[str, str, str]


class Model(pyo.ConcreteModel):
    """All that families, costs, tables and explanations read of a model; `formulation.build` fills it part by part.

    A name in capitals is a set. What is `Annotated` stands in the equations and in docs/formulation.md; the rest only
    helps to build them.
    """

    data: Data
    misses_targets: bool

    # Time
    PERIODS: Annotated[list[int], Index("t", "periods of the plan")]
    DECISIONS: Annotated[list[int], Index("e", "periods in which capacity may change")]
    days: Annotated[np.ndarray, Parameter("t", "days", "length of a period")]
    months: Annotated[np.ndarray, Parameter("t", "months", "length of a period")]
    periods_until_next: Annotated[
        dict[int, int], Parameter("e", "periods", "from a decision point to the next, or to the end")
    ]
    epoch: np.ndarray
    decision_set: frozenset[int]
    previous: dict[int, int]
    area: dict[str, frozenset[str]]

    # People
    STREAMS: Annotated[
        list[StreamKey], Index("l,h,p", "people of one locality, hospital and pathway; equal streams are one")
    ]
    OPTIONS: Annotated[
        list[tuple[str, str, str, str, str]], Index("l,h,p,k,s", "packages and places open to a stream")
    ]
    SITE_PACKAGES: Annotated[list[Key], Index("s,k", "packages that are given at a site")]
    HOME_PACKAGES: Annotated[list[Key], Index("z,k", "packages that are given at home in a zone")]
    WAIT_GROUPS: Annotated[
        list[Key], Index("l,p", "streams whose pathway limits the wait, hospitals together")
    ]
    OPENING_GROUPS: Annotated[list[Key], Index("l,p", "streams of a steady opening, hospitals together")]
    LIMITED_SHARES: Annotated[
        list[tuple[str, str, str, int]],
        Index("l,p,k,a", "packages that suit only a share of a pathway's people"),
    ]
    stream: dict[tuple[str, ...], Stream]
    group: dict[Key, list[Stream]]
    starting_at: dict[Key, list[tuple[str, ...]]]
    starting_home: dict[Key, list[tuple[str, ...]]]
    limited: dict[tuple[str, str, str, int], tuple[list[tuple[str, ...]], list[tuple[float, Stream]]]]
    people_at_most: Annotated[
        dict[StreamKey, np.ndarray],
        Parameter("l,h,p,t", "people", "most of a stream who can have come by then, whatever goes live"),
    ]
    starts: Annotated[
        pyo.Var,
        Variable(
            ("OPTIONS", "PERIODS"),
            "people",
            Domain.NOT_NEGATIVE,
            "people who start a package; `s` is empty at home",
        ),
    ]
    waiting: Annotated[
        pyo.Var,
        Variable(
            ("STREAMS", "PERIODS"), "people", Domain.NOT_NEGATIVE, "people waiting at the end of a period"
        ),
    ]
    unmet: Annotated[
        pyo.Var, Variable(("STREAMS", "PERIODS"), "people", Domain.NOT_NEGATIVE, "people who go without")
    ]
    starts_at: Annotated[
        pyo.Var,
        Variable(
            ("SITE_PACKAGES", "PERIODS"), "people", Domain.NOT_NEGATIVE, "starts at a site, of all streams"
        ),
    ]
    starts_home: Annotated[
        pyo.Var,
        Variable(
            ("HOME_PACKAGES", "PERIODS"),
            "people",
            Domain.NOT_NEGATIVE,
            "starts at home in a zone, of all streams",
        ),
    ]
    starts_so_far: Annotated[
        pyo.Var,
        Variable(
            ("LIMITED_SHARES", "PERIODS"),
            "people",
            Domain.NOT_NEGATIVE,
            "starts from the beginning, on one row's terms",
        ),
    ]

    # Beds
    UNITS: Annotated[list[Key], Index("s,b", "units: the beds of one type at one site")]
    SITES: Annotated[list[str], Index("s", "sites with a unit")]
    STEPPED_UNITS: Annotated[list[Key], Index("s,b", "units whose beds open and close in steps")]
    SIZED_UNITS: Annotated[list[Key], Index("s,b", "units with a smallest size")]
    SPOT_UNITS: Annotated[list[Key], Index("s,b", "units with beds bought for one person at a time")]
    CONVERSIONS: Annotated[list[tuple[str, str, str]], Index("s,b,c", "changes of type that beds may make")]
    CONVERTIBLE_UNITS: Annotated[list[Key], Index("s,b", "units whose beds may change their type")]
    SWITCHED_SITES: Annotated[
        list[str],
        Index(
            "s",
            "sites that cost something by the month while open, or may not open or close again; others are simply open",
        ),
    ]
    NO_REOPENING: Annotated[list[str], Index("s", "switched sites that may not open")]
    NO_CLOSING: Annotated[list[str], Index("s", "switched sites that may not close")]
    SITE_LINKS: Annotated[
        list[tuple[str, str, str, str]], Index("l,h,s,p", "streams that may start at a switched site")
    ]
    units_at: dict[str, list[Key]]
    conversion: dict[tuple[str, str, str], Row]
    converted_in: dict[Key, list[tuple[str, str, str]]]
    converted_out: dict[Key, list[tuple[str, str, str]]]
    packages_in: dict[Key, list[str]]
    census_days: Annotated[
        dict[Key, np.ndarray], Parameter("s,b,t", "bed days", "person-days of people in care at the start")
    ]
    beds_open: Annotated[
        pyo.Var,
        Variable(
            ("UNITS", "DECISIONS"),
            "beds",
            Domain.WHOLE,
            "beds open from a decision point to the next; in steps where there are any",
            Rounding.BEDS,
        ),
    ]
    beds_opened: Annotated[
        pyo.Var, Variable(("UNITS", "DECISIONS"), "beds", Domain.NOT_NEGATIVE, "beds that open there")
    ]
    beds_closed: Annotated[
        pyo.Var, Variable(("UNITS", "DECISIONS"), "beds", Domain.NOT_NEGATIVE, "beds that close there")
    ]
    bed_steps: Annotated[
        pyo.Var,
        Variable(
            ("STEPPED_UNITS", "DECISIONS"),
            "steps",
            Domain.WHOLE,
            "steps of beds that are open",
            Rounding.BEDS,
        ),
    ]
    beds_converted: Annotated[
        pyo.Var,
        Variable(
            ("CONVERSIONS", "DECISIONS"),
            "beds",
            Domain.WHOLE,
            "beds that change their type",
            Rounding.CONVERSIONS,
        ),
    ]
    site_is_open: Annotated[
        pyo.Var,
        Variable(
            ("SWITCHED_SITES", "DECISIONS"),
            "",
            Domain.YES_OR_NO,
            "whether a site may have beds",
            Rounding.OPENINGS,
        ),
    ]
    unit_is_open: Annotated[
        pyo.Var,
        Variable(
            ("SIZED_UNITS", "DECISIONS"),
            "",
            Domain.YES_OR_NO,
            "whether a unit has any beds",
            Rounding.OPENINGS,
        ),
    ]
    spot_beds: Annotated[
        pyo.Var,
        Variable(
            ("SPOT_UNITS", "PERIODS"), "beds", Domain.NOT_NEGATIVE, "beds bought for one person at a time"
        ),
    ]
    people_days: Annotated[
        pyo.Var,
        Variable(("UNITS", "PERIODS"), "bed days", Domain.NOT_NEGATIVE, "person-days in a unit's beds"),
    ]

    # Beds that congest
    BED_LISTS: Annotated[list[Key], Index("q,b", "waiting lists for beds that congest")]
    PRICED_LISTS: Annotated[list[Key], Index("q,b", "lists whose queue has a price")]
    OWN_OPENINGS: Annotated[list[Key], Index("q,b", "lists that need a binary of their own")]
    FACETS: Annotated[list[int], Index("facet", "facets of a queue that are laid at first")]
    SHARING: Annotated[list[int], Index("sharing", "groups of streams that may start on several lists")]
    SHARED_LISTS: Annotated[
        list[tuple[int, str, str]],
        Index("sharing,q,b", "groups of streams and the lists that they may start on"),
    ]
    LIST_LINKS: Annotated[
        list[tuple[str, ...]],
        Index("l,h,p,q,b", "streams that may start on a list, no scheme changing their number"),
    ]
    bed_list: dict[Key, BedList]
    first_facets: dict[Key, list[Facet]]
    waiting_alone: dict[Key, list[Stream]]
    sharing: dict[int, tuple[tuple[Key, ...], list[Stream]]]
    sharing_of: dict[Key, list[int]]
    queue_by_chance: Annotated[
        pyo.Var,
        Variable(
            ("PRICED_LISTS", "PERIODS"),
            "people",
            Domain.NOT_NEGATIVE,
            "people who queue because beds are full by chance, beyond those who wait anyway",
        ),
    ]
    list_is_open: Annotated[
        pyo.Var,
        Variable(
            ("OWN_OPENINGS", "DECISIONS"),
            "",
            Domain.YES_OR_NO,
            "whether any bed of a list is open; `unit_is_open` where a single unit has that",
            Rounding.OPENINGS,
        ),
    ]
    waiting_shared: Annotated[
        pyo.Var,
        Variable(
            ("SHARED_LISTS", "PERIODS"),
            "people",
            Domain.NOT_NEGATIVE,
            "who of those that may start on several lists counts as waiting for each",
        ),
    ]

    # Hours that people need
    SERVED: Annotated[list[int], Index("v", "groups of places that one team or crew serves with one package")]
    served: dict[tuple[tuple[float, tuple[str, str, str]], ...], int]
    places_served: dict[int, tuple[tuple[float, tuple[str, str, str]], ...]]
    needs: dict[str, dict[Key, Needs]]
    starts_served: Annotated[
        pyo.Var,
        Variable(
            ("SERVED", "PERIODS"),
            "people",
            Domain.NOT_NEGATIVE,
            "starts that a team or crew serves, scaled by road",
        ),
    ]

    # Staff
    TEAMS: Annotated[list[Key], Index("l,r", "teams that people need, in post or not")]
    STAFFED: Annotated[list[Key], Index("l,r", "teams with a row of `staff`")]
    STEPPED_TEAMS: Annotated[list[Key], Index("l,r", "teams that recruit in steps other than whole posts")]
    HIRING_LIMITED: Annotated[list[Key], Index("l,r", "teams that can recruit only so many at once")]
    WITH_AGENCY: Annotated[list[Key], Index("l,r", "teams that agency staff can help out")]
    role: dict[str, Row]
    arrivals: Annotated[
        dict[Key, np.ndarray],
        Parameter("l,r,t", "WTE", "people recruited before the plan who start work in the period"),
    ]
    hours_needed: Annotated[
        pyo.Var, Variable(("TEAMS", "PERIODS"), "hours", Domain.NOT_NEGATIVE, "contact hours asked of a team")
    ]
    wte: Annotated[pyo.Var, Variable(("STAFFED", "PERIODS"), "WTE", Domain.NOT_NEGATIVE, "WTE in post")]
    wte_left: Annotated[
        pyo.Var, Variable(("STAFFED", "DECISIONS"), "WTE", Domain.NOT_NEGATIVE, "WTE released")
    ]
    wte_hired: Annotated[
        pyo.Var,
        Variable(
            ("STAFFED", "DECISIONS"),
            "WTE",
            Domain.WHOLE,
            "recruits decided on; in steps where there are any",
            Rounding.POSTS,
        ),
    ]
    hire_steps: Annotated[
        pyo.Var,
        Variable(("STEPPED_TEAMS", "DECISIONS"), "steps", Domain.WHOLE, "steps of recruits", Rounding.POSTS),
    ]
    agency_hours: Annotated[
        pyo.Var,
        Variable(("WITH_AGENCY", "PERIODS"), "hours", Domain.NOT_NEGATIVE, "contact hours of agency staff"),
    ]

    # Shifts
    CREWS: Annotated[list[Key], Index("l,d", "crews that people need, on duty or not")]
    ON_DUTY: Annotated[list[Key], Index("l,d", "crews with a row of `shifts`")]
    WITH_SPOT_CARE: Annotated[list[Key], Index("l,d", "crews whose care can be bought by the hour")]
    COVER: Annotated[list[int], Index("o", "rows of `cover`")]
    shift_type: dict[str, Row]
    cover: dict[int, Row]
    covered_by: dict[int, list[Key]]
    duty_days: dict[str, np.ndarray]
    care_hours_needed: Annotated[
        pyo.Var, Variable(("CREWS", "PERIODS"), "hours", Domain.NOT_NEGATIVE, "care hours asked of a crew")
    ]
    shifts_on_duty: Annotated[
        pyo.Var, Variable(("ON_DUTY", "DECISIONS"), "crews", Domain.WHOLE, "crews on duty", Rounding.SHIFTS)
    ]
    shifts_added: Annotated[
        pyo.Var, Variable(("ON_DUTY", "DECISIONS"), "crews", Domain.NOT_NEGATIVE, "crews added there")
    ]
    shifts_dropped: Annotated[
        pyo.Var, Variable(("ON_DUTY", "DECISIONS"), "crews", Domain.NOT_NEGATIVE, "crews dropped there")
    ]
    spot_care_hours: Annotated[
        pyo.Var,
        Variable(
            ("WITH_SPOT_CARE", "PERIODS"),
            "hours",
            Domain.NOT_NEGATIVE,
            "care hours bought for one person at a time",
        ),
    ]

    # Hours that are lent
    HELP: Annotated[list[tuple[str, str, str]], Index("w,l,l'", "teams and crews, and whom they may help")]
    HELPERS: Annotated[list[Key], Index("w,l", "teams and crews that may help")]
    helping: dict[Key, list[Help]]
    helped: dict[Key, list[Help]]
    hours_lent: Annotated[
        pyo.Var,
        Variable(("HELP", "PERIODS"), "hours", Domain.NOT_NEGATIVE, "hours that a team gives to another"),
    ]

    # Limits and targets
    LEAST: Annotated[list[tuple[str, int]], Index("limit,t", "limits from below, and when they hold")]
    MOST: Annotated[list[tuple[str, int]], Index("limit,t", "limits from above, and when they hold")]
    limit: dict[str, Row]
    limited_resources: dict[str, list[Key]]
    TARGETS_MIN: Annotated[list[TargetKey], Index("g,scope,window", "imposed targets for at least so much")]
    TARGETS_MAX: Annotated[list[TargetKey], Index("g,scope,window", "imposed targets for at most so much")]
    ELASTIC_TARGETS: Annotated[list[TargetKey], Index("g,scope,window", "imposed targets that may be missed")]
    GAPS: Annotated[
        list[TargetKey], Index("g,scope,window", "imposed targets on a gap between served shares")
    ]
    GAP_MEMBERS: Annotated[
        list[tuple[str, str, str, int]], Index("g,scope,window,member", "members that a gap compares")
    ]
    target: dict[TargetKey, TargetRow]
    target_shortfall: Annotated[
        pyo.Var,
        Variable(
            ("ELASTIC_TARGETS",), "people, days or £", Domain.NOT_NEGATIVE, "by how much a target is missed"
        ),
    ]
    highest_share: Annotated[
        pyo.Var, Variable(("GAPS",), "share", Domain.NOT_NEGATIVE, "served share of the best served member")
    ]
    lowest_share: Annotated[
        pyo.Var, Variable(("GAPS",), "share", Domain.NOT_NEGATIVE, "served share of the worst served member")
    ]
    SHARES_IF_LIVE: Annotated[
        list[tuple[str, str, str, str, str, str, int]],
        Index("which,g,scope,window,j,l,e", "go-lives that change what the shares of a gap are shares of"),
    ]
    share_at_most: Annotated[
        dict[TargetKey, float],
        Parameter("g,scope,window", "share", "at least any member's served share, whatever goes live"),
    ]
    share_if_live: Annotated[
        pyo.Var,
        Variable(
            ("SHARES_IF_LIVE",),
            "share",
            Domain.NOT_NEGATIVE,
            "that share if a scheme goes live there and then, else 0",
        ),
    ]

    # Budgets
    BUDGETS: Annotated[list[Key], Index("f,y", "imposed budgets")]
    MEMBERS: Annotated[list[tuple[str, str, str]], Index("pool,f,y", "members of pools")]
    POOLS: Annotated[list[Key], Index("pool,y", "pools of budgets")]
    budget: dict[Key, Budget]
    member: dict[tuple[str, str, str], Member]
    transferred_gbp: Annotated[
        pyo.Var,
        Variable(
            ("MEMBERS",), "£", Domain.ANY, "what a funder receives from a pool in a year; negative: gives"
        ),
    ]

    # Schemes
    ROLLOUTS: Annotated[list[Key], Index("j,l", "roll-outs whose go-live is to be decided")]
    GO_LIVES: Annotated[list[tuple[str, str, int]], Index("j,l,e", "roll-outs and when they may go live")]
    MANDATORY: Annotated[list[Key], Index("j,l", "roll-outs that have to go live")]
    LIMITED_GO_LIVES: Annotated[
        list[tuple[str, int]], Index("j,e", "schemes that may go live in only so many localities at once")
    ]
    ORDER_POINTS: Annotated[
        list[tuple[str, str, str, str, int]],
        Index("j,l,j',l',e", "roll-outs, what they require, and when they may go live"),
    ]
    EXCLUDED: Annotated[
        list[tuple[str, str, str, str]], Index("j,l,j',l'", "roll-outs that exclude each other")
    ]
    AFTER_PILOT: Annotated[
        list[tuple[str, str, int]],
        Index("j,l,e", "roll-outs that wait for a pilot, and when they may go live"),
    ]
    JOINT_STATES: Annotated[
        list[tuple[int, int]],
        Index("joint,state", "states in which roll-outs that change one number can meet"),
    ]
    MARGINALS: Annotated[
        list[tuple[int, str, str, int]],
        Index("joint,j,l,state", "states that one roll-out of them can be in"),
    ]
    STARTS_IN_STATE: Annotated[
        list[tuple[str, str, str, int]],
        Index("l,h,p,group", "starts that are open in the same states of schemes"),
    ]
    CHANGED_SITES: Annotated[list[str], Index("s", "sites that a scheme makes larger or smaller")]
    UNMET_MOMENTS: Annotated[
        list[tuple[str, str, str, int]],
        Index(
            "l,h,p,t",
            "streams and periods where schemes change what it costs to go without; the last: the end",
        ),
    ]
    UNMET_STATES: Annotated[
        list[tuple[str, str, str, int, int]], Index("l,h,p,t,state", "those, and the states of the schemes")
    ]
    rollout: dict[Key, Rollout]
    ordered: list[tuple[str, str, str, str]]
    touches: list[Touch]
    joint_number: dict[Touch, int]
    joint_touch: dict[int, Touch]
    joint_states: dict[int, tuple[JointState, ...]]
    marginal: dict[tuple[int, str, str, int], tuple[tuple[int, ...], int, State]]
    starts_in_state: dict[tuple[str, str, str, int], InState]
    unmet_touch: dict[StreamKey, Touch]
    unmet_states: dict[StreamKey, tuple[JointState, ...]]
    the_end: int
    site_touch: dict[str, Touch]
    beds_max_at_most: Annotated[
        dict[str, float], Parameter("s", "beds", "most beds that ever fit into a site, whatever goes live")
    ]
    go_live: Annotated[
        pyo.Var,
        Variable(
            ("GO_LIVES",),
            "",
            Domain.YES_OR_NO,
            "a scheme goes live, in a locality or everywhere",
            Rounding.GO_LIVES,
        ),
    ]
    joint_state: Annotated[
        pyo.Var,
        Variable(
            ("JOINT_STATES", "PERIODS"),
            "share",
            Domain.NOT_NEGATIVE,
            "whether these states meet in a period: at most 1, and 0 or 1 by its links",
        ),
    ]
    unmet_in_state: Annotated[
        pyo.Var,
        Variable(
            ("UNMET_STATES",),
            "people",
            Domain.NOT_NEGATIVE,
            "who goes without, by the state of the schemes that change what that costs",
        ),
    ]

    # Acute wards
    ACUTE: Annotated[list[str], Index("x", "hospitals or sub-regions with acute wards that may close")]
    bed_days_freed: Annotated[
        pyo.Var,
        Variable(
            ("ACUTE", "PERIODS"),
            "acute bed days",
            Domain.ANY,
            "acute bed days freed beyond the baselines; below them negative",
        ),
    ]
    wards_closed: Annotated[
        pyo.Var,
        Variable(("ACUTE", "DECISIONS"), "wards", Domain.WHOLE, "acute wards closed so far", Rounding.WARDS),
    ]
    any_ward_closed: Annotated[
        pyo.Var,
        Variable(("ACUTE", "DECISIONS"), "", Domain.YES_OR_NO, "whether any ward is closed", Rounding.WARDS),
    ]

    # Money
    cost_terms: dict[str, tuple[Term, ...]]
    spent: Annotated[
        dict[Key, Terms],
        Parameter("f,y", "£", "cash that a funder spends in a year on what it funds: a sum of terms"),
    ]
    cost: pyo.Objective

    def declare(self, *names: str) -> None:
        """Adds variables of this page to the model, over sets that it has by then."""
        for name in names:
            record = VARIABLES[name]
            index = list(indices(self, record.sets))
            setattr(self, name, pyo.Var(index, within=record.domain.in_pyomo))


def _records() -> dict[str, Index | Parameter | Variable]:
    records: dict[str, Index | Parameter | Variable] = {}
    for name, annotation in inspect.get_annotations(Model, eval_str=True).items():
        if hasattr(annotation, "__metadata__"):
            records[name] = annotation.__metadata__[0]
    return records


NUMBERS: Mapping[str, Parameter] = {
    "referrals": Parameter("l,h,p,t", "people", "people referred, with what schemes change of them"),
    "refused_per_start": Parameter(
        "k", "people", "people turned away for every one who starts, where full beds refuse"
    ),
    "days_in_care": Parameter(
        "k,u,t",
        "days",
        "days in care in period t of a person who starts in u: over all t they add up to the stay",
    ),
    "available": Parameter("s,b,t", "share", "share of the period in which a unit's beds can be had"),
    "hours": Parameter("k,r,u,t", "hours", "contact hours that a start in u asks of a role in t"),
    "care_hours_per_start": Parameter(
        "k,d,u,t", "hours", "care hours that a start in u asks of a shift type in t"
    ),
    "census_hours": Parameter(
        "l,r,t", "hours", "hours that people in care at the start ask of a team or crew"
    ),
    "scale": Parameter("v,z", "", "hours of the team's own kind for one contact hour in a zone or at a site"),
    "contact_hours": Parameter(
        "l,r,t", "hours", "contact hours that one WTE gives, after travel between homes"
    ),
    "care_hours": Parameter(
        "l,d,t", "hours", "care hours that one crew on duty gives, after travel between homes"
    ),
    "turnover": Parameter(
        "r,t", "share", "share of posts that fall vacant, once the plan's own recruits can arrive"
    ),
    "mean_waiting": Parameter(
        "q,b,t", "people", "people who wait for this list alone, mean of both ends of the period"
    ),
    "alpha": Parameter("q,b,facet", "people a bed", "slope of a facet of the queue in the beds of its list"),
    "beta": Parameter(
        "q,b,facet", "people a person", "slope of a facet of the queue in the load of its list"
    ),
    "gamma": Parameter("q,b,facet", "people", "height of a facet of the queue, where the list is open"),
    "slope": Parameter("q,b", "people a bed", "load allowed for one more bed"),
    "intercept": Parameter(
        "q,b", "people", "load allowed at no bed, on a line that lies above what every size allows"
    ),
    "smallest": Parameter("q,b", "beds", "beds of the smallest size of a list"),
    "largest": Parameter("q,b", "beds", "beds of the largest size of a list"),
    "achieved": Parameter("g,scope,window", "people, days or £", "what counts towards a target, see below"),
    "required": Parameter("g,scope,window", "people, days or £", "what a target asks for, see below"),
    "more_referrals": Parameter(
        "j,l,e", "people", "referrals of a member of a gap that a go-live adds; negative: takes"
    ),
    "most_below": Parameter(
        "x,e",
        "acute bed days",
        "how far discharges and diversions can stay below their baselines until the next decision",
    ),
}
"""What stands in the equations and is worked out where a row is written."""
RECORDS = _records()
"""What the page says of each name that stands in the equations, in its order."""
SETS: Mapping[str, Index] = {name: one for name, one in RECORDS.items() if isinstance(one, Index)}
PARAMETERS: Mapping[str, Parameter] = {n: one for n, one in RECORDS.items() if isinstance(one, Parameter)}
VARIABLES: Mapping[str, Variable] = {name: one for name, one in RECORDS.items() if isinstance(one, Variable)}


def variables_rounded(rounding: Rounding) -> list[str]:
    """The variables whose whole numbers a dive rounds together."""
    return [name for name, one in VARIABLES.items() if one.rounded is rounding]


def letters_of(sets: tuple[str, ...]) -> tuple[str, ...]:
    """The index letters of some sets together."""
    return tuple(letter for name in sets for letter in SETS[name].letters.split(","))
