"""What was asked and solved: instance, scenario, changes, solver, versions."""

from __future__ import annotations

from collections.abc import Iterator

from capplan import cells, wording
from capplan.cells import Content
from capplan.digest import how_good
from capplan.horizon import Horizon
from capplan.report.blocks import Part, Table
from capplan.report.subject import Subject
from capplan.sections import grid


def about_this_plan(subject: Subject) -> Part:
    """Where the plan comes from and how good it is proved to be."""
    rows = [(name, said) for name, said in _facts(subject) if said]
    description = (subject.plan.instance.settings.description or "").strip()
    lines = tuple(filter(None, [" ".join(description.split()), *how_good(subject.plan)]))
    return Part("About this plan", lines, (Table("What was solved", grid(("what", "said"), rows)),))


def _facts(subject: Subject) -> Iterator[tuple[str, Content]]:
    info, settings = subject.info, subject.plan.instance.settings
    horizon = Horizon.of(settings)
    yield "name of the run", subject.name
    yield "scenario", str(info.get("scenario") or "")
    yield "changes to the instance", "; ".join(info.get("overrides") or ())
    yield "periods", f"{wording.count(len(horizon), settings.period)} from {wording.date(horizon.periods[0])}"
    yield "prices of", str(settings.price_year or "")
    yield "discount rate a year", cells.share(settings.discount_rate_per_year)
    yield "discounted cost", cells.money(subject.plan.objective)
    yield "written", wording.date(str(info["written"])[:10]) if info.get("written") else ""
    yield "versions", ", ".join(f"{name} {number}" for name, number in (info.get("versions") or {}).items())
    yield "fingerprint of the instance", str(info.get("fingerprint") or "")
