"""Starts under schemes: the stays, hours and success of people by what was live when they started."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from capplan.verify.evidence import Evidence, once
from capplan.verify.people.eligibility import OPTION, described, matches, used_options
from capplan.verify.schemes.effects import in_force

STAYS, SUCCESS = "packages.stay_days", "eligibility.success"
PEOPLE, PLACES = ("locality", "network"), ("site", "kind", "provider", "package", "bed_type")
REFERRED = ("hospital", "sub_region", "pathway")

Path = tuple[str, ...]
Amount = tuple[str, float, str]
"""An amount that schemes may change: the effect, the number without schemes, role or shift type."""
NOTHING: Amount = ("", 1.0, "")
"""An amount of 1 that nothing changes."""


@dataclass(frozen=True)
class Variant:
    """People with the same stays on a path of packages and the same amount: which cells of a frame they are."""

    stays: tuple[float, ...]
    amount: float
    cells: np.ndarray


def starts_by_option(evidence: Evidence, package: str) -> pd.DataFrame:
    """People who start a package: rows OPTION, columns periods."""
    starts = evidence.wide("starts", "people", *OPTION)
    return starts[starts.index.get_level_values("package") == package]


def variants_at_start(evidence: Evidence, path: Path, amount: Amount) -> list[Variant]:
    """The starts of a path's first package (rows and columns of `starts_by_option`), by what ruled when they began."""
    varying = _varying(evidence, path, amount)
    return _variants([_of_starts(evidence, path[0], package, number)[0] for package, number in varying])


def variants_before(evidence: Evidence, path: Path, amount: Amount) -> list[Variant]:
    """The rows of `starts_by_option`, by what ruled before the plan."""
    varying = _varying(evidence, path, amount)
    return _variants([_of_starts(evidence, path[0], package, number)[1] for package, number in varying])


def variants_in_census(evidence: Evidence, rows: pd.DataFrame, path: Path, amount: Amount) -> list[Variant]:
    """People in care at the start (locality, site), by what ruled before the plan.

    Of an effect with a filter that their rows do not answer they have nothing, unless it takes in everybody who
    could be meant: no hospital, every pathway that the package helps, every locality where theirs is not known.
    """
    varying = _varying(evidence, path, amount)
    return _variants([_numbers(evidence, rows, path[0], package, number)[1] for package, number in varying])


def _variants(numbers: list[np.ndarray]) -> list[Variant]:
    stacked = np.stack(numbers, axis=-1)
    if stacked.size == 0:
        return []
    different, which = np.unique(stacked.reshape(-1, len(numbers)), axis=0, return_inverse=True)
    which = np.asarray(which).reshape(stacked.shape[:-1])
    return [Variant(tuple(row[:-1]), float(row[-1]), which == n) for n, row in enumerate(different)]


def _varying(evidence: Evidence, path: Path, amount: Amount) -> list[tuple[str, Amount]]:
    """The stays of the packages of a path, then the amount in the last."""
    stay_days = evidence.instance.table("packages").set_index("package")["stay_days"]
    return [*((k, (STAYS, float(stay_days[k]), "")) for k in path), (path[-1], amount)]


@once
def _of_starts(evidence: Evidence, first: str, package: str, amount: Amount) -> tuple[np.ndarray, np.ndarray]:
    rows = starts_by_option(evidence, first).index.to_frame(index=False)
    return _numbers(evidence, rows, first, package, amount)


def _numbers(
    evidence: Evidence, rows: pd.DataFrame, first: str, package: str, amount: Amount
) -> tuple[np.ndarray, np.ndarray]:
    """A number in a package of people who started the first: in each period (rows, periods), and before the plan."""
    effect, base, resource = amount
    in_bed = evidence.instance.table("packages").set_index("package").at[package, "setting"] == "bed"
    here = rows.assign(package=package, site=rows["site"] if in_bed else "", helps=first)
    return _changed(evidence, here, effect, np.full(len(rows), base), resource)


