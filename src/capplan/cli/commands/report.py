"""`capplan report`: runs as a page that opens anywhere, or as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from capplan.cli.output import Output, says_more
from capplan.cli.paths import INSTANCE


@click.command("report")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=INSTANCE)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file to write; one that is there is replaced. Left out: the first RUN's folder with .html at its end.",
)
@click.option(
    "--solve-again",
    "n_solved",
    type=click.IntRange(0),
    metavar="N",
    default=0,
    show_default=True,
    help="Solve again with one unit more of the N things that hold the plan back most, and with each of the five "
    "assumptions that matter most at its low and high end. Takes some fifteen times the solve; answers are kept.",
)
@click.option(
    "--gap",
    type=float,
    default=0.002,
    show_default=True,
    help="Of what is solved again: stop when no plan can be cheaper by more than this share.",
)
@click.option(
    "--time-limit",
    type=float,
    metavar="SECONDS",
    default=60.0,
    show_default=True,
    help="Of what is solved again: stop each solve after so many seconds, with the best plan so far.",
)
@click.option("--jobs", type=click.IntRange(1), help="Solves side by side; left out: one for each core.")
@click.option(
    "--quick",
    "is_quick",
    is_flag=True,
    help="Solve nothing at all: what one unit more would buy is told only where it is known.",
)
@says_more
def command(output: Output, **parameters: Any) -> None:
    """Write a page or a workbook about one run or several.

    RUN is a folder that capplan solve has written. The page is complete in itself: the plan in a paragraph, targets,
    what to sign by when, capacity over time, what it costs and who pays, people, access, a map, where it is tight,
    assumptions with their sources, and a data dictionary; several runs side by side. Charts and tables answer to mouse
    and keyboard. The page prints to A4, and opens from a stick or a mail: it asks for nothing on any network.

    What one unit more of a bed, post, shift or target would buy is worked out by the relaxation, in the time of one
    linear program; --solve-again finds it from whole plans, and which assumptions could change the answer. Answers
    stay in the RUN's folder (answers/), so that they are found once.

    A FILE that ends in .xlsx becomes an Excel workbook: summaries, charts, every result table, and a planning return of
    demand, capacity and gap by pathway and month.

    \b
    Examples:
      capplan report results/my-plan
      capplan report results/my-plan --out my-plan.html
      capplan report results/my-plan --out my-plan.xlsx
      capplan report results/my-plan --solve-again 6
      capplan report results/scenarios/* --out scenarios.html
    """
    from capplan.cli.report import Request, write_report

    write_report(Request(**parameters), output)
