"""The page and picture of the architecture, drawn from the import contracts of pyproject.toml."""

from __future__ import annotations

import html
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import grimp

from capplan.results.describe import markdown_table

ROOT = Path(__file__).parents[1]
NAME = "architecture.svg"
MAKERS, READERS, GROUND, DOOR = "makers", "readers", "ground floor", "door"
COLOURS = {MAKERS: "#dbe7f3", READERS: "#e2efdf", GROUND: "#f1ece1", DOOR: "#eee7f2"}
HEADINGS = {MAKERS: "Makers: from an instance to a plan", READERS: "Readers: from a run to a page"}
WIDTH, COLUMN, LEFT, ROW, BOX, GAP = 980, 470, 16, 40, 30, 8
PAGE = """\
# Architecture

Two wings on one ground floor. *Makers* turn an instance into a plan and know the solver; *readers* turn a saved run
into a check, a comparison or a report and know none; what both share, records of tables above all, lies below. Imports
go down only, and no reader reaches a maker at any distance: `lint-imports` holds both, and this page and its picture
are drawn from the contracts in `pyproject.toml`.

![The packages of capplan, one above the other; makers on the left, readers on the right](architecture.svg)

## The packages

{packages}

## A number's way

From a row of `referrals` to a row of `costs`, with the file at each step.

{steps}

## Where to look

| you want to | look in |
| --- | --- |
| add a column or a table of the input | `src/capplan/schema/tables/` |
| add a check of an instance | `src/capplan/checks/` |
| see what the model's names mean | `src/capplan/formulation/model.py`, [formulation.md](formulation.md) |
| add a constraint family or a cost | `src/capplan/formulation/` |
| change how plans are searched for | `src/capplan/search/` |
| change how a solver is called | `src/capplan/solver/` |
| add a result table, metric or cost item | `src/capplan/results/` |
| count a result a second time | `src/capplan/verify/` |
| change a report | `src/capplan/report/` |
| know why it is so | [decisions](decisions/) |
"""
STEPS = (
    ("src/capplan/files/folder.py", "reads `referrals.csv` as text, cell by cell"),
    ("src/capplan/assemble.py", "holds the cells to the schema: units, names, dates, all mistakes at once"),
    ("src/capplan/instance.py", "keeps the row as written, and gives it as the model reads it"),
    ("src/capplan/checks/__init__.py", "asks the rules across tables"),
    ("src/capplan/demand.py", "spreads it over localities, hospitals and periods: people referred"),
    ("src/capplan/parameters/streams.py", "puts people whom nothing tells apart into one stream"),
    (
        "src/capplan/parameters/loads.py",
        "works out what a start asks for: days in care, contact and care hours",
    ),
    (
        "src/capplan/formulation/people/flow.py",
        "`waiting_balance`: who is referred starts, waits on or goes without",
    ),
    ("src/capplan/formulation/costs/people.py", "`starts`: start_gbp × starts, a term of the objective"),
    ("src/capplan/solver/compiled.py", "the model as arrays"),
    ("src/capplan/search/find_plan.py", "relaxes, dives, lets HiGHS search"),
    ("src/capplan/solver/highs/session.py", "hands the arrays to HiGHS and takes the values back"),
    ("src/capplan/plan/people.py", "splits the starts of a stream over its localities and hospitals"),
    ("src/capplan/plan/costs.py", "books the term on item, key, locality, site and period"),
    ("src/capplan/results/tables.py", "`COSTS` states the columns; `COSTS.frame` refuses any other"),
    ("src/capplan/runs/writing.py", "writes `costs.csv`"),
    ("src/capplan/verify/money/cost_items.py", "counts it again from the run's own tables"),
    ("src/capplan/report/page.py", "tells it"),
)
"""A number's way: file, and what happens there."""


def page() -> str:
    """The page, with packages and steps."""
    steps = "\n".join(f"{n}. `{file}`: {text}." for n, (file, text) in enumerate(STEPS, start=1))
    rows = [(f"`{name}`", wing_of(name), _first_line(name)) for layer in layers() for name in layer]
    return PAGE.format(packages=markdown_table(("package", "wing", "what it is"), rows), steps=steps)


@cache
def _contracts() -> dict[str, dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


@cache
def layers() -> tuple[tuple[str, ...], ...]:
    """The packages and modules of each floor, topmost first."""
    floors = _contracts()["Floors"]["layers"]
    assert isinstance(floors, list)
    named = (tuple(part.strip(" ()") for part in floor.split(":")) for floor in floors)
    return tuple(
        tuple(name for name in floor if _exists(name)) for floor in named if any(map(_exists, floor))
    )


def _exists(name: str) -> bool:
    package = ROOT / "src" / "capplan" / name
    return package.is_dir() or package.with_suffix(".py").is_file()


@cache
def wing_of(name: str) -> str:
    """Readers are those that the contract names; makers what they may not load, and what loads that."""
    contract = _contracts()["Readers load no makers"]
    sources, forbidden = contract["source_modules"], contract["forbidden_modules"]
    assert isinstance(sources, list)
    assert isinstance(forbidden, list)
    module = f"capplan.{name}"
    if module in sources:
        return READERS
    if name == "cli":
        return DOOR
    making = {"capplan.modelling", *(one for one in forbidden if one.startswith("capplan"))}
    upstream = _graph().find_upstream_modules(module, as_package=_is_package(name))
    packages = {".".join(one.split(".")[:2]) for one in (module, *upstream)}
    return MAKERS if packages & making else GROUND


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("capplan", cache_dir=None)


def _is_package(name: str) -> bool:
    return (ROOT / "src" / "capplan" / name).is_dir()


def _first_line(name: str) -> str:
    return (import_module(f"capplan.{name}").__doc__ or "").split("\n")[0]


def picture() -> str:
    """The picture as SVG: one row a floor; makers left, readers right, what both stand on across."""
    height = ROW * len(layers()) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        'font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
    ]
    for wing, x in ((MAKERS, LEFT), (READERS, LEFT + COLUMN + GAP)):
        parts.append(f'<text x="{x}" y="24" font-size="15" fill="#333">{HEADINGS[wing]}</text>')
    for n, floor in enumerate(layers()):
        parts += _boxes(floor, 40 + n * ROW)
    return "\n".join([*parts, "</svg>", ""])


def _boxes(floor: Sequence[str], y: int) -> list[str]:
    """The boxes of one floor: makers left, the others right; across where there is nobody on the other side."""
    left = [name for name in floor if wing_of(name) == MAKERS]
    right = [name for name in floor if name not in left]
    is_across = not left and not any(wing_of(name) == READERS for name in right)
    if is_across:
        return _side_by_side(right, LEFT, 2 * COLUMN + GAP, y)
    return _side_by_side(left, LEFT, COLUMN, y) + _side_by_side(right, LEFT + COLUMN + GAP, COLUMN, y)


def _side_by_side(names: Sequence[str], x: float, width: float, y: int) -> list[str]:
    drawn: list[str] = []
    each = (width - GAP * (len(names) - 1)) / max(len(names), 1)
    for n, name in enumerate(names):
        drawn += _box(x + n * (each + GAP), y, each, name, COLOURS[wing_of(name)])
    return drawn


def _box(x: float, y: float, width: float, name: str, colour: str) -> list[str]:
    return [
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{BOX}" rx="4" fill="{colour}" stroke="#9a9a9a"/>',
        f'<text x="{x + width / 2:.0f}" y="{y + 20:.0f}" text-anchor="middle" fill="#222">{html.escape(name)}</text>',
    ]
