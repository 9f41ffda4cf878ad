"""The page on the model: sets, parameters, variables, families and costs, printed from the code in reading order."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from capplan.formulation.beds import units, wards
from capplan.formulation.build import all_families
from capplan.formulation.components import Family, families
from capplan.formulation.costs import CONTRIBUTORS
from capplan.formulation.limits import budgets, gaps, targets, totals
from capplan.formulation.model import LETTERS, NUMBERS, PARAMETERS, SETS, VARIABLES, WORDS, letters_of
from capplan.formulation.people import congestion, flow
from capplan.formulation.schemes import effects, go_live, starts
from capplan.formulation.workforce import crosscover, needs, shifts, staff
from capplan.results.cost_items import NOTIONAL
from capplan.results.describe import markdown_table, metrics_section
from capplan.schema.tables import TABLES
from capplan.wording import sentence

READING_ORDER: tuple[ModuleType, ...] = (
    *(flow, units, congestion),
    *(needs, staff, shifts, crosscover),
    *(totals, targets, gaps, budgets),
    *(go_live, starts, effects, wards),
)
PREFACE = """\
# The model

One mixed-integer linear program. Everything below is printed from the code: a constraint family is one function, and
its name is the name of its rows in the solver, in shadow prices and in explanations. The names of sets, parameters and
variables are those of the class `Model` (`src/capplan/formulation/model.py`), with one index letter for one thing.

A stream is one (l, h, p); equal streams are one stream in the model, and users see every locality and hospital back.
Capacity changes at decision points only; people flow in every period.

**People in care.** `days_in_care[k,u,t]` is how many days a person who starts package `k` at some moment of period `u`
spends in care during period `t`, from the distribution of the stay. Over all `t` it adds up to `stay_days`.
"""
COUNTED = """\
### What a target counts

`achieved` is what a metric counts, `required` what the target asks for; a ratio compares its numerator with the value
times its denominator.
"""
MONEY = """\
## Money

The objective is the discounted sum of these contributors; each fills the `costs` table too.
"""


def page() -> str:
    """The model, part by part."""
    parts = [
        PREFACE.strip(),
        "## Index letters",
        markdown_table(
            ("index", "runs over"), [(f"`{one}`", text) for one, text in (LETTERS | WORDS).items()]
        ),
        "## Sets",
        markdown_table(
            ("set", "index", "what is in it"), [(f"`{n}`", f"`{s.letters}`", s.help) for n, s in SETS.items()]
        ),
        "## Parameters",
        markdown_table(("parameter", "what it is", "unit"), list(_parameters())),
        "## Variables",
        markdown_table(("variable", "what it is", "unit and domain"), list(_variables())),
    ]
    for part in READING_ORDER:
        title, _, text = (inspect.getdoc(part) or "").partition(": ")
        parts += [f"## {title}", sentence(text), *(_family(family) for family in families(part))]
        if part is targets:
            parts += [COUNTED.strip(), metrics_section()]
    parts += [MONEY.strip(), markdown_table(("item", "what it is", "somebody pays"), _contributors())]
    return "\n\n".join(parts) + "\n"


def columns_in_equations() -> dict[str, list[str]]:
    """Columns of input tables that stand in equations, each with the names of its tables."""
    # Names have an index or an underscore; other words of an equation are English.
    names = r"[A-Za-z_]\w*(?=\[)|[A-Za-z]+_\w+"
    words = {word for family in all_families() for word in re.findall(names, family.equation)}
    own = {*VARIABLES, *PARAMETERS, *NUMBERS, *SETS, *LETTERS, *WORDS}
    tables: dict[str, list[str]] = {}
    for name, table in TABLES.items():
        for column in table.columns:
            if column.name in words - own and (column.unit or "_" in column.name):
                tables.setdefault(column.name, []).append(name)
    return tables


def _parameters() -> Iterator[tuple[str, str, str]]:
    for name, one in {**PARAMETERS, **NUMBERS}.items():
        yield f"`{name}[{one.letters}]`", one.help, one.unit
    for name, tables in sorted(columns_in_equations().items()):
        column = TABLES[tables[0]].column(name)
        where = ", ".join(f"`{table}`" for table in tables)
        yield f"`{name}`", f"column of {where}: {column.help[0].lower()}{column.help[1:]}", column.unit


def _variables() -> Iterator[tuple[str, str, str]]:
    for name, one in VARIABLES.items():
        index = ",".join(letters_of(one.sets))
        yield f"`{name}[{index}]`", one.help, f"{one.unit}, {one.domain.value}".removeprefix(", ")


def _family(family: Family) -> str:
    index = ", ".join(family.sets)
    lazy = " Rows are added where a relaxation breaks them." if family.is_lazy else ""
    return (
        f"### `{family.name}`\n\n{family.sentence}\n\n```text\n{inspect.cleandoc(family.equation)}\n```\n\n"
        f"{family.reason}\n\nIndexed by {index}; a row is in {family.unit}.{lazy}"
    )


def _contributors() -> list[tuple[str, str, str]]:
    return [
        (f"`{item}`", _first_sentence(function), "no" if item in NOTIONAL else "yes")
        for item, function in CONTRIBUTORS.items()
    ]


def _first_sentence(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
