"""Where: towns on a map with made-up English names and their networks, hospitals, catchments and sites."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from capplan.errors import UsageError
from capplan.geography import great_circle_km

SPEED_KMH = 40
DETOUR_FACTOR = 1.3
LATITUDE, LONGITUDE = 51.2, -2.2  # the south-west corner of the map
KM_PER_LATITUDE, KM_PER_LONGITUDE = 111.3, 69.7  # there
KM_BETWEEN_TOWNS = 13.0  # so that 60 localities lie on 100 × 100 km and 20 on 58 × 58 km
KM_APART = 0.5 * KM_BETWEEN_TOWNS  # no two towns are nearer
POPULATION_MEDIAN, POPULATION_SPREAD = 5500, 0.55
POPULATION_LEAST, POPULATION_MOST = 2000, 15000
HOME_TRAVEL_TOWN, HOME_TRAVEL_COUNTRY = 0.10, 0.30
LOCALITIES_PER_NETWORK = 5
MINUTES_PER_UNIT_OF_CHOICE = 10.0  # people choose hospitals by exp(-minutes / this)
SMALLEST_CATCHMENT = 0.05

# What sites are, in turn; every fifth is a new one that can open.
KINDS = ("community_hospital", "nursing_home", "care_home", "nursing_home", "care_home")
NEW_KINDS = ("nursing_home", "extra_care", "care_home")
OPEN_GBP = {"community_hospital": 30_000, "nursing_home": 12_000, "care_home": 11_000, "extra_care": 10_000}
HOUSE_NAMES = ("Beeches", "Cedars", "Elms", "Hawthorns", "Larches", "Laurels", "Limes", "Rowans", "Willows")
KIND_NAMES = {"nursing_home": "Nursing Home", "care_home": "Care Home", "extra_care": "Extra Care"}
BEGINNINGS = (
    *("Ald", "Bram", "Cald", "Dorn", "Els", "Farn", "Grim", "Hazel", "Ickl", "Kelm", "Lang", "Marl"),
    *("Nether", "Os", "Pels", "Quen", "Rush", "Sels", "Thorn", "Ulf", "Wend", "Yarn"),
)
MIDDLES = ("a", "en", "er", "in", "le", "o")
ENDINGS = (
    *("bourne", "bridge", "bury", "combe", "den", "field", "ford", "grove", "ham", "hurst"),
    *("ley", "mere", "stead", "ton", "wick", "worth"),
)


@dataclass(frozen=True)
class Places:
    """The tables localities, hospitals, catchments and sites, and the journeys between them."""

    localities: pd.DataFrame
    hospitals: pd.DataFrame
    catchments: pd.DataFrame
    sites: pd.DataFrame

    @property
    def minutes_to_sites(self) -> np.ndarray:
        """Journey from each locality (row) to each site (column) [minutes]."""
        return _minutes(self.localities, self.sites)


def places(
    rng: np.random.Generator, localities_wanted: int, hospitals_wanted: int, sites_wanted: int
) -> Places:
    """Towns of different size on an English-like map, the largest of which have hospitals and sites."""
    localities = _localities(rng, localities_wanted)
    hospitals = _hospitals(rng, localities, hospitals_wanted)
    catchments = _catchments(rng, localities, hospitals)
    return Places(localities, hospitals, catchments, _sites(rng, localities, sites_wanted))


def _localities(rng: np.random.Generator, number: int) -> pd.DataFrame:
    names = place_names(rng, number)
    latitude, longitude = _positions(rng, number)
    spread = np.exp(POPULATION_SPREAD * rng.standard_normal(number))
    population = np.clip(POPULATION_MEDIAN * spread, POPULATION_LEAST, POPULATION_MOST).round(-1)
    keys = [key_of(name) for name in names]
    return pd.DataFrame(
        {
            "locality": keys,
            "name": names,
            "latitude": latitude,
            "longitude": longitude,
            "population_65_plus": population,
            "network": _networks(latitude, longitude, population, keys),
            "home_travel_share": _home_travel_share(rng, population),
        }
    )


def _positions(rng: np.random.Generator, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes and longitudes of random places on a square map, none nearer to another than KM_APART."""
    side = KM_BETWEEN_TOWNS * np.sqrt(number)
    chosen: list[np.ndarray] = []
    while len(chosen) < number:
        candidate = rng.random(2) * side
        if all(np.hypot(*(candidate - other)) >= KM_APART for other in chosen):
            chosen.append(candidate)
    east, north = np.array(chosen).T
    return np.round(LATITUDE + north / KM_PER_LATITUDE, 3), np.round(LONGITUDE + east / KM_PER_LONGITUDE, 3)


