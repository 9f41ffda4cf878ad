"""Implied ratios: what the numbers of an instance come to, for a planner to sense-check."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.checks.facts import Facts
from capplan.checks.unusual import WEEKS_PER_YEAR, per_bed_day
from capplan.instance import Instance
from capplan.parameters.stays import Stay
from capplan.schema.tables.parts import DAYS_PER_YEAR

type_of_ratio = tuple[str, str, float, str]


def ratios(instance: Instance) -> pd.DataFrame:
    """Implied ratios, rough on purpose (means over rows, years of 365.25 days).

    Columns: measure, scope (what of), value, unit. Rows that cannot be computed are left out. `people_per_bed_year` is
    occupancy_max × 365.25 ÷ mean stay; `people_a_year_in_beds_today` that times today's beds; `bed_need_over_capacity`
    the beds that everybody who could use them would fill, ÷ today's beds × occupancy_max (above 1 is no fault where
    people have other options); `starts_per_wte_year` and `contact_hours_per_start` follow from `package_hours` and
    `package_care`, before travel; `cost_per_start` is that of beds, hours, and the package.
    """
    facts = Facts.of(instance)
    rows = [
        *_referrals_per_1000(facts),
        *_bed_ratios(facts),
        *_hour_prices(facts),
        *_package_ratios(facts),
    ]
    table = pd.DataFrame(rows, columns=["measure", "scope", "value", "unit"])
    return table[np.isfinite(table["value"])].reset_index(drop=True)


def _referrals_per_1000(facts: Facts) -> Iterator[type_of_ratio]:
    people_65_plus = facts.table("localities")["population_65_plus"].sum()
    years = facts.horizon.months.sum() / 12
    for pathway, people in facts.referred.items():
        value = people / years / people_65_plus * 1000 if people_65_plus else np.nan
        yield "referrals_per_1000_65_plus", str(pathway), value, "people/1,000 65+/year"


def _bed_ratios(facts: Facts) -> Iterator[type_of_ratio]:
    beds = facts.table("site_beds").groupby("bed_type")["beds"].sum()
    packages = facts.table("packages").set_index("package")
    days = facts.horizon.days.sum()
    for row in facts.table("bed_types").itertuples():
        people = {
            package: _could_use(facts, package)
            for package in packages.index[packages["bed_type"] == row.bed_type]
        }
        if sum(people.values()) == 0:
            continue
        stays = packages.loc[list(people), "stay_days"]
        stay = float(np.average(stays, weights=list(people.values())))
        per_bed = row.occupancy_max * DAYS_PER_YEAR / stay
        today = float(beds.get(row.bed_type, 0.0))
        filled = _could_use_any(facts, list(people)) / days * stay
        need_over_capacity = filled / (today * row.occupancy_max) if today else np.nan
        yield "people_per_bed_year", row.bed_type, per_bed, "people/bed/year"
        yield "people_a_year_in_beds_today", row.bed_type, per_bed * today, "people/year"
        yield "bed_need_over_capacity", row.bed_type, need_over_capacity, "share"


def _could_use(facts: Facts, package: str) -> float:
    return _could_use_any(facts, [package])


def _could_use_any(facts: Facts, packages: list[str]) -> float:
    """People referred during the plan who could start one of the packages."""
    total = 0.0
    for pathway in facts.table("pathways")["pathway"]:
        able = np.zeros((len(facts.axes.localities), len(facts.axes.hospitals)), dtype=bool)
        for option in facts.eligible:
            if option.pathway == pathway and option.package in packages:
                able |= facts.open_to(option).any(axis=2)
        total += float(facts.people(pathway).sum(axis=2)[able].sum())
    return total


def _prices_per_hour(facts: Facts) -> dict[str, float]:
    """Mean price of a contact hour by role and shift type, before travel [£]."""
    staff, crews = facts.table("staff"), facts.table("shifts")
    contact = staff["role"].map(facts.table("roles").set_index("role")["contact_hours_per_week"])
    types = facts.table("shift_types").set_index("shift_type")
    per_shift = crews["shift_gbp"].fillna(crews["shift_hour_gbp"] * crews["shift_type"].map(types["hours"]))
    by_role = (staff["wte_month_gbp"] * 12 / WEEKS_PER_YEAR / contact).groupby(staff["role"]).mean()
    by_type = (per_shift / crews["shift_type"].map(types["care_hours"])).groupby(crews["shift_type"]).mean()
    return {**by_role.to_dict(), **by_type.to_dict()}


def _hour_prices(facts: Facts) -> Iterator[type_of_ratio]:
    for resource, price in _prices_per_hour(facts).items():
        yield "cost_per_contact_hour", resource, price, "£/contact hour"


def _package_ratios(facts: Facts) -> Iterator[type_of_ratio]:
    prices, needs = _prices_per_hour(facts), hours_per_start(facts)
    contact = facts.table("roles").set_index("role")["contact_hours_per_week"]
    for row in facts.table("packages").itertuples():
        mine = needs[needs.index.get_level_values("package") == row.package].droplevel("package")
        yield "contact_hours_per_start", row.package, mine.sum(), "hours/person"
        for resource in mine.index[(mine > 0) & mine.index.isin(contact.index)]:
            per_wte = contact[resource] * WEEKS_PER_YEAR / mine[resource]
            yield "starts_per_wte_year", f"{row.package}, {resource}", per_wte, "people/WTE/year"
        hours = sum(prices.get(resource, np.nan) * amount for resource, amount in mine.items() if amount > 0)
        bed = 0.0 if row.setting == "home" else row.stay_days * _bed_day(facts, row.bed_type)
        yield (
            "cost_per_start",
            row.package,
            row.start_gbp + row.care_day_gbp * row.stay_days + bed + hours,
            "£/person",
        )


def _bed_day(facts: Facts, bed_type: str) -> float:
    """Mean price of an occupied bed-day: that of an open one ÷ occupancy_max."""
    units = facts.table("site_beds")
    types = facts.table("bed_types").set_index("bed_type")["occupancy_max"]
    mean = per_bed_day(units)[units["bed_type"] == bed_type].mean()
    return float(mean / types.get(bed_type, np.nan))


def hours_per_start(instance: Instance) -> pd.Series:
    """Contact and care hours of a whole stay; index (package, role or shift type) [hours/person]."""
    packages = instance.table("packages").set_index("package")
    hours, care = instance.table("package_hours"), instance.table("package_care")
    rows = pd.concat(
        [
            hours.assign(resource=hours["role"], per_day=hours["hours_per_week"] / 7),
            care.assign(resource=care["shift_type"], per_day=care["care_hours_per_day"], hours_per_start=0.0),
        ]
    )
    days = [
        days_until(packages.loc[package], to_day) - days_until(packages.loc[package], from_day)
        for package, from_day, to_day in zip(
            rows["package"], rows["from_day"], rows["to_day"].fillna(np.inf), strict=True
        )
    ]
    total = rows["per_day"] * days + rows["hours_per_start"]
    return total.groupby([rows["package"], rows["resource"]]).sum()


def days_until(package: pd.Series, day: float) -> float:
    """Expected days of a stay before its given day: the mean of the shorter of the two; NaN where no sd is known."""
    stay, deviation = float(package["stay_days"]), float(package["stay_sd_days"])
    if np.isinf(day) or day <= 0:
        return stay if day > 0 else 0.0
    if np.isnan(deviation) and package["stay_distribution"] in {"lognormal", "gamma"}:
        return float("nan")
    return float(Stay(str(package["stay_distribution"]), stay, deviation).survival_integral(day))
