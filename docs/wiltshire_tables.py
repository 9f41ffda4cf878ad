"""The tables of the page on Wiltshire, from the numbers of docs/wiltshire.json."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

Numbers = Mapping[str, Any]

LINES = {
    "ict_year": ("Intermediate care beds, admissions", "ict_month"),
    "rsw_year": ("Rehab support workers, discharges", "rsw_week"),
    "discharge_core_year": ("Integrated discharge teams, discharges", None),
    "ch_extra_month": ("Community hospital beds, discharges (+15 a month)", None),
    "ucah_year": ("Urgent care at home, people", "ucah_month"),
    "step_up_ch_year": ("Step-up in community hospitals, people", "step_up_ch_month"),
    "step_up_south_year": ("Step-up in South Wiltshire, people", "step_up_south_month"),
    "end_of_life_year": ("72-hour end-of-life pathway, people", "end_of_life_month"),
}
"""Lines of the document: the target with the year's number, what it is called, and the imposed monthly target."""
SITES = {
    "ict_chippenham": "Care home, Chippenham",
    "ict_wootton_bassett": "Care home, Royal Wootton Bassett",
    "ict_trowbridge": "Care home, Trowbridge",
    "ict_devizes": "Care home, Devizes",
    "ict_salisbury": "Care home, Salisbury",
    "ict_amesbury": "Care home, Amesbury",
    "step_up_salisbury": "Step-up care home, Salisbury",
    "chippenham_ch": "Chippenham Community Hospital",
    "warminster_ch": "Warminster Community Hospital",
    "savernake_ch": "Savernake Community Hospital",
}
BEDS = {"ict": "intermediate care", "step_up": "step-up", "ch_rehab": "rehabilitation"}
CREWS = {"bridging_early": "early", "bridging_late": "late", "bridging_night": "night"}
AREAS = ("north", "west", "east", "south")
QUARTERS = ("2017-04", "2017-07", "2017-10", "2018-01")
WORKERS_IN = ("2017-05", "2017-08", "2017-11", "2018-03")
WHAT = {
    **{bed: f"{name} beds" for bed, name in BEDS.items()},
    **{crew: f"{name} bridging crew" for crew, name in CREWS.items()},
    "rsw": "rehab support workers",
    "hospice_worker": "hospice at home workers",
}
PATHWAYS = {
    "ict": "Intermediate care after hospital",
    "ch_rehab": "Community hospital rehabilitation",
    "home_rehab": "Home with rehab support",
    "discharge_core": "Integrated discharge teams",
    "crisis_home": "Crisis, can stay at home",
    "crisis_bed": "Crisis, needs a bed",
    "end_of_life": "End of life",
}
ITEMS = {
    "beds": "beds",
    "staff": "rehab support and hospice workers",
    "shifts": "urgent care and bridging crews",
    "failures": "care that did not work out (a later admission)",
    "starts": "starting care (therapist, GP)",
    "once": "changes: recruiting, opening, converting",
    "travel": "journeys",
    "unmet": "people who go without (nobody pays)",
}
ONCE = ("changes", "conversions", "hiring", "openings", "closings")
SMALL_CHANGE = 1
"""Below this many posts a release is nothing to sign: it is left out of the decisions."""


def lines_table(numbers: Numbers) -> str:
    """The document line by line: what it says, what today's capacity gives, what the plan gives."""
    runs, plan = numbers["runs"], numbers["capacity"]["base"]
    rows = []
    for target, (name, monthly) in LINES.items():
        before, after = numbers["document"][target]
        asked, got = plan["last_month"].get(monthly, (None, None))
        rows.append(
            (
                name,
                "–" if before is None else f"{before:,.0f}",
                f"{after:,.0f}",
                f"{runs['as_is']['year'][target]:,.0f}",
                f"{runs['base']['year'][target]:,.0f}",
                "–" if asked is None else f"{asked:.0f} / {got:.0f}",
            )
        )
    headings = (
        "line",
        "document: today",
        "document: target",
        "today's capacity gives",
        "plan gives",
        "March 2018: asked / plan",
    )
    return _table(headings, rows)


def beds_table(numbers: Numbers) -> str:
    """Beds open by place and kind, quarter by quarter."""
    plan, today = numbers["capacity"]["base"], numbers["capacity"]["as_is"]
    rows = []
    for site, place in SITES.items():
        for bed, kind in BEDS.items():
            before = beds_open(today, site, bed, "2017-04")
            after = [beds_open(plan, site, bed, month) for month in QUARTERS]
            if before or any(after):
                rows.append((place, kind, *(f"{beds:.0f}" for beds in (before, *after))))
    return _table(("where", "beds", "today", *map(_month, QUARTERS)), rows)


