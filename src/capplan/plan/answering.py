"""A question answered: checked, and solved as it was posed."""

from __future__ import annotations

from capplan.checks import Checked, check_question
from capplan.plan.solving import solve
from capplan.question import Question
from capplan.solved import Plan
from capplan.solver.watching import OnProgress


def answer(question: Question, *, base: Checked | None = None, on_progress: OnProgress | None = None) -> Plan:
    """The plan that a question asks for.

    `base`: the same instance, or one like it, that was checked before: what holds of both is not asked again. Raises
    UsageError for a change that cannot be made, InvalidInstance, and what `solve` raises.
    """
    check_question(question, base)
    return solve(
        question.changed,
        as_is=question.is_as_is,
        best_effort=question.best_effort,
        options=question.options,
        on_progress=on_progress,
    )
