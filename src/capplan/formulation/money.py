"""Money: every cost contributor is one function that fills both the objective and the `costs` table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyomo.environ as pyo

from capplan.formulation.acute import released
from capplan.formulation.family import weighted_sum
from capplan.formulation.loads import Load
from capplan.formulation.options import AT_HOME
from capplan.formulation.scheme_effects import unmet_price
from capplan.formulation.schemes import live, scaled
from capplan.formulation.target_rows import TargetRow
from capplan.funding import Funding, Shares


class Term(NamedTuple):
    """A cost in period t: Σ £ · variable + constant, and whom the `costs` table books it on.

    Where `shared_by` names a stream or a home-care zone with a stage of care, the table splits the amount over the
    localities that are in it, in proportion to `shared_as` (starts, unmet, waiting_before, waiting; caseload,
    onward_starts).
    """

    key: str
    provider: str
    locality: str
    site: str
    t: int
    gbp: tuple[tuple[float, Any], ...]
    constant: float = 0.0
    shared_by: tuple[str, ...] = ()
    shared_as: str = ""


Contributor = Callable[[Any], Iterator[Term]]
OF_STAGE = frozenset({"caseload", "onward_starts"})
"""Ways to share a cost out over the localities of a zone: by people in a stage of care, or who come to it."""


def _price(row: Any, name: str, m: Any, t: int) -> float:
    """Price of a bed for the days of a period: by the day, or by months where it is a monthly or yearly price."""
    a_month, a_year = row[name.replace("day", "month")], row[name.replace("day", "year")]
    for price, multiple in ((row[name], m.days[t]), (a_month, m.months[t]), (a_year, m.months[t] / 12)):
        if not np.isnan(price):
            return float(price * multiple)
    return 0.0


def beds(m: Any) -> Iterator[Term]:
    """Open beds, used or not: bed_day_gbp × days × beds_open, by bed type."""
    for (s, b), unit in m.data.units.items():
        for t in m.PERIODS:
            gbp = _price(unit.row, "bed_day_gbp", m, t) * float(unit.available[t])
            yield Term(b, unit.provider, unit.locality, s, t, ((gbp, m.beds_open[s, b, m.epoch[t]]),))


def sites(m: Any) -> Iterator[Term]:
    """Buildings while any bed is open: open_gbp_per_month × months × site_is_open."""
    for s in m.SWITCHED_SITES:
        site = m.data.sites[s]
        for t in m.PERIODS:
            gbp = float(site["open_gbp_per_month"] * m.months[t])
            provider = m.data.units[m.units_at[s][0]].provider
            yield Term(s, provider, site["locality"], s, t, ((gbp, m.site_is_open[s, m.epoch[t]]),))


def openings(m: Any) -> Iterator[Term]:
    """Beds that open: opening_gbp_per_bed × beds_opened."""
    for (s, b), unit in m.data.units.items():
        for e in m.DECISIONS:
            pair = (float(unit.row["opening_gbp_per_bed"]), m.beds_opened[s, b, e])
            yield Term(b, unit.provider, unit.locality, s, e, (pair,))


def closings(m: Any) -> Iterator[Term]:
    """Beds that close: closing_gbp_per_bed × beds_closed."""
    for (s, b), unit in m.data.units.items():
        for e in m.DECISIONS:
            pair = (float(unit.row["closing_gbp_per_bed"]), m.beds_closed[s, b, e])
            yield Term(b, unit.provider, unit.locality, s, e, (pair,))


def conversions(m: Any) -> Iterator[Term]:
    """Beds that change their type: convert_gbp_per_bed × beds_converted, by the type they become."""
    for s, b, c in m.CONVERSIONS:
        unit = m.data.units[s, c]
        gbp = float(m.conversion[s, b, c]["convert_gbp_per_bed"])
        for e in m.DECISIONS:
            yield Term(c, unit.provider, unit.locality, s, e, ((gbp, m.beds_converted[s, b, c, e]),))


def changes(m: Any) -> Iterator[Term]:
    """What it takes to open or close one bed, post or shift: change_gbp × everything that changes."""
    gbp = float(m.data.instance.settings.change_gbp)
    for e in m.DECISIONS:
        for (s, b), unit in m.data.units.items():
            changed = [m.beds_opened[s, b, e], m.beds_closed[s, b, e]]
            changed += [m.beds_converted[*c, e] for c in m.converted_in[s, b]]
            yield Term(b, unit.provider, unit.locality, s, e, tuple((gbp, v) for v in changed))
        for l, r in m.STAFFED:
            pairs = ((gbp, m.wte_hired[l, r, e]), (gbp, m.wte_left[l, r, e]))
            yield Term(r, m.data.teams[l, r].provider, l, "", e, pairs)
        for l, k in m.ON_DUTY:
            pairs = ((gbp, m.shifts_added[l, k, e]), (gbp, m.shifts_dropped[l, k, e]))
            yield Term(k, m.data.crews[l, k].provider, l, "", e, pairs)


def staff(m: Any) -> Iterator[Term]:
    """Posts: wte_month_gbp × months × wte, by role."""
    for l, r in m.STAFFED:
        team = m.data.teams[l, r]
        for t in m.PERIODS:
            gbp = float(np.nan_to_num(team.row["wte_month_gbp"]) * m.months[t] * team.available[t])
            yield Term(r, team.provider, l, "", t, ((gbp, m.wte[l, r, t]),))


def hiring(m: Any) -> Iterator[Term]:
    """Recruits: hiring_gbp_per_wte × wte_hired, in the period of the decision."""
    for l, r in m.STAFFED:
        team = m.data.teams[l, r]
        for e in m.DECISIONS:
            pair = (float(team.row["hiring_gbp_per_wte"]), m.wte_hired[l, r, e])
            yield Term(r, team.provider, l, "", e, (pair,))


def agency(m: Any) -> Iterator[Term]:
    """Agency staff: agency_hour_gbp × agency_hours."""
    for l, r in m.WITH_AGENCY:
        team = m.data.teams[l, r]
        for t in m.PERIODS:
            pair = (float(team.row["agency_hour_gbp"]), m.agency_hours[l, r, t])
            yield Term(r, team.provider, l, "", t, (pair,))


def shifts(m: Any) -> Iterator[Term]:
    """Crews on duty: shift_gbp × duty days × shifts_on_duty, by shift type."""
    for l, k in m.ON_DUTY:
        crew = m.data.crews[l, k]
        by_hour = crew.row["shift_hour_gbp"] * m.shift_type[k]["hours"]
        price = crew.row["shift_gbp"] if not np.isnan(crew.row["shift_gbp"]) else np.nan_to_num(by_hour)
        for t in m.PERIODS:
            gbp = float(price * m.duty_days[k][t] * crew.available[t])
            yield Term(k, crew.provider, l, "", t, ((gbp, m.shifts_on_duty[l, k, m.epoch[t]]),))


def spot(m: Any) -> Iterator[Term]:
    """Beds and care hours bought for one person: spot price × spot_beds × days, spot_care_hours."""
    for s, b in m.SPOT_UNITS:
        unit = m.data.units[s, b]
        for t in m.PERIODS:
            gbp = _price(unit.row, "spot_bed_day_gbp", m, t)
            yield Term(b, unit.provider, unit.locality, s, t, ((gbp, m.spot_beds[s, b, t]),))
    for l, k in m.WITH_SPOT_CARE:
        crew = m.data.crews[l, k]
        for t in m.PERIODS:
            pair = (float(crew.row["spot_care_hour_gbp"]), m.spot_care_hours[l, k, t])
            yield Term(k, crew.provider, l, "", t, (pair,))


def _per_start(m: Any, price: Callable[[Any, Any], float]) -> Iterator[Term]:
    """A price on every start, by pathway and the site's provider; `price(stream, option)` in £."""
    for stream in m.data.streams:
        for o in stream.options:
            gbp = price(stream, o)
            if gbp == 0:
                continue
            provider = "" if o.site == AT_HOME else m.data.units[m.units_at[o.site][0]].provider
            start = *stream.key, o.package, o.site
            for t in m.PERIODS:
                pair = (gbp, m.starts[*start, t])
                package = m.data.stages[o.package].package
                yield Term(package, provider, "", o.site, t, (pair,), 0.0, stream.key, "starts")


