"""The settings of an instance (`instance.toml`, or the sheet `instance` of a workbook)."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

PERIODS_PER_QUARTER = {"week": 13, "month": 3, "quarter": 1}


def _a_day(value: object) -> object:
    """A date, or a month (`2017-04`) that stands for its first day."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, str) and len(value.strip()) == len("2017-04"):
        return f"{value.strip()}-01"
    return value


Day = Annotated[datetime.date, BeforeValidator(_a_day)]


class Settings(BaseModel):
    """What holds for the whole instance; every field is a line of `instance.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1, description="What the instance is about, in a few words.")
    description: str = Field("", description="Longer text: the question, the place, the year.")
    start: Day = Field(description="First day of the plan (a date; 2017-04 stands for 2017-04-01).")
    period: Literal["month", "week", "quarter"] = Field(
        "month",
        description="Length of a period: calendar months or quarters (the first is cut short when `start` is not "
        "its first day) or weeks from `start`.",
    )
    periods: int = Field(ge=1, le=2000, description="Number of periods in the plan.")
    capacity_changes_every: int | None = Field(
        None,
        ge=1,
        description="Periods between the decision points at which beds, posts and shifts may change "
        "(one quarter where left out).",
    )
    change_gbp: float = Field(
        100,
        ge=0,
        description="What it takes to open or close one bed, post or shift [£]; keeps plans from flapping.",
    )
    opening: Literal["steady", "empty", "census"] = Field(
        "steady",
        description="Who is in care when the plan starts: as many as if people had always started as in the first "
        "period (steady), nobody (empty), or the people in the table `census`.",
    )
    year_starts: int = Field(4, ge=1, le=12, description="Month in which a financial year begins.")
    price_year: str | None = Field(None, description="Price year of the costs, e.g. 2017/18.")
    discount_rate_per_year: float = Field(0, ge=0, le=1, description="Discount rate a year (0.035 = 3.5 %).")
    price_rise_per_year: float = Field(0, gt=-1, le=1, description="Rise of every price a year (0.02 = 2 %).")
    travel_minutes_max: float | None = Field(
        None, gt=0, description="Longest journey from a locality to a site [minutes]; none: any journey."
    )
    travel_gbp_per_minute: float = Field(
        0, ge=0, description="Price of travel per person and start, per minute from locality to site [£]."
    )
    speed_kmh: float = Field(
        40, gt=0, description="Road speed for journeys without a row in `travel` [km/h]."
    )
    detour_factor: float = Field(
        1.3,
        ge=1,
        description="Road distance over distance as the crow flies, for journeys without a row in `travel`.",
    )
    bank_holidays: Literal["england", "wales", "scotland", "northern_ireland", "none"] = Field(
        "england", description="Whose bank holidays count in shift patterns."
    )

    @property
    def periods_between_decisions(self) -> int:
        """Periods from one decision point to the next."""
        return self.capacity_changes_every or PERIODS_PER_QUARTER[self.period]
