"""The result tables of a plan, as data: what makers fill, the checker counts, and every reader shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from capplan.results.columns import Column, Kind, ResultTable

BY_CHANCE = "where the bed type congests"
ACUTE_WARD = "acute_ward"
"""What a decision on a ward of a hospital is about: wards have no key of their own."""
SOLVED_AGAIN = "found by solving again: only a solver can count it"


def _name(name: str, help: str, *tables: str) -> Column:
    return Column(name, Kind.NAME, help, names_in=tables)


def _word(name: str, help: str, rules: str = "") -> Column:
    return Column(name, Kind.WORD, help, counted_by=tuple(rules.split()))


def _date(name: str, help: str, heading: str, rules: str = "") -> Column:
    return Column(name, Kind.DATE, help, heading=heading, counted_by=tuple(rules.split()))


def _number(name: str, rules: str, unit: str, heading: str, help: str, *, empty: bool = False) -> Column:
    return Column(name, Kind.NUMBER, help, unit, heading, may_be_empty=empty, counted_by=tuple(rules.split()))


def _money(name: str, rules: str, unit: str, heading: str, help: str, *, empty: bool = False) -> Column:
    return Column(name, Kind.MONEY, help, unit, heading, may_be_empty=empty, counted_by=tuple(rules.split()))


def _share(name: str, rules: str, heading: str, help: str, *, kind: Kind = Kind.SHARE) -> Column:
    return Column(name, kind, help, kind.value, heading, may_be_empty=True, counted_by=tuple(rules.split()))


def _yes_no(name: str, rules: str, heading: str, help: str, *, empty: bool = False) -> Column:
    return Column(
        name, Kind.YES_NO, help, heading=heading, may_be_empty=empty, counted_by=tuple(rules.split())
    )


PERIOD = _date("period", "First day of the period.", "Period from")
LOCALITY = _name("locality", "Where the people live.", "localities")
HOSPITAL = _name("hospital", "The hospital that refers; empty: none.", "hospitals")
PATHWAY = _name("pathway", "The pathway.", "pathways")
PACKAGE = _name("package", "The package.", "packages")
SITE = _name("site", "The site.", "sites")
BED_TYPE = _name("bed_type", "The bed type.", "bed_types")
SCHEME = _name("scheme", "The scheme.", "schemes")
PROVIDER = Column("provider", Kind.TEXT, "Who runs or supplies it; empty where nobody is named.")
FUNDER = Column("funder", Kind.TEXT, "Who pays; empty where `funding` names nobody.")
YEAR = Column("year", Kind.TEXT, "The financial year.")

SUMMARY = ResultTable(
    "summary",
    "Measures of the whole plan, beside those of today's capacity",
    "Costs in all, of what is paid and what is notional, and by item; people by direction, and who goes without by "
    "year; what is open at the end; how much the plan leans on spot and agency; targets met; the gap of every budget. "
    "What begins with do_nothing is the same with today's capacity.",
    ("measure",),
    (
        _word("measure", "What is measured."),
        _number("value", "agreement.summary", "in the unit named", "Value", "Its value."),
        _word("unit", "The unit of the value.", "agreement.summary"),
    ),
    rows_by=("agreement.summary",),
)

DECISIONS = ResultTable(
    "decisions",
    "What to sign, by when, and what it costs",
    "Every change of beds, posts, shifts and acute wards, and every scheme that goes live. A post that is filled on "
    "the day on which another is given up is one change, by the earlier decision.",
    ("what", "where", "from"),
    (
        _name(
            "what",
            "Bed type, role, shift type, scheme or `acute_ward`.",
            *("bed_types", "roles", "shift_types", "schemes"),
        ),
        _name(
            "where",
            "Site, team, hospital or sub-region; of a scheme the locality, empty: everywhere.",
            *("sites", "localities", "hospitals"),
        ),
        _date("from", "First day of the change.", "From"),
        _number(
            "change",
            "decisions.changes",
            "beds, WTE, crews, wards or schemes",
            "Change",
            "How many more; below 0: fewer; 1 for a scheme.",
        ),
        _date(
            "decide_by",
            "Last day to decide: from less lead or notice.",
            "Decide by",
            "decisions.terms",
        ),
        _money(
            "one_off_gbp",
            "decisions.amounts",
            "£",
            "One-off cost",
            "What the change costs once, at the price year's prices.",
        ),
        _money(
            "part_year_gbp",
            "decisions.amounts",
            "£",
            "Cost to the end of the financial year",
            "Running cost to the end of that financial year, at the price year's prices; of a ward what it releases "
            "after double running.",
        ),
        _money(
            "full_year_gbp",
            "decisions.amounts",
            "£ a year",
            "Full-year cost",
            "Running cost of a full year, at the price year's prices.",
        ),
        replace(PROVIDER, counted_by=("decisions.terms",)),
    ),
    rows_by=("decisions.changes",),
)

BEDS = ResultTable(
    "beds",
    "Beds open, how they change and how full they are",
    "Beds of a type at a site in a period. Where the bed type congests, people queue because beds are full by chance.",
    ("site", "bed_type", "period"),
    (
        SITE,
        BED_TYPE,
        PERIOD,
        _number("beds_open", "beds.bed_balance", "beds", "Beds open", "Beds open."),
        _number("beds_opened", "beds.bed_balance", "beds", "Beds opened", "Beds that open."),
        _number("beds_closed", "beds.bed_balance", "beds", "Beds closed", "Beds that close."),
        _number(
            "beds_converted",
            "beds.bed_balance",
            "beds",
            "Beds converted, in less out",
            "Beds that become beds of this type, less those that become others.",
        ),
        _number(
            "spot_beds",
            "costs.costs beds.no_bed_negative",
            "beds",
            "Spot beds",
            "Beds bought for one person at a time, mean.",
        ),
        _number(
            "people_in_care",
            "care.people_in_beds",
            "people, mean",
            "People in care",
            "People in these beds on average over the period.",
        ),
        _share(
            "occupancy",
            "beds.occupancy",
            "Occupancy",
            "People in care ÷ (beds open that are available + spot beds); empty without beds.",
        ),
        _number(
            "people_queueing",
            "congestion.queues",
            "people, mean",
            "Queueing by chance",
            f"People who queue because beds are full by chance, beyond people_waiting, {BY_CHANCE}; the list's, shared "
            "over its units by beds available.",
            empty=True,
        ),
        _number(
            "people_waiting",
            "congestion.waiting_counted",
            "people, mean",
            "Waiting anyway",
            f"People who wait anyway and were counted on the list, {BY_CHANCE}; shared in the same way.",
            empty=True,
        ),
        _share(
            "refusal_probability",
            "congestion.probabilities",
            "Turned away",
            f"Chance of being turned away from the list's whole beds, {BY_CHANCE} and people are refused.",
            kind=Kind.CHANCE,
        ),
        _share(
            "wait_probability",
            "congestion.probabilities",
            "Having to wait",
            f"Chance of having to wait for the list's whole beds, {BY_CHANCE} and people wait.",
            kind=Kind.CHANCE,
        ),
    ),
    rows_by=("rows.rows_there",),
)

SITES = ResultTable(
    "sites",
    "Whether a site is open",
    "A site whose opening costs nothing is open while it has beds.",
    ("site", "period"),
    (SITE, PERIOD, _yes_no("is_open", "beds.sites_open beds.site_capacity", "Open", "Whether it is open.")),
    rows_by=("rows.rows_there",),
)

_HOURS, _CARE_HOURS = "contact hours", "care hours"
STAFF = ResultTable(
    "staff",
    "WTE in post, and the contact hours they give and are asked for",
    "A team of one role in a period; the locality is written as in the table staff of the instance.",
    ("locality", "role", "period"),
    (
        _name("locality", "Where the team is called, as in `staff`.", "localities"),
        _name("role", "The role.", "roles"),
        PERIOD,
        _number("wte", "staff.wte_balance", "WTE", "In post", "WTE in post."),
        _number("wte_hired", "staff.wte_arrived", "WTE", "Recruits decided on", "Recruits decided on."),
        _number("wte_arrived", "staff.wte_arrived", "WTE", "Start work", "Recruits who start work."),
        _number("wte_left", "staff.wte_balance", "WTE", "Released", "WTE released."),
        _number(
            "wte_turnover",
            "staff.wte_balance",
            "WTE",
            "Leave of their own accord",
            "WTE who leave of their own accord.",
        ),
        _number(
            "agency_hours", "costs.costs staff.capacity", _HOURS, "Agency", "Contact hours of agency staff."
        ),
        _number("hours_needed", "staff.hours_needed", _HOURS, "Needed", "Contact hours asked of the team."),
        _number("hours_given", "staff.cross_cover", _HOURS, "Given", "Contact hours given to other teams."),
        _number(
            "hours_received",
            "staff.cross_cover",
            _HOURS,
            "Received",
            "Contact hours that reach it from others.",
        ),
        _number(
            "hours_available",
            "staff.hours_available",
            _HOURS,
            "Available",
            "Contact hours of its own WTE after travel.",
        ),
        _share(
            "utilisation",
            "staff.utilisation",
            "Hours used",
            "Hours needed and given ÷ hours available, received and of agency; empty without any.",
        ),
    ),
    rows_by=("rows.rows_there",),
)

SHIFTS = ResultTable(
    "shifts",
    "Crews on duty, and the care hours they give and are asked for",
    "Crews of one shift type in a period; the locality is written as in the table shifts of the instance.",
    ("locality", "shift_type", "period"),
    (
        _name("locality", "Where the crew is called, as in `shifts`.", "localities"),
        _name("shift_type", "The shift type.", "shift_types"),
        PERIOD,
        _number("shifts_on_duty", "costs.costs", "crews", "Crews on duty", "Crews on duty."),
        _number(
            "spot_care_hours",
            "costs.costs shifts.capacity",
            _CARE_HOURS,
            "Spot care",
            "Care hours bought for one person at a time.",
        ),
        _number(
            "care_hours_needed",
            "shifts.care_hours_needed",
            _CARE_HOURS,
            "Needed",
            "Care hours asked of them.",
        ),
        _number(
            "care_hours_given", "shifts.cross_cover", _CARE_HOURS, "Given", "Care hours given to other crews."
        ),
        _number(
            "care_hours_received",
            "shifts.cross_cover",
            _CARE_HOURS,
            "Received",
            "Care hours that reach them from others.",
        ),
        _number(
            "care_hours_available",
            "shifts.care_hours_available",
            _CARE_HOURS,
            "Available",
            "Care hours of their own after travel.",
        ),
        _share(
            "utilisation",
            "shifts.utilisation",
            "Hours used",
            "Hours needed and given ÷ hours available, received and bought; empty without any.",
        ),
    ),
    rows_by=("rows.rows_there",),
)

CROSS_COVER = ResultTable(
    "cross_cover",
    "Hours that teams and crews give to others",
    "Hours that one team or crew gives to another of its kind, where there are any.",
    ("resource", "from_locality", "to_locality", "period"),
    (
        _name("resource", "Role or shift type.", "roles", "shift_types"),
        _name("from_locality", "The team that gives.", "localities"),
        _name("to_locality", "The team that receives.", "localities"),
        PERIOD,
        _number(
            "hours_given",
            "staff.cross_cover shifts.cross_cover",
            _HOURS,
            "Given",
            "Hours given; travel not yet taken off.",
        ),
    ),
    rows_by=("teams.cross_cover_allowed", "rows.rows_needed"),
)

SCHEMES = ResultTable(
    "schemes",
    "Schemes: whether they are live, and their cost",
    "Schemes, in each locality where they go live locality by locality.",
    ("scheme", "locality", "period"),
    (
        SCHEME,
        _name("locality", "The locality; empty where the scheme goes live everywhere at once.", "localities"),
        PERIOD,
        _yes_no("is_live", "schemes.once_and_for_good", "Live", "Whether it is live."),
        _money("gbp", "schemes.amounts", "£, cash", "Cost", "Going live and running, in cash of the period."),
    ),
    needs="schemes",
    rows_by=("schemes.scheme_rows",),
)

STARTS = ResultTable(
    "starts",
    "People who start care, by where they live, hospital, pathway, package and site",
    "People who start, where there are any.",
    ("locality", "hospital", "pathway", "package", "site", "period"),
    (
        LOCALITY,
        HOSPITAL,
        PATHWAY,
        PACKAGE,
        _name("site", "Where they are in a bed; empty at home.", "sites"),
        PERIOD,
        _number("people", "flow.starts_sum", "people", "Start", "People who start in the period."),
        replace(
            _number(
                "successes",
                "targets.successes",
                "people",
                "Successes",
                "People who start, each with the probability of success; on step-up pathways the admissions avoided.",
            ),
            is_later=True,
        ),
    ),
    rows_by=("flow.starts_sum", "flow.options_allowed", "rows.rows_needed"),
)

WAITING = ResultTable(
    "waiting",
    "People referred, started, going without and waiting",
    "People referred in a period and what becomes of them.",
    ("locality", "hospital", "pathway", "period"),
    (
        LOCALITY,
        HOSPITAL,
        PATHWAY,
        PERIOD,
        _number("referrals", "flow.referral_rows", "people", "Referred", "People referred."),
        _number("starts", "flow.starts_sum", "people", "Start", "People who start."),
        _number("unmet", "flow.waiting_balance", "people", "Go without", "People who never start."),
        _number(
            "waiting_at_end",
            "flow.waiting_balance",
            "people",
            "Waiting at the end",
            "People waiting at the end of the period.",
        ),
        _number(
            "mean_wait_days",
            "flow.mean_wait",
            "days a person",
            "Mean wait",
            "delayed_days ÷ referrals (Little's law).",
            empty=True,
        ),
        _number(
            "delayed_days", "flow.delayed_days", "person-days", "Days waited", "Days waited in the period."
        ),
    ),
    rows_by=("rows.rows_there",),
)

CASELOAD = ResultTable(
    "caseload",
    "People in care, by where they live",
    "People in care, on average over the period.",
    ("locality", "package", "period"),
    (
        _name("locality", "Where they live; empty where that is not known.", "localities"),
        PACKAGE,
        PERIOD,
        _number("people_in_care", "care.caseload", "people, mean", "People in care", "People in care, mean."),
    ),
    rows_by=("rows.rows_there",),
)

ACCESS = ResultTable(
    "access",
    "How much care the people of each locality get over the whole plan",
    "Starts on each pathway over the whole plan, against people and referrals.",
    ("locality", "pathway"),
    (
        LOCALITY,
        PATHWAY,
        _number("starts", "flow.access", "people", "Start", "People who start over the whole plan."),
        _number(
            "starts_per_1000_65_plus",
            "flow.access",
            "people a year per 1,000 aged 65 and over",
            "Start",
            "Starts a year for every 1,000 people aged 65 and over; empty where nobody says how many they are.",
            empty=True,
        ),
        _share("served_share", "flow.access", "Served", "Starts ÷ referrals."),
    ),
    rows_by=("rows.rows_there",),
)

_WINDOW = "over the window"
TARGETS = ResultTable(
    "targets",
    "Targets in every scope and window: asked, achieved, shortfall",
    "Every target in every scope and window; people, days or £ over the window, ratios as they are.",
    ("target", "scope", "window"),
    (
        _name("target", "The target.", "targets"),
        _name(
            "scope",
            "The member of for_each that it is about; empty: no for_each.",
            *("localities", "hospitals", "sites", "pathways", "packages", "bed_types"),
        ),
        Column("window", Kind.TEXT, "First day of a period, financial year, or horizon."),
        _word("metric", "What is counted.", "targets.words"),
        _word("sense", "min: at least, max: at most.", "targets.words"),
        _word("unit", "The unit of the target's value.", "targets.words"),
        _yes_no("is_imposed", "targets.targets", "Imposed", "Whether the plan has to meet it."),
        _number(
            "baseline",
            "targets.targets",
            "in the target's unit",
            "Baseline",
            "Its baseline, over the window.",
            empty=True,
        ),
        _number(
            "today_gives",
            "today.today_gives",
            _WINDOW,
            "Today's capacity gives",
            "What today's capacity gives; empty where that has no plan.",
            empty=True,
        ),
        _number(
            "required", "targets.targets", _WINDOW, "Asked", "What is asked; empty: not agreed.", empty=True
        ),
        _number(
            "achieved",
            "targets.targets",
            _WINDOW,
            "Achieved",
            "What the plan achieves; empty: 0 ÷ 0.",
            empty=True,
        ),
        _number(
            "shortfall",
            "targets.targets",
            _WINDOW,
            "Short by",
            "What is missing; of ratios the people, days or bed days missed.",
            empty=True,
        ),
        _yes_no(
            "is_met", "targets.targets_met", "Met", "Whether nothing is missing; empty: no value.", empty=True
        ),
        Column(
            "marginal_gbp",
            Kind.MONEY,
            "What one unit more costs, with whole beds, posts and shifts kept as they are.",
            "£ for one unit more",
            "What one more costs",
            may_be_empty=True,
            not_counted="a shadow price of the last linear program: only a solver can count it",
        ),
    ),
    rows_by=("targets.targets",),
)

COSTS = ResultTable(
    "costs",
    "What everything costs, by who pays and who supplies it",
    "The sum of gbp_discounted is the objective. Costs of people stand where they live, of beds where the site is, of "
    "teams where the team is called. Funders share a cost as `funding` says.",
    ("item", "key", "funder", "provider", "locality", "site", "period"),
    (
        _word("item", "What it is for: an item of the list below."),
        _name(
            "key",
            "What it is booked on.",
            *("bed_types", "roles", "shift_types", "schemes", "packages", "pathways", "sites"),
        ),
        FUNDER,
        PROVIDER,
        _name("locality", "Where it is booked; empty: nowhere in particular.", "localities"),
        _name("site", "The site; empty: none.", "sites"),
        PERIOD,
        _money("gbp", "costs.costs", "£, cash", "Cost", "In cash of the period: prices have risen."),
        _money(
            "gbp_discounted",
            "costs.discounted",
            "£, discounted",
            "Cost",
            "Discounted to the plan's first day.",
        ),
    ),
    rows_by=("costs.costs",),
)

BUDGETS = ResultTable(
    "budgets",
    "Spend and budgets by funder and year, and the gap if nothing is done",
    "Everybody who has a budget or funds anything, in each financial year of the plan.",
    ("funder", "year"),
    (
        FUNDER,
        YEAR,
        _money(
            "budget_gbp",
            "money.budgets",
            "£",
            "Budget",
            "The budget, pro rata where the plan has part of the year; empty: none.",
            empty=True,
        ),
        _money(
            "committed_gbp",
            "money.budgets",
            "£",
            "Committed beside the plan",
            "What is committed beside the plan, pro rata; empty: no budget.",
            empty=True,
        ),
        _money("plan_gbp", "money.budgets", "£, cash", "Plan", "Spend of this plan."),
        _money(
            "transferred_gbp",
            "money.transfers",
            "£",
            "Received from the pool",
            "Received from a pool, below 0: given; no more than is needed, and givers give in proportion to what they "
            "can spare.",
        ),
        _money(
            "gap_gbp", "money.budgets", "£", "Gap", "committed + plan − budget; empty: no budget.", empty=True
        ),
        _money(
            "do_nothing_gbp",
            "today.do_nothing_spend",
            "£",
            "If nothing is done",
            "Spend with today's capacity; empty where that gives no plan.",
            empty=True,
        ),
        _money(
            "do_nothing_gap_gbp",
            "money.budgets",
            "£",
            "Gap if nothing is done",
            "committed + do nothing − budget.",
            empty=True,
        ),
    ),
    rows_by=("money.budgets",),
)

ACUTE = ResultTable(
    "acute",
    "Acute bed days freed and wards closed",
    "Acute beds that the plan frees, and wards that close; hospital or sub-region as in `acute_beds`.",
    ("hospital", "period"),
    (
        _name("hospital", "Hospital or sub-region.", "hospitals"),
        PERIOD,
        _number(
            "bed_days_freed",
            "acute.bed_days_freed",
            "acute bed days",
            "Bed days freed",
            "Bed days beyond the baselines, less those of failures; below 0: below the baselines.",
        ),
        _number(
            "wards_closed", "acute.wards_closed", "wards", "Wards closed", "Wards closed since the start."
        ),
        _number("beds_freed", "acute.beds_freed", "beds, mean", "Acute beds freed", "bed_days_freed ÷ days."),
        _money("gbp", "acute.acute_gbp", "£, cash", "Cost", "In cash of the period; below 0: released."),
    ),
    needs="acute_beds",
    rows_by=("rows.rows_there",),
)

RETURN_COUNTS = "what a pathway could start is arithmetic of the return alone: docs/workbook.md says how"
PLANNING_RETURN = ResultTable(
    "planning_return",
    "Demand, commissioned and spot capacity and the gap, by pathway and month",
    "In the terms of the annual return of councils; everything is counted in people who start care in the month.",
    ("direction", "pathway", "month"),
    (
        _word("direction", "step_down, step_up or community."),
        PATHWAY,
        _date("month", "First day of the month.", "Month"),
        _number("demand", "planning.demand", "people", "Demand", "People referred in the month."),
        Column(
            "commissioned",
            Kind.NUMBER,
            "Starts that capacity bought for a period carries, and those that the room left in it would still allow.",
            "people",
            "Commissioned capacity",
            not_counted=RETURN_COUNTS,
        ),
        Column(
            "spot",
            Kind.NUMBER,
            "Starts of the plan that spot beds, agency hours and spot care carry.",
            "people",
            "Spot capacity",
            not_counted=RETURN_COUNTS,
        ),
        _number(
            "gap",
            "planning.gap",
            "people",
            "Gap",
            "demand − commissioned − spot; above 0: capacity is missing.",
        ),
    ),
    rows_by=("rows.rows_there",),
    is_later=True,
)

TABLES: Mapping[str, ResultTable] = MappingProxyType(
    {
        table.name: table
        for table in (
            *(SUMMARY, TARGETS, DECISIONS, BEDS, SITES, STAFF, SHIFTS, CROSS_COVER, SCHEMES),
            *(STARTS, WAITING, CASELOAD, ACCESS, COSTS, BUDGETS, ACUTE, PLANNING_RETURN),
        )
    }
)
"""Every result table by name, in the order of docs and workbook: a run folder has one CSV file for each."""


def _text(name: str, help: str, heading: str = "") -> Column:
    return Column(name, Kind.TEXT, help, heading=heading, not_counted=SOLVED_AGAIN)


def _which(name: str, help: str) -> Column:
    return Column(name, Kind.WORD, help, not_counted=SOLVED_AGAIN)


def _yes_or_no(name: str, heading: str, help: str) -> Column:
    return Column(name, Kind.YES_NO, help, heading=heading, not_counted=SOLVED_AGAIN)


def _answer(name: str, kind: Kind, unit: str, heading: str, help: str) -> Column:
    return Column(name, kind, help, unit, heading, may_be_empty=True, not_counted=SOLVED_AGAIN)


ONE_MORE = ResultTable(
    "one_more",
    "What one unit more of what binds is worth",
    "Every limit that binds, the dearest first; amounts are discounted over the whole plan.",
    ("kind", "override"),
    (
        _which("kind", "The kind of limit."),
        _which("table", "The table of the instance in which it stands."),
        _which("column", "Its column."),
        _text("says", "What the limit says, in words.", "Limit"),
        _answer("from", Kind.NUMBER, "in the column's unit", "Now", "Its value; empty: none."),
        _answer("to", Kind.NUMBER, "in the column's unit", "Then", "Its value with one unit more."),
        _text("then", "The same in words."),
        _text("override", "The override that gives one unit more."),
        _yes_or_no("is_asked", "Asked", "Whether it is something asked, and not something that may be had."),
        _yes_or_no("has_plan", "Has a plan", "Whether there is a plan with one more."),
        _answer("saves_gbp", Kind.MONEY, "£, discounted", "Saves", "What one more saves; below 0: costs."),
        _answer(
            "margin_gbp",
            Kind.MONEY,
            "£, discounted",
            "Left open",
            "What the proofs of both plans leave open.",
        ),
        _answer("relaxed_gbp", Kind.MONEY, "£, discounted", "By the relaxation", "What the relaxation says."),
        _answer("people", Kind.NUMBER, "people", "People", "How many people one more of a target is."),
        _which("by", "plan: solved again; relaxation: by its shadow prices."),
    ),
)


def _ends(end: str) -> tuple[Column, ...]:
    return (
        _yes_or_no(
            f"has_plan_{end}",
            f"Has a plan at its {end} end",
            f"Whether there is a plan at its {end} end.",
        ),
        _answer(
            f"{end}_gbp",
            Kind.MONEY,
            "£, discounted",
            f"At its {end} end",
            "What the least cost changes by; empty: not known.",
        ),
        _which(
            f"by_{end}", "plan: whole plans differ by more than their proofs leave open; else relaxation."
        ),
        _text(f"changes_{end}", "What changes of what is open at the end; by plans only."),
    )


ASSUMPTIONS = ResultTable(
    "assumptions",
    "The assumptions that could change the answer",
    "Assumed numbers, each solved again at both ends, that with the widest swing first.",
    ("overrides_low", "overrides_high"),
    (
        _text("number", "The number: table.column."),
        _text("of", "Whose number it is."),
        _text("low", "Its low end, in words."),
        _text("high", "Its high end, in words."),
        _text("source", "Where the number comes from."),
        _text("overrides_low", "The overrides that put in its low end."),
        _text("overrides_high", "The overrides that put in its high end."),
        *_ends("low"),
        *_ends("high"),
    ),
)

ANSWERS: Mapping[str, ResultTable] = MappingProxyType(
    {table.name: table for table in (ONE_MORE, ASSUMPTIONS)}
)
"""What may be asked of a run after it was saved, by name: `answers/` of its folder has one CSV file for each."""
