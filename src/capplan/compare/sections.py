"""A comparison in words and tables: what differs, why, who gains and who pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capplan import cells, wording
from capplan.cells import Cell, Content
from capplan.compare.comparison import Comparison
from capplan.compare.headlines import in_short, who_gains
from capplan.compare.lines import Line, Naming, lines, side_by_side
from capplan.compare.reasons import what_separates
from capplan.results.cost_items import NOTIONAL, cost_item
from capplan.sections import Section

MANY = 24
TOTALS = ("cost_paid", "cost_notional", "cost")
NEXT_TO_NOTHING = 0.005
"""A smaller shortfall of people, days or pounds would be shown as 0."""
COUNTED = {"starts": "start", "unmet": "go without", "waiting_at_end": "wait at the end"}


def sections(comparison: Comparison) -> tuple[Section, ...]:
    """The comparison in the order in which it is asked about; nothing is said where nothing is known."""
    naming = Naming.of(comparison)
    all_sections = (
        in_short(comparison),
        what_separates(comparison),
        _targets(comparison, naming),
        _costs(comparison),
        *who_gains(comparison, naming),
        _capacity(comparison, naming),
        _capacity_by_place(comparison, naming),
        _people(comparison, naming),
        _occupancy(comparison, naming),
        _programme(comparison, naming),
    )
    return tuple(section for section in all_sections if section is not None)


def _targets(comparison: Comparison, naming: Naming) -> Section | None:
    """Imposed targets that a plan misses, then those in which the plans differ."""
    is_met = {(line.key, line.where): line.values for line in lines(comparison, "target_is_met")}
    achieved = [line for line in lines(comparison, "target_achieved") if (line.key, line.where) in is_met]
    if not achieved:
        return None
    required = {(line.key, line.where): line for line in lines(comparison, "target_required")}
    shortfalls = {(line.key, line.where): line for line in lines(comparison, "target_shortfall")}

    def is_missed(line: Line) -> bool:
        return 0.0 in is_met[line.key, line.where]

    def cell(line: Line, n: int) -> Cell:
        missed = is_met[line.key, line.where][n] == 0
        return cells.with_note(
            line.amount(n),
            *((", short by ", _shortfall(shortfalls[line.key, line.where], n)) if missed else ()),
        )

    def labels(line: Line) -> tuple[Content, ...]:
        return naming.target(line.key), naming.scope(line.where), _required(required[line.key, line.where])

    shown = [line for line in achieved if is_missed(line)]
    shown += [line for line in achieved if not is_missed(line) and not line.is_same]
    rest = len(achieved) - len(shown)
    met = wording.count(rest, "other imposed target is", "other imposed targets are")
    line_on_rest = (f"{met} met in every run, with the same numbers.",) if rest else ()
    headings = ("target", "where", "asked")
    return Section("Targets", line_on_rest, side_by_side(comparison, shown, headings, labels, MANY, cell))


def _shortfall(line: Line, n: int) -> Content:
    if line.values[n] < NEXT_TO_NOTHING and line.unit != "share":
        return "next to nothing"
    if line.unit == "people":
        return cells.counted(line.values[n], "person", "people")
    return line.amount(n) if line.unit in ("£", "share") else cells.with_note(line.amount(n), f" {line.unit}")


def _required(line: Line) -> Cell:
    """What the plans ask, each amount once."""
    amounts = cells.told_apart(*filter(None, map(line.amount, range(len(line.values)))))
    return cells.word(wording.listed(list(dict.fromkeys(amounts)), 3, "; "))


def _costs(comparison: Comparison) -> Section:
    """Items, the dearest first; what is paid in all, what nobody pays, and everything together."""
    items = [line for line in lines(comparison, "cost_by_item") if not line.is_nothing]
    items.sort(key=lambda line: -max(abs(value) for value in line.values))
    totals = [line for line in lines(comparison, *TOTALS) if not line.is_nothing]
    funded = {item for run in comparison.runs for item in run.solved.instance.table("funding")["item"]}
    notional = "notional" if funded & NOTIONAL else "nobody pays"
    words = {"cost_paid": "paid in all", "cost_notional": notional, "cost": "in all, discounted"}
    if not any(run.solved.instance.settings.discount_rate_per_year for run in comparison.runs):
        words["cost"] = "in all"

    def labels(line: Line) -> tuple[str, ...]:
        return (words.get(line.group) or cost_item(line.key),)

    shown = [*items, *totals]
    return Section("Cost", (), side_by_side(comparison, shown, ("item",), labels, MANY))


def _capacity(comparison: Comparison, naming: Naming) -> Section | None:
    """Beds, WTE and crews in all at the end, and what is bought by the day or hour."""
    groups = ("beds_at_end", "wte_at_end", "shifts_at_end")
    bought = ("spot_bed_days", "agency_hours", "spot_care_hours")
    shown = [line for line in lines(comparison, *groups, *bought) if not (line.where or line.is_nothing)]

    def labels(line: Line) -> tuple[str, ...]:
        name = naming.resource(line.key) if line.key else line.group.replace("_", " ").rsplit(" ", 1)[0]
        return name, line.unit

    if not shown:
        return None
    table = side_by_side(comparison, shown, ("capacity at the end", ""), labels, MANY)
    return Section("Capacity", (), table)


def _capacity_by_place(comparison: Comparison, naming: Naming) -> Section | None:
    """Only places in which the plans differ."""
    every = [line for line in lines(comparison, "beds_at_end", "wte_at_end", "shifts_at_end") if line.where]
    shown = [line for line in every if not line.is_same and line.where != "all"]
    if not shown:
        return None
    same = len([line for line in every if line.is_same and not line.is_nothing])

    def labels(line: Line) -> tuple[str, ...]:
        return naming.place(line.where), naming.resource(line.key), line.unit

    line_on_rest = (f"As in {comparison.baseline.name}: {wording.count(same, 'other')}.",) if same else ()
    table = side_by_side(comparison, shown, ("where", "capacity at the end", ""), labels, MANY)
    return Section("Capacity by locality", line_on_rest, table)


def _people(comparison: Comparison, naming: Naming) -> Section | None:
    """Who starts, goes without and waits: in all, and on each pathway on which the plans differ."""
    every = [line for line in lines(comparison, "referrals", *COUNTED) if not line.where]
    shown = [line for line in every if not line.key or not line.is_same]
    shown = [line for line in shown if not line.is_nothing]

    def labels(line: Line) -> tuple[str, ...]:
        return naming.pathway(line.key) or "everybody", COUNTED.get(line.group, "are referred")

    shown.sort(key=lambda line: _first(every, line.key))
    table = side_by_side(comparison, shown, ("pathway", "people who"), labels, MANY)
    return None if table is None else Section("People", (), table)


def _first(every: Sequence[Line], key: str) -> int:
    return next(n for n, line in enumerate(every) if line.key == key)


def _occupancy(comparison: Comparison, naming: Naming) -> Section | None:
    """How full beds are, by type; and by place where the plans differ."""
    every = [line for line in lines(comparison, "occupancy", "people_queueing") if not line.is_nothing]
    shown = [line for line in every if not line.where or not line.is_same]

    def labels(line: Line) -> tuple[str, ...]:
        what = "occupancy" if line.group == "occupancy" else "people queue by chance"
        return naming.resource(line.key), naming.place(line.where) or "everywhere", what

    table = side_by_side(comparison, shown, ("beds", "where", ""), labels, MANY)
    return None if table is None else Section("How full beds are", (), table)


def _programme(comparison: Comparison, naming: Naming) -> Section | None:
    """Schemes that are live at the end, and acute wards closed, where the plans differ."""
    every = lines(comparison, "schemes_live", "wards_closed", "acute_beds_freed")
    rows = list(_programme_rows([line for line in every if not line.is_same], naming))
    if not rows:
        return None
    shown, words = [line for line, _ in rows], dict(rows)

    def cell(line: Line, n: int) -> Content:
        if line.group != "schemes_live":
            return line.amount(n)
        return {1.0: "live", 0.0: "not live"}.get(line.values[n], "")

    table = side_by_side(comparison, shown, ("at the end",), lambda line: (words[line],), MANY, cell)
    return Section("Schemes and acute wards", (), table)


def _programme_rows(shown: Sequence[Line], naming: Naming) -> Iterator[tuple[Line, str]]:
    for line in shown:
        if line.group == "schemes_live":
            where = f", {naming.place(line.where)}" if line.where else ""
            yield line, f"{naming.scheme(line.key)}{where}"
        else:
            what = "wards closed" if line.group == "wards_closed" else "acute beds freed"
            yield line, f"{what}, {naming.hospital(line.key)}"
