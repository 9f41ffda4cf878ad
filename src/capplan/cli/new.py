"""`capplan new`: an instance to start from."""

from __future__ import annotations

from pathlib import Path

import click

from capplan.cli.output import Output, says_more


@click.command("new")
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "name",
    default="tiny",
    show_default=True,
    metavar="NAME",
    help="Which shipped instance to copy.",
)
@click.option(
    "--workbook", is_flag=True, help="Write a blank workbook instead, with help, lists and notes, to fill in."
)
@says_more
def command(place: Path, name: str, workbook: bool, output: Output) -> None:
    """Make an instance to start from: a copy, or a blank workbook.

    The copy is of an instance that comes with capplan.

    DIR must not exist yet, or be an empty folder. A path that ends in .xlsx makes a workbook of the shipped instance;
    with --workbook, DIR.xlsx is a blank one.

    \b
    Examples:
      capplan new my-plan
      capplan new my-county --from wiltshire-2017
      capplan new my-county.xlsx --from wiltshire-2017
      capplan new my-plan --workbook
    """
    from capplan.cli.starting import blank_workbook, copy_of

    made = blank_workbook(place) if workbook else copy_of(name, place)
    output.note(f"{made} is ready: edit its tables, then run capplan check {click.format_filename(made)}")
