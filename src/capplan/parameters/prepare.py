"""From an instance to the numbers of its model: who is told apart, and what a start leads to."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from capplan.demand import Demand, demand
from capplan.funding import Funding, budgets
from capplan.horizon import Horizon
from capplan.instance import Instance, records, text
from capplan.parameters.care_courses import Courses, courses_of_care
from capplan.parameters.data import Data
from capplan.parameters.eligibility import Eligibility
from capplan.parameters.schemes import SchemeData, scheme_data
from capplan.parameters.streams import Zones, people_of, streams, zones
from capplan.parameters.targets import TargetRow, target_rows
from capplan.parameters.teams import Teams, teams
from capplan.parameters.variants import varied
from capplan.parameters.wards import Wards, wards
from capplan.results.metrics import METRICS, Quantity


def prepare(instance: Instance, *, is_aggregated: bool = True) -> Data:
    """Works out the numbers of the model; `is_aggregated` False keeps every locality and hospital apart."""
    horizon = Horizon.of(instance.settings)
    courses = courses_of_care(instance)
    schemes = scheme_data(instance, horizon, demand(instance, horizon), courses)
    people = schemes.demand_when({})
    eligibility = Eligibility(instance)
    staff, shifts = teams(instance, "staff", "role"), teams(instance, "shifts", "shift_type")
    targets, acute = target_rows(instance, horizon), wards(instance)
    paid_for = _paid_for(instance, horizon)
    scopes = (*_spend_scopes(targets), *paid_for)
    home_zones = _home_zones(instance, people, staff, shifts, scopes, is_aggregated)
    unvaried = streams(
        people,
        eligibility,
        _packages_at_home(instance, courses),
        home_zones,
        _Membership(targets, acute, schemes, eligibility, paid_for),
        _keeps_proportion(instance, people),
        is_aggregated,
    )
    members = {stream.key: people_of(stream, people) for stream in unvaried}
    copies = varied(unvaried, members, _in_care(instance, people), schemes, courses)
    return Data(
        instance,
        horizon,
        people,
        copies.streams,
        home_zones,
        copies.courses,
        copies.in_state,
        copies.of_census,
        targets,
        staff,
        shifts,
        schemes,
        acute,
        is_aggregated,
    )


def _in_care(instance: Instance, people: Demand) -> list[tuple[str, str, str]]:
    """Localities ("": not known), sites and packages of people in care at the start."""
    if instance.settings.opening != "census":
        return []
    return [
        (locality, text(row["site"]), row["package"])
        for row in records(instance.census)
        for locality in ((text(row["locality"]),) if text(row["locality"]) else ("", *people.localities))
    ]


def _packages_at_home(instance: Instance, courses: Courses) -> dict[str, tuple[str, ...]]:
    """By package that people start: the packages of its course that are given at home."""
    setting = instance.packages.set_index("package")["setting"]
    return {
        first: tuple(stage.package for stage in course if setting[stage.package] == "home")
        for first, course in courses.items()
    }


def _spend_scopes(targets: tuple[TargetRow, ...]) -> tuple[frozenset[str], ...]:
    """Localities of the imposed targets on spend: care at home is booked where people live."""
    spend = [row for row in targets if row.is_imposed and METRICS[row.metric].quantity is Quantity.CASH]
    return tuple(dict.fromkeys(row.scope.localities for row in spend))


def _paid_for(instance: Instance, horizon: Horizon) -> tuple[frozenset[str], ...]:
    """Localities that `funding` tells apart, where a budget is imposed: costs of people are paid where they live."""
    if not any(budget.is_imposed for budget in budgets(instance, horizon)):
        return ()
    rows = [row for rows in Funding.of(instance).rows.values() for row in rows]
    return tuple(dict.fromkeys(row.area for row in rows if row.area is not None))


def _home_zones(
    instance: Instance,
    people: Demand,
    staff: Teams,
    shifts: Teams,
    scopes: tuple[frozenset[str], ...],
    is_aggregated: bool,
) -> Zones:
    at_home = sorted(instance.packages.loc[instance.packages["setting"] == "home", "package"])
    roles = instance.package_hours.groupby("package")["role"].unique().to_dict()
    care = instance.package_care.groupby("package")["shift_type"].unique().to_dict()
    share = instance.localities.set_index("locality")["home_travel_share"].to_dict()

    def served_by(package: str, locality: str) -> Hashable:
        if not is_aggregated:
            return locality
        served = [staff.serving(locality, role) for role in roles.get(package, ())]
        served += [shifts.serving(locality, shift_type) for shift_type in care.get(package, ())]
        counted = tuple(locality in scope for scope in scopes)
        return tuple(served), share[locality] if served else 0.0, counted

    return zones(at_home, people.localities, served_by)


class _Membership:
    """Tells in which targets people count, what schemes change for them, whose wards they free, and who pays."""

    def __init__(
        self,
        targets: tuple[TargetRow, ...],
        wards: Mapping[str, Wards],
        schemes: SchemeData,
        eligibility: Eligibility,
        paid_for: tuple[frozenset[str], ...],
    ) -> None:
        self._paid_for = paid_for
        imposed = [row for row in targets if row.is_imposed]
        self._scopes = tuple(dict.fromkeys(s for row in imposed for s in (row.scope, *row.members)))
        self._wards, self._schemes, self._eligibility = wards, schemes, eligibility

    def __call__(self, locality: str, hospital: str, pathway: str) -> Hashable:
        people = locality, hospital, pathway
        counted = tuple(scope.has_people(*people) for scope in self._scopes)
        frees = tuple(hospital in row.hospitals for row in self._wards.values())
        paid = tuple(locality in area for area in self._paid_for)
        return counted, frees, paid, self._schemes.looks(people, self._eligibility.options(*people))


def _keeps_proportion(instance: Instance, people: Demand) -> frozenset[str]:
    """Pathways with a limit that holds for each locality: on waits, on shares, or on the queue of a steady opening."""
    rows = instance.pathways
    limited = set(rows.loc[rows["wait_days_max"].notna(), "pathway"])
    limited |= set(instance.eligibility.loc[instance.eligibility["share_max"] < 1, "pathway"])
    if instance.settings.opening == "steady":
        waiting = people.waiting.sum(axis=(0, 1)) > 0
        limited |= {
            pathway for pathway, any_waiting in zip(people.pathways, waiting, strict=True) if any_waiting
        }
    return frozenset(limited)
