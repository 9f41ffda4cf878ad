"""What `capplan solve` does: check, solve, save and tell, once or for every scenario."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import pandas as pd

import capplan
from capplan import cells, wording
from capplan.cells import Content
from capplan.checks import Checked, check_fully, check_question
from capplan.cli.output import Output, tell_warnings
from capplan.cli.paths import name_of_path
from capplan.digest import digest, how_good
from capplan.errors import CapplanError, Infeasible, InvalidInstance, NoPlanFound, UsageError
from capplan.instance import Instance
from capplan.plan import answer
from capplan.question import Question
from capplan.results.status import Stopped
from capplan.runs import is_run
from capplan.runs.writing import free_place, run_info, write_run
from capplan.schema.columns import Column, Kind
from capplan.schema.names import directory_of
from capplan.schema.text import Unreadable
from capplan.sections import Section, grid
from capplan.solved import Plan
from capplan.solver.progress import show_progress
from capplan.solver_options import SolverOptions
from capplan.today import is_do_nothing

ALL = "all"
SCENARIO_NUMBERS = ("objective", "cost_paid", "targets_imposed", "targets_met")


@dataclass(frozen=True)
class Request:
    """What was asked on the command line."""

    path: Path
    sets: tuple[str, ...]
    scenarios: tuple[str, ...]
    as_is: bool
    best_effort: bool
    gap: float
    time_limit: float | None
    threads: int | None
    seed: int
    solver: str
    log_file: Path | None
    out: Path | None

    @property
    def options(self) -> SolverOptions:
        """The solver's options; UsageError where one of them makes no sense."""
        return SolverOptions(self.gap, self.time_limit, self.threads, self.seed, self.log_file, self.solver)

    def question(self, instance: Instance, scenario: str | None) -> Question:
        """What is asked of the instance, or of one of its scenarios."""
        return Question(instance, self.sets, scenario, self.as_is, self.best_effort, self.options)

    @property
    def place(self) -> Path:
        """The run folder, or the folder of the scenarios' run folders."""
        if self.out is not None:
            return self.out
        again = ["again"] if is_run(self.path) else []
        kind = ["scenarios"] if len(self.scenarios) > 1 else list(self.scenarios)
        kind += ["as-is"] * self.as_is + ["best-effort"] * self.best_effort
        return Path("results", "-".join([name_of_path(self.path), *again, *kind]))


def solve_all(request: Request, output: Output) -> None:
    """Solves the instance or its scenarios, saves the runs and tells what came out."""
    instance = capplan.read(request.path)
    request = replace(request, scenarios=scenario_keys(instance, request.scenarios))
    try:
        if len(request.scenarios) > 1:
            _solve_scenarios(request, instance, output)
        else:
            _solve_one(request, instance, output)
    except KeyboardInterrupt:
        raise NoPlanFound("interrupted before any plan was found") from None


def _solve_one(request: Request, instance: Instance, output: Output) -> None:
    scenario = next(iter(request.scenarios), None)
    question = request.question(instance, scenario)
    place = free_place(request.place)
    try:
        plan = plan_of(question, output)
    except Infeasible as error:
        from capplan.explain import with_conflicts

        _tell_conflicts(with_conflicts(error, question))
        raise
    run, trouble = _saved(plan, place, request, scenario)
    document = {
        "run": None if run is None else str(run),
        **run_info(plan, request.sets, scenario),
        **{name: plan.tables[name] for name in ("summary", "targets", "decisions")},
    }
    output.answer(lambda: _sections(plan, request, scenario, run), plan.tables["summary"], document)
    if trouble is not None:
        raise trouble


def _tell_conflicts(error: Infeasible) -> None:
    """What cannot all hold, on stderr, where that was found."""
    for line in (line for conflict in error.conflicts for line in conflict.lines):
        click.echo(line, err=True)
    if error.conflicts:
        click.echo("What would mend it: capplan explain, with the same changes.", err=True)


def _saved(
    plan: Plan, place: Path, request: Request, scenario: str | None
) -> tuple[Path | None, UsageError | None]:
    """The run folder, or what went wrong: a plan that took long to find is told even where it cannot be saved."""
    try:
        return write_run(plan, place, overrides=request.sets, scenario=scenario), None
    except UsageError as error:
        return None, error


def _solve_scenarios(request: Request, instance: Instance, output: Output) -> None:
    """Each scenario in turn; one without a plan stops none of the others, and decides the exit code."""
    places = {scenario: free_place(request.place / scenario) for scenario in request.scenarios}
    results: dict[str, Plan | CapplanError] = {}
    base = check_fully(instance)
    for scenario, place in places.items():
        output.note(f"Scenario {scenario}")
        try:
            plan = plan_of(request.question(instance, scenario), output, base)
            write_run(plan, place, overrides=request.sets, scenario=scenario)
            results[scenario] = plan
            if plan.result.stopped is Stopped.INTERRUPTED:
                break
        except (Infeasible, NoPlanFound, InvalidInstance) as error:
            results[scenario] = error
    table = _scenario_table(results)
    output.answer(lambda: (_compared_scenarios(table, request.place),), table)
    failures = [error.exit_code for error in results.values() if isinstance(error, CapplanError)]
    if failures:
        sys.exit(max(failures))


