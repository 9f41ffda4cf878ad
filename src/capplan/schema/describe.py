"""The data dictionary in words: rows for `capplan schema`, notes for workbooks, a page of the docs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from capplan import wording
from capplan.errors import UsageError
from capplan.schema.columns import GROUPS, Column, Kind, Table
from capplan.schema.settings import Settings, settings_columns
from capplan.schema.tables import TABLES
from capplan.schema.text import did_you_mean

SETTINGS = "instance"
FREE_COLUMN_HELP = {
    "source": "Where the row's numbers come from; begin an assumption with assumption:, a calculation with "
    "derived:.",
    "note": "Anything worth knowing about the row; accepted: at the beginning says that a warning is known.",
    "price_year": "Price year of the row's costs, e.g. 2017/18.",
}
_READING = """\
An instance is a folder with `instance.toml` and one CSV file a table, or one `.xlsx` workbook with one sheet
a table and a sheet `instance` of settings and values. Tables that are not marked as required may be left out.

- **Keys** are lower_snake_case. Wherever a key is expected, the display name (column `name`) is accepted too.
- **Filters** take one name, several (`a;b`), or nothing, which means all.
- **Units**: a column with other units may be written in one of them, under that name, one unit a row.
- **Numbers** may be written `1,150`, `£1,150` or `92%`; **dates** `2017-04-01`, `01/04/2017` (day first) or
  `Apr-17`. What remains ambiguous is an error.
- **Free columns** of every table: `source`, `note`, `price_year`, and `COLUMN_source` where a row has several
  sources. A source that begins with `assumption:` is one; one that begins with `derived:` is a calculation
  from other numbers.
