"""What capacity, people, schemes and targets cost: every item as rows of the table `costs`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd

from capplan.verify.acute import released
from capplan.verify.beds import least_conversions
from capplan.verify.congestion import congested
from capplan.verify.evidence import Evidence
from capplan.verify.people.care import person_days, starts_onward
from capplan.verify.people.demand import STREAM
from capplan.verify.people.eligibility import OPTION, used_options
from capplan.verify.schemes.effects import unmet_gbp
from capplan.verify.schemes.variants import success_of
from capplan.verify.targets.required import window_periods

KEYS = ["item", "key", "provider", "locality", "site"]
UNIT = ["site", "bed_type"]
BED_COLUMNS = ("beds_open", "spot_beds", "beds_opened", "beds_closed")


def beds(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Beds open, spot, opened, closed and converted, and sites while any bed is open."""
    units = evidence.instance.table("site_beds").set_index(UNIT)
    beds = {c: evidence.wide("beds", c, *UNIT).reindex(units.index, fill_value=0.0) for c in BED_COLUMNS}
    available = evidence.share_available(units)
    price = _bed_prices(evidence, units, "bed_day_gbp")
    yield _at_site(evidence, "beds", beds["beds_open"] * available * price)
    yield _at_site(evidence, "spot", beds["spot_beds"] * _bed_prices(evidence, units, "spot_bed_day_gbp"))
    yield _at_site(evidence, "openings", _times(beds["beds_opened"], units["opening_gbp_per_bed"]))
    yield _at_site(evidence, "closings", _times(beds["beds_closed"], units["closing_gbp_per_bed"]))
    converted = least_conversions(evidence)
    prices = evidence.instance.table("conversions").set_index(list(converted.index.names))
    yield _at_site(evidence, "conversions", _became(_times(converted, prices["convert_gbp_per_bed"])))
    changed = beds["beds_opened"] + beds["beds_closed"]
    changed = changed.add(_became(converted), fill_value=0.0)
    yield _at_site(evidence, "changes", changed * evidence.instance.settings.change_gbp)
    sites = evidence.instance.table("sites").set_index("site")["open_gbp_per_month"]
    is_open = evidence.wide("sites", "is_open", "site")
    gbp = _times(is_open, sites) * evidence.horizon.months
    yield _at_site(evidence, "sites", gbp.set_index(gbp.index.rename("bed_type"), append=True))


def _bed_prices(evidence: Evidence, units: pd.DataFrame, name: str) -> np.ndarray:
    """Price of a bed for the days of each period, by the day or by (twelve equal) months."""
    horizon = evidence.horizon
    prices = {
        name: horizon.days,
        name.replace("day", "month"): horizon.months,
        name.replace("day", "year"): horizon.months / 12,
    }
    parts = [units[c].fillna(0.0).to_numpy()[:, None] * amount for c, amount in prices.items()]
    return np.asarray(sum(parts[1:], start=parts[0]))


def _became(converted: pd.DataFrame) -> pd.DataFrame:
    """Beds converted, by site and the type that they become."""
    return converted.rename_axis(index={"to_bed_type": "bed_type"}).groupby(level=UNIT).sum()


