"""True answers: the integer plan solved again with one unit more, several at a time, each answer kept for later."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

from capplan.errors import Infeasible, InvalidInstance, NoPlanFound, SolverFailed
from capplan.instance import Instance
from capplan.overrides import apply_overrides
from capplan.plan import solve
from capplan.runs import fingerprint
from capplan.solver.options import SolverOptions


@dataclass(frozen=True)
class Answer:
    """Cost of a plan [£, discounted], and the least that any plan can cost; both None where there is no plan."""

    objective: float | None
    bound: float | None


def resolve(
    instance: Instance,
    overrides: Sequence[str],
    options: SolverOptions,
    jobs: int = 1,
    cache: Path | None = None,
) -> list[Answer | None]:
    """The instance solved again with each of the overrides ("" for none), in processes side by side.

    None where the time did not suffice. `cache` is a folder in which answers are kept, and looked for first, by
    fingerprint, override, options and version.
    """
    known = [_kept(cache, _key(instance, override, options)) for override in overrides]
    missing = [override for override, answer in zip(overrides, known, strict=True) if answer is None]
    found = dict(zip(missing, _solved(instance, missing, options, jobs), strict=True))
    for override, answer in found.items():
        if answer is not None and cache is not None:
            _keep(cache, _key(instance, override, options), answer)
    return [
        found.get(override) if answer is None else answer
        for override, answer in zip(overrides, known, strict=True)
    ]


def _solved(
    instance: Instance, overrides: Sequence[str], options: SolverOptions, jobs: int
) -> list[Answer | None]:
    if jobs <= 1 or len(overrides) <= 1:
        return [_answer(instance, override, options) for override in overrides]
    n = min(jobs, len(overrides))
    pool: Executor
    # A process of its own for each: the solver holds Python's lock, and a fork would copy its threads half-way.
    with ProcessPoolExecutor(n, mp_context=get_context("spawn")) as pool:
        alone = replace(options, threads=1)
        return list(pool.map(_answer, [instance] * len(overrides), overrides, [alone] * len(overrides)))


def _answer(instance: Instance, override: str, options: SolverOptions) -> Answer | None:
    try:
        plan = solve(apply_overrides(instance, [override]) if override else instance, options=options)
    except (Infeasible, InvalidInstance):
        return Answer(None, None)
    except (NoPlanFound, SolverFailed):
        return None
    return Answer(plan.objective, plan.bound)


def cache_folder() -> Path:
    """Where answers are kept from one call to the next: the user's own cache."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base, "capplan", "one-more")


def _key(instance: Instance, override: str, options: SolverOptions) -> str:
    settings = {
        name: str(value) for name, value in asdict(options).items() if name not in ("threads", "log_file")
    }
    text = json.dumps([fingerprint(instance), override, settings, version("capplan"), version("highspy")])
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
