"""What can be commissioned: beds, staff and shifts."""

from __future__ import annotations

from capplan.schema.columns import NETWORKS, REQUIRED, Column, Kind, Table
from capplan.schema.tables.parts import (
    CONGESTION,
    DAY_PATTERNS,
    SITE_KINDS,
    amount,
    available,
    bed_price,
    choice,
    key,
    name_text,
    only,
    periods,
    provider,
    ref,
    share,
    text,
)

COMMISSIONED = "What can be commissioned"

TABLES = (
    Table(
        "bed_types",
        COMMISSIONED,
        "Kinds of beds that can stand for each other, e.g. step-up, step-down, intermediate care.",
        ("bed_type",),
        (
            key("bed_type", "Key of the bed type."),
            name_text(),
            share(
                "occupancy_max",
                "Highest average share of open beds in use; needed where congestion is none.",
                1.0,
                above=0.0,
            ),
            choice(
                "congestion",
                "What full beds do to people: nothing, average load only (none); they queue (wait); they are turned "
                "away (refuse).",
                CONGESTION,
                "none",
            ),
            amount(
                "queue_day_gbp",
                "Cost of one person waiting one day because beds are full by chance (wait); at most the "
                "pathways' delay_day_gbp.",
                "£/day",
            ),
            share(
                "wait_probability_max",
                "Largest share of people who find no free bed (wait).",
                None,
                above=0.0,
            ),
            share(
                "refusal_probability_max",
                "Largest share of people who are turned away (refuse); needed there.",
                None,
                above=0.0,
            ),
        ),
    ),
    Table(
        "site_beds",
        COMMISSIONED,
        "Beds of one type at one site (a unit): how many there are, may be, and what they cost.",
        ("site", "bed_type"),
        (
            ref("site", "sites", help="The site."),
            ref("bed_type", "bed_types", help="The bed type."),
            text(
                "waiting_list",
                "Units of a bed type with the same name here share one list and count as one large unit for "
                "congestion; empty: a list of its own.",
            ),
            amount("beds", "Beds open before the start; a multiple of beds_step.", "beds", 0.0),
            amount("beds_min", "Fewest beds open.", "beds", 0.0),
            amount("unit_beds_min", "Fewest beds open if any is.", "beds", 0.0),
            Column(
                "beds_max", Kind.NUMBER, "Most beds open; empty: today's number.", "beds", None, "beds", 0
            ),
            Column(
                "beds_step", Kind.WHOLE, "Beds open and close in multiples of this.", "beds", 1.0, minimum=1
            ),
            bed_price("bed_day_gbp", "Price of one open bed for a day, used or not."),
            *available(),
            amount("opening_gbp_per_bed", "One-off cost of opening a bed.", "£/bed", 0.0),
            amount("closing_gbp_per_bed", "One-off cost of closing a bed.", "£/bed", 0.0),
            periods("lead_periods", "Periods from decision to opening."),
            periods("notice_periods", "Periods from decision to closing."),
            bed_price(
                "spot_bed_day_gbp", "Price of a bed bought for one person, a day; empty: no spot beds."
            ),
        ),
    ),
    Table(
        "conversions",
        COMMISSIONED,
        "Which beds can be turned into which at a site.",
        ("site", "from_bed_type", "to_bed_type"),
        (
            ref("site", "sites", help="The site."),
            ref("from_bed_type", "bed_types", help="What the beds are."),
            ref("to_bed_type", "bed_types", help="What they become."),
            amount("convert_gbp_per_bed", "One-off cost of converting a bed.", "£/bed", 0.0),
            Column(
                "beds_per_change_max",
                Kind.WHOLE,
                "Most beds converted at one decision point; empty: any number.",
                "beds",
                minimum=0,
            ),
        ),
    ),
    Table(
        "roles",
        COMMISSIONED,
        "Kinds of staff in post, counted in WTE.",
        ("role",),
        (
            key("role", "Key of the role."),
            name_text(),
            Column(
                "contact_hours_per_week",
                Kind.NUMBER,
                "Contact hours a WTE gives a week after leave, sickness and administration, before travel "
                "(or give the next two columns).",
                "hours/week",
                above=0,
            ),
            Column("paid_hours_per_week", Kind.NUMBER, "Paid hours of a WTE.", "hours/week", above=0),
            share("contact_share", "Share of paid hours that is contact time or travel.", None, above=0.0),
            Column(
                "turnover_per_year",
                Kind.NUMBER,
                "Share of posts that fall vacant a year.",
                "share/year",
                0.0,
                minimum=0,
                maximum=5,
            ),
            periods("recruitment_periods", "Periods from the decision to recruit to the first working day."),
        ),
        alternatives=((("contact_hours_per_week",), ("paid_hours_per_week", "contact_share")),),
    ),
    Table(
        "staff",
        COMMISSIONED,
        "Teams: a role in a locality, a network, or everywhere (`all`: one team for all localities).",
        ("locality", "role"),
        (
            ref(
                "locality",
                "localities",
                NETWORKS,
                words=("all",),
                help="Whom the team serves: a locality, a network, or all.",
            ),
            ref("role", "roles", help="The role."),
            provider(),
            *available(),
            amount(
                "wte",
                "WTE in post before the start; empty: an existing team that is not known, the plan is additional to it.",
                "WTE",
            ),
            amount("wte_min", "Fewest WTE in post.", "WTE", 0.0),
            Column("wte_max", Kind.NUMBER, "Most WTE in post; empty: today's number.", "WTE", None, "wte", 0),
            Column("wte_step", Kind.NUMBER, "Recruits come in multiples of this.", "WTE", 1.0, above=0),
            amount(
                "hires_max_per_period",
                "Most recruits a period (a decision covers all periods until the next); empty: any number.",
                "WTE/period",
            ),
            amount(
                "wte_month_gbp",
                "Cost of a WTE in post a month, on-costs included.",
                "£/month",
                variants={"wte_year_gbp": 1 / 12},
            ),
            amount("hiring_gbp_per_wte", "One-off cost of a recruit.", "£/WTE", 0.0),
            amount("agency_hour_gbp", "Price of an agency contact hour; empty: no agency.", "£/hour"),
        ),
    ),
    Table(
        "arrivals",
        COMMISSIONED,
        "People already recruited who start work during the plan.",
        ("locality", "role", "month"),
        (
            ref("locality", "localities", NETWORKS, words=("all",), help="The team, as in `staff`."),
            ref("role", "roles", help="The role."),
            Column("month", Kind.MONTH, "Month of the first working day.", "month", REQUIRED),
            amount("wte", "How many.", "WTE", REQUIRED),
        ),
    ),
    Table(
        "shift_types",
        COMMISSIONED,
        "Kinds of shifts: one team on duty from-to on certain days.",
        ("shift_type",),
        (
            key("shift_type", "Key of the shift type."),
            name_text(),
            choice(
                "days",
                "On which days: weekdays are Monday to Friday without bank holidays, weekends are Saturday, Sunday and "
                "bank holidays, saturday leaves bank holidays out.",
                DAY_PATTERNS,
                REQUIRED,
            ),
            Column("start", Kind.TIME, "When the shift begins (HH:MM).", "time", REQUIRED),
            Column("hours", Kind.NUMBER, "Length of the shift.", "hours", REQUIRED, above=0, maximum=24),
            amount("care_hours", "Contact hours that a shift gives before travel.", "hours/shift", REQUIRED),
        ),
    ),
    Table(
        "shifts",
        COMMISSIONED,
        "Crews on duty: a shift type in a locality, a network, or everywhere.",
        ("locality", "shift_type"),
        (
            ref(
                "locality",
                "localities",
                NETWORKS,
                words=("all",),
                help="Whom the crews serve: a locality, a network, or all.",
            ),
            ref("shift_type", "shift_types", help="The shift type."),
            provider(),
            *available(),
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
            amount("shift_gbp", "Price of one shift.", "£/shift", variants={"shift_hour_gbp": None}),
            periods("lead_periods", "Periods from decision to the first shift."),
            periods("notice_periods", "Periods from decision to the last shift."),
            amount(
                "spot_care_hour_gbp",
                "Price of a care hour bought for one person; empty: no spot care.",
                "£/hour",
            ),
        ),
    ),
    Table(
        "cross_cover",
        COMMISSIONED,
        "Which teams or crews may help out where.",
        ("resource", "from_locality", "to_locality"),
        (
            ref("resource", "roles", "shift_types", help="A role or shift type."),
            ref(
                "from_locality",
                "localities",
                NETWORKS,
                words=("all",),
                help="The team that helps, as in `staff` or `shifts`.",
            ),
            ref("to_locality", "localities", NETWORKS, words=("all",), help="The team that is helped."),
            share("travel_share", "Share of the hours given that is lost on the road.", maximum=0.95),
        ),
    ),
    Table(
        "cover",
        COMMISSIONED,
        "Crews that must be on duty in a network or locality whatever the load; both empty: everywhere together.",
        ("network", "locality", "shift_type"),
        (
            ref("network", NETWORKS, help="The network.", required=False),
            ref("locality", "localities", help="The locality.", required=False),
            ref("shift_type", "shift_types", help="The shift type."),
            Column("on_duty_min", Kind.WHOLE, "Fewest crews on duty.", "shifts", REQUIRED, minimum=0),
        ),
    ),
    Table(
        "limits",
        COMMISSIONED,
        "Bounds on the sum of beds, WTE or shifts that the filters leave.",
        ("limit",),
        (
            key("limit", "Key of the limit."),
            name_text(),
            ref("resource", "bed_types", "roles", "shift_types", help="A bed type, role or shift type."),
            only("locality", "localities", NETWORKS),
            only("network", NETWORKS),
            only("site", "sites"),
            only("kind", choices=SITE_KINDS),
            only("provider"),
            Column("from", Kind.DATE, "First day on which it holds; empty: from the start.", "date"),
            Column("to", Kind.DATE_TO, "Last day on which it holds; empty: to the end.", "date"),
            amount("min", "Least sum.", "beds, WTE or shifts"),
            amount("max", "Greatest sum.", "beds, WTE or shifts"),
        ),
    ),
)
