"""Words and rounding for people: money, shares, dates, numbers, plurals, in British English."""

from __future__ import annotations

import datetime
import math
import string
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

MILLION = 1_000_000
DUST = 1e-6
"""What is smaller is nothing but what solvers and sums of floating-point numbers leave."""
NOTHING = ""
"""How a number that is not known, or is asked for nowhere, is written."""
AXIS_LABELS = {
    "money": (
        "(datum.value < 0 ? '-' : '') + '£' + (abs(datum.value) >= 1e6 "
        "? format(abs(datum.value) / 1e6, ',.3~f') + 'm' : format(abs(datum.value), ',.4~f'))"
    ),
    "share": "format(datum.value * 100, ',.3~f') + '%'",
    "number": "format(datum.value, ',.3~f')",
}
"""How Vega writes the numbers on the axis of a chart: as `money`, `share` and `number` do here."""

EXCEL_FORMATS = {
    "money": '"£"#,##0;-"£"#,##0',
    "number": "#,##0.0",
    "small": "0.00",
    "whole": "#,##0",
    "share": "0.0%",
    "percent": "0%",
    "chance": "0.00%",
    "date": "d mmm yyyy",
    "month": "mmm yyyy",
    "money_change": '+"£"#,##0;-"£"#,##0;"£"0',
    "number_change": "+#,##0.0;-#,##0.0;0",
    "small_change": "+0.00;-0.00;0",
    "whole_change": "+#,##0;-#,##0;0",
    "share_change": "+0.0%;-0.0%;0%",
    "text": "@",
    "word": "General",
}
"""How a workbook shows what is kept in full: pounds, numbers with one decimal, days as words say them.

`small` is for numbers below 1, which keep two decimals; a change shows its sign; `text` is for what an instance says
and stays as it is typed, `word` for words of our own.
"""


def money(gbp: float) -> str:
    """£1.23m, £456,789, £18.01: two decimals of a million from a million on, pence below £100."""
    if math.isnan(gbp):
        return NOTHING
    if math.isinf(gbp):
        return "never"
    size, sign = abs(gbp), "-" if round(gbp, 2) < 0 else ""
    if round(size) >= MILLION:
        return f"{sign}£{size / MILLION:,.2f}m"
    if size < 100 and round(size, 2) != round(size):
        return f"{sign}£{size:.2f}"
    return f"{sign}£{size:,.0f}" if round(size) else "£0"


def pounds(gbp: float) -> str:
    """£1,234,567: every pound, where a million is too coarse to tell two amounts apart."""
    return money(gbp) if abs(gbp) < 100 or not math.isfinite(gbp) else f"{'-' * (gbp < 0)}£{abs(gbp):,.0f}"


def pence(gbp: float) -> str:
    """£1,234,567.80: every penny, where two amounts would otherwise read alike."""
    if not math.isfinite(gbp):
        return money(gbp)
    return f"{'-' * (round(gbp, 2) < 0)}£{f'{abs(gbp):,.2f}'.removesuffix('.00')}"


def share(part: float, digits: int = 0) -> str:
    """92%, or 0.4% with one digit; a share that is not nothing is never shown as 0."""
    if math.isnan(part):
        return NOTHING
    least, sign = 10.0**-digits, "-" if part < 0 else ""
    if 0 < abs(part) * 100 < least / 2:
        return f"{sign}under {least:.{digits}f}%"
    text = f"{abs(part) * 100:.{digits}f}"
    return f"{sign}{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def per_cent(part: float) -> str:
    """92.34%: every digit of a share, where two would otherwise read alike."""
    return NOTHING if math.isnan(part) else f"{exact(part * 100)}%"


def number(amount: float) -> str:
    """1,234; 56.7; 8: at most one decimal below 100, none above; small ones keep two figures."""
    if math.isnan(amount):
        return NOTHING
    if math.isinf(amount):
        return "never"
    digits = decimals(amount)
    text = f"{amount:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    return "0" if text in ("-0", "") else text


def decimals(amount: float) -> int:
    """How many of them `number` shows at most: one below 100, two below 1, none of what is (nearly) whole."""
    size = abs(amount)
    return 0 if size >= 100 or abs(size - round(size)) < 0.005 else 1 if size >= 1 else 2


