"""Names that mean two things."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, first_few
from capplan.errors import Problem, Severity
from capplan.schema.tables import TABLES

RESOURCES = (("bed_types", "bed_type"), ("roles", "role"), ("shift_types", "shift_type"))


def duplicate_display_name(facts: Facts) -> Iterator[Problem]:
    """Two rows of a table have the same display name, so that the name could mean either."""
    for table in TABLES.values():
        if "name" not in {column.name for column in table.columns}:
            continue
        rows = facts.table(table.name)
        if rows.empty:
            continue
        again = rows[rows["name"].notna() & rows["name"].str.casefold().duplicated()]
        yield from at_rows(
            facts,
            table.name,
            again,
            "the display name '{name}' stands for an earlier row too",
            column="name",
            now="give each row a name of its own, or leave the name empty",
            severity=Severity.WARNING,
        )


def resource_name_twice(facts: Facts) -> Iterator[Problem]:
    """Bed types, roles and shift types share a key, which `limits` and `cross_cover` could not tell apart."""
    seen: dict[str, str] = {}
    for table, column in RESOURCES:
        rows = facts.table(table)
        for earlier in sorted(set(seen.values())):
            taken = [key for key, where in seen.items() if where == earlier]
            yield from at_rows(
                facts,
                table,
                rows[rows[column].isin(taken)],
                f"'{{{column}}}' is also a key in {earlier}; limits and cross_cover could mean either",
                column=column,
                now="rename one of the two",
            )
        seen.update(dict.fromkeys(rows[column], table))


def area_name_twice(facts: Facts) -> Iterator[Problem]:
    """A locality bears the name of a network, or the word `all`, so that a team's area is not clear."""
    rows = facts.table("localities")
    # A network of one may be named like its only locality: both mean the same people.
    members = rows.groupby("network")["locality"].agg(set)
    unclear = {"all"} | {name for name in facts.networks if members[name] != {name}}
    yield from at_rows(
        facts,
        "localities",
        rows[rows["locality"].isin(unclear)],
        "'{locality}' is also the name of a network, or the word for every locality",
        column="locality",
        now="rename the locality or the network",
    )
    yield from at_rows(
        facts,
        "localities",
        rows[rows["network"] == "all"].head(1),
        "'all' is the word for every locality and cannot name a network",
        column="network",
        now="rename the network",
    )


def filter_value_unknown(facts: Facts) -> Iterator[Problem]:
    """A filter names a provider or sub-region that no row has."""
    providers = pd.concat([facts.table(name)["provider"] for name in ("sites", "staff", "shifts")])
    values = {
        "provider": sorted(providers.dropna().unique()),
        "sub_region": sorted(facts.table("hospitals")["sub_region"].dropna().unique()),
    }
    for table, column in (("targets", "provider"), ("targets", "sub_region"), ("limits", "provider")):
        rows = facts.table(table)
        wrong = rows[column].map(lambda cell, there=values[column]: _absent(cell, there))
        yield from at_rows(
            facts,
            table,
            rows.assign(wrong=wrong)[wrong != ""],
            f"there is no {column} named {{wrong}}",
            column=column,
            now=f"use one of: {first_few(values[column])}"
            if values[column]
            else f"give rows a {column} first",
        )


def _absent(cell: object, there: list[str]) -> str:
    wanted = [] if pd.isna(cell) else str(cell).split(";")
    return ", ".join(repr(name) for name in wanted if name not in there)


RULES = (duplicate_display_name, resource_name_twice, area_name_twice, filter_value_unknown)
