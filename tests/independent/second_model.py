"""A second model of a planning question: straight from the tables of an instance into one matrix for SciPy.

No streams, zones, served groups or lazy rows: every locality, package and site on its own. Eligibility has no
filters; teams serve one locality or all, and crews serve all; people in beds of the census live where the bed is.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf, isinf

import numpy as np

from capplan.instance import Instance
from tests.independent.second_money import budgets
from tests.independent.second_need import Need, Row, empty
from tests.independent.second_programme import Account, Bill, Programme, Term
from tests.independent.second_schemes import Live, Schemes

Window = tuple[float, float, float]
DAYS_OF = {"package_hours.hours_per_week": 7.0, "package_care.care_hours_per_day": 1.0}
"""Effects on hours, and the days over which the number counts them."""
FAR_BELOW = 10_000.0
"""More acute bed days than people of these instances can stay below any baseline."""


def least_cost(instance: Instance) -> float:
    """Cost of the best plan [£], infinite where there is none: of every way in which schemes can go live."""
    need = Need(instance)
    ways = Schemes(instance, need).ways_to_go_live()
    return min((Question(need, live).programme.least_cost() for live in ways), default=inf)


class Question:
    """The programme of an instance whose schemes go live as told, part by part."""

    def __init__(self, plain: Need, live: Live) -> None:
        self.settings = plain.instance.settings
        self.schemes = Schemes(plain.instance, plain, live)
        more = {people: self.schemes.more_referrals(people) for people in plain.referrals}
        self.need = need = replace(plain, more_referrals=more)
        self.needs = {frozenset(): need}
        self.programme = Programme()
        self.bills: list[Bill] = []
        self.periods = range(len(need.days))
        self.days = [len(days) for days in need.days]
        every = self.settings.periods_between_decisions
        self.decisions_apart = every
        self.decisions = [t for t in self.periods if t % every == 0]
        self.decided = [t - t % every for t in self.periods]
        years = [need.years_before(t) for t in self.periods]
        self.rise = [(1 + self.settings.price_rise_per_year) ** year for year in years]
        self.today = [(1 + self.settings.discount_rate_per_year) ** -year for year in years]
        self.packages = {row["package"]: row for row in need.rows("packages")}
        self.everywhere = [(0.0, inf, 1.0)]
        self.resources = {
            "package_hours.hours_per_week": next((row["role"] for row in need.rows("roles")), ""),
            "package_care.care_hours_per_day": next((r["shift_type"] for r in need.rows("shift_types")), ""),
        }
        self.census = self._census()
        self._people()
        self._beds()
        self._staff()
        self._shifts()
        self._targets()
        self._wards()
        self._schemes()
        budgets(need, self.programme, self.bills)

    def _pay(self, account: Account, t: int, gbp: float, column: int | None = None) -> None:
        """Books £ at the prices of the price year, for each unit of a column or in all."""
        self.bills.append(Bill(account, t, gbp * self.rise[t], column))
        if column is None:
            self.programme.constant += gbp * self.rise[t] * self.today[t]
        else:
            self.programme.cost[column] += gbp * self.rise[t] * self.today[t]

    def _area(self, name: str) -> frozenset[str]:
        """The localities of a team, or of nobody in particular."""
        return frozenset(self.need.population) if name == "all" else frozenset({name} - {""})

    def _schemes(self) -> None:
        """What live schemes cost: once, and by the month."""
        for (j, l), point in self.schemes.live.items():
            row = self.schemes.rows[j]
            account = Account("schemes", j, self._area(l))
            if point is not None:
                self._pay(account, point, row["one_off_gbp"])
            for t in self.periods:
                if self.schemes.is_live((j, l), t):
                    self._pay(account, t, row["month_gbp"] * self.need.months[t])

    # People

    def _census(self) -> list[tuple[str, str, str, float]]:
        """People in care at the start: locality (where they live, or their bed is), site, package, how many."""
        if self.settings.opening != "census":
            return []
        site_of = {row["site"]: row["locality"] for row in self.need.rows("sites")}
        found = []
        for row in self.need.rows("census"):
            suits = [r["pathway"] for r in self.need.rows("eligibility") if r["package"] == row["package"]]
            if not empty(row["site"]):
                found.append((site_of[row["site"]], row["site"], row["package"], row["people"]))
                continue
            for locality, share in self.need.homes_like_referrals(row["locality"], suits):
                found.append((locality, "", row["package"], row["people"] * share))
        return found

    def _people(self) -> None:
        self.starts: dict[tuple[str, str, str, str, str, int], int] = {}
        self.waiting: dict[tuple[str, str, str, int], int] = {}
        self.waiting_before: dict[tuple[str, str, str], float] = dict.fromkeys(self.need.referrals, 0.0)
        for row in self.need.rows("waiting"):
            assert empty(row["locality"]), "waiting people are shared out like referrals"
            for locality, hospital, share in self.need.like_referrals(row["pathway"]):
                self.waiting_before[locality, hospital, row["pathway"]] += row["people"] * share
        for l, h, p in self.need.referrals:
            pathway = next(row for row in self.need.rows("pathways") if row["pathway"] == p)
            self._options(l, h, p)
            self._queue(l, h, pathway)
        for l in self.need.population:
            for pathway in self.need.rows("pathways"):
                self._of_all_hospitals(l, pathway)
        for l, site, package, people in self.census:
            for path, share in self.need.ways(package):
                days = people * share * self.need.asked_by_census(path, self.everywhere)
                self._pay_each("care_days", "care_day_gbp", path[-1], l, site, days)
                if len(path) > 1:
                    started = people * share * self.need.started_by_census(path)
                    self._pay_each("starts", "start_gbp", path[-1], l, site, started)
            assert l in self.need.population or site

    def _options(self, l: str, h: str, p: str) -> None:
        for row in (r for r in self.need.rows("eligibility") if r["pathway"] == p):
            package = self.packages[row["package"]]
            for site in self._places(l, package):
                for t in self.periods:
                    column = self.programme.column()
                    self.starts[l, h, p, row["package"], site, t] = column
                    self._pay_for_start((l, h, p), row, package, site, t, column)

    def _of_all_hospitals(self, l: str, pathway: Row) -> None:
        """What holds for a locality's people together: shares of packages, longest waits, a steady opening."""
        p = pathway["pathway"]
        referrals = sum(people for (i, _, q), people in self.need.referrals.items() if (i, q) == (l, p))
        before = sum(people for (i, _, q), people in self.waiting_before.items() if (i, q) == (l, p))
        for row in (r for r in self.need.rows("eligibility") if r["pathway"] == p and r["share_max"] < 1):
            for t in self.periods:
                so_far = self._starts_of(p=p, l=l, package=row["package"], until=t)
                self.programme.row(so_far, high=row["share_max"] * (before + referrals[: t + 1].sum()))
        for t in self.periods:
            now = [(1.0, c) for (i, _, q, u), c in self.waiting.items() if (i, q, u) == (l, p, t)]
            if not empty(pathway["wait_days_max"]):
                self.programme.row(now, high=pathway["wait_days_max"] * referrals[t] / self.days[t])
            if t == 0 and self.settings.opening == "steady":
                self.programme.row(now, high=before)

    def _places(self, l: str, package: Row) -> list[str]:
        if package["setting"] == "home":
            return [""]
        units = [row["site"] for row in self.need.rows("site_beds") if row["bed_type"] == package["bed_type"]]
        longest = self.settings.travel_minutes_max or inf
        return [site for site in units if self._minutes(l, site) <= longest]

    def _minutes(self, l: str, site: str) -> float:
        rows = [r["minutes"] for r in self.need.rows("travel") if (r["locality"], r["site"]) == (l, site)]
        return rows[0] if rows else 0.0

    def _pay_for_start(
        self, people: tuple[str, str, str], terms: Row, package: Row, site: str, t: int, column: int
    ) -> None:
        l, k = people[0], package["package"]
        success = self.schemes.changed(
            "eligibility.success", terms["success"], t, people, package=package, site=site
        )
        account = Account("", k, frozenset({l}), site)
        once = {
            "successes": success * terms["success_gbp"],
            "failures": (1 - success) * terms["failure_gbp"],
            "travel": self.settings.travel_gbp_per_minute * self._minutes(l, site),
        }
        for item, gbp in once.items():
            self._pay(replace(account, item=item), t, gbp, column)
        need = self._need_of(people, package, site, t)
        for path, share in need.ways(k):
            days = share * need.asked(path, t, self.everywhere)
            started = share * need.started(path, t)
            self._pay_each("care_days", "care_day_gbp", path[-1], l, site, days, column)
            self._pay_each("starts", "start_gbp", path[-1], l, site, started, column)

    def _need_of(self, people: tuple[str, str, str], package: Row, site: str, t: int) -> Need:
        """The need of who starts in a period, whose stay a scheme may change."""
        of = {"package": package, "site": site}
        days = self.schemes.changed("packages.stay_days", package["stay_days"], t, people, **of)
        lasts = {} if days == package["stay_days"] else {package["package"]: days}
        known = frozenset(lasts.items())
        if known not in self.needs:
            self.needs[known] = replace(self.need, lasts=lasts)
        return self.needs[known]

    def _pay_each(
        self,
        item: str,
        price: str,
        k: str,
        l: str,
        site: str,
        amounts: np.ndarray,
        column: int | None = None,
    ) -> None:
        """A package's price on amounts by period; of days in a bed where the bed is, else where people live."""
        place = site if self.packages[k]["setting"] == "bed" else ""
        at = {row["site"]: row["locality"] for row in self.need.rows("sites")}
        home = at[place] if place and item == "care_days" else l
        for t in np.flatnonzero(amounts):
            gbp = self.packages[k][price] * amounts[t]
            self._pay(Account(item, k, frozenset({home}), place), int(t), gbp, column)

    def _starts_of(
        self,
        *,
        until: int,
        p: str | None = None,
        l: str | None = None,
        h: str | None = None,
        package: str | None = None,
        since: int = 0,
    ) -> list[Term]:
        """Starts in periods [since, until] of a pathway, locality, hospital and package, or of all."""
        return [
            (1.0, column)
            for (locality, hospital, pathway, k, _, t), column in self.starts.items()
            if since <= t <= until
            and p in (pathway, None)
            and l in (locality, None)
            and h in (hospital, None)
            and package in (k, None)
        ]

    def _queue(self, l: str, h: str, pathway: Row) -> None:
        p, referrals = pathway["pathway"], self.need.referrals[l, h, pathway["pathway"]]
        last = self.periods[-1]
        before: list[Term] = []
        known = self.waiting_before[l, h, p]
        delay = pathway["delay_day_gbp"]
        account = Account("waiting", p, frozenset({l}))
        for t in self.periods:
            day = 0.0 if isinf(delay) else delay / 2
            unmet_gbp = self.schemes.changed("pathways.unmet_gbp", pathway["unmet_gbp"], t, (l, h, p))
            now = self.programme.column(high=0.0 if isinf(delay) else inf)
            self._pay(account, t, day * self.days[t], now)
            if t < last:
                self._pay(account, t + 1, day * self.days[t + 1], now)
            else:
                self._pay(replace(account, item="unmet"), t, unmet_gbp, now)
            gone = self.programme.column()
            self._pay(replace(account, item="unmet"), t, unmet_gbp, gone)
            here = [*self._starts_of(p=p, l=l, h=h, since=t, until=t), (1.0, gone), (1.0, now)]
            here += [(-coefficient, column) for coefficient, column in before]
            people = known + referrals[t]
            self.programme.row(here, people, people)
            if t == 0:
                self._pay(account, 0, day * self.days[0] * known)
            self.waiting[l, h, p, t] = now
            before, known = [(1.0, now)], 0.0

    # Beds

    def _available(self, row: Row, t: int) -> float:
        """Share of a period's days from available_from on; available_to is not covered."""
        if empty(row["available_from"]):
            return 1.0
        return sum(day >= row["available_from"].date() for day in self.need.days[t]) / self.days[t]

    def _pay_until_next(self, account: Account, e: int, amounts: list[float], column: int) -> None:
        """Amounts of the periods from a decision point to the next."""
        for t in self.periods:
            if self.decided[t] == e:
                self._pay(account, t, amounts[t], column)

    def _of_unit(self, item: str, row: Row) -> Account:
        at = {site["site"]: site["locality"] for site in self.need.rows("sites")}
        return Account(item, row["bed_type"], frozenset({at[row["site"]]}), row["site"])

    def _beds(self) -> None:
        self.beds: dict[tuple[str, str, int], int] = {}
        self.spot: dict[tuple[str, str, int], int] = {}
        for row in self.need.rows("site_beds"):
            available = [self._available(row, t) for t in self.periods]
            for e in self.decisions:
                is_there = any(available[t] > 0 for t in self.periods if self.decided[t] == e)
                days = [self.days[t] * available[t] for t in self.periods]
                most = row["beds_max"] if is_there else 0.0
                column = self.programme.column(high=most)
                gbp = [row["bed_day_gbp"] * day for day in days]
                self._pay_until_next(self._of_unit("beds", row), e, gbp, column)
                self.beds[row["site"], row["bed_type"], e] = column
                steps = self.programme.column(whole=True)
                self.programme.row([(1.0, column), (-row["beds_step"], steps)], 0.0, 0.0)
                if row["unit_beds_min"] > 0:
                    is_open = self.programme.column(high=1.0, whole=True)
                    self.programme.row([(1.0, column), (-row["unit_beds_min"], is_open)], low=0.0)
                    self.programme.row([(1.0, column), (-row["beds_max"], is_open)], high=0.0)
            if not empty(row["spot_bed_day_gbp"]):
                for t in self.periods:
                    self.spot[row["site"], row["bed_type"], t] = spot = self.programme.column()
                    self._pay(self._of_unit("spot", row), t, self.days[t] * row["spot_bed_day_gbp"], spot)
        self._bed_changes()
        self._bed_room()
        self._sites()
        for row in self.need.rows("limits"):
            for t in (t for t in self.periods if self.need.days[t][-1] >= row["from"].date()):
                beds = [
                    (1.0, c)
                    for (_, b, e), c in self.beds.items()
                    if (b, e) == (row["resource"], self.decided[t])
                ]
                self.programme.row(beds, high=row["max"])

    def _bed_changes(self) -> None:
        each = self.settings.change_gbp
        converted = {
            (row["site"], row["from_bed_type"], row["to_bed_type"], e): self.programme.column(
                high=row["beds_per_change_max"], whole=True
            )
            for row in self.need.rows("conversions")
            for e in self.decisions
        }
        for row in self.need.rows("conversions"):
            to = {"site": row["site"], "bed_type": row["to_bed_type"]}
            for e in self.decisions:
                column = converted[row["site"], row["from_bed_type"], row["to_bed_type"], e]
                self._pay(self._of_unit("conversions", to), e, row["convert_gbp_per_bed"], column)
                self._pay(self._of_unit("changes", to), e, each, column)
        for row in self.need.rows("site_beds"):
            s, b, before, known = row["site"], row["bed_type"], [], row["beds"]
            for e in self.decisions:
                now = (1.0, self.beds[s, b, e])
                opened = self.programme.column(high=0.0 if e < row["lead_periods"] else inf)
                closed = self.programme.column(high=0.0 if e < row["notice_periods"] else inf)
                for item, price, column in (("openings", "opening", opened), ("closings", "closing", closed)):
                    self._pay(self._of_unit(item, row), e, row[f"{price}_gbp_per_bed"], column)
                    self._pay(self._of_unit("changes", row), e, each, column)
                terms = [now, *before, (-1.0, opened), (1.0, closed)]
                for (site, gives, takes, when), column in converted.items():
                    if site == s and when == e and b in (gives, takes):
                        terms.append((1.0 if b == gives else -1.0, column))
                self.programme.row(terms, known, known)
                # No more beds become something else than were open before.
                given = [
                    (1.0, c)
                    for (site, gives, _, when), c in converted.items()
                    if (site, gives, when) == (s, b, e)
                ]
                if given:
                    self.programme.row([*given, *before], high=known)
                before, known = [(-1.0, now[1])], 0.0

    def _bed_room(self) -> None:
        occupancy = {row["bed_type"]: row["occupancy_max"] for row in self.need.rows("bed_types")}
        for row in self.need.rows("site_beds"):
            s, b = row["site"], row["bed_type"]
            asked, constant = self._asked(dict.fromkeys(self._in_beds(b), self.everywhere), site=s)
            for t in self.periods:
                room = occupancy[b] * self.days[t]
                terms = [*asked[t], (-room * self._available(row, t), self.beds[s, b, self.decided[t]])]
                terms += [(-room, self.spot[s, b, t])] if (s, b, t) in self.spot else []
                self.programme.row(terms, high=-constant[t])

    def _in_beds(self, bed_type: str) -> list[str]:
        return [k for k, row in self.packages.items() if row["bed_type"] == bed_type]

    def _asked(
        self,
        windows: dict[str, list[Window]],
        site: str | None = None,
        area: str = "all",
        at_once: Row | None = None,
        changes: str = "",
    ) -> tuple[list[list[Term]], np.ndarray]:
        """What people in packages ask for in each period: by start, and from the census; at home with travel.

        Of people in the beds of a site, of those in an area (where they live, or where their bed is), or of all.
        """
        asked: list[list[Term]] = [[] for _ in self.periods]
        constant = np.zeros(len(self.periods))
        share = {row["locality"]: row["home_travel_share"] for row in self.need.rows("localities")}
        at = {row["site"]: row["locality"] for row in self.need.rows("sites")}
        once = at_once or {}
        for (l, h, p, begun, where, u), column in self.starts.items():
            need = self._need_of((l, h, p), self.packages[begun], where, u)
            for path, part in need.ways(begun):
                package = path[-1]
                place = where if self.packages[package]["setting"] == "bed" else ""
                if package in windows and site in (None, place) and area in ("all", at.get(place, l)):
                    scale = part if place else part / (1 - share[l])
                    own = self._changed_windows(windows[package], changes, u, (l, h, p), path, where)
                    amount = need.asked(path, u, own)
                    amount += once.get(package, 0.0) * need.started(path, u)
                    for t in np.flatnonzero(amount):
                        asked[t].append((scale * amount[t], column))
        for home, where, begun, people in self.census:
            for path, part in self.need.ways(begun):
                package = path[-1]
                place = where if self.packages[package]["setting"] == "bed" else ""
                if package in windows and site in (None, place) and area in ("all", home):
                    scale = part if place else part / (1 - share[home])
                    each = self.need.asked_by_census(path, windows[package])
                    if len(path) > 1:
                        each = each + once.get(package, 0.0) * self.need.started_by_census(path)
                    constant += scale * people * each
        return asked, constant

    def _changed_windows(
        self,
        windows: list[Window],
        changes: str,
        u: int,
        people: tuple[str, str, str],
        path: tuple[str, ...],
        site: str,
    ) -> list[Window]:
        """Hours a day of who starts in a period, as schemes change them; of care that follows on they do not."""
        if not changes or len(path) > 1:
            return windows
        of = {"package": self.packages[path[0]], "site": site, "resource": self.resources[changes]}
        days = DAYS_OF[changes]
        return [
            (first, last, self.schemes.changed(changes, amount * days, u, people, **of) / days)
            for first, last, amount in windows
        ]

    def _sites(self) -> None:
        for row in self.need.rows("sites"):
            s, before = row["site"], float(row["is_open"])
            units = [key for key in self.beds if key[0] == s]
            maxima = [unit["beds_max"] for unit in self.need.rows("site_beds") if unit["site"] == s]
            most = sum(maxima) if empty(row["beds_max"]) else row["beds_max"]
            is_open: dict[int, int] = {}
            for e in self.decisions:
                gbp = [row["open_gbp_per_month"] * months for months in self.need.months]
                is_open[e] = self.programme.column(high=1.0, whole=True)
                account = Account("sites", s, frozenset({row["locality"]}), s)
                self._pay_until_next(account, e, gbp, is_open[e])
                if not row["can_close"]:
                    earlier = [(-1.0, is_open[e - self.decisions[1]])] if e else []
                    self.programme.row([(1.0, is_open[e]), *earlier], low=0.0 if e else before)
            for t in self.periods:
                beds = [(1.0, self.beds[key]) for key in units if key[2] == self.decided[t]]
                beds += [(1.0, column) for (site, _, u), column in self.spot.items() if (site, u) == (s, t)]
                room = self.schemes.changed_site(most, t, row)
                self.programme.row([*beds, (-room, is_open[self.decided[t]])], high=0.0)

    # Staff and shifts

    def _travel_share(self, area: str = "all") -> float:
        """Share of its paid time that a team for everybody, or for a locality, spends on the road."""
        share = {row["locality"]: row["home_travel_share"] for row in self.need.rows("localities")}
        everybody = float(np.average(list(share.values()), weights=list(self.need.population.values())))
        return everybody if area == "all" else share[area]

    def _hours(self, table: str, column: str, per_day: float) -> dict[str, list[Window]]:
        windows: dict[str, list[Window]] = {}
        for row in self.need.rows(table):
            last = inf if empty(row["to_day"]) else row["to_day"]
            windows.setdefault(row["package"], []).append((row["from_day"], last, row[column] * per_day))
        return windows

    def _staff(self) -> None:
        teams = self.need.rows("staff")
        wte = {team["locality"]: self._posts(team, self.need.rows("roles")[0]) for team in teams}
        lent = {
            (row["from_locality"], row["to_locality"], t): (self.programme.column(), 1 - row["travel_share"])
            for row in self.need.rows("cross_cover")
            for t in self.periods
        }
        for team in teams:
            self._team_hours(team, wte[team["locality"]], lent)

    def _team_hours(
        self, team: Row, wte: list[int], lent: dict[tuple[str, str, int], tuple[int, float]]
    ) -> None:
        """Hours asked of a team fit into those it has: paid hours, the road to people's homes included."""
        area = team["locality"]
        on_duty = 1 - self._travel_share(area)
        windows = self._hours("package_hours", "hours_per_week", 1 / 7)
        asked, constant = self._asked(
            windows, area=area, at_once=self._hours_at_once(), changes="package_hours.hours_per_week"
        )
        for t in self.periods:
            own = self.need.rows("roles")[0]["contact_hours_per_week"] * self.days[t] / 7
            terms = [*asked[t], (-own, wte[t])]
            if not empty(team["agency_hour_gbp"]):
                agency = self.programme.column()
                account = Account("agency", team["role"], self._area(area))
                self._pay(account, t, team["agency_hour_gbp"], agency)
                terms.append((-1 / on_duty, agency))
            given = [(1.0, column) for (giver, _, u), (column, _) in lent.items() if (giver, u) == (area, t)]
            terms += [(1 / on_duty, column) for _, column in given]
            for (_, taker, u), (column, arrives) in lent.items():
                terms += [(-arrives / on_duty, column)] if (taker, u) == (area, t) else []
            self.programme.row(terms, high=-constant[t])
            self.programme.row([*given, (-own * on_duty, wte[t])], high=0.0)

    def _hours_at_once(self) -> dict[str, float]:
        """Hours on the first day of a stay, by package."""
        rows = self.need.rows("package_hours")
        return {k: sum(r["hours_per_start"] for r in rows if r["package"] == k) for k in self.packages}

    def _posts(self, team: Row, role: Row) -> list[int]:
        def account(item: str) -> Account:
            return Account(item, team["role"], self._area(team["locality"]))

        each, late = self.settings.change_gbp, int(role["recruitment_periods"])
        hired, left = {}, {}
        for e in self.decisions:
            hired[e] = self.programme.column(
                high=team["hires_max_per_period"] * sum(d == e for d in self.decided)
                if not empty(team["hires_max_per_period"])
                else inf,
            )
            steps = self.programme.column(whole=True)
            self.programme.row([(1.0, hired[e]), (-team["wte_step"], steps)], 0.0, 0.0)
            left[e] = self.programme.column()
            self._pay(account("hiring"), e, team["hiring_gbp_per_wte"], hired[e])
            self._pay(account("changes"), e, each, hired[e])
            self._pay(account("changes"), e, each, left[e])
        wte: list[int] = []
        for t in self.periods:
            wte.append(self.programme.column(low=team["wte_min"], high=team["wte_max"]))
            self._pay(account("staff"), t, team["wte_month_gbp"] * self.need.months[t], wte[t])
            lost = role["turnover_per_year"] * self.need.months[t] / 12 if t >= late else 0.0
            terms = [(1.0, wte[t])] + ([(-(1 - lost), wte[t - 1])] if t else [])
            terms += [(-1.0, hired[t - late])] if t - late in hired else []
            terms += [(1.0, left[t])] if t in left else []
            known = self._arrivals(team, t) + (0.0 if t else (1 - lost) * team["wte"])
            self.programme.row(terms, known, known)
        return wte

    def _arrivals(self, team: Row, t: int) -> float:
        """WTE already recruited for the months whose first day is in the period, or before it in the first month."""
        days = self.need.days[t]
        firsts = {day for day in days if day.day == 1} | ({days[0].replace(day=1)} if t == 0 else set())
        rows = [row for row in self.need.rows("arrivals") if row["locality"] == team["locality"]]
        return sum(row["wte"] for row in rows if row["month"].date() in firsts)

    def _shifts(self) -> None:
        for crew in self.need.rows("shifts"):
            assert crew["locality"] == "all", "one crew for everybody is all that this model knows"
            kind = self.need.rows("shift_types")[0]
            duty_days = self.need.duty_days(kind["days"])
            on_duty = self._crews(crew, duty_days)
            hours = self._hours("package_care", "care_hours_per_day", 1.0)
            asked, constant = self._asked(hours, changes="package_care.care_hours_per_day")
            for t in self.periods:
                terms = [*asked[t], (-kind["care_hours"] * duty_days[t], on_duty[self.decided[t]])]
                if not empty(crew["spot_care_hour_gbp"]):
                    spot = self.programme.column()
                    account = Account("spot", crew["shift_type"], self._area("all"))
                    self._pay(account, t, crew["spot_care_hour_gbp"], spot)
                    terms.append((-1 / (1 - self._travel_share()), spot))
                self.programme.row(terms, high=-constant[t])

    def _crews(self, crew: Row, duty_days: list[int]) -> dict[int, int]:
        on_duty: dict[int, int] = {}
        least = max([crew["shifts_min"], *(row["on_duty_min"] for row in self.need.rows("cover"))])
        known, before, each = crew["shifts"], [], self.settings.change_gbp
        for e in self.decisions:
            gbp = [crew["shift_gbp"] * days for days in duty_days]
            on_duty[e] = self.programme.column(low=least, high=crew["shifts_max"], whole=True)
            account = Account("shifts", crew["shift_type"], self._area("all"))
            self._pay_until_next(account, e, gbp, on_duty[e])
            late, noticed = e >= crew["lead_periods"], e >= crew["notice_periods"]
            added = self.programme.column(high=inf if late else 0.0)
            dropped = self.programme.column(high=inf if noticed else 0.0)
            for column in (added, dropped):
                self._pay(replace(account, item="changes"), e, each, column)
            self.programme.row([(1.0, on_duty[e]), *before, (-1.0, added), (1.0, dropped)], known, known)
            known, before = 0.0, [(-1.0, on_duty[e])]
        return on_duty

    # Acute wards

    def _wards(self) -> None:
        regions = {row["hospital"]: row["sub_region"] for row in self.need.rows("hospitals")}
        for row in self.need.rows("acute_beds"):
            name = row["hospital"]
            own = {name} if name in regions else {h for h, region in regions.items() if region == name}
            freed = {t: self._freed(row, own, t) for t in self.periods}
            before: list[Term] = []
            for e in self.decisions:
                span = [t for t in self.periods if self.decided[t] == e]
                closed = self.programme.column(high=row["wards_max"], whole=True)
                self._release(row, e, closed)
                is_any = self.programme.column(high=1.0, whole=True)
                self.programme.row([(1.0, closed), (-row["wards_max"], is_any)], high=0.0)
                self.programme.row([(1.0, closed), *before], low=0.0)
                before = [(-1.0, closed)]
                filled = row["ward_beds"] * row["occupancy"] * sum(self.days[t] for t in span)
                terms = [(-days, column) for t in span for days, column in freed[t][0]]
                most = FAR_BELOW + sum(freed[t][1] for t in span)
                self.programme.row([*terms, (filled, closed), (FAR_BELOW, is_any)], high=most)

    def _freed(self, row: Row, hospitals: set[str], t: int) -> tuple[list[Term], float]:
        """Bed days that each start of a period frees, and what the baselines take off."""
        directions = {r["pathway"]: r["direction"] for r in self.need.rows("pathways")}
        terms = []
        for (l, h, p, package, site, u), column in self.starts.items():
            if h not in hospitals or u != t:
                continue
            of = next(
                r for r in self.need.rows("eligibility") if (r["pathway"], r["package"]) == (p, package)
            )
            where = {"package": self.packages[package], "site": site}
            success = self.schemes.changed("eligibility.success", of["success"], t, (l, h, p), **where)
            line = {"step_down": "discharge", "step_up": "diversion"}[directions[p]]
            happens = success if line == "diversion" else 1.0
            known = not empty(row[f"{line}s_baseline_per_month"])
            days = row[f"bed_days_per_{line}"] * happens if known else 0.0
            terms.append((days - of["failure_acute_bed_days"] * (1 - success), column))
        today = sum(
            0.0 if empty(row[f"{line}s_baseline_per_month"]) else row[f"{line}s_baseline_per_month"] * days
            for line, days in (
                ("discharge", row["bed_days_per_discharge"]),
                ("diversion", row["bed_days_per_diversion"]),
            )
        )
        return terms, -today * self.need.months[t]

    def _release(self, row: Row, e: int, closed: int) -> None:
        """What wards release that are closed from a decision on, less what those of the next will be paid for."""
        account = Account("acute", row["hospital"])
        a_month = row["gain_share"] * row["ward_month_gbp"]
        for t in self.periods:
            months = self._single(row, e, t) - self._single(row, e + self.decisions_apart, t)
            self._pay(account, t, -a_month * months, closed)

    def _single(self, row: Row, e: int, t: int) -> float:
        """Months of a period after the double running of a ward that closes at e."""
        if t < e:
            return 0.0
        begins, ends = (
            sum(self.need.months[:e]) + row["double_running_months"],
            sum(self.need.months[: t + 1]),
        )
        return min(max(ends - begins, 0.0), self.need.months[t])

    # Targets

    def _targets(self) -> None:
        last = self.periods[-1]
        step_down = [row["pathway"] for row in self.need.rows("pathways") if row["direction"] == "step_down"]
        for row in self.need.rows("targets"):
            if row["metric"] == "discharges":
                for t in self.periods:
                    missed = self._missed(row, t)
                    achieved = [term for p in step_down for term in self._starts_of(p=p, since=t, until=t)]
                    self.programme.row([*achieved, (1.0, missed)], low=row["value"] * self.need.months[t])
            elif row["metric"] == "served_share":
                everybody = sum(people.sum() for people in self.need.referrals.values())
                if row["for_each"] == "locality":
                    self._fair_share(row)
                else:
                    self.programme.row(self._starts_of(until=last), low=row["value"] * everybody)
            elif row["metric"] == "delayed_days":
                self._fewer_delays(row)

    def _missed(self, row: Row, t: int) -> int:
        missed = self.programme.column()
        self._pay(Account("shortfall", row["target"]), t, row["shortfall_gbp"], missed)
        return missed

    def _fair_share(self, row: Row) -> None:
        for l in self.need.population:
            for t in self.periods:
                referred = sum(people[t] for (i, _, _), people in self.need.referrals.items() if i == l)
                missed = self._missed(row, t)
                achieved = [*self._starts_of(l=l, since=t, until=t), (1.0, missed)]
                self.programme.row(achieved, low=row["value"] * referred)

    def _fewer_delays(self, row: Row) -> None:
        missed = self._missed(row, self.periods[-1])
        terms = [(-1.0, missed)]
        for (_, _, _, t), column in self.waiting.items():
            after = self.days[t + 1] if t < self.periods[-1] else 0
            terms.append(((self.days[t] + after) / 2, column))
        known = sum(self.waiting_before.values()) * self.days[0] / 2
        self.programme.row(terms, high=row["value"] - known)