def _home_travel_share(rng: np.random.Generator, population: np.ndarray) -> np.ndarray:
    """The smaller the town, the longer the way from visit to visit [share of paid time]."""
    rural = np.log(POPULATION_MOST / population) / np.log(POPULATION_MOST / POPULATION_LEAST)
    share = HOME_TRAVEL_TOWN + (HOME_TRAVEL_COUNTRY - HOME_TRAVEL_TOWN) * rural
    noise = 0.02 * rng.standard_normal(len(population))
    clipped: np.ndarray = np.clip(share + noise, HOME_TRAVEL_TOWN, HOME_TRAVEL_COUNTRY)
    return clipped.round(2)


def _networks(
    latitude: np.ndarray, longitude: np.ndarray, population: np.ndarray, keys: list[str]
) -> list[str]:
    """Neighbours together, about five to a network, which is called after its largest town."""
    number = max(1, round(len(keys) / LOCALITIES_PER_NETWORK))
    km = np.array([longitude * KM_PER_LONGITUDE, latitude * KM_PER_LATITUDE])
    network = [""] * len(keys)
    for group in _split(list(range(len(keys))), number, km):
        largest = max(group, key=lambda i: (population[i], keys[i]))
        for i in group:
            network[i] = f"{keys[largest]}_network"
    return network


def _split(group: list[int], parts: int, km: np.ndarray) -> list[list[int]]:
    """Cuts a group across its longer side again and again until there are that many parts."""
    if parts == 1:
        return [group]
    along = km[np.argmax(np.ptp(km[:, group], axis=1))]
    ordered = sorted(group, key=lambda i: (along[i], i))
    first = parts // 2
    cut = round(len(group) * first / parts)
    return _split(ordered[:cut], first, km) + _split(ordered[cut:], parts - first, km)


def _hospitals(rng: np.random.Generator, localities: pd.DataFrame, number: int) -> pd.DataFrame:
    towns = localities.iloc[_large_towns_apart(localities, number)].reset_index(drop=True)
    latitude, longitude = _near(rng, towns)
    return pd.DataFrame(
        {
            "hospital": towns["locality"] + "_general",
            "name": towns["name"] + " General Hospital",
            "latitude": latitude,
            "longitude": longitude,
            "sub_region": np.where(latitude >= np.median(latitude), "north", "south"),
        }
    )


