"""`capplan compare`: runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from capplan.cli.output import Output, says_more
from capplan.cli.paths import INSTANCE


@click.command("compare")
@click.argument("paths", metavar="RUN|INSTANCE...", nargs=-1, required=True, type=INSTANCE)
@click.option(
    "--baseline",
    metavar="NAME",
    help="The run that the others are held against: the name of its folder, or a scenario. Left out: the first.",
)
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    metavar="NAME",
    help="Solve the INSTANCE as it stands and in this scenario; several, or all. Every instance has do_nothing.",
)
@click.option(
    "--gap",
    type=float,
    default=0.005,
    show_default=True,
    help="Of what is solved: stop when no plan can be cheaper by more than this share.",
)
@click.option(
    "--time-limit",
    type=float,
    metavar="SECONDS",
    default=600.0,
    show_default=True,
    help="Of what is solved: stop each solve after so many seconds, with the best plan so far.",
)
@click.option(
    "--out-runs",
    type=click.Path(path_type=Path),
    metavar="DIR",
    default=Path("results"),
    show_default=True,
    help="Where the runs of an INSTANCE are saved; one of the same question that is there is not solved again.",
)
@click.option(
    "--format",
    "answer_format",
    type=click.Choice(["text", "markdown", "json", "csv"]),
    help="Text or Markdown for people, JSON or CSV for programs. Left out: by the ending of FILE, else text.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file instead of stdout."
)
@says_more
def command(paths: tuple[Path, ...], output: Output, **parameters: Any) -> None:
    """Show runs side by side, and what differs.

    By how much, against a baseline, in numbers and per cent; why; who gains and who pays.

    RUN is a folder that capplan solve has written. An INSTANCE is solved on the way, as it stands and in each
    --scenario; where a scenario cannot meet all targets, the plan that misses them least is compared.

    Runs are compared on what they share: the periods that all of them plan and the localities that all of them have;
    what is left out is said. Prices of different years are not converted. A difference in cost that the gaps of two
    runs leave open is called no difference.

    CSV has one row per measure and run with its difference from the baseline; JSON has that, what separates the
    runs, and the notes.

    \b
    Examples:
      capplan compare results/my-plan results/my-plan-as-is
      capplan compare my-plan --scenario all
      capplan compare results/a results/b results/c --baseline b --out comparison.md
      capplan compare results/a results/b --format csv > differences.csv
    """
    from capplan.cli.compare import Request, compare_all

    compare_all(Request(paths=paths, **parameters), output)