def teams(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Posts, recruits, agency hours and changes of staff."""
    horizon, change = evidence.horizon, evidence.instance.settings.change_gbp
    keys = ["locality", "role"]
    rows = evidence.instance.table("staff").set_index(keys)
    columns = ("wte", "wte_hired", "wte_left", "agency_hours")
    posts = {c: evidence.wide("staff", c, *keys).reindex(rows.index, fill_value=0.0) for c in columns}
    wte = _times(posts["wte"], rows["wte_month_gbp"]) * evidence.share_available(rows) * horizon.months
    yield _of_team("staff", wte, rows["provider"])
    yield _of_team("hiring", _times(posts["wte_hired"], rows["hiring_gbp_per_wte"]), rows["provider"])
    yield _of_team("agency", _times(posts["agency_hours"], rows["agency_hour_gbp"]), rows["provider"])
    yield _of_team("changes", (posts["wte_hired"] + posts["wte_left"]) * change, rows["provider"])


def shifts(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Crews on duty, spot care hours and changes of shifts."""
    keys = ["locality", "shift_type"]
    rows = evidence.instance.table("shifts").set_index(keys)
    on_duty, spot = (
        evidence.wide("shifts", c, *keys).reindex(rows.index, fill_value=0.0)
        for c in ("shifts_on_duty", "spot_care_hours")
    )
    types = evidence.instance.table("shift_types").set_index("shift_type")
    own = types.reindex(rows.index.get_level_values("shift_type")).set_axis(rows.index)
    price = rows["shift_gbp"].fillna(rows["shift_hour_gbp"] * own["hours"])
    days = np.array([evidence.horizon.duty_days(pattern) for pattern in own["days"]]).reshape(on_duty.shape)
    yield _of_team("shifts", _times(on_duty, price) * days * evidence.share_available(rows), rows["provider"])
    yield _of_team("spot", _times(spot, rows["spot_care_hour_gbp"]), rows["provider"])
    changed = (on_duty - evidence.before(on_duty, rows["shifts"])).abs()
    yield _of_team("changes", changed * evidence.instance.settings.change_gbp, rows["provider"])


def starts(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """What every start costs: by itself, the way there, and how it ends."""
    packages = evidence.instance.table("packages").set_index("package")
    rows = evidence.tables["starts"].merge(used_options(evidence), on=OPTION)
    success = success_of(evidence, rows)
    prices = {
        "starts": rows["package"].map(packages["start_gbp"]),
        "travel": rows["minutes"] * evidence.instance.settings.travel_gbp_per_minute,
        "failures": rows["failure_gbp"] * (1 - success),
        "successes": rows["success_gbp"] * success,
    }
    for item, price in prices.items():
        gbp = rows.assign(gbp=rows["people"] * price.fillna(0.0))
        yield _booked(evidence, item, evidence.spread(gbp, "gbp", "package", "locality", "site"))


def in_care(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Days in care, and starts of what follows on: booked at the site, or at home where people live."""
    packages = evidence.instance.table("packages")
    amounts: tuple[tuple[str, str, Callable[[Evidence, str, str], pd.DataFrame]], ...] = (
        ("care_days", "care_day_gbp", person_days),
        ("starts", "start_gbp", starts_onward),
    )
    for item, price, amount in amounts:
        for row in packages[packages[price] != 0].to_dict("records"):
            by = "site" if row["setting"] == "bed" else "locality"
            gbp = amount(evidence, row["package"], by) * row[price]
            gbp.index = pd.MultiIndex.from_product([[row["package"]], gbp.index], names=["package", by])
            yield (
                _at_site(evidence, item, gbp.swaplevel())
                if by == "site"
                else _booked(evidence, item, pd.concat({"": gbp}, names=["site"]))
            )


def without_care(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """What waiting and going without are priced at."""
    pathways = evidence.instance.table("pathways").set_index("pathway").replace(np.inf, np.nan)
    never = np.isinf(evidence.instance.table("pathways").set_index("pathway")["unmet_gbp"])
    delayed, waiting = (
        evidence.wide("waiting", c, *STREAM).groupby(level=["locality", "pathway"]).sum()
        for c in ("delayed_days", "waiting_at_end")
    )
    by_pathway = delayed.index.get_level_values("pathway")
    yield _of_people("waiting", delayed.mul(by_pathway.map(pathways["delay_day_gbp"]).fillna(0.0), axis=0))
    # Schemes change unmet_gbp by hospital too.
    without, left = (evidence.wide("waiting", c, *STREAM) for c in ("unmet", "waiting_at_end"))
    prices = unmet_gbp(evidence.instance, evidence.horizon, without.index, evidence.tables["schemes"])
    left = left * (np.arange(left.shape[1]) == left.shape[1] - 1)
    gbp = ((without + left) * prices).groupby(level=["locality", "pathway"]).sum()
    yield _of_people("unmet", gbp)
    at_end = (pathways["delay_day_gbp"] * pathways["wait_days_max"]).where(never, 0.0)
    waiting.iloc[:, :-1] = 0.0
    yield _of_people("unmet", waiting.mul(by_pathway.map(at_end).fillna(0.0), axis=0))


def queueing(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """People queueing by chance, at the site of a unit with a list of its own, nowhere where units share one."""
    lists = congested(evidence)
    price = lists.kinds["queue_day_gbp"].where(lists.kinds["congestion"] == "wait").fillna(0.0)
    people = lists.sums(evidence.wide("beds", "people_queueing", *UNIT))
    gbp = people.mul(price.reindex(people.index).astype(float), axis=0) * evidence.horizon.days
    units = lists.of_unit.groupby(lists.of_unit.to_numpy()).size()
    alone = gbp[[units[key] == 1 for key in gbp.index]]
    if len(alone):
        site_of = {key: unit[0] for unit, key in lists.of_unit.items()}
        keys = [(site_of[key], key[1]) for key in alone.index]
        yield _at_site(evidence, "queueing", alone.set_axis(pd.MultiIndex.from_tuples(keys, names=UNIT)))
    shared = gbp[[units[key] > 1 for key in gbp.index]]
    nowhere = [""] * len(shared)
    yield _indexed(shared, "queueing", [key[1] for key in shared.index], nowhere, nowhere, nowhere)


def schemes(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Going live in the first live period, unless live before the start; running while live."""
    is_live = evidence.wide("schemes", "is_live", "scheme", "locality")
    rows = evidence.instance.table("schemes").set_index("scheme")
    rows = rows.reindex(is_live.index.get_level_values("scheme")).set_axis(is_live.index)
    began = is_live - evidence.before(is_live, rows["is_live"].astype(float))
    gbp = _times(began.clip(lower=0.0), rows["one_off_gbp"])
    gbp += _times(is_live, rows["month_gbp"]) * evidence.horizon.months
    scheme, locality = (gbp.index.get_level_values(level) for level in ("scheme", "locality"))
    yield _indexed(gbp, "schemes", scheme, rows["provider"], locality, [""] * len(gbp))


def shortfall(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Missed targets, in the last period of their window."""
    lines = evidence.instance.table("targets").set_index("target")
    prices = lines["shortfall_gbp"].where(lines["is_imposed"] & lines["value"].notna()).dropna()
    last = {
        (target, window): evidence.horizon.periods[periods[-1]]
        for target in prices.index
        for window, periods in window_periods(lines.loc[target], evidence.horizon).items()
    }
    rows = evidence.tables["targets"]
    windows = zip(rows["target"], rows["window"], strict=True)
    gbp = rows["shortfall"] * rows["target"].map(prices)
    rows = rows.assign(period=[last.get(key, "") for key in windows], gbp=gbp)
    gbp = evidence.spread(rows[rows["period"] != ""], "gbp", "target")
    nowhere = [""] * len(gbp)
    yield _indexed(gbp, "shortfall", gbp.index, nowhere, nowhere, nowhere)


def acute(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """What closed wards release, booked on no place."""
    gbp = -released(evidence)
    nowhere = [""] * len(gbp)
    yield _indexed(gbp, "acute", gbp.index, nowhere, nowhere, nowhere)


def _times(wide: pd.DataFrame, price: pd.Series) -> pd.DataFrame:
    """Each row times its price; no price is 0."""
    return wide.mul(price.reindex(wide.index).fillna(0.0), axis=0)


def _at_site(evidence: Evidence, item: str, gbp: pd.DataFrame) -> pd.DataFrame:
    """Rows (site, key) as rows of `costs`, booked where the site stands."""
    sites = evidence.instance.table("sites").set_index("site")
    at, key = (gbp.index.get_level_values(level) for level in (0, 1))
    return _indexed(gbp, item, key, at.map(sites["provider"]), at.map(sites["locality"]), at)


def _of_team(item: str, gbp: pd.DataFrame, provider: pd.Series) -> pd.DataFrame:
    """Rows (locality, resource) as rows of `costs`."""
    team, key = (gbp.index.get_level_values(level) for level in (0, 1))
    return _indexed(gbp, item, key, provider, team, [""] * len(gbp))


def _booked(evidence: Evidence, item: str, gbp: pd.DataFrame) -> pd.DataFrame:
    """Rows by package, locality of residence and site as rows of `costs`."""
    providers = evidence.instance.table("sites").set_index("site")["provider"]
    package, locality, site = (gbp.index.get_level_values(n) for n in ("package", "locality", "site"))
    return _indexed(gbp, item, package, site.map(providers), locality, site)


def _of_people(item: str, gbp: pd.DataFrame) -> pd.DataFrame:
    """Rows (locality, pathway) as rows of `costs`."""
    locality, pathway = (gbp.index.get_level_values(level) for level in (0, 1))
    nobody = [""] * len(gbp)
    return _indexed(gbp, item, pathway, nobody, locality, nobody)


def _indexed(gbp: pd.DataFrame, item: str, *levels: Iterable[object]) -> pd.DataFrame:
    """Rows as rows of `costs`: key, provider, locality and site of each; "" where there is none."""
    texts = [["" if pd.isna(text) else text for text in level] for level in levels]
    index = pd.MultiIndex.from_arrays([[item] * len(gbp), *texts], names=KEYS)
    return gbp.set_axis(index)


ITEMS: tuple[Callable[[Evidence], Iterator[pd.DataFrame]], ...] = (
    beds,
    queueing,
    teams,
    shifts,
    starts,
    in_care,
    without_care,
    shortfall,
    schemes,
    acute,
)
"""Everything that costs or releases money, as rows of `costs`."""
