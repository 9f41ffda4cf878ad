"""What the cost of a plan rests on: which prices have a source, and on which assumptions most money hangs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from capplan import cells, wording
from capplan.cells import Content
from capplan.digest.answers import could_change_it
from capplan.digest.costs import paid_rows
from capplan.digest.names import display_names, name_of
from capplan.digest.sharing import shared_out
from capplan.results.cost_items import COST_ITEMS
from capplan.schema.columns import Table
from capplan.schema.tables import TABLES
from capplan.sections import Grid, Row, Section, grid
from capplan.solved import Solved
from capplan.sources import sources, sources_summary

PRICES = {name: item.price for name, item in COST_ITEMS.items() if item.price}
"""For items of the `costs` table: the table and column of the price."""
KEYS = {
    "site_beds": {"site": "site", "bed_type": "key"},
    "sites": {"site": "key"},
    "staff": {"locality": "locality", "role": "key"},
    "shifts": {"locality": "locality", "shift_type": "key"},
    "packages": {"package": "key"},
    "eligibility": {"package": "key"},
    "schemes": {"scheme": "key"},
    "pathways": {"pathway": "key"},
    "acute_beds": {"hospital": "key"},
}
"""How a row of the price's table is found: its column, and the column of `costs` that holds it."""
IN_WORDS = {
    "source": "have a source",
    "assumption": "are assumptions",
    "derived": "are derived from other numbers",
    "none": "have no source",
}
SAVING = ("occupancy_max", "contact_hours_per_week", "care_hours")
"""Numbers of which more costs less."""
NAMED = ("bed_types", "roles", "shift_types", "packages", "pathways", "schemes", "hospitals", "sites")
FIVE = 5
ASSUMED = ("assumption", "none")


@dataclass(frozen=True)
class Stake:
    """An assumed number (or several alike) and the money that moves in step with it [£]."""

    table: str
    column: str
    keys: tuple[str, ...]
    source: str
    gbp: float


def what_it_rests_on(plan: Solved) -> Section:
    """How many numbers have a source, and how much of what is paid is priced by numbers that have one."""
    numbers = sources(plan.instance)
    counts = sources_summary(numbers)
    rows: list[Row] = [(str(name), *map(cells.number, row)) for name, row in counts.iterrows()]
    columns = ("table", "numbers", "with a source", "assumptions", "derived", "without")
    lines = [_share_of_numbers(counts), _share_of_cost(plan, numbers)]
    return Section("Where the numbers come from", tuple(filter(None, lines)), grid(columns, rows))


def the_five(plan: Solved) -> Section | None:
    """The assumptions that could change the answer; where that was not asked, those on which most money hangs."""
    solved_again = could_change_it(plan)
    if solved_again is not None:
        return solved_again
    dearest = sorted(stakes(plan), key=lambda stake: -stake.gbp)[:FIVE]
    if not dearest:
        return None
    names = display_names(plan.instance)
    rows = tuple(
        (
            f"{stake.table}.{stake.column}",
            wording.listed([name_of(names, key, *NAMED) for key in stake.keys if key], 4, "; "),
            cells.money(stake.gbp),
            cells.money_change(_if_higher(stake)),
            stake.source or "none given",
        )
        for stake in dearest
    )
    line = (
        "Money that moves in step with an assumed number while the plan stays as it is. Whether another plan would "
        "then be better, capplan report --solve-again finds out."
    )
    columns = ("number", "of", "money in step with it", "if 10% higher", "what is said of it")
    return Section("The five assumptions on which most money hangs", (line,), Grid(columns, rows))


def _if_higher(stake: Stake) -> float:
    """What a tenth more of the number makes of the money: more hours a post gives are fewer posts."""
    return stake.gbp * (1 / 1.1 - 1 if stake.column in SAVING else 0.1)


def stakes(plan: Solved) -> list[Stake]:
    """Every assumed number with money in step with it."""
    return list(_stakes(plan, sources(plan.instance)))


def every_number(plan: Solved) -> Grid:
    """Every number of the instance, those alike on one line: table, column, for what, value, kind and source."""
    numbers = sources(plan.instance)
    rows = [
        (
            str(table),
            str(column),
            wording.listed([key for key in group["key"] if key], 4, "; "),
            _values(group["value"]),
            str(kind),
            str(source),
        )
        for (table, column, kind, source), group in numbers.groupby(
            ["table", "column", "kind", "source"], sort=False
        )
    ]
    return grid(("table", "column", "of", "value", "kind", "source"), rows)


def _values(values: pd.Series) -> Content:
    """The number, or the lowest and the highest of several."""
    numbers = values.astype(float)
    least, most = cells.number(numbers.min()), cells.number(numbers.max())
    if cells.is_same(least.value, most.value):
        return least
    low, high = cells.told_apart(least, most)
    return f"{low} to {high}"


def _share_of_numbers(counts: pd.DataFrame) -> str:
    sums = counts.sum()
    parts = [f"{wording.number(sums[kind])} {words}" for kind, words in IN_WORDS.items() if sums[kind]]
    return f"Of {wording.count(sums['numbers'], 'number')} in the instance {wording.listed(parts)}."


