"""The data dictionary: every table an instance may have.

Readers, checks, the workbook template, `capplan schema` and the docs are printed from here and from nowhere else.
"""

from __future__ import annotations

from math import inf
from typing import Literal

from capplan.schema.columns import NETWORKS, REQUIRED, Column, Kind, Table

DAYS_PER_WEEK = 7.0
DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
SITE_KINDS = ("community_hospital", "care_home", "nursing_home", "extra_care", "other")
DIRECTIONS = ("step_down", "step_up", "community")
DISTRIBUTIONS = ("exponential", "fixed", "lognormal", "gamma")
DAY_PATTERNS = ("all", "weekdays", "weekends", "saturday", "sunday_and_bank_holidays")
METRICS = (
    "discharges",
    "diversions",
    "starts",
    "admissions",
    "successes",
    "diversion_rate",
    "discharge_rate",
    "served_share",
    "bed_share",
    "served_share_gap",
    "delayed_days",
    "mean_wait_days",
    "occupancy",
    "spend",
)
TARGET_FILTERS = (
    "locality",
    "network",
    "hospital",
    "sub_region",
    "site",
    "kind",
    "provider",
    "pathway",
    "package",
    "bed_type",
)
NEVER = {"never": inf}


def _key(name: str, help: str) -> Column:
    return Column(name, Kind.KEY, help, default=REQUIRED)


def _ref(name: str, *tables: str, help: str, words: tuple[str, ...] = (), required: bool = True) -> Column:
    default = REQUIRED if required else None
    return Column(name, Kind.NAME, help, refers_to=tables, words=dict.fromkeys(words), default=default)


def _filter(name: str, *tables: str, choices: tuple[str, ...] = ()) -> Column:
    help = f"Only these (one name or several, a;b); empty: every {name.replace('_', ' ')}."
    return Column(name, Kind.NAMES, help, refers_to=tables, choices=choices)


def _text(name: str, help: str) -> Column:
    return Column(name, Kind.TEXT, help)


def _name_text() -> Column:
    return _text("name", "Display name; accepted wherever the key is.")


def _provider() -> Column:
    return _text("provider", "Who runs or supplies it.")


def _latitude() -> Column:
    return Column("latitude", Kind.NUMBER, "Latitude (WGS 84).", "degrees", minimum=-90, maximum=90)


def _longitude() -> Column:
    return Column("longitude", Kind.NUMBER, "Longitude (WGS 84).", "degrees", minimum=-180, maximum=180)


def _share(
    name: str,
    help: str,
    default: float | Literal["required"] | None = 0.0,
    minimum: float | None = 0.0,
    maximum: float = 1.0,
    above: float | None = None,
) -> Column:
    mark = REQUIRED if default == "required" else default
    return Column(name, Kind.NUMBER, help, "share", mark, minimum=minimum, maximum=maximum, above=above)


def _available() -> tuple[Column, Column]:
    return (
        Column(
            "available_from", Kind.DATE, "First day on which it can be had; empty: from the start.", "date"
        ),
        Column("available_to", Kind.DATE_TO, "Last day on which it can be had; empty: to the end.", "date"),
    )


def _periods(name: str, help: str) -> Column:
    return Column(name, Kind.WHOLE, help, "periods", 0.0, minimum=0)


def _day_window() -> tuple[Column, Column]:
    return (
        Column(
            "from_day", Kind.NUMBER, "First day of the stay to which the row applies.", "days", 0.0, minimum=0
        ),
        Column(
            "to_day",
            Kind.NUMBER,
            "Day of the stay at which the row ends; empty: to the exit.",
            "days",
            above=0,
        ),
    )


def _bed_price(name: str, help: str) -> Column:
    stem = name.removesuffix("day_gbp")
    variants = {f"{stem}week_gbp": 1 / DAYS_PER_WEEK, f"{stem}month_gbp": None, f"{stem}year_gbp": None}
    return Column(name, Kind.NUMBER, help, "£/bed-day", minimum=0, variants=variants)


WHERE = "Where"
COMMISSIONED = "What can be commissioned"
NEED = "Who needs care, and what helps"
ACHIEVED = "What must be achieved"

TABLES: dict[str, Table] = {}


def _add(table: Table) -> None:
    TABLES[table.name] = table


