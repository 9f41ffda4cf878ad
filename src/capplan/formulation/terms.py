"""Sums that families, costs and targets are made of, and where a cost is booked."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from capplan.modelling import Linear, LinearExpression, MonomialTermExpression, VarData

Pair = tuple[float, VarData]
"""A coefficient and a variable."""
Terms = tuple[list[Pair], float]
"""Pairs and a constant."""


def scaled(terms: Terms, factor: float) -> Terms:
    """Terms times a factor."""
    return [(factor * coefficient, variable) for coefficient, variable in terms[0]], factor * terms[1]


def added(parts: Iterable[Terms]) -> Terms:
    """The sum of terms."""
    pairs: list[Pair] = []
    constant = 0.0
    for more, number in parts:
        pairs.extend(more)
        constant += number
    return pairs, constant


def weighted_sum(pairs: Iterable[Pair], constant: float = 0.0) -> Linear:
    """Σ coefficient · variable + constant, built in one go."""
    products = map(MonomialTermExpression, pairs)
    return LinearExpression([constant, *products] if constant else list(products))


def total(variables: Iterable[VarData]) -> Linear:
    """Σ variable."""
    return weighted_sum(zip(itertools.repeat(1.0), variables, strict=False))


class Term(NamedTuple):
    """A cost in period t: Σ £ · variable + constant, and whom the `costs` table books it on.

    Where `shared_by` names a stream or a home-care zone with a stage of care, the table splits the amount over the
    localities that are in it, in proportion to `shared_as` (starts, unmet, waiting_before, waiting; caseload,
    onward_starts).
    """

    key: str
    provider: str
    locality: str
    site: str
    t: int
    gbp: tuple[Pair, ...]
    constant: float = 0.0
    shared_by: tuple[str, ...] = ()
    shared_as: str = ""


Contributor = Callable[..., Iterator[Term]]
"""What gives the costs of one item in a model."""
OF_STAGE = frozenset({"caseload", "onward_starts"})
"""Ways to share a cost out over the localities of a zone: by people in a stage of care, or who come to it."""
