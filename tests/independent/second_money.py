"""Who pays for what and from which budget, a second way."""

from __future__ import annotations

from collections import defaultdict

from tests.independent.second_need import Need, Row, empty
from tests.independent.second_programme import Account, Bill, Programme, Term


def budgets(need: Need, programme: Programme, bills: list[Bill]) -> None:
    """No funder spends more than its budget, less what is committed, more what the others of its pool give."""
    received = _transfers(need, programme)
    for row in need.rows("budgets"):
        inside = _share_of_year(need, row["year"])
        if inside == 0:
            continue
        spent: dict[int, float] = defaultdict(float)
        fixed = 0.0
        for bill in bills:
            if need.year(bill.t) != row["year"]:
                continue
            gbp = bill.gbp * _share_of(need, bill.account, row["funder"])
            if bill.column is None:
                fixed += gbp
            else:
                spent[bill.column] += gbp
        terms: list[Term] = [(gbp, column) for column, gbp in spent.items()]
        terms += [(-1.0, column) for column in received.get((row["funder"], row["year"]), [])]
        left = (row["budget_gbp"] - row["committed_gbp"]) * inside
        programme.row(terms, high=left - fixed)


def _transfers(need: Need, programme: Programme) -> dict[tuple[str, str], list[int]]:
    """What members of pools receive (negative: give) in each year: columns by funder and year."""
    received: dict[tuple[str, str], list[int]] = defaultdict(list)
    pools: dict[tuple[str, str], list[int]] = defaultdict(list)
    for member in need.rows("budget_pools"):
        for row in need.rows("budgets"):
            inside = _share_of_year(need, row["year"])
            if row["funder"] != member["funder"] or inside == 0:
                continue
            gives = max(row["budget_gbp"] - row["committed_gbp"], 0.0)
            if not empty(member["transfer_max_gbp"]):
                gives = min(gives, member["transfer_max_gbp"])
            column = programme.column(low=-gives * inside)
            received[row["funder"], row["year"]].append(column)
            pools[member["pool"], row["year"]].append(column)
    for columns in pools.values():
        programme.row([(1.0, column) for column in columns], 0.0, 0.0)
    return received


def _share_of_year(need: Need, year: str) -> float:
    """Share of a financial year's months that lie in the plan."""
    return sum(months for t, months in enumerate(need.months) if need.year(t) == year) / 12


def _share_of(need: Need, account: Account, funder: str) -> float:
    """What share of a cost a funder pays: by the rows with the most filters of those that leave it in."""
    rows = [row for row in need.rows("funding") if row["item"] == account.item]
    rows = [row for row in rows if _leaves(need, row, account)]
    most = max((_filters(row) for row in rows), default=0)
    return sum(row["share"] for row in rows if _filters(row) == most and row["funder"] == funder)


def _filters(row: Row) -> int:
    return sum(not empty(row[column]) for column in ("key", "locality", "network", "site"))


def _leaves(need: Need, row: Row, account: Account) -> bool:
    network = {place["locality"]: place["network"] for place in need.rows("localities")}
    places = {
        "key": [account.key],
        "site": [account.site],
        "locality": sorted(account.area),
        "network": [network[l] for l in sorted(account.area)],
    }
    return all(
        empty(row[column]) or (found and all(name in row[column].split(";") for name in found))
        for column, found in places.items()
    )