def starts(m: Any) -> Iterator[Term]:
    """People who start: start_gbp × starts, by package, those who go on to the next included; negative: a contribution."""
    yield from _per_start(m, lambda _, o: float(m.data.packages[o.package]["start_gbp"]))
    for k, load in m.data.onward_starts.items():
        yield from _in_stage(m, k, float(m.data.packages[k]["start_gbp"]), load, "onward_starts")


def care_days(m: Any) -> Iterator[Term]:
    """Days in care: care_day_gbp × person-days, by package, people from before the start included."""
    for k, row in m.data.packages.items():
        yield from _in_stage(m, k, float(row["care_day_gbp"]), m.data.bed_days_per_start[k], "caseload")


def _in_stage(m: Any, k: str, gbp: float, load: Load, shared_as: str) -> Iterator[Term]:
    """A price on what people in a stage of care come to (days, starts), people from before the start included."""
    if gbp == 0:
        return
    row = m.data.packages[k]
    for s in [site for site, stage in m.SITE_PACKAGES if stage == k]:
        unit = m.data.units[s, row["bed_type"]]
        for t in m.PERIODS:
            pairs = tuple((gbp * amount, m.starts_at[s, k, u]) for u, amount in load.column[t])
            yield Term(row["package"], unit.provider, unit.locality, s, t, pairs)
    for z in [zone for zone, stage in m.HOME_PACKAGES if stage == k]:
        for t in m.PERIODS:
            pairs = tuple((gbp * amount, m.starts_home[z, k, u]) for u, amount in load.column[t])
            yield Term(row["package"], "", "", "", t, pairs, 0.0, (z, k), shared_as)
    yield from _of_census(m, k, gbp * load.per_census)


