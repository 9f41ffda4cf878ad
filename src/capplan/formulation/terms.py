"""Sums that a family, a cost or a target is made of, before they become an expression."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Terms = tuple[list[tuple[float, Any]], float]
"""(coefficient, variable) pairs and a constant."""


def scaled(terms: Terms, factor: float) -> Terms:
    """Terms times a factor."""
    return [(factor * coefficient, variable) for coefficient, variable in terms[0]], factor * terms[1]


def added(parts: Iterable[Terms]) -> Terms:
    """The sum of terms."""
    pairs: list[tuple[float, Any]] = []
    constant = 0.0
    for more, number in parts:
        pairs.extend(more)
        constant += number
    return pairs, constant
