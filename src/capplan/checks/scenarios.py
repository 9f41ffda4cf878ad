"""Scenarios: changes that cannot be made, probabilities that do not add up."""

from __future__ import annotations

from collections.abc import Iterator

from capplan import wording
from capplan.checks.facts import Facts
from capplan.checks.problems import at_rows, problem
from capplan.errors import CapplanError, Problem, Severity
from capplan.overrides import apply_scenario


def scenario_cannot_be_applied(facts: Facts) -> Iterator[Problem]:
    """The changes of a scenario cannot be read, touch nothing, or lead to a number that is not allowed."""
    scenarios = facts.table("scenarios")
    for row, key in scenarios["scenario"].items():
        why = _why_not(facts, str(key))
        if why is not None:
            yield problem(
                "scenarios",
                f"the changes of '{key}' cannot be made: {why}",
                row=int(row),
                column="changes",
                value=scenarios.at[row, "changes"],
                now="write TABLE[COLUMN=VALUE].COLUMN = NUMBER (or *=, +=), several with ; between them",
            )


def _why_not(facts: Facts, scenario: str) -> str | None:
    """Why a scenario's changes cannot be made; None where they can. Each rests on the tables that it changes."""

    def tried() -> str | None:
        try:
            apply_scenario(facts, scenario)
        except CapplanError as error:
            return str(error)
        return None

    return facts.worked_out(("scenario", scenario), tried)


def probabilities_do_not_sum_to_one(facts: Facts) -> Iterator[Problem]:
    """Scenarios have probabilities and they do not sum to 1, or some have none."""
    scenarios = facts.table("scenarios")
    has_one = scenarios["probability"].notna()
    if not has_one.any():
        return
    yield from at_rows(
        facts,
        "scenarios",
        scenarios[~has_one],
        "'{scenario}' has no probability, and other scenarios have one",
        column="probability",
        now="give each scenario one, or none",
        severity=Severity.WARNING,
    )
    total = scenarios["probability"].sum()
    if has_one.all() and abs(total - 1) > 0.001:
        yield problem(
            "scenarios",
            f"the probabilities sum to {wording.exact(total)}, not 1",
            row=int(scenarios.index[0]),
            column="probability",
            value=scenarios["probability"].iloc[0],
            now="make them sum to 1",
            severity=Severity.WARNING,
        )


RULES = (scenario_cannot_be_applied, probabilities_do_not_sum_to_one)