def _of_census(m: Any, stage: str, gbp: np.ndarray) -> Iterator[Term]:
    row = m.data.packages[stage]
    for (locality, site, k), people in m.data.census.items():
        if k == stage:
            unit = m.data.units[site, row["bed_type"]] if site else None
            provider, place = (unit.provider, unit.locality) if unit else ("", locality)
            for t in m.PERIODS:
                yield Term(row["package"], provider, place, site, t, (), float(people * gbp[t]))


def travel(m: Any) -> Iterator[Term]:
    """Journeys to beds: travel_gbp_per_minute × minutes × starts."""
    price = m.data.instance.settings.travel_gbp_per_minute
    yield from _per_start(m, lambda _, o: float(price * o.minutes))


def failures(m: Any) -> Iterator[Term]:
    """People for whom it did not work out: failure_gbp × (1 − success) × starts."""
    yield from _per_start(m, lambda _, o: float(o.failure_gbp * (1 - o.success)))


def successes(m: Any) -> Iterator[Term]:
    """Payment by results: success_gbp × success × starts."""
    yield from _per_start(m, lambda _, o: float(o.success_gbp * o.success))


def schemes(m: Any) -> Iterator[Term]:
    """Schemes: one_off_gbp × go_live, and month_gbp × months while live, in each locality where they go live."""
    for key, rollout in m.rollout.items():
        one_off, month = float(rollout.row["one_off_gbp"]), float(rollout.row["month_gbp"])
        provider = rollout.row["provider"]
        booked = rollout.scheme, "" if pd.isna(provider) else str(provider), rollout.locality, ""
        for t in m.PERIODS:
            pairs, constant = scaled(live(m, key, t), month * float(m.months[t]))
            if t in rollout.points:
                pairs.append((one_off, m.go_live[*key, t]))
            yield Term(*booked, t, tuple(pairs), constant)


def waiting(m: Any) -> Iterator[Term]:
    """People who wait: delay_day_gbp × days × the mean of those waiting at the beginning and the end."""
    for stream in m.data.streams:
        gbp = float(m.data.pathways[stream.pathway]["delay_day_gbp"])
        if gbp == 0 or np.isinf(gbp):
            continue
        for t in m.PERIODS:
            half = gbp * float(m.days[t]) / 2
            now = ((half, m.waiting[*stream.key, t]),)
            yield Term(stream.pathway, "", "", "", t, now, 0.0, stream.key, "waiting")
            before = ((half, m.waiting[*stream.key, t - 1]),) if t > 0 else ()
            constant = half * stream.waiting if t == 0 else 0.0
            yield Term(stream.pathway, "", "", "", t, before, constant, stream.key, "waiting_before")


