"""What was asked of a run afterwards: what one unit more is worth, which assumptions could change the answer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from capplan import cells
from capplan.cells import Content
from capplan.results.tables import ASSUMPTIONS, ONE_MORE
from capplan.sections import Row, Section, grid
from capplan.solved import Solved

SHOWN = 20
NO_PLAN = "no plan"
LEFT_OPEN = "the relaxation (plans solved again leave it open)"


def one_more(plan: Solved) -> Section | None:
    """What one unit more of what binds is worth; None where that was not asked."""
    table = plan.answers.get(ONE_MORE.name)
    return None if table is None else one_more_section(table)


def one_more_section(table: pd.DataFrame) -> Section:
    """What one unit more is worth, out of the table of `capplan explain`."""
    if table.empty:
        return Section("One unit more", ("Nothing that binds would change the cost.",))
    line = (
        "What the cost of the whole plan changes by (discounted). By the plan: solved again with whole beds, posts and "
        "shifts. By the relaxation: as if they could be bought in fractions, and for the first bit only."
    )
    rows = [_worth(row) for row in table.to_dict("records")]
    columns = ("what binds", "then", "saves", "costs", "by")
    return Section("One unit more", (line,), grid(columns, rows, SHOWN, "capplan explain --format csv"))


def _worth(row: dict[str, Any]) -> Row:
    saves: Content = ""
    costs: Content = ""
    by, gbp = f"the {row['by']}", float(row["saves_gbp"])
    if row["by"] == "plan" and abs(gbp) <= float(row["margin_gbp"]):
        gbp, by = float(row["relaxed_gbp"]), LEFT_OPEN
    if not row["has_plan"]:
        costs = NO_PLAN
    elif gbp >= 0:
        saves = cells.money(gbp)
    else:
        people = float(row["people"])
        each = (" (", cells.money(-gbp / people), " a person)") if people > 0 else ()
        costs = cells.money(-gbp, *each)
    return str(row["says"]), str(row["then"]), saves, costs, by


def could_change_it(plan: Solved) -> Section | None:
    """The assumptions at whose ends the instance was solved again, with what came of it; None where not asked."""
    table = plan.answers.get(ASSUMPTIONS.name)
    if table is None or table.empty:
        return None
    line = (
        "Each solved again with the number at its low and at its high end: what the least cost of the whole plan "
        "changes by (discounted; who waits or goes without counts at a price), and what would then be open at the end. "
        "Where whole plans differ by less than is proved, the relaxation says about how much."
    )
    rows = [
        (
            str(row["number"]),
            str(row["of"]),
            f"{row['low']} to {row['high']}",
            *(_cell(row, end) for end in ("low", "high")),
            str(row["source"]),
        )
        for row in table.to_dict("records")
    ]
    columns = ("number", "of", "from … to", "at its low end", "at its high end", "what is said of it")
    return Section(
        "The five assumptions that could change the answer", (line,), grid(columns, rows, SHOWN, "")
    )


def _cell(row: dict[str, Any], end: str) -> Content:
    """+£1.2m: 12 beds more; about +£1.2m; no plan."""
    if not row[f"has_plan_{end}"]:
        return f"{NO_PLAN}: targets or limits cannot all be met"
    gbp = cells.money_change(float(row[f"{end}_gbp"]))
    return (
        cells.said(gbp, f": {row[f'changes_{end}']}")
        if row[f"by_{end}"] == "plan"
        else cells.said("about ", gbp)
    )
