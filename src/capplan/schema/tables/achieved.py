"""What must be achieved, and who pays."""

from __future__ import annotations

from capplan.results.cost_items import COST_ITEMS
from capplan.results.metrics import METRICS
from capplan.schema.columns import NETWORKS, REQUIRED, SUB_REGIONS, Column, Kind, Table
from capplan.schema.tables.parts import (
    SCHEME_EFFECTS,
    TARGET_FILTERS,
    amount,
    choice,
    key,
    name_text,
    only,
    periods,
    provider,
    ref,
    share,
    target_filters,
    text,
    yes_no,
)

ACHIEVED = "What must be achieved, and who pays"

TABLES = (
    Table(
        "targets",
        ACHIEVED,
        "What must be achieved, or is reported: one row a target; `for_each` makes it one for every member. locality and "
        "network are where people live; for bed_share and occupancy, where the beds are.",
        ("target",),
        (
            key("target", "Key of the target."),
            name_text(),
            choice("metric", "What is counted.", tuple(METRICS), REQUIRED),
            choice("sense", "At least (min) or at most (max).", ("min", "max"), REQUIRED),
            Column(
                "value", Kind.NUMBER, "The target; empty: not agreed yet (never 0).", "as in the column unit"
            ),
            choice(
                "unit",
                "Unit of value and baseline; rates go by calendar days, months and years by calendar months; "
                "mean_wait_days and occupancy are written as total (days) and share.",
                ("per_day", "per_week", "per_month", "per_year", "total", "share"),
                REQUIRED,
            ),
            choice(
                "value_is",
                "Whether value is the level itself or an increase on the baseline.",
                ("level", "increase"),
                "level",
            ),
            Column("baseline", Kind.NUMBER, "Today's number, in the same unit.", "as in the column unit"),
            yes_no("is_imposed", "Whether the plan must meet it; no: reported only.", True),
            *target_filters(),
            choice(
                "for_each",
                "One of the filters: a target for every one of them, e.g. an equity floor.",
                TARGET_FILTERS,
            ),
            Column("from", Kind.DATE, "First day on which it holds; empty: from the start.", "date"),
            Column("to", Kind.DATE_TO, "Last day on which it holds; empty: to the end.", "date"),
            choice(
                "window",
                "Over what it is counted: each period, a financial year, the horizon; empty: year for per_year, "
                "horizon for total, otherwise each.",
                ("each", "year", "horizon"),
            ),
            Column(
                "ramp_from", Kind.NUMBER, "The value at `from`, from which it rises.", "as in the column unit"
            ),
            Column("ramp_until", Kind.DATE, "When the full value is reached.", "date"),
            amount(
                "shortfall_gbp",
                "Price of one unit missed (a person, a day, a pound; for shares a person or bed day); empty: the target is hard.",
                "£",
            ),
        ),
    ),
    Table(
        "budgets",
        ACHIEVED,
        "What each funder may spend in a financial year, in cash.",
        ("funder", "year"),
        (
            text("funder", "Who pays; any name.", default="required"),
            text("year", "Financial year, e.g. 2017/18.", default="required"),
            amount("budget_gbp", "Cash for the whole year.", "£", REQUIRED),
            amount(
                "committed_gbp",
                "Spend outside this plan that the budget bears too: gap = committed + plan - budget.",
                "£",
                0.0,
            ),
            yes_no("is_imposed", "Whether the plan must keep to it; no: the gap is reported only.", True),
        ),
    ),
    Table(
        "funding",
        ACHIEVED,
        "Who pays for what: shares of the items of the costs table; where rows overlap, the one with more filters "
        "holds. waiting, queueing, unmet and shortfall are in no budget unless they are listed here.",
        ("item", "key", "locality", "network", "site", "funder"),
        (
            choice("item", "Item of the costs table.", tuple(COST_ITEMS), REQUIRED),
            text(
                "key",
                "Bed type, role, shift type, package, pathway, scheme or hospital; empty: every one of the item.",
            ),
            only("locality", "localities", NETWORKS),
            only("network", NETWORKS),
            only("site", "sites"),
            text("funder", "Who pays; any name.", default="required"),
            share("share", "Share of the cost that the funder pays; shares of one cost sum to 1.", 1.0),
        ),
    ),
    Table(
        "budget_pools",
        ACHIEVED,
        "Funders who share their budgets.",
        ("pool", "funder"),
        (
            text("pool", "Name of the pool.", default="required"),
            text("funder", "A member, as in `budgets`.", default="required"),
            amount(
                "transfer_max_gbp",
                "Most that the member gives to others in a year; empty: any amount.",
                "£/year",
            ),
        ),
    ),
    Table(
        "schemes",
        ACHIEVED,
        "Invest-or-not decisions: what they cost, when they may go live and what must come first.",
        ("scheme",),
        (
            key("scheme", "Key of the scheme."),
            name_text(),
            provider(),
            Column(
                "one_off_gbp",
                Kind.NUMBER,
                "Cost of going live; of each locality's where it goes live locality by locality.",
                "£",
                0.0,
            ),
            Column(
                "month_gbp",
                Kind.NUMBER,
                "Running cost while live, of each locality where by_locality; negative: a saving.",
                "£/month",
                0.0,
                variants={"year_gbp": 1 / 12},
            ),
            yes_no("is_live", "Whether it is live already, with its full effect.", False),
            Column(
                "earliest", Kind.DATE, "First day on which it may go live; empty: from the start.", "date"
            ),
            Column("latest", Kind.DATE_TO, "Last day on which it may go live; empty: to the end.", "date"),
            Column(
                "ends", Kind.DATE_TO, "Last day on which it is live, e.g. of a pilot; empty: none.", "date"
            ),
            periods("lag_periods", "Periods from going live to the first effect."),
            periods("ramp_periods", "Periods over which the effect grows in equal steps to its full size."),
            only("requires", "schemes", otherwise="nothing", help="Schemes that must be live first"),
            only(
                "excludes", "schemes", otherwise="nothing", help="Schemes that are never live with this one"
            ),
            yes_no("mandatory", "Whether it must go live within its window.", False),
            Column(
                "lasts_periods",
                Kind.WHOLE,
                "Periods for which it stays live; empty: for good.",
                "periods",
                minimum=1,
            ),
            yes_no("by_locality", "Whether it goes live locality by locality.", False),
            Column(
                "go_lives_max_per_period",
                Kind.WHOLE,
                "Most localities that go live in a period; empty: any number.",
                "localities/period",
                minimum=0,
            ),
            ref("pilot_locality", "localities", help="The locality that goes live first.", required=False),
            periods("pilot_periods", "Periods that the pilot runs before any other locality goes live."),
        ),
    ),
    Table(
        "scheme_localities",
        ACHIEVED,
        "Which localities can take part in a scheme that goes live locality by locality, and from when; without rows "
        "for a scheme, all of them.",
        ("scheme", "locality"),
        (
            ref("scheme", "schemes", help="The scheme."),
            ref("locality", "localities", help="A locality that can take part."),
            Column(
                "earliest",
                Kind.DATE,
                "First day on which it may go live there; empty: as the scheme says.",
                "date",
            ),
        ),
    ),
    Table(
        "scheme_effects",
        ACHIEVED,
        "What a live scheme changes: numbers of other tables, multiplied and added to, for what the filters leave.",
        ("scheme", "effect", *TARGET_FILTERS, "resource", "from_month"),
        (
            ref("scheme", "schemes", help="The scheme."),
            choice("effect", "The number that changes.", SCHEME_EFFECTS, REQUIRED),
            *target_filters(),
            only("resource", "roles", "shift_types"),
            amount(
                "from_month",
                "Months after the first effect from which the row holds (a dip in the first months).",
                "months",
                0.0,
            ),
            Column(
                "to_month",
                Kind.NUMBER,
                "Months after the first effect until which it holds; empty: for good.",
                "months",
                above=0,
            ),
            amount("multiply", "What the number is multiplied by.", "factor", 1.0),
            Column(
                "add",
                Kind.NUMBER,
                "What is added to it afterwards; of referrals the people a month in all that are added to what the "
                "filters leave, shared like those referrals.",
                "as the number it changes",
                0.0,
            ),
        ),
    ),
    Table(
        "acute_beds",
        ACHIEVED,
        "Acute wards that can close when enough bed days are freed, at one hospital or across a sub-region.",
        ("hospital",),
        (
            ref("hospital", "hospitals", SUB_REGIONS, help="A hospital, or a sub-region."),
            amount(
                "discharges_baseline_per_month",
                "Discharges a month today; what goes beyond frees bed days. Empty: discharges free none.",
                "people/month",
            ),
            amount(
                "diversions_baseline_per_month",
                "Diversions a month today; what goes beyond frees bed days. Empty: diversions free none.",
                "people/month",
            ),
            Column("ward_beds", Kind.WHOLE, "Beds of one ward.", "beds", REQUIRED, minimum=1),
            Column("wards_max", Kind.WHOLE, "Most wards that can close.", "wards", REQUIRED, minimum=0),
            amount(
                "ward_month_gbp",
                "What a closed ward releases.",
                "£/month",
                REQUIRED,
                variants={"ward_year_gbp": 1 / 12},
            ),
            amount(
                "double_running_months",
                "Months after closing in which nothing is released yet.",
                "months",
                0.0,
            ),
            amount(
                "bed_days_per_discharge",
                "Acute bed days that one more discharge on time frees.",
                "days/person",
                0.0,
            ),
            amount(
                "bed_days_per_diversion", "Acute bed days that one more diversion frees.", "days/person", 0.0
            ),
            share(
                "occupancy",
                "Occupancy of the ward's beds: a ward closes when this share of them is freed.",
                "required",
                above=0.0,
            ),
            share("gain_share", "Share of the release that comes back to the funders.", 1.0),
        ),
    ),
    Table(
        "scenarios",
        ACHIEVED,
        "Named changes to the instance, as override expressions separated by semicolons.",
        ("scenario",),
        (
            key("scenario", "Key of the scenario."),
            name_text(),
            share("probability", "How likely it is.", None),
            Column(
                "changes",
                Kind.TEXT,
                "Overrides, e.g. referrals[pathway=crisis].people_per_month *= 1.2; packages.stay_days += 3; "
                "empty: the instance as it stands.",
            ),
        ),
    ),
    Table(
        "ranges",
        ACHIEVED,
        "Low and high values of numbers that are not certain: what a tornado or a sample runs over.",
        ("value",),
        (
            text(
                "value",
                "The number: an override's left side, e.g. packages[package=ic_bed].stay_days.",
                default="required",
            ),
            Column("low", Kind.NUMBER, "Lowest value.", "as the number itself", REQUIRED),
            Column("high", Kind.NUMBER, "Highest value.", "as the number itself", REQUIRED),
        ),
    ),
)
