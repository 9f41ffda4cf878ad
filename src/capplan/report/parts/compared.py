"""Several plans compared, as `capplan compare` does: what differs, why, who gains and who pays."""

from __future__ import annotations

from collections.abc import Sequence

from capplan.compare import Given, compare, sections
from capplan.errors import UsageError
from capplan.report.blocks import Part, part_of
from capplan.report.subject import Subject


def what_differs(subjects: Sequence[Subject]) -> Part | None:
    """The comparison with the first plan; where the plans share no time or place, that is said."""
    given = [
        Given(one.name, one.plan, one.info.get("scenario"), tuple(one.info.get("overrides") or ()))
        for one in subjects
    ]
    try:
        found = sections(compare(given))
    except UsageError as error:
        return Part("What differs", (str(error),))
    return part_of(found, "What differs")