def queueing(m: Any) -> Iterator[Term]:
    """People who queue because beds are full by chance: queue_day_gbp × days × queue_by_chance, by bed type.

    Booked at the site of a unit that has a list of its own, and nowhere in particular where units share one.
    """
    for key in m.PRICED_LISTS:
        one = m.bed_list[key]
        unit = m.data.units[one.units[0]]
        alone = len(one.units) == 1
        provider, locality, site = (unit.provider, unit.locality, unit.site) if alone else ("", "", "")
        for t in m.PERIODS:
            pair = (float(one.queue_day_gbp * m.days[t]), m.queue_by_chance[*key, t])
            yield Term(one.bed_type, provider, locality, site, t, (pair,))


def unmet(m: Any) -> Iterator[Term]:
    """People who never start: unmet_gbp × (unmet + refused_per_start × starts), and × those still waiting at the end.

    Where nobody may go without, whoever waits at the end costs delay_day_gbp × wait_days_max, or nothing where
    that is empty. Where schemes change unmet_gbp, each of their states has its own people and its own price.
    """
    for stream in m.data.streams:
        if stream.key in m.unmet_touch:
            yield from _unmet_in_states(m, stream)
            continue
        pathway = m.data.pathways[stream.pathway]
        gbp = float(pathway["unmet_gbp"])
        end = np.nan_to_num(pathway["delay_day_gbp"] * pathway["wait_days_max"]) if np.isinf(gbp) else gbp
        if not np.isinf(gbp) and gbp > 0:
            for t in m.PERIODS:
                refused = (
                    (gbp * odds, m.starts[*stream.key, o.package, o.site, t])
                    for o in stream.options
                    if (odds := m.data.refused_per_start[o.package])
                )
                pairs = ((gbp, m.unmet[*stream.key, t]), *refused)
                yield Term(stream.pathway, "", "", "", t, pairs, 0.0, stream.key, "unmet")
        if 0 < end < np.inf:
            last = m.PERIODS[-1]
            pair = (float(end), m.waiting[*stream.key, last])
            yield Term(stream.pathway, "", "", "", last, (pair,), 0.0, stream.key, "waiting")


def _unmet_in_states(m: Any, stream: Any) -> Iterator[Term]:
    booked = stream.pathway, "", "", ""
    prices = [unmet_price(m, stream.key, q) for q in range(len(m.unmet_states[stream.key]))]
    for t in m.PERIODS:
        pairs = tuple((gbp, m.unmet_in_state[*stream.key, t, q]) for q, gbp in enumerate(prices))
        yield Term(*booked, t, pairs, 0.0, stream.key, "unmet")
    last = tuple((gbp, m.unmet_in_state[*stream.key, m.the_end, q]) for q, gbp in enumerate(prices))
    yield Term(*booked, m.PERIODS[-1], last, 0.0, stream.key, "waiting")


def shortfall(m: Any) -> Iterator[Term]:
    """Targets that are missed: shortfall_gbp × target_shortfall, in the last period of the window."""
    for key in m.target_shortfall:
        row = m.target[key]
        gbp = 0.0 if np.isnan(row.shortfall_gbp) else row.shortfall_gbp
        yield Term(row.target, "", "", "", row.periods[-1], ((gbp, m.target_shortfall[key]),))


def acute(m: Any) -> Iterator[Term]:
    """Closed acute wards, negative: gain_share × ward_month_gbp × months × wards_closed, once double running is over."""
    for x in m.ACUTE:
        for t in m.PERIODS:
            yield Term(x, "", "", "", t, tuple((-gbp, ward) for gbp, ward in released(m, x, t)))


CONTRIBUTORS: MappingProxyType[str, Contributor] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            beds,
            sites,
            openings,
            closings,
            conversions,
            changes,
            staff,
            hiring,
            agency,
            shifts,
            spot,
            starts,
            care_days,
            travel,
            failures,
            successes,
            schemes,
            waiting,
            queueing,
            unmet,
            shortfall,
            acute,
        )
    }
)
"""The cost contributors by the item they fill in the `costs` table."""
NOTIONAL = frozenset({"waiting", "queueing", "unmet", "shortfall"})
"""Items that nobody pays: prices on people who wait, queue or go without and on missed targets."""


