"""The grammar of overrides: from text to what it says, before any instance is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from capplan.errors import UsageError

GRAMMAR = "TABLE[COLUMN=VALUE,...].COLUMN OP VALUE, where OP is one of = *= +="
_QUOTED = r"(?:\"[^\"]*\"|'[^']*')"
# Quotation marks count at the beginning of a value only: St Mary's needs none.
_BRACKETS = rf"\[(?:[=;]\s*{_QUOTED}|[^\]])*\]"
_OVERRIDE = re.compile(
    rf"\s*(?P<table>\w+)\s*(?P<filters>{_BRACKETS})?\s*\.\s*(?P<column>\w+)\s*(?P<op>\*=|\+=|=)(?P<value>.*)",
    re.DOTALL,
)
_FILTER = re.compile(rf"\s*(?P<column>\w+)\s*=(?P<values>(?:\s*{_QUOTED}\s*(?=[;,]|$)|[^,])*)(?:,|$)")
_VALUE = re.compile(rf"\s*(?P<value>{_QUOTED}|[^;]*?)\s*(?:;|$)")
_CHANGE = re.compile(rf"(?:{_BRACKETS}|=\s*{_QUOTED}|[^;\n\[]|\[)+")


class Operation(Enum):
    """What an override does with the value that stands there."""

    SET = "="
    TIMES = "*="
    PLUS = "+="


@dataclass(frozen=True)
class Override:
    """One change: in the rows of `table` that match all `filters`, `column` is set, multiplied or added to.

    A filter is a column with the values of which a row must have one; the value "" stands for an empty cell.
    The table `instance` holds the settings and has no rows to filter.
    """

    table: str
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    column: str
    operation: Operation
    value: str

    @property
    def left_side(self) -> str:
        """What is changed, as text: `referrals[pathway=crisis].people_per_month`."""
        filters = ",".join(f"{column}={';'.join(map(_quoted, values))}" for column, values in self.filters)
        return f"{self.table}{f'[{filters}]' if filters else ''}.{self.column}"

    def __str__(self) -> str:
        return f"{self.left_side} {self.operation.value} {_quoted(self.value)}"


def parse_override(text: str) -> Override:
    """What the text says; UsageError with the grammar where it says nothing."""
    match = _OVERRIDE.fullmatch(text)
    if not match:
        raise UsageError(f"'{text.strip()}' is no override; write {GRAMMAR}")
    filters = _filters(text, (match["filters"] or "[]")[1:-1])
    return Override(
        match["table"], filters, match["column"], Operation(match["op"]), _unquoted(match["value"].strip())
    )


def split_changes(text: str) -> tuple[str, ...]:
    """The overrides in a text with semicolons or new lines between them; those in brackets do not count."""
    return tuple(change.strip() for change in _CHANGE.findall(text) if change.strip())


def _filters(text: str, inside: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    filters = []
    position = 0
    while position < len(inside.rstrip()):
        match = _FILTER.match(inside, position)
        if not match:
            raise UsageError(f"'{text.strip()}' has a filter that is not COLUMN=VALUE; write {GRAMMAR}")
        filters.append((match["column"], _values(match["values"])))
        position = match.end()
    return tuple(filters)


def _values(text: str) -> tuple[str, ...]:
    values = [_unquoted(each["value"]) for each in _VALUE.finditer(text)]
    # What follows the last separator, or the end, is no value of its own.
    return tuple(dict.fromkeys(values[:-1] if len(values) > 1 and not values[-1] else values))


def _unquoted(text: str) -> str:
    return text[1:-1] if re.fullmatch(_QUOTED, text) else text


def _quoted(value: str) -> str:
    if not re.search(r"[,;\]\"\n]|^'|^\s|\s$", value):
        return value
    return f"'{value}'" if '"' in value else f'"{value}"'
