"""The page on Wiltshire: the text of docs/wiltshire.in.md with the numbers of docs/wiltshire.json put in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from string import Template

import capplan
from capplan.runs import fingerprint
from docs.wiltshire_tables import (
    AREAS,
    QUARTERS,
    SITES,
    TABLES,
    Numbers,
    beds_open,
    million,
    missed,
    share,
    thousand,
)

FOLDER = Path(__file__).parent
TEXT, NUMBERS = FOLDER / "wiltshire.in.md", FOLDER / "wiltshire.json"
INSTANCE = FOLDER.parent / "instances" / "wiltshire-2017"

NOTHING = 50
"""Below this a change of the cost is said to be none [£]."""


def page() -> str:
    """The whole page; KeyError where the text asks for a number that is not there."""
    return Template(TEXT.read_text(encoding="utf-8")).substitute(values(read_numbers()))


def complaint() -> str | None:
    """What is wrong with the numbers kept for the page: made from another instance than the one that is there."""
    if read_numbers()["fingerprint"] == fingerprint(capplan.read(INSTANCE)):
        return None
    return f"docs/{NUMBERS.name} was made from another instance: run make wiltshire"


def read_numbers() -> Numbers:
    """What docs/wiltshire.py kept."""
    numbers: Numbers = json.loads(NUMBERS.read_text(encoding="utf-8"))
    return numbers


def values(numbers: Numbers) -> dict[str, str]:
    """Every table, quotation and number that the text may ask for, by name."""
    return {
        **{name: table(numbers) for name, table in TABLES.items()},
        **{f"check_{rule}": text for rule, text in numbers["check"].items()},
        "warnings": str(len(numbers["check"])),
        **{f"sources_{kind}": f"{count:,}" for kind, count in numbers["sources"].items()},
        "sources_all": f"{sum(numbers['sources'].values()):,}",
        **dict(_run_values(numbers)),
        **{f"worth_{_key(name)}": _worth(gbp) for name, gbp in numbers["what_ifs"].items()},
        **dict(_plan_values(numbers)),
    }


def _run_values(numbers: Numbers) -> Iterable[tuple[str, str]]:
    for name, run in numbers["runs"].items():
        yield f"{name}_cost", million(run["cost"])
        yield f"{name}_paid", million(run["paid"])
        yield from ((f"{name}_{line}", f"{people:,.0f}") for line, people in run["year"].items())
        yield from ((f"{name}_gbp_{item}", million(gbp)) for item, gbp in run["items"].items())
        yield from ((f"{name}_short_{m['target']}", f"{m['short']:.0f}") for m in run["missed"])


def _plan_values(numbers: Numbers) -> Iterable[tuple[str, str]]:
    plan, today = numbers["capacity"]["base"], numbers["capacity"]["as_is"]
    yield "far_borders_result", _against_plan(numbers, "far_borders")
    gap = 1 - numbers["runs"]["base"]["bound"] / numbers["runs"]["base"]["cost"]
    yield "plan_gap", f"{gap:.1%}"
    yield from ((f"people_{key.split()[1]}", f"{people:,.0f}") for key, people in plan["packages"].items())
    yield from ((f"price_{target}", f"£{gbp:,}") for target, gbp in plan["prices"].items())
    for area in AREAS:
        yield f"today_served_{area}", share(today["ict_by_area"][area])
        yield f"plan_served_{area}", share(plan["ict_by_area"][area])
    for month in QUARTERS:
        step_up = sum(beds_open(plan, site, "step_up", month) for site in SITES if site.endswith("_ch"))
        yield f"step_up_beds_{month.replace('-', '_')}", f"{step_up:.0f}"


def _against_plan(numbers: Numbers, name: str) -> str:
    """What a run comes to beside the plan: all targets met at what more or less, or what is missed."""
    run, plan = numbers["runs"][name], numbers["runs"]["base"]
    if run["missed"]:
        return f"the targets {missed(run)}"
    difference = run["cost"] - plan["cost"]
    if abs(difference) < numbers["gap"] * plan["cost"]:
        return "all targets are met at about the same cost"
    return f"all targets are met, for {thousand(abs(difference))} {'more' if difference > 0 else 'less'}"


def _worth(gbp: float | None) -> str:
    """What a change costs or saves, in words."""
    if gbp is None:
        return "is infeasible"
    if abs(gbp) < NOTHING:
        return "changes nothing"
    amount = f"£{round(abs(gbp), -2):,.0f}"
    return f"costs {amount}" if gbp > 0 else f"saves {amount}"


def _key(name: str) -> str:
    return name.replace(",", "").replace(" ", "_")