def cash_factor(m: Any, t: int) -> float:
    """What a pound of the price year costs in period t: (1 + price_rise_per_year) ** years since the start."""
    return float((1 + m.data.instance.settings.price_rise_per_year) ** m.data.horizon.years_since_start[t])


def discount_factor(m: Any, t: int) -> float:
    """What a pound in period t is worth today: 1 / (1 + discount_rate_per_year) ** years since the start."""
    return float(
        (1 + m.data.instance.settings.discount_rate_per_year) ** -m.data.horizon.years_since_start[t]
    )


def spend(m: Any, row: TargetRow) -> tuple[list[tuple[float, Any]], float]:
    """Cash cost that counts towards a spend target: pairs and a constant [£], without what is notional."""
    pairs: list[tuple[float, Any]] = []
    constant = 0.0
    for item, contributor in CONTRIBUTORS.items():
        if item in NOTIONAL:
            continue
        for term in contributor(m):
            if term.t in row.periods and _is_spent_in(m, term, row):
                factor = cash_factor(m, term.t)
                pairs.extend((factor * gbp, variable) for gbp, variable in term.gbp if gbp)
                constant += factor * term.constant
    return pairs, constant


def _is_spent_in(m: Any, term: Term, row: TargetRow) -> bool:
    scope = row.scope
    if scope.providers and term.provider not in scope.providers:
        return False
    if scope.sites is not None and term.site not in scope.sites:
        return False
    # What is booked nowhere, like a ward that closes, counts only where every locality does.
    return bool((_localities(m, term) or m.area["all"]) <= scope.localities)


def _localities(m: Any, term: Term) -> frozenset[str]:
    """Localities on which the costs table books a term; a wider team's area."""
    if term.shared_as in OF_STAGE:
        zone, stage = term.shared_by
        return frozenset(m.data.zones.members[zone, m.data.stages[stage].package])
    if term.shared_by:
        members = m.stream[term.shared_by].members
        return frozenset(m.data.demand.localities[i] for i, _ in members)
    return frozenset(m.area[term.locality]) if term.locality else frozenset()


def payers(m: Any, item: str, term: Term) -> Shares:
    """Who pays for a term of an item; the members of a stream or zone are told apart where this tells them apart."""
    localities = _localities(m, term)
    if term.shared_by:
        localities = frozenset({min(localities)})
    funding: Funding = m.data.funding
    return funding.shares(item, term.key, localities, term.site)


def spent_by_funder(m: Any) -> dict[tuple[str, str], tuple[list[tuple[float, Any]], float]]:
    """What each funder spends in a year on what it funds: pairs and a constant [£, cash], by (funder, year).

    What is notional counts where `funding` names it; funders who spend nothing in a year of a budget are there too.
    """
    spent: dict[tuple[str, str], dict[int, list[Any]]] = {key: {} for key in m.budget}
    constant = dict.fromkeys(spent, 0.0)
    for item, contributor in CONTRIBUTORS.items():
        for term in contributor(m) if item in m.data.funding.rows else ():
            factor, year = cash_factor(m, term.t), m.data.horizon.years[term.t]
            for funder, share in payers(m, item, term):
                if (funder, year) in spent:
                    constant[funder, year] += factor * share * term.constant
                    _add(spent[funder, year], factor * share, term)
    return {
        key: ([(gbp, variable) for variable, gbp in entries.values()], constant[key])
        for key, entries in spent.items()
    }


def _add(coefficients: dict[int, list[Any]], factor: float, term: Term) -> None:
    """Adds a term times a factor to the coefficients of its variables, kept by the variable's identity."""
    for gbp, variable in term.gbp:
        if gbp:
            entry = coefficients.setdefault(id(variable), [variable, 0.0])
            entry[1] += factor * gbp


def add_objective(m: pyo.ConcreteModel) -> None:
    """Least discounted cost over all contributors; what does not depend on decisions counts too."""
    coefficients: dict[int, list[Any]] = {}
    constant = 0.0
    factor = [cash_factor(m, t) * discount_factor(m, t) for t in m.PERIODS]
    for contributor in CONTRIBUTORS.values():
        for term in contributor(m):
            constant += factor[term.t] * term.constant
            _add(coefficients, factor[term.t], term)
    m.cost = pyo.Objective(
        expr=weighted_sum(((gbp, variable) for variable, gbp in coefficients.values()), constant),
        sense=pyo.minimize,
    )