def plan_of(question: Question, output: Output, base: Checked | None = None) -> Plan:
    """The plan that a question asks for, its warnings on stderr; InvalidInstance where there are errors.

    `base`: a like instance that was checked before.
    """
    checked = check_question(question, base)
    if not output.is_quiet:
        tell_warnings(checked.problems, is_verbose=output.is_verbose)
    with show_progress(quiet=output.is_quiet, number=wording.money) as on_progress:
        plan = answer(question, base=checked, on_progress=on_progress)
    if plan.result.stopped is not Stopped.GAP_REACHED:
        output.note(f"Stopped early ({plan.result.stopped.value}), with the best plan so far.")
    if output.is_verbose:
        stages = ", ".join(f"{stage} {wording.seconds(seconds)}" for stage, seconds in plan.seconds.items())
        size = f"{wording.count(plan.result.rows, 'row')}, {wording.count(plan.result.columns, 'column')}"
        output.note(f"{size}; {stages}")
    return plan


def _sections(plan: Plan, request: Request, scenario: str | None, run: Path | None) -> tuple[Section, ...]:
    kinds = [
        *(["today's capacity, fixed"] if request.as_is else []),
        *(["best effort"] if request.best_effort else []),
        *([f"scenario {scenario}"] if scenario else []),
        *([wording.count(len(request.sets), "change")] if request.sets else []),
    ]
    title = plan.instance.settings.title + (f" ({', '.join(kinds)})" if kinds else "")
    saved = (
        f"Saved in {_short(run)}: run.json, the instance, and every table as CSV." if run else "Not saved."
    )
    return (Section(title), *digest(plan), Section("Result", (*how_good(plan), saved)))


def _compared_scenarios(table: pd.DataFrame, place: Path) -> Section:
    rows = [tuple(_cell(name, value) for name, value in row.items()) for row in table.to_dict("records")]
    columns = [name.removesuffix("_gbp").replace("_", " ") for name in table.columns]
    saved = f"Saved in {place}, a run folder for each."
    return Section("Scenarios", (saved,), grid(columns, rows))


def _cell(name: str, value: object) -> Content:
    if isinstance(value, str):
        return value
    return (cells.money if name.endswith("_gbp") else cells.number)(float(str(value)))


def _short(path: Path) -> str:
    """The path from here, where that is shorter."""
    here = Path.cwd()
    return click.format_filename(path.relative_to(here) if path.is_relative_to(here) else path)


def scenario_keys(instance: Instance, names: Sequence[str]) -> tuple[str, ...]:
    """Keys of the scenarios named by key or display name, or of all; UsageError for one that is not there.

    Every instance has `do_nothing`, which is not one of `all`.
    """
    keys = instance.table("scenarios")["scenario"]
    if ALL in names and ALL not in set(keys):
        if keys.empty:
            raise UsageError(f"the instance has no scenarios; {instance.form.place('scenarios')} lists them")
        return tuple(keys)
    return tuple(dict.fromkeys(_key(instance, name) for name in names))


def _key(instance: Instance, name: str) -> str:
    if is_do_nothing(instance, name):
        return name
    column = Column("scenario", Kind.NAME, "The scenario.", refers_to=("scenarios",))
    try:
        return str(directory_of(column, instance.written, instance.form.place, {}).find(name))
    except Unreadable as reason:
        raise UsageError(f"scenario '{name}' {reason.why}; {reason.what_now}") from None


def _scenario_table(results: Mapping[str, Plan | CapplanError]) -> pd.DataFrame:
    """One row per scenario: result, cost_gbp (discounted), paid_gbp [£], targets imposed and met [rows]."""
    rows = [_scenario_row(scenario, result) for scenario, result in results.items()]
    return pd.DataFrame(
        rows, columns=["scenario", "result", "cost_gbp", "paid_gbp", "targets_imposed", "targets_met"]
    )


def _scenario_row(scenario: str, result: Plan | CapplanError) -> tuple[str | float, ...]:
    if isinstance(result, CapplanError):
        return (scenario, _why_no_plan(result), *[float("nan")] * len(SCENARIO_NUMBERS))
    summary = result.tables["summary"].set_index("measure")["value"]
    return (scenario, result.result.holds.value, *(float(summary[name]) for name in SCENARIO_NUMBERS))


def _why_no_plan(error: CapplanError) -> str:
    if isinstance(error, Infeasible):
        return "infeasible"
    return "invalid" if isinstance(error, InvalidInstance) else "stopped without a plan"
