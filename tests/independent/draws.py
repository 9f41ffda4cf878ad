"""Instances drawn by a seed."""

from __future__ import annotations

import numpy as np

from capplan.instance import Instance
from tests.strategies import FEATURES, instance_with

SCHEMES_AT_MOST = 2
"""Features about schemes in one draw: a second model tries every way in which they can go live."""


def half_of_the_features(seed: int) -> Instance:
    """An instance with about half of all features, a few of those about schemes."""
    random = np.random.default_rng(seed)
    drawn = [name for name in sorted(FEATURES) if random.random() < 0.5]
    schemes = [name for name in drawn if name.startswith("scheme")]
    spare = set(random.permutation(schemes)[SCHEMES_AT_MOST:])
    return instance_with([name for name in drawn if name not in spare], seed)
