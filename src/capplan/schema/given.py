"""Settings as given in a file or a call, read like cells and checked all at once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from typing import Literal, get_args, get_origin

import pandas as pd
from pydantic import ValidationError

from capplan.errors import Problem
from capplan.schema.cells import read_cell
from capplan.schema.columns import Column, Kind
from capplan.schema.settings import Settings
from capplan.schema.text import Unreadable, as_word, did_you_mean, text_of

_KINDS = {datetime.date: Kind.DATE, int: Kind.WHOLE, float: Kind.NUMBER, str: Kind.TEXT}
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "more than"),
    "less_than": ("lt", "less than"),
}


@cache
def settings_columns() -> dict[str, Column]:
    """Every setting as a column: its name, kind, unit, choices and help."""
    return {name: _as_column(name) for name in Settings.model_fields}


def read_settings(given: Mapping[str, object]) -> tuple[Settings | None, list[Problem]]:
    """The settings, or None with every problem they have; an empty setting counts as left out."""
    values: dict[str, object] = {}
    problems = []
    for name, cell in given.items():
        word = as_word(name)
        column = settings_columns().get(word)
        if column is None:
            problems.append(_unknown(word))
        elif word in values:
            problems.append(_problem("column", "is set twice", "keep one of them", word))
        else:
            values[word], found = _read(column, cell)
            problems += found
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
