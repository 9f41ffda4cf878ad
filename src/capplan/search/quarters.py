"""The same question in quarters instead of months: a third of the size, for a first plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from capplan import modelling as pyo
from capplan.formulation.model import Model
from capplan.instance import Instance

MONTHS = 3


def in_quarters(instance: Instance) -> Instance | None:
    """The instance with quarterly periods and the same decision points; None where that cannot be.

    Lags are rounded up to whole quarters and limits on hires taken three at a time, so that its plans are near the
    monthly ones, not equal: they are to be fixed and priced by the month.
    """
    settings = instance.settings
    every = settings.periods_between_decisions
    if settings.period != "month" or every % MONTHS or settings.periods % MONTHS:
        return None
    if (settings.start.month - 1) % MONTHS:
        return None
    quarterly = settings.model_copy(
        update={
            "period": "quarter",
            "periods": settings.periods // MONTHS,
            "capacity_changes_every": every // MONTHS,
        }
    )
    written = instance.written
    return instance.trusted(
        settings=quarterly,
        site_beds=_fewer(written["site_beds"], "lead_periods", "notice_periods"),
        shifts=_fewer(written["shifts"], "lead_periods", "notice_periods"),
        roles=_fewer(written["roles"], "recruitment_periods"),
        schemes=_times_three(
            _fewer(written["schemes"], "lag_periods", "ramp_periods", "lasts_periods", "pilot_periods"),
            "go_lives_max_per_period",
        ),
        staff=_times_three(written["staff"], "hires_max_per_period"),
    )


def _fewer(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    present = [column for column in columns if column in frame]
    return frame.assign(**{column: np.ceil(frame[column] / MONTHS) for column in present})


def _times_three(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.assign(**{column: frame[column] * MONTHS}) if column in frame else frame


def decision_key(m: Model, variable: pyo.VarData) -> tuple[Any, ...]:
    """What a capacity decision is called whatever the length of a period: its name, its place, the how-manieth."""
    *place, e = variable.index()
    return variable.parent_component().local_name, *place, m.DECISIONS.index(e)
