"""`capplan report`: runs as a page that opens anywhere, or as a workbook."""

from __future__ import annotations

from pathlib import Path

import click

from capplan.cli.output import Output, says_more
from capplan.cli.places import INSTANCE


@click.command("report")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=INSTANCE)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file to write; one that is there is replaced. Left out: the first RUN's folder with .html at its end.",
)
@says_more
def command(runs: tuple[Path, ...], out: Path | None, output: Output) -> None:
    """Write a page or a workbook about one run or several.

    RUN is a folder that capplan solve has written. The page is complete in itself: the plan in a paragraph, targets,
    what to sign by when, capacity over time, what it costs and who pays, people, access, a map, where it is tight,
    assumptions with their sources, and a data dictionary; several runs side by side. Charts and tables answer to mouse
    and keyboard. The page prints to A4, and opens from a stick or a mail: it asks for nothing on any network.

    A FILE that ends in .xlsx becomes an Excel workbook: summaries, charts, every result table, and a planning return of
    demand, capacity and gap by pathway and month.

    \b
    Examples:
      capplan report results/my-plan
      capplan report results/my-plan --out my-plan.html
      capplan report results/my-plan --out my-plan.xlsx
      capplan report results/scenarios/* --out scenarios.html
    """
    from capplan.cli.reporting import write_report

    write_report(runs, out, output)
