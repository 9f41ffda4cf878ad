"""The page on congestion: its numbers are those of the formulas and of the simulation that is there."""

from __future__ import annotations

import json

import pytest

from capplan.queueing import erlang_b, mean_queue
from docs import congestion_page, congestion_picture
from docs.congestion_simulation import KINDS, UNITS

MEASURED = json.loads(congestion_page.MEASURED.read_text(encoding="utf-8"))


def test_the_simulation_is_of_the_units_that_are_there():
    assert [(unit["beds"], unit["load"]) for unit in MEASURED["units"]] == list(UNITS)
    assert [(kind["cv_squared"], kind["distribution"]) for kind in MEASURED["kinds"]] == list(KINDS)


@pytest.mark.parametrize("unit", MEASURED["units"], ids=lambda unit: f"{unit['beds']} beds")
def test_the_errors_are_as_the_page_says(unit):
    for queue in unit["queues"]:
        formula = float(mean_queue(unit["beds"], unit["load"], queue["cv_squared"]))
        people, noise = queue["people"], 3 * queue["error"]
        if queue["cv_squared"] <= 0.65:
            assert abs(formula - people) <= max(0.05 * people, 0.2) + noise
        elif queue["cv_squared"] == 1:
            assert abs(formula - people) <= noise
        elif queue["distribution"] == "lognormal":
            assert formula > people - noise


def test_who_is_turned_away_is_not_in_the_beds():
    share = congestion_picture.turned_away(10, 0.92)
    load = 9.2 / (1 - share)

    assert float(erlang_b(10, load)) == pytest.approx(share)
    assert load * share == pytest.approx(load - 9.2)


def test_the_mean_wait_is_the_queue_over_the_people_who_start_in_a_day():
    starts_a_day = 0.92 * 70 / 30

    assert congestion_picture.wait_days(70, 0.92) == pytest.approx(
        float(mean_queue(70, 0.92 * 70, 0.5)) / starts_a_day
    )


def test_a_picture_of_other_numbers_is_stale(tmp_path, monkeypatch):
    picture = tmp_path / congestion_picture.NAME
    assert not congestion_picture.is_current(picture)
    congestion_picture.draw(picture)
    assert congestion_picture.is_current(picture)
    monkeypatch.setattr(congestion_picture, "CV_SQUARED", 0.6)
    assert not congestion_picture.is_current(picture)
