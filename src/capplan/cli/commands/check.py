"""`capplan check`: everything that is wrong, or looks wrong, with an instance or a run."""

from __future__ import annotations

from pathlib import Path

import click

from capplan.cli.output import Output, answers
from capplan.cli.paths import INSTANCE


@click.command("check")
@click.argument("path", metavar="INSTANCE|RUN", type=INSTANCE)
@answers
@click.pass_context
def command(ctx: click.Context, path: Path, output: Output) -> None:
    """Find every mistake in an instance, or recompute a run.

    Of an INSTANCE: all problems at once, each with its table, row, column, rule and what to do; errors stop a solve,
    warnings are arithmetic that looks wrong (begin the row's note with accepted: once you have looked), information is
    good to know. Then the ratios that its numbers imply, to hold against what you know.

    Of a RUN folder: every balance, limit, target and cost is counted again from its tables, without the model.

    Exit code 3 where there are errors.

    \b
    Examples:
      capplan check my-plan
      capplan check my-plan.xlsx --format csv > problems.csv
      capplan check results/my-plan
    """
    from capplan.cli.check import check_instance, check_run
    from capplan.runs import is_run

    ctx.exit((check_run if is_run(path) else check_instance)(path, output))
