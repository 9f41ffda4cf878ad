"""`capplan sources`: which numbers have a source."""

from __future__ import annotations

from pathlib import Path

import click

from capplan.cli.output import Output, answers
from capplan.cli.places import INSTANCE


@click.command("sources")
@click.argument("instance", type=INSTANCE)
@click.option("--all", "is_all", is_flag=True, help="List every number, not only those without a source.")
@answers
def command(instance: Path, is_all: bool, output: Output) -> None:
    """Say which numbers of an instance have a source.

    Others are an assumption, are derived from other numbers, or have none.

    The source of a number is its row's COLUMN_source, or else the row's source; one that begins with assumption: or
    derived: is told apart. CSV and JSON list every number.

    \b
    Examples:
      capplan sources my-plan
      capplan sources my-plan --all
      capplan sources my-plan --format csv > sources.csv
    """
    import capplan
    from capplan.cli.origins import sections
    from capplan.sources import sources

    found = sources(capplan.read(instance))
    output.answer(lambda: sections(found, is_all=is_all), found)
