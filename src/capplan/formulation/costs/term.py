"""What a cost contributor gives: costs in a period, and where the `costs` table books them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple


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
    gbp: tuple[tuple[float, Any], ...]
    constant: float = 0.0
    shared_by: tuple[str, ...] = ()
    shared_as: str = ""


Contributor = Callable[[Any], Iterator[Term]]
OF_STAGE = frozenset({"caseload", "onward_starts"})
"""Ways to share a cost out over the localities of a zone: by people in a stage of care, or who come to it."""
