"""`capplan explain`: why there is no plan, or what one unit more would be worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from capplan.cli.output import Output, answers
from capplan.cli.paths import INSTANCE


@click.command("explain", short_help="Say why there is no plan, or what one unit more is worth.")
@click.argument("path", metavar="INSTANCE|RUN", type=INSTANCE)
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="CHANGE",
    help="A change, as TABLE[COLUMN=VALUE].COLUMN = NUMBER (or *=, +=); may be given several times.",
)
@click.option("--scenario", metavar="NAME", help="Explain a scenario of the instance.")
@click.option(
    "--price",
    "prices",
    multiple=True,
    metavar="KIND=GBP",
    help="What a unit of a kind of limit is worth to you (targets: a person; beds: a bed; budgets: £1; staff: a WTE): "
    "kinds with a price may give way together. May be given several times.",
)
@click.option(
    "--time-limit",
    type=float,
    metavar="SECONDS",
    default=60.0,
    show_default=True,
    help="What one question to the solver may take.",
)
@click.option(
    "--gap",
    type=float,
    default=0.0005,
    show_default=True,
    help="Where there is a plan: how close to the best plans are solved, so that one bed more can be told.",
)
@click.option(
    "--solve-again",
    "n_solved",
    type=click.IntRange(0),
    default=6,
    show_default=True,
    help="How many of the dearest units more are answered by solving again; the rest by the relaxation.",
)
@click.option("--jobs", type=click.IntRange(1), help="Solves side by side; left out: one for each core.")
@click.option("--threads", type=int, help="Threads that the solver may use; left out: its own choice.")
@answers
def command(path: Path, output: Output, **parameters: Any) -> None:
    """Say why an instance has no plan and what would mend it; where it has one, what one unit more is worth.

    No plan: what cannot all hold - the targets, budgets, beds, staff, shifts, waits, journeys and dates of which none
    could be left out. Then the least change that gives a plan, one kind of limit at a time, each written as a change
    that solve takes with --set, and tried out. People and pounds are added up only where --price says what each is
    worth.

    A plan, or a RUN folder: what binds, and what one bed, WTE, shift or £1,000 more would save, or one more asked for
    by a target would cost. The dearest are solved again (side by side, answers kept for the next time).

    Today's capacity (--scenario do_nothing, or a RUN of it) decides nothing: told is what is tight, and what more
    of what you have set beside it would change.

    Exit code 4 where there is no plan.

    \b
    Examples:
      capplan explain my-plan
      capplan explain my-plan --set "targets[target=discharges].value = 40"
      capplan explain my-plan --price targets=2000 --price beds=20000 --price budgets=1
      capplan explain results/my-plan --solve-again 10
      capplan explain my-plan --format csv > why.csv
    """
    from capplan.cli.explain import Request, explain

    explain(Request(path=path, **parameters), output)