def teams_table(numbers: Numbers) -> str:
    """Rehab support workers in post and bridging crews a day, by area."""
    plan = numbers["capacity"]["base"]
    rows = []
    for area in AREAS:
        posts = plan["staff"].get(f"{area} rsw", {})
        crews = [plan["shifts"].get(f"{area} {crew}", {}) for crew in CREWS]
        rows.append(
            (
                area,
                *(f"{posts.get(month, 0):.1f}" for month in WORKERS_IN),
                *(_over_quarters(crew.get(month, 0) for month in QUARTERS) for crew in crews),
            )
        )
    return _table(("area", *map(_month, WORKERS_IN), *CREWS.values()), rows)


def decisions_table(numbers: Numbers) -> str:
    """What to sign by when, places together; releases of parts of a post are left out."""
    places: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in numbers["capacity"]["base"]["decisions"]:
        if abs(row["change"]) >= SMALL_CHANGE or row["change"] > 0:
            where = SITES.get(row["where"], row["where"])
            places[row["decide_by"], row["from"], row["what"]].append(f"{row['change']:+g} {where}")
    rows = [
        (_day(by), _day(start), WHAT[what], "; ".join(where)) for (by, start, what), where in places.items()
    ]
    return _table(("decide by", "from", "what", "where"), rows)


def money_table(numbers: Numbers) -> str:
    """Cost of the year by item, today's capacity and the plan."""
    today, plan = (_grouped(numbers["runs"][name]["items"]) for name in ("as_is", "base"))
    rows = [(label, *_compared(today.get(item, 0), plan.get(item, 0))) for item, label in ITEMS.items()]
    rows.append(("**together**", *_compared(sum(today.values()), sum(plan.values()))))
    return _table(("cost of the year", "today's capacity", "plan", "difference"), rows)


def served_table(numbers: Numbers) -> str:
    """Share of referred people who start, today's capacity and the plan."""
    today, plan = (numbers["capacity"][name]["served"] for name in ("as_is", "base"))
    rows = [
        (name, f"{plan[p]['referrals']:,.0f}", share(today[p]), share(plan[p]))
        for p, name in PATHWAYS.items()
    ]
    return _table(("people", "referred (assumed)", "start today", "start in the plan"), rows)


def scenarios_table(numbers: Numbers) -> str:
    """Every scenario: cost, how far it is proved, what each line gets, what is missed."""
    runs = numbers["runs"]
    rows = [
        (
            "the plan" if name == "base" else f"`{name}`",
            million(run["cost"]),
            "–" if run["bound"] is None else million(run["bound"]),
            *(f"{run['year'][line]:,.0f}" for line in SCENARIO_LINES),
            missed(run),
        )
        for name, run in runs.items()
        if name != "as_is"
    ]
    return _table(("scenario", "cost", "at least", *SCENARIO_LINES.values(), "imposed targets"), rows)


SCENARIO_LINES = {
    "ict_year": "ICT",
    "rsw_year": "RSW",
    "ucah_year": "UCAH",
    "step_up_ch_year": "step-up CH",
    "step_up_south_year": "step-up south",
    "ch_extra_month": "CH discharges",
}
TABLES: dict[str, Callable[[Numbers], str]] = {
    "table_lines": lines_table,
    "table_beds": beds_table,
    "table_teams": teams_table,
    "table_decisions": decisions_table,
    "table_money": money_table,
    "table_served": served_table,
    "table_scenarios": scenarios_table,
}
"""The tables that the text may ask for."""


def missed(run: Numbers) -> str:
    """Which imposed targets a run misses, in words."""
    if not run["missed"]:
        return "all met"
    parts = [f"`{m['target']}` {m['short']:,.0f} short" for m in run["missed"]]
    return "cannot all be met; best effort: " + ", ".join(parts)


def _grouped(items: Mapping[str, int]) -> Mapping[str, int]:
    """The costs of the table, one-off ones together."""
    sums: dict[str, int] = defaultdict(int)
    for item, gbp in items.items():
        sums["once" if item in ONCE else item] += gbp
    return sums


def beds_open(capacity: Numbers, site: str, bed: str, month: str) -> float:
    """Beds of a kind open at a site in a month."""
    beds: float = capacity["beds"].get(f"{site} {bed}", {}).get(month, 0.0)
    return beds


def _over_quarters(crews: Iterable[float]) -> str:
    """One number where a year is the same throughout (from May on), else one a quarter."""
    counts = [f"{count:.0f}" for count in crews]
    return counts[0] if len(set(counts)) == 1 else " / ".join(counts)


def _compared(today: float, plan: float) -> tuple[str, str, str]:
    sign = "−" if plan < today else "+"
    change = "–" if round(plan - today, -3) == 0 else f"{sign}{thousand(abs(plan - today))}"
    return thousand(today), thousand(plan), change


def thousand(gbp: float) -> str:
    """£12k."""
    return f"£{gbp / 1000:,.0f}k"


def million(gbp: float) -> str:
    """£1.23m."""
    return f"£{gbp / 1e6:.2f}m"


def share(people: Mapping[str, float]) -> str:
    """Share of referred people who start."""
    return f"{people['starts'] / people['referrals']:.0%}"


def _month(text: str) -> str:
    return f"{date.fromisoformat(f'{text}-01'):%B %Y}"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
