"""Which row of the table `eligibility` holds for whom and where, on grids of localities, hospitals and sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.geography import localities_of, names
from capplan.instance import Instance

NO_ROW = -1


@dataclass(frozen=True)
class Axes:
    """Keys along the axes of the grids; the last hospital is "": no hospital refers."""

    localities: pd.Index
    hospitals: pd.Index
    sites: pd.Index

    @classmethod
    def of(cls, instance: Instance) -> Axes:
        """The axes of an instance, in the order of its tables."""
        return cls(
            pd.Index(instance.table("localities")["locality"], dtype=object),
            pd.Index([*instance.table("hospitals")["hospital"], ""], dtype=object),
            pd.Index(instance.table("sites")["site"], dtype=object),
        )


@dataclass(frozen=True)
class EligiblePackage:
    """A package that people of a pathway may start.

    `position` (locality, hospital, site) is that of the eligibility row that holds, -1 where none does; at home the
    last axis has length 1. `tie` holds the positions of two rows that hold for the same people with equally many
    filters.
    """

    pathway: str
    package: str
    at_home: bool
    position: np.ndarray
    tie: tuple[int, int] | None


def eligible_packages(instance: Instance, axes: Axes) -> tuple[EligiblePackage, ...]:
    """Every (pathway, package) of the table `eligibility`, with the row that holds for whom and where."""
    eligibility = instance.table("eligibility").reset_index(drop=True)
    setting = instance.table("packages").set_index("package")["setting"]
    made = []
    for (pathway, package), rows in eligibility.groupby(["pathway", "package"], sort=True):
        at_home = bool(setting[package] == "home")
        position, tie = _rows_that_hold(instance, rows, axes, at_home)
        made.append(EligiblePackage(str(pathway), str(package), at_home, position, tie))
    return tuple(made)


def _rows_that_hold(
    instance: Instance, rows: pd.DataFrame, axes: Axes, at_home: bool
) -> tuple[np.ndarray, tuple[int, int] | None]:
    shape = (len(axes.localities), len(axes.hospitals), 1 if at_home else len(axes.sites))
    position, filters = np.full(shape, NO_ROW), np.full(shape, NO_ROW)
    tie = None
    filled = rows[["locality", "hospital", "site"]].notna().sum(axis=1)
    for row in filled.sort_values(kind="stable").index:
        holds = _holds(instance, rows.loc[row], axes, at_home)
        tied = holds & (filters == filled[row])
        if tied.any() and tie is None:
            tie = (int(position[tied][0]), int(row))
        position[holds], filters[holds] = row, filled[row]
    return position, tie


def _holds(instance: Instance, row: pd.Series, axes: Axes, at_home: bool) -> np.ndarray:
    """Where all filters of an eligibility row match: array (locality, hospital, site)."""
    locality = axes.localities.isin(list(localities_of(instance, row["locality"])))
    hospital = chosen(axes.hospitals, row["hospital"])
    site = np.array([pd.isna(row["site"])]) if at_home else chosen(axes.sites, row["site"])
    grid: np.ndarray = locality[:, None, None] & hospital[None, :, None] & site[None, None, :]
    return grid


def chosen(keys: pd.Index | pd.Series, cell: object) -> np.ndarray:
    """Which of the keys a filter cell leaves in; all where it is empty."""
    wanted = names(cell)
    mask: np.ndarray = np.asarray(keys.isin(list(wanted))) if wanted else np.ones(len(keys), dtype=bool)
    return mask
