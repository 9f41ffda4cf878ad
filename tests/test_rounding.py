"""Numbers in result tables as people write them."""

import math

import numpy as np
import pandas as pd
import pytest

from capplan.results.rounding import to_significant_digits


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (2.0000000000000013, "2.0"),
        (0.1 + 0.2, "0.3"),
        (-14.899999999999999, "-14.9"),
        (1234567.8900000001, "1234567.89"),
        (3e-13, "0.0"),
        (-3e-13, "0.0"),
        (1e15 + 0.125, "1000000000000000.0"),
        (1 / 3, "0.333333333333"),
        (math.inf, "inf"),
    ],
)
def test_a_number_keeps_twelve_digits_and_no_dust(number, written):
    table = to_significant_digits(pd.DataFrame({"role": ["worker"], "wte": [number]}))
    assert repr(float(table["wte"].iloc[0])) == written
    assert list(table.columns) == ["role", "wte"]


def test_what_is_not_known_stays_so():
    table = pd.DataFrame({"gap_gbp": [np.nan, 1.0], "is_met": [None, True]})
    kept = to_significant_digits(table)
    assert kept["gap_gbp"].isna().tolist() == [True, False]
    assert kept["is_met"].tolist() == [None, True]
