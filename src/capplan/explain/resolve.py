"""True answers: the integer plan solved again with one unit more, several at a time, each answer kept for later."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

from capplan.digest.capacity import amounts
from capplan.errors import Infeasible, InvalidInstance, NoPlanFound, SolverFailed
from capplan.formulation.build import build
from capplan.instance import Instance
from capplan.overrides import apply_overrides
from capplan.plan import solve
from capplan.results.status import Stopped
from capplan.solved import Solved
from capplan.solver import second_way
from capplan.solver.compiled import compile_model, paused_garbage_collector
from capplan.solver_options import SolverOptions

Changes = tuple[str, ...]
"""Overrides that are made together; none: the instance as it stands."""


@dataclass(frozen=True)
class Answer:
    """Cost of a plan [£, discounted], and the least that any plan can cost; both None where there is no plan.

    `open` has what is open at the end, by name.
    """

    objective: float | None
    bound: float | None
    open: Mapping[str, float] = field(default_factory=dict)

    @property
    def left_open(self) -> float:
        """By how much less than this a plan may still cost [£]."""
        if self.objective is None or self.bound is None:
            return 0.0
        return max(self.objective - self.bound, 0.0)


Ask = Callable[[Instance, Changes, SolverOptions], Answer | None]


def own_answer(plan: Solved, options: SolverOptions) -> Answer | None:
    """What a plan says for itself, where it is proved as closely as is asked; None where it has to be solved again."""
    if plan.gap is None or plan.gap > options.gap:
        return None
    return _answer_of(plan)


def resolve(
    instance: Instance,
    questions: Sequence[Changes],
    options: SolverOptions,
    jobs: int = 1,
    cache: Path | None = None,
    *,
    is_relaxed: bool = False,
) -> list[Answer | None]:
    """The instance solved again with each of the changes, in processes side by side; or only its relaxation.

    None where the time did not suffice. `cache` is a folder in which answers are kept, and looked for first, by
    fingerprint, changes, options and version.
    """
    key = partial(_key, instance, options, is_relaxed)
    answers = {changes: _kept(cache, key(changes)) for changes in questions}
    missing = [changes for changes, answer in answers.items() if answer is None]
    for changes, answer in zip(
        missing, _solved(_relaxed if is_relaxed else _answer, instance, missing, options, jobs), strict=True
    ):
        answers[changes] = answer
        if answer is not None and cache is not None:
            _keep(cache, key(changes), answer)
    return [answers[changes] for changes in questions]


def _solved(
    ask: Ask, instance: Instance, questions: Sequence[Changes], options: SolverOptions, jobs: int
) -> list[Answer | None]:
    if jobs <= 1 or len(questions) <= 1:
        return [ask(instance, changes, options) for changes in questions]
    n = min(jobs, len(questions))
    pool: Executor
    # A process of its own for each: the solver holds Python's lock, and a fork would copy its threads half-way.
    with ProcessPoolExecutor(n, mp_context=get_context("spawn")) as pool:
        alone = replace(options, threads=1)
        return list(pool.map(ask, [instance] * len(questions), questions, [alone] * len(questions)))


def _answer(instance: Instance, changes: Changes, options: SolverOptions) -> Answer | None:
    try:
        plan = solve(apply_overrides(instance, changes), options=options, with_today=False)
    except (Infeasible, InvalidInstance):
        return Answer(None, None)
    except (NoPlanFound, SolverFailed):
        return None
    return _answer_of(plan)


def _answer_of(plan: Solved) -> Answer:
    return Answer(plan.objective, plan.bound, {name: then for name, _, then, _ in amounts(plan)})


def _relaxed(instance: Instance, changes: Changes, options: SolverOptions) -> Answer | None:
    """The least cost where beds, posts and crews come in fractions."""
    try:
        changed = apply_overrides(instance, changes)
    except InvalidInstance:
        return Answer(None, None)
    with paused_garbage_collector():
        outcome = second_way.solve(compile_model(build(changed)).relaxed(), options, lp_method="ipm")
    if outcome.stopped is Stopped.INFEASIBLE:
        return Answer(None, None)
    return None if outcome.objective is None else Answer(outcome.objective, outcome.objective)


def cache_folder() -> Path:
    """Where answers are kept from one call to the next: the user's own cache."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base, "capplan", "one-more")


def _key(instance: Instance, options: SolverOptions, is_relaxed: bool, changes: Changes) -> str:
    settings = {
        name: str(value) for name, value in asdict(options).items() if name not in ("threads", "log_file")
    }
    text = json.dumps(
        [instance.fingerprint, changes, is_relaxed, settings, version("capplan"), version("highspy")]
    )
    return sha256(text.encode()).hexdigest()


def _kept(cache: Path | None, key: str) -> Answer | None:
    if cache is None:
        return None
    try:
        return Answer(**json.loads((cache / f"{key}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _keep(cache: Path, key: str, answer: Answer) -> None:
    """Writes an answer whole or not at all; where nothing can be written it is found again next time."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        new = cache / f".{key}.{os.getpid()}"
        new.write_text(json.dumps(asdict(answer)), encoding="utf-8")
        new.replace(cache / f"{key}.json")
    except OSError:
        return