def _changed(
    evidence: Evidence, rows: pd.DataFrame, effect: str, base: np.ndarray, resource: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """A number with all effects on it: factors multiply, then what they add is added."""
    shape = len(rows), len(evidence.horizon)
    factor, added = np.ones((*shape[:1], shape[1] + 1)), np.zeros((*shape[:1], shape[1] + 1))
    schemes = evidence.instance.table("schemes").set_index("scheme")
    if effect in set(evidence.instance.table("scheme_effects")["effect"]):
        described_rows = described(evidence.instance, rows)
        live = evidence.tables["schemes"]
        for row, where, fraction in in_force(evidence.instance, evidence.horizon, live, effect):
            if resource and isinstance(row["resource"], str) and resource not in row["resource"].split(";"):
                continue
            # What is live already has come all the way, before the start as in the first period.
            earlier = fraction[0] if schemes.at[row["scheme"], "is_live"] else 0.0
            come = _chosen(evidence, described_rows, row, where)[:, None] * np.append(fraction, earlier)
            factor *= 1 + come * (row["multiply"] - 1)
            added += come * row["add"]
    numbers = np.maximum(base[:, None] * factor + added, 0.0)
    return numbers[:, :-1], numbers[:, -1]


def _chosen(evidence: Evidence, rows: pd.DataFrame, effect: pd.Series, where: str) -> np.ndarray:
    """Which rows the filters of an effect leave, of a roll-out in one locality or everywhere (0 or 1)."""
    instance = evidence.instance
    inside = pd.Series(True, index=rows.index) if not where else rows["locality"] == where
    for column in PLACES:
        inside &= matches(instance, rows, column, effect[column])
    places = instance.table("localities")
    wanted = pd.Series(True, index=places.index)
    for column in PEOPLE:
        wanted &= matches(instance, places, column, effect[column])
    localities = set(places.loc[wanted, "locality"])
    inside &= rows["locality"].isin(localities) | ((rows["locality"] == "") & bool(wanted.all()))
    if "pathway" in rows:
        for column in REFERRED:
            inside &= matches(instance, rows, column, effect[column])
    else:
        inside &= bool(effect[["hospital", "sub_region"]].isna().all())
        inside &= (
            rows["helps"]
            .map(lambda package: _takes_in_all(evidence, package, effect["pathway"]))
            .astype(bool)
        )
    return np.asarray(inside, dtype=float)


def _takes_in_all(evidence: Evidence, package: str, pathways: object) -> bool:
    """Whether a filter names every pathway that a package helps."""
    rows = evidence.instance.table("eligibility")
    helped = set(rows.loc[rows["package"] == package, "pathway"])
    return not isinstance(pathways, str) or helped <= set(pathways.split(";"))


def stays_before(evidence: Evidence, starts: pd.DataFrame) -> np.ndarray:
    """Mean stay of each row (OPTION) with the schemes that are live before the plan."""
    stay_days = evidence.instance.table("packages").set_index("package")["stay_days"]
    base = starts["package"].map(stay_days).to_numpy(float)
    return _changed(evidence, starts, STAYS, base)[1]


def success_of(evidence: Evidence, starts: pd.DataFrame) -> pd.Series:
    """Success of each row of the table `starts` (OPTION, period), as schemes had it when these people started."""
    by_period = success_by_period(evidence).stack(future_stack=True)
    keys = pd.MultiIndex.from_frame(starts[[*OPTION, "period"]])
    return pd.Series(by_period.reindex(keys).to_numpy(float), starts.index)


@once
def success_by_period(evidence: Evidence) -> pd.DataFrame:
    """Success of who starts in each period: rows OPTION, columns periods; empty where no eligibility row holds."""
    used = used_options(evidence)
    during, _ = _changed(evidence, used[OPTION], SUCCESS, used["success"].to_numpy(float))
    index = pd.MultiIndex.from_frame(used[OPTION])
    columns = pd.Index(evidence.horizon.periods, name="period")
    return pd.DataFrame(during, index, columns).clip(upper=1.0)
