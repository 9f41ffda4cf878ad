"""What full beds do to those who come, by chance: the published formulas, written for the checker alone."""

from __future__ import annotations

from math import sqrt

HARDLY_ANYBODY = 1e-4
"""A load that nobody queues for: people in care, less those in spot beds, are known to a millionth of their sum."""


def share_refused(beds: int, load: float) -> float:
    """Share of those who come that full beds turn away: Erlang's loss formula, one bed more at a time."""
    if load <= HARDLY_ANYBODY:
        return 0.0
    inverse = 1.0
    for bed in range(1, beds + 1):
        inverse = 1 + inverse * bed / load
    return 1 / inverse


def share_waiting(beds: int, load: float) -> float:
    """Share of those who come that have to wait: Erlang's delay formula, from the loss formula."""
    if load <= HARDLY_ANYBODY:
        return 0.0
    if load >= beds:
        return 1.0
    loss = share_refused(beds, load)
    return loss / (1 - load / beds * (1 - loss))


def people_queueing(beds: int, load: float, cv_squared: float) -> float:
    """People queueing by chance: Erlang's for exponential stays, interpolated (Cosmetatos) for others."""
    if load <= HARDLY_ANYBODY:
        return 0.0
    if load >= beds:
        return float("inf")
    busy = load / beds
    exponential = share_waiting(beds, load) * busy / (1 - busy)
    if cv_squared > 1 or exponential == 0:
        return (1 + cv_squared) / 2 * exponential
    gain = (1 - busy) * (beds - 1) * (sqrt(4 + 5 * beds) - 2) / (16 * beds * busy)
    fixed = exponential * (1 + gain) / 2
    return (1 + cv_squared) / ((1 - cv_squared) / fixed + 2 * cv_squared / exponential)
