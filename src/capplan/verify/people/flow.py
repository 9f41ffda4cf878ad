"""People between referral and start: the tables `starts` and `waiting` against the instance and one another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from capplan.errors import Problem
from capplan.verify.congestion import refused
from capplan.verify.differences import above, not_zero, unequal
from capplan.verify.evidence import Evidence
from capplan.verify.people.demand import STREAM
from capplan.verify.people.eligibility import OPTION, longest_journey, possible_options, used_options


def referral_rows(evidence: Evidence) -> Iterator[Problem]:
    """The referrals of the table `waiting` are those that the instance's rates give."""
    reported = evidence.wide("waiting", "referrals", *STREAM)
    yield from unequal("waiting", "referrals", "referrals", reported, evidence.referrals)


def waiting_balance(evidence: Evidence) -> Iterator[Problem]:
    """People waiting at the end are those before, plus referrals, less starts, less people never served."""
    columns = ("waiting_at_end", "referrals", "starts", "unmet")
    waiting, referred, started, unmet = (evidence.wide("waiting", c, *STREAM) for c in columns)
    before = _waiting_before(evidence)
    waiting, referred, started, unmet = (
        frame.reindex(before.index, fill_value=0.0) for frame in (waiting, referred, started, unmet)
    )
    scale = np.maximum(before.abs(), np.maximum(referred.abs(), started.abs()))
    expected = before + referred - started - unmet
    yield from unequal("waiting", "waiting_balance", "waiting_at_end", waiting, expected, scale)


def nobody_negative(evidence: Evidence) -> Iterator[Problem]:
    """No number of people is negative."""
    for table, columns in {"waiting": ("waiting_at_end", "unmet"), "starts": ("people",)}.items():
        for column in columns:
            people = evidence.wide(table, column, *(STREAM if table == "waiting" else OPTION))
            yield from not_zero(table, "nobody_negative", column, people, people.to_numpy() < 0)


def starts_sum(evidence: Evidence) -> Iterator[Problem]:
    """The starts in `waiting` are the sum of those in `starts`."""
    reported = evidence.wide("waiting", "starts", *STREAM)
    yield from unequal(
        "waiting", "starts_sum", "starts", reported, evidence.wide("starts", "people", *STREAM)
    )


def delayed_days(evidence: Evidence) -> Iterator[Problem]:
    """Delayed days are the days of the period times the mean of the people waiting before and after it."""
    reported = evidence.wide("waiting", "delayed_days", *STREAM)
    before = _waiting_before(evidence)
    after = evidence.wide("waiting", "waiting_at_end", *STREAM).reindex(before.index, fill_value=0.0)
    expected = (before + after) / 2 * evidence.horizon.days
    yield from unequal("waiting", "delayed_days", "delayed_days", reported, expected)


def mean_wait(evidence: Evidence) -> Iterator[Problem]:
    """The mean wait is delayed days over referrals."""
    table = evidence.tables["waiting"].set_index([*STREAM, "period"])
    table = table[table["referrals"] > 0]
    expected = table["delayed_days"] / table["referrals"]
    yield from unequal("waiting", "mean_wait", "mean_wait_days", table["mean_wait_days"], expected)


def never(evidence: Evidence) -> Iterator[Problem]:
    """Where a delay must never be, nobody waits at a period's end; where nobody may go without, only the refused do."""
    pathways = evidence.instance.table("pathways").set_index("pathway")
    for price, column in {"delay_day_gbp": "waiting_at_end", "unmet_gbp": "unmet"}.items():
        people = evidence.wide("waiting", column, *STREAM)
        if column == "unmet":
            people = people.sub(refused(evidence), fill_value=0.0).reindex(people.index)
        forbidden = np.isinf(people.index.get_level_values("pathway").map(pathways[price]).to_numpy(float))
        yield from not_zero("waiting", f"{price}_never", column, people, forbidden[:, None])


def wait_limit(evidence: Evidence) -> Iterator[Problem]:
    """People waiting at the end, times days, are at most wait_days_max times referrals (hospitals together)."""
    keys = ["locality", "pathway"]
    longest = evidence.instance.table("pathways").set_index("pathway")["wait_days_max"].dropna()
    waiting_days = evidence.wide("waiting", "waiting_at_end", *keys) * evidence.horizon.days
    waiting_days = waiting_days[waiting_days.index.get_level_values("pathway").isin(longest.index)]
    people = evidence.referrals.groupby(level=keys).sum().reindex(waiting_days.index, fill_value=0.0)
    limit = people.mul(waiting_days.index.get_level_values("pathway").map(longest).to_numpy(float), axis=0)
    yield from above("waiting", "wait_limit", "waiting_at_end × days", waiting_days, limit)


