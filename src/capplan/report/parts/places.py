"""A map without a background: localities, sites and hospitals where they are, and who goes where for a bed."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capplan import cells, wording
from capplan.digest.names import Names, display_names
from capplan.report.atlas import (
    HOSPITALS,
    JOURNEYS,
    LOCALITIES,
    SERIES,
    SITES,
    Atlas,
    Point,
    Row,
    atlas,
    picture,
    rounded,
)
from capplan.report.blocks import Chart, Part, Table
from capplan.report.subject import Subject
from capplan.sections import Grid, grid
from capplan.solved import Solved

CAPTION = "Where people live, where beds are, and who goes where for a bed"
LINE = (
    "Circles are localities, the larger the more people aged 65 and over live there; numbered squares are sites, the "
    "larger the more beds are open at the end; triangles with letters are hospitals. Lines join where people live with "
    "the site at which they start in a bed, the broader the more people. What would lie on top of something else, and "
    "sites without coordinates, are moved a little to the side."
)


def on_the_map(subject: Subject) -> Part | None:
    """Where people live, where beds are, and the journeys between; None where there are no coordinates."""
    plan = subject.plan
    names, where, journeys = display_names(plan.instance), atlas(plan), _journeys(plan)
    key = [*_sites(plan, where, names), *_hospitals(plan, where, names)]
    rows = [*_flows(journeys, where, names), *_localities(plan, where, names), *key]
    if len({(row["longitude"], row["latitude"]) for row in rows}) < 2:
        return None
    there = tuple(series for series in SERIES if any(row["series"] == series[0] for row in rows))
    chart = Chart(CAPTION, _told(journeys, names), picture(rows), there, _grid(journeys, names))
    signs = tuple((row["label"], row["name"], row["told"]) for row in key)
    blocks = (chart, Table("Numbers and letters on the map", Grid(("sign", "place", "how many"), signs)))
    return Part("Map", (LINE,), blocks if signs else (chart,))


def _journeys(plan: Solved) -> pd.Series:
    """People who start in a bed, by (locality, site), most first."""
    starts = plan.tables["starts"]
    in_beds = starts[(starts["site"] != "") & (starts["locality"] != "")]
    return in_beds.groupby(["locality", "site"])["people"].sum().sort_values(ascending=False, kind="stable")


def _flows(journeys: pd.Series, where: Atlas, names: Names) -> Iterator[Row]:
    for (locality, site), people in journeys.items():
        here, there = where.get(("localities", locality)), where.get(("sites", site))
        if here is not None and there is not None:
            name = f"{names['localities'][locality]} to {names['sites'][site]}"
            end = rounded(there)
            yield {
                "series": JOURNEYS,
                "name": name,
                "told": wording.count(people, "person starts", "people start"),
                "size": people,
                **rounded(here),
                "longitude2": end["longitude"],
                "latitude2": end["latitude"],
            }


def _localities(plan: Solved, where: Atlas, names: Names) -> Iterator[Row]:
    starts = plan.tables["starts"].groupby("locality")["people"].sum()
    for row in plan.instance.table("localities").to_dict("records"):
        key, people = str(row["locality"]), float(row["population_65_plus"])
        point = where.get(("localities", key))
        if point is not None:
            known = (
                "" if pd.isna(people) else f"{wording.count(people, 'person', 'people')} aged 65 and over, "
            )
            told = f"{known}{wording.count(starts.get(key, 0.0), 'start')}"
            yield _place(LOCALITIES, names["localities"][key], told, people, point)


def _sites(plan: Solved, where: Atlas, names: Names) -> Iterator[Row]:
    beds = plan.tables["beds"]
    at_end = beds[beds["period"] == beds["period"].max()].groupby("site")["beds_open"].sum()
    standing = [(key, point) for (table, key), point in where.items() if table == "sites"]
    for n, (key, point) in enumerate(standing, 1):
        amount = float(at_end.get(key, 0.0))
        told = f"{wording.count(amount, 'bed')} open at the end"
        yield _place(SITES, names["sites"][key], told, amount, point, str(n))


def _hospitals(plan: Solved, where: Atlas, names: Names) -> Iterator[Row]:
    starts = plan.tables["starts"].groupby("hospital")["people"].sum()
    standing = [(key, point) for (table, key), point in where.items() if table == "hospitals"]
    for n, (key, point) in enumerate(standing):
        told = wording.count(starts.get(key, 0.0), "person it refers starts", "people it refers start")
        yield _place(HOSPITALS, names["hospitals"][key], told, 0.0, point, _letter(n))


def _letter(n: int) -> str:
    """A to Z, then AA, AB and so on."""
    return (chr(ord("A") + n // 26 - 1) if n >= 26 else "") + chr(ord("A") + n % 26)


def _place(series: str, name: str, told: str, size: float, point: Point, label: str = "") -> Row:
    amount = 0.0 if pd.isna(size) else size
    return {
        "series": series,
        "name": name,
        "label": label or name,
        "told": told,
        "size": amount,
        **rounded(point),
    }


def _told(journeys: pd.Series, names: Names) -> str:
    """The map in a sentence."""
    largest = [
        f"{names['localities'][locality]} to {names['sites'][site]} ({wording.number(people)})"
        for (locality, site), people in journeys.head(6).items()
    ]
    what = "A map of localities, sites and hospitals"
    if not largest:
        return f"{what}; nobody starts in a bed."
    return f"{what}. Most people go from {wording.listed(largest, 6, '; ')} for a bed."


def _grid(journeys: pd.Series, names: Names) -> Grid:
    rows = [
        (names["localities"][locality], names["sites"][site], cells.number(people))
        for (locality, site), people in journeys.items()
        if people >= 0.5
    ]
    return grid(("from", "to", "people who start in a bed"), rows)
