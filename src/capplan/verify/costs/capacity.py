"""What capacity costs: beds and sites, posts, shifts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.verify.conversions import least_conversions
from capplan.verify.costs.booked import UNIT, at_site, of_team, times
from capplan.verify.evidence import Evidence

BED_COLUMNS = ("beds_open", "spot_beds", "beds_opened", "beds_closed")


def beds(evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Beds open, spot, opened, closed and converted, and sites while any bed is open."""
    units = evidence.instance.table("site_beds").set_index(UNIT)
    beds = {c: evidence.wide("beds", c, *UNIT).reindex(units.index, fill_value=0.0) for c in BED_COLUMNS}
    available = evidence.share_available(units)
    price = _bed_prices(evidence, units, "bed_day_gbp")
    yield at_site(evidence, "beds", beds["beds_open"] * available * price)
    yield at_site(evidence, "spot", beds["spot_beds"] * _bed_prices(evidence, units, "spot_bed_day_gbp"))
    yield at_site(evidence, "openings", times(beds["beds_opened"], units["opening_gbp_per_bed"]))
    yield at_site(evidence, "closings", times(beds["beds_closed"], units["closing_gbp_per_bed"]))
    converted = least_conversions(evidence)
    prices = evidence.instance.table("conversions").set_index(list(converted.index.names))
    yield at_site(evidence, "conversions", _became(times(converted, prices["convert_gbp_per_bed"])))
    changed = beds["beds_opened"] + beds["beds_closed"]
    changed = changed.add(_became(converted), fill_value=0.0)
    yield at_site(evidence, "changes", changed * evidence.instance.settings.change_gbp)
    sites = evidence.instance.table("sites").set_index("site")["open_gbp_per_month"]
    is_open = evidence.wide("sites", "is_open", "site")
    gbp = times(is_open, sites) * evidence.horizon.months
    yield at_site(evidence, "sites", gbp.set_index(gbp.index.rename("bed_type"), append=True))


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
    wte = times(posts["wte"], rows["wte_month_gbp"]) * evidence.share_available(rows) * horizon.months
    yield of_team("staff", wte, rows["provider"])
    yield of_team("hiring", times(posts["wte_hired"], rows["hiring_gbp_per_wte"]), rows["provider"])
    yield of_team("agency", times(posts["agency_hours"], rows["agency_hour_gbp"]), rows["provider"])
    yield of_team("changes", (posts["wte_hired"] + posts["wte_left"]) * change, rows["provider"])


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
    yield of_team("shifts", times(on_duty, price) * days * evidence.share_available(rows), rows["provider"])
    yield of_team("spot", times(spot, rows["spot_care_hour_gbp"]), rows["provider"])
    changed = (on_duty - evidence.before(on_duty, rows["shifts"])).abs()
    yield of_team("changes", changed * evidence.instance.settings.change_gbp, rows["provider"])
