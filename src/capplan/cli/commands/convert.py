"""`capplan convert`: an instance from folder to workbook, or back."""

from __future__ import annotations

from pathlib import Path

import click

from capplan import wording
from capplan.cli.output import Output, says_more
from capplan.cli.paths import INSTANCE


@click.command("convert")
@click.argument("source", metavar="A", type=INSTANCE)
@click.argument("target", metavar="B", type=click.Path(path_type=Path))
@says_more
def command(source: Path, target: Path, output: Output) -> None:
    """Turn a folder into a workbook, or back.

    Writes instance A as B: a workbook where B ends in .xlsx, else a folder of CSV tables.

    Nothing is lost either way. B must not exist yet, or be an empty folder.

    \b
    Examples:
      capplan convert my-plan my-plan.xlsx
      capplan convert my-plan.xlsx my-plan
    """
    import capplan
    from capplan.cli.paths import refuse_to_overwrite

    refuse_to_overwrite(target)
    instance = capplan.read(source)
    capplan.write(instance, target)
    if output.is_verbose:
        for name, table in instance.written.items():
            if len(table):
                output.note(f"{name}: {wording.count(len(table), 'row')}")
    output.note(f"{target} holds the instance of {source}")
