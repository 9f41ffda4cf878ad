"""Instances drawn by a seed."""

from __future__ import annotations

import numpy as np

from capplan.instance import Instance
from tests.strategies import FEATURES, instance_with


def half_of_the_features(seed: int) -> Instance:
    """An instance with about half of all features."""
    random = np.random.default_rng(seed)
    return instance_with([name for name in sorted(FEATURES) if random.random() < 0.5], seed)
