"""What `capplan explain` does: check, solve, and say why there is no plan or what one unit more is worth."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import capplan
from capplan import wording
from capplan.checks import check_question
from capplan.cli.output import Output
from capplan.errors import Infeasible, UsageError
from capplan.explain import (
    TODAY_HAS_NO_PLAN,
    Explanation,
    as_table,
    explain_infeasible,
    feasible_sections,
    one_more_table,
    sections,
)
from capplan.explain.limits.limit import Kind
from capplan.plan import answer
from capplan.question import Question
from capplan.results.tables import ONE_MORE
from capplan.runs import Run, is_run, keep_answer, read_run
from capplan.sections import Section
from capplan.solved import Plan, Solved
from capplan.solver.progress import show_progress
from capplan.solver_options import SolverOptions


@dataclass(frozen=True)
class Request:
    """What was asked on the command line."""

    path: Path
    sets: tuple[str, ...]
    scenario: str | None
    prices: tuple[str, ...]
    time_limit: float | None
    gap: float
    n_solved: int
    jobs: int | None
    threads: int | None

    @property
    def options(self) -> SolverOptions:
        """How closely and how long instances are solved; UsageError where that makes no sense."""
        return SolverOptions(gap=self.gap, time_limit=self.time_limit, threads=self.threads)

    def question(self, run: Run | None) -> Question:
        """What is asked of the instance at the path; of a run with today's capacity, that stays fixed."""
        instance = capplan.read(self.path) if run is None else run.instance
        is_as_is = run is not None and run.is_as_is
        return Question(instance, self.sets, self.scenario, is_as_is, options=self.options)


def explain(request: Request, output: Output) -> None:
    """Answers with the conflicts and the mends, or with what one unit more is worth; the exit code says which."""
    prices = prices_of(request.prices)
    run = read_run(request.path) if is_run(request.path) else None
    is_saved = run is not None and not request.sets and request.scenario is None
    question = request.question(run)
    try:
        plan = _saved(run, question) if run is not None and is_saved else _solved(question, output)
    except Infeasible:
        _tell_conflicts(question, prices, output)
        sys.exit(Infeasible.exit_code)
    output.note("Solving again with one unit more …")
    table = one_more_table(plan, question.options, request.n_solved, request.jobs)
    if is_saved:
        keep_answer(request.path, ONE_MORE.name, table)
    title = Section(question.posed.settings.title)
    output.answer(lambda: (title, *feasible_sections(plan, table)), table)


def _saved(run: Run, question: Question) -> Solved:
    """The run itself, its instance checked; today's capacity was fixed in it after it had been."""
    if not run.is_as_is:
        check_question(question)
    return run


def _solved(question: Question, output: Output) -> Plan:
    with show_progress(quiet=output.is_quiet, number=wording.money) as on_progress:
        return answer(question, on_progress=on_progress)


def _tell_conflicts(question: Question, prices: Mapping[Kind, float], output: Output) -> None:
    title = Section(question.posed.settings.title)
    if question.is_as_is:
        nothing = as_table(Explanation(question.posed, None, (), (), ()))
        output.answer(lambda: (title, Section("", (TODAY_HAS_NO_PLAN,))), nothing)
        return
    output.note("There is no plan. Looking for what cannot all hold, and what would mend it …")
    explanation = explain_infeasible(question.posed, question.options, prices)
    output.answer(lambda: (title, *sections(explanation)), as_table(explanation))


def prices_of(texts: Sequence[str]) -> dict[Kind, float]:
    """Prices by kind out of KIND=GBP; UsageError, with the kinds there are, where one cannot be read."""
    prices = {}
    for text in texts:
        name, _, number = text.partition("=")
        try:
            kind, price = Kind(name.strip()), float(number.strip().removeprefix("£"))
        except ValueError:
            kinds = ", ".join(kind.value for kind in Kind)
            raise UsageError(f"'{text}' is no price: write KIND=GBP, where KIND is one of {kinds}") from None
        if not 0 < price < math.inf:
            raise UsageError(f"'{text}': a price is above 0")
        prices[kind] = price
    return prices
