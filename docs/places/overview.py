"""docs/places.md: every place, every run of it, and what came out."""

from __future__ import annotations

from docs.places.known import PLACES
from docs.places.page import read_numbers
from docs.places.place import Numbers, Place
from docs.places.tables import runs_table

PREFACE = """\
# The places

Each place is an instance in `instances/` whose numbers have a source or are marked as assumptions, and a page that
tells its plan. Below is every run of each: today's capacity (fixed, with no target imposed), the plan, and every
scenario of the instance.

*Proved to* is the share of the cost by which a better plan may still exist; *exact* means none. Where the imposed
targets cannot all be met, the run is a best effort: it misses as little as possible, then costs as little as possible,
and its cost cannot be compared with that of a plan that meets everything. *Targets met* counts imposed targets in every
window and for every member. The cost includes what people who wait or go without are priced at; it is for the whole
horizon.

`make places` solves all of it anew; `make places PLACE=NAME` one place. The numbers carry a fingerprint of the instance
that they were made from, and the docs check fails when the instance has changed since.
"""


def page() -> str:
    """The whole page."""
    return "\n\n".join([PREFACE.strip(), *(_section(place) for place in PLACES.values())]) + "\n"


def _section(place: Place) -> str:
    numbers = read_numbers(place)
    return f"## {place.title}\n\n{_about(place, numbers)}\n\n{runs_table(place, numbers)}"


def _about(place: Place, numbers: Numbers) -> str:
    size = numbers["size"]
    return (
        f"[The story]({place.name}.md); `instances/{place.instance}`: {size['localities']} localities, "
        f"{size['hospitals']} hospitals, {size['sites']} sites, {size['pathways']} pathways, "
        f"{size['packages']} packages, {size['periods']} periods; "
        f"{numbers['sources'].get('assumption', 0):,} of {sum(numbers['sources'].values()):,} numbers are assumptions."
    )