def _near(rng: np.random.Generator, towns: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes and longitudes of one address in or by each town, up to a kilometre from its middle."""
    return tuple(
        np.round(towns[axis].to_numpy() + rng.uniform(-1, 1, len(towns)) / km, 3)
        for axis, km in (("latitude", KM_PER_LATITUDE), ("longitude", KM_PER_LONGITUDE))
    )


def _large_towns_apart(localities: pd.DataFrame, number: int) -> list[int]:
    """Rows of towns, largest first, well apart; the distance asked for is halved until there are enough."""
    by_size = localities.sort_values(["population_65_plus", "locality"], ascending=[False, True])
    km = _km(localities, localities)
    apart = KM_BETWEEN_TOWNS * np.sqrt(len(localities) / number)
    chosen: list[int] = []
    while len(chosen) < number:
        for i in by_size.index:
            if len(chosen) < number and i not in chosen and all(km[i, chosen] >= apart):
                chosen.append(int(i))
        apart /= 2
    return chosen


def _catchments(rng: np.random.Generator, localities: pd.DataFrame, hospitals: pd.DataFrame) -> pd.DataFrame:
    """Shares by a logit of the journey and of a size drawn for each hospital; small ones are left out."""
    size = rng.uniform(0.7, 1.4, len(hospitals))
    minutes = _minutes(localities, hospitals)
    pull = size * np.exp(-(minutes - minutes.min(axis=1, keepdims=True)) / MINUTES_PER_UNIT_OF_CHOICE)
    share = pull / pull.sum(axis=1, keepdims=True)
    rows = []
    for locality, shares in zip(localities["locality"], share, strict=True):
        thousandths = _thousandths(np.where(shares >= SMALLEST_CATCHMENT, shares, 0.0))
        rows += [
            {"locality": locality, "hospital": hospital, "share": part / 1000}
            for hospital, part in zip(hospitals["hospital"], thousandths, strict=True)
            if part > 0
        ]
    return pd.DataFrame(rows)


def _thousandths(weights: np.ndarray) -> list[int]:
    """Whole thousandths in proportion to the weights; the largest takes what rounding leaves."""
    parts = [int(part) for part in np.floor(1000 * weights / weights.sum())]
    parts[int(np.argmax(weights))] += 1000 - sum(parts)
    return parts


def _sites(rng: np.random.Generator, localities: pd.DataFrame, number: int) -> pd.DataFrame:
    """Sites in the larger towns, well apart; `is_open` is false for those that can open."""
    first = _large_towns_apart(localities, min(number, len(localities)))
    towns = localities.iloc[[first[i % len(first)] for i in range(number)]].reset_index(drop=True)
    is_new = np.arange(number) % 5 == 3
    kinds = _kinds(is_new)
    names = unique(
        [_site_name(i, kind, town) for i, (kind, town) in enumerate(zip(kinds, towns["name"], strict=True))]
    )
    latitude, longitude = _near(rng, towns)
    open_gbp = np.array([OPEN_GBP[kind] for kind in kinds]) * rng.uniform(0.9, 1.3, number)
    is_kept = np.array([kind == "community_hospital" for kind in kinds]) & (rng.random(number) < 0.5)
    return pd.DataFrame(
        {
            "site": [key_of(name) for name in names],
            "name": names,
            "locality": towns["locality"],
            "provider": _providers(kinds),
            "kind": kinds,
            "latitude": latitude,
            "longitude": longitude,
            "open_gbp_per_month": np.round(open_gbp, -2),
            "is_open": ~is_new,
            "can_close": ~is_kept,
        }
    )


def _kinds(is_new: np.ndarray) -> list[str]:
    old, new = 0, 0
    kinds = []
    for is_one_to_open in is_new:
        kinds.append(NEW_KINDS[new % len(NEW_KINDS)] if is_one_to_open else KINDS[old % len(KINDS)])
        old, new = old + (not is_one_to_open), new + bool(is_one_to_open)
    return kinds


def _site_name(position: int, kind: str, town: str) -> str:
    if kind == "community_hospital":
        return f"{town} Community Hospital"
    return f"{town} {HOUSE_NAMES[position % len(HOUSE_NAMES)]} {KIND_NAMES[kind]}"


def _providers(kinds: list[str]) -> list[str]:
    """The community trust runs its hospitals, three companies the other sites in turn."""
    return [
        "Community Health Trust" if kind == "community_hospital" else f"Care Company {'ABC'[i % 3]}"
        for i, kind in enumerate(kinds)
    ]


def _minutes(origins: pd.DataFrame, destinations: pd.DataFrame) -> np.ndarray:
    """Journey from each origin (row) to each destination (column) [minutes]."""
    return _km(origins, destinations) * DETOUR_FACTOR / SPEED_KMH * 60


def _km(origins: pd.DataFrame, destinations: pd.DataFrame) -> np.ndarray:
    return great_circle_km(
        *(origins[axis].to_numpy()[:, None] for axis in ("latitude", "longitude")),
        *(destinations[axis].to_numpy() for axis in ("latitude", "longitude")),
    )


def place_names(rng: np.random.Generator, number: int) -> list[str]:
    """That many different names; UsageError where there are not as many."""
    names = ["".join(syllables) for syllables in product(BEGINNINGS, MIDDLES, ENDINGS)]
    if number > len(names):
        raise UsageError(f"there are names for {len(names)} localities, not {number}")
    return [names[i] for i in rng.permutation(len(names))[:number]]


def unique(names: list[str]) -> list[str]:
    """The names, with a number after each repeated one."""
    seen: dict[str, int] = {}
    numbered = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        numbered.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return numbered


def key_of(name: str) -> str:
    """The lower_snake_case key of a name made of letters, digits, blanks and commas."""
    return "_".join(name.lower().replace(",", " ").split())
