"""What the checker has before it: an instance, the result tables of a run, and how to line them up."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.horizon import Horizon
from capplan.instance import Instance
from capplan.verify.demand import referrals, waiting_at_opening
from capplan.verify.scheme_effects import with_schemes

TEXT: dict[str, tuple[str, ...]] = {
    "summary": ("measure", "unit"),
    "decisions": ("what", "where", "from", "decide_by", "provider"),
    "beds": ("site", "bed_type", "period"),
    "staff": ("locality", "role", "period"),
    "shifts": ("locality", "shift_type", "period"),
    "starts": ("locality", "hospital", "pathway", "package", "site", "period"),
    "waiting": ("locality", "hospital", "pathway", "period"),
    "caseload": ("locality", "package", "period"),
    "access": ("locality", "pathway"),
    "targets": ("target", "scope", "window", "metric", "sense", "unit"),
    "costs": ("item", "key", "funder", "provider", "locality", "site", "period"),
    "acute": ("hospital", "period"),
    "budgets": ("funder", "year"),
    "sites": ("site", "period"),
    "cross_cover": ("resource", "from_locality", "to_locality", "period"),
    "schemes": ("scheme", "locality", "period"),
}
"""Result tables and those of their columns that hold text."""

KEYS = TEXT | {
    "summary": ("measure",),
    "decisions": ("what", "where", "from"),
    "targets": ("target", "scope", "window"),
}
"""The columns of a result table that name its rows: no two rows agree in all of them."""

NUMBERS: dict[str, tuple[str, ...]] = {
    "summary": ("value",),
    "decisions": ("change", "one_off_gbp", "part_year_gbp", "full_year_gbp"),
    "beds": ("beds_open", "beds_opened", "beds_closed", "beds_converted", "spot_beds", "people_in_care"),
    "staff": (
        *("wte", "wte_hired", "wte_arrived", "wte_left", "wte_turnover", "agency_hours"),
        *("hours_needed", "hours_given", "hours_received", "hours_available"),
    ),
    "shifts": (
        *("shifts_on_duty", "spot_care_hours", "care_hours_needed", "care_hours_given"),
        *("care_hours_received", "care_hours_available"),
    ),
    "starts": ("people",),
    "waiting": ("referrals", "starts", "unmet", "waiting_at_end", "delayed_days"),
    "caseload": ("people_in_care",),
    "access": ("starts",),
    "targets": (),
    "costs": ("gbp", "gbp_discounted"),
    "acute": ("bed_days_freed", "wards_closed", "beds_freed", "gbp"),
    "budgets": ("plan_gbp", "transferred_gbp"),
    "sites": ("is_open",),
    "cross_cover": ("hours_given",),
    "schemes": ("is_live", "gbp"),
}
"""Columns that hold a number in every row."""

SPARSE: dict[str, tuple[str, ...]] = {
    "beds": (
        *("occupancy", "people_queueing", "people_waiting"),
        *("refusal_probability", "wait_probability"),
    ),
    "staff": ("utilisation",),
    "shifts": ("utilisation",),
    "waiting": ("mean_wait_days",),
    "access": ("starts_per_1000_65_plus", "served_share"),
    "budgets": ("budget_gbp", "committed_gbp", "gap_gbp", "do_nothing_gbp", "do_nothing_gap_gbp"),
    "targets": (
        *("is_imposed", "baseline", "today_gives", "required", "achieved", "shortfall"),
        *("is_met", "marginal_gbp"),
    ),
}
"""Columns that hold a number or nothing (0 ÷ 0, not asked for)."""

NOT_ALWAYS = {"schemes": "schemes", "acute": "acute_beds"}
"""Result tables that may be missing (in an older run folder) where a table of the instance is empty."""
YES_NO = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}


@dataclass(frozen=True)
class Evidence:
    """An instance and the result tables of one run of it, with what `run.json` says beside them.

    `tables` are as `complete` returns them: text never missing, numbers as floats. `objective` is empty where
    nobody said it; `as_is` and `best_effort` are the options of the run.
    """

    instance: Instance
    tables: Mapping[str, pd.DataFrame]
    objective: float | None = None
    as_is: bool = False
    best_effort: bool = False
    _known: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def horizon(self) -> Horizon:
        """The calendar of the plan."""
        return Horizon.of(self.instance.settings)

    @cached_property
    def referrals(self) -> pd.DataFrame:
        """People referred with the schemes that are live: rows (locality, hospital, pathway), one column per period."""
        return with_schemes(
            self.instance, self.horizon, self.referrals_without_schemes, self.tables["schemes"]
        )

    @cached_property
    def referrals_as_today(self) -> pd.DataFrame:
        """People referred if no other schemes go live than those that are live before the plan."""
        schemes, live = self.instance.table("schemes"), self.tables["schemes"]
        today = live[live["scheme"].isin(schemes.loc[schemes["is_live"], "scheme"])]
        return with_schemes(self.instance, self.horizon, self.referrals_without_schemes, today)

    @cached_property
    def referrals_without_schemes(self) -> pd.DataFrame:
        """People who would be referred if no scheme were live."""
        return referrals(self.instance, self.horizon)

    @cached_property
    def waiting_at_opening(self) -> pd.Series:
        """People waiting at the start, by (locality, hospital, pathway)."""
        return waiting_at_opening(self.instance, self.referrals_without_schemes)

    def wide(self, table: str, value: str, *keys: str) -> pd.DataFrame:
        """A column of a result table: one row per combination of `keys`, one column per period, summed.

        Nobody may change the frame: it is worked out once.
        """
        asked = (table, value, keys)
        if asked not in self._known:
            self._known[asked] = self.spread(self.tables[table], value, *keys)
        return self._known[asked]

    def spread(self, rows: pd.DataFrame, value: str, *keys: str) -> pd.DataFrame:
        """Any rows with a column `period` as a frame of one row per `keys` and one column per period, summed."""
        periods = pd.Index(self.horizon.periods, name="period")
        if rows.empty:  # what a plan has none of: most tables of a small one
            return pd.DataFrame(index=rows.set_index(list(keys)).index, columns=periods, dtype=float)
        sums = rows.groupby([*keys, "period"])[value].sum(min_count=1)
        return sums.unstack("period").reindex(columns=periods).astype(float).fillna(0.0)

    @cached_property
    def is_decision(self) -> np.ndarray:
        """Whether capacity may change at the beginning of each period."""
        return np.isin(np.arange(len(self.horizon)), self.horizon.decision_points)

    def share_available(self, rows: pd.DataFrame) -> np.ndarray:
        """Share of each period's days (columns) in which each row (available_from, available_to) can be had."""
        bounds = zip(rows["available_from"], rows["available_to"], strict=True)
        shares = [self.horizon.share_within(first, last) for first, last in bounds]
        return np.array(shares).reshape(len(rows), len(self.horizon))

    def may_be_open(self, rows: pd.DataFrame) -> np.ndarray:
        """For each row and period: whether any period of its decision point is available."""
        available = self.share_available(rows) > 0
        epochs = self.horizon.epoch
        by_epoch = {e: available[:, epochs == e].any(axis=1) for e in self.horizon.decision_points}
        return np.stack([by_epoch[e] for e in epochs], axis=1)

    def before(self, wide: pd.DataFrame, opening: pd.Series) -> pd.DataFrame:
        """The frame one period earlier: `opening` (same index) stands before the first period."""
        earlier = wide.shift(1, axis=1)
        earlier.iloc[:, 0] = opening.reindex(wide.index).fillna(0.0).to_numpy()
        return earlier


