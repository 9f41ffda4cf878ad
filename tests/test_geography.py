"""Journeys, networks, and what the filters of a row match."""

import numpy as np
import pytest

from capplan.geography import great_circle_km, localities_of, matches, names, travel_minutes
from capplan.instance import Instance


def instance(**given: object) -> Instance:
    tables = {
        "localities": """
            locality,latitude,longitude,network
            north,52,0,hills
            south,51,0,plains
            nowhere,,,hills
            """,
        "sites": """
            site,locality,latitude,longitude
            hill,north,,
            dale,south,51,1
            lost,nowhere,,
            """,
        "travel": "locality,site,minutes\nsouth,dale,17",
        "pathways": "pathway,direction,delay_day_gbp,unmet_gbp\np,step_down,1,1",
        "packages": "package,setting,stay_days\nm,home,1",
        "eligibility": "pathway,package\np,m",
        "referrals": "pathway,people_per_month\np,1",
    }
    settings = {"title": "Places", "start": "2017-04-01", "periods": 1}
    return Instance.from_frames(
        settings | {k: v for k, v in given.items() if k not in tables},
        **tables | {k: v for k, v in given.items() if k in tables},
    )


def km(*places: float) -> float:
    return float(great_circle_km(*(np.array(place) for place in places)))


def test_a_degree_of_latitude_is_111_km():
    assert km(51, 0, 52, 0) == pytest.approx(111.19, abs=0.01)


def test_a_degree_of_longitude_shrinks_with_the_cosine_of_the_latitude():
    assert km(0, 0, 0, 1) == pytest.approx(111.19, abs=0.01)
    assert km(60, 0, 60, 1) == pytest.approx(111.19 / 2, abs=0.01)


def test_london_and_edinburgh_are_534_km_apart_either_way():
    there = km(51.5074, -0.1278, 55.9533, -3.1883)
    assert there == pytest.approx(534, abs=1)
    assert km(55.9533, -3.1883, 51.5074, -0.1278) == pytest.approx(there)


def test_the_other_side_of_the_globe_is_half_way_round():
    assert km(0, 0, 0, 180) == pytest.approx(np.pi * 6371)


def test_a_row_of_travel_comes_before_the_distance():
    assert travel_minutes(instance()).at["south", "dale"] == 17


def test_distances_are_driven_with_a_detour_at_road_speed():
    minutes = travel_minutes(instance(speed_kmh=50, detour_factor=1.2))
    # The hill has no coordinates and stands where the north is: a degree of latitude from the south.
    assert minutes.at["south", "hill"] == pytest.approx(111.19 * 1.2 / 50 * 60, rel=1e-4)
    assert minutes.at["north", "hill"] == 0


def test_without_coordinates_only_the_own_locality_is_known():
    minutes = travel_minutes(instance())
    assert minutes.at["nowhere", "lost"] == 0
    assert np.isnan(minutes.at["north", "lost"])
    assert np.isnan(minutes.at["nowhere", "dale"])


def test_a_place_is_a_locality_a_network_all_or_several():
    places = instance()
    assert localities_of(places, "north") == {"north"}
    assert localities_of(places, "hills") == {"north", "nowhere"}
    assert localities_of(places, "south;hills") == {"north", "south", "nowhere"}
    everywhere = {"north", "south", "nowhere"}
    assert localities_of(places, "all") == everywhere
    assert localities_of(places, None) == everywhere
    assert localities_of(places, np.nan) == everywhere


def test_a_name_that_is_a_locality_and_a_network_means_the_locality():
    places = instance(localities="locality,network\nnorth,south\nsouth,hills\nnowhere,south")
    assert localities_of(places, "south") == {"south"}
    assert localities_of(places, "hills;south") == {"south"}


def test_an_empty_filter_matches_every_name():
    assert names(np.nan) == frozenset()
    assert names("a;b") == {"a", "b"}
    assert matches(np.nan, "a")
    assert matches("a;b", "b")
    assert not matches("a;b", "c")
