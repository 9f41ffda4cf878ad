"""Numbers, days, months and times as people and spreadsheet programs write them: `£1,150`, `92%`, `Apr-17`."""

from __future__ import annotations

import calendar
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
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {"sept": 9}
_YEAR, _WORD = r"(?P<year>\d{4}|\d{2})", r"(?P<word>[a-z]+)\.?"
_DAYS = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[t ](?P<time>\d\d:\d\d.*))?"),
    re.compile(
        rf"(?P<day>\d{{1,2}})(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign){_YEAR}(?: (?P<time>\d\d:\d\d.*))?"
    ),
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[- ]+{_WORD},?[- ]+{_YEAR}"),
    re.compile(r"(?P<word>[a-z]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?, ?(?P<year>\d{4})"),
)
_MONTHS_OF_A_YEAR = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})"),
    re.compile(r"(?P<month>\d{1,2})/(?P<year>\d{4})"),
    re.compile(rf"{_WORD},?[-/ ]+{_YEAR}"),
)
_MIDNIGHT = re.compile(r"00:00(:00(\.0+)?)?")
_CLOCK = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(:00(\.0+)?)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_EXCEL_DAY_ZERO = datetime.date(1899, 12, 30)
WRITE_A_DAY = "write it like 2017-04-01"


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


def first_day(cell: object) -> datetime.date:
    """The day; a month stands for its first day."""
    day, _ = _day_or_month(cell)
    return day


def last_day(cell: object) -> datetime.date:
    """The day; a month stands for its last day."""
    day, is_month = _day_or_month(cell)
    return day.replace(day=calendar.monthrange(day.year, day.month)[1]) if is_month else day


def month(cell: object) -> datetime.date:
    """The first day of the month; Unreadable for any other day."""
    day, is_month = _day_or_month(cell)
    if not is_month and day.day != 1:
        raise Unreadable("is a day where a month is expected", f"write {day:%Y-%m}")
    return day


def clock(cell: object) -> str:
    """A time of the day as HH:MM."""
    if isinstance(cell, datetime.datetime):
        cell = cell.time()
    text = cell.isoformat() if isinstance(cell, datetime.time) else text_of(cell)
    time = _CLOCK.fullmatch(text)
    if not time or int(time["hour"]) > 23 or int(time["minute"]) > 59:
        raise Unreadable("is no time of the day", "write it like 08:00")
    return f"{int(time['hour']):02d}:{time['minute']}"


def _day_or_month(cell: object) -> tuple[datetime.date, bool]:
    """The day and whether the cell names a whole month (then it is the month's first day)."""
    if isinstance(cell, datetime.datetime):
        return _midnight_of(cell), False
    if isinstance(cell, datetime.date):
        return _in_range(cell), False
    text = text_of(cell).casefold()
    for pattern in _DAYS:
        match = pattern.fullmatch(text)
        if match:
            return _day(match.groupdict()), False
    for pattern in _MONTHS_OF_A_YEAR:
        match = pattern.fullmatch(text)
        if match:
            return _day({**match.groupdict(), "day": "1"}), True
    raise _no_date(text)


def _midnight_of(moment: datetime.datetime) -> datetime.date:
    if moment.time() != datetime.time():
        raise Unreadable("has a time of the day where a day is expected", f"write {moment:%Y-%m-%d}")
    return _in_range(moment.date())


def _day(parts: dict[str, str | None]) -> datetime.date:
    time, word, year, day = parts.get("time"), parts.get("word"), str(parts["year"]), int(str(parts["day"]))
    if time and not _MIDNIGHT.fullmatch(time):
        raise Unreadable("has a time of the day where a day is expected", WRITE_A_DAY)
    number = int(str(parts["month"])) if word is None else _MONTHS.get(word)
    if number is None:
        raise Unreadable(f"is no date: there is no month '{word}'", WRITE_A_DAY)
    if not 1 <= number <= 12:
        raise Unreadable(f"is no date: there is no month {number} (the day comes first)", WRITE_A_DAY)
    try:
        return _in_range(datetime.date(int(year) + (2000 if len(year) == 2 else 0), number, day))
    except ValueError:
        raise Unreadable("is no date: the month has no such day", WRITE_A_DAY) from None


def _in_range(day: datetime.date) -> datetime.date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Unreadable(f"lies outside the years {_FIRST_YEAR} to {_LAST_YEAR}", "check the year")
    return day


def _no_date(text: str) -> Unreadable:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return _ordinal(float(text))
    if re.fullmatch(r"\d{4}/\d{1,2}", text):
        return Unreadable("could be a month or a financial year", "write a month like 2017-04")
    if re.fullmatch(r"\d{1,2}[-/ ][a-z]+|\d{1,2}/\d{1,2}", text):
        return Unreadable("is no date: the year is missing", WRITE_A_DAY)
    return Unreadable("is no date", WRITE_A_DAY)


def _ordinal(number: float) -> Unreadable:
    # Excel counts days from 1900; outside these numbers a date is not what was meant.
    if 15000 <= number <= 100000:
        day = _EXCEL_DAY_ZERO + datetime.timedelta(days=int(number))
        return Unreadable(
            f"is an ordinal, not a date (Excel's number for {day})",
            "format the cell as a date or write the date",
        )
    return Unreadable("is an ordinal, not a date", WRITE_A_DAY)