"""
_HEADINGS = ("column", "kind", "unit", "required", "default", "allowed", "help")


def describe(table_name: str | None = None) -> list[dict[str, str]]:
    """The data dictionary, or one table of it, as rows of text.

    One row per column, the settings first, under the table `instance`: table, column, kind, unit, required
    (yes, no, or what may be given instead), default, allowed, other_units, help. UsageError where there is no
    such table.
    """
    if table_name is None:
        return [*_settings_rows(), *(row for table in TABLES.values() for row in _table_rows(table))]
    if table_name == SETTINGS:
        return _settings_rows()
    if table_name not in TABLES:
        raise UsageError(_no_such_table(table_name))
    return _table_rows(TABLES[table_name])


def header_note(table: Table, name: str) -> str:
    """What a planner must know to fill in the column of that name or spelling, free columns too."""
    if name not in table.spellings:
        return FREE_COLUMN_HELP.get(name, f"Where the number in {name.removesuffix('_source')} comes from.")
    column = table.column(name)
    needed = _needed(table, column)
    others = ", ".join(spelling for spelling in column.spellings if spelling != name)
    facts = {
        "Unit": _unit(column, name),
        "Needed": needed if needed != "no" else "",
        "If empty": _default(column),
        "Allowed": allowed(column),
        "Other units": f"rename the column to {others}" if others else "",
        "Reads": _how_it_is_read(column),
    }
    return "\n".join([column.help, *(f"{fact}: {text}." for fact, text in facts.items() if text)])


def tables_page() -> str:
    """The page of the docs that lists every table, as Markdown."""
    parts = ["# Tables of an instance", _READING, f"## Settings: `{SETTINGS}`", _markdown(_settings_rows())]
    section = ""
    for table in TABLES.values():
        if table.section != section:
            section = table.section
            parts.append(f"## {section}")
        parts += [f"### `{table.name}`", _about(table), _markdown(_table_rows(table))]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _about(table: Table) -> str:
    key = ", ".join(f"`{name}`" for name in table.key)
    return f"{table.help} {'Required. ' if table.is_required else ''}Key: {key}."


def _table_rows(table: Table) -> list[dict[str, str]]:
    return [
        {
            "table": table.name,
            "column": column.name,
            "kind": column.kind.value,
            "unit": column.unit,
            "required": _needed(table, column),
            "default": _default(column),
            "allowed": allowed(column),
            "other_units": ", ".join(column.variants),
            "help": column.help,
        }
        for column in table.columns
    ]


def _settings_rows() -> list[dict[str, str]]:
    schema = Settings.model_json_schema()
    return [
        {
            "table": SETTINGS,
            "column": name,
            "kind": column.kind.value,
            "unit": column.unit,
            "required": "yes" if name in schema["required"] else "no",
            "default": _default_of_setting(schema["properties"][name]),
            "allowed": ", ".join([*column.choices, *_setting_bounds(schema["properties"][name])]),
            "other_units": "",
            "help": column.help,
        }
        for name, column in settings_columns().items()
    ]


def _default_of_setting(field: Mapping[str, Any]) -> str:
    default = field.get("default")
    return "" if default is None else str(default)


def _setting_bounds(field: Mapping[str, Any]) -> list[str]:
    """A setting that may be left empty has its limits in the first of its alternatives."""
    rules = next(iter(field.get("anyOf", ())), field)
    return _bounds(rules.get("minimum"), rules.get("exclusiveMinimum"), rules.get("maximum"))


def _unit(column: Column, name: str) -> str:
    if column.kind not in {Kind.NUMBER, Kind.WHOLE}:
        return ""
    return column.unit if name == column.name else f"as the name says ({column.name}: {column.unit})"


def _needed(table: Table, column: Column) -> str:
    """`yes`, `no`, or the columns that may be given instead."""
    if column.is_required:
        return "yes"
    for group, other in table.alternatives:
        for mine, instead in ((group, other), (other, group)):
            has_default = any(table.column(name).default is not None for name in (*mine, *instead))
            if column.name in mine and not has_default:
                return f"this or {' and '.join(instead)}"
    return "no"


def _default(column: Column) -> str:
    if column.default_from is not None:
        return f"as {column.default_from}"
    if column.is_required or column.default is None:
        return ""
    return wording.cell(column.default)


def allowed(column: Column) -> str:
    """What may stand in a cell of the column, in words; empty where anything may."""
    bounds = _bounds(column.minimum, column.above, column.maximum)
    return ", ".join([*column.choices, *_referred_to(column), *bounds, *column.words])


def _referred_to(column: Column) -> Iterator[str]:
    """Tables, and groups by the column that names them: a name in localities or a network."""
    if len(column.refers_to) == 1 and column.refers_to[0] in GROUPS:
        table, group = GROUPS[column.refers_to[0]]
        yield f"a {group} in {table}"
    elif column.refers_to:
        yield "a name in " + " or ".join(
            f"a {GROUPS[target][1]}" if target in GROUPS else target for target in column.refers_to
        )


def _bounds(least: float | None, above: float | None, greatest: float | None) -> list[str]:
    if above is None and least is not None and greatest is not None:
        return [f"{wording.exact(least)} to {wording.exact(greatest)}"]
    at_least = least if above is None else None
    bounds = ((above, "above {}"), (at_least, "{} or more"), (greatest, "{} or less"))
    return [words.format(wording.exact(bound)) for bound, words in bounds if bound is not None]


def _how_it_is_read(column: Column) -> str:
    match column.kind:
        case Kind.NAMES:
            return "several names are written a;b"
        case Kind.DATE_TO:
            return "a month stands for its last day; a spreadsheet turns Apr-17 into 1 April, so type the day"
        case Kind.DATE:
            return "a month stands for its first day"
        case Kind.MONTH:
            return "2017-04 or Apr-17"
        case Kind.TIME:
            return "08:00"
        case _:
            return ""


def _markdown(rows: list[dict[str, str]]) -> str:
    lines = [_markdown_row(_HEADINGS), _markdown_row(["---"] * len(_HEADINGS))]
    for row in rows:
        spellings = [row["column"], *filter(None, row["other_units"].split(", "))]
        names = " or ".join(f"`{name}`" for name in spellings)
        lines.append(_markdown_row([names, *(row[heading] for heading in _HEADINGS[1:])]))
    return "\n".join(lines)


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _no_such_table(name: str) -> str:
    names = [SETTINGS, *TABLES]
    near = did_you_mean(name, names)
    return f"there is no table '{name}'; {near or 'the tables are ' + ', '.join(names)}"