def _share_of_cost(plan: Solved, numbers: pd.DataFrame) -> str:
    """How much of what is paid is priced by what kind of number."""
    priced = _priced(plan, numbers)
    paid = priced["gbp"].sum()
    if paid <= 0:
        return ""
    by_kind = priced.groupby("kind")["gbp"].sum()
    words = {
        "source": "prices with a source",
        "assumption": "assumed prices",
        "derived": "derived prices",
        "none": "prices without a source",
        "setting": "settings",
    }
    parts = [
        f"{wording.money(by_kind[kind])} ({wording.share(by_kind[kind] / paid)}) on {text}"
        for kind, text in words.items()
        if by_kind.get(kind, 0.0) >= 0.5
    ]
    return f"Of what is paid, savings left out, {wording.listed(parts)} rest." if parts else ""


def _priced(plan: Solved, numbers: pd.DataFrame) -> pd.DataFrame:
    """Costs that are paid with the kind and source of their price: item, key, gbp, kind, source."""
    kinds = _kinds(numbers)
    paid = paid_rows(plan)
    sums = paid[paid["gbp"] > 0].groupby(["item", "key", "locality", "site"], as_index=False)["gbp"].sum()
    rows = [(*row.values(), *_kind_of(plan, kinds, row)) for row in sums.to_dict("records")]
    return pd.DataFrame(rows, columns=[*sums.columns, "kind", "source"])


def _kinds(numbers: pd.DataFrame) -> dict[tuple[str, str, object], tuple[str, str]]:
    """(table, column as the model reads it, row) to kind and source."""
    return {
        (row["table"], TABLES[row["table"]].column(row["column"]).name, row["row"]): (
            row["kind"],
            row["source"],
        )
        for row in numbers.to_dict("records")
    }


def _kind_of(
    plan: Solved, kinds: Mapping[tuple[str, str, object], tuple[str, str]], cost: Mapping[str, object]
) -> tuple[str, str]:
    """Kind and source of the price of a cost; the worst of them where several rows price it."""
    table, column = PRICES.get(str(cost["item"]), ("", ""))
    if not table:
        return ("setting", "")
    frame = plan.instance.table(table)
    for column_of_table, column_of_cost in KEYS[table].items():
        frame = frame[frame[column_of_table].eq(cost[column_of_cost])]
    candidates = [kinds[table, column, row] for row in frame.index if (table, column, row) in kinds]
    return max(candidates, key=lambda candidate: candidate[0] in ASSUMED, default=("setting", ""))


def _stakes(plan: Solved, numbers: pd.DataFrame) -> Iterator[Stake]:
    yield from _prices(plan, numbers)
    assumed = numbers[numbers["kind"].isin(ASSUMED)]
    money = _in_step(plan)
    for (table, column, source), rows in assumed.groupby(["table", "column", "source"], sort=False):
        name = TABLES[table].column(column).name
        keys = _first_keys(TABLES[table], rows["key"])
        gbp = sum(money.get((table, name, key), 0.0) for key in keys)
        if gbp > 0:
            yield Stake(str(table), name, keys, str(source), float(gbp))


def _first_keys(table: Table, keys: pd.Series) -> tuple[str, ...]:
    """The key of each row as far as money hangs on it: package and role of package_hours, else the first part."""
    n_parts = 2 if table.name in ("package_hours", "package_care") else 1
    column = table.key.index("pathway") if table.name == "referrals" else 0
    first_keys = []
    for key in keys:
        parts = str(key).split(", ")
        first_keys.append(
            parts[-2 if parts[-1][:2].isdigit() else -1] if column else ", ".join(parts[:n_parts])
        )
    return tuple(dict.fromkeys(first_keys))


def _prices(plan: Solved, numbers: pd.DataFrame) -> Iterator[Stake]:
    """Assumed prices, those alike (one column, one source) together."""
    priced = _priced(plan, numbers)
    for (item, source), rows in priced[priced["kind"].isin(ASSUMED)].groupby(["item", "source"], sort=False):
        table, column = PRICES[str(item)]
        yield Stake(table, column, tuple(dict.fromkeys(rows["key"])), str(source), float(rows["gbp"].sum()))


def _in_step(plan: Solved) -> dict[tuple[str, str, str], float]:
    """What is paid in step with stays, hours and referrals, by (table, column, key)."""
    paid = paid_rows(plan)
    shared = shared_out(plan, paid[paid["gbp"] > 0])
    beds = shared[shared["item"].eq("beds")].groupby("package")["gbp"].sum()
    staff = shared[shared["item"].eq("staff")].groupby(["package", "key"])["gbp"].sum()
    shifts = shared[shared["item"].eq("shifts")].groupby(["package", "key"])["gbp"].sum()
    by_item = paid.groupby(["item", "key"])["gbp"].sum()
    referred = shared.groupby("pathway")["gbp"].sum()
    return {
        **{("packages", "stay_days", str(key)): gbp for key, gbp in beds.items()},
        **{("package_hours", "hours_per_week", f"{p}, {r}"): gbp for (p, r), gbp in staff.items()},
        **{("package_care", "care_hours_per_day", f"{p}, {k}"): gbp for (p, k), gbp in shifts.items()},
        **{("bed_types", "occupancy_max", str(key)): gbp for key, gbp in _of(by_item, "beds").items()},
        **{("roles", "contact_hours_per_week", str(key)): gbp for key, gbp in _of(by_item, "staff").items()},
        **{("shift_types", "care_hours", str(key)): gbp for key, gbp in _of(by_item, "shifts").items()},
        **{("referrals", "people_per_month", str(key)): gbp for key, gbp in referred.items()},
    }


def _of(by_item: pd.Series, item: str) -> pd.Series:
    return by_item[by_item.index.get_level_values("item") == item].droplevel("item")