def exact(amount: float) -> str:
    """A number in full, as a planner writes it into a table: 0.0125, 1200."""
    return NOTHING if math.isnan(amount) else "never" if math.isinf(amount) else f"{amount + 0.0:.12g}"


def figures(amount: float) -> str:
    """1,150; 12.35; 0.9234: four figures, where one decimal is too coarse; every whole number in full."""
    if abs(amount) >= 1000 or math.isnan(amount):
        return number(amount)
    return f"{amount + 0.0:.4g}"


def precise(amount: float, digits: int = 10) -> str:
    """34,853.6835: ten figures, for numbers that are held one against the other; `empty` where there is none."""
    if not math.isfinite(amount):
        return "empty" if math.isnan(amount) else "infinite"
    if abs(amount) >= 10**digits:
        return f"{amount:,.0f}"
    return f"{amount + 0.0:,.{digits}g}"  # + 0.0: no -0


def seconds(amount: float) -> str:
    """75 s; 0.4 s; 3 s: tenths below ten seconds."""
    return f"{number(round(amount, 1 if amount < 10 else 0))} s"


def cell(value: object) -> str:
    """A cell as a planner writes it into a table: 0.92, yes, 2017-04-01, north."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Real):
        return exact(float(value))
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    return str(value)


def visible(amount: float) -> str:
    """As `number`, but 0.003 where that would be 0; what is below a millionth is dust, and 0."""
    if DUST <= abs(amount) < 0.005:
        return f"{amount:.{math.ceil(-math.log10(abs(amount)))}f}"
    return number(amount)


def signed(amount: float, write: Callable[[float], str] = visible) -> str:
    """A number, or with `write` money or a share, as a change: +4, -£1.23m, 0."""
    text = write(abs(amount))
    is_change = math.isfinite(amount) and text != write(0.0)
    return f"{'-' if amount < 0 else '+'}{text}" if is_change else text


def precise_change(difference: float) -> str:
    """+0.0123456: how far apart two numbers are that are held one against the other, in six figures."""
    return signed(difference, lambda amount: precise(amount, 6))


def points(difference: float) -> str:
    """+2.5 points: by how much one share is above another, in percentage points."""
    return NOTHING if math.isnan(difference) else f"{signed(difference * 100)} points"


def date(day: str | datetime.date) -> str:
    """1 April 2017, out of 2017-04-01."""
    day = _day(day)
    return f"{day.day} {day:%B %Y}"


def short_date(day: str | datetime.date) -> str:
    """1 Apr 2017, out of 2017-04-01, where a column is narrow."""
    day = _day(day)
    return f"{day.day} {day:%b %Y}"


def month(day: str | datetime.date) -> str:
    """Apr 2017, out of 2017-04-01."""
    return f"{_day(day):%b %Y}"


def full_month(day: str | datetime.date) -> str:
    """April 2017, out of 2017-04-01."""
    return f"{_day(day):%B %Y}"


def _day(day: str | datetime.date) -> datetime.date:
    return datetime.date.fromisoformat(day) if isinstance(day, str) else day


def count(n: float, one: str, many: str = "") -> str:
    """1 bed, 2 beds, 1.5 beds; "0 beds" too."""
    return f"{number(n)} {plural(n, one, many)}"


def plural(n: float, one: str, many: str = "") -> str:
    """The word for so many: bed, beds."""
    return one if n == 1 else many or f"{one}s"


def listed(words: Sequence[str], at_most: int = 6, between: str = ", ") -> str:
    """a, b and c; or a, b and 4 more. Names that hold commas are better kept apart by "; "."""
    if len(words) > at_most:
        words = [*words[: at_most - 1], f"{len(words) - at_most + 1} more"]
    return " and ".join(filter(None, [between.join(words[:-1]), *words[-1:]]))


def sentence(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


TEMPLATE_WORDS: dict[str, Callable[[Any], str]] = {
    "": cell,
    "number": number,
    "figures": figures,
    "money": money,
    "pounds": pounds,
    "share": share,
    "date": date,
    "month": full_month,
}
"""How a template says that a value is written, after the colon: `{budget_gbp:pounds}`."""


class _Template(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        return TEMPLATE_WORDS[format_spec](value)


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A template with its values: `{beds} beds at '{site}' from {available_from:date}`.

    Without a word for how, a value stands there as in a cell.
    """
    return _Template().vformat(template, (), values)
