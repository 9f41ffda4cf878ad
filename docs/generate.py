"""Write the generated pages of the docs; with --check only say which are not up to date."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from capplan.cli import cli
from capplan.compare import targets
from capplan.compare.differences import differences
from capplan.compare.measures import GROUPS
from capplan.formulation.costs import CONTRIBUTORS
from capplan.formulation.family import Family, families
from capplan.formulation.model import PARTS
from capplan.results.cost_items import NOTIONAL
from capplan.results.describe import items_section, metrics_section, tables_section
from capplan.results.tables import ANSWERS
from capplan.schema.describe import tables_page
from capplan.wording import sentence
from docs import congestion_page, congestion_picture, workbook_page
from docs.places import overview
from docs.places.known import PLACES
from docs.places.page import complaint, page

DOCS = Path(__file__).parent
WIDTH = 100
NOTE = "<!-- Written by docs/generate.py (make docs): edit what it reads, not this page. -->"

VARIABLES = (
    ("`starts[l,h,p,m,s,t]`", "people who start a package; s is empty at home", "people ≥ 0"),
    (
        "`waiting[l,h,p,t]`, `unmet[l,h,p,t]`",
        "people waiting at the end of a period; who never start",
        "people ≥ 0",
    ),
    ("`starts_at[s,m,t]`, `starts_home[z,m,t]`", "starts at a site, or at home in a zone z", "people ≥ 0"),
    (
        "`starts_so_far[l,p,m,r,t]`",
        "starts of an eligibility row with a share_max, from the beginning",
        "people ≥ 0",
    ),
    ("`people_days[s,b,t]`", "person-days in the beds of a unit", "bed days ≥ 0"),
    ("`beds_open[s,b,e]`", "beds open from a decision point to the next", "beds, whole"),
    ("`beds_opened[s,b,e]`, `beds_closed[s,b,e]`", "beds that open and close there", "beds ≥ 0"),
    ("`beds_converted[s,b,b',e]`", "beds that change their type", "beds ≥ 0"),
    ("`bed_steps[s,b,e]`", "steps of beds, where they open and close in steps", "whole"),
    (
        "`site_is_open[s,e]`, `unit_is_open[s,b,e]`",
        "where a building costs, or a unit has a smallest size",
        "0 or 1",
    ),
    (
        "`queue_by_chance[list,b,t]`",
        "people who queue because beds are full by chance, beyond those who wait anyway",
        "people ≥ 0",
    ),
    (
        "`list_is_open[list,b,e]`",
        "whether any bed of a list is open (a unit's own binary if it has one)",
        "0 or 1",
    ),
    (
        "`waiting_shared[g,list,b,t]`",
        "who of a group that may start on several lists counts as waiting for each",
        "people ≥ 0",
    ),
    ("`spot_beds[s,b,t]`", "beds bought for one person at a time", "beds ≥ 0"),
    ("`wte[l,r,t]`", "WTE in post", "WTE ≥ 0"),
    (
        "`wte_hired[l,r,e]`, `wte_left[l,r,e]`",
        "recruits decided on (whole or in steps), WTE released",
        "WTE ≥ 0",
    ),
    ("`hire_steps[l,r,e]`", "steps of recruits", "whole"),
    ("`agency_hours[l,r,t]`", "contact hours of agency staff", "hours ≥ 0"),
    ("`hours_needed[l,r,t]`, `care_hours_needed[l,k,t]`", "hours asked of a team or crew", "hours ≥ 0"),
    ("`starts_served[g,t]`", "starts with one package that a team or crew serves", "people ≥ 0"),
    ("`shifts_on_duty[l,k,e]`", "crews on duty", "crews, whole"),
    ("`shifts_added[l,k,e]`, `shifts_dropped[l,k,e]`", "changes of them", "crews ≥ 0"),
    ("`spot_care_hours[l,k,t]`", "care hours bought for one person at a time", "hours ≥ 0"),
    ("`hours_lent[resource,l,l',t]`", "hours that a team gives to another", "hours ≥ 0"),
    ("`go_live[j,l,e]`", "a scheme goes live, in a locality or everywhere (l is empty)", "0 or 1"),
    ("`joint_state[g,q,t]`", "the states of several schemes that meet in a period", "0 or 1 by their links"),
    (
        "`unmet_in_state[l,h,p,t,q]`",
        "who goes without, by the state of the schemes that change what that costs",
        "people ≥ 0",
    ),
    (
        "`target_shortfall[g,scope,window]`",
        "by how much a target is missed, where it may be",
        "people, days, £ ≥ 0",
    ),
    ("`transferred_gbp[q,f,y]`", "what a funder receives from a pool in a year; negative: gives", "£"),
    ("`highest_share[g]`, `lowest_share[g]`", "served shares of the best and worst served", "share ≥ 0"),
    (
        "`share_if_live[highest,g,j,l,e]`",
        "that share if a scheme goes live there and then, else 0",
        "share ≥ 0",
    ),
    (
        "`bed_days_freed[x,t]`",
        "acute bed days freed beyond the baselines; below them negative",
        "bed days",
    ),
    (
        "`wards_closed[x,e]`, `any_ward_closed[x,e]`",
        "acute wards closed so far, and whether any is",
        "wards, whole; 0 or 1",
    ),
)
"""The decision variables for the page on the formulation: name and index, meaning, unit and domain."""

PREFACE = """\
# The model

One mixed-integer linear program. Everything below is printed from the code: a constraint family is one function, and
its name is the name of its rows in the solver, in shadow prices and in explanations.

Index letters: `l` locality, `h` hospital, `s` site, `b` bed type, `r` role, `k` shift type, `p` pathway, `m` package,
`t` period, `e` decision point (`e(t)` is the last one at or before `t`), `g` target, `j` scheme, `x` hospital or
sub-region with acute wards, `f` funder, `q` pool, `y` financial year. A stream is one (l, h, p); equal streams are one
stream in the model, and users see every locality and hospital back. Capacity changes at decision points only; people
flow in every period.

**People in care.** `days_in_care[m,u,t]` is how many days a person who starts package `m` at some moment of period `u`
spends in care during period `t`, from the distribution of the stay. Over all `t` it adds up to `stay_days`.

## Variables
"""

RESULTS_PREFACE = """\
# Result tables

A run folder holds `run.json` (what was asked, with which versions, what came out: why the solver stopped, objective,
bound, gap, seconds), `instance/` (what was solved, after overrides) and one CSV file for each table below; `today/` has
the same tables for today's capacity, where that gives a plan. Two solves of one instance with the same options give
byte-identical tables. `capplan check RUN` counts them again. `answers/` has what was asked of the run afterwards:
`one_more.csv` (`capplan explain RUN`, `capplan report RUN`) and `assumptions.csv` (`capplan report RUN --solve-again
N`).

Text cells hold the keys of the instance and are empty where there is nothing to name. A period is the ISO date of its
first day. Numbers are written in full: rounding is for people, and done where something is printed.

Below, *empty* says that a cell may be empty, *counted by* which rule of the checker (`capplan check RUN`) counts a
number again, or holds a text against the instance; of what names a row, which rules say which rows there are.
`capplan schema NAME` prints one table.
"""


ANSWERS_PREFACE = """\
# Answers

Tables of `answers/`.
"""

ITEMS_PREFACE = """\
What a row of `costs` may be for. Cash is what somebody pays; notional is what it is worth that people wait or go
without, or that a target is missed.
"""

METRICS_PREFACE = """\
What a target may count (`targets.metric`). A ratio compares its numerator with the value times its denominator.
"""


def main() -> int:
    """Writes the pages, or compares them; returns the exit code."""
    stale = [name for name, written in PAGES.items() if not _is_current(DOCS / name, written())]
    picture = DOCS / congestion_picture.NAME
    is_picture_stale = not congestion_picture.is_current(picture)
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"docs/{name} is not up to date: run make docs", file=sys.stderr)
        complaints = [text for text in map(complaint, PLACES.values()) if text]
        for text in complaints:
            print(text, file=sys.stderr)
        if is_picture_stale:
            print(f"docs/{picture.name} is not up to date: run make docs", file=sys.stderr)
        return 1 if stale or complaints or is_picture_stale else 0
    for name in stale:
        (DOCS / name).write_text(_with_note(PAGES[name]()), encoding="utf-8")
        print(f"docs/{name} written")
    if is_picture_stale:
        congestion_picture.draw(picture)
        print(f"docs/{picture.name} drawn")
    return 0


def formulation_page() -> str:
    """The model, part by part."""
    parts = [PREFACE.strip(), _table(("variable", "what it is", "unit and domain"), VARIABLES)]
    for part in PARTS:
        title = _title(part.__name__)
        parts += [f"## {title}", sentence((inspect.getdoc(part) or "").removeprefix(f"{title}: "))]
        parts += [_family(family) for family in families(part)]
    parts += [
        "## Money",
        "The objective is the discounted sum of these contributors; each fills the `costs` table too.",
    ]
    parts.append(_table(("item", "what it is", "somebody pays"), _contributors()))
    return "\n\n".join(parts) + "\n"


def results_page() -> str:
    """The result tables, cost items and metrics, from their records."""
    parts = [RESULTS_PREFACE.strip(), tables_section(), ANSWERS_PREFACE.strip(), tables_section(ANSWERS)]
    parts += ["## Cost items", ITEMS_PREFACE.strip(), items_section()]
    parts += ["## Metrics", METRICS_PREFACE.strip(), metrics_section()]
    parts += ["## What `capplan compare` writes", inspect.getdoc(differences) or ""]
    parts.append(_table(("group", "from table", "unit"), _measures()))
    return "\n\n".join(parts) + "\n"


def _measures() -> list[tuple[str, str, str]]:
    own = [(f"`{name}`", "targets", "targets") for name in targets.COUNTED]
    own += [(f"`{name}`", "targets", unit) for name, unit in targets.MEASURED.items()]
    return own + [(f"`{group.name}`", f"{group.table}", group.unit) for group in GROUPS]


def cli_page() -> str:
    """The help of every command."""
    parts = ["# Command line", "Every command and option, as `capplan COMMAND --help` prints it."]
    parts += [f"## `{path}`\n\n```text\n{text}\n```" for path, text in _helps()]
    return "\n\n".join(parts) + "\n"


def _helps() -> Iterator[tuple[str, str]]:
    root = click.Context(cli, info_name="capplan", terminal_width=WIDTH, help_option_names=["-h", "--help"])
    yield "capplan", cli.get_help(root)
    for name in cli.list_commands(root):
        command = cli.get_command(root, name)
        if command is not None:
            context = click.Context(command, info_name=name, parent=root, terminal_width=WIDTH)
            yield f"capplan {name}", command.get_help(context)


def _family(family: Family) -> str:
    index = ", ".join(family.sets)
    lazy = " Rows are added where a relaxation breaks them." if family.is_lazy else ""
    return (
        f"### `{family.name}`\n\n{family.sentence}\n\n```text\n{inspect.cleandoc(family.equation)}\n```\n\n"
        f"{family.reason}\n\nIndexed by {index}; a row is in {family.unit}.{lazy}"
    )


def _contributors() -> list[tuple[str, str, str]]:
    return [
        (
            f"`{item}`",
            _first_sentence(function),
            "no" if item in NOTIONAL else "yes",
        )
        for item, function in CONTRIBUTORS.items()
    ]


def _first_sentence(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")


def _title(module: str) -> str:
    titles = {
        "crosscover": "Cross-cover",
        "scheme_effects": "Schemes at work",
        "acute": "Acute wards",
        "scheme_starts": "Scheme starts",
    }
    name = module.rsplit(".", 1)[-1]
    return titles.get(name, sentence(name))


def _table(headings: tuple[str, ...], rows: Any) -> str:
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _with_note(text: str) -> str:
    return f"{NOTE}\n\n{text}"


def _is_current(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == _with_note(text)


PAGES: dict[str, Callable[[], str]] = {
    "tables.md": tables_page,
    "formulation.md": formulation_page,
    "results.md": results_page,
    "cli.md": cli_page,
    "congestion.md": congestion_page.page,
    "workbook.md": workbook_page.page,
    "places.md": overview.page,
    **{f"{name}.md": partial(page, place) for name, place in PLACES.items()},
}
"""Every generated page, by the name of its file."""

if __name__ == "__main__":
    sys.exit(main())
