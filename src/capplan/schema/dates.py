"""Days, months and times as people and spreadsheet programs write them."""

from __future__ import annotations

import calendar
import datetime
import re

from capplan.schema.text import Unreadable, text_of

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
    found = _CLOCK.fullmatch(text)
    if not found or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        raise Unreadable("is no time of the day", "write it like 08:00")
    return f"{int(found['hour']):02d}:{found['minute']}"


def _day_or_month(cell: object) -> tuple[datetime.date, bool]:
    """The day and whether the cell names a whole month (then it is the month's first day)."""
    if isinstance(cell, datetime.datetime):
        return _midnight_of(cell), False
    if isinstance(cell, datetime.date):
        return _in_range(cell), False
    text = text_of(cell).casefold()
    for pattern in _DAYS:
        found = pattern.fullmatch(text)
        if found:
            return _day(found.groupdict()), False
    for pattern in _MONTHS_OF_A_YEAR:
        found = pattern.fullmatch(text)
        if found:
            return _day({**found.groupdict(), "day": "1"}), True
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
