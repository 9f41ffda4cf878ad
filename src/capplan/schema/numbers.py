"""Numbers as people and spreadsheet programs write them: `£1,150`, `92%`, `1e3`."""

from __future__ import annotations

import datetime
import re
from math import inf, isfinite

import numpy as np

from capplan.schema.columns import Column
from capplan.schema.text import Unreadable, folded, text_of

_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_NOTHING = ("nan", "na", "n/a", "null", "none", "nil", "-", "–", "tbc", "tba", "?")
_ANY_UNIT = "as in the column unit"


def number(column: Column, cell: object) -> float:
    """The cell as a number, or the number that one of the column's words stands for."""
    if isinstance(cell, bool | np.bool_):
        raise Unreadable("is yes or no, not a number", "write a number")
    if isinstance(cell, int | float | np.number):
        return _finite(column, float(cell))
    if isinstance(cell, datetime.date | datetime.time):
        raise Unreadable("is a date or time, not a number", "format the cell as a number and type it again")
    text = text_of(cell)
    if _PLAIN.fullmatch(text):
        return _finite(column, float(text))
    return _from_text(column, text)


def whole_number(column: Column, cell: object) -> float:
    """The cell as a whole number."""
    value = number(column, cell)
    if isfinite(value) and value != round(value):
        raise Unreadable("is not a whole number", "write a whole number")
    return value


def _finite(column: Column, value: float) -> float:
    if isfinite(value) or value in column.words.values():
        return value
    raise Unreadable("is not a finite number", "write a number, or leave the cell empty")


def _from_text(column: Column, text: str) -> float:
    words = {word: value for word, value in column.words.items() if value is not None}
    if folded(text) in words:
        return words[folded(text)]
    bare = text.replace("−", "-")
    factor = 1.0
    if "£" in bare:
        bare = _without_pound(column, bare)
    if bare.endswith("%"):
        bare, factor = _without_percent(column, bare), 100.0
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    if folded(bare) in _NOTHING:
        raise Unreadable("is not a number", "leave the cell empty where there is none")
    if not _PLAIN.fullmatch(bare):
        raise _no_number(text, bare, words)
    return _finite(column, float(bare) / factor)


def _without_pound(column: Column, text: str) -> str:
    if "£" not in column.unit and column.unit != _ANY_UNIT:
        raise Unreadable(f"is an amount of money where {_unit(column)} is expected", "check the column")
    return re.sub(r"^([+-]?) ?£ ?", r"\1", text)


def _without_percent(column: Column, text: str) -> str:
    if not column.unit.startswith(("share", "factor")) and column.unit != _ANY_UNIT:
        raise Unreadable(f"is a percentage where {_unit(column)} is expected", "write the number without %")
    return text.removesuffix("%").rstrip()


def _unit(column: Column) -> str:
    return f"a number of {column.unit}" if column.unit else "a number"


def _no_number(text: str, bare: str, words: dict[str, float]) -> Unreadable:
    if folded(bare).lstrip("+-") in ("inf", "infinity", "∞"):
        never = next((word for word, value in words.items() if value == inf), None)
        return Unreadable(
            "is not a finite number", f"write {never}" if never else "leave the cell empty for no bound"
        )
    if re.fullmatch(r"\(.*\)", bare):
        return Unreadable(
            "is in brackets", "write a minus sign if it is negative, else leave the brackets out"
        )
    if re.fullmatch(r"[+-]?[0-9.,' ]+", bare):
        return Unreadable(
            "is ambiguous", "write it with a point for decimals and no other signs, like 1150.5"
        )
    if "€" in text or "$" in text:
        return Unreadable("is not in pounds", "write the amount in £")
    if re.match(r"[+-]?[0-9]", bare):
        return Unreadable("is not a number only", "write the number without unit; its unit is the column's")
    accepted = f"write a number or '{', '.join(words)}'" if words else "write a number"
    return Unreadable("is not a number", accepted)
