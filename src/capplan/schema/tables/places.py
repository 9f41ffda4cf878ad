"""Where people live and beds stand."""

from __future__ import annotations

from capplan.schema.columns import REQUIRED, Column, Kind, Table
from capplan.schema.tables.parts import (
    SITE_KINDS,
    amount,
    choice,
    key,
    latitude,
    longitude,
    name_text,
    provider,
    ref,
    share,
    text,
    yes_no,
)

WHERE = "Where"

TABLES = (
    Table(
        "localities",
        WHERE,
        "Where people live and home-based teams work: a GP cluster, a care network, a community area.",
        ("locality",),
        (
            key("locality", "Key of the locality."),
            name_text(),
            latitude(),
            longitude(),
            amount("population_65_plus", "People aged 65 and over.", "people"),
            text("network", "Group of localities that share teams, cover or floors; any name."),
            share(
                "home_travel_share",
                "Share of a home worker's paid time spent travelling (or give the next two columns).",
                maximum=0.95,
            ),
            amount("travel_minutes_per_visit", "Travel per home visit.", "minutes"),
            Column("visit_minutes", Kind.NUMBER, "Contact time per home visit.", "minutes", above=0),
        ),
        is_required=True,
        alternatives=((("home_travel_share",), ("travel_minutes_per_visit", "visit_minutes")),),
    ),
    Table(
        "hospitals",
        WHERE,
        "Acute hospitals that refer.",
        ("hospital",),
        (
            key("hospital", "Key of the hospital."),
            name_text(),
            latitude(),
            longitude(),
            text("sub_region", "Group of hospitals; any name."),
        ),
    ),
    Table(
        "catchments",
        WHERE,
        "How a locality's referrals that name no hospital are split over hospitals.",
        ("locality", "hospital"),
        (
            ref("locality", "localities", help="The locality."),
            ref("hospital", "hospitals", help="The hospital."),
            share("share", "Share of the locality's people who use this hospital; sums to 1.", "required"),
        ),
    ),
    Table(
        "sites",
        WHERE,
        "Buildings with beds: community hospitals, care homes, extra care housing.",
        ("site",),
        (
            key("site", "Key of the site."),
            name_text(),
            ref(
                "locality",
                "localities",
                help="Where it stands; people in its beds are served by that locality's staff.",
            ),
            provider(),
            choice("kind", "What sort of building it is.", SITE_KINDS, "other"),
            latitude(),
            longitude(),
            amount(
                "beds_max",
                "Most beds the building can hold, spot beds included; empty: the sum of its units' beds_max.",
                "beds",
            ),
            amount(
                "open_gbp_per_month",
                "Cost of the building while any bed is open.",
                "£/month",
                0.0,
                variants={"open_gbp_per_year": 1 / 12},
            ),
            yes_no("is_open", "Whether it is open before the start.", True),
            yes_no("can_open", "Whether it may open (again) once closed.", True),
            yes_no("can_close", "Whether it may close once open.", True),
        ),
    ),
    Table(
        "travel",
        WHERE,
        "Journeys from locality to site; where a row is missing they follow from the coordinates.",
        ("locality", "site"),
        (
            ref("locality", "localities", help="Where the person lives."),
            ref("site", "sites", help="Where the bed is."),
            amount("minutes", "Length of the journey.", "minutes", REQUIRED),
        ),
    ),
)
