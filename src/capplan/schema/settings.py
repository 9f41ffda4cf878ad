"""The settings of an instance (`instance.toml`, or the sheet `instance` of a workbook), read like cells of a table."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, get_args, get_origin

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from capplan.errors import Problem
from capplan.schema.cells import read_cell
from capplan.schema.columns import Column, Kind
from capplan.schema.text import Unreadable, as_word, did_you_mean, text_of

PERIODS_PER_QUARTER = {"week": 13, "month": 3, "quarter": 1}
_KINDS = {datetime.date: Kind.DATE, int: Kind.WHOLE, float: Kind.NUMBER, str: Kind.TEXT}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}


def _a_day(value: object) -> object:
    """A date, or a month (`2017-04`) that stands for its first day."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, str) and len(value.strip()) == len("2017-04"):
        return f"{value.strip()}-01"
    return value


Day = Annotated[datetime.date, BeforeValidator(_a_day)]


class Settings(BaseModel):
    """What holds for the whole instance; every field is a line of `instance.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1, description="What the instance is about, in a few words.")
    description: str = Field("", description="Longer text: the question, the place, the year.")
    start: Day = Field(description="First day of the plan (a date; 2017-04 stands for 2017-04-01).")
    period: Literal["month", "week", "quarter"] = Field(
        "month",
        description="Length of a period: calendar months or quarters (the first is cut short when `start` is not "
        "its first day) or weeks from `start`.",
    )
    periods: int = Field(ge=1, le=2000, description="Number of periods in the plan.")
    capacity_changes_every: int | None = Field(
        None,
        ge=1,
        description="Periods between the decision points at which beds, posts and shifts may change "
        "(one quarter where left out).",
    )
    change_gbp: float = Field(
        100,
        ge=0,
        description="What it takes to open or close one bed, post or shift [£]; keeps plans from flapping.",
    )
    opening: Literal["steady", "empty", "census"] = Field(
        "steady",
        description="Who is in care when the plan starts: as many as if people had always started as in the first "
        "period (steady), nobody (empty), or the people in the table `census`.",
    )
    year_starts: int = Field(4, ge=1, le=12, description="Month in which a financial year begins.")
    price_year: str | None = Field(None, description="Price year of the costs, e.g. 2017/18.")
    discount_rate_per_year: float = Field(0, ge=0, le=1, description="Discount rate a year (0.035 = 3.5 %).")
    price_rise_per_year: float = Field(0, gt=-1, le=1, description="Rise of every price a year (0.02 = 2 %).")
    travel_minutes_max: float | None = Field(
        None, gt=0, description="Longest journey from a locality to a site [minutes]; none: any journey."
    )
    travel_gbp_per_minute: float = Field(
        0, ge=0, description="Price of travel per person and start, per minute from locality to site [£]."
    )
    speed_kmh: float = Field(
        40, gt=0, description="Road speed for journeys without a row in `travel` [km/h]."
    )
    detour_factor: float = Field(
        1.3,
        ge=1,
        description="Road distance over distance as the crow flies, for journeys without a row in `travel`.",
    )
    bank_holidays: Literal["england", "wales", "scotland", "northern_ireland", "none"] = Field(
        "england", description="Whose bank holidays count in shift patterns."
    )

    @property
    def periods_between_decisions(self) -> int:
        """Periods from one decision point to the next."""
        return self.capacity_changes_every or PERIODS_PER_QUARTER[self.period]


@cache
def settings_columns() -> dict[str, Column]:
    """Every setting as a column: its name, kind, unit, choices and help."""
    return {name: _as_column(name) for name in Settings.model_fields}


def read_settings(cells: Mapping[str, object]) -> tuple[Settings | None, list[Problem]]:
    """The settings, or None with every problem they have; an empty setting counts as left out."""
    values: dict[str, object] = {}
    problems = []
    for name, cell in cells.items():
        word = as_word(name)
        column = settings_columns().get(word)
        if column is None:
            problems.append(_unknown(word))
        elif word in values:
            problems.append(_problem("column", "is set twice", "keep one of them", word))
        else:
            values[word], in_cell = _read(column, cell)
            problems += in_cell
    faulty = {problem.column for problem in problems}
    present = {name: value for name, value in values.items() if value is not None}
    try:
        settings = Settings.model_validate(present)
    except ValidationError as error:
        return None, problems + _broken_rules(error, faulty)
    return (None if problems else settings), problems


def unknown_setting(name: str) -> tuple[str, str]:
    """What to say of a setting that does not exist, and what to do about it."""
    near = did_you_mean(name, Settings.model_fields)
    return f"'{name}' is no setting", near or f"the settings are {', '.join(Settings.model_fields)}"


def _as_column(name: str) -> Column:
    field = Settings.model_fields[name]
    kinds = get_args(field.annotation) if type(None) in get_args(field.annotation) else (field.annotation,)
    unit = "£" if "gbp" in name else "share" if name.endswith("_per_year") else ""
    if get_origin(kinds[0]) is Literal:
        return Column(name, Kind.CHOICE, field.description or "", choices=get_args(kinds[0]))
    return Column(name, _KINDS[kinds[0]], field.description or "", unit)


def _read(column: Column, cell: object) -> tuple[object, list[Problem]]:
    if isinstance(cell, Mapping | list):
        return None, [_problem("value", "is not a single value", "write one value", column.name)]
    if pd.isna(cell):
        return None, []
    try:
        return read_cell(column, cell), []
    except Unreadable as reason:
        text = text_of(cell)
        return None, [
            _problem(column.kind.value, f"'{text}' {reason.why}", reason.what_now, column.name, text)
        ]


def _unknown(name: str) -> Problem:
    message, what_now = unknown_setting(name)
    return _problem("column", message, what_now, None)


def _broken_rules(error: ValidationError, faulty: set[str | None]) -> list[Problem]:
    problems = []
    for each in error.errors():
        name = str(each["loc"][0])
        if name in faulty:
            continue
        if each["type"] == "missing":
            problems.append(_problem("required", "is missing", f"add a line `{name} = …`", name))
        else:
            problems.append(
                _out_of_bounds(name, each["type"], each.get("ctx", {}), each["input"], each["msg"])
            )
    return problems


def _out_of_bounds(
    name: str, kind: str, context: Mapping[str, object], value: object, message: str
) -> Problem:
    text = text_of(value)
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        return _problem("bounds", f"{text} is out of bounds", f"write {words} {context[bound]}", name, text)
    return _problem("value", f"'{text}': {message}", "", name, text)


def _problem(rule: str, message: str, what_now: str, column: str | None, value: str | None = None) -> Problem:
    return Problem("instance", rule, message, what_now, column=column, value=value)
