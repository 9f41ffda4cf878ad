"""`capplan solve`: plan an instance, or each of its scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from capplan.cli.output import Output, answers
from capplan.cli.paths import INSTANCE


@click.command("solve")
@click.argument("instance", type=INSTANCE)
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="CHANGE",
    help="A change, as TABLE[COLUMN=VALUE].COLUMN = NUMBER (or *=, +=); may be given several times.",
)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME",
    help="Solve a scenario of the instance; several, or all, are solved one after the other and compared. "
    "Every instance has do_nothing: today's capacity and schemes as they are.",
)
@click.option(
    "--as-is", is_flag=True, help="Fix today's capacity: a back-cast to hold against last year's activity."
)
@click.option(
    "--best-effort",
    is_flag=True,
    help="Miss imposed targets as little as possible, then cost as little as possible.",
)
@click.option(
    "--gap",
    type=float,
    default=0.005,
    show_default=True,
    help="Stop when no plan can be cheaper by more than this share (0.005 = 0.5%).",
)
@click.option(
    "--time-limit",
    type=float,
    metavar="SECONDS",
    default=600.0,
    show_default=True,
    help="Stop after so many seconds, with the best plan so far.",
)
@click.option("--threads", type=int, help="Threads that the solver may use; left out: its own choice.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="The same seed and threads give the same plan."
)
@click.option(
    "--solver",
    default="highs",
    show_default=True,
    help="Another solver that Pyomo knows and that is installed.",
)
@click.option("--log-file", type=click.Path(path_type=Path), help="Where the solver writes its own log.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The run folder; a run that is there is replaced. Left out: results/ and the instance's name.",
)
@answers
def command(instance: Path, output: Output, **parameters: Any) -> None:
    """Find the plan of least cost and save it as a run folder.

    The instance is checked first. Then what a planner wants to know is printed: targets, what to commission where and
    by when, costs against today's capacity, what is tight. Every table is in the run folder as CSV. Ctrl-C stops the
    search and keeps the best plan so far.

    \b
    Examples:
      capplan solve my-plan
      capplan solve my-plan --as-is
      capplan solve my-plan --set "packages[package=ic_bed].stay_days = 24" --out results/shorter-stays
      capplan solve my-plan --set "referrals[pathway=crisis].people_per_month *= 1.2" --gap 0.01
      capplan solve my-plan --scenario all --out results/scenarios
      capplan solve my-plan --best-effort --time-limit 600
    """
    from capplan.cli.solve import Request, solve_all

    solve_all(Request(path=instance, **parameters), output)
