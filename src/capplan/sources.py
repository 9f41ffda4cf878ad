"""Which numbers of an instance have a source, which are assumptions, and which have neither."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan.instance import Instance
from capplan.schema.columns import Column, Kind, Table
from capplan.schema.tables import TABLES
from capplan.wording import exact

KINDS = ("source", "assumption", "derived", "none")
_COLUMNS = ["table", "row", "key", "column", "value", "kind", "source"]


def sources(instance: Instance) -> pd.DataFrame:
    """Where every number in the tables comes from.

    One row per number as written (unit as written; never is infinity), in the order of the tables: table, row
    (as in the file), key (of the row, as text), column, value, kind and source. The source is the row's
    `COLUMN_source` or else its `source`; its kind is `assumption` or `derived` where it begins with that word
    and a colon, `none` where it is empty. Numbers that name a row (month of a profile) are left out, and so
    are settings, which have no source.
    """
    numbers = [
        part
        for name, table in TABLES.items()
        if len(instance.written[name])
        for part in _sources_of_table(table, instance.written[name])
    ]
    if not numbers:
        return pd.DataFrame(columns=_COLUMNS)
    order = {name: position for position, name in enumerate(TABLES)}
    everything = pd.concat(numbers, ignore_index=True)
    return everything.sort_values(
        ["table", "row"],
        key=lambda s: s.map(order) if s.name == "table" else s,
        kind="stable",
        ignore_index=True,
    )


def sources_summary(numbers: pd.DataFrame) -> pd.DataFrame:
    """How many numbers of each table have a source, are an assumption, are derived, or have none.

    `numbers` is what `sources` returns. One row per table that has numbers: numbers, then one column per kind.
    """
    counts = (
        pd.crosstab(numbers["table"], numbers["kind"]) if len(numbers) else pd.DataFrame(index=pd.Index([]))
    )
    counts = counts.reindex(index=numbers["table"].unique(), columns=list(KINDS), fill_value=0)
    counts.insert(0, "numbers", counts.sum(axis="columns"))
    return counts.rename_axis(index="table", columns=None).astype("int64")


def _sources_of_table(table: Table, written: pd.DataFrame) -> Iterator[pd.DataFrame]:
    keys = _key_text(table, written)
    for column in table.columns:
        if column.kind not in {Kind.NUMBER, Kind.WHOLE} or column.name in table.key:
            continue
        for spelling in column.spellings:
            if spelling in written.columns:
                yield _sources_of_column(table, column, spelling, written, keys)


def _sources_of_column(
    table: Table, column: Column, spelling: str, written: pd.DataFrame, keys: pd.Series
) -> pd.DataFrame:
    values = written[spelling].dropna()
    said = _said(column, spelling, written)[values.index]
    return pd.DataFrame(
        {
            "table": table.name,
            "row": values.index,
            "key": keys[values.index].to_numpy(),
            "column": spelling,
            "value": values.to_numpy(),
            "kind": said.map(_kind).to_numpy(),
            "source": said.to_numpy(),
        }
    )


def _said(column: Column, spelling: str, written: pd.DataFrame) -> pd.Series:
    """What the row says of the column: its own source (under any of its spellings), else the row's."""
    said = pd.Series(None, index=written.index, dtype="str")
    for name in (f"{spelling}_source", *(f"{other}_source" for other in column.spellings), "source"):
        if name in written.columns:
            said = said.fillna(written[name].astype("str"))
    return said.fillna("")


def _kind(source: str) -> str:
    text = source.strip().casefold()
    marked = next((kind for kind in ("assumption", "derived") if text.startswith(f"{kind}:")), None)
    return marked or ("source" if text else "none")


def _key_text(table: Table, written: pd.DataFrame) -> pd.Series:
    """The row's key in words: `north, hip, 2017-04`; empty parts are left out."""
    text = pd.Series("", index=written.index, dtype="str")
    for name in table.key:
        if name in written.columns:
            part = _as_text(table.column(name), written[name])
            text = text.where(part == "", text.where(text == "", text + ", ") + part)
    return text


def _as_text(column: Column, series: pd.Series) -> pd.Series:
    if column.kind is Kind.MONTH:
        return series.dt.strftime("%Y-%m").astype("str").fillna("")
    if column.kind in {Kind.NUMBER, Kind.WHOLE}:
        return series.map(exact, na_action="ignore").astype("str").fillna("")
    return series.astype("str").fillna("")