Given = ParamSpec("Given")
Fact = TypeVar("Fact")
Question = Callable[Concatenate[Evidence, Given], Fact]


def once(question: Question[Given, Fact]) -> Question[Given, Fact]:
    """Makes a function of an Evidence remember its answers there: nobody may change what it returns."""

    @wraps(question)
    def answer(evidence: Evidence, /, *args: Given.args, **kwargs: Given.kwargs) -> Fact:
        asked = (question, args, tuple(sorted(kwargs.items())))
        if asked not in evidence._known:
            evidence._known[asked] = question(evidence, *args, **kwargs)
        known: Fact = evidence._known[asked]
        return known

    return answer


def complete(
    instance: Instance, tables: Mapping[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """The result tables with text filled and numbers as floats, and what is missing or unreadable in them."""
    problems: list[Problem] = []
    ready: dict[str, pd.DataFrame] = {}
    known = _known_names(instance)
    for name, text in TEXT.items():
        wanted = (*text, *NUMBERS[name], *SPARSE.get(name, ()))
        frame = tables.get(name, pd.DataFrame())
        if name in NOT_ALWAYS and name not in tables and instance.table(NOT_ALWAYS[name]).empty:
            frame = pd.DataFrame(columns=list(wanted))
        missing = [column for column in wanted if column not in frame.columns]
        if missing:
            what = f"has no column {', '.join(missing)}" if name in tables else "is missing"
            problems.append(Problem(name, "tables_complete", f"the result table {name} {what}"))
            continue
        ready[name] = _typed(name, frame)
        problems.extend(_faults(name, ready[name], known))
    return ready, problems


def _typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    text = {column: _text(frame[column]) for column in TEXT[name]}
    numbers = {column: _numbers(frame[column]) for column in (*NUMBERS[name], *SPARSE.get(name, ()))}
    return pd.DataFrame(text | numbers).reset_index(drop=True)


def _text(cells: pd.Series) -> pd.Series:
    if isinstance(cells.dtype, pd.StringDtype):
        return cells.fillna("")
    return cells.astype(object).fillna("").astype(str)


def _numbers(cells: pd.Series) -> pd.Series:
    if cells.dtype != object and not isinstance(cells.dtype, pd.StringDtype):
        return cells.astype(float)
    words = cells.astype(str).str.strip().str.lower().map(YES_NO)
    return words.fillna(pd.to_numeric(cells, errors="coerce")).astype(float)


def _faults(name: str, frame: pd.DataFrame, known_names: Mapping[str, set[str]]) -> Iterator[Problem]:
    keys = list(KEYS[name])
    for row in frame.loc[frame.duplicated(keys), keys].itertuples(index=False):
        yield Problem(name, "rows_unique", f"{', '.join(row)}: the row is there more than once")
    for column in NUMBERS[name]:
        empty = int((~np.isfinite(frame[column].to_numpy())).sum())
        if empty:
            yield Problem(name, "numbers_complete", f"{column} is no number in {empty} rows")
    for column, known in known_names.items():
        if column in frame.columns:
            for unknown in sorted(set(frame[column]) - known):
                yield Problem(
                    name, "names_known", f"{unknown!r} is no {column.replace('_', ' ')} of the plan"
                )


def _known_names(instance: Instance) -> dict[str, set[str]]:
    """What may stand in the columns that name things; nothing is said where people or costs have no such place."""
    own = {"package": "packages", "pathway": "pathways", "bed_type": "bed_types", "role": "roles"}
    own |= {"shift_type": "shift_types", "target": "targets", "scheme": "schemes"}
    known = {column: set(instance.table(table)[column]) for column, table in own.items()}
    for column, table in {"site": "sites", "hospital": "hospitals"}.items():
        known[column] = {"", *instance.table(table)[column]}
    known["hospital"] |= set(instance.table("hospitals")["sub_region"].dropna())
    teams = {"", "all", *instance.networks, *instance.table("localities")["locality"]}
    known |= dict.fromkeys(("locality", "from_locality", "to_locality"), teams)
    return known | {"period": set(Horizon.of(instance.settings).periods)}