_add(
    Table(
        "localities",
        WHERE,
        "Where people live and home-based teams work: a GP cluster, a care network, a community area.",
        ("locality",),
        (
            _key("locality", "Key of the locality."),
            _name_text(),
            _latitude(),
            _longitude(),
            Column("population_65_plus", Kind.NUMBER, "People aged 65 and over.", "people", minimum=0),
            _text("network", "Group of localities that share teams, cover or floors; any name."),
            _share(
                "home_travel_share",
                "Share of a home worker's paid time spent travelling (or give the next two columns).",
                maximum=0.95,
            ),
            Column("travel_minutes_per_visit", Kind.NUMBER, "Travel per home visit.", "minutes", minimum=0),
            Column("visit_minutes", Kind.NUMBER, "Contact time per home visit.", "minutes", above=0),
        ),
        is_required=True,
        alternatives=((("home_travel_share",), ("travel_minutes_per_visit", "visit_minutes")),),
    )
)
_add(
    Table(
        "hospitals",
        WHERE,
        "Acute hospitals that refer.",
        ("hospital",),
        (
            _key("hospital", "Key of the hospital."),
            _name_text(),
            _latitude(),
            _longitude(),
            _text("sub_region", "Group of hospitals; any name."),
        ),
    )
)
_add(
    Table(
        "catchments",
        WHERE,
        "How a locality's referrals that name no hospital are split over hospitals.",
        ("locality", "hospital"),
        (
            _ref("locality", "localities", help="The locality."),
            _ref("hospital", "hospitals", help="The hospital."),
            _share("share", "Share of the locality's people who use this hospital; sums to 1.", "required"),
        ),
    )
)
_add(
    Table(
        "sites",
        WHERE,
        "Buildings with beds: community hospitals, care homes, extra care housing.",
        ("site",),
        (
            _key("site", "Key of the site."),
            _name_text(),
            _ref(
                "locality",
                "localities",
                help="Where it stands; people in its beds are served by that locality's staff.",
            ),
            _provider(),
            Column("kind", Kind.CHOICE, "What sort of building it is.", default="other", choices=SITE_KINDS),
            _latitude(),
            _longitude(),
            Column(
                "beds_max",
                Kind.NUMBER,
                "Most beds the building can hold, spot beds included; empty: the sum of its units' beds_max.",
                "beds",
                minimum=0,
            ),
            Column(
                "open_gbp_per_month",
                Kind.NUMBER,
                "Cost of the building while any bed is open.",
                "£/month",
                0.0,
                minimum=0,
                variants={"open_gbp_per_year": 1 / 12},
            ),
            Column("is_open", Kind.YES_NO, "Whether it is open before the start.", default=True),
            Column("can_open", Kind.YES_NO, "Whether it may open (again) once closed.", default=True),
            Column("can_close", Kind.YES_NO, "Whether it may close once open.", default=True),
        ),
    )
)
_add(
    Table(
        "travel",
        WHERE,
        "Journeys from locality to site; where a row is missing they follow from the coordinates.",
        ("locality", "site"),
        (
            _ref("locality", "localities", help="Where the person lives."),
            _ref("site", "sites", help="Where the bed is."),
            Column("minutes", Kind.NUMBER, "Length of the journey.", "minutes", REQUIRED, minimum=0),
        ),
    )
)
_add(
    Table(
        "bed_types",
        COMMISSIONED,
        "Kinds of beds that can stand for each other, e.g. step-up, step-down, intermediate care.",
        ("bed_type",),
        (
            _key("bed_type", "Key of the bed type."),
            _name_text(),
            _share("occupancy_max", "Highest average share of open beds in use.", "required", above=0.0),
            Column(
                "congestion",
                Kind.CHOICE,
                "How queues at full beds are counted; none: average load only.",
                default="none",
                choices=("none",),
            ),
        ),
    )
)
_add(
    Table(
        "site_beds",
        COMMISSIONED,
        "Beds of one type at one site (a unit): how many there are, may be, and what they cost.",
        ("site", "bed_type"),
        (
            _ref("site", "sites", help="The site."),
            _ref("bed_type", "bed_types", help="The bed type."),
            Column(
                "beds",
                Kind.NUMBER,
                "Beds open before the start; a multiple of beds_step.",
                "beds",
                0.0,
                minimum=0,
            ),
            Column("beds_min", Kind.NUMBER, "Fewest beds open.", "beds", 0.0, minimum=0),
            Column("unit_beds_min", Kind.NUMBER, "Fewest beds open if any is.", "beds", 0.0, minimum=0),
            Column(
                "beds_max", Kind.NUMBER, "Most beds open; empty: today's number.", "beds", None, "beds", 0
            ),
            Column(
                "beds_step", Kind.WHOLE, "Beds open and close in multiples of this.", "beds", 1.0, minimum=1
            ),
            _bed_price("bed_day_gbp", "Price of one open bed for a day, used or not."),
            *_available(),
            Column(
                "opening_gbp_per_bed", Kind.NUMBER, "One-off cost of opening a bed.", "£/bed", 0.0, minimum=0
            ),
            Column(
                "closing_gbp_per_bed", Kind.NUMBER, "One-off cost of closing a bed.", "£/bed", 0.0, minimum=0
            ),
            _periods("lead_periods", "Periods from decision to opening."),
            _periods("notice_periods", "Periods from decision to closing."),
            _bed_price(
                "spot_bed_day_gbp", "Price of a bed bought for one person, a day; empty: no spot beds."
            ),
        ),
    )
)
_add(
    Table(
        "conversions",
        COMMISSIONED,
        "Which beds can be turned into which at a site.",
        ("site", "from_bed_type", "to_bed_type"),
        (
            _ref("site", "sites", help="The site."),
            _ref("from_bed_type", "bed_types", help="What the beds are."),
            _ref("to_bed_type", "bed_types", help="What they become."),
            Column(
                "convert_gbp_per_bed",
                Kind.NUMBER,
                "One-off cost of converting a bed.",
                "£/bed",
                0.0,
                minimum=0,
            ),
            Column(
                "beds_per_change_max",
                Kind.WHOLE,
                "Most beds converted at one decision point; empty: any number.",
                "beds",
                minimum=0,
            ),
        ),
    )
)
_add(
    Table(
        "roles",
        COMMISSIONED,
        "Kinds of staff in post, counted in WTE.",
        ("role",),
        (
            _key("role", "Key of the role."),
            _name_text(),
            Column(
                "contact_hours_per_week",
                Kind.NUMBER,
                "Contact hours a WTE gives a week after leave, sickness and administration, before travel "
                "(or give the next two columns).",
                "hours/week",
                above=0,
            ),
            Column("paid_hours_per_week", Kind.NUMBER, "Paid hours of a WTE.", "hours/week", above=0),
            _share("contact_share", "Share of paid hours that is contact time or travel.", None, above=0.0),
            Column(
                "turnover_per_year",
                Kind.NUMBER,
                "Share of posts that fall vacant a year.",
                "share/year",
                0.0,
                minimum=0,
                maximum=5,
            ),
            _periods("recruitment_periods", "Periods from the decision to recruit to the first working day."),
        ),
        alternatives=((("contact_hours_per_week",), ("paid_hours_per_week", "contact_share")),),
    )
)
_add(
    Table(
        "staff",
        COMMISSIONED,
        "Teams: a role in a locality, a network, or everywhere (`all`: one team for all localities).",
        ("locality", "role"),
        (
            _ref(
                "locality",
                "localities",
                NETWORKS,
                words=("all",),
                help="Whom the team serves: a locality, a network, or all.",
            ),
            _ref("role", "roles", help="The role."),
            _provider(),
            *_available(),
            Column(
                "wte",
                Kind.NUMBER,
                "WTE in post before the start; empty: an existing team that is not known, the plan is additional to it.",
                "WTE",
                minimum=0,
            ),
            Column("wte_min", Kind.NUMBER, "Fewest WTE in post.", "WTE", 0.0, minimum=0),
            Column("wte_max", Kind.NUMBER, "Most WTE in post; empty: today's number.", "WTE", None, "wte", 0),
            Column("wte_step", Kind.NUMBER, "Recruits come in multiples of this.", "WTE", 1.0, above=0),
            Column(
                "hires_max_per_period",
                Kind.NUMBER,
                "Most recruits a period (a decision covers all periods until the next); empty: any number.",
                "WTE/period",
                minimum=0,
            ),
            Column(
                "wte_month_gbp",
                Kind.NUMBER,
                "Cost of a WTE in post a month, on-costs included.",
                "£/month",
                minimum=0,
                variants={"wte_year_gbp": 1 / 12},
            ),
            Column("hiring_gbp_per_wte", Kind.NUMBER, "One-off cost of a recruit.", "£/WTE", 0.0, minimum=0),
            Column(
                "agency_hour_gbp",
                Kind.NUMBER,
                "Price of an agency contact hour; empty: no agency.",
                "£/hour",
                minimum=0,
            ),
        ),
    )
)
_add(
    Table(
        "arrivals",
        COMMISSIONED,
        "People already recruited who start work during the plan.",
        ("locality", "role", "month"),
        (
            _ref("locality", "localities", NETWORKS, words=("all",), help="The team, as in `staff`."),
            _ref("role", "roles", help="The role."),
            Column("month", Kind.MONTH, "Month of the first working day.", "month", REQUIRED),
            Column("wte", Kind.NUMBER, "How many.", "WTE", REQUIRED, minimum=0),
        ),
    )
)
_add(
    Table(
        "shift_types",
        COMMISSIONED,
        "Kinds of shifts: one team on duty from-to on certain days.",
        ("shift_type",),
        (
            _key("shift_type", "Key of the shift type."),
            _name_text(),
            Column(
                "days",
                Kind.CHOICE,
                "On which days: weekdays are Monday to Friday without bank holidays, weekends are Saturday, Sunday and "
                "bank holidays, saturday leaves bank holidays out.",
                default=REQUIRED,
                choices=DAY_PATTERNS,
            ),
            Column("start", Kind.TIME, "When the shift begins (HH:MM).", "time", REQUIRED),
            Column("hours", Kind.NUMBER, "Length of the shift.", "hours", REQUIRED, above=0, maximum=24),
            Column(
                "care_hours",
                Kind.NUMBER,
                "Contact hours that a shift gives before travel.",
                "hours/shift",
                REQUIRED,
                minimum=0,
            ),
        ),
    )
)
_add(
    Table(
        "shifts",
        COMMISSIONED,
        "Crews on duty: a shift type in a locality, a network, or everywhere.",
        ("locality", "shift_type"),
        (
            _ref(
                "locality",
                "localities",
                NETWORKS,
                words=("all",),
                help="Whom the crews serve: a locality, a network, or all.",
            ),
            _ref("shift_type", "shift_types", help="The shift type."),
            _provider(),
            *_available(),
            Column(
                "shifts",
                Kind.WHOLE,
                "Crews on duty on each such day before the start.",
                "shifts",
                0.0,
                minimum=0,
            ),
            Column("shifts_min", Kind.WHOLE, "Fewest crews on duty.", "shifts", 0.0, minimum=0),
            Column(
                "shifts_max",
                Kind.WHOLE,
                "Most crews on duty; empty: today's number.",
                "shifts",
                None,
                "shifts",
                0,
            ),
            Column(
                "shift_gbp",
                Kind.NUMBER,
                "Price of one shift.",
                "£/shift",
                minimum=0,
                variants={"shift_hour_gbp": None},
            ),
            _periods("lead_periods", "Periods from decision to the first shift."),
            _periods("notice_periods", "Periods from decision to the last shift."),
            Column(
                "spot_care_hour_gbp",
                Kind.NUMBER,
                "Price of a care hour bought for one person; empty: no spot care.",
                "£/hour",
                minimum=0,
            ),
        ),
    )
)
_add(
    Table(
        "cross_cover",
        COMMISSIONED,
        "Which teams or crews may help out where.",
        ("resource", "from_locality", "to_locality"),
        (
            _ref("resource", "roles", "shift_types", help="A role or shift type."),
            _ref(
                "from_locality",
                "localities",
                NETWORKS,
                words=("all",),
                help="The team that helps, as in `staff` or `shifts`.",
            ),
            _ref("to_locality", "localities", NETWORKS, words=("all",), help="The team that is helped."),
            _share("travel_share", "Share of the hours given that is lost on the road.", maximum=0.95),
        ),
    )
)
_add(
    Table(
        "cover",
        COMMISSIONED,
        "Crews that must be on duty in a network or locality whatever the load; both empty: everywhere together.",
        ("network", "locality", "shift_type"),
        (
            _ref("network", NETWORKS, help="The network.", required=False),
            _ref("locality", "localities", help="The locality.", required=False),
            _ref("shift_type", "shift_types", help="The shift type."),
            Column("on_duty_min", Kind.WHOLE, "Fewest crews on duty.", "shifts", REQUIRED, minimum=0),
        ),
    )
)
_add(
    Table(
        "limits",
        COMMISSIONED,
        "Bounds on the sum of beds, WTE or shifts that the filters leave.",
        ("limit",),
        (
            _key("limit", "Key of the limit."),
            _name_text(),
            _ref("resource", "bed_types", "roles", "shift_types", help="A bed type, role or shift type."),
            _filter("locality", "localities", NETWORKS),
            _filter("network", NETWORKS),
            _filter("site", "sites"),
            _filter("kind", choices=SITE_KINDS),
            _filter("provider"),
            Column("from", Kind.DATE, "First day on which it holds; empty: from the start.", "date"),
            Column("to", Kind.DATE_TO, "Last day on which it holds; empty: to the end.", "date"),
            Column("min", Kind.NUMBER, "Least sum.", "beds, WTE or shifts", minimum=0),
            Column("max", Kind.NUMBER, "Greatest sum.", "beds, WTE or shifts", minimum=0),
        ),
    )
)
_add(
    Table(
        "pathways",
        NEED,
        "Groups of referred people with the same options (not only the discharge-to-assess pathways 0 to 3).",
        ("pathway",),
        (
            _key("pathway", "Key of the pathway."),
            _name_text(),
            Column(
                "direction",
                Kind.CHOICE,
                "step_down: discharge from hospital; step_up: admission avoidance; community: counts in neither target.",
                default=REQUIRED,
                choices=DIRECTIONS,
            ),
            Column(
                "delay_day_gbp",
                Kind.NUMBER,
                "Cost of a person who waits a day, e.g. in an acute bed; never: nobody may wait from one period to the next.",
                "£/day",
                REQUIRED,
                minimum=0,
                words=NEVER,
            ),
            Column("wait_days_max", Kind.NUMBER, "Longest average wait; empty: any.", "days", minimum=0),
            Column(
                "unmet_gbp",
                Kind.NUMBER,
                "Cost of a person who never starts, e.g. the admission; never: everybody must start.",
                "£/person",
                REQUIRED,
                minimum=0,
                words=NEVER,
            ),
            Column(
                "travel_minutes_max",
                Kind.NUMBER,
                "Longest journey to a site for this pathway.",
                "minutes",
                minimum=0,
            ),
        ),
        is_required=True,
    )
)
_add(
    Table(
        "packages",
        NEED,
        "What a person gets: a bed or care at home, for a stay.",
        ("package",),
        (
            _key("package", "Key of the package."),
            _name_text(),
            Column("setting", Kind.CHOICE, "In a bed or at home.", default=REQUIRED, choices=("bed", "home")),
            _ref("bed_type", "bed_types", help="The bed it needs (bed only).", required=False),
            Column(
                "stay_days",
                Kind.NUMBER,
                "Mean length of the stay.",
                "days",
                REQUIRED,
                above=0,
                variants={"stay_weeks": DAYS_PER_WEEK},
            ),
            Column(
                "stay_distribution",
                Kind.CHOICE,
                "How stays vary around the mean.",
                default="exponential",
                choices=DISTRIBUTIONS,
            ),
            Column(
                "stay_sd_days",
                Kind.NUMBER,
                "Standard deviation of the stay (lognormal and gamma).",
                "days",
                minimum=0,
                variants={"stay_sd_weeks": DAYS_PER_WEEK},
            ),
            Column(
                "start_gbp",
                Kind.NUMBER,
                "Cost per person who starts; negative: a contribution.",
                "£/person",
                0.0,
            ),
            Column(
                "care_day_gbp",
                Kind.NUMBER,
                "Cost per person and day in care; negative: a contribution.",
                "£/day",
                0.0,
                variants={"care_week_gbp": 1 / DAYS_PER_WEEK},
            ),
        ),
        is_required=True,
    )
)
_add(
    Table(
        "package_hours",
        NEED,
        "Staff hours that a person in care needs; visits that taper are several rows.",
        ("package", "role", "from_day"),
        (
            _ref("package", "packages", help="The package."),
            _ref("role", "roles", help="The role."),
            *_day_window(),
            Column(
                "hours_per_week",
                Kind.NUMBER,
                "Contact hours per person in care.",
                "hours/week",
                0.0,
                minimum=0,
                variants={"hours_per_day": DAYS_PER_WEEK},
            ),
            Column(
                "hours_per_start",
                Kind.NUMBER,
                "Contact hours when a person starts.",
                "hours/person",
                0.0,
                minimum=0,
            ),
        ),
    )
)
_add(
    Table(
        "package_care",
        NEED,
        "Care hours that a person in care needs from shifts.",
        ("package", "shift_type", "from_day"),
        (
            _ref("package", "packages", help="The package."),
            _ref("shift_type", "shift_types", help="The shift type."),
            *_day_window(),
            Column(
                "care_hours_per_day",
                Kind.NUMBER,
                "Care hours per person in care.",
                "hours/day",
                REQUIRED,
                minimum=0,
                variants={"care_hours_per_week": 1 / DAYS_PER_WEEK},
            ),
        ),
    )
)
_add(
    Table(
        "eligibility",
        NEED,
        "Which packages help which pathway, where, and how often they succeed; where rows overlap, the one with more "
        "filters holds.",
        ("pathway", "package", "locality", "hospital", "site"),
        (
            _ref("pathway", "pathways", help="The pathway."),
            _ref("package", "packages", help="A package that helps."),
            _filter("locality", "localities", NETWORKS),
            _filter("hospital", "hospitals"),
            _filter("site", "sites"),
            _share("success", "Probability of success: an admission avoided, or at home 91 days later.", 1.0),
            _share("share_max", "Largest share of the pathway's referrals that this package suits.", 1.0),
            Column(
                "failure_gbp",
                Kind.NUMBER,
                "Cost of a failure: admitted after all, or readmitted.",
                "£/person",
                0.0,
                minimum=0,
            ),
            Column("success_gbp", Kind.NUMBER, "Payment for a success.", "£/person", 0.0),
        ),
        is_required=True,
    )
)
_add(
    Table(
        "referrals",
        NEED,
        "People referred: a row without a month holds for every month, one with a month replaces it there.",
        ("locality", "hospital", "pathway", "month"),
        (
            _ref(
                "locality",
                "localities",
                help="Where they live; empty: shared out by population_65_plus.",
                required=False,
            ),
            _ref("hospital", "hospitals", help="Who refers; empty: by catchment, or none.", required=False),
            _ref("pathway", "pathways", help="The pathway."),
            Column("month", Kind.MONTH, "The month; empty: every month.", "month"),
            Column(
                "people_per_month",
                Kind.NUMBER,
                "People referred: that many in each whole calendar month, pro rata by day otherwise.",
                "people/month",
                REQUIRED,
                minimum=0,
                variants={
                    "people_per_day": None,
                    "people_per_week": None,
                    "people_per_year": None,
                    "people_per_1000_65_plus_per_year": None,
                },
            ),
            Column(
                "growth_per_year",
                Kind.NUMBER,
                "Growth a year from the start (rows without a month).",
                "share/year",
                0.0,
                above=-1,
            ),
            _ref("profile", "profiles", help="Season: a profile of monthly factors.", required=False),
        ),
        is_required=True,
    )
)
_add(
    Table(
        "profiles",
        NEED,
        "Seasons: a factor for each calendar month; months without a row have factor 1.",
        ("profile", "month"),
        (
            _key("profile", "Name of the profile."),
            Column(
                "month",
                Kind.WHOLE,
                "Calendar month, 1 to 12.",
                "month of the year",
                REQUIRED,
                minimum=1,
                maximum=12,
            ),
            Column("factor", Kind.NUMBER, "What the rate is multiplied by.", "factor", REQUIRED, minimum=0),
        ),
    )
)
_add(
    Table(
        "waiting",
        NEED,
        "People already waiting when the plan starts.",
        ("locality", "hospital", "pathway"),
        (
            _ref(
                "locality",
                "localities",
                help="Where they live; empty: shared out like referrals.",
                required=False,
            ),
            _ref(
                "hospital",
                "hospitals",
                help="Where they wait; empty: shared out like referrals.",
                required=False,
            ),
            _ref("pathway", "pathways", help="The pathway."),
            Column("people", Kind.NUMBER, "How many.", "people", REQUIRED, minimum=0),
        ),
    )
)
_add(
    Table(
        "census",
        NEED,
        "People already in care when the plan starts (opening = census).",
        ("locality", "site", "package"),
        (
            _ref(
                "locality",
                "localities",
                help="Where they live; empty: shared out like referrals.",
                required=False,
            ),
            _ref("site", "sites", help="Where they are in a bed; empty at home.", required=False),
            _ref("package", "packages", help="The package."),
            Column("people", Kind.NUMBER, "How many.", "people", REQUIRED, minimum=0),
        ),
    )
)
_add(
    Table(
        "targets",
        ACHIEVED,
        "What must be achieved, or is reported: one row a target; `for_each` makes it one for every member.",
        ("target",),
        (
            _key("target", "Key of the target."),
            _name_text(),
            Column("metric", Kind.CHOICE, "What is counted.", default=REQUIRED, choices=METRICS),
            Column(
                "sense",
                Kind.CHOICE,
                "At least (min) or at most (max).",
                default=REQUIRED,
                choices=("min", "max"),
            ),
            Column(
                "value", Kind.NUMBER, "The target; empty: not agreed yet (never 0).", "as in the column unit"
            ),
            Column(
                "unit",
                Kind.CHOICE,
                "Unit of value and baseline; rates go by calendar days, months and years by calendar months; "
                "mean_wait_days and occupancy are written as total (days) and share.",
                default=REQUIRED,
                choices=("per_day", "per_week", "per_month", "per_year", "total", "share"),
            ),
            Column(
                "value_is",
                Kind.CHOICE,
                "Whether value is the level itself or an increase on the baseline.",
                default="level",
                choices=("level", "increase"),
            ),
            Column("baseline", Kind.NUMBER, "Today's number, in the same unit.", "as in the column unit"),
            Column(
                "is_imposed", Kind.YES_NO, "Whether the plan must meet it; no: reported only.", default=True
            ),
            _filter("locality", "localities", NETWORKS),
            _filter("network", NETWORKS),
            _filter("hospital", "hospitals"),
            _filter("sub_region"),
            _filter("site", "sites"),
            _filter("kind", choices=SITE_KINDS),
            _filter("provider"),
            _filter("pathway", "pathways"),
            _filter("package", "packages"),
            _filter("bed_type", "bed_types"),
            Column(
                "for_each",
                Kind.CHOICE,
                "One of the filters: a target for every one of them, e.g. an equity floor.",
                choices=TARGET_FILTERS,
            ),
            Column("from", Kind.DATE, "First day on which it holds; empty: from the start.", "date"),
            Column("to", Kind.DATE_TO, "Last day on which it holds; empty: to the end.", "date"),
            Column(
                "window",
                Kind.CHOICE,
                "Over what it is counted: each period, a financial year, the horizon; empty: year for per_year, "
                "horizon for total, otherwise each.",
                choices=("each", "year", "horizon"),
            ),
            Column(
                "ramp_from", Kind.NUMBER, "The value at `from`, from which it rises.", "as in the column unit"
            ),
            Column("ramp_until", Kind.DATE, "When the full value is reached.", "date"),
            Column(
                "shortfall_gbp",
                Kind.NUMBER,
                "Price of one unit missed (a person, a day, a pound; for shares a person or bed day); empty: the target is hard.",
                "£",
                minimum=0,
            ),
        ),
    )
)
_add(
    Table(
        "scenarios",
        ACHIEVED,
        "Named changes to the instance, as override expressions separated by semicolons.",
        ("scenario",),
        (
            _key("scenario", "Key of the scenario."),
            _name_text(),
            _share("probability", "How likely it is.", None),
            Column(
                "changes",
                Kind.TEXT,
                "Overrides, e.g. referrals[pathway=crisis].people_per_month *= 1.2; packages.stay_days += 3; "
                "empty: the instance as it stands.",
            ),
        ),
    )
)
