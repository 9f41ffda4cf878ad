"""Numbers in words, as the pages write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from capplan.digest.target_units import short_by
from capplan.results.metrics import METRICS
from docs.places.place import Numbers

NOTHING = 50
"""Below this a change of the cost is said to be none [£]."""


def thousand(gbp: float) -> str:
    """£12k; −£12k."""
    return f"{'−' if round(gbp, -3) < 0 else ''}£{abs(gbp) / 1000:,.0f}k"


def million(gbp: float) -> str:
    """£1.23m; −£1.23m."""
    return f"{'−' if round(gbp, -4) < 0 else ''}£{abs(gbp) / 1e6:,.2f}m"


def share(people: Mapping[str, float]) -> str:
    """Share of referred people who start."""
    return f"{people['starts'] / people['referrals']:.0%}"


def amount(metric: str, value: float | None) -> str:
    """What a target gives in a window: people, a share, or pounds."""
    if value is None:
        return "–"
    counted = METRICS[metric]
    if counted.is_ratio:
        return f"{value:.0%}" if counted.is_share else f"{value:.1f}"
    return million(value) if counted.unit == "£" else f"{value:,.0f}"


def proved(run: Numbers) -> str:
    """How good a run's plan is proved to be."""
    if run["is_best_effort"]:
        return "best effort"
    return "not proved" if run["gap"] is None else "exact" if run["gap"] < 5e-7 else f"{run['gap']:.2%}"


def missed(run: Numbers) -> str:
    """Which imposed targets a run misses, in words."""
    if not run["missed"]:
        return "all met"
    parts = [f"`{m['target']}` {short_by(m['metric'], _whole(m['short']))} short" for m in run["missed"]]
    return "cannot all be met; best effort: " + ", ".join(parts)


def _whole(short: float) -> float:
    """Nobody reads tenths of a person in a dozen."""
    return round(short) if short >= 10 else short


def against_plan(numbers: Numbers, name: str) -> str:
    """What a run comes to beside the plan: all targets met at what more or less, or what is missed."""
    run, plan = numbers["runs"][name], numbers["runs"]["base"]
    if run["missed"]:
        return f"the targets {missed(run)}"
    difference = run["cost"] - plan["cost"]
    if abs(difference) < numbers["gap"] * plan["cost"]:
        return "all targets are met at about the same cost"
    return f"all targets are met, for {thousand(abs(difference))} {'more' if difference > 0 else 'less'}"


def difference(numbers: Numbers, name: str) -> str:
    """What a run costs beside the plan: £1.23m more; about the same, where the proof cannot tell."""
    run, plan = numbers["runs"][name], numbers["runs"]["base"]
    if run["is_best_effort"]:
        return "not comparable (best effort)"
    change = run["cost"] - plan["cost"]
    if run["bound"] is None or plan["bound"] is None:
        return "not comparable (nothing proved)"
    if run["bound"] <= plan["cost"] and plan["bound"] <= run["cost"]:
        return "about the same"
    return f"{million(abs(change))} {'more' if change > 0 else 'less'}"


def worth(gbp: float | None) -> str:
    """What a change costs or saves, in words."""
    if gbp is None:
        return "is infeasible"
    if abs(gbp) < NOTHING:
        return "changes nothing"
    size = f"£{round(abs(gbp), -2):,.0f}"
    return f"costs {size}" if gbp > 0 else f"saves {size}"


def month(text: str) -> str:
    """April 2017, out of 2017-04."""
    return f"{date.fromisoformat(f'{text}-01'):%B %Y}"


def day(text: str) -> str:
    """1 April 2017, out of 2017-04-01."""
    found = date.fromisoformat(text)
    return f"{found.day} {found:%B %Y}"


def named(numbers: Numbers, key: str, *tables: str) -> str:
    """The display name of a key in the first of the tables that has it; the key where none has."""
    names: Mapping[str, Mapping[str, str]] = numbers["names"]
    return next((names[table][key] for table in tables if key in names[table]), key)


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )
