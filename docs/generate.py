"""Write the generated pages of the docs; with --check only say which are not up to date."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from capplan.cli import cli
from capplan.compare import targets
from capplan.compare.differences import differences
from capplan.compare.measures import GROUPS
from capplan.results.describe import items_section, markdown_table, metrics_section, tables_section
from capplan.results.tables import ANSWERS
from capplan.schema.describe import tables_page
from docs import architecture_page, congestion_page, congestion_picture, formulation_page, workbook_page
from docs.places import overview
from docs.places.known import PLACES
from docs.places.page import complaint, page

DOCS = Path(__file__).parent
WIDTH = 100
NOTE = "<!-- Written by docs/generate.py (make docs): edit what it reads, not this page. -->"

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
    drawing = DOCS / architecture_page.NAME
    is_drawing_stale = (
        not drawing.is_file() or drawing.read_text(encoding="utf-8") != architecture_page.picture()
    )
    if "--check" in sys.argv[1:]:
        for name in stale:
            print(f"docs/{name} is not up to date: run make docs", file=sys.stderr)
        complaints = [text for text in map(complaint, PLACES.values()) if text]
        for text in complaints:
            print(text, file=sys.stderr)
        if is_picture_stale:
            print(f"docs/{picture.name} is not up to date: run make docs", file=sys.stderr)
        if is_drawing_stale:
            print(f"docs/{drawing.name} is not up to date: run make docs", file=sys.stderr)
        return 1 if stale or complaints or is_picture_stale or is_drawing_stale else 0
    for name in stale:
        (DOCS / name).write_text(_with_note(PAGES[name]()), encoding="utf-8")
        print(f"docs/{name} written")
    if is_drawing_stale:
        drawing.write_text(architecture_page.picture(), encoding="utf-8")
        print(f"docs/{drawing.name} drawn")
    if is_picture_stale:
        congestion_picture.draw(picture)
        print(f"docs/{picture.name} drawn")
    return 0


def results_page() -> str:
    """The result tables, cost items and metrics, from their records."""
    parts = [RESULTS_PREFACE.strip(), tables_section(), ANSWERS_PREFACE.strip(), tables_section(ANSWERS)]
    parts += ["## Cost items", ITEMS_PREFACE.strip(), items_section()]
    parts += ["## Metrics", METRICS_PREFACE.strip(), metrics_section()]
    parts += ["## What `capplan compare` writes", inspect.getdoc(differences) or ""]
    parts.append(markdown_table(("group", "from table", "unit"), _measures()))
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


def _with_note(text: str) -> str:
    return f"{NOTE}\n\n{text}"


def _is_current(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == _with_note(text)


PAGES: dict[str, Callable[[], str]] = {
    "tables.md": tables_page,
    "architecture.md": architecture_page.page,
    "formulation.md": formulation_page.page,
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
