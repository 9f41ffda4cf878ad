"""Cost items: what a row of the `costs` table may be for, and what kind of money it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Spending(Enum):
    """What cash is spent on, as finance directors tell it apart."""

    PAY = "pay"
    NON_PAY = "non-pay"
    PURCHASED_CARE = "purchased care"


class BookedOn(Enum):
    """What the `key` of a row of `costs` names, and where the row is booked."""

    UNIT = "bed type, at its site"
    LIST = "bed type, at the site of a unit with a list of its own, nowhere where units share one"
    SITE = "site"
    TEAM = "role, where the team is called"
    CREW = "shift type, where the crew is called"
    START = "package, where people live and, in beds, at the site"
    DAY = "package, at the site of the bed, or where people live who are cared for at home"
    PERSON = "pathway, where people live"
    TARGET = "target, nowhere"
    SCHEME = "scheme, in its locality where it goes live locality by locality"
    HOSPITAL = "hospital or sub-region, nowhere"


@dataclass(frozen=True)
class CostItem:
    """One item of the `costs` table.

    `words` for people; `is_cash`: somebody pays it, else it is notional: what it is worth that people wait or go
    without, or that a target is missed; `spending` of cash; `is_recurrent`: it comes again in the next year;
    `booked_on`: what `key` names (an item may be booked on several kinds); `price`: the table and column of the
    instance with the price that most of it is (nothing where there are several).
    """

    name: str
    words: str
    booked_on: tuple[BookedOn, ...]
    spending: Spending | None = Spending.NON_PAY
    is_recurrent: bool = True
    price: tuple[str, str] | tuple[()] = ()

    @property
    def is_cash(self) -> bool:
        """Whether somebody pays it."""
        return self.spending is not None


_PAY, _NON_PAY, _CARE = Spending.PAY, Spending.NON_PAY, Spending.PURCHASED_CARE
_UNIT, _TEAM, _CREW = BookedOn.UNIT, BookedOn.TEAM, BookedOn.CREW

COST_ITEMS: Mapping[str, CostItem] = MappingProxyType(
    {
        item.name: item
        for item in (
            CostItem("beds", "beds", (_UNIT,), _CARE, price=("site_beds", "bed_day_gbp")),
            CostItem("sites", "buildings", (BookedOn.SITE,), price=("sites", "open_gbp_per_month")),
            CostItem(
                "openings",
                "opening beds",
                (_UNIT,),
                is_recurrent=False,
                price=("site_beds", "opening_gbp_per_bed"),
            ),
            CostItem(
                "closings",
                "closing beds",
                (_UNIT,),
                is_recurrent=False,
                price=("site_beds", "closing_gbp_per_bed"),
            ),
            CostItem("conversions", "converting beds", (_UNIT,), is_recurrent=False),
            CostItem("changes", "making changes", (_UNIT, _TEAM, _CREW), is_recurrent=False),
            CostItem("staff", "staff", (_TEAM,), _PAY, price=("staff", "wte_month_gbp")),
            CostItem(
                "hiring", "recruitment", (_TEAM,), is_recurrent=False, price=("staff", "hiring_gbp_per_wte")
            ),
            CostItem("agency", "agency hours", (_TEAM,), _PAY, price=("staff", "agency_hour_gbp")),
            CostItem("shifts", "shifts", (_CREW,), _CARE, price=("shifts", "shift_gbp")),
            CostItem("spot", "spot beds and spot care", (_UNIT, _CREW), _CARE),
            CostItem("starts", "starting care", (BookedOn.START,), _CARE, price=("packages", "start_gbp")),
            CostItem("care_days", "days in care", (BookedOn.DAY,), _CARE, price=("packages", "care_day_gbp")),
            CostItem("travel", "journeys", (BookedOn.START,)),
            CostItem(
                "failures",
                "care that did not work out",
                (BookedOn.START,),
                _CARE,
                price=("eligibility", "failure_gbp"),
            ),
            CostItem(
                "successes",
                "care that worked out",
                (BookedOn.START,),
                _CARE,
                price=("eligibility", "success_gbp"),
            ),
            CostItem("schemes", "schemes", (BookedOn.SCHEME,), price=("schemes", "month_gbp")),
            CostItem(
                "waiting", "people who wait", (BookedOn.PERSON,), None, price=("pathways", "delay_day_gbp")
            ),
            CostItem("queueing", "people who queue by chance", (BookedOn.LIST,), None),
            CostItem(
                "unmet", "people who go without", (BookedOn.PERSON,), None, price=("pathways", "unmet_gbp")
            ),
            CostItem("shortfall", "missed targets", (BookedOn.TARGET,), None),
            CostItem(
                "acute", "acute wards closed", (BookedOn.HOSPITAL,), price=("acute_beds", "ward_month_gbp")
            ),
        )
    }
)
"""Every item of the `costs` table by name, in the order of reports."""

NOTIONAL = frozenset(name for name, item in COST_ITEMS.items() if not item.is_cash)
"""Items that nobody pays: prices on people who wait, queue or go without and on missed targets."""


def cost_item(name: str) -> str:
    """An item in words; one that is new here by its own name."""
    return COST_ITEMS[name].words if name in COST_ITEMS else name.replace("_", " ")
