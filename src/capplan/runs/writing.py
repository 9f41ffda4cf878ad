"""A plan saved as a run folder, whole or not at all."""

from __future__ import annotations

import datetime
import json
import os
import platform
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from capplan.errors import UsageError
from capplan.files import write
from capplan.overrides import listed_changes
from capplan.question import fingerprint_of
from capplan.results.columns import spelt
from capplan.results.info import INSTANCE_FOLDER, RUN_FILE, TODAY
from capplan.runs.folder import PARTS, is_run
from capplan.solved import Plan

VERSIONS_OF = ("capplan", "pyomo", "highspy", "pandas")


def free_place(path: Path | str) -> Path:
    """The path made absolute, where a run may be written: nothing there yet, an empty folder or another run.

    Raises UsageError where something else is in the way, a run folder with other files in it included, or where
    nothing may be written.
    """
    path = Path(path).resolve()
    if path.exists() and not path.is_dir():
        raise UsageError(f"{path} is a file: give a new folder for the run")
    above = next(parent for parent in path.parents if parent.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise UsageError(f"cannot write the run folder {path}: nothing can be written in {above}")
    try:
        others = _other_entries(path) if path.is_dir() else []
    except OSError as error:
        raise UsageError(f"cannot read the folder {path}: {error.strerror}") from error
    if others:
        shown = ", ".join(others[:3]) + (", …" if len(others) > 3 else "")
        what = "beside its run" if is_run(path) else "and no run"
        raise UsageError(f"{path} holds other files {what} ({shown}): move them, or give another folder")
    return path


def write_run(
    plan: Plan, path: Path | str, *, overrides: Sequence[str] = (), scenario: str | None = None
) -> Path:
    """Saves a plan as a run folder and returns its path; a run that is there already is replaced.

    The folder holds run.json, `instance/` (what was solved), one CSV file per result table, and in `today/` the same
    tables for today's capacity. It appears whole or not at all. Raises UsageError where the path holds anything else
    (`free_place`) or cannot be written.
    """
    info = run_info(plan, overrides, scenario)
    path = free_place(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as workshop:
            new = Path(workshop, "new")
            new.mkdir()
            _write_files(plan, new, info)
            _put_in_place(new, path, aside=Path(workshop, "old"))
    except (OSError, UsageError) as error:
        reason = error.__cause__ if isinstance(error, UsageError) else error
        raise UsageError(
            f"cannot write the run folder {path}: {getattr(reason, 'strerror', error)}"
        ) from error
    return path


def _other_entries(path: Path) -> list[str]:
    """What lies in a folder and is no part of a run; hidden files and locks of a spreadsheet do not count."""
    names = _seen(path)
    if RUN_FILE not in names:
        return names
    others = [name for name in names if name not in PARTS and not name.endswith(".csv")]
    today = path / TODAY
    below = _seen(today) if today.is_dir() else []
    return others + [f"{TODAY}/{name}" for name in below if not name.endswith(".csv")]


def _seen(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith((".", "~")))


def run_info(plan: Plan, overrides: Sequence[str], scenario: str | None) -> dict[str, Any]:
    """What run.json says of a plan: what was asked, of which versions, what came out, and how long it took."""
    options = asdict(plan.options) | {"log_file": None if plan.options.log_file is None else "given"}
    result = plan.result
    return {
        "title": plan.instance.settings.title,
        "fingerprint": plan.instance.fingerprint,
        "question": fingerprint_of(
            plan.instance, plan.options, as_is=plan.is_as_is, best_effort=plan.is_best_effort
        ),
        "scenario": scenario,
        "overrides": list(listed_changes(overrides)),
        "options": {"as_is": plan.is_as_is, "best_effort": plan.is_best_effort, **options},
        "holds": result.holds.name.lower(),
        **_proved(plan),
        "nodes": result.nodes,
        "rows": result.rows,
        "columns": result.columns,
        "objective_today": None if plan.today is None else plan.today.objective,
        **({} if plan.today is None else {"today": _proved(plan.today)}),
        "seconds": {stage: round(seconds, 3) for stage, seconds in plan.seconds.items()},
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in VERSIONS_OF}},
    }


def _proved(plan: Plan) -> dict[str, Any]:
    return {
        "stopped": plan.stopped.name.lower(),
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
    }


def _write_files(plan: Plan, folder: Path, info: Mapping[str, Any]) -> None:
    text = json.dumps(info, indent=2, ensure_ascii=False)
    (folder / RUN_FILE).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    write(plan.instance, folder / INSTANCE_FOLDER)
    _write_tables(plan.tables, folder)
    if plan.today is not None:
        (folder / TODAY).mkdir()
        _write_tables(plan.today.tables, folder / TODAY)


def _write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    for name, table in tables.items():
        spelt(table).to_csv(folder / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")


def _put_in_place(new: Path, path: Path, *, aside: Path) -> None:
    """Moves the new folder to the path; what stood there is put aside first and comes back if that fails."""
    if not path.exists():
        new.rename(path)
        return
    path.rename(aside)
    try:
        new.rename(path)
    except BaseException:
        aside.rename(path)
        raise