def opening_limit(evidence: Evidence) -> Iterator[Problem]:
    """In a steady opening no more people wait after the first period than before it (hospitals together)."""
    if evidence.instance.settings.opening != "steady":
        return
    keys = ["locality", "pathway"]
    waiting = evidence.wide("waiting", "waiting_at_end", *keys).iloc[:, :1]
    opening = evidence.waiting_at_opening.groupby(level=keys).sum().reindex(waiting.index, fill_value=0.0)
    limit = pd.DataFrame({waiting.columns[0]: opening})
    yield from above("waiting", "opening_limit", "waiting_at_end", waiting, limit)


def eligibility_limit(evidence: Evidence) -> Iterator[Problem]:
    """Starts on a row of `eligibility` so far are at most share_max of the people it stands for so far."""
    keys = ["locality", "pathway", "row"]
    chosen = possible_options(evidence)
    chosen = chosen[chosen["share_max"] < 1]
    used = evidence.tables["starts"].merge(chosen, on=OPTION)
    starts = evidence.spread(used, "people", *keys).cumsum(axis=1)
    opening = evidence.waiting_at_opening
    people = evidence.referrals.cumsum(axis=1)
    people = people.reindex(people.index.union(opening.index), fill_value=0.0)
    people = people.add(opening.reindex(people.index, fill_value=0.0), axis=0)
    streams = chosen.drop_duplicates([*STREAM, "row"])
    limit = people.reindex(pd.MultiIndex.from_frame(streams[STREAM]), fill_value=0.0)
    limit = limit.mul(streams["share_max"].to_numpy(), axis=0)
    limit = limit.groupby([streams[key].to_numpy() for key in keys]).sum().rename_axis(keys)
    limit = limit.reindex(starts.index, fill_value=0.0)
    yield from above("starts", "eligibility_limit", "starts so far", starts, limit)


def options_allowed(evidence: Evidence) -> Iterator[Problem]:
    """Every start is in a package that suits the pathway there, at a site that has the bed and can be reached."""
    used = used_options(evidence)
    units = set(evidence.instance.table("site_beds")[["site", "bed_type"]].itertuples(index=False, name=None))
    is_bed = used["setting"] == "bed"
    has_bed = pd.Series(
        [unit in units for unit in zip(used["site"], used["bed_type"], strict=True)], used.index
    )
    limits = used["pathway"].map(longest_journey(evidence.instance)).astype(float)
    reachable = (used["minutes"] <= limits) | (used["minutes"].isna() & np.isinf(limits))
    wrong = {
        "no eligibility row lets this pathway start this package here": used["success"].isna(),
        "the site has no beds of the package's type": is_bed & ~has_bed,
        "a package at home has no site": ~is_bed & (used["site"] != ""),
        "the journey is longer than allowed": is_bed & has_bed & ~reachable,
    }
    for why, rows in wrong.items():
        for option in used.loc[rows, OPTION].itertuples(index=False):
            yield Problem("starts", "options_allowed", f"{', '.join(filter(None, option))}: {why}")


def access(evidence: Evidence) -> Iterator[Problem]:
    """The table `access` holds the starts by residence and pathway, and their share of the referrals."""
    table = evidence.tables["access"].set_index(["locality", "pathway"])
    starts = evidence.wide("starts", "people", *table.index.names).sum(axis=1)
    yield from unequal("access", "access", "starts", table["starts"], starts)
    people = evidence.referrals.groupby(level=table.index.names).sum().sum(axis=1).reindex(table.index)
    share = (starts.reindex(table.index, fill_value=0.0) / people)[people > 0]
    yield from unequal("access", "access", "served_share", table["served_share"].reindex(share.index), share)
    localities = evidence.instance.table("localities").set_index("locality")["population_65_plus"]
    older = pd.Series(table.index.get_level_values("locality").map(localities), table.index, dtype=float)
    a_year = starts.reindex(table.index, fill_value=0.0) / (evidence.horizon.months.sum() / 12)
    rate = (a_year / older * 1000)[older > 0]
    reported = table["starts_per_1000_65_plus"].reindex(rate.index)
    yield from unequal("access", "access", "starts_per_1000_65_plus", reported, rate)


def _waiting_before(evidence: Evidence) -> pd.DataFrame:
    """People waiting before each period, by stream: every stream of the table and of the opening."""
    waiting = evidence.wide("waiting", "waiting_at_end", *STREAM)
    opening = evidence.waiting_at_opening
    waiting = waiting.reindex(waiting.index.union(opening.index), fill_value=0.0)
    return evidence.before(waiting, opening)
